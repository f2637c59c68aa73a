"""Rude words, whoever they are aimed at: a cheap look at a few words of a customer's before they are said back."""

from mailassist.reading.tone import MAYBE, judge_tone, tables_for
from mailassist.reading.tone_text import clean, sentences
from mailassist.reading.tone_words import lexicon

RUDE = frozenset({"OBSCENE", "INSULT", "SWEAR", "SLUR"})  # classes of words/tone/<tag>.toml


def is_rude(text: str, language: str) -> bool:
    """
    Return whether *text*, a title or a sentence, has a rude word in it or is aimed at somebody.

    How upset it sounds does not count: of a word or two, as "Invoice", nothing can be told.
    """
    words = lexicon(tables_for(language))
    nouns = language.startswith("de")  # they have a capital like names
    for part in sentences(clean(text)):
        said = [word for n, word in enumerate(part.words) if not n or nouns or not _is_name(word)]
        if any(not RUDE.isdisjoint(words.symbols(word)) for word in said):
            return True
    judged = judge_tone(text, language)
    return bool(judged.evidence) or judged.score >= MAYBE


def _is_name(word: str) -> bool:
    """Say whether *word*, in the midst of a sentence, is written like a name: "the Dick family"."""
    return word[:1].isupper() and word[1:].islower()
