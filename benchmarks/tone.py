"""
The tone judge beside its peers on the same texts, in one run: what it finds, what it wrongly flags, what it costs.

    tone.py [--public DIR] [--mails FILE]

Without arguments on the functional cases of tests/tone, which nothing was trained on. DIR holds `dev/<tag>.jsonl`
(fields text, label, source), FILE whole mails (fields lang, body, tone, hostile_kind). Peers that are not installed
are left out: vaderSentiment, better-profanity, alt-profanity-check; they are made for English. The floor is our own
n-gram model of public talk alone.
"""

import argparse
import json
import time
import tomllib
import tracemalloc
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

from mailassist.reading import tone
from mailassist.reading.said import extract_said
from mailassist.reading.tone.model import ngrams, words_of
from mailassist.reading.tone.text import clean

CASES = Path(__file__).parent.parent / "tests" / "tone" / "functions"
FALSE_ALARMS = (0.005, 0.02)
Scorer = Callable[[str, str], float]


class Text(NamedTuple):
    language: str
    said: str
    hostile: bool
    kind: str  # of hostility, or the function the case is for


def peers() -> dict[str, tuple[Scorer, float]]:
    """Return each judge that is installed, with the score from which it calls a text hostile."""
    found: dict[str, tuple[Scorer, float]] = {
        "mailassist": (lambda said, language: tone.judge_tone(said, language).score, tone.THRESHOLD),
        "n-grams alone": (_ngram_score, 1.0),
    }
    try:
        from vaderSentiment.vaderSentiment import SentimentIntensityAnalyzer

        analyser = SentimentIntensityAnalyzer()
        found["VADER"] = (lambda said, _: -analyser.polarity_scores(said)["compound"], 0.05)
    except ImportError:
        pass
    try:
        from better_profanity import profanity

        found["better-profanity"] = (lambda said, _: float(profanity.contains_profanity(said)), 0.5)
    except ImportError:
        pass
    try:
        from profanity_check import predict_prob

        found["alt-profanity-check"] = (lambda said, _: float(predict_prob([said])[0]), 0.5)
    except ImportError:
        pass
    return found


def _ngram_score(said: str, language: str) -> float:
    model = ngrams(tone.tables_for(language))
    return model.scores(model.sums(words_of(clean(said))))[0] if model else 0.0


def functional_cases() -> Iterator[Text]:
    for path in sorted(CASES.glob("*.toml")):
        for name, (hostile, civil) in tomllib.loads(path.read_text("utf-8")).items():
            yield Text(path.stem, hostile, True, name)
            yield Text(path.stem, civil, False, name)


def public_texts(directory: Path) -> Iterator[Text]:
    for path in sorted((directory / "dev").glob("*.jsonl")):
        for row in map(json.loads, path.read_text("utf-8").splitlines()):
            yield Text("nb" if path.stem == "no" else path.stem, row["text"], row["label"] == "hostile", row["source"])


def whole_mails(path: Path) -> Iterator[Text]:
    for row in map(json.loads, path.read_text("utf-8").splitlines()):
        hostile = row["tone"] == "hostile"
        yield Text(row["lang"], extract_said(row["body"]), hostile, row.get("hostile_kind") or row["tone"])


def auc(scores: Sequence[float], truth: Sequence[bool]) -> float:
    """Return how often a hostile text scores above a civil one, ties half."""
    order = sorted(range(len(scores)), key=scores.__getitem__)
    rank, at = [0.0] * len(scores), 0
    while at < len(order):
        end = at
        while end + 1 < len(order) and scores[order[end + 1]] == scores[order[at]]:
            end += 1
        for place in order[at : end + 1]:
            rank[place] = (at + end) / 2 + 1
        at = end + 1
    hostile = sum(truth)
    above = sum(rank[place] for place, is_hostile in enumerate(truth) if is_hostile) - hostile * (hostile + 1) / 2
    return above / max(1, hostile * (len(truth) - hostile))


def macro_f1(flags: Sequence[bool], truth: Sequence[bool]) -> float:
    both = sum(map(lambda flag, is_hostile: flag and is_hostile, flags, truth))
    neither = sum(map(lambda flag, is_hostile: not flag and not is_hostile, flags, truth))
    wrong = len(truth) - both - neither
    return both / max(1, 2 * both + wrong) + neither / max(1, 2 * neither + wrong)


def recall_at(false_alarms: float, scores: Sequence[float], truth: Sequence[bool]) -> float:
    civil = sorted((score for score, is_hostile in zip(scores, truth, strict=True) if not is_hostile), reverse=True)
    limit = civil[int(false_alarms * len(civil))]
    hostile = [score for score, is_hostile in zip(scores, truth, strict=True) if is_hostile]
    return sum(score > limit for score in hostile) / max(1, len(hostile))


def compare(title: str, texts: Sequence[Text]) -> None:
    """Print one table a judge: a row a language, then what it finds by kind, then its cost."""
    print(f"\n## {title}: {len(texts)} texts, {sum(text.hostile for text in texts)} hostile")
    for name, (score, threshold) in peers().items():
        for text in texts:  # warm: caches filled, tables loaded
            score(text.said, text.language)
        begun = time.perf_counter()
        scores = [score(text.said, text.language) for text in texts]
        spent = time.perf_counter() - begun
        letters = sum(len(text.said) for text in texts) // len(texts)
        print(f"\n{name}: {1e6 * spent / len(texts):.0f} µs a text of {letters} letters")
        groups: dict[str, list[int]] = defaultdict(list)
        for place, text in enumerate(texts):
            groups["all"].append(place)
            groups[text.language].append(place)
        for language, places in groups.items():
            found, truth = [scores[place] for place in places], [texts[place].hostile for place in places]
            flags = [value >= threshold for value in found]
            alarms = [flag for flag, is_hostile in zip(flags, truth, strict=True) if not is_hostile]
            print(
                f"  {language:4} macro-F1 {macro_f1(flags, truth):.3f}  AUC {auc(found, truth):.3f}  "
                + "  ".join(f"recall at {rate:.1%} {recall_at(rate, found, truth):.2f}" for rate in FALSE_ALARMS)
                + f"  flagged hostile {sum(flags) - sum(alarms)}/{sum(truth)}, civil {sum(alarms)}/{len(alarms)}"
            )
        kinds = sorted({text.kind for text in texts if text.hostile})
        shares = {
            kind: [
                value >= threshold
                for value, text in zip(scores, texts, strict=True)
                if text.kind == kind and text.hostile
            ]
            for kind in kinds
        }
        print("  found by kind: " + ", ".join(f"{kind} {sum(flags)}/{len(flags)}" for kind, flags in shares.items()))


def cost() -> None:
    """Print the time and memory that the first text in a language costs: its tables and its model."""
    print("\n## Load, a language")
    for language in ("en", "de", "ru"):
        tracemalloc.start()
        tone.judge_tone("x", language)
        memory = tracemalloc.get_traced_memory()[0] / 1e6
        tracemalloc.stop()
        print(f"  {language}: {memory:.1f} MB")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--public", type=Path)
    parser.add_argument("--mails", type=Path)
    arguments = parser.parse_args()
    cost()
    compare("Functional cases", list(functional_cases()))
    if arguments.mails:
        compare("Whole mails", list(whole_mails(arguments.mails)))
    if arguments.public:
        compare("Public texts", list(public_texts(arguments.public)))


if __name__ == "__main__":
    main()
