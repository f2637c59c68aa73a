"""The tables that language detection reads are those the profiles and the word lists make."""

from mailassist.reading.language.table import LANES, MODEL, pack, unpack_tables
from training.language_table import tables


def test_the_tables_in_the_package_are_those_the_profiles_and_word_lists_make_today() -> None:
    made = unpack_tables(MODEL.read_bytes())
    assert made == list(tables()), "run: python training/language_table.py"


def test_what_was_packed_is_unpacked() -> None:
    top = (1 << 32 * len(LANES)) - 1
    several = ({"a": 1, " æ": top}, {"ы": 1, "b": 0}, {"once": 7})
    assert unpack_tables(pack(several)) == list(several)
