import pytest

from mailassist.answering.desk import Desk
from mailassist.answering.naming import figure, numbered, sole_amount, topic
from mailassist.values import Number, Particulars
from tests.answering.readings import message, reading

ENGLISH = Desk().set_for("en").locale


@pytest.mark.parametrize(
    ("tag", "sentence", "quoted"),
    [
        pytest.param("ru", "Я жду.", "«Я жду».", id="behind the mark"),
        pytest.param("ru", "Когда?", "«Когда?»", id="a question mark stays within"),
        pytest.param("ru", "Я жду...", "«Я жду...»", id="so do three dots"),
        pytest.param("ru", "Рассада", "«Рассада»", id="none"),
        pytest.param("en", "I am waiting.", "“I am waiting.”", id="within, where the language has it so"),
        pytest.param("en", "Hut « Edelweiss »", "“Hut ‘Edelweiss’”", id="inner marks lose their spaces"),
        pytest.param("en", "Et alors ?", "“Et alors\u00a0?”", id="a French space does not break"),
    ],
)
def test_the_full_stop_of_a_quotation_stands_where_the_language_puts_it(tag, sentence, quoted):
    assert Desk().set_for(tag).locale.quoted(sentence) == quoted


@pytest.mark.parametrize(
    ("particulars", "shown"),
    [
        pytest.param(Particulars(numbered=(Number("order", "30-55817"),)), ["order 30-55817"], id="an order"),
        pytest.param(Particulars(numbered=(Number("other", "GH7720"),)), ["no. GH7720"], id="nobody knows of what"),
        pytest.param(Particulars(numbers=("GH7720",)), ["no. GH7720"], id="only the number"),
        pytest.param(
            Particulars(numbered=(Number("invoice", "1188"), Number("invoice", "1203"), Number("other", "5"))),
            ["invoice 1188", "invoice 1203"],
            id="the first two",
        ),
        pytest.param(Particulars(), [], id="none"),
    ],
)
def test_a_number_is_shown_with_what_it_numbers(particulars, shown):
    assert numbered(particulars, ENGLISH) == shown


@pytest.mark.parametrize(
    ("subject", "how", "said_back"),
    [
        pytest.param("Re: AW: Dead pixel", {}, "Dead pixel", id="without its prefixes"),
        pytest.param("[Ticket 30177] Printer not found", {}, "Printer not found", id="without the ticket"),
        pytest.param("20 PERCENT??????", {}, "", id="shouted"),
        pytest.param("squeaky", {}, "", id="a word that names nothing"),
        pytest.param("wrong door AGAIN", {}, "", id="a word shouted"),
        pytest.param("You stupid cow", {"tone": "hostile"}, "", id="an insult"),
        pytest.param("Where is my money, you thieves", {"tone": "hostile"}, "", id="abuse beside the matter"),
        pytest.param("Side gate", {"tone": "hostile", "things": ("gate",)}, "Side gate", id="a thing, hostile"),
        pytest.param("Scrap metal", {"tone": "hostile"}, "", id="no thing of a hostile mail, but a verdict on it"),
        pytest.param("My late husband", {"intents": ("hardship",)}, "", id="not in a hard situation"),
        pytest.param("", {"things": ("kettle",)}, "", id="no thing in place of a subject"),
    ],
)
def test_the_subject_is_said_back_where_it_names_the_matter(subject, how, said_back):
    assert topic(reading(octets=message("It leaks.", subject), **how), ENGLISH) == said_back


@pytest.mark.parametrize(
    ("tag", "written", "shown"),
    [
        pytest.param("da", "2. OKTOBER", "2. oktober", id="a shouted month"),
        pytest.param("de", "2. OKTOBER", "2. Oktober", id="with the capital it has"),
        pytest.param("fr", "700 EUROS", "700 euros", id="a shouted unit"),
        pytest.param("en", "700 EUR", "700 EUR", id="a code"),
        pytest.param("da", "18.995 KR", "18.995 kr.", id="a unit with its dot"),
        pytest.param("ru", "3900 rubley", "3900 рублей", id="a unit in other letters"),
        pytest.param("en", "£180", "£180", id="a sign"),
    ],
)
def test_a_figure_stands_as_the_language_writes_it(tag, written, shown):
    assert figure(written, Desk().set_for(tag).locale) == shown


@pytest.mark.parametrize(("amounts", "named"), [(("£60",), ("£60",)), (("£60", "£45"), ()), ((), ())], ids=str)
def test_of_two_amounts_none_is_said_to_be_the_one_that_is_wanted_back(amounts, named):
    assert sole_amount(Particulars(amounts=amounts)) == named
