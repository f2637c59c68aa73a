"""
Courier (Debian: courier-base, courier-authlib-userdb, and courier-imap unpacked, as it conflicts with Dovecot). Needs
root: its paths are compiled in, so it runs in a mount namespace of its own.
"""

import os
import pwd
import subprocess
import time

from tests.servers.base import PASSWORD, UNPACKED, USER, NotInstalled, RealServer
from tests.servers.wire import LOOPBACK

AUTHDAEMON = "/usr/lib/courier/courier-authlib/authdaemond"
MAKE = "/usr/bin/maildirmake.courier"
_IN_NAMESPACE = (
    'mount --make-rprivate / && mkdir -p /run/courier && mount --bind "$1/etc" /etc/courier && '
    'mount --bind "$1/run" /run/courier && shift && exec "$@"'
)


class Courier(RealServer):
    """No SPECIAL-USE, no UIDNEXT, a view that is stale until NOOP, and forged answers for expunged messages."""

    name = "courier"
    drafts, sent, trash = "INBOX.Drafts", "INBOX.Sent", "INBOX.Trash"

    def configure(self) -> None:
        root = UNPACKED / "courier"
        self.imapd, self.imaplogin = root / "usr/bin/imapd", root / "usr/lib/courier/courier/imaplogin"
        self.need(self.imapd, self.imaplogin, AUTHDAEMON, "/usr/lib/courier-authlib/libauthuserdb.so", MAKE)
        if os.geteuid() != 0:
            raise NotInstalled("courier is left out: only root can start it")
        owner = pwd.getpwnam("courier")
        home, etc, run = self.dir / "mail", self.dir / "etc", self.dir / "run"
        for path in (home, etc, run, run / "authdaemon", etc / "shared"):
            path.mkdir(exist_ok=True)
        (etc / "shared" / "index").touch()
        (etc / "authdaemonrc").write_text(
            'authmodulelist="authuserdb"\nauthmodulelistorig="authuserdb"\ndaemons=2\n'
            'authdaemonvar=/run/courier/authdaemon\nDEBUG_LOGIN=0\nDEFAULTOPTIONS=""\nLOGGEROPTS=""\n'
        )
        hashed = subprocess.run(
            ["openssl", "passwd", "-1", "-stdin"], input=PASSWORD.encode(), capture_output=True, check=True
        ).stdout.decode()
        users = etc / "userdb"
        users.write_text(
            f"{USER}\tuid={owner.pw_uid}|gid={owner.pw_gid}|home={home}|shell=/bin/false|imappw={hashed.strip()}\n"
        )
        users.chmod(0o600)
        subprocess.run(["/usr/sbin/makeuserdb", "-f", str(users)], check=True, capture_output=True)
        subprocess.run([MAKE, str(home / "Maildir")], check=True)
        for folder in () if "no-drafts" in self.variants else ("Drafts", "Sent", "Trash"):
            subprocess.run([MAKE, "-f", folder, str(home / "Maildir")], check=True)
        subprocess.run(["chown", "-R", "courier:courier", str(home), str(etc), str(run)], check=True)

    def launch(self) -> None:
        base = {
            "PATH": "/usr/bin:/bin:/usr/sbin:/sbin", "HOME": "/", "authmodulelist": "authuserdb",
            "authmodulelistorig": "authuserdb", "daemons": "2", "authdaemonvar": "/run/courier/authdaemon",
        }  # fmt: skip
        self._inside(AUTHDAEMON, env=base)
        until = time.monotonic() + 10
        while not (self.dir / "run/authdaemon/socket").exists() and time.monotonic() < until:
            time.sleep(0.02)
        capability = "IMAP4rev1 UIDPLUS CHILDREN NAMESPACE IDLE"
        env = base | {
            "IMAP_CAPABILITY": capability, "IMAP_KEYWORDS": "1", "IMAP_ACL": "1", "IMAP_IDLE_TIMEOUT": "60",
            "IMAP_MAILBOX_SANITY_CHECK": "1", "IMAP_USELOCKS": "1", "IMAP_ENHANCEDIDLE": "1", "IMAP_EMPTYTRASH": "",
            "IMAP_TRASHFOLDERNAME": "Trash", "IMAP_UMASK": "022", "IMAP_TLS_REQUIRED": "0", "MAILDIRPATH": "Maildir",
            "IMAP_CHECK_ALL_FOLDERS": "0", "IMAP_OBSOLETE_CLIENT": "0", "IMAP_DISABLETHREADSORT": "0",
            "IMAP_SHAREDINDEXFILE": "/etc/courier/shared/index", "HEADERFROM": "X-IMAP-Sender",
        }  # fmt: skip
        self._inside(
            "/usr/sbin/couriertcpd", f"-address={LOOPBACK}", "-maxprocs=100", "-maxperip=100", "-nodnslookup",
            "-noidentlookup", self.port, self.imaplogin, self.imapd, "Maildir", env=env,
        )  # fmt: skip

    def _inside(self, *argv: object, env: dict[str, str]) -> None:
        """Run with our own /etc/courier and /run/courier."""
        self.spawn("unshare", "-m", "sh", "-c", _IN_NAMESPACE, "sh", self.dir, *argv, env=env)
