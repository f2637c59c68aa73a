"""
An address -> where its mail server is. The one door to dnspython.

Asked in this order: a table of large providers, the domain's own autoconfig file, its SRV records (RFC 6186), the
provider its MX records point to, and last the usual names. Only the domain is told to anybody, never the address.
"""

import socket
import ssl
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Literal, Protocol
from xml.etree import ElementTree

Tls = Literal["implicit", "starttls"]
MAX_XML = 100_000  # octets of an autoconfig file that are read
TIMEOUT_S = 8.0  # for one question


@dataclass(frozen=True, slots=True)
class Place:
    """Where a server is and how its users log in."""

    host: str
    port: int = 993
    tls: Tls = "implicit"
    username: str = "%EMAILADDRESS%"  # autoconfig's placeholders: %EMAILADDRESS%, %EMAILLOCALPART%
    provider: Literal["", "google", "microsoft"] = ""  # who signs in by OAuth2
    hint: str = ""  # what a person must know before the first login

    def login(self, address: str) -> str:
        """Return the user name of *address* there."""
        local, _, domain = address.rpartition("@")
        filled = self.username.replace("%EMAILADDRESS%", address).replace("%EMAILLOCALPART%", local)
        return filled.replace("%EMAILDOMAIN%", domain)


@dataclass(frozen=True, slots=True)
class Attempt:
    """One question and what came of it."""

    asked: str  # for a person
    place: Place | None


class Net(Protocol):
    """The questions discovery asks of the network; each returns nothing where there is no answer."""

    def fetch(self, url: str) -> bytes: ...
    def srv(self, name: str) -> list[tuple[str, int]]: ...
    def mx(self, domain: str) -> list[str]: ...
    def answers(self, place: Place) -> bool: ...


APP_PASSWORD = "it wants an app password, made in the security settings of your account there"
GOOGLE = Place("imap.gmail.com", provider="google", hint=f"{APP_PASSWORD}; or sign in with OAuth2")
MICROSOFT = Place("outlook.office365.com", provider="microsoft", hint="it takes no passwords: sign in with OAuth2")

PROVIDERS: dict[str, Place] = {
    **dict.fromkeys(("gmail.com", "googlemail.com"), GOOGLE),
    **dict.fromkeys(("outlook.com", "hotmail.com", "live.com", "msn.com", "outlook.de", "hotmail.fr"), MICROSOFT),
    **dict.fromkeys(("icloud.com", "me.com", "mac.com"), Place("imap.mail.me.com", hint=APP_PASSWORD)),
    **dict.fromkeys(("yahoo.com", "yahoo.de", "yahoo.fr", "yahoo.it"), Place("imap.mail.yahoo.com", hint=APP_PASSWORD)),
    **dict.fromkeys(("fastmail.com", "fastmail.fm"), Place("imap.fastmail.com", hint=APP_PASSWORD)),
    **dict.fromkeys(
        ("gmx.de", "gmx.net", "gmx.at", "gmx.ch"), Place("imap.gmx.net", hint="switch IMAP on there first")
    ),
    "web.de": Place("imap.web.de", hint="switch IMAP on there first"),
    "t-online.de": Place("secureimap.t-online.de", hint="it wants the e-mail password, not that of the account"),
    "posteo.de": Place("posteo.de"),
    "mailbox.org": Place("imap.mailbox.org"),
    **dict.fromkeys(("orange.fr", "wanadoo.fr"), Place("imap.orange.fr")),
    "free.fr": Place("imap.free.fr"),
    "laposte.net": Place("imap.laposte.net"),
    **dict.fromkeys(("mail.ru", "bk.ru", "inbox.ru", "list.ru"), Place("imap.mail.ru", hint=APP_PASSWORD)),
    **dict.fromkeys(("yandex.ru", "yandex.com", "ya.ru"), Place("imap.yandex.com", hint=APP_PASSWORD)),
    "libero.it": Place("imapmail.libero.it"),
    "seznam.cz": Place("imap.seznam.cz"),
    "wp.pl": Place("imap.wp.pl", hint="switch IMAP on there first"),
    "o2.pl": Place("poczta.o2.pl", hint="switch IMAP on there first"),
    "onet.pl": Place("imap.poczta.onet.pl"),
}

MX_SUFFIXES: tuple[tuple[str, Place], ...] = (
    ("google.com", GOOGLE),
    ("googlemail.com", GOOGLE),
    ("outlook.com", MICROSOFT),
    ("messagingengine.com", PROVIDERS["fastmail.com"]),
    ("icloud.com", PROVIDERS["icloud.com"]),
    ("yandex.net", PROVIDERS["yandex.com"]),
    ("mail.ru", PROVIDERS["mail.ru"]),
    ("mailbox.org", PROVIDERS["mailbox.org"]),
    ("posteo.de", PROVIDERS["posteo.de"]),
    ("ovh.net", Place("ssl0.ovh.net")),
    ("gandi.net", Place("mail.gandi.net")),
    ("ionos.com", Place("imap.ionos.com")),
    ("kundenserver.de", Place("imap.ionos.de")),
    ("one.com", Place("imap.one.com")),
    ("simply.com", Place("imap.simply.com")),
    ("strato.de", Place("imap.strato.de")),
    ("hostpoint.ch", Place("imap.mail.hostpoint.ch")),
    ("infomaniak.ch", Place("mail.infomaniak.com")),
    ("zoho.eu", Place("imap.zoho.eu")),
    ("zoho.com", Place("imap.zoho.com")),
)


