"""
Learn from training/quoted/*.jsonl which sentence of a mail tells what happened, and which one asks for something;
writes mailassist/answering/quoting.json.

    python training/train_quoting.py            cross-validate, print, write
    python training/train_quoting.py --check    cross-validate and print only

Needs numpy and scipy; the program itself needs neither. Each line names a mail of training/mails and the sentences of
it that people would say back to the customer, the best first: "tells", "asks"; none where none would do. What is
learned is a softmax over the sentences of a mail that can be quoted at all and over quoting none, alike in every
language.
"""

import argparse
import json
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np
from scipy.optimize import minimize

from mailassist.answering.desk import Desk, read
from mailassist.answering.naming import harmless
from mailassist.answering.playbook import matters
from mailassist.answering.quoting import is_quotable, sentences_of
from mailassist.reading.sentences import split_sentences
from mailassist.values import IncomingMail

ROOT = Path(__file__).resolve().parent.parent
MODEL = ROOT / "mailassist" / "answering" / "quoting.json"
WHAT = ("tells", "asks")
FEWEST = 5  # sentences that show a feature
STRENGTH = 10.0  # how far the weights are held back, in units of each feature's spread
FOLDS = 6


class Mail(NamedTuple):
    """The sentences of a mail that can be quoted: their features, and for each purpose which of them would do."""

    features: Sequence[dict[str, float]]
    would_do: dict[str, Sequence[bool]]


def mails() -> list[Mail]:
    """Return the mails that people chose sentences of."""
    desk, found = Desk(), []
    for path in sorted((ROOT / "training" / "quoted").glob("*.jsonl")):
        rows = map(json.loads, (ROOT / "training" / "mails" / path.name).read_text("utf-8").splitlines())
        written = {row["id"]: row for row in rows}
        templates = desk.set_for(path.stem)
        assert templates, path
        for chosen in map(json.loads, path.read_text("utf-8").splitlines()):
            row = written[chosen["id"]]
            mail = IncomingMail("", row["subject"], None, (), row["body"], row["body"])
            reading = read(mail, desk)
            said = split_sentences(row["body"], reading.language.tag)
            sentences = sentences_of(reading, templates.locale, matters(reading)[0])
            usable = [
                (as_written, one)
                for as_written, one in zip(said, sentences, strict=True)
                if is_quotable(one.text, reading.language.tag) and harmless(one.text, reading, templates.locale)
            ]
            would_do = {what: [as_written in chosen[what] for as_written, _ in usable] for what in WHAT}
            found.append(Mail([dict(one.features) for _, one in usable], would_do))
    return [mail for mail in found if mail.features]


class Table:
    """The features of all mails as numbers, scaled by how much each of them varies."""

    def __init__(self, known: Sequence[Mail]) -> None:
        shown = Counter(name for mail in known for one in mail.features for name in one)
        self.names = sorted(name for name, count in shown.items() if count >= FEWEST)
        self.rows = [np.array([[one.get(name, 0.0) for name in self.names] for one in mail.features]) for mail in known]
        self.spread = np.concatenate(self.rows).std(axis=0)
        self.rows = [row / self.spread for row in self.rows]


def fit(rows: Sequence[np.ndarray], would_do: Sequence[Sequence[bool]]) -> np.ndarray:
    """Return the weight of each feature, and the bias behind them, that make what would do most likely."""
    sentences, starts = np.concatenate(rows), np.cumsum([0, *map(len, rows)])[:-1]
    of_mail = np.repeat(np.arange(len(rows)), list(map(len, rows)))
    good = np.concatenate([np.array(one, float) for one in would_do])
    none_does = np.array([not any(one) for one in would_do], float)

    def loss(weights: np.ndarray) -> tuple[float, np.ndarray]:
        powers = np.exp(np.clip(sentences @ weights[:-1] + weights[-1], -30, 30))
        total = 1 + np.add.reduceat(powers, starts)
        right = none_does + np.add.reduceat(powers * good, starts)
        wrong = powers / total[of_mail] - powers * good / right[of_mail]
        slope = np.append(sentences.T @ wrong + STRENGTH * weights[:-1], wrong.sum())
        return float((np.log(total) - np.log(right)).sum() + STRENGTH / 2 * (weights[:-1] ** 2).sum()), slope

    start = np.zeros(sentences.shape[1] + 1)
    return minimize(loss, start, jac=True, method="L-BFGS-B", options={"maxiter": 500}).x


def cross_validate(table: Table, known: Sequence[Mail], what: str) -> None:
    """Print how often a sentence that would do is chosen, another one, or one where none would do."""
    fold, counts = np.random.RandomState(1).randint(0, FOLDS, len(known)), Counter[str]()
    for held in range(FOLDS):
        train = np.flatnonzero(fold != held)
        weights = fit([table.rows[at] for at in train], [known[at].would_do[what] for at in train])
        for at in np.flatnonzero(fold == held):
            sums = table.rows[at] @ weights[:-1] + weights[-1]
            best, would_do = int(sums.argmax()), known[at].would_do[what]
            outcome = ("right" if would_do[best] else "wrong") if sums[best] > 0 else "missed"
            counts[outcome if any(would_do) else f"none would do: {outcome}"] += 1
    print(what, dict(sorted(counts.items())))


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--check", action="store_true", help="write nothing")
    is_check = arguments.parse_args().check
    known = mails()
    table, learned = Table(known), {}
    for what in WHAT:
        cross_validate(table, known, what)
        weights = fit(table.rows, [mail.would_do[what] for mail in known])
        scaled = (weights[:-1] / table.spread).round(2).tolist()
        learned[what] = {"": round(float(weights[-1]), 2), **dict(zip(table.names, scaled, strict=True))}
    if not is_check:
        MODEL.write_text(json.dumps(learned, indent=1) + "\n", "utf-8")


if __name__ == "__main__":
    main()
