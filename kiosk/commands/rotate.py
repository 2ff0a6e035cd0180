"""Change the kiosk's key."""

import click

from kiosk import __version__, rotation
from kiosk.advice import why_later, why_refused
from kiosk.commands.options import (
    BAD_SETTINGS_EXIT,
    NOT_ENROLLED,
    REFUSED_EXIT,
    UNREACHABLE_EXIT,
    Options,
    leave,
    wire_of,
)
from kiosk.contact import Contact
from kiosk.enrolment import load_identity
from kiosk.os_errors import not_usable
from kiosk.texts import _
from sync.errors import Refused, TryLater

KEY_CHANGES_LATER = _("Khóa mới đã sẵn sàng; kiosk sẽ tự đổi khi liên lạc được với máy chủ.")
KEY_NOT_TAKEN = _("Máy chủ chưa nhận khóa mới. Kiosk vẫn dùng khóa cũ và sẽ thử lại khi chạy lệnh này lần nữa.")


@click.command("rotate")
@click.pass_obj
def rotate_command(options: Options) -> None:
    """Give this kiosk a new key; a running kiosk goes on with it."""
    settings, translate = options.read()
    try:
        identity = load_identity(settings.data, settings.provision)
        if identity is None:
            leave(translate(NOT_ENROLLED), BAD_SETTINGS_EXIT)
        rotation.prepare(settings.data)
        contact = Contact(wire_of(settings), settings.data, settings.provision, __version__)
        contact.settle()
    except OSError as error:
        leave(not_usable(settings.data, error, translate), BAD_SETTINGS_EXIT)
    except Refused as refused:
        leave(why_refused(refused, translate), REFUSED_EXIT)
    except TryLater as later:
        leave(f"{why_later(later, settings, translate)}\n{translate(KEY_CHANGES_LATER)}", UNREACHABLE_EXIT)
    if rotation.is_pending(settings.data):
        if contact.key_refused is not None and contact.key_refused.code == "revoked":
            leave(why_refused(contact.key_refused, translate), REFUSED_EXIT)
        leave(translate(KEY_NOT_TAKEN), REFUSED_EXIT)
    click.echo(translate("Máy này đã đổi khóa. Các lượt đánh giá vẫn giữ nguyên."))
