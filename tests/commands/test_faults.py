"""What goes wrong at a command, and what a person is told then."""

import json
import subprocess
import sys
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path

import pytest

from tests.test_cli import CONFIG, MAIL, mailassist

pytest.importorskip("pymap")

from mailassist.mailbox.account import Credential, ImapAccount, Server
from mailassist.mailbox.embedded import Embedded, embedded_server

ACCOUNT = """
[[account]]
name = "{name}"
address = "service@example.org"
host = "{server.host}"
port = {server.port}
tls = "none"
username = "{server.user}"
password_command = ["echo", "{server.password}"]
"""
KEYRING = """
import pathlib
from keyring.backend import KeyringBackend

FILE = pathlib.Path(__file__).with_name("secrets.txt")


class Keyring(KeyringBackend):
    '''Keeps what it is given in a file beside itself.'''

    priority = 1

    def _all(self):
        lines = FILE.read_text().splitlines() if FILE.exists() else []
        return dict(line.split("=", 1) for line in lines)

    def _keep(self, secrets):
        FILE.write_text("".join(f"{name}={secret}\\n" for name, secret in secrets.items()))

    def get_password(self, service, username):
        return self._all().get(username)

    def set_password(self, service, username, password):
        self._keep({**self._all(), username: password})

    def delete_password(self, service, username):
        self._keep({name: secret for name, secret in self._all().items() if name != username})
"""


@pytest.fixture
def server() -> Iterator[Embedded]:
    with embedded_server() as embedded:
        yield embedded


def put(server: Embedded, *messages: bytes) -> None:
    where = Server(server.host, server.port, tls="none", username=server.user)
    with ImapAccount("shop", where, lambda: Credential(server.password)) as account:
        for octets in messages:
            account.append("INBOX", octets.replace(b"\n", b"\r\n"), [])


def configured(home: Path, server: Embedded, *names: str, more: str = "") -> Path:
    path = home / "config.toml"
    path.write_text("".join(ACCOUNT.format(name=name, server=server) for name in names) + more, "utf-8")
    return path


def said(done: subprocess.CompletedProcess[bytes]) -> list[str]:
    return done.stderr.decode().splitlines()


@pytest.mark.parametrize("words", [("review",), ("redraft", "--strategy", "restate_and_ask")], ids=" ".join)
def test_a_key_that_names_a_message_of_each_account_is_asked_for_whole(
    server: Embedded, tmp_path: Path, words: tuple[str, ...]
) -> None:
    put(server, MAIL)
    config = configured(tmp_path, server, "shop", "workshop")
    results = mailassist("run", "--json", "--config", config, home=tmp_path).stdout.splitlines()
    uid = json.loads(results[0])["key"].rpartition("/")[2]
    done = mailassist(words[0], uid, *words[1:], "--config", config, home=tmp_path)
    assert (done.returncode, done.stdout, len(said(done))) == (65, b"", 1), done.stderr
    [line] = said(done)
    keys = [word.strip(";") for word in line.split() if "/INBOX/" in word]
    assert [key.partition("/")[0] for key in keys] == ["shop", "workshop"]
    assert mailassist("review", keys[1], "--config", config, home=tmp_path).stdout.decode().split()[1] == keys[1]


@pytest.mark.parametrize(
    "words", [("review", "77"), ("redraft", "77", "--strategy", "answer"), ("review", "no key")], ids=" ".join
)
def test_a_key_of_nothing_says_where_keys_are(server: Embedded, tmp_path: Path, words: tuple[str, ...]) -> None:
    done = mailassist(*words, "--config", configured(tmp_path, server, "shop"), home=tmp_path)
    assert (done.returncode, done.stdout) == (65, b"")
    assert said(done) == [f"mailassist: there is no message {words[1]!r}; take a key from: mailassist review"]


@pytest.mark.parametrize("verb", ["run", "watch", "undo", "login"])
def test_an_account_there_is_none_of_is_told_with_those_there_are(server: Embedded, tmp_path: Path, verb: str) -> None:
    done = mailassist(verb, "shoop", "--config", configured(tmp_path, server, "shop", "other"), home=tmp_path)
    assert (done.returncode, len(said(done))) == (78, 1)
    assert "name one of shop, other" in said(done)[0]


def test_a_message_that_failed_ends_run_with_the_status_of_a_message(server: Embedded, tmp_path: Path) -> None:
    put(server, b"\n\n", MAIL)
    config = configured(tmp_path, server, "shop")
    done = mailassist("run", "--config", config, home=tmp_path)
    assert done.returncode == 65
    assert "1 draft saved" in done.stderr.decode()
    assert "not answered: 1 message" in done.stderr.decode()


