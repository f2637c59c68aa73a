"""What a message wants, with the customer's own words."""

import pytest

from mailassist.reading.cues import CueTable
from mailassist.reading.intent import (
    AS_TOLD,
    OF_A_QUESTION,
    OF_THE_SUBJECT,
    find_intents,
    in_order,
    languages,
    with_told,
)
from mailassist.reading.intent_model import load_model
from mailassist.reading.tables import table
from mailassist.reading.together import pairs
from mailassist.values import Intent

PLAYBOOK = {
    "late_delivery", "wrong_item", "defective", "not_as_expected", "no_response", "billing_dispute", "refund_request",
    "cancellation", "out_of_scope", "terms_dispute", "unreasonable_demand", "hardship", "question", "status_request",
    "technical_help", "praise_thanks", "misdirected", "other",
}  # fmt: skip


@pytest.mark.parametrize(
    ("said", "language", "intent"),
    [
        pytest.param("Please cancel my subscription at the end of the month.", "en", "cancellation", id="en cancel"),
        pytest.param("I was charged twice for invoice 4471.", "en", "billing_dispute", id="en charged twice"),
        pytest.param("The pump is broken again and leaks.", "en", "defective", id="en broken"),
        pytest.param("Ich kündige meinen Vertrag zum 31. März.", "de", "cancellation", id="de cancel"),
        pytest.param("Die Maschine ist schon wieder kaputt.", "de", "defective", id="de broken"),
        pytest.param("Vielen Dank für die wunderbare Torte!", "de", "praise_thanks", id="de praise"),
        pytest.param("I har trukket beløbet to gange på faktura 1188.", "da", "billing_dispute", id="da charged twice"),
        pytest.param("Jeg vil gerne opsige mit abonnement.", "da", "cancellation", id="da cancel"),
        pytest.param("Je souhaite résilier mon abonnement.", "fr", "cancellation", id="fr cancel"),
        pytest.param("Mot de passe refusé, message d'erreur.", "fr", "technical_help", id="fr password"),
        pytest.param("Верните мне деньги за возвращённый товар.", "ru", "refund_request", id="ru refund"),
        pytest.param("Прошу отменить подписку.", "ru", "cancellation", id="ru cancel"),
        pytest.param("La lavadora no funciona, gotea.", "es", "defective", id="es broken"),
        pytest.param("Vorrei disdire l'abbonamento.", "it", "cancellation", id="it cancel"),
        pytest.param("Er is twee keer afgeschreven voor deze factuur.", "nl", "billing_dispute", id="nl charged twice"),
        pytest.param("Jag har mejlat fyra gånger och ingen svarar.", "sv", "no_response", id="sv no answer"),
        pytest.param("Pakken har ikke kommet, jeg har ventet i tre uker.", "nb", "late_delivery", id="nb late"),
        pytest.param("Dostałam zły rozmiar zamiast zamówionego.", "pl", "wrong_item", id="pl wrong"),
        pytest.param("Muito obrigada pelo bolo maravilhoso!", "pt", "praise_thanks", id="pt praise"),
    ],
)  # fmt: skip
def test_a_plain_matter_is_named_first(said: str, language: str, intent: str) -> None:
    assert find_intents(said, language)[0].name == intent


def test_two_matters_are_both_named() -> None:
    found = find_intents("The heater is broken and leaks again. Please refund me.", "en")
    assert {"refund_request", "defective"} == {intent.name for intent in found[:2]}


def test_evidence_is_in_the_words_of_the_customer() -> None:
    said = "I have been waiting SIX weeks, and nobody answers my mails."
    assert all(phrase in said for intent in find_intents(said, "en") for phrase in intent.evidence)
    assert any(intent.evidence for intent in find_intents(said, "en"))


@pytest.mark.parametrize("said", ["", "\n", "?", "…", "Hm.", "🙂", "\ud800"], ids=repr)
def test_nothing_that_stands_out_is_other(said: str) -> None:
    assert [intent.name for intent in find_intents(said, "en")] == ["other"]


def test_the_subject_may_name_the_matter() -> None:
    said = "I have had enough of this."
    assert find_intents(said, "en", "Cancel my subscription")[0].name == "cancellation"
    assert "Cancel" in find_intents(said, "en", "Cancel my subscription")[0].evidence


@pytest.mark.parametrize("language", ["und", "xx", "", "de-CH", "no"])
def test_any_language_tag_has_an_answer(language: str) -> None:
    assert find_intents("Kündigung", language)


def test_a_regional_tag_is_read_as_its_language() -> None:
    assert find_intents("Ich kündige den Vertrag.", "de-CH") == find_intents("Ich kündige den Vertrag.", "de")


def test_a_long_text_is_read_to_its_limit_and_no_further() -> None:
    assert find_intents("wait " * 100_000 + "cancel my subscription", "en") == find_intents("wait " * 100_000, "en")


