"""Signing in and renewing tokens, against an authorization server on this machine."""

import base64
import hashlib
import json
import secrets
import threading
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import keyring
import pytest
from keyring.backend import KeyringBackend

pytest.importorskip("authlib")

from mailassist.errors import AccountError, LoginRefused, SecretError
from mailassist.mailbox.account import Credential, ImapAccount
from mailassist.mailbox.oauth import Client, Provider, access_token, sign_in
from tests.servers import Dovecot, NotInstalled
from tests.servers.base import USER


class Memory(KeyringBackend):
    """A keyring in memory."""

    priority = 1  # type: ignore[assignment]

    def __init__(self) -> None:
        super().__init__()
        self.secrets: dict[tuple[str, str], str] = {}

    def get_password(self, service: str, username: str) -> str | None:
        return self.secrets.get((service, username))

    def set_password(self, service: str, username: str, password: str) -> None:
        self.secrets[service, username] = password

    def delete_password(self, service: str, username: str) -> None:
        del self.secrets[service, username]


@dataclass
class Authority:
    """What the authorization server knows: RFC 6749, 7636 (S256), 8628, with rotating refresh tokens."""

    url: str = ""
    challenges: dict[str, str] = field(default_factory=dict)  # code -> challenge
    refresh_tokens: set[str] = field(default_factory=set)
    polls_until_agreed: int = 1
    refusal: str = ""
    asked: list[dict[str, str]] = field(default_factory=list)

    def grant(self) -> dict[str, Any]:
        token = secrets.token_hex(8)
        self.refresh_tokens.add(token)
        return {"access_token": f"at-{token}", "refresh_token": token, "expires_in": 3600, "token_type": "Bearer"}

    def token(self, form: dict[str, str]) -> tuple[int, dict[str, Any]]:
        self.asked.append(form)
        if self.refusal:
            return 400, {"error": self.refusal}
        kind = form["grant_type"]
        if kind == "refresh_token":
            if form["refresh_token"] not in self.refresh_tokens:
                return 400, {"error": "invalid_grant"}
            self.refresh_tokens.discard(form["refresh_token"])
            return 200, self.grant()
        if kind == "authorization_code":
            digest = hashlib.sha256(form["code_verifier"].encode()).digest()
            challenge = base64.urlsafe_b64encode(digest).decode().rstrip("=")
            right = self.challenges.pop(form["code"], None) == challenge
            return (200, self.grant()) if right else (400, {"error": "invalid_grant"})
        self.polls_until_agreed -= 1
        return (400, {"error": "authorization_pending"}) if self.polls_until_agreed >= 0 else (200, self.grant())


@contextmanager
def authority() -> Iterator[Authority]:
    """Run the authorization server while the block runs."""
    knows = Authority()

    class Handler(BaseHTTPRequestHandler):
        def answer(self, status: int, value: dict[str, Any]) -> None:
            octets = json.dumps(value).encode()
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(octets)))
            self.end_headers()
            self.wfile.write(octets)

        def do_GET(self) -> None:
            asked = {name: values[0] for name, values in parse_qs(urlsplit(self.path).query).items()}
            code = secrets.token_hex(8)
            assert asked["code_challenge_method"] == "S256"
            knows.challenges[code] = asked["code_challenge"]
            given = {"error": knows.refusal} if knows.refusal else {"code": code}
            self.send_response(302)
            self.send_header("Location", f"{asked['redirect_uri']}?{urlencode({**given, 'state': asked['state']})}")
            self.end_headers()

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"])).decode()
            form = {name: values[0] for name, values in parse_qs(body).items()}
            if self.path == "/introspect":  # RFC 7662, asked by Dovecot
                known = form["token"].removeprefix("at-") in knows.refresh_tokens
                self.answer(200, {"active": known, "username": USER} if known else {"active": False})
            elif self.path == "/device":
                place = f"{knows.url}/activate"
                self.answer(
                    200,
                    {
                        "device_code": "d",
                        "user_code": "BLUE-FOX",
                        "verification_uri": place,
                        "expires_in": 60,
                        "interval": 0,
                    },
                )
            else:
                self.answer(*knows.token(form))

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    knows.url = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield knows
    finally:
        server.shutdown()
        server.server_close()


@pytest.fixture
def ring() -> Iterator[Memory]:
    before, memory = keyring.get_keyring(), Memory()
    keyring.set_keyring(memory)
    yield memory
    keyring.set_keyring(before)


def client(url: str, device: bool = False) -> Client:
    provider = Provider(f"{url}/authorize", f"{url}/token", "imap", f"{url}/device" if device else "")
    return Client("shop", "anna@example.org", "client-1", provider)


