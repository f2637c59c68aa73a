"""
A Monday: forty mails in five languages on a real Dovecot, the run killed and repeated, a draft sent from neomutt.

It drives the program as its user does, by the command line, and looks at the mailbox as another client sees it.
"""

import email
import json
import os
import pty
import re
import select
import shutil
import subprocess
import sys
import time
from email.policy import default
from pathlib import Path

import pytest

from mailassist.reading.message import parse
from tests.servers import Mailbox

MESSAGES = Path(__file__).parent / "messages"
LANGUAGES = ("en", "da", "de", "fr", "ru")
EACH = 7  # messages of the corpus a language, beside the five below
OWN = ("service@nord.example", "info@nord.example")
CONFIG = """
[[account]]
name = "nord"
address = "service@nord.example"
aliases = ["info@nord.example"]
display_name = "Werkstatt Nord"
host = "127.0.0.1"
port = {port}
tls = "none"
username = "{user}"
password_command = ["echo", "{password}"]
[store]
path = "{folder}/store.sqlite"
"""
KILLED_RUN = """
import sys
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from mailassist.one_pass import run_pass
from mailassist.wiring import account_of, answer_of, configuration, options_of, store_of

config = configuration(Path(sys.argv[1]))
account = config.account[0]
options = replace(options_of(config), settle=timedelta(seconds=1))
with store_of(config) as store, account_of(account) as server:
    run_pass(server, "INBOX", store, answer_of(config, account), options, progress=lambda *_: print("met", flush=True))
"""
EXTRA = {
    "insult": "Subject: Idiots\n\nYou are a bunch of useless idiots. Where is my order 77120?\n\nP. Reed",
    "veiled threat": "Subject: Wait\n\nI know where you live and where your kids go to school. It would be a shame if"
    " something happened while you are keeping my money.",
    "hardship": "Subject: Faktura 5521\n\nKære Werkstatt Nord\n\nMin mand er død i sidste uge, og jeg kan ikke betale"
    " faktura 5521 til tiden. Kan jeg få lov at betale i rater?\n\nVenlig hilsen\nInger Holm",
    "newsletter": "Subject: Angebote\nList-Id: <angebote.example.com>\nPrecedence: bulk\n\nNur diese Woche!",
    "html only": "Subject: Commande 3310\nMIME-Version: 1.0\nContent-Type: text/html; charset=utf-8\n\n<p>Bonjour,</p>"
    "<p>Ma commande 3310 n'est toujours pas arriv&eacute;e, je suis d&eacute;&ccedil;ue.</p><p>Anne Roux</p>",
}


def inbox() -> list[bytes]:
    """Return the forty mails."""
    corpus = [path for tag in LANGUAGES for path in sorted((MESSAGES / tag).glob("*.eml"))[:EACH]]
    mails = [path.read_bytes() for path in corpus]
    for number, (name, text) in enumerate(EXTRA.items()):
        header = (
            f"From: {name} <customer-{number}@example.net>\nTo: {OWN[0]}\nMessage-ID: <extra-{number}@example.net>\n"
        )
        mails.append((header + text).encode())
    return [_numbered(octets, number) for number, octets in enumerate(mails)]


def _numbered(octets: bytes, number: int) -> bytes:
    """Return *octets* as SMTP carries them, with a Message-ID of their own: the corpus uses some twice."""
    own = f"Message-ID: <monday-{number}@example.net>".encode()
    octets = re.sub(rb"(?im)^message-id:[^\n]*(?:\n[ \t][^\n]*)*", own, octets, count=1)
    return b"\r\n".join(octets.splitlines()) + b"\r\n"


class Shop:
    """The program, as it is installed on a workstation."""

    def __init__(self, server: Mailbox, folder: Path) -> None:
        self.server, self.folder = server, folder
        self.config = folder / "config.toml"
        values = {"port": server.port, "user": server.user, "password": server.password, "folder": folder}
        self.config.write_text(CONFIG.format(**values), "utf-8")
        self.environment = {
            **os.environ,
            "HOME": str(folder),
            "PYTHON_KEYRING_BACKEND": "keyring.backends.fail.Keyring",
        }

    def run(self, *words: str) -> list[dict]:
        command = [sys.executable, "-m", "mailassist", "--config", str(self.config), *words, "--json"]
        done = subprocess.run(command, capture_output=True, env=self.environment, timeout=120, check=False)
        assert done.returncode == 0, done.stderr.decode()
        return [json.loads(line) for line in done.stdout.splitlines()]

    def run_and_kill(self, after: int) -> None:
        """Start a run and kill it (SIGKILL) when it has met *after* messages."""
        command = [sys.executable, "-c", KILLED_RUN, str(self.config)]
        with subprocess.Popen(command, stdout=subprocess.PIPE, env=self.environment) as child:
            assert child.stdout
            for _ in range(after):
                child.stdout.readline()
            child.kill()

    def run_to_the_end(self) -> None:
        command = [sys.executable, "-c", KILLED_RUN, str(self.config)]
        subprocess.run(command, env=self.environment, check=True, timeout=120, stdout=subprocess.DEVNULL)


@pytest.fixture
def shop(dovecot: Mailbox, tmp_path: Path) -> Shop:
    return Shop(dovecot, tmp_path)


def answered_ids(server: Mailbox, folder: str) -> list[str]:
    return [parse(mail.octets).in_reply_to[0] for mail in server.listing(folder) if b"\\Deleted" not in mail.flags]


