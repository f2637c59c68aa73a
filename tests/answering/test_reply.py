import dataclasses
import email
import email.policy
from datetime import UTC, datetime

import pytest

from mailassist.answering import reply
from mailassist.answering.desk import Desk
from mailassist.reading.message import parse
from mailassist.values import Address
from tests.answering.readings import message

ENGLISH = Desk().set_for("en").locale
SHOP = Address("service@shop.example", "Shop")
INFO = Address("info@shop.example", "Shop")


def octets(**fields):
    usual = {
        "from_": SHOP, "to": (Address("neil@example.org", "Neil"),), "cc": (), "subject": "Re: Kettle", "date": None,
        "message_id": "<a@shop.example>", "in_reply_to": "<first@example.org>", "references": ("<first@example.org>",),
        "body": "Hello\n",
    }  # fmt: skip
    return reply.octets_of(**{**usual, **fields})


def parsed(**fields):
    return email.message_from_bytes(octets(**fields), policy=email.policy.default)


@pytest.mark.parametrize(
    ("original", "answered"),
    [
        pytest.param("Kettle", "Re: Kettle", id="none yet"),
        pytest.param("Re: Kettle", "Re: Kettle", id="one"),
        pytest.param("AW: SV: Re[2]: RE (3): Kettle", "Re: Kettle", id="many, of many clients"),
        pytest.param("Ответ: Odp: Kettle", "Re: Kettle", id="of other languages"),
        pytest.param("Fwd: Kettle", "Re: Fwd: Kettle", id="a forward stays one"),
        pytest.param("Regarding: tea", "Re: Regarding: tea", id="a word that begins like one"),
        pytest.param("a\r\nBcc: x@example.org", "Re: a Bcc: x@example.org", id="no second header line"),
        pytest.param("", "Re:", id="no subject"),
    ],
)
def test_a_reply_has_one_prefix(original, answered):
    assert reply.subject(original, ENGLISH) == answered


@pytest.mark.parametrize(
    ("fields", "identity"),
    [
        pytest.param({"to": (INFO,)}, INFO, id="the alias in To"),
        pytest.param({"cc": (INFO,)}, INFO, id="the alias in Cc"),
        pytest.param({"to": (Address("INFO@shop.example"),)}, INFO, id="case"),
        pytest.param({"to": (Address("info+vip@shop.example"),)}, INFO, id="a plus address"),
        pytest.param({"delivered_to": ("info@shop.example",)}, INFO, id="delivered for the alias"),
        pytest.param({"to": (Address("other@example.org"),)}, SHOP, id="none of ours: the first"),
    ],
)
def test_the_reply_comes_from_the_identity_that_was_written_to(fields, identity):
    mail = dataclasses.replace(parse(message()), to=(), cc=(), delivered_to=())
    assert reply.from_identity(dataclasses.replace(mail, **fields), (SHOP, INFO)) == identity


def test_references_hold_the_thread_and_the_mail():
    mail = parse(message(References="<one@x.example> <two@x.example>", In_Reply_To="<two@x.example>"))
    assert reply.references(mail) == ("<one@x.example>", "<two@x.example>", "<first@example.org>")


def test_in_reply_to_stands_in_for_missing_references():
    assert reply.references(parse(message(In_Reply_To="<one@x.example>"))) == ("<one@x.example>", "<first@example.org>")


def test_a_long_thread_keeps_its_first_and_its_last_messages():
    chain = [f"<{n}@x.example>" for n in range(40)]
    kept = reply.references(parse(message(References=" ".join(chain))))
    assert len(kept) == reply.MOST_REFERENCES
    assert (kept[0], kept[-1]) == ("<0@x.example>", "<first@example.org>")


@pytest.mark.parametrize("length", [60, 78, 82, 300])
def test_long_message_ids_are_written_as_they_are(length):
    identifier = f"<{'x' * (length - 11)}@x.example>"
    made = octets(in_reply_to=identifier, references=("<one@x.example>", identifier))
    assert f"In-Reply-To: {identifier}\r\n".encode() in made
    assert f"References: <one@x.example>\r\n {identifier}\r\n".encode() in made


def test_the_octets_are_ascii_with_crlf_and_parse_back():
    body = "Bonjour, ça va été long : voilà — « Ωмега »\n\n> ünd\n"
    made = octets(subject="Re: Größe – Привет", from_=Address("service@bücher.example", "Büro, Süd"), body=body)
    assert made.isascii()
    assert b"\n" not in made.replace(b"\r\n", b"")
    assert max(map(len, made.split(b"\r\n"))) <= 998
    mail = email.message_from_bytes(made, policy=email.policy.default)
    assert mail["Subject"] == "Re: Größe – Привет"
    assert mail["From"].addresses[0].display_name == "Büro, Süd"
    assert mail["From"].addresses[0].domain == "xn--bcher-kva.example"
    assert mail.get_content().replace("\r\n", "\n") == body
    assert mail.defects == []


