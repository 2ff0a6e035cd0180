"""Which tabs there are, and which a unit has."""

from django.db.models import Q

from server.places.models import Unit
from server.results.queries import is_area
from server.results.tabs.over_time import over_time
from server.results.tabs.people import counters, officers
from server.results.tabs.ranking import ranking
from server.results.tabs.shown import Tab
from server.results.tabs.taking_part import taking_part
from server.results.tabs.two_periods import two_periods
from server.results.tabs.why import why

TABS = (
    Tab("xep-hang", "Xếp hạng", ranking, below=True),
    Tab("can-bo", "Cán bộ", officers, own=True, people=True),
    Tab("quay", "Quầy", counters, own=True),
    Tab("thoi-gian", "Thời gian", over_time),
    Tab("so-sanh", "So sánh", two_periods, people=True),
    Tab("ly-do", "Lý do", why),
    Tab("tham-gia", "Tham gia", taking_part),
)


def tabs_of(unit: Unit) -> list[Tab]:
    """The unit's tabs; an area has those of officers and counters where it has some itself, as a province's own one-stop centre."""
    area = is_area(unit)
    own = not area or Unit.objects.filter(Q(counters__unit=unit) | Q(officers__unit=unit), pk=unit.pk).exists()
    return [tab for tab in TABS if (own or not tab.own) and (area or not tab.below)]
