"""docs/wire.md says what the code does: its examples are the frozen files, its tables have every field and limit."""

import re
import subprocess
from datetime import UTC, datetime
from uuid import UUID

import msgspec
import pytest
from msgspec import Struct
from nacl.public import PrivateKey
from requests.structures import CaseInsensitiveDict

from sync import client, entries, keys, sealing, shown, stick, updates, wire
from sync.client import Client
from sync.entries import GENESIS, AnyEntry, chain, decode_entry, encode_entry
from sync.errors import Disagreed
from sync.http import MAX_REPLY_BYTES, Reply, Wire
from sync.link import LINK_LIFE, Link, new_link, read_link
from sync.signature import SIGNATURE_HEADER, holds, request_text, sign
from sync.wire import decode, decode_batch, sha256
from tests.sync.document import EXAMPLES, ROOT, TEXT, Signed, body, constant, embedded, limits, lines, quoted, rows, signatures

LINKED = {"sealed.base64"}
MESSAGES: list[type[Struct]] = [
    wire.BatchHeader, wire.Receipt, wire.Problem, wire.EnrolRequest, wire.Enrolment, wire.KioskConfig, keys.KeyChange,
]  # fmt: skip
IN_WORDS: list[type[Struct]] = [
    entries.Parent, wire.Held, wire.Clock, wire.Genuine, wire.Health, wire.Acked, wire.Place, wire.Officer, keys.KeyRequest,
    keys.KeyTaken, keys.KeyChanges, shown.Reason, shown.Hours, shown.Span, shown.OtherDays, stick.Contents, stick.Listed, updates.Updates,
    updates.Window, updates.Update,
]  # fmt: skip
SIGNED = signatures()


def test_every_frozen_file_is_in_the_document_as_it_is() -> None:
    assert embedded() == {path.name: path.read_text("utf-8") for path in EXAMPLES.iterdir() if path.name not in LINKED}
    assert all(f"](../tests/wire/{name})" in TEXT for name in LINKED)


def test_every_kind_of_entry_has_every_field_in_the_table_and_an_example() -> None:
    said: dict[str, list[str]] = {}
    for kind, field, *_ in rows("| kind | field | type | meaning |"):
        said.setdefault(kind, []).extend(quoted(field))
    every = {f"`{kind.__struct_config__.tag}`": kind.__struct_fields__ for kind in AnyEntry.__args__}
    common = set(entries.Entry.__struct_fields__)
    assert set(said.pop("*every*")) == {"kind", *common}
    assert {kind: set(fields) for kind, fields in said.items()} == {kind: set(fields) - common for kind, fields in every.items()}
    assert {type(decode_entry(line)) for line in lines("entries.ndjson")} == set(AnyEntry.__args__)


@pytest.mark.parametrize("message", MESSAGES)
def test_every_field_of_a_message_is_in_its_table(message: type[Struct]) -> None:
    fields = [name for cell, *_ in rows(f"| `{message.__name__}` | type | meaning |") for name in quoted(cell)]
    assert fields == list(message.__struct_fields__)


@pytest.mark.parametrize("part", IN_WORDS)
def test_every_field_of_a_part_is_said_where_the_part_is(part: type[Struct]) -> None:
    name = "parent" if part is entries.Parent else part.__name__
    fields = "[^|]*?".join(f"`{field}`" for field in part.__struct_fields__)
    assert re.search(rf"`{name}`(?: \||:| has| names it:)[^|]*?{fields}", TEXT.replace("\n", " ")), fields


def test_every_limit_of_the_contract_is_in_the_table_with_its_value() -> None:
    said = {limit.name: limit.value for limit in limits() if limit.name.startswith("sync.")}
    assert said == {name: constant(name) for name in said}
    every = {
        f"sync.{path.stem}.{name}" for path in (ROOT / "sync").glob("*.py") for name in re.findall(r"^(MAX_\w+) =", path.read_text(), re.M)
    }
    assert every <= said.keys()


def test_the_shown_command_gives_the_first_digest() -> None:
    [command] = re.findall(r"`(\(printf .*?sha256sum)`", TEXT)
    printed = subprocess.run(["sh", "-c", command], cwd=EXAMPLES, stdout=subprocess.PIPE, check=True).stdout
    assert printed.split()[0] == lines("digests.txt")[0]


