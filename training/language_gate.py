"""
Fits the gate of language detection: how probable it is that the likeliest language of a text is the right one.

    python training/language_gate.py TONE_DEV

Learns from training/language.jsonl (texts written for this, with their language or "und") and from TONE_DEV, a folder
of <tag>.jsonl with `text` and `source`: whole sentences, runs of two to four words, single words. Invented names and
random letters are added as texts without a language. Prints GATE for mailassist/reading/language/text.py, and what it
does.
"""

import json
import random
import string
import sys
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from math import exp
from pathlib import Path

from mailassist.reading.language import text as language_text

TEXTS = Path(__file__).parent / "language.jsonl"
RENAMED = {"no": "nb"}
SOURCES = {"xed", "rtp_lx_benign"}  # sentences whose language is sure; the tweets are mixed
NAMES = (
    *(
        "Anna",
        "Jan",
        "Peter",
        "Kowalski",
        "Maria",
        "Garcia",
        "Schmidt",
        "Olsen",
        "Virtanen",
        "Novak",
        "Rossi",
        "Dupont",
    ),
    *("Smith", "Svensson", "Ivanova", "Silva", "Vries", "Lopez", "Horvat", "Nagy", "Jensen", "Popov", "Costa", "Meyer"),
    *("Bosch", "Samsung", "Makita", "Nordfald", "Philips", "Pro", "Max", "Ultra", "GmbH", "Ltd", "Home", "Classic"),
    *("Deluxe", "Garden", "Berlin", "Oslo", "Paris"),
)
RIDGE = 0.3

Item = tuple[str, str, str, float]  # language, kind, text, weight


def items(tone: Path, chance: random.Random) -> Iterator[Item]:
    """Yield what the gate learns from."""
    for line in TEXTS.read_text("utf-8").splitlines():
        item = json.loads(line)
        yield item["lang"], item["kind"], item["text"], 2.0 if item["kind"] == "other language" else 3.0
    for path in sorted(tone.glob("*.jsonl")):
        tag = RENAMED.get(path.stem, path.stem)
        found = [json.loads(line) for line in path.read_text("utf-8").splitlines()]
        texts = [item["text"] for item in found if item["source"] in SOURCES and len(item["text"].split()) > 2]
        chance.shuffle(texts)
        for index, text in enumerate(texts[:200]):
            words = text.split()
            size = chance.choice((2, 3, 4))
            start = chance.randrange(max(1, len(words) - size + 1))
            yield (
                (tag, "sentence", text, 1.0),
                (tag, f"{size} words", " ".join(words[start : start + size]), 0.5),
                (tag, "word", chance.choice(words), 0.5),
                (tag, "sentence", text.lower(), 1.0),
            )[index % 4]
    for _ in range(150):
        letters = ["".join(chance.choices(string.ascii_lowercase, k=chance.randint(2, 9))) for _ in range(5)]
        yield "und", "letters", " ".join(letters[: chance.randint(1, 5)]), 0.7
        yield "und", "names", " ".join(chance.sample(NAMES, chance.randint(1, 4))), 0.7


def fit(rows: Sequence[Sequence[float]], right: Sequence[bool], weights: Sequence[float]) -> list[float]:
    """Return the coefficients of a logistic regression (Newton's method)."""
    size = len(rows[0])
    found = [0.0] * size
    for _ in range(25):
        slope = [-RIDGE * value for value in found]
        curve = [[RIDGE * (i == j) for j in range(size)] for i in range(size)]
        for row, is_right, weight in zip(rows, right, weights, strict=True):
            expected = 1 / (1 + exp(-sum(map(float.__mul__, found, row))))
            for i, value in enumerate(row):
                slope[i] += weight * (is_right - expected) * value
                for j in range(i + 1):
                    curve[i][j] += weight * expected * (1 - expected) * value * row[j]
        for i in range(size):
            for j in range(i):
                curve[j][i] = curve[i][j]
        found = [value + step for value, step in zip(found, solve(curve, slope), strict=True)]
    return found


def solve(matrix: list[list[float]], vector: list[float]) -> list[float]:
    """Return x of matrix · x = vector (Gauss-Jordan)."""
    rows = [[*row, value] for row, value in zip(matrix, vector, strict=True)]
    for i in range(len(rows)):
        pivot = max(range(i, len(rows)), key=lambda j: abs(rows[j][i]))
        rows[i], rows[pivot] = rows[pivot], rows[i]
        rows[i] = [value / rows[i][i] for value in rows[i]]
        for j in range(len(rows)):
            if j != i:
                rows[j] = [a - rows[j][i] * b for a, b in zip(rows[j], rows[i], strict=True)]
    return [row[-1] for row in rows]


def main() -> None:
    cases: list[dict[str, float]] = []
    language_text._probability = lambda case: cases.append(dict(case)) or 0.5  # type: ignore[func-returns-value]
    rows, right, weights, kinds = [], [], [], []
    without_case: dict[str, Counter[str]] = defaultdict(Counter)
    for tag, kind, text, weight in items(Path(sys.argv[1]), random.Random(7)):
        cases.clear()
        guess = language_text.guess(text, {})
        if cases:
            rows.append([float(value) for value in cases[-1].values()])
            names = list(cases[-1])
            right.append(guess.tag == tag)
            weights.append(weight)
            kinds.append((kind, tag, text, guess.tag))
        else:
            without_case[kind]["right" if guess.tag == tag else guess.tag] += 1
    found = fit(rows, right, weights)
    print("GATE = {")
    for name, value in zip(names, found, strict=True):
        print(f'    "{name}": {value:.2f},')
    print("}")
    chances = [1 / (1 + exp(-sum(map(float.__mul__, found, row)))) for row in rows]
    for sure in (0.5, 0.6, 0.7, 0.8):
        answers: dict[str, Counter[str]] = defaultdict(Counter)
        for chance, is_right, (kind, *_) in zip(chances, right, kinds, strict=True):
            answers[kind]["none" if chance < sure else "right" if is_right else "wrong"] += 1
        print(f"from {sure}:", {kind: dict(answers[kind]) for kind in sorted(answers)})
    print("without a case:", {kind: dict(counts) for kind, counts in without_case.items()})
    for chance, is_right, (kind, tag, text, got) in zip(chances, right, kinds, strict=True):
        if "-v" in sys.argv and chance >= 0.5 and not is_right:
            print(f"{chance:.2f} {kind} {tag} -> {got} {text[:100]!r}")


if __name__ == "__main__":
    main()
