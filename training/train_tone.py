"""
Make the tone models: mailassist/reading/models/tone-<tag>.bin and tone.json, byte for byte the same from the same data.

    train_tone.py --public DIR [--figures]

DIR holds public texts, `train/<tag>.jsonl` (no.jsonl for Norwegian), as TONE.md lists them; the mails written for the
project lie beside this script, in mails/ and lines/. Needs numpy, scipy and scikit-learn; mailassist needs none.

Four linear models over hashed pieces of words are fitted for each language, then some for all languages that join
their scores to the named patterns, their signs fixed: a pattern of hostility never speaks for a mail. Every number
that a joining model learns from was given by models that had not seen the texts of its fold; a fold is a run of mails
written together. `--figures` prints what TONE.md reports.
"""

import argparse
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from zlib import crc32

import numpy as np
from scipy import sparse
from scipy.optimize import minimize
from sklearn.linear_model import LogisticRegression

from mailassist.reading.said import extract_said
from mailassist.reading.tone import features, model, signs
from mailassist.reading.tone.lexicon import languages, lexicon
from mailassist.reading.tone.text import clean, sentences

HERE = Path(__file__).parent
MODELS = Path(model.__file__).parent.parent / "models"
FOLDS, RUN = 6, 17  # a fold is every sixth run of seventeen mails
HELD = 3  # every so many public texts one is cross-validated and joined
LEFT_OUT = {"told_br"}  # share-alike: its weights could not be given away freely
RIDGE = 1.0
RARE = 5  # texts or sentences that two classes of words have to meet in
ROUNDS = 4  # of choosing the sentences of a mail that threaten
WINDOW_STRENGTH = 3.0
FALSE_ALARMS, FALSE_THREATS, FALSE_LINES = 0.008, 0.006, 0.009  # of civil mails, most of them written to be mistaken,
# as hostile, besides as threats; of their sentences
MAYBE_FALSE_ALARMS = 0.07
SLACK = 0.004  # of macro-F1 on public texts: that much less for fewer false alarms
MAYBE_SCORE = 0.3

Classes = Sequence[Mapping[str, str]]  # of each sentence of a text, as `Findings` has them


@dataclass(frozen=True)
class Text:
    """One text with its label; *fold* is -1 where it is not cross-validated."""

    language: str
    text: str
    tone: str  # calm, upset, hostile
    kind: str | None = None
    fold: int = -1
    is_praise: bool = False
    what: str = "mail"  # or "line", a sentence of one; or "plain", a line written as one; or "public"


