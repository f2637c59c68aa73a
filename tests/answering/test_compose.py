"""Whole drafts: what they say whatever is known of the mail, the customer and the business."""

import itertools
import re
import shutil
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from mailassist.answering.desk import Desk
from mailassist.answering.facts import Facts, check_facts
from mailassist.answering.playbook import INTENTS
from mailassist.answering.templates import STRATEGIES
from mailassist.answering.wording import MOST_GAPS, gaps_of, most_words, words_of
from mailassist.shipped import shipped
from mailassist.values import Contact, History, Number
from tests.answering.readings import draft, message, own_words, reading

TAGS = Desk().tags()
FACTS = Facts(
    {
        "name": "Workshop North",
        "opening_hours": {"en": "Monday to Friday, 9 to 17", "default": "9-17"},
        "delivery_days": "Tuesday and Friday",
        "response_time": "24h",
        "pause": "1h",
        "deposit": "20 % with the order",
        "phone": "+44 1632 960000",
        "signature": "Kim Lund\nWorkshop North",
    }
)
TONES = [("calm", None), ("upset", None), ("hostile", "insult"), ("hostile", "threat"), ("hostile", "shouting")]
PARTICULARS = {
    "numbers": ("30-55817",), "dates": ("3 April", "Saturday"), "amounts": ("£180",), "things": ("the blue kettle",),
    "questions": ("When will it come?",), "sender_name": "Amara Nwosu",
}  # fmt: skip
KNOWN = [({}, Facts()), (PARTICULARS, Facts()), (PARTICULARS, FACTS)]


@pytest.mark.parametrize("tag", TAGS)
@pytest.mark.parametrize("strategy", STRATEGIES)
def test_every_draft_is_whole_whatever_is_known(tag, strategy):
    for intent, (tone, kind), (known, facts) in itertools.product(INTENTS, TONES, KNOWN):
        attention = ("threat",) if kind == "threat" else ()
        how = reading(
            tone=tone, kind=kind, intents=(intent, "no_response"), language=tag, attention=attention, **known
        )  # fmt: skip
        made = draft(how, Desk(quote=False, facts=facts), strategy=strategy)
        text, where = made.body, (tag, strategy, intent, tone, kind, bool(known), bool(facts.raw))
        assert words_of(text) <= most_words(strategy), (where, words_of(text), text)
        assert len(made.gaps) <= MOST_GAPS, (where, made.gaps)
        assert made.gaps == gaps_of(text)
        assert not [one for one in made.remarks if "left over" in one or "makes it worse" in one], (where, made.remarks)
        assert not re.search(r"  |\n\n\n|(?<!\.)\.\.(?!\.)|[{}]|hostile", text), (where, text)
        assert strategy == "thank" or intent == "praise_thanks" or "!" not in text.partition("\n")[2], (where, text)


@pytest.mark.parametrize("tag", TAGS)
def test_without_facts_nothing_is_stated_that_a_fact_would_say(tag):
    made = draft(reading("Where is it?", language=tag, intents=("late_delivery",), tone="upset"), Desk(quote=False))
    assert made.gaps
    assert not any(c.isdigit() for c in made.body)


def test_facts_are_stated_in_the_draft_language_and_close_the_gaps():
    made = draft(reading(intents=("late_delivery",), tone="upset"), Desk(facts=FACTS))
    assert "within 24 hours" in made.body
    assert "Kim Lund\nWorkshop North" in made.body
    assert made.gaps == ()
    assert made.remarks == ()


@pytest.mark.parametrize("tag", TAGS)
@pytest.mark.parametrize("time", ["23h", "90m", "6d", "3w"])
def test_any_duration_is_worded_in_every_set(tag, time):
    known = Facts({"response_time": time, "pause": time}).in_language(Desk().set_for(tag).locale)
    assert all(re.search(rf"\b{time[:-1]}\b", words) and len(words.split()) > 1 for words in known.values())
    assert set(known) == {"response_time", "pause"}


