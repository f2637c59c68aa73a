"""Parses the command line and calls the verb; decides nothing."""

import argparse
import importlib
import logging
import os
import sys
from collections.abc import Sequence
from io import TextIOWrapper
from pathlib import Path
from types import ModuleType
from typing import NoReturn

from mailassist.errors import MailassistError

VERBS = (
    "init",
    "login",
    "check",
    "run",
    "watch",
    "draft",
    "redraft",
    "review",
    "undo",
    "senders",
    "templates",
    "service",
    "forget",
    "demo",
)
INTERRUPTED = 130  # as a shell reports SIGINT
USAGE = 64  # EX_USAGE of sysexits.h
NO_FILE = 74  # EX_IOERR


def run(arguments: Sequence[str]) -> int:
    """Run the verb that *arguments* name and return the exit status."""
    _forgiving_output()
    if not arguments:
        parser().print_help(sys.stderr)
        return USAGE
    options = parser().parse_args(arguments)
    _log(options.verbose - options.quiet + (options.verb == "watch"))  # a daemon says what it has done
    try:
        status: int = options.run(options)
        sys.stdout.flush()
        return status
    except MailassistError as error:
        print(f"mailassist: {error}", file=sys.stderr)
        return error.exit_status
    except (KeyboardInterrupt, EOFError):  # Ctrl-C, or Ctrl-D at a question
        print("\nmailassist: stopped; what was not finished was not written", file=sys.stderr)
        return INTERRUPTED
    except BrokenPipeError:  # the reader of our output has left: nothing to say, and nowhere to say it
        _drop_output()
        return 0
    except OSError as error:  # a folder that may not be written, a full disk
        what = f"{error.filename or 'the output'}: {error.strerror or 'it cannot be used'}"
        print(f"mailassist: {what}; check its permissions and the room on the disk", file=sys.stderr)
        _drop_output()
        return NO_FILE


def _drop_output() -> None:
    """Let what standard output still holds go nowhere, so that the interpreter does not complain at its end."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _forgiving_output() -> None:
    """Let a letter the terminal's charset lacks become a question mark: customers write in every script."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(errors="replace")


class _Parser(argparse.ArgumentParser):
    """argparse, with the exit status of sysexits.h."""

    def error(self, message: str) -> NoReturn:
        self.exit(USAGE, f"mailassist: {message}; see {self.prog} --help\n")


def parser() -> argparse.ArgumentParser:
    """Return the parser of the whole command line: a verb is a module of `commands`, its docstring the help."""
    from mailassist import __version__

    whole = _Parser(
        prog="mailassist",
        description="Drafts calm replies to customer mail, for a person to review and send. It never sends.",
        epilog="Begin with: mailassist demo, or: mailassist init you@your-domain.example. All of it: man mailassist",
        parents=[_everywhere(default=True)],
    )
    whole.add_argument(
        "-V", "--version", action="version", version=f"mailassist {__version__}", help="print the version"
    )
    verbs = whole.add_subparsers(title="verbs", metavar="VERB", required=True)
    for name in VERBS:
        verb = _module(name)
        text = verb.__doc__ or ""
        sub = verbs.add_parser(
            name,
            help=text.strip().splitlines()[0],
            description=text,
            parents=[_everywhere(default=False)],
            formatter_class=argparse.RawDescriptionHelpFormatter,
        )
        verb.arguments(sub)
        sub.set_defaults(run=verb.run, verb=name)
    return whole


def _module(name: str) -> ModuleType:
    return importlib.import_module(f"mailassist.commands.{name}")


def _everywhere(default: bool) -> _Parser:
    """Return the options that may stand before and after the verb; only one of the two places sets defaults."""

    def absent(value: object) -> object:
        return value if default else argparse.SUPPRESS

    options = _Parser(add_help=False)
    options.add_argument("--config", type=Path, metavar="FILE", default=absent(None), help="the configuration file")
    options.add_argument("-v", "--verbose", action="count", default=absent(0), help="say more; -vv says everything")
    options.add_argument("-q", "--quiet", action="count", default=absent(0), help="say less")
    return options


def _log(louder: int) -> None:
    """Log to standard error: warnings, with -v what is done, with -vv each decision; without times under systemd."""
    level = {0: logging.WARNING, 1: logging.INFO}.get(louder, logging.DEBUG if louder > 1 else logging.ERROR)
    stamped = "%(levelname)s %(name)s: %(message)s"
    form = stamped if "JOURNAL_STREAM" in os.environ else "%(asctime)s " + stamped
    logging.basicConfig(level=level, format=form, stream=sys.stderr)
    for name in ("imapclient", "imapclient.imaplib", "imapclient.util", "keyring", "charset_normalizer"):
        logging.getLogger(name).setLevel(logging.WARNING)  # imapclient writes whole messages at DEBUG
