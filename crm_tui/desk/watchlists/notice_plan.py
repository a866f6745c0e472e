"""Which reminders of payments are due at an instant (SPEC §8): one a reservation, naming all that is missing of it.

A reminder tells of every line that is due until as many days ahead as the first reminder comes; so it is the turn of each of
these lines, and none of them is told of twice on a day.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any, NamedTuple

from sqlalchemy import Connection, Row, and_, or_, select

from crm_tui.base.errors import CrmError
from crm_tui.base.settings import Settings, load_settings
from crm_tui.data.bulk import chunks
from crm_tui.data.columns import columns
from crm_tui.data.tables import Account, PaymentNotice, Property, Reservation, ReservationDue, ScheduleLine
from crm_tui.desk.common.context import ENGINE, Context
from crm_tui.desk.correspondence.writing import zone
from crm_tui.desk.watchlists.notice_reach import Reached, channels_of, reach
from crm_tui.desk.watchlists.notice_texts import Letter, NoticeTexts, Owed
from crm_tui.desk.watchlists.notice_views import MAIL, SMS, NoticeReason, PlannedNotice
from crm_tui.mail.text import display_text
from crm_tui.rules.mail_addresses import address_key
from crm_tui.rules.money import Money
from crm_tui.rules.notices import Cadence, is_due, is_quiet, read_time
from crm_tui.rules.schedule import Line, Missing, in_order, missing_by, uncovered
from crm_tui.rules.vocabulary import NoticeState, ReservationStatus

_R = columns(Reservation)
_D = columns(ReservationDue)
_L = columns(ScheduleLine)
_N = columns(PaymentNotice)
_P = columns(Property)
_A = columns(Account)

COUNTED = (NoticeState.QUEUED, NoticeState.SENDING, NoticeState.SENT, NoticeState.FAILED, NoticeState.UNCERTAIN)
"""The states of a reminder that took its turn; one that was dropped did not."""


class Candidate(NamedTuple):
    """A reservation of which something is to be reminded of now.

    Attributes:
        lead: the line it counts for: the earliest whose turn it is.
        today: it was reminded of today already.
        last: the day it was last reminded of; None: never.
    """

    row: Row[Any]
    lead: Missing
    owed: Owed
    today: bool
    last: date | None


@dataclass(slots=True)
class _Said:
    """What was sent lately of a reservation."""

    days: list[date] = field(default_factory=list)
    today: bool = False
    taken: set[int] = field(default_factory=set)
    """Lines for which a reminder was made today, also one that was dropped."""

    last: date | None = None


def settings_of(ctx: Context) -> Settings:
    """The settings as their file gives them now, which may be newer than those the desk or engine began with."""
    if not ctx.home.settings.exists():
        return ctx.settings
    try:
        return load_settings(ctx.home.settings)
    except CrmError:
        return ctx.settings


def cadence_of(settings: Settings) -> Cadence:
    """The days of the settings."""
    return Cadence(settings.notice_first_days, settings.notice_every_days)


def quiet(settings: Settings, local: datetime) -> bool:
    """Whether nothing goes out at this time of the property."""
    return is_quiet(local.time(), read_time(settings.notice_quiet_from), read_time(settings.notice_quiet_until))


def next_run(settings: Settings, local: datetime) -> datetime:
    """The instant from which reminders go out: now, or the end of the quiet hours; in the zone of ``local``."""
    if not quiet(settings, local):
        return local
    end = read_time(settings.notice_quiet_until)
    start = local.replace(hour=end.hour, minute=end.minute, second=0, microsecond=0)
    return start if start > local else start + timedelta(days=1)


def plan(
    ctx: Context,
    connection: Connection,
    settings: Settings,
    at: datetime,
    *,
    only: Collection[int] = (),
    whole: bool = False,
    mode: str = "",
) -> list[PlannedNotice]:
    """What is to be reminded of at an instant, those longest without a reminder first.

    Args:
        only: these reservations; empty: all.
        whole: also what would not be sent, with the reasons; else only what would.
        mode: instead of the setting *notices*.
    """
    local = at.astimezone(zone(connection))
    today = local.date()
    channels = channels_of(mode or settings.notices)
    found = list(candidates(connection, settings, today, only=only, whole=whole))
    reached = reach(connection, {one.row.id: one.row.company_id for one in found}, channels or (MAIL,))
    texts = NoticeTexts(ctx.acting_as(ENGINE), connection)  # whoever looks at the preview: signed as it will be
    gate = _Gate(connection, settings, local, bool(channels))
    planned = []
    for one in found:
        whom = reached[one.row.id]
        reason = NoticeReason.TODAY if one.today else whom.reason or gate.reason(whom)
        letter = _letter(texts, whom, one.owed)
        if not reason and letter.error:
            reason = f"{NoticeReason.FAULT}: {letter.error}"
        elif not reason and letter.gaps:
            reason = f"{NoticeReason.EMPTY}: {', '.join(letter.gaps)}"
        if not reason:
            gate.passed(whom)
        if whole or not reason:
            planned.append(_planned(one, whom, letter, reason, today))
    if whole:
        planned += _settled(connection, settings, today, only, {one.row.id for one in found})
    return planned


def candidates(
    connection: Connection, settings: Settings, today: date, *, only: Collection[int] = (), whole: bool = False
) -> Iterator[Candidate]:
    """The reservations with a line whose turn it is; ``whole``: also those that were reminded of today."""
    cadence = cadence_of(settings)
    until = today + timedelta(days=cadence.first)
    query = (
        select(_R.id, _R.code, _R.arrival, _R.departure, _R.currency, _R.company_id, _D.paid, _D.due)
        .join(ReservationDue, _D.reservation_id == _R.id)
        .where(_D.due.is_not(None), _D.due <= until)
    )
    if only:
        query = query.where(_R.id.in_(list(only)))
    rows: list[Row[Any]] = [*connection.execute(query.order_by(_D.due, _R.id))]
    currency = connection.execute(select(_P.currency).order_by(_P.id).limit(1)).scalar() or "EUR"
    found: list[Candidate] = []
    for chunk in chunks(rows):
        ids = [row.id for row in chunk]
        lines, said = lines_of(connection, ids), _said(connection, ids, today, cadence)
        for row in chunk:
            one = _candidate(row, lines.get(row.id, []), said.get(row.id, _Said()), today, cadence, currency, whole)
            if one is not None:
                found.append(one)
    yield from sorted(found, key=lambda one: (one.last or date.min, one.lead.line.due, one.row.id))


def _candidate(
    row: Row[Any],
    lines: Sequence[Line],
    said: _Said,
    today: date,
    cadence: Cadence,
    currency: str,
    whole: bool,
) -> Candidate | None:
    missing = missing_by(lines, row.paid, today + timedelta(days=cadence.first))
    turns = [one for one in missing if is_due(today, one.line.due, said.days, cadence)]
    turns = [one for one in turns if one.line.id not in said.taken]
    if not turns and not (whole and said.today and missing):
        return None
    lead = min(turns or missing, key=lambda one: (one.line.due, in_order(lines).index(one.line)))
    return Candidate(row, lead, owed_of(row, missing, row.currency or currency), said.today, said.last)


def owed_of(row: Row[Any], missing: Sequence[Missing], currency: str) -> Owed:
    """What a reminder of these missing amounts tells."""
    deposit = sum(one.amount for one in missing if one.line.is_deposit)
    total = sum(one.amount for one in missing)
    due = min(one.line.due for one in missing)
    money = [Money(amount, currency) for amount in (total, deposit, total - deposit)]
    return Owed(row.id, row.code, row.arrival, row.departure, money[0], due, money[1], money[2])


def lines_of(connection: Connection, ids: Sequence[int]) -> dict[int, list[Line]]:
    """The kept schedule lines of reservations."""
    names = (_L.reservation_id, _L.kind, _L.due, _L.amount, _L.position, _L.id)
    found: dict[int, list[Line]] = {}
    for row in connection.execute(select(*names).where(_L.reservation_id.in_(list(ids)), _L.removed_at.is_(None))):
        found.setdefault(row.reservation_id, []).append(Line(row.kind, row.due, row.amount, row.position, row.id))
    return found


def _said(connection: Connection, ids: Sequence[int], today: date, cadence: Cadence) -> dict[int, _Said]:
    """What was sent of reservations: the days that count, and the newest."""
    query = select(_N.reservation_id, _N.line_id, _N.day, _N.state, _N.automatic).where(
        _N.reservation_id.in_(list(ids))
    )
    since = today - timedelta(days=max(cadence.first, cadence.every) + 1)
    found: dict[int, _Said] = {}
    for row in connection.execute(query):
        one = found.setdefault(row.reservation_id, _Said())
        if row.automatic and row.day == today:
            one.taken.add(row.line_id)
        if row.state not in COUNTED:
            continue
        one.last = max(row.day, one.last or date.min)
        one.today = one.today or row.day == today
        if row.day >= since:
            one.days.append(row.day)
    return found


class _Gate:
    """What stops a reminder beside its guest: hours, limits, no gateway, no account."""

    def __init__(self, connection: Connection, settings: Settings, local: datetime, on: bool) -> None:
        self._quiet, self._on = quiet(settings, local), on
        self._gateway = settings.notice_gateway != "none"
        self._account = connection.execute(select(_A.id).where(_A.active).limit(1)).first() is not None
        today = local.date()
        mine = and_(_N.day == today, _N.automatic, _N.state.in_(COUNTED))
        rows = connection.execute(select(_N.address, _N.channel).where(mine)).all()
        self._left = settings.notice_day_limit - len(rows)
        self._mailed = {address_key(row.address) for row in rows if row.channel == MAIL}

    def reason(self, whom: Reached) -> str:
        """Why a reminder does not go out just now; empty if it does."""
        if not self._on:
            return NoticeReason.OFF
        if whom.channel == SMS and not self._gateway:
            return NoticeReason.NO_GATEWAY
        if whom.channel == MAIL and not self._account:
            return NoticeReason.NO_ACCOUNT
        if self._quiet:
            return NoticeReason.QUIET
        if whom.channel == MAIL and address_key(whom.address) in self._mailed:
            return NoticeReason.ADDRESS_TODAY
        return NoticeReason.LIMIT if self._left <= 0 else ""

    def passed(self, whom: Reached) -> None:
        """One more goes out."""
        self._left -= 1
        if whom.channel == MAIL:
            self._mailed.add(address_key(whom.address))


def _letter(texts: NoticeTexts, whom: Reached, owed: Owed) -> Letter:
    return texts.letter(whom.channel, whom.person, owed) if whom.person is not None else Letter("", "", "")


def _planned(one: Candidate, whom: Reached, letter: Letter, reason: str, today: date) -> PlannedNotice:
    line = one.lead.line
    return PlannedNotice(
        reservation=one.row.id,
        code=display_text(one.row.code),
        guest=whom.guest,
        name=whom.name,
        line=line.id,
        kind=line.kind,
        due=line.due,
        overdue=line.due < today,
        amount=one.owed.missing,
        channel=whom.channel,
        address=whom.address,
        language=letter.language,
        subject=letter.subject,
        text=letter.text,
        reason=str(reason),
    )


def _settled(
    connection: Connection, settings: Settings, today: date, only: Collection[int], listed: Collection[int]
) -> list[PlannedNotice]:
    """What would have its turn but is covered or cancelled: whose first turn is today, or who was reminded lately."""
    cadence = cadence_of(settings)
    first, since = today + timedelta(days=cadence.first), today - timedelta(days=cadence.every)
    lately = select(_N.reservation_id).where(_N.day >= since, _N.automatic, _N.state.in_(COUNTED))
    begins = select(_L.reservation_id).where(_L.due == first, _L.removed_at.is_(None))
    query = (
        select(_R.id, _R.code, _R.status, _R.currency, _R.company_id)
        .join(ReservationDue, _D.reservation_id == _R.id)
        .where(_D.due.is_(None), _R.removed_at.is_(None), or_(_R.id.in_(lately), _R.id.in_(begins)))
    )
    if only:
        query = query.where(_R.id.in_(list(only)))
    every: list[Row[Any]] = [*connection.execute(query.order_by(_R.id))]
    rows = [row for row in every if row.id not in listed]
    if not rows:
        return []
    lines = lines_of(connection, [row.id for row in rows])
    whom = reach(connection, {row.id: row.company_id for row in rows}, (MAIL,), bounces=False)
    found = (_settled_one(row, lines.get(row.id, []), whom[row.id], today, first) for row in rows)
    return [one for one in found if one is not None]


def _settled_one(row: Row[Any], lines: Sequence[Line], whom: Reached, today: date, until: date) -> PlannedNotice | None:
    near = [one for one in lines if one.due <= until]
    if not near:
        return None
    line = max(near, key=lambda one: one.due)
    cancelled = row.status == ReservationStatus.CANCELLED
    return PlannedNotice(
        reservation=row.id,
        code=display_text(row.code),
        guest=whom.guest,
        name=whom.name,
        line=line.id,
        kind=line.kind,
        due=line.due,
        overdue=line.due < today,
        amount=Money(0, row.currency or "EUR"),
        channel="",
        address="",
        reason=str(NoticeReason.CANCELLED if cancelled else NoticeReason.COVERED),
    )


def still_missing(connection: Connection, reservation: int, settings: Settings, today: date) -> tuple[int, str]:
    """What is missing of a reservation in the days it is reminded of now, and why nothing is, as a stored reason."""
    query = (
        select(_R.status, _R.removed_at, _D.paid)
        .join(ReservationDue, _D.reservation_id == _R.id)
        .where(_R.id == reservation)
    )
    row = connection.execute(query).first()
    if row is None or row.removed_at is not None or row.status == ReservationStatus.CANCELLED:
        return 0, NoticeReason.CANCELLED
    lines = lines_of(connection, [reservation]).get(reservation, [])
    until = today + timedelta(days=settings.notice_first_days)
    amount = sum(one.amount for one in missing_by(lines, row.paid, until))
    return amount, "" if amount else NoticeReason.COVERED


def line_over(connection: Connection, reservation: int, line: int) -> str:
    """Why a reminder of a line tells of nothing any more, as a stored reason; empty if it is there and not covered."""
    lines = lines_of(connection, [reservation]).get(reservation, [])
    if line not in {one.id for one in lines}:
        return NoticeReason.CHANGED
    paid = connection.execute(select(_D.paid).where(_D.reservation_id == reservation)).scalar() or 0
    return "" if line in {one.line.id for one in uncovered(lines, paid)} else NoticeReason.COVERED


def settled(connection: Connection, reservation: int) -> bool:
    """Whether nothing is missing of a reservation at all."""
    return connection.execute(select(_D.due).where(_D.reservation_id == reservation)).scalar() is None
