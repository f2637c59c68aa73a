"""Replace our untouched draft by one of another strategy, on your word.

KEY is what review shows, or the end of it. This is the only way to the two farewells,
offboard_direct and offboard_vague: what is still owed to the customer is listed first,
and they are written only after a boundary of yours was sent.
"""

from __future__ import annotations

import argparse
import sys
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from mailassist.errors import MessageError
from mailassist.present import as_object, explain, print_json, say
from mailassist.values import Draft, FetchedMessage

if TYPE_CHECKING:
    from mailassist.keeping.store import Record, Store


def arguments(parser: argparse.ArgumentParser) -> None:
    """Declare what the verb takes."""
    parser.add_argument("key", metavar="KEY", help="the message, as review shows it")
    parser.add_argument("--strategy", required=True, metavar="NAME", help="how to answer")
    parser.add_argument("--yes", action="store_true", help="do not ask before a farewell")
    parser.add_argument("--json", action="store_true", help="print the draft as a JSON object")


def run(options: argparse.Namespace) -> int:
    """Replace the draft and show the new one; return 0."""
    from mailassist.answering.playbook import FAREWELLS
    from mailassist.commands.review import named
    from mailassist.keeping.drafts import redraft
    from mailassist.wiring import account_of, answer_of, configuration, store_of

    config = configuration(options.config)
    with store_of(config) as store:
        record = named(store, options.key)
        account = config.chosen([record.key.account])[0]
        if options.strategy in FAREWELLS:
            _before_a_farewell(store, record, options.yes)
        answer = answer_of(config, account, options.strategy)

        def answered(message: FetchedMessage, of: Record) -> Draft:
            history = store.history(of.key.account, _sender(message), of.thread, but=of.key)
            outcome = answer(message.octets, history, datetime.now(UTC))
            if not isinstance(outcome, Draft):
                raise MessageError(f"there is no draft to be had ({outcome.reason}); answer it in your mail client")
            return outcome

        with account_of(account) as server:
            draft = redraft(server, store, record, answered, lambda: datetime.now(UTC))
    if options.json:
        print_json(as_object({"key": str(record.key)}, draft))
    else:
        print("\n".join([*explain(draft), "", draft.body]))
    return 0


def _sender(message: FetchedMessage) -> str:
    from mailassist.reading.message import parse

    mail = parse(message.octets)
    return mail.from_.spec if mail.from_ else ""


def _before_a_farewell(store: Store, record: Record, yes: bool) -> None:
    """Show what is still open with this customer; raise MessageError where no boundary was sent, or on a no."""
    mine = [one for one in store.senders() if one.hash == record.sender]
    contacts = mine[0].contacts if mine else ()
    open_matters = [one for one in contacts if one.answered_after is None]
    say(f"mails of this customer without an answer of yours: {len(open_matters)} of {len(contacts)}")
    for one in open_matters:
        say(f"  {one.when:%Y-%m-%d}  {', '.join(one.intents) or 'no matter stands out'}")
    boundaries = [one.when for one in contacts if one.boundary_sent]
    if not boundaries:
        raise MessageError("no written boundary to this customer is known; send one before you part")
    say(f"your boundary was sent in answer to the mail of {max(boundaries):%Y-%m-%d}")
    if yes:
        return
    if not sys.stdin.isatty():
        raise MessageError("a farewell wants a person's word; add --yes when everything owed is listed in it")
    if input("Write the farewell? [y/N] ").strip().lower() not in ("y", "yes"):
        raise MessageError("the draft stays as it is; answer y to have the farewell written")
