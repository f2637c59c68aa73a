"""The command line as a process: what it prints where, and with which exit status."""

import json
import mailbox
import os
import subprocess
import sys
from pathlib import Path

import pytest

from mailassist import __version__
from mailassist.cli import VERBS

MAIL = b"""From: Priya Raman <priya@example.com>
To: service@example.org
Subject: Order 30-55817
Message-ID: <a1@example.com>

Hello, my order 30-55817 is two weeks late and nobody answers the phone.
I am very disappointed. When will it arrive?

Priya Raman
"""
CONFIG = """
[[account]]
name = "shop"
address = "service@example.org"
host = "127.0.0.1"
port = {port}
tls = "none"
password_command = ["echo", "secret"]
"""


def mailassist(
    *words: str | Path, stdin: bytes = b"", home: Path | None = None, **more: str
) -> subprocess.CompletedProcess[bytes]:
    """Run the program with a home of its own, and *more* in its environment, and return what it did."""
    environment = {**os.environ, "PYTHON_KEYRING_BACKEND": "keyring.backends.fail.Keyring", **more}
    if home:
        environment |= {
            "HOME": str(home),
            "XDG_CONFIG_HOME": str(home / "config"),
            "XDG_STATE_HOME": str(home / "state"),
        }
    command = [sys.executable, "-m", "mailassist", *map(str, words)]
    return subprocess.run(command, input=stdin, capture_output=True, env=environment, check=False, timeout=60)


@pytest.fixture
def message(tmp_path: Path) -> Path:
    path = tmp_path / "late.eml"
    path.write_bytes(MAIL)
    return path


def test_version_is_answered() -> None:
    assert mailassist("--version").stdout.decode() == f"mailassist {__version__}\n"


@pytest.mark.parametrize("verb", VERBS)
def test_each_verb_explains_itself(verb: str) -> None:
    done = mailassist(verb, "--help")
    assert done.returncode == 0
    assert f"usage: mailassist {verb}".encode() in done.stdout


