"""The invented officers of the gallery."""

from collections.abc import Sequence
from concurrent.futures import Future

from PIL import Image, ImageDraw

from kiosk.signing import Answer, Duties, Named

STAFF = [
    ("o-1", "Lê Vân Anh", "Công chức Văn phòng – Thống kê"),
    ("o-2", "Trần Quốc Bảo", "Công chức Địa chính – Xây dựng"),
    ("o-3", "Nguyễn Thị Minh Hạnh", "Công chức Tư pháp – Hộ tịch"),
    ("o-4", "Lê Hoàng Phúc", "Chuyên viên"),
    ("o-5", "Phạm Thu Thảo", "Công chức Văn hóa – Xã hội"),
    ("o-6", "Công Tằng Tôn Nữ Thị Huyền Trang", "Phó Giám đốc Trung tâm Phục vụ hành chính công"),
    ("o-7", "Đặng Ứng Vũ", "Chuyên viên"),
]


class Nobody:
    """A counter without officers: `Duties`."""

    officer: Named | None = None
    may_sign_in: Sequence[Named] = ()

    def sign_in(self, officer: str, pin: str) -> Future[Answer]:
        raise LookupError(officer)

    def sign_out(self) -> Future[None]:
        raise LookupError


NOBODY: Duties = Nobody()


def portrait() -> Image.Image:
    """A photo: dark above, light below, so that one sees which way up it is."""
    picture = Image.linear_gradient("L").resize((512, 512)).convert("RGB")
    ImageDraw.Draw(picture).ellipse((176, 120, 336, 280), fill=(190, 160, 140))
    return picture
