"""
How much each n-gram and each word speaks for each language: the numbers behind language detection.

The n-grams are those of langdetect's profiles, summed exactly instead of sampled; the words stand in `words/language/`.
An entry is one integer with LANE_BITS bits for each language, so that one addition adds the evidence for all of them.
`models/language.bin` holds both, made by training/language_table.py: to work them out takes 0.2 s, to read them 0.03 s.
"""

import re
import sys
import zlib
from array import array
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

Entries = dict[str, int]  # n-gram or word -> its entry


def pack(tables: tuple[Entries, ...]) -> bytes:
    """
    Return *tables* as `unpack_tables` reads them, compressed.

    Four sections, each after its length in octets (4, little-endian): the different entries, in all tables together;
    then for each table its keys (UTF-8, a line each) and the numbers of their entries (2 octets each).
    """
    numbers = {entry: number for number, entry in enumerate(dict.fromkeys(chain(*(one.values() for one in tables))))}
    sections = [b"".join(entry.to_bytes(ENTRY_OCTETS, "little") for entry in numbers)]
    for one in tables:
        sections += ["\n".join(one).encode(), _little(array("H", map(numbers.__getitem__, one.values()))).tobytes()]
    return zlib.compress(b"".join(len(part).to_bytes(4, "little") + part for part in sections), 9)


def unpack_tables(packed: bytes) -> list[Entries]:
    """Return the tables that `pack` was given; equal entries are one object, in all of them."""
    content = zlib.decompress(packed)
    sections, start = [], 0
    while start < len(content):
        end = start + 4 + int.from_bytes(content[start : start + 4], "little")
        sections.append(content[start + 4 : end])
        start = end
    values = sections[0]
    entries = [int.from_bytes(values[at : at + ENTRY_OCTETS], "little") for at in range(0, len(values), ENTRY_OCTETS)]
    return [
        dict(zip(keys.decode().split("\n"), map(entries.__getitem__, _little(array("H", numbers))), strict=True))
        for keys, numbers in zip(sections[1::2], sections[2::2], strict=True)
    ]


def _little(numbers: "array[int]") -> "array[int]":
    """Return *numbers* with their octets swapped where this machine is big-endian; the file is little-endian."""
    if sys.byteorder == "big":
        numbers.byteswap()
    return numbers
