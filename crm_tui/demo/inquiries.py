"""What the team of the sample hotel has noted: inquiries of some conversations, memos, reminders, consents, departments."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import insert, select

from crm_tui.base.clock import FixedClock
from crm_tui.data.columns import columns
from crm_tui.data.tables import Journal, Undone
from crm_tui.demo.people import AGENTS
from crm_tui.desk.client_base import guests
from crm_tui.desk.common.context import Actor, Context
from crm_tui.desk.common.views import ConversationRow, ListQuery
from crm_tui.desk.conversations import folders
from crm_tui.desk.requests import inquiries
from crm_tui.desk.requests.inquiry_views import InquiryView
from crm_tui.desk.shifts import internal, memos, reminders
from crm_tui.desk.staff import departments, team

_DEPARTMENTS = {"Ana": "Reservations", "Leo": "Reception", "Łucja": "Reservations"}
_SHARES = (("Inquiries", 8), ("Waitlist", 13), ("Booked", 5))
"""From which folder, and how many."""
_ROOMS = ("Double with sea view", "Family room 2+2", "Junior suite", "Twin to the garden")
_BOARDS = ("breakfast", "half board", "room only")
_MEMOS = (
    "Called at noon: they come by ferry and need the garage.",
    "Regular guest, had room 204 last year and would like it again.",
    "Asked for a cot; the blue one is in the store on the second floor.",
    "Waits for the flight times before the deposit. Ask again on Friday.",
    "Celiac in the family: tell the kitchen as soon as they book.",
    "Wants an invoice to the firm, data come by mail.",
    "The dog weighs 8 kg: garden floor only.",
)
_REMINDERS = (
    "Ask whether the offer suits",
    "Send the flight times of the ferry line",
    "Offer the junior suite if it is free",
)


def add(ctx: Context) -> int:
    """Let the team have worked a few days; returns how many inquiries there are then.

    Conversations that have an inquiry already are left alone, so that an interrupted start goes on.
    """
    desks = _team(ctx)
    for number, row in enumerate(_chosen(ctx)):
        agent = desks[row.assignee if row.assignee in desks else AGENTS[number % len(AGENTS)]]
        _work(agent, desks, row, number)
    settle(ctx)
    return inquiries.counts(ctx)["all"]


def _team(ctx: Context) -> dict[str, Context]:
    """The departments, and a desk of each agent."""
    known = {one.name for one in departments.listed(ctx)}
    for name in sorted({*_DEPARTMENTS.values()} - known):
        departments.add(ctx, name)
    desks = {}
    for one in team.agents(ctx):
        wanted = _DEPARTMENTS.get(one.name, "")
        if wanted and one.department != wanted:
            team.change(ctx, one.id, department=wanted)
        number = departments.find(ctx, wanted) if wanted else None
        desks[one.name] = ctx.acting_as(Actor(one.id, one.name, one.role, one.language, number))
    return desks


def _chosen(ctx: Context) -> Iterator[ConversationRow]:
    for place, count in _SHARES:
        rows = [row for row in folders.page(ctx, ListQuery(place), limit=100).rows if row.counterpart.name]
        if place == "Waitlist":
            rows = [row for row in rows if not row.unanswered][::3]
        yield from (row for row in rows[:count] if row.inquiry is None)


def _work(agent: Context, desks: Mapping[str, Context], row: ConversationRow, number: int) -> None:
    """Take the inquiry up when its last mail came, and note what was agreed."""
    now = agent.clock.now()
    then = _at(agent, min(now, row.last_at + timedelta(minutes=20)))
    made = inquiries.get(then, inquiries.from_conversation(then, row.id))
    later = _at(agent, min(now, then.clock.now() + timedelta(minutes=15)))
    inquiries.set(later, made.id, made.version, _values(made, row.folder, number, now.date()))
    if number % 4 == 1:
        memos.add(then, _MEMOS[number % len(_MEMOS)], inquiry=made.id)
    if number % 6 == 2:
        colleague = desks[AGENTS[(number + 1) % len(AGENTS)]]
        memos.add(
            _at(colleague, then.clock.now() + timedelta(minutes=5)),
            _MEMOS[(number + 3) % len(_MEMOS)],
            conversation=row.id,
        )
    if number % 8 == 3:
        reminders.add(
            agent, _REMINDERS[number % len(_REMINDERS)], now.date() + timedelta(days=number % 3), inquiry=made.id
        )
    if number in (3, 11) and agent.actor.name != AGENTS[0]:
        internal.send(agent, AGENTS[0], "Can we hold this price until Sunday?", inquiry=made.id)
    if made.holder is not None and number % 3:
        guests.set_consent(then, made.holder.id, "mail", given=number % 7 != 0, source="reply to the first offer")
    if number == 17:
        inquiries.set(agent, made.id, inquiries.get(agent, made.id).version, {"scope": "department"})


def _at(ctx: Context, instant: datetime) -> Context:
    from dataclasses import replace

    return replace(ctx, clock=FixedClock(instant))


def _values(made: InquiryView, folder: str, number: int, today: date) -> dict[str, Any]:
    # every fifth keeps the planned end that it was made with; the older ones are overdue
    values: dict[str, Any] = {"planned_end": today + timedelta(days=number % 4)} if number % 5 != 4 else {}
    if folder == "Inquiries":
        return values | {"status": ("new", "in progress")[number % 2]}
    nights = (made.departure - made.arrival).days if made.arrival and made.departure else made.nights or 5
    values |= {"room": _ROOMS[number % len(_ROOMS)], "board": _BOARDS[number % len(_BOARDS)]}
    values |= {"price": f"{nights * (84 + number * 7)} EUR", "valid_until": today + timedelta(days=3 + number % 5)}
    if folder == "Booked":
        return values | {"status": "booked"}
    if number == 20:
        return values | {"status": "cancelled"}
    if number == 18:
        return values | {"status": "lost", "lost_reason": "found something nearer to the beach"}
    return values | {"status": ("offer sent", "waiting for guest")[number % 2]}


def settle(ctx: Context) -> None:
    """What was done before the desk is first opened is not for one key to take back."""
    names, done = columns(Journal), columns(Undone)
    with ctx.write() as tx:
        known = select(done.command)
        query = select(names.command).where(names.undoable, names.command.not_in(known)).distinct()
        rows = [{"command": command, "by_command": ""} for command in tx.connection.execute(query).scalars()]
        if rows:
            tx.connection.execute(insert(Undone), rows)
