"""
Twenty-nine functions of hostility in twelve languages, a hostile and a civil case each, in the manner of HateCheck.

The cases lie in `functions/<tag>.toml`. None of them was trained on.
"""

import tomllib
from collections import Counter
from pathlib import Path

import pytest

from mailassist.reading.tone import judge_tone

FUNCTIONS = {
    path.stem: tomllib.loads(path.read_text("utf-8")) for path in sorted(Path(__file__).parent.glob("functions/*.toml"))
}
CASES = [(tag, name, hostile, civil) for tag, cases in FUNCTIONS.items() for name, (hostile, civil) in cases.items()]
SHARE_FOUND = 0.95  # of the hostile cases of all languages together
SHARE_FLAGGED = 0.01  # of the civil ones, which were written to be mistaken
LANGUAGES_THAT_MAY_MISS = 3  # of one function


def test_every_language_has_every_function():
    assert len(FUNCTIONS) == 12
    assert {frozenset(cases) for cases in FUNCTIONS.values()} == {frozenset(FUNCTIONS["en"])}
    assert len(FUNCTIONS["en"]) >= 25


def test_what_only_looks_hostile_is_hardly_ever_flagged():
    flagged = [(tag, name) for tag, name, _, civil in CASES if judge_tone(civil, tag).level == "hostile"]
    assert len(flagged) <= SHARE_FLAGGED * len(CASES), flagged
    assert all(count == 1 for count in Counter(name for _, name in flagged).values()), flagged


def test_what_is_hostile_is_flagged_nearly_always():
    missed = [(tag, name) for tag, name, hostile, _ in CASES if judge_tone(hostile, tag).level != "hostile"]
    assert len(missed) <= (1 - SHARE_FOUND) * len(CASES), missed
    assert all(count <= LANGUAGES_THAT_MAY_MISS for count in Counter(name for _, name in missed).values()), missed


@pytest.mark.parametrize("tag", FUNCTIONS)
@pytest.mark.parametrize("name", ["threat_of_violence", "threat_in_polite_words", "threat_to_property"])
def test_a_threat_is_never_missed_and_named_as_one(tag, name):
    tone = judge_tone(FUNCTIONS[tag][name][0], tag)
    assert (tone.level, tone.kind) == ("hostile", "threat")


@pytest.mark.parametrize("tag", FUNCTIONS)
def test_what_is_hostile_scores_above_its_civil_twin(tag):
    below = [
        name
        for name, (hostile, civil) in FUNCTIONS[tag].items()
        if judge_tone(hostile, tag).score <= judge_tone(civil, tag).score
    ]
    assert below == []
