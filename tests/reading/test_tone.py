"""The tone of what was said: levels, kinds, evidence, thresholds, and any input at all."""

import tomllib
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mailassist.reading.tone import MAYBE, THRESHOLD, judge_tone, tables_for
from mailassist.reading.tone.lexicon import languages, lexicon
from mailassist.reading.tone.text import clean, sentences
from mailassist.values import UNDETERMINED

EVERYDAY = tomllib.loads(Path(__file__).with_name("everyday.toml").read_text("utf-8"))


@pytest.mark.parametrize(
    ("said", "language"),
    [
        pytest.param("YOU ALL NEED TO GET OFF THE INTERNET!", "en", id="english"),
        pytest.param("ВАМ ВСЕМ НУЖНО УБРАТЬСЯ ИЗ ИНТЕРНЕТА!", "ru", id="russian"),
    ],
)
def test_shouting_people_away_is_hostile_shouting(said, language):
    tone = judge_tone(said, language)
    assert (tone.level, tone.kind) == ("hostile", "shouting")


@pytest.mark.parametrize(
    ("said", "language", "kind"),
    [
        pytest.param(
            "I will come over and break your legs, you idiot.", "en", "threat", id="a threat before an insult"
        ),
        pytest.param("Fickt euch, ihr unfähigen Trottel!", "de", "profanity", id="an obscenity before an insult"),
        pytest.param("Vous êtes une bande d'incapables.", "fr", "insult", id="an insult alone"),
        pytest.param(
            "Sale étranger, retourne dans ton pays, connard !", "fr", "harassment", id="harassment before obscenity"
        ),
    ],
)
def test_the_gravest_kind_is_named(said, language, kind):
    assert judge_tone(said, language).kind == kind


@pytest.mark.parametrize(
    ("said", "language", "level"),
    [
        pytest.param("Thank you, the lamp is lovely.", "en", "calm", id="thanks"),
        pytest.param(
            "Ich warte seit drei Wochen, das ist eine Unverschämtheit, ich bin stinksauer!", "de", "upset", id="furious"
        ),
        pytest.param(
            "Cela fait trois semaines que j'attends, c'est inadmissible, je veux être remboursé.",
            "fr",
            "upset",
            id="demand",
        ),
        pytest.param(
            "Hvor er min pakke? Det er tredje gang jeg rykker, jeg er virkelig skuffet.", "da", "upset", id="chasing"
        ),
        pytest.param(
            "Если деньги не вернут, я обращусь в суд. Это безобразие, жду второй месяц!", "ru", "upset", id="legal"
        ),
        pytest.param("Could you tell me your opening hours on Saturday?", "en", "calm", id="question"),
    ],
)
def test_the_level_is_that_of_the_feeling(said, language, level):
    assert judge_tone(said, language).level == level


def test_the_evidence_is_the_customers_own_words_under_the_name_of_the_pattern():
    assert "violence: break your legs" in " ".join(judge_tone("Pay or I will break your legs.", "en").evidence) or any(
        line.startswith("violence: ") for line in judge_tone("Pay or I will break your legs.", "en").evidence
    )


@pytest.mark.parametrize(
    ("said", "level"),
    [
        pytest.param(
            "You are mental, the lot of you, making a wedding cake as wonderful as that! Everybody loved it, my gran "
            "had three slices and cried. Thank you so much from all of us, it was perfect.",
            "calm",
            id="friends",
        ),
        pytest.param(
            "Well done, you idiots. What a wonderful job. Thank you so much for another cake in bits, my gran cried at "
            "the wedding and nobody there even picks up the phone.",
            "hostile",
            id="irony",
        ),
        pytest.param(
            "Bravo, you clowns. Truly wonderful service. Thank you so much for leaving my mother in the rain for two "
            "hours, she really enjoyed that, you useless lot.",
            "hostile",
            id="irony that thanks",
        ),
    ],
)
def test_praise_takes_back_what_friends_call_each_other(said, level):
    assert judge_tone(said, "en").level == level


def test_the_threshold_moves_the_flag_and_never_the_score():
    said = "You people are useless."
    scores = {judge_tone(said, "en", threshold).score for threshold in (0.01, THRESHOLD, 0.99)}
    assert len(scores) == 1
    assert judge_tone(said, "en", threshold=0.01).level == "hostile"
    assert judge_tone("Thank you very much!", "en", threshold=0.99).level == "calm"


def test_the_band_below_the_flag_is_wide():
    assert 0 < MAYBE < THRESHOLD < 1


@pytest.mark.parametrize(
    ("language", "tables"),
    [
        pytest.param("de-CH", "de", id="a region"),
        pytest.param("nn", "nb", id="a neighbour"),
        pytest.param("no", "nb", id="the older tag"),
        pytest.param("ja", "en", id="no tables"),
        pytest.param(UNDETERMINED, "en", id="undetermined"),
    ],
)
def test_a_language_without_tables_is_read_by_its_nearest(language, tables):
    assert tables_for(language) == tables


