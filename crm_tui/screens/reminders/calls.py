"""What the screens of reminders ask of the desk. Everything here blocks: it is called in threads."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from crm_tui import desk
from crm_tui.base.i18n import _
from crm_tui.desk.common.views import AgentView
from crm_tui.desk.requests.inquiry_views import ReminderView

if TYPE_CHECKING:
    from crm_tui.desk.common.context import Context
    from crm_tui.desk.shifts.reminder_views import BoardRow


@dataclass(frozen=True, slots=True)
class People:
    """Who can be given a reminder: the team without oneself, the departments, and oneself."""

    me: str
    agents: tuple[str, ...]
    departments: tuple[str, ...]
    own_department: str = ""


def people(ctx: Context) -> People:
    """The team and its departments."""
    team: Sequence[AgentView] = desk.setup.agents(ctx)
    rooms = desk.departments.listed(ctx)
    me = next((one.name for one in team if one.id == ctx.actor.id), "")
    own = next((one.name for one in rooms if one.id == ctx.actor.department), "")
    return People(me, tuple(one.name for one in team if one.id != ctx.actor.id), tuple(one.name for one in rooms), own)


def load(ctx: Context, number: int | None, links: Mapping[str, int | None]) -> tuple[People, ReminderView | None, str]:
    """What the form needs: the people, the reminder to change, and what people call the thing it is about.

    Raises:
        NotFound: there is no such reminder.
    """
    found = desk.reminders.get(ctx, number) if number is not None else None
    if found is not None:
        return people(ctx), found, " · ".join(link.title for link in found.links[:1])
    return people(ctx), None, called(ctx, links)


def called(ctx: Context, links: Mapping[str, int | None]) -> str:
    """What people call the thing that a new reminder is about."""
    if links.get("reservation"):
        return desk.reservations.get(ctx, links["reservation"] or 0).code
    if links.get("guest"):
        return desk.guests.get(ctx, links["guest"] or 0).name
    if links.get("inquiry"):
        return desk.inquiries.get(ctx, links["inquiry"] or 0).title
    if links.get("conversation"):
        row = desk.folders.row(ctx, links["conversation"] or 0)
        return row.subject if row is not None else ""
    return ""


def done(ctx: Context, rows: Sequence[BoardRow]) -> int:
    """Those that are open become done; if all are done, they are open again."""
    numbers = [row.number for row in rows]
    if all(row.done for row in rows):
        return desk.reminders.reopen(ctx, numbers)
    return desk.reminders.done(ctx, numbers)


def move(ctx: Context, rows: Sequence[BoardRow], due: date | None, by: int = 0) -> int:
    """Another day for reminders, another planned end for inquiries; how many changed."""
    numbers = [row.number for row in rows if row.kind == "reminder"]
    changed = desk.reminders.move(ctx, numbers, due or "", by=by) if numbers else 0
    for row in rows:
        if row.kind == "inquiry":
            today = desk.reminder_rows.property_day(ctx)
            to = due or desk.reminders.shifted(row.due, by, today)
            desk.inquiries.set(ctx, row.number, row.version, {"planned_end": to})
            changed += 1
    return changed


def assign(ctx: Context, rows: Sequence[BoardRow], agent: str, department: str) -> int:
    """Give reminders to an agent or a department, inquiries to an agent; how many changed hands."""
    numbers = [row.number for row in rows if row.kind == "reminder"]
    changed = desk.reminders.assign(ctx, numbers, agent, department=department or None) if numbers else 0
    for row in rows:
        if row.kind == "inquiry" and agent:
            handler = ctx.actor.name if agent == "me" else agent
            desk.inquiries.set(ctx, row.number, row.version, {"handler": handler})
            changed += 1
    return changed


def export(ctx: Context, path: str, overwrite: bool) -> int:
    """Write one's open reminders as a calendar; how many."""
    return desk.reminder_calendar.to_file(ctx, Path(path).expanduser(), overwrite=overwrite)


def save(
    ctx: Context, number: int | None, version: int, values: Mapping[str, Any], links: Mapping[str, int | None]
) -> int:
    """Make or change a reminder; its number.

    Args:
        values: title, due, assignee, department, repeats and, of a new one, promised.
    """
    if number is not None:
        desk.reminders.set(ctx, number, version, values)
        return number
    return desk.reminders.add(
        ctx,
        values.get("title", ""),
        values.get("due") or "",
        assignee=values.get("assignee", ""),
        department=values.get("department") or None,
        rule=values.get("repeats", ""),
        promised=bool(values.get("promised")),
        **{kind: one for kind, one in links.items() if one is not None},
    )


def reading(text: str, today: date) -> tuple[str, list[date]]:
    """How a recurrence that was typed is understood, and the next days it falls on; quick, no store.

    Raises:
        InvalidInput: it is not understood.
    """
    from crm_tui.desk.shifts import recurrence_words
    from crm_tui.rules.recurrence import coming

    found = recurrence_words.read(text, today)
    if found is None:
        return _("once"), []
    return recurrence_words.words(found), coming(found, today, 3)