@pytest.fixture(autouse=True)
def _plain_http(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AUTHLIB_INSECURE_TRANSPORT", "1")  # the server of these tests has no certificate
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")


def test_a_code_typed_on_another_device_signs_in(ring: Memory) -> None:
    with authority() as knows:
        said: list[str] = []
        sign_in(client(knows.url, device=True), said.append)
        assert "BLUE-FOX" in said[0]
        assert access_token(client(knows.url))().secret.startswith("at-")
        assert access_token(client(knows.url))().mechanism == "oauth2"


def test_a_browser_on_this_machine_signs_in_with_pkce(ring: Memory) -> None:
    def visit(sentence: str) -> None:
        url = sentence.split()[-1]
        threading.Thread(target=lambda: urllib.request.urlopen(url).read(), daemon=True).start()

    with authority() as knows:
        sign_in(client(knows.url), visit)
        assert access_token(client(knows.url))().secret.startswith("at-")


def test_a_token_is_renewed_before_it_expires_and_the_rotated_one_is_kept(ring: Memory) -> None:
    with authority() as knows:
        sign_in(client(knows.url, device=True), lambda _: None)
        first = access_token(client(knows.url))().secret
        assert access_token(client(knows.url))().secret == first  # not renewed while it holds
        second = access_token(client(knows.url), now=lambda: 8e9)().secret
        third = access_token(client(knows.url), now=lambda: 9e9)().secret  # by the refresh token that was rotated in
        assert len({first, second, third}) == 3


def test_nobody_signed_in_is_a_sentence_with_the_next_step(ring: Memory) -> None:
    with pytest.raises(SecretError, match="mailassist login shop"):
        access_token(client("http://127.0.0.1:1"))()


@pytest.mark.parametrize(
    ("refusal", "said"),
    [
        pytest.param("invalid_grant", "sign in again", id="revoked"),
        pytest.param("invalid_client", "client_id", id="unknown client"),
        pytest.param("access_denied", "agree", id="refused"),
        pytest.param("server_error", "mailassist login shop", id="anything else"),
    ],
)
def test_a_refusal_is_translated_into_what_to_do(ring: Memory, refusal: str, said: str) -> None:
    with authority() as knows:
        sign_in(client(knows.url, device=True), lambda _: None)
        knows.refusal = refusal
        with pytest.raises(SecretError, match=said) as caught:
            access_token(client(knows.url), now=lambda: 9e9)()
        assert "at-" not in str(caught.value)


def test_a_token_endpoint_that_is_away_is_waited_for(ring: Memory) -> None:
    with authority() as knows:
        sign_in(client(knows.url, device=True), lambda _: None)
    with pytest.raises(AccountError):
        access_token(client(knows.url), now=lambda: 9e9)()


def test_no_token_reaches_a_log(ring: Memory, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("DEBUG")
    with authority() as knows:
        sign_in(client(knows.url, device=True), lambda _: None)
        tokens = [access_token(client(knows.url))().secret, *knows.refresh_tokens]
    assert not [token for token in tokens if token in caplog.text]


class TokenDovecot(Dovecot):
    """Dovecot that takes access tokens only, and asks *introspection* whether they hold."""

    def __init__(self, introspection: str, mechanism: str) -> None:
        super().__init__()
        self.introspection, self.mechanism = introspection, mechanism

    def configure(self) -> None:
        super().configure()
        (self.dir / "oauth2").write_text(
            f"introspection_mode = post\nintrospection_url = {self.introspection}\nusername_attribute = username\n"
            "active_attribute = active\nactive_value = true\n"
        )
        with (self.dir / "dovecot.conf").open("a") as configuration:
            configuration.write(
                f"auth_mechanisms = {self.mechanism}\n"
                f"passdb {{\n  driver = oauth2\n  mechanisms = {self.mechanism}\n  args = {self.dir}/oauth2\n}}\n"
            )


@pytest.mark.parametrize("mechanism", ["oauthbearer", "xoauth2"])
def test_dovecot_takes_the_token_and_refuses_another(ring: Memory, mechanism: str) -> None:
    with authority() as knows:
        try:
            server = TokenDovecot(f"{knows.url}/introspect", mechanism).__enter__()
        except NotInstalled as reason:
            pytest.skip(str(reason))
        try:
            sign_in(client(knows.url, device=True), lambda _: None)
            place = server.server(server.port)
            with ImapAccount("shop", place, access_token(client(knows.url))) as account:
                assert account.drafts.name == "Drafts"
            with pytest.raises(LoginRefused):
                ImapAccount("shop", place, lambda: Credential("at-stolen", "oauth2")).open()
        finally:
            server.__exit__()
