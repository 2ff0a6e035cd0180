"""Taking a version in, and for whom it is: everything that changes `Release`."""

import hashlib
import os
import shutil
import subprocess
from datetime import datetime
from pathlib import Path

from django.conf import settings
from django.db import transaction

from server import keys
from server.releases.fleet import Fared, fared
from server.releases.models import Release
from sync.files import sync_directory
from sync.signature import holds

PACKAGE = "hailong-kiosk"
SUMS, SIGNATURE = "SHA256SUMS", "SHA256SUMS.sig"
Stage = Release.Stage
NEXT = {Stage.NEW: (Stage.CANARY, Stage.WITHDRAWN), Stage.CANARY: (Stage.STABLE, Stage.WITHDRAWN), Stage.STABLE: (Stage.WITHDRAWN,)}


class NotTakenError(Exception):
    """The version was not taken in, or not moved on; the message says why."""


def publisher() -> str:
    """The public key (hex) of whoever publishes the program. Raises `NotTakenError`."""
    try:
        key = Path(settings.RELEASE_KEY).read_text("ascii").strip()
        if len(bytes.fromhex(key)) == 32:
            return key
    except (OSError, ValueError):
        pass
    raise NotTakenError(f"{settings.RELEASE_KEY}: no public key of a publisher; it comes with the server's package")


def add(package: Path, notes: str, now: datetime) -> Release:
    """Take a package in, with `SHA256SUMS` and its signature beside it. It is for nobody yet. Raises `NotTakenError`, OSError."""
    sums, signature = package.with_name(SUMS).read_bytes(), package.with_name(SIGNATURE).read_text("ascii", "replace").strip()
    if not holds(publisher(), signature, sums):
        raise NotTakenError(f"{SUMS} is not signed by the publisher")
    with package.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
    if [digest, package.name] not in [line.replace(" *", " ").split() for line in sums.decode("utf-8", "replace").splitlines()]:
        raise NotTakenError(f"{package.name} is not the file of that name in {SUMS}")
    control = _control(package)
    version = _field(control, "Version")
    if _field(control, "Package") != PACKAGE or package.name != f"{PACKAGE}_{version}_{_field(control, 'Architecture')}.deb":
        raise NotTakenError(f"{package.name} is no package of {PACKAGE}, or is not named as one")
    if Release.objects.filter(pk=version).exclude(sha256=digest).exists():
        raise NotTakenError(f"version {version} is there already, with another content")
    keys.repository_key(settings.KEYS)
    _keep(package)  # again where only the database was restored
    release, _ = Release.objects.get_or_create(
        version=version,
        defaults={
            "file_name": package.name,
            "size": package.stat().st_size,
            "sha256": digest,
            "control": control,
            "sums": sums.decode(),
            "signature": signature,
            "notes": notes,
            "added_at": now,
            "staged_at": now,
        },
    )
    return release


def stage(version: str, to: str, now: datetime, *, without_proof: bool = False) -> Release:
    """Move a version on, or withdraw it. without_proof: for everybody though no kiosk has tried it. Raises `NotTakenError`."""
    with transaction.atomic():
        release = Release.objects.select_for_update().filter(pk=version).first()
        if release is None:
            raise NotTakenError(f"Không có phiên bản {version}.")
        if to not in NEXT.get(Stage(release.stage), ()):
            raise NotTakenError(f"Phiên bản {version} {release.get_stage_display()}, không chuyển như vậy được.")
        if to == Stage.STABLE and (why := obstacle(fared(version), without_proof=without_proof)):
            raise NotTakenError(why)
        release.stage, release.staged_at = to, now
        release.save(update_fields=["stage", "staged_at"])
    return release


def obstacle(how: Fared, *, without_proof: bool = False) -> str:
    """Why a version may not go to everybody, as a sentence, or nothing."""
    if how.failed:
        return f"{how.failed} kiosk đã không chạy được phiên bản này. Xin tìm nguyên nhân rồi rút phiên bản, hoặc phát hành bản đã sửa."
    if how.running == 0 and not without_proof:
        return "Chưa có kiosk nào chạy phiên bản này. Xin chọn vài kiosk thử trước ở trang của thiết bị và đợi một ngày."
    return ""


def _keep(package: Path) -> None:
    folder: Path = settings.RELEASES
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    aside = folder / f".{package.name}.new"
    with package.open("rb") as source, aside.open("wb") as target:
        shutil.copyfileobj(source, target, 1024 * 1024)
        target.flush()
        os.fsync(target.fileno())
    aside.replace(folder / package.name)
    sync_directory(folder)


def _control(package: Path) -> str:
    try:
        done = subprocess.run(["dpkg-deb", "-f", package], capture_output=True, text=True, check=False)
    except FileNotFoundError:
        raise NotTakenError("dpkg-deb is missing; versions are taken in on a Debian system") from None
    if done.returncode:
        raise NotTakenError(f"{package.name} is no Debian package")
    return done.stdout.strip() + "\n"


def _field(control: str, name: str) -> str:
    return next((line.split(":", 1)[1].strip() for line in control.splitlines() if line.startswith(f"{name}:")), "")
