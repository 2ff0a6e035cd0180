"""The kinds of papers that there are. Each app says its own when it is ready (`register`)."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

from server.documents.filling import Fact


class Field(NamedTuple):
    """What a template of a kind may name. means: for whoever writes one; example: as the template is tried with it."""

    means: str
    example: Fact


@dataclass(frozen=True, eq=False)  # one of each, known by itself
class Kind:
    """A kind of paper. name: in addresses; symbol: between number and issuing body, as “GM”, or empty where there is none;
    make: makes the default template; fields: beside those of `HEAD`.
    """

    name: str
    label: str
    symbol: str
    make: Callable[[], bytes]
    fields: Mapping[str, Field]

    @cached_property
    def default(self) -> bytes:
        """The default template, made once."""
        return self.make()


HEAD: Mapping[str, Field] = {
    "cap_tren": Field("tên cơ quan chủ quản, chữ in hoa; có thể trống", "UBND TỈNH NGHỆ AN"),
    "co_quan": Field("tên cơ quan ban hành, chữ in hoa", "ỦY BAN NHÂN DÂN\nPHƯỜNG THÁI HÒA"),
    "ten_co_quan": Field("tên cơ quan ban hành, viết thường", "Ủy ban nhân dân phường Thái Hòa"),
    "so": Field("số và ký hiệu", "09/GM-UBND"),
    "noi_ngay": Field("địa danh, ngày tháng năm", "Thái Hòa, ngày 06 tháng 02 năm 2026"),
    "quyen_han": Field("quyền hạn của người ký; có thể trống", "TM. ỦY BAN NHÂN DÂN"),
    "chuc_vu": Field("chức vụ của người ký", "CHỦ TỊCH"),
    "ho_ten": Field("họ tên người ký", "Nguyễn Văn Hùng"),
    "dia_chi_co_quan": Field("địa chỉ trụ sở", "Số 1 đường Lý Thường Kiệt, phường Thái Hòa, tỉnh Nghệ An"),
    "dien_thoai_co_quan": Field("điện thoại của cơ quan", "0238 3881 234"),
    "bo_phan": Field("ký hiệu bộ phận soạn thảo", "VP"),
}
KINDS: dict[str, Kind] = {}


def register(*kinds: Kind) -> None:
    """Let units change these kinds' templates."""
    KINDS.update({kind.name: kind for kind in kinds})