@pytest.mark.parametrize("title", ["first", "each"])
def test_the_model_knows_the_intents_of_the_playbook(title: str) -> None:
    assert set(load_model(title).intents) == PLAYBOOK


@pytest.mark.parametrize("language", sorted(languages()))
def test_every_language_has_the_same_names_and_no_phrase_is_empty(language: str) -> None:
    cues = table(f"intent/{language}")
    assert cues.keys() == table("intent/en").keys()
    assert not cues.keys() & table("together")[language].keys()
    assert all(
        phrase.strip() and phrase.rstrip(" …") == phrase.rstrip() for phrases in cues.values() for phrase in phrases
    )
    CueTable(cues, language)


def test_every_weight_is_of_a_cue_or_of_the_form_of_the_text() -> None:
    cues = set(table("intent/en"))
    marked = {OF_THE_SUBJECT + cue for cue in cues} | {OF_A_QUESTION + cue for cue in cues}
    known = cues | marked | set(pairs(cues)) | {"length", "questions", "exclamations", "asks", "asks only"}
    assert known >= set(load_model("first").weights) == set(load_model("each").weights) >= cues


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("en", "The kettle leaks. I want my 30 pounds back."),
        ("de", "Der Kessel ist undicht. Sie haben bis Mittwoch, mir die 1.250 Euro zurückzuzahlen."),
        ("fr", "La bouilloire fuit. Est-il possible de récupérer au moins une partie des 80 € ?"),
        ("nl", "De ketel lekt. Ik wil mijn 30 euro gewoon weer terug."),
        ("sv", "Vattenkokaren läcker. Jag vill ha mina 300 kronor tillbaka."),
    ],
)
def test_money_back_is_wanted_in_any_order_of_words(language: str, said: str) -> None:
    assert "refund_request" in {intent.name for intent in find_intents(said, language)}


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("en", "I have been waiting three weeks for your quote."),
        ("de", "Seit drei Wochen warte ich auf Ihr Angebot."),
        ("fr", "Trois semaines que j'attends mon devis."),
        ("it", "Aspetto da tre settimane il vostro preventivo."),
        ("ru", "Третью неделю жду смету."),
    ],
)
def test_who_waits_for_a_quote_waits_for_an_answer(language: str, said: str) -> None:
    assert find_intents(said, language)[0].name == "no_response"


def test_a_question_that_is_added_is_named_behind_the_complaint() -> None:
    said = "I cannot log in, the app will not pair. Also, can you tell me whether the plate comes in black?"
    assert [intent.name for intent in find_intents(said, "en")] == ["technical_help", "question"]


def test_the_question_when_it_comes_belongs_to_the_delay() -> None:
    said = "I ordered a heater on 3 May and was told it takes a week. It has not arrived. When is it coming?"
    names = [intent.name for intent in find_intents(said, "en")]
    assert names[0] == "late_delivery"
    assert "status_request" not in names


def test_a_name_below_the_text_shows_nothing() -> None:
    shown = find_intents("Можно ли вернуть деньги за занятия?\n\nНадежда Осипова", "ru")
    assert all("Надежда" not in phrase for intent in shown for phrase in intent.evidence)


def test_a_charge_after_the_end_comes_before_the_end() -> None:
    intents = (Intent("cancellation", ("cancelled",), 0.8), Intent("billing_dispute", ("charged",), 0.9))
    assert [one.name for one in in_order(intents, {"charged_after_end"})] == ["billing_dispute", "cancellation"]
    assert in_order(intents, set()) == intents


@pytest.mark.parametrize(
    ("language", "said", "asked"),
    [
        (
            "en",
            "Please cancel my order 4471. By the way, is the oak one still made?",
            "is the oak one still made?",
        ),
        (
            "de",
            "Die Rechnung stimmt nicht. Eine Frage am Rande: Bleibt es beim 3. Dezember?",
            "Bleibt es beim 3. Dezember?",
        ),
        ("ru", "Спасибо огромное, диван как новый! А кресла вы тоже перетягиваете?", "А кресла вы тоже перетягиваете?"),
    ],
)
def test_a_question_by_the_way_is_a_matter_of_its_own(language, said, asked):
    (shown,) = [one.evidence for one in find_intents(said, language) if one.name == "question"]
    assert shown[-1].endswith(asked)


@pytest.mark.parametrize(
    "said",
    [
        pytest.param("Your lads were brilliant, thank you! Would you pass on our thanks?", id="thanks passed on"),
        pytest.param("I cancel my membership. You will end it this month, yes?", id="a word behind a comma"),
    ],
)
def test_what_only_looks_like_a_question_is_none(said):
    assert "question" not in {one.name for one in find_intents(said, "en")}


def test_what_is_told_plainly_is_a_matter_however_unlikely():
    intents = (Intent("defective", (), 0.9), Intent("status_request", (), 0.4))
    assert with_told(intents, {"no_reply": "no answer"}) == (intents[0], Intent("no_response", ("no answer",), AS_TOLD))
    assert with_told(intents, {"leaks": "it drips"}) == intents
