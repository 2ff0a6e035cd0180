"""The heat map of hours and weekdays, its counts in the cells."""

import altair as alt

from server.results.charts import words
from server.results.charts.drawn import look
from server.results.charts.hours import FOOT, HEAD, Week
from server.results.charts.size import Width
from server.results.templatetags.vietnamese import number

# Ink on the lighter three and white on the darker two have a contrast of at least 7:1; between them lies what neither has.
STEPS = ("#E3F0F0", "#BFDCDD", "#98C6C9", "#0B5D66", "#083F47")
DARK = 3
_GAP = 2
_UNITS = ((1, 0, "lượt"), (1_000, 1, "nghìn lượt"), (1_000, 0, "nghìn lượt"), (1_000_000, 1, "triệu lượt"), (1_000_000, 0, "triệu lượt"))


def week(data: Week, width: Width) -> alt.LayerChart:
    """Weekdays are lines and hours columns; on a phone the other way round."""
    tall = width is Width.PHONE
    names = words.SHORTEST_WEEKDAYS if tall else words.SHORT_WEEKDAYS
    weekdays = [(day, names[day]) for day in data.weekdays]
    hours = [(hour, f"{hour}h") for hour in data.hours]
    across, down = (weekdays, hours) if tall else (hours, weekdays)
    left = max(look.length(label) for _, label in down) + 10
    height = data.height(width)
    wide, high = (width - left) / len(across), (height - HEAD - FOOT) / len(down)
    columns = {key: left + wide * place for place, (key, _) in enumerate(across)}
    lines = {key: HEAD + high * place for place, (key, _) in enumerate(down)}

    def box(column: int, line: int) -> dict[str, float]:
        x, y = columns[column] + _GAP / 2, lines[line] + _GAP / 2
        return {"x": x, "y": y, "x2": x + wide - _GAP, "y2": y + high - _GAP}

    highest = max(one.count.n for one in data.moments)
    fitting = (unit for unit in _UNITS if look.length(_figure(highest, *unit[:2]), 600) <= wide - 5)
    unit, decimals, unit_words = next(fitting, _UNITS[-1])
    cells = []
    for one in data.moments:
        place = box(one.weekday, one.hour) if tall else box(one.hour, one.weekday)
        step = min(len(STEPS) - 1, one.count.n * len(STEPS) // highest)
        middle = {"x": (place["x"] + place["x2"]) / 2, "y": (place["y"] + place["y2"]) / 2}
        cells.append((step, place, {**middle, "text": _figure(one.count.n, unit, decimals)}, {**place, "says": one.says()}))
    full = {(one.weekday, one.hour) for one in data.moments}
    empty = [box(day, hour) if tall else box(hour, day) for day, _ in weekdays for hour, _ in hours if (day, hour) not in full]
    heads = [{"x": columns[key] + wide / 2, "y": HEAD / 2, "text": label} for key, label in across]
    sides = [{"x": left - 10, "y": lines[key] + high / 2, "text": label} for key, label in down]
    return look.picture(
        [
            look.text(heads, "center", colour=look.SOFT_INK),
            look.text(sides, "right", colour=look.SOFT_INK),
            look.boxes(empty, look.GROUND, None, 4),
            *(look.boxes([place for at, place, _, _ in cells if at == step], fill, None, 4) for step, fill in enumerate(STEPS)),
            look.text([figure for at, _, figure, _ in cells if at < DARK], "center", 600),
            look.text([figure for at, _, figure, _ in cells if at >= DARK], "center", 600, look.SURFACE),
            look.text([{"x": left, "y": height - FOOT / 2 + 3, "text": f"Số trong ô: {unit_words}"}], colour=look.SOFT_INK),
            look.touch([says for _, _, _, says in cells]),
        ],
        width,
        height,
    )


def _figure(n: int, unit: int, decimals: int) -> str:
    """A count in thousands or millions; one that would be rounded to nothing is less than the least."""
    least = 10**-decimals
    if n < unit * least / 2:
        return f"<{least:.{decimals}f}".replace(".", ",")
    return f"{n / unit:.{decimals}f}".replace(".", ",") if decimals else number(round(n / unit))
