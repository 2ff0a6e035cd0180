"""`sendmail`: sends digests whose hour has come, and grave alerts."""

from django.conf import settings
from django.utils import timezone

from server.alerts.posting import post
from server.management.prepared import PreparedCommand


class Command(PreparedCommand):
    """Sends what is due and what waits; run it every five minutes, after `watch`."""

    help = "Send the e-mails that are due: each unit's digest at its hour, and new grave alerts."

    def handle(self, *args: object, **options: object) -> None:
        """Prints how many were sent; without a mail server, that there is none."""
        if settings.SMTP is None:
            self.stdout.write("HAILONG_SMTP_URL names no mail server: nothing is sent.")
            return
        outcome = post(settings.SMTP, timezone.now())
        self.stdout.write(f"{outcome.sent} sent, {outcome.again} to be tried again, {outcome.failed} that could not be sent.")
