"""Phrases of a table, found in a text."""

import pytest

from mailassist.reading.cues import CueTable, fold, split_words


def found(phrase: str, text: str, language: str = "en") -> list[str]:
    return [text[hit.start : hit.end] for hit in CueTable({"x": [phrase]}, language).find(text)]


@pytest.mark.parametrize(
    ("phrase", "text", "words", "language"),
    [
        pytest.param("money back", "I want my MONEY back!", ["MONEY back"], "en", id="case does not count"),
        pytest.param("für", "Danke fuer alles", ["fuer"], "de", id="a digraph is its letter"),
        pytest.param("noël", "avant Noel", ["Noel"], "fr", id="accents do not count"),
        pytest.param("didnt come", "It didn't come.", ["didn't come"], "en", id="apostrophe inside an English word"),
        pytest.param("j attends", "J’attends toujours", ["J’attends"], "fr", id="apostrophe between French words"),
        pytest.param("верните деньги", "vernite dengi!", ["vernite dengi"], "ru", id="Russian in Latin letters"),
        pytest.param("мои", "moi мои", ["moi", "мои"], "ru", id="Russian in both alphabets"),
        pytest.param("cancel*", "cancelled, cancelling", ["cancelled", "cancelling"], "en", id="any ending"),
        pytest.param("*rechnung", "Ihre Stromrechnung", ["Stromrechnung"], "de", id="any beginning"),
        pytest.param("*liefer*", "Auslieferung", ["Auslieferung"], "de", id="anything around"),
        pytest.param("(no|not a) reply", "no reply, not a reply", ["no reply", "not a reply"], "en", id="either"),
        pytest.param("is (it|) ready", "is it ready? is ready", ["is it ready", "is ready"], "en", id="may miss"),
        pytest.param("took … weeks", "it took them nearly six weeks", ["took them nearly six weeks"], "en", id="a gap"),
        pytest.param("it broke …", "it broke", ["it broke"], "en", id="a gap at the end says nothing"),
        pytest.param("no … (reply|)", "no, no word", ["no", "no"], "en", id="a gap before what may miss"),
        pytest.param("(not …|never) came", "not once came", ["not once came"], "en", id="a gap within either"),
        pytest.param("# weeks", "after 6 weeks", ["6 weeks"], "en", id="a number"),
    ],
)
def test_a_phrase_is_found_as_it_was_written(phrase: str, text: str, words: list[str], language: str) -> None:
    assert found(phrase, text, language) == words


@pytest.mark.parametrize(
    ("phrase", "text"),
    [
        pytest.param("not arrived", "I am not. Arrived", id="across a sentence"),
        pytest.param("took … weeks", "took a b c d e weeks", id="a gap that is too wide"),
        pytest.param("end", "the ending", id="a part of a word"),
        pytest.param("мой", "мои", id="й is not и"),
    ],
)
def test_what_only_looks_like_it_is_not_found(phrase: str, text: str) -> None:
    assert found(phrase, text) == []


def test_the_longest_phrase_of_a_name_is_the_one_found() -> None:
    hits = CueTable({"x": ["money", "money back"]}, "en").find("money back")
    assert [(hit.start, hit.end) for hit in hits] == [(0, 10)]


def test_words_know_their_sentence() -> None:
    assert [word.sentence for word in split_words("One. Two!\n\nThree", "en")] == [0, 1, 2]


def test_folding_is_the_same_for_every_spelling_of_a_letter() -> None:
    assert fold("Käse", "de") == fold("KAESE", "de")
    assert fold("déjà") == fold("DEJA")


def test_a_russian_sign_that_stands_alone_is_no_word() -> None:
    assert [word.text for word in split_words("ь деньги Ъ", "ru")] == ["денги"]
    assert found("верните деньги", "верните ь деньги", "ru") == ["верните ь деньги"]
    assert found("деньги", "Деньги. ь. Деньги!", "ru") == ["Деньги", "Деньги"]


@pytest.mark.parametrize(
    ("text", "language", "sentences"),
    [
        ("Jeg vil have mine 3.199 kr. tilbage. Ordre 5512.", "da", 2),
        ("Det kostede 3.199 kr. Jeg betalte.", "da", 2),
        ("Верните 500 руб. обратно", "ru", 1),
    ],
)
def test_a_currency_cut_short_ends_no_sentence_that_goes_on(text: str, language: str, sentences: int) -> None:
    assert len({word.sentence for word in split_words(text, language)}) == sentences


def test_a_gap_at_the_end_of_a_phrase_says_nothing() -> None:
    assert [hit.name for hit in CueTable({"never": ["I have never …"]}, "en").find("I have never")] == ["never"]
