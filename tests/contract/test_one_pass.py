"""A pass over a folder, in memory and on every server: one draft a message, whatever was there before."""

import logging
from collections import Counter
from datetime import UTC, datetime, timedelta

import pytest

from mailassist.keeping.drafts import redraft, undo
from mailassist.keeping.replies import octets_hash
from mailassist.keeping.store import open_store
from mailassist.mailbox.idle import Stop
from mailassist.mailbox.responses import read_fields
from mailassist.one_pass import Options, Outcome, Report, run_pass
from mailassist.values import Draft, Skipped
from tests.servers import Mailbox
from tests.support import answer, draft_id, mail

KEY = b"k" * 32
LATER = timedelta(minutes=5)  # by then a draft that was saved must show in a listing


class Office:
    """A mailbox, a store and a clock; `run` makes one pass with a session of its own."""

    def __init__(self, mailbox: Mailbox, folder) -> None:
        self.mailbox = mailbox
        self.path = folder / "store.sqlite"
        self.store = open_store(self.path, KEY)
        self.now = datetime.now(UTC)
        self.outcomes: list[Outcome] = []

    def run(self, answer=answer, **options) -> Report:
        account = self.mailbox.account()
        self.outcomes = []
        try:
            return run_pass(
                account, "INBOX", self.store, answer, Options(**options), now=lambda: self.now,
                progress=lambda outcome, done, total: self.outcomes.append(outcome),
            )  # fmt: skip
        finally:
            account.close()

    def drafts(self) -> Counter[str]:
        """What the drafts in Drafts answer: Message-ID -> how many."""
        found = (read_fields(m.octets) for m in self.mailbox.listing(self.mailbox.drafts))
        return Counter(fields.in_reply_to[0] for fields in found)

    def reasons(self) -> list[str]:
        return [outcome.reason for outcome in self.outcomes]


@pytest.fixture
def office(mailbox, tmp_path):
    office = Office(mailbox, tmp_path)
    yield office
    office.store.close()


@pytest.fixture
def desk(dovecot, tmp_path):
    """An office on Dovecot alone, for what does not depend on the server."""
    office = Office(dovecot, tmp_path)
    yield office
    office.store.close()


def reply(octets: bytes, sender: str = "service@shop.example", number: str = "r") -> bytes:
    """A person's reply to *octets*."""
    return mail(f"reply-{number}", "Dear customer, …", sender=sender, references=read_fields(octets).message_id)


def test_each_message_gets_one_draft_and_a_second_pass_adds_none(office):
    for number in range(4):
        office.mailbox.put("INBOX", mail(number))
    assert office.run().drafts == 4
    assert office.run() == Report()
    assert office.drafts() == {f"<mail-{n}@customer.example>": 1 for n in range(4)}


def test_nothing_in_the_inbox_changes_but_the_marks_of_the_hostile(office):
    office.mailbox.put("INBOX", mail(1))
    office.mailbox.put("INBOX", mail(2, "you hostile text"))
    office.mailbox.put("INBOX", mail(3), [r"\Seen"])
    office.run()
    marks = {"$Hostile", r"\Flagged"} if office.mailbox.keeps_keywords else {r"\Flagged"}
    assert [m.flags for m in office.mailbox.listing("INBOX")] == [frozenset(), marks, {r"\Seen"}]


def test_what_is_answered_or_needs_none_gets_no_draft(office):
    office.mailbox.put("INBOX", mail(1), [r"\Answered"])
    office.mailbox.put("INBOX", mail(2))
    office.mailbox.put(office.mailbox.sent, reply(mail(2)), [r"\Seen"])
    office.mailbox.put("INBOX", mail(3))
    office.mailbox.put(office.mailbox.drafts, reply(mail(3)), [r"\Draft"])
    office.mailbox.put("INBOX", mail(4, "the newsletter of this month"))
    office.mailbox.put("INBOX", mail(5), [r"\Deleted"])
    report = office.run()
    assert (report.drafts, report.skipped, report.faults) == (0, 5, 0)
    assert office.drafts() == {"<mail-3@customer.example>": 1}
    assert office.run() == Report()


