import pytest

from mailassist.answering.desk import Desk
from mailassist.answering.locale import locale_of
from mailassist.answering.naming import as_value, greeting, numbered, telling_sentence, topic
from mailassist.values import Number, Particulars
from tests.answering.readings import message, reading

ENGLISH = Desk().set_for("en").locale
SLAVIC = locale_of(
    "ru",
    {
        "greeting": {
            "nobody": "Здравствуйте!",
            "first": "Здравствуйте, {first}!",
            "full": "Здравствуйте, {full}!",
            "patronymic": "Здравствуйте, {first} {patronymic}!",
            "female": "Здравствуйте, {first}!",
            "initials": "Здравствуйте!",
        },
        "names": {
            "patronymic": "[а-яё]+(?:вич|вна|ична|ьич)",
            "surname": "[а-яё]+(?:ов|ин)а?",
            "female": ["Марина"],
            "and": ["и"],
        },
    },
)
GENDERED = locale_of(
    "de",
    {
        "greeting": {
            "nobody": "Guten Tag,",
            "first": "Guten Tag {first},",
            "full": "Guten Tag {full},",
            "titled": "Guten Tag {title} {last},",
            "female": "Guten Tag Frau {last},",
            "male": "Guten Tag Herr {last},",
        },
        "names": {
            "titles": {"frau": "Frau", "dr": "Dr.", "ing": ""},
            "female": ["Katharina"],
            "male": ["Jens"],
            "no_person": ["Kundendienst"],
            "particles": ["von", "zur"],
        },
    },
)
FAMILIAR = locale_of(
    "da",
    {
        "greeting": {"full": "Kære {full}", "female": "Kære {first}", "male": "Kære {first}"},
        "names": {"female": ["Hanne"], "male": ["Poul", "Erik"]},
        "variant": [{"when": ["De "], "replace": {"du": "De"}, "greeting": {"female": "Kære {full}"}}],
    },
)


