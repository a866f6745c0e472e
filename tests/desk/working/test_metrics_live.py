"""Figures that follow what happens are those that would be counted anew (SPEC §10)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any

import pytest

from crm_tui import desk
from crm_tui.base.errors import CrmError, Forbidden
from crm_tui.desk.working import metrics_queries
from crm_tui.desk.working.metrics_live import Live
from crm_tui.rules.periods import Period
from tests.desk.colleagues import keep_for
from tests.desk.working_desk import WorkingDesk

MONTH = Period(date(2026, 11, 1), date(2026, 11, 30))


def steps(work: WorkingDesk, random: Random) -> list[Callable[[], Any]]:
    """What may happen next; some of it is refused, which changes nothing."""
    talks = list(range(1, work.talks() + 1)) or [1]
    one, other = random.choice(talks), random.choice(talks)
    who = random.choice((work.ana, work.leo))
    return [
        work.arrives,
        work.arrives,
        lambda: work.arrives(after=one),
        lambda: work.replies(who, one),
        lambda: work.replies(who, other),
        lambda: work.found_in_sent(one),
        lambda: desk.triage.no_answer_needed(who, [one, other]),
        lambda: desk.tickets.take(who, [work.ticket(one)]),
        lambda: desk.tickets.opened(who, one),
        lambda: desk.tickets.give(work.eva, [work.ticket(one)], who.actor.name),
        lambda: desk.tickets.set_pending(work.eva, [work.ticket(one)], "?"),
        lambda: desk.tickets.resume(work.eva, [work.ticket(one)]),
        lambda: desk.triage.assign(work.eva, [one], random.choice(("", "Leo"))),
        lambda: desk.triage.move(work.eva, [one], random.choice(("Spam", "Inbox"))),
        lambda: desk.splitting.merge(work.eva, [one, other]),
        lambda: desk.inquiries.from_conversation(who, one),
        lambda: desk.inquiries.remove(who, random.randrange(1, 4)),
        lambda: desk.reservations.create(who, {"status": "option", "inquiry": random.randrange(1, 4)}),
        lambda: desk.reservation_status.set_status(
            who, [random.randrange(1, 4)], random.choice(("confirmed", "cancelled"))
        ),
        lambda: desk.reservations.create(who, {"status": "option"}),
        lambda: desk.reservation_links.link(who, random.randrange(1, 6), [one]),
        lambda: desk.timers.start(who),
        lambda: desk.timers.pause(who),
        lambda: desk.timers.stop(who),
        lambda: desk.undo.undo(random.choice((work.eva, who))),
    ]


@pytest.mark.parametrize("seed", range(1))
def test_after_every_step_they_are_what_is_counted_anew(tmp_path: Path, seed: int) -> None:
    work = WorkingDesk(tmp_path, datetime(2026, 11, 16, 8, tzinfo=UTC))
    random = Random(seed)
    for _mail in range(8):
        work.arrives()
    live = Live(work.eva, MONTH)
    for _again in range(45):
        work.wait(seconds=random.randrange(60, 40_000))
        try:
            random.choice(steps(work, random))()
        except (CrmError, LookupError):
            continue
        except Exception as error:
            if type(error).__name__ != "NoResultFound":  # the conversation has no open ticket
                raise
            continue
        live.step()
        assert live.figures() == desk.metrics.team(work.eva, MONTH)
    assert live.points() == desk.metrics.series(work.eva, MONTH)
    found = live.figures().total
    assert found.responses > 3
    assert found.received > 5
    assert not live.step()
    work.close()


def test_a_booking_of_another_system_converts_the_inquiry_that_it_answers(tmp_path: Path) -> None:
    """It was imported, and somebody said that the mail is about it; one that the guest had before is no answer."""
    work = WorkingDesk(tmp_path, datetime(2026, 11, 16, 8, tzinfo=UTC))
    before = desk.reservations.create(work.ana, {"status": "confirmed"})
    talk = work.arrives()
    work.wait(seconds=60)
    desk.inquiries.from_conversation(work.ana, talk)
    live = Live(work.eva, MONTH)
    desk.reservation_links.link(work.ana, before, [talk])
    live.step()
    assert (live.figures().total.eligible_inquiries, live.figures().total.converted) == (1, 0)
    desk.undo.undo(work.ana)
    work.wait(days=1)
    desk.reservation_links.link(work.ana, desk.reservations.create(work.ana, {"status": "option"}), [talk])
    live.step()
    assert live.figures().total.converted == 0
    desk.reservation_status.set_status(work.ana, [2], "confirmed")
    live.step()
    assert live.figures().total.converted == desk.metrics.team(work.eva, MONTH).total.converted == 1
    desk.reservation_status.set_status(work.ana, [2], "cancelled")
    live.step()
    assert live.figures().total.converted == 1  # it was confirmed once
    assert [one.confirmed for one in desk.metrics.enquired(work.eva, [MONTH])] == [1]
    work.close()


def test_a_step_reads_only_the_days_that_it_touches(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    work = WorkingDesk(tmp_path, datetime(2026, 11, 16, 8, tzinfo=UTC))
    talk = work.arrives()
    live = Live(work.eva, MONTH)
    work.wait(days=3)
    desk.triage.no_answer_needed(work.ana, [talk])
    asked: list[int] = []
    real = metrics_queries.read

    def reading(connection: Any, parts: Any, *more: Any) -> Any:
        asked.extend(part.number for part in parts)
        return real(connection, parts, *more)

    monkeypatch.setattr(metrics_queries, "read", reading)
    assert live.step()
    assert asked == [15, 18]  # the days on which the turn was opened and closed
    desk.undo.undo(work.ana)
    assert live.step()
    assert live.figures().total.responses == 0
    assert asked[2:] == [15, 18]
    work.close()


def test_a_running_timer_counts_on_and_settles(tmp_path: Path) -> None:
    work = WorkingDesk(tmp_path, datetime(2026, 11, 10, 8, tzinfo=UTC))
    live = Live(work.eva, MONTH)
    for _day in range(5):
        desk.timers.start(work.leo)
        work.wait(hours=5, seconds=0.4)
        live.step()
        assert live.figures() == desk.metrics.team(work.eva, MONTH)
        work.wait(hours=19)  # forgotten: it ends where it was last heard of, as soon as that is clear
        live.step()
        assert live.figures() == desk.metrics.team(work.eva, MONTH)
    desk.timers.start(work.leo)
    for _day in range(4):
        work.wait(hours=5, seconds=0.4)
        desk.timers.stop(work.leo)
        work.wait(hours=19, seconds=0.3)
        desk.timers.start(work.leo)
    live.step()
    total = desk.metrics.team(work.eva, MONTH).total.working_seconds
    assert total == 4 * 5 * 3600 + 1  # and 0.6 of a second
    for unit in ("day", "week", "month"):
        assert sum(one.figures.working_seconds for one in desk.metrics.series(work.eva, MONTH, unit)) == total
        assert live.points(unit) == desk.metrics.series(work.eva, MONTH, unit)
    work.close()


def test_agents_see_their_own_figures_and_managers_everybodys(tmp_path: Path) -> None:
    work = WorkingDesk(tmp_path, datetime(2026, 11, 16, 8, tzinfo=UTC))
    ana, leo = work.ana.actor.id, work.leo.actor.id
    one, other = work.arrives(), work.arrives()
    work.wait(minutes=10)
    work.replies(work.ana, one)
    work.replies(work.leo, other)
    found = desk.metrics.team(work.ana, MONTH)
    assert [figures.name for figures in found.agents] == ["Ana"]
    assert (found.whole, found.total.responses, found.nobody.queue) == (False, 1, 0)
    assert desk.metrics.own(work.ana, MONTH).responses == 1
    assert sum(point.figures.responses for point in desk.metrics.series(work.ana, MONTH)) == 1
    assert Live(work.ana, MONTH).figures() == found
    with pytest.raises(Forbidden):
        desk.metrics.series(work.ana, MONTH, agent=leo)
    whole = desk.metrics.team(work.eva, MONTH)
    assert {figures.agent_id: figures.responses for figures in whole.agents} == {work.eva.actor.id: 0, ana: 1, leo: 1}
    assert whole.total.responses == 2
    assert [point.figures.responses for point in desk.metrics.series(work.eva, MONTH, "month", agent=leo)] == [1]
    work.close()


def test_what_is_hidden_counts_and_is_not_named(tmp_path: Path) -> None:
    work = WorkingDesk(tmp_path, datetime(2026, 11, 16, 8, tzinfo=UTC))
    one = work.arrives()
    keep_for(work.eva, one, f"a{work.leo.actor.id}")
    work.wait(minutes=10)
    desk.triage.no_answer_needed(work.leo, [one])
    found = desk.metrics.team(work.eva, MONTH)
    assert (found.total.received, found.total.done, found.total.average_response) == (1, 1, 600.0)
    assert "Room" not in repr(found)
    work.close()


def test_without_turns_there_is_no_average(tmp_path: Path) -> None:
    work = WorkingDesk(tmp_path, datetime(2026, 11, 16, 8, tzinfo=UTC))
    work.arrives()
    total = desk.metrics.team(work.eva, MONTH).total
    assert (total.received, total.queue, total.responses) == (1, 1, 0)
    assert {total.average_response, total.average_before, total.average_after, total.average_first_response} == {None}
    assert total.conversion is None
    before = desk.metrics.team(work.eva, MONTH.before()).total
    assert (before.received, before.queue) == (0, 0)
    coming = desk.metrics.team(work.eva, Period(date(2026, 12, 1), date(2026, 12, 31))).total
    assert (coming.received, coming.queue) == (0, 0)  # what will stand then nobody knows
    work.at(datetime(2026, 11, 16, 8, tzinfo=UTC) + timedelta(days=60))
    assert desk.metrics.team(work.eva, MONTH).total.queue == 1
    work.close()
