"""Who looks at what: presence between the desks of one store (SPEC §3)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import func, select

from crm_tui import desk
from crm_tui.base.clock import FixedClock
from crm_tui.data.tables import Journal, Presence
from crm_tui.desk.common.context import Context
from tests.desk.colleagues import colleague, keep_for
from tests.desk.house import NOW, come_in, mail, make_house


@pytest.fixture
def clock() -> FixedClock:
    return FixedClock(NOW)


@pytest.fixture
def ana(tmp_path: Path, clock: FixedClock) -> Iterator[Context]:
    ctx = make_house(tmp_path, clock=clock)
    yield ctx
    ctx.store.close()


@pytest.fixture
def leo(ana: Context) -> Context:
    return colleague(ana, "Leo")


@pytest.fixture
def conversation(ana: Context) -> int:
    return next(iter(come_in(ana, mail()).conversations))


def rows(ctx: Context) -> int:
    with ctx.store.connect() as connection:
        return int(connection.execute(select(func.count()).select_from(Presence)).scalar() or 0)


def test_others_see_who_views_and_since_when(ana: Context, leo: Context, conversation: int) -> None:
    desk.presence.enter(leo, "leo's", conversation=conversation)
    seen = desk.presence.others(ana, "ana's", [conversation])
    assert [(one.agent, one.doing, one.since) for one in seen[conversation]] == [("Leo", "viewing", NOW)]
    assert desk.presence.others(leo, "leo's", [conversation]) == {}, "nobody is an other to oneself"


def test_replying_starts_its_own_time_and_comes_first(
    ana: Context, leo: Context, conversation: int, clock: FixedClock
) -> None:
    mia = colleague(ana, "Mia")
    desk.presence.enter(mia, "mia's", conversation=conversation)
    desk.presence.enter(leo, "leo's", conversation=conversation)
    clock.instant += timedelta(seconds=20)
    desk.presence.enter(mia, "mia's", conversation=conversation)
    desk.presence.enter(leo, "leo's", conversation=conversation, doing="replying")
    seen = desk.presence.others(ana, "ana's", [conversation])[conversation]
    assert [(one.agent, one.doing) for one in seen] == [("Leo", "replying"), ("Mia", "viewing")]
    assert [one.since for one in seen] == [NOW + timedelta(seconds=20), NOW]


def test_a_beat_keeps_since_and_a_desk_that_was_killed_is_forgotten(
    ana: Context, leo: Context, conversation: int, clock: FixedClock
) -> None:
    desk.presence.enter(leo, "leo's", conversation=conversation)
    for _beat in range(5):
        clock.instant += desk.presence.BEAT
        desk.presence.enter(leo, "leo's", conversation=conversation)
    assert desk.presence.everyone(ana, "ana's").conversations[conversation][0].since == NOW
    until = desk.presence.everyone(ana, "ana's").until
    assert until == clock.instant + desk.presence.EXPIRY
    clock.instant = until
    assert desk.presence.everyone(ana, "ana's").conversations == {}
    clock.instant += desk.presence.EXPIRY
    desk.presence.enter(ana, "ana's", conversation=conversation)
    assert rows(ana) == 1, "its row is swept away"


def test_a_desk_back_from_long_sleep_begins_anew(
    ana: Context, leo: Context, conversation: int, clock: FixedClock
) -> None:
    desk.presence.enter(leo, "leo's", conversation=conversation)
    clock.instant += timedelta(hours=8)
    desk.presence.enter(leo, "leo's", conversation=conversation)
    assert desk.presence.others(ana, "ana's", [conversation])[conversation][0].since == clock.instant


def test_leaving_and_going_elsewhere(ana: Context, leo: Context, conversation: int) -> None:
    second = next(iter(come_in(ana, mail(message_id="m2@example.org", subject="Other")).conversations))
    desk.presence.enter(leo, "leo's", conversation=conversation)
    desk.presence.enter(leo, "leo's", conversation=second)
    assert set(desk.presence.everyone(ana, "ana's").conversations) == {second}
    desk.presence.enter(leo, "leo's")
    assert desk.presence.everyone(ana, "ana's") == desk.presence.everyone(leo, "leo's")
    assert rows(ana) == 0


def test_nothing_is_journaled_and_leaving_twice_writes_nothing(ana: Context, leo: Context, conversation: int) -> None:
    with ana.store.connect() as connection:
        before = connection.execute(select(func.count()).select_from(Journal)).scalar()
    version = ana.store.data_version()
    desk.presence.leave(leo, "leo's")
    assert ana.store.data_version() == version
    desk.presence.enter(leo, "leo's", conversation=conversation)
    assert ana.store.data_version() != version, "the others' desks are stirred"
    with ana.store.connect() as connection:
        assert connection.execute(select(func.count()).select_from(Journal)).scalar() == before


def test_a_desk_that_only_reads_is_not_shown(ana: Context, leo: Context, conversation: int) -> None:
    desk.presence.enter(replace(leo, readonly=True), "leo's", conversation=conversation)
    assert rows(ana) == 0


def test_the_second_desk_of_the_same_agent_is_shown_as_such(ana: Context, conversation: int) -> None:
    desk.presence.enter(ana, "left", conversation=conversation, doing="replying")
    seen = desk.presence.others(ana, "right", [conversation])[conversation]
    assert [(one.agent, one.mine) for one in seen] == [("Ana", True)]


def test_scope_hides_presence_too(ana: Context, leo: Context, conversation: int) -> None:
    inquiry = keep_for(ana, conversation, f"a{ana.actor.id}")
    desk.presence.enter(leo, "leo's", conversation=conversation)
    assert rows(ana) == 0
    desk.presence.enter(ana, "ana's", conversation=conversation)
    assert desk.presence.everyone(leo, "leo's").conversations == {}
    desk.presence.enter(ana, "ana's", inquiry=inquiry)
    assert desk.presence.everyone(leo, "leo's").inquiries == {}
    mia = colleague(ana, "Mia", "agent")
    desk.presence.enter(ana, "ana's", inquiry=keep_for(ana, conversation, ""))
    assert len(desk.presence.everyone(mia, "mia's").inquiries) == 1


def test_what_is_gone_leaves_no_presence(ana: Context, leo: Context) -> None:
    desk.presence.enter(leo, "leo's", conversation=4711)
    desk.presence.enter(leo, "leo's", inquiry=4711)
    assert rows(ana) == 0
