import pytest

from mailassist.reading.rude import is_heated, is_rude


@pytest.mark.parametrize(
    ("language", "text", "rude"),
    [
        pytest.param("en", "Dead pixel", False, id="a title"),
        pytest.param("de", "Eichenregal", False, id="a word"),
        pytest.param("ru", "Рассада", False, id="a word in Russian"),
        pytest.param("en", "The handle snapped on the second day.", False, id="a complaint"),
        pytest.param("en", "Booking for the Dick family", False, id="a name"),
        pytest.param("en", "The damn thing broke again.", True, id="an oath"),
        pytest.param("en", "Where is it, you muppet?", True, id="an insult"),
        pytest.param("de", "Liegt er noch im Regal, ja oder nein, Sie Trantüte?", True, id="called something"),
        pytest.param("de", "Können Sie mir sagen, wann er kommt?", False, id="a polite question"),
    ],
)
def test_a_rude_word_or_one_aimed_at_somebody_is_told(language, text, rude):
    assert is_rude(text, language) == rude


@pytest.mark.parametrize(
    ("title", "heated"),
    [
        pytest.param("Your so-called repair", True, id="contempt"),
        pytest.param("Disgusted", True, id="anger"),
        pytest.param("Curtains", False, id="a thing"),
    ],
)
def test_a_title_of_contempt_or_anger_is_told(title, heated):
    assert is_heated(title, "en") == heated
