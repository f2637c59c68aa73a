"""The things a mail is about, "kettle": nouns of the cue tables that are said to be broken, wrong, late or poor."""

from collections.abc import Iterable

from mailassist.reading.cues import Hit, split_words
from mailassist.reading.intent import cues_of
from mailassist.reading.vocabulary import Vocabulary, vocabulary

THING = "appliance"
TROUBLE = frozenset({"broken", "repair", "wrong", "quality", "late", "not_arrived"})
MOST = 3
WORDS_BEFORE = 2  # between the thing and "my" or "the", which tell that it is a certain one


def find_things(said: str, language: str) -> tuple[str, ...]:
    """
    Return the things *said* complains of, as written, without article; at most three, the first named first.

    None in languages whose nouns have cases: a word taken out of its sentence would stand there in the wrong one.
    """
    words = vocabulary(language)
    if not words.words("determiners"):
        return ()
    hits = cues_of(language).find(said)
    troubled = {hit.sentence for hit in hits if hit.name in TROUBLE}
    named = (hit for hit in hits if hit.name == THING and hit.sentence in troubled)
    certain = [said[hit.start : hit.end] for hit in _certain(named, said, language, words)]
    return tuple(dict.fromkeys(certain))[:MOST]


def _certain(hits: Iterable[Hit], said: str, language: str, words: Vocabulary) -> Iterable[Hit]:
    """Return the hits before which "my", "the" or the like stands, in the same sentence."""
    spoken = split_words(said, language)
    places = {word.start: index for index, word in enumerate(spoken)}
    for hit in hits:
        before = spoken[max(0, places[hit.start] - WORDS_BEFORE) : places[hit.start]]
        if any(word.sentence == hit.sentence and words.has("determiners", word.text) for word in before):
            yield hit
