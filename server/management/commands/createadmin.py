"""`createadmin`: the first administrator."""

from django.contrib.auth.models import User
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.management.base import CommandError, CommandParser

from server.management.asking import asked
from server.management.prepared import PreparedCommand


class Command(PreparedCommand):
    """Makes a superuser."""

    help = "Make an administrator, who may see and manage everything."

    def add_arguments(self, parser: CommandParser) -> None:
        """Name, and where the password comes from."""
        parser.add_argument("--username", default="admin", help="(default: %(default)s)")
        parser.add_argument("--password-stdin", action="store_true", help="read the password from standard input instead of the terminal")
        parser.add_argument("--unless-any", action="store_true", help="do nothing where there is an administrator already")

    def handle(self, *args: object, username: str, password_stdin: bool, unless_any: bool, **options: object) -> None:
        """Raises CommandError when the name exists, or the name or the password is not acceptable."""
        if unless_any and (there := User.objects.filter(is_superuser=True, is_active=True).order_by("pk").first()):
            self.stdout.write(f"There is an administrator already: {there.username}.")
            return
        if User.objects.filter(username=username).exists():
            raise CommandError(f"There is a user {username} already. Choose another --username, or run `changepassword {username}`.")
        user = User(username=username, is_staff=True, is_superuser=True)
        password = asked("password", from_stdin=password_stdin)
        try:
            validate_password(password, user)
            user.set_password(password)
            user.full_clean()
        except ValidationError as error:
            raise CommandError("\n".join(error.messages)) from error
        user.save()
        self.stdout.write(f"Administrator {username} made.")
