import pytest

from mailassist.answering.desk import Desk
from mailassist.answering.sign_off import name_at_the_end

DANISH = Desk().set_for("da").locale


@pytest.mark.parametrize(
    ("said", "name"),
    [
        pytest.param("Mange tak på forhånd, Gry", "Gry", id="behind a comma"),
        pytest.param("Det var alt. Rosa", "Rosa", id="behind a full stop"),
        pytest.param("Glade hilsner fra Nina & Bo", "Nina & Bo", id="two"),
        pytest.param("Hilsen klovnen Esben", "Esben", id="behind what they call themselves"),
        pytest.param("Med agtelse\nFhv. jordemoder Agnete Lyhne", "Agnete Lyhne", id="behind a role"),
        pytest.param("VH RIGMOR 84 ÅR", "RIGMOR", id="before the age"),
        pytest.param("Bare så I ved det. /Magnus", "Magnus", id="behind a slash"),
        pytest.param("Mange hilsner til Rosa", "", id="to somebody"),
        pytest.param("Jeg talte med Rosa", "", id="with somebody"),
        pytest.param("Tillykke, Mikkel. Må jeg tale med en voksen?", "", id="in the midst"),
        pytest.param("Hvor er min ordre?", "", id="none"),
        pytest.param("Rosa skrev til mig i går", "", id="a sentence begins with it"),
        pytest.param("", "", id="nothing"),
    ],
)
def test_a_text_may_end_in_the_name_of_who_wrote_it(said, name):
    assert name_at_the_end(said, DANISH) == name