def test_a_duration_that_the_set_has_no_words_for_stays_a_gap(tmp_path):
    shutil.copytree(shipped("templates") / "en", tmp_path / "fi")
    text = (tmp_path / "fi" / "set.toml").read_text("utf-8")
    (tmp_path / "fi" / "set.toml").write_text(text.replace('"#h"', '"#x"'), "utf-8")
    desk = Desk(roots=(tmp_path,), facts=Facts({"response_time": "77h"}))
    assert "day and time" in draft(reading(intents=("late_delivery",), language="fi"), desk).gaps


def test_a_fact_that_is_not_known_in_the_language_stays_a_gap():
    made = draft(reading(intents=("late_delivery",)), Desk(facts=Facts({"response_time": {"de": "24h"}})))
    assert "day and time" in made.gaps


@pytest.mark.parametrize(
    ("raw", "said"),
    [
        pytest.param({"hours": "9-17"}, "no such fact", id="unknown"),
        pytest.param({"phone": 5}, "write a text", id="no text"),
        pytest.param({"phone": {"en": 5}}, "write a text", id="no texts"),
        pytest.param({"response_time": "24"}, "'24' is no duration; write 30m, 24h", id="a number without its unit"),
        pytest.param({"pause": {"de": "0h"}}, "no duration", id="no time at all"),
        pytest.param({"response_time": "24x"}, "no duration", id="an unknown unit"),
    ],
)
def test_a_fact_that_cannot_be_used_is_told(raw, said):
    (problem,) = check_facts(raw)
    assert said in problem


def test_a_draft_names_the_number_and_the_second_matter():
    made = draft(
        reading(
            "Where is order 30-55817?",
            intents=("late_delivery", "billing_dispute"),
            numbered=(Number("order", "30-55817"),),
        )
    )
    assert "order 30-55817" in own_words(made)
    assert "charge" in own_words(made)


def test_a_draft_leans_on_the_customers_words_where_the_matter_may_be_misread():
    said, intents = "The gate you fitted will not close. Could somebody look at it on Monday?", ("late_delivery",)
    sure, unsure = (
        own_words(draft(reading(said, intents=intents, tone="upset", likely={"late_delivery": likely})))
        for likely in (0.9, 0.2)
    )
    assert "delivery" in sure
    assert "delivery" not in unsure
    assert "Could somebody look at it on Monday?" in unsure


def test_calm_mail_gets_no_feeling_and_upset_mail_gets_it_once():
    calm, upset = (own_words(draft(reading(intents=("late_delivery",), tone=tone))) for tone in ("calm", "upset"))
    assert "I can see" not in calm
    assert upset.count("I can see") == 1


def test_a_threat_calls_for_a_person_first():
    made = draft(reading(tone="hostile", kind="threat", attention=("threat",), intents=("refund_request",)))
    assert any("person in charge" in gap for gap in made.gaps)
    assert any("before anything is sent" in remark for remark in made.remarks)


def test_what_may_be_a_threat_is_answered_by_a_person_without_being_called_one():
    made = draft(reading(tone="upset", attention=("threat",), intents=("refund_request",)))
    assert any("person in charge" in gap for gap in made.gaps)
    assert "safe" not in own_words(made)
    assert any("before anything is sent" in remark for remark in made.remarks)


def test_a_number_that_the_customers_sentence_holds_is_not_said_twice():
    said = "I would like order 30-55817 to come on Monday."
    made = draft(reading(said, tone="upset", intents=("late_delivery",), numbered=(Number("order", "30-55817"),)))
    assert own_words(made).count("30-55817") == 1


def test_a_threat_gets_no_answer_to_its_second_matter():
    how = {"tone": "hostile", "kind": "threat", "intents": ("refund_request", "billing_dispute")}
    threat, insult = (own_words(draft(reading(attention=one, **how))) for one in (("threat",), ()))
    assert re.search("the charge|charged", insult)
    assert not re.search("the charge|charged", threat)


def test_nothing_of_a_hostile_mail_is_said_back():
    made = draft(
        reading("You idiots lost it. Where is it, you fools?", tone="hostile", questions=("Where is it, you fools?",))
    )
    assert "idiots" not in own_words(made)
    assert "fools" not in own_words(made)