def test_a_message_older_than_the_window_is_left_alone(office):
    office.mailbox.put("INBOX", mail("old"), days_ago=9)
    office.mailbox.put("INBOX", mail("new"), days_ago=6)
    assert office.run().drafts == 1
    assert office.run(since=timedelta(days=30)).drafts == 1


def test_a_limit_takes_the_newest_and_says_what_it_left(office):
    for number in range(5):
        office.mailbox.put("INBOX", mail(number))
    report = office.run(limit=2)
    assert (report.drafts, report.left) == (2, 3)
    assert set(office.drafts()) == {"<mail-3@customer.example>", "<mail-4@customer.example>"}
    assert office.run(limit=2).left == 1
    assert office.run(limit=2).left == 0
    assert sum(office.drafts().values()) == 5


def test_a_dry_run_writes_nothing_anywhere(office):
    office.mailbox.put("INBOX", mail(1, "hostile text"))
    assert office.run(dry_run=True).drafts == 1
    [outcome] = office.outcomes
    assert outcome.saved
    assert isinstance(outcome.result, Draft)
    assert office.mailbox.listing(office.mailbox.drafts) == []
    assert office.mailbox.listing("INBOX")[0].flags == frozenset()
    assert office.store.senders() == ()
    assert office.run().drafts == 1


def test_a_second_copy_of_a_message_gets_no_second_draft(office):
    office.mailbox.put("INBOX", mail(1))
    office.mailbox.put("INBOX", b"Received: by a second way\r\n" + mail(1))
    report = office.run()
    assert (report.drafts, report.skipped) == (1, 1)


def test_another_mail_under_the_same_message_id_gets_its_own_draft(office):
    office.mailbox.put("INBOX", mail(1, message_id="<same@customer.example>"))
    office.mailbox.put("INBOX", mail(2, "Something else.", message_id="<same@customer.example>"))
    assert office.run().drafts == 2


def test_a_mail_is_not_kept_from_an_answer_by_another_under_its_message_id(office):
    same = "<same@customer.example>"
    office.mailbox.put("INBOX", mail(1, "first", message_id=same, sender="a@customer.example"))
    office.run()
    office.mailbox.put(office.mailbox.sent, reply(mail(1, message_id=same)), [r"\Seen"])
    office.mailbox.put("INBOX", mail(2, "second", message_id=same, sender="b@customer.example"))
    office.now += LATER
    assert office.run().drafts == 1


def test_of_two_mails_in_a_thread_the_newer_one_is_answered(office):
    office.mailbox.put("INBOX", mail(1, sender="a@customer.example"))
    follow_up = mail(2, "Are you there?", sender="a@customer.example", references="<mail-1@customer.example>")
    office.mailbox.put("INBOX", follow_up)
    report = office.run()
    assert (report.drafts, report.skipped) == (1, 1)
    assert office.drafts() == {"<mail-2@customer.example>": 1}
    assert office.run() == Report()


def test_a_newer_mail_of_the_customer_replaces_the_untouched_draft(office):
    office.mailbox.put("INBOX", mail(1, sender="a@customer.example"))
    office.run()
    follow_up = mail(2, "Are you there?", sender="a@customer.example", references="<mail-1@customer.example>")
    office.mailbox.put("INBOX", follow_up)
    office.now += LATER
    assert office.run().drafts == 1
    office.now += LATER
    office.run()
    assert office.drafts() == {"<mail-2@customer.example>": 1}


def test_the_older_mail_of_a_thread_is_answered_when_the_newer_needs_no_answer(office):
    office.mailbox.put("INBOX", mail(1, sender="a@customer.example"))
    automatic = mail(2, "a newsletter", sender="a@customer.example", references="<mail-1@customer.example>")
    office.mailbox.put("INBOX", automatic)
    report = office.run()
    assert (report.drafts, report.skipped) == (1, 1)
    assert office.drafts() == {"<mail-1@customer.example>": 1}


