"""What a reminder is given: its title, its day, who is to do it, how it comes back, what it is about; checked before it is stored."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from sqlalchemy import Connection, literal_column, select

from crm_tui.base.errors import InvalidInput
from crm_tui.base.i18n import _
from crm_tui.data.columns import columns
from crm_tui.data.tables import Conversation, ConversationGuest, Department, Inquiry, InquiryGuest, ReservationGuest
from crm_tui.desk.common import scope
from crm_tui.desk.common.context import Transaction
from crm_tui.desk.correspondence.writing import zone
from crm_tui.desk.merges.guest_merging import survivor_in
from crm_tui.desk.requests.inquiry_faults import words
from crm_tui.desk.requests.inquiry_lists import agent_named
from crm_tui.desk.shifts import recurrence_words
from crm_tui.desk.shifts.memos import require_subject
from crm_tui.desk.staff.team_checks import department_named
from crm_tui.mail.text import display_text
from crm_tui.rules.day_words import read_day_words
from crm_tui.rules.days import DayFault
from crm_tui.rules.inquiry_checks import Fault
from crm_tui.rules.recurrence import Recurrence, RecurrenceFault, first_day, read_rule

_H = columns(InquiryGuest)
_BG = columns(ReservationGuest)
_D = columns(Department)
_I = columns(Inquiry)
_C = columns(Conversation)
_CG = columns(ConversationGuest)

LONGEST = 500
FIELDS = ("title", "due", "assignee", "department", "repeats")


def title(text: str) -> str:
    """What is to be done, on one line.

    Raises:
        InvalidInput: it is empty or too long.
    """
    clean = " ".join(display_text(text).split())
    if not 1 <= len(clean) <= LONGEST:
        raise InvalidInput(_("Say what is to be done, in 1 to {most} letters.").format(most=LONGEST), field="title")
    return clean


def day(due: date | str, today: date) -> date:
    """A day, or how one types it.

    Raises:
        InvalidInput: it is no day, or nothing.
    """
    if isinstance(due, date):
        return due
    if not due.strip():
        raise InvalidInput(_("Say until when, like fri, tomorrow or in 3 days."), field="due")
    try:
        return read_day_words(due, today)
    except (DayFault, OverflowError) as fault:
        given = fault.given if isinstance(fault, DayFault) else due
        kind = fault.kind if isinstance(fault, DayFault) else "day"
        raise InvalidInput(words([Fault("due", kind, given)])["due"], field="due") from None


def today_of(tx: Transaction) -> date:
    """The property's day of a command."""
    return tx.now.astimezone(zone(tx.connection)).date()


def who(tx: Transaction, values: Mapping[str, Any]) -> dict[str, Any]:
    """Who is to do it: one agent (``me`` for oneself) or a department (by name or number), never both.

    Raises:
        InvalidInput: there is no such agent or department, or both are named.
    """
    assignee, department = values.get("assignee"), values.get("department")
    if assignee and department:
        raise InvalidInput(_("One agent or a department does it, not both."), field="department")
    if department:
        return {"assignee_id": None, "department_id": _department(tx.connection, department)}
    if not assignee or str(assignee).strip().casefold() == "me":
        return {"assignee_id": tx.actor.id, "department_id": None}
    found = agent_named(tx.connection, assignee, active=True, field="assignee")
    return {"assignee_id": found, "department_id": None}


def _department(connection: Connection, department: int | str) -> int:
    if isinstance(department, str):
        return department_named(connection, department)
    if connection.execute(select(_D.id).where(_D.id == department)).first() is None:
        raise InvalidInput(_("There is no department {number}.").format(number=department), field="department")
    return department


def recurrence(repeats: str, due: date | None, today: date) -> tuple[str, date | None]:
    """How it comes back, as it is stored, and the day it is due first.

    Args:
        repeats: words, or an RRULE.
        due: the day that was given; None: the first one that fits, from today on.

    Raises:
        InvalidInput: the words are not understood, or it would never be due.
    """
    found = _read(repeats, today)
    if found is None:
        return "", due
    if due is None:
        due = first_day(found, today)
        if due is None:
            raise InvalidInput(_("It ends before it begins."), field="repeats")
    if found.until is not None and found.until < due:
        raise InvalidInput(_("It ends before it begins."), field="repeats")
    return found.anchored(due).rule, due


def _read(repeats: str, today: date) -> Recurrence | None:
    if repeats.upper().startswith("FREQ="):
        try:
            return read_rule(repeats)
        except RecurrenceFault:
            pass
    return recurrence_words.read(repeats, today)


def about(tx: Transaction, links: Mapping[str, int | None]) -> dict[str, int | None]:
    """The columns of what it is about. What is on a reservation or an inquiry is its holder's as well,
    and what is on a conversation its inquiry's and its guest's.

    Raises:
        NotFound: one is not there, or the agent may not see it.
    """
    inquiry, guest, reservation = links.get("inquiry"), links.get("guest"), links.get("reservation")
    connection = tx.connection
    talk = links.get("conversation")
    conversation = require_subject(connection, tx.actor, inquiry, talk, guest, reservation=reservation)
    if conversation is not None and inquiry is None and reservation is None:
        inquiry = _inquiry_of(tx, conversation)
    guest = _holder(connection, inquiry, reservation) if guest is None else survivor_in(connection, guest)
    if guest is None and conversation is not None:
        guest = connection.execute(select(_CG.guest_id).where(_CG.conversation_id == conversation)).scalar()
    return {
        "inquiry_id": inquiry,
        "conversation_id": conversation,
        "guest_id": guest,
        "reservation_id": reservation,
    }


def _inquiry_of(tx: Transaction, conversation: int) -> int | None:
    """The inquiry that a conversation belongs to, as far as the actor may see it."""
    query = select(_I.id).join(Conversation, _C.inquiry_id == _I.id).where(_C.id == conversation)
    seen = query.where(_I.removed_at.is_(None), scope.visible(_I.scope))
    return tx.connection.execute(seen, {scope.BIND: tx.actor.scopes}).scalar()


def _holder(connection: Connection, inquiry: int | None, reservation: int | None) -> int | None:
    if reservation is not None:
        query = select(_BG.guest_id).where(
            _BG.reservation_id == reservation, literal_column("reservation_guest.holder")
        )
    elif inquiry is not None:
        query = select(_H.guest_id).where(_H.inquiry_id == inquiry, literal_column("inquiry_guest.holder"))
    else:
        return None
    return connection.execute(query).scalar()
