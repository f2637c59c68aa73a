"""redraft and undo, ended between any two of their steps: the message keeps exactly one draft, or none where undone."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from mailassist.keeping.drafts import redraft, undo
from mailassist.keeping.store import open_store
from mailassist.mailbox.responses import read_fields
from mailassist.one_pass import Options, run_pass
from mailassist.values import Draft
from tests.servers.memory import Memory
from tests.support import answer, mail

NOW = datetime.now(UTC)


class Cut(BaseException):
    """This process ends here."""


class Wire:
    """Raises Cut before the call numbered *at* of any method of what it wraps."""

    def __init__(self, at: int) -> None:
        self.at, self.count = at, 0

    def wrap(self, inner):
        wire = self

        class Wrapped:
            def __getattr__(self, name):
                value = getattr(inner, name)
                if not callable(value) or name == "lock":
                    return value

                def counted(*arguments, **named):
                    if wire.count == wire.at:
                        raise Cut
                    wire.count += 1
                    return value(*arguments, **named)

                return counted

        return Wrapped()


def vaguely(fetched, record) -> Draft:
    """The draft of another strategy: it has another Message-ID."""
    draft = answer(fetched.octets, None, NOW)
    assert isinstance(draft, Draft)
    octets = draft.octets.replace(b"Message-ID: <", b"Message-ID: <v").replace(b"thank you", b"farewell")
    return replace(draft, octets=octets, message_id=draft.message_id.replace("<", "<v"))


def passes(memory, store, count=3):
    for number in range(count):
        run_pass(
            memory.account(), "INBOX", store, answer, Options(settle=timedelta(0)),
            now=lambda n=number: NOW + timedelta(minutes=5 * (n + 1)),
        )  # fmt: skip


def steps_of(action) -> int:
    """Return how many steps *action* has, by trying."""
    wire = Wire(-1)
    action(wire)
    return wire.count


def prepared():
    memory, store = Memory(), open_store(None, b"k" * 32)
    for number in range(2):
        memory.put("INBOX", mail(number))
    run_pass(memory.account(), "INBOX", store, answer, Options(), now=lambda: NOW)
    return memory, store


def replaces(memory, store, wire):
    record = next(r for r in store.waiting() if "mail-0@" in r.message_id)
    redraft(wire.wrap(memory.account()), wire.wrap(store), record, vaguely, lambda: NOW)


def undoes(memory, store, wire):
    undo(wire.wrap(memory.account()), wire.wrap(store), None)


def answered(memory) -> list[str]:
    return sorted(read_fields(m.octets).in_reply_to[0] for m in memory.listing("Drafts"))


@pytest.mark.parametrize("at", range(steps_of(lambda wire: replaces(*prepared(), wire))))
def test_a_redraft_that_is_cut_off_leaves_one_draft(at):
    memory, store = prepared()
    with pytest.raises(Cut):
        replaces(memory, store, Wire(at))
    passes(memory, store)
    assert answered(memory) == ["<mail-0@customer.example>", "<mail-1@customer.example>"]
    assert len(store.waiting()) == 2


@pytest.mark.parametrize("at", range(steps_of(lambda wire: undoes(*prepared(), wire))))
def test_an_undo_that_is_cut_off_can_be_repeated(at):
    memory, store = prepared()
    with pytest.raises(Cut):
        undoes(memory, store, Wire(at))
    undoes(memory, store, Wire(-1))
    passes(memory, store)
    assert answered(memory) == []
    assert store.waiting() == ()


def test_a_redraft_of_an_edited_draft_is_refused():
    from mailassist.errors import MessageError

    memory, store = prepared()
    draft = next(m for m in memory.listing("Drafts") if b"mail-0@" in m.octets)
    memory.put("Drafts", draft.octets.replace(b"[[date]]", b"Friday"))
    memory.delete("Drafts", draft.uid)
    before = [m.octets for m in memory.listing("Drafts")]
    with pytest.raises(MessageError, match="edited"):
        replaces(memory, store, Wire(-1))
    assert [m.octets for m in memory.listing("Drafts")] == before
