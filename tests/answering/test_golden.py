"""Whole drafts as they were last read and found good; a change shows in the diff of tests/golden/."""

import pytest

from mailassist.answering.templates import STRATEGIES
from tests.golden.regenerate import FOLDER, drafts, mails, tags, text_of


@pytest.mark.parametrize("tag", tags())
def test_the_drafts_are_the_ones_last_read(tag):
    told = "a draft has changed; read it, then run: python -m tests.golden.regenerate"
    assert text_of(tag) == (FOLDER / f"{tag}.txt").read_text("utf-8"), told


@pytest.mark.parametrize("tag", tags())
def test_the_golden_mails_show_every_strategy_and_every_tone(tag):
    rows, _ = mails(tag)
    assert len(rows) == 12
    assert {row["tone"] for row in rows} == {"calm", "upset", "hostile"}
    assert {made.strategy.name for _, made in drafts(tag)} == set(STRATEGIES)


@pytest.mark.parametrize("tag", tags())
def test_no_golden_draft_needs_a_remark_but_for_a_person_s_eye(tag):
    assert [
        one for _, made in drafts(tag) for one in made.remarks if not one.startswith(("a threat", "a legal", "a data"))
    ] == []
