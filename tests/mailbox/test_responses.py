"""What servers say, in our words."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mailassist.mailbox.responses import append_uid, is_temporary, printable, read_fields, refusal, retry_after


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        pytest.param("[TRYCREATE] Mailbox doesn't exist", "no folder", id="Dovecot, no folder"),
        pytest.param("[OVERQUOTA] Quota exceeded (mailbox for user is full)", "quota", id="Dovecot, quota"),
        pytest.param("Over quota", "quota", id="Cyrus, quota without a code"),
        pytest.param("[TOOBIG] Message too large", "too large", id="a message too large"),
        pytest.param("Request is throttled. Suggested Backoff Time: 299910 milliseconds", "busy", id="Exchange"),
        pytest.param("[UNAVAILABLE] Temporary failure", "busy", id="unavailable"),
        pytest.param("[CANNOT] Invalid message", "refused", id="never"),
        pytest.param("", "refused", id="nothing"),
    ],
)
def test_a_refused_append_is_told_by_code_or_words(text, kind):
    assert refusal(text).kind == kind


def test_exchange_is_waited_for_as_long_as_it_says_within_reason():
    assert retry_after("Suggested Backoff Time: 299910 milliseconds") == pytest.approx(299.91)
    assert retry_after("Suggested Backoff Time: 999999999 milliseconds") == 600
    assert retry_after("wait") == 0


@pytest.mark.parametrize(
    ("text", "temporary"),
    [
        ("[AUTHENTICATIONFAILED] Authentication failed.", False),
        ("Login failed: authentication failure", False),
        ("[UNAVAILABLE] Temporary authentication failure.", True),
        ("[LIMIT] Rate limit hit", True),
        ("[UNAVAILABLE] Maximum number of connections from user+IP exceeded", True),
        ("Server Unavailable. 15", True),
        ("[ALERT] Application-specific password required", False),
        ("Too many login failures", True),
    ],
)  # fmt: skip
def test_a_refused_login_is_the_password_or_the_moment(text, temporary):
    assert is_temporary(text) is temporary


@pytest.mark.parametrize(
    ("text", "uid"),
    [
        (b"[APPENDUID 1700000000 12] Append completed.", (1700000000, 12)),
        (b"[appenduid 5 6]", (5, 6)),
        (b"Append completed.", None),
        (b"[APPENDUID 1e5 7]", None),
        (b"[APPENDUID 42 99999999999999999999]", None),
        ("[APPENDUID 3 4]", (3, 4)),
    ],
)
def test_an_appenduid_is_taken_where_it_is_one(text, uid):
    assert append_uid(text) == uid


def test_what_a_server_says_is_shown_without_controls():
    assert printable(b"bad\r\n\x1b[31mred \xe2\x80\xaeevil") == "bad [31mred  evil"
    assert len(printable("x" * 5000)) == 120


def test_the_fields_are_read_from_a_header():
    fields = read_fields(
        b"Message-ID: <a@x.example>\r\nIn-Reply-To:\r\n <b@x.example>\r\n"
        b"REFERENCES: <c@x.example>\r\n\t<b@x.example>\r\n"
        b"From: =?utf-8?q?J=C3=B8rgen?= <Jorgen@X.Example>\r\nDate: Mon, 1 Jan\r\nSubject: =?utf-8?b?R3LDvMOfZQ==?=\r\n"
        b"Message-ID: <second@x.example>\r\n\r\nMessage-ID: <body@x.example>\r\n"
    )
    assert fields.message_id == "<a@x.example>"
    assert fields.in_reply_to == ("<b@x.example>",)
    assert fields.references == ("<c@x.example>", "<b@x.example>")
    assert (fields.sender, fields.sender_name) == ("jorgen@x.example", "Jørgen")
    assert fields.subject == "Grüße"


@pytest.mark.parametrize(
    "octets",
    [
        b"", b"\r\n\r\n", b"no colon here\r\n\r\n", b"From: \r\n", b'From: "\r\n', b"From: (c):\r\n",
        b"From: a@[127.0.0.1\r\n",
        b"Message-ID: <[x]@host>\r\n", b"Message-ID: none\r\n", b"Subject: =?x-unknown?q?=FF?=\r\n", b"\xff\xfe\x00",
        b"Subject: =?utf-8?b?!!!?=\r\n", b"From: " + b"a@b.example, " * 5000,
        b"References: " + b"<x@y.example> " * 50_000,
        b" folded from nothing\r\nFrom: a@b.example\r\n",
    ],
)  # fmt: skip
def test_a_broken_header_gives_what_can_be_read(octets):
    read_fields(octets)


@given(st.binary(max_size=400))
def test_no_octets_raise_anything(octets):
    read_fields(b"From: " + octets + b"\r\nMessage-ID: " + octets)
    read_fields(octets)
