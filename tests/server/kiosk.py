"""A kiosk as the server sees it: a key, a ledger, batches that are really signed; and a commune for it to stand in."""

from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Literal, NamedTuple
from uuid import UUID

from django.test import Client
from django.utils import timezone
from nacl.signing import SigningKey

from server import keys, settings
from server.devices.models import Device
from server.intake.models import Batch, Head, OfficerDay, Quarantine, UnitHour, Vote, Waiting
from server.places.models import Counter, Officer, Unit
from sync import entries, wire
from sync.signature import DEVICE_HEADER, SIGNATURE_HEADER, answer_is_genuine, sign_request

PATH = "/api/v1/entries"
BOOT = "boot-1"


class Answer(NamedTuple):
    """What the server answered, its signature checked."""

    status: int
    body: bytes
    headers: dict[str, str]

    @property
    def receipt(self) -> wire.Receipt:
        assert self.status == 200, self.body
        return wire.decode(self.body, wire.Receipt)

    @property
    def problem(self) -> wire.Problem:
        assert self.headers["Content-Type"] == "application/problem+json"
        problem = wire.decode(self.body, wire.Problem)
        assert problem.status == self.status
        return problem


@dataclass
class Kiosk:
    """Writes lines into a ledger of its own, and sends any stretch of them."""

    key: SigningKey
    device: str
    unit: Unit
    counter: Counter
    officers: list[Officer]
    ledger: str
    lines: list[bytes] = field(default_factory=list)
    up: float = 100.0
    client: Client = field(default_factory=lambda: Client(SERVER_NAME="localhost"))

    @property
    def public_key(self) -> str:
        return self.key.verify_key.encode().hex()

    def open(self, **changes: Any) -> "Kiosk":  # noqa: ANN401 – any field of Opened
        binding = {"ledger": self.ledger, "device": self.public_key, "unit": self.unit.id, "counter": self.counter.id}
        said: dict[str, Any] = {**binding, "parent": None, "reason": "new", **changes}
        entry = entries.Opened(id=entries.uuid7(), at=datetime.now(UTC), up=self.up, boot=BOOT, **said)
        self.lines.append(entries.encode_entry(entry))
        return self

    def vote(
        self,
        rating: Literal["satisfied", "dissatisfied"] = "satisfied",
        *,
        officer: str | None = "first",
        id: UUID | None = None,  # noqa: A002 – as the contract calls it
        boot: str = BOOT,
        at: datetime | None = None,
    ) -> "Kiosk":
        self.up += 1
        officer = self.officers[0].id if officer == "first" else officer
        at = at or datetime.now(UTC)
        entry = entries.Vote(id=id or entries.uuid7(), at=at, up=self.up, boot=boot, officer=officer, rating=rating)
        self.lines.append(entries.encode_entry(entry))
        return self

    def say(self, kind: type[entries.Entry], *, after: float = 1.0, **said: Any) -> "Kiosk":  # noqa: ANN401 – any field of the kind
        """Write an entry of any kind, so many seconds after the one before."""
        self.up += after
        common: dict[str, Any] = {"id": entries.uuid7(), "at": datetime.now(UTC), "up": self.up, "boot": BOOT}
        self.lines.append(entries.encode_entry(kind(**common | said)))
        return self

    def last_id(self) -> UUID:
        """The id of the entry written last."""
        return entries.decode_entry(self.lines[-1]).id

    def votes(self, satisfied: int, dissatisfied: int = 0, **more: Any) -> "Kiosk":  # noqa: ANN401 – as for vote
        for _ in range(satisfied):
            self.vote(**more)
        for _ in range(dissatisfied):
            self.vote("dissatisfied", **more)
        return self

    def digest(self, seq: int) -> str:
        return entries.chain(entries.GENESIS, self.lines[:seq])[-1] if seq else entries.GENESIS

    def batch(self, first: int = 1, last: int | None = None, **changes: Any) -> bytes:  # noqa: ANN401 – any field of the header
        """The batch of lines first … last; of the whole ledger unless told."""
        said: dict[str, Any] = {
            "ledger": self.ledger,
            "first": first,
            "previous": self.digest(first - 1),
            "ledgers": [wire.Held(self.ledger, 0, len(self.lines), 0)],
            "clock": wire.Clock(datetime.now(UTC), self.up + 5, BOOT),
            "genuine": None,
            "health": wire.Health("0.1.0", 3, 10**9),
            "nonce": entries.uuid7().hex,
            **changes,
        }
        return wire.encode_batch(wire.Batch(wire.BatchHeader(**said), self.lines[first - 1 : last]))

    def send(self, first: int = 1, last: int | None = None, **changes: Any) -> Answer:  # noqa: ANN401 – as for batch
        return self.post(self.batch(first, last, **changes))

    def post(self, body: bytes, *, signature: str | None = None, device: str | None = None, **headers: str) -> Answer:
        """Send a body; signed as it should be unless told. The answer's signature must hold."""
        sent = {
            "Content-Encoding": "gzip",
            DEVICE_HEADER: self.device if device is None else device,
            SIGNATURE_HEADER: sign_request(self.key, "POST", PATH, body) if signature is None else signature,
            **headers,
        }
        response = self.client.post(PATH, body, content_type="application/x-ndjson", headers=sent)
        return checked(response, body)