def test_two_people_in_one_thread_get_a_draft_each(office):
    office.mailbox.put("INBOX", mail(1, sender="a@customer.example"))
    office.mailbox.put("INBOX", mail(2, "I too.", sender="b@customer.example", references="<mail-1@customer.example>"))
    assert office.run().drafts == 2


def test_an_edited_draft_is_the_persons_and_stays(office):
    office.mailbox.put("INBOX", mail(1, sender="a@customer.example"))
    office.run()
    [draft] = office.mailbox.listing(office.mailbox.drafts)
    edited = draft.octets.replace(b"[[date]]", b"Friday")  # mutt keeps the Message-ID
    office.mailbox.put(office.mailbox.drafts, edited, [r"\Draft"])
    office.mailbox.delete(office.mailbox.drafts, draft.uid)
    follow_up = mail(2, "Are you there?", sender="a@customer.example", references="<mail-1@customer.example>")
    office.mailbox.put("INBOX", follow_up)
    office.now += LATER
    office.run()
    office.now += LATER
    office.run()
    octets = [m.octets for m in office.mailbox.listing(office.mailbox.drafts)]
    assert edited in octets
    assert len(octets) == 2


def test_a_draft_that_was_thrown_away_is_not_made_again(office):
    office.mailbox.put("INBOX", mail(1))
    office.run()
    [draft] = office.mailbox.listing(office.mailbox.drafts)
    office.mailbox.delete(office.mailbox.drafts, draft.uid)
    for _ in range(3):
        office.now += LATER
        office.run()
    assert office.mailbox.listing(office.mailbox.drafts) == []


@pytest.mark.parametrize("how", ["sent", "answered"])
def test_the_draft_of_a_message_that_was_answered_meanwhile_is_removed(office, how):
    office.mailbox.put("INBOX", mail(1))
    office.run()
    if how == "sent":
        office.mailbox.put(office.mailbox.sent, reply(mail(1)), [r"\Seen"])
    else:
        office.mailbox.set_flags("INBOX", office.mailbox.listing("INBOX")[0].uid, [r"\Answered"])
    office.now += LATER
    office.run()
    assert office.mailbox.listing(office.mailbox.drafts) == []
    [sender] = office.store.senders()
    assert sender.contacts[0].answered_after is not None


def test_a_draft_that_a_person_sends_counts_as_the_answer(office):
    office.mailbox.put("INBOX", mail(1))
    office.run()
    [draft] = office.mailbox.listing(office.mailbox.drafts)
    office.mailbox.put(office.mailbox.sent, draft.octets, [r"\Seen"])
    office.mailbox.delete(office.mailbox.drafts, draft.uid)
    office.now += LATER
    office.run()
    [sender] = office.store.senders()
    assert sender.contacts[0].answered_after is not None
    assert office.store.waiting() == ()


def test_undo_removes_what_nobody_touched_and_a_pass_does_not_make_it_again(office):
    for number in range(3):
        office.mailbox.put("INBOX", mail(number))
    office.run()
    touched = office.mailbox.listing(office.mailbox.drafts)[0]
    office.mailbox.put(office.mailbox.drafts, touched.octets.replace(b"[[date]]", b"Friday"), [r"\Draft"])
    office.mailbox.delete(office.mailbox.drafts, touched.uid)
    account = office.mailbox.account()
    undone = undo(account, office.store, since=None)
    account.close()
    assert (undone.removed, undone.edited) == (2, 1)
    assert len(office.mailbox.listing(office.mailbox.drafts)) == 1
    assert office.run() == Report()
    assert len(office.mailbox.listing(office.mailbox.drafts)) == 1


def test_a_lost_store_is_rebuilt_from_drafts_sent_and_what_they_answer(office, tmp_path):
    for number in range(4):
        office.mailbox.put("INBOX", mail(number))
    office.run()
    untouched, edited, sent, _ = office.mailbox.listing(office.mailbox.drafts)
    changed = edited.octets.replace(b"[[date]]", b"Friday").replace(b"Message-ID: <", b"Message-ID: <new-")
    office.mailbox.put(office.mailbox.drafts, changed, [r"\Draft"])
    office.mailbox.delete(office.mailbox.drafts, edited.uid)
    office.mailbox.put(office.mailbox.sent, sent.octets, [r"\Seen"])
    office.mailbox.delete(office.mailbox.drafts, sent.uid)
    office.store.close()
    office.store = open_store(tmp_path / "new" / "store.sqlite", KEY)
    office.run()
    assert len(office.mailbox.listing(office.mailbox.drafts)) == 3
    [waiting, _] = office.store.waiting()
    assert waiting.draft_hash == octets_hash(untouched.octets)


