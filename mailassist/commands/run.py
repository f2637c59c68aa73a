"""Make one pass over the inbox: draft what waits for an answer, mark what is hostile.

Takes the messages of the last seven days, and older ones where the last complete pass is
longer ago; --since reaches back as far as you say. Drafts are saved to the Drafts folder;
nothing is sent, and a second run adds nothing.
"""

from __future__ import annotations

import argparse
import contextlib
import sys
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import TYPE_CHECKING

from mailassist.errors import AccountError, MessageError, SetupError
from mailassist.present import HEADINGS, as_object, as_row, counted, print_json, print_table, say

if TYPE_CHECKING:  # what --help does not need
    from mailassist.config import AccountConfig, Config
    from mailassist.keeping.store import Store
    from mailassist.mailbox.account import Account
    from mailassist.mailbox.idle import Stop
    from mailassist.one_pass import Options, Outcome, Report

LIMIT = 200  # messages of one pass, newest first: a first run never floods


def arguments(parser: argparse.ArgumentParser) -> None:
    """Declare what the verb takes."""
    parser.add_argument("account", nargs="*", metavar="ACCOUNT", help="only these accounts")
    parser.add_argument("--since", type=duration, metavar="7d", help="reach back this far")
    parser.add_argument(
        "--limit", type=positive, default=LIMIT, metavar="N", help=f"at most N messages (default {LIMIT})"
    )
    parser.add_argument("--dry-run", action="store_true", help="show what would be drafted; write nothing anywhere")
    parser.add_argument("--json", action="store_true", help="print one JSON object a message")


def positive(text: str) -> int:
    """Return the whole number above zero that *text* is; raise ArgumentTypeError."""
    if not text.isdecimal() or not int(text):
        raise argparse.ArgumentTypeError(f"{text!r} will not do; write a whole number from 1 on")
    return int(text)


def duration(text: str) -> timedelta:
    """Return the time span *text* ("7d"); raise ArgumentTypeError."""
    from mailassist import config

    try:
        return config.duration(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(f'{error}; write "90s", "30m", "2h", "7d" or "2w"') from None


def run(options: argparse.Namespace) -> int:
    """Run the pass over each account; return 0, or the status of the first account that failed or left a message."""
    from mailassist.mailbox.idle import Stop
    from mailassist.watcher import install_signals
    from mailassist.wiring import account_of, configuration, options_of, store_of, template_faults

    config = configuration(options.config)
    for fault in template_faults(config):
        say(f"{fault}; meanwhile the shipped words are taken")
    how = options_of(config, options.since, options.limit, options.dry_run)
    stop = Stop()
    install_signals(stop)
    statuses: list[int] = []
    with store_of(config) as store:
        for account in config.chosen(options.account):
            with going_on(account.name, statuses):
                with account_of(account) as server:
                    faults = pass_over(server, account, config, store, how, stop, options.json)
                statuses += [MessageError.exit_status] * bool(faults)
            if stop.is_set():
                say("stopped after the message in hand; run again for the rest")
                break
    return statuses[0] if statuses else 0


@contextlib.contextmanager
def going_on(account: str, statuses: list[int]) -> Iterator[None]:
    """Tell what is wrong with one *account*, so that the others go on; its exit status goes to *statuses*."""
    try:
        yield
    except (AccountError, SetupError) as error:
        say(f"mailassist: {account}: {error}")
        statuses.append(error.exit_status)


def pass_over(
    server: Account, account: AccountConfig, config: Config, store: Store, how: Options, stop: Stop, as_json: bool
) -> int:
    """Make the pass over each folder of *account*, show what came of it, return how many messages failed."""
    from mailassist.one_pass import run_pass
    from mailassist.wiring import answer_of

    answer = answer_of(config, account)
    faults = 0
    for folder in account.folders:
        rows: list[tuple[str, ...]] = []
        with progress(not as_json) as advance:

            def seen(outcome: Outcome, done: int, total: int) -> None:
                reason = "" if outcome.saved else outcome.reason
                if as_json:
                    print_json(as_object({"key": str(outcome.key)}, outcome.result, reason))
                else:
                    rows.append(as_row(f"{folder} {outcome.key.uid}", outcome.result, reason))  # noqa: B023
                advance(done, total)

            report = run_pass(server, folder, store, answer, how, stop=stop, progress=seen)
        if rows:
            print_table(HEADINGS, rows)
        tell(report, server, how)
        faults += report.faults
    return faults


def tell(report: Report, server: Account, how: Options) -> None:
    """Say in a sentence or two what a pass came to."""
    place = f"{server.drafts.name} (found by {server.drafts.how})"
    done = "would be saved" if how.dry_run else "saved"
    say(f"{counted(report.drafts, 'draft')} {done} to {place}; messages that need none: {report.skipped}")
    if report.held:
        say(f"held back, as tone.hold says: {counted(report.held, 'draft')} for hostile mail")
    if report.doubtful:
        drafts = counted(report.doubtful, "draft")
        say(f"perhaps still on the way: {drafts}; run again in two minutes, nothing is doubled")
    if report.faults:
        say(f"not answered: {counted(report.faults, 'message')}; the next run tries again")
    if report.left:
        again = "name a higher --limit" if how.dry_run else "run the same again for the next ones"
        say(f"left out by the limit: {counted(report.left, 'older message')}; {again}")


@contextlib.contextmanager
def progress(wanted: bool) -> Iterator[Callable[[int, int], None]]:
    """Show a progress bar on standard error while the block runs, on a terminal only; yields what advances it."""
    if not (wanted and sys.stderr.isatty()):
        yield lambda done, total: None
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

    columns = (TextColumn("reading"), BarColumn(), MofNCompleteColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("reading", total=None)
        yield lambda done, total: bar.update(task, completed=done, total=total)
