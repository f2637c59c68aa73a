import pytest

from mailassist.reading.tables import table
from mailassist.reading.trades import NAMES, foreign_trade


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("en", "My water meter shows 1042. I have also had no water since Friday."),
        ("de", "Mia aus der Klasse 3 hat Fieber und bleibt heute zu Hause."),
        ("da", "Bussen på linje 14 kørte bare forbi i morges."),
        ("fr", "Bonjour docteur, ma prise de sang est prête, dois-je venir à jeun ?"),
        ("ru", "Здравствуйте, передаю показания, горячая 112."),
        ("es", "El cajero automático de su sucursal se quedó con mi tarjeta."),
        ("it", "Il bancomat della vostra filiale è spento da lunedì."),
        ("nl", "Onze kat is ziek na de sterilisatie, kan de dierenarts even kijken?"),
        ("sv", "Väskan är borta sedan vårt flyg landade på flygplatsen."),
        ("nb", "Søppelhentingen i gata vår uteble igjen, har kommunen glemt oss?"),
        ("pl", "Bankomat w waszym oddziale zatrzymał moją kartę."),
        ("pt", "O resultado do exame de sangue já chegou? Posso ir em jejum?"),
    ],
)
def test_what_only_customers_of_another_house_write_is_told_apart(language, said):
    assert len(foreign_trade(said, language, "Werkstatt Nord <info@werkstatt.example>")) > 1


@pytest.mark.parametrize(
    ("said", "ours"),
    [
        pytest.param("The nurse has my blood test results.", "Elm Road Surgery", id="we are one, by name"),
        pytest.param("The nurse has my blood test results.", "info@clinic-elm.example", id="we are one, by address"),
        pytest.param("My wife is a nurse and needs the shoes by Friday.", "", id="one word of it"),
        pytest.param("The kettle leaks.", "", id="nothing of it"),
    ],
)
def test_it_is_not_foreign_where_we_are_such_a_house_or_little_is_said(said, ours):
    assert foreign_trade(said, "en", ours) == ()


def test_a_language_without_a_table_tells_nothing():
    assert foreign_trade("The nurse has my blood test results.", "fi", "") == ()


@pytest.mark.parametrize("tag", sorted(table("trades").keys() - {NAMES}))
def test_every_trade_is_known_by_name(tag):
    assert table("trades")[tag].keys() <= table("trades")[NAMES].keys()
