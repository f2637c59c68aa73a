"""The one sentence of the customer's that a draft says back: the one that says most of the matter and hurts nobody."""

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from mailassist.answering.locale import Locale
from mailassist.answering.naming import harmless, numbered, topic
from mailassist.answering.plain import as_value
from mailassist.answering.playbook import matters
from mailassist.reading.sentences import split_sentences, without_salutation
from mailassist.values import Reading

LEAST_WEIGHT = 1.0  # of a sentence worth quoting
LEAST_WEIGHT_ALONE = 0.5  # where nothing else shows what the mail is about
FEWEST_WORDS, MOST_WORDS = 5, 36  # shorter says nothing, longer is no longer a quotation
MOST_WORDS_EASILY_READ = 22
ASKING = {"question", "status_request", "technical_help", "out_of_scope", "other", "no_response"}
QUOTE_MARKS = '"“”„«»‟'


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
    if reading.tone.level == "hostile":
        return "", False
    language, matter = reading.language.tag, matter or matters(reading)[0]
    said = [
        _capital(without_salutation(as_value(one), language)) for one in split_sentences(reading.mail.said, language)
    ]
    quotable = [one for one in _pieces(said) if _quotable(one, reading)]
    weighed = sorted((-_weight(one, reading, locale, matter), one.place, one) for one in quotable)
    least = LEAST_WEIGHT if numbered(reading.particulars, locale) or topic(reading, locale) else LEAST_WEIGHT_ALONE
    for weight, _, piece in weighed:
        if -weight >= least and harmless(piece.text, reading, locale):
            return piece.text, piece.text.endswith("?")
    return "", False


def _capital(sentence: str) -> str:
    """Return *sentence* begun with a capital, but for a first word that has one within: "iPhone"."""
    first = sentence.partition(" ")[0]
    return re.sub(r"^\W*\w", lambda start: start[0].upper(), sentence) if first.islower() else sentence


def _pieces(said: Sequence[str]) -> Iterator[Piece]:
    """Yield each sentence, and each question with the one before it, where that asks too or it is short itself."""
    for n, one in enumerate(said):
        yield Piece(one, n / len(said))
        before = said[n - 1] if n else ""
        together = Piece(f"{before} {one}", (n - 1) / len(said))
        short = len(one.split()) < FEWEST_WORDS and together.words < MOST_WORDS_EASILY_READ
        if before and one.endswith("?") and (before.endswith("?") or short):
            yield together


def _quotable(piece: Piece, reading: Reading) -> bool:
    text = piece.text
    shouted = sum(map(str.isupper, text)) * 5 > 2 * sum(map(str.isalpha, text))
    return (
        FEWEST_WORDS <= piece.words <= MOST_WORDS
        and text[-1:] in ".?…"
        and not re.search(r"\s\d{1,2}\.$", text)  # an ordinal perhaps, and what follows it lost
        and not shouted
        and not re.search(r"https?:|www\.|@|[<>{}\[\]|*^~`\\=#]|[!?]{2}|! ", text)
        and not any(mark in text for mark in QUOTE_MARKS)
        and not any(" " in one and as_value(one) in text for one in reading.tone.evidence)
    )


def _weight(piece: Piece, reading: Reading, locale: Locale, matter: str) -> float:
    """Return how much *piece* says of the matter: a question, a request, facts, the intent's evidence, its place."""
    text, particulars = piece.text, reading.particulars
    evidence = next((one.evidence for one in reading.intents if one.name == matter), ())
    evident = any(one and one.casefold() in text.casefold() for one in evidence)
    if matter == "praise_thanks" and not evident:
        return 0.0  # only the praise itself is passed on
    facts = (*particulars.dates, *particulars.amounts, *particulars.things)  # the numbers stand in the reference
    weight = sum(fact in text for fact in facts) + 1.5 * evident + 0.7 * any(c.isdigit() for c in text)
    if text.endswith("?"):
        weight += 3.5 if matter in ASKING else 2.5 if reading.tone.level == "calm" else 1.0
        weight += 0.5 * ("? " in text)
    elif locale.matches("sentences", "request", text):
        weight += 2.0
    elif piece.words < 7:
        weight -= 0.5  # "That was 8 February." says little on its own
    listed = 0.5 * text[:1].isdigit()  # a line of a list, torn out of it
    return weight - listed + 0.5 * (1 - piece.place) + 0.3 * (piece.words in range(7, MOST_WORDS_EASILY_READ))
