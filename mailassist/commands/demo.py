"""See it work without a mailbox: a mail server in memory, an inbox in five languages, one pass.

Starts a real IMAP server inside this process, fills its inbox with invented customer mail,
runs the ordinary pass over IMAP, reads the drafts back over IMAP and shows them. With
--keep the server stays up until Ctrl-C, to be looked at from a mail client.
"""

from __future__ import annotations

import argparse
import tempfile
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

from mailassist.errors import SetupError
from mailassist.present import HEADINGS, as_object, as_row, print_json, print_table, say

if TYPE_CHECKING:
    from mailassist.mailbox.embedded import Embedded
    from mailassist.one_pass import Outcome

INBOX = Path(__file__).with_name("demo_inbox")
ANSWERED = "14-fr-deja-repondu.eml"  # somebody has answered this one already
SHOWN = ("02-en-late.eml", "06-de-defekt.eml")  # whose drafts are shown whole
FACTS = """
[business]
name = "Nordlys Lamps"
phone = "+45 55 50 10 20"
response_time = "24h"
pause = "1h"
signature = "Nordlys Lamps · service@lamps.example.org"
[business.opening_hours]
en = "Tuesday to Saturday, 10 to 18"
da = "tirsdag til lørdag kl. 10-18"
de = "Dienstag bis Samstag, 10 bis 18 Uhr"
fr = "du mardi au samedi, de 10 h à 18 h"
ru = "со вторника по субботу, с 10 до 18 часов"
"""


def arguments(parser: argparse.ArgumentParser) -> None:
    """Declare what the verb takes."""
    parser.add_argument("--keep", action="store_true", help="leave the server up and print how to log in")
    parser.add_argument("--json", action="store_true", help="print one JSON object a message")


def run(options: argparse.Namespace) -> int:
    """Show the whole way from an inbox to drafts; return 0."""
    if find_spec("pymap") is None:
        raise SetupError(
            "the demo needs an IMAP server in Python; install it in the checkout: pipx install --force '.[demo]'"
        ) from None
    from mailassist.mailbox.embedded import embedded_server

    with embedded_server() as server, tempfile.TemporaryDirectory() as folder:
        fill(server)
        outcomes = one_pass(server, Path(folder))
        drafts = read_back(server)
        if options.json:
            for outcome in outcomes:
                print_json(
                    as_object({"key": str(outcome.key)}, outcome.result, "" if outcome.saved else outcome.reason)
                )
        else:
            show(outcomes, drafts)
        if options.keep:
            keep(server)
    return 0


def messages() -> Iterator[tuple[str, bytes]]:
    """Yield name and octets of each demo mail, dated over the last two days."""
    now = datetime.now(UTC).replace(microsecond=0)
    files = sorted(INBOX.glob("*.eml"))
    for number, file in enumerate(files):
        date = format_datetime(now - timedelta(hours=3 * (len(files) - number)))
        yield file.name, f"Date: {date}\r\n".encode() + b"\r\n".join(file.read_bytes().splitlines()) + b"\r\n"


def fill(server: Embedded) -> None:
    """Put the demo mails into the server's inbox."""
    with _login(server) as account:
        for name, octets in messages():
            account.append("INBOX", octets, ["\\Answered", "\\Seen"] if name == ANSWERED else [])


def one_pass(server: Embedded, folder: Path) -> list[Outcome]:
    """Run the ordinary pass, configured for the demo; return what became of each message, oldest first."""
    from mailassist.config import load
    from mailassist.keeping.store import open_store
    from mailassist.one_pass import Options, run_pass
    from mailassist.wiring import answer_of

    path = folder / "config.toml"
    path.write_text(
        f"""
        [[account]]
        name = "demo"
        address = "service@lamps.example.org"
        display_name = "Nordlys Lamps"
        host = "{server.host}"
        port = {server.port}
        tls = "none"
        username = "{server.user}"
        """
        + FACTS,
        "utf-8",
    )
    config = load(path)
    outcomes: list[Outcome] = []
    with open_store(None, b"demo") as store, _login(server) as account:
        run_pass(
            account,
            "INBOX",
            store,
            answer_of(config, config.account[0]),
            Options(marks=config.tone.mark),
            progress=lambda outcome, done, total: outcomes.append(outcome),
        )
    return sorted(outcomes, key=lambda outcome: outcome.key)


def read_back(server: Embedded) -> dict[str, str]:
    """Return the text of each draft that lies in Drafts, read over IMAP, by the Message-ID it answers."""
    from mailassist.reading.message import parse
    from mailassist.values import FetchedMessage

    with _login(server) as account:
        account.select(account.drafts.wire)
        fetched = account.fetch(list(account.outlines(account.uids())))
        drafts = [parse(message.octets) for message in fetched if isinstance(message, FetchedMessage)]
    return {draft.in_reply_to[0]: f"Subject: {draft.subject}\n\n{draft.body}" for draft in drafts if draft.in_reply_to}


def show(outcomes: list[Outcome], drafts: dict[str, str]) -> None:
    """Print the table of what became of each mail, then two whole drafts."""
    print_table(
        HEADINGS,
        [
            as_row(f"INBOX {outcome.key.uid}", outcome.result, "" if outcome.saved else outcome.reason)
            for outcome in outcomes
        ],
        title="What became of the inbox",
    )
    print(f"{len(drafts)} drafts lie in Drafts. Two of them, as they were read back over IMAP:\n")
    named = dict(messages())
    for name in SHOWN:
        message_id = next(line[12:].decode() for line in named[name].split(b"\r\n") if line.startswith(b"Message-ID: "))
        print(f"── the draft for {name}\n{drafts.get(message_id, 'there is none')}\n")


def keep(server: Embedded) -> None:
    """Say how to look at the server from a mail client, and wait for Ctrl-C."""
    say("the server stays up until Ctrl-C; open it in a mail client as an IMAP account:")
    say(f"  host {server.host}, port {server.port}, no encryption, user {server.user}, password {server.password}")
    say(f"  neomutt -f imap://{server.user}@{server.host}:{server.port}/Drafts")
    say("  Thunderbird: Account Settings, Add Mail Account, Configure manually; connection security: none")
    try:
        while True:
            time.sleep(3600)
    except KeyboardInterrupt:
        say("the server and its mails are gone")


def _login(server: Embedded):  # type: ignore[no-untyped-def]
    from mailassist.mailbox.account import Credential, ImapAccount, Server

    return ImapAccount(
        "demo", Server(server.host, server.port, tls="none", username=server.user), lambda: Credential(server.password)
    )
