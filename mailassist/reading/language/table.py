"""
How much each n-gram and each word speaks for each language: the numbers behind language detection.

The n-grams are those of langdetect's profiles, summed exactly instead of sampled; the words stand in `words/language/`.
An entry is one integer with LANE_BITS bits for each language, so that one addition adds the evidence for all of them.
`models/language.bin` holds both, made by training/language_table.py: to work them out takes 0.2 s, to read them 0.01 s.
"""

import re
import sys
import zlib
from array import array
from bisect import bisect_left
from collections.abc import Mapping, Sequence
from hashlib import blake2b
from itertools import chain
from pathlib import Path

WORD = re.compile(r"[^\W\d_]+")

LANE_BITS = 32  # no sum overflows: an entry is below 2**9 in a lane, and a text has below 2**15 n-grams
UNIT = 16.0  # entries of one nat

# The lanes: the languages whose letters others use too, and by their profiles' names. Greek, Hebrew, Thai and the
# like are told by their letters alone.
LATIN = tuple(
    WORD.findall("en da nb sv de nl af fr es pt it ca ro pl cs sk sl hr sq hu fi et lv lt tr id vi cy so sw tl")
)
CYRILLIC = ("ru", "uk", "bg", "mk")
ARABIC, DEVANAGARI = ("ar", "fa", "ur"), ("hi", "mr", "ne")
TRANSLITERATED = {"ru-Latn": "ru", "uk-Latn": "uk"}  # written in Latin letters
LANES = (*LATIN, *TRANSLITERATED, *CYRILLIC, *ARABIC, *DEVANAGARI)
FREQUENT = ("en", "da", "de", "fr", "ru", "es", "it", "nl", "sv", "nb", "pl", "pt", "fi", "uk", "cs")
LISTED = (*LATIN[: LATIN.index("cy")], *CYRILLIC)  # with a file of words

ENTRY_OCTETS = LANE_BITS // 8 * len(LANES)
MODEL = Path(__file__).parent.parent / "models" / "language.bin"
MOST_KNOWN = 16_384  # texts a table remembers: nearly all n-grams that a mailbox in twelve languages has

Entries = Mapping[str, int]  # n-gram or word -> its entry


class Table(dict[str, int]):
    """
    n-gram or word -> its entry, 0 for a text without one; a text is looked up when it is first asked for.

    What is not asked for stays packed: unpacked, both tables would take 11 MB.
    """

    def __init__(self, fingerprints: "array[int]", numbers: "array[int]", entries: bytes) -> None:
        super().__init__()
        self._fingerprints, self._numbers, self._entries = fingerprints, numbers, entries
        self._known: dict[int, int] = {}  # number -> its entry, which many texts share

    def __missing__(self, text: str) -> int:
        if len(self) >= MOST_KNOWN:
            self.clear()
            self._known.clear()
        found = self[text] = self._look_up(_fingerprint(text))
        return found

    def _look_up(self, wanted: int) -> int:
        place = bisect_left(self._fingerprints, wanted)
        if place == len(self._fingerprints) or self._fingerprints[place] != wanted:
            return 0
        number = self._numbers[place]
        if number not in self._known:
            start = number * len(LANES)
            self._known[number] = _spread(self._entries[start : start + len(LANES)])
        return self._known[number]


def pack(tables: Sequence[Entries]) -> bytes:
    """
    Return *tables* as `unpack_tables` reads them, compressed.

    Sections, each after its length in octets (4, little-endian): the different entries, in all tables together, an
    octet a lane; then for each table the fingerprints of its texts (8 octets each, ascending) and the numbers of their
    entries (2 octets each). Raises ValueError where an entry or two fingerprints do not fit.
    """
    numbers = {entry: number for number, entry in enumerate(dict.fromkeys(chain(*(one.values() for one in tables))))}
    narrow = [entry.to_bytes(ENTRY_OCTETS, "little")[:: LANE_BITS // 8] for entry in numbers]
    if list(map(_spread, narrow)) != list(numbers):
        raise ValueError("an entry is above 255 in a lane")
    sections = [b"".join(narrow)]
    for one in tables:
        placed = {_fingerprint(text): numbers[entry] for text, entry in one.items()}
        if len(placed) != len(one):
            raise ValueError("two texts have the same fingerprint")
        sections.append(_little(array("Q", sorted(placed))).tobytes())
        sections.append(_little(array("H", map(placed.__getitem__, sorted(placed)))).tobytes())
    return zlib.compress(b"".join(len(part).to_bytes(4, "little") + part for part in sections), 9)


def unpack_tables(packed: bytes) -> list[Table]:
    """Return the tables that `pack` was given."""
    content = zlib.decompress(packed)
    sections, start = [], 0
    while start < len(content):
        end = start + 4 + int.from_bytes(content[start : start + 4], "little")
        sections.append(content[start + 4 : end])
        start = end
    entries, *rest = sections
    return [
        Table(_little(array("Q", fingerprints)), _little(array("H", numbers)), entries)
        for fingerprints, numbers in zip(rest[::2], rest[1::2], strict=True)
    ]


def _spread(narrow: bytes) -> int:
    """Return the entry whose lanes are the octets of *narrow*."""
    wide = bytearray(ENTRY_OCTETS)
    wide[:: LANE_BITS // 8] = narrow
    return int.from_bytes(wide, "little")


def _fingerprint(text: str) -> int:
    """Return 64 bits that tell *text* from any other."""
    return int.from_bytes(blake2b(text.encode("utf-8", "surrogatepass"), digest_size=8).digest(), "little")


def _little(numbers: "array[int]") -> "array[int]":
    """Return *numbers* with their octets swapped where this machine is big-endian; the file is little-endian."""
    if sys.byteorder == "big":
        numbers.byteswap()
    return numbers
