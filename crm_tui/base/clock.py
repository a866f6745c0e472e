"""The injected clock. Nothing in the project asks the system for the time of day in another way."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Protocol

from crm_tui.base.errors import InvalidInput
from crm_tui.base.i18n import _


class Clock(Protocol):
    """Tells the present instant."""

    def now(self) -> datetime:
        """The present instant, aware, in UTC."""
        ...


class SystemClock:
    """The machine's clock."""

    def now(self) -> datetime:
        return datetime.now(UTC)


class FixedClock:
    """A clock that stands still until told otherwise; for tests."""

    def __init__(self, instant: datetime) -> None:
        self.instant = instant.astimezone(UTC)

    def now(self) -> datetime:
        return self.instant

    def advance(self, by: timedelta) -> None:
        """Move the clock by a duration, either way."""
        self.instant += by


class ShiftedClock:
    """Starts at a given instant and runs on with the machine's clock; for drills (``CRM_TUI_NOW``)."""

    def __init__(self, start: datetime) -> None:
        self._shift = start.astimezone(UTC) - datetime.now(UTC)

    def now(self) -> datetime:
        return datetime.now(UTC) + self._shift


def clock_from_env(env: Mapping[str, str]) -> Clock:
    """The clock that ``CRM_TUI_NOW`` asks for (SPEC §15), else the machine's.

    Raises:
        InvalidInput: the variable is set but is no ISO instant with an offset.
    """
    value = env.get("CRM_TUI_NOW", "").strip()
    if not value:
        return SystemClock()
    try:
        start = datetime.fromisoformat(value)
    except ValueError:
        start = datetime.min  # noqa: DTZ901 -- naive on purpose: refused below
    if start.tzinfo is None:
        raise InvalidInput(
            _("CRM_TUI_NOW is not an instant: {value!r}.").format(value=value),
            _("Write it like 2026-07-01T08:00:00+02:00."),
            "CRM_TUI_NOW",
        )
    return ShiftedClock(start)
