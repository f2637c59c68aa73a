"""
The manual page and the shell completions, made from the one argument parser and the example configuration.

`python docs/manual.py FOLDER` writes them below FOLDER as they are installed below a prefix; the wheel is built so.
"""

import argparse
import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from mailassist import __version__
from mailassist.cli import parser
from mailassist.shipped import shipped

MAN = "share/man/man1/mailassist.1"
COMPLETIONS = {
    "bash": "share/bash-completion/completions/mailassist",
    "zsh": "share/zsh/site-functions/_mailassist",
    "fish": "share/fish/vendor_completions.d/mailassist.fish",
}
EVERYWHERE = ("help", "config", "verbose", "quiet")  # told once, for all verbs
COMPLETED_AS_FILES = ("FILE", "PATH")  # metavars

EXIT = (
    (0, "done; of watch: ended because it was told to"),
    (64, "the command line cannot be understood"),
    (65, "a message could not be answered, or there is no message of that name; the others were dealt with"),
    (66, "a file that draft was to read cannot be read"),
    (74, "the store or another file cannot be used: what was answered is unknown, so nothing is answered"),
    (75, "the mail server is away, slow or odd; try again later"),
    (77, "there is no password, or the server refused it"),
    (78, "the configuration or the set-up needs a person"),
    (130, "stopped by Ctrl-C before it was finished"),
)
DESCRIPTION = """
mailassist watches a mailbox over IMAP, reads what customers write, and leaves a calm reply in the Drafts folder, in
the customer's language, for a person to review and send from the mail client they already use. Hostile mail is
flagged. What only a person can know stands in the draft as a gap in double square brackets.

It never sends: there is no SMTP in it. It changes nothing in the inbox but the mark on hostile mail, it answers each
mail with one draft, and it never touches a draft that a person has edited.
"""
FILES = (
    ("~/.config/mailassist/config.toml", "the configuration; no password stands in it"),
    ("~/.config/mailassist/templates/", "template sets of your own, laid over the shipped ones"),
    ("~/.local/state/mailassist/store.sqlite", "what was answered: keys, hashes and times, no text of a mail"),
    ("~/.config/systemd/user/mailassist.service", "the user unit that mailassist service install writes"),
)
ENVIRONMENT = (
    ("XDG_CONFIG_HOME", "stands instead of ~/.config"),
    ("XDG_STATE_HOME", "stands instead of ~/.local/state"),
    ("CREDENTIALS_DIRECTORY", "where systemd hands over passwords: a file mailassist.ACCOUNT for each account"),
    ("PYTHON_KEYRING_BACKEND", "the keyring to use, as the Python package keyring reads it"),
    ("NO_COLOR", "where it is set, no colour is used"),
)
EXAMPLES = (
    ("mailassist init you@your-domain.example", "set up an account"),
    ("mailassist run --dry-run", "show what would be drafted, and write nothing"),
    ("mailassist draft message.eml", "draft a reply to a message in a file; no mailbox is needed"),
    ("mailassist service install", "run in the background from now on"),
)


@dataclass(frozen=True, slots=True)
class Setting:
    """One key of the configuration, as the example file tells of it."""

    section: str
    key: str
    default: str  # TOML
    text: str


def verbs() -> dict[str, argparse.ArgumentParser]:
    """Return the parser of each verb, in their order."""
    [action] = [one for one in parser()._actions if isinstance(one, argparse._SubParsersAction)]
    return dict(action.choices)


def own(verb: argparse.ArgumentParser) -> list[argparse.Action]:
    """Return what *verb* takes beside the options that all of them take."""
    return [one for one in verb._actions if one.dest not in EVERYWHERE]


def settings() -> list[Setting]:
    """Return every key of the example configuration, in its order."""
    found: list[Setting] = []
    section = ""
    for line in (shipped("config") / "config.example.toml").read_text("utf-8").splitlines():
        if heading := re.match(r"\[+(\w+)\]+", line):
            section = heading[1]
        elif pair := re.match(r"(?:# )?(\w+) = (.+?)\s{2,}# (.+)", line):
            found.append(Setting(section, pair[1], pair[2], pair[3]))
        elif (more := re.match(r"#\s{20,}# ?(.+)", line)) and found:
            last = found.pop()
            found.append(Setting(last.section, last.key, last.default, f"{last.text} {more[1]}"))
    return found


def man_page() -> str:
    """Return the manual page, in man(7)."""
    return "\n".join(_lines()) + "\n"


