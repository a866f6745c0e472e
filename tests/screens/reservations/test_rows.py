"""A row of the list of reservations, without a screen."""

from __future__ import annotations

from datetime import date

import pytest

from crm_tui.desk.stays.reservation_views import ReservationListRow
from crm_tui.rules.money import Money
from crm_tui.screens.reservations.rows import ReservationRowView

TODAY = date(2026, 7, 1)


@pytest.mark.parametrize("width", [80, 150])
@pytest.mark.parametrize(
    ("missing", "due", "told"),
    [
        (None, None, " €500.00"),
        (120_00, date(2026, 7, 2), "▸ €120.00"),
        (120_00, date(2026, 7, 1), "! €120.00"),
    ],
)
def test_what_is_missing_never_looks_like_the_value(
    width: int, missing: int | None, due: date | None, told: str
) -> None:
    row = ReservationListRow(
        id=1,
        code="M-1",
        status="confirmed",
        arrival=date(2026, 8, 1),
        departure=date(2026, 8, 8),
        guest="Łucja Nowak",
        guests=1,
        adults=2,
        children=None,
        title="204",
        value=Money(500_00, "EUR"),
        missing=Money(missing, "EUR") if missing is not None else None,
        due=due,
        channel="direct",
        operator="",
        cursor=("", 1),
    )
    drawn = "".join(text for text, _style in ReservationRowView(lambda: TODAY).parts(row, width))
    assert drawn.endswith(f"{told} ")
    assert ("▸" in drawn, "!" in drawn) == (told[0] == "▸", told[0] == "!")
    assert len(drawn) == width
