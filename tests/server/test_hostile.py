"""Hostile uploads: whatever comes, a signed answer below 500, and nothing is kept that was not signed by a device."""

import json
import tracemalloc
import zlib
from typing import Any

import msgspec
import pytest
from django.db import connection
from hypothesis import HealthCheck, given, seed, settings
from hypothesis import strategies as st
from nacl.signing import SigningKey

from server.devices import identity
from server.intake import views
from server.intake.models import Batch
from sync import entries, wire
from sync.signature import DEVICE_HEADER, SIGNATURE_HEADER, sign_request
from tests.faults import scale
from tests.faults.report import report
from tests.server.kiosk import PATH, Counted, Kiosk, counted, enrolled, nothing_stored, quarantined

EXAMPLES = scale.how_many(ci=83, long=8333)  # of each of three tests, on each of two databases: 500 or 50,000 in all
HOSTILE = settings(max_examples=EXAMPLES, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
SEED = seed(f"{scale.SEED} {connection.vendor}")

odd_numbers = st.sampled_from([2**53, 2**53 + 1, 2**63, 2**64, -1, -(2**63), 1e308, 1e400, 0.1, True]) | st.integers() | st.floats()
odd_texts = st.sampled_from(["", "\0", "\ud800", "\udfff\ud800", "x" * 3000, "NaN", "1970-01-01T00:00:00Z", "é\u0301", "'; --"]) | st.text(
    max_size=20
)
odd = st.recursive(
    st.none() | st.booleans() | odd_numbers | odd_texts,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(odd_texts, inner, max_size=3),
    max_leaves=6,
)
VOTE: dict[str, Any] = {
    "kind": "vote",
    "id": str(entries.uuid7()),
    "at": "2026-11-23T02:52:07.123Z",
    "up": 1.5,
    "boot": "b",
    "officer": None,
    "rating": "satisfied",
}
KINDS = ["vote", "change", "reasons", "comment", "duty", "started", "closed", "opened", "dance"]


def dumped(value: object) -> bytes:
    """JSON as nobody should write it: NaN, Infinity and lone surrogates stay."""
    return json.dumps(value, ensure_ascii=False).encode("utf-8", "surrogatepass").replace(b"\n", b" ")


def gzipped(text: bytes) -> bytes:
    packer = zlib.compressobj(9, zlib.DEFLATED, 31)
    return packer.compress(text) + packer.flush()


def header(kiosk: Kiosk, **changes: object) -> bytes:
    said = json.loads(zlib.decompress(kiosk.batch(1, 0), 31).splitlines()[0])
    return dumped(said | changes)


@st.composite
def nearly_entries(draw: st.DrawFn) -> bytes:
    """A line that is nearly an entry: some field is odd, missing, or there twice."""
    entry = {
        **VOTE,
        "kind": draw(st.sampled_from(KINDS)),
        "id": str(draw(st.uuids())),
        "vote": str(draw(st.uuids())),
        "reasons": ["r"],
        "sealed": "5" * 64,
        "key": "ab" * 8,
    }
    for name in draw(st.lists(st.sampled_from([*entry]), max_size=3)):
        entry[name] = draw(odd)
    line = dumped(entry)
    if draw(st.booleans()):
        line = line[:-1] + b"," + dumped({draw(st.sampled_from([*entry])): draw(odd)})[1:]
    return line[: entries.MAX_LINE_BYTES]


lines = (
    nearly_entries()
    | st.binary(max_size=60).map(lambda line: line.replace(b"\n", b" "))
    | odd.map(dumped).map(lambda line: line[: entries.MAX_LINE_BYTES])
)


@pytest.mark.fault("T26", cases=EXAMPLES)
@SEED
@HOSTILE
@given(st.lists(lines, min_size=1, max_size=12))
def test_any_lines_of_a_signed_batch_are_acknowledged_and_those_behind_are_counted(poison: list[bytes]) -> None:
    kiosk = enrolled().open()
    kiosk.lines += poison
    kiosk.vote("dissatisfied")
    answer = kiosk.send()
    assert answer.receipt.ledgers[0].acked == len(kiosk.lines)
    assert counted(kiosk.unit).dissatisfied >= 1
    assert len(quarantined(kiosk.unit)) <= len(poison)


@pytest.mark.fault("T26", cases=EXAMPLES)
@SEED
@HOSTILE
@given(st.sampled_from(["ledger", "first", "previous", "ledgers", "clock", "genuine", "health", "nonce", "more"]), odd, st.booleans())
def test_any_header_is_answered_below_500(name: str, value: object, twice: bool) -> None:
    kiosk = enrolled().open()
    said = header(kiosk, **{name: value})
    if twice:
        said = said[:-1] + b"," + dumped({name: value})[1:]
    assert kiosk.post(gzipped(said + b"\n" + kiosk.lines[0] + b"\n")).status < 500


@pytest.mark.fault("T26", cases=EXAMPLES)
@SEED
@HOSTILE
@given(
    st.binary(max_size=300),
    st.sampled_from(["", "AAAA", "é", "x" * 5000]) | st.none(),
    st.sampled_from([None, "", "d-0", "\0", "d-" + "X" * 70]),
)
def test_any_bytes_are_answered_below_500_and_keep_nothing(body: bytes, signature: str | None, device: str | None) -> None:
    kiosk = enrolled()
    answer = kiosk.post(body, signature=signature, device=device)
    assert 400 <= answer.status < 500
    assert not Batch.objects.filter(unit_id=kiosk.unit.id).exists()


POISON = {
    "deep array": b"[" * 4096,
    "deep object": b'{"a":' * 800,
    "no number": b'{"kind":"vote","up":NaN}',
    "infinite": b'{"kind":"vote","up":1e999}',
    "half a character": b'{"kind":"vote","id":"\\ud800"}',
    "empty": b"",
    "no UTF-8": b"\xff\xfe\0",
    "no object": b"17",
    "unknown kind": dumped(VOTE | {"kind": "dance"}),
    "unknown rating": dumped(VOTE | {"rating": "furious"}),
    "no officer": dumped({name: value for name, value in VOTE.items() if name != "officer"}),
}


@pytest.mark.fault("T26")
def test_control_a_server_that_asks_for_no_signature_counts_what_a_stranger_sent(kiosk: Kiosk, monkeypatch: pytest.MonkeyPatch) -> None:
    body = kiosk.open().vote().batch()
    stranger = SigningKey.generate()
    monkeypatch.setattr(identity, "request_is_genuine", lambda *_: True)
    kiosk.post(body, signature=sign_request(stranger, "POST", PATH, body))
    report(
        "T26", cases=0, lost=0, doubled=0, control=f"no signature asked for: {sum(counted(kiosk.unit))} of 1 counted that a stranger sent"
    )
    assert counted(kiosk.unit) == Counted(1, 0)


@pytest.mark.fault("T27", cases=1)
@pytest.mark.parametrize("line", POISON.values(), ids=POISON)
def test_a_poison_line_goes_to_quarantine_and_the_vote_behind_it_counts(kiosk: Kiosk, line: bytes) -> None:
    kiosk.open()
    kiosk.lines.append(line)
    assert kiosk.vote().send().receipt.ledgers[0].acked == 3
    assert quarantined(kiosk.unit) == {2: "malformed"}
    assert counted(kiosk.unit) == Counted(1, 0)


@pytest.mark.fault("T27")
def test_control_a_server_without_quarantine_never_takes_the_votes_behind_a_poison_line(
    kiosk: Kiosk, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Broken on purpose: a line that is no entry makes the whole batch malformed."""

    def strict(body: bytes) -> wire.Batch:
        batch = wire.decode_batch(body)
        for line in batch.lines:
            entries.decode_entry(line)
        return batch

    monkeypatch.setattr(views, "_decoded", strict)
    stuck = 0
    for line in POISON.values():
        one = enrolled(kiosk.unit).open()
        one.lines.append(line)
        stuck += one.vote().send().status == 400
    report("T27", cases=0, lost=0, doubled=0, control=f"no quarantine: the queue stops at {stuck} of {len(POISON)}")
    assert (stuck, counted(kiosk.unit)) == (len(POISON), Counted(0, 0))


@pytest.mark.fault("T26", cases=1)
@pytest.mark.parametrize(
    ("byte", "times"), [(b"\0", 200_000_000), (b"[", 60_000_000), (b"\n", 100_000_000)], ids=["zeros", "deep", "lines"]
)
def test_a_zip_bomb_takes_little_memory(kiosk: Kiosk, byte: bytes, times: int) -> None:
    body = gzipped(byte * times)
    tracemalloc.start()
    try:
        assert kiosk.post(body).status in (400, 413)
        assert tracemalloc.get_traced_memory()[1] < 50_000_000
    finally:
        tracemalloc.stop()
    assert nothing_stored()


@pytest.mark.fault("T26", cases=1)
def test_two_gzip_members_are_refused_in_whichever_order(kiosk: Kiosk) -> None:
    body = kiosk.open().vote().batch()
    for two in (body + body, gzipped(b"") + body, body + b"\0"):
        assert kiosk.post(two).problem.code == "malformed"
    assert nothing_stored()


@pytest.mark.fault("T26", cases=1)
def test_a_signed_batch_sent_as_another_device_keeps_nothing(kiosk: Kiosk) -> None:
    other = enrolled(kiosk.unit)
    body = kiosk.open().vote().batch()
    assert kiosk.post(body, device=other.device).problem.code == "bad-signature"
    assert nothing_stored()


@pytest.mark.fault("T26", cases=1)
def test_a_ledger_opened_for_another_devices_key_counts_nothing(kiosk: Kiosk) -> None:
    other = enrolled(kiosk.unit)
    other.lines = kiosk.open().vote().lines
    other.ledger = kiosk.ledger
    assert other.send().status == 200
    assert set(quarantined(kiosk.unit).values()) == {"wrong-opened", "ledger-not-opened"}
    assert (counted(kiosk.unit).satisfied, kiosk.send().problem.code) == (0, "forked")


def test_a_header_may_not_say_more_ledgers_than_the_limit(kiosk: Kiosk) -> None:
    held = [wire.Held(f"l-{number}", 0, 0, 0) for number in range(201)]
    assert kiosk.open().send(ledgers=held).problem.code == "malformed"
    assert len(kiosk.send(ledgers=held[:200]).receipt.ledgers) == 201


def test_a_length_that_is_absurd_is_too_large(kiosk: Kiosk) -> None:
    sent: dict[str, Any] = {
        "CONTENT_LENGTH": "9" * 4000,
        DEVICE_HEADER: kiosk.device,
        SIGNATURE_HEADER: sign_request(kiosk.key, "POST", PATH, b""),
    }
    response = kiosk.client.generic("POST", PATH, **sent)
    assert response.status_code < 500
    assert msgspec.json.decode(response.content)["status"] == response.status_code
