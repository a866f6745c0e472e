"""Where a conversation's guest stands (SPEC §10)."""

from datetime import date, timedelta

import pytest

from crm_tui.rules.stages import Booking, channel_of, stage_of
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
