"""Draft replies to messages in files: no account, no network.

Reads .eml files, mbox files (a message is then named inbox.mbox#3), Maildir folders,
folders of .eml files, or standard input (-). Prints the draft and why it is what it is.
With a configuration its facts, languages and templates are used; without one, each fact
is a gap.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from mailassist.errors import MailassistError, MessageError
from mailassist.present import as_object, explain, plain, print_json
from mailassist.values import Draft, Skipped

if TYPE_CHECKING:
    from mailassist.answering.desk import Desk

NO_INPUT = 66  # EX_NOINPUT of sysexits.h


def arguments(parser: argparse.ArgumentParser) -> None:
    """Declare what the verb takes."""
    parser.add_argument("path", nargs="+", metavar="PATH", help=".eml, mbox, Maildir or - for standard input")
    parser.add_argument("--json", action="store_true", help="print one JSON object a message")
    parser.add_argument("--strategy", metavar="NAME", help="answer with this strategy, whatever the playbook says")


def run(options: argparse.Namespace) -> int:
    """Print a draft for each message; return 0, or the status of the first fault."""
    from mailassist.answering.desk import answer
    from mailassist.answering.playbook import FAREWELLS

    desk = _desk(options)
    statuses: list[int] = []
    if options.strategy in FAREWELLS:
        raise MessageError(f"a farewell takes your word: run mailassist redraft KEY --strategy {options.strategy}")
    for path in options.path:
        for name, octets in _readable(path, statuses):
            try:
                outcome = answer(octets, desk, strategy=options.strategy)
            except MessageError as error:
                _failed(name, error, options.json)
                statuses.append(error.exit_status)
            else:
                _show(name, outcome, options.json)
    return statuses[0] if statuses else 0


def _readable(path: str, statuses: list[int]) -> Iterator[tuple[str, bytes]]:
    """Yield the messages at *path*; what cannot be read is told, and goes to *statuses*."""
    try:
        yield from messages(path)
    except OSError as error:
        reason = error.strerror or "it cannot be read"
        print(f"mailassist: {path}: {reason}; check the path and its permissions", file=sys.stderr)
        statuses.append(NO_INPUT)


def messages(path: str) -> Iterator[tuple[str, bytes]]:
    """Yield the name and the octets of each message at *path*; raise OSError when it cannot be read."""
    if path == "-":
        yield "-", sys.stdin.buffer.read()
        return
    place = Path(path)
    if place.is_dir():
        folders = [place / "cur", place / "new"]
        found = [f for f in folders if f.is_dir()]
        files = [one for folder in found for one in folder.iterdir()] if found else list(place.glob("*.eml"))
        if not files and not found:
            raise OSError(0, "it is neither a Maildir nor a folder of .eml files")
        for file in sorted(file for file in files if file.is_file()):
            yield str(file), file.read_bytes()
    elif _is_mbox(place):
        yield from _mbox(place)
    else:
        yield path, place.read_bytes()


def _is_mbox(place: Path) -> bool:
    with place.open("rb") as file:
        return file.read(5) == b"From "


def _mbox(place: Path) -> Iterator[tuple[str, bytes]]:
    import mailbox

    box = mailbox.mbox(place, create=False)
    for number, key in enumerate(box.iterkeys(), start=1):
        yield f"{place}#{number}", box.get_bytes(key)


def _desk(options: argparse.Namespace) -> Desk | None:
    """Return the desk of the first account; None, the shipped one, where there is no configuration."""
    from mailassist.config import default_path, desk_of, load

    path = options.config or default_path()
    if options.config is None and not path.exists():
        return None
    config = load(path)
    return desk_of(config, config.account[0])


def _show(name: str, outcome: Draft | Skipped, as_json: bool) -> None:
    if as_json:
        print_json(as_object({"path": name}, outcome))
    elif isinstance(outcome, Skipped):
        print(f"── {plain(name)}: no draft: {outcome.reason}\n")
    else:
        print(f"── {plain(name)}")
        print("\n".join(explain(outcome)))
        print(f"\nTo:      {plain(', '.join(str(one) for one in outcome.to))}\nSubject: {plain(outcome.subject)}\n")
        print(outcome.body)


def _failed(name: str, error: MailassistError, as_json: bool) -> None:
    print(f"mailassist: {name}: {error}", file=sys.stderr)
    if as_json:
        print_json({"path": name, "outcome": "skipped", "reason": str(error)})
