"""Where a conversation's guest stands (SPEC §10)."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from crm_tui.rules.stages import Booking, channel_of, confirmed_since, stage_of, stage_then
from crm_tui.rules.vocabulary import Channel, Stage

TODAY = date(2026, 7, 1)


def booking(days: int | None, status: str = "confirmed") -> Booking:
    return Booking(status, None if days is None else TODAY + timedelta(days=days))


@pytest.mark.parametrize(
    ("bookings", "stage"),
    [
        ([], Stage.BEFORE_BOOKING),
        ([booking(30, "option")], Stage.BEFORE_BOOKING),
        ([booking(1, "cancelled"), booking(2, "no-show")], Stage.BEFORE_BOOKING),
        ([booking(4)], Stage.AFTER_BOOKING),
        ([booking(3)], Stage.BEFORE_CHECKIN),
        ([booking(0)], Stage.BEFORE_CHECKIN),
        ([booking(-1)], Stage.AFTER_BOOKING),
        ([booking(-9, "completed")], Stage.AFTER_BOOKING),
        ([booking(None)], Stage.AFTER_BOOKING),
        ([booking(-300, "completed"), booking(2)], Stage.BEFORE_CHECKIN),
        ([booking(2, "option"), booking(50)], Stage.AFTER_BOOKING),
    ],
)
def test_the_stage_follows_from_the_reservations_and_the_day(bookings: list[Booking], stage: Stage) -> None:
    assert stage_of(bookings, TODAY, 3) is stage


def test_the_window_before_checkin_is_the_propertys() -> None:
    assert stage_of([booking(7)], TODAY, 7) is Stage.BEFORE_CHECKIN
    assert stage_of([booking(1)], TODAY, 0) is Stage.AFTER_BOOKING


NOON = datetime(2026, 7, 1, 12, 0, tzinfo=UTC)


def stay(since: int | None, until: int | None = None, status: str = "confirmed") -> Booking:
    """Confirmed so many hours after noon, ended so many hours after noon."""
    instants = [None if hours is None else NOON + timedelta(hours=hours) for hours in (since, until)]
    return Booking(status, TODAY + timedelta(days=30), *instants)


@pytest.mark.parametrize(
    ("bookings", "stage"),
    [
        ([], Stage.BEFORE_BOOKING),
        ([stay(-1)], Stage.AFTER_BOOKING),
        ([stay(0)], Stage.AFTER_BOOKING),
        ([stay(1)], Stage.BEFORE_BOOKING),
        ([stay(None)], Stage.BEFORE_BOOKING),
        ([stay(-2, 1, "cancelled")], Stage.AFTER_BOOKING),
        ([stay(-2, 0, "cancelled")], Stage.BEFORE_BOOKING),
        ([stay(-2, None, "cancelled")], Stage.BEFORE_BOOKING),  # until when it stood, nobody knows
        ([stay(1), stay(-2, 1, "no-show")], Stage.AFTER_BOOKING),
    ],
)
def test_the_stage_of_then_follows_from_what_stood_then(bookings: list[Booking], stage: Stage) -> None:
    assert stage_then(bookings, NOON, TODAY, 3) is stage
    near = [replace(one, arrival=TODAY + timedelta(days=2)) for one in bookings]
    assert (stage_then(near, NOON, TODAY, 3) is Stage.BEFORE_CHECKIN) is (stage is Stage.AFTER_BOOKING)


def test_what_was_entered_as_confirmed_was_so_since_it_was_booked() -> None:
    day, hour = timedelta(days=1), timedelta(hours=1)
    assert confirmed_since(NOON, NOON, NOON - 30 * day) == NOON - 30 * day
    assert confirmed_since(NOON, NOON, NOON + day) == NOON
    assert confirmed_since(NOON + hour, NOON, NOON - 30 * day) == NOON + hour  # an option that was confirmed here
    assert confirmed_since(NOON, NOON, None) == NOON
    assert confirmed_since(None, NOON, NOON) is None


@pytest.mark.parametrize(
    ("address", "channel"),
    [
        ("guest@guest.booking.com", Channel.BOOKING),
        ("X@GUEST.Booking.COM", Channel.BOOKING),
        ("a@notbooking.com", Channel.DIRECT),
        ("a@airbnb.com", Channel.AIRBNB),
        ("a@m.expediapartnercentral.com", Channel.EXPEDIA),
        ("marta@example.org", Channel.DIRECT),
        ("", Channel.DIRECT),
    ],
)
def test_the_channel_follows_from_the_counterparts_address(address: str, channel: Channel) -> None:
    assert channel_of(address) is channel
