"""What became of complaints, on the public board."""

import re
from datetime import date

from django.test import Client

from server.board.outcomes import ENOUGH, by_year, outcomes
from server.cases.models import Case, Event
from server.cases.steps import Step
from server.record.models import Line
from server.record.veil import veiled
from tests.server.boxed import NAME, PUBLISHED, case_at, published, wrote
from tests.server.kiosk import Kiosk, enrolled
from tests.server.people import Role, somebody


def pages(client: Client, kiosk: Kiosk) -> list[str]:
    begin = f"/cong-khai/{kiosk.unit.pk}/"
    return [client.get(address).content.decode() for address in (begin, f"{begin}ket-qua/", f"{begin}man-hinh/")]


def test_everybody_reads_what_was_published_and_nothing_that_leads_to_somebody(kiosk: Kiosk, client: Client) -> None:
    case = published(kiosk)
    for page in pages(client, kiosk):
        assert PUBLISHED in page
        hidden = [case.id, case.subject, NAME, kiosk.counter.name, kiosk.counter.pk, *(one.name for one in kiosk.officers)]
        assert [word for word in hidden if word in page] == []
        assert not re.search(r"0[1-9]/11/2026", page)


def test_nothing_is_shown_of_a_case_that_was_not_published(kiosk: Kiosk, client: Client) -> None:
    for step in set(Step) - {Step.PUBLISHED}:
        case_at(kiosk, wrote(kiosk), step, published=PUBLISHED, outcome=Case.Outcome.APOLOGISED)
    assert [page for page in pages(client, kiosk) if PUBLISHED in page] == []
    assert outcomes(kiosk.unit) == []


def test_a_sensitive_outcome_looks_as_any_other(kiosk: Kiosk, client: Client) -> None:
    published(kiosk, "Đã xem xét", sensitive=False)
    other = enrolled()
    published(other, "Đã xem xét", sensitive=True)
    for one, two in zip(pages(client, kiosk), pages(client, other), strict=True):
        assert one.replace(kiosk.unit.pk, "") == two.replace(other.unit.pk, "")


def test_outcomes_say_the_month_and_the_days_to_the_answer(kiosk: Kiosk) -> None:
    published(kiosk, days=10)  # opened on 2 November, answered twenty days later, published on 2 December
    [one] = outcomes(kiosk.unit)
    assert (one.month, one.days, one.apologised) == (date(2026, 12, 1), 20, True)


def test_the_counts_of_a_year_are_of_what_is_shown(kiosk: Kiosk) -> None:
    for days in range(ENOUGH):
        published(kiosk, f"Việc {days}", Case.Outcome.APOLOGISED if days else Case.Outcome.EXPLAINED, days=days)
    [year] = by_year(outcomes(kiosk.unit))
    assert (len(year.outcomes), year.apologised, year.explained, year.days) == (5, 4, 1, 4)
    assert by_year(outcomes(kiosk.unit)[1:])[0].days is None


def test_a_leader_takes_an_outcome_off_the_board_and_puts_it_back_and_both_are_kept(kiosk: Kiosk, client: Client) -> None:
    case = published(kiosk)
    leader, address = somebody(Role.LEADER, kiosk.unit), f"/don-vi/{kiosk.unit.pk}/cong-bo/ket-qua/"
    for action, shown, now in (("go", False, "gỡ kết quả"), ("dang-lai", True, "đưa kết quả trở lại")):
        for _ in range(2):
            leader.post(address, {"so": case.id, "viec": action})
        assert [PUBLISHED in page for page in pages(client, kiosk)] == [shown] * 3
        assert PUBLISHED in leader.get(address).content.decode()
        assert Event.objects.filter(case=case.id, said__startswith=now).count() == 1
    assert Line.objects.filter(action="change", subject=veiled(case.id)).count() == 2


def test_what_was_not_published_cannot_be_taken_down(kiosk: Kiosk) -> None:
    case = case_at(kiosk, wrote(kiosk), Step.ANSWERED, published=PUBLISHED)
    leader = somebody(Role.LEADER, kiosk.unit)
    for one in ("", "\x00", "0000-0000", case.id):
        assert leader.post(f"/don-vi/{kiosk.unit.pk}/cong-bo/ket-qua/", {"so": one, "viec": "go"}).status_code == 404


def test_nobody_else_finds_where_outcomes_are_taken_down(kiosk: Kiosk) -> None:
    case, address = published(kiosk), f"/don-vi/{kiosk.unit.pk}/cong-bo/ket-qua/"
    for role in set(Role) - {Role.LEADER}:
        client = somebody(role, kiosk.unit)
        assert client.get(address).status_code == client.post(address, {"so": case.id, "viec": "go"}).status_code == 404
    assert len(outcomes(kiosk.unit)) == 1


def test_the_board_leads_to_the_page_on_which_citizens_ask(kiosk: Kiosk, client: Client) -> None:
    assert 'href="/tra-cuu/"' in pages(client, kiosk)[0]
    assert "tra-cuu" not in pages(client, kiosk)[2]
