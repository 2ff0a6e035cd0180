"""QR codes (ISO/IEC 18004) as rows of modules. A long one takes tens of milliseconds, so what is wanted soon is made before, elsewhere."""

from functools import lru_cache

import segno

QUIET = 4  # light modules around it, as the standard wants


@lru_cache(8)
def modules(text: str) -> tuple[bytes, ...]:
    """The rows from the top, one byte a module (1 is dark), quiet zone included: the smallest code of level M or better for the text."""
    return tuple(bytes(row) for row in segno.make_qr(text, error="m").matrix_iter(border=QUIET))
