"""kill -9 at any moment: each message has exactly one draft afterwards, on every server."""

import random
import time
from collections import Counter

import pytest

from mailassist.mailbox.responses import read_fields
from tests.faults.worker import start
from tests.servers.wire import Proxy, check_wire, now_and_then
from tests.support import mail

SETTLE_S = 0.15  # what the kernel still holds of a dead process goes out at once on loopback


class Shift:
    """One server, one store, and passes that are killed."""

    def __init__(self, server, path, port=None, settle_s=SETTLE_S) -> None:
        self.server, self.path, self.settle_s = server, path, settle_s
        self.where = server.server(port=port)

    def start(self, at=None):
        return start(self.where, ("", ""), self.path, self.settle_s, at)

    def once(self, at=None):
        """Make a pass, killed at step *at*; return its report, None when it was killed."""
        process, reported = self.start(at)
        report = reported()
        process.join(30)
        assert process.exitcode in (0, -9), process.exitcode
        return report

    def to_the_end(self):
        """Make passes until none waits for anything."""
        for _ in range(60):
            report = self.once()
            assert report is not None
            if isinstance(report[2], float):
                time.sleep(report[2] + 0.02)
            elif report[2] is None:
                return
        raise AssertionError("it does not come to an end")

    def answered(self) -> Counter[str]:
        drafts = self.server.listing(self.server.drafts)
        return Counter(read_fields(m.octets).in_reply_to[0] for m in drafts)


def check(shift: Shift, numbers) -> None:
    expected = {f"<mail-{number}@customer.example>": 1 for number in numbers}
    found = shift.answered()
    assert {k: v for k, v in found.items() if v > 1} == {}, "answered twice"
    assert set(expected) - set(found) == set(), "lost"
    assert found == expected


def test_killed_between_any_two_steps(real, tmp_path):
    shift = Shift(real, tmp_path / "store.sqlite")
    real.put("INBOX", mail("first"))
    real.put("INBOX", mail("first-hostile", "hostile text"))
    steps, drafts, _ = shift.once()
    assert drafts == 2
    assert steps >= 30
    numbers = ["first", "first-hostile"]
    for at in range(steps):
        numbers += [f"{at}", f"{at}-hostile"]
        real.put("INBOX", mail(f"{at}"))
        real.put("INBOX", mail(f"{at}-hostile", "hostile text"))
        shift.once(at)
        shift.to_the_end()
    assert shift.once()[1:] == (0, None)
    check(shift, numbers)
    marked = [m for m in real.listing("INBOX") if b"hostile text" in m.octets and "$Hostile" not in m.flags]
    assert marked == []


def test_killed_between_any_two_steps_while_a_newer_mail_replaces_a_draft(dovecot, tmp_path):
    shift = Shift(dovecot, tmp_path / "store.sqlite")

    def follow_up(number) -> bytes:
        sender, earlier = f"customer-{number}@customer.example", f"<mail-{number}@customer.example>"
        return mail(f"{number}-more", "More.", sender=sender, references=earlier)

    dovecot.put("INBOX", mail("first"))
    shift.to_the_end()
    dovecot.put("INBOX", follow_up("first"))
    steps = shift.once()[0]
    assert steps >= 30
    for at in range(steps):
        dovecot.put("INBOX", mail(at))
        shift.to_the_end()
        dovecot.put("INBOX", follow_up(at))
        shift.once(at)
        shift.to_the_end()
    shift.to_the_end()
    check(shift, [f"{number}-more" for number in ("first", *range(steps))])


@pytest.mark.parametrize("seed", [1])
def test_killed_at_random_on_a_line_that_loses_answers(real, tmp_path, soak, seed):
    """Every seventh answer to an APPEND is lost, some literals are cut, some arrive long after their sender's death."""
    wanted = 300 if soak else 30
    chances = {"lose answer": 0.15, "cut literal": 0.07, "hold literal": 0.08}
    dice = random.Random(seed)
    with Proxy(real.port, now_and_then(seed, chances)) as proxy:
        proxy.hold_s = 0.5
        shift = Shift(real, tmp_path / "store.sqlite", port=proxy.port, settle_s=1.2)
        kills, numbers = 0, []
        while kills < wanted:
            if len(numbers) < wanted * 4:
                batch = [f"{len(numbers) + n}" for n in range(4)]
                numbers += batch
                real.put_all("INBOX", [mail(number) for number in batch])
            process, reported = shift.start()
            process.join(dice.uniform(0.03, 0.35))
            if process.is_alive():
                process.kill()
                kills += 1
            process.join()
            reported()
        proxy.faults = lambda command: None
        shift.to_the_end()
        assert shift.once()[1:] == (0, None)
        check(shift, numbers)
        for session in proxy.sessions:
            check_wire(session.commands, real.drafts)


def test_a_literal_that_arrives_after_its_senders_death_is_not_answered_twice(real, tmp_path):
    with Proxy(real.port, lambda command: "hold literal" if command.startswith(b"APPEND") else None) as proxy:
        proxy.hold_s = 0.8
        shift = Shift(real, tmp_path / "store.sqlite", port=proxy.port, settle_s=2.0)
        for number in range(3):
            real.put("INBOX", mail(number))
            process, reported = shift.start()
            process.join(0.5)
            process.kill()
            process.join()
            reported()
        proxy.faults = lambda command: None
        shift.to_the_end()
        check(shift, range(3))
