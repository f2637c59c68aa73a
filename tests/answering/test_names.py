import pytest

from mailassist.answering.desk import Desk
from mailassist.answering.names import given_names, is_firm, is_given, names, speaks_against

DANISH = names(Desk().set_for("da").locale)


def test_the_names_of_a_set_are_read_once():
    locale = Desk().set_for("da").locale
    assert names(locale) is names(locale.spoken_to("Har De den endnu?"))


@pytest.mark.parametrize("word", ["José", "jose", "LENA-MARIE"])
def test_a_given_name_is_known_in_any_case_and_with_or_without_its_accents(word):
    assert is_given(word, DANISH)


def test_a_word_is_no_given_name():
    assert not is_given("Kedel", DANISH)


@pytest.mark.parametrize("word", ["Bakery", "Restaurantkæden", "Idrætsforeningen", "ООО", "Hôtel"])
def test_a_firm_is_known_by_a_word_its_beginning_or_its_end(word):
    assert is_firm(word)
    assert speaks_against(word)


def test_few_given_names_are_words_that_speak_against_one():
    assert sum(map(speaks_against, " ".join(given_names().values()).split())) < 60
