"""The app."""

from django.apps import AppConfig


class LettersConfig(AppConfig):
    """Letters to a citizen of a case, and the lists of a Monday and of the commended."""

    name = "server.letters"
    verbose_name = "Thư, danh sách"

    def ready(self) -> None:
        """Units may change the templates."""
        from server.documents.kinds import register
        from server.letters.kinds import KINDS

        register(*KINDS)