def discover(address: str, net: Net) -> Iterator[Attempt]:
    """Yield each question with its outcome, the surest first; the last one has a place, unless nobody knows."""
    domain = address.rpartition("@")[2].lower()
    questions: tuple[tuple[str, Callable[[], Place | None]], ...] = (
        (f"the table of large providers for {domain}", lambda: PROVIDERS.get(domain)),
        *((f"autoconfig at {url}", lambda url=url: read_autoconfig(net.fetch(url))) for url in autoconfig_urls(domain)),
        (f"the SRV records of {domain}", lambda: _by_srv(domain, net)),
        (f"the MX records of {domain}", lambda: _by_mx(domain, net)),
        *(
            (f"{one.host}, port {one.port}", lambda one=one: one if net.answers(one) else None)
            for one in guesses(domain)
        ),
    )
    for asked, question in questions:
        place = question()
        yield Attempt(asked, place)
        if place:
            return


def autoconfig_urls(domain: str) -> tuple[str, ...]:
    """Return where a domain publishes its configuration for mail clients."""
    path = "mail/config-v1.1.xml"
    return f"https://autoconfig.{domain}/{path}", f"https://{domain}/.well-known/autoconfig/{path}"


def guesses(domain: str) -> tuple[Place, ...]:
    """Return the places a server of *domain* usually has."""
    names = (f"imap.{domain}", f"mail.{domain}", domain)
    return (*(Place(name) for name in names), *(Place(name, 143, "starttls") for name in names))


def read_autoconfig(octets: bytes) -> Place | None:
    """Return the first encrypted IMAP server that the autoconfig file *octets* names; None where there is none."""
    if not octets or b"<!DOCTYPE" in octets or b"<!ENTITY" in octets:  # nobody needs entities here but an attacker
        return None
    try:
        root = ElementTree.fromstring(octets)
    except ElementTree.ParseError:
        return None
    for server in root.iter("incomingServer"):
        host, port = (server.findtext("hostname") or "").strip(), (server.findtext("port") or "").strip()
        tls = {"SSL": "implicit", "STARTTLS": "starttls"}.get((server.findtext("socketType") or "").strip())
        if server.get("type") == "imap" and host and port.isdecimal() and tls:
            username = (server.findtext("username") or "%EMAILADDRESS%").strip()
            return Place(host, int(port), "starttls" if tls == "starttls" else "implicit", username)
    return None


def _by_srv(domain: str, net: Net) -> Place | None:
    """Return what the SRV records say (RFC 6186 §3.2); a target of "." says that there is no such service."""
    for service, tls in (("_imaps._tcp", "implicit"), ("_imap._tcp", "starttls")):
        for host, port in net.srv(f"{service}.{domain}"):
            if host:
                return Place(host, port, "starttls" if tls == "starttls" else "implicit")
    return None


def _by_mx(domain: str, net: Net) -> Place | None:
    for host in net.mx(domain):
        for suffix, place in MX_SUFFIXES:
            if host == suffix or host.endswith("." + suffix):
                return place
    return None


class Internet:
    """The real network."""

    def fetch(self, url: str) -> bytes:
        """Return what lies at the https *url*; b"" where nothing does."""
        try:
            with urllib.request.urlopen(url, timeout=TIMEOUT_S, context=ssl.create_default_context()) as answer:
                octets: bytes = answer.read(MAX_XML)
        except (OSError, ValueError):
            return b""
        return octets

    def srv(self, name: str) -> list[tuple[str, int]]:
        """Return host and port of each SRV record, the most wanted first."""
        records = sorted(_ask(name, "SRV"), key=lambda one: (one.priority, -one.weight))
        return [(str(one.target).rstrip("."), one.port) for one in records]

    def mx(self, domain: str) -> list[str]:
        """Return the hosts that take *domain*'s mail, the most wanted first."""
        records = sorted(_ask(domain, "MX"), key=lambda one: int(one.preference))
        return [str(one.exchange).rstrip(".").lower() for one in records]

    def answers(self, place: Place) -> bool:
        """Say whether an IMAP server greets at *place*, with a certificate that holds where TLS comes first."""
        try:
            with socket.create_connection((place.host, place.port), timeout=TIMEOUT_S) as plain:
                if place.tls == "starttls":
                    return _greets(plain)
                context = ssl.create_default_context()
                with context.wrap_socket(plain, server_hostname=place.host) as secure:
                    return _greets(secure)
        except (OSError, ValueError):
            return False


def _greets(connection: socket.socket) -> bool:
    greeting = connection.recv(512)
    connection.sendall(b"a LOGOUT\r\n")  # a connection that just ends looks like an attack to some servers
    return greeting.startswith(b"* OK")


def _ask(name: str, kind: str) -> list:  # type: ignore[type-arg]  # dnspython's records have a class for each kind
    from dns.exception import DNSException
    from dns.resolver import Resolver

    try:
        resolver = Resolver()
        resolver.lifetime = TIMEOUT_S
        return list(resolver.resolve(name, kind))
    except (DNSException, OSError, ValueError):
        return []