def test_a_message_that_bursts_does_not_stop_the_rest_and_is_left_alone_after_three_attempts(office):
    office.mailbox.put("INBOX", mail(1, "burst"))
    office.mailbox.put("INBOX", mail(2))
    report = office.run()
    assert (report.drafts, report.faults) == (1, 1)
    assert [o.fault for o in office.outcomes] == [True, False]
    assert office.run().faults == 1
    assert office.run().faults == 1
    assert "left alone" in office.reasons()[0]
    assert office.run() == Report()


def test_a_process_that_ends_while_it_fetches_has_counted_no_attempt(desk):
    for number in range(2):
        desk.mailbox.put("INBOX", mail(number))
    account = desk.mailbox.account()

    class Ending:
        def __getattr__(self, name):
            return getattr(account, name)

        def fetch(self, outlines):
            raise SystemExit

    for _ in range(5):
        with pytest.raises(SystemExit):
            run_pass(Ending(), "INBOX", desk.store, answer, Options())
    account.close()
    assert desk.run().drafts == 2


def test_a_message_answered_while_its_draft_was_composed_gets_none(office):
    office.mailbox.put("INBOX", mail(1))

    def slow(octets, history, now):
        office.mailbox.set_flags("INBOX", office.mailbox.listing("INBOX")[0].uid, [r"\Answered"])
        return answer(octets, history, now)

    assert office.run(slow).drafts == 0
    assert office.mailbox.listing(office.mailbox.drafts) == []


def test_a_message_deleted_while_its_draft_was_composed_gets_none(office):
    office.mailbox.put("INBOX", mail(1))

    def slow(octets, history, now):
        office.mailbox.delete("INBOX", office.mailbox.listing("INBOX")[0].uid)
        return answer(octets, history, now)

    assert office.run(slow).drafts == 0
    assert office.mailbox.listing(office.mailbox.drafts) == []


def test_a_message_moved_away_and_back_gets_no_second_draft(office):
    office.mailbox.put("INBOX", mail(1))
    office.run()
    office.mailbox.delete("INBOX", office.mailbox.listing("INBOX")[0].uid)
    office.run()
    office.mailbox.put("INBOX", mail(1))
    assert office.run().drafts == 0
    assert sum(office.drafts().values()) == 1


def test_the_stop_signal_ends_a_pass_after_the_message_in_hand(desk):
    for number in range(3):
        desk.mailbox.put("INBOX", mail(number))
    stop = Stop()

    def stopped(*message):
        stop.set()
        return answer(*message)

    account = desk.mailbox.account()
    run_pass(account, "INBOX", desk.store, stopped, Options(), stop=stop)
    account.close()
    assert len(desk.mailbox.listing(desk.mailbox.drafts)) == 1
    assert desk.run().drafts == 2


def test_the_stop_signal_ends_a_pass_between_two_drafts_that_are_saved_together(desk):
    for number in range(3):
        desk.mailbox.put("INBOX", mail(number))
    stop, account = Stop(), desk.mailbox.account()

    class Stopping:
        def __getattr__(self, name):
            return getattr(account, name)

        def append(self, *draft):
            stop.set()
            return account.append(*draft)

    run_pass(Stopping(), "INBOX", desk.store, answer, Options(), stop=stop)
    account.close()
    assert len(desk.mailbox.listing(desk.mailbox.drafts)) == 1
    assert desk.run().drafts == 2


