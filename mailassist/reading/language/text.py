"""
The language of a text by the text alone: its script, its letters, its words, and how good a case they make together.

A language is only named when the case is good: a logistic function, fitted to texts whose language was known and to
texts that have none (names, numbers, code), gives the probability that the likeliest language is the right one.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from math import exp, log

from mailassist.reading.language.clean import own_words
from mailassist.reading.language.evidence import Evidence, evidence
from mailassist.reading.language.mixed import Ranked, nats, writers_own
from mailassist.reading.language.table import ARABIC, CYRILLIC, DEVANAGARI, FREQUENT, LANES, LATIN, TRANSLITERATED, WORD
from mailassist.reading.tables import table
from mailassist.values import UNDETERMINED

RARE = 1.5  # nats against a language that few customers write in
FOREIGN_AT_LEAST, FOREIGN_SHARE = 3, 0.2  # words the likeliest language does not know, to look for a second one
LETTERS_AT_LEAST = 3  # in any script: "ツ" is half of a face
TELLING_AT_LEAST = 1.5  # words; a single one is a name, a title or shared: "Reklamation" is German and Danish too

# What else the gate weighs is in `case`; fitted by training/language_gate.py.
GATE = {
    "one": -5.02,
    "margin": 5.92,
    "letters": 1.72,
    "telling words": -0.62,
    "known words": 3.06,
    "words better known elsewhere": 0.55,
    "n-grams": 2.20,
    "words of its own": 0.27,
    "frequent": -0.15,
    "names": -6.87,
    "strange letters": -0.95,
}
OF_SCRIPT = {"greek": "el", "hebrew": "he", "thai": "th", "kana": "ja", "hangul": "ko", "han": "zh"}
OF_LETTER = {"be": "ў", "sr": "ђћ", "is": "þð", "mt": "ħġ", "eo": "ĉĝĥĵŝ"}  # no profile; told by letters of their own
_OWN_LETTERS = re.compile(f"[{''.join(OF_LETTER.values())}]", re.IGNORECASE)
_LANES_OF = {
    "latin": (*LATIN, *TRANSLITERATED),
    "cyrillic": CYRILLIC,
    "arabic": ARABIC,
    "devanagari": DEVANAGARI,
}
_LANE = {tag: lane for lane, tag in enumerate(LANES)}


@dataclass(frozen=True, slots=True)
class Guess:
    """The likeliest language of a text, and the probability that it is the right one; 0.0 where there is none."""

    tag: str
    probability: float
    because: str


Chooser = Callable[[str, Sequence[Ranked]], str]


def likeliest(text: str, ranked: Sequence[Ranked]) -> str:
    """Return the language that *ranked* begins with: langdetect's answer."""
    return ranked[0].tag


def likeliest_few(said: str, number: int) -> tuple[str, ...]:
    """Return the *number* languages that *said* is most likely in, however unsure that is; empty in other scripts."""
    script, text = own_words(said)
    if script in OF_SCRIPT or script not in _LANES_OF:
        return ()
    return tuple(one.tag for one in rank(evidence(text), script, {})[:number])


def guess(said: str, priors: Mapping[str, float], choose: Chooser = likeliest) -> Guess:
    """
    Return the likeliest language of *said*.

    priors: tag -> nats that speak for it from elsewhere, or against it.
    choose: what names the language once the text is clean; how good the case for it is, is judged here for all.
    """
    script, text = own_words(said)
    if sum(map(str.isalpha, text)) < LETTERS_AT_LEAST:
        return Guess(UNDETERMINED, 0.0, "no words of the writer's own")
    if script in OF_SCRIPT:
        return Guess(OF_SCRIPT[script], 0.95, f"written in {script} letters")
    if script not in _LANES_OF:
        return Guess(UNDETERMINED, 0.0, "written in letters of no language known here")
    words = WORD.findall(text.lower())
    if telling(words) < TELLING_AT_LEAST:
        return Guess(UNDETERMINED, 0.0, "too few words that tell one language from another")
    for tag, letters in OF_LETTER.items() if _OWN_LETTERS.search(text) else ():
        count = sum(any(letter in word for letter in letters) for word in set(words))
        if count * 20 > len(words) and count >= (1 if script == "cyrillic" else 2):  # one may be a name
            return Guess(tag, 0.9, f"letters that only {tag} has")
    return _guess_by_words(text, script, priors, choose)


