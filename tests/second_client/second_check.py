"""The frozen examples of wire.md, checked with the second kiosk's own functions."""
import base64, gzip, json, tomllib, unicodedata
from pathlib import Path
from nacl.public import PrivateKey, SealedBox
from second_kiosk import *
from second_kiosk import _fine

def check(folder):
    folder, failed = Path(folder), []
    raw = lambda name: (folder / name).read_bytes()
    def body(name):                                                     # the last newline belongs to the file
        if name.endswith(".base64"): return base64.b64decode(raw(name))
        return raw(name) if name.endswith((".ndjson", ".toml", "head.txt")) else raw(name).removesuffix(b"\n")
    def ok(what, good): print("ok  " if good else "FAIL", what); good or failed.append(what)
    lines, digests = raw("entries.ndjson").split(b"\n")[:-1], raw("digests.txt").decode().split()
    own = [GENESIS]
    for line in lines: own.append(chain(own[-1], line))
    ok("digests", own[1:] == digests)
    ok("entries are read", all(map(_fine, lines)) and {json.loads(l)["kind"] for l in lines} == set(KINDS))
    parent = read_entry(raw("moved.ndjson").removesuffix(b"\n"))["parent"]
    ok("moved: parent", own[parent["seq"]] == parent["digest"])
    s = json.loads(raw("signatures.json"))
    kiosk, server, sealing = (s[k]["private"] for k in ("kiosk", "server", "sealing"))
    ok("public keys", public(kiosk) == s["kiosk"]["public"] and public(server) == s["server"]["public"] and PrivateKey(bytes.fromhex(sealing)).public_key.encode().hex() == s["sealing"]["public"])
    sealed, calls = body("sealed.base64"), {"enrol-request.json": ("POST", "enrol"), "batch.base64": ("POST", "entries")}
    calls |= {"sealed.base64": ("PUT", f"sealed/{sha(sealed)}"), "config.json": ("GET", f"config/{sha(body('config.json'))}")}
    for r in s["requests"]:
        method, path = calls[r["of"]]
        t = request_text(method, API + path, b"" if method == "GET" else body(r["of"]))
        ok(f"request {r['of']}", t == r["text"].encode() and sign(kiosk, t) == r["signature"] and verified(public(kiosk), t, r["signature"]))
    asked = {"enrolment.json": body("enrol-request.json"), "config.json": b""}
    for a in s["answers"]:
        status = parse(body(a["of"])).get("status", 200)
        t = answer_text(status, sha(asked.get(a["of"], body("batch.base64"))), body(a["of"]))
        ok(f"answer {a['of']}", t == a["text"].encode() and sign(server, t) == a["signature"] and verified(public(server), t, a["signature"]))
    ok("batch unpacks", gzip.decompress(body("batch.base64")) == body("batch-header.json") + b"\n" + raw("entries.ndjson"))
    header, receipt, e = HEADER(parse(body("batch-header.json"))), RECEIPT(parse(body("receipt.json"))), ENROLMENT(parse(body("enrolment.json")))
    ok("receipt", receipt["request"] == sha(body("batch.base64")) and receipt["nonce"] == header["nonce"] and receipt["ledgers"][0]["digest"] == own[10] and receipt["ledgers"][1]["digest"] == GENESIS)
    CONFIG(parse(body("config.json")))
    ok("configuration", e["config"] == receipt["config"] == sha(body("config.json")))
    plain = SealedBox(PrivateKey(bytes.fromhex(sealing))).decrypt(sealed)
    said, comment = "Anh cán bộ hướng dẫn chưa rõ, tôi phải đi lại hai lần.", json.loads(lines[6])
    ok("sealed comment", plain == pad(unicodedata.normalize("NFC", said).encode()) and comment["sealed"] == sha(sealed) == receipt["wanted"][0] and comment["key"] == key_id(s["sealing"]["public"]))
    changes, key = CHANGES(parse(body("key-changes.json")))["changes"], public(server)
    for c, seed in zip(changes, ("0b" * 32, "0c" * 32)):
        ok("link", c["previous"] == key and sign(seed, link_text(c)) == c["signature"] and verified(key, link_text(c), c["signature"])); key = c["signing_key"]
    ok("last link", key == public("0d" * 32))
    t, signatures = request_text("POST", API + "keys", body("key-request.json")), raw("key-request-signatures.txt").decode().split()
    ok("key request", signatures == [sign("01" * 32, t), sign("02" * 32, t)] and body("key-request.json") == dump(dict(old=public("01" * 32), new=public("02" * 32))))
    ok("key taken", TAKEN(parse(body("key-taken.json")))["key"] == public("02" * 32))
    for name, seq in (("gap", 4), ("forked", 5), ("revoked", None)):
        p = PROBLEM(parse(body(f"problem-{name}.json")))
        ok(f"problem {name}", p["type"].endswith(name) and (seq is None or p["at"]["digest"] == own[seq]))
    toml = tomllib.loads(raw("kiosk.toml").decode())
    ok("kiosk.toml", toml["provision"]["signing_key"] == s["server"]["public"] and toml["provision"]["sealing_key"] == s["sealing"]["public"] and len(toml["provision"]["secret"]) == 26)
    head, _, contents = body("stick-contents.txt").partition(b"\n\n")
    signature = head.decode().split("\n")[1]
    ok("stick: contents", verified(public(kiosk), text("hailong contents 1", sha(contents)), signature))
    sealed_head = text("hailong request 1", "PUT", API + f"sealed/{sha(sealed)}", e["device"], s["requests"][2]["signature"], "")
    for f, whole in zip(parse(contents)["files"], (raw("stick-request-head.txt") + body("batch.base64"), sealed_head + sealed)):
        ok(f"stick: {f['name']}", (f["bytes"], f["sha256"]) == (len(whole), sha(whole)))
    head, _, answered = body("stick-answer.txt").partition(b"\n\n")
    _, status, request, asked_by, by = head.decode().split("\n")
    ok("stick: answer", answered == body("receipt.json") and verified(public(server), answer_text(status, request, answered), by) and verified(public(kiosk), text("hailong request 1", "POST", API + "entries", request), asked_by))
    print(f"{len(failed)} failed"); return bool(failed)
