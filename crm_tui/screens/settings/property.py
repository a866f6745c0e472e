"""What holds for the whole property: working hours, and the days that rules count with. Administrators change it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from textual.content import Content
from textual.widget import Widget
from textual.widgets import Static

from crm_tui import desk
from crm_tui.base.errors import Forbidden
from crm_tui.base.i18n import _, ngettext
from crm_tui.desk.common.permissions import Permission
from crm_tui.desk.staff.property_views import PropertySettings, hours_words
from crm_tui.screens.allowing import why_not
from crm_tui.screens.form_screen import FormScreen
from crm_tui.widgets.forms import FixedField, NumberField, TextField

if TYPE_CHECKING:
    from crm_tui.desk.common.context import Context


class PropertyScreen(FormScreen):
    """Its form; ctrl+s writes what was changed.

    Args:
        found: the settings that the administrator starts from.
    """

    DEFAULT_CSS = """
    PropertyScreen {
        Field .field--label { width: 25; }
        Field .field--error, Form > .form--help { padding: 0 0 0 25; }
        Form > .form--help { height: 3; }
    }
    """

    def __init__(self, found: PropertySettings) -> None:
        super().__init__()
        self._found = found
        self.title_words = _("{name}: what holds for everybody").format(name=found.name)

    def rows(self) -> list[Widget]:
        """Hours, days before check-in, how long resolved feedback stays."""
        found = self._found
        if self._why_not():
            hours = hours_words(found.hours) if found.hours else _("around the clock")
            stays = self._stays(found.resolved_days)
            return [
                FixedField("hours", _("Working hours"), hours),
                FixedField(
                    "checkin_days", _("Before check-in"), f"{found.checkin_days} {self._before(found.checkin_days)}"
                ),
                FixedField("resolved_days", _("Resolved feedback"), f"{max(0, found.resolved_days)} {stays}"),
            ]
        return [
            TextField(
                "hours",
                _("Working hours"),
                hours_words(found.hours) if found.hours else "",
                help=_(
                    "For response times: like Mon-Fri 08:00-20:00; Sat 09:00-14:00. Empty: around the clock. Days of "
                    "any language of the desk."
                ),
                max_length=400,
            ),
            NumberField(
                "checkin_days",
                _("Before check-in"),
                found.checkin_days,
                low=0,
                high=60,
                unit=self._before,
                required=True,
                help=_("From then on a guest's mail is of the stage before check-in."),
            ),
            NumberField(
                "resolved_days",
                _("Resolved feedback"),
                found.resolved_days,
                low=-1,
                high=365,
                unit=self._stays,
                required=True,
                help=_("How long what is resolved stays on the page of guest relations; -1: it stays."),
            ),
        ]

    @staticmethod
    def _before(days: int) -> str:
        return ngettext("day before arrival", "days before arrival", days)

    @staticmethod
    def _stays(days: int) -> str:
        return _("it stays") if days < 0 else ngettext("midnight more", "midnights more", days)

    def _why_not(self) -> str:
        """Why it cannot be changed here, a sentence; empty if it can."""
        return why_not(self.shell.ctx, writes=True, needs=Permission.PROPERTY.value)

    def on_mount(self) -> None:
        """Whoever may not change it reads how it is, and why."""
        if self._why_not():
            words = Content.assemble(("! ", "$text-warning"), self._why_not())
            self.query_one("#result", Static).update(words)

    def save(self, ctx: Context, values: dict[str, Any]) -> str:
        """Write what was changed."""
        before = self._found
        if self._why_not():
            raise Forbidden(self._why_not())
        changed = {
            name: values[name] for name in ("checkin_days", "resolved_days") if values[name] != getattr(before, name)
        }
        typed = values["hours"].strip()
        if typed != (hours_words(before.hours) if before.hours else ""):
            changed["hours"] = typed
        if not changed:
            return _("Nothing was changed.")
        desk.property.set(ctx, before.version, changed)
        return _("What holds for everybody is saved · z takes it back")
