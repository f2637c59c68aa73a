"""Dovecot (Debian: dovecot-imapd), from one configuration file, without root or with."""

import getpass
import grp
import os

from tests.servers.base import PASSWORD, USER, RealServer
from tests.servers.wire import LOOPBACK

MAIL_OWNER = 5000  # as root: Dovecot refuses mail that uid 0 owns

VARIANTS = {
    "no-special-use": "Drafts is called Entwürfe and not marked",
    "localised": "Drafts is called Entwürfe and marked",
    "no-drafts": "no folder but INBOX",
    "no-idle": "IDLE is not offered",
    "no-uidplus": "UIDPLUS is not offered",
    "read-only": "an ACL: no keywords, no flags but \\Seen",
    "quota": "every APPEND is over quota",
    "small": "messages over 20 kB are refused",
    "fsync": "as installed; otherwise nothing is synced, which is faster",
    "mdbox": "many messages a file; in a Maildir an APPEND reads the list of all that are there",
}
CAPABILITIES = (
    "IMAP4rev1 SASL-IR ID ENABLE IDLE NAMESPACE UIDPLUS UNSELECT CHILDREN LIST-EXTENDED CONDSTORE ESEARCH WITHIN "
    "MOVE LITERAL+ SPECIAL-USE"
)


class Dovecot(RealServer):
    """The reference."""

    name = "dovecot"

    def configure(self) -> None:
        self.need("/usr/sbin/dovecot")
        has = self.variants.__contains__
        german = has("no-special-use") or has("localised")
        names = {"Drafts": "Entwürfe", "Sent": "Gesendet", "Trash": "Papierkorb"} if german else {}
        self.drafts = "Entw&APw-rfe" if german else "Drafts"
        self.sent, self.trash = names.get("Sent", "Sent"), names.get("Trash", "Trash")
        folders = "".join(
            f'  mailbox "{names.get(role, role)}" {{\n    auto = subscribe\n'
            + ("" if has("no-special-use") else f"    special_use = \\{role}\n")
            + "  }\n"
            for role in ("Drafts", "Sent", "Trash", "Junk")
        )
        if has("no-drafts"):
            folders = ""
        hidden = {word for variant, word in _HIDES.items() if has(variant)}
        capability = " ".join(word for word in CAPABILITIES.split() if word not in hidden)
        plugins = [name for variant, name in _PLUGINS.items() if has(variant)]
        settings = [line.format(dir=self.dir) for variant, line in _SETTINGS.items() if has(variant)]
        for sub in ("run", "mail", "state"):
            (self.dir / sub).mkdir(exist_ok=True)
        root = os.geteuid() == 0
        owner = MAIL_OWNER if root else os.geteuid()
        if root:
            os.chown(self.dir / "mail", owner, owner)
        (self.dir / "acl").write_text("* owner lrstipekxa\nINBOX owner lrsi\n")
        (self.dir / "users").write_text(f"{USER}:{{PLAIN}}{PASSWORD}\n")
        (self.dir / "dovecot.conf").write_text(
            f"""
base_dir = {self.dir}/run
state_dir = {self.dir}/state
log_path = {self.dir}/log/dovecot.log
protocols = imap
listen = {LOOPBACK}
{"" if root else _UNPRIVILEGED.format(me=getpass.getuser(), group=grp.getgrgid(os.getegid()).gr_name)}
first_valid_uid = 1
ssl = no
disable_plaintext_auth = no
auth_mechanisms = plain login
auth_failure_delay = 0
mail_location = {"mdbox" if has("mdbox") else "maildir"}:{self.dir}/mail/%n
mail_fsync = {"optimized" if has("fsync") else "never"}
mail_max_userip_connections = 100
imap_capability = {capability}
passdb {{
  driver = passwd-file
  args = scheme=PLAIN {self.dir}/users
}}
userdb {{
  driver = static
  args = uid={owner} gid={owner} home={self.dir}/mail/%n
}}
service imap-login {{
  {"" if root else "chroot ="}
  inet_listener imap {{
    address = {LOOPBACK}
    port = {self.port}
  }}
  inet_listener imaps {{
    port = 0
  }}
}}
namespace inbox {{
  inbox = yes
  separator = /
{folders}}}
mail_plugins = {" ".join(plugins)}
protocol imap {{
  mail_plugins = $mail_plugins {" ".join("imap_" + name for name in plugins)}
}}
plugin {{
  {chr(10).join(settings)}
}}
""",
            encoding="utf-8",
        )

    def launch(self) -> None:
        self.spawn("/usr/sbin/dovecot", "-F", "-c", self.dir / "dovecot.conf")


_HIDES = {"no-idle": "IDLE", "no-uidplus": "UIDPLUS", "no-special-use": "SPECIAL-USE", "no-drafts": "SPECIAL-USE"}
_PLUGINS = {"quota": "quota", "small": "quota", "read-only": "acl"}
_SETTINGS = {
    "quota": "quota = maildir:User quota\nquota_rule = *:storage=1B\nquota_grace = 0",
    "small": "quota = maildir:User quota\nquota_max_mail_size = 20k",
    "read-only": "acl = vfile:{dir}/acl",
}
_UNPRIVILEGED = """
default_internal_user = {me}
default_login_user = {me}
default_internal_group = {group}
service anvil {{
  chroot =
}}
service stats {{
  chroot =
}}
"""