@pytest.mark.parametrize(
    ("locale", "signed", "from_name", "greeted"),
    [
        pytest.param(ENGLISH, "Neil", "Neil Haddow", "Hello Neil,", id="signed with the first name"),
        pytest.param(ENGLISH, "Amara Nwosu", "", "Dear Amara Nwosu,", id="full name, no gender"),
        pytest.param(ENGLISH, "Mrs P. Onslow", "", "Dear Mrs Onslow,", id="title"),
        pytest.param(ENGLISH, "K. Lindqvist-Moore", "", "Dear K. Lindqvist-Moore,", id="initial"),
        pytest.param(ENGLISH, "", "Holm, Anna", "Dear Anna Holm,", id="From name with the surname first"),
        pytest.param(
            ENGLISH, "Hilary Moffat, Secretary", "", "Dear Hilary Moffat,", id="what follows the comma is a role"
        ),
        pytest.param(ENGLISH, "Grace Adeleke", "Tom Adeleke", "Dear Grace Adeleke,", id="the signature wins"),
        pytest.param(ENGLISH, "Sam and Ruth", "", "Hello Sam and Ruth,", id="two people"),
        pytest.param(ENGLISH, "WALTER PRYCE", "", "Dear Walter Pryce,", id="shouted"),
        pytest.param(ENGLISH, "neil", "", "Hello Neil,", id="written small"),
        pytest.param(ENGLISH, "Gitte R", "", "Hello Gitte,", id="first name and an initial"),
        pytest.param(ENGLISH, "", "NOREPLY", "Hello,", id="noreply"),
        pytest.param(ENGLISH, "", "info", "Hello,", id="a role"),
        pytest.param(ENGLISH, "", "Billing Team", "Hello,", id="a team"),
        pytest.param(ENGLISH, "Acme Ltd", "", "Hello,", id="a company"),
        pytest.param(ENGLISH, "", "anna@example.org", "Hello,", id="an address"),
        pytest.param(ENGLISH, "🙂", "Anna Holm", "Dear Anna Holm,", id="an emoji gives way to the From name"),
        pytest.param(ENGLISH, "{{ 7*7 }}", "", "Hello,", id="template code"),
        pytest.param(ENGLISH, "\u202eliveD", "", "Hello liveD,", id="direction mark"),
        pytest.param(GENDERED, "Katharina Bühler", "", "Guten Tag Frau Bühler,", id="known to be a woman"),
        pytest.param(GENDERED, "Jens Krahmer", "", "Guten Tag Herr Krahmer,", id="known to be a man"),
        pytest.param(GENDERED, "Kim Harms", "", "Guten Tag Kim Harms,", id="gender unknown"),
        pytest.param(
            GENDERED, "Jens-Katharina Krahmer", "", "Guten Tag Herr Krahmer,", id="hyphen: the first part tells"
        ),
        pytest.param(FAMILIAR, "Poul Erik Lassen", "", "Kære Poul Erik", id="two first names"),
        pytest.param(FAMILIAR, "Hanne Bak Lassen", "", "Kære Hanne", id="two surnames"),
        pytest.param(FAMILIAR, "Poul Erik", "", "Kære Poul Erik", id="two first names alone"),
        pytest.param(FAMILIAR, "Gry Lassen", "", "Kære Gry Lassen", id="a first name that is not listed"),
        pytest.param(GENDERED, "Frau Dr. Pohl", "", "Guten Tag Frau Dr. Pohl,", id="two titles"),
        pytest.param(
            GENDERED, "Ing. Leopold Hrdlicka", "", "Guten Tag Leopold Hrdlicka,", id="a title that is dropped"
        ),
        pytest.param(GENDERED, "", "Kundendienst Nord", "Guten Tag,", id="a role in the set's words"),
        pytest.param(GENDERED, "Katharina von Bühl", "", "Guten Tag Frau von Bühl,", id="a surname with a particle"),
        pytest.param(GENDERED, "Frau zur Mühlen", "", "Guten Tag Frau zur Mühlen,", id="title and particle"),
        pytest.param(GENDERED, "von Bühl", "", "Guten Tag,", id="a surname with a particle alone"),
        pytest.param(GENDERED, "Krahmer", "Jens Krahmer", "Guten Tag Herr Krahmer,", id="signed by the surname"),
        pytest.param(GENDERED, "J. Krahmer", "Jens Krahmer", "Guten Tag Herr Krahmer,", id="signed by an initial"),
        pytest.param(GENDERED, "Jens", "Jens Krahmer", "Guten Tag Jens,", id="signed by the first name"),
        pytest.param(GENDERED, "K. Pohl", "Jens Krahmer", "Guten Tag K. Pohl,", id="another's initial"),
        pytest.param(SLAVIC, "Галина Ивановна", "", "Здравствуйте, Галина Ивановна!", id="name and patronymic"),
        pytest.param(SLAVIC, "Иванова Галина Петровна", "", "Здравствуйте, Галина Петровна!", id="surname first"),
        pytest.param(SLAVIC, "Юсуф", "", "Здравствуйте, Юсуф!", id="first name alone"),
        pytest.param(SLAVIC, "Марина", "", "Здравствуйте, Марина!", id="first name that ends as a surname does"),
        pytest.param(SLAVIC, "Лыкова Марина", "", "Здравствуйте, Марина!", id="surname first, known by its ending"),
        pytest.param(SLAVIC, "Лыкова", "", "Здравствуйте!", id="surname alone"),
        pytest.param(SLAVIC, "Лыкова", "Марина Лыкова", "Здравствуйте, Марина!", id="surname alone, From name whole"),
        pytest.param(SLAVIC, "Ж. А. Лыкова", "", "Здравствуйте!", id="initials"),
        pytest.param(SLAVIC, "Лыков К.", "", "Здравствуйте!", id="surname and initial"),
        pytest.param(SLAVIC, "Чернова и Марина", "", "Здравствуйте, Чернова и Марина!", id="two stay in their order"),
        pytest.param(SLAVIC, "Марина Ш.", "", "Здравствуйте, Марина!", id="first name and the surname's initial"),
    ],
)
def test_a_customer_is_greeted_by_the_name_they_signed_with(locale, signed, from_name, greeted):
    assert greeting(signed, from_name, locale) == greeted


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


