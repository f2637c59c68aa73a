import pytest

from mailassist.answering.desk import Desk
from mailassist.answering.locale import triggers_in
from mailassist.answering.wording import check_templates, gaps_of, remarks_on, words_of
from mailassist.shipped import shipped

TAGS = Desk().tags()
ENGLISH = Desk().set_for("en").locale
FINE = "Hello Neil,\n\n" + "I am checking where the parcel is and will write to you by [[day and time]]. " * 3


@pytest.mark.parametrize("tag", TAGS)
def test_a_shipped_set_has_no_fault_and_no_word_that_makes_it_worse(tag):
    assert [str(fault) for fault in check_templates(Desk().set_for(tag))] == []


@pytest.mark.parametrize("tag", TAGS)
def test_each_trigger_has_a_calmer_alternative(tag):
    triggers = Desk().set_for(tag).locale.triggers
    assert len(triggers) >= 10
    assert all(one.instead for one in triggers)


@pytest.mark.parametrize(
    "said",
    [
        pytest.param("That is our policy.", id="policy"),
        pytest.param("You'll have to wait.", id="have to"),
        pytest.param("Please calm down.", id="calm down"),
        pytest.param("You should have checked.", id="blame"),
        pytest.param("As I already said, it is late.", id="reminder"),
        pytest.param("Sorry 'bout that.", id="careless apology"),
        pytest.param("We apologise for any inconvenience.", id="stock apology"),
        pytest.param("You are a valued customer.", id="stock phrase"),
        pytest.param("Such a tone is unacceptable.", id="reproach"),
        pytest.param("That's not my department.", id="not my department"),
    ],
)
def test_words_that_make_it_worse_are_found(said):
    assert triggers_in(said, ENGLISH)


@pytest.mark.parametrize(
    ("text", "how", "said"),
    [
        pytest.param(FINE, {}, None, id="a good draft"),
        pytest.param(FINE * 6, {}, "words are long", id="long"),
        pytest.param(FINE + "word " * 20, {"strategy": "pause_and_deescalate"}, None, id="a pause within its length"),
        pytest.param(FINE * 3, {"strategy": "pause_and_deescalate"}, "words are long", id="a long pause"),
        pytest.param("Hello,\n\nYes.", {}, "words are short", id="short"),
        pytest.param(FINE + "[[a]] [[b]] [[c]]", {}, "4 gaps", id="gaps"),
        pytest.param(FINE + "Soon!", {}, "exclamation", id="exclamation mark"),
        pytest.param(FINE + "Thank you!", {"strategy": "thank"}, None, id="exclamation mark in thanks"),
        pytest.param(FINE + "{{ name }}", {}, "left over", id="leftover"),
        pytest.param(FINE + "None", {}, "left over", id="None"),
        pytest.param(FINE + "It comes on the 14th.", {}, "'14' stands neither", id="a figure from nowhere"),
        pytest.param(FINE + "You wrote on the 14th.", {"sources": ("on the 14th",)}, None, id="a figure of the mail's"),
        pytest.param(FINE + "I will refund it.", {}, "'I will refund' promises", id="a promise"),
        pytest.param(
            FINE + "It is free of charge.", {"sources": ("Free of charge",)}, None, id="a promise of the facts"
        ),
        pytest.param(FINE + "Unfortunately it is late.", {"tone": "upset"}, "may sting", id="soft, where it stings"),
        pytest.param(FINE + "Unfortunately it is late.", {"tone": "calm"}, None, id="soft, in calm mail"),
        pytest.param(FINE + "You write: “our policy”", {"theirs": ("“our policy”",)}, None, id="their own words"),
    ],
)
def test_a_draft_is_checked_before_it_is_saved(text, how, said):
    usual = {"strategy": "acknowledge_and_fix", "sources": (), "tone": "upset"}
    remarks = remarks_on(text, ENGLISH, **{**usual, **how})
    if said is None:
        assert remarks == ()
    else:
        assert any(said in one for one in remarks), remarks


def test_soft_words_get_one_remark_at_most():
    text = FINE + "Unfortunately we simply, obviously and clearly just cannot."
    assert sum("may sting" in one for one in remarks_on(text, ENGLISH, "answer", (), "upset")) == 1


def test_a_gap_counts_once_and_as_one_word():
    assert gaps_of("[[a b]] and [[c]] and [[a b]]") == ("a b", "c")
    assert words_of("by [[day and time]]") == 2


def test_templates_lie_where_they_are_looked_for():
    assert (shipped("templates") / "en" / "set.toml").is_file()
