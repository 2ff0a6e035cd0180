"""The app's entry in Django's register."""

from django.apps import AppConfig


class TransactionsConfig(AppConfig):
    """Counts of transactions; their table is `server.results.models.TransactionCount`."""

    name = "server.transactions"
    label = "transactions"
    verbose_name = "Số hồ sơ"
