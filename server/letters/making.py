"""Making a letter of a case, and its line in the case's history."""

from datetime import date, datetime

from django.db import transaction

from server.cases.models import Case, Event
from server.cases.taking import tell
from server.documents.heading import details_of, symbol_of, written
from server.documents.kinds import Kind
from server.documents.numbers import take_number
from server.documents.writing import write
from server.letters.forms import LetterForm
from server.places.models import Unit


def letter(unit: Unit, case: Case, kind: Kind, form: LetterForm, who: str, now: datetime) -> bytes:
    """The letter as the form says it. Where the template cannot be filled (`Unusable`), no number is taken."""
    dated: date = form.cleaned_data["dated"]
    symbol = symbol_of(details_of(unit), kind.symbol)
    with transaction.atomic():
        Case.objects.select_for_update().get(unit_id=unit.pk, id=case.id)
        taken = None
        if form.cleaned_data["numbered"]:
            taken = take_number(unit, dated.year, symbol, kind.name, form.subject(case), who, now)
        made = write(unit, kind, form.facts(case), dated, written(taken, symbol))
        said = f"soạn {kind.label.lower()}" + (f" số {taken}" if taken else "")
        if not Event.objects.filter(unit_id=unit.pk, case=case.id, said=said).exists():
            tell(case, who, now, said)
    return made
