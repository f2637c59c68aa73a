from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from mailassist.answering.desk import Desk, answer, draws_boundary, holds_boundary, respond
from mailassist.errors import MessageError, TemplateError
from mailassist.values import Draft, Skipped
from tests.answering.readings import draft, message, reading


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.binary(max_size=400), st.text(max_size=200))
def test_no_octets_make_answer_raise_anything_but_a_message_error(junk, text):
    for octets in (junk, message() + junk, message(text.encode("utf-8", "replace").decode())):
        with suppress(MessageError):
            assert isinstance(answer(octets, Desk(fallback=True)), Draft | Skipped)


def test_the_same_message_gets_the_same_octets():
    assert answer(message()).octets == answer(message()).octets


def test_a_language_without_a_set_gets_no_draft():
    outcome = respond(reading(language="xx"), Desk())
    assert isinstance(outcome, Skipped)
    assert "mailassist templates new xx" in outcome.reason


def test_a_language_without_a_set_is_answered_in_the_default_one_where_the_owner_says_so():
    assert isinstance(respond(reading(language="xx"), Desk(fallback=True)), Draft)
    assert isinstance(respond(reading(language="und"), Desk(fallback=True)), Draft)


def test_an_undetermined_language_gets_no_draft():
    outcome = respond(reading(language="und"), Desk())
    assert isinstance(outcome, Skipped)
    assert "could not be determined" in outcome.reason


@pytest.mark.parametrize(
    ("unwanted", "how"),
    [
        pytest.param("praise_thanks", {"intents": ("praise_thanks",)}, id="an intent"),
        pytest.param("threat", {"tone": "hostile", "kind": "threat"}, id="a kind"),
        pytest.param("legal", {"attention": ("legal",)}, id="what a person must look at"),
    ],
)
def test_what_the_owner_wants_no_draft_for_gets_none_but_on_their_word(unwanted, how):
    desk = Desk(no_draft=(unwanted,))
    outcome = respond(reading(**how), desk)
    assert isinstance(outcome, Skipped)
    assert unwanted in outcome.reason
    assert isinstance(respond(reading(**how), desk, strategy="answer"), Draft)


def test_a_strategy_there_is_none_of_is_an_error_that_names_them():
    with pytest.raises(TemplateError, match="use one of thank"):
        draft(reading(), strategy="shout")


def test_an_address_that_cannot_be_written_gets_no_draft():
    octets = message().replace(b"neil@example.org", "jösé@example.org".encode())
    outcome = respond(reading(octets=octets), Desk())
    assert isinstance(outcome, Skipped)


def test_a_person_s_choice_of_strategy_makes_another_draft():
    assert draft(reading(), strategy="thank").message_id != draft(reading()).message_id


def test_quoting_can_be_left_out():
    assert "\n> " in draft(reading()).body
    assert "\n> " not in draft(reading(), Desk(quote=False)).body


def test_a_written_boundary_is_recognised_and_an_ordinary_mail_is_not_one():
    templates = Desk().set_for("en")
    assert holds_boundary("> I would like our messages to\n> stay free of insults.", templates)
    assert not holds_boundary("Your kettle is on its way.", templates)


def test_the_answering_room_reads_template_sets_from_where_the_owner_keeps_them(tmp_path: Path):
    assert Desk(roots=(tmp_path,)).tags() == ()


@pytest.mark.parametrize(
    ("body", "drawn"),
    [
        pytest.param("I ask that we leave the insults out. I will write again at five.", True, id="a boundary"),
        pytest.param("It comes on Tuesday.", False, id="none"),
        pytest.param("It comes on Tuesday.\n\nOn Monday, Kim wrote:\n> leave the insults out\n", False, id="quoted"),
    ],
)
def test_a_boundary_in_a_sent_mail_is_known_by_its_words(body, drawn):
    assert draws_boundary(message(body), "en", Desk()) == drawn


def test_a_language_without_a_set_has_no_boundary_to_know():
    assert not draws_boundary(message("Leave the insults out."), "fi", Desk())
