"""T21, T22: a kiosk's disk is copied and both go on, or an old image is put back; real kiosks and the real server."""

import random
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from tests.faults import scale
from tests.faults.broken import no_fork_check
from tests.faults.centre import begin
from tests.faults.district import District
from tests.faults.invariants import Totals, Verdict, total
from tests.faults.report import report
from tests.faults.schedules import Case, in_a_district

MOST_VOTES = 12


def flag_of(district: District) -> str:
    from server.devices.models import Device

    return Device.objects.get(pk=district.kiosks[0].device()).flag


def some_votes(district: District, kiosk: int, chance: random.Random, least: int) -> None:
    for _ in range(chance.randint(least, MOST_VOTES)):
        district.kiosks[kiosk].vote(change=chance.random() < 0.2)


def cloned(district: District, chance: random.Random) -> Verdict:
    """Both disks take votes and reach the server, in any order; the second of them must be noticed at once."""
    some_votes(district, 0, chance, 0)
    if chance.random() < 0.7:
        district.exchange(0)
        some_votes(district, 0, chance, 0)
    district.clone(0)
    both = [0, len(district.kiosks) - 1]
    chance.shuffle(both)
    for kiosk in both:
        some_votes(district, kiosk, chance, 1)
    for kiosk in both:
        district.kiosks[kiosk].exchange()
    noticed = flag_of(district)
    for kiosk in both:
        some_votes(district, kiosk, chance, 0)
    return noted(district.judge(), noticed)


def rolled_back(district: District, chance: random.Random) -> Verdict:
    """What came after the image is on the server only; the kiosk goes on from the image, and must be noticed at once."""
    some_votes(district, 0, chance, 0)
    if chance.random() < 0.7:
        district.exchange(0)
        some_votes(district, 0, chance, 0)
    district.image(0)
    some_votes(district, 0, chance, 1)
    district.exchange(0)
    counted = district.counted().keys()
    district.roll_back(0)
    some_votes(district, 0, chance, 0)
    district.exchange(0)
    noticed = flag_of(district)
    some_votes(district, 0, chance, 0)
    verdict = district.judge()
    assert counted <= district.counted().keys(), "what counted before the image was put back counts no more"
    return noted(verdict, noticed)


def noted(verdict: Verdict, flag: str) -> Verdict:
    """The verdict; wrong where the server did not notice."""
    return verdict if flag == "forked" else replace(verdict, wrong=(*verdict.wrong, f"the device's flag is {flag!r}"))


def clone_case(case: Case) -> Verdict:
    return in_a_district(case, lambda district: cloned(district, scale.chance("T21", case.number))).named(case.number)


def image_case(case: Case) -> Verdict:
    return in_a_district(case, lambda district: rolled_back(district, scale.chance("T22", case.number))).named(case.number)


def played(fault: str, play: Callable[[Case], Verdict], root: Path, cases: int) -> Totals:
    """So many cases together, in processes of their own."""
    return total(scale.shared_out(fault, play, [Case(root, number, []) for number in range(cases)]))


def found(fault: str, play: Callable[[Case], Verdict], root: Path) -> Totals:
    """All cases of this run."""
    verdicts = played(fault, play, root, scale.how_many(ci=5, long=200))
    report(fault, cases=verdicts.cases, lost=verdicts.lost, doubled=verdicts.doubled)
    return verdicts


def blind_clone_case(case: Case) -> Verdict:
    begin(case.root)
    with pytest.MonkeyPatch.context() as patched:
        no_fork_check(patched)
        return clone_case(case)


def blind_image_case(case: Case) -> Verdict:
    begin(case.root)
    with pytest.MonkeyPatch.context() as patched:
        no_fork_check(patched)
        return image_case(case)


@pytest.mark.fault("T21")
def test_of_a_cloned_disk_every_vote_of_both_counts_once_and_the_server_notices_at_once(district: Path) -> None:
    verdicts = found("T21", clone_case, district)
    assert (verdicts.lost, verdicts.doubled, verdicts.wrong) == (0, 0, ())


@pytest.mark.fault("T22")
def test_of_a_kiosk_that_is_put_back_to_an_old_image_every_vote_counts_once_and_the_server_notices_at_once(district: Path) -> None:
    verdicts = found("T22", image_case, district)
    assert (verdicts.lost, verdicts.doubled, verdicts.wrong) == (0, 0, ())


@pytest.mark.parametrize(("fault", "play"), [("T21", blind_clone_case), ("T22", blind_image_case)])
@pytest.mark.fault("T21", "T22")
def test_control_a_server_that_does_not_look_at_digests_loses_votes(district: Path, fault: str, play: Callable[[Case], Verdict]) -> None:
    verdicts = played(fault, play, district, 5)
    report(fault, cases=0, lost=0, doubled=0, control=f"no fork check: lost {verdicts.lost} of {verdicts.thanked}")
    assert verdicts.lost > 0
