import pytest

from mailassist.answering.desk import Desk
from mailassist.answering.quoting import said_back
from tests.answering.readings import reading

ENGLISH = Desk().set_for("en").locale


@pytest.mark.parametrize(
    ("said", "how", "tells"),
    [
        pytest.param(
            "I am angry. I ordered the oak shelf on 3 April and nothing came. Goodbye to you all.",
            {"tone": "upset", "intents": ("late_delivery",), "dates": ("3 April",)},
            "I ordered the oak shelf on 3 April and nothing came.",
            id="the sentence with the facts",
        ),
        pytest.param(
            "You idiots. The tub in the cabin was green on 3 April. You make me sick.",
            {"tone": "hostile", "dates": ("3 April",)},
            "The tub in the cabin was green on 3 April.",
            id="the civil fact of a hostile mail",
        ),
        pytest.param(
            "You idiots lost order 30-55817 again.", {"tone": "hostile", "numbers": ("30-55817",)}, "", id="an insult"
        ),
        pytest.param("Such clever people. Such manners.", {"tone": "hostile"}, "", id="no fact in a hostile mail"),
        pytest.param(
            'He wrote "you stupid cow" on 3 April to me.',
            {"tone": "upset", "dates": ("3 April",)},
            "",
            id="others' words",
        ),
        pytest.param("WE ORDERED IT ON 3 APRIL.", {"tone": "upset"}, "", id="shouted"),
        pytest.param("The damn thing broke on 3 April again.", {"dates": ("3 April",)}, "", id="a rude word"),
        pytest.param("Thank you for your help on 3 April.", {"dates": ("3 April",)}, "", id="a courtesy"),
        pytest.param(
            "Your duck was the best I ever had. I took the train on 3 April.",
            {"intents": ("praise_thanks",), "dates": ("3 April",), "evidence": {"praise_thanks": ("the best",)}},
            "Your duck was the best I ever had.",
            id="of praise, the praise",
        ),
        pytest.param(
            "Just a word to say: the roof over the shed is tight after the storm.",
            {"intents": ("praise_thanks",), "evidence": {"praise_thanks": ("tight",)}},
            "The roof over the shed is tight after the storm.",
            id="without the announcement",
        ),
        pytest.param(
            "My husband died on 3 April. Could I pay the bill in May?",
            {"tone": "upset", "intents": ("hardship",), "dates": ("3 April",)},
            "",
            id="no blow of fate",
        ),
        pytest.param(
            "It stood there on 3 April. I know where you live.",
            {"attention": ("threat",)},
            "",
            id="what may be a threat",
        ),
        pytest.param("See https://shop.example/3 for the 3 April one.", {"dates": ("3 April",)}, "", id="a link"),
        pytest.param(
            "The blue kettle leaks since 3 April!",
            {"dates": ("3 April",)},
            "The blue kettle leaks since 3 April.",
            id="without the exclamation mark",
        ),
    ],
)
def test_what_happened_is_told_back_in_a_civil_sentence_of_theirs(said, how, tells):
    assert said_back(reading(said, **how), ENGLISH).tells == tells


@pytest.mark.parametrize(
    ("said", "how", "asks"),
    [
        pytest.param(
            "Hello. Is there a driver for the older one?", {}, ("Is there a driver for the older one?",), id="question"
        ),
        pytest.param(
            "The coat came on 3 April. I'd like that exchanged for the blue one, please.",
            {"tone": "upset", "intents": ("wrong_item",), "dates": ("3 April",)},
            ("I'd like that exchanged for the blue one, please.",),
            id="request",
        ),
        pytest.param(
            "It arrived on Monday. Is the “Lark 2” in stock?",
            {},
            ("Is the “Lark 2” in stock?",),
            id="the name of a thing in quotation marks",
        ),
        pytest.param(
            "I have read it all. And when does it come to us?",
            {},
            ("When does it come to us?",),
            id="without the joiner",
        ),
        pytest.param(
            "I have two questions. Does the cot come with a mattress? Could you deliver it on a Friday?",
            {},
            ("Does the cot come with a mattress?", "Could you deliver it on a Friday?"),
            id="two questions of a calm mail",
        ),
        pytest.param("Since when do you let them serve here?", {"tone": "upset"}, (), id="a rhetorical question"),
        pytest.param("Where is it? I know where you live.", {"attention": ("threat",)}, (), id="what may be a threat"),
        pytest.param("Which of you clowns packed this?", {"tone": "hostile"}, (), id="of a hostile mail none"),
    ],
)
def test_what_they_ask_for_is_said_back_in_their_words(said, how, asks):
    assert said_back(reading(said, **how), ENGLISH).asks == asks
