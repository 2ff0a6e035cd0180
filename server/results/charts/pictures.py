"""The pictures that pages and addresses ask for: from the store, or drawn."""

import atexit

from server import settings
from server.results.charts import order
from server.results.charts.faces import with_fonts
from server.results.charts.order import Data
from server.results.charts.renderer import Renderer
from server.results.charts.size import Width
from server.results.charts.store import Store

renderer = Renderer()
atexit.register(renderer.close)
_FEW = 16  # digits of a version: 64 bits


def version(data: Data) -> str:
    """What changes with the data, or with how we draw them; the same for all widths."""
    return order.digest(order.encode(data, Width.HALF))[:_FEW]


def picture(data: Data, width: Width) -> str:
    """The picture as SVG, its fonts with it. Raises `renderer.CannotDraw`."""
    ordered = order.encode(data, width)
    digest = order.digest(ordered)
    store = Store(settings.ENVIRONMENT.data / "charts")
    drawn = store.find(digest)
    if drawn is None:
        drawn = renderer.draw(ordered)
        store.keep(digest, drawn)
    return with_fonts(drawn)


def is_there(data: Data, width: Width) -> bool:
    """Whether it need not be drawn."""
    return Store(settings.ENVIRONMENT.data / "charts").has(order.digest(order.encode(data, width)))
