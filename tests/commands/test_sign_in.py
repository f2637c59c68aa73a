"""Signing in with OAuth2 from init: who needs it, and that a sign-in that leads nowhere leaves nothing."""

from pathlib import Path

import pytest

pytest.importorskip("authlib")

from mailassist.commands.login import signed_in
from mailassist.config import AccountConfig
from mailassist.errors import FolderMissing
from tests.mailbox.test_oauth import Memory, _plain_http, authority, ring
from tests.test_cli import mailassist

__all__ = ["_plain_http", "ring"]  # fixtures


def account(url: str) -> AccountConfig:
    return AccountConfig(
        name="shop",
        address="anna@example.org",
        host="127.0.0.1",
        auth="oauth2",
        provider="own",
        client_id="client-1",
        token_endpoint=f"{url}/token",
        authorization_endpoint=f"{url}/authorize",
        device_endpoint=f"{url}/device",
        scope="imap",
    )


def test_a_sign_in_that_led_somewhere_is_kept(ring: Memory, capsys: pytest.CaptureFixture[str]) -> None:
    with authority() as knows, signed_in(account(knows.url)):
        pass
    assert list(ring.secrets) == [("mailassist", "oauth2 anna@example.org (shop)")]
    assert "BLUE-FOX" in capsys.readouterr().err


@pytest.mark.parametrize("end", [FolderMissing("no folder; make one"), KeyboardInterrupt()], ids=["fault", "Ctrl-C"])
def test_a_sign_in_that_led_nowhere_is_taken_back(ring: Memory, end: BaseException) -> None:
    with authority() as knows, pytest.raises(type(end)), signed_in(account(knows.url)):
        raise end
    assert ring.secrets == {}


def test_nobody_signs_in_where_the_tokens_cannot_be_kept(tmp_path: Path) -> None:
    (tmp_path / "config.toml").write_text(
        '[[account]]\nname = "shop"\naddress = "anna@outlook.com"\nhost = "outlook.office365.com"\n'
        'auth = "oauth2"\nprovider = "microsoft"\nclient_id = "1234"\n'
    )
    done = mailassist("login", "--config", tmp_path / "config.toml", home=tmp_path)
    assert (done.returncode, done.stdout) == (77, b"")
    assert "no keyring on this machine for the tokens" in done.stderr.decode()


@pytest.mark.parametrize(
    ("words", "status", "said"),
    [
        pytest.param(["anna@outlook.com"], 78, "--client-id ID", id="Microsoft takes no password"),
        pytest.param(["anna@outlook.com", "--client-id", "1234"], 77, "no keyring", id="tokens want a keyring"),
        pytest.param(
            ["anna@example.org", "--host", "outlook.office365.com"], 78, "--client-id ID", id="Microsoft by its host"
        ),
        pytest.param(
            ["anna@example.org", "--host", "imap.example.org", "--client-id", "1234"],
            78,
            "for Google and Microsoft",
            id="a provider that is not known",
        ),
    ],
)
def test_init_says_who_signs_in_how(tmp_path: Path, words: list[str], status: int, said: str) -> None:
    done = mailassist("init", *words, "--yes", home=tmp_path)
    assert (done.returncode, done.stdout) == (status, b"")
    assert said in done.stderr.decode().splitlines()[-1]
    assert list(tmp_path.iterdir()) == []
