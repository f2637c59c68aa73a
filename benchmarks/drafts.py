"""
Measures drafts over labelled mails, per language, beside a floor that answers everything alike.

usage: python benchmarks/drafts.py MAILS.jsonl [--gold]

MAILS.jsonl: one object a line with lang, subject, body, tone, hostile_kind or kind, intent or intents, and, where the
strategy is measured, expected_strategy (any of the list is right; `answer` counts as acknowledge_and_fix).
--gold takes tone and intents from the labels, so that the answer alone is measured.

Columns: mails; skipped: no draft; F1: macro-F1 of the most weighty intent; strategy: share that is right, and the
floor's (acknowledge_and_fix for all); number: share of drafts that name the customer's number, of mails that have one;
ours: share of drafts with a thing, number, date or amount of the mail in a sentence of ours, of mails that have one;
exact: share of mails that say exactly what the matter is; twice: share of drafts that say a number or amount twice;
gaps, words: means; long: share over 160 words or 90 in a pause; distinct: share of texts that are told apart after the
greeting; faults: drafts with a phrase that makes it worse, a figure from nowhere or a leftover.
"""

import argparse
import json
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import replace
from email.message import EmailMessage
from pathlib import Path
from typing import Any

from mailassist.answering.desk import Desk, read, respond
from mailassist.answering.wording import most_words, words_of
from mailassist.reading.attention import find_attention
from mailassist.reading.message import parse
from mailassist.values import Detection, Draft, Intent, Reading, Tone

FLOOR = "acknowledge_and_fix"
COLUMNS = (
    "mails", "skipped", "F1", "strategy", "floor", "number", "ours", "exact", "twice", "gaps", "words", "long",
    "distinct", "faults",
)  # fmt: skip
QUOTED = re.compile(r"“[^”]*”|„[^“]*“|»[^«]*«|«[^»]*»|\"[^\"]*\"")


def octets(row: dict[str, Any]) -> bytes:
    mail = EmailMessage()
    mail["From"], mail["To"], mail["Subject"] = "customer@example.org", "service@shop.example", row["subject"]
    mail["Message-ID"] = f"<{row['id']}@example.org>"
    mail.set_content(row["body"])
    return mail.as_bytes()


def reading_of(row: dict[str, Any], desk: Desk, gold: bool) -> Reading:
    found = read(parse(octets(row)), desk)
    if not gold:
        return found
    tone = Tone(row["tone"], float(row["tone"] == "hostile"), row.get("hostile_kind") or row.get("kind"))
    return replace(
        found,
        language=Detection(row["lang"], 1.0, "override", "label"),
        tone=tone,
        intents=tuple(map(Intent, intents_of(row))),
        attention=find_attention(found.mail.said, row["lang"], tone),
    )


def intents_of(row: dict[str, Any]) -> list[str]:
    return row.get("intents") or [row["intent"]]


def macro_f1(pairs: Sequence[tuple[str, str]]) -> float:
    """Return the mean F1 over the labels that occur; *pairs* are (label, found)."""
    scores = []
    for name in {label for label, _ in pairs}:
        right = sum(label == found == name for label, found in pairs)
        named = sum(label == name for label, _ in pairs) + sum(found == name for _, found in pairs)
        scores.append(2 * right / named)
    return sum(scores) / len(scores) if scores else float("nan")


def fits(strategy: str, expected: Iterable[str]) -> bool:
    return strategy in expected or (strategy == "answer" and FLOOR in expected)


def share(hits: Iterable[bool]) -> float:
    values = list(hits)
    return sum(values) / len(values) if values else float("nan")


def figures_in(found: Reading) -> list[str]:
    return [one for one in (*found.particulars.numbers, *found.particulars.amounts) if len(one) > 2]


def named_in(found: Reading) -> list[str]:
    """Return what the mail names, in small letters: things, dates, numbers, amounts."""
    particulars = found.particulars
    return [one.casefold() for one in (*particulars.things, *particulars.dates, *figures_in(found))]


def measure(rows: Sequence[dict[str, Any]], gold: bool) -> dict[str, float]:
    desk = Desk(quote=False)
    readings = [(row, reading_of(row, desk, gold)) for row in rows]
    outcomes = [(row, found, respond(found, desk)) for row, found in readings]
    drafts = [(row, found, made) for row, found, made in outcomes if isinstance(made, Draft)]
    expected = [(row["expected_strategy"], made) for row, _, made in drafts if row.get("expected_strategy")]
    numbers = [(found.particulars.numbers, made.body) for _, found, made in drafts if found.particulars.numbers]
    named = [(named_in(found), made.body) for _, found, made in drafts if named_in(found)]
    texts = Counter(made.body.partition("\n\n")[2] for _, _, made in drafts)
    words = [words_of(made.body) for _, _, made in drafts]
    return {
        "mails": len(rows),
        "skipped": len(outcomes) - len(drafts),
        "F1": macro_f1([(intents_of(row)[0], found.intents[0].name) for row, found in readings]),
        "strategy": share(fits(made.strategy.name, wanted) for wanted, made in expected),
        "floor": share(FLOOR in wanted for wanted, _ in expected),
        "number": share(any(one in body for one in named) for named, body in numbers),
        "ours": share(any(one in QUOTED.sub(" ", body).casefold() for one in names) for names, body in named),
        "exact": share(bool(found.aspects) for _, found in readings),
        "twice": share(any(made.body.count(one) > 1 for one in figures_in(found)) for _, found, made in drafts),
        "gaps": sum(len(made.gaps) for _, _, made in drafts) / max(len(drafts), 1),
        "words": sum(words) / max(len(words), 1),
        "long": share(n > most_words(made.strategy.name) for n, (_, _, made) in zip(words, drafts, strict=True)),
        "distinct": len(texts) / max(len(drafts), 1),
        "faults": sum(
            any("makes it worse" in one or "neither" in one or "left over" in one for one in made.remarks)
            for _, _, made in drafts
        ),
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("mails", type=Path, nargs="+")
    parser.add_argument("--gold", action="store_true")
    options = parser.parse_args()
    known = Desk().tags()
    by_language = defaultdict(list)
    for path in options.mails:
        for line in path.read_text("utf-8").splitlines():
            row = json.loads(line)
            by_language[row["lang"]].append(row)
    print("".join(f"{name:>9}" for name in ("", *COLUMNS)))
    for tag, rows in sorted(by_language.items()):
        if tag in known:
            found = measure(rows, options.gold)
            print(f"{tag:>9}" + "".join(f"{found[name]:9.2f}" for name in COLUMNS))


if __name__ == "__main__":
    main()
