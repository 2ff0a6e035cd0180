"""Django's administration, with a site of ours."""

from django.apps import apps
from django.contrib.admin.apps import AdminConfig


class AdministrationConfig(AdminConfig):
    """Instead of `django.contrib.admin` among the installed apps."""

    default_site = "server.administration.site.Administration"
    verbose_name = "Quản trị"

    def ready(self) -> None:
        """Django's users by a shorter name."""
        super().ready()
        apps.get_app_config("auth").verbose_name = "Người dùng"
