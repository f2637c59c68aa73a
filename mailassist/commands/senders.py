"""Show the customers over time: mails and drafts, tones, answered by you or not.

A customer with a problem and a problem customer are told apart, with the reason; what
follows is yours to decide. Exceptions are remembered: --not-hostile ADDRESS for someone
who only sounds so, --hostile ADDRESS for the other way round, --language TAG ADDRESS for
the language to answer in; --no-exceptions ADDRESS takes them back.
"""

from __future__ import annotations

import argparse
from collections import Counter
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from mailassist.commands.run import going_on
from mailassist.errors import ConfigError
from mailassist.present import print_json, print_table, say
from mailassist.shipped import shipped

if TYPE_CHECKING:
    from mailassist.config import Config
    from mailassist.keeping.store import Sender, Store

HEADINGS = (
    "customer",
    "language",
    "mails",
    "drafts",
    "tones, oldest first",
    "answered",
    "standing",
    "why",
    "exceptions",
)
TONES_SHOWN = 12
MARK = {"calm": "·", "upset": "!", "hostile": "#"}


def arguments(parser: argparse.ArgumentParser) -> None:
    """Declare what the verb takes."""
    wish = parser.add_mutually_exclusive_group()
    wish.add_argument("--not-hostile", metavar="ADDRESS", help="never count this customer as hostile")
    wish.add_argument("--hostile", metavar="ADDRESS", help="always count this customer as hostile")
    wish.add_argument("--language", nargs=2, metavar=("TAG", "ADDRESS"), help="answer this customer in this language")
    wish.add_argument("--no-exceptions", metavar="ADDRESS", help="take the exceptions for this customer back")
    parser.add_argument("--json", action="store_true", help="print one JSON object a customer")


def run(options: argparse.Namespace) -> int:
    """Remember an exception, or show the customers; return 0, or the status of the first account that failed."""
    from mailassist.answering.templates import available
    from mailassist.wiring import configuration, store_of

    config = configuration(options.config)
    with store_of(config) as store:
        if remember(store, options, available((config.template_folder, shipped("templates")))):
            return 0
        # Who only sent newsletters, receipts and the like is no customer.
        known = [sender for sender in store.senders() if sender.contacts or sender.hostile is not None]
    senders = sorted(known, key=weight, reverse=True)
    statuses: list[int] = []
    names = _names(config, senders, statuses)
    if options.json:
        for sender in senders:
            print_json(as_object(sender, names.get(sender.hash, "")))
    elif senders:
        print_table(HEADINGS, [row(sender, names.get(sender.hash, "")) for sender in senders])
    else:
        say("no customer is remembered yet; run: mailassist run")
    return statuses[0] if statuses else 0


def an_address(text: str) -> str:
    """Return *text*; raise ConfigError where it can be nobody's address."""
    if "@" not in text.strip("@ "):
        raise ConfigError([f"{text!r} is no address; write it as name@example.org"])
    return text.strip()


def remember(store: Store, options: argparse.Namespace, tags: Sequence[str]) -> bool:
    """Remember the exception that *options* name; say whether there was one. Raises ConfigError."""
    if options.not_hostile:
        store.set_hostile(an_address(options.not_hostile), False)
        say(f"{options.not_hostile} no longer counts as hostile, whatever the words; threats are still shown")
    elif options.hostile:
        store.set_hostile(an_address(options.hostile), True)
        say(f"{options.hostile} counts as hostile from now on")
    elif options.language:
        tag, address = options.language
        if tag not in tags:
            raise ConfigError([f"there is no template set {tag!r}; use one of {', '.join(tags)}"])
        store.set_language(an_address(address), tag)
        say(f"{address} is answered in {tag} from now on")
    elif options.no_exceptions:
        store.set_hostile(an_address(options.no_exceptions), None)
        store.set_language(options.no_exceptions, None)
        say(f"{options.no_exceptions} is treated like everybody again")
    else:
        return False
    return True


def weight(sender: Sender) -> tuple[bool, bool, int]:
    """Return what puts a customer higher in the table: something is suggested, something is wrong, many mails."""
    from mailassist.answering.standing import judge_sender

    standing = judge_sender(sender.contacts)
    return standing.suggest is not None, standing.label != "ordinary", sender.mails


def _names(config: Config, senders: Sequence[Sender], statuses: list[int]) -> dict[str, str]:
    """Return the address of each sender that can still be read from the server, by hash; faults go to *statuses*."""
    from mailassist.wiring import account_of

    names: dict[str, str] = {}
    for account in config.account:
        mine = [sender for sender in senders if sender.latest.account == account.name]
        if not mine:
            continue
        with going_on(account.name, statuses), account_of(account) as server:
            for folder in dict.fromkeys(sender.latest.folder for sender in mine):
                here = server.select(folder)
                by_uid = {
                    one.latest.uid: one
                    for one in mine
                    if one.latest.folder == folder and one.latest.uid_validity == here.uid_validity
                }
                for outline in server.outlines(list(by_uid)):
                    names[by_uid[outline.uid].hash] = outline.fields.sender
    return names


def row(sender: Sender, name: str) -> tuple[str, ...]:
    """Return the table row of one customer, under HEADINGS."""
    from mailassist.answering.standing import judge_sender

    standing = judge_sender(sender.contacts)
    tones = "".join(MARK.get(one.tone, "?") for one in sender.contacts[-TONES_SHOWN:])
    answered = sum(one.answered_after is not None for one in sender.contacts)
    suggestion = f", suggests: {standing.suggest}" if standing.suggest else ""
    wishes = {True: "hostile", False: "not hostile", None: ""}[sender.hostile]
    return (
        name or "not to be read on the server at present",
        sender.language or "",
        str(sender.mails),
        str(sender.drafts),
        tones,
        f"{answered} of {len(sender.contacts)}",
        standing.label.replace("_", " ") + suggestion,
        standing.because,
        wishes,
    )


def as_object(sender: Sender, name: str) -> dict[str, Any]:
    """Return the JSON object of one customer."""
    from mailassist.answering.standing import judge_sender

    standing = judge_sender(sender.contacts)
    return {
        "address": name or None,
        "mails": sender.mails,
        "drafts": sender.drafts,
        "tones": dict(Counter(one.tone for one in sender.contacts)),
        "contacts": [
            {
                "when": one.when.isoformat(),
                "tone": one.tone,
                "intents": list(one.intents),
                "answered_after_s": one.answered_after.total_seconds() if one.answered_after is not None else None,
                "boundary_sent": one.boundary_sent,
            }
            for one in sender.contacts
        ],
        "standing": standing.label,
        "suggest": standing.suggest,
        "because": standing.because,
        "hostile": sender.hostile,
        "language": sender.language,
    }
