"""The name a mail is signed with."""

import pytest

from mailassist.reading.particulars.signed import find_signature


@pytest.mark.parametrize(
    ("text", "language", "name"),
    [
        pytest.param("It broke.\n\nKind regards,\nVerity Lomax", "en", "Verity Lomax", id="below a formula"),
        pytest.param("It broke.\nThanks, Anneke", "en", "Anneke", id="behind a formula"),
        pytest.param("Is it done? Cheers, Jim", "en", "Jim", id="in the last line"),
        pytest.param("It broke again.\n\nGraham Tully\n01632 960 233", "en", "Graham Tully", id="above a telephone"),
        pytest.param("It broke.\n\nFiona Galbraith\nGalbraith Marine Supplies", "en", "Fiona Galbraith", id="company"),
        pytest.param("Will it come?\n\nAmara Nwosu\nOrder 30-55817", "en", "Amara Nwosu", id="above an order"),
        pytest.param("Shoot me an email.\n\n- Dex", "en", "Dex", id="behind a dash"),
        pytest.param("It broke.\n\nYours sincerely,\nDr Oyelaran", "en", "Dr Oyelaran", id="with a title"),
        pytest.param("Thank you.\nBest\nHugh and Orla Bannerman", "en", "Hugh and Orla Bannerman", id="two people"),
        pytest.param("Nein.\n\nMit freundlichen Grüßen\nIng. W. Prohaska, Wien", "de", "Ing. W. Prohaska", id="de"),
        pytest.param("Wann kommt jemand?\n\nGruß aus Husum\nHauke Petersen", "de", "Hauke Petersen", id="de place"),
        pytest.param("Danke!\nViele Grüße, Familie Sandkühler", "de", "Familie Sandkühler", id="de family"),
        pytest.param("Kundenr. 30-118.\nMvh Ib Thygesen", "da", "Ib Thygesen", id="da"),
        pytest.param("Hilsen Lise og Abdi (kundenr. 2207)", "da", "Lise og Abdi", id="da with a number"),
        pytest.param("Kan det slukkes?\nHilsen Helle i Birkerød", "da", "Helle", id="da place"),
        pytest.param("Merci d'avance, Mme Ollivier", "fr", "Mme Ollivier", id="fr"),
        pytest.param("Un tout grand merci,\nMarie-Claire, Namur", "fr", "Marie-Claire", id="fr place"),
        pytest.param("С уважением,\nЛев Аркадьевич Шнитко", "ru", "Лев Аркадьевич Шнитко", id="ru patronymic"),
        pytest.param("Очки мои готовы? Петрова Ж. А.", "ru", "Петрова Ж. А.", id="ru in the last line"),
        pytest.param("Un saludo,\nMarta Izquierdo", "es", "Marta Izquierdo", id="es"),
        pytest.param("Cordiali saluti\nKatia e Loris", "it", "Katia e Loris", id="it"),
        pytest.param("Groetjes uit Gent, Stefanie", "nl", "Stefanie", id="nl place"),
        pytest.param("Mvh familjen Norén", "sv", "familjen Norén", id="sv family"),
        pytest.param("Kan jeg bytte?\n\nEspen", "nb", "Espen", id="nb alone"),
        pytest.param("Pozdrawiam\nAnna Kowalska", "pl", "Anna Kowalska", id="pl"),
        pytest.param("Cumprimentos,\nTeresa Vilhena", "pt", "Teresa Vilhena", id="pt"),
        pytest.param("Med venlig hilsen / Regnar Krogh", "da", "Regnar Krogh", id="da behind a slash"),
        pytest.param("Grazie mille.\nChiara Quorni", "it", "Chiara Quorni", id="it below thanks that go on"),
        pytest.param("Danke Ihnen.\nE. Quorn", "de", "E. Quorn", id="de below thanks to us"),
        pytest.param("Dat is alles.\nMevr. T. Quornstra", "nl", "Mevr. T. Quornstra", id="nl initial like a formula"),
        pytest.param("Yours,\nMaj. (ret'd) A. Quorn", "en", "Maj A. Quorn", id="in brackets behind the title"),
        pytest.param("Gruß\nProf. i. R. H. Quorn", "de", "Prof. H. Quorn", id="de retired"),
        pytest.param("É tudo.\n\nVera d'Almeirim", "pt", "Vera d'Almeirim", id="pt elided"),
        pytest.param("Judith Ames", "en", "Judith Ames", id="the signature alone"),
        pytest.param("Thanks\nTom\n\nSent from my iPhone", "en", "Tom", id="above a device line"),
    ],
)  # fmt: skip
def test_the_name_is_the_one_signed_with(text: str, language: str, name: str) -> None:
    assert find_signature(text, language).name == name