def test_help_imports_no_room_of_the_house() -> None:
    code = (
        "import sys; from mailassist.cli import parser; parser();"
        "heavy = {'imapclient', 'jinja2', 'rich', 'keyring', 'langdetect'};"
        "print(sorted(heavy & {m.split('.')[0] for m in sys.modules}))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_a_wrong_option_is_a_usage_error_in_one_line() -> None:
    done = mailassist("draft", "--nonsense", "x.eml")
    assert (done.returncode, done.stdout) == (64, b"")
    assert len(done.stderr.splitlines()) == 1


def test_a_draft_is_printed_as_one_json_object(message: Path, tmp_path: Path) -> None:
    done = mailassist("draft", message, "--json", home=tmp_path)
    assert done.returncode == 0, done.stderr
    result = json.loads(done.stdout)
    assert result["path"] == str(message)
    assert (result["outcome"], result["language"], result["tone"]["level"]) == ("draft", "en", "upset")
    assert {"late_delivery", "no_response", "status_request"} & {intent["name"] for intent in result["intents"]}
    assert all(intent["evidence"] for intent in result["intents"])
    assert result["to"] == "Priya Raman <priya@example.com>"
    assert result["subject"] == "Re: Order 30-55817"
    assert "30-55817" in result["body"]
    assert "> Hello, my order" in result["body"]


def test_options_may_stand_before_and_after_the_verb(message: Path, tmp_path: Path) -> None:
    (tmp_path / "none.toml").write_text("")
    before = mailassist("--config", tmp_path / "none.toml", "draft", message, home=tmp_path)
    after = mailassist("draft", message, "--config", tmp_path / "none.toml", home=tmp_path)
    assert before.returncode == after.returncode == 78
    assert before.stderr == after.stderr


def test_standard_input_is_a_message(tmp_path: Path) -> None:
    done = mailassist("draft", "-", "--json", stdin=MAIL, home=tmp_path)
    assert json.loads(done.stdout)["path"] == "-"


def test_an_mbox_and_a_maildir_are_many_messages(tmp_path: Path) -> None:
    box = mailbox.mbox(tmp_path / "inbox.mbox")
    folder = mailbox.Maildir(tmp_path / "maildir")
    for store in (box, folder):
        store.add(MAIL)
        store.add(MAIL.replace(b"a1@", b"a2@"))
        store.flush()
    lines = mailassist(
        "draft", tmp_path / "inbox.mbox", tmp_path / "maildir", "--json", home=tmp_path
    ).stdout.splitlines()
    paths = [json.loads(line)["path"] for line in lines]
    assert paths[:2] == [f"{tmp_path}/inbox.mbox#1", f"{tmp_path}/inbox.mbox#2"]
    assert len(paths) == 4


@pytest.mark.parametrize(
    ("octets", "status"),
    [
        pytest.param(b"", 65, id="empty"),
        pytest.param(b"\n\n", 65, id="blank"),
    ],
)
def test_what_is_no_message_is_said_in_a_sentence_and_the_others_go_on(
    tmp_path: Path, message: Path, octets: bytes, status: int
) -> None:
    bad = tmp_path / "bad.eml"
    bad.write_bytes(octets)
    done = mailassist("draft", bad, message, "--json", home=tmp_path)
    assert done.returncode == status
    assert b"Traceback" not in done.stderr
    assert [json.loads(line)["outcome"] for line in done.stdout.splitlines()] == ["skipped", "draft"]


@pytest.mark.parametrize(
    "octets", [b"\x00\xff\xfe" * 500, b"\x89PNG\r\n\x1a\n" + bytes(range(256)), b"no header at all"]
)
def test_octets_of_any_kind_end_in_an_outcome(tmp_path: Path, octets: bytes) -> None:
    path = tmp_path / "odd.eml"
    path.write_bytes(octets)
    done = mailassist("draft", path, "--json", home=tmp_path)
    assert b"Traceback" not in done.stderr
    assert json.loads(done.stdout)["outcome"] == "skipped"


def test_a_missing_file_names_itself(tmp_path: Path, message: Path) -> None:
    done = mailassist("draft", tmp_path / "nowhere.eml", message, "--json", home=tmp_path)
    assert done.returncode == 66
    assert b"nowhere.eml" in done.stderr
    assert len(done.stdout.splitlines()) == 1


def test_a_strategy_may_be_named(message: Path, tmp_path: Path) -> None:
    done = mailassist("draft", message, "--json", "--strategy", "restate_and_ask", home=tmp_path)
    assert json.loads(done.stdout)["strategy"] == "restate_and_ask"


def test_a_strategy_there_is_none_of_is_refused(message: Path, tmp_path: Path) -> None:
    done = mailassist("draft", message, "--strategy", "shout_back", home=tmp_path)
    assert done.returncode == 65
    assert b"acknowledge_and_fix" in done.stderr


def test_a_farewell_is_no_business_of_draft(message: Path, tmp_path: Path) -> None:
    done = mailassist("draft", message, "--strategy", "offboard_direct", home=tmp_path)
    assert (done.returncode, done.stdout) == (65, b"")
    assert b"mailassist redraft" in done.stderr


def test_run_without_a_configuration_says_how_to_make_one(tmp_path: Path) -> None:
    done = mailassist("run", home=tmp_path)
    assert done.returncode == 78
    assert b"mailassist init" in done.stderr


def test_run_with_the_server_down_says_so(tmp_path: Path) -> None:
    (tmp_path / "config.toml").write_text(CONFIG.format(port=1))
    done = mailassist("run", "--config", tmp_path / "config.toml", home=tmp_path)
    assert done.returncode == 75
    assert b"Traceback" not in done.stderr
    assert b"127.0.0.1" in done.stderr


def test_the_demo_drafts_in_five_languages(tmp_path: Path) -> None:
    pytest.importorskip("pymap")
    done = mailassist("demo", "--json", home=tmp_path)
    assert done.returncode == 0, done.stderr
    results = [json.loads(line) for line in done.stdout.splitlines()]
    drafted = [one for one in results if one["outcome"] == "draft"]
    assert {one["language"] for one in drafted} == {"en", "da", "de", "fr", "ru"}
    assert {one["tone"]["level"] for one in drafted} == {"calm", "upset", "hostile"}
    assert len(results) - len(drafted) == 3  # newsletter, out of office, answered already


def test_the_demo_shows_a_table_and_two_whole_drafts(tmp_path: Path) -> None:
    pytest.importorskip("pymap")
    text = mailassist("demo", home=tmp_path).stdout.decode()
    assert text.count("\nSubject: Re: ") == 2
    assert "you have answered it" in text


def test_no_arguments_show_the_help() -> None:
    done = mailassist()
    assert (done.returncode, done.stdout) == (64, b"")
    assert b"Set up an account" in done.stderr


@pytest.mark.parametrize(
    "words",
    [
        pytest.param(("run", "--limit", "0"), id="no messages"),
        pytest.param(("run", "--limit", "-3"), id="fewer than none"),
        pytest.param(("run", "--since", "soon"), id="no time span"),
        pytest.param(("run", "--since", "999999w"), id="beyond the calendar"),
        pytest.param(("undo", "--since", "2"), id="no unit"),
    ],
)
def test_an_impossible_number_is_a_usage_error_in_one_line(words: tuple[str, ...]) -> None:
    done = mailassist(*words)
    assert (done.returncode, done.stdout) == (64, b"")
    assert len(done.stderr.splitlines()) == 1
    assert words[1].encode() in done.stderr


def test_a_reader_that_leaves_is_no_fault(message: Path, tmp_path: Path) -> None:
    command = f"{sys.executable} -m mailassist draft {' '.join([str(message)] * 30)} | head -1; echo ${{PIPESTATUS[0]}}"
    done = subprocess.run(["bash", "-c", command], capture_output=True, cwd=tmp_path, check=False)
    assert done.stdout.splitlines()[-1] == b"0"
    assert done.stderr == b""


def test_a_terminal_that_lacks_the_letters_gets_question_marks(message: Path, tmp_path: Path) -> None:
    message.write_bytes(MAIL.replace(b"Hello", "Привет, hello".encode()))
    done = mailassist("draft", message, home=tmp_path, PYTHONIOENCODING="ascii")
    assert (done.returncode, done.stderr) == (0, b"")
    assert b"?????" in done.stdout


def test_json_for_a_terminal_that_lacks_the_letters_loses_none(message: Path, tmp_path: Path) -> None:
    message.write_bytes(MAIL.replace(b"Hello", "Привет, hello".encode()))
    done = mailassist("draft", "--json", message, home=tmp_path, PYTHONIOENCODING="ascii")
    assert "Привет" in json.loads(done.stdout.decode("ascii"))["said"]


@pytest.mark.parametrize(
    "words",
    [
        pytest.param(("senders", "--not-hostile", "viktor"), id="not hostile"),
        pytest.param(("senders", "--language", "da", "viktor"), id="language"),
        pytest.param(("senders", "--language", "klingon", "a@example.org"), id="a language without templates"),
        pytest.param(("forget", "viktor"), id="forget"),
    ],
)
def test_an_exception_for_nobody_is_refused(words: tuple[str, ...], tmp_path: Path) -> None:
    (tmp_path / "config.toml").write_text(CONFIG.format(port=1))
    done = mailassist(*words, "--config", tmp_path / "config.toml", home=tmp_path)
    assert (done.returncode, done.stdout) == (78, b"")
    assert len(done.stderr.splitlines()) == 1