def test_an_insult_in_english_is_seen_whatever_the_language():
    assert judge_tone("Fuck you, you stupid idiots!", UNDETERMINED).level == "hostile"


@pytest.mark.parametrize(
    "said",
    [
        pytest.param("", id="empty"),
        pytest.param(" \n\t\r\n", id="blanks"),
        pytest.param("😡😡😡 👍", id="emoji"),
        pytest.param("\ud800 lone \udfff", id="lone surrogates"),
        pytest.param("\x00\x1b[31m\u202e", id="controls"),
        pytest.param("Привет hello 你好 שלום", id="mixed scripts"),
        pytest.param("a" * 1_000_000, id="a million letters"),
        pytest.param("idiot " * 100_000, id="one word for ever"),
        pytest.param("*" * 50_000, id="stars"),
        pytest.param('"' * 10_000, id="quotation marks"),
        pytest.param("i d i o t " * 5_000, id="spaced for ever"),
    ],
)
@pytest.mark.parametrize("language", ["en", "ru", "de", UNDETERMINED])
def test_any_text_gets_an_answer(said, language):
    tone = judge_tone(said, language)
    assert 0.0 <= tone.score <= 1.0


@settings(max_examples=150, deadline=None)
@given(st.text(st.characters(), max_size=300), st.sampled_from(sorted(languages())))
def test_no_text_raises_anything(said, language):
    tone = judge_tone(said, language)
    assert (tone.kind is not None) == (tone.level == "hostile")


@pytest.mark.parametrize(
    ("said", "language"),
    [
        pytest.param("I know when you lock up. It would be a shame if that van lost its brakes.", "en", id="en"),
        pytest.param("Ihr Sohn geht allein zur Schule. Überweisen Sie das Geld bis Freitag.", "de", id="de"),
        pytest.param("Jeg har set, hvor du parkerer. Pengene er på min konto inden fredag.", "da", id="da"),
        pytest.param("Votre fille rentre seule le soir. Réfléchissez bien, et rendez-moi mon argent.", "fr", id="fr"),
        pytest.param("Я знаю, где вы паркуетесь. Верните деньги до пятницы.", "ru", id="ru"),
    ],
)
def test_a_threat_that_is_never_said_is_put_together_from_its_parts(said, language):
    assert any(line.startswith("threat in parts: ") for line in judge_tone(said, language).evidence)


@pytest.mark.parametrize(
    ("said", "language"),
    [
        pytest.param("I know when you close, so my brothers will come by tonight to pick up the sofa.", "en", id="en"),
        pytest.param(
            "Mein Bruder und ein paar Freunde kommen heute Abend vorbei, um die Möbel abzuholen.", "de", id="de"
        ),
        pytest.param("Mine brødre kommer i aften og henter sofaen, hils din kone og tak for hjælpen.", "da", id="da"),
        pytest.param("Mes cousins passeront ce soir chercher la table, merci et bonne soirée.", "fr", id="fr"),
        pytest.param("Вечером приеду с братом забрать диван, спасибо.", "ru", id="ru"),
    ],
)
def test_who_comes_to_fetch_a_thing_threatens_nobody(said, language):
    tone = judge_tone(said, language)
    assert tone.level != "hostile"
    assert not any(line.startswith("threat in parts: ") for line in tone.evidence)


@pytest.mark.parametrize(
    "said",
    [
        pytest.param("Ihr Vollidioten, ihr verdammten Betrüger, fickt euch alle!", id="de"),
        pytest.param("Bande de connards, allez tous vous faire foutre !", id="fr"),
        pytest.param("Вы тупые ублюдки, пошли вы к чёрту!", id="ru"),
    ],
)
def test_a_text_in_no_language_that_is_known_is_read_by_the_nearest_tables(said):
    assert judge_tone(said, UNDETERMINED).level == "hostile"


def test_an_undetermined_language_lowers_the_score():
    said = "Ihr Vollidioten, ihr verdammten Betrüger, fickt euch alle!"
    assert judge_tone(said, UNDETERMINED).score < judge_tone(said, "de").score


def test_a_threat_at_the_end_of_a_long_mail_is_read():
    filler = "The kettle arrived on Tuesday and the lid was loose. " * 1_000
    assert judge_tone(filler + "\n\nPay up or I will burn your shop down.", "en").level == "hostile"


@pytest.mark.parametrize("tag", sorted(languages()))
def test_every_table_compiles_and_fills_the_shared_classes(tag):
    symbols = {symbol for symbols in lexicon(tag).exact.values() for symbol in symbols}
    symbols |= {symbol for symbols in lexicon(tag).prefixes.values() for symbol in symbols}
    assert symbols >= {
        "YOU",
        "YE",
        "STAFF",
        "BUNCH",
        "INSULT",
        "OBSCENE",
        "BEAST",
        "STUPID",
        "SWEAR",
        "UPSET",
        "POLITE",
    }


