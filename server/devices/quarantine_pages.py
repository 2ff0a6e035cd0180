"""The page of quarantined lines: grouped by reason, and what a person decides about them."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.db.models import QuerySet, TextField, Value
from django.db.models.functions import Coalesce
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from server.devices import quarantined
from server.devices.models import Device
from server.devices.overview import area
from server.intake.decisions import OLDEST_FIRST, decide_rows, refold, with_verdict
from server.intake.models import Decision, Quarantine
from server.places.models import Unit
from server.places.scope import Right, may, units_for
from server.record.keeping import Action, note
from server.results.templatetags.vietnamese import number

PAGE = 50
DECIDED_AT_ONCE = 1000
FOLDED_AT_ONCE = 100
MAX_DIGITS = 16  # of a seq
STATES: dict[str, tuple[str, tuple[str, ...]]] = {
    "": ("Chờ quyết định", ("", Decision.Verdict.FOLDED)),  # what was folded in and came back for another reason waits again
    "da-chap-nhan": ("Đã chấp nhận, chưa tính được", (Decision.Verdict.ACCEPT,)),
    "de-rieng": ("Để riêng", (Decision.Verdict.REJECT,)),
}
ACCEPT, REJECT, FOLD = "chap-nhan", "de-rieng", "tinh-tiep"


class _Chosen(NamedTuple):
    """What the page shows: lines of a unit with those below it, or of a device, for a reason, in a state."""

    unit: Unit | None
    device: Device | None
    reason: str
    state: str
    every: QuerySet[Quarantine]

    @property
    def lines(self) -> QuerySet[Quarantine]:
        """In the order in which they came, with `verdict`."""
        rows = quarantined.of_reason(self.every, self.reason) if self.reason else self.every
        last = Coalesce("verdict", Value(""), output_field=TextField())  # in one place, so that it is looked up once
        return with_verdict(rows).annotate(last=last).filter(last__in=STATES[self.state][1]).order_by(*OLDEST_FIRST)


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def quarantine(request: HttpRequest) -> HttpResponse:
    """The lines, fifty on a page; a POST decides about those that were ticked, or about the whole group, and comes back here."""
    chosen = _chosen(request)
    if request.method == "POST":
        if not may(request.user, Right.DECIDE_QUARANTINE):
            raise Http404
        _act(request, chosen, timezone.now())
        return redirect(request.get_full_path())
    page = Paginator(chosen.lines, PAGE).get_page(request.GET.get("trang"))
    rows = quarantined.line_rows(list(page), request.user)
    context = {
        "here": "devices",
        "chosen": chosen,
        "groups": quarantined.by_reason(chosen.every),
        "reason": quarantined.reason_of(chosen.reason) if chosen.reason else None,
        "states": {name: words for name, (words, _) in STATES.items()},
        "page": page,
        "rows": rows,
        "mine": any(row.mine for row in rows),
        "foldable": any(row.mine and row.reason.foldable for row in rows),
        "ready": any(row.mine and row.ready for row in rows),
        "most": DECIDED_AT_ONCE,
    }
    return render(request, "devices/quarantine.html", context)


def _chosen(request: HttpRequest) -> _Chosen:
    """What the address asks for. Raises Http404 for what the user may not see, as for what does not exist."""
    seen = units_for(request.user, Right.SEE_DEVICES)
    if not seen.exists():
        raise Http404
    unit_id, device_id, state = (request.GET.get(name, "") for name in ("don-vi", "thiet-bi", "trang-thai"))
    if "\0" in unit_id + device_id:  # PostgreSQL cannot even look for it
        raise Http404
    unit = get_object_or_404(seen, pk=unit_id) if unit_id else None
    device = get_object_or_404(Device.objects.select_related("counter"), unit__in=seen, pk=device_id) if device_id else None
    reason = request.GET.get("ly-do", "")
    if state not in STATES or not (reason in quarantined.REASONS or reason == ""):
        raise Http404
    every = quarantined.from_device(request.user, device) if device else quarantined.visible(request.user)
    if unit:
        every = every.filter(unit_id__in=area([unit]).values("pk"))
    return _Chosen(unit, device, reason, state, every)


def _act(request: HttpRequest, chosen: _Chosen, now: datetime) -> None:
    what = request.POST.get("viec")
    if what in (ACCEPT, REJECT):
        _decide(request, _ticked(request, chosen), Decision.Verdict.ACCEPT if what == ACCEPT else Decision.Verdict.REJECT, now)
    elif what != FOLD:
        raise Http404
    if what in (ACCEPT, FOLD):
        _fold(request, now)


def _ticked(request: HttpRequest, chosen: _Chosen) -> list[Quarantine]:
    """The lines that the form names. Raises Http404 where the user may see none of them."""
    if request.POST.get("ca-nhom"):
        return list(chosen.lines[:DECIDED_AT_ONCE])
    names = {
        (ledger, int(seq)) for ledger, _, seq in (name.rpartition(":") for name in request.POST.getlist("dong")) if _is_line(ledger, seq)
    }
    if not names:
        messages.warning(request, "Xin đánh dấu ít nhất một dòng.")
        return []
    among = chosen.every.filter(ledger__in={ledger for ledger, _ in names}, seq__in={seq for _, seq in names})
    lines = [row for row in among.order_by(*OLDEST_FIRST) if (row.ledger, row.seq) in names]
    if not lines:
        raise Http404
    return lines


def _decide(request: HttpRequest, lines: Sequence[Quarantine], verdict: Decision.Verdict, now: datetime) -> None:
    mine = quarantined.decidable(lines, request.user)
    if lines and not mine:
        raise Http404
    fit = [row for row in mine if verdict == Decision.Verdict.REJECT or quarantined.reason_of(row.reason).foldable]
    decide_rows(fit, verdict, request.user.get_username(), now)
    _note(request, fit, "chấp nhận" if verdict == Decision.Verdict.ACCEPT else "để riêng")
    if fit:
        messages.success(request, f"{'Đã chấp nhận' if verdict == Decision.Verdict.ACCEPT else 'Đã để riêng'} {number(len(fit))} dòng.")
    if len(mine) < len(lines):
        words = f"{number(len(lines) - len(mine))} dòng sẽ tính vào đơn vị khác; xin người có quyền ở cả hai đơn vị quyết định."
        messages.warning(request, words)
    if len(fit) < len(mine):
        messages.warning(request, f"{number(len(mine) - len(fit))} dòng không thể tính được nên không chấp nhận; chỉ có thể để riêng.")


def _fold(request: HttpRequest, now: datetime) -> None:
    own = Quarantine.objects.filter(unit_id__in=units_for(request.user, Right.DECIDE_QUARANTINE).values("pk"))
    folded = refold(now, own, FOLDED_AT_ONCE)
    if len(folded) == FOLDED_AT_ONCE:
        messages.success(request, f"Đã tính {number(len(folded))} dòng vào kết quả. Có thể còn nữa: xin bấm “Tính tiếp”.")
    elif folded:
        messages.success(request, f"Đã tính {number(len(folded))} dòng vào kết quả.")
    else:
        messages.info(request, "Chưa có dòng nào tính được ngay; dòng đã chấp nhận được giữ lại đến khi tính được.")


def _note(request: HttpRequest, lines: Sequence[Quarantine], what: str) -> None:
    by_ledger: defaultdict[tuple[str, str], list[int]] = defaultdict(list)
    for row in lines:
        by_ledger[row.unit_id, row.ledger].append(row.seq)
    for (unit_id, ledger), seqs in by_ledger.items():
        note(request, Action.CHANGE, unit_id, ledger, f"{what} dòng cách ly {', '.join(map(str, sorted(seqs)))}")


def _is_line(ledger: str, seq: str) -> bool:
    return "\0" not in ledger and seq.isascii() and seq.isdecimal() and len(seq) <= MAX_DIGITS
