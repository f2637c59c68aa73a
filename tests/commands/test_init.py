"""Set-up, from an address to the first draft: what is asked, what is written, and what is not."""

import subprocess
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.test_cli import CONFIG, MAIL, mailassist

pytest.importorskip("pymap")

from mailassist.commands.init import as_options, facts
from mailassist.config import load
from mailassist.mailbox.account import Credential, ImapAccount, Server
from mailassist.mailbox.embedded import Embedded, embedded_server


@pytest.fixture(scope="module")
def server() -> Iterator[Embedded]:
    with embedded_server() as embedded:
        where = Server(embedded.host, embedded.port, tls="none", username=embedded.user)
        with ImapAccount("shop", where, lambda: Credential(embedded.password)) as account:
            account.append("INBOX", MAIL.replace(b"\n", b"\r\n"), [])
        yield embedded


def init(server: Embedded, home: Path, *words: str, password: str = "") -> subprocess.CompletedProcess[bytes]:
    """Run init without questions against *server*; without a password, the keyring would have to keep one."""
    secret = ["--password-command", f"printf '%s\\n' '{password}'"] if password else []
    where = ["--host", server.host, "--port", str(server.port), "--tls", "none", "--username", server.user]
    return mailassist("init", "service@example.org", "--yes", *where, *words, *secret, home=home)


def configuration(home: Path) -> Path:
    return home / "config" / "mailassist" / "config.toml"


def test_one_command_shows_a_draft_and_writes_the_configuration(server: Embedded, tmp_path: Path) -> None:
    done = init(server, tmp_path, "--language", "da", password=server.password)
    assert done.returncode == 0, done.stderr
    assert b"Priya Raman" in done.stdout
    written = tomllib.loads(configuration(tmp_path).read_text("utf-8"))
    assert written["account"][0]["address"] == "service@example.org"
    assert written["languages"] == {"default": "da"}
    assert configuration(tmp_path).stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize(
    ("words", "password", "status", "said"),
    [
        pytest.param((), "wrong", 77, b"run init again with the right one", id="wrong password"),
        pytest.param((), "", 77, b"--password-command", id="no keyring"),
        pytest.param(("--language", "klingon"), "any", 78, b"no templates in 'klingon'", id="a language without words"),
        pytest.param(("--port", "1"), "any", 75, b"check --host and --port", id="server down"),
        pytest.param(("--name", "a/b"), "any", 78, b"--name: 'a/b'", id="a name that will not do"),
        pytest.param(("--tls", "starttls"), "any", 75, b"give --tls implicit", id="no STARTTLS"),
        pytest.param(("--host", "imap.example.org"), "any", 78, b"--tls: ", id="in clear over the network"),
    ],
)
def test_what_fails_says_so_in_a_sentence_and_writes_nothing(
    server: Embedded, tmp_path: Path, words: tuple[str, ...], password: str, status: int, said: bytes
) -> None:
    done = init(server, tmp_path, *words, password=password)
    assert (done.returncode, done.stdout) == (status, b"")
    assert said in done.stderr
    assert len(done.stderr.splitlines()) == 1
    assert b"account." not in done.stderr
    assert b"in the configuration" not in done.stderr
    assert list(tmp_path.iterdir()) == []


def test_a_configuration_that_is_there_stays(server: Embedded, tmp_path: Path) -> None:
    init(server, tmp_path, password=server.password)
    before = configuration(tmp_path).read_bytes()
    assert init(server, tmp_path, "--language", "da", password=server.password).returncode == 78
    assert configuration(tmp_path).read_bytes() == before


def test_a_folder_for_drafts_is_not_to_be_set_in_a_configuration_that_is_not_there_yet() -> None:
    error = (
        "no folder for drafts; save a draft once, or set account.drafts in the configuration to a name, and it is made"
    )
    assert as_options(error) == "no folder for drafts; save a draft once, and run init again"


def test_a_signature_of_two_lines_is_typed_on_one(tmp_path: Path) -> None:
    (tmp_path / "config.toml").write_text(CONFIG.format(port=1))
    shown = {}

    def ask(question: str, default: str) -> str:
        shown[question] = default
        return r"Best\nAnna" if question.startswith("Which lines") else default

    facts(tmp_path / "config.toml", ask)
    assert load(tmp_path / "config.toml").business == {"signature": "Best\nAnna"}
    facts(tmp_path / "config.toml", ask)
    assert r"Best\nAnna" in shown.values()
