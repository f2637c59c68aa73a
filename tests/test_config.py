"""TOML -> Config."""

import re
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from mailassist.answering.templates import FACTS
from mailassist.config import Config, load
from mailassist.errors import ConfigError
from mailassist.shipped import shipped

ACCOUNT = """
[[account]]
name = "shop"
address = "service@example.org"
host = "imap.example.org"
"""


def written(folder: Path, text: str) -> Path:
    path = folder / "config.toml"
    path.write_text(text, "utf-8")
    return path


def problems(folder: Path, text: str) -> str:
    with pytest.raises(ConfigError) as caught:
        load(written(folder, text))
    return str(caught.value)


def test_an_account_of_three_keys_is_enough(tmp_path: Path) -> None:
    config = load(written(tmp_path, ACCOUNT))
    account = config.account[0]
    assert (account.login, account.tcp_port, account.folders) == ("service@example.org", 993, ("INBOX",))
    assert config.tone.mark == ("$Hostile", "\\Flagged")


def test_the_example_file_is_a_configuration_and_its_comments_are_the_defaults(tmp_path: Path) -> None:
    text = (shipped("config") / "config.example.toml").read_text("utf-8")
    as_shipped = load(written(tmp_path, text))
    uncommented = re.sub(r"^# (?=[a-z_]+ = )", "", text, flags=re.MULTILINE)
    assert uncommented != text
    whole = load(written(tmp_path, uncommented))
    assert replace(whole, business={}) == as_shipped
    assert not any(whole.business.values())


def test_the_example_file_names_every_key(tmp_path: Path) -> None:
    text = (shipped("config") / "config.example.toml").read_text("utf-8")
    config = load(written(tmp_path, text))
    sections = (config.account[0], config.languages, config.tone, config.playbook, config.drafts, config.store)
    for section in sections:
        for key in section.__dataclass_fields__:
            assert re.search(rf"^(# )?{key} = ", text, flags=re.MULTILINE), key
    for fact in ("name", *FACTS[1:]):
        assert re.search(rf"^(# )?{fact} = ", text, flags=re.MULTILINE), fact


@pytest.mark.parametrize(
    ("text", "said"),
    [
        pytest.param("", "mailassist init", id="empty"),
        pytest.param("[account]\nname = 1", "[[account]]", id="one account as a table"),
        pytest.param(ACCOUNT + "pasword = 'x'", "account[1].pasword: there is no such key", id="unknown key"),
        pytest.param(ACCOUNT + "alias = []", "did you mean 'aliases'?", id="misspelt key"),
        pytest.param(ACCOUNT + "port = '993'", "account[1].port: '993' will not do; write a whole number", id="type"),
        pytest.param(
            ACCOUNT + "drafts = 'inbox'", "account[1].drafts: 'inbox' is watched for mail", id="watched drafts"
        ),
        pytest.param(
            ACCOUNT + "drafts = 'Post'\nsent = 'Post'",
            "account[1].drafts: 'Post' is the folder for sent mail, too",
            id="drafts among sent mail",
        ),
        pytest.param(ACCOUNT + "port = true", "account[1].port: True will not do", id="true is no number"),
        pytest.param(ACCOUNT + "tls = 'ssl'", 'one of "implicit", "starttls", "none"', id="choice"),
        pytest.param(ACCOUNT + "tls = 'none'", "in clear", id="no TLS over the network"),
        pytest.param(ACCOUNT.replace("service@", "service at "), "is no address", id="address"),
        pytest.param(ACCOUNT + ACCOUNT, "is taken by another account", id="two of a name"),
        pytest.param(ACCOUNT + "auth = 'oauth2'", "needs provider and client_id", id="half an oauth2"),
        pytest.param(ACCOUNT + "[tone]\nhold = 5", 'a duration such as "90s"', id="duration"),
        pytest.param(ACCOUNT + "[tone]\nthreshold = 3", "tone.threshold: 3", id="threshold"),
        pytest.param(ACCOUNT + "[tonne]\n", "tonne: there is no such key; did you mean 'tone'?", id="section"),
        pytest.param(ACCOUNT + "password = 'x'", "mailassist login", id="a secret"),
        pytest.param(ACCOUNT + "[languages]\ndefault = 'klingon'", "languages.default: 'klingon'", id="no tag"),
        pytest.param(ACCOUNT + "[languages.overrides]\nanna = 'da'", "an address or a whole domain", id="override"),
        pytest.param(ACCOUNT + "[tone]\nmark = ['\\\\Deleted']", 'write "\\\\Flagged"', id="a mark that deletes"),
        pytest.param(ACCOUNT + "[tone]\nmark = ['very bad']", "tone.mark: 'very bad'", id="a mark of two words"),
        pytest.param(ACCOUNT + "[playbook]\nno_draft = ['foo']", "there is no 'foo'", id="no intent"),
        pytest.param(ACCOUNT + "[store]\nkeep = '999999w'", "store.keep: '999999w'", id="beyond the calendar"),
        pytest.param("[tone]\n[tone]", "Cannot declare [tone] twice", id="a table twice"),
        pytest.param("a = ", "is not valid TOML", id="not TOML"),
    ],
)
def test_a_fault_is_named_with_the_next_step(tmp_path: Path, text: str, said: str) -> None:
    assert said in problems(tmp_path, text)


def test_every_fault_is_reported_at_once(tmp_path: Path) -> None:
    text = problems(tmp_path, ACCOUNT.replace("host", "hoost") + "[tone]\nmark = 1\n[drafts]\nquote = 'above'")
    assert len(text.splitlines()) == 4  # unknown hoost, missing host, mark, quote


def test_a_missing_file_says_how_to_make_one(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="mailassist init"):
        load(tmp_path / "none.toml")


def test_a_duration_has_a_unit(tmp_path: Path) -> None:
    config: Config = load(written(tmp_path, ACCOUNT + "[tone]\nhold = '2h'"))
    assert config.tone.hold == timedelta(hours=2)
