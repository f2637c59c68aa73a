"""
What of the customer's own words a draft says back: the sentence that tells the matter best, and the one that asks.

`quoting.json` says how much each feature of a sentence speaks for it; training/train_quoting.py learned it from mails
in which people chose the sentences.
"""

import itertools
import json
import math
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import NamedTuple

from mailassist.answering.locale import Locale, caseless
from mailassist.answering.naming import harmless
from mailassist.answering.plain import as_value
from mailassist.answering.playbook import evidence_of, matters
from mailassist.reading.intent import table_of
from mailassist.reading.intent_model import load_words, stems
from mailassist.reading.sentences import may_go_on, split_sentences, without_joiner, without_salutation
from mailassist.reading.tone import judge_tone
from mailassist.values import Reading

FEWEST_WORDS, MOST_WORDS = 4, 36  # shorter says nothing, longer is no longer a quotation
MOST_QUESTIONS = 3
LENGTHS = (3, 5, 7, 12, 18, 26, MOST_WORDS + 1)  # words, under each of which a sentence is one feature
MOST_WORDS_OF_HEAD = 6  # of an announcement before a colon
SURE_OF_HOSTILE = 0.6  # weight from which a sentence of a hostile mail tells what happened
LESS_BESIDE = 0.4  # how much less a sentence next to that one may weigh, to be told with it
SURE_BESIDE = 0.2  # the same beside what they ask for
LEAST_OF_FEW = -2.0  # the same where only the sentences that ONLY_WITH names are looked at
CIVIL = 0.3  # score of a sentence by itself, up to which it is said back to somebody hostile
NOTHING_BACK = ("threat", "harassment")  # kinds of hostility of which nothing is told back
ONLY_WITH = {  # what a sentence must have to be told back: the praise itself, what they can pay, what they demand
    "praise_thanks": {"evidence"},
    "hardship": {"amount", "request"},
    "unreasonable_demand": {"evidence", "request"},
}
ASKING = ("question", "status_request", "technical_help", "out_of_scope", "other")
FACTS = {"digit", "date", "thing", "waited", "evidence", "subject"}
BESIDE = {-1: "before", 1: "after"}
QUOTE_MARKS = '"“”„«»‟'

_NAMED = re.compile(r"[\"“„«»‟]\s?(?:[^\s\"“”„«»‟.!?]+\s?){1,4}[\"”“»«]")  # the name of a thing, not somebody's speech
_FILE = Path(__file__).parent / "quoting.json"

Features = Mapping[str, float]


class SaidBack(NamedTuple):
    """Sentences of the customer's that are worth it: what happened, and what they ask for."""

    tells: str = ""
    before: str = ""  # the sentence before that one, where both are worth it, or
    after: str = ""  # the one after it
    asks: tuple[str, ...] = ()  # a request, or some questions


class Sentence(NamedTuple):
    """A sentence as it may be said back, and what speaks for it."""

    text: str
    features: Features


def said_back(reading: Reading, locale: Locale, matter: str = "") -> SaidBack:
    """
    Return what is said back to the customer of *reading*.

    matter: the intent that is answered; the first one by default.
    Nothing rude, nothing in capitals, nothing that quotes somebody else; of a hostile mail only a fact that is civil by
    itself; of a threat nothing; of somebody's hardship only what they ask for or can pay.
    """
    if "threat" in reading.attention or reading.tone.kind in NOTHING_BACK:
        return SaidBack()
    matter, hostile = matter or matters(reading)[0], reading.tone.level == "hostile"
    spoken = sentences_of(reading, locale, matter)
    sentences = [one for one in spoken if is_quotable(one.text, reading.language.tag)]
    asks = [] if hostile else _asking(sentences, reading, locale)
    told = [one for one in sentences if one not in asks]
    if matter in ONLY_WITH:
        told = [one for one in told if ONLY_WITH[matter] & one.features.keys()]
    if hostile:
        told = [one for one in told if FACTS & one.features.keys()]
    least = SURE_OF_HOSTILE if hostile else LEAST_OF_FEW if matter in ONLY_WITH else SURE_BESIDE if asks else 0.0
    tells = next(_fitting("tells", told, reading, locale, least), None)
    alone = hostile or matter in ONLY_WITH or tells is None
    beside = {} if alone else _beside(list(_fitting("tells", told, reading, locale, least - LESS_BESIDE)), spoken)
    return SaidBack(
        _alone(tells, reading),
        _alone(beside.get("before"), reading),
        _alone(beside.get("after"), reading),
        tuple(_alone(one, reading) for one in asks),
    )


def _beside(fitting: Sequence[Sentence], spoken: Sequence[Sentence]) -> dict[str, Sentence]:
    """Return the sentence "before" or "after" the most *fitting* one, the better of the two, where one fits as well."""
    near = {spoken.index(one) - spoken.index(fitting[0]): one for one in fitting}
    better = next((at for at in near if at in BESIDE), 0)
    return {BESIDE[better]: near[better]} if better else {}


def _alone(sentence: Sentence | None, reading: Reading) -> str:
    """Return the text of *sentence* as it stands by itself."""
    return without_joiner(_ended(sentence.text), reading.language.tag) if sentence else ""


def _asking(sentences: Sequence[Sentence], reading: Reading, locale: Locale) -> list[Sentence]:
    """Return the questions of the mail, as many as are short enough; where it has none, the request."""
    found = list(_fitting("asks", sentences, reading, locale, 0.0))
    questions = [one for one in found if "?" in one.features][:MOST_QUESTIONS]
    words = itertools.accumulate(len(one.text.split()) for one in questions)
    short = [one for one, so_far in zip(questions, words, strict=True) if so_far <= MOST_WORDS]
    asks = short or [one for one in found if "request" in one.features][:1]
    return [one for one in sentences if one in asks]


