"""What differs in two packages: two builds of one commit should be the same bytes, and where they are not one wants to know why."""

import hashlib
import io
import subprocess
import tarfile
from pathlib import Path


def differences(one: Path, other: Path) -> list[str]:
    """A line for each member that only one has or that is not the same in both; none where the packages are the same bytes."""
    if one.read_bytes() == other.read_bytes():
        return []
    members, others = _members(one), _members(other)
    lines = [f"only in {one.name}: {name}" for name in sorted(members.keys() - others)]
    lines += [f"only in the other: {name}" for name in sorted(others.keys() - members)]
    for name in sorted(members.keys() & others):
        unlike = [word for word in members[name] if members[name][word] != others[name][word]]
        lines += [f"{name}: {word} {members[name][word]} and {others[name][word]}" for word in unlike]
    return lines or ["the same files, packed in another way"]


def _members(package: Path) -> dict[str, dict[str, object]]:
    """Everything in a package, by its path (dpkg's own under DEBIAN/), and what it is like."""
    found: dict[str, dict[str, object]] = {}
    for option, below in (("--fsys-tarfile", ""), ("--ctrl-tarfile", "DEBIAN/")):
        packed = subprocess.run(["dpkg-deb", option, str(package)], check=True, capture_output=True).stdout
        with tarfile.open(fileobj=io.BytesIO(packed)) as archive:
            for member in archive:
                file = archive.extractfile(member) if member.isfile() else None
                found[below + member.name.removeprefix("./")] = {
                    "content": hashlib.sha256(file.read()).hexdigest()[:12] if file else "",
                    "mode": oct(member.mode),
                    "owner": f"{member.uid}:{member.gid}",
                    "time": member.mtime,
                    "link": member.linkname,
                }
    return found
