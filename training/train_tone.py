"""
Make the tone models: mailassist/reading/models/tone-<tag>.bin and tone.json, byte for byte the same from the same data.

    train_tone.py --public DIR [--figures]

DIR holds public texts, `train/<tag>.jsonl` (no.jsonl for Norwegian), as TONE.md lists them; the mails written for the
project lie beside this script, in mails/ and lines/. Needs numpy, scipy and scikit-learn; mailassist itself needs none.

Three linear models over hashed pieces of words are fitted for each language, then one for all languages that joins
their scores to the named patterns, its signs fixed: a pattern of hostility never speaks for a mail. Every number of a
mail that the joining model learns from was given by models that had not seen the mails of its fold; a fold is a run
of mails written together. `--figures` prints what TONE.md reports.
"""

import argparse
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from zlib import crc32

import numpy as np
import scipy.sparse as sparse
from scipy.optimize import minimize
from sklearn.linear_model import LogisticRegression

from mailassist.reading.tone import features, model
from mailassist.reading.tone.lexicon import languages, lexicon
from mailassist.reading.tone.text import clean, sentences

HERE = Path(__file__).parent
MODELS = Path(model.__file__).parent.parent / "models"
FOLDS, RUN = 6, 17  # a fold is every sixth run of seventeen mails
LEFT_OUT = {"told_br"}  # share-alike: its weights could not be given away freely
MAIL_WEIGHT = 30.0  # of one mail among public texts, in the mail model
IDF_POWER = 1.5
RIDGE = 1.0
FALSE_ALARMS, MAYBE_FALSE_ALARMS = 0.0125, 0.035  # of civil mails, most of them written to be mistaken; see TONE.md


@dataclass(frozen=True)
class Text:
    """One text with its label; *fold* is -1 where it is not cross-validated."""

    language: str
    text: str
    tone: str  # calm, upset, hostile
    kind: str | None = None
    fold: int = -1
    whole: bool = True  # a mail, not a sentence of one


