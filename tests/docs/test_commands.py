"""What README and the pages say one can type does what they say, against the mail server of the demo."""

import json
import shlex
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.commands.test_faults import KEYRING
from tests.docs.test_pages import commands
from tests.test_cli import mailassist

pytest.importorskip("pymap")

from mailassist.commands.demo import INBOX, fill
from mailassist.mailbox.embedded import Embedded, embedded_server

CONFIG = """
[[account]]
name = "shop"
address = "service@lamps.example.org"
host = "{server.host}"
port = {server.port}
tls = "none"
username = "{server.user}"
"""
# Each after those it needs; what stands here alone is a name in passing, what is not here cannot be tried like this:
# init asks the network, service wants a systemd, watch and demo --keep go on for ever.
ORDER = ("login", "check", "draft", "run", "review", "redraft", "senders", "templates", "undo", "forget")
LEFT_OUT = ("init", "service", "watch", "demo")
NEEDS_MORE = ("redraft", "templates new", "login workshop")  # a key and a strategy, a tag, an account of that name
REFUSED = {"redraft 1042 --strategy offboard_vague": (65, "no written boundary")}
KEY = "1042"


@pytest.fixture(scope="module")
def server() -> Iterator[Embedded]:
    with embedded_server() as embedded:
        fill(embedded)
        yield embedded


def typed() -> list[str]:
    """Return the commands of the pages that can be tried, in an order that makes sense."""
    lines = {
        command.rpartition("| ")[2].removeprefix("mailassist ") for _, command in commands() if "mailassist" in command
    }
    known = {line for line in lines if line.split()[0] in ORDER and line not in NEEDS_MORE and "KEY" not in line}
    return sorted(known, key=lambda line: (ORDER.index(line.split()[0]), "--dry-run" not in line, line))


def test_every_verb_is_either_tried_or_left_out_for_a_reason() -> None:
    from mailassist.cli import VERBS

    assert set(VERBS) == {*ORDER, *LEFT_OUT}
    assert {line.split()[0] for line in typed()} == set(ORDER)


def test_what_the_pages_say_one_can_type_works(
    server: Embedded, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    folder = tmp_path / "config" / "mailassist"
    folder.mkdir(parents=True)
    (folder / "config.toml").write_text(CONFIG.format(server=server), "utf-8")
    (tmp_path / "message.eml").write_bytes((INBOX / "02-en-late.eml").read_bytes())
    (tmp_path / "filekeyring.py").write_text(KEYRING)
    environment = {"PYTHONPATH": str(tmp_path), "PYTHON_KEYRING_BACKEND": "filekeyring.Keyring"}
    key = KEY
    for line in typed():
        words = [key if word == KEY else word for word in shlex.split(line)]
        done = mailassist(*words, stdin=server.password.encode() + b"\n", home=tmp_path, **environment)
        status, said = REFUSED.get(line, (0, ""))
        assert done.returncode == status, (line, done.stderr)
        assert said in done.stderr.decode()
        if line == "run":
            waiting = mailassist("review", "--json", home=tmp_path, **environment).stdout.splitlines()
            key = json.loads(waiting[1])["key"]
