"""`changepassword NAME`: a new password for who forgot theirs, in Vietnamese; it stands in the place of Django's command of that name."""

from django.contrib.auth.models import User
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.management.base import CommandError, CommandParser

from server.management.asking import asked
from server.management.prepared import PreparedCommand


class Command(PreparedCommand):
    """Sets it; whoever is logged in by that name has to log in again."""

    help = "Set a new password for a user. It is asked for twice."

    def add_arguments(self, parser: CommandParser) -> None:
        """Whose, and where the password comes from."""
        parser.add_argument("username", metavar="NAME")
        parser.add_argument("--password-stdin", action="store_true", help="read the password from standard input instead of the terminal")

    def handle(self, *args: object, username: str, password_stdin: bool, **options: object) -> None:
        """Raises CommandError when there is no such user, or the password is not acceptable."""
        user = User.objects.filter(username=username).first()
        if user is None:
            raise CommandError(f"Không có tài khoản {username}. Tên đăng nhập xem ở trang Quản trị.")
        password = asked("password", from_stdin=password_stdin)
        try:
            validate_password(password, user)
        except ValidationError as error:
            raise CommandError("\n".join(error.messages)) from error
        user.set_password(password)
        user.save(update_fields=["password"])
        self.stdout.write(f"Đã đổi mật khẩu của {username}.")
