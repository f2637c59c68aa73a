"""The tables that language detection reads are those the profiles and the word lists make."""

import pytest

from mailassist.reading.language.table import LANE_BITS, LANES, MODEL, MOST_KNOWN, pack, unpack_tables
from training.language_table import tables


def test_the_tables_in_the_package_are_those_the_profiles_and_word_lists_make_today() -> None:
    made = unpack_tables(MODEL.read_bytes())
    for packed, table in zip(made, tables(), strict=True):
        found = {text: packed[text] for text in table}
        assert found == dict(table), "run: python training/language_table.py"


def test_what_was_packed_is_unpacked() -> None:
    top = sum(255 << LANE_BITS * lane for lane in range(len(LANES)))
    several = ({"a": 1, " æ": top}, {"ы": 1, "b": 0}, {"once": 7})
    for packed, table in zip(unpack_tables(pack(several)), several, strict=True):
        assert {text: packed[text] for text in (*table, "never")} == {**table, "never": 0}


def test_an_entry_too_large_for_its_lane_is_not_packed() -> None:
    with pytest.raises(ValueError, match="above 255"):
        pack([{"a": 256}])


def test_a_table_remembers_no_more_than_it_may() -> None:
    (table,) = unpack_tables(pack([{"1": 1}]))
    assert [table[str(number)] for number in range(2 * MOST_KNOWN)].count(1) == 1
    assert len(table) <= MOST_KNOWN
