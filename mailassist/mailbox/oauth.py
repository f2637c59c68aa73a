"""
Access tokens: the sign-in, and the refresh before they expire. The one door to authlib.

The client is the owner's own, registered with the provider; its identifier stands in the configuration. Tokens lie in
the keyring. Who is spoken to: the authorization endpoint at the sign-in, the token endpoint at a refresh.
"""

import json
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs, urlsplit

from mailassist.errors import AccountError, SecretError
from mailassist.mailbox.connection import Credential
from mailassist.mailbox.secret import keyring_get, keyring_set

if TYPE_CHECKING:
    from authlib.integrations.requests_client import OAuth2Session

EARLY_S = 300.0  # a token is renewed this long before it expires
SIGN_IN_S = 600.0  # a person has this long
HTTP_S = 30.0
DEVICE_GRANT = "urn:ietf:params:oauth:grant-type:device_code"  # RFC 8628 §3.4


@dataclass(frozen=True, slots=True)
class Provider:
    """Where tokens come from. Without a device endpoint the sign-in goes through a browser on this machine."""

    authorization_endpoint: str
    token_endpoint: str
    scope: str
    device_endpoint: str = ""


PROVIDERS: Mapping[str, Provider] = {
    # Google's device flow knows no scope for mail.
    "google": Provider(
        "https://accounts.google.com/o/oauth2/v2/auth",
        "https://oauth2.googleapis.com/token",
        "https://mail.google.com/",
    ),
    "microsoft": Provider(
        "https://login.microsoftonline.com/common/oauth2/v2.0/authorize",
        "https://login.microsoftonline.com/common/oauth2/v2.0/token",
        "https://outlook.office.com/IMAP.AccessAsUser.All offline_access",
        "https://login.microsoftonline.com/common/oauth2/v2.0/devicecode",
    ),
}

NEXT_STEPS: Mapping[str, str] = {
    "invalid_grant": "the sign-in has run out or was revoked; sign in again",
    "invalid_client": "the provider does not know this client; check client_id in the configuration",
    "unauthorized_client": "the provider does not let this client sign in so; allow public clients in its registration",
    "access_denied": "the sign-in was refused; sign in again and agree, or ask who administers the mail accounts",
    "invalid_scope": "the client may not use IMAP; add the scope to its registration at the provider",
    "expired_token": "nobody signed in in time; begin again",
    "interaction_required": "the provider wants to see a person; sign in again",
}


@dataclass(frozen=True, slots=True)
class Client:
    """The owner's client at a provider, for one account."""

    account: str
    username: str
    client_id: str
    provider: Provider

    @property
    def entry(self) -> str:
        """The name of the tokens in the keyring."""
        return f"oauth2 {self.username} ({self.account})"


_renewing = threading.Lock()  # one refresh at a time: providers that rotate refresh tokens revoke what is used twice


def access_token(client: Client, now: Callable[[], float] = time.time) -> Callable[[], Credential]:
    """Return what yields a valid access token at every login; the call raises SecretError or AccountError."""

    def ask() -> Credential:
        with _renewing:
            tokens = _stored(client)
            if float(tokens.get("expires_at", 0)) - now() < EARLY_S:
                tokens = _renewed(client, tokens, now)
        return Credential(str(tokens["access_token"]), "oauth2")

    return ask


def sign_in(client: Client, show: Callable[[str], None], now: Callable[[], float] = time.time) -> None:
    """
    Have a person sign in, and keep the tokens in the keyring; raise SecretError or AccountError.

    show: says a sentence to the person: where to go, and which code to type.
    """
    session = _session(client)
    tokens = (
        _by_device(client, session, show) if client.provider.device_endpoint else _by_browser(client, session, show)
    )
    if not tokens.get("refresh_token"):
        raise SecretError(
            "the provider gave no refresh token; add offline access to the client's scope and sign in again"
        )
    _keep(client, tokens, now)


def _session(client: Client, **more: Any) -> "OAuth2Session":
    try:
        from authlib.integrations.requests_client import OAuth2Session
    except ImportError:
        raise SecretError(
            "signing in needs two more packages; install them in the checkout: pipx install --force '.[oauth]'"
        ) from None
    return OAuth2Session(
        client.client_id,
        scope=client.provider.scope,
        code_challenge_method="S256",
        token_endpoint_auth_method="none",  # a program on a workstation keeps no secret (RFC 8252 §8.5)
        default_timeout=HTTP_S,
        **more,
    )


