"""`addplaces`: a province, or a commune with its counters, as the installation begins with."""

import json

from django.core.exceptions import ValidationError
from django.core.management.base import CommandError, CommandParser
from django.db import transaction

from server.management.prepared import PreparedCommand
from server.places.models import Counter, Unit


class Command(PreparedCommand):
    """Makes what is missing; what is there by that name stays as it is."""

    help = "Add a province, or a commune with counters named Quầy 1, Quầy 2 … Officers and more counters: on the pages, or `importplaces`."

    def add_arguments(self, parser: CommandParser) -> None:
        """Names."""
        parser.add_argument("--province", default="", metavar="NAME")
        parser.add_argument("--commune", default="", metavar="NAME")
        parser.add_argument("--counters", type=int, default=0, metavar="N", help="of the commune, at least")

    def handle(self, *args: object, province: str, commune: str, counters: int, **options: object) -> None:
        """Prints JSON: the unit's id and, in the order of their names, its counters' ids. Raises CommandError for names that cannot be."""
        if not (province or commune):
            raise CommandError("Give --province, --commune or both.")
        try:
            with transaction.atomic():
                above = _unit(province, Unit.Kind.PROVINCE, None) if province else None
                unit = _unit(commune, Unit.Kind.COMMUNE, above) if commune else above
                assert unit is not None  # noqa: S101 one of the names was given
                there = [_counter(unit, f"Quầy {number}") for number in range(1, counters + 1)]
        except ValidationError as error:
            raise CommandError("\n".join(error.messages)) from error
        self.stdout.write(json.dumps({"unit": unit.pk, "counters": [counter.pk for counter in there]}))


def _unit(name: str, kind: Unit.Kind, above: Unit | None) -> Unit:
    found = Unit.objects.filter(name=name, kind=kind).first()
    if found is None:
        found = Unit(name=name, kind=kind, parent=above)
        found.full_clean()
        found.save()
    return found


def _counter(unit: Unit, name: str) -> Counter:
    found = Counter.objects.filter(unit=unit, name=name).first()
    if found is None:
        found = Counter(unit=unit, name=name)
        found.full_clean()
        found.save()
    return found
