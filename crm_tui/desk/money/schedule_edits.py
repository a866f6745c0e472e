"""One line of a schedule changed, added or taken out, as a screen or a command says it (SPEC §7)."""

from __future__ import annotations

from datetime import date

from crm_tui.base.errors import InvalidInput, NotFound
from crm_tui.base.i18n import _
from crm_tui.desk.common.context import Context
from crm_tui.desk.correspondence.writing import zone
from crm_tui.desk.money import money_typed, schedules
from crm_tui.desk.money.money_views import NewLine, ScheduleView


def set_line(
    ctx: Context,
    reservation_id: int,
    version: int,
    line_id: int,
    *,
    kind: str,
    due: date | str,
    amount: str | int,
    reason: str,
) -> ScheduleView:
    """Change a line, or add one (``line_id`` 0): it stands before the first that is due later.

    Raises:
        InvalidInput: something is not usable; ``field`` is kind, due, amount or reason.
        StaleSchedule, NotFound: as :func:`crm_tui.desk.money.schedules.set_lines`.
    """
    view = schedules.shown(ctx, reservation_id)
    with ctx.store.connect() as connection:
        today = ctx.clock.now().astimezone(zone(connection)).date()
    day = money_typed.some_day(due, today)
    if not view.currency:
        raise InvalidInput(_("Give the reservation a value with its currency first."), field="amount")
    made = NewLine(kind, day, money_typed.amount(amount, view.currency), reason, line_id)
    lines = as_new(view)
    if line_id:
        place = _place(lines, line_id)
        lines[place] = made
    else:
        place = next((at for at, one in enumerate(lines) if one.due > day), len(lines))
        lines.insert(place, made)
    try:
        return schedules.set_lines(ctx, reservation_id, version, lines)
    except InvalidInput as error:
        if error.field.startswith("lines."):
            error.field = error.field.rpartition(".")[2]
        raise


def remove_line(ctx: Context, reservation_id: int, version: int, line_id: int, reason: str) -> ScheduleView:
    """Take a line out.

    Raises:
        InvalidInput: no reason is given.
        StaleSchedule, NotFound: as :func:`crm_tui.desk.money.schedules.set_lines`.
    """
    lines = as_new(schedules.shown(ctx, reservation_id))
    del lines[_place(lines, line_id)]
    return schedules.set_lines(ctx, reservation_id, version, lines, reason)


def as_new(view: ScheduleView) -> list[NewLine]:
    """The lines as they stand, to be changed."""
    return [NewLine(one.kind, one.due, one.amount.amount, one.reason, one.id) for one in view.lines]


def _place(lines: list[NewLine], line_id: int) -> int:
    found = next((at for at, one in enumerate(lines) if one.id == line_id), None)
    if found is None:
        raise NotFound(_("This line is gone."))
    return found
