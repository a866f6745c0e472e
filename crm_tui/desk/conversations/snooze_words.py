"""A typed day, or the sentence that says why it is none. Imports nothing of the database: dialogs use it as one types."""

from __future__ import annotations

from datetime import datetime, tzinfo

from crm_tui.base.errors import InvalidInput
from crm_tui.base.i18n import _
from crm_tui.rules.snoozing import BadDay, read


def understood(text: str, now: datetime, zone: tzinfo) -> datetime:
    """The instant that was typed (:func:`crm_tui.rules.snoozing.read`).

    Raises:
        InvalidInput: the sentence says why it cannot be.
    """
    try:
        return read(text, now, zone)
    except BadDay as error:
        raise _refused(error, zone) from error


def _refused(error: BadDay, zone: tzinfo) -> InvalidInput:
    meant = f"{error.meant.astimezone(zone):%Y-%m-%d %H:%M}" if error.meant is not None else ""
    example = _("Write it like 2026-12-24, 24.12. 18:00, tomorrow or Friday 9:30.")
    words = {
        "no such day": (_("There is no such day."), example),
        "no such time": (_("There is no such time of day."), _("Write it like 18:00.")),
        "past": (_("{when} is past.").format(when=meant), _("Give a later day or time.")),
        "far": (_("{when} is more than five years away.").format(when=meant), _("Look at the year.")),
    }
    message, hint = words.get(error.reason, (_("That day was not understood."), example))
    return InvalidInput(message, hint, "until")
