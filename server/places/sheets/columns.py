"""The three tables and their columns, as people see them."""

from typing import NamedTuple


class Column(NamedTuple):
    """A column. key: ours; label: what stands above it; needed: its cells may not be empty; width: in characters."""

    key: str
    label: str
    needed: bool
    explained: str
    width: int


class Table(NamedTuple):
    """A table. word: its name in addresses and files; told_by: the column that no other table has."""

    key: str
    name: str
    word: str
    told_by: str
    columns: tuple[Column, ...]

    def column(self, key: str) -> Column:
        """One of them by its key."""
        return next(column for column in self.columns if column.key == key)


_UNIT = Column("unit", "Đơn vị", True, "Tên (hoặc mã) của đơn vị.", 34)
_ABOVE = Column("above", "Thuộc", False, "Tên đơn vị cấp trên, khi nhiều nơi có đơn vị cùng tên.", 26)

UNITS = Table(
    "units",
    "Đơn vị",
    "don-vi",
    "name",
    (
        Column("id", "Mã đơn vị", False, "Máy chủ đặt. Để trống khi thêm đơn vị mới; giữ nguyên khi sửa đơn vị đã có.", 14),
        Column("name", "Tên đơn vị", True, "Tên đầy đủ, ví dụ: Phường Thái Hòa.", 38),
        Column("kind", "Cấp", True, "“tỉnh, thành phố” hoặc “xã, phường, đặc khu”. Không đổi được về sau.", 24),
        Column("parent", "Thuộc", False, "Tên (hoặc mã) của tỉnh, thành phố mà xã, phường, đặc khu thuộc về.", 28),
        Column("since", "Từ ngày", False, "Chỉ điền khi đổi tên, chuyển tỉnh từ một ngày, ví dụ 01/07/2025.", 14),
        Column("time_zone", "Múi giờ", False, "Để trống: Asia/Ho_Chi_Minh.", 20),
    ),
)
COUNTERS = Table(
    "counters",
    "Quầy",
    "quay",
    "name",
    (
        Column("id", "Mã quầy", False, "Máy chủ đặt. Để trống khi thêm quầy mới; giữ nguyên khi sửa quầy đã có.", 14),
        Column("name", "Tên quầy", True, "Ví dụ: Quầy 1.", 30),
        _UNIT,
        _ABOVE,
    ),
)
OFFICERS = Table(
    "officers",
    "Cán bộ",
    "can-bo",
    "name",
    (
        Column("id", "Mã cán bộ", False, "Máy chủ đặt. Để trống khi thêm cán bộ mới; giữ nguyên khi sửa cán bộ đã có.", 14),
        Column("name", "Họ và tên", True, "Ví dụ: Nguyễn Thị Minh Hạnh.", 30),
        Column("title", "Chức danh", True, "Ví dụ: Công chức Tư pháp – Hộ tịch.", 36),
        _UNIT,
        _ABOVE,
        Column(
            "at",
            "Quầy",
            False,
            "Quầy được phân công trực; nhiều quầy: cách nhau bằng dấu chấm phẩy. Để trống: chưa phân công.",
            22,
        ),
        Column("active", "Đang công tác", False, "“có” hoặc “không” (đã nghỉ, đã chuyển đi). Để trống với cán bộ mới: có.", 16),
    ),
)
TABLES = (UNITS, COUNTERS, OFFICERS)
GUIDE = "Hướng dẫn"  # the sheet that explains the columns; it is not read
