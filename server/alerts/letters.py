"""Messages as they are sent: plain text, and the same as simple HTML for a telephone."""

from typing import Any

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.core.mail.utils import DNS_NAME
from django.template.loader import render_to_string

from server.alerts.digest import Digest, Noticed
from server.alerts.links import confirming, stopping
from server.alerts.models import Mail

SHOWN = 20


def of_digest(mail: Mail, said: Digest, to: str) -> EmailMultiAlternatives:
    """A unit's digest."""
    subject = f"{said.unit.name}: bản tin ngày {said.today:%d/%m/%Y}"
    return _letter(subject, "digest", {"digest": said}, to, mail, stopping(mail.user_id, said.unit.pk))


def of_bundle(mail: Mail, noticed: list[Noticed], to: str) -> EmailMultiAlternatives:
    """New grave alerts."""
    units = {one.unit.pk for one in noticed}
    where = noticed[0].unit.name if len(units) == 1 else f"{len(units)} đơn vị"
    subject = f"{where}: {len(noticed)} cảnh báo mới"
    context = {"noticed": noticed[:SHOWN], "more": len(noticed) - SHOWN, "many": len(units) > 1, "number": len(noticed)}
    return _letter(subject, "bundle", context, to, mail, stopping(mail.user_id, ""))


def of_address(user: int, name: str, to: str) -> EmailMultiAlternatives:
    """Asks whoever reads it to confirm that the address is theirs."""
    return _letter("Xác nhận địa chỉ thư điện tử", "confirm", {"link": confirming(user, to), "name": name}, to)


def _letter(
    subject: str, template: str, context: dict[str, Any], to: str, mail: Mail | None = None, stop: str = ""
) -> EmailMultiAlternatives:
    headers = {"Auto-Submitted": "auto-generated"}
    if mail is not None:
        # The same each time it is tried: where an answer was lost, the reader's mail server may know it again.
        headers["Message-ID"] = f"<{mail.kind}.{mail.pk}.{mail.day:%Y%m%d}@{_host()}>"
    if stop:
        headers |= {"List-Unsubscribe": f"<{stop}>", "List-Unsubscribe-Post": "List-Unsubscribe=One-Click"}
    said = {**context, "stop": stop, "subject": subject}
    body = render_to_string(f"alerts/mail/{template}.txt", said)
    letter = EmailMultiAlternatives(subject, body, settings.MAIL_FROM, [to], headers=headers)
    letter.attach_alternative(render_to_string(f"alerts/mail/{template}.html", said), "text/html")
    return letter


def _host() -> str:
    return settings.ADDRESS.partition("//")[2].partition(":")[0] or DNS_NAME.get_fqdn()
