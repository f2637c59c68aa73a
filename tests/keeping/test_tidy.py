"""What becomes of drafts nobody touches."""

from datetime import UTC, datetime, timedelta

import pytest

from mailassist.keeping.store import open_store
from mailassist.mailbox.fake import FakeAccount, FakeServer
from mailassist.one_pass import Options, run_pass
from tests.support import answer, mail


@pytest.mark.parametrize(
    ("max_age", "left"),
    [pytest.param(timedelta(0), 1, id="0: it stays"), pytest.param(timedelta(days=7), 0, id="a week: it is removed")],
)
def test_a_draft_nobody_touched_goes_when_it_is_too_old_and_is_not_made_again(max_age: timedelta, left: int) -> None:
    server, began = FakeServer(), datetime.now(UTC)
    server.put("INBOX", mail(1))
    options = Options(max_age=max_age, since=timedelta(days=30))
    with open_store(None, b"key") as store:
        for days in (0, 8, 9):
            at = began + timedelta(days=days)
            run_pass(FakeAccount(server), "INBOX", store, answer, options, now=lambda at=at: at)
            assert len(server.listing("Drafts")) == (left if days else 1)
