"""`python -m tools.package`: what is installed on tablets and servers, signed, and how to look whether it is what was signed."""

import argparse
import os
import sys
from pathlib import Path

from tools.package import bundle, kiosk, server, signing
from tools.package.bundle import ROOT
from tools.package.comparing import differences

DIST = ROOT / "dist"
TRIAL_KEY = ROOT / ".run" / "release.key"
ONLY_A_TRIAL = """
! Signed for a trial only: HAILONG_RELEASE_KEY names no file with the publisher's key, so one was made that nobody knows
! ({file}). Kiosks that are installed from this package take no update from the publisher.
"""


def main() -> int:
    """Do what the command line says; the exit code."""
    given = _arguments().parse_args()
    if given.command == "bundle":
        _say(f"{bundle.bundle(given.out)}")
        return 0
    if given.command == "compare":
        lines = differences(given.one, given.other)
        _say("\n".join(lines) or "the same bytes")
        return 1 if lines else 0
    if given.command == "verify":
        try:
            names = signing.verify(given.folder, bytes.fromhex(given.key.read_text("ascii").strip()))
        except signing.NotGenuine as error:
            _say(str(error))
            return 1
        _say("\n".join(names))
        return 0
    if given.command == "server":
        package = server.build(given.out)
        _say(f"{package}: {package.stat().st_size / 1e6:.1f} MB")
    file = os.environ.get("HAILONG_RELEASE_KEY")
    key, is_publishers = signing.release_key(Path(file) if file else None, TRIAL_KEY)
    if given.command == "kiosk":
        package = kiosk.build(given.out, key.verify_key.encode())
        _say(f"{package}: {package.stat().st_size / 1e6:.1f} MB")
    (given.out / "release.pub").write_text(f"{key.verify_key.encode().hex()}\n")
    _say(f"{given.out / signing.SUMS}: {', '.join(signing.sign(given.out, key))}")
    if not is_publishers:
        _say(ONLY_A_TRIAL.format(file=TRIAL_KEY))
    return 0


def _arguments() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m tools.package", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    for name, what in (
        ("bundle", "the kiosk as one folder"),
        ("kiosk", "the kiosk's Debian package, signed"),
        ("server", "the server's Debian package, signed"),
        ("sign", "sums and signature of the packages that lie there"),
    ):
        commands.add_parser(name, help=what).add_argument("--out", type=Path, default=DIST)
    compare = commands.add_parser("compare", help="what differs in two packages")
    compare.add_argument("one", type=Path)
    compare.add_argument("other", type=Path)
    verify = commands.add_parser("verify", help="whether packages are as the publisher signed them")
    verify.add_argument("folder", type=Path)
    verify.add_argument("--key", type=Path, required=True, help="the publisher's public key, release.pub")
    return parser


def _say(text: str) -> None:
    sys.stdout.write(f"{text}\n")


if __name__ == "__main__":
    sys.exit(main())
