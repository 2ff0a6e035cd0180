"""A second kiosk, written from wire.md alone. State in one directory: state.json, ledgers/, sealed/, config.json."""
import argparse, base64, contextlib, email.utils, fcntl, gzip, hashlib, http.client, json, os, random, re, secrets, shutil, ssl
import sys, time, unicodedata, urllib.parse
from datetime import datetime, timedelta, timezone
from pathlib import Path
from nacl.exceptions import BadSignatureError
from nacl.public import PublicKey, SealedBox
from nacl.signing import SigningKey, VerifyKey

VERSION, API, GENESIS = "0.0.2", "/api/v1/", "0" * 64
RELEASE = datetime(2026, 1, 1, tzinfo=timezone.utc)
MAX_LINE, MAX_LINES, MAX_ENTRIES_BYTES, MAX_NAMED = 4096, 500, 262_144, 200
sha = lambda data: hashlib.sha256(data).hexdigest()
dump = lambda value: json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()
b64 = lambda data: base64.b64encode(data).decode()
uptime = lambda: round(time.clock_gettime(time.CLOCK_BOOTTIME), 3)
boot_id = lambda: Path("/proc/sys/kernel/random/boot_id").read_text().strip()
utcnow = lambda: datetime.now(timezone.utc)
written = lambda t: t.astimezone(timezone.utc).strftime("%Y-%m-%dT%H:%M:%S.") + f"{t.microsecond // 1000:03d}Z"

class Wait(Exception):                                  # nothing more can be done for so long
    def __init__(self, seconds, why, reached=True):
        super().__init__(why); self.seconds, self.reached = seconds, reached
class NoAnswer(Exception): pass
class Malformed(ValueError): pass

