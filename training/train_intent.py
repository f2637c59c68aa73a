"""
Learn from training/mails/*.jsonl how much a cue speaks for each intent; writes mailassist/reading/models/intent.json.

    python training/train_intent.py            cross-validate, print, write the model
    python training/train_intent.py --check    cross-validate and print only

Needs scikit-learn; the program itself does not. The cues are the tables mailassist/reading/words/intent/<tag>.toml.
Every mail is learned from twice, with its subject and without, so that one model serves both.
"""

import argparse
import json
from pathlib import Path

import numpy as np
from scipy.sparse import csr_matrix, vstack
from sklearn.feature_extraction import DictVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import classification_report, f1_score
from sklearn.model_selection import StratifiedKFold

from mailassist.reading.intent import cues_of, languages, weigh

ROOT = Path(__file__).resolve().parent.parent
MODEL = ROOT / "mailassist" / "reading" / "models" / "intent.json"
SECOND = 0.4  # how much the second intent of a mail counts beside its first
STRENGTH = 0.2  # inverse of the regularisation


def mails() -> list[dict[str, object]]:
    """Return the mails of every language that has a table of cues, in a fixed order."""
    paths = sorted((ROOT / "training" / "mails").glob("*.jsonl"))
    with_table = [path for path in paths if path.stem in languages()]
    return [json.loads(line) for path in with_table for line in path.read_text("utf-8").splitlines()]


def features(rows: list[dict[str, object]], subject: bool) -> list[dict[str, float]]:
    """Return the features of each mail, with or without what its subject shows."""
    found = []
    for row in rows:
        cues, body = cues_of(str(row["lang"])), str(row["body"])
        found.append(weigh(body, cues.find(body), cues.find(str(row["subject"])) if subject else ()))
    return found


def fit(bare: csr_matrix, whole: csr_matrix, first: np.ndarray, second: np.ndarray) -> LogisticRegression:
    """Return the model of these mails, each given without and with its subject."""
    also = np.flatnonzero(second != "")
    rows = vstack([bare, whole, bare[also], whole[also]])
    names = np.concatenate([first, first, second[also], second[also]])
    counts = np.concatenate([np.full(2 * len(first), 0.5), np.full(2 * len(also), 0.5 * SECOND)])
    model = LogisticRegression(C=STRENGTH, class_weight="balanced", max_iter=400, tol=1e-6)
    return model.fit(rows, names, sample_weight=counts)


def cross_validate(
    bare: csr_matrix, whole: csr_matrix, first: np.ndarray, second: np.ndarray, tags: np.ndarray
) -> None:
    """Print the macro-F1 of the first intent for each language, without and with the subject, over five folds."""
    found = {"said": np.empty_like(first), "subject + said": np.empty_like(first)}
    for train, test in StratifiedKFold(5, shuffle=True, random_state=0).split(bare, first):
        model = fit(bare[train], whole[train], first[train], second[train])
        found["said"][test] = model.predict(bare[test])
        found["subject + said"][test] = model.predict(whole[test])
    print(
        f"{'':16}{'  '.join(f'{tag:>5}' for tag in sorted(set(tags)))}    all  macro-F1 of the first intent, five folds"
    )
    for name, guess in found.items():
        each = [f1_score(first[tags == tag], guess[tags == tag], average="macro") for tag in sorted(set(tags))]
        print(f"{name:16}{'  '.join(f'{one:5.3f}' for one in each)}  {f1_score(first, guess, average='macro'):5.3f}")
    print(classification_report(first, found["subject + said"], digits=2, zero_division=0))


def write(model: LogisticRegression, names: list[str]) -> None:
    """Write the model, rounded, a feature a line."""
    weights = {name: [round(float(x), 2) for x in column] for name, column in zip(names, model.coef_.T, strict=True)}
    bias = [round(float(x), 2) for x in model.intercept_]
    listed = ",\n".join(f"  {json.dumps(name)}: {json.dumps(weights[name])}" for name in sorted(weights))
    MODEL.parent.mkdir(exist_ok=True)
    MODEL.write_text(
        f'{{"intents": {json.dumps(model.classes_.tolist())},\n'
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
    bare, whole = vectorizer.transform(plain), vectorizer.transform(with_subject)
    cross_validate(bare, whole, first, second, tags)
    if not arguments.parse_args().check:
        write(fit(bare, whole, first, second), vectorizer.get_feature_names_out().tolist())


if __name__ == "__main__":
    main()
