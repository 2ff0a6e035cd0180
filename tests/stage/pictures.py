"""Pictures as they are kept with the project: small, and of what matters."""

from pathlib import Path

from PIL import Image, ImageOps

COLOURS = (256, 128, 96, 64, 48, 32, 16, 8)
EDGE = (154, 163, 174)


def keep(picture: Path, kept: Path, most_bytes: int) -> None:
    """As small as it must be, in as many colours as that allows."""
    with Image.open(picture) as opened:
        whole = opened.convert("RGB")
    for colours in COLOURS:
        whole.quantize(colours, dither=Image.Dither.NONE).save(kept, optimize=True)
        if kept.stat().st_size < most_bytes:
            break


def frame(picture: Path) -> None:
    """A thin line around a sheet of paper, so that it is seen on a white page; without what is empty below."""
    with Image.open(picture) as opened:
        sheet = opened.convert("RGB")
    written = ImageOps.invert(sheet.convert("L")).getbbox()
    if written:
        sheet = sheet.crop((0, 0, sheet.width, min(sheet.height, written[3] + written[1])))
    ImageOps.expand(sheet, 1, EDGE).save(picture)
