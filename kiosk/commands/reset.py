"""Forget who this kiosk is."""

import sqlite3

import click
import msgspec

from kiosk.commands.options import BAD_SETTINGS_EXIT, REFUSED_EXIT, RUNNING, RUNNING_EXIT, Options, leave
from kiosk.os_errors import not_usable
from kiosk.reset import StillWaiting, reset_for_imaging
from kiosk.storage.database import AlreadyRunning


@click.command("reset")
@click.option("--for-imaging", is_flag=True, required=True, help="leave nothing that makes this tablet known: key, enrolment, ledgers")
@click.option("--force", is_flag=True, help="even if entries are not known to be on the server")
@click.option("--json", "as_json", is_flag=True, help="for a program: where everything is now, and how many entries are there only")
@click.pass_obj
def reset_command(options: Options, *, for_imaging: bool, force: bool, as_json: bool) -> None:
    """Make this tablet ready to be the model of a disk image.

    Exit codes: 0 it is, 1 the kiosk runs, 2 no settings or data folder, 3 entries are on this tablet only.
    """
    settings, translate = options.read()
    try:
        done = reset_for_imaging(settings.data, options.file, force=force)
    except StillWaiting as still:
        message = translate(
            "Còn {waiting} mục chưa được máy chủ xác nhận, nên chưa làm gì cả. Xin để kiosk gửi hết rồi chạy lại; "
            "hoặc thêm --force: dữ liệu vẫn được giữ, nhưng không gửi nữa."
        )
        leave(message.format(waiting=still.waiting), REFUSED_EXIT)
    except AlreadyRunning:
        leave(translate(RUNNING).format(data=settings.data), RUNNING_EXIT)
    except (OSError, sqlite3.Error) as error:
        leave(not_usable(settings.data, error, translate), BAD_SETTINGS_EXIT)
    if as_json:
        click.echo(msgspec.json.encode({"aside": done.aside and str(done.aside), "waiting": done.waiting}).decode())
        return
    if done.aside is None:
        click.echo(translate("Thư mục dữ liệu {data} vốn trống: máy này chưa có khóa, đăng ký hay sổ nào.").format(data=settings.data))
        return
    message = translate(
        "Máy này không còn khóa, đăng ký và sổ. Tất cả được chuyển sang {aside} ({waiting} mục chưa được máy chủ xác nhận). "
        "Trước khi sao ảnh đĩa, xin chép thư mục đó ra nơi khác rồi xóa nó khỏi máy; sau khi cài, mỗi máy đăng ký bằng mã riêng."
    )
    click.echo(message.format(aside=done.aside, waiting=done.waiting))
