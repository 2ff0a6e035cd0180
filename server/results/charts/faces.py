"""The fonts in a picture: one that a page shows by `<img>` sees neither the page's fonts nor anything else outside of itself.

The files are Be Vietnam Pro's Vietnamese and Latin letters with their kerning, made by `tools/chart_fonts.py`; text is measured with the
whole fonts, whose letters are the same.
"""

import base64
import hashlib
from functools import cache
from pathlib import Path

FOLDER = Path(__file__).resolve().parents[2] / "static" / "server"
_FACE = '@font-face{{font-family:"Be Vietnam Pro";font-weight:{weight};src:url(data:font/woff2;base64,{data}) format("woff2")}}'
FILES = {400: "chart-400.woff2", 600: "chart-600.woff2"}


def with_fonts(svg: str) -> str:
    """The picture with its fonts."""
    root, end, rest = svg.partition(">")
    return f"{root}{end}<style>{_faces()}</style>{rest}"


@cache
def policy() -> str:
    """The Content-Security-Policy under which a picture has its fonts, and nothing else: no script, no address."""
    digest = base64.b64encode(hashlib.sha256(_faces().encode()).digest()).decode()
    return f"default-src 'none'; style-src 'sha256-{digest}'; font-src data:; frame-ancestors 'none'; sandbox"


@cache
def _faces() -> str:
    return "".join(
        _FACE.format(weight=weight, data=base64.b64encode((FOLDER / name).read_bytes()).decode()) for weight, name in FILES.items()
    )
