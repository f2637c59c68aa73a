"""What a FETCH answer holds: dates and flags, shared by the messages that have the same."""

from datetime import UTC, datetime, timedelta, timezone

import pytest
from imapclient.fixed_offset import FixedOffset

from mailassist.mailbox.parsing import flags, received

NOON = datetime(2025, 3, 3, 12)


@pytest.mark.parametrize(
    ("given", "when"),
    [
        pytest.param(NOON.replace(tzinfo=FixedOffset(90)), "2025-03-03T12:00:00+01:30", id="with its zone"),
        pytest.param(NOON, "2025-03-03T12:00:00+00:00", id="without one: UTC"),
    ],
)
def test_the_moment_of_arrival_is_aware_and_as_the_server_says(given, when):
    assert received({b"INTERNALDATE": given}) == datetime.fromisoformat(when)


@pytest.mark.parametrize(
    "given",
    [
        pytest.param(None, id="none"),
        pytest.param(b"03-Mar-2025", id="octets"),
        pytest.param(NOON.replace(tzinfo=FixedOffset(99 * 60)), id="an offset of four days"),
    ],
)
def test_what_is_no_moment_is_none(given):
    assert received({b"INTERNALDATE": given}) is None


def test_messages_share_their_zone_and_their_flags():
    first, second = ({b"INTERNALDATE": NOON.replace(tzinfo=FixedOffset(60)), b"FLAGS": (b"\\Seen",)} for _ in "ab")
    here, there = received(first), received(second)
    assert here is not None
    assert there is not None
    assert here.tzinfo is there.tzinfo
    assert here.tzinfo == timezone(timedelta(hours=1)) != UTC
    assert flags(first) is flags(second)
    assert flags(first) == {"\\Seen"}
