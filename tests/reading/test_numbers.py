"""The numbers a mail refers to, and all that only looks like one."""

import pytest

from mailassist.reading.particulars.numbers import find_numbers
from mailassist.values import Number


@pytest.mark.parametrize(
    ("text", "language", "kind", "number"),
    [
        pytest.param("Order 30-55817", "en", "order", "30-55817", id="en order"),
        pytest.param("my order number is 2025-774, please", "en", "order", "2025-774", id="en words between"),
        pytest.param("order #4471 is late", "en", "order", "4471", id="en hash"),
        pytest.param("Re: [Ticket 30177] Printer", "en", "ticket", "30177", id="en ticket in brackets"),
        pytest.param("read the meter. Account 700 331 8842.", "en", "customer", "700 331 8842", id="en in groups"),
        pytest.param("Ref HB/7719.", "en", "file", "HB/7719", id="en reference"),
        pytest.param("auf Rechnung Nr. RE-2024/881 steht", "de", "invoice", "RE-2024/881", id="de invoice"),
        pytest.param("Jacqueline Rohde, Mitgl.-Nr. 11872", "de", "other", "11872", id="de member"),
        pytest.param("Bezug: Angebot 4711 vom Mai", "de", "other", "4711", id="de quote, no invoice"),
        pytest.param("Meine Bestellnummer lautet 40881!", "de", "order", "40881", id="de compound"),
        pytest.param("Thorsten Kleinschmidt\nAuftrag 2025-3301", "de", "order", "2025-3301", id="de not a range"),
        pytest.param("(kundenr. 2207)", "da", "customer", "2207", id="da compound"),
        pytest.param("ordrenr 88-1203", "da", "order", "88-1203", id="da order"),
        pytest.param("la facture n° F-2209 est fausse", "fr", "invoice", "F-2209", id="fr invoice"),
        pytest.param("Échange commande 9127", "fr", "order", "9127", id="fr order"),
        pytest.param("мой счёт № 118, и", "ru", "invoice", "118", id="ru invoice"),
        pytest.param("договор БП-0447, 164 000 руб.", "ru", "contract", "БП-0447", id="ru contract"),
        pytest.param("Android 14, s/n X2-0091-77", "ru", "serial", "X2-0091-77", id="ru serial"),
        pytest.param("mi pedido MX-40391.", "es", "order", "MX-40391", id="es order"),
        pytest.param("Ordine n. 20-7743", "it", "order", "20-7743", id="it order"),
        pytest.param("Mijn bestelling 40117 is zoek", "nl", "order", "40117", id="nl order"),
        pytest.param("Beställningsnummer: 7781-2", "sv", "order", "7781-2", id="sv order"),
        pytest.param("Fakturanummer er 33812", "nb", "invoice", "33812", id="nb invoice"),
        pytest.param("zamówienie nr 2207/24", "pl", "order", "2207/24", id="pl order"),
        pytest.param("A minha encomenda 55-8120", "pt", "order", "55-8120", id="pt order"),
        pytest.param("30-55817 again", "en", "other", "30-55817", id="by its shape"),
        pytest.param("#4471", "en", "other", "#4471", id="by its hash"),
        pytest.param("771-2093 never came", "en", "other", "771-2093", id="three and four digits"),
        pytest.param("GH7720 is where?", "en", "other", "GH7720", id="letters and digits"),
    ],
)
def test_a_number_is_found_as_it_was_written(text: str, language: str, kind: str, number: str) -> None:
    assert find_numbers(text, language) == (Number(kind, number),)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("text", "language"),
    [
        pytest.param("call me on 01632 960233", "en", id="telephone in two groups"),
        pytest.param("Tel. 030-5551234", "de", id="telephone with a dash"),
        pytest.param("tlf 40506070", "da", id="telephone without any"),
        pytest.param("+49 30 5551234", "de", id="telephone with a country"),
        pytest.param("8 900 000-01-89", "ru", id="telephone in five groups"),
        pytest.param("on 12.05.2025 and 2025-04-12 and 3/4/25", "en", id="dates"),
        pytest.param("at 14.20 or 14:20", "en", id="times"),
        pytest.param("£1,200 and 1.200 € and CHF 3200 and 3900 руб", "en", id="amounts"),
        pytest.param("Rechnung über 238,80 EUR", "de", id="an amount behind its label"),
        pytest.param("die Rechnung 890 Euro", "de", id="an amount straight behind its label"),
        pytest.param("since 2021, 2019-2020", "en", id="years"),
        pytest.param("Rechnung 2024", "de", id="a year behind a label"),
        pytest.param("8660 Skanderborg, SW1A 2AA", "da", id="postcodes"),
        pytest.param("DE89 3704 0044 0532 0130 00", "de", id="a bank account"),
        pytest.param("https://shop.example.org/order/12345?id=771-2093", "en", id="an address on the web"),
        pytest.param("order12345@example.org", "en", id="an address"),
        pytest.param("an order of 25 chairs, 5-7 days, 3 x 3 m", "en", id="counts"),
        pytest.param("10-12 weeks, 100-200 people", "en", id="ranges"),
        pytest.param("Article 17 GDPR, article L221-18", "fr", id="a law"),
        pytest.param("Fehler F28, error E04", "de", id="an error"),
        pytest.param("no. 14", "en", id="a house"),
        pytest.param("", "en", id="nothing"),
    ],
)
def test_what_is_no_number_of_ours_is_not_found(text: str, language: str) -> None:
    assert find_numbers(text, language) == ()


def test_two_numbers_share_one_label() -> None:
    assert find_numbers("både faktura 1188 og 1203", "da") == (Number("invoice", "1188"), Number("invoice", "1203"))


def test_a_number_is_named_once_in_the_order_it_appears() -> None:
    found = find_numbers("Order 30-55817, invoice F-2209. Again: order 30-55817", "en")
    assert [number.text for number in found] == ["30-55817", "F-2209"]


@pytest.mark.parametrize("text", ["1" * 20_000, "a1 " * 6_000, "#" * 12_000, "1-" * 6_000, "a." * 6_000], ids=range(5))
def test_any_text_is_read(text: str) -> None:
    find_numbers(text, "en")


@pytest.mark.parametrize(
    ("language", "text", "kind", "number"),
    [
        ("fr", "Je résilie mon abonnement n° 88-341 à la fin du mois.", "other", "88-341"),
        ("es", "Cambien el pedido 44718 a otra dirección.", "order", "44718"),
        ("pl", "Odbiorę zamówienie 44718 w sklepie.", "order", "44718"),
    ],
)
def test_a_small_word_behind_a_number_is_no_unit(language: str, text: str, kind: str, number: str) -> None:
    assert [(one.kind, one.text) for one in find_numbers(text, language)] == [(kind, number)]


@pytest.mark.parametrize(
    ("language", "text", "kind", "number"),
    [
        ("de", "Ich kündige den Wartungsvertrag Nr. 77120.", "contract", "77120"),
        ("sv", "Säg upp serviceavtal nr 77120.", "contract", "77120"),
    ],
)
def test_a_compound_that_ends_in_contract_is_one(language: str, text: str, kind: str, number: str) -> None:
    assert [(one.kind, one.text) for one in find_numbers(text, language)] == [(kind, number)]
