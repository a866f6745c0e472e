"""The property's day, as screens know it."""

from __future__ import annotations

from datetime import date

from crm_tui.screens.base import Asking


class Today(Asking):
    """Mixin: today where the property is."""

    def today(self) -> date:
        """A day of the property's zone."""
        return self.shell.clock.now().astimezone(self.shell.zone).date()
