"""The words around numbers, dates, amounts and names, `words/particulars.toml`, ready to be asked for one word."""

from functools import cache, lru_cache

from mailassist.reading.cues import fold
from mailassist.reading.tables import table

RELATED = {"no": "nb", "nn": "nb"}
_NUMBER_ENDINGS = ("nummer", "nummeret", "numret", "nr", "number", "nummern")


class Vocabulary:
    """Lists of words by name; a word belongs to a list as it is, by how it begins ("abo*") or ends ("*vertrag")."""

    def __init__(self, lists: dict[str, list[str]]) -> None:
        self._whole = {
            name: frozenset(fold(word) for word in words if not word.endswith("*")) for name, words in lists.items()
        }
        self._ended = {
            name: tuple(fold(word[1:]) for word in words if word.startswith("*")) for name, words in lists.items()
        }
        self._begun = {
            name: tuple(fold(word[:-1]) for word in words if word.endswith("*")) for name, words in lists.items()
        }

    def has(self, name: str, word: str) -> bool:
        """Say whether *word* is on the list *name*, in any case and with or without its accents."""
        folded = _folded(word)
        whole, begun, ended = self._whole.get(name, ()), self._begun.get(name, ()), self._ended.get(name, ())
        return folded in whole or folded.startswith(begun) or folded.endswith(ended)

    def words(self, name: str) -> frozenset[str]:
        """Return the whole words of the list *name*, folded."""
        return self._whole.get(name, frozenset())

    def ends_as_number(self, word: str) -> bool:
        """Say whether *word* is a compound that calls itself a number: "Kundennummer", "ordrenr"."""
        return len(word) > 3 and _folded(word).endswith(_NUMBER_ENDINGS)


@lru_cache(maxsize=2048)  # a word is looked for on several lists, and comes again
def _folded(word: str) -> str:
    return fold(word)


@cache
def vocabulary(language: str) -> Vocabulary:
    """Return the words of *language* with those of every language; the English ones where it has none."""
    sections = table("particulars")
    tag = language.partition("-")[0].lower()
    own = sections.get(RELATED.get(tag, tag), sections["en"])
    shared = sections["any"]
    return Vocabulary({name: [*own.get(name, ()), *shared.get(name, ())] for name in {*own, *shared}})