def sentences_of(reading: Reading, locale: Locale, matter: str) -> list[Sentence]:
    """Return the sentences of *reading*'s mail without what only leads up to them, with the features of each."""
    language = reading.language.tag
    texts = [_as_said(one, language, locale) for one in split_sentences(reading.mail.said, language)]
    speaks = _speaking(language, matter)
    subject = {one for one in stems(reading.mail.subject) if len(one) > 3}
    found = []
    for n, text in enumerate(texts):
        spoken = tuple(stems(text))
        features = {
            **_placed(n, len(texts)),
            **_stated(text, reading, matter),
            **_asked(text, reading, locale, matter),
            "subject": float(len(subject & set(spoken))),
            "speaks": speaks(spoken),
        }
        found.append(Sentence(text, {name: value for name, value in features.items() if value}))
    return found


def _placed(n: int, count: int) -> Features:
    return {"place": n / max(1, count - 1), "first": n == 0, "second": n == 1, "last": n == count - 1}


def _stated(text: str, reading: Reading, matter: str) -> Features:
    """Return what *text* states: facts of the mail, and the customer's words that show *matter*."""
    particulars, folded, count = reading.particulars, text.casefold(), len(text.split())
    length = next((f"under {most} words" for most in LENGTHS if count < most), "longer")
    return {
        length: 1.0,
        "digit": any(map(str.isdigit, text)),
        "date": any(one in text for one in particulars.dates),
        "amount": any(one in text for one in particulars.amounts),
        "number": any(one in text for one in particulars.numbers),
        "thing": any(one.casefold() in folded for one in particulars.things),
        "waited": bool(particulars.waited) and particulars.waited in text,
        "evidence": float(sum(one.casefold() in folded for one in evidence_of(matter, reading))),
    }


def _asked(text: str, reading: Reading, locale: Locale, matter: str) -> Features:
    """Return how *text* ends, and whether it asks for something, in the tone of the whole mail."""
    level, asks, wants = reading.tone.level, text.endswith("?"), locale.matches("sentences", "request", text)
    return {
        "?": asks,
        "!": text.endswith("!"),
        "no end": text[-1:] not in ".?!…",
        "request": wants,
        f"? {level}": asks,
        f"request {level}": wants,
        "? asking": asks and matter in ASKING,
        "quotes": any(mark in text for mark in QUOTE_MARKS),
    }


def _speaking(language: str, matter: str) -> Callable[[Sequence[str]], float]:
    """Return how much the words with certain beginnings speak for *matter* by what was learned of all words."""
    table = table_of(language)
    words = load_words(table) if table else None
    if words is None:
        return lambda spoken: 0.0
    return lambda spoken: words.speak_for(matter, spoken) / math.sqrt(4 + len(spoken))


def _as_said(sentence: str, language: str, locale: Locale) -> str:
    """Return *sentence* without its salutation, an announcement ("Just to say: …"), or what else is to happen."""
    said = without_salutation(as_value(sentence), language)
    for pattern in (*locale.texts("sentences", "announcing"), *locale.texts("sentences", "or_else")):
        said = caseless(pattern).sub("", said, count=1)
    head, colon, rest = said.partition(": ")
    announced = colon and len(head.split()) <= MOST_WORDS_OF_HEAD < len(rest.split()) + 3
    return _capital(rest if announced and not any(map(str.isdigit, head)) else said)


def _capital(sentence: str) -> str:
    """Return *sentence* begun with a capital, but for a first word that has one within: "iPhone"."""
    first = sentence.partition(" ")[0]
    return re.sub(r"^\W*\w", lambda start: start[0].upper(), sentence) if first.islower() else sentence


def _fitting(
    what: str, sentences: Sequence[Sentence], reading: Reading, locale: Locale, least: float
) -> Iterator[Sentence]:
    """Yield the sentences that *what*, "tells" or "asks", fits, the best first: those that weigh *least* or more."""
    weights = _learned()[what]
    weighed = [(_weight(one.features, weights), one) for one in sentences]
    for weight, one in sorted(weighed, key=lambda found: -found[0]):
        if weight >= least and harmless(one.text, reading, locale) and _is_civil(one.text, reading):
            yield one


def _weight(features: Features, weights: Features) -> float:
    return weights[""] + sum(weights.get(name, 0.0) * value for name, value in features.items())


def _is_civil(text: str, reading: Reading) -> bool:
    """Say whether *text* can be told back in the midst of a quarrel."""
    return reading.tone.level != "hostile" or judge_tone(text, reading.language.tag).score <= CIVIL


def _ended(text: str) -> str:
    """Return *text* with one full stop where it ends in an exclamation mark or in nothing."""
    return text if text[-1:] in ".?…" else f"{text.rstrip(' !,;:-–—')}."


def is_quotable(text: str, language: str) -> bool:
    """Say whether *text* has the form of what can be quoted: not too long, not shouted, no markup, nobody else's."""
    text = _NAMED.sub(" x ", text)
    shouted = sum(map(str.isupper, text)) * 5 > 2 * sum(map(str.isalpha, text))
    return (
        FEWEST_WORDS - text.endswith("?") <= len(text.split()) <= MOST_WORDS
        and not shouted
        and not text.endswith((",", ":"))  # a salutation, or what leads up to something else
        and not may_go_on(text, language)
        and not re.search(r"https?:|www\.|@|[<>{}\[\]|*^~`\\=#]|[!?]{2}|! ", text)
        and not any(mark in text for mark in QUOTE_MARKS)
    )


@cache
def _learned() -> Mapping[str, Features]:
    read: Mapping[str, Features] = json.loads(_FILE.read_text("utf-8"))
    return read
