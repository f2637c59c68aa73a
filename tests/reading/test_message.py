"""Octets become an IncomingMail, whatever they are."""

import base64
from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mailassist.errors import UnreadableMessage
from mailassist.reading.message import parse
from mailassist.reading.message.mime import MAX_OCTETS, MAX_TEXT
from mailassist.values import Address

HEAD = (
    b"From: Anna Berg <anna@example.org>\r\nTo: Shop <info@shop.example>\r\n"
    b"Subject: Order\r\nMessage-ID: <1@example.org>\r\n"
)


def mail(*fields: str, body: str = "The kettle leaks.") -> bytes:
    return "\r\n".join([*fields, "", body, ""]).encode()


def multipart(kind: str, *parts: str) -> bytes:
    """Return a message of *parts*, each with its own header."""
    inside = "".join(f"--sep\r\n{part}\r\n" for part in parts)
    return HEAD + f'Content-Type: multipart/{kind}; boundary="sep"\r\n\r\n{inside}--sep--\r\n'.encode()


TEXT = "Content-Type: text/plain; charset=utf-8\r\n\r\nThe kettle leaks."
HTML = "Content-Type: text/html; charset=utf-8\r\n\r\n<p>The <b>kettle</b> leaks.</p>"
IMAGE = "Content-Type: image/png; name=kettle.png\r\nContent-Transfer-Encoding: base64\r\n\r\niVBORw0KGgo="


def test_the_fields_of_an_ordinary_mail_are_read():
    read = parse(
        mail(
            "From: =?utf-8?q?J=C3=B8rgen?= <jorgen@example.org>",
            "To: Shop <info@shop.example>, help@shop.example",
            "Cc: Boss <boss@example.org>",
            "Subject: Re: =?utf-8?q?Gr=C3=B6=C3=9Fe?=",
            "Date: Mon, 3 May 2021 10:15:12 +0200",
            "Message-ID: <2@example.org>",
            "In-Reply-To: <1@shop.example>",
            "References: <0@shop.example>\r\n <1@shop.example>",
            "Delivered-To: info@shop.example",
            "Content-Language: da, en",
            "X-Odd: a",
            "X-Odd: b",
        )
    )
    assert read.from_ == Address("jorgen@example.org", "Jørgen")
    assert read.reply_to == (read.from_,)
    assert [address.spec for address in read.to] == ["info@shop.example", "help@shop.example"]
    assert read.cc == (Address("boss@example.org", "Boss"),)
    assert read.subject == "Re: Größe"
    assert read.date == datetime(2021, 5, 3, 8, 15, 12, tzinfo=UTC)
    assert read.message_id == "<2@example.org>"
    assert read.in_reply_to == ("<1@shop.example>",)
    assert read.references == ("<0@shop.example>", "<1@shop.example>")
    assert read.delivered_to == ("info@shop.example",)
    assert read.content_language == "da"
    assert read.headers["x-odd"] == ("a", "b")
    assert read.said == read.body == "The kettle leaks."
    assert not read.truncated


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        pytest.param(["From: anna@example.org"], "anna@example.org", id="from"),
        pytest.param(["From: anna@example.org", "Reply-To: berg@example.org"], "berg@example.org", id="reply-to"),
        pytest.param(["From: anna@example.org", "Reply-To: noreply@example.org"], "anna@example.org", id="a dead end"),
        pytest.param(["From: anna@example.org", "Reply-To: nonsense"], "anna@example.org", id="nonsense"),
        pytest.param(["From: anna@example.org", "Reply-To: info@shop.example"], "anna@example.org", id="ourselves"),
        pytest.param(
            ["From: Shop <info@shop.example>", "Reply-To: Anna <anna@example.org>"], "anna@example.org", id="web form"
        ),
        pytest.param(
            ["From: Anna via Team <team@list.example>", "Reply-To: anna@example.org"],
            "anna@example.org",
            id="via a list",
        ),
        pytest.param(
            ["From: no-reply@form.example", "X-Original-From: anna@example.org"], "anna@example.org", id="original from"
        ),
        pytest.param(["From: , anna@example.org"], "anna@example.org", id="first of several that is one"),
    ],
)
def test_a_reply_goes_to_who_wrote(fields, expected):
    assert [address.spec for address in parse(mail(*fields, "To: info@shop.example")).reply_to] == [expected]


@pytest.mark.parametrize("fields", [[], ["From: "], ["From: Anna"], ["From: Friends: ;"]])
def test_a_reply_goes_nowhere_without_an_address(fields):
    assert parse(mail(*fields, "To: info@shop.example")).reply_to == ()


