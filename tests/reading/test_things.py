"""The things a mail is about."""

import pytest

from mailassist.reading.particulars.things import find_things


@pytest.mark.parametrize(
    ("said", "language", "things"),
    [
        pytest.param("My old kettle is broken.", "en", ("kettle",), id="en"),
        pytest.param("Unsere Waschmaschine ist schon wieder kaputt.", "de", ("Waschmaschine",), id="de"),
        pytest.param("Vores vaskemaskine er gået i stykker.", "da", ("vaskemaskine",), id="da"),
        pytest.param("Ma chaudière est en panne.", "fr", ("chaudière",), id="fr"),
        pytest.param("I have a kettle. Something is broken.", "en", (), id="the trouble is elsewhere"),
        pytest.param("Any kettle breaks some day, broken or not.", "en", (), id="no certain one"),
        pytest.param("Мой чайник сломался.", "ru", (), id="a language with cases"),
        pytest.param("", "en", (), id="nothing"),
    ],
)
def test_a_thing_is_named_where_it_is_theirs_and_in_trouble(said: str, language: str, things: tuple[str, ...]) -> None:
    assert find_things(said, language) == things