def _by_device(client: Client, session: "OAuth2Session", show: Callable[[str], None]) -> dict[str, Any]:
    """Sign in with any browser anywhere, by a code a person types there (RFC 8628)."""
    asked = {"client_id": client.client_id, "scope": client.provider.scope}
    answer = _posted(client, session, client.provider.device_endpoint, asked)
    _refuse(answer, client)
    place = answer.get("verification_uri") or answer.get("verification_url")
    show(f"open {place} in any browser and type the code {answer['user_code']}")
    poll = {"grant_type": DEVICE_GRANT, "device_code": answer["device_code"], "client_id": client.client_id}
    pause, until = float(answer.get("interval", 5)), time.monotonic() + min(SIGN_IN_S, float(answer["expires_in"]))
    while time.monotonic() < until:
        time.sleep(pause)
        tokens = _posted(client, session, client.provider.token_endpoint, poll)
        if tokens.get("error") == "slow_down":
            pause += 5.0  # RFC 8628 §3.5
        elif tokens.get("error") != "authorization_pending":
            _refuse(tokens, client)
            return tokens
    raise SecretError(f"nobody signed in in time; begin again: mailassist login {client.account}")


def _posted(client: Client, session: "OAuth2Session", url: str, fields: Mapping[str, str]) -> dict[str, Any]:
    return dict(_said(lambda: session.post(url, data=fields, withhold_token=True).json(), client))


def _by_browser(client: Client, session: "OAuth2Session", show: Callable[[str], None]) -> dict[str, Any]:
    """Sign in with a browser on this machine: code with PKCE over a loopback redirect (RFC 8252 §7.3, RFC 7636)."""
    from authlib.common.security import generate_token

    answers: list[str] = []

    class Redirect(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            answers.append(self.path)
            self.send_response(200)
            self.send_header("Content-Type", "text/plain; charset=utf-8")
            self.end_headers()
            self.wfile.write(b"mailassist is signed in. You can close this page.")

        def log_message(self, *_: object) -> None:  # the code must not reach a log
            pass

    with HTTPServer(("127.0.0.1", 0), Redirect) as server:
        server.timeout = 1.0
        session.redirect_uri = f"http://127.0.0.1:{server.server_port}/"
        verifier = generate_token(64)
        url, state = session.create_authorization_url(
            client.provider.authorization_endpoint,
            code_verifier=verifier, access_type="offline", prompt="consent", login_hint=client.username,
        )  # fmt: skip
        show(f"open this in a browser on this machine and sign in: {url}")
        until = time.monotonic() + SIGN_IN_S
        while not answers and time.monotonic() < until:
            server.handle_request()
    if not answers:
        raise SecretError(f"nobody signed in in time; begin again: mailassist login {client.account}")
    given = {name: values[0] for name, values in parse_qs(urlsplit(answers[0]).query).items()}
    _refuse(given, client)
    if given.get("state") != state:
        raise SecretError(f"the answer was not to our question; begin again: mailassist login {client.account}")
    return dict(
        _said(
            lambda: session.fetch_token(
                client.provider.token_endpoint,
                grant_type="authorization_code",
                code=given["code"],
                code_verifier=verifier,
            ),
            client,
        )
    )


def _renewed(client: Client, tokens: Mapping[str, Any], now: Callable[[], float]) -> dict[str, Any]:
    """Return new tokens, kept before they are used: a rotated refresh token that is lost is a sign-in lost."""
    session = _session(client)
    fresh = _said(
        lambda: session.refresh_token(client.provider.token_endpoint, refresh_token=tokens["refresh_token"]), client
    )
    return _keep(client, {**tokens, **fresh}, now)


def _said(ask: Callable[[], Any], client: Client) -> Any:
    """Return what *ask* returns, its faults translated: the network is waited for, a refusal wants a person."""
    from authlib.common.errors import AuthlibBaseError
    from requests.exceptions import RequestException

    try:
        return ask()
    except AuthlibBaseError as error:
        _refuse({"error": error.error}, client)
        raise SecretError(f"the sign-in failed; sign in again: mailassist login {client.account}") from error
    except RequestException as error:  # its JSONDecodeError too: a captive portal, a gateway's error page
        raise AccountError("the token endpoint cannot be reached; check the network, or try again later") from error


def _refuse(answer: Mapping[str, Any], client: Client) -> None:
    """Raise SecretError with the next step where *answer* is a refusal (RFC 6749 §5.2)."""
    if error := answer.get("error"):
        step = NEXT_STEPS.get(str(error), "the provider refused the sign-in; sign in again")
        raise SecretError(f"{step}: mailassist login {client.account}")


def _stored(client: Client) -> dict[str, Any]:
    text = keyring_get(client.entry)
    if not text:
        raise SecretError(f"account {client.account} is not signed in; sign in with: mailassist login {client.account}")
    return dict(json.loads(text))


def _keep(client: Client, tokens: Mapping[str, Any], now: Callable[[], float]) -> dict[str, Any]:
    kept = {
        "access_token": tokens["access_token"],
        "refresh_token": tokens["refresh_token"],
        "expires_at": now() + float(tokens.get("expires_in") or 3600),
    }
    keyring_set(client.entry, json.dumps(kept))
    return kept
