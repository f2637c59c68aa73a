"""The things a mail is about, in the form that a sentence of ours can say."""

import pytest

from mailassist.reading.particulars.nouns import KINDS, nouns
from mailassist.reading.particulars.things import find_things
from mailassist.reading.tables import table
from mailassist.values import Thing


@pytest.mark.parametrize(
    ("said", "language", "definite"),
    [
        pytest.param("My old kettle is broken.", "en", "the kettle", id="en"),
        pytest.param("I ordered running shoes in May.", "en", "the running shoes", id="en several"),
        pytest.param("Unsere Waschmaschine ist schon wieder kaputt.", "de", "die Waschmaschine", id="de"),
        pytest.param("Ein Fach meines Kühlschranks ist zerbrochen.", "de", "der Kühlschrank", id="de genitive"),
        pytest.param("Das Kinderhochbett ist zerbrochen.", "de", "das Kinderhochbett", id="de longer word"),
        pytest.param("Is my watch ready?", "en", "the watch", id="en asked for"),
        pytest.param("Vores elkedel er gået i stykker.", "da", "elkedlen", id="da"),
        pytest.param("Opvaskemaskinen er i stykker igen.", "da", "opvaskemaskinen", id="da definite"),
        pytest.param("Vaskemaskina er ødelagt igjen.", "nb", "vaskemaskinen", id="nb in -a"),
        pytest.param("Min vattenkokare är trasig.", "sv", "vattenkokaren", id="sv"),
        pytest.param("De waterkoker is kapot.", "nl", "de waterkoker", id="nl"),
        pytest.param("Ma chaudière est en panne.", "fr", "la chaudière", id="fr"),
        pytest.param("Mon aspirateur est tombé en panne.", "fr", "l'aspirateur", id="fr elided"),
        pytest.param("La lavadora no funciona.", "es", "la lavadora", id="es"),
        pytest.param("Lo scaldabagno non funziona più.", "it", "lo scaldabagno", id="it lo"),
        pytest.param("O frigorífico está avariado.", "pt", "o frigorífico", id="pt"),
        pytest.param("Zamówiłam pralkę trzy tygodnie temu.", "pl", "pralka", id="pl accusative"),
        pytest.param("Жду стиральную машину третью неделю.", "ru", "стиральная машина", id="ru accusative"),
        pytest.param("Моего чайника хватило на день, сломался.", "ru", "чайник", id="ru genitive"),
    ],
)  # fmt: skip
def test_a_thing_comes_back_as_the_subject_of_a_sentence(said: str, language: str, definite: str) -> None:
    assert [thing.definite for thing in find_things(said, language)] == [definite]


@pytest.mark.parametrize(
    ("said", "language"),
    [
        pytest.param("I have a kettle. Something is broken.", "en", id="the trouble is elsewhere"),
        pytest.param("The driver broke a promise and left it at the door.", "en", id="a place"),
        pytest.param("Any kettle breaks some day.", "en", id="no certain one"),
        pytest.param("Please ring me, I ordered nothing.", "en", id="a verb that looks like one"),
        pytest.param("I ordered piano lessons for my son.", "en", id="only says which"),
        pytest.param("Der Hersteller hat nicht geliefert.", "de", id="the end of another word"),
        pytest.param("Leverandøren kom aldrig.", "da", id="a supplier is no door"),
        pytest.param("Klovnen kom aldrig.", "da", id="the end of another Danish word"),
        pytest.param("Плиты не работают.", "ru", id="may be a plural"),
        pytest.param("The kettle is broken.", "ja", id="a language without a table"),
        pytest.param("", "en", id="nothing"),
    ],
)
def test_what_may_be_something_else_is_no_thing(said: str, language: str) -> None:
    assert find_things(said, language) == ()


def test_the_thing_of_the_subject_comes_first() -> None:
    found = find_things("The mattress came. It is far too hard, and the lamp is broken.", "en", "Mattress, order 4471")
    assert [thing.text for thing in found][:1] == ["mattress"]


def test_a_thing_is_named_once_with_the_most_words() -> None:
    found = find_things("Brautkleid\nDas Kleid ist zerrissen.", "de", "Brautkleid")
    assert found == (Thing("Brautkleid", "das Brautkleid", "n"),)


@pytest.mark.parametrize("language", sorted(table("things")))
def test_no_noun_stands_in_the_table_with_two_genders(language: str) -> None:
    lists = table("things")[language]
    shown = [entry.removeprefix("*").partition(">")[0] for kind in KINDS for entry in lists.get(kind, ())]
    assert sorted(set(shown)) == sorted(shown)
    nouns(language)
