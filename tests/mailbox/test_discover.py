"""An address -> where its server is."""

from dataclasses import dataclass, field

import pytest

from mailassist.mailbox.discover import Place, discover, read_autoconfig

XML = b"""<?xml version="1.0"?>
<clientConfig version="1.1"><emailProvider id="example.org">
  <incomingServer type="pop3"><hostname>pop.example.org</hostname><port>995</port>
    <socketType>SSL</socketType></incomingServer>
  <incomingServer type="imap"><hostname>plain.example.org</hostname><port>143</port>
    <socketType>plain</socketType></incomingServer>
  <incomingServer type="imap"><hostname>imap.example.org</hostname><port>993</port><socketType>SSL</socketType>
    <username>%EMAILLOCALPART%</username></incomingServer>
</emailProvider></clientConfig>"""


@dataclass
class Answers:
    """A network that knows only what it was told; it remembers what it was asked."""

    files: dict[str, bytes] = field(default_factory=dict)
    services: dict[str, list[tuple[str, int]]] = field(default_factory=dict)
    exchangers: list[str] = field(default_factory=list)
    servers: set[str] = field(default_factory=set)
    asked: list[str] = field(default_factory=list)

    def fetch(self, url: str) -> bytes:
        self.asked.append(url)
        return self.files.get(url, b"")

    def srv(self, name: str) -> list[tuple[str, int]]:
        self.asked.append(name)
        return self.services.get(name, [])

    def mx(self, domain: str) -> list[str]:
        self.asked.append(domain)
        return self.exchangers

    def answers(self, place: Place) -> bool:
        self.asked.append(place.host)
        return f"{place.host}:{place.port}" in self.servers


URL = "https://autoconfig.example.org/mail/config-v1.1.xml"


@pytest.mark.parametrize(
    ("address", "net", "host", "port", "tls"),
    [
        pytest.param("anna@gmail.com", Answers(), "imap.gmail.com", 993, "implicit", id="large provider"),
        pytest.param("a@example.org", Answers(files={URL: XML}), "imap.example.org", 993, "implicit", id="autoconfig"),
        pytest.param(
            "a@example.org",
            Answers(services={"_imap._tcp.example.org": [("mx.example.org", 143)]}),
            "mx.example.org",
            143,
            "starttls",
            id="SRV",
        ),
        pytest.param(
            "a@example.org", Answers(exchangers=["aspmx.l.google.com"]), "imap.gmail.com", 993, "implicit", id="MX"
        ),
        pytest.param(
            "a@example.org",
            Answers(exchangers=["example-org.mail.protection.outlook.com"]),
            "outlook.office365.com",
            993,
            "implicit",
            id="MX of Microsoft 365",
        ),
        pytest.param(
            "a@example.org", Answers(servers={"mail.example.org:993"}), "mail.example.org", 993, "implicit", id="guess"
        ),
    ],
)
def test_the_server_of_an_address_is_found(address: str, net: Answers, host: str, port: int, tls: str) -> None:
    place = list(discover(address, net))[-1].place
    assert place is not None
    assert (place.host, place.port, place.tls) == (host, port, tls)


def test_nobody_is_told_the_address() -> None:
    net = Answers()
    assert all(attempt.place is None for attempt in discover("anna.secret@example.org", net))
    assert net.asked
    assert not [asked for asked in net.asked if "anna" in asked]


def test_the_user_name_is_written_as_the_provider_wants_it() -> None:
    place = read_autoconfig(XML)
    assert place is not None
    assert place.login("anna@example.org") == "anna"
    assert Place("imap.example.org").login("anna@example.org") == "anna@example.org"


@pytest.mark.parametrize(
    "octets",
    [
        pytest.param(b"", id="nothing"),
        pytest.param(b"<html>404</html>", id="a web page"),
        pytest.param(b"<clientConfig><incomingServer", id="cut off"),
        pytest.param(b'<!DOCTYPE x [<!ENTITY a "b">]><clientConfig/>', id="entities"),
        pytest.param(XML.replace(b"SSL", b"plain"), id="no encryption"),
    ],
)
def test_a_file_that_helps_nobody_is_no_answer(octets: bytes) -> None:
    assert read_autoconfig(octets) is None


def test_a_service_the_domain_says_it_does_not_have_is_not_tried() -> None:
    net = Answers(services={"_imaps._tcp.example.org": [("", 0)], "_imap._tcp.example.org": [("", 0)]})
    assert list(discover("a@example.org", net))[-1].place is None
