"""What a person or a script sees of an outcome: JSON objects, tables, one whole draft with its reasons."""

import json
import sys
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from mailassist.values import Draft, Reading, Skipped

CONTROL = dict.fromkeys((*range(32), 127, *range(8234, 8239), *range(8294, 8298)))


def as_object(where: Mapping[str, str], outcome: Draft | Skipped | None, reason: str = "") -> dict[str, Any]:
    """
    Return the JSON object of one message. Keys that do not apply are null.

    where: its `path` or its `key`. outcome: None where the message was not read. reason: why there is no draft, where
    that is not the outcome's own.
    """
    drafted = outcome if isinstance(outcome, Draft) and not reason else None
    reading = outcome.reading if outcome else None
    mail = reading.mail if reading else outcome.mail if isinstance(outcome, Skipped) else None
    to = drafted.to if drafted else mail.reply_to if mail else ()
    return {
        **where,
        "outcome": "draft" if drafted else "skipped",
        "reason": reason or (outcome.reason if isinstance(outcome, Skipped) else None),
        "from": str(mail.from_) if mail and mail.from_ else None,
        "to": ", ".join(map(str, to)) or None,
        "subject": drafted.subject if drafted else mail.subject if mail else None,
        "said": mail.said if mail else None,
        **(_reading(reading) if reading else dict.fromkeys(("language", "tone", "intents", "attention"))),
        "strategy": drafted.strategy.name if drafted else None,
        "because": drafted.because if drafted else None,
        "gaps": list(drafted.gaps) if drafted else [],
        "remarks": list(drafted.remarks) if drafted else [],
        "body": drafted.body if drafted else None,
        "message_id": drafted.message_id if drafted else None,
    }


def _reading(reading: Reading) -> dict[str, Any]:
    tone = reading.tone
    return {
        "language": reading.language.tag,
        "tone": {
            "level": tone.level,
            "score": round(tone.score, 4),
            "kind": tone.kind,
            "evidence": list(tone.evidence),
        },
        "intents": [{"name": intent.name, "evidence": list(intent.evidence)} for intent in reading.intents],
        "attention": list(reading.attention),
    }


def print_json(value: object) -> None:
    """
    Print *value* as one line of JSON.

    Lone surrogates, which no encoding takes, become question marks; where the output is not UTF-8, letters beyond
    ASCII are written as JSON escapes, so that nothing is lost.
    """
    unicode = (sys.stdout.encoding or "").lower().replace("-", "") == "utf8"
    text = json.dumps(value, ensure_ascii=not unicode)
    print(text.encode("utf-8", "replace").decode("utf-8"), flush=True)


def plain(text: str) -> str:
    """Return *text* on one line and without control or direction characters, safe for a terminal."""
    return " ".join(text.translate({**CONTROL, 9: " ", 10: " ", 13: " "}).split())


def explain(outcome: Draft) -> Iterable[str]:
    """Yield the lines that say how a draft came about, for the person who reviews it."""
    reading = outcome.reading
    tone = reading.tone
    yield f"language   {reading.language.tag} ({reading.language.because})"
    evidence = "; ".join(plain(one) for one in tone.evidence)
    yield f"tone       {tone.level}{f', {tone.kind}' if tone.kind else ''}{f' ({evidence})' if evidence else ''}"
    for intent in reading.intents:
        words = "; ".join(plain(one) for one in intent.evidence)
        yield f"intent     {intent.name}{f' ({words})' if words else ''}"
    yield f"strategy   {outcome.strategy.name} ({outcome.because})"
    for name in reading.attention:
        yield f"attention  {name}: a person decides before anything is sent"
    for gap in outcome.gaps:
        yield f"gap        {plain(gap)}"
    for remark in outcome.remarks:
        yield f"remark     {plain(remark)}"
    if outcome.standing.suggest:
        label = outcome.standing.label.replace("_", " ")
        yield f"customer   {label}, suggests: {outcome.standing.suggest} ({outcome.standing.because})"


