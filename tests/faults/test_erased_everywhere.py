"""T33: with a comment, all that the office put beside it is erased: in the database, on the kiosk, in a restored backup."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.faults.report import report
from tests.faults.test_personal_data import a_tablet, carried, held, places_of, restore, written
from tests.stage.programs import ROOT, Server
from tests.stage.tablet import Tablet


def papers_about(server: Server, sealed: str) -> list[str]:
    """What the office puts beside a comment: the hashes."""
    environment = {**os.environ, "HAILONG_DATA": str(server.data), "HAILONG_DATABASE_URL": server.database or ""}
    words = [sys.executable, "-m", "tests.stage.papers", sealed]
    made = subprocess.run(words, cwd=ROOT, env=environment, capture_output=True, text=True, check=True).stdout
    return list(json.loads(made)["made"])


def bodies(server: Server, hashes: list[str]) -> dict[str, bytes]:
    """The sealed bytes that the server holds."""
    return {sealed: bytes(body) for sealed, body in server.rows("SELECT sha256, body FROM comments_sealedcomment") if sealed in hashes}


def nowhere(server: Server, erased: dict[str, bytes], tablet: Tablet) -> bool:
    """Whether no value of the database, no file of the kiosk and no file of the server is, or holds a stretch of, what was erased."""
    said = server.command("holds", *erased, "--in", str(tablet.data), str(server.data))
    files = [path for body in erased.values() for path in places_of(body, tablet.data, server.data)]
    return said.count("the bytes are nowhere that was looked at") == said.count("  erased ") == len(erased) and not files


@pytest.mark.fault("T33")
def test_what_the_office_put_beside_a_comment_is_erased_with_it_everywhere(server: Server, tmp_path: Path, tablets: list[Tablet]) -> None:
    tablet = a_tablet(server, tmp_path / "kiosk", tablets)
    kept, _ = written(tablet, 1)
    sealed, body = written(tablet, 2)
    carried(tablet)
    erased = bodies(server, [sealed, *papers_about(server, sealed)])
    assert len(erased) == 4
    assert "may hold its file for 30 days" in server.command("holds", sealed)
    backup = tmp_path / "before.tar"
    server.command("backup", str(backup))
    server.command("erase", "--vote", str(tablet.last_vote), "--because", "đơn số 15")
    carried(tablet)
    gone_at_once = nowhere(server, erased, tablet)
    restore(server, backup)
    for path in server.data.glob("*.before-*"):
        path.unlink()
    (tablet.data / "sealed" / sealed).write_bytes(body)  # the kiosk's disk is set back too
    carried(tablet)
    server.command("rebuild")
    server.command("retain")
    server.command("verify")
    gone_after_a_restore = nowhere(server, erased, tablet)
    report("T33", cases=1, lost=0, doubled=0)
    assert (gone_at_once, gone_after_a_restore) == (True, True)
    assert held(server) == {kept}


@pytest.mark.fault("T33")
def test_control_what_was_not_erased_is_found_in_each_place(embedded: Server, tmp_path: Path, tablets: list[Tablet]) -> None:
    tablet = a_tablet(embedded, tmp_path / "kiosk", tablets)
    sealed, body = written(tablet, 1)
    carried(tablet)
    said = embedded.command("holds", sealed, "--in", str(tablet.data))
    assert "the bytes are in comments_sealedcomment.body\n" in said
    assert str(tablet.data / "sealed" / sealed) in said
    embedded.command("erase", sealed, "--because", "đơn số 15")
    with pytest.raises(subprocess.CalledProcessError):  # the kiosk has not been here yet
        embedded.command("holds", sealed, "--in", str(tablet.data))
    carried(tablet)
    assert "nowhere" in embedded.command("holds", sealed, "--in", str(tablet.data))
    report("T33", cases=0, lost=0, doubled=0, control="not erased: found in the database and in the kiosk's folder")
    assert places_of(body, tablet.data, embedded.data) == []