def checked(response: Any, body: bytes) -> Answer:  # noqa: ANN401 – the test client's response
    """The answer to a request with this body, when the server's signature holds over both."""
    server_key = keys.signing_key(settings.KEYS).verify_key.encode().hex()
    assert answer_is_genuine(server_key, response.headers[SIGNATURE_HEADER], response.status_code, body, response.content)
    return Answer(response.status_code, response.content, dict(response.headers))


def enrolled(unit: Unit | None = None, key: SigningKey | None = None, ledger: str | None = None) -> Kiosk:
    """A kiosk that the server knows, with two officers in its unit."""
    unit = unit or Unit.objects.create(name="Phường Thái Hòa", kind=Unit.Kind.COMMUNE)
    officers = [Officer.objects.create(unit=unit, name=name, title="Công chức") for name in ("Trần Quốc Bảo", "Lê Hoàng Phúc")]
    counter = Counter.objects.create(unit=unit, name="Quầy 1", on_duty=officers[0])
    key = key or SigningKey.generate()
    public_key = key.verify_key.encode().hex()
    device = Device.objects.create(unit=unit, counter=counter, public_key=public_key, enrolled_at=timezone.now())
    return Kiosk(key, device.id, unit, counter, officers, ledger or f"l-{entries.uuid7().hex}")


class Counted(NamedTuple):
    """What the server counted: votes, and the sums of both tallies."""

    satisfied: int
    dissatisfied: int


def counted(unit: Unit) -> Counted:
    """The votes of a unit; both tallies must say the same."""
    votes = list(Vote.objects.filter(unit_id=unit.id).values_list("satisfied", flat=True))
    result = Counted(votes.count(True), votes.count(False))
    tallies: list[list[OfficerDay] | list[UnitHour]] = [
        list(OfficerDay.objects.filter(unit_id=unit.id)),
        list(UnitHour.objects.filter(unit_id=unit.id)),
    ]
    for cells in tallies:
        assert Counted(sum(cell.satisfied for cell in cells), sum(cell.dissatisfied for cell in cells)) == result
    return result


def quarantined(unit: Unit) -> dict[int, str]:
    """Reasons by seq, without what follows a colon."""
    rows = Quarantine.objects.filter(unit_id=unit.id).order_by("seq")
    return {row.seq: row.reason.partition(":")[0] for row in rows}


def nothing_stored() -> bool:
    return not any(table.objects.exists() for table in (Batch, Head, Vote, OfficerDay, UnitHour, Quarantine, Waiting))
