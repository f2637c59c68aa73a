"""What a mail names, as the customer wrote it."""

import pytest

from mailassist.reading.particulars import find_particulars
from mailassist.values import Dated, Number, Particulars


def test_everything_a_mail_names_is_found() -> None:
    said = "I paid £180 for order 30-55817 on 3 April.\n\nWill it come by Friday?\n\nAmara Nwosu"
    assert find_particulars(said, "en") == Particulars(
        numbers=("30-55817",),
        dates=("3 April",),
        amounts=("£180",),
        questions=("Will it come by Friday?",),
        sender_name="Amara Nwosu",
        numbered=(Number("order", "30-55817"),),
        dated=(Dated("charged", "3 April"),),
        signed_plainly=True,
    )


@pytest.mark.parametrize(
    ("text", "language", "dates"),
    [
        pytest.param("on 3 April and April 4th, 2025", "en", ("3 April", "April 4th, 2025"), id="en"),
        pytest.param("am 4. August, seit 1.7., bis 12.01.2025", "de", ("4. August", "1.7.", "12.01.2025"), id="de"),
        pytest.param("fra den 28. februar. Pr. 1/8", "da", ("28. februar", "1/8"), id="da"),
        pytest.param("le 2 mars, le 1er août 2024", "fr", ("2 mars", "1er août 2024"), id="fr"),
        pytest.param("с 14 июля 2025, 02.04.2025", "ru", ("14 июля 2025", "02.04.2025"), id="ru"),
        pytest.param("el 2 de abril", "es", ("2 de abril",), id="es"),
        pytest.param("il 2 aprile", "it", ("2 aprile",), id="it"),
        pytest.param("op 5 mei", "nl", ("5 mei",), id="nl"),
        pytest.param("den 10 maj", "sv", ("10 maj",), id="sv"),
        pytest.param("den 17. mai", "nb", ("17. mai",), id="nb"),
        pytest.param("avboka tiden den 14 maj. Tack", "sv", ("14 maj",), id="May ends in no full stop"),
        pytest.param("dnia 3 września", "pl", ("3 września",), id="pl"),
        pytest.param("dia 2 de abril de 2025", "pt", ("2 de abril de 2025",), id="pt"),
        pytest.param("24/7, 1/2 inch, 3/4, 14.20, 5.3, 3 chairs may", "en", (), id="what only looks like a date"),
    ],
)  # fmt: skip
def test_dates_are_found_as_written(text: str, language: str, dates: tuple[str, ...]) -> None:
    assert find_particulars(text, language).dates == dates


@pytest.mark.parametrize(
    ("text", "language", "amounts"),
    [
        pytest.param("£34.99 or 40 bucks, $1,140", "en", ("£34.99", "40 bucks", "$1,140"), id="en"),
        pytest.param("238,80 EUR, 1.990 Euro, CHF 3'200.–", "de", ("238,80 EUR", "1.990 Euro", "CHF 3'200.–"), id="de"),
        pytest.param("9.000 kr. og 79 kroner", "da", ("9.000 kr", "79 kroner"), id="da"),
        pytest.param("1 200 € et 290€", "fr", ("1 200 €", "290€"), id="fr"),
        pytest.param("18 000 рублей и 112 400 ₽", "ru", ("18 000 рублей", "112 400 ₽"), id="ru"),
        pytest.param("250 zł", "pl", ("250 zł",), id="pl"),
        pytest.param("R$ 1.386,40", "pt", ("R$ 1.386,40",), id="pt"),
        pytest.param("la 3e fois, 14 ans, 20 %", "fr", (), id="what is no money"),
    ],
)
def test_amounts_are_found_as_written(text: str, language: str, amounts: tuple[str, ...]) -> None:
    assert find_particulars(text, language).amounts == amounts


def test_questions_are_whole_sentences_of_the_customers_own() -> None:
    said = 'He asked "Are you mad?" and left. Is it posted or isn\'t it? I wait.\nWhen, please?'
    assert find_particulars(said, "en").questions == ("Is it posted or isn't it?", "When, please?")


@pytest.mark.parametrize("language", ["en", "und", "xx", "de-AT", "nn", ""])
def test_any_text_in_any_language_is_read(language: str) -> None:
    for text in ("", "?" * 5000, "1 " * 9000, "€" * 9000, "a" * 50_000, "\ud800", "31.12." * 3000):
        find_particulars(text, language)


@pytest.mark.parametrize(
    ("language", "text", "date"),
    [
        ("en", "Charged on 2 and 4 December.", "2 and 4 December"),
        ("en", "The dates 2 and 4 December were agreed.", "2 and 4 December"),
        ("de", "Meine Mails vom 12. und 17. November.", "12. und 17. November"),
        ("fr", "Absents du 3 au 5 mai compris.", "3 au 5 mai"),
        ("ru", "Звонил 3 и 5 мая утром.", "3 и 5 мая"),
    ],
)
def test_days_of_one_month_are_one_date(language: str, text: str, date: str) -> None:
    assert find_particulars(text, language).dates == (date,)
