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
        pytest.param("God sommer, Mads og Rosa i Faaborg", "Mads og Rosa", id="two, and where they are"),
        pytest.param("Rosa m/familie, hus C 118", "Rosa", id="with their family"),
        pytest.param("Rosa og hele familien", "Rosa", id="with all the others"),
        pytest.param("Det er for dårligt. Rosa Lund, lejer 14", "Rosa Lund", id="before a role and a number"),
        pytest.param("Jeg beder om svar. FRU SKJOLDBORG, VEJEN", "FRU SKJOLDBORG", id="a title alone in its sentence"),
        pytest.param("Hvornår kommer den? K. Lund", "K. Lund", id="initials"),
        pytest.param("mvh\nrosa", "rosa", id="small, on a line of its own"),
        pytest.param("Hilsen Foreningen Rosa", "", id="what a house is called"),
        pytest.param("Spørg efter Rosa Lund.", "", id="a sentence about somebody"),
        pytest.param("Jeg har jeres navn, Rosa.", "", id="a sentence to somebody"),
        pytest.param("Rosa, ring til mig nu", "", id="somebody is called"),
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
