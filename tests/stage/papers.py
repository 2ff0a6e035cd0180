"""All official papers of a server that `tests.stage.office` filled, made by its real pages, to be looked at:
`python -m tests.stage.papers FOLDER`, in the environment of the server. Beside each Word file stands what LibreOffice makes of it,
as PDF and pictures, where there is LibreOffice.
"""

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from django.test import Client

    from server.places.models import Unit

TOWN, LEADER = "Phường Thái Hòa", "lanhdao"
COMMENDED = 15


class _Matter(NamedTuple):
    subject: str
    reasons: tuple[str, ...]
    name: str = ""
    address: str = ""
    phone: str = ""


_MATTERS = (
    _Matter("Chờ lâu khi chứng thực bản sao", ("waiting",), "Nguyễn Văn An", "Khối 5, phường Thái Hòa", "0912 345 678"),
    _Matter(
        "Hồ sơ đăng ký biến động đất đai trễ hẹn ba lần, mỗi lần đến đều được hẹn lại mà không có giấy xin lỗi", ("late",),
        "Công Tằng Tôn Nữ Thị Hoàng Phương Thảo", "Số 128B, ngõ 45 đường Lý Thường Kiệt, khối Đồng Tâm 2, phường Thái Hòa, tỉnh Nghệ An",
        "0238 388 1234",
    ),
    _Matter("Thái độ của công chức khi trả lời điện thoại", ("attitude",)),
    *(
        _Matter(f"Phải bổ sung hồ sơ khai sinh {place} lần", ("more-papers",), f"Trần Thị Ngọc {place}", f"Khối {place}", "0988 111 222")
        for place in range(2, 14)
    ),
)  # fmt: skip


def main() -> None:
    """Make them into the folder that is named."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "server.settings")
    import django

    django.setup()
    folder = Path(sys.argv[1])
    folder.mkdir(parents=True, exist_ok=True)
    for name, body in papers():
        (folder / name).write_bytes(body)
        print(folder / name)
    draw(folder)


def papers() -> Iterator[tuple[str, bytes]]:
    """Name and bytes of each, with realistic matters that are made first."""
    from django.contrib.auth.models import User
    from django.test import Client
    from django.urls import reverse

    from server import keys, settings
    from server.cases.models import Case
    from server.documents.kinds import KINDS
    from server.letters.views import LETTERS
    from server.places.models import Unit

    keys.make(settings.KEYS)
    unit = Unit.objects.get(name=TOWN)
    if not Case.objects.filter(unit_id=unit.pk).exists():
        _happen(unit)
    client = Client(SERVER_NAME="localhost", raise_request_exception=True)
    client.force_login(User.objects.get(username=LEADER))
    cases = list(Case.objects.filter(unit_id=unit.pk, sensitive=False).order_by("subject"))
    for case in cases[:3]:
        for address in LETTERS:
            yield _letter(client, reverse(address, args=[unit.pk, case.id]), case.id)
    for day in sorted({case.reception for case in cases if case.reception}):
        yield f"danh-sach-tiep-dan-{day}.docx", client.get(reverse("monday-list", args=[unit.pk, day])).content
    yield "danh-sach-khen.docx", client.get(reverse("commendation-list", args=[unit.pk])).content
    for kind in KINDS.values():
        yield f"mau-{kind.name}.docx", client.get(reverse("template-sample", args=[unit.pk, kind.name])).content


def draw(folder: Path) -> None:
    """PDF and PNG of each Word file, where the programs are there."""
    if shutil.which("soffice") is None or shutil.which("pdftoppm") is None:
        return
    with tempfile.TemporaryDirectory() as profile:
        files = [str(one) for one in sorted(folder.glob("*.docx"))]
        made = ["soffice", "--headless", f"-env:UserInstallation=file://{profile}", "--convert-to", "pdf", "--outdir", str(folder), *files]
        subprocess.run(made, check=True, capture_output=True)
    for pdf in sorted(folder.glob("*.pdf")):
        subprocess.run(["pdftoppm", "-r", "70", "-png", str(pdf), str(pdf.with_suffix(""))], check=True)


def _letter(client: "Client", address: str, case: str) -> tuple[str, bytes]:
    """As somebody makes it who changes nothing but what nobody can know."""
    from tests.server.papers import form_of

    sent = form_of(client.get(address).content)
    known = {
        "answer": "Hồ sơ của ông/bà phải lấy ý kiến của cơ quan thuế theo quy định, nên thời hạn được tính lại từ ngày nhận "
        "đủ ý kiến.\nChúng tôi đã lấy được ý kiến và sẽ trả kết quả đúng ngày đã hẹn. Nếu ông/bà không đến được, kết quả được gửi qua bưu "
        "chính, không thu phí.",
        "receipt": "H40.12-261105-0021", "file_kind": "Đăng ký biến động quyền sử dụng đất do nhận thừa kế", "new_day": "2026-12-03",
        "reason": "chưa có ý kiến của cơ quan thuế, cán bộ chưa báo trước cho ông/bà",
    }  # fmt: skip
    filled = {name: value for name, value in (known if "Thái độ" not in str(sent) else {"answer": known["answer"]}).items() if name in sent}
    answer = client.post(address, {**sent, **filled})
    assert answer.status_code == 200, answer.content.decode()
    return f"{address.rstrip('/').rpartition('/')[2]}-{case}.docx", answer.content


def _happen(unit: "Unit") -> None:
    """Matters of several kinds, all asked to come next Monday but one, and officers commended."""
    from django.utils import timezone

    from server.cases.models import Case
    from server.cases.steps import Step, mondays
    from server.cases.taking import FoundPaper, Matter, move, open_about, put_in
    from server.commendations.models import Commendation
    from sync.entries import uuid7
    from sync.sealing import Written

    now, today = timezone.now(), unit.today()
    for matter in _MATTERS:
        about = Matter(Case.Source.PAPER, today - timedelta(days=9), matter.subject, reasons=matter.reasons)
        consent = "Tôi đồng ý để đơn vị liên hệ." if matter.name else ""
        words = Written(text=matter.subject, name=matter.name, address=matter.address, phone=matter.phone, consent=consent)
        slip = put_in(unit, words, FoundPaper(about.day), "vanphong", now)
        case = open_about(unit, about, slip, "vanphong", now)
        for step in (Step.VERIFIED, Step.INVITED):
            move(case, step, "vanphong", now)
        move(case, Step.LISTED, "vanphong", now, reception=mondays(today, 1)[0])
    for place, officer in enumerate([*unit.officers.order_by("name")] * 4):
        if place < COMMENDED:
            words_of = (
                "Hướng dẫn tận tình, dễ hiểu",
                "Đón tiếp người cao tuổi chu đáo, giúp điền tờ khai",
                "Trả kết quả sớm",
            )
            Commendation.objects.create(
                unit_id=unit.pk, id=uuid7(), officer_id=officer.pk, day=today - timedelta(days=place % 20), who="vanphong", at=now,
                words=words_of[place % 3],
            )  # fmt: skip


if __name__ == "__main__":
    main()