def test_an_exception_alone_is_forgotten_and_told(server: Embedded, tmp_path: Path) -> None:
    config = configured(tmp_path, server, "shop")
    mailassist("senders", "--not-hostile", "ann@example.com", "--config", config, home=tmp_path)
    done = mailassist("forget", "ann@example.com", "--config", config, home=tmp_path)
    assert said(done) == ["forgot the exceptions of ann@example.com"]
    done = mailassist("forget", "ann@example.com", "--config", config, home=tmp_path)
    assert said(done) == ["nothing was remembered of ann@example.com"]


@pytest.mark.parametrize("tls", ["implicit", "starttls"])
def test_the_wrong_kind_of_tls_is_told_with_the_right_one(server: Embedded, tmp_path: Path, tls: str) -> None:
    config = configured(tmp_path, server, "shop")
    config.write_text(config.read_text().replace('tls = "none"', f'tls = "{tls}"'))
    done = mailassist("run", "--config", config, home=tmp_path)
    assert (done.returncode, len(said(done))) == (75, 1)
    assert "account.port" in said(done)[0] or 'set tls = "implicit"' in said(done)[0]


def test_a_store_that_cannot_be_written_says_so(server: Embedded, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    config = configured(tmp_path, server, "shop", more=f'[store]\npath = "{tmp_path}/file/store.sqlite"\n')
    done = mailassist("run", "--config", config, home=tmp_path)
    assert (done.returncode, len(said(done))) == (74, 1)
    assert "check the folder's owner and permissions" in said(done)[0]


def test_a_full_disk_under_the_output_is_told_in_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "late.eml").write_bytes(MAIL)
    command = f"{sys.executable} -m mailassist draft {tmp_path}/late.eml > /dev/full"
    done = subprocess.run(["bash", "-c", command], capture_output=True, check=False)
    assert (done.returncode, len(said(done))) == (74, 1)
    assert "the room on the disk" in said(done)[0]


def test_a_folder_for_templates_that_cannot_be_made_is_told_in_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "config").write_text("in the way")
    done = mailassist("templates", "new", "fi", home=tmp_path)
    assert (done.returncode, len(said(done))) == (74, 1)


@pytest.fixture
def with_keyring(tmp_path: Path) -> dict[str, str]:
    """The environment of a program that has a keyring, in a file of its own."""
    folder = tmp_path / "python"
    folder.mkdir()
    (folder / "filekeyring.py").write_text(KEYRING)
    return {"PYTHONPATH": str(folder), "PYTHON_KEYRING_BACKEND": "filekeyring.Keyring"}


def init(server: Embedded, home: Path, environment: dict[str, str]) -> subprocess.CompletedProcess[bytes]:
    where = ["--host", server.host, "--port", str(server.port), "--tls", "none", "--username", server.user]
    secret = server.password.encode() + b"\n"
    return mailassist("init", "service@example.org", "--yes", *where, stdin=secret, home=home, **environment)


def test_init_keeps_the_password_in_the_keyring_and_nowhere_else(
    server: Embedded, tmp_path: Path, with_keyring: dict[str, str]
) -> None:
    put(server, MAIL)
    done = init(server, tmp_path, with_keyring)
    assert done.returncode == 0, done.stderr
    assert (tmp_path / "python" / "secrets.txt").read_text() == f"{server.user} (service)={server.password}\n"
    written = (tmp_path / "config" / "mailassist" / "config.toml").read_bytes()
    assert server.password.encode() not in written + done.stdout + done.stderr


def test_init_that_cannot_write_the_configuration_takes_the_password_back(
    server: Embedded, tmp_path: Path, with_keyring: dict[str, str]
) -> None:
    (tmp_path / "config").write_text("in the way")
    done = init(server, tmp_path, with_keyring)
    assert (done.returncode, done.stdout.count(b"\n")) == (78, 0)
    assert "config.toml cannot be written" in said(done)[-1]
    assert (tmp_path / "python" / "secrets.txt").read_text() == ""


def test_a_wrong_password_leaves_the_keyring_as_it_was(
    server: Embedded, tmp_path: Path, with_keyring: dict[str, str]
) -> None:
    (tmp_path / "config.toml").write_text(CONFIG.format(port=server.port).replace("password_command", "# "))
    done = mailassist("login", "--config", tmp_path / "config.toml", stdin=b"wrong\n", home=tmp_path, **with_keyring)
    assert done.returncode == 77
    assert not (tmp_path / "python" / "secrets.txt").exists()


