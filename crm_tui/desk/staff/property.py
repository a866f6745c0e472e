"""What holds for the whole property: working hours, and days that rules count with (SPEC §10, §11). Administrators change it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, select, update

from crm_tui.base.errors import Conflict, InvalidInput, NotFound
from crm_tui.base.i18n import N_, _
from crm_tui.data.columns import columns, table_of
from crm_tui.data.tables import Property
from crm_tui.desk.common.context import Context, Transaction
from crm_tui.desk.common.permissions import Permission, require
from crm_tui.desk.histories import history_words
from crm_tui.desk.histories.history_words import Told
from crm_tui.desk.staff.property_views import PropertySettings, hours_words
from crm_tui.desk.undoing import undo_registry, undo_words
from crm_tui.desk.undoing.undo_words import Facts
from crm_tui.mail.text import display_text
from crm_tui.rules.working_hours import HoursFault, read_hours

_P = columns(Property)

FIELDS = {
    "hours": N_("working hours"),
    "checkin_days": N_("days before check-in"),
    "resolved_days": N_("days that resolved feedback stays"),
}
LIMITS = {"checkin_days": (0, 60), "resolved_days": (-1, 365)}
"""The least and the most of each number."""

_FAULTS = {
    "hours": N_("These hours cannot be read: {given}."),
    "time": N_("There is no such time of day: {given}."),
    "length": N_("These hours end where they start: {given}."),
    "day": N_("There is no such weekday: {given}."),
    "never": N_("There would be no working hour in the whole week."),
}


def get(ctx: Context) -> PropertySettings:
    """The property's settings.

    Raises:
        NotFound: the desk is not set up.
    """
    with ctx.store.connect() as connection:
        return get_in(connection)


def get_in(connection: Connection) -> PropertySettings:
    """:func:`get` on a connection that reads more."""
    row = connection.execute(select(table_of(Property)).order_by(_P.id).limit(1)).first()
    if row is None:
        raise NotFound(_("This desk is not set up yet."), _("Set it up with: crm-tui init"))
    return PropertySettings(
        display_text(row.name),
        row.timezone,
        row.currency,
        row.hours,
        row.checkin_days,
        row.resolved_days,
        row.version,
    )


def set(ctx: Context, version: int, values: Mapping[str, Any]) -> PropertySettings:  # noqa: A001
    """Change the property's settings.

    Args:
        version: that the administrator started from.
        values: of ``hours`` (as people write them), ``checkin_days``, ``resolved_days`` those that change.

    Raises:
        Forbidden: the actor is no administrator.
        Conflict: somebody changed them since.
        InvalidInput: a value is not usable; ``field`` names it.
    """
    clean = {name: _checked(name, value) for name, value in values.items()}
    with ctx.write() as tx:
        require(tx, Permission.PROPERTY)
        row = get_in(tx.connection)
        if row.version != version:
            raise Conflict(
                _("Somebody changed the property's settings meanwhile; nothing was overwritten."),
                _("Look at them again."),
            )
        after = {name: value for name, value in clean.items() if value != getattr(row, name)}
        if after:
            number = tx.connection.execute(select(_P.id).order_by(_P.id).limit(1)).scalar_one()
            change = update(table_of(Property)).where(_P.id == number)
            tx.connection.execute(change.values(**after, version=_P.version + 1))
            before = {name: getattr(row, name) for name in after}
            tx.journal("property", number, "change", before, after, undoable=True)
        return get_in(tx.connection)


def _checked(name: str, value: Any) -> Any:
    if name == "hours":
        return _hours(str(value))
    if name not in LIMITS:
        raise InvalidInput(_("There is no field called {given}.").format(given=display_text(name)), field=name)
    low, high = LIMITS[name]
    if not isinstance(value, int) or isinstance(value, bool) or not low <= value <= high:
        raise InvalidInput(
            _("{value} is out of range").format(value=display_text(str(value))) + ".",
            _("Use {low} to {high}.").format(low=low, high=high),
            name,
        )
    return value


def _hours(text: str) -> str:
    if text.strip().casefold() == _("around the clock").casefold():
        return ""
    try:
        return read_hours(text)
    except HoursFault as fault:
        given = display_text(fault.given)[:60]
        raise InvalidInput(
            _(_FAULTS[fault.kind]).format(given=given),
            _("Write them like Mon-Fri 08:00-20:00; Sat 09:00-14:00. Empty is around the clock."),
            "hours",
        ) from None


# -- words and undo -----------------------------------------------------------------------------------------------------


def _value(side: Told, name: str) -> str:
    return hours_words(str(side.get(name) or "")) if name == "hours" else str(side.get(name))


def _changed(before: Told, after: Told) -> str:
    parts = [
        _("{field}: {before} → {after}").format(field=_(word), before=_value(before, name), after=_value(after, name))
        for name, word in FIELDS.items()
        if name in after
    ]
    return ", ".join(parts) or _("changed")


def _named(connection: Connection, number: int) -> str:
    return display_text(connection.execute(select(_P.name).where(_P.id == number)).scalar() or "")


def _settle(tx: Transaction, _ids: Sequence[int]) -> None:
    require(tx, Permission.PROPERTY)


def _as_before(facts: Facts) -> str:
    return _("The settings of {what} are as they were.").format(what=facts.what)


undo_registry.entity("property", Property, named=_named, settle=_settle)
undo_words.says("property", "change", did=_as_before)
history_words.says("property", "change", _changed)
