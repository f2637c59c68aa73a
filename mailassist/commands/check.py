"""Check everything a run needs and name every fault at once, each with the next step.

Looks at the configuration, the template sets, the store, and for each account at the
secret, the login, the folders, and whether the server keeps the marks of hostile mail.
Changes nothing.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from mailassist.errors import ConfigError, FolderMissing, MailassistError
from mailassist.present import plain, print_json

if TYPE_CHECKING:
    from mailassist.config import AccountConfig, Config
    from mailassist.mailbox.account import ImapAccount

SIGN = {"ok": "✓", "note": "–", "fault": "✗"}
PROTECTION = {
    "implicit": "encrypted (TLS)",
    "starttls": "encrypted (STARTTLS)",
    "none": "not encrypted (this machine only)",
}
COLOUR = {"ok": "32", "note": "33", "fault": "31"}


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was looked at. A note wants no action; a fault names the next step."""

    about: str
    state: Literal["ok", "note", "fault"]
    text: str
    status: int = 0  # the exit status of a fault


def arguments(parser: argparse.ArgumentParser) -> None:
    """Declare what the verb takes."""
    parser.add_argument("--json", action="store_true", help="print one JSON object a finding")


def run(options: argparse.Namespace) -> int:
    """Print every finding; return 0, or the status of the first fault."""
    statuses = []
    for finding in findings(options):
        if options.json:
            print_json({"about": finding.about, "state": finding.state, "text": finding.text})
        else:
            print(shown(finding))
        if finding.state == "fault":
            statuses.append(finding.status)
    return statuses[0] if statuses else 0


def shown(finding: Finding) -> str:
    """Return the line for a person, with colour on a terminal."""
    sign = SIGN[finding.state] if takes(SIGN.values()) else f"{finding.state}:"
    if sys.stdout.isatty() and not _no_colour():
        sign = f"\x1b[{COLOUR[finding.state]}m{sign}\x1b[0m"
    return f"{sign} {finding.about}: {plain(finding.text)}"


def _no_colour() -> bool:
    import os

    return bool(os.environ.get("NO_COLOR")) or os.environ.get("TERM") == "dumb"  # https://no-color.org


def takes(signs: Iterable[str]) -> bool:
    """Say whether the charset of standard output has all *signs*."""
    try:
        "".join(signs).encode(sys.stdout.encoding or "ascii")
    except UnicodeEncodeError:
        return False
    return True


def findings(options: argparse.Namespace) -> Iterator[Finding]:
    """Yield what there is to say, fault or not, in the order things depend on each other."""
    from mailassist.wiring import configuration

    try:
        config = configuration(options.config)
    except ConfigError as error:
        for problem in error.problems:
            yield Finding("configuration", "fault", problem, error.exit_status)
        return
    yield Finding("configuration", "ok", str(config.path))
    yield from _templates(config)
    yield from _detectors(config)
    yield from _store(config)
    for account in config.account:
        yield from _account(config, account)


def _templates(config: Config) -> Iterator[Finding]:
    from mailassist.answering.templates import available
    from mailassist.commands.templates import faults
    from mailassist.shipped import shipped

    roots = (config.template_folder, shipped("templates"))
    found = faults(None, roots)
    for fault in found:
        yield Finding("templates", "fault", str(fault), ConfigError.exit_status)
    if found:
        yield Finding("templates", "note", "where a text of yours does not work, the shipped one is used")
    tags = available(roots)
    if not found:
        yield Finding("templates", "ok", ", ".join(tags))
    if config.languages.default not in tags:
        text = f"there is no set for languages.default = {config.languages.default!r}; use one of {', '.join(tags)}"
        yield Finding("templates", "fault", text, ConfigError.exit_status)
    for who, tag in config.languages.overrides.items():
        if tag not in tags:
            text = f"there is no set for languages.overrides.{who} = {tag!r}; use one of {', '.join(tags)}"
            yield Finding("templates", "fault", text, ConfigError.exit_status)
    for fact, texts in config.business.items():
        for tag in () if isinstance(texts, str) else sorted(set(texts) - {"default", *tags}):
            if not any(one.startswith(f"{tag}-") for one in tags):
                yield Finding("templates", "note", f"business.{fact}.{tag}: there is no set that could use it")


def _detectors(config: Config) -> Iterator[Finding]:
    from mailassist.reading.language import chooser

    for name in filter(None, (config.languages.detector, config.languages.second_opinion)):
        try:
            chooser(name)
        except ConfigError as error:
            yield Finding("languages", "fault", str(error), error.exit_status)


def _store(config: Config) -> Iterator[Finding]:
    from mailassist.config import state_path
    from mailassist.wiring import store_of

    try:
        with store_of(config) as store:
            without = unanswerable(config, {sender.language for sender in store.senders()})
        yield Finding("store", "ok", str(state_path(config)))
        for tag in sorted(without):
            text = f"customers write in {tag}, and there is no template set for it: mailassist templates new {tag}"
            yield Finding("languages", "note", text)
    except MailassistError as error:
        yield Finding("store", "fault", str(error), error.exit_status)


def unanswerable(config: Config, seen: set[str | None]) -> set[str]:
    """Return the languages of *seen* that there is no template set for."""
    from mailassist.config import desk_of
    from mailassist.values import UNDETERMINED

    desk = desk_of(config)
    return {tag for tag in seen if tag and tag != UNDETERMINED and desk.set_for(tag) is None}


def _account(config: Config, account: AccountConfig) -> Iterator[Finding]:
    from mailassist.wiring import account_of, credentials_of

    about = f"account {account.name}"
    try:
        credentials_of(account)()
        yield Finding(about, "ok", "the password is there" if account.auth == "password" else "the sign-in is there")
        with account_of(account) as server:
            yield Finding(about, "ok", f"{account.host} accepts the login; {PROTECTION[account.tls]}")
            idle = "IDLE" in server.capabilities
            text = "new mail is noticed at once (IDLE)" if idle else "no IDLE: new mail is asked for every minute"
            yield Finding(about, "ok" if idle else "note", text)
            yield from _folders(config, account, server)
    except MailassistError as error:
        yield Finding(about, "fault", str(error), error.exit_status)


def _folders(config: Config, account: AccountConfig, server: ImapAccount) -> Iterator[Finding]:
    """Yield what there is to say of each folder of the account; one that is missing keeps none from being looked at."""
    about = f"account {account.name}"
    try:
        yield Finding(about, "ok", f"drafts go to {server.drafts.name}, found by {server.drafts.how}")
    except FolderMissing as error:
        yield Finding(about, "fault", own_words(error, about), error.exit_status)
    sent = server.sent
    text = f"your replies are looked for in {sent.name}" if sent else "no Sent folder found; set account.sent"
    yield Finding(about, "ok" if sent else "note", text)
    for folder in account.folders:
        try:
            selected = server.select(server.folder(folder).wire, readonly=False)
        except FolderMissing as error:
            yield Finding(about, "fault", own_words(error, about), error.exit_status)
            continue
        lost = [mark for mark in config.tone.mark if not selected.keeps(mark)]
        kept = [mark for mark in config.tone.mark if selected.keeps(mark)]
        text = f"{folder} keeps the marks {', '.join(kept) or 'none'}"
        if lost:
            text += f"; it drops {', '.join(lost)}, leave that out of tone.mark if it disturbs you"
        yield Finding(about, "note" if lost else "ok", text)


def own_words(error: MailassistError, about: str) -> str:
    """Return the text of *error* without the account it begins with, which stands before it already."""
    return str(error).removeprefix(f"{about} ")
