import pytest

from mailassist.answering.desk import Desk
from mailassist.answering.locale import locale_of
from mailassist.answering.person import greeting
from mailassist.values import Address

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
            "female": "Guten Tag Frau {title} {last},",
            "male": "Guten Tag Herr {title} {last},",
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
CALLED = locale_of(
    "pl",
    {
        "greeting": {
            "nobody": "Dzień dobry,",
            "first": "Dzień dobry, {vocative},",
            "female": "Dzień dobry, {vocative},",
            "full": "Dzień dobry, {full},",
            "titled": "Dzień dobry, {title} {Last},",
        },
        "names": {
            "titles": {"dr": "Dr."},
            "female": ["Marta"],
            "particles": ["'t"],
            "vocative": {"Marta": "Pani Marto"},
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
        pytest.param(ENGLISH, "NEIL XX", "", "Hello Neil,", id="shouted, with kisses"),
        pytest.param(ENGLISH, "Neil xx", "", "Hello Neil,", id="with kisses"),
        pytest.param(ENGLISH, "MRS V DENTON", "", "Dear Mrs Denton,", id="shouted, behind a title and an initial"),
        pytest.param(ENGLISH, "neil", "", "Hello Neil,", id="written small"),
        pytest.param(ENGLISH, "Gitte R", "", "Hello Gitte,", id="first name and an initial"),
        pytest.param(ENGLISH, "", "NOREPLY", "Hello,", id="noreply"),
        pytest.param(ENGLISH, "", "info", "Hello,", id="a role"),
        pytest.param(ENGLISH, "", "Billing Team", "Hello,", id="a team"),
        pytest.param(ENGLISH, "Acme Ltd", "", "Hello,", id="a company"),
        pytest.param(ENGLISH, "", "anna@example.org", "Hello,", id="an address"),
        pytest.param(ENGLISH, "🙂", "Anna Holm", "Dear Anna Holm,", id="an emoji gives way to the From name"),
        pytest.param(ENGLISH, "{{ 7*7 }}", "", "Hello,", id="template code"),
        pytest.param(ENGLISH, "\u202eNeil", "", "Hello Neil,", id="direction mark"),
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
    assert greeting((signed,), Address("post@example.org", from_name), locale) == greeted


def test_the_greeting_follows_the_form_of_address_the_customer_uses():
    assert greeting(("Hanne Bak",), None, FAMILIAR.spoken_to("Har De den endnu?")) == "Kære Hanne Bak"
    assert greeting(("Hanne Bak",), None, FAMILIAR.spoken_to("Har du den endnu?")) == "Kære Hanne"


@pytest.mark.parametrize(
    ("signed", "from_"),
    [
        pytest.param("Нормально", None, id="a word"),
        pytest.param("Thanks", None, id="thanks"),
        pytest.param("A BUNCH", None, id="the rest of thanks"),
        pytest.param("Lubbock", None, id="a place"),
        pytest.param("Merci", None, id="thanks in another language"),
        pytest.param("Secretary", None, id="a role"),
        pytest.param("Un client attentionné", None, id="a description"),
        pytest.param("Eine Anwohnerin", None, id="a description in capitals"),
        pytest.param("Karlas far", None, id="somebody's father"),
        pytest.param("La famille Peyrol", None, id="a family"),
        pytest.param("Le Grand Chambellan", None, id="a fancy"),
        pytest.param("Haus und Garten", None, id="a company of two words"),
        pytest.param("", Address("info@example.org", "Copper Kettle"), id="a company's From name"),
    ],
)
def test_what_is_no_given_name_is_not_greeted(signed, from_):
    assert greeting((signed,), from_, ENGLISH) == "Hello,"


@pytest.mark.parametrize(
    ("signed", "from_", "greeted"),
    [
        pytest.param("Dzx", Address("dzx@example.org", "Dzx Quorn"), "Hello Dzx,", id="the From name's first word"),
        pytest.param("Quorn", Address("dzx.quorn@example.org", "Dzx Quorn"), "Dear Dzx Quorn,", id="its last word"),
        pytest.param("Dzx Quorn", Address("dzx.quorn@example.org"), "Dear Dzx Quorn,", id="the address says the same"),
        pytest.param("José", None, "Hello José,", id="a listed name"),
        pytest.param("Jose", None, "Hello Jose,", id="without its accent"),
        pytest.param("Lena-Marie", None, "Hello Lena-Marie,", id="two joined"),
    ],
)
def test_a_name_is_borne_out_by_lists_and_by_the_from_field(signed, from_, greeted):
    assert greeting((signed,), from_, ENGLISH) == greeted


def test_a_title_that_tells_no_sex_stands_where_the_greeting_has_a_place_for_it():
    assert greeting(("Dr. Katharina von Bühl",), None, GENDERED) == "Guten Tag Frau Dr. von Bühl,"
    assert greeting(("Katharina von Bühl",), None, GENDERED) == "Guten Tag Frau von Bühl,"
    assert greeting(("Frau Katharina Pohl",), None, GENDERED) == "Guten Tag Frau Pohl,"
    assert greeting(("Dr. Sascha Pohl",), None, GENDERED) == "Guten Tag Dr. Pohl,"
    assert greeting(("Dr. Katharina Pohl",), None, CALLED) == "Dzień dobry, Dr. Pohl,"


@pytest.mark.parametrize(
    ("signed", "greeted"),
    [
        pytest.param("Marta", "Dzień dobry, Pani Marto,", id="first name"),
        pytest.param("Marta Lis", "Dzień dobry, Pani Marto,", id="whole name"),
        pytest.param("Jolanta", "Dzień dobry, Jolanta,", id="a name without an entry"),
        pytest.param("dr. de Vries", "Dzień dobry, Dr. De Vries,", id="a particle with a capital"),
        pytest.param("Sjoerd van 't Hof", "Dzień dobry, Sjoerd van 't Hof,", id="a particle of the set"),
        pytest.param("dr. Elly Kuipers-van der Hek", "Dzień dobry, Dr. Kuipers-van der Hek,", id="a double name"),
        pytest.param("Paul d’Alençon", "Dzień dobry, Paul d’Alençon,", id="an elided particle"),
        pytest.param("dr. A.J. Wiersinga", "Dzień dobry, Dr. Wiersinga,", id="initials are no surname"),
        pytest.param("DUBOIS Marie", "Dzień dobry, Marie Dubois,", id="a shouted surname first"),
        pytest.param("Juan DE LA CRUZ", "Dzień dobry, Juan de la Cruz,", id="a shouted surname with particles"),
    ],
)
def test_a_name_stands_as_the_greeting_of_the_language_wants_it(signed, greeted):
    assert greeting((signed,), None, CALLED) == greeted


def test_where_the_first_is_no_name_the_next_is_taken():
    assert greeting(("A BUNCH", "MARGIE"), None, ENGLISH) == "Hello Margie,"


@pytest.mark.parametrize(
    ("signed", "greeted"),
    [
        pytest.param("Tawhiri Quorn", "Dear Tawhiri Quorn,", id="two words"),
        pytest.param("Mokka", "Hello Mokka,", id="a nickname"),
        pytest.param("Tawhiri Q", "Hello Tawhiri,", id="with an initial"),
        pytest.param("PJ Quorn", "Dear PJ Quorn,", id="initials without dots"),
        pytest.param("Tawhiri & Mokka", "Hello Tawhiri and Mokka,", id="two people"),
        pytest.param("Old Mr Quorn", "Dear Mr Quorn,", id="what stands before a title"),
    ],
)
def test_a_name_nobody_has_heard_of_is_one_where_nothing_but_a_name_stands(signed, greeted):
    assert greeting((signed,), None, ENGLISH, plainly=True) == greeted
    assert greeting((signed,), None, ENGLISH) == (greeted if "Mr" in signed else "Hello,")


@pytest.mark.parametrize(
    "signed",
    [
        pytest.param("Quorn Supplies", id="a firm"),
        pytest.param("Garage Martin", id="a firm that is called by a name"),
        pytest.param("Martin Catering", id="a firm behind a name"),
        pytest.param("Officina Quornetti", id="a firm of another language"),
        pytest.param("Quornforeningen", id="a society in one word"),
        pytest.param("Accounts Payable", id="a department"),
        pytest.param("Site Engineer", id="a role"),
        pytest.param("Never Again", id="a sentence"),
        pytest.param("Muppets", id="an insult"),
        pytest.param("Frechheit", id="indignation"),
        pytest.param("Concerned Neighbour", id="a description"),
        pytest.param("Leeds", id="a town"),
        pytest.param("Regards", id="courtesy"),
        pytest.param("Jo9", id="a word with a figure"),
        pytest.param("Q", id="a letter"),
    ],
)
def test_what_speaks_against_a_name_outweighs_its_place(signed):
    assert greeting((signed,), None, ENGLISH, plainly=True) == "Hello,"


@pytest.mark.parametrize(
    ("tag", "signed", "greeted"),
    [
        pytest.param("da", "Quistgaard", "Hej", id="da"),
        pytest.param("de", "Quistinger", "Guten Tag,", id="de"),
        pytest.param("nl", "Quorstra", "Goedendag,", id="nl"),
        pytest.param("ru", "Кворнова", "Здравствуйте!", id="ru"),
        pytest.param("de", "Rosa u. Zdenka", "Guten Tag Rosa und Zdenka,", id="de two, shortened"),
        pytest.param("sv", "Rosa o Sixten", "Hej Rosa och Sixten,", id="sv two, shortened"),
        pytest.param("de", "Studienrat Martin Quorn", "Guten Tag Herr Quorn,", id="de title that is dropped"),
        pytest.param("fr", "Mme R.", "Bonjour Madame R.,", id="fr title and initial"),
        pytest.param("pl", "P. Henryk Quorn", "Dzień dobry, Panie Henryku,", id="pl initial before the name"),
        pytest.param("ru", "Семья Кворновых", "Здравствуйте, семья Кворновых!", id="ru family"),
        pytest.param("ru", "Юрий Палыч", "Здравствуйте, Юрий Палыч!", id="ru patronymic as it is spoken"),
        pytest.param("ru", "Кворнова Г.Н.", "Здравствуйте!", id="ru surname and initials"),
    ],
)
def test_a_signature_is_greeted_in_the_forms_of_its_language(tag, signed, greeted):
    assert greeting((signed,), None, Desk().set_for(tag).locale, plainly=True) == greeted
