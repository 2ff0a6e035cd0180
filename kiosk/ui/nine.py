"""A small picture stretched between its corners: a grid of 4 × 4 vertices, nine parts."""

from collections.abc import Callable

from kivy.graphics.texture import Texture


def _corners(middle: bool) -> list[int]:
    """Two triangles for each cell of the grid; middle: that one too."""
    return [
        corner
        for row in range(3)
        for column in range(3)
        if middle or (row, column) != (1, 1)
        for start in (4 * row + column,)
        for corner in (start, start + 1, start + 5, start, start + 5, start + 4)
    ]


WHOLE, FRAME = _corners(middle=True), _corners(middle=False)


def vertices(x: float, y: float, width: float, height: float, border: float, share: float) -> list[float]:
    """For a Mesh with the indices WHOLE or FRAME: x, y, u, v of each corner of the grid over this rectangle in pixels. border: width of the
    outer parts; share: that of the picture, 0 to 0.5.
    """
    xs = (x, x + border, x + width - border, x + width)
    ys = (y, y + border, y + height - border, y + height)
    shares = (0.0, share, 1 - share, 1.0)
    return [value for row in range(4) for column in range(4) for value in (xs[column], ys[row], shares[column], shares[row])]


def mirrored(side: int, pixel: Callable[[float, float], bytes]) -> Texture:
    """A square picture of an even side whose corners are alike, and alike if turned over. pixel: red, green, blue and opacity of that whose
    middle is so far from the nearest two sides.
    """
    near = [place + 0.5 for place in range(side // 2)]
    rows = [[pixel(x, y) for x in near[: number + 1]] for number, y in enumerate(near)]
    for number, row in enumerate(rows):
        row += [below[number] for below in rows[number + 1 :]]
    half = [b"".join(row + row[::-1]) for row in rows]
    texture = Texture.create(size=(side, side), colorfmt="rgba")
    texture.blit_buffer(b"".join(half + half[::-1]), colorfmt="rgba", bufferfmt="ubyte")
    return texture
