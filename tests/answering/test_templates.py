"""A template set and its faults: each is told with file, line and the fix, and the shipped set stands in."""

import shutil
from typing import get_args

import pytest

from mailassist.answering.desk import Desk
from mailassist.answering.templates import STRATEGIES, available, load_set, tidy
from mailassist.answering.wording import check_templates, own_faults
from mailassist.errors import TemplateError
from mailassist.shipped import shipped
from mailassist.values import Aspect
from tests.answering.readings import draft, reading

SHIPPED = shipped("templates")


@pytest.fixture
def own(tmp_path):
    (tmp_path / "en").mkdir()
    return tmp_path / "en"


def faults(folder):
    return [str(one) for one in check_templates(load_set("en", (folder.parent, SHIPPED)))]


def made(folder, strategy="thank", **how):
    return draft(reading(**how), Desk(roots=(folder.parent, SHIPPED)), strategy=strategy)


def test_an_own_layout_lies_over_the_shipped_one(own):
    (own / "thank.txt.j2").write_text("{{ greeting }}\n\nMany thanks from all of us.\n\n{{ close }}\n")
    assert "Many thanks from all of us." in made(own).body
    assert faults(own) == []


def test_a_layout_without_a_place_for_their_words_says_the_matter_in_ours(own):
    (own / "acknowledge_and_fix.txt.j2").write_text("{{ greeting }}\n\n{{ restate }}\n\n{{ step }}\n\n{{ close }}\n")
    body = made(own, "acknowledge_and_fix", intents=("wrong_item",), tone="upset").body
    assert "is not the right one" in body or "not what you need" in body


def test_an_own_sentence_lies_over_the_shipped_one(own):
    (own / "blocks.toml").write_text('[door]\nany = ["The door is open."]\n')
    assert "The door is open." in made(own).body


def test_an_own_greeting_lies_over_the_shipped_one(own):
    (own / "set.toml").write_text('[greeting]\nnobody = "Good day,"\n')
    assert made(own).body.startswith("Good day,")


@pytest.mark.parametrize(
    ("file", "text", "line", "said"),
    [
        pytest.param("thank.txt.j2", "{{ greeting }}\n{% if %}", 2, "mend it", id="does not compile"),
        pytest.param("thank.txt.j2", "{{ greeting }}\n\n{{ nmae }}", 3, "{{ nmae }} is not known", id="unknown name"),
        pytest.param("thank.txt.j2", "\nOur policy is this.", 2, "'Our policy' makes it worse", id="a trigger phrase"),
        pytest.param("blocks.toml", '[door]\nany = ["{{ x"]', 2, "mend it", id="a sentence that does not compile"),
        pytest.param("blocks.toml", '[door]\nany = ["a",\n"{{ who }}"]', 3, "{{ who }}", id="unknown in a sentence"),
        pytest.param("blocks.toml", '[doors]\nany = ["a"]', 1, "no block [doors]", id="unknown block"),
        pytest.param("blocks.toml", '[door]\nlate = ["a"]', 2, "no such key", id="unknown key"),
        pytest.param("blocks.toml", '[door]\nany = "a"', 2, "list of sentences", id="no list"),
        pytest.param("blocks.toml", "[door]\nany = x", 2, "not valid TOML", id="no TOML"),
        pytest.param("set.toml", "[locale]\ndate = '{tag}'", 2, "locale.date", id="unknown part of a date"),
        pytest.param("set.toml", "[locale]\nmonths = ['a']", 2, "write 12 texts", id="months missing"),
        pytest.param(
            "set.toml", "[[variant]]\ngreeting = { full = '{n}' }", 0, "'n'} is no name", id="a greeting"
        ),
        pytest.param("set.toml", "[greetings]\nnobody = 'x'", 0, "greetings: there is no such key", id="unknown table"),
        pytest.param("set.toml", "[reply]\nprefix = 3", 2, "write a text", id="wrong type"),
        pytest.param("set.toml", "[boundary]\ncues = ['(']", 0, "no pattern", id="a pattern that does not compile"),
    ],
)  # fmt: skip
def test_a_fault_is_told_with_file_line_and_fix(own, file, text, line, said):
    (own / file).write_text(text)
    told = faults(own)
    assert any(said in one for one in told), told
    where = f"{own / file}:{line}:" if line else f"{own / file}"
    assert any(one.startswith(where) for one in told), told


