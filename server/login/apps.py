"""The app's entry in Django's register."""

from django.apps import AppConfig


class LoginConfig(AppConfig):
    """The entrance."""

    name = "server.login"
    label = "login"
    verbose_name = "Đăng nhập"