def test_a_monday(shop: Shop) -> None:
    server, mails = shop.server, inbox()
    assert len(mails) == 40
    for number, octets in enumerate(mails):
        server.put("INBOX", octets, ["\\Answered"] if number == 0 else [])
    before = {mail.uid: mail.flags for mail in server.listing("INBOX")}

    for after in (1, 12, 25):
        shop.run_and_kill(after)
    time.sleep(1.5)  # the killed one's settle time
    shop.run_to_the_end()

    drafts = answered_ids(server, server.drafts)
    assert len(drafts) == len(set(drafts)), "a message has two drafts"
    first = parse(mails[0]).message_id
    assert first not in drafts, "an answered message was answered again"
    assert "<monday-38@example.net>" not in drafts, "the newsletter got a draft"
    assert {f"<monday-{n}@example.net>" for n in (35, 36, 37, 39)} <= set(drafts)
    assert len(drafts) >= 28

    for mail in server.listing(server.drafts):
        check_draft(mail.octets)
        assert {"\\Draft", "\\Seen"} <= set(mail.flags)
    marked = [mail for mail in server.listing("INBOX") if "$Hostile" in mail.flags]
    assert {"<monday-35@example.net>", "<monday-36@example.net>"} <= {parse(mail.octets).message_id for mail in marked}
    for mail in server.listing("INBOX"):
        assert set(mail.flags) - set(before[mail.uid]) - {"\\Recent"} <= {"$Hostile", "\\Flagged"}

    assert [one for one in shop.run("run") if one["outcome"] == "draft"] == []
    assert sorted(answered_ids(server, server.drafts)) == sorted(drafts)
    assert {one["attention"][0] for one in shop.run("review") if one["attention"]} >= {"threat"}


def check_draft(octets: bytes) -> None:
    """Fail unless a draft looks as if a mail client had made it."""
    draft = email.message_from_bytes(octets, policy=default)
    text = draft.get_content()
    assert octets.isascii()
    assert str(draft["From"].addresses[0].addr_spec) in OWN
    assert draft["To"].addresses
    assert draft["Subject"].startswith("Re: ")
    assert not draft["Subject"].startswith("Re: Re:")
    assert draft["In-Reply-To"] in draft["References"]
    assert not [name for name in draft if name.lower().startswith("x-")]
    assert "{{" not in text
    assert "None" not in text
    assert "\n>" in text
    assert text.count("[[") <= 4


def press(
    command: list[str], keys: list[tuple[float, bytes]], environment: dict[str, str], seconds: float = 30.0
) -> str:
    """Run a terminal program, press *keys*, each after its pause, until it ends; return what it showed."""
    pid, terminal = pty.fork()
    if pid == 0:
        os.execvpe(command[0], command, environment)
    shown, pending, due, end = b"", list(keys), time.monotonic() + keys[0][0], time.monotonic() + seconds
    while time.monotonic() < end:
        if pending and time.monotonic() >= due:
            os.write(terminal, pending.pop(0)[1])
            due = time.monotonic() + (pending[0][0] if pending else 0)
        if select.select([terminal], [], [], 0.05)[0]:
            try:
                shown += os.read(terminal, 65_536)
            except OSError:
                break
    else:
        os.kill(pid, 9)
    os.waitpid(pid, 0)
    return shown.decode(errors="replace")


@pytest.mark.skipif(
    shutil.which("neomutt") is None, reason="neomutt is left out: python -m tests.servers install neomutt"
)
def test_a_draft_is_opened_edited_and_sent_in_neomutt(shop: Shop) -> None:
    server = shop.server
    server.put("INBOX", inbox()[35])
    shop.run("run")
    [draft] = server.listing(server.drafts)
    assert b"=5B=5B" in draft.octets or b"[[" in draft.octets
    sender, editor, rc = shop.folder / "sender", shop.folder / "editor", shop.folder / "neomuttrc"
    sender.write_text(f"#!/bin/sh\ncat > {shop.folder}/sent.eml\n")
    editor.write_text("#!/bin/sh\nsed -i 's/\\[\\[[^]]*\\]\\]/tomorrow at 9/g' \"$1\"\n")
    sender.chmod(0o755)
    editor.chmod(0o755)
    place = f"imap://{server.user}@127.0.0.1:{server.port}"
    rc.write_text(
        f"""
        set folder = "{place}/" spoolfile = "{place}/INBOX" postponed = "{place}/Drafts" record = "{place}/Sent"
        set imap_user = "{server.user}" imap_pass = "{server.password}" ssl_starttls = no ssl_force_tls = no
        set sendmail = "{sender}" editor = "{editor}" from = "{OWN[0]}" envelope_from = no use_from = yes
        set abort_unmodified = no confirmappend = no fast_reply = yes copy = yes header_cache = "" sleep_time = 0
        set wait_key = no
        """
    )
    environment = {**os.environ, "TERM": "xterm", "HOME": str(shop.folder), "LANG": "C.UTF-8"}
    shown = press(["neomutt", "-F", str(rc), "-p"], [(3.0, b"y"), (3.0, b"y"), (2.0, b"q")], environment)
    sent = shop.folder / "sent.eml"
    assert sent.exists(), shown[-2000:]
    reply = email.message_from_bytes(sent.read_bytes(), policy=default)
    assert reply["In-Reply-To"] == parse(inbox()[35]).message_id
    assert "tomorrow at 9" in reply.get_content()
    assert "[[" not in reply.get_content().split("\n>")[0]
    assert not [name for name in reply if "mailassist" in name.lower() or name.lower().startswith("x-ma")]
    assert server.listing(server.drafts) == []
    shop.run("run")
    assert server.listing(server.drafts) == [], "an answered message was answered again"