def test_a_moved_kiosks_next_ledger_names_the_end_of_the_one_before() -> None:
    [line] = lines("moved.ndjson")
    opened = decode_entry(line)
    assert isinstance(opened, entries.Opened)
    assert opened.parent is not None
    assert encode_entry(opened) == line
    assert opened.parent.digest == chain(GENESIS, lines("entries.ndjson"))[opened.parent.seq - 1]


@pytest.mark.parametrize("signed", [*SIGNED.requests, *SIGNED.answers], ids=[signed.of for signed in [*SIGNED.requests, *SIGNED.answers]])
def test_the_frozen_signatures_are_made_and_hold(signed: Signed) -> None:
    pair = SIGNED.kiosk if signed in SIGNED.requests else SIGNED.server
    assert pair.signing.verify_key.encode().hex() == pair.public
    assert sign(pair.signing, signed.text.encode()) == signed.signature
    assert holds(pair.public, signed.signature, signed.text.encode())
    assert not holds(pair.public, signed.signature, signed.text.encode() + b"\n")
    own = b"" if "\nGET\n" in signed.text else body(signed.of)
    assert signed.text.splitlines()[3] == sha256(own)


def test_the_frozen_batch_is_the_frozen_header_and_lines() -> None:
    batch = decode_batch(body("batch.base64"))
    assert batch == wire.Batch(decode(body("batch-header.json"), wire.BatchHeader), lines("entries.ndjson"))


class _Recorded(Wire):
    """Answers one request, if it is the frozen one, by a frozen answer."""

    def __init__(self, request: int, answer: int, status: int = 200) -> None:
        self._request = SIGNED.requests[request]
        self._answer = SIGNED.answers[answer]
        self._status = status
        self._body = body(self._answer.of)

    def ask(self, method: str, path: str, body: bytes, headers: dict[str, str], max_bytes: int = MAX_REPLY_BYTES) -> Reply:
        assert request_text(method, path, sha256(body)).decode() == self._request.text
        assert headers[SIGNATURE_HEADER] == self._request.signature
        return Reply(self._status, CaseInsensitiveDict([(SIGNATURE_HEADER, self._answer.signature)]), self._body)


def test_the_kiosk_enrols_sends_and_asks_with_the_frozen_bytes_and_believes_the_frozen_answers() -> None:
    key, server = SIGNED.kiosk.signing, SIGNED.server.public
    enrolled = client.enrol(_Recorded(0, 0), key, "7Q2K9-M3RT5", "0.1.0")
    assert (enrolled.signing_key, enrolled.sealing_key) == (server, SIGNED.sealing.public)
    receipt = Client(_Recorded(1, 1), enrolled.device, key, server).send(body("batch.base64"))
    assert receipt == decode(body("receipt.json"), wire.Receipt)
    assert receipt.ledgers[0].digest.encode() == lines("digests.txt")[-1]
    assert receipt.config == enrolled.config == sha256(body("config.json"))
    assert Client(_Recorded(3, 3), enrolled.device, key, server).config(receipt.config) == body("config.json")
    with pytest.raises(Disagreed) as disagreed:
        Client(_Recorded(1, 2, 409), enrolled.device, key, server).send(body("batch.base64"))
    assert disagreed.value.at.digest.encode() == lines("digests.txt")[disagreed.value.at.acked - 1]


def test_the_frozen_comment_is_the_one_that_its_entry_names_and_opens_to_the_words_beside_it() -> None:
    [comment] = [entry for line in lines("entries.ndjson") if isinstance(entry := decode_entry(line), entries.Comment)]
    sealed = body("sealed.base64")
    assert (comment.sealed, comment.key) == (sha256(sealed), sealing.key_id(SIGNED.sealing.public))
    assert decode(body("receipt.json"), wire.Receipt).wanted == [comment.sealed]
    assert sealing.unseal(sealed, PrivateKey(bytes.fromhex(SIGNED.sealing.private))) == sealing.Written(text=body("sealed.txt").decode())