def test_a_newsletter_is_no_customer(server: Embedded, tmp_path: Path) -> None:
    put(server, MAIL, MAIL.replace(b"priya@", b"news@").replace(b"Subject", b"List-Id: <news.example.com>\nSubject"))
    config = configured(tmp_path, server, "shop")
    mailassist("run", "--config", config, home=tmp_path)
    customers = mailassist("senders", "--json", "--config", config, home=tmp_path).stdout.decode().splitlines()
    assert [json.loads(one)["address"] for one in customers] == ["priya@example.com"]


def test_an_account_that_is_away_keeps_nobody_from_the_others(server: Embedded, tmp_path: Path) -> None:
    put(server, MAIL)
    config = configured(tmp_path, server, "shop", "away")
    mailassist("run", "--config", config, home=tmp_path)
    text = config.read_text()
    config.write_text(text[: text.rindex("port = ")] + "port = 1\n" + text[text.rindex("tls = ") :])
    for words, shown in (
        (("review", "--json"), b"Priya Raman"),
        (("senders", "--json"), b'"mails": 2'),
        (("run",), b"0 drafts saved"),
        (("undo", "--json"), b'"account": "shop", "removed": 1'),
    ):
        done = mailassist(*words, "--config", config, home=tmp_path)
        assert shown in done.stdout + done.stderr
        assert done.returncode == 75
        assert "mailassist: away: 127.0.0.1 refuses connections" in done.stderr.decode()


def checked(config: Path, home: Path) -> tuple[int, list[dict[str, str]]]:
    done = mailassist("check", "--json", "--config", config, home=home)
    return done.returncode, [json.loads(line) for line in done.stdout.decode().splitlines()]


def test_check_names_each_folder_that_is_missing_and_looks_at_the_others(server: Embedded, tmp_path: Path) -> None:
    config = configured(tmp_path, server, "shop")
    config.write_text(config.read_text() + 'folders = ["Nope1", "Nope2", "INBOX"]\n')
    status, found = checked(config, tmp_path)
    assert status == 78
    texts = [one["text"] for one in found if one["about"] == "account shop" and one["state"] == "fault"]
    assert [text.partition(";")[0] for text in texts] == ["has no folder Nope1", "has no folder Nope2"]
    assert any("INBOX keeps the marks" in one["text"] for one in found)


def test_check_names_a_language_there_are_no_templates_for(server: Embedded, tmp_path: Path) -> None:
    more = '[languages]\noverrides = {"x41@example.net" = "zz"}\n[business]\nopening_hours = {xx = "a", pt = "b"}\n'
    status, found = checked(configured(tmp_path, server, "shop", more=more), tmp_path)
    assert status == 78
    assert [one["text"].partition(";")[0] for one in found if one["state"] == "fault"] == [
        "there is no set for languages.overrides.x41@example.net = 'zz'"
    ]
    assert [one["text"].partition(":")[0] for one in found if one["about"] == "templates"][2:] == [
        "business.opening_hours.xx"
    ]


@pytest.mark.skipif(find_spec("lingua") is not None, reason="lingua is installed")
def test_check_names_a_detector_that_is_not_installed(server: Embedded, tmp_path: Path) -> None:
    config = configured(tmp_path, server, "shop", more='[languages]\ndetector = "lingua"\n')
    status, found = checked(config, tmp_path)
    assert status == 78
    assert ["lingua is not installed" in one["text"] for one in found if one["state"] == "fault"] == [True]


@pytest.mark.parametrize(
    ("line", "key"),
    [
        pytest.param('host = "127.0.0.1:993"', "account[1].host", id="a port in the host"),
        pytest.param('host = ""', "account[1].host", id="no host"),
        pytest.param('host = "imaps://imap.example.org"', "account[1].host", id="a URL"),
        pytest.param('host = "::1"\nprovider = "google"\nclient_id = "x"', "account[1].auth", id="a client unused"),
    ],
)
def test_what_cannot_be_together_is_a_fault_of_the_configuration(tmp_path: Path, line: str, key: str) -> None:
    (tmp_path / "config.toml").write_text(
        CONFIG.format(port=1).replace('host = "127.0.0.1"', line).replace("tls =", "#")
    )
    status, found = checked(tmp_path / "config.toml", tmp_path)
    assert status == 78
    assert [one["text"].split(": ")[1] for one in found] == [key]