@pytest.mark.parametrize(
    "text", ["{% if %}", "{{ nmae }}", "{{ greeting.x.y }}", "{{ ''.__class__.__mro__ }}", "{{ 1 // 0 }}"]
)
def test_a_faulty_layout_falls_back_to_the_shipped_one(own, text):
    (own / "thank.txt.j2").write_text(text)
    assert made(own).body == draft(reading(), strategy="thank").body


def test_a_faulty_sentence_is_passed_over(own):
    (own / "blocks.toml").write_text('[door]\nany = ["{{ x", "The door is open."]\n')
    assert "The door is open." in made(own).body


@pytest.mark.parametrize(
    ("file", "text"),
    [
        pytest.param("thank.txt.j2", "{{ greeting }}\n\nOur policy is this.\n", id="layout"),
        pytest.param("blocks.toml", '[door]\nany = ["It is our policy to help."]\n', id="sentence"),
        pytest.param("blocks.toml", '[door]\nany = ["{{ who }}"]\n', id="a name it does not know"),
        pytest.param("blocks.toml", '[door]\nany = "one"\n', id="no list"),
        pytest.param("blocks.toml", 'door = "one"\n', id="no table"),
    ],
)
def test_what_makes_it_worse_or_cannot_be_used_falls_back_to_the_shipped_words(own, file, text):
    (own / file).write_text(text)
    assert faults(own)
    assert made(own).body == draft(reading(), strategy="thank").body


BROKEN = [
    pytest.param("[locale\n", id="no TOML"),
    pytest.param("", id="empty"),
    pytest.param("locale = 3\n", id="no table"),
    pytest.param("[locale]\nmonths = 'June'\nquotes = ['«']\nlist = [1, 2]\n", id="wrong types"),
    pytest.param("variant = 3\ntrigger = ['x']\n", id="no tables"),
    pytest.param("[[trigger]]\nphrase = '('\n[[variant]]\nwhen = 'x'\n", id="wrong triggers and variants"),
    pytest.param("[greeting]\nnobody = '{0} {x'\n[names]\ntitles = ['a']\nsurname = '('\n", id="names"),
    pytest.param("[sentences]\nunquotable = ['(']\n[boundary]\ncues = 'x'\n", id="patterns"),
    pytest.param("[gaps]\nphone = 3\n[durations]\n1h = 1\n[reply]\nprefix = []\n", id="no texts"),
]


@pytest.mark.parametrize("text", BROKEN)
def test_a_broken_set_toml_over_a_shipped_one_is_told_and_changes_nothing(own, text):
    (own / "set.toml").write_text(text)
    assert text == "" or faults(own)
    assert made(own).body == draft(reading(), strategy="thank").body


@pytest.mark.parametrize("text", BROKEN)
def test_a_new_language_with_a_broken_set_toml_is_told_with_its_file(tmp_path, text):
    shutil.copytree(SHIPPED / "en", tmp_path / "fi")
    (tmp_path / "fi" / "set.toml").write_text(text)
    desk = Desk(roots=(tmp_path, SHIPPED))
    assert check_templates(load_set("fi", desk.roots))
    with pytest.raises(TemplateError, match=r"fi/set\.toml") as told:
        draft(reading(language="fi"), desk)
    assert told.value.path == str(tmp_path / "fi" / "set.toml")


