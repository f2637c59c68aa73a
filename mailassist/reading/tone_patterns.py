"""The named patterns in a text: what fired, where, in the customer's own words; and how often each class of words stands in it."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

from mailassist.reading.tone_text import Sentence
from mailassist.reading.tone_words import GUARD, REPORTED, Hit, Lexicon

KINDS = {  # the kind of hostility each named pattern is
    "violence": "threat",
    "damage": "threat",
    "veiled threat": "threat",
    "extortion": "threat",
    "harassment": "harassment",
    "sexual remark": "harassment",
    "obscenity": "profanity",
    "insult": "insult",
    "dehumanising": "insult",
    "accusation": "insult",
    "contempt": "insult",
    "belittling": "insult",
    "sarcasm at a person": "insult",
    "wish of harm": "insult",
    "order to vanish": "insult",
    "order to be silent": "insult",
}
VOCATIVE_WORDS = 3  # "you lazy idiots", "Idiots.", "..., idiots": no longer than this
NAMES_OF_ABUSE = {"INSULT": "insult", "OBSCENE": "obscenity", "SLUR": "harassment"}


@dataclass(slots=True)
class Findings:
    """What the tables find in a text: how often each pattern fired, which words are there, and the evidence."""

    patterns: Counter[str] = field(
        default_factory=Counter
    )  # by name; "shouted " before it where the sentence is in capitals
    words: Counter[str] = field(
        default_factory=Counter
    )  # by class; "CLASS+YOU" where the reader is addressed in the sentence
    guards: int = 0  # patterns taken back
    meant: list[str] = field(default_factory=list)  # each sentence without the words that a guard covers
    phrases: dict[str, str] = field(default_factory=dict)  # a phrase for each pattern that fired, as written


def find_patterns(sentences: Sequence[Sentence], words: Lexicon) -> Findings:
    """Return the patterns and word classes of *sentences*, those left out that a guard covers."""
    found = Findings()
    for sentence in sentences:
        rows = [words.symbols(word) for word in sentence.words]
        hits = [*words.find(rows), *_vocatives(sentence, rows)]
        covered = _covered(hits, len(rows))
        _count_words(found, rows, covered)
        found.meant.append(" ".join(word for place, word in enumerate(sentence.words) if place not in covered))
        fired = set()
        for hit in hits:
            if hit.name in (GUARD, REPORTED):
                continue
            if hit.start in covered or hit.end in covered:
                found.guards += hit.name in KINDS
                continue
            fired.add(hit.name)
            phrase = " ".join(sentence.words[hit.start : hit.end + 1])
            found.phrases[hit.name] = min(found.phrases.get(hit.name, phrase), phrase, key=len)
        for name in fired:
            found.patterns[name] += 1
            if sentence.shouted and name in KINDS:
                found.patterns["shouted " + name] += 1
    return found


def _covered(hits: Sequence[Hit], length: int) -> set[int]:
    covered: set[int] = set()
    for hit in hits:
        if hit.name == GUARD:
            covered.update(range(hit.start, hit.end + 1))
        elif hit.name == REPORTED:
            covered.update(range(hit.start, length))
    return covered


def _vocatives(sentence: Sentence, rows: Sequence[tuple[str, ...]]) -> list[Hit]:
    """Return the clauses of no more than three words that name somebody: "Idiots!", ", you lazy idiots"."""
    sizes = Counter(sentence.clauses)
    return [
        Hit(NAMES_OF_ABUSE[symbol], position, position)
        for position, (clause, symbols) in enumerate(zip(sentence.clauses, rows, strict=True))
        if sizes[clause] <= VOCATIVE_WORDS
        for symbol in symbols
        if symbol in NAMES_OF_ABUSE
    ]


def _count_words(found: Findings, rows: Sequence[tuple[str, ...]], covered: set[int]) -> None:
    classes = {
        symbol for place, symbols in enumerate(rows) if place not in covered for symbol in symbols if symbol.isupper()
    }
    for name in classes:
        found.words[name] += 1
        if "YOU" in classes:
            found.words[name + "+YOU"] += 1
