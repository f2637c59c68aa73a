"""
The things a mail is about: nouns of `words/things.toml` that the subject names, or that the text says something of.

"My kettle is broken", "I ordered a desk", "is the watch ready": a certain thing of which that is said, or one that was
ordered, bought, awaited or brought. A thing that is only a place or a means ("at the door", "by car") is none.
"""

from collections.abc import Iterable, Sequence
from functools import cache

from mailassist.reading.cues import CueTable, Hit, Word, split_words
from mailassist.reading.intent import cues_of
from mailassist.reading.particulars.nouns import Found, nouns
from mailassist.reading.tables import table
from mailassist.reading.vocabulary import vocabulary
from mailassist.values import Thing

TOLD = frozenset({  # what is said of a thing that a mail is about
    "broken", "wrong", "late", "not_arrived", "quality", "got_instead", "expected", "praise", "repair", "status",
    "swap",
})  # fmt: skip
MOST = 3
NEAR = 4  # words between a thing and what is said of it
BEFORE = 2  # words before a thing among which an article may stand: "my old kettle"
LONGEST_SUBJECT = 9  # words of a subject that names the matter
IN_THE_SUBJECT = 3  # times as much as in the text


def find_things(said: str, language: str, subject: str = "") -> tuple[Thing, ...]:
    """
    Return the things that *said* is about, the most weighty first, at most three; none where that is not plain.

    subject: the subject line; a thing that it names comes first.
    """
    weights: dict[Thing, int] = {}
    if len(subject.split()) <= LONGEST_SUBJECT:
        weights = {one.thing: IN_THE_SUBJECT for one in _things(subject, language)}
    for one in _things(said, language):
        if one.thing in weights or _is_the_matter(one, said, language):
            weights[one.thing] = weights.get(one.thing, 0) + 1
    heaviest = sorted(weights, key=lambda thing: -weights[thing])
    return tuple(one for one in heaviest if not _is_said_more_of(one, heaviest))[:MOST]


def _is_said_more_of(thing: Thing, others: Iterable[Thing]) -> bool:
    """Say whether one of *others* is the same with more words: the "Brautkleid" is the "Kleid" of the next sentence."""
    text = thing.text.casefold()
    return any(text != other.text.casefold() and text in other.text.casefold() for other in others)


def _things(text: str, language: str) -> list[Found]:
    """Return the things of *text*, none that is a place or a means, or that says of another word which."""
    known = nouns(language)
    if not (found := known.find(text)):
        return []
    hits, words = _phrases(known.language).find(text), split_words(text, known.language)
    places = {hit.end for hit in hits if hit.name == "beside"}
    heads = {hit.start for hit in hits if hit.name == "first"}

    def names(one: Found) -> bool:
        before, behind = words[one.first - 1 : one.first], words[one.behind : one.behind + 1]
        return not any(word.end in places for word in before) and not any(word.start in heads for word in behind)

    return [one for one in found if names(one)]


def _is_the_matter(one: Found, said: str, language: str) -> bool:
    """Say whether *said* tells that *one* was ordered, or that it gives trouble."""
    tag = nouns(language).language
    words, hits = split_words(said, tag), _phrases(tag).find(said)
    some = {hit.end for hit in hits if hit.name == "some"}
    before = words[max(0, one.first - BEFORE) : one.first]
    articles = vocabulary(tag).words("determiners")
    certain = one.certain or not articles or any(vocabulary(tag).has("determiners", word.text) for word in before)
    had = [hit for hit in hits if hit.name == "had"]
    if (certain or one.thing.plural or any(word.end in some for word in before)) and _near(one, had, words):
        return True
    return certain and _near(one, [hit for hit in cues_of(tag).find(said) if hit.name in TOLD], words)


def _near(one: Found, hits: Iterable[Hit], words: Sequence[Word]) -> bool:
    """Say whether one of *hits* stands at most NEAR words before or behind *one*, in its sentence."""
    sentence = words[one.first].sentence
    around = [word for word in words[max(0, one.first - NEAR - 1) : one.behind + NEAR + 1] if word.sentence == sentence]
    start, end = around[0].start, around[-1].end
    return any(hit.sentence == sentence and hit.start < end and hit.end > start for hit in hits)


@cache
def _phrases(language: str) -> CueTable:
    own = table("things").get(language, {})
    return CueTable({name: own.get(name, ()) for name in ("some", "had", "beside")}, language)
