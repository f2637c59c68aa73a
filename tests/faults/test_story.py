"""
Whatever happens in whatever order, to customers, people, connections and this program: each mail is dealt with once.

Mails come, alone and in threads; a person edits, sends and throws away drafts and answers on their own; passes lose
answers, lose whole drafts, or end between any two steps; the folder gets new UIDs. When it is quiet again, each thread
has at most one draft of ours, and no mail is left without one, unless a person has dealt with it.
"""

import sys
from contextlib import suppress
from datetime import UTC, datetime, timedelta

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, precondition, rule

from mailassist.errors import AccountError
from mailassist.keeping.store import open_store
from mailassist.mailbox.fake import FakeAccount
from mailassist.mailbox.responses import read_fields
from mailassist.one_pass import Options, run_pass
from tests.faults.test_cut import Cut, Wire
from tests.faults.test_state import LosingAnswers, make_anew
from tests.servers.memory import Memory
from tests.support import answer, mail

THREADS = 3


class LosingDrafts(FakeAccount):
    """The connection is lost before the server has the draft."""

    def append(self, folder, octets, flags):
        raise AccountError("lost")


class Story(RuleBasedStateMachine):
    @initialize()
    def begin(self):
        self.memory = Memory()
        self.store = open_store(None, b"k" * 32)
        self.now = datetime.now(UTC)
        self.mails: list[list[str]] = [[] for _ in range(THREADS)]  # Message-IDs, oldest first
        self.dealt_with: set[str] = set()  # by a person
        self.persons: list[bytes] = []  # drafts a person has edited

    # -- customers

    @rule(thread=st.integers(0, THREADS - 1))
    def a_mail_comes(self, thread):
        number = f"{thread}-{len(self.mails[thread])}"
        earlier = self.mails[thread][-1] if self.mails[thread] else ""
        octets = mail(number, f"This is mail {number}.", sender=f"c{thread}@customer.example", references=earlier)
        self.memory.put("INBOX", octets)
        self.mails[thread].append(read_fields(octets).message_id)

    @rule()
    def the_folder_is_made_anew(self):
        make_anew(self.memory)

    @rule()
    def the_store_is_lost(self):
        self.store = open_store(None, b"k" * 32)

    # -- passes

    def one_pass(self, account, store=None, limit=None):
        self.now += timedelta(minutes=5)
        options = Options(settle=timedelta(0), limit=limit)
        run_pass(account, "INBOX", store or self.store, answer, options, now=lambda: self.now)

    @rule()
    def a_pass(self):
        self.one_pass(self.memory.account())

    @rule(limit=st.integers(0, 2))
    def a_pass_over_few(self, limit):
        self.one_pass(self.memory.account(), limit=limit)

    @rule(kind=st.sampled_from([LosingAnswers, LosingDrafts]))
    def a_pass_on_a_bad_line(self, kind):
        with suppress(AccountError):
            self.one_pass(kind(self.memory.fake))

    @rule(at=st.integers(0, 90))
    def a_pass_that_is_cut_off(self, at):
        wire = Wire(at)
        with suppress(Cut):
            self.one_pass(wire.wrap(self.memory.account()), wire.wrap(self.store))

    # -- a person

    def ours(self):
        return [m for m in self.memory.listing("Drafts") if m.octets not in self.persons]

    def take(self, choice):
        """Return one of our drafts, taken out of the folder, with the mail it answers."""
        drafts = self.ours()
        draft = drafts[choice % len(drafts)]
        self.memory.delete("Drafts", draft.uid)
        [answered] = read_fields(draft.octets).in_reply_to
        self.dealt_with.add(answered)
        for thread in self.mails:
            if answered in thread:  # it stood for the earlier ones, too
                self.dealt_with |= set(thread[: thread.index(answered)])
        return draft

    @precondition(lambda self: self.ours())
    @rule(choice=st.integers(0, 9), keeps_id=st.booleans())
    def a_draft_is_edited(self, choice, keeps_id):
        octets = self.take(choice).octets.replace(b"[[date]]", b"Friday")
        octets = octets if keeps_id else octets.replace(b"Message-ID: <", b"Message-ID: <edited-")
        self.memory.put("Drafts", octets, [r"\Draft"])
        self.persons.append(octets)

    @precondition(lambda self: self.ours())
    @rule(choice=st.integers(0, 9))
    def a_draft_is_sent(self, choice):
        self.memory.put("Sent", self.take(choice).octets, [r"\Seen"])

    @precondition(lambda self: self.ours())
    @rule(choice=st.integers(0, 9))
    def a_draft_is_thrown_away(self, choice):
        self.memory.put("Trash", self.take(choice).octets)

    @precondition(lambda self: any(self.mails))
    @rule(choice=st.integers(0, 9))
    def a_mail_is_answered_by_hand(self, choice):
        messages = self.memory.listing("INBOX")
        message = messages[choice % len(messages)]
        self.memory.set_flags("INBOX", message.uid, [r"\Answered"])
        answered = read_fields(message.octets).message_id
        for thread in self.mails:
            if answered in thread:
                self.dealt_with |= set(thread[: thread.index(answered) + 1])

    # -- in the end

    def teardown(self):
        if not hasattr(self, "memory"):
            return
        for _ in range(3):
            self.one_pass(self.memory.account())
        drafts = self.memory.listing("Drafts")
        assert set(self.persons) <= {m.octets for m in drafts}, "a person's draft is gone"
        ours = [read_fields(m.octets).in_reply_to[0] for m in drafts if m.octets not in self.persons]
        for thread in self.mails:
            answering = [message_id for message_id in ours if message_id in thread]
            assert len(answering) <= 1, "two drafts in one thread"
            covered = thread[: thread.index(answering[0]) + 1] if answering else []
            assert set(thread) <= set(covered) | self.dealt_with, "a mail is left without a draft"
            assert not set(answering) & self.dealt_with, "a draft for what is dealt with"


Story.TestCase.settings = settings(
    max_examples=3000 if "--soak" in sys.argv else 60,
    stateful_step_count=30,
    deadline=None,
    suppress_health_check=list(HealthCheck),
)
TestStory = Story.TestCase
