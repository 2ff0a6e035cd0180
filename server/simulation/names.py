"""Names: the provinces are real, all others are put together."""

from random import Random
from typing import NamedTuple


class Province(NamedTuple):
    """A province since 1 July 2025 (Resolution 202/2025/QH15), and how many communes it has."""

    name: str
    communes: int


PROVINCES = (
    Province("Thành phố Hồ Chí Minh", 168), Province("Tỉnh Thanh Hóa", 166), Province("Tỉnh Phú Thọ", 148), Province("Tỉnh Gia Lai", 135),
    Province("Tỉnh Nghệ An", 130), Province("Tỉnh Ninh Bình", 129), Province("Thành phố Hà Nội", 126), Province("Tỉnh Lâm Đồng", 124),
    Province("Tỉnh Tuyên Quang", 124), Province("Tỉnh Vĩnh Long", 124), Province("Thành phố Hải Phòng", 114),
    Province("Tỉnh Hưng Yên", 104), Province("Thành phố Cần Thơ", 103), Province("Tỉnh An Giang", 102),
    Province("Tỉnh Đắk Lắk", 102), Province("Tỉnh Đồng Tháp", 102),
    Province("Tỉnh Bắc Ninh", 99), Province("Tỉnh Lào Cai", 99), Province("Tỉnh Quảng Ngãi", 96), Province("Tỉnh Tây Ninh", 96),
    Province("Tỉnh Đồng Nai", 95), Province("Thành phố Đà Nẵng", 94), Province("Tỉnh Thái Nguyên", 92), Province("Tỉnh Quảng Trị", 78),
    Province("Tỉnh Sơn La", 75), Province("Tỉnh Hà Tĩnh", 69), Province("Tỉnh Khánh Hòa", 65), Province("Tỉnh Lạng Sơn", 65),
    Province("Tỉnh Cà Mau", 64), Province("Tỉnh Cao Bằng", 56), Province("Tỉnh Quảng Ninh", 54), Province("Tỉnh Điện Biên", 45),
    Province("Thành phố Huế", 40), Province("Tỉnh Lai Châu", 38),
)  # fmt: skip
ALL_COMMUNES = sum(province.communes for province in PROVINCES)


def _words(text: str) -> tuple[str, ...]:
    return tuple(text.split())


_FIRST = _words(
    "An Bình Đông Hòa Hưng Long Mỹ Nam Phú Phước Quang Tân Tây Thái Thanh Thành Thịnh Thuận Trung Vĩnh Xuân Yên Bắc Đại Hải Kim"
)
_SECOND = _words("An Bình Châu Cường Đức Giang Hà Hải Hiệp Hòa Hưng Khê Lạc Lâm Lợi Mỹ Ninh Phong Phú Sơn Tân Thạnh Thắng Thọ Tiến Trung")
_FAMILY = _words("Nguyễn Nguyễn Nguyễn Trần Trần Lê Phạm Hoàng Huỳnh Phan Vũ Võ Đặng Bùi Đỗ Hồ Ngô Dương Lý Lò Nông Thạch")
_MIDDLE = _words("Văn Thị Hữu Thanh Minh Quốc Ngọc Thu Hoàng Đức Kim Xuân Hồng Quang Thùy Bảo Gia Mỹ Anh Công")
_GIVEN = _words(
    "An Anh Bảo Bình Châu Chi Cường Dung Dũng Duy Giang Hà Hải Hạnh Hiền Hiếu Hòa Hoa Hùng Hương Khánh Lan Linh Long Mai Minh "
    "Nam Nga Ngân Nhung Oanh Phong Phúc Phương Quân Quyên Sơn Tâm Thảo Thắng Thu Thủy Tiến Trang Trung Tuấn Tú Vân Việt Yến"
)
TITLES = (
    "Công chức Tư pháp – Hộ tịch",
    "Công chức Địa chính – Xây dựng",
    "Công chức Văn phòng – Thống kê",
    "Công chức Văn hóa – Xã hội",
    "Công chức Tài chính – Kế toán",
    "Chuyên viên Trung tâm Phục vụ hành chính công",
)


def communes(rng: Random, count: int) -> list[str]:
    """So many names of communes, no two the same."""
    names = [f"{first} {second}" for first in _FIRST for second in _SECOND if first != second]
    return [f"{'Phường' if rng.random() < 0.2 else 'Xã'} {name}" for name in rng.sample(names, count)]


def person(rng: Random) -> str:
    """A name that many people may have."""
    return f"{rng.choice(_FAMILY)} {rng.choice(_MIDDLE)} {rng.choice(_GIVEN)}"


def spread(count: int) -> list[tuple[str, int]]:
    """So many communes over the provinces, as the real ones are: the name of each province that gets any, and how many."""
    shares = [(province.name, count * province.communes) for province in PROVINCES]
    whole = {name: share // ALL_COMMUNES for name, share in shares}
    by_remainder = sorted(shares, key=lambda pair: -(pair[1] % ALL_COMMUNES))
    for name, _ in by_remainder[: count - sum(whole.values())]:
        whole[name] += 1
    return [(name, communes) for name, communes in whole.items() if communes]
