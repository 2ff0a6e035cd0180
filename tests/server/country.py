"""A small country."""

from dataclasses import dataclass

from server.places.models import Counter, Officer, Unit


@dataclass(frozen=True)
class Country:
    """Two provinces; in the first two communes, in the second one; a counter and an officer in each commune."""

    whole: Unit
    north: Unit
    south: Unit
    hill: Unit
    lake: Unit
    shore: Unit

    def counter(self, unit: Unit) -> Counter:
        return Counter.objects.get(unit=unit)

    def officer(self, unit: Unit) -> Officer:
        return Officer.objects.get(unit=unit)


def a_country() -> Country:
    whole = Unit.objects.create(name="Cả nước", kind=Unit.Kind.COUNTRY)
    north, south = (Unit.objects.create(name=name, kind=Unit.Kind.PROVINCE, parent=whole) for name in ("Tỉnh Bắc", "Tỉnh Nam"))
    hill = Unit.objects.create(name="Xã Đồi", kind=Unit.Kind.COMMUNE, parent=north)
    lake = Unit.objects.create(name="Xã Hồ", kind=Unit.Kind.COMMUNE, parent=north)
    shore = Unit.objects.create(name="Xã Bờ", kind=Unit.Kind.COMMUNE, parent=south)
    for unit in (hill, lake, shore):
        officer = Officer.objects.create(unit=unit, name=f"Cán bộ {unit.name}", title="Công chức")
        Counter.objects.create(unit=unit, name=f"Quầy {unit.name}", on_duty=officer)
    return Country(whole, north, south, hill, lake, shore)
