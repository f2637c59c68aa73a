"""The language of what a customer wrote: by the text, and by its context where the text is too little."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from mailassist.errors import ConfigError
from mailassist.reading.language import DETECTORS, Hint, chooser, detect_language, identify_language
from mailassist.reading.language.clean import own_words
from mailassist.reading.language.evidence import evidence
from mailassist.reading.language.mixed import writers_own
from mailassist.reading.language.text import rank
from mailassist.values import UNDETERMINED
from training.language_table import spellings

TEXTS = Path(__file__).parents[2] / "benchmarks" / "texts"

FIVE = {"en", "da", "de", "fr", "ru"}


@pytest.mark.parametrize(
    ("said", "tag"),
    [
        pytest.param("The kettle leaks at the handle, can I send it back?", "en", id="english"),
        pytest.param("Kedlen drypper ved håndtaget, kan jeg sende den retur?", "da", id="danish"),
        pytest.param("Kjelen lekker ved håndtaket, kan jeg sende den i retur til dere?", "nb", id="norwegian"),
        pytest.param("Vattenkokaren läcker vid handtaget, kan jag skicka tillbaka den?", "sv", id="swedish"),
        pytest.param("Der Wasserkocher tropft am Griff, kann ich ihn zurückschicken?", "de", id="german"),
        pytest.param("De waterkoker lekt bij het handvat, kan ik hem terugsturen?", "nl", id="dutch"),
        pytest.param("La bouilloire fuit au niveau de la poignée, puis-je la renvoyer ?", "fr", id="french"),
        pytest.param("El hervidor gotea por el asa, ¿puedo devolverlo?", "es", id="spanish"),
        pytest.param("Il bollitore perde dal manico, posso restituirlo?", "it", id="italian"),
        pytest.param("A chaleira pinga pela pega, posso devolvê-la?", "pt", id="portuguese"),
        pytest.param("Czajnik przecieka przy uchwycie, czy mogę go odesłać?", "pl", id="polish"),
        pytest.param("Vedenkeitin vuotaa kahvasta, voinko palauttaa sen?", "fi", id="finnish"),
        pytest.param("Konvice kape u držadla, můžu ji poslat zpátky?", "cs", id="czech"),
        pytest.param("Чайник подтекает у ручки, можно его вернуть?", "ru", id="russian"),
        pytest.param("Чайник протікає біля ручки, чи можна його повернути?", "uk", id="ukrainian"),
    ],
)
def test_the_language_is_that_of_what_was_said(said: str, tag: str) -> None:
    assert detect_language(said) == tag


@pytest.mark.parametrize(
    ("said", "tag"),
    [
        pytest.param("WO BLEIBT MEIN GELD ICH WARTE SEIT MAI", "de", id="capitals"),
        pytest.param("Koennen Sie mir sagen, wann das Paeckchen kommt?", "de", id="umlauts spelled out"),
        pytest.param("jeg har stadig ikke faaet svar paa min mail", "da", id="aa for å"),
        pytest.param("Kde je muj balik? Cekam uz tri tydny.", "cs", id="no diacritics"),
        pytest.param("Kogda privezut moj zakaz? Ya zhdu uzhe mesyac", "ru", id="transliterated russian"),
        pytest.param("Koly pryvezut moie zamovlennia? Chekaiu vzhe misiats", "uk", id="transliterated ukrainian"),
        pytest.param("wher is my pakage its ben 3 weaks alredy", "en", id="typos"),
        pytest.param(
            "DELETE MY ACCOUNT, NOW! I HAVE ASKED YOU THREE TIMES (IN MAY, IN JUNE AND LAST WEEK) AND NOBODY ANSWERS.",
            "en",
            id="shouted, and no SQL",
        ),
    ],
)
def test_careless_writing_keeps_its_language(said: str, tag: str) -> None:
    assert detect_language(said) == tag


@pytest.mark.parametrize(
    ("said", "tag"),
    [
        pytest.param(
            'Hver gang jeg vil betale, står der "Your card was declined. Please try another card."',
            "da",
            id="quoted error",
        ),
        pytest.param(
            "Jag försöker byta lösenord men då kommer Something went wrong please contact your admin hela tiden",
            "sv",
            id="error without quotation marks",
        ),
        pytest.param(
            "Ja, gerne die blaue.\n\nOn 3 Mar 2025 at 08:15, Shop <shop@example.org> wrote:\n"
            "> We are out of the red one.\n> Would you like the blue one instead?",
            "de",
            id="quoted mail",
        ),
        pytest.param(
            "Oui, envoyez-la.\n\nVon: Laden <laden@example.org>\nGesendet: Montag, 3. März 2025 10:11\nAn: Claire\n"
            "Betreff: Ihre Lampe\n\nGuten Tag, wir könnten Ihnen die grüne Lampe schicken.",
            "fr",
            id="header lines above an unmarked quotation",
        ),
        pytest.param(
            "Czy mogę dostać kopię faktury?\n\nKind regards,\nAnna Nowak\nHead of Purchasing\nPhone: +48 22 123 45 67\n"
            "This message is confidential and intended for the addressee only.",
            "pl",
            id="foreign signature",
        ),
        pytest.param(
            "Sinds de update start hij niet meer:\n2025-03-02 10:11:12 ERROR could not connect to the database\n"
            "Traceback (most recent call last):\nWat nu?",
            "nl",
            id="log",
        ),
        pytest.param("Ho ordinato il Wireless Charging Dock e non il Travel Power Bank", "it", id="names of products"),
        pytest.param("Мой Samsung Galaxy Tab не видит Google Play Store", "ru", id="latin names in cyrillic"),
    ],
)
def test_what_was_copied_in_does_not_decide(said: str, tag: str) -> None:
    assert detect_language(said) == tag


@pytest.mark.parametrize(
    "said",
    [
        "",
        "??",
        "ok thanks",
        "Danke!",
        "Tak",
        "12345",
        "Anna Kowalski",
        "👍👍",
        "RE: 4711",
        "IMG_2041.jpg",
        "ff d8 ff e0",
        "Mar 12 10:15:01 web2 CRON[2211]: (root) CMD (run-parts /etc/cron.hourly)",
        "iVBORw0KGgoAAAANSUhEUgAAAAEAAAAB" * 9,
    ],
)
def test_too_little_to_tell_is_undetermined(said: str) -> None:
    assert detect_language(said) == "und"
    assert identify_language(said).probability == 0.0


@pytest.mark.parametrize(
    ("said", "tag"),
    [
        pytest.param("¿Dónde está mi pedido? Llevo dos semanas esperando.", "es", id="spanish"),
        pytest.param("Unde este comanda mea? Aștept de două săptămâni.", "ro", id="romanian"),
        pytest.param("Къде е поръчката ми? Чакам вече две седмици.", "bg", id="bulgarian, not russian"),
        pytest.param("Waar is my bestelling? Ek wag al twee weke en niemand antwoord nie.", "af", id="afrikaans"),
        pytest.param("Πού είναι η παραγγελία μου;", "el", id="greek"),
        pytest.param("我的订单在哪里？", "zh", id="chinese"),
    ],
)
def test_a_language_that_cannot_be_answered_in_is_not_taken_for_its_neighbour(said: str, tag: str) -> None:
    assert detect_language(said, FIVE) == tag


@pytest.mark.parametrize(
    ("hints", "tag", "source"),
    [
        pytest.param([Hint("thread", "da"), Hint("sender", "de")], "da", "thread", id="thread before sender"),
        pytest.param([Hint("default", "en"), Hint("header", "fr-CA")], "fr", "header", id="header before default"),
        pytest.param([Hint("default", "en")], "en", "default", id="default"),
        pytest.param([Hint("thread", ""), Hint("sender", "und")], "und", "text", id="no hint that says anything"),
    ],
)
def test_where_the_text_is_too_little_its_context_decides(hints: list[Hint], tag: str, source: str) -> None:
    detection = identify_language("ok thanks", FIVE, hints)
    assert (detection.tag, detection.source) == (tag, source)
    assert detection.because.startswith("text: too few words")


def test_the_text_outranks_its_context() -> None:
    hints = [Hint("thread", "en"), Hint("sender", "en"), Hint("header", "en"), Hint("default", "en")]
    detection = identify_language("Hvornår bliver min lampe leveret?", FIVE, hints)
    assert (detection.tag, detection.source) == ("da", "text")


def test_an_override_outranks_the_text() -> None:
    detection = identify_language("Hvornår bliver min lampe leveret?", FIVE, [Hint("override", "en")])
    assert (detection.tag, detection.source, detection.probability) == ("en", "override", 1.0)


def test_a_thread_tips_the_balance_between_neighbours() -> None:
    said = "Kan jeg hente den på lørdag?"
    assert identify_language(said, None, [Hint("thread", "nb")]).tag == "nb"
    assert identify_language(said, None, [Hint("thread", "da")]).tag == "da"


def test_every_step_is_told() -> None:
    assert identify_language("wo ist mein paket?").because == "text: 4 words, 4 of them known in de"
    assert identify_language("ok", hints=[Hint("sender", "de")]).because.endswith("; sender: de")


@pytest.mark.parametrize(
    "said",
    [
        "a" * 200_000,
        "QUJD" * 50_000,
        "😀" * 50_000,
        "漢字" * 100_000,
        "Aa: b\n" * 30_000,
        "> x\n" * 50_000,
        "'" * 200_000,
        "\ud800 hej\x00 med\u200b dig",
        "<" * 200_000,
        "12:30 a@b 2024 " * 13_000,
    ],
    ids=["letters", "base64", "emoji", "han", "labels", "quotes", "marks", "surrogates", "brackets", "stamps"],
)
def test_nothing_raises(said: str) -> None:
    assert isinstance(detect_language(said), str)


def test_only_the_beginning_of_a_long_text_is_read() -> None:
    assert len(own_words("Hvor er min pakke? " * 20_000)[1]) < 10_000


def test_zero_width_characters_inside_words_do_not_count() -> None:
    assert detect_language("H\u200bvor er m\u200bin pak\u00adke? Jeg har ven\u200btet i tre uger.") == "da"


def test_threads_and_processes_agree_from_the_first_call() -> None:
    script = (
        "from concurrent.futures import ThreadPoolExecutor as Pool\n"
        "from mailassist import identify_language\n"
        "with Pool(8) as pool: answers = set(pool.map(identify_language, ['Hvor er min pakke, jeg venter'] * 16))\n"
        "print(answers)"
    )
    answers = {
        subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True).stdout
        for _ in range(2)
    }
    assert answers == {f"{ {identify_language('Hvor er min pakke, jeg venter')} }\n"}


def test_the_tables_are_not_loaded_before_they_are_needed() -> None:
    script = "import sys, mailassist.reading.language; print('langdetect' in sys.modules)"
    assert (
        subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True).stdout == "False\n"
    )


def test_most_texts_of_the_benchmark_are_right_and_few_are_wrong() -> None:
    lines = [line for path in TEXTS.glob("language*.jsonl") for line in path.read_text("utf-8").splitlines()]
    items = [item for item in map(json.loads, lines) if item["kind"] != "other"]
    found = [(item["lang"], detect_language(item["text"])) for item in items]
    assert sum(lang == tag for lang, tag in found) >= 0.975 * len(found)
    assert sum(tag not in (lang, "und") for lang, tag in found) <= 0.012 * len(found)


def test_the_part_with_an_i_is_the_writers_own() -> None:
    said = "Ich sehe nur Please contact your administrator to renew the licence und mein Programm startet nicht"
    script, text = own_words(said)
    ranked = rank(evidence(text), script, {})
    own, other = writers_own(text, ranked)
    assert other == "en"
    assert "licence" not in own.split()
    assert "programm" in own.split() or "startet" in own.split()


@pytest.mark.parametrize(
    ("tag", "word", "spelled"),
    [
        pytest.param("de", "für", {"für", "fur", "fuer"}, id="umlaut"),
        pytest.param("da", "få", {"få", "fa", "faa"}, id="ring"),
        pytest.param("pl", "źle", {"źle", "zle"}, id="polish"),
        pytest.param("en", "the", {"the"}, id="nothing to spell otherwise"),
    ],
)
def test_words_are_known_without_their_accents(tag: str, word: str, spelled: set[str]) -> None:
    assert {spelling for spelling, _ in spellings(word, tag)} == spelled


def test_the_most_usual_transliteration_weighs_the_most() -> None:
    found = dict(spellings("жду", "ru-Latn"))
    assert max(found, key=found.__getitem__) == "zhdu"
    assert "jdu" in found


def test_an_unknown_detector_is_a_fault_of_the_configuration() -> None:
    with pytest.raises(ConfigError, match=r"there is no cld3; choose from langdetect, py3langid, lingua"):
        chooser("langdetect+cld3")


@pytest.mark.parametrize("name", DETECTORS)
def test_every_detector_answers_behind_the_same_cleaner(name: str) -> None:
    try:
        detection = identify_language('Ich bekomme immer "Payment declined", was nun?', detector=f"langdetect+{name}")
    except ConfigError as error:
        pytest.skip(str(error))
    assert detection.tag == "de"


@pytest.mark.parametrize(
    "said", ["Hei\n\nNår sendes den?", "Hei\n\nDere skrev at ordre 5512 er pakket. Når sendes den?"]
)
def test_a_short_mail_is_told_by_its_salutation_too(said: str) -> None:
    assert identify_language(said, {"da", "nb", "sv"}).tag in {"nb", UNDETERMINED}
