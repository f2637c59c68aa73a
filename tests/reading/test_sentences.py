import pytest

from mailassist.reading.sentences import split_sentences, without_joiner, without_salutation


@pytest.mark.parametrize(
    ("language", "text", "sentences"),
    [
        pytest.param("de", "Ich habe sie am 4. August bestellt.", 1, id="a day and its month"),
        pytest.param("de", "Seit dem 4. Wann kommt sie?", 2, id="an ordinal that ends a sentence"),
        pytest.param("de", "Bitte im 2. Stock klingeln, z. B. Montag, bei Dr. Hollenbach in St. Pölten.", 1, id="abbr"),
        pytest.param("de", "Das kostet Fr. 178.– statt 2.800 Euro. Wieso?", 2, id="figures"),
        pytest.param("de", "Mir fehlt Nr. 5 der Lieferung.", 1, id="a number"),
        pytest.param(
            "da", "Den kom torsdag kl. 10. Det koster 18.995 kr. Hvor er den?", 3, id="danish time and amount"
        ),
        pytest.param("da", "Jeg fik den d. 4. maj og igen den 5. Hvad nu?", 2, id="danish ordinals"),
        pytest.param("en", "It came at 5 p.m. The driver left it with J. R. Smith.", 2, id="a time and initials"),
        pytest.param(
            "en", "It cost 45. Now it costs 60.", 2, id="a figure ends a sentence where there are no ordinals"
        ),
        pytest.param("en", "i ordered it last week. where is it. please tell me", 3, id="all small"),
        pytest.param("en", "I said no. Then no. 5 came.", 2, id="a word that is an abbreviation before a figure"),
        pytest.param("en", "The boots (return no. R-61180) came back.", 1, id="a number with letters"),
        pytest.param("fr", "Il n'y a rien de tel. Merci de me répondre.", 2, id="a word, no telephone"),
        pytest.param("da", "Jeg fik den. Hvad nu? Bilen er min. Og nu?", 4, id="words that are no abbreviations"),
        pytest.param("fr", "M. Dupont est venu à 9 h. Nous attendons. Voir l'art. 5 du contrat.", 3, id="french"),
        pytest.param("ru", "Я заплатил 164 000 руб. Где заказ, купленный в 2024 г. на ул. Ленина?", 2, id="russian"),
        pytest.param("pl", "Zamówienie z 4. maja nie przyszło, np. Paczka. Dlaczego?", 2, id="polish"),
        pytest.param("es", "Hablé con la Sra. Gómez a las 5 p.m. Nadie llamó.", 2, id="spanish"),
        pytest.param("it", "Ho parlato con il sig. Rossi, la dott.ssa Bianchi ecc. Nessuno risponde.", 2, id="italian"),
        pytest.param("nl", "De heer J. de Vries belde i.v.m. Uw factuur. Klopt die?", 2, id="dutch"),
        pytest.param("sv", "Leveransen skulle komma kl. 10. Den kom inte.", 2, id="swedish"),
        pytest.param("da", "Vi flytter pr. 1. december. Vil I rette det?", 2, id="danish abbreviation before a day"),
        pytest.param("nb", "Jeg bestilte den 4. mai, bl.a. Stolen. Hvor er den?", 2, id="norwegian"),
        pytest.param("pt", "Falei com a Dra. Sousa no dia 3. Ninguém respondeu.", 2, id="portuguese"),
        pytest.param("en", "Hello,\nit has not come\nyet. Where is it?\n- the lamp\n- the desk", 4, id="lines"),
    ],
)
def test_a_text_is_split_where_its_sentences_end(language, text, sentences):
    found = split_sentences(text, language)
    assert len(found) == sentences, found


@pytest.mark.parametrize(
    ("language", "sentence", "alone"),
    [
        pytest.param("en", "And when does it come?", "When does it come?", id="and"),
        pytest.param("de", "Also habe ich angerufen.", "Also habe ich angerufen.", id="turned round"),
        pytest.param("de", "Also wann kommt er?", "Wann kommt er?", id="a question"),
    ],
)
def test_a_sentence_stands_alone_without_the_word_that_joins_it(language, sentence, alone):
    assert without_joiner(sentence, language) == alone


def test_a_sentence_that_a_client_broke_into_lines_is_whole():
    text = "I ordered the desk on the third of May to be here by\nMonday, which it is not. Where is it?"
    assert split_sentences(text, "en")[0].endswith("here by Monday, which it is not.")


@pytest.mark.parametrize(
    ("language", "sentence", "rest"),
    [
        pytest.param("de", "Guten Tag, fertigen Sie auch Regale an?", "Fertigen Sie auch Regale an?", id="german"),
        pytest.param("en", "Hi Ruth, does it fit?", "Does it fit?", id="with a name"),
        pytest.param("ru", "Здравствуйте, очки готовы?", "Очки готовы?", id="russian"),
        pytest.param("en", "Hide it, please.", "Hide it, please.", id="a word that only begins like one"),
        pytest.param("en", "Hello.", "Hello.", id="nothing else"),
        pytest.param(
            "en", "Dear me how long it took you to answer this, it is odd.", None, id="too far from the comma"
        ),
    ],
)
def test_the_matter_begins_behind_the_salutation(language, sentence, rest):
    assert without_salutation(sentence, language) == (rest or sentence)
