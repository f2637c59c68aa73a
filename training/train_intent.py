"""
Learn from training/mails/*.jsonl how much a cue and a word speak for each intent; writes the models intent.json and
intent-<tag>.bin in mailassist/reading/models.

    python training/train_intent.py            cross-validate, print, write the model
    python training/train_intent.py --check    cross-validate and print only

Needs numpy, scipy and scikit-learn; the program itself needs none of them. The cues are the tables
mailassist/reading/words/intent/<tag>.toml. Every mail is learned from twice, with its subject and without, so that one
model serves both. Two regressions are learned: a softmax over the intents, for the most weighty one, and a logistic one
for each intent by itself, for the others, since a mail may have several. Their weights are drawn not to nought but to
what a cue is meant for (intent_meanings.toml): a cue that few mails have keeps its meaning. Beside them, each
language has a softmax over the beginnings of its words, for what the cues do not know.
"""

import argparse
import json
import tomllib
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from scipy.optimize import minimize
from scipy.sparse import csr_matrix, diags, vstack
from scipy.special import expit, log_expit, log_softmax, softmax
from sklearn.feature_extraction import DictVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import classification_report, f1_score
from sklearn.model_selection import StratifiedKFold

from mailassist.reading.intent import (
    OF_THE_SUBJECT,
    UNSPOKEN,
    find_cues,
    languages,
    stands_out,
    unsigned,
    weigh,
)
from mailassist.reading.intent_model import BUCKETS, FEW, bucket, stems

ROOT = Path(__file__).resolve().parent.parent
MODELS = ROOT / "mailassist" / "reading" / "models"
SECOND = 0.3  # how much the second intent of a mail counts beside its first, for the softmax
FIRST, FURTHER = 3.0, 1.5  # how much a mail counts for its first intent and for a further one, beside one without it
PULL = 20.0  # how strongly the weights are drawn to what the cues are meant for
MEANING = 1.0  # the weight a cue is meant to have; twice and three times that where it is named so often
IN_THE_SUBJECT = 0.3  # of that, once more where it stands in the subject
STRENGTH = 30.0  # how far the words' softmax follows its mails
UNHEARD = -8.0  # what an intent starts with that no mail of a language has

MEANT: dict[str, list[str]] = tomllib.loads((Path(__file__).parent / "intent_meanings.toml").read_text("utf-8"))
INTENTS = sorted(MEANT)
Loss = Callable[[np.ndarray], tuple[float, np.ndarray]]  # sums, a row a mail -> what is lost, and its slope


class Regression:
    """A weight for each feature and intent, and what an intent starts with."""

    def __init__(self, flat: np.ndarray, meant: np.ndarray) -> None:
        self.weights, self.bias = flat[: -len(INTENTS)].reshape(meant.shape) + meant, flat[-len(INTENTS) :]

    def sums(self, rows: csr_matrix) -> np.ndarray:
        return rows @ self.weights + self.bias


def mails() -> list[dict[str, object]]:
    """Return the mails of every language that has a table of cues, in a fixed order."""
    paths = sorted((ROOT / "training" / "mails").glob("*.jsonl"))
    with_table = [path for path in paths if path.stem in languages()]
    rows = [json.loads(line) for path in with_table for line in path.read_text("utf-8").splitlines()]
    return [{**row, "intents": meant_intents(row)} for row in rows]


def meant_intents(row: dict[str, object]) -> list[str]:
    """Return the intents of a mail; the praise of a hostile one is irony, and none."""
    named = list(row["intents"])  # type: ignore[call-overload]
    meant = [name for name in named if name != "praise_thanks"] if row["tone"] == "hostile" else named
    return meant or ["other"]


def features(rows: list[dict[str, object]], subject: bool) -> list[dict[str, float]]:
    """Return the features of each mail, with or without what its subject shows."""
    found = []
    for row in rows:
        tag, body = str(row["lang"]), str(row["body"])
        of_subject = find_cues(str(row["subject"]), tag) if subject else ()
        found.append(weigh(body, find_cues(unsigned(body), tag), of_subject))
    return found


def labels(rows: list[dict[str, object]]) -> np.ndarray:
    """Return for each mail and intent how much it counts: FIRST, FURTHER, or nought for an intent it does not have."""
    counts = np.zeros((len(rows), len(INTENTS)))
    for at, row in enumerate(rows):
        first, *further = row["intents"]  # type: ignore[misc]
        counts[at, [INTENTS.index(name) for name in further]] = FURTHER
        counts[at, INTENTS.index(first)] = FIRST
    return counts


def meaning(names: list[str]) -> np.ndarray:
    """Return the weight that each feature is meant to have for each intent."""
    meant = np.zeros((len(names), len(INTENTS)))
    for at, name in enumerate(names):
        share = IN_THE_SUBJECT if name.startswith(OF_THE_SUBJECT) else 1.0
        for intent, cues in MEANT.items():
            meant[at, INTENTS.index(intent)] = MEANING * share * cues.count(name.removeprefix(OF_THE_SUBJECT))
    return meant


