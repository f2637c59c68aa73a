"""The matter said back in sentences of ours: what exactly it is, whose thing, which day, and each of them once."""

import pytest

from mailassist.answering.desk import Desk
from mailassist.values import Dated, Number, Thing
from tests.answering.readings import draft, own_words, reading

ORDER = (Number("order", "30-55817"),)
KETTLE = (Thing("kettle", "the kettle"),)


def said(**how):
    return own_words(draft(reading(**how), Desk(quote=False)))


def test_a_matter_is_said_exactly_with_its_thing_and_number():
    text = said(
        intents=("defective",), tone="upset", aspects=("leaks",), named=KETTLE, things=("kettle",), numbered=ORDER
    )
    assert "There is a leak in your kettle (order 30-55817)." in text
    assert text.count("kettle") == text.count("30-55817") == 1


def test_what_is_denied_by_nobody_but_not_read_is_not_said():
    assert "leak" not in said(intents=("defective",), body="The gate is broken.")


def test_two_circumstances_are_said_the_reference_once():
    text = said(intents=("billing_dispute",), aspects=("charged_twice", "not_deducted"), numbered=ORDER)
    assert "more than once" in text
    assert "taken off your bill" in text
    assert text.count("30-55817") == 1


def test_of_circumstances_that_are_kin_one_is_said():
    text = said(intents=("no_response",), tone="upset", aspects=("written_often", "no_reply"))
    assert "more than once" in text
    assert "nobody has answered" not in text


def test_what_holds_of_any_matter_is_said_behind_it_but_never_of_a_wish():
    again = "it is not the first time"
    assert again in said(intents=("defective",), tone="upset", aspects=("leaks", "again"))
    assert again not in said(intents=("cancellation",), tone="upset", aspects=("again",))


@pytest.mark.parametrize(
    ("dated", "words"),
    [
        pytest.param(("ordered", "3 June"), "You ordered your kettle on 3 June", id="ordered"),
        pytest.param(("promised", "9 June"), "You were promised your kettle for 9 June", id="promised"),
    ],
)
def test_a_date_is_said_with_what_happened_then(dated, words):
    how = {"intents": ("late_delivery",), "tone": "upset", "named": KETTLE, "things": ("kettle",)}
    assert words in said(dated=(Dated(*dated),), dates=(dated[1],), **how)


def test_a_sentence_of_theirs_is_not_said_where_ours_says_it_all():
    body = "The kettle of order 30-55817 leaks at the base."
    how = {"intents": ("defective",), "tone": "upset", "numbered": ORDER, "named": KETTLE, "things": ("kettle",)}
    told = "You write that the kettle of order 30-55817 leaks at the base."
    assert told not in said(body=body, aspects=("leaks",), **how)
    assert told in said(body=body, **how)


def test_a_further_matter_that_is_said_exactly_is_answered_however_unlikely():
    how = {"intents": ("not_as_expected", "refund_request"), "likely": {"not_as_expected": 0.8, "refund_request": 0.1}}
    assert "money" in said(aspects=("refund",), **how)
    assert "money" not in said(**how)


def test_who_gets_a_bill_of_somebody_else_reads_what_it_is_about():
    text = said(intents=("misdirected",), tone="hostile", aspects=("others_bill",), numbered=(Number("invoice", "99"),))
    assert "an invoice or a reminder from us (invoice 99) that is not meant for you" in text


def test_nothing_of_a_threat_stands_in_brackets_but_its_numbers():
    text = said(
        intents=("refund_request",), tone="hostile", kind="threat", attention=("threat",), things=("door",),
        amounts=("£40",), numbered=ORDER,
    )  # fmt: skip
    assert "(order 30-55817)" in text
    assert "door" not in text
    assert "40" not in text