def test_an_earlier_boundary_is_cited_with_its_date():
    before = Contact(datetime(2025, 3, 2, tzinfo=UTC), "hostile", ("other",), timedelta(days=1), boundary_sent=True)
    made = draft(reading(tone="hostile", intents=("other",)), history=History((before,)))
    assert made.strategy.name == "firm_boundary"
    assert "On 3 March 2025 I asked" in made.body
    assert made.remarks == ()


def test_a_boundary_in_the_quoted_mail_counts_as_one():
    body = "You don't get to pause me, jobsworth.\n\nOn Monday, Sarah wrote:\n> I ask that we leave the insults out.\n"
    made = draft(reading(octets=message(body), tone="hostile", intents=("other",)))
    assert made.strategy.name == "firm_boundary"


def test_a_retry_writes_the_same_and_another_mail_is_worded_anew():
    def body(n):
        return draft(
            reading(octets=message(f"Where is it? {n}"), intents=("late_delivery",), tone="upset"), Desk(quote=False)
        )

    assert body(1).octets == body(1).octets
    assert len({body(n).body for n in range(30)}) > 10


@pytest.mark.parametrize("strategy", ["offboard_direct", "offboard_vague"])
def test_a_farewell_names_what_is_still_owed_and_blames_nobody(strategy):
    made = draft(reading(tone="hostile", intents=("other",)), strategy=strategy)
    assert "open orders, work and payments" in made.gaps
    assert "last day" in made.gaps
    assert "a person asked for it" in made.because


HARM = "{{ 7 * 7 }} {% for x in y %} <script>alert(1)</script> [[gap]] \u202etxt"


@pytest.mark.parametrize(
    "how",
    [
        pytest.param({"sender_name": HARM}, id="name"),
        pytest.param({"numbered": (Number("other", HARM),)}, id="number"),
        pytest.param({"things": (HARM,)}, id="thing"),
        pytest.param({"dates": (HARM,), "amounts": (HARM,)}, id="figures"),
        pytest.param({"octets": message(f"What is {HARM}?", subject=HARM)}, id="subject and body"),
        pytest.param({"octets": message(sender=f'"{HARM}" <a@example.org>')}, id="From name"),
    ],
)
def test_what_looks_like_code_or_a_gap_comes_out_as_plain_text(how):
    made = draft(reading(intents=("billing_dispute",), **how), Desk(quote=False))
    assert "49" not in made.body
    assert "gap" not in made.gaps
    assert "\u202e" not in made.body
    assert len(made.gaps) <= MOST_GAPS


@pytest.mark.parametrize(
    ("said", "you"),
    [
        pytest.param("Må jeg spørge, om De har set på den?\n\nHanne Bak", "De", id="De"),
        pytest.param("Har du set på den?\n\nHilsen Lise og Abdi", "I", id="two who sign together"),
        pytest.param("De lovede den i går. Har du set på den?\n\nHanne", "du", id="they, not you"),
    ],
)
@pytest.mark.parametrize("strategy", STRATEGIES)
def test_danish_keeps_one_form_of_address(strategy, said, you):
    forms = {"du": "du|dig|din|dit|dine", "De": "De(?! bedste)|Dem|Deres", "I": "I|jer|jeres"}
    others = "|".join(words for form, words in forms.items() if form != you)
    for intent, tone in itertools.product(INTENTS, ("calm", "upset", "hostile")):
        how = reading(said, tone=tone, intents=(intent,), language="da")
        text = re.sub(r"»[^«]*«|\[\[.*?\]\]", "", draft(how, Desk(quote=False), strategy=strategy).body)
        assert not re.findall(rf"\b(?:{others})\b", text), (intent, tone, text)


@pytest.mark.parametrize(
    ("evidence", "words"),
    [
        pytest.param("damage: I will smash your windows", "while there are threats", id="a threat as a whole"),
        pytest.param("threat in parts: your van … burn", "can be read as a threat", id="put together from parts"),
    ],
)
def test_nobody_is_accused_of_what_may_be_no_threat(evidence, words):
    read = reading(tone="hostile", kind="threat", attention=("threat",))
    assert words in own_words(draft(replace(read, tone=replace(read.tone, evidence=(evidence,)))))
