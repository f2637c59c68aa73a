"""What every account does, in memory and on every server, in the same words."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta

import pytest

from mailassist.errors import FolderMissing, MessageError
from mailassist.mailbox.account import Account, Appended, Refusal
from mailassist.values import FetchedMessage
from tests.servers import Mailbox
from tests.support import mail


@contextmanager
def opened(mailbox: Mailbox) -> Iterator[Account]:
    account = mailbox.account()
    account.open()
    try:
        yield account
    finally:
        account.close()


def lower(flags: frozenset[str] | None) -> set[str]:
    return {flag.lower() for flag in flags or ()}


def test_drafts_sent_and_trash_are_found(mailbox):
    with opened(mailbox) as account:
        assert account.drafts.wire == mailbox.drafts
        assert account.sent
        assert account.sent.wire == mailbox.sent
        assert account.trash
        assert account.trash.wire == mailbox.trash


def test_a_listing_names_the_messages_and_who_they_are_from(mailbox):
    mailbox.put("INBOX", mail(1), [r"\Seen"])
    mailbox.put("INBOX", mail(2, references="<earlier@shop.example>"))
    with opened(mailbox) as account:
        account.select("INBOX")
        first, second = account.outlines(account.uids())
    assert first.uid < second.uid
    assert r"\seen" in lower(first.flags)
    assert r"\seen" not in lower(second.flags)
    assert first.fields.message_id == "<mail-1@customer.example>"
    assert first.fields.sender == "customer-1@customer.example"
    assert second.fields.answers == {"<earlier@shop.example>"}
    assert first.size == len(mail(1))
    assert first.received
    assert abs(datetime.now(UTC) - first.received) < timedelta(minutes=5)


def test_messages_since_a_day_leave_out_older_ones(mailbox):
    mailbox.put("INBOX", mail("old"), days_ago=20)
    mailbox.put("INBOX", mail("new"), days_ago=1)
    with opened(mailbox) as account:
        account.select("INBOX")
        recent = account.uids((datetime.now(UTC) - timedelta(days=7)).date())
        outlines = list(account.outlines(recent))
    assert [o.fields.message_id for o in outlines] == ["<mail-new@customer.example>"]


def test_an_empty_folder_lists_nothing(mailbox):
    with opened(mailbox) as account:
        account.select("INBOX")
        assert account.uids() == []
        assert list(account.outlines([])) == []
        assert list(account.fetch([])) == []


def test_fetching_gives_the_octets_and_sets_no_flag(mailbox):
    octets = mail(1, "Grüße, Ærø, привет\r\n.\r\n" + "x" * 3000)
    mailbox.put("INBOX", octets)
    with opened(mailbox) as account:
        account.select("INBOX", readonly=False)
        [message] = account.fetch(list(account.outlines(account.uids())))
    assert isinstance(message, FetchedMessage)
    assert message.octets == octets
    assert message.key.folder == "INBOX"
    assert [m.flags for m in mailbox.listing("INBOX")] == [frozenset()]


def test_of_a_large_message_the_first_megabyte_is_fetched(mailbox):
    octets = mail(1, "first words\r\n" + ("0123456789" * 7 + "\r\n") * 40_000)
    mailbox.put("INBOX", octets)
    with opened(mailbox) as account:
        account.select("INBOX")
        [message] = account.fetch(list(account.outlines(account.uids())))
    assert isinstance(message, FetchedMessage)
    assert message.octets == octets[: 1024 * 1024]
    assert message.size == len(octets)


def test_many_messages_come_in_the_order_asked_for(mailbox):
    for number in range(25):
        mailbox.put("INBOX", mail(number))
    with opened(mailbox) as account:
        account.select("INBOX")
        outlines = list(account.outlines(account.uids()))
        fetched = [m.key.uid for m in account.fetch(outlines) if isinstance(m, FetchedMessage)]
    assert fetched == [o.uid for o in outlines]
    assert len(fetched) == 25


def test_a_message_that_another_client_expunged_is_left_out(mailbox):
    mailbox.put("INBOX", mail(1))
    mailbox.put("INBOX", mail(2))
    with opened(mailbox) as account:
        account.select("INBOX")
        outlines = list(account.outlines(account.uids()))
        mailbox.delete("INBOX", outlines[0].uid)
        fetched = list(account.fetch(outlines))
        assert set(account.flags([o.uid for o in outlines])) == {outlines[1].uid}
    assert [m.octets for m in fetched if isinstance(m, FetchedMessage)] == [mail(2)]
    assert len(fetched) == 1


def test_a_flag_that_another_client_set_is_seen(mailbox):
    mailbox.put("INBOX", mail(1))
    with opened(mailbox) as account:
        account.select("INBOX")
        [uid] = account.uids()
        assert r"\answered" not in lower(account.flags([uid])[uid])
        mailbox.set_flags("INBOX", uid, [r"\Answered"])
        assert r"\answered" in lower(account.flags([uid])[uid])


def test_a_draft_is_appended_with_its_flags_and_octets(mailbox):
    octets = mail("draft")
    with opened(mailbox) as account:
        answer = account.append(account.drafts.wire, octets, (r"\Draft", r"\Seen"))
    assert isinstance(answer, Appended)
    [draft] = mailbox.listing(mailbox.drafts)
    assert draft.octets == octets
    assert lower(draft.flags) == {r"\draft", r"\seen"}
    assert answer.uid == draft.uid


def test_an_appended_draft_shows_in_a_fresh_listing(mailbox):
    with opened(mailbox) as account:
        account.select(account.drafts.wire)
        account.append(account.drafts.wire, mail("draft"), (r"\Draft", r"\Seen"))
        account.select(account.drafts.wire)
        assert len(account.uids()) == 1


def test_an_append_to_a_missing_folder_is_refused_as_that(mailbox):
    missing = mailbox.drafts.replace("Drafts", "Nowhere")
    with opened(mailbox) as account:
        answer = account.append(missing, mail(1), (r"\Draft",))
    assert isinstance(answer, Refusal)
    assert answer.kind == "no folder"
    mailbox.forget_wire()


def test_marks_are_set_where_the_folder_keeps_them(mailbox):
    mailbox.put("INBOX", mail(1))
    with opened(mailbox) as account:
        selected = account.select("INBOX", readonly=False)
        [uid] = account.uids()
        kept = account.mark(uid, ("$Hostile", r"\Flagged"))
    expected = {"$Hostile", r"\Flagged"} if mailbox.keeps_keywords else {r"\Flagged"}
    assert kept == expected
    assert selected.keeps("$Hostile") == mailbox.keeps_keywords
    assert mailbox.listing("INBOX")[0].flags == expected


def test_marks_leave_other_flags_alone(mailbox):
    mailbox.put("INBOX", mail(1), [r"\Seen"])
    with opened(mailbox) as account:
        account.select("INBOX", readonly=False)
        account.mark(account.uids()[0], (r"\Flagged",))
    assert mailbox.listing("INBOX")[0].flags == {r"\Seen", r"\Flagged"}


def test_a_folder_opened_for_reading_takes_no_marks(mailbox):
    mailbox.put("INBOX", mail(1))
    with opened(mailbox) as account:
        account.select("INBOX", readonly=True)
        assert account.mark(account.uids()[0], (r"\Flagged",)) == frozenset()
    assert mailbox.listing("INBOX")[0].flags == frozenset()


def test_a_flag_that_could_end_a_command_is_refused(mailbox):
    mailbox.put("INBOX", mail(1))
    with opened(mailbox) as account:
        account.select("INBOX", readonly=False)
        with pytest.raises(MessageError, match="no flag"):
            account.mark(account.uids()[0], ("$a)\r\nx LOGOUT",))


def test_one_message_is_removed_and_no_other(mailbox):
    for name in ("a", "b", "c"):
        mailbox.put(mailbox.drafts, mail(name))
    [_, victim, third] = mailbox.listing(mailbox.drafts)
    mailbox.set_flags(mailbox.drafts, third.uid, [r"\Deleted"])  # another client's, which expunges late
    with opened(mailbox) as account:
        assert account.can_remove
        account.select(account.drafts.wire, readonly=False)
        account.remove(victim.uid)
    assert [m.octets for m in mailbox.listing(mailbox.drafts)] == [mail("a"), mail("c")]


def test_a_folder_that_is_not_there_is_missing(mailbox):
    with opened(mailbox) as account, pytest.raises(FolderMissing):
        account.folder("No such folder")


def test_the_inbox_is_found_in_any_case_of_letters(mailbox):
    with opened(mailbox) as account:
        assert account.folder("INBOX").wire == "INBOX"


def test_the_epoch_of_a_folder_stays_between_sessions(mailbox):
    with opened(mailbox) as account:
        first = account.select("INBOX").uid_validity
    with opened(mailbox) as account:
        assert account.select("INBOX").uid_validity == first
    assert first > 0


def test_closing_twice_does_no_harm(mailbox):
    account = mailbox.account()
    account.open()
    account.close()
    account.close()


def test_an_account_can_be_opened_again(mailbox):
    mailbox.put("INBOX", mail(1))
    account = mailbox.account()
    for _ in range(2):
        account.open()
        account.select("INBOX")
        assert len(account.uids()) == 1
        account.close()