PIPED = 10_000  # cells: a row stays on its line, for grep and awk
HEADINGS = ("from", "language", "tone", "strategy", "gaps, or why there is no draft")


def as_row(name: str, outcome: Draft | Skipped | None, reason: str = "") -> tuple[str, ...]:
    """Return the table row of one message, under HEADINGS; *name* stands where there is no sender to name."""
    reading = outcome.reading if outcome else None
    mail = reading.mail if reading else outcome.mail if isinstance(outcome, Skipped) else None
    who = (mail.from_.name or mail.from_.spec) if mail and mail.from_ else name
    tone, language = (reading.tone.level, reading.language.tag) if reading else ("", "")
    if isinstance(outcome, Draft) and not reason:
        return who, language, tone, outcome.strategy.name, "; ".join(outcome.gaps)
    return who, language, tone, "–", reason or (outcome.reason if isinstance(outcome, Skipped) else "")


def print_table(headings: Sequence[str], rows: Iterable[Sequence[str]], title: str = "") -> None:
    """
    Print a table: with rules and colour on a terminal, in plain aligned columns, a line for each row, when piped.

    On a terminal too narrow for the longest word of each column, each row becomes a paragraph.
    """
    from rich import box
    from rich.console import Console
    from rich.table import Table

    rows = list(rows)
    console = Console(width=None if sys.stdout.isatty() else PIPED)
    if sys.stdout.isatty() and least_width(headings, rows) > console.width:
        for row in rows:
            console.print(_cell(row[0]), style="bold")
            for heading, text in zip(headings[1:], row[1:], strict=True):
                if text:
                    _print_hanging(console, heading, _cell(text))
        return
    table = Table(title=title or None, box=box.SIMPLE_HEAD if console.is_terminal else None, title_justify="left")
    for heading, width in zip(headings, word_widths(headings, rows), strict=True):
        table.add_column(heading, overflow="fold", min_width=width)
    for row in rows:
        table.add_row(*(_cell(one) for one in row))
    console.print(table)


def _print_hanging(console: Any, heading: str, cell: Any) -> None:
    """Print one field of a paragraph; its further lines stand deeper than a heading."""
    from rich.text import Text

    for number, line in enumerate(Text.assemble(f"{heading}: ", cell).wrap(console, console.width - 4)):
        console.print(Text(" " * (4 if number else 2)) + line)


def least_width(headings: Sequence[str], rows: Sequence[Sequence[str]]) -> int:
    """Return how many cells wide a terminal must be, so that no word of the table is broken."""
    return sum(word + 3 for word in word_widths(headings, rows))  # a space before and behind, and the rule


def word_widths(headings: Sequence[str], rows: Sequence[Sequence[str]]) -> list[int]:
    """Return how many cells the longest word of each column takes."""
    from rich.cells import cell_len

    columns = zip(headings, *rows, strict=True)
    return [max(map(cell_len, " ".join(map(plain, column)).split()), default=0) for column in columns]


def _cell(text: str) -> Any:
    from rich.text import Text

    styles = {"hostile": "bold red", "upset": "yellow", "calm": "green", "–": "dim"}
    return Text(plain(text), style=styles.get(text, ""))


def say(text: str) -> None:
    """Say one sentence to the person at the terminal, on standard error; spaces before it stay."""
    indent = " " * (len(text) - len(text.lstrip(" ")))
    print(indent + plain(text), file=sys.stderr, flush=True)


def counted(number: int, noun: str) -> str:
    """Return *number* and *noun*, in the plural unless it is one: "1 draft", "2 drafts"."""
    return f"{number} {noun}{'' if number == 1 else 's'}"


def ago(when: datetime | None, now: datetime) -> str:
    """Return how long ago *when* was, in the largest unit that fits; empty where it is not known."""
    if when is None:
        return ""
    seconds = max(0, int((now - when).total_seconds()))
    for unit, size in (("d", 86_400), ("h", 3_600), ("min", 60)):
        if seconds >= size:
            return f"{seconds // size} {unit}"
    return "now"
