"""``crm-tui property``: what holds for the whole property (SPEC §1, §10, §11)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from crm_tui.base.i18n import _, ngettext
from crm_tui.cli.invocation import Invocation
from crm_tui.cli.usage import UsageError

if TYPE_CHECKING:
    from crm_tui.desk.staff.property_views import PropertySettings

_GIVEN = ("hours", "checkin_days", "resolved_days")


def show(run: Invocation) -> int:
    """Show it."""
    from crm_tui import desk

    with run.desk() as ctx:
        return _tell(run, desk.property.get(ctx))


def change(run: Invocation) -> int:
    """Change it."""
    from crm_tui import desk

    given = {name: getattr(run.options, name) for name in _GIVEN if getattr(run.options, name) is not None}
    if not given:
        raise UsageError(_("Nothing was said to change."), _("Say for example: --hours “Mon-Fri 08:00-20:00”"))
    with run.desk() as ctx:
        version = desk.property.get(ctx).version
        return _tell(run, desk.property.set(ctx, version, given))


def _tell(run: Invocation, found: PropertySettings) -> int:
    from crm_tui.desk.staff.property_views import hours_words

    if run.out.as_json:
        run.out.record(
            {
                "name": found.name,
                "timezone": found.timezone,
                "currency": found.currency,
                "hours": found.hours,
                "checkin_days": found.checkin_days,
                "resolved_days": found.resolved_days,
            }
        )
        return 0
    days = ngettext("{n} day before arrival", "{n} days before arrival", found.checkin_days)
    stays = ngettext("{n} midnight more", "{n} midnights more", found.resolved_days)
    rows = (
        (_("Name"), found.name),
        (_("Time zone"), found.timezone),
        (_("Currency"), found.currency),
        (_("Working hours"), hours_words(found.hours)),
        (_("Check-in begins"), days.format(n=found.checkin_days)),
        (
            _("Resolved feedback stays"),
            _("for ever") if found.resolved_days < 0 else stays.format(n=found.resolved_days),
        ),
    )
    run.out.table((_("What"), ""), rows)
    return 0
