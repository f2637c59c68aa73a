"""Remove the drafts of mailassist that nobody has edited.

An edited draft is yours and stays. A removed one is not made again; --since 2h takes back
only what was saved in the last two hours.
"""

from __future__ import annotations

import argparse
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from mailassist.commands.run import duration, going_on
from mailassist.present import counted, print_json, say

if TYPE_CHECKING:
    from mailassist.keeping.drafts import Undone


def arguments(parser: argparse.ArgumentParser) -> None:
    """Declare what the verb takes."""
    parser.add_argument("account", nargs="*", metavar="ACCOUNT", help="only these accounts")
    parser.add_argument("--since", type=duration, metavar="2h", help="only drafts saved since then")
    parser.add_argument("--json", action="store_true", help="print one JSON object an account")


def run(options: argparse.Namespace) -> int:
    """Remove them and say how many; return 0, or the status of the first account that failed."""
    from mailassist.keeping.drafts import undo
    from mailassist.wiring import account_of, configuration, store_of

    config = configuration(options.config)
    since = datetime.now(UTC) - options.since if options.since else None
    statuses: list[int] = []
    with store_of(config) as store:
        for account in config.chosen(options.account):
            with going_on(account.name, statuses), account_of(account) as server:
                tell(account.name, undo(server, store, since), options.json)
    return statuses[0] if statuses else 0


def tell(account: str, undone: Undone, as_json: bool) -> None:
    """Say what became of the drafts of *account*."""
    if as_json:
        counts = {name: getattr(undone, name) for name in ("removed", "edited", "gone", "kept")}
        print_json({"account": account, **counts})
        return
    say(f"{account}: {counted(undone.removed, 'draft')} removed; edited ones, which stay yours: {undone.edited}")
    if undone.kept:
        say(f"{undone.kept} more stay: this server cannot remove one message alone; delete them in Drafts")
