from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from crm_tui.rules.working_time import (
    COMMAND_SILENCE,
    DESK_SILENCE,
    Session,
    Span,
    by_day,
    day_span,
    days_span,
    forgotten,
    last_sign,
    running,
    span_of,
    stop_at,
    total_seconds,
    union,
    within,
    worked,
)

MADRID = ZoneInfo("Europe/Madrid")
DAY = datetime(2026, 7, 1, tzinfo=UTC)


def at(hours: float) -> datetime:
    return DAY + timedelta(hours=hours)


def span(start: float, end: float) -> Span:
    return Span(at(start), at(end))


def session(start: float, end: float | None = None, heartbeat: float | None = None, desk: str = "d") -> Session:
    beat = heartbeat if heartbeat is not None else end if end is not None else start
    return Session(desk, at(start), at(end) if end is not None else None, at(beat))


def test_two_sessions_at_once_count_as_their_union() -> None:
    found = worked([session(8, 12), session(10, 14), session(15, 16)], (), at(20))
    assert found.working == (span(8, 14), span(15, 16))
    assert found.working_seconds == 7 * 3600


def test_pausing_does_not_stop_work() -> None:
    found = worked([session(8, 16)], [span(9, 10.5)], at(20))
    assert (found.working_seconds, found.invisible_seconds) == (8 * 3600, 5400)


def test_time_is_invisible_only_while_the_timer_runs() -> None:
    found = worked([session(8, 10), session(12, 13)], [span(9, 12.5)], at(20))
    assert found.invisible == (span(9, 10), span(12, 12.5))


def test_pauses_that_overlap_count_once() -> None:
    assert worked([session(8, 16)], [span(9, 11), span(10, 12)], at(20)).invisible_seconds == 3 * 3600


def test_a_session_that_runs_counts_up_to_now() -> None:
    alive = session(8, heartbeat=9.99)
    assert running(alive, at(10))
    assert span_of(alive, at(10)) == span(8, 10)


def test_a_silent_desk_ends_at_its_last_sign_of_life() -> None:
    silent = session(8, heartbeat=9)
    assert not forgotten(silent, at(9) + DESK_SILENCE)
    assert forgotten(silent, at(9) + DESK_SILENCE + timedelta(seconds=1))
    assert span_of(silent, at(15)) == span(8, 9)
    assert stop_at(silent, at(15)) == at(9)


def test_a_command_may_be_silent_for_longer() -> None:
    started = session(8, desk="")
    assert running(started, at(8) + COMMAND_SILENCE)
    assert forgotten(started, at(8) + COMMAND_SILENCE + timedelta(seconds=1))


def test_a_clock_that_was_set_back_takes_nothing_away() -> None:
    alive = session(10, heartbeat=10.5)
    assert stop_at(alive, at(9.75)) == at(10.5)
    assert span_of(alive, at(9.75)) == span(10, 10.5)
    fresh = session(10)
    assert last_sign(fresh) == at(10)
    assert span_of(fresh, at(9)).seconds == 0


def test_a_session_that_ends_before_it_starts_is_empty_and_never_negative() -> None:
    wrong = Session("", at(10), at(9), at(10))
    assert span_of(wrong, at(12)).seconds == 0
    assert worked([wrong], (), at(12)).working_seconds == 0


def test_only_the_part_that_is_asked_for_counts() -> None:
    found = worked([session(8, 16)], [span(15, 17)], at(20), span(12, 15.5))
    assert (found.working_seconds, found.invisible_seconds) == (int(3.5 * 3600), 1800)


def test_a_session_over_midnight_is_split_by_the_property_s_day() -> None:
    night = [
        Span(datetime(2026, 7, 1, 20, tzinfo=UTC), datetime(2026, 7, 2, 4, tzinfo=UTC))
    ]  # 22:00 to 06:00 in Madrid
    days = by_day(night, MADRID)
    assert {day: total_seconds(parts) for day, parts in days.items()} == {
        date(2026, 7, 1): 2 * 3600,
        date(2026, 7, 2): 6 * 3600,
    }


def test_a_day_of_a_property_in_the_west_is_its_own() -> None:
    zone = ZoneInfo("America/Lima")
    start = datetime(2026, 7, 1, 22, 0, tzinfo=zone)
    found = by_day([Span(start.astimezone(UTC), (start + timedelta(hours=3)).astimezone(UTC))], zone)
    assert {day.day: total_seconds(spans) // 3600 for day, spans in found.items()} == {1: 2, 2: 1}


def test_a_night_is_as_long_as_it_is_when_clocks_change() -> None:
    spring, autumn = date(2026, 3, 29), date(2026, 10, 25)
    assert total_seconds([day_span(spring, MADRID)]) == 23 * 3600
    assert total_seconds([day_span(autumn, MADRID)]) == 25 * 3600
    for day, hours in ((spring, 7), (autumn, 9)):  # 22:00 to 06:00 on the wall
        start = datetime(day.year, day.month, day.day, 22, tzinfo=MADRID) - timedelta(days=1)
        end = datetime(day.year, day.month, day.day, 6, tzinfo=MADRID)
        cut = by_day([Span(start.astimezone(UTC), end.astimezone(UTC))], MADRID)
        assert sum(total_seconds(parts) for parts in cut.values()) == hours * 3600
        assert total_seconds(cut[day]) == (hours - 2) * 3600


def test_a_day_that_has_no_midnight_begins_when_its_clock_does() -> None:
    cairo = ZoneInfo("Africa/Cairo")  # 24 April 2026: 0:00 is 1:00
    day = day_span(date(2026, 4, 24), cairo)
    assert day.seconds == 23 * 3600
    assert day.start == day_span(date(2026, 4, 23), cairo).end


spans = st.lists(
    st.tuples(st.integers(0, 5000), st.integers(0, 600)).map(
        lambda pair: Span(DAY + timedelta(minutes=pair[0]), DAY + timedelta(minutes=pair[0] + pair[1]))
    ),
    max_size=12,
)


def minutes(found: list[Span]) -> set[int]:
    return {int((one.start - DAY).total_seconds() // 60) + n for one in found for n in range(int(one.seconds) // 60)}


@given(spans, spans)
def test_union_and_common_parts_hold_the_very_minutes(ours: list[Span], theirs: list[Span]) -> None:
    assert minutes(union(ours)) == minutes(ours)
    assert minutes(within(ours, theirs)) == minutes(ours) & minutes(theirs)
    assert total_seconds(ours) == 60 * len(minutes(ours))
    assert all(before.end < after.start for before, after in zip(union(ours), union(ours)[1:], strict=False))


@given(spans)
def test_days_add_up_to_the_whole(ours: list[Span]) -> None:
    days = by_day(ours, MADRID)
    assert sum(total_seconds(parts) for parts in days.values()) == total_seconds(ours)
    for day, parts in days.items():
        assert within(parts, [days_span(day, day, MADRID)]) == union(parts)