def test_a_hostile_mail_is_marked_at_once_and_its_draft_held_back(desk):
    desk.mailbox.put("INBOX", mail(1, "hostile text"))
    report = desk.run(hold=timedelta(hours=2))
    assert (report.drafts, report.held) == (0, 1)
    assert report.next_s is not None
    assert 7000 < report.next_s < 7201
    assert desk.mailbox.listing("INBOX")[0].flags == {"$Hostile", r"\Flagged"}
    assert desk.run(hold=timedelta(hours=2)).held == 1
    desk.now += timedelta(hours=3)
    assert desk.run(hold=timedelta(hours=2)).drafts == 1


def test_a_mark_that_a_person_took_away_is_not_set_again(desk):
    desk.mailbox.put("INBOX", mail(1, "hostile text"))
    desk.run()
    desk.mailbox.set_flags("INBOX", desk.mailbox.listing("INBOX")[0].uid, [])
    desk.now += LATER
    desk.run()
    assert desk.mailbox.listing("INBOX")[0].flags == frozenset()


def test_a_customers_earlier_mails_are_told_to_the_answer(desk):
    told = []

    def asking(octets, history, now):
        told.append(history)
        return answer(octets, history, now)

    desk.mailbox.put("INBOX", mail(1, "hostile text", sender="a@customer.example"))
    desk.run(asking)
    desk.mailbox.put("INBOX", mail(2, sender="A@Customer.Example"))
    desk.run(asking)
    assert told[0].contacts == ()
    assert [(c.tone, c.intents) for c in told[1].contacts] == [("hostile", ("late_delivery",))]
    assert told[1].sender_language == "en"


def test_redraft_replaces_the_untouched_draft_by_another(office):
    office.mailbox.put("INBOX", mail(1))
    office.run()
    [record] = office.store.waiting()

    def vaguely(fetched, record):
        draft = answer(fetched.octets, None, office.now)
        assert isinstance(draft, Draft)
        octets = draft.octets.replace(b"Message-ID: <", b"Message-ID: <v").replace(b"thank you", b"farewell")
        return type(draft)(**{**{f: getattr(draft, f) for f in draft.__dataclass_fields__}, "octets": octets,
                              "message_id": draft.message_id.replace("<", "<v")})  # fmt: skip

    account = office.mailbox.account()
    redraft(account, office.store, record, vaguely, lambda: office.now)
    account.close()
    [draft] = office.mailbox.listing(office.mailbox.drafts)
    assert b"farewell" in draft.octets
    office.now += LATER
    assert office.run() == Report()
    assert [r.key for r in office.store.waiting()] == [record.key]
    assert office.mailbox.listing(office.mailbox.drafts) == [draft]


def test_without_message_ids_each_mail_gets_its_own_draft(desk):
    for number in range(2):
        desk.mailbox.put("INBOX", mail(number).replace(b"Message-ID: ", b"X-Nothing: "))
    assert desk.run().drafts == 2
    assert desk.run() == Report()


def test_an_outcome_carries_the_skipped_mail_and_the_reason(desk):
    desk.mailbox.put("INBOX", mail(1, "a newsletter"))
    desk.run()
    [outcome] = desk.outcomes
    assert isinstance(outcome.result, Skipped)
    assert outcome.reason == "it is a newsletter"
    assert not outcome.saved


def test_the_draft_in_the_folder_is_the_one_the_answer_made(desk):
    desk.mailbox.put("INBOX", mail(1))
    desk.run()
    [outcome] = desk.outcomes
    [stored] = desk.mailbox.listing("Drafts")
    assert stored.octets == outcome.result.octets
    assert read_fields(stored.octets).message_id == draft_id(mail(1))


def test_a_log_at_its_most_talkative_names_no_customer_and_no_word(office, caplog):
    caplog.set_level(logging.DEBUG)
    office.mailbox.put("INBOX", mail(1, "hostile canary", sender="canary@customer.example"))
    office.mailbox.put("INBOX", mail(2, "burst canary", sender="canary@customer.example"))
    office.run()
    ours = [record.getMessage() for record in caplog.records if record.name.startswith(("mailassist", "imapclient"))]
    assert any("draft saved" in message for message in ours)
    for word in ("canary", "customer.example", "Order", "alice-secret", office.mailbox.account().name + "-secret"):
        assert not any(word in message for message in ours)