def learn(rows: csr_matrix, meant: np.ndarray, loss: Loss) -> Regression:
    """Return the regression with the least *loss* whose weights are drawn to what is *meant*."""

    def value(flat: np.ndarray) -> tuple[float, np.ndarray]:
        learned, bias = flat[: -len(INTENTS)].reshape(meant.shape), flat[-len(INTENTS) :]
        lost, wrong = loss(rows @ (learned + meant) + bias)
        slope = np.concatenate([(rows.T @ wrong + PULL * learned).ravel(), wrong.sum(axis=0)])
        return lost + PULL / 2 * (learned**2).sum(), slope

    start = np.zeros(meant.size + len(INTENTS))
    return Regression(minimize(value, start, jac=True, method="L-BFGS-B", options={"maxiter": 500}).x, meant)


def fit_first(bare: csr_matrix, whole: csr_matrix, counted: np.ndarray, meant: np.ndarray) -> Regression:
    """Return the softmax over the intents, learned from each mail without and with its subject; all count the same."""
    first = counted.argmax(axis=1)
    second = np.where(counted == FURTHER, 1.0, 0.0).argmax(axis=1)
    also = np.flatnonzero((counted == FURTHER).any(axis=1))
    rows = vstack([bare, whole, bare[also], whole[also]]).tocsr()
    gold = np.concatenate([first, first, second[also], second[also]])
    counts = np.concatenate([np.full(2 * len(first), 0.5), np.full(2 * len(also), 0.5 * SECOND)])
    counts *= counts.sum() / len(INTENTS) / np.bincount(gold, weights=counts, minlength=len(INTENTS))[gold]
    truth = np.eye(len(INTENTS))[gold]

    def loss(sums: np.ndarray) -> tuple[float, np.ndarray]:
        lost = -(counts * log_softmax(sums, axis=1)[np.arange(len(gold)), gold]).sum()
        return lost, (softmax(sums, axis=1) - truth) * counts[:, None]

    return learn(rows, meant, loss)


def fit_each(bare: csr_matrix, whole: csr_matrix, counted: np.ndarray, meant: np.ndarray) -> Regression:
    """Return the regression of each intent by itself; what it gives are probabilities."""
    rows, counted = vstack([bare, whole]).tocsr(), np.vstack([counted, counted])
    truth, counts = counted > 0, np.where(counted > 0, counted, 1.0) / 2

    def loss(sums: np.ndarray) -> tuple[float, np.ndarray]:
        lost = -(counts * np.where(truth, log_expit(sums), log_expit(-sums))).sum()
        return lost, counts * (expit(sums) - truth)

    found = learn(rows, meant, loss)
    found.bias -= np.log(FIRST)  # as if a mail with the intent had counted like one without
    return found


@dataclass(frozen=True)
class Spoken:
    """What the words of one language speak for: a row of signed bytes a bucket, the worth of one unit, the bias."""

    table: np.ndarray
    scale: float
    bias: np.ndarray

    def shares(self, texts: list[str]) -> np.ndarray:
        return softmax(worded(texts) @ (self.table * self.scale) + self.bias, axis=1)


def worded(texts: list[str]) -> csr_matrix:
    """Return a row a text: how often each bucket is met, by the root of the number of words."""
    columns, values, ends = [], [], [0]
    for text in texts:
        found = list(map(bucket, stems(text)))
        columns += found
        values += [1 / np.sqrt(max(FEW, len(found)))] * len(found)
        ends.append(len(columns))
    return csr_matrix((values, columns, ends), (len(texts), BUCKETS))


def with_and_without(rows: list[dict[str, object]]) -> tuple[list[str], list[str]]:
    """Return the text of each mail without and with its subject, as the program reads it."""
    bodies = [unsigned(str(row["body"])) for row in rows]
    return bodies, [f"{row['subject'] or ''}\n{body}" for row, body in zip(rows, bodies, strict=True)]


def fit_words(bodies: list[str], whole: list[str], first: np.ndarray) -> Spoken:
    """Return the softmax over the intents of one language; a word that few mails have weighs more."""
    rows, gold = worded(bodies + whole), np.concatenate([first, first])
    often = np.asarray((rows > 0).sum(0)).ravel()
    rarity = np.log((1 + rows.shape[0]) / (1 + often)) + 1
    scaling = rarity / rarity.mean() * (often > 2)  # twice is one mail
    regression = LogisticRegression(C=STRENGTH, class_weight="balanced", max_iter=1000)
    regression.fit(rows @ diags(scaling), gold)
    weights, bias = np.zeros((BUCKETS, len(INTENTS))), np.full(len(INTENTS), UNHEARD)
    weights[:, regression.classes_] = (regression.coef_ * scaling).T
    bias[regression.classes_] = regression.intercept_
    scale = round(float(np.percentile(np.abs(weights[weights != 0]), 99.9)) / 127, 6)
    return Spoken(np.clip(np.round(weights / scale), -127, 127).astype(np.int8), scale, bias.round(3))