def test_the_frozen_link_is_made_and_read_by_the_frozen_key() -> None:
    *text, signature, link = body("link.txt").decode().splitlines()
    device, vote, expires = text[1], UUID(text[2]), datetime.fromtimestamp(int(text[3]), UTC)
    address = decode(body("config-form.json"), wire.KioskConfig).form_address
    assert address is not None
    assert new_link(address, SIGNED.kiosk.signing, device, vote, expires - LINK_LIFE) == link
    read = read_link(*link.split("/")[-2:])
    assert read == Link(device, vote, expires, signature)
    assert read.is_genuine(SIGNED.kiosk.public)
    assert vote in {decode_entry(line).id for line in lines("entries.ndjson")}


def test_the_frozen_files_of_a_stick_are_of_the_frozen_exchange() -> None:
    batch, kiosk = SIGNED.requests[1], SIGNED.kiosk
    device = decode(body("enrolment.json"), wire.Enrolment).device
    requests = [
        stick.Request("POST", stick.ENTRIES, device, batch.signature, body("batch.base64")),
        stick.Request("PUT", path_of(SIGNED.requests[2]), device, SIGNED.requests[2].signature, body("sealed.base64")),
    ]
    assert requests[0].encode() == (EXAMPLES / "stick-request-head.txt").read_bytes() + body("batch.base64")
    contents = stick.decode_contents(body("stick-contents.txt"), kiosk.public)
    assert contents.encode(kiosk.signing) == body("stick-contents.txt")
    assert [(one.bytes, one.sha256) for one in contents.files] == [(len(one.encode()), sha256(one.encode())) for one in requests]
    answer = stick.decode_answer(body("stick-answer.txt"))
    assert answer.is_ours(stick.ENTRIES, [kiosk.public], [SIGNED.server.public])
    assert (answer.body, answer.encode()) == (body("receipt.json"), body("stick-answer.txt"))


def test_the_device_of_every_example_is_the_same() -> None:
    device = decode(body("enrolment.json"), wire.Enrolment).device
    assert decode(body("key-taken.json"), keys.KeyTaken).device == device
    assert set(re.findall(r"\bd-[0-9A-Z]+", TEXT)) == {device}


def path_of(signed: Signed) -> str:
    return signed.text.splitlines()[2]


def test_what_the_document_says_of_json_is_so() -> None:
    place = b'{"id":"a","name":"b"}'
    assert decode(b' {"name":"b" ,\n"more":[1],"id":"a"} ', wire.Place) == decode(place, wire.Place)
    assert decode(b'{"id":"a","name":"b","name":"c"}', wire.Place).name == "c"
    for bad in (
        b"\xef\xbb\xbf" + place,
        place + b"x",
        rb'{"id":"a","name":"\ud800"}',
        b'{"id":"a","name":"\x01"}',
        b'{"id":"a","name":null}',
        b'{"id":"a"}',
    ):
        with pytest.raises(entries.Malformed):
            decode(bad, wire.Place)
    held = b'{"ledger":"l","floor":%s,"last":1,"acked":0}'
    assert decode(held % b"9007199254740992", wire.Held).floor == 2**53
    for number in (b"0.0", b"0e0", b"-1", b"9007199254740993", b"true", b'"0"', b"NaN"):
        with pytest.raises(entries.Malformed):
            decode(held % number, wire.Held)
    line = lines("entries.ndjson")[1]
    for digits in ("", ".2", ".22", ".223", ".223000", ".2230001", ".223000000"):
        assert decode_entry(line.replace(b".223000", digits.encode())).at.second == 7
    for change in (
        (b'"started"', b'"started","kind":"closed"'),
        (b"Z", b""),
        (b".223000", b"."),
        (b"02:52:07.223", b"02:52:60"),
        (b"86402.6", b"4000000001"),
    ):
        with pytest.raises(entries.Malformed):
            decode_entry(line.replace(*change))
    assert decode_entry(line.replace(b"T02:52:07.223000Z", b"T09:52:07.223+07:00")) == decode_entry(line)
    assert msgspec.json.encode(decode(place, wire.Place)) == place
