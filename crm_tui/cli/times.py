"""Times as the command line prints them for people: in the property's zone, all of them (SPEC §15; JSON has the offset)."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

if TYPE_CHECKING:
    from crm_tui.desk.common.context import Context


def zone_of(ctx: Context) -> ZoneInfo:
    """The zone of the desk's property; UTC before it is set up."""
    from crm_tui import desk

    hotel = desk.setup.current_property(ctx)
    return ZoneInfo(hotel.timezone if hotel else "UTC")


def moment(at: datetime | None, zone: ZoneInfo) -> str:
    """Day and minute; empty for None."""
    return f"{at.astimezone(zone):%Y-%m-%d %H:%M}" if at is not None else ""


def written(text: str, zone: ZoneInfo) -> str:
    """An ISO instant as day and minute of the zone; a day, or a time without offset, as it was written."""
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        return text
    if len(text) <= len("2026-07-01"):
        return text
    return moment(at, zone) if at.tzinfo is not None else f"{at:%Y-%m-%d %H:%M}"
