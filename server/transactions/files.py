"""Transaction counts as a workbook: to be filled in, or as they were told."""

from collections.abc import Iterable, Mapping, Sequence

from server.spreadsheets.writing import Value, Workbook
from server.transactions.workbook import MAX_ROWS


def as_workbook(rows: Iterable[Sequence[Value]], columns: Sequence[str], *, lists: Mapping[str, Sequence[str]] | None = None) -> bytes:
    """A workbook with these columns. lists: what may be chosen in a column, by its name; a second sheet has them."""
    made = Workbook()
    sheet = made.book.add_worksheet("Số hồ sơ")
    for place, name in enumerate(columns):
        made.put(sheet, 0, place, name, bold=True, bottom=1)
        sheet.set_column(place, place, max(14, len(name) + 4))
    sheet.freeze_panes(1, 0)
    for at, row in enumerate(rows, 1):
        for place, cell in enumerate(row):
            made.put(sheet, at, place, cell)
    if lists:
        names = made.book.add_worksheet("Danh mục")
        for place, (title, choices) in enumerate(lists.items()):
            for at, name in enumerate([title, *choices]):
                made.put(names, at, place, name)
            names.set_column(place, place, 30)
            if choices:
                letter, column = chr(ord("A") + place), list(columns).index(title)
                cells = f"='Danh mục'!${letter}$2:${letter}${len(choices) + 1}"
                sheet.data_validation(1, column, MAX_ROWS, column, {"validate": "list", "source": cells})
    return made.done()
