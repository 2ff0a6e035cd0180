"""The contract."""

import gzip
import subprocess
import zlib
from datetime import UTC, datetime
from functools import partial
from itertools import count
from pathlib import Path
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sync import keys, wire
from sync.entries import GENESIS, MAX_LINE_BYTES, Malformed, PublicKey, Sha256, Vote, chain, decode_entry, digest, encode_entry, uuid7
from sync.wire import MAX_BATCH_LINES, Batch, BatchHeader, Clock, Health, Held, decode_batch, encode_batch

packed = partial(gzip.compress, mtime=0)  # the same bytes in every process, so that tests have the same names
AT = datetime(2026, 11, 23, 2, 52, 7, 123000, tzinfo=UTC)
HEADER = BatchHeader(
    ledger="l-1",
    first=1,
    previous=GENESIS,
    ledgers=[Held("l-1", 0, 2, 0)],
    clock=Clock(AT, 5.0, "boot"),
    genuine=None,
    health=Health("0.1.0", 2, 10**9),
    nonce="n",
)
VOTE = Vote(id=uuid7(), at=AT, up=86402.5, boot="boot", officer="o-1", rating="satisfied")


def test_an_entry_is_one_line_and_comes_back_as_it_was() -> None:
    line = encode_entry(VOTE)
    assert b"\n" not in line
    assert b"\t" not in line
    assert decode_entry(line) == VOTE


def test_an_entry_over_its_limit_is_refused() -> None:
    with pytest.raises(Malformed, match="bytes"):
        encode_entry(msgspec.structs.replace(VOTE, boot="b" * MAX_LINE_BYTES))


@pytest.mark.parametrize(
    "line",
    [
        b"", b"null", b"[]", b"{", b"\xff", b'{"kind":"vote"}', b'{"kind":"unheard-of"}', b"[" * 5000, b'{"kind":"vote","id":NaN}',
        encode_entry(VOTE).replace(b'"satisfied"', b'"delighted"'), encode_entry(VOTE).replace(b"Z", b""),
        encode_entry(VOTE).replace(b"86402.5", b"-1"), encode_entry(VOTE).replace(b"86402.5", b"1e300"),
    ],
    ids=map(str, count()),
)  # fmt: skip
def test_what_cannot_be_interpreted_says_so(line: bytes) -> None:
    with pytest.raises(Malformed):
        decode_entry(line)


@pytest.mark.parametrize("kind", [Sha256, PublicKey, keys.Second])
def test_a_digest_a_key_and_a_second_end_where_they_end(kind: Any) -> None:  # noqa: ANN401 – an annotated str
    good = b"2026-11-25T02:52:07Z" if kind is keys.Second else b"a" * 64
    assert wire.decode(b'"%s"' % good, kind)
    with pytest.raises(Malformed):
        wire.decode(rb'"%s\n"' % good, kind)


def test_sha256sum_checks_a_digest() -> None:
    line = encode_entry(VOTE)
    first = digest(GENESIS, line)
    printed = subprocess.run(["sha256sum"], input=first.encode() + line, stdout=subprocess.PIPE, check=True).stdout.split()[0].decode()
    assert digest(first, line) == printed


@given(st.lists(st.binary(max_size=50).filter(lambda line: b"\n" not in line), max_size=30))
def test_the_chain_is_each_digest_after_the_other(lines: list[bytes]) -> None:
    previous, one_by_one = GENESIS, []
    for line in lines:
        previous = digest(previous, line)
        one_by_one.append(previous)
    assert chain(GENESIS, lines) == one_by_one


@given(st.lists(st.binary(max_size=200).filter(lambda line: b"\n" not in line), max_size=40))
def test_a_batch_carries_its_lines_byte_for_byte(lines: list[bytes]) -> None:
    batch = Batch(HEADER, lines)
    assert decode_batch(encode_batch(batch)) == batch


def test_equal_batches_are_equal_bytes() -> None:
    batch = Batch(HEADER, [encode_entry(VOTE)])
    assert encode_batch(batch) == encode_batch(batch)


GOOD = encode_batch(Batch(HEADER, [encode_entry(VOTE)]))


@pytest.mark.parametrize(
    "body",
    [
        b"", b"plain", GOOD[:-4], GOOD + GOOD, GOOD + b"x", packed(b""), packed(b"{}\n"), packed(b"no newline"),
        packed(msgspec.json.encode(HEADER)), zlib.compress(b"{}\n"), packed(b"\n"),
        packed(b"0" * 50_000_000),
        packed(msgspec.json.encode(HEADER) + b"\n" + b"x\n" * (MAX_BATCH_LINES + 1)),
        packed(msgspec.json.encode(HEADER) + b"\n" + b"x" * (MAX_LINE_BYTES + 1) + b"\n"),
        packed(msgspec.json.encode(HEADER) + b"\n" + (b"x" * 4000 + b"\n") * 80),
        packed(msgspec.json.encode(HEADER).replace(b'"first":1', b'"first":0') + b"\n"),
        packed(msgspec.json.encode(HEADER).replace(b'"first":1', b'"first":1e9999') + b"\n"),
    ],
    ids=map(str, count()),
)  # fmt: skip
def test_anything_but_one_whole_batch_within_the_limits_is_malformed(body: bytes) -> None:
    with pytest.raises(Malformed):
        decode_batch(body)


@given(st.binary(max_size=300))
def test_no_bytes_break_the_decoder(body: bytes) -> None:
    for data in (body, packed(body)):
        with pytest.raises(Malformed):
            decode_batch(data)


def test_uuid7_is_of_version_7_and_sorts_by_time() -> None:
    made = [uuid7() for _ in range(100)]
    assert {(one.version, one.variant) for one in made} == {(7, "specified in RFC 4122")}
    assert len(set(made)) == 100
    milliseconds = [one.int >> 80 for one in made]
    assert milliseconds == sorted(milliseconds)


EXAMPLES = Path(__file__).resolve().parents[1] / "wire"


def test_the_frozen_lines_have_the_frozen_digests() -> None:
    lines = (EXAMPLES / "entries.ndjson").read_bytes().splitlines()
    assert chain(GENESIS, lines) == (EXAMPLES / "digests.txt").read_text().split()


@pytest.mark.parametrize("line", (EXAMPLES / "entries.ndjson").read_bytes().splitlines())
def test_the_frozen_lines_are_still_written_byte_for_byte(line: bytes) -> None:
    assert encode_entry(decode_entry(line)) == line


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("batch-header", BatchHeader), ("receipt", wire.Receipt), ("problem-gap", wire.Problem), ("problem-forked", wire.Problem),
        ("problem-revoked", wire.Problem), ("enrol-request", wire.EnrolRequest), ("enrolment", wire.Enrolment),
        ("config", wire.KioskConfig), ("config-shown", wire.KioskConfig), ("config-duty", wire.KioskConfig),
        ("config-technician", wire.KioskConfig), ("config-updates", wire.KioskConfig),
        ("key-request", keys.KeyRequest), ("key-taken", keys.KeyTaken),
        ("key-changes", keys.KeyChanges),
    ],
)  # fmt: skip
def test_the_frozen_documents_are_still_written_byte_for_byte(name: str, kind: type[msgspec.Struct]) -> None:
    data = (EXAMPLES / f"{name}.json").read_bytes().rstrip(b"\n")
    assert msgspec.json.encode(wire.decode(data, kind)) == data
