"""Snoozed conversations: who wakes them, where they stand then, and once more by one key (SPEC §3)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from crm_tui.base.clock import FixedClock
from crm_tui.base.errors import InvalidInput
from crm_tui.desk.common.context import Context
from crm_tui.desk.common.views import ConversationRow, ListQuery
from crm_tui.desk.conversations import folders, snoozing, triage
from crm_tui.desk.conversations.snooze_words import understood
from crm_tui.desk.correspondence import reading
from crm_tui.desk.undoing import undo
from tests.desk.house import ADDRESS, NOW, add_account, come_in, mail, make_house

HOUR = timedelta(hours=1)
MADRID = ZoneInfo("Europe/Madrid")


@pytest.fixture
def clock() -> FixedClock:
    return FixedClock(NOW)


@pytest.fixture
def ctx(tmp_path: Path, clock: FixedClock) -> Iterator[Context]:
    """Three conversations, 1 to 3; the last came last."""
    context = make_house(tmp_path, clock=clock)
    account = add_account(context)
    for number in (1, 2, 3):
        at = NOW - timedelta(hours=4 - number)
        come_in(context, mail(message_id=f"{number}@x", subject=f"Mail {number}", date=at), account=account)
    yield context
    context.store.close()


def row(ctx: Context, number: int) -> ConversationRow:
    return reading.conversation(ctx, number).row


def listed(ctx: Context, place: str) -> list[int]:
    return [one.id for one in folders.page(ctx, ListQuery(place)).rows]


def answer(ctx: Context, number: int, at: datetime, **headers: str) -> None:
    headers = {"In_Reply_To": f"<{number}@x>", **headers}
    come_in(ctx, mail(message_id=f"{number}.{at:%H%M%S}@x", subject=f"Re: Mail {number}", date=at, **headers))


def test_out_of_sight_until_its_time_and_then_on_top_with_the_reason(ctx: Context, clock: FixedClock) -> None:
    assert snoozing.snooze(ctx, [1], until=NOW + HOUR) == 1
    assert (listed(ctx, "Inbox"), listed(ctx, "Snoozed")) == ([3, 2], [1])
    assert (row(ctx, 1).snoozed, row(ctx, 1).snoozed_until) == (True, NOW + HOUR)
    clock.advance(HOUR - timedelta(seconds=1))
    assert snoozing.wake_due(ctx) == 0
    clock.advance(timedelta(seconds=1))
    assert snoozing.wake_due(ctx) == 1
    assert (listed(ctx, "Inbox"), listed(ctx, "Snoozed")) == ([1, 3, 2], [])
    woken = row(ctx, 1)
    assert (woken.wake_reason, woken.snoozed, woken.snoozed_until) == ("time", False, None)
    assert snoozing.wake_due(ctx) == 0, "what is awake is not woken again"


def test_after_a_long_pause_everything_due_wakes_the_latest_due_on_top(ctx: Context, clock: FixedClock) -> None:
    for number, hours in ((1, 2), (2, 1), (3, 30)):
        snoozing.snooze(ctx, [number], until=NOW + hours * HOUR)
    clock.advance(timedelta(hours=20))
    assert snoozing.wake_due(ctx) == 2
    assert (listed(ctx, "Inbox"), listed(ctx, "Snoozed")) == ([1, 2], [3])


def test_a_clock_that_is_set_back_wakes_nothing_twice_and_loses_nothing(ctx: Context, clock: FixedClock) -> None:
    snoozing.snooze(ctx, [1], until=NOW + HOUR)
    snoozing.snooze(ctx, [2], until=NOW + 2 * HOUR)
    clock.advance(HOUR)
    assert snoozing.wake_due(ctx) == 1
    clock.advance(-3 * HOUR)
    assert snoozing.wake_due(ctx) == 0
    clock.advance(4 * HOUR)
    assert snoozing.wake_due(ctx) == 1
    assert listed(ctx, "Snoozed") == []


def test_a_guests_mail_wakes_whatever_it_waits_for_and_a_machines_does_not(ctx: Context, clock: FixedClock) -> None:
    snoozing.snooze(ctx, [1], until=None)
    snoozing.snooze(ctx, [2], until=NOW + 50 * HOUR)
    snoozing.snooze(ctx, [3], until=None)
    clock.advance(HOUR)
    answer(ctx, 3, clock.now(), Auto_Submitted="auto-replied")
    answer(ctx, 1, clock.now())
    answer(ctx, 2, clock.now())
    assert (listed(ctx, "Snoozed"), sorted(listed(ctx, "Inbox"))) == ([3], [1, 2])
    assert {row(ctx, number).wake_reason for number in (1, 2)} == {"reply"}
    assert row(ctx, 2).snoozed_until is None
    clock.advance(100 * HOUR)
    assert snoozing.wake_due(ctx) == 0, "until a reply means until a reply"


def test_what_waits_for_a_reply_shows_on_top_when_it_comes(ctx: Context, clock: FixedClock) -> None:
    snoozing.snooze(ctx, [1], until=None)
    clock.advance(HOUR)
    answer(ctx, 1, NOW - timedelta(minutes=30))  # written before, fetched now
    assert listed(ctx, "Inbox")[0] == 1


def test_a_reply_settles_why_it_woke(ctx: Context, clock: FixedClock) -> None:
    snoozing.snooze(ctx, [1], until=NOW + HOUR)
    clock.advance(HOUR)
    snoozing.wake_due(ctx)
    clock.advance(HOUR)
    ours = {"sender": ADDRESS, "to": "marta@example.org", "In_Reply_To": "<1@x>"}
    come_in(ctx, mail(message_id="old@x", subject="Re: Mail 1", date=NOW, **ours))
    assert row(ctx, 1).wake_reason == "time", "what was sent before it woke settles nothing"
    come_in(ctx, mail(message_id="new@x", subject="Re: Mail 1", date=clock.now(), **ours))
    assert (row(ctx, 1).wake_reason, row(ctx, 1).snooze_for) == ("", "")


def test_snoozed_again_for_as_long(ctx: Context, clock: FixedClock) -> None:
    morning = datetime(2026, 7, 2, 8, 0, tzinfo=MADRID)
    snoozing.snooze(ctx, [1], until=morning)
    snoozing.snooze(ctx, [2], until=None)
    snoozing.snooze(ctx, [3], until=NOW + 2 * HOUR)
    clock.advance(timedelta(hours=30))
    snoozing.wake_due(ctx)
    answer(ctx, 2, clock.now())
    assert snoozing.snooze_again(ctx, [1, 2, 3]) == 3
    assert row(ctx, 1).snoozed_until == datetime(2026, 7, 3, 8, 0, tzinfo=MADRID)
    assert (row(ctx, 2).snooze_for, row(ctx, 2).snoozed_until) == ("reply", None)
    assert row(ctx, 3).snoozed_until == clock.now() + 2 * HOUR
    undo.undo(ctx)
    assert [row(ctx, number).wake_reason for number in (1, 2, 3)] == ["time", "reply", "time"]


def test_only_what_woke_is_snoozed_again(ctx: Context, clock: FixedClock) -> None:
    with pytest.raises(InvalidInput, match="came back from a snooze"):
        snoozing.snooze_again(ctx, [1])
    snoozing.snooze(ctx, [1], until=NOW + HOUR)
    with pytest.raises(InvalidInput, match="came back from a snooze"):
        snoozing.snooze_again(ctx, [1])
    clock.advance(HOUR)
    snoozing.wake_due(ctx)
    triage.move(ctx, [1], "Waitlist")
    with pytest.raises(InvalidInput, match="came back from a snooze"):
        snoozing.snooze_again(ctx, [1])


def test_woken_by_hand_it_stands_where_it_stood(ctx: Context) -> None:
    snoozing.snooze(ctx, [1, 2], until=None)
    assert snoozing.unsnooze(ctx, [1, 3]) == 1
    assert (listed(ctx, "Inbox"), listed(ctx, "Snoozed")) == ([3, 1], [2])
    assert row(ctx, 1).wake_reason == ""
    undo.undo(ctx)
    assert sorted(listed(ctx, "Snoozed")) == [1, 2]


def test_a_snooze_is_taken_back_until_it_woke(ctx: Context, clock: FixedClock) -> None:
    snoozing.snooze(ctx, [1, 2], until=NOW + HOUR)
    undo.undo(ctx)
    assert listed(ctx, "Inbox") == [3, 2, 1]
    snoozing.snooze(ctx, [1], until=NOW + HOUR)
    clock.advance(HOUR)
    snoozing.wake_due(ctx)
    with pytest.raises(undo.Refused):
        undo.undo(ctx)


def test_the_past_is_refused_and_so_is_what_is_no_day(ctx: Context) -> None:
    with pytest.raises(InvalidInput, match="past") as refused:
        snoozing.snooze(ctx, [1], until=NOW)
    assert refused.value.field == "until"
    for typed, sentence in (
        ("31.2.", "no such day"),
        ("12.6.2026", "2026-06-12 08:00 is past"),
        ("soon", "understood"),
    ):
        with pytest.raises(InvalidInput, match=sentence) as refused:
            understood(typed, NOW, MADRID)
        assert refused.value.field == "until"
    assert listed(ctx, "Snoozed") == []


def test_the_badge_leaves_out_what_sleeps(ctx: Context) -> None:
    triage.move(ctx, [1, 2], "Waitlist")
    assert folders.counts(ctx)["Waitlist"].unanswered == 2
    snoozing.snooze(ctx, [1], until=None)
    assert folders.counts(ctx)["Waitlist"].unanswered == 1