def _guess_by_words(text: str, script: str, priors: Mapping[str, float], choose: Chooser) -> Guess:
    found = evidence(text)
    ranked = rank(found, script, priors)
    because = f"{len(found.words)} words"
    unknown = len(found.words) - found.known[ranked[0].lane]
    if unknown >= FOREIGN_AT_LEAST and unknown >= len(found.words) * FOREIGN_SHARE:
        text, other = writers_own(text, ranked)
        if other:
            found = evidence(text)
            ranked = rank(found, script, priors)
            because = f"{len(found.words)} words, without what is in {other}"
    tag = choose(text, ranked)
    ranked.sort(key=lambda one: one.tag != tag)
    if ranked[0].tag != tag:
        return Guess(tag, 0.0 if tag == UNDETERMINED else 0.9, f"{because}, in no language that is weighed here")
    probability = _probability(case(text, found, ranked))
    return Guess(tag, probability, f"{because}, {found.known[ranked[0].lane]} of them known in {tag}")


def rank(found: Evidence, script: str, priors: Mapping[str, float]) -> list[Ranked]:
    """Return the languages of *script*, the likeliest first."""
    best: dict[str, Ranked] = {}
    for name in _LANES_OF[script]:
        lane, tag = _LANE[name], TRANSLITERATED.get(name, name)
        score = nats(found.grams[lane], found.lexical[lane]) + priors.get(tag, 0.0)
        score -= 0.0 if tag in FREQUENT else RARE
        if tag not in best or score > best[tag].score:
            best[tag] = Ranked(tag, lane, score)
    return sorted(best.values(), key=lambda ranked: -ranked.score)


def case(text: str, found: Evidence, ranked: Sequence[Ranked]) -> dict[str, float]:
    """Return what speaks for ranked[0] being the language of *text*, and against it, by name, each about 0 to 1."""
    first, second = ranked[0], ranked[1]
    words = max(1, len(found.words))
    known = found.known[first.lane]
    return {
        "one": 1.0,
        "margin": min(first.score - second.score, 12.0) / 12,
        "letters": min(log(1 + found.letters) / 5, 1.0),
        "telling words": min(telling(found.words), 6) / 6,
        "known words": known / words,
        "words better known elsewhere": (max(found.known) - known) / words,
        "n-grams": min(found.grams[first.lane] / max(1, found.letters) / 20, 1.5),
        "words of its own": min(max(found.lexical[first.lane] - found.lexical[second.lane], 0.0), 10.0) / 10,
        "frequent": float(first.tag in FREQUENT),
        "names": sum(map(str.istitle, text.split()[1:])) / words * (1 - known / words),
        "strange letters": found.strange[first.lane] / words,
    }


def _probability(weights: Mapping[str, float]) -> float:
    return 1 / (1 + exp(-sum(GATE[name] * value for name, value in weights.items())))


def telling(words: Sequence[str]) -> float:
    """Return how many different *words* tell one language from another; those known beyond theirs count half."""
    everywhere, borrowed = _neutral_words()
    different = set(words) - everywhere
    return len(different) - len(different & borrowed) / 2


@cache
def _neutral_words() -> tuple[frozenset[str], frozenset[str]]:
    lists = table("language/neutral")
    everywhere = frozenset(WORD.findall(lists["everywhere"])) | frozenset("abcdefghijklmnopqrstuvwxyz")
    return everywhere, frozenset(WORD.findall(lists["borrowed"]))
