"""A written boundary is one that stands in Sent, whatever our draft had proposed."""

from datetime import UTC, datetime, timedelta

import pytest

from mailassist.keeping.store import open_store
from mailassist.mailbox.fake import FakeAccount, FakeServer
from mailassist.one_pass import Options, run_pass
from tests.support import answer, id_of, mail

CUSTOMER = "ann@customer.example"
OPTIONS = Options(since=timedelta(days=30), holds_boundary=lambda octets, language: b"leave the insults out" in octets)


@pytest.mark.parametrize(
    ("tone", "sent", "drawn"),
    [
        pytest.param("hostile", "I ask that we leave the insults out.", True, id="sent with it"),
        pytest.param("hostile", "It comes on Tuesday.", False, id="taken out of the draft before it was sent"),
        pytest.param("calm", "I ask that we leave the insults out.", False, id="in answer to mail that was civil"),
        pytest.param("hostile", None, False, id="never sent"),
    ],
)
def test_a_boundary_counts_where_the_mail_that_was_sent_holds_it(tone: str, sent: str | None, drawn: bool) -> None:
    server, theirs = FakeServer(), mail(1, f"a {tone} word", sender=CUSTOMER)
    server.put("INBOX", theirs)
    with open_store(None, b"key") as store:
        run_pass(FakeAccount(server), "INBOX", store, answer, OPTIONS)
        if sent is not None:
            server.put(
                "Sent",
                mail("r", sent, references=id_of(theirs), date=f"{datetime.now(UTC):%a, %d %b %Y %H:%M:%S} +0000"),
            )
        run_pass(FakeAccount(server), "INBOX", store, answer, OPTIONS)
        (contact,) = store.history("shop", CUSTOMER).contacts
    assert contact.boundary_sent == drawn
    assert (contact.answered_after is not None) == (sent is not None)