def mails(tag: str) -> list[Text]:
    """Return what is said in the mails written for the project in one language: their signatures are not judged."""
    rows = [json.loads(line) for line in _lines(HERE / "mails" / f"{tag}.jsonl")]
    said = [extract_said(row["body"]) or row["body"] for row in rows]
    return [
        Text(tag, text, row["tone"], row["kind"], number // RUN % FOLDS, row["intents"][0] == "praise_thanks")
        for number, (row, text) in enumerate(zip(rows, said, strict=True))
    ]


def public(directory: Path, tag: str) -> list[Text]:
    """Return the public texts in one language; what is not hostile there counts as calm."""
    rows = map(json.loads, _lines(directory / "train" / f"{'no' if tag == 'nb' else tag}.jsonl"))
    texts = []
    for number, row in enumerate(row for row in rows if row["source"] not in LEFT_OUT):
        fold = -1 if number % HELD else number // HELD % FOLDS
        texts.append(
            Text(tag, row["text"], "hostile" if row["label"] == "hostile" else "calm", None, fold, what="public")
        )
    return texts


def single_lines(tag: str) -> list[Text]:
    """Return the single lines written for the project in one language; the joining models alone learn from them."""
    rows = map(json.loads, _lines(HERE / "lines" / f"{tag}.jsonl"))
    return [Text(tag, row["body"], row["tone"], row["kind"], n % FOLDS, what="plain") for n, row in enumerate(rows)]


def lines_of(written: Sequence[Text]) -> Iterator[Text]:
    """Yield each sentence of some mails, but for the mails of one sentence."""
    for mail in written:
        for sentence in sentences(clean(mail.text)):
            if len(sentence.words) > 2 and sentence.text != mail.text.strip():
                yield Text(mail.language, sentence.text, mail.tone, None, mail.fold, what="line")


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


def fit_table(rows: sparse.csr_matrix, truth: np.ndarray, strength: float, power: float) -> tuple[bytes, float]:
    """
    Return the weights of a logistic regression as signed bytes, and their scale.

    strength: how far it follows its texts. power: how much more a rare piece weighs.
    """
    rarity = np.log((1 + rows.shape[0]) / (1 + np.asarray((rows > 0).sum(0)).ravel())) + 1
    scaling = (rarity / rarity.mean()) ** power
    regression = LogisticRegression(C=strength, solver="liblinear", max_iter=300, random_state=0)
    regression.fit(rows @ sparse.diags(scaling), truth)
    weights = regression.coef_.ravel() * scaling
    scale = float(np.percentile(np.abs(weights[weights != 0]), 99.9)) / 127
    return np.clip(np.round(weights / scale), -127, 127).astype(np.int8).tobytes(), round(scale, 7)


def fit_ngrams(
    written: Sequence[Text], others: Sequence[Text], single: Sequence[Text]
) -> tuple[list[bytes], list[float]]:
    """
    Return the four tables of one language (public, mail, upset, business) and their scales.

    written, others: its mails, its public texts. What a single sentence of a mail scores is compared
    with what those of civil mails do, so the mail table learns from these too.
    """
    parts = list(lines_of(written))
    mail, talk, lines, alone = ([hashes(one.text) for one in texts] for texts in (written, others, parts, single))
    civil = [hashed for hashed, text in zip(lines, parts, strict=True) if text.tone != "hostile"]
    hostile = np.array([text.tone == "hostile" for text in [*others, *written, *single]] + [False] * len(civil), int)
    upset = np.array([text.tone != "calm" for text in written], int)
    is_mail = np.r_[np.zeros(len(talk), int), np.ones(len(mail) + len(lines), int)]
    size = model.BUCKETS
    made = (
        fit_table(matrix(talk, size["public"]), hostile[: len(talk)], 3.0, 1.5),
        fit_table(matrix(mail + alone + civil, size["mail"]), hostile[len(talk) :], 10.0, 1.0),
        fit_table(matrix(mail, size["upset"]), upset, 10.0, 1.5),
        fit_table(matrix(talk + mail + lines, size["business"]), is_mail, 1.0, 1.5),
    )
    return [table for table, _ in made], [scale for _, scale in made]


def measured(
    texts: Sequence[Text], tables: Sequence[bytes], scales: Sequence[float]
) -> Iterator[tuple[dict[str, float], Classes]]:
    """Yield the numbers of each text, all in one language, as these tables give them, and its classes of words."""
    ngrams = model.Ngrams([memoryview(table).cast("b") for table in tables], scales)
    for text in texts:
        found = features.features_of(text.text, lexicon(text.language), ngrams, {}, {})
        yield found.numbers, found.findings.classes


def fit_joined(rows: np.ndarray, truth: np.ndarray, weight: np.ndarray, kinds: signs.Signs) -> np.ndarray:
    """
    Return bias and weights of a ridge logistic regression, one weight a feature of *kinds*.

    A sign of 1 keeps the weight at 0 or above (at what RECALL_FIRST asks), -1 at 0 or below; 0 leaves it free.
    """
    target = np.where(truth, 1.0, -1.0)

    def loss(weights: np.ndarray) -> tuple[float, np.ndarray]:
        margin = target * (rows @ weights[1:] + weights[0])
        slope = -target * weight / (1 + np.exp(np.clip(margin, -500, 500)))
        ridge = RIDGE * weights[1:]
        value = (np.logaddexp(0, -margin) * weight).sum() + ridge @ weights[1:]
        return float(value), np.r_[slope.sum(), rows.T @ slope + 2 * ridge]

    least = signs.RECALL_FIRST
    bounds = [(None, None)]
    bounds += [(least.get(name, 0) if sign > 0 else None, 0 if sign < 0 else None) for name, sign in kinds.items()]
    start = np.zeros(rows.shape[1] + 1)
    return minimize(loss, start, jac=True, method="L-BFGS-B", bounds=bounds, options={"maxiter": 3000}).x


def meeting_rows(met: Sequence[set[str]], counted: np.ndarray, fewest: int = 1) -> tuple[sparse.csr_matrix, list[str]]:
    """Return one row for each set of meetings, by the root of their number, and the names of the columns."""
    names = sorted({pair for pairs in met for pair in pairs})
    column = {name: number for number, name in enumerate(names)}
    ends = np.cumsum([0, *map(len, met)])
    columns = np.array([column[name] for pairs in met for name in sorted(pairs)])
    counts = sparse.csr_matrix((np.ones(len(columns)), columns, ends), (len(met), len(names)))
    often = np.asarray(counts[counted].sum(0)).ravel() >= RARE
    roots = 1 / np.sqrt(np.maximum(fewest, np.diff(ends)))
    return (sparse.diags(roots) @ counts @ sparse.diags(often.astype(float))).tocsr(), names


def fit_meetings(rows: sparse.csr_matrix, truth: np.ndarray, weight: np.ndarray, strength: float = 10.0) -> np.ndarray:
    """Return the weights of the meetings of classes."""
    part = weight > 0
    regression = LogisticRegression(C=strength, solver="liblinear", max_iter=300, random_state=0)
    return regression.fit(rows[part], truth[part], sample_weight=weight[part]).coef_.ravel()


def fit_windows(rows: sparse.csr_matrix, owner: np.ndarray, truth: np.ndarray, weight: np.ndarray) -> np.ndarray:
    """Return the weights of meetings in windows of a text, of a true text those of its best window."""
    number = np.bincount(owner, minlength=len(truth))
    true, weight = truth[owner], (weight / np.sqrt(number.clip(1)))[owner]
    coefficients = fit_meetings(rows, true, np.where(true, weight / np.sqrt(number[owner]), weight), WINDOW_STRENGTH)
    for _ in range(ROUNDS):
        scores = rows @ coefficients
        best = np.full(len(truth), -np.inf)
        np.maximum.at(best, owner, scores)
        weighed = np.where(true, number[owner] ** 0.5 * weight * (scores >= best[owner]), weight)
        coefficients = fit_meetings(rows, true, weighed, WINDOW_STRENGTH)
    return coefficients


def named(names: Sequence[str], values: np.ndarray) -> dict[str, float]:
    """Return each weight that is not 0 by its name, rounded."""
    return {name: float(value) for name, value in zip(names, np.round(values, 2), strict=True) if value}


class Joined:
    """The joining models, their cross-validated scores, and what was measured of them."""

    def __init__(self, texts: Sequence[Text], numbers: Sequence[dict[str, float]], classes: Sequence[Classes]) -> None:
        self.texts, self.numbers = texts, numbers
        self.tone = np.array([text.tone for text in texts])
        self.tag = np.array([text.language for text in texts])
        self.kind = np.array([text.kind or "" for text in texts])
        self.fold = np.array([text.fold for text in texts])
        self.praise = np.array([text.is_praise for text in texts])  # in it insults are taken back
        self.hostile = self.tone == "hostile"
        self.mail, self.line, self.plain, self.talk = (
            np.array([text.what == what for text in texts]) for what in ("mail", "line", "plain", "public")
        )
        self.weights: dict[str, dict[str, float]] = {}
        self.threats: dict[str, dict[str, float]] = {}
        self.scores: dict[str, np.ndarray] = {}
        self.weights["pairs"], together = self._fit_pairs(classes)
        threats, threatening = self._fit_threats(classes)
        for pair, value in threats.items():
            one, other = pair.split(" ")
            self.threats.setdefault(one, {})[other] = value
        for one, *values in zip(numbers, together, threatening, strict=True):
            one["together"], one["threatening"] = map(float, values)
        feeling = ~self.hostile & (self.mail | self.plain | (self.line & (self.tone == "calm")))
        self._fit("hostile", signs.HOSTILE, self.hostile, 1.0 * self.mail + 0.1 * self.line + 1.0 * self.plain)
        threat = self.kind == "threat"
        weight = (1.0 * self.mail + 0.1 * self.line + 1.0 * self.plain) * (threat | ~self.hostile)
        self._fit("threat", signs.THREAT, threat, weight)
        self._fit("talk", signs.TALK, self.hostile, 0.3 * (self.mail | self.plain) + 0.1 * self.line + self.talk)
        self._fit("business", signs.BUSINESS, ~self.talk, 1.0 * self.mail + 0.5 * self.line + 0.5 * self.talk)
        weight = 1.0 * self.mail + 0.04 * self.line + 0.3 * self.plain
        self._fit("upset", signs.UPSET, self.tone == "upset", weight * feeling)
        self._choose_thresholds()

    def _fit_pairs(self, classes: Sequence[Classes]) -> tuple[dict[str, float], np.ndarray]:
        """Return what classes of words that meet in a sentence speak for, and for each text, cross-validated."""
        rows, names = meeting_rows([features.meetings(of_text) for of_text in classes], self.mail)
        weight = 1.0 * self.mail + 0.15 * self.line + 0.5 * self.plain
        scores = np.zeros(rows.shape[0])
        for fold in range(FOLDS):
            held = self.fold == fold
            scores[held] = rows[held] @ fit_meetings(rows, self.hostile, weight * ~held)
        return named(names, fit_meetings(rows, self.hostile, weight)), scores

    def _fit_threats(self, classes: Sequence[Classes]) -> tuple[dict[str, float], np.ndarray]:
        """
        Return what classes that meet in neighbouring sentences speak for, and for each text, cross-validated.

        Which sentences of a mail threaten nobody has marked: they are those that look most like it, of all threats
        beside all civil mails, found anew in a few rounds.
        """
        near = [features.windows(of_text) for of_text in classes]
        owner = np.repeat(np.arange(len(near)), [len(of_text) for of_text in near])
        learned = self.mail | self.plain
        met = [features.meetings([one]) for of_text in near for one in of_text]
        rows, names = meeting_rows(met, learned[owner], features.FEWEST_MEETINGS)
        threat = self.kind == "threat"
        weight = np.where(learned & (threat | ~self.hostile), 1.0, 0.0)
        scores = np.zeros(len(near))
        for fold in range(FOLDS):
            coefficients = fit_windows(rows, owner, threat, weight * (self.fold != fold))
            best = np.zeros(len(near))
            np.maximum.at(best, owner, rows @ coefficients)
            scores[self.fold == fold] = best[self.fold == fold]
        return named(names, fit_windows(rows, owner, threat, weight)), scores

    def _fit(self, name: str, kinds: signs.Signs, truth: np.ndarray, weight: np.ndarray) -> None:
        """Fit one joining model on the texts that have a weight, and score every text by one that has not seen it."""
        rows = np.array([[numbers.get(feature, 0.0) for feature in kinds] for numbers in self.numbers])
        self.scores[name] = np.zeros(len(rows))
        for fold in range(FOLDS):
            train, held = (weight > 0) & (self.fold != fold), self.fold == fold
            fitted = fit_joined(rows[train], truth[train], weight[train], kinds)
            self.scores[name][held] = rows[held] @ fitted[1:] + fitted[0]
        train = weight > 0
        fitted = np.round(fit_joined(rows[train], truth[train], weight[train], kinds), 3) + 0.0
        self.weights[name] = {"BIAS": float(fitted[0])} | {
            feature: float(value) for feature, value in zip(kinds, fitted[1:], strict=True) if value
        }

    def _choose_thresholds(self) -> None:
        """Choose the threshold of talk by macro-F1 in each language, and that of mail by what civil mail bears."""
        like_mail = self.scores["business"] - model.LIKE_MAIL
        unexplained = np.array([not one["any pattern"] for one in self.numbers])
        self.scores["hostile"] += np.minimum(0.0, like_mail) - model.UNEXPLAINED * unexplained
        unlike_mail = self.scores["talk"] - np.maximum(0.0, like_mail)
        self.talk_thresholds = {
            str(tag): best_threshold(unlike_mail[here], self.hostile[here], SLACK)
            for tag in sorted(set(self.tag))
            for here in [self.talk & (self.tag == tag)]
        }
        as_talk = unlike_mail - np.array([self.talk_thresholds[tag] for tag in self.tag])
        self.threshold = self._threshold("hostile", as_talk > 0, FALSE_ALARMS, FALSE_LINES)
        flagged = (as_talk > 0) | (self.scores["hostile"] > self.threshold)
        self.threat_threshold = self._threshold("threat", flagged, FALSE_ALARMS + FALSE_THREATS, FALSE_LINES)
        self.margin = np.maximum(
            np.maximum(self.scores["hostile"] - self.threshold, self.scores["threat"] - self.threat_threshold), as_talk
        )
        maybe = float(np.quantile(self.margin[self.mail & ~self.hostile], 1 - MAYBE_FALSE_ALARMS))
        odds = np.log((1 - MAYBE_SCORE) / MAYBE_SCORE)
        self.slope = round(float(odds / -maybe), 3)  # the score is 0.5 at the threshold, 0.3 at this one

    def _threshold(self, name: str, flagged: np.ndarray, alarms: float, lines: float) -> float:
        """Return the lowest threshold at which, with what is *flagged* already, no more civil texts are than may be."""
        civil, parts = self.mail & ~self.hostile & ~self.praise, self.line & ~self.hostile
        scores = np.sort(self.scores[name][civil])[::-1]
        chosen = scores[0]
        for threshold in scores:
            together = flagged | (self.scores[name] > threshold)
            if together[civil].mean() > alarms or together[parts].mean() > lines:
                break
            chosen = threshold
        return round(float(chosen), 3)

    def write(self, scales: dict[str, list[float]]) -> None:
        """Write tone.json."""
        made = {
            "threshold": self.threshold,
            "threat_threshold": self.threat_threshold,
            "slope": self.slope,
            "talk_thresholds": self.talk_thresholds,
            **self.weights,
            "threats": self.threats,
            "scales": scales,
        }
        text = json.dumps(made, indent=0, ensure_ascii=False, separators=(",", ":"))
        (MODELS / "tone.json").write_text(text + "\n", "utf-8")

    def report(self) -> None:
        """Print recall and false alarms by language and kind, cross-validated."""
        flagged = self.margin > 0
        level = np.where(flagged, "hostile", np.where(self.scores["upset"] > model.UPSET_FROM, "upset", "calm"))
        for tag in [*sorted(set(self.tag)), "all"]:
            here = (self.tag == tag) | (tag == "all")
            print(f"{tag:4}", _figures(self.tone[self.mail & here], level[self.mail & here]))
            of_talk, alone = self.talk & here, np.array([one.get("public", 0.0) for one in self.numbers])
            limit = best_threshold(alone[of_talk], self.hostile[of_talk])
            print(
                f"     public texts: macro-F1 {macro_f1(flagged[of_talk], self.hostile[of_talk]):.3f}"
                f"  n-grams alone {macro_f1(alone[of_talk] >= limit, self.hostile[of_talk]):.3f}"
            )
        for kind in ("threat", "harassment", "profanity", "insult", "shouting"):
            print(f"{kind:11} recall {_share(flagged[self.mail & (self.kind == kind)])}")
        for name, part in (("civil mails", self.mail), ("their sentences", self.line)):
            for tone in ("calm", "upset"):
                print(f"{name}, {tone}: flagged {_share(flagged[part & (self.tone == tone)])}")
            print(f"{name}: flagged {_share(flagged[part & ~self.hostile])}")
        for name, part in (("hostile", self.plain & self.hostile), ("civil", self.plain & ~self.hostile)):
            print(f"plain {name} lines: flagged {_share(flagged[part])}")
        print(f"all civil lines: flagged {_share(flagged[~self.hostile & ~self.talk])}")


def best_threshold(scores: np.ndarray, truth: np.ndarray, slack: float = 0.0) -> float:
    """Return the highest score from which to call a text hostile for a macro-F1 that is the best but for *slack*."""
    limits = np.quantile(scores, np.linspace(0, 1, 201))
    found = [macro_f1(scores >= limit, truth) for limit in limits]
    return round(float(max(limit for limit, one in zip(limits, found, strict=True) if one >= max(found) - slack)), 3)


def macro_f1(flagged: np.ndarray, truth: np.ndarray) -> float:
    """Return the mean F1 of hostile and not hostile."""
    scores = [2 * (a & b).sum() / max(1, a.sum() + b.sum()) for a, b in ((flagged, truth), (~flagged, ~truth))]
    return float(np.mean(scores))


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


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--public", type=Path, required=True, help="the folder of public texts")
    parser.add_argument("--figures", action="store_true", help="print the cross-validated figures")
    arguments = parser.parse_args()
    texts: list[Text] = []
    found: list[tuple[dict[str, float], list[frozenset[str]]]] = []
    scales: dict[str, list[float]] = {}
    for tag in sorted(languages()):
        written, others, single = mails(tag), public(arguments.public, tag), single_lines(tag)
        civil = [line for line in lines_of(written) if line.tone != "hostile"]
        for fold in range(FOLDS):
            seen = ([text for text in given if text.fold != fold] for given in (written, others, single))
            held = [text for text in [*written, *civil, *others, *single] if text.fold == fold]
            found += measured(held, *fit_ngrams(*seen))
            texts += held
        tables, scales[tag] = fit_ngrams(written, others, single)
        (MODELS / f"tone-{tag}.bin").write_bytes(b"".join(tables))
    joined = Joined(texts, [numbers for numbers, _ in found], [classes for _, classes in found])
    joined.write(scales)
    if arguments.figures:
        joined.report()


if __name__ == "__main__":
    main()
