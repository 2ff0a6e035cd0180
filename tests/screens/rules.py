"""The rules that hold for every screen. Each takes a view and says what breaks it, in words; an empty list is good."""

from collections.abc import Callable, Iterator
from itertools import combinations

from PIL import Image

from kiosk.ui.sizes import LINE_MM, TOUCH_MM, answer_mm, key_mm
from tests.screens.colour import mouths_differ, skins_differ, worst_contrast
from tests.screens.seen import Box, View

SLACK = 1.5  # pixels: positions are fractions, textures are whole
LEAST_CONTRAST = 7.0
LEAST_MOUTH = 0.05  # ours differ in a tenth of the lower part
LEAST_SKIN = 60.0


def nothing_is_clipped(view: View) -> Iterator[str]:
    """Letters lie in their widget, in all that it is in, and in the window; marks and words are whole."""
    for seen in view.widgets:
        if seen.cut:
            yield f"{seen.who}: letters or words are cut off"
        if seen.text and (seen.texture[0] > seen.box.width + SLACK or seen.texture[1] > seen.box.height + SLACK):
            size = f"{seen.box.width:.0f}×{seen.box.height:.0f}"
            yield f"{seen.who}: the text of {seen.texture[0]}×{seen.texture[1]} is larger than its widget of {size}"
        box = seen.ink or (seen.box if seen.touchable else None)
        if box is None:
            continue
        for number in seen.inside:
            around = view.widgets[number]
            if not seen.scrolled and box.sticks_out_of(around.box) > SLACK:
                yield f"{seen.who}: sticks {box.sticks_out_of(around.box):.0f} px out of {around.who}"
        if box.sticks_out_of(view.window if not seen.scrolled else _as_high_as(box, seen.area)) > SLACK:
            yield f"{seen.who}: sticks out of the window"


def nothing_overlaps(view: View) -> Iterator[str]:
    """Letters and touchables keep clear of each other, but for a touchable's own letters."""
    shown = [(seen, seen.box if seen.touchable else seen.ink) for seen in view.widgets if seen.touchable or seen.ink]
    for (one, box), (other, beside) in combinations(shown, 2):
        if one.number in other.inside or box is None or beside is None:
            continue
        deep = box.within(one.area).overlap(beside.within(other.area))
        if deep > SLACK:
            yield f"{one.who} and {other.who} lie {deep:.0f} px in each other"


def touchables_are_large_enough(view: View) -> Iterator[str]:
    """20 mm both ways; an answer's card 60 (45 on 7 inches); a key 18 wide (12 on 7 inches), and two thirds of that high."""
    wanted = {
        "button": (TOUCH_MM, TOUCH_MM),
        "answer": (answer_mm(view.inches), answer_mm(view.inches)),
        "key": (key_mm(view.inches), key_mm(view.inches) * 2 / 3),
    }
    for seen in view.widgets:
        if seen.touchable:
            wide, high = seen.box.width / view.mm, seen.box.height / view.mm
            if wide < wanted[seen.touchable][0] - 0.1 or high < wanted[seen.touchable][1] - 0.1:
                yield f"{seen.who}: {wide:.1f}×{high:.1f} mm, wanted {wanted[seen.touchable][0]:.0f}×{wanted[seen.touchable][1]:.0f}"


def text_is_large_enough(view: View) -> Iterator[str]:
    """A line is at least 3.6 mm high."""
    for seen in view.widgets:
        if seen.text and seen.line / view.mm < LINE_MM - 0.05:
            yield f"{seen.who}: a line of {seen.line / view.mm:.2f} mm"


def text_is_dark_enough(view: View) -> Iterator[str]:
    """Letters have a contrast of 7 to 1 with what is around them, in the pixels (WCAG 2.2, 1.4.6)."""
    for seen in view.widgets:
        if seen.ink_colour is not None and (ratio := worst_contrast(seen.ink_colour, seen.ground)) < LEAST_CONTRAST:
            yield f"{seen.who}: contrast {ratio:.1f}"


def faces_differ_to_all_eyes(view: View) -> Iterator[str]:
    """Without colour the mouths tell the two faces apart; to deuteranopic eyes the skins do as well."""
    faces = [seen.box for seen in view.widgets if seen.name == "Face"]
    if len(faces) != 2:
        return
    with Image.open(view.picture) as picture:
        for eyes in ("grey", "deuteranopic"):
            if (share := mouths_differ(picture, faces[0], faces[1], eyes)) < LEAST_MOUTH:
                yield f"to {eyes} eyes the mouths differ in {share:.1%}"
        if (distance := skins_differ(picture, faces[0], faces[1])) < LEAST_SKIN:
            yield f"to deuteranopic eyes the skins are {distance:.0f} apart"


def the_technicians_corner_is_free(view: View) -> Iterator[str]:
    """What is touched leaves the top left corner, 20 mm square, to the technician, who holds it; an edge of it may reach a third into it,
    for the corner takes no tap from anybody. (The officer's card is held too, and gives way there: `KioskApp._finger_down`.)
    """
    side = TOUCH_MM * view.mm
    corner = Box(view.window.left, view.window.top, view.window.left + side, view.window.top + side)
    for seen in view.widgets:
        if seen.touchable and seen.box.overlap(corner) > side / 3:
            yield f"{seen.who}: {seen.box.overlap(corner) / view.mm:.1f} mm in the corner"


Rule = Callable[[View], Iterator[str]]
RULES: list[Rule] = [
    nothing_is_clipped,
    nothing_overlaps,
    touchables_are_large_enough,
    text_is_large_enough,
    text_is_dark_enough,
    faces_differ_to_all_eyes,
    the_technicians_corner_is_free,
]


def broken(rule: Rule, view: View) -> list[str]:
    """What breaks the rule, each with the screen and language."""
    return [f"{view.screen} ({view.language}): {what}" for what in rule(view)]


def _as_high_as(box: Box, area: Box) -> Box:
    """An area that may be scrolled up and down."""
    return Box(area.left, min(area.top, box.top), area.right, max(area.bottom, box.bottom))
