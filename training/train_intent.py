"""
Learn from training/mails/*.jsonl how much a cue speaks for each intent; writes mailassist/reading/models/intent.json.

    python training/train_intent.py            cross-validate, print, write the model
    python training/train_intent.py --check    cross-validate and print only

Needs numpy, scipy and scikit-learn; the program itself needs none of them. The cues are the tables
mailassist/reading/words/intent/<tag>.toml. Every mail is learned from twice, with its subject and without, so that one
model serves both. A softmax regression whose weights are drawn not to nought but to what a cue is meant for
(intent_meanings.toml): a cue that few of the mails have keeps its meaning.
"""

import argparse
import json
import tomllib
from pathlib import Path

import numpy as np
from scipy.optimize import minimize
from scipy.sparse import csr_matrix, vstack
from sklearn.feature_extraction import DictVectorizer
from sklearn.metrics import classification_report, f1_score
from sklearn.model_selection import StratifiedKFold

from mailassist.reading.intent import OF_THE_SUBJECT, find_cues, languages, weigh

ROOT = Path(__file__).resolve().parent.parent
MODEL = ROOT / "mailassist" / "reading" / "models" / "intent.json"
SECOND = 0.3  # how much the second intent of a mail counts beside its first
PULL = 15.0  # how strongly the weights are drawn to what the cues are meant for
MEANING = 0.6  # the weight a cue is meant to have; twice and three times that where it is named so often
IN_THE_SUBJECT = 0.3  # of that, once more where it stands in the subject

MEANT: dict[str, list[str]] = tomllib.loads((Path(__file__).parent / "intent_meanings.toml").read_text("utf-8"))


class Softmax:
    """Intents, and a weight for each feature and intent."""

    def __init__(self, intents: list[str], weights: np.ndarray, bias: np.ndarray) -> None:
        self.intents, self.weights, self.bias = np.array(intents), weights, bias

    def predict(self, rows: csr_matrix) -> np.ndarray:
        return self.intents[(rows @ self.weights + self.bias).argmax(axis=1)]


def mails() -> list[dict[str, object]]:
    """Return the mails of every language that has a table of cues, in a fixed order."""
    paths = sorted((ROOT / "training" / "mails").glob("*.jsonl"))
    with_table = [path for path in paths if path.stem in languages()]
    return [json.loads(line) for path in with_table for line in path.read_text("utf-8").splitlines()]


def features(rows: list[dict[str, object]], subject: bool) -> list[dict[str, float]]:
    """Return the features of each mail, with or without what its subject shows."""
    found = []
    for row in rows:
        tag, body = str(row["lang"]), str(row["body"])
        found.append(weigh(body, find_cues(body, tag), find_cues(str(row["subject"]), tag) if subject else ()))
    return found


def meaning(names: list[str], intents: list[str]) -> np.ndarray:
    """Return the weight that each feature is meant to have for each intent."""
    meant = np.zeros((len(names), len(intents)))
    for at, name in enumerate(names):
        share = IN_THE_SUBJECT if name.startswith(OF_THE_SUBJECT) else 1.0
        for intent, cues in MEANT.items():
            meant[at, intents.index(intent)] = MEANING * share * cues.count(name.removeprefix(OF_THE_SUBJECT))
    return meant


def fit(bare: csr_matrix, whole: csr_matrix, first: np.ndarray, second: np.ndarray, names: list[str]) -> Softmax:
    """Return the model of these mails, each given without and with its subject; every intent counts the same."""
    intents = sorted(MEANT)
    also = np.flatnonzero(second != "")
    rows = vstack([bare, whole, bare[also], whole[also]]).tocsr()
    gold = np.searchsorted(intents, np.concatenate([first, first, second[also], second[also]]))
    counts = np.concatenate([np.full(2 * len(first), 0.5), np.full(2 * len(also), 0.5 * SECOND)])
    counts *= counts.sum() / len(intents) / np.bincount(gold, weights=counts, minlength=len(intents))[gold]
    meant, shape = meaning(names, intents), (rows.shape[1], len(intents))
    truth = np.eye(len(intents))[gold]

    def loss(flat: np.ndarray) -> tuple[float, np.ndarray]:
        learned, bias = flat[: -len(intents)].reshape(shape), flat[-len(intents) :]
        sums = rows @ (learned + meant) + bias
        sums -= sums.max(axis=1, keepdims=True)
        odds = np.exp(sums)
        total = odds.sum(axis=1, keepdims=True)
        wrong = (odds / total - truth) * counts[:, None]
        value = -(counts * ((sums * truth).sum(axis=1) - np.log(total[:, 0]))).sum() + PULL / 2 * (learned**2).sum()
        return value, np.concatenate([(rows.T @ wrong + PULL * learned).ravel(), wrong.sum(axis=0)])

    found = minimize(loss, np.zeros(meant.size + len(intents)), jac=True, method="L-BFGS-B", options={"maxiter": 500}).x
    return Softmax(intents, found[: -len(intents)].reshape(shape) + meant, found[-len(intents) :])


def cross_validate(
    bare: csr_matrix, whole: csr_matrix, first: np.ndarray, second: np.ndarray, tags: np.ndarray, names: list[str]
) -> None:
    """Print the macro-F1 of the first intent for each language, without and with the subject, over five folds."""
    found = {"said": np.empty_like(first), "subject + said": np.empty_like(first)}
    for train, test in StratifiedKFold(5, shuffle=True, random_state=0).split(bare, first):
        model = fit(bare[train], whole[train], first[train], second[train], names)
        found["said"][test] = model.predict(bare[test])
        found["subject + said"][test] = model.predict(whole[test])
    each_tag = sorted(set(tags))
    print(f"{'':16}{'  '.join(f'{tag:>5}' for tag in each_tag)}    all  macro-F1 of the first intent, five folds")
    for name, guess in found.items():
        each = [f1_score(first[tags == tag], guess[tags == tag], average="macro") for tag in each_tag]
        print(f"{name:16}{'  '.join(f'{one:5.3f}' for one in each)}  {f1_score(first, guess, average='macro'):5.3f}")
    print(classification_report(first, found["subject + said"], digits=2, zero_division=0))


def write(model: Softmax, names: list[str]) -> None:
    """Write the model, rounded, a feature a line."""
    weights = {name: [round(float(x), 2) for x in row] for name, row in zip(names, model.weights, strict=True)}
    bias = [round(float(x), 2) for x in model.bias]
    listed = ",\n".join(f"  {json.dumps(name)}: {json.dumps(weights[name])}" for name in sorted(weights))
    MODEL.parent.mkdir(exist_ok=True)
    MODEL.write_text(
        f'{{"intents": {json.dumps(model.intents.tolist())},\n'
        f'"bias": {json.dumps(bias)},\n"weights": {{\n{listed}\n}}}}\n',
        "utf-8",
    )


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--check", action="store_true", help="write nothing")
    rows = mails()
    intents = [list(row["intents"]) for row in rows]  # type: ignore[call-overload]
    first = np.array([names[0] for names in intents])
    second = np.array([names[1] if len(names) > 1 else "" for names in intents])
    tags = np.array([row["lang"] for row in rows])
    plain, with_subject = features(rows, subject=False), features(rows, subject=True)
    vectorizer = DictVectorizer().fit(plain + with_subject)
    names = vectorizer.get_feature_names_out().tolist()
    bare, whole = vectorizer.transform(plain), vectorizer.transform(with_subject)
    cross_validate(bare, whole, first, second, tags, names)
    if not arguments.parse_args().check:
        write(fit(bare, whole, first, second, names), names)


if __name__ == "__main__":
    main()
