"""Show the drafts that wait for you: whose, since when, tone, strategy, gaps.

With a KEY (or the end of one) shows everything about that draft: the words that gave the
tone away, why this strategy, what only you can fill in, and what only you should know: a
boundary suggested, a threat, a lawyer's letter, our own silence. Names and texts are read
from the mail server now; mailassist keeps none.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from mailassist.commands.run import going_on
from mailassist.errors import MessageError
from mailassist.present import ago, as_object, explain, plain, print_json, print_table, say
from mailassist.values import Draft, FetchedMessage, Skipped

if TYPE_CHECKING:
    from mailassist.keeping.store import Record, Store
    from mailassist.mailbox.account import Account
    from mailassist.one_pass import Answer

HEADINGS = ("key", "from", "since", "tone", "strategy", "gaps", "attention")


def arguments(parser: argparse.ArgumentParser) -> None:
    """Declare what the verb takes."""
    parser.add_argument("key", nargs="?", metavar="KEY", help="show one draft with all its reasons")
    parser.add_argument("--json", action="store_true", help="print one JSON object a draft")


def run(options: argparse.Namespace) -> int:
    """Show them; return 0, or the status of the first account that failed."""
    from mailassist.commands.check import unanswerable
    from mailassist.wiring import account_of, answer_of, configuration, store_of

    config = configuration(options.config)
    now = datetime.now(UTC)
    rows: list[tuple[str, ...]] = []
    statuses: list[int] = []
    with store_of(config) as store:
        one = named(store, options.key) if options.key else None
        for account in config.chosen([one.key.account] if one else []):
            waiting = [one] if one else list(store.waiting(account.name))
            waiting = [record for record in waiting if record.key.account == account.name]
            if not waiting:
                continue
            with going_on(account.name, statuses), account_of(account) as server:
                for record, outcome in reread(server, store, waiting, answer_of(config, account)):
                    if options.json:
                        where = {"key": str(record.key), "since": record.saved.isoformat() if record.saved else ""}
                        print_json(as_object(where, outcome))
                    elif one:
                        print("\n".join(whole(record, outcome, now)))
                    else:
                        rows.append(row(short(record, store), record, outcome, now))
        without = unanswerable(config, {sender.language for sender in store.senders()})
    if rows:
        print_table(HEADINGS, rows)
    elif not (options.json or one or statuses):
        say("no draft waits for you")
    for tag in sorted(without):
        say(f"customers write in {tag}, and there is no template set for it: mailassist templates new {tag}")
    return statuses[0] if statuses else 0


def named(store: Store, text: str) -> Record:
    """Return the message that *text* names; raise MessageError where there is none, or more than one."""
    found = store.matching(text)
    if not found:
        raise MessageError(f"there is no message {text!r}; take a key from: mailassist review")
    if len(found) > 1:
        keys = " or ".join(str(record.key) for record in found)
        raise MessageError(f"{text!r} names {len(found)} messages; write which one you mean: {keys}")
    return found[0]


def reread(
    server: Account, store: Store, waiting: list[Record], answer: Answer
) -> Iterator[tuple[Record, Draft | Skipped | None]]:
    """Yield each record with what its message says, read again from the server; None where it is no longer there."""
    for folder in dict.fromkeys(record.key.folder for record in waiting):
        records = {record.key.uid: record for record in waiting if record.key.folder == folder}
        here = server.select(folder)
        known = [uid for uid, record in records.items() if record.key.uid_validity == here.uid_validity]
        outlines = {outline.uid: outline for outline in server.outlines(known)}
        for message in server.fetch(list(outlines.values())):
            if isinstance(message, FetchedMessage):
                record = records.pop(message.key.uid)
                sender = outlines[message.key.uid].fields.sender
                history = store.history(record.key.account, sender, record.thread, but=record.key)
                yield record, answer(message.octets, history, record.composed or datetime.now(UTC))
        for record in records.values():
            yield record, None


def short(record: Record, store: Store) -> str:
    """Return the shortest name by which `review KEY` and `redraft KEY` find *record*: its UID, else the whole key."""
    uid = str(record.key.uid)
    return uid if store.find(uid) else str(record.key)


def row(key: str, record: Record, outcome: Draft | Skipped | None, now: datetime) -> tuple[str, ...]:
    """Return the table row of one draft, under HEADINGS; *key* is what names it."""
    since = ago(record.saved, now)
    if not isinstance(outcome, Draft):
        return key, "its message has gone", since, record.tone, record.strategy, str(record.gaps), ""
    mail = outcome.reading.mail
    who = (mail.from_.name or mail.from_.spec) if mail.from_ else ""
    known = [
        *outcome.reading.attention,
        *([f"suggests: {outcome.standing.suggest}"] if outcome.standing.suggest else []),
    ]
    return key, who, since, outcome.tone.level, outcome.strategy.name, "; ".join(outcome.gaps), ", ".join(known)


def whole(record: Record, outcome: Draft | Skipped | None, now: datetime) -> Iterator[str]:
    """Yield the lines about one draft."""
    yield f"key        {record.key}"
    yield f"since      {ago(record.saved, now)}"
    if isinstance(outcome, Draft):
        mail = outcome.reading.mail
        yield f"from       {plain(str(mail.from_ or ''))}"
        yield f"subject    {plain(mail.subject)}"
        yield from explain(outcome)
        if not outcome.standing.suggest:  # else it is told with what is suggested
            yield f"customer   {outcome.standing.label.replace('_', ' ')} ({outcome.standing.because})"
    elif isinstance(outcome, Skipped):
        yield f"no draft   {outcome.reason}"
    else:
        yield "its message can no longer be read; the draft is yours"
