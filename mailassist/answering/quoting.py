"""The one sentence of the customer's that a draft says back: the one that says most of the matter and hurts nobody."""

import re
from collections.abc import Iterator
from typing import NamedTuple

from mailassist.answering.locale import Locale, caseless
from mailassist.answering.naming import harmless, numbered, topic
from mailassist.answering.plain import as_value
from mailassist.answering.playbook import UNSURE, matters
from mailassist.reading.sentences import split_paragraphs, without_joiner, without_salutation
from mailassist.values import Reading

LEAST_WEIGHT = 1.0  # of a sentence worth quoting
LEAST_WEIGHT_ALONE = 0.5  # where nothing else shows what the mail is about
FEWEST_WORDS, MOST_WORDS = 5, 36  # shorter says nothing, longer is no longer a quotation
MOST_WORDS_EASILY_READ = 22
ASKING = {"question", "status_request", "technical_help", "out_of_scope", "other", "no_response"}
MOST_WORDS_OF_A_BARE_QUESTION = 6
MOST_WORDS_OF_HEAD = 6  # of an announcement before a colon
QUOTE_MARKS = '"“”„«»‟'

_NAMED = re.compile(r"[\"“„«»‟]\s?(?:[^\s\"“”„«»‟.!?]+\s?){1,4}[\"”“»«]")  # the name of a thing, not somebody's speech


class Piece(NamedTuple):
    """A sentence, or two that belong together, and where in the text they stand."""

    text: str
    place: float  # 0 at the beginning, 1 at the end

    @property
    def words(self) -> int:
        return len(self.text.split())


def telling_sentence(reading: Reading, locale: Locale, matter: str = "") -> tuple[str, bool]:
    """
    Return the sentence of the customer's that says most of the matter, and whether it is a question; or ("", False).

    matter: the intent that is answered; the first one by default.
    Nothing of a hostile mail is said back, no sentence with rude words or in capitals, none that quotes somebody else.
    """
    if reading.tone.level == "hostile" or "threat" in reading.attention:
        return "", False
    matter = matter or matters(reading)[0]
    quotable = [one for one in _pieces(reading, matter, locale) if _quotable(one)]
    if matter == "hardship":  # a blow of fate is not told back to them; what they ask for is, and what they can pay
        sums = reading.particulars.amounts
        quotable = [
            one
            for one in quotable
            if one.text.endswith("?")
            or locale.matches("sentences", "request", one.text)
            or any(some in one.text for some in sums)
        ]
    weighed = sorted((-_weight(one, reading, locale, matter), one.place, one) for one in quotable)
    unsure = reading.intents[0].likely < UNSURE
    known = numbered(reading.particulars, locale) or topic(reading, locale)
    least = LEAST_WEIGHT if known and not unsure else LEAST_WEIGHT_ALONE
    for weight, _, piece in weighed:
        if -weight >= least and harmless(piece.text, reading, locale):
            return without_joiner(piece.text, reading.language.tag), piece.text.endswith("?")
    return "", False


def _pieces(reading: Reading, matter: str, locale: Locale) -> Iterator[Piece]:
    """
    Yield each sentence, and each question with the one before it in its paragraph.

    That is where the one before asks too, or where the question is short and the one before says what it is about.
    """
    paragraphs = split_paragraphs(reading.mail.said, reading.language.tag)
    count, n = sum(map(len, paragraphs)), 0
    for paragraph in paragraphs:
        before = ""
        for said in paragraph:
            one = _as_said(said, reading.language.tag, locale)
            yield Piece(one, n / count)
            together = Piece(f"{before} {one}", (n - 1) / count)
            short = len(one.split()) < FEWEST_WORDS and together.words < MOST_WORDS_EASILY_READ
            if before and one.endswith("?") and (before.endswith("?") or (short and _says(before, reading, matter))):
                yield together
            before, n = one, n + 1


def _as_said(sentence: str, language: str, locale: Locale) -> str:
    """Return *sentence* without its salutation, nor an announcement ("Just to say: …", "I wanted to say that …")."""
    said = without_salutation(as_value(sentence), language)
    for pattern in locale.texts("sentences", "announcing"):
        said = caseless(pattern).sub("", said, count=1)
    head, colon, rest = said.partition(": ")
    announced = colon and len(head.split()) <= MOST_WORDS_OF_HEAD < len(rest.split()) + 3
    return _capital(rest if announced and not any(map(str.isdigit, head)) else said)


def _capital(sentence: str) -> str:
    """Return *sentence* begun with a capital, but for a first word that has one within: "iPhone"."""
    first = sentence.partition(" ")[0]
    return re.sub(r"^\W*\w", lambda start: start[0].upper(), sentence) if first.islower() else sentence


def _says(sentence: str, reading: Reading, matter: str) -> bool:
    """Say whether *sentence* holds a fact of the mail or what shows its *matter*, and no mere feeling."""
    return any(map(str.isdigit, sentence)) or any(one in sentence for one in _telling(reading, matter))


def _telling(reading: Reading, matter: str) -> tuple[str, ...]:
    """Return what the mail names, and the customer's words that show *matter*, or any where it may be misread."""
    unsure = reading.intents[0].likely < UNSURE
    evidence = [phrase for one in reading.intents if unsure or one.name == matter for phrase in one.evidence]
    particulars = reading.particulars  # the numbers stand in the reference
    return (*particulars.dates, *particulars.amounts, *particulars.things, *filter(None, evidence))


def _quotable(piece: Piece) -> bool:
    text = _NAMED.sub(" x ", piece.text)
    shouted = sum(map(str.isupper, text)) * 5 > 2 * sum(map(str.isalpha, text))
    fewest = FEWEST_WORDS - text.endswith("?")
    return (
        fewest <= piece.words <= MOST_WORDS
        and text[-1:] in ".?…"
        and not re.search(r"\s\d{1,2}\.$", text)  # an ordinal perhaps, and what follows it lost
        and not shouted
        and not re.search(r"https?:|www\.|@|[<>{}\[\]|*^~`\\=#]|[!?]{2}|! ", text)
        and not any(mark in text for mark in QUOTE_MARKS)
    )


def _weight(piece: Piece, reading: Reading, locale: Locale, matter: str) -> float:
    """Return how much *piece* says of the matter: a question, a request, facts, the intent's evidence, its place."""
    text, particulars = piece.text, reading.particulars
    facts = (*particulars.dates, *particulars.amounts, *particulars.things)
    shows = set(_telling(reading, matter)) - set(facts)
    evident = any(one.casefold() in text.casefold() for one in shows)
    if matter == "praise_thanks" and not evident:
        return 0.0  # only the praise itself is passed on
    weight = sum(fact in text for fact in facts) + 1.5 * evident + 0.7 * any(c.isdigit() for c in text)
    if text.endswith("?") and weight == 0 and piece.words <= MOST_WORDS_OF_A_BARE_QUESTION:
        weight += 0.8  # "Could you have a look?" does not say at what
    elif text.endswith("?"):
        weight += 3.5 if matter in ASKING else 2.5 if reading.tone.level == "calm" else 1.0
        weight += 0.5 * ("? " in text)
    elif locale.matches("sentences", "request", text):
        weight += 2.0
    elif piece.words < 7:
        weight -= 0.5  # "That was 8 February." says little on its own
    listed = 0.5 * text[:1].isdigit()  # a line of a list, torn out of it
    return weight - listed + 0.5 * (1 - piece.place) + 0.3 * (piece.words in range(7, MOST_WORDS_EASILY_READ))
