"""The app's entry in Django's register."""

from django.apps import AppConfig


class TokensConfig(AppConfig):
    """Tokens of other systems."""

    name = "server.tokens"
    label = "tokens"
    verbose_name = "Mã truy cập của hệ thống khác"
