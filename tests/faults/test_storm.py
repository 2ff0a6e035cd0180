"""T30: every kiosk reconnects at once. Simulated kiosks with three days' backlog, the real client, the real server on PostgreSQL."""

from pathlib import Path

import pytest

from bench.storm import VOTES, storm
from tests.faults import scale
from tests.faults.report import report

PER_SECOND = 2000  # far more than a server takes, so that some find the queue full; `make bench` has the storm as it would come


@pytest.mark.fault("T30")
def test_of_kiosks_that_come_all_at_once_many_get_an_appointment_and_all_arrive_without_piling_up_again(tmp_path: Path) -> None:
    kiosks = scale.how_many(ci=200, long=2000)
    course = storm(tmp_path, kiosks, within=kiosks / PER_SECOND)
    lost = kiosks * VOTES - course.votes
    doubled = max(course.rows, course.tallied) - course.votes
    report("T30", cases=kiosks, lost=lost, doubled=doubled)
    assert (lost, doubled) == (0, 0)
    assert course.waits, "nobody was told to come again later"
    assert course.failed == 0, "an exchange without an answer, or a 503 without an appointment"
    assert len(course.waits) < 3 * kiosks, "who kept an appointment found the queue full again and again"
