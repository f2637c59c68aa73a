"""
python -m tests.servers install [NAME…]: bring the Debian packages the tests can use. Needs root. Names: see PACKAGES.

Only one of the three servers can be installed, as each conflicts with the others; of two the program itself is unpacked
beside the system. A stub for sendmail goes first, else a whole mail server comes along. Nothing is started.
"""

import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from tests.servers.base import UNPACKED

PACKAGES = {
    "dovecot": ("dovecot-imapd",),
    "cyrus": ("cyrus-common", "libsasl2-modules", "libsasl2-modules-db", "sasl2-bin"),
    "courier": ("courier-base", "courier-authdaemon", "courier-authlib-userdb", "gamin", "openssl"),
    "keyring": ("gnome-keyring", "dbus-daemon", "dbus-bin"),
    "neomutt": ("neomutt",),
}
UNPACK = {"cyrus": "cyrus-imapd", "courier": "courier-imap"}
_POLICY = Path("/usr/sbin/policy-rc.d")


def install(names: list[str]) -> int:
    """Install what is missing for *names*; return an exit status."""
    if os.geteuid() != 0 or not shutil.which("apt-get"):
        print("left out, for want of root and apt-get: " + ", ".join(names), file=sys.stderr)
        return 0
    wanted = [package for name in names for package in PACKAGES[name] if not _is_installed(package)]
    if wanted and not shutil.which("sendmail"):
        wanted.insert(0, "msmtp-mta")
    unpack = {name: package for name, package in UNPACK.items() if name in names and not (UNPACKED / name).is_dir()}
    if not wanted and not unpack:
        return 0
    _apt("update")
    made_policy = not _POLICY.exists()
    if made_policy:
        _POLICY.write_text("#!/bin/sh\nexit 101\n")  # Debian's way to say that no service is to be started
        _POLICY.chmod(0o755)
    try:
        if wanted:
            _apt("install", "-y", "--no-install-recommends", *wanted)
        for name, package in unpack.items():
            _unpack(name, package)
    finally:
        if made_policy:
            _POLICY.unlink()
    return 0


def _is_installed(package: str) -> bool:
    answer = subprocess.run(["dpkg-query", "-W", "-f", "${Status}", package], capture_output=True, text=True)
    return answer.stdout.startswith("install ok installed")


def _apt(*words: str, folder: str | None = None) -> None:
    environment = os.environ | {"DEBIAN_FRONTEND": "noninteractive"}
    subprocess.run(["apt-get", "-q", *words], check=True, env=environment, stdout=sys.stderr, cwd=folder)


def _unpack(name: str, package: str) -> None:
    UNPACKED.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        Path(folder).chmod(0o755)  # apt downloads as a user of its own
        _apt("download", package, folder=folder)
        archive = next(Path(folder).glob("*.deb"))
        subprocess.run(["dpkg-deb", "-x", str(archive), str(UNPACKED / name)], check=True)
    for path in (UNPACKED, UNPACKED / name):
        path.chmod(0o755)  # the server's own user runs what lies there


if __name__ == "__main__":
    if sys.argv[1:2] != ["install"] or not set(sys.argv[2:]) <= set(PACKAGES):
        sys.exit(__doc__)
    sys.exit(install(sys.argv[2:] or list(PACKAGES)))
