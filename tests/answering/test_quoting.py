import pytest

from mailassist.answering.desk import Desk
from mailassist.answering.quoting import telling_sentence
from tests.answering.readings import reading

ENGLISH = Desk().set_for("en").locale


@pytest.mark.parametrize(
    ("said", "how", "quoted"),
    [
        pytest.param(
            "Hello. Is there a driver for the older one?", {}, "Is there a driver for the older one?", id="question"
        ),
        pytest.param(
            "I am angry. I ordered on 3 April and nothing came. Goodbye to you all.",
            {"tone": "upset", "intents": ("late_delivery",), "dates": ("3 April",)},
            "I ordered on 3 April and nothing came.",
            id="the sentence with the facts",
        ),
        pytest.param(
            'He wrote "you stupid cow" on 3 April to me.',
            {"tone": "upset", "dates": ("3 April",)},
            "",
            id="others' words",
        ),
        pytest.param(
            "You idiots lost order 30-55817 again.", {"tone": "hostile", "numbers": ("30-55817",)}, "", id="hostile"
        ),
        pytest.param("WHERE IS MY ORDER FROM 3 APRIL?", {"tone": "upset"}, "", id="shouted"),
        pytest.param("The damn thing broke on 3 April again.", {"dates": ("3 April",)}, "", id="a rude word"),
        pytest.param("Thank you for your help on 3 April.", {"dates": ("3 April",)}, "", id="a courtesy"),
        pytest.param(
            "I took the train on 3 April. Your duck was the best I ever had.",
            {"intents": ("praise_thanks",), "dates": ("3 April",), "evidence": {"praise_thanks": ("the best",)}},
            "Your duck was the best I ever had.",
            id="of praise, the praise",
        ),
        pytest.param(
            "I'd like that exchanged, please do it. It came on 3 April.",
            {"intents": ("wrong_item",)},
            "I'd like that exchanged, please do it.",
            id="the request",
        ),
        pytest.param(
            "One pixel of it is dead, lower left. Is this covered?",
            {"intents": ("defective",), "evidence": {"defective": ("dead",)}},
            "One pixel of it is dead, lower left. Is this covered?",
            id="a short question with the sentence before it",
        ),
        pytest.param(
            "I am rather tired of this. When is it coming?",
            {"tone": "upset", "intents": ("late_delivery",)},
            "When is it coming?",
            id="a short question without the feeling before it",
        ),
        pytest.param(
            "Is the “Lark 2” in stock? It was on 3 April.",
            {},
            "Is the “Lark 2” in stock?",
            id="the name of a thing in quotation marks",
        ),
        pytest.param("I have read it all. And when does it come to us?", {}, "When does it come to us?", id="joined"),
        pytest.param(
            "Just a word to say: the roof is tight after the storm.",
            {"intents": ("praise_thanks",), "evidence": {"praise_thanks": ("tight",)}},
            "The roof is tight after the storm.",
            id="without the announcement",
        ),
        pytest.param("Where is it? I know where you live.", {"attention": ("threat",)}, "", id="what may be a threat"),
        pytest.param("Since when do you let them serve here?", {"tone": "upset"}, "", id="a rhetorical question"),
        pytest.param("See https://shop.example/3 for the 3 April one.", {"dates": ("3 April",)}, "", id="a link"),
    ],
)
def test_only_a_telling_and_harmless_sentence_is_said_back(said, how, quoted):
    assert telling_sentence(reading(said, **how), ENGLISH)[0] == quoted
