"""
Measures the most weighty intent over labelled mails, per language, beside a floor and two peers.

usage: python benchmarks/intent.py MAILS.jsonl

MAILS.jsonl: one object a line with lang, subject, body, and intent or intents; replies may carry quoted text.

    floor      the most frequent intent for all
    n-grams    words and letters learned from training/mails (needs scikit-learn; left out without it)
    cues       our cues, each counted for what it is meant to show, nothing learned
    said       ours, without the subject
    ours       ours, with the subject
    in three   share of mails whose intent is among those ours names, three at most
    named      intents named a mail

All but the last two are macro-F1 over the intents that the mails of a language have.
"""

import argparse
import json
import tomllib
from collections import Counter, defaultdict
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from mailassist.reading.intent import cues_of, find_intents
from mailassist.reading.said import extract_said

TRAINING = Path(__file__).resolve().parent.parent / "training"
Rows = Sequence[dict[str, Any]]
Judge = Callable[[Rows], list[str]]


def gold(row: dict[str, Any]) -> str:
    return str(row["intents"][0] if "intents" in row else row["intent"])


def macro_f1(rows: Rows, found: Sequence[str]) -> float:
    right = Counter(name for row, name in zip(rows, found, strict=True) if gold(row) == name)
    wanted, named = Counter(map(gold, rows)), Counter(found)
    return sum(2 * right[name] / (wanted[name] + named[name]) for name in wanted) / len(wanted)


def ours(rows: Rows) -> list[str]:
    return [find_intents(row["said"], row["lang"], row["subject"])[0].name for row in rows]


def ours_without_subject(rows: Rows) -> list[str]:
    return [find_intents(row["said"], row["lang"])[0].name for row in rows]


def floor(rows: Rows) -> list[str]:
    return [Counter(map(gold, rows)).most_common(1)[0][0]] * len(rows)


def cues(rows: Rows) -> list[str]:
    meant = tomllib.loads((TRAINING / "intent_meanings.toml").read_text("utf-8"))

    def judge(row: dict[str, Any]) -> str:
        hits = {hit.name for hit in cues_of(row["lang"]).find(row["subject"] + ".\n" + row["said"])}
        counts = {intent: sum(cue in hits for cue in named) for intent, named in meant.items()}
        return max(counts, key=lambda intent: counts[intent]) if any(counts.values()) else "other"

    return list(map(judge, rows))


def n_grams(rows: Rows) -> list[str]:
    from sklearn.feature_extraction.text import TfidfVectorizer
    from sklearn.pipeline import make_pipeline, make_union
    from sklearn.svm import LinearSVC

    tag = rows[0]["lang"]
    lines = (TRAINING / "mails" / f"{tag}.jsonl").read_text("utf-8").splitlines()
    mails = list(map(json.loads, lines))
    letters = TfidfVectorizer(analyzer="char_wb", ngram_range=(3, 5), sublinear_tf=True, min_df=2)
    words = TfidfVectorizer(ngram_range=(1, 2), sublinear_tf=True)
    model = make_pipeline(make_union(words, letters), LinearSVC(C=0.5, class_weight="balanced"))
    model.fit([mail["subject"] + "\n" + mail["body"] for mail in mails], list(map(gold, mails)))
    return list(map(str, model.predict([row["subject"] + "\n" + row["said"] for row in rows])))


JUDGES: dict[str, Judge] = {
    "floor": floor,
    "n-grams": n_grams,
    "cues": cues,
    "said": ours_without_subject,
    "ours": ours,
}


def measured(name: str, rows: Rows) -> str:
    """Return the macro-F1 of *name*, or a dash where it cannot be had."""
    try:
        return f"{macro_f1(rows, JUDGES[name](rows)):.3f}"
    except (ImportError, FileNotFoundError):
        return "-"


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("mails", type=Path)
    by_language: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for line in arguments.parse_args().mails.read_text("utf-8").splitlines():
        row = json.loads(line)
        by_language[row["lang"]].append(row | {"said": extract_said(row["body"])})
    print("lang   mails" + "".join(f"{name:>9}" for name in (*JUDGES, "in three", "named")))
    for tag, rows in sorted(by_language.items(), key=lambda item: (-len(item[1]), item[0])):
        named = [[intent.name for intent in find_intents(row["said"], tag, row["subject"])] for row in rows]
        among = sum(gold(row) in names for row, names in zip(rows, named, strict=True)) / len(rows)
        each = sum(map(len, named)) / len(rows)
        shown = "".join(f"{measured(name, rows):>9}" for name in JUDGES)
        print(f"{tag:5}{len(rows):7}{shown}{among:9.2f}{each:9.2f}")


if __name__ == "__main__":
    main()