@pytest.mark.parametrize(
    ("octets", "body"),
    [
        pytest.param(multipart("alternative", TEXT, HTML), "The kettle leaks.", id="text and html"),
        pytest.param(multipart("alternative", HTML), "The kettle leaks.", id="html alone"),
        pytest.param(
            multipart(
                "alternative",
                "Content-Type: text/plain\r\n\r\nSee it in a browser.",
                HTML.replace("leaks", "leaks a lot, all over the table"),
            ),
            "The kettle leaks a lot, all over the table.",
            id="a stub beside html",
        ),
        pytest.param(
            multipart("mixed", TEXT, IMAGE, TEXT.replace("leaks", "is hot")),
            "The kettle leaks.\n\nThe kettle is hot.",
            id="text, image, text",
        ),
        pytest.param(multipart("mixed", TEXT, HTML), "The kettle leaks.", id="the same twice, not as alternatives"),
        pytest.param(multipart("related", IMAGE, HTML), "The kettle leaks.", id="related, image first"),
        pytest.param(
            multipart("signed", TEXT, "Content-Type: application/pgp-signature\r\n\r\nxyz"),
            "The kettle leaks.",
            id="signed",
        ),
        pytest.param(
            HEAD + b"Content-Type: text\r\n\r\nThe kettle leaks.", "The kettle leaks.", id="half a content type"
        ),
        pytest.param(
            HEAD + b'Content-Type: multipart/mixed; boundary="sep"\r\n\r\nThe kettle leaks.',
            "The kettle leaks.",
            id="multipart by name only",
        ),
        pytest.param(
            HEAD + b"Content-Type: text/plain; charset=x-none\r\n\r\nGr\xc3\xb6\xc3\x9fe", "Größe", id="unknown charset"
        ),
        pytest.param(
            HEAD + b"Content-Transfer-Encoding: base64\r\n\r\n" + base64.b64encode("Größe".encode()),
            "Größe",
            id="base64",
        ),
        pytest.param(
            HEAD + b"Content-Transfer-Encoding: quoted-printable\r\n\r\nGr=C3=B6=\r\n=C3=9Fe=\r\n",
            "Größe",
            id="quoted-printable",
        ),
        pytest.param(
            HEAD + b"Content-Transfer-Encoding: x-none\r\n\r\nThe kettle leaks.",
            "The kettle leaks.",
            id="unknown encoding",
        ),
        pytest.param(
            HEAD
            + b"Content-Type: text/plain; format=flowed\r\n\r\n"
            + b"The kettle \r\nleaks.\r\n> It is \r\n> new.\r\n-- \r\nAnna",
            "The kettle leaks.\n> It is new.\n-- \nAnna",
            id="flowed",
        ),
        pytest.param(
            HEAD
            + b"Content-Type: text/plain; format=flowed; delsp=yes; charset=utf-8\r\n\r\n"
            + "商品が \r\n届きません。".encode(),
            "商品が届きません。",
            id="flowed, delsp",
        ),
        pytest.param(
            b"From anna Mon May  3 10:15:12 2021\n" + HEAD + b"\r\nThe kettle leaks.",
            "The kettle leaks.",
            id="mbox separator",
        ),
        pytest.param(HEAD.replace(b"\r\n", b"\n") + b"\nThe kettle leaks.", "The kettle leaks.", id="line feeds"),
        pytest.param(b"The kettle leaks.\n", "The kettle leaks.", id="no header"),
        pytest.param(HEAD + b"\r\n<div>The kettle<br>leaks.</div>", "The kettle\nleaks.", id="html labelled text"),
    ],
)
def test_the_text_is_what_a_person_would_read(octets, body):
    assert parse(octets).body == body


def test_html_that_marks_older_mail_is_read_where_the_text_does_not():
    text = "Content-Type: text/plain\r\n\r\nThe kettle leaks.\r\n\r\nThank you for your order."
    html = (
        "Content-Type: text/html\r\n\r\nThe kettle leaks.<blockquote type=cite>Thank you for your order.</blockquote>"
    )
    assert parse(multipart("alternative", text, html)).said == "The kettle leaks."


def test_attachments_and_nested_messages_are_listed_and_not_read():
    nested = "Content-Type: message/rfc822\r\n\r\nFrom: berg@example.com\r\nSubject: inside\r\n\r\nI am old mail."
    listed = (
        "Content-Type: text/plain\r\nContent-Disposition: attachment; filename*=utf-8''Gr%C3%B6%C3%9Fe.txt\r\n\r\nlist"
    )
    read = parse(multipart("mixed", TEXT, listed, IMAGE, nested))
    assert read.body == "The kettle leaks."
    assert [(part.content_type, part.filename) for part in read.parts] == [
        ("text/plain", "Größe.txt"),
        ("image/png", "kettle.png"),
        ("message/rfc822", ""),
    ]
    assert [address.spec for address in read.reply_to] == ["anna@example.org"]


@pytest.mark.parametrize(
    "part",
    [
        pytest.param("Content-Type: text/calendar; method=REPLY\r\n\r\nBEGIN:VCALENDAR", id="parameter"),
        pytest.param("Content-Type: text/calendar\r\n\r\nBEGIN:VCALENDAR\r\nMETHOD:REPLY\r\nEND:VCALENDAR", id="line"),
    ],
)
def test_a_calendar_part_tells_what_it_asks_for(part):
    assert parse(multipart("alternative", TEXT, part)).parts[0].method == "reply"


def test_the_closing_name_is_told_by_the_sender():
    assert (
        parse(mail("From: Anna Berg <anna@example.org>", body="The kettle leaks.\r\nAnna")).said == "The kettle leaks."
    )


