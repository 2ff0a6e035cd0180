"""The numbers of papers: 1, 2, 3 … of a unit, a year and a kind, without gaps."""

from threading import Thread

import pytest
from django.db import connection, transaction
from django.utils import timezone

from server.documents.heading import blank, written
from server.documents.models import Number
from server.documents.numbers import take_number
from server.places.models import Unit


@pytest.fixture
def unit() -> Unit:
    return Unit.objects.create(name="Phường Thái Hòa", kind=Unit.Kind.COMMUNE)


def take(unit: Unit, subject: str, year: int = 2026, kind: str = "giay-moi") -> int:
    return take_number(unit, year, "GM-UBND", kind, subject, "lan", timezone.now()).number


def test_each_unit_year_and_kind_counts_by_itself(unit: Unit) -> None:
    other = Unit.objects.create(name="Xã Anh Sơn", kind=Unit.Kind.COMMUNE)
    assert [take(unit, "a"), take(unit, "b"), take(unit, "c")] == [1, 2, 3]
    assert [take(other, "a"), take(unit, "a", 2027), take(unit, "a", kind="thu")] == [1, 1, 1]


def test_the_same_paper_keeps_its_number(unit: Unit) -> None:
    assert [take(unit, "a"), take(unit, "b"), take(unit, "a")] == [1, 2, 1]
    assert Number.objects.get(unit_id=unit.pk, year=2026, kind="giay-moi", subject="b").number == 2
    assert not Number.objects.filter(subject="c").exists()


def test_a_number_that_was_taken_in_vain_comes_again(unit: Unit) -> None:
    with transaction.atomic():
        take(unit, "a")
        transaction.set_rollback(True)
    assert take(unit, "b") == 1


@pytest.mark.once
def test_below_ten_a_zero_stands_before_it(unit: Unit) -> None:
    number = take_number(unit, 2026, "GM-UBND", "giay-moi", "a", "lan", timezone.now())
    assert written(number, "GM-UBND") == "01/GM-UBND"
    assert blank("GM-UBND").strip() == "/GM-UBND"


def test_eight_at_once_get_all_numbers_and_each_paper_one(unit: Unit) -> None:
    got: list[tuple[str, int]] = []

    def run(thread: int) -> None:
        try:
            for place in range(6):
                subject = f"{place}" if place < 3 else f"{place} {thread}"  # papers that all ask for, and some of one's own
                got.append((subject, take(unit, subject)))
        finally:
            connection.close()

    threads = [Thread(target=run, args=(thread,)) for thread in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(got) == 48
    assert sorted({number for _, number in got}) == list(range(1, 3 + 3 * 8 + 1))
    assert len(set(got)) == len({subject for subject, _ in got})