def test_a_new_language_that_lacks_a_layout_is_told_and_written_in_the_shipped_order(tmp_path):
    shutil.copytree(SHIPPED / "en", tmp_path / "fi")
    (tmp_path / "fi" / "thank.txt.j2").unlink()
    desk = Desk(roots=(tmp_path, SHIPPED))
    assert any("thank.txt.j2: this strategy is missing" in str(one) for one in check_templates(desk.set_for("fi")))
    assert draft(reading(language="fi"), desk, strategy="thank").body == draft(reading(), strategy="thank").body


def test_a_set_without_sentences_writes_no_empty_draft(tmp_path):
    (tmp_path / "fi").mkdir()
    shutil.copy(SHIPPED / "en" / "set.toml", tmp_path / "fi")
    with pytest.raises(TemplateError, match=r"fi/blocks\.toml: it has no sentences for thank"):
        draft(reading(language="fi"), Desk(roots=(tmp_path, SHIPPED)), strategy="thank")


def test_only_what_is_the_owners_is_told_at_the_start(own):
    assert own_faults((own.parent / "none", SHIPPED)) == []
    (own / "thank.txt.j2").write_text("{{ nmae }}")
    (fault,) = own_faults((own.parent, SHIPPED))
    assert str(fault).startswith(f"{own / 'thank.txt.j2'}:1: {{{{ nmae }}}} is not known")


def test_a_variety_without_a_set_is_answered_by_its_language():
    assert Desk().set_for("en-GB").tag == "en"
    assert Desk().set_for("xx") is None


def test_a_variety_lies_over_its_language_and_is_taken_where_the_customer_writes_it(tmp_path):
    (tmp_path / "en-GB").mkdir(parents=True)
    (tmp_path / "en-GB" / "blocks.toml").write_text('[door]\nany = ["Do call in."]\n')
    (tmp_path / "en").mkdir()
    (tmp_path / "en" / "set.toml").write_text("[[variant]]\nwhen = ['\\bcolour\\b']\nset = 'en-GB'\n")
    desk = Desk(roots=(tmp_path, SHIPPED), quote=False)
    variety = desk.set_for("en-GB")
    assert (variety.tag, variety.fault, set(variety.layouts)) == ("en-GB", None, set(STRATEGIES))
    said, other = (draft(reading(f"A fine {word}."), desk, strategy="thank").body for word in ("colour", "color"))
    assert "Do call in." in said
    assert "Do call in." not in other


@pytest.mark.parametrize("tag", available((SHIPPED,)))
def test_a_shipped_set_has_every_strategy_and_every_block_of_english(tag):
    english, other = load_set("en", (SHIPPED,)), load_set(tag, (SHIPPED,))
    assert set(other.layouts) == set(STRATEGIES)
    lacking = {(block, key) for block, table in english.blocks.items() for key in table} - {
        (block, key) for block, table in other.blocks.items() for key in table
    }
    exact = {(block, key) for block, key in lacking if key.rpartition("-")[2] in get_args(Aspect)}  # no set needs them
    assert lacking - exact == set()


@pytest.mark.parametrize("tag", available((SHIPPED,)))
def test_each_list_ends_with_a_sentence_that_needs_nothing(tag):
    from mailassist.answering.templates import ALWAYS, _compile

    blocks = load_set(tag, (SHIPPED,)).blocks
    bare = [
        (name, key)
        for name, table in blocks.items()
        for key, variants in table.items()
        if name not in ("quote", "asked", "noted", "opening")
        and variants
        and not any(set(_compile(one).needs) <= set(ALWAYS) for one in variants)
    ]
    assert bare == []


@pytest.mark.parametrize("tag", available((SHIPPED,)))
def test_a_written_boundary_is_known_again(tag):
    templates = load_set(tag, (SHIPPED,))
    lost = [
        one
        for variants in templates.blocks["boundary"].values()
        for one in variants
        if not templates.locale.matches("boundary", "cues", one.replace("{{ boundary_date }}", "3"))
    ]
    assert lost == []


def test_empty_blocks_leave_no_trace():
    assert tidy("Hello,\n\n  \n\na  b \n\n\n\n c\n") == "Hello,\n\na b\n\nc"
