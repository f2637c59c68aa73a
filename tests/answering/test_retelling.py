"""A customer's sentence as we say it back; the sentences stand in retelling.toml."""

import tomllib
from pathlib import Path

import pytest

from mailassist.answering.retelling import retold
from mailassist.answering.templates import load_set
from mailassist.shipped import shipped

ROWS = tomllib.loads(Path(__file__).with_name("retelling.toml").read_text("utf-8"))


def locale(tag):
    found = load_set(tag, (shipped("templates"),))
    assert found
    return found.locale


def rows(kind):
    """Return the rows of *kind*, each with its language and, by its id, what it is about."""
    return [
        pytest.param(tag, *([row] if isinstance(row, str) else row), id=f"{tag}-{about}")
        for tag, told in ROWS[kind].items()
        for about, row in told.items()
    ]


@pytest.mark.parametrize(("tag", "sentence", "said"), rows("did"))
def test_what_they_did_or_want_is_said_of_them(tag, sentence, said):
    found = retold(sentence, locale(tag))
    assert found
    assert found.text == said
    assert found.own


@pytest.mark.parametrize(("tag", "sentence", "said"), rows("told"))
def test_what_they_say_of_us_or_of_a_thing_is_told(tag, sentence, said):
    found = retold(sentence, locale(tag))
    assert found
    assert found.text == said
    assert not found.own


@pytest.mark.parametrize(("tag", "sentence"), rows("unclear"))
def test_what_is_not_clear_stays_a_quotation(tag, sentence):
    assert retold(sentence, locale(tag)) is None


def test_without_rules_nothing_is_retold():
    bare = locale("en")
    raw = {key: value for key, value in bare.raw.items() if key != "retelling"}
    assert retold("I bought it in May.", type(bare)(bare.tag, raw, bare.triggers, bare.variants)) is None
