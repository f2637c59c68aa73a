"""Set-up as a person does it: questions at a terminal, and Ctrl-C at any of them."""

import contextlib
import os
import pty
import select
import shutil
import subprocess
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest

from tests.commands.test_faults import KEYRING
from tests.test_cli import MAIL

pytest.importorskip("pymap")

from mailassist.mailbox.account import Credential, ImapAccount, Server
from mailassist.mailbox.embedded import Embedded, embedded_server

QUESTIONS = (
    b"IMAP server called?",
    b"stands beside the address",
    b"your house speak",
    b"Password of",
    b"background now",
)
CTRL_C = b"\x03"
DEADLINE_S = 60.0
AGAIN_S = 2.0

pytestmark = pytest.mark.skipif(shutil.which("setsid") is None, reason="setsid (util-linux) is not installed")


@pytest.fixture(scope="module")
def server() -> Iterator[Embedded]:
    with embedded_server() as embedded:
        where = Server(embedded.host, embedded.port, tls="none", username=embedded.user)
        with ImapAccount("shop", where, lambda: Credential(embedded.password)) as account:
            account.append("INBOX", MAIL.replace(b"\n", b"\r\n"), [])
        yield embedded


def talk(
    home: Path, server: Embedded, answers: Sequence[str], questions: Sequence[bytes] = QUESTIONS
) -> tuple[int, str]:
    """Answer the questions of init at a terminal, press Ctrl-C at the next; return the status and what was shown."""
    (home / "python").mkdir()
    (home / "python" / "filekeyring.py").write_text(KEYRING)
    (home / "python" / "systemctl").write_text("#!/bin/sh\n")  # a systemd of the user that answers
    (home / "python" / "systemctl").chmod(0o755)
    environment = {
        **os.environ,
        "HOME": str(home),
        "XDG_CONFIG_HOME": str(home / "config"),
        "XDG_STATE_HOME": str(home / "state"),
        "PYTHONPATH": str(home / "python"),
        "PYTHON_KEYRING_BACKEND": "filekeyring.Keyring",
        "PYTHONDONTWRITEBYTECODE": "1",
        "TERM": "dumb",
        "PATH": f"{home / 'python'}:{os.environ['PATH']}",
    }
    words = ["init", "service@example.org", "--offline", "--port", str(server.port), "--tls", "none"]
    words += ["--username", server.user]
    ours, theirs = pty.openpty()
    process = subprocess.Popen(
        # a terminal of its own, as /dev/tty, and SIGINT as a login leaves it: the background of a script ignores it
        ["setsid", "--ctty", "env", "--default-signal=INT", sys.executable, "-m", "mailassist", *words],
        stdin=theirs,
        stdout=theirs,
        stderr=theirs,
        env=environment,
    )
    os.close(theirs)
    seen = b""
    for question, answer in zip(questions, answers, strict=False):
        seen += _until(ours, question)
        os.write(ours, answer.encode() + b"\n")
    seen += _until(ours, questions[len(answers)])
    with contextlib.suppress(OSError):  # EIO: the program has ended
        for _ in range(30):
            # Again where nothing comes of it: Python's input() misses a signal that meets it on its way to wait.
            os.write(ours, CTRL_C)
            while select.select([ours], [], [], AGAIN_S)[0]:
                seen += os.read(ours, 65_536)
    os.close(ours)
    return process.wait(DEADLINE_S), seen.decode()


def _until(terminal: int, expected: bytes) -> bytes:
    """Return what is shown until it holds *expected*."""
    seen = b""
    while expected not in seen:
        assert select.select([terminal], [], [], DEADLINE_S)[0], seen
        seen += os.read(terminal, 65_536)
    return seen


@pytest.mark.parametrize("answered", range(4), ids=["server", "name", "language", "password"])
def test_ctrl_c_at_a_question_leaves_nothing_behind(server: Embedded, tmp_path: Path, answered: int) -> None:
    answers = [server.host, "Werkstatt Nord", "de"][:answered]
    status, shown = talk(tmp_path, server, answers)
    assert status == 130
    assert "stopped; what was not finished was not written" in shown
    assert "Traceback" not in shown
    assert sorted(path.name for path in tmp_path.rglob("*") if path.is_file()) == ["filekeyring.py", "systemctl"]


def test_ctrl_c_at_the_last_question_leaves_a_whole_configuration(server: Embedded, tmp_path: Path) -> None:
    status, shown = talk(tmp_path, server, [server.host, "Werkstatt Nord", "de", server.password])
    assert status == 0
    assert "the account is set up; to start it later: mailassist service install" in shown
    assert "was not written" not in shown
    assert shown.index("this is what it would draft") < shown.index("the password lies in the keyring")
    assert 'display_name = "Werkstatt Nord"' in (tmp_path / "config" / "mailassist" / "config.toml").read_text("utf-8")
    assert server.password in (tmp_path / "python" / "secrets.txt").read_text()
    assert server.password not in shown
    assert not (tmp_path / "config" / "systemd").exists()


def test_an_answer_that_will_not_do_is_asked_for_again(server: Embedded, tmp_path: Path) -> None:
    """No server, and a language by its name: both questions come twice, and the other answers are kept."""
    questions = (QUESTIONS[0], *QUESTIONS[:3], *QUESTIONS[2:])
    answers = ["", server.host, "Werkstatt Nord", "Deutsch", "de", server.password]
    status, shown = talk(tmp_path, server, answers, questions)
    assert status == 0, shown
    assert "there are no templates in 'Deutsch'; use one of" in shown
    assert 'default = "de"' in (tmp_path / "config" / "mailassist" / "config.toml").read_text("utf-8")
