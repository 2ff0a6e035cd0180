"""How large a display really is: its diagonal in inches, from what its maker wrote into it (EDID), else guessed from its pixels.

SDL_GetDisplayDPI is not asked: X11 invents 96 dots an inch where it knows nothing, and Windows answers with the scale of its desktop.
"""

from math import hypot
from pathlib import Path

MILLIMETRES_PER_INCH = 25.4
LEAST_INCHES, MOST_INCHES = 7.0, 32.0
DRM = Path("/sys/class/drm")

# What is sold with so many pixels as a tablet, a touch monitor or an all-in-one; long side first.
USUAL_INCHES = {
    (800, 480): 7.0,
    (1024, 600): 7.0,
    (1024, 768): 9.7,
    (1280, 720): 10.1,
    (1280, 800): 10.1,
    (1366, 768): 15.6,
    (1280, 1024): 17.0,
    (1920, 1080): 15.6,
    (1920, 1200): 10.1,
    (2560, 1440): 24.0,
    (2560, 1600): 12.0,
    (3840, 2160): 24.0,
}
USUAL_DOTS_PER_INCH = 149.0  # of anything else: those of 1280×800 on 10.1 inches

# EDID (VESA E-EDID 1.4, 3.10.2): a detailed timing has pixels and millimetres, each with its high bits in a shared byte.
EDID_HEADER = b"\x00\xff\xff\xff\xff\xff\xff\x00"
FIRST_TIMING = 54
ONLY_ASPECT = {(160, 90), (160, 100), (16, 9), (16, 10), (1600, 900), (1600, 1000)}  # some makers wrote the aspect ratio for the size


def guessed_inches(width: float, height: float) -> float:
    """The usual diagonal of a display of so many pixels, in either orientation."""
    long, short = round(max(width, height)), round(min(width, height))
    usual = USUAL_INCHES.get((long, short), hypot(long, short) / USUAL_DOTS_PER_INCH)
    return min(max(usual, LEAST_INCHES), MOST_INCHES)


def reported_inches(width: float, height: float, folder: Path = DRM) -> float | None:
    """The diagonal that the display of so many pixels reports through Linux; None where none, several or something absurd is reported."""
    found = set()
    for connector in folder.glob("card*-*"):
        try:
            if (connector / "status").read_text().strip() == "connected":
                found.add(edid_inches((connector / "edid").read_bytes(), width, height))
        except OSError:
            continue
    return found.pop() if len(found) == 1 else None


def edid_inches(edid: bytes, width: float, height: float) -> float | None:
    """The diagonal by an EDID; None where it is not of a display of so many pixels, or does not say a plausible size."""
    if len(edid) < 128 or not edid.startswith(EDID_HEADER):
        return None
    timing = edid[FIRST_TIMING : FIRST_TIMING + 18]
    pixels = (timing[2] | (timing[4] & 0xF0) << 4, timing[5] | (timing[7] & 0xF0) << 4)
    millimetres = (timing[12] | (timing[14] & 0xF0) << 4, timing[13] | (timing[14] & 0x0F) << 8)
    if sorted(pixels) != sorted((round(width), round(height))) or millimetres in ONLY_ASPECT or 0 in millimetres:
        return None
    shape = (pixels[0] / pixels[1]) / (millimetres[0] / millimetres[1])
    inches = hypot(*millimetres) / MILLIMETRES_PER_INCH
    return inches if LEAST_INCHES <= inches <= MOST_INCHES and 0.9 < shape < 1.1 else None
