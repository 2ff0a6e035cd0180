"""What came on a USB stick: each request goes the way that it would have gone over the network, and its answer is written back."""

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from io import BytesIO
from pathlib import Path

import msgspec
from django.conf import settings
from django.core.handlers.wsgi import WSGIRequest
from django.http import HttpResponse
from django.urls import resolve

from server import keys
from server.devices.enrolment import code_of
from server.devices.identity import device_named
from server.intake.models import Head
from server.places.roster import roster_of
from server.releases.told import updates
from sync import stick
from sync.entries import Malformed
from sync.files import write_whole
from sync.signature import DEVICE_HEADER, SIGNATURE_HEADER, key_of_name
from sync.wire import Enrolment, EnrolRequest, Problem, decode, decode_batch, sha256

BUSY = (429, 503)
PATIENCE = 20  # tries; some minutes, for a busy server says some seconds each time
ERASED = "erased"  # the citizen took it back; the receipts tell the kiosk


@dataclass
class Taken:
    """What became of one kiosk's folder. device: as the folder is called. enrolled: what the kiosk was told it is, if it asked.
    entries: in batches that the server now holds; known: of these, how many it held before. skipped: file and reason, for people.
    counter: of the secret by which it asked to be enrolled, as people call it, or nothing.
    """

    device: str
    enrolled: Enrolment | None = None
    batches: int = 0
    entries: int = 0
    known: int = 0
    comments: int = 0
    counter: str = ""
    skipped: list[tuple[str, str]] = field(default_factory=list)


def take_in(folder: Path, done: Callable[[int, int], None]) -> Taken:
    """Take in every good request of a kiosk's folder, and write answers, configuration and our keys beside them.

    done: is told how many of how many requests. Raises OSError when the answers cannot be written; what was taken in stays, and the
    same stick again changes nothing.
    """
    taken = Taken(folder.name)
    paths = sorted((folder / stick.REQUESTS).glob("*")) if (folder / stick.REQUESTS).is_dir() else []
    taken.skipped += _missing(folder)
    for number, path in enumerate(paths, 1):
        try:
            data = stick.read_file(path)
        except (Malformed, OSError) as error:
            taken.skipped.append((path.name, _reason(error)))
            continue
        try:
            _take_in(folder, path.name, data, taken)
        except Malformed as error:
            taken.skipped.append((path.name, str(error)))
        done(number, len(paths))
    if taken.batches or taken.enrolled:
        _write_config(folder)
    _write(folder / stick.KEYS, msgspec.json.encode(keys.changes(settings.KEYS)))
    return taken


def _take_in(folder: Path, name: str, data: bytes, taken: Taken) -> None:
    request = stick.decode_request(data)
    if request.device != folder.name:
        raise Malformed(f"a request of the kiosk {request.device}")
    if (request.method, request.path) == ("POST", stick.ENTRIES):
        known = _known(request.body)
        answer = _ask(request, {"CONTENT_TYPE": "application/x-ndjson", "HTTP_CONTENT_ENCODING": "gzip"})
    elif _is_its_enrolment(request):
        code = code_of(decode(request.body, EnrolRequest).code)
        taken.counter = str(code.counter) if code else ""
        answer = _ask(request, {"CONTENT_TYPE": "application/json"})
    elif request.method == "PUT" and request.path == stick.SEALED + sha256(request.body):
        answer = _ask(request, {"CONTENT_TYPE": "application/octet-stream"})
    else:
        raise Malformed(f"{request.method} {request.path} does not come by stick")
    if request.method == "POST" and answer.status_code not in BUSY:
        said = stick.Answer(answer.status_code, sha256(request.body), request.signature, answer[SIGNATURE_HEADER], answer.content)
        _write(folder / stick.ANSWERS / name, said.encode())
    if answer.status_code != 200:
        problem = decode(answer.content, Problem)
        if problem.code == ERASED:
            return
        raise Malformed(f"{problem.code}: {problem.detail or problem.title}{_what_to_do(problem.code, request)}")
    if request.method == "PUT":
        taken.comments += 1
    elif request.path == stick.ENROL:
        taken.enrolled = decode(answer.content, Enrolment)
    else:
        taken.batches += 1
        taken.known += known
        taken.entries += len(decode_batch(request.body).lines)


