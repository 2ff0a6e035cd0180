"""Whether a touch screen says where it is touched, and what to do where it says elsewhere: from a few touches of which the place is known.

Places are shares of the display's width and height, from its top left corner. No Kivy.
"""

from collections.abc import Sequence
from math import hypot
from typing import NamedTuple

from kiosk.texts import Translate

Place = tuple[float, float]
Matrix = tuple[float, float, float, float, float, float]  # two rows, as LIBINPUT_CALIBRATION_MATRIX has them

CROSSES: Sequence[Place] = ((0.1, 0.12), (0.9, 0.12), (0.9, 0.88), (0.1, 0.88), (0.5, 0.5))
"""Where to touch, in this order."""

EXACT_MM = 6.0  # a fingertip is so much beside the middle of a cross, even where all is well
NEAR = 0.12  # of the display: nearer than this a turned or mirrored screen is recognised
STRAIGHT = 0.03  # of the display: what is moved or stretched as a whole fits so well
RULES_FILE = "/etc/udev/rules.d/98-hailong-touch.rules"

_SAME: Matrix = (1, 0, 0, 0, 1, 0)
_TURNED: Sequence[Matrix] = (
    (0, -1, 1, 1, 0, 0),  # a quarter to the right
    (-1, 0, 1, 0, -1, 1),  # upside down
    (0, 1, 0, -1, 0, 1),  # a quarter to the left
    (-1, 0, 1, 0, 1, 0),  # left and right changed
    (1, 0, 0, 0, -1, 1),  # above and below changed
    (0, 1, 0, 1, 0, 0),
    (0, -1, 1, -1, 0, 1),
)


class Verdict(NamedTuple):
    """farthest_mm: how far a touch was from its cross. matrix: which puts that right, or None where all is well, or nothing would.

    turned: whether the screen is turned or mirrored as a whole.
    """

    farthest_mm: float
    matrix: Matrix | None = None
    turned: bool = False

    @property
    def is_good(self) -> bool:
        return self.farthest_mm <= EXACT_MM


def judge(told: Sequence[Place], width_mm: float, height_mm: float) -> Verdict:
    """told: where the touches of `CROSSES` came from, as the screen says. width_mm, height_mm: of the display."""
    farthest = max(hypot((x - a) * width_mm, (y - b) * height_mm) for (x, y), (a, b) in zip(told, CROSSES, strict=True))
    if farthest <= EXACT_MM:
        return Verdict(farthest)
    turned = min(_TURNED, key=lambda matrix: _worst(matrix, told))
    if _worst(turned, told) < min(NEAR, _worst(_SAME, told)):
        return Verdict(farthest, turned, turned=True)
    fitted = _fit(told)
    if fitted is None or _worst(fitted, told) > STRAIGHT:
        return Verdict(farthest)
    return Verdict(farthest, fitted)


def in_words(verdict: Verdict, translate: Translate) -> str:
    """What a technician reads: what was found, and what to do about it."""
    if verdict.is_good:
        return translate("Màn hình cảm ứng chính xác: lệch nhiều nhất {mm} mm.").format(mm=round(verdict.farthest_mm))
    if verdict.matrix is None:
        return translate(
            "Màn hình cảm ứng lệch không đều, nhiều nhất {mm} mm. Xin lau sạch màn hình, tháo miếng dán nếu có, rồi thử lại; "
            "nếu vẫn lệch, xin thay màn hình."
        ).format(mm=round(verdict.farthest_mm))
    said = translate("Màn hình cảm ứng bị xoay hoặc lật so với hình.")
    if not verdict.turned:
        said = translate("Màn hình cảm ứng lệch đều, nhiều nhất {mm} mm.").format(mm=round(verdict.farthest_mm))
    mend = translate("Cần hiệu chỉnh: xin ghi dòng sau vào tệp {file} rồi khởi động lại máy.").format(file=RULES_FILE)
    return f"{said} {mend}\n{rule(verdict.matrix)}"


def rule(matrix: Matrix) -> str:
    """The line for udev by which libinput puts touches right, whatever shows the picture."""
    numbers = " ".join(f"{round(number, 3):g}" for number in matrix)
    return f'ENV{{ID_INPUT_TOUCHSCREEN}}=="1", ENV{{LIBINPUT_CALIBRATION_MATRIX}}="{numbers}"'


def _put(matrix: Matrix, place: Place) -> Place:
    a, b, c, d, e, f = matrix
    x, y = place
    return a * x + b * y + c, d * x + e * y + f


def _worst(matrix: Matrix, told: Sequence[Place]) -> float:
    put = [_put(matrix, place) for place in told]
    return max(hypot(x - a, y - b) for (x, y), (a, b) in zip(put, CROSSES, strict=True))


def _fit(told: Sequence[Place]) -> Matrix | None:
    """The matrix that puts the touches nearest to their crosses: least squares, by Cramer's rule. None where they lie on a line."""
    rows = [(x, y, 1.0) for x, y in told]
    normal = [[sum(row[i] * row[j] for row in rows) for j in range(3)] for i in range(3)]
    whole = _determinant(normal)
    if abs(whole) < 1e-6:
        return None
    found = []
    for axis in (0, 1):
        wanted = [sum(row[i] * cross[axis] for row, cross in zip(rows, CROSSES, strict=True)) for i in range(3)]
        for column in range(3):
            changed = [[wanted[i] if j == column else normal[i][j] for j in range(3)] for i in range(3)]
            found.append(_determinant(changed) / whole)
    a, b, c, d, e, f = found
    return a, b, c, d, e, f


def _determinant(m: Sequence[Sequence[float]]) -> float:
    return (
        m[0][0] * (m[1][1] * m[2][2] - m[1][2] * m[2][1])
        - m[0][1] * (m[1][0] * m[2][2] - m[1][2] * m[2][0])
        + m[0][2] * (m[1][0] * m[2][1] - m[1][1] * m[2][0])
    )
