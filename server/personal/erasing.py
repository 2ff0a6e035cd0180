"""Erasing what a unit holds, by a rule or on request, so that one that was begun is carried out to its end.

The order is written down first, the hashes are registered and the bytes deleted then (`server.comments.erasure`), and the cases are
told last, in one transaction with the order's end. Whatever breaks off in between is found again by `unfinished`.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime

from django.db import transaction

from server.cases.models import Case, Paper
from server.cases.steps import Step
from server.cases.taking import move, tell
from server.comments.erasure import StillReadError, apply, erase
from server.comments.register import register
from server.personal.holding import Kind, Thing
from server.personal.models import Ordered

BY_RULE = "thời hạn lưu"  # who erases by a rule
_CITIZENS = frozenset({Kind.KIOSK, Kind.FORM, Kind.PAPER, Kind.CONTACT})  # without these the office has nobody to answer


def order(unit_id: str, things: Sequence[Thing], *, who: str, because: str, now: datetime, rule: str = "") -> list[Ordered]:
    """Write down what is to be erased: what is sensitive in an order of its own, for not everybody may see that there was any."""
    found = []
    for sensitive in (False, True):
        some = [[one.sealed, one.kind.value, list(one.cases)] for one in things if one.sensitive == sensitive]
        if some:
            said = {"rule": rule, "because": because, "things": some, "sensitive": sensitive, "who": who, "at": now}
            found.append(Ordered.objects.create(unit_id=unit_id, **said))
    return found


def carry_out(orders: Iterable[Ordered], now: datetime) -> bool:
    """Erase what was ordered, and tell the cases. Whether nothing of it is left in the database's own files yet.

    Raises OSError where the register cannot be written, django.db.Error: the orders stay, and are carried out the next time.
    """
    gone, waiting = True, list(orders)
    together: dict[tuple[str, str], list[Ordered]] = defaultdict(list)
    for one in waiting:
        together[(one.rule or one.because, one.who)].append(one)
    for (because, who), some in together.items():
        try:
            erase([sealed for one in some for sealed, _, _ in one.things], who=who, because=because, at=some[0].at)
        except StillReadError:
            gone = False
    for one in waiting:
        _finish(one, now)
    return gone


def carry_out_the_rest(now: datetime) -> int:
    """Carry out what broke off, and delete whatever the register names and is here all the same; how many that were.

    A rule's order of which nothing was registered never began: it is dropped, for the rules are asked anew.
    """
    begun = unfinished()
    Ordered.objects.filter(done_at=None).exclude(rule="").exclude(id__in=[one.id for one in begun]).delete()
    carry_out(begun, now)
    try:
        return apply()
    except StillReadError:
        return 0


def unfinished() -> list[Ordered]:
    """Orders that were not carried out to their end: those on request, and of rules those that began."""
    erased = register().hashes()
    waiting = Ordered.objects.filter(done_at=None).order_by("at")
    return [one for one in waiting if not one.rule or any(sealed in erased for sealed, _, _ in one.things)]


def count_kinds(kinds: Iterable[Kind]) -> str:
    """How many of each kind, in words: `2 góp ý viết trên kiosk, 1 ghi chú của cơ quan`."""
    numbers: dict[Kind, int] = defaultdict(int)
    for kind in kinds:
        numbers[kind] += 1
    return ", ".join(f"{numbers[kind]} {kind.label[0].lower()}{kind.label[1:]}" for kind in Kind if numbers[kind])


@transaction.atomic
def _finish(one: Ordered, now: datetime) -> None:
    kept = Ordered.objects.select_for_update().get(unit_id=one.unit_id, id=one.id)
    if kept.done_at is not None:
        return
    of_case: dict[str, list[Kind]] = defaultdict(list)
    for _, kind, cases in kept.things:
        for case in cases:
            of_case[case].append(Kind(kind))
    for case in Case.objects.select_for_update().filter(unit_id=kept.unit_id, id__in=of_case).order_by("id"):
        said = f"xóa dữ liệu cá nhân ({count_kinds(of_case[case.id])}); lý do: {kept.because}"
        if _CITIZENS.intersection(of_case[case.id]) and Step.WITHDRAWN in Step(case.step).following and not _anything_left(case):
            move(case, Step.WITHDRAWN, kept.who, now, f"{said}; không còn nội dung để giải quyết")
        else:
            tell(case, kept.who, now, said)
    kept.done_at = one.done_at = now
    kept.save()


def _anything_left(case: Case) -> bool:
    papers = Paper.objects.filter(unit_id=case.unit_id, case=case.id).values_list("sealed", flat=True)
    return bool(set(papers) - register().hashes())
