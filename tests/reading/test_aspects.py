"""What a mail says exactly, and what happened on its dates: stated, not denied, supposed or asked after."""

import re
import tomllib
from pathlib import Path

import pytest

from mailassist.reading import aspects
from mailassist.reading.aspects import ASPECTS, find_aspects, find_dated, find_wait
from mailassist.values import Dated

TABLES = sorted((Path(aspects.__file__).parent / "words" / "aspects").glob("*.toml"))


@pytest.mark.parametrize(
    ("language", "said", "found"),
    [
        ("en", "The boiler you fitted is leaking again.", ("leaks", "again")),
        ("en", "Our card was debited twice for the same invoice.", ("charged_twice",)),
        ("en", "I have rung four times and nobody picks up.", ("nobody_picks_up", "written_often")),
        ("en", "Why does it leak?", ("leaks",)),
        ("da", "Opvaskemaskinen virker ikke, og jeg har ringet tre gange.", ("dead", "written_often")),
        ("da", "I har trukket beløbet to gange.", ("charged_twice",)),
        ("de", "Die Spülmaschine ist undicht.", ("leaks",)),
        ("de", "Ich habe gekündigt, und trotzdem wird weiter abgebucht.", ("charged_after_end",)),
        ("fr", "Le lave-linge ne vidange plus.", ("dead",)),
        ("fr", "J'ai été prélevé deux fois ce mois-ci.", ("charged_twice",)),
        ("ru", "Стиральная машина протекает.", ("leaks",)),
        ("ru", "Деньги списали дважды.", ("charged_twice",)),
        ("en", "The blinds arrived two weeks late.", ("came_late",)),
        ("da", "Fliserne kom to dage for sent.", ("came_late",)),
        ("de", "Der Schrank ist eine Woche zu spät gekommen.", ("came_late",)),
        ("fr", "Le canapé est arrivé avec un jour de retard.", ("came_late",)),
        ("ru", "Шкаф привезли на два дня позже.", ("came_late",)),
        ("es", "El sofá llegó con tres semanas de retraso.", ("came_late",)),
        ("it", "Il divano è arrivato in ritardo.", ("came_late",)),
        ("nl", "De bank werd twee weken te laat bezorgd.", ("came_late",)),
        ("sv", "Soffan kom två veckor för sent.", ("came_late",)),
        ("nb", "Gardinene kom to dager for seint.", ("came_late",)),
        ("pl", "Szafa dojechała dwa dni po terminie.", ("came_late",)),
        ("pt", "O sofá chegou com duas semanas de atraso.", ("came_late",)),
    ],
)
def test_what_is_stated_is_found(language, said, found):
    assert find_aspects(said, language) == found


@pytest.mark.parametrize(
    ("language", "said"),
    [
        pytest.param("en", "It does not leak any more.", id="denied"),
        pytest.param("en", "What should I do if it leaks?", id="supposed"),
        pytest.param("en", "Does this model leak?", id="asked"),
        pytest.param("de", "Sie leckt nicht mehr.", id="denied behind the verb"),
        pytest.param("de", "Was mache ich, wenn sie tropft?", id="supposed in German"),
        pytest.param("fr", "Il n'y a plus de fuite d'eau.", id="denied in French"),
        pytest.param("ru", "Кран больше не протекает.", id="denied in Russian"),
        pytest.param("en", "My late husband chose the colour.", id="a death that is long past"),
        pytest.param("sv", "Rydmarks Begravningsbyrå AB", id="a name that has a funeral in it"),
        pytest.param("en", "The blinds are two weeks late.", id="late, and not here yet"),
        pytest.param("da", "Cyklen blev stjålet foran hospitalet.", id="a hospital that is only a place"),
        pytest.param("fi", "The boiler leaks.", id="a language without a table"),
    ],
)
def test_what_is_denied_supposed_or_asked_is_not_found(language, said):
    assert "leaks" not in find_aspects(said, language)


@pytest.mark.parametrize(
    ("language", "said", "dates", "found"),
    [
        pytest.param(
            "en", "I ordered a desk on 3 April and was told it would be here by 10 April.", ("3 April", "10 April"),
            (Dated("ordered", "3 April"), Dated("promised", "10 April")), id="two dates of one sentence",
        ),
        pytest.param(
            "de", "Am 14. Oktober habe ich bei Ihnen einen Schrank bestellt.", ("14. Oktober",),
            (Dated("ordered", "14. Oktober"),), id="the stop of an ordinal ends no sentence",
        ),
        pytest.param(
            "fr", "La livraison était prévue le 30 septembre, nous sommes le 20 novembre.",
            ("30 septembre", "20 novembre"),
            (Dated("today", "20 novembre"), Dated("promised", "30 septembre")), id="today is told apart",
        ),
        pytest.param("en", "My birthday was in May. 3 April was a Monday.", ("3 April",), (), id="nothing near it"),
    ],
)  # fmt: skip
def test_a_date_is_known_by_the_word_next_to_it(language, said, dates, found):
    assert find_dated(said, dates, language) == found


@pytest.mark.parametrize(
    ("language", "said", "waited"),
    [
        ("en", "I have been waiting for three weeks.", "three weeks"),
        ("en", "Delivery takes three weeks.", ""),
        ("de", "Ich warte seit nunmehr drei Wochen.", "drei Wochen"),
        ("da", "Jeg har ventet i tre uger.", "tre uger"),
        ("fr", "Cela fait deux mois que j'attends.", "deux mois"),
        ("ru", "Жду уже три недели.", "три недели"),
    ],
)
def test_how_long_somebody_waits_is_as_they_wrote_it(language, said, waited):
    assert find_wait(said, language) == waited


@pytest.mark.parametrize("path", TABLES, ids=lambda path: path.stem)
def test_a_table_has_no_name_that_is_none(path):
    table = tomllib.loads(path.read_text("utf-8"))
    assert not {*table["fact"], *table["wish"]} - set(ASPECTS)
    assert not set(table["fact"]) & set(table["wish"])
    assert all(
        phrase.strip("… ") for phrases in (*table["fact"].values(), *table["wish"].values()) for phrase in phrases
    )


@pytest.mark.parametrize("path", TABLES, ids=lambda path: path.stem)
def test_no_alternatives_of_a_table_are_nested(path):
    table = tomllib.loads(path.read_text("utf-8"))
    phrases = [one for part in ("fact", "wish", "dated") for some in table[part].values() for one in some]
    assert [one for one in phrases if re.search(r"\([^)]*\(", one)] == []