def test_the_greeting_follows_the_form_of_address_the_customer_uses():
    assert greeting("Hanne Bak", "", FAMILIAR.spoken_to("Har De den endnu?")) == "Kære Hanne Bak"
    assert greeting("Hanne Bak", "", FAMILIAR.spoken_to("Har du den endnu?")) == "Kære Hanne"


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
        pytest.param("Cancel it", {"tone": "hostile"}, "Cancel it", id="harmless in a hostile mail"),
        pytest.param("My late husband", {"intents": ("hardship",)}, "", id="not in a hard situation"),
        pytest.param("", {"things": ("the blue kettle",)}, "blue kettle", id="the thing where there is no subject"),
    ],
)
def test_the_subject_is_said_back_where_it_names_the_matter(subject, how, said_back):
    assert topic(reading(octets=message("It leaks.", subject), **how), ENGLISH) == said_back


@pytest.mark.parametrize(
    ("said", "how", "quoted"),
    [
        pytest.param(
            "Hello. Is there a driver for the older one?", {}, "Is there a driver for the older one?", id="question"
        ),
        pytest.param(
            "I am angry. I ordered on 3 April and nothing came. Goodbye to you all.",
            {"tone": "upset", "intents": ("late_delivery",), "dates": ("3 April",)},
            "I ordered on 3 April and nothing came.",
            id="the sentence with the facts",
        ),
        pytest.param(
            'He wrote "you stupid cow" on 3 April to me.',
            {"tone": "upset", "dates": ("3 April",)},
            "",
            id="others' words",
        ),
        pytest.param(
            "You idiots lost order 30-55817 again.", {"tone": "hostile", "numbers": ("30-55817",)}, "", id="hostile"
        ),
        pytest.param("WHERE IS MY ORDER FROM 3 APRIL?", {"tone": "upset"}, "", id="shouted"),
        pytest.param("The damn thing broke on 3 April again.", {"dates": ("3 April",)}, "", id="a rude word"),
        pytest.param("Thank you for your help on 3 April.", {"dates": ("3 April",)}, "", id="a courtesy"),
        pytest.param(
            "I took the train on 3 April. Your duck was the best I ever had.",
            {"intents": ("praise_thanks",), "dates": ("3 April",), "evidence": {"praise_thanks": ("the best",)}},
            "Your duck was the best I ever had.",
            id="of praise, the praise",
        ),
        pytest.param(
            "I'd like that exchanged, please do it. It came on 3 April.",
            {"intents": ("wrong_item",)},
            "I'd like that exchanged, please do it.",
            id="the request",
        ),
        pytest.param("Since when do you let them serve here?", {"tone": "upset"}, "", id="a rhetorical question"),
        pytest.param("See https://shop.example/3 for the 3 April one.", {"dates": ("3 April",)}, "", id="a link"),
    ],
)
def test_only_a_telling_and_harmless_sentence_is_said_back(said, how, quoted):
    assert telling_sentence(reading(said, **how), ENGLISH)[0] == quoted


@pytest.mark.parametrize(
    ("text", "value"),
    [
        pytest.param("a\r\nBcc: x@example.org", "a Bcc: x@example.org", id="a header line"),
        pytest.param("a\u202eb\u200bc\x00d", "abc d", id="direction, invisible and control characters"),
        pytest.param("[[gap]]", "[gap]", id="our gap marks"),
        pytest.param("\ud800x", "x", id="a lone surrogate"),
    ],
)
def test_what_a_customer_wrote_becomes_a_plain_value(text, value):
    assert as_value(text) == value