def _lines() -> Iterator[str]:
    whole = parser()
    yield f'.TH MAILASSIST 1 "" "mailassist {__version__}" "User Commands"'
    yield from (".nh", ".ad l")
    yield from (".SH NAME", r"mailassist \- drafts calm replies to customer mail, for a person to review and send")
    yield from (".SH SYNOPSIS", r"\fBmailassist\fR [\fIOPTION\fR ...] \fIVERB\fR ...")
    yield from (".SH DESCRIPTION", *_paragraphs(DESCRIPTION))
    yield from (".SH OPTIONS", "They may stand before or after the verb.", *_actions(_options(whole)))
    yield ".SH VERBS"
    for name, verb in verbs().items():
        yield f'.SS "mailassist {name}"'
        yield from (_usage(verb), ".PP", *_paragraphs(verb.description or ""), *_actions(own(verb)))
    yield from (".SH CONFIGURATION", "Every key with its default. Only name, address and host must be written.")
    section = ""
    for one in settings():
        if one.section != section:
            section = one.section
            yield f'.SS "{escaped(f"[[{section}]]" if section == "account" else f"[{section}]")}"'
        yield from (".TP", rf"\fB{escaped(one.key)}\fR = {escaped(one.default)}", escaped(one.text))
    for title, rows in (("FILES", FILES), ("ENVIRONMENT", ENVIRONMENT), ("EXIT STATUS", EXIT), ("EXAMPLES", EXAMPLES)):
        yield f".SH {title}"
        for name, text in rows:
            yield from (".TP", rf"\fB{escaped(str(name))}\fR", escaped(text))
    yield from (".SH SEE ALSO", r"\fBsystemctl\fR(1), \fBjournalctl\fR(1), \fBneomutt\fR(1)")


def _options(whole: argparse.ArgumentParser) -> list[argparse.Action]:
    return [one for one in whole._actions if one.option_strings]


def _usage(verb: argparse.ArgumentParser) -> str:
    """Return the synopsis of a verb on one line, without the options that all verbs take."""
    pieces = [rf"\fB{escaped(verb.prog)}\fR"]
    for one in own(verb):
        value = _value(one)
        if one.option_strings:
            piece = rf"\fB{escaped(one.option_strings[0])}\fR" + (f" {value}" if value else "")
            pieces.append(piece if one.required else f"[{piece}]")
        else:
            pieces.append({"?": f"[{value}]", "*": f"[{value} ...]", "+": f"{value} ..."}.get(str(one.nargs), value))
    return " ".join(pieces)


def _value(action: argparse.Action) -> str:
    """Return what stands for the value of an argument; empty where it takes none."""
    if action.nargs == 0:
        return ""
    if action.choices and not action.metavar:
        return "|".join(rf"\fB{escaped(str(one))}\fR" for one in action.choices)
    names = action.metavar if isinstance(action.metavar, tuple) else (action.metavar or action.dest.upper(),)
    return " ".join(rf"\fI{escaped(name)}\fR" for name in names)


def _actions(actions: list[argparse.Action]) -> Iterator[str]:
    for one in actions:
        value = _value(one)
        names = ", ".join(rf"\fB{escaped(name)}\fR" + (f" {value}" if value else "") for name in one.option_strings)
        yield from (".TP", names or value, escaped(one.help or ""))


def _paragraphs(text: str) -> Iterator[str]:
    """Yield the paragraphs of *text*; lines that are indented stand as they are."""
    for paragraph in re.split(r"\n\s*\n", text.strip()):
        if paragraph.startswith("  "):
            yield from (".nf", *map(escaped, paragraph.splitlines()), ".fi", ".PP")
        else:
            yield from (escaped(" ".join(paragraph.split())), ".PP")


def escaped(text: str) -> str:
    """Return *text* as man(7) shows it letter for letter."""
    text = text.replace("\\", r"\e").replace("-", r"\-")
    return r"\&" + text if text.startswith((".", "'")) else text


def completion(shell: str) -> str:
    """Return the completion of *shell*: "bash", "zsh" or "fish"."""
    import shtab

    whole = parser()
    for one in [whole, *verbs_of(whole)]:
        for action in one._actions:
            if action.metavar in COMPLETED_AS_FILES:
                action.complete = shtab.FILE  # type: ignore[attr-defined]  # where shtab looks for it
    return str(shtab.complete(whole, shell=shell))


def verbs_of(whole: argparse.ArgumentParser) -> list[argparse.ArgumentParser]:
    [action] = [one for one in whole._actions if isinstance(one, argparse._SubParsersAction)]
    return list(action.choices.values())


def write(folder: Path) -> dict[Path, str]:
    """Write every file below *folder*; return where each lies and where it belongs below a prefix."""
    texts = {MAN: man_page(), **{place: completion(shell) for shell, place in COMPLETIONS.items()}}
    written = {}
    for place, text in texts.items():
        path = folder / place
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")
        written[path] = place
    return written


if __name__ == "__main__":
    for path in write(Path(sys.argv[1])):
        print(path)