@pytest.mark.parametrize("width", range(60, 80))
def test_no_encoded_line_begins_with_a_space_that_thunderbird_would_drop(width):
    body = f"> {'é' * (width // 6)}{'x' * (width % 6)} déjà vu, et mes remerciements à toute l'équipe\n"
    lines = octets(body=body).partition(b"\r\n\r\n")[2].split(b"\r\n")
    assert [line for line in lines if line.startswith(b" ")] == []
    assert max(map(len, lines)) <= 76
    assert parsed(body=body).get_content().replace("\r\n", "\n") == body


def test_a_name_with_a_comma_stays_one_address():
    assert [str(one) for one in parsed(to=(Address("j@example.org", "Doe, John"),))["To"].addresses] == [
        '"Doe, John" <j@example.org>'
    ]


@pytest.mark.parametrize("field", ["X-Mailer", "User-Agent", "X-Draft-Info", "Reply-To", "Bcc"])
def test_a_draft_has_no_field_that_a_client_would_send_on(field):
    assert parsed()[field] is None


def test_the_date_stands_only_where_the_time_is_given():
    assert parsed()["Date"] is None
    assert parsed(date=datetime(2025, 6, 10, 8, 0, tzinfo=UTC))["Date"] == "Tue, 10 Jun 2025 08:00:00 +0000"


def test_long_lines_flow_and_come_back_whole():
    line = "word " * 60
    flowed = reply.flowed(line.strip())
    assert max(map(len, flowed.split("\n"))) <= 78
    assert flowed.replace(" \n", " ") == line.strip()


@pytest.mark.parametrize(
    ("line", "written"),
    [
        pytest.param("From here on", " From here on", id="From"),
        pytest.param(" indented", "  indented", id="a space"),
        pytest.param("> quoted  ", "> quoted  ", id="quoted lines as they are"),
        pytest.param("ends in spaces  ", "ends in spaces", id="no flow by accident"),
        pytest.param("-- ", "-- ", id="a signature delimiter"),
    ],
)
def test_lines_are_stuffed_where_a_reader_would_mistake_them(line, written):
    assert reply.flowed(line) == written


def test_the_original_is_quoted_below_its_attribution_line():
    mail = parse(
        message("It leaks.\n\nNeil\n\nOn Monday, Dana wrote:\n> Hello\n", sender="Neil Haddow <neil@example.org>")
    )
    assert reply.quoted_original(mail, ENGLISH) == (
        "On 9 June 2025 at 22:47, Neil Haddow wrote:\n> It leaks.\n>\n> Neil\n>\n> On Monday, Dana wrote:\n>> Hello"
    )


def test_a_long_original_is_cut_visibly():
    quoted = reply.quoted_original(parse(message("line\n" * 1000)), ENGLISH)
    assert quoted.count("\n") == reply.MOST_QUOTED_LINES + 1
    assert quoted.endswith("> […]")


def test_direction_and_control_characters_of_the_original_do_not_reach_the_draft():
    quoted = reply.quoted_original(parse(message("a\u202eb\x07c\u2066d")), ENGLISH)
    assert quoted.endswith("> abcd")


def test_the_key_follows_from_the_message_and_the_identity():
    mail = parse(message())
    assert reply.message_key(mail, SHOP, None) == reply.message_key(parse(message()), SHOP, None)
    others = [
        reply.message_key(mail, INFO, None),
        reply.message_key(mail, SHOP, "thank"),
        reply.message_key(parse(message("Something else.")), SHOP, None),
        reply.message_key(parse(message(sender="anna@example.org")), SHOP, None),
    ]
    assert len({reply.message_key(mail, SHOP, None), *others}) == 5


def test_the_message_id_has_the_domain_of_the_identity():
    key = reply.message_key(parse(message()), SHOP, None)
    assert reply.message_id(key, SHOP) == f"<{key}@shop.example>"
    assert len(key) == 32


def test_a_reply_to_all_leaves_ourselves_and_the_customer_out():
    mail = parse(message(Cc="info@shop.example, anna@example.org, neil@example.org"))
    to = (Address("neil@example.org"),)
    assert [one.spec for one in reply.copies(mail, to, (SHOP, INFO))] == ["anna@example.org"]


def test_a_reply_to_all_of_a_circular_goes_to_the_customer_alone():
    mail = parse(message(Cc=", ".join(f"p{n}@example.org" for n in range(30))))
    assert reply.copies(mail, (), (SHOP,)) == ()


def test_a_mail_without_a_date_is_attributed_without_one():
    mail = parse(message(Date=""))
    assert mail.date is None
    assert reply.attribution(mail, ENGLISH) == "neil@example.org wrote:"
