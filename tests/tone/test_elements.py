"""The elements of a threat that is never said: they count where they stand close, and one by itself is nothing."""

import pytest

from mailassist.reading.tone import judge_tone
from mailassist.reading.tone.features import elements, threatening, windows

WEIGHTS = {"BURN": {"YARD": 6.0}, "ALONE": {"NIGHT": 3.0}, "POLITE": {"POLITE": -9.0}}


def test_windows_are_each_two_neighbouring_sentences():
    first, second, third = {"YARD": "shed"}, {"BURN": "fire"}, {"DAY": "Friday"}
    assert [set(window) for window in windows([first, second, third])] == [{"YARD", "BURN"}, {"BURN", "DAY"}]


def test_a_single_sentence_is_its_own_window():
    assert list(windows([{"YARD": "shed"}])) == [{"YARD": "shed"}]
    assert list(windows([])) == []


def test_elements_count_in_neighbouring_sentences():
    assert threatening([{"YARD": "shed"}, {"BURN": "fire"}], WEIGHTS) > 0


def test_elements_far_apart_are_none():
    assert threatening([{"YARD": "shed"}, {}, {"BURN": "fire"}], WEIGHTS) == 0


def test_what_speaks_against_a_threat_elsewhere_takes_nothing_from_it():
    close = [{"YARD": "shed", "BURN": "fire"}]
    assert threatening([*close, {}, {"POLITE": "please"}], WEIGHTS) == threatening(close, WEIGHTS)


def test_the_words_of_a_threat_are_told_the_weightiest_first():
    assert elements([{"ALONE": "alone", "NIGHT": "night", "YARD": "shed", "BURN": "fire"}], WEIGHTS) == (
        "fire",
        "shed",
        "alone",
        "night",
    )


@pytest.mark.parametrize(
    ("said", "language"),
    [
        pytest.param("Mum comes home from hospital on Friday.", "en", id="en-injury"),
        pytest.param("The shed is full of dry straw.", "en", id="en-yard"),
        pytest.param("I walk my dog past the shop every morning.", "en", id="en-habit"),
        pytest.param("Please think about it until Friday.", "en", id="en-condition"),
        pytest.param("Mutter kommt am Freitag aus dem Krankenhaus.", "de", id="de-injury"),
        pytest.param("Der Schuppen ist voll trockenem Stroh.", "de", id="de-yard"),
        pytest.param("Maman sort de l'hôpital vendredi.", "fr", id="fr-injury"),
        pytest.param("Mor kommer hjem fra sygehuset på fredag.", "da", id="da-injury"),
        pytest.param("В пятницу маму выписывают из больницы.", "ru", id="ru-injury"),
        pytest.param("Mamá sale del hospital el viernes.", "es", id="es-injury"),
        pytest.param("La mamma esce dall'ospedale venerdì.", "it", id="it-injury"),
        pytest.param("Moeder komt vrijdag uit het ziekenhuis.", "nl", id="nl-injury"),
        pytest.param("Mamma kommer hem från sjukhuset på fredag.", "sv", id="sv-injury"),
        pytest.param("Mamma kommer hjem fra sykehuset på fredag.", "nb", id="nb-injury"),
        pytest.param("Mama wychodzi w piątek ze szpitala.", "pl", id="pl-injury"),
        pytest.param("A mãe sai do hospital na sexta.", "pt", id="pt-injury"),
    ],
)
def test_one_element_by_itself_is_nothing(said, language):
    tone = judge_tone(said, language)
    assert tone.level != "hostile"
    assert not any(one.startswith("threat") for one in tone.evidence)
