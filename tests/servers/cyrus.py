"""
Cyrus (Debian: cyrus-common, and cyrus-imapd unpacked, as it conflicts with Dovecot). Needs root: its master changes
to the user cyrus.
"""

import os
import pwd
import subprocess

from tests.servers.base import PASSWORD, UNPACKED, USER, NotInstalled, RealServer
from tests.servers.wire import LOOPBACK

BIN = "/usr/lib/cyrus/bin"


class Cyrus(RealServer):
    """Folders below `INBOX.`, special-use in lower case, a hundred keywords, quota without a code."""

    name = "cyrus"
    drafts, sent, trash = "INBOX.Drafts", "INBOX.Sent", "INBOX.Trash"

    def configure(self) -> None:
        root = UNPACKED / "cyrus"
        imapd, idled = root / "usr/lib/cyrus/bin/imapd", root / "usr/lib/cyrus/bin/idled"
        self.need(f"{BIN}/master", imapd, idled, "/usr/sbin/saslpasswd2")
        if os.geteuid() != 0:
            raise NotInstalled("cyrus is left out: only root can start it")
        owner = pwd.getpwnam("cyrus")
        for sub in ("conf", "conf/socket", "spool", "run", "run/proc", "run/lock", "etc"):
            (self.dir / sub).mkdir(exist_ok=True)
            os.chown(self.dir / sub, owner.pw_uid, owner.pw_gid)
        folders = (
            ""
            if "no-drafts" in self.variants
            else (
                "autocreate_inbox_folders: Drafts|Sent|Trash\nautocreate_subscribe_folders: Drafts|Sent|Trash\n"
                "xlist-drafts: Drafts\nxlist-sent: Sent\nxlist-trash: Trash\n"
            )
        )
        etc = self.dir / "etc"
        (etc / "imapd.conf").write_text(
            f"""configdirectory: {self.dir}/conf
defaultpartition: default
partition-default: {self.dir}/spool
proc_path: {self.dir}/run/proc
mboxname_lockpath: {self.dir}/run/lock
servername: localhost
cyrus_user: cyrus
admins: cyrus
altnamespace: no
unixhierarchysep: no
allowplaintext: yes
sasl_pwcheck_method: auxprop
sasl_auxprop_plugin: sasldb
sasl_sasldb_path: {etc}/sasldb2
sasl_mech_list: PLAIN LOGIN
idlesocket: {self.dir}/run/idle
notifysocket: {self.dir}/run/notify
lmtpsocket: {self.dir}/run/lmtp
autocreate_users: anyone
autocreate_post: yes
autocreate_quota: 0
{folders}"""
        )
        (etc / "cyrus.conf").write_text(
            f"""START {{
  recover cmd="{BIN}/ctl_cyrusdb -C {etc}/imapd.conf -r"
  idled cmd="{idled} -C {etc}/imapd.conf"
}}
SERVICES {{
  imap cmd="{imapd} -C {etc}/imapd.conf -U 30" listen="{LOOPBACK}:{self.port}" prefork=1 maxchild=100
}}
"""
        )
        for user, password in ((USER, PASSWORD), ("cyrus", PASSWORD)):
            subprocess.run(
                ["saslpasswd2", "-c", "-p", "-f", str(etc / "sasldb2"), "-u", "localhost", user],
                input=password.encode(), check=True, capture_output=True,
            )  # fmt: skip
        for path in etc.iterdir():
            os.chown(path, owner.pw_uid, owner.pw_gid)

    def launch(self) -> None:
        etc = self.dir / "etc"
        self.spawn(
            f"{BIN}/master", "-C", etc / "imapd.conf", "-M", etc / "cyrus.conf", "-p", self.dir / "run" / "master.pid"
        )
        self._await_greeting()
        with self.client():  # the first login makes the folders
            pass