def _known(body: bytes) -> int:
    """How many of a batch's entries the server holds already; none of what is no batch, for the view is to answer that."""
    try:
        batch = decode_batch(body)
    except Malformed:
        return 0
    head = Head.objects.filter(pk=batch.header.ledger).first()
    return 0 if head is None else min(max(head.seq - batch.header.first + 1, 0), len(batch.lines))


def _what_to_do(problem: str, request: stick.Request) -> str:
    if request.path != stick.ENROL:
        return ". Chờ kiosk được đăng ký." if problem == "unknown-device" and key_of_name(request.device) else ""
    code = code_of(decode(request.body, EnrolRequest).code)
    whose = code.counter_id if code else "MÃ_QUẦY"
    again = f"xin tạo tệp cài sẵn mới (sudo hailong-server provision {whose} --out THƯ_MỤC), chép đè vào kiosk, rồi chép ra USB lần nữa"
    if problem == "code-used" and code is not None and code.device_id is not None:
        return f", {code.device_id} đã dùng. Không biết máy đó thì sudo hailong-server revoke {code.device_id}; rồi {again}."
    return f". Muốn nhận lượt của kiosk này, {again}."


def _is_its_enrolment(request: stick.Request) -> bool:
    """Whether a kiosk that is named by its key asks to be enrolled under that key."""
    if (request.method, request.path) != ("POST", stick.ENROL):
        return False
    return decode(request.body, EnrolRequest).key == key_of_name(request.device)


def _ask(request: stick.Request, headers: dict[str, str]) -> HttpResponse:
    """The answer of the view that the network would have reached, signature and all; who is to come again later waits, as there.

    A server that is busy for so long that it must be broken has the last word.
    """
    answer = _answer(request, headers)
    for _ in range(PATIENCE):
        if answer.status_code not in BUSY:
            break
        time.sleep(float(answer["Retry-After"]))
        answer = _answer(request, headers)
    return answer


def _answer(request: stick.Request, headers: dict[str, str]) -> HttpResponse:
    view, args, kwargs = resolve(request.path)
    environment = {
        "REQUEST_METHOD": request.method,
        "PATH_INFO": request.path,
        "CONTENT_LENGTH": str(len(request.body)),
        "SERVER_NAME": "stick",
        "SERVER_PORT": "0",
        "wsgi.input": BytesIO(request.body),
        f"HTTP_{DEVICE_HEADER}".upper().replace("-", "_"): request.device,
        f"HTTP_{SIGNATURE_HEADER}".upper().replace("-", "_"): request.signature,
        **headers,
    }
    answer: HttpResponse = view(WSGIRequest(environment), *args, **kwargs)
    return answer


def _missing(folder: Path) -> Iterator[tuple[str, str]]:
    """Files that the kiosk listed, and that are not there as it wrote them."""
    device, named = device_named(folder.name), key_of_name(folder.name)
    known = [device.public_key, *device.former_keys.values_list("public_key", flat=True)] if device else []
    if named is not None:
        known.append(named)
    if not known:
        return
    try:
        contents = stick.decode_contents(stick.read_file(folder / stick.CONTENTS, stick.MAX_CONTENTS_BYTES), *known)
    except (Malformed, OSError) as error:
        yield stick.CONTENTS, f"không đọc được danh sách của kiosk ({_reason(error)}), nên không rõ đã đủ chưa"
        return
    for listed in contents.files:
        if not (folder / stick.REQUESTS / listed.name).is_file():
            yield listed.name, "có trong danh sách của kiosk, nhưng không có trên USB"


def _reason(error: Exception) -> str:
    """Without the path: what is read may be a copy of the stick."""
    return error.strerror or str(error) if isinstance(error, OSError) else str(error)


def _write_config(folder: Path) -> None:
    device = device_named(folder.name)
    if device is not None:
        config = roster_of(device.counter, updates(canary=device.canary))
        _write(folder / stick.CONFIG / config.digest, config.content)


def _write(path: Path, data: bytes) -> None:
    path.parent.mkdir(exist_ok=True)
    write_whole(path, data)
