"""What colours do for eyes: contrast, grey, and the sight of somebody without the green cones."""

from collections import Counter
from typing import cast

from PIL import Image

from tests.screens.seen import Box, Colour

# Machado, Oliveira, Fernandes, "A Physiologically-based Model for Simulation of Color Vision Deficiency", IEEE Transactions on
# Visualization and Computer Graphics 15(6), 2009: deuteranomaly of severity 1.0, which is deuteranopia; on linear RGB.
DEUTERANOPIA = (
    (0.367322, 0.860646, -0.227968),
    (0.280085, 0.672501, 0.047413),
    (-0.011820, 0.042940, 0.968881),
)
SIDE = 96
MOUTH_FROM = 0.55  # of the face's height from the top: below the eyes
DIFFERENT = 3.0  # a contrast that WCAG 2.2 (1.4.11) takes for seen in a shape


def linear(channel: float) -> float:
    """An sRGB channel of 0 to 255 as light, 0 to 1 (IEC 61966-2-1)."""
    share = channel / 255
    return share / 12.92 if share <= 0.04045 else float(((share + 0.055) / 1.055) ** 2.4)


def encoded(light: float) -> int:
    """Light of 0 to 1 as an sRGB channel."""
    held = min(max(light, 0.0), 1.0)
    return round(255 * (held * 12.92 if held <= 0.0031308 else 1.055 * held ** (1 / 2.4) - 0.055))


def luminance(colour: Colour) -> float:
    """WCAG 2.2's relative luminance."""
    return 0.2126 * linear(colour[0]) + 0.7152 * linear(colour[1]) + 0.0722 * linear(colour[2])


def contrast(one: Colour, other: Colour) -> float:
    """WCAG 2.2's contrast ratio, 1 to 21."""
    dark, light = sorted((luminance(one), luminance(other)))
    return (light + 0.05) / (dark + 0.05)


def worst_contrast(ink: Colour, ground: list[tuple[int, Colour]]) -> float:
    """The contrast of the ink with its ground, but for the twentieth of the ground that has least (edges, and what only touches it)."""
    rest = sum(number for number, _ in ground) / 20
    for ratio, number in sorted((contrast(ink, colour), number) for number, colour in ground):
        rest -= number
        if rest < 0:
            return ratio
    return 21.0


def grey(colour: Colour) -> Colour:
    level = encoded(luminance(colour))
    return level, level, level


def deuteranopic(colour: Colour) -> Colour:
    light = [linear(channel) for channel in colour]
    red, green, blue = (encoded(sum(share * part for share, part in zip(row, light, strict=True))) for row in DEUTERANOPIA)
    return red, green, blue


def mouths_differ(picture: Image.Image, one: Box, other: Box, seen: str) -> float:
    """The share of the faces' lower part that is plainly lighter in one than in the other, to eyes that see `grey` or `deuteranopic`."""
    see = {"grey": grey, "deuteranopic": deuteranopic}[seen]
    first, second = (_lower_part(picture, box) for box in (one, other))
    pairs = list(zip(pixels(first), pixels(second), strict=True))
    return sum(contrast(see(a), see(b)) >= DIFFERENT for a, b in pairs) / len(pairs)


def skins_differ(picture: Image.Image, one: Box, other: Box) -> float:
    """How far the commonest colours of two faces are apart for deuteranopic eyes, in sRGB's 0 to 441."""
    a, b = (deuteranopic(Counter(pixels(_lower_part(picture, box))).most_common(1)[0][0]) for box in (one, other))
    return float(sum((x - y) ** 2 for x, y in zip(a, b, strict=True)) ** 0.5)


def pixels(picture: Image.Image) -> list[Colour]:
    """Those of a picture without transparency, row by row."""
    return cast(list[Colour], list(picture.get_flattened_data()))


def _lower_part(picture: Image.Image, box: Box) -> Image.Image:
    whole = picture.crop((round(box.left), round(box.top), round(box.right), round(box.bottom))).resize((SIDE, SIDE))
    return whole.crop((SIDE // 4, round(SIDE * MOUTH_FROM), SIDE * 3 // 4, SIDE * 9 // 10))