@pytest.mark.parametrize(
    ("text", "language"),
    [
        pytest.param("Hello Marcus,\nplease end our contract.", "en", id="a greeting to us"),
        pytest.param("Where is it?\n\nSent from my iPhone", "en", id="a device"),
        pytest.param("It broke.\n\nKind regards", "en", id="a formula alone"),
        pytest.param("It broke.\nThanks!", "en", id="thanks alone"),
        pytest.param("It broke.\nRegards,\nAccounts Department", "en", id="a department"),
        pytest.param("It broke.\nRegards,\nACME Widgets Ltd", "en", id="a company"),
        pytest.param("It broke.\nnobody@example.org", "en", id="an address"),
        pytest.param("Where is it. order 771-2093", "en", id="a number"),
        pytest.param("Schlaft weiter, ihr Nulpen.", "de", id="an insult behind a pronoun"),
        pytest.param("GEBT MIR MEIN GELD", "de", id="capitals"),
        pytest.param("Neun. Wochen. Auf. Umzugskartons.", "de", id="short sentences"),
        pytest.param("", "en", id="nothing"),
        pytest.param("\n\n", "en", id="empty lines"),
    ],
)
def test_what_is_no_name_is_not_taken_for_one(text: str, language: str) -> None:
    assert find_signature(text, language).name == ""


@pytest.mark.parametrize("text", ["Hi " * 4000, "A. " * 4000, "a, " * 4000, "\n" * 9000, "- " * 5000, "(" * 9000])
def test_any_text_is_read(text: str) -> None:
    find_signature(text, "en")


def test_the_last_word_is_a_signature_where_the_from_field_has_it() -> None:
    text = "Please cancel my place on 28 May, 15:00. Leila"
    assert find_signature(text, "en", "Leila Hassan").name == "Leila"
    assert find_signature(text, "en", "Ruth Hassan").name == ""


@pytest.mark.parametrize(
    ("text", "language", "plain"),
    [
        pytest.param("Where is it?\n\nTawhiri Quorn", "en", True, id="a line of its own"),
        pytest.param("send the right ones, ord 5593-AU\n\nMokka", "en", True, id="a paragraph of its own"),
        pytest.param("Where is it? Cheers, Mokka", "en", True, id="behind a formula"),
        pytest.param("Where is it?\nCheers\nTawhiri Quorn", "en", True, id="below a formula"),
        pytest.param("i have waited for weeks for the new\nKettle", "en", False, id="a sentence broken off"),
        pytest.param("my copper kettle leaks.\n\nCopper Kettle", "en", False, id="the mail has the words too"),
        pytest.param("Where is it?\n\nTAWHIRI", "en", False, id="shouted"),
        pytest.param("Wo bleibt es?\n\nEine Quornin", "de", False, id="an article"),
        pytest.param("Where is it?\n\nClowns", "en", False, id="an insult"),
        pytest.param("Where is it?\n\nGet Stuffed", "en", False, id="everyday words"),
        pytest.param("Where is it? - Mokka", "en", False, id="behind a dash"),
    ],
)
def test_its_place_and_its_letters_show_that_a_name_is_one(text: str, language: str, plain: bool) -> None:
    assert find_signature(f"The subject\n{text}", language).plain is plain