def mails(tag: str) -> list[Text]:
    """Return the mails written for the project in one language."""
    rows = [json.loads(line) for name in ("mails", "lines") for line in _lines(HERE / name / f"{tag}.jsonl")]
    return [Text(tag, row["body"], row["tone"], row["kind"], number // RUN % FOLDS) for number, row in enumerate(rows)]


def public(directory: Path, tag: str) -> list[Text]:
    """Return the public texts in one language; what is not hostile there counts as calm."""
    path = directory / "train" / f"{'no' if tag == 'nb' else tag}.jsonl"
    rows = [row for row in map(json.loads, _lines(path)) if row["source"] not in LEFT_OUT]
    return [Text(tag, row["text"], "hostile" if row["label"] == "hostile" else "calm") for row in rows]


def _lines(path: Path) -> list[str]:
    return path.read_text("utf-8").splitlines() if path.exists() else []


def hashes(text: str) -> np.ndarray:
    """Return the hash of every piece of *text*, in its order."""
    words = model.words_of(clean(text))
    found = [piece for word in words for piece in model.pieces(word)] + model.pairs_of(words)
    return np.array([crc32(piece.encode()) for piece in found], dtype=np.uint32)


def matrix(hashed: Sequence[np.ndarray], buckets: int) -> sparse.csr_matrix:
    """Return one row a text: how often each bucket is met, by the root of the number of pieces."""
    columns, values, ends = [], [], [0]
    for row in hashed:
        bucket, count = np.unique(row % buckets, return_counts=True)
        columns.append(bucket)
        values.append(count / np.sqrt(max(1, len(row))))
        ends.append(ends[-1] + len(bucket))
    return sparse.csr_matrix((np.concatenate(values), np.concatenate(columns), ends), (len(hashed), buckets))


def fit_table(rows: sparse.csr_matrix, truth: np.ndarray, weight: np.ndarray, strength: float) -> tuple[bytes, float]:
    """Return the weights of a logistic regression as signed bytes, rare pieces weighing more, and their scale."""
    rarity = np.log((1 + rows.shape[0]) / (1 + np.asarray((rows > 0).sum(0)).ravel())) + 1
    scaling = (rarity / rarity.mean()) ** IDF_POWER
    regression = LogisticRegression(C=strength, solver="liblinear", max_iter=300, random_state=0)
    regression.fit(rows @ sparse.diags(scaling), truth, sample_weight=weight)
    weights = regression.coef_.ravel() * scaling
    scale = float(np.percentile(np.abs(weights[weights != 0]), 99.9)) / 127
    return np.clip(np.round(weights / scale), -127, 127).astype(np.int8).tobytes(), round(scale, 7)


def fit_ngrams(written: list[Text], others: list[Text]) -> tuple[list[bytes], list[float]]:
    """Return the three tables of one language (public, mail, upset) and their scales."""
    of_mail, of_others = [hashes(text.text) for text in written], [hashes(text.text) for text in others]
    hostile = np.array([text.tone == "hostile" for text in others + written], int)
    upset = np.array([text.tone != "calm" for text in written], int)
    weight = np.r_[np.ones(len(others)), np.full(len(written), MAIL_WEIGHT)]
    buckets = model.BUCKETS
    made = [fit_table(matrix(of_others, buckets["public"]), hostile[: len(others)], weight[: len(others)], 3.0)]
    made += [fit_table(matrix(of_others + of_mail, buckets["mail"]), hostile, weight, 3.0)]
    made += [fit_table(matrix(of_mail, buckets["upset"]), upset, np.ones(len(upset)), 10.0)]
    return [table for table, _ in made], [scale for _, scale in made]


def numbers(texts: Sequence[Text], tables: Sequence[bytes], scales: Sequence[float]) -> list[dict[str, float]]:
    """Return the features of *texts*, all in one language, as these tables give them."""
    ngrams = model.Ngrams([memoryview(table).cast("b") for table in tables], scales)
    return [features.features_of(text.text, lexicon(text.language), ngrams).numbers for text in texts]


def civil_lines(written: Sequence[Text]) -> Iterator[Text]:
    """Yield each sentence of the civil mails: what stands in a civil mail is civil."""
    for mail in written:
        if mail.tone != "hostile":
            for sentence in sentences(clean(mail.text)):
                if len(sentence.words) > 2 and sentence.text != mail.text.strip():
                    yield Text(mail.language, sentence.text, mail.tone, None, mail.fold, whole=False)


def fit_joined(rows: np.ndarray, truth: np.ndarray, weight: np.ndarray, signs: Mapping[str, int]) -> np.ndarray:
    """
    Return bias and weights of a ridge logistic regression, one weight a feature of *signs*.

    A sign of 1 keeps the weight at 0 or above (at what RECALL_FIRST asks), -1 at 0 or below; 0 leaves it free.
    """
    target = np.where(truth, 1.0, -1.0)

    def loss(weights: np.ndarray) -> tuple[float, np.ndarray]:
        margin = target * (rows @ weights[1:] + weights[0])
        slope = -target * weight / (1 + np.exp(np.clip(margin, -500, 500)))
        ridge = RIDGE * weights[1:]
        value = (np.logaddexp(0, -margin) * weight).sum() + ridge @ weights[1:]
        return float(value), np.r_[slope.sum(), rows.T @ slope + 2 * ridge]

    least = features.RECALL_FIRST
    bounds = [(None, None)]
    bounds += [(least.get(name, 0) if sign > 0 else None, 0 if sign < 0 else None) for name, sign in signs.items()]
    start = np.zeros(rows.shape[1] + 1)
    return minimize(loss, start, jac=True, method="L-BFGS-B", bounds=bounds, options={"maxiter": 3000}).x


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--public", type=Path, required=True, help="the folder of public texts")
    parser.add_argument("--figures", action="store_true", help="print the cross-validated figures")
    arguments = parser.parse_args()
    texts: list[Text] = []
    found: list[dict[str, float]] = []
    scales: dict[str, list[float]] = {}
    for tag in sorted(languages()):
        written, others = mails(tag), public(arguments.public, tag)
        lines = list(civil_lines(written))
        for fold in range(FOLDS):
            held = [text for text in [*written, *lines] if text.fold == fold]
            found += numbers(held, *fit_ngrams([text for text in written if text.fold != fold], others))
            texts += held
        tables, scales[tag] = fit_ngrams(written, others)
        (MODELS / f"tone-{tag}.bin").write_bytes(b"".join(tables))
    joined = Joined(texts, found)
    joined.write(scales)
    if arguments.figures:
        joined.report()


class Joined:
    """The joining models, their cross-validated scores, and what was measured of them."""

    def __init__(self, texts: list[Text], found: list[dict[str, float]]) -> None:
        self.texts = texts
        tones = np.array([text.tone for text in texts])
        self.hostile = tones == "hostile"
        self.whole = np.array([text.whole for text in texts])
        self.fold = np.array([text.fold for text in texts])
        self.weights: dict[str, dict[str, float]] = {}
        self.scores: dict[str, np.ndarray] = {}
        for name, signs, truth, part, line_weight in (
            ("hostile", features.HOSTILE_SIGNS, self.hostile, np.ones(len(texts), bool), 0.15),
            (
                "upset",
                features.UPSET_SIGNS,
                tones == "upset",
                (tones == "calm") | ((tones == "upset") & self.whole),
                0.04,
            ),
        ):
            rows = np.array([[numbers.get(feature, 0.0) for feature in signs] for numbers in found])
            weight = np.where(self.whole, 1.0, line_weight)  # of one sentence of a civil mail beside a whole mail
            self.scores[name] = np.zeros(len(texts))
            for fold in range(FOLDS):
                train = part & (self.fold != fold)
                fitted = fit_joined(rows[train], truth[train], weight[train], signs)
                held = self.fold == fold
                self.scores[name][held] = rows[held] @ fitted[1:] + fitted[0]
            fitted = np.round(fit_joined(rows[part], truth[part], weight[part], signs), 3) + 0.0
            self.weights[name] = {"BIAS": float(fitted[0])} | {
                feature: float(value) for feature, value in zip(signs, fitted[1:], strict=True) if value
            }
        civil = np.sort(self.scores["hostile"][~self.hostile & self.whole])[::-1]
        self.threshold, maybe = (float(civil[int(rate * len(civil))]) for rate in (FALSE_ALARMS, MAYBE_FALSE_ALARMS))
        self.slope = np.log(0.7 / 0.3) / (self.threshold - maybe)  # the score is 0.5 at the one, 0.3 at the other

    def write(self, scales: dict[str, list[float]]) -> None:
        """Write tone.json."""
        made = {
            "threshold": round(self.threshold, 3),
            "slope": round(float(self.slope), 3),
            "hostile": self.weights["hostile"],
            "upset": self.weights["upset"],
            "scales": scales,
        }
        (MODELS / "tone.json").write_text(json.dumps(made, indent=1, ensure_ascii=False) + "\n", "utf-8")

    def report(self) -> None:
        """Print recall and false alarms by language and kind, cross-validated."""
        flagged = self.scores["hostile"] >= self.threshold
        level = np.where(flagged, "hostile", np.where(self.scores["upset"] >= 0, "upset", "calm"))
        tones = np.array([text.tone for text in self.texts])
        tags = np.array([text.language for text in self.texts])
        for tag in [*sorted(set(tags)), "all"]:
            here = self.whole & ((tags == tag) | (tag == "all"))
            print(f"{tag:4}", _figures(tones[here], level[here]))
        kinds = np.array([text.kind or "" for text in self.texts])
        for kind in ("threat", "harassment", "profanity", "insult", "shouting"):
            print(f"{kind:11} recall {_share(flagged[self.whole & (kinds == kind)])}")
        for name, part in (("civil mails", self.whole), ("their sentences", ~self.whole)):
            for tone in ("calm", "upset"):
                print(f"{name}, {tone}: flagged {_share(flagged[part & (tones == tone)])}")
            print(f"{name}: flagged {_share(flagged[part & ~self.hostile])}")
        print(f"all civil lines: flagged {_share(flagged[~self.hostile])}")


def _figures(truth: np.ndarray, level: np.ndarray) -> str:
    scores = []
    for tone in ("calm", "upset", "hostile"):
        right = ((truth == tone) & (level == tone)).sum()
        scores.append(2 * right / max(1, (truth == tone).sum() + (level == tone).sum()))
    recall, alarms = (level[truth == "hostile"] == "hostile"), (level[truth != "hostile"] == "hostile")
    shares = f"recall {_share(recall)}  false alarms {_share(alarms)}"
    return f"hostile F1 {scores[2]:.3f}  {shares}  three levels {np.mean(scores):.3f}"


def _share(flags: np.ndarray) -> str:
    """Return a share with its 95 % interval (Wilson)."""
    number, share = max(1, len(flags)), float(flags.mean()) if len(flags) else 0.0
    middle, spread = share + 1.92 / number, 1.96 * (share * (1 - share) / number + 0.96 / number**2) ** 0.5
    low, high = ((middle + sign * spread) / (1 + 3.84 / number) for sign in (-1, 1))
    return f"{share:.4f} ({max(0, low):.4f}..{high:.4f}, n={len(flags)})"


if __name__ == "__main__":
    main()
