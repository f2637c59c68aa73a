"""Remove the drafts of mailassist that nobody has edited.

An edited draft is yours and stays. A removed one is not made again; --since 2h takes back
only what was saved in the last two hours.
"""

from __future__ import annotations

import argparse
from datetime import UTC, datetime

from mailassist.commands.run import duration
from mailassist.present import counted, print_json, say


def arguments(parser: argparse.ArgumentParser) -> None:
    """Declare what the verb takes."""
    parser.add_argument("account", nargs="*", metavar="ACCOUNT", help="only these accounts")
    parser.add_argument("--since", type=duration, metavar="2h", help="only drafts saved since then")
    parser.add_argument("--json", action="store_true", help="print one JSON object an account")


def run(options: argparse.Namespace) -> int:
    """Remove them and say how many; return 0."""
    from mailassist.keeping.drafts import undo
    from mailassist.wiring import account_of, configuration, store_of

    config = configuration(options.config)
    since = datetime.now(UTC) - options.since if options.since else None
    with store_of(config) as store:
        for account in config.chosen(options.account):
            with account_of(account) as server:
                undone = undo(server, store, since)
            if options.json:
                counts = {name: getattr(undone, name) for name in ("removed", "edited", "gone", "kept")}
                print_json({"account": account.name, **counts})
                continue
            removed, edited = counted(undone.removed, "draft"), undone.edited
            say(f"{account.name}: {removed} removed; edited ones, which stay yours: {edited}")
            if undone.kept:
                say(f"{undone.kept} more stay: this server cannot remove one message alone; delete them in Drafts")
    return 0