def cross_validate(
    rows: list[dict[str, object]], bare: csr_matrix, whole: csr_matrix, counted: np.ndarray, meant: np.ndarray
) -> None:
    """Print what five folds give: the macro-F1 of the first intent for each language, and how many are found of all."""
    first, tags = counted.argmax(axis=1), np.array([row["lang"] for row in rows])
    texts = [np.array(some, dtype=object) for some in with_and_without(rows)]
    found = {name: np.zeros(counted.shape) for name in ("said", "subject + said", "each")}
    for train, test in StratifiedKFold(5, shuffle=True, random_state=0).split(bare, first):
        learned = bare[train], whole[train], counted[train], meant
        model, each = fit_first(*learned), fit_each(*learned)
        for name, given in zip(found, (bare[test], whole[test]), strict=False):
            found[name][test] = np.sqrt(softmax(model.sums(given), axis=1)) * expit(each.sums(given))
        found["each"][test] = expit(each.sums(whole[test]))
        for tag in sorted(set(tags)):
            own, held = train[tags[train] == tag], test[tags[test] == tag]
            spoken = fit_words(list(texts[0][own]), list(texts[1][own]), first[own])
            for name, read in zip(found, texts, strict=False):
                found[name][held] *= spoken.shares(list(read[held])) + UNSPOKEN
    each_tag = sorted(set(tags))
    print(f"{'':16}{'  '.join(f'{tag:>5}' for tag in each_tag)}    all  macro-F1 of the first intent, five folds")
    for name in ("said", "subject + said"):
        guess = found[name].argmax(axis=1)
        scores = [f1_score(first[tags == tag], guess[tags == tag], average="macro") for tag in each_tag]
        print(f"{name:16}{'  '.join(f'{one:5.3f}' for one in scores)}  {f1_score(first, guess, average='macro'):5.3f}")
    guess, has = found["subject + said"].argmax(axis=1), counted > 0
    named = (found["each"] >= list(map(stands_out, INTENTS))) | (np.arange(len(INTENTS)) == guess[:, None])
    several = has.sum(axis=1) > 1
    right, of_several = (named & has).sum(), (named | ~has)[several].all(axis=1).mean()
    print(f"named: {right / named.sum():.3f} right, {right / has.sum():.3f} of all; several: {of_several:.3f} whole")
    print(classification_report(first, guess, target_names=INTENTS, digits=2, zero_division=0))


def write(models: dict[str, Regression], names: list[str], spoken: dict[str, Spoken]) -> None:
    """Write the models, rounded, a feature a line, and a table of words for each language."""
    known = {tag: {"scale": one.scale, "bias": one.bias.tolist()} for tag, one in spoken.items()}
    shown = [f'"intents": {json.dumps(INTENTS)}', f'"words": {json.dumps(known)}']
    for title, model in models.items():
        listed = sorted(zip(names, model.weights.round(2).tolist(), strict=True))
        weights = ",\n".join(f"  {json.dumps(name)}: {json.dumps(row)}" for name, row in listed)
        bias = json.dumps(model.bias.round(2).tolist())
        shown.append(f'"{title}": {{"bias": {bias}, "weights": {{\n{weights}}}}}')
    MODELS.mkdir(exist_ok=True)
    (MODELS / "intent.json").write_text("{" + ",\n".join(shown) + "}\n", "utf-8")
    for tag, one in spoken.items():
        (MODELS / f"intent-{tag}.bin").write_bytes(one.table.tobytes())


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--check", action="store_true", help="write nothing")
    is_check = arguments.parse_args().check
    rows = mails()
    counted = labels(rows)
    plain, with_subject = features(rows, subject=False), features(rows, subject=True)
    vectorizer = DictVectorizer().fit(plain + with_subject)
    names = vectorizer.get_feature_names_out().tolist()
    bare, whole, meant = vectorizer.transform(plain), vectorizer.transform(with_subject), meaning(names)
    cross_validate(rows, bare, whole, counted, meant)
    if not is_check:
        spoken = {}
        for tag in sorted({str(row["lang"]) for row in rows}):
            own = [number for number, row in enumerate(rows) if row["lang"] == tag]
            spoken[tag] = fit_words(*with_and_without([rows[number] for number in own]), counted[own].argmax(axis=1))
        learned = bare, whole, counted, meant
        write({"first": fit_first(*learned), "each": fit_each(*learned)}, names, spoken)


if __name__ == "__main__":
    main()
