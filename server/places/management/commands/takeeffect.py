"""`takeeffect`: units whose new name or province begins today are called and placed so from now on."""

from server.management.prepared import PreparedCommand
from server.places.history import take_effect


class Command(PreparedCommand):
    """Run once a night, just after midnight; `serve` and `publishday` do it too."""

    help = "Let the names and provinces of units that begin today take effect. Every other command does it too when it starts."

    def handle(self, *args: object, **options: object) -> None:
        """Says that it is done: what there was to do was done when the database was brought up to date."""
        take_effect()
        self.stdout.write("Units are called and placed as today.")