def uuid7():
    n = (time.time_ns() // 1_000_000 & (1 << 48) - 1) << 80 | 7 << 76 | secrets.randbits(12) << 64 | 2 << 62 | secrets.randbits(62)
    h = f"{n:032x}"
    return f"{h[:8]}-{h[8:12]}-{h[12:16]}-{h[16:20]}-{h[20:]}"

# ---- JSON, checked ------------------------------------------------------------------------------------------------
def parse(data):
    def no_constant(word): raise Malformed(word)
    try:
        value = json.loads(data.decode("utf-8"), parse_constant=no_constant)
        json.dumps(value, ensure_ascii=False).encode("utf-8")       # lone surrogates
    except (ValueError, RecursionError) as e: raise Malformed(str(e)) from e
    return value

def matching(pattern): return lambda v: isinstance(v, str) and re.fullmatch(pattern, v) is not None
def is_int(v): return type(v) is int and 0 <= v <= 2**53
def is_seconds(v): return type(v) in (int, float) and 0 <= v <= 4e9
def is_name(v): return isinstance(v, str) and 1 <= len(v) <= 64 and "\0" not in v
def is_str(v): return isinstance(v, str)
def list_of(check, most=10**6, least=0): return lambda v: isinstance(v, list) and least <= len(v) <= most and all(map(check, v))
def or_null(check): return lambda v: v is None or check(v)
def one_of(*words): return lambda v: isinstance(v, str) and v in words
def to_instant(v):
    if not matching(r"\d{4}-\d\d-\d\d[Tt]\d\d:\d\d:\d\d(\.\d+)?([Zz]|[+-]\d\d:\d\d)")(v): raise Malformed(f"no instant: {v!r}")
    try: return datetime.fromisoformat(v.upper())
    except ValueError as e: raise Malformed(str(e)) from e
def is_instant(v): to_instant(v); return True
is_hash = is_key = matching("[0-9a-f]{64}")
is_uuid = matching("(?i)[0-9a-f]{8}-?([0-9a-f]{4}-?){3}[0-9a-f]{12}")
is_base64 = matching(r"[A-Za-z0-9+/]{86}==")
def shape(optional=(), **fields):
    def check(value):
        if not isinstance(value, dict): raise Malformed("no object")
        for name, ok in fields.items():
            if name not in value:
                if name in optional: continue
                raise Malformed(f"{name} is missing")
            if not ok(value[name]): raise Malformed(f"{name}: {value[name]!r}"[:200])
        return value
    return check

ACKED = shape(ledger=is_name, acked=is_int, digest=is_hash)
PLACE = shape(id=is_name, name=is_str)
ENROLMENT = shape(device=is_name, signing_key=is_key, sealing_key=is_key, unit=PLACE, counter=PLACE, config=is_hash)
RECEIPT = shape(("wanted", "erase"), request=is_hash, nonce=is_name, time=is_instant, ledgers=list_of(ACKED), next_seconds=is_seconds,
                config=is_hash, wanted=list_of(is_hash, 50), erase=list_of(is_hash, 100))
CONFIG = shape(unit=PLACE, counter=PLACE, officers=list_of(shape(id=is_name, name=is_str, title=is_str)), on_duty=or_null(is_name))
CHANGE = shape(previous=is_key, signing_key=is_key, sealing_key=is_key, at=matching(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ"), signature=is_base64)
CHANGES, TAKEN = shape(changes=list_of(CHANGE, 100)), shape(device=is_name, key=is_key)
PROBLEM = shape(("detail", "at"), type=matching("urn:hailong:problem:.+"), title=is_str, status=is_int, detail=is_str, at=ACKED)
CLOCK = dict(at=is_instant, up=is_seconds, boot=is_name)
HEADER = shape(ledger=is_name, first=is_int, previous=is_hash, nonce=is_name, clock=shape(**CLOCK),
               ledgers=list_of(shape(ledger=is_name, floor=is_int, last=is_int, acked=is_int), 200),
               genuine=or_null(shape(time=is_instant, up=is_seconds, boot=is_name)), health=shape(version=is_name, waiting=is_int, disk_free=is_int))
RATING, PARENT = one_of("satisfied", "dissatisfied"), shape(ledger=is_name, seq=is_int, digest=is_hash)
KINDS = {
    "opened": dict(ledger=is_name, device=is_key, unit=is_name, counter=is_name, parent=or_null(PARENT),
                   reason=one_of("new", "moved", "forked", "recovered", "pruned")),
    "started": dict(version=is_name), "vote": dict(officer=or_null(is_name), rating=RATING), "change": dict(vote=is_uuid, rating=RATING),
    "reasons": dict(vote=is_uuid, reasons=list_of(is_name, 20, 1)), "duty": dict(officer=or_null(is_name)), "closed": {},
    "comment": dict(vote=is_uuid, sealed=is_hash, key=matching("[0-9a-f]{16}"))}
def read_entry(line):
    value = parse(line)
    if not isinstance(value, dict) or value.get("kind") not in KINDS: raise Malformed("kind")
    return shape(id=is_uuid, **CLOCK, **KINDS[value["kind"]])(value)

# ---- texts that are signed ----------------------------------------------------------------------------------------
def text(*lines): return "".join(f"{line}\n" for line in lines).encode()
def request_text(method, path, body): return text("hailong request 1", method, path, sha(body))
def answer_text(status, request_hash, body): return text("hailong answer 1", status, request_hash, sha(body))
def sign(seed, message): return b64(SigningKey(bytes.fromhex(seed)).sign(message).signature)
def public(seed): return SigningKey(bytes.fromhex(seed)).verify_key.encode().hex()
def verified(key, message, signature):
    if not is_base64(signature): return False
    try: VerifyKey(bytes.fromhex(key)).verify(message, base64.b64decode(signature))
    except (BadSignatureError, ValueError): return False
    return True
def link_text(c): return text("hailong keys 1", c["previous"], c["signing_key"], c["sealing_key"], c["at"])
def chain(previous, line): return sha(previous.encode() + line)
def pad(data): return data + b"\x80" + b"\0" * (-(len(data) + 1) % 1024)
def key_id(key): return sha(bytes.fromhex(key))[:16]

def replace(path, data):
    with open(f"{path}.tmp", "wb") as f: f.write(data); f.flush(); os.fsync(f.fileno())
    os.replace(f"{path}.tmp", path)
    fd = os.open(Path(path).parent, os.O_RDONLY); os.fsync(fd); os.close(fd)

class Ledger:
    """Lines floor+1 … last; `end` is where a branch ended it; `acked` as a signed answer said."""
    def __init__(self, folder, meta):
        self.meta, self.path, self.name = meta, folder / f"{meta['name']}.ndjson", meta["name"]
        data = self.path.read_bytes()
        whole = data[:data.rfind(b"\n") + 1]
        if whole != data: os.truncate(self.path, len(whole))        # a line torn by a power cut was never offered
        self.lines, self.digests, self.damage = [], [meta["floor_digest"]], None
        for line in whole.split(b"\n")[:-1]:
            try: read_entry(line)
            except Malformed: self.damage = self.damage or self.floor + len(self.lines) + 1
            self._push(line)
    def _push(self, line): self.lines.append(line); self.digests.append(chain(self.digests[-1], line))
    floor = property(lambda self: self.meta["floor"])
    acked = property(lambda self: self.meta["acked"])
    written = property(lambda self: self.floor + len(self.lines))
    last = property(lambda self: self.written if self.meta["end"] is None else min(self.meta["end"], self.written))
    pending = property(lambda self: max(0, self.last - max(self.acked, self.floor)))
    def own(self, seq): return self.digests[seq - self.floor] if self.floor <= seq <= self.last else None
    def after(self, seq): return self.lines[seq - self.floor:self.last - self.floor]
    def append(self, line):
        with open(self.path, "ab") as f: f.write(line + b"\n"); f.flush(); os.fsync(f.fileno())
        self._push(line)

class Kiosk:
    def __init__(self, folder, server=None, ca_file=None):
        self.folder = Path(folder)
        for sub in ("ledgers", "sealed"): (self.folder / sub).mkdir(parents=True, exist_ok=True)
        self.lock = open(self.folder / "lock", "w"); fcntl.flock(self.lock, fcntl.LOCK_EX)
        file = self.folder / "state.json"
        self.s = json.loads(file.read_text()) if file.exists() else dict(
            server=None, device=None, seeds=[], new_seed=None, told=[], keys=[], changes=[], sealing_key=None, config=None, unit=None, counter=None,
            duty=None, ledgers=[], current=None, asks={}, genuine=None, sealed={}, failures=0, wait=None, ladder=None, boot=None)
        self.server, self.ca_file = server or self.s["server"], ca_file
        self.ledgers = {m["name"]: Ledger(self.folder / "ledgers", m) for m in self.s["ledgers"]}
        for ledger in list(self.ledgers.values()):
            if ledger.damage and ledger.damage <= ledger.last:
                print(f"{ledger.name}: damaged at {ledger.damage}")
                self.branch(ledger, ledger.damage - 1, "recovered")
    def save(self): replace(self.folder / "state.json", json.dumps(self.s, indent=1, ensure_ascii=False).encode())
    def server_time(self):
        g = self.s["genuine"]
        return to_instant(g["time"]) + timedelta(seconds=uptime() - g["up"]) if g and g["boot"] == boot_id() else utcnow()

    # ---- the ledger
    def entry(self, kind, **fields):
        line = dump(dict(kind=kind, id=uuid7(), at=written(utcnow()), up=uptime(), boot=boot_id(), **fields))
        read_entry(line)
        if len(line) > MAX_LINE: raise SystemExit("the entry is too long")
        return line
    def append(self, kind, **fields):
        line = self.entry(kind, **fields)
        self.ledgers[self.s["current"]].append(line)
        return json.loads(line)["id"]
    def open(self, reason, parent, place, carried=(), current=True):
        name = f"l-{uuid7()}"
        opened = self.entry("opened", ledger=name, device=public(self.s["seeds"][-1]), unit=place[0], counter=place[1], parent=parent, reason=reason)
        replace(self.folder / "ledgers" / f"{name}.ndjson", b"".join(line + b"\n" for line in [opened, *carried]))
        meta = dict(name=name, floor=0, floor_digest=GENESIS, acked=0, end=None, confirmed=False, reason=reason, unit=place[0], counter=place[1])
        self.s["ledgers"].append(meta)
        self.ledgers[name] = Ledger(self.folder / "ledgers", meta)
        if current: self.s["current"] = name
    def branch(self, ledger, at, reason):
        """Ends `ledger` at `at`; what followed goes on, byte for byte, behind a new `opened`."""
        carried, meta = ledger.after(at), ledger.meta
        if at == 0 and ledger.floor == 0: carried = carried[1:]         # the old `opened`
        if reason == "recovered": carried = [line for line in carried if _fine(line)]
        if reason == "forked" and at == 0 and meta["reason"] in ("forked", "recovered", "pruned") and not meta["confirmed"]:
            raise Wait(900, f"server's error: the new ledger {ledger.name} forks at once")
        current = ledger.name == self.s["current"]
        parent = None if reason == "recovered" and at == 0 else dict(ledger=ledger.name, seq=at, digest=ledger.own(at))
        if carried or current: self.open(reason, parent, (meta["unit"], meta["counter"]), carried, current)
        meta["end"], meta["acked"] = at, min(meta["acked"], at)
        self.s["asks"].pop(ledger.name, None)
        self.save()
        print(f"branched {ledger.name} behind {at}: {reason}, {len(carried)} lines carried")
    def place(self, config):
        """A configuration (or the enrolment) says where the kiosk stands and who is on duty."""
        place = (config["unit"]["id"], config["counter"]["id"])
        here = self.ledgers.get(self.s["current"])
        if here and (here.meta["unit"], here.meta["counter"]) != place:
            self.append("closed")
            self.open("moved", dict(ledger=here.name, seq=here.last, digest=here.own(here.last)), place)
            print(f"moved to {place}")
        elif not here: self.open("new", None, place)
        self.s["unit"], self.s["counter"] = place
        if "on_duty" in config and config["on_duty"] != self.s["duty"]:
            self.s["duty"] = config["on_duty"]; self.append("duty", officer=self.s["duty"])
        self.save()
    def started(self):
        if self.s["boot"] != boot_id(): self.append("started", version=VERSION); self.s["boot"] = boot_id(); self.save()
    def vote(self, rating, officer=None, change=None, reasons=None, comment=None):
        if not self.s["current"]: raise SystemExit("not enrolled")
        self.started()
        officer = officer or self.s["duty"]
        if officer != self.s["duty"]: self.append("duty", officer=officer); self.s["duty"] = officer; self.save()
        vote = self.append("vote", officer=officer, rating=rating)
        if change: self.append("change", vote=vote, rating=change)
        if reasons: self.append("reasons", vote=vote, reasons=reasons)
        if comment:
            data = unicodedata.normalize("NFC", comment).encode()
            if not 1 <= len(data) <= 15_359: raise SystemExit("the comment is too long")
            sealed = SealedBox(PublicKey(bytes.fromhex(self.s["sealing_key"]))).encrypt(pad(data))
            replace(self.folder / "sealed" / sha(sealed), sealed)
            self.s["sealed"][sha(sealed)] = written(self.server_time()); self.save()
            self.append("comment", vote=vote, sealed=sha(sealed), key=key_id(self.s["sealing_key"]))
        return vote

    # ---- calls
    def http(self, method, path, body, headers, limit):
        url = urllib.parse.urlsplit(self.server)
        if url.scheme == "https":
            context = ssl.create_default_context(cafile=self.ca_file); context.minimum_version = ssl.TLSVersion.TLSv1_2
            if not RELEASE <= utcnow() <= RELEASE + timedelta(days=3653): context.verify_flags |= 0x200000       # X509_V_FLAG_NO_CHECK_TIME
            connection = http.client.HTTPSConnection(url.hostname, url.port, timeout=5, context=context)
        elif url.hostname in ("127.0.0.1", "::1", "localhost"): connection = http.client.HTTPConnection(url.hostname, url.port, timeout=5)
        else: raise SystemExit("plain HTTP is for this very machine only")
        until, data = time.monotonic() + 60, b""
        try:
            connection.connect(); connection.sock.settimeout(30)
            connection.request(method, path, body or (None if method == "GET" else b""), {"Accept-Encoding": "identity", **headers})
            answer = connection.getresponse()
            while chunk := answer.read1(65536):
                data += chunk
                if len(data) > limit or time.monotonic() > until: raise NoAnswer("too long an answer")
            return answer.status, data, answer.headers
        except (OSError, http.client.HTTPException) as e: raise NoAnswer(f"{type(e).__name__}: {e}") from e
        finally: connection.close()
    def call(self, method, name, body=b"", *, headers=None, seed=None, device=True, trust=None, limit=65_536):
        """One request, and its answer once it is believed: (status, bytes, signed). Raises NoAnswer or Wait."""
        path, headers = API + name, dict(headers or {})
        if seed: headers["Hailong-Signature"] = sign(seed, request_text(method, path, body))
        if device and seed: headers["Hailong-Device"] = self.s["device"]
        for again in (False, True):
            status, data, got = self.http(method, path, body, headers, limit)
            signature, hashes = got.get("Hailong-Signature", ""), [sha(body)] + ([sha(b"")] if status in (411, 413) else [])
            keys = trust(status, data) if trust else self.believed()
            if any(verified(k, answer_text(status, h, data), signature) for k in keys for h in hashes): signed = True; break
            signed = False
            if again or trust or not is_base64(signature) or not self.learn_keys(): break
        if status in (429, 503): raise Wait(self.retry_after(got, status), f"HTTP {status}", reached=signed)
        if not signed and not (trust and status >= 400): raise NoAnswer(f"HTTP {status}, not signed by our server")
        if status >= 500: raise NoAnswer(f"HTTP {status}")
        if signed: self.s["failures"] = 0
        return status, data, signed
    def back_off(self):
        n, self.s["failures"] = self.s["failures"], self.s["failures"] + 1; self.save()
        return random.uniform(0, min(900, 5 * 2 ** min(n, 20)))
    def retry_after(self, headers, status):
        value = (headers.get("Retry-After") or "").strip()
        try:
            if value.isascii() and value.isdigit(): seconds = int(value)
            else: seconds = (email.utils.parsedate_to_datetime(value) - email.utils.parsedate_to_datetime(headers.get("Date") or "")).total_seconds()
        except (ValueError, TypeError): return self.back_off()
        return min(max(seconds, 1), 21_600) * random.uniform(1, 1.2)
    def believed(self):
        now = self.server_time()
        return [k["key"] for k in self.s["keys"] if not k["until"] or now <= to_instant(k["until"])]
    def learn_keys(self):
        """GET keys: walk from the key we trust; the answer must be signed by the last of the walk. True if there was news."""
        found = {}
        def walk(status, data):
            if status != 200: return []
            changes, known, keys = CHANGES(parse(data))["changes"], self.s["changes"], [dict(k) for k in self.s["keys"]]
            if changes[:len(known)] != known: return []
            tail = changes[len(known):]
            if not known:                                       # enrolled after some links: walk from the one that follows our key
                tail = changes[next((i for i, c in enumerate(changes) if c["previous"] == keys[-1]["key"]), len(changes)):]
            for c in tail:
                if c["previous"] != keys[-1]["key"] or not verified(c["previous"], link_text(c), c["signature"]): return []
                keys[-1]["until"] = written(to_instant(c["at"]) + timedelta(days=30))
                keys.append(dict(key=c["signing_key"], until=None))
            found.update(changes=changes, keys=keys, tail=tail)
            return [keys[-1]["key"]]
        try: _, _, signed = self.call("GET", "keys", trust=walk)
        except (NoAnswer, Malformed): return False
        if not signed or not found: return False
        self.s["changes"], self.s["keys"] = found["changes"], found["keys"]
        if found["tail"]: self.s["sealing_key"] = found["tail"][-1]["sealing_key"]; print(f"the server's key is now {self.s['keys'][-1]['key'][:16]}…")
        self.save()
        return bool(found["tail"])
    def problem(self, status, data):
        p = PROBLEM(parse(data))
        return p["type"].removeprefix("urn:hailong:problem:"), p

    def enrol(self, code):
        if not self.s["seeds"]: self.s["seeds"] = [secrets.token_hex(32)]
        self.s["server"] = self.server; self.save()                # the key is on disk before anybody hears of it
        if self.s["told"]: self.tell_all()
        body = dump(dict(code=code, key=public(self.s["seeds"][-1]), version=VERSION))
        trust = lambda status, data: [ENROLMENT(parse(data))["signing_key"]] if status == 200 else [k["key"] for k in self.s["keys"]]
        status, data, signed = self.call("POST", "enrol", body, headers={"Content-Type": "application/json"}, seed=self.s["seeds"][-1], device=False, trust=trust)
        if status != 200: raise SystemExit(f"{'' if signed else '(unsigned) '}{self.problem(status, data)}")
        e = ENROLMENT(parse(data))
        if self.s["device"] not in (None, e["device"]): print(f"another device now: {e['device']}")
        if not self.s["keys"] or self.s["keys"][-1]["key"] != e["signing_key"]: self.s.update(keys=[dict(key=e["signing_key"], until=None)], changes=[])
        self.s.update(device=e["device"], sealing_key=e["sealing_key"], wait=None)
        self.place(e); self.started()
        self.fetch_config(e["config"])
        print(f"enrolled as {e['device']} at {e['unit']['id']} {e['counter']['id']}")
    def fetch_config(self, name):
        if name == self.s["config"]: return
        status, data, _ = self.call("GET", f"config/{name}", seed=self.s["seeds"][-1], limit=1_048_576)
        if status != 200 or sha(data) != name: return print(f"configuration: HTTP {status}")
        config = CONFIG(parse(data))
        replace(self.folder / "config.json", data)
        self.place(config)
        self.s["config"] = name; self.save()
    def tell(self, old, new):
        body = dump(dict(old=public(old), new=public(new)))
        headers = {"Content-Type": "application/json", "Hailong-New-Signature": sign(new, request_text("POST", API + "keys", body))}
        status, data, _ = self.call("POST", "keys", body, headers=headers, seed=old, device=False)
        if status != 200: return self.problem(status, data)[0]
        return None if TAKEN(parse(data))["key"] == public(new) else "another key"
    def tell_all(self):
        for old, new in self.s["told"]: print("told a former change of key:", self.tell(old, new) or "taken")
    def rotate(self):
        self.s["new_seed"] = self.s["new_seed"] or secrets.token_hex(32); self.save()
        trouble = self.tell(self.s["seeds"][-1], self.s["new_seed"])
        if trouble: return print("not rotated:", trouble)
        self.s["told"].append([self.s["seeds"][-1], self.s["new_seed"]])
        self.s["seeds"].append(self.s["new_seed"]); self.s["new_seed"] = None; self.save()
        print("the key is now", public(self.s["seeds"][-1]))

    # ---- exchanges
    def allowed(self):
        ladder = self.s["ladder"]
        return (ladder["entries"], ladder["ledgers"]) if ladder and time.time() < ladder["until"] else (MAX_LINES, MAX_NAMED)
    def batch(self, ledger, after, hello):
        most, named = self.allowed()
        lines, size = [], 0
        for line in [] if hello else ledger.after(after)[:most]:
            size += len(line) + 1
            if size >= MAX_ENTRIES_BYTES: break
            lines.append(line)
        first_named = [l for l in self.ledgers.values() if l is ledger or l.pending]
        others = [l for l in self.ledgers.values() if l not in first_named]; random.shuffle(others)
        chosen = {l.name for l in sorted(first_named, key=lambda l: l is not ledger)[:named]} | {l.name for l in others[:max(0, named - len(first_named))]}
        header = dict(
            ledger=ledger.name, first=after + 1, previous=ledger.own(after), clock=dict(at=written(utcnow()), up=uptime(), boot=boot_id()),
            ledgers=[dict(ledger=l.name, floor=l.floor, last=l.last, acked=l.acked) for l in self.ledgers.values() if l.name in chosen],
            genuine=self.s["genuine"], nonce=secrets.token_hex(16),
            health=dict(version=VERSION, waiting=sum(l.pending for l in self.ledgers.values()), disk_free=shutil.disk_usage(self.folder).free))
        HEADER(header)
        return header, gzip.compress(b"".join(line + b"\n" for line in [dump(header), *lines])), len(lines)
    def exchange(self, ledger, after, hello):
        header, body, count = self.batch(ledger, after, hello)
        up = uptime()
        status, data, _ = self.call("POST", "entries", body, seed=self.s["seeds"][-1],
                                    headers={"Content-Type": "application/x-ndjson", "Content-Encoding": "gzip"})
        if status == 200:
            r = RECEIPT(parse(data))
            if r["request"] != sha(body) or r["nonce"] != header["nonce"]: raise NoAnswer("a receipt for another batch")
            self.s["genuine"] = dict(time=r["time"], up=up, boot=boot_id())
            before = (ledger.acked, ledger.last)
            self.s["asks"].pop(ledger.name, None)
            for acked in r["ledgers"]:
                if acked["ledger"] in self.ledgers:
                    self.on_acked(self.ledgers[acked["ledger"]], acked, after + count if acked["ledger"] == ledger.name else None)
            self.save()
            print(f"{ledger.name[-8:]} {'hello' if hello else f'{count} from {after + 1}'}: acked {before[0]} → {ledger.acked} of {ledger.last}")
            if count and (ledger.acked, ledger.last) == before: raise Wait(900, "the server took a batch, and is no further")
            self.errands(r)
            return r
        code, p = self.problem(status, data)
        print(f"{ledger.name[-8:]} {'hello' if hello else f'{count} from {after + 1}'}: {code} {p.get('detail', '')} {p.get('at', '')}")
        if code in ("gap", "forked"): return self.on_conflict(ledger, code, p, after)
        if status == 413:
            if count <= 1 and len(header["ledgers"]) <= 1: raise Wait(900, "413 with one entry")
            self.s["ladder"] = dict(entries=max(1, count // 2), ledgers=max(1, len(header["ledgers"]) // 2), until=time.time() + 86_400); self.save()
            return None
        if status in (401, 403, 426):
            if code == "bad-signature": self.tell_all()
            raise Wait(3600, f"{code}: {p['title']}")
        raise Wait(900, f"{code}: {p['title']}")
    def on_acked(self, ledger, said, batch_end):
        at, meta = said["acked"], ledger.meta
        if at < ledger.floor:
            if ledger.last > ledger.floor: self.branch(ledger, ledger.floor, "pruned")
        elif ledger.own(at) == said["digest"]:
            meta["acked"], meta["confirmed"] = at, meta["confirmed"] or at > 0
        elif batch_end is not None and at >= batch_end:             # what we sent is there, and another's lines behind it
            meta["acked"], meta["confirmed"] = batch_end, meta["confirmed"] or batch_end > 0
            if ledger.last > batch_end or meta["end"] is None: self.branch(ledger, batch_end, "forked")
        elif meta["end"] is not None and at > ledger.last == ledger.acked: pass        # ended here; another's lines follow
        else: self.s["asks"][ledger.name] = min(at, ledger.last)
    def on_conflict(self, ledger, code, p, after):
        at = p.get("at")
        if not at or at["ledger"] != ledger.name: raise Wait(900, f"{code} without its ledger")
        seq, asked = at["acked"], self.s["asks"].pop(ledger.name, None)
        if seq < ledger.floor: self.branch(ledger, ledger.floor, "pruned")
        elif ledger.own(seq) == at["digest"]:
            ledger.meta["confirmed"] |= seq > 0
            ledger.meta["acked"] = seq if code == "gap" else min(seq, ledger.last)
            if code == "forked": self.branch(ledger, seq, "forked")
        elif asked is not None and min(seq, ledger.last) >= asked: raise Wait(900, f"{code}, but not lower than asked")
        else: self.s["asks"][ledger.name] = min(seq, ledger.last)
        self.save()
    def errands(self, r):
        now, until = r["time"], time.monotonic() + 30
        for name in r.get("erase", []):
            (self.folder / "sealed" / name).unlink(missing_ok=True)
            if self.s["sealed"].pop(name, None): print(f"erased {name[:12]}")
        wanted, quiet = r.get("wanted", []), not any(l.pending for l in self.ledgers.values()) and len(r.get("wanted", [])) < 50
        for name in list(self.s["sealed"]):
            if name in wanted or not quiet: self.s["sealed"][name] = now
            elif to_instant(now) - to_instant(self.s["sealed"][name]) > timedelta(days=30):
                (self.folder / "sealed" / name).unlink(missing_ok=True); del self.s["sealed"][name]
        self.save()
        self.fetch_config(r["config"])
        for name in wanted:
            file = self.folder / "sealed" / name
            if name in r.get("erase", []) or not file.exists() or time.monotonic() > until: continue
            status, data, _ = self.call("PUT", f"sealed/{name}", file.read_bytes(), seed=self.s["seeds"][-1], headers={"Content-Type": "application/octet-stream"})
            print(f"sealed {name[:12]}: {'handed over' if status == 200 else self.problem(status, data)[0]}")
            if status == 410: file.unlink(); self.s["sealed"].pop(name, None); self.save()
    def sync(self, patience=30, now=False):
        if not self.s["device"]: raise SystemExit("not enrolled")
        wait, said_hello = self.s["wait"], False
        if wait and not now and wait["until"] > time.time() + patience: return print(f"waits another {wait['until'] - time.time():.0f} s: {wait['why']}") or 3
        self.started()
        while True:
            try:
                if self.s["new_seed"]: self.rotate()
                asks, pending = self.s["asks"], [l for l in self.ledgers.values() if l.pending]
                returned = self.s["failures"] >= 2
                if asks and not returned: name, after = next(iter(asks.items())); r = self.exchange(self.ledgers[name], after, True)
                elif pending and not returned: r = self.exchange(pending[0], max(pending[0].acked, pending[0].floor), False)
                elif said_hello and not returned: break
                else: here = self.ledgers[self.s["current"]]; r = self.exchange(here, here.last, True)
                said_hello = bool(r)
                if returned: raise Wait(random.uniform(0, 60), "back again: the backlog follows")
                self.s["wait"] = None
            except Wait as e: seconds, why = e.seconds, str(e)
            except (NoAnswer, Malformed) as e: why = f"no answer: {e}"; seconds = self.back_off()
            else: continue
            print(f"{why}: waits {seconds:.1f} s")
            if seconds > patience: self.s["wait"] = dict(until=time.time() + seconds, why=why); self.save(); return 3
            time.sleep(seconds)
        self.s["wait"] = None; self.save()
        print("all acknowledged")
        return 0
    def status(self):
        print(json.dumps(dict(device=self.s["device"], key=self.s["seeds"] and public(self.s["seeds"][-1]), place=[self.s["unit"], self.s["counter"]], duty=self.s["duty"], config=self.s["config"],
            sealed=len(self.s["sealed"]), asks=self.s["asks"], failures=self.s["failures"], wait=self.s["wait"], current=self.s["current"], ledgers=[dict(name=l.name, reason=l.meta["reason"],
            last=l.last, acked=l.acked, pending=l.pending, ended=l.meta["end"], digest=l.own(l.last)[:12]) for l in self.ledgers.values()]), indent=1))

def _fine(line):
    with contextlib.suppress(Malformed): return bool(read_entry(line))

def main():
    a = argparse.ArgumentParser(); a.add_argument("--data", default="data"); a.add_argument("--server"); a.add_argument("--ca-file")
    sub = a.add_subparsers(dest="do", required=True)
    sub.add_parser("enrol").add_argument("code"); sub.add_parser("check").add_argument("folder"); sub.add_parser("status"); sub.add_parser("rotate")
    v = sub.add_parser("vote"); v.add_argument("rating", choices=["satisfied", "dissatisfied"]); v.add_argument("--change", choices=["satisfied", "dissatisfied"])
    v.add_argument("--officer"); v.add_argument("--reasons", type=lambda t: t.split(",")); v.add_argument("--comment")
    y = sub.add_parser("sync"); y.add_argument("--patience", type=float, default=90); y.add_argument("--now", action="store_true")
    o = a.parse_args()
    if o.do == "check":
        from second_check import check
        return check(o.folder)
    kiosk = Kiosk(o.data, o.server, o.ca_file)
    try:
        if o.do == "enrol": kiosk.enrol(o.code)
        elif o.do == "vote": print(kiosk.vote(o.rating, o.officer, o.change, o.reasons, o.comment))
        elif o.do == "sync": return kiosk.sync(o.patience, o.now)
        elif o.do == "rotate": kiosk.rotate()
        else: kiosk.status()
    except (NoAnswer, Wait, Malformed) as e: raise SystemExit(f"{type(e).__name__}: {e}")

if __name__ == "__main__": sys.exit(main())