def test_a_long_text_is_cut_and_says_so():
    read = parse(HEAD + b"\r\n" + b"The kettle leaks.\r\n" * 20_000)
    assert len(read.body) == MAX_TEXT
    assert read.truncated


def test_a_long_attachment_is_cut_and_the_text_is_whole():
    read = parse(multipart("mixed", TEXT, "Content-Type: application/pdf\r\n\r\n" + "x" * MAX_OCTETS))
    assert read.said == "The kettle leaks."
    assert not read.truncated


@pytest.mark.parametrize("octets", [b"", b"\r\n\r\n", b"\n"])
def test_nothing_at_all_is_unreadable(octets):
    with pytest.raises(UnreadableMessage):
        parse(octets)


def nested(depth: int, kind: str = "multipart/mixed") -> bytes:
    heads = "".join(f'Content-Type: {kind}; boundary="b{level}"\r\n\r\n--b{level}\r\n' for level in range(depth))
    return HEAD + heads.encode() + b"\r\nThe kettle leaks.\r\n"


@pytest.mark.parametrize(
    "octets",
    [
        pytest.param(nested(1500), id="1500 multiparts"),
        pytest.param(HEAD + b"Content-Type: message/rfc822\r\n\r\n" * 2000 + b"x", id="2000 messages"),
        pytest.param(b"Message-ID: <[\r\n" + HEAD + b"\r\nx", id="message-id"),
        pytest.param(b"To: " + b"(" * 50_000 + b"\r\n\r\nx", id="comments"),
        pytest.param(b"To: " + b"a@example.org, " * 5000 + b"\r\n\r\nx", id="5000 addresses"),
        pytest.param(b"Subject: " + b"=?utf-8?q?a?= " * 20_000 + b"\r\n\r\nx", id="20000 encoded words"),
        pytest.param(b"Subject: " + b"x" * 5_000_000 + b"\r\n\r\nx", id="5 MB field"),
        pytest.param(b"X: y\r\n" * 100_000 + b"\r\nx", id="100000 fields"),
        pytest.param(b"References: " + b"<a@b> " * 50_000 + b"\r\n\r\nx", id="50000 references"),
        pytest.param(b"Content-Type: text/plain" + b"; a=b" * 20_000 + b"\r\n\r\nx", id="20000 parameters"),
        pytest.param(b"Content-Type: text/plain; charset=a\x00\r\n\r\nGr\xf6\xdfe", id="charset with a NUL"),
        pytest.param(b"Content-Type: image/png; charset=a\x00\r\n\r\nGr\xf6\xdfe", id="charset with a NUL, no text"),
        pytest.param(b"Content-Type: text/plain; name*\r\n\r\nx", id="half a parameter"),
        pytest.param(b"Content-Type: text/plain; name*0*=x''%zz; name*1=y\r\n\r\nx", id="continued parameter"),
        pytest.param(b"From: =?utf-8?q?a=0Ab?= <a@example.org>\r\n\r\nx", id="line feed in a name"),
        pytest.param(b"\x00\xff" * 1000, id="no mail at all"),
        pytest.param(b"Date: Mon, 99 Foo 0000 99:99:99 +9999\r\n\r\nx", id="date"),
    ],
)
def test_a_hostile_message_is_read_all_the_same(octets):
    read = parse(octets)
    assert len(read.body) <= MAX_TEXT
    assert sum(len(value) for values in read.headers.values() for value in values) < 500_000


PIECES = st.sampled_from(
    [
        *(
            b"From: a@example.org\r\n",
            b"Subject: =?utf-8?q?=C3?=\r\n",
            b"\r\n",
            b"\r\n\r\n",
            b"--b\r\n",
            b"--b--\r\n",
            b"x " * 50,
        ),
        *(
            b"Content-Type: multipart/mixed; boundary=b\r\n",
            b"Content-Type: text/html\r\n",
            b"Content-Type: message/rfc822\r\n",
        ),
        *(
            b"Content-Transfer-Encoding: base64\r\n",
            b"Content-Transfer-Encoding: quoted-printable\r\n",
            b"=E4=F6\r\n",
            b"<p>x\r\n",
        ),
        *(
            b"Content-Type: text/plain; charset=utf-16; format=flowed\r\n",
            b"To: (((\r\n",
            b"Message-ID: <[\r\n",
            b"> q\r\n",
            b"-- \r\n",
        ),
        *(
            b"Content-Type: message/delivery-status\r\n",
            b"Content-Type: multipart/alternative; boundary=\r\n",
            b"Date: x\r\n",
        ),
    ]
)


@given(st.lists(PIECES | st.binary(max_size=80), max_size=20).map(b"".join))
@settings(max_examples=400, deadline=None)
def test_no_octets_raise_anything_but_unreadable_message(octets):
    try:
        read = parse(octets)
    except UnreadableMessage:
        return
    for text in (read.body, read.said, read.subject, *(value for values in read.headers.values() for value in values)):
        text.encode("utf-8")
        assert "\x00" not in text
    assert set(read.said.split()) <= set(read.body.split())
