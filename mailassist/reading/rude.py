"""Rude words, whoever they are aimed at: a cheap look at a few words of a customer's before they are said back."""

from functools import lru_cache

from mailassist.reading.tone import tables_for
from mailassist.reading.tone.lexicon import Lexicon, lexicon
from mailassist.reading.tone.patterns import KINDS, find_patterns
from mailassist.reading.tone.text import Sentence, clean, sentences

RUDE = frozenset({"OBSCENE", "INSULT", "SWEAR", "SLUR"})  # classes of words/tone/<tag>.toml
HEATED = frozenset({"ACCUSE", "BEAST", "SMALL", "STUPID", "UPSET"})  # they belittle, beside being upset
NEAR = 5  # words before one of stupidity, among which the reader may be meant by it
VOCATIVE = range(2, 5)  # words of a clause that calls somebody something


@lru_cache(maxsize=64)  # a title is asked for wherever it may be said back
def is_rude(text: str, language: str) -> bool:
    """
    Return whether *text*, a title or a sentence, has a rude word in it or is aimed at somebody.

    How upset it sounds does not count: of a word or two, as "Invoice", nothing can be told.
    """
    words, parts = lexicon(tables_for(language)), sentences(clean(text))
    nouns = language.startswith("de")  # they have a capital like names
    for part in parts:
        said = [word for n, word in enumerate(part.words) if not n or nouns or not _is_name(word)]
        if any(not RUDE.isdisjoint(words.symbols(word)) for word in said):
            return True
        if _calls_names(part, words):
            return True
    found = find_patterns(parts, words)
    return found.threatened or not KINDS.keys().isdisjoint(found.patterns)


def is_heated(text: str, language: str) -> bool:
    """Return whether *text*, a title, has a word of contempt or anger: "Your so-called repair"."""
    words = lexicon(tables_for(language))
    return any(not HEATED.isdisjoint(words.symbols(word)) for part in sentences(clean(text)) for word in part.words)


def is_belittling(text: str, language: str) -> bool:
    """Return whether *text*, a sentence, has a rude word, or one of stupidity beside the word for the reader."""
    words = lexicon(tables_for(language))
    for part in sentences(clean(text)):
        told = [words.symbols(word) for word in part.words]
        if any(not RUDE.isdisjoint(one) for one in told):
            return True
        stupid = (n for n, one in enumerate(told) if "STUPID" in one)
        if any("YOU" in one for n in stupid for one in told[max(0, n - NEAR) : n]):
            return True
    return False


def _calls_names(sentence: Sentence, words: Lexicon) -> bool:
    """Say whether *sentence* ends in calling the reader something: ", you muppet", ", Sie Trantüte"."""
    last = [
        word for word, clause in zip(sentence.words, sentence.clauses, strict=True) if clause == sentence.clauses[-1]
    ]
    apart = bool(last) and sentence.clauses[-1] > 0 and len(last) in VOCATIVE
    return apart and "YOU" in words.symbols(last[0]) and sentence.text[-1:] in ".?!"


def _is_name(word: str) -> bool:
    """Say whether *word*, in the midst of a sentence, is written like a name: "the Dick family"."""
    return word[:1].isupper() and word[1:].islower()
