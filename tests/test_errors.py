"""Every error says what to do next, and ends the program with the status that sysexits.h has for it."""

import re
import tomllib
from pathlib import Path

import pytest

from mailassist.config import load
from mailassist.errors import ConfigError
from mailassist.mailbox.oauth import NEXT_STEPS
from tests.raised import CLASSES, Raised, raised

# The imperatives by which a sentence names a next step. One stands where a clause begins.
STEPS = (
    "add|agree|allow|answer|ask|begin|change|check|choose|copy|correct|declare|delete|edit|give|install|leave|look|make|mend|"
    "move|name|open|register|remove|report|run|save|say|send|set|sign|spell|start|store|switch|take|try|type|unlock|use|wait|write"
)
NEXT_STEP = re.compile(rf"(?:^|[;:,(] ?|\b(?:or|and|it|first|please) )`?(?:{STEPS})\b")
BY_ITSELF = re.compile(r"(?:the connection|it) is made anew|it is asked again|the shipped one is used|did you mean")
RAISED = raised()


def names_a_step(text: str) -> bool:
    return bool(NEXT_STEP.search(text) or BY_ITSELF.search(text))


@pytest.mark.parametrize("one", RAISED, ids=str)
def test_an_error_names_the_next_step(one: Raised) -> None:
    assert names_a_step(one.text), one.text


@pytest.mark.parametrize("one", [one for one in RAISED if "install" in one.text], ids=str)
def test_nobody_is_told_to_install_this_program_from_an_index_it_is_not_on(one: Raised) -> None:
    assert not re.search(r"install [^;]*\bmailassist\[", one.text), one.text


def test_most_texts_are_found() -> None:
    assert len(RAISED) > 100
    assert len([one for one in RAISED if one.text == "…"]) == 0


@pytest.mark.parametrize(
    "text",
    ["the server closed the connection", "it is gone; it stays", "no password was given; nothing was changed"],
)
def test_a_sentence_that_leaves_one_alone_is_told_from_one_that_does_not(text: str) -> None:
    assert not names_a_step(text)


@pytest.mark.parametrize("step", NEXT_STEPS.values(), ids=NEXT_STEPS)
def test_a_refused_sign_in_names_the_next_step(step: str) -> None:
    assert names_a_step(step)


@pytest.mark.parametrize(
    ("name", "status"),
    [
        ("ConfigError", 78), ("FolderMissing", 78), ("SetupError", 78), ("SecretError", 77), ("LoginRefused", 77),
        ("StoreError", 74), ("AccountError", 75), ("MessageError", 65), ("UnreadableMessage", 65),
        ("TemplateError", 65), ("MailassistError", 1),
    ],
)  # fmt: skip
def test_an_error_has_the_status_the_tree_gives_it(name: str, status: int) -> None:
    assert CLASSES[name].exit_status == status
    assert set(CLASSES) == {
        "ConfigError", "FolderMissing", "SetupError", "SecretError", "LoginRefused", "StoreError", "AccountError",
        "MessageError", "UnreadableMessage", "TemplateError", "MailassistError",
    }  # fmt: skip


FAULTY = """
languages.default = "klingon 1"
languages.overrides = { nobody = "da" }
tone.threshold = 2.0
tone.mark = ["a b"]
playbook.no_draft = ["weather"]
playbook.strategies = { weather = "answer", question = "shout_back" }
business.nonsense = "x"
business.pause = 3
business.name = { en = 1 }
store.keep = "365d"

[[account]]
name = "a/b"
address = "nobody"
host = "imap.example.org"
tls = "none"
ca_file = "/nowhere/at/all.pem"
port = 99999
folders = []
auth = "oauth2"
provider = "own"

[[account]]
name = "c"
address = "c@example.org"
host = "imap.example.org"
aliases = ["nobody either"]

[[account]]
name = "c"
address = "c@example.org"
host = "imap.example.org"
"""
MALFORMED = """
colour = "red"
drafts.quote = "above"
drafts.reply_all = "yes"
drafts.max_age = "soon"
tone.threshold = "high"
tone.mark = "x"
languages.overrides = []
store = 3
business = 4

[[account]]
name = "a"
password = "hunter2"
port = "993"
adress = "a@example.org"
"""


@pytest.mark.parametrize("text", [FAULTY, MALFORMED, "account = 3", "", "a = [", "tone = 3"])
def test_every_fault_of_a_configuration_names_the_next_step(text: str, tmp_path: Path) -> None:
    path = tmp_path / "config.toml"
    path.write_text(text, "utf-8")
    with pytest.raises(ConfigError) as caught:
        load(path)
    assert caught.value.problems
    for problem in caught.value.problems:
        assert problem.startswith(str(path))
        assert names_a_step(problem.removeprefix(str(path))), problem
        assert "hunter2" not in problem


def test_the_faulty_configurations_are_toml() -> None:
    assert tomllib.loads(FAULTY)
    assert tomllib.loads(MALFORMED)