@pytest.mark.parametrize(
    ("word", "language", "symbol"),
    [
        pytest.param("idioooots", "en", "INSULT", id="drawn out"),
        pytest.param("1d10ts", "en", "INSULT", id="digits"),
        pytest.param("f*cking", "en", "SWEAR", id="a star"),
        pytest.param("м*дак", "ru", "OBSCENE", id="a star in cyrillic"),
        pytest.param("mudaki", "ru", "OBSCENE", id="russian in latin letters"),
        pytest.param("daemlich", "de", "STUPID", id="an umlaut as two letters"),
        pytest.param("imbecile", "fr", "INSULT", id="no accent"),
        pytest.param("Vollidioten", "de", "INSULT", id="a compound"),
    ],
)
def test_a_word_is_known_however_it_is_spelled(word, language, symbol):
    assert symbol in lexicon(language).symbols(word)


def test_digits_and_signs_of_an_order_number_hide_no_word():
    assert lexicon("en").symbols("AB-1234.5") == ()


def test_quoted_passages_are_cut_out():
    assert [part.words for part in sentences(clean('He wrote "you stupid cow" to me.'))] == [
        ("He", "wrote", "▪", "to", "me")
    ]


def test_sentences_keep_wrapped_lines_together():
    parts = sentences(clean("this is one sentence\nthat goes on. Here is another!"))
    assert [len(part.words) for part in parts] == [7, 3]


@pytest.mark.parametrize(
    ("word", "language"),
    [pytest.param(word, tag, id=f"{tag}-{word}") for tag, said in EVERYDAY.items() for word in said["words"].split()],
)
def test_no_everyday_word_is_abuse(word, language):
    written = [sentence.format(word) for sentence in EVERYDAY[language]["sentences"]]
    assert not [said for said in written if judge_tone(said, language).level == "hostile"]


@pytest.mark.parametrize(
    ("said", "language"),
    [
        pytest.param(said, tag, id=f"{tag}-{n}")
        for tag, all_ in EVERYDAY.items()
        for n, said in enumerate(all_["friendly"])
    ],
)
def test_friendly_slang_is_not_hostile(said, language):
    assert judge_tone(said, language).level != "hostile"


@pytest.mark.parametrize("language", sorted(languages()))
def test_everyday_words_are_tried_in_every_language(language):
    assert len(EVERYDAY[language]["words"].split()) >= 20


@pytest.mark.parametrize(
    ("said", "language"),
    [
        pytest.param("Sie sind ein Clown.", "de", id="de"),
        pytest.param("You absolute weasel.", "en", id="en"),
        pytest.param("Vous êtes des boulets.", "fr", id="fr"),
        pytest.param("I er nogle klovne.", "da", id="da"),
        pytest.param("Du er en klovn.", "nb", id="nb"),
        pytest.param("Du är en clown.", "sv", id="sv"),
        pytest.param("Je bent een pannenkoek.", "nl", id="nl"),
        pytest.param("Вы тормоза.", "ru", id="ru"),
        pytest.param("Ty potworze!", "pl", id="pl"),
        pytest.param("Sois unos payasos.", "es", id="es"),
        pytest.param("Siete dei maiali.", "it", id="it"),
        pytest.param("Vocês são uns palhaços.", "pt", id="pt"),
    ],
)
def test_who_is_called_an_everyday_word_is_insulted(said, language):
    assert judge_tone(said, language).level == "hostile"


@pytest.mark.parametrize(
    ("said", "language"),
    [
        pytest.param("Haben Sie Hunde?", "de", id="de asked"),
        pytest.param("Ihr Hund war sehr brav.", "de", id="de theirs"),
        pytest.param("Die schwarzen Schuhe sind zu klein.", "de", id="de a colour"),
        pytest.param("Do you have pigs?", "en", id="en asked"),
        pytest.param("Are you dog friendly?", "en", id="en friendly"),
        pytest.param("Your dogs are lovely.", "en", id="en theirs"),
        pytest.param("Har I hunde?", "da", id="da asked"),
        pytest.param("Jeres hund er sød.", "da", id="da theirs"),
        pytest.param("I taber penge på det.", "da", id="da a verb"),
        pytest.param("Har dere hunder?", "nb", id="nb asked"),
        pytest.param("Har ni hundar?", "sv", id="sv asked"),
        pytest.param("Hebben jullie varkens?", "nl", id="nl asked"),
        pytest.param("Vous avez des vers ?", "fr", id="fr asked"),
        pytest.param("У вас собаки есть?", "ru", id="ru asked"),
        pytest.param("Czy macie psy?", "pl", id="pl asked"),
        pytest.param("¿Tenéis perros?", "es", id="es asked"),
        pytest.param("Avete cani?", "it", id="it asked"),
        pytest.param("Vocês têm cães?", "pt", id="pt asked"),
        pytest.param("Seu cachorro é lindo.", "pt", id="pt theirs"),
    ],
)
def test_who_speaks_of_animals_calls_nobody_one(said, language):
    assert judge_tone(said, language).level != "hostile"
