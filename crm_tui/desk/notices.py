"""Reminders of payments (SPEC §8): what the next run sends, sending one by hand, what was sent, who wants none.

The engine's part is :mod:`crm_tui.desk.notice_queue`.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from sqlalchemy import Connection, Row, Select, func, insert, or_, select, update

from crm_tui.base.errors import Conflict, InvalidInput, NotFound
from crm_tui.base.i18n import N_, _
from crm_tui.base.settings import Settings, save_setting
from crm_tui.data.bulk import chunks
from crm_tui.data.columns import columns, new_id, table_of
from crm_tui.data.tables import (
    Agent,
    Guest,
    NoticeStop,
    OutboxItem,
    PaymentNotice,
    Property,
    Reservation,
    ReservationDue,
)
from crm_tui.desk import (
    gateway,
    guests,
    history_words,
    notice_outcomes,
    notice_queue,
    outgoing,
    scope,
    undo_registry,
    undo_words,
)
from crm_tui.desk.addresses import is_address
from crm_tui.desk.context import Context, Transaction
from crm_tui.desk.notice_plan import COUNTED, lines_of, next_run, owed_of, plan, still_missing
from crm_tui.desk.notice_plan import settings_of as settings_of
from crm_tui.desk.notice_reach import Reached, reach
from crm_tui.desk.notice_texts import NoticeTexts
from crm_tui.desk.notice_views import (
    CHANNELS,
    MAIL,
    SMS,
    HandNotice,
    LastNotice,
    NoticePreview,
    NoticeReason,
    NoticeView,
    PlannedNotice,
    StopView,
    reason_words,
)
from crm_tui.desk.outbox_rows import set_values
from crm_tui.desk.phones import e164
from crm_tui.desk.undo_registry import Row as UndoRow
from crm_tui.desk.writing import zone
from crm_tui.mail.outgoing_headers import address_key
from crm_tui.mail.text import display_text
from crm_tui.rules.gaps import gap_names
from crm_tui.rules.money import Money
from crm_tui.rules.schedule import missing_by, uncovered
from crm_tui.rules.sms import LONGEST
from crm_tui.rules.vocabulary import NoticeState, OutboxState

_N = columns(PaymentNotice)
_R = columns(Reservation)
_D = columns(ReservationDue)
_G = columns(Guest)
_A = columns(Agent)
_O = columns(OutboxItem)
_S = columns(NoticeStop)
_P = columns(Property)

_FAULTS = (
    NoticeReason.NO_GUEST,
    NoticeReason.NO_MAIL,
    NoticeReason.NO_PHONE,
    NoticeReason.NO_MOBILE,
    NoticeReason.WRONG,
    NoticeReason.AUTOMATIC,
    NoticeReason.ERASED,
)
"""What makes a reminder impossible; anything else an agent may overrule."""


class NotWanted(Conflict):
    """The guest may not want this reminder; ``sure`` sends it nevertheless."""


# What the next run sends


def due_now(ctx: Context) -> list[PlannedNotice]:
    """What is to be reminded of at this instant, and what is not and why: quiet hours, covered, opted out…"""
    settings = settings_of(ctx)
    with ctx.store.connect() as connection:
        return _sorted(plan(ctx, connection, settings, ctx.clock.now(), whole=True))


def preview(ctx: Context) -> NoticePreview:
    """What the next run would do: now, or when the quiet hours end. Nothing is sent by it.

    While reminders are off it shows what they would be by mail.
    """
    settings = settings_of(ctx)
    mode = settings.notices
    with ctx.store.connect() as connection:
        local = ctx.clock.now().astimezone(zone(connection))
        at = next_run(settings, local)
        found = plan(ctx, connection, settings, at, whole=True, mode="mail" if mode == "off" else mode)
        holdup = _holdup(connection, settings)
    return NoticePreview(tuple(_sorted(found)), at, mode, holdup)


def switch(ctx: Context, mode: str) -> Settings:
    """Let reminders go out by themselves: ``mail``, ``sms``, ``sms or mail``, or ``off``; returns the settings as they are then.

    Raises:
        Forbidden: only an admin may, and not on a desk that only reads.
        SettingsError: there is no such mode, or the settings cannot be written.
    """
    gateway.require_admin(ctx)
    return save_setting(ctx.home.settings, "notices", mode)


def _sorted(found: Sequence[PlannedNotice]) -> list[PlannedNotice]:
    """What goes out first, each half with the earliest day first."""
    return sorted(found, key=lambda one: (bool(one.reason), one.due, one.code))


def _holdup(connection: Connection, settings: Settings) -> str:
    if settings.notices == "off":
        return _("Reminders are off: nothing is sent by itself.")
    if settings.notices in ("mail", "sms or mail") and notice_queue.account_in(connection) is None:
        return _("There is no account to send from.")
    if settings.notices == "sms" and settings.notice_gateway == "none":
        return _("No SMS gateway is set up.")
    return ""


# By hand


def draft(ctx: Context, reservation_id: int, channel: str) -> HandNotice:
    """The reminder that an agent may look at, change and send: its text from the template in the guest's language.

    It tells of what is due in the days that reminders tell of, else of the next line that is not covered.

    Raises:
        InvalidInput: nothing is missing, or there is nobody or no address to write to.
        NotFound: there is no such reservation.
    """
    if channel not in CHANNELS:
        raise InvalidInput(_("A reminder goes by one of: {names}.").format(names=", ".join(CHANNELS)), field="channel")
    with ctx.store.connect() as connection:
        return _draft_in(ctx, connection, reservation_id, channel)


def _draft_in(ctx: Context, connection: Connection, reservation_id: int, channel: str) -> HandNotice:
    settings = settings_of(ctx)
    today = ctx.clock.now().astimezone(zone(connection)).date()
    row = _reservation(connection, reservation_id)
    lines = lines_of(connection, [row.id]).get(row.id, [])
    until = next_until(today, settings)
    missing = missing_by(lines, row.paid, until) or uncovered(lines, row.paid)[:1]
    if not missing:
        raise InvalidInput(
            _("Nothing is missing of {code}.").format(code=display_text(row.code)), _("No reminder is needed.")
        )
    whom = reach(connection, {row.id: row.company_id}, (channel,))[row.id]
    _refuse_nobody(whom, row.code)
    owed = owed_of(row, missing, row.currency or _currency(connection))
    assert whom.person is not None
    assert whom.guest is not None
    letter = NoticeTexts(ctx, connection).letter(channel, whom.person, owed)
    said = [reason_words(whom.reason)] if whom.reason else []
    last = last_of(connection, [row.id]).get(row.id)
    if last is not None and last.day == today:
        said.append(reason_words(NoticeReason.TODAY))
    if letter.error:
        said.append(letter.error)
    return HandNotice(
        reservation=row.id,
        code=display_text(row.code),
        guest=whom.guest,
        name=whom.name,
        channel=channel,
        address=whom.address,
        language=letter.language,
        subject=letter.subject,
        text=letter.text,
        amount=owed.missing,
        due=owed.due,
        gaps=letter.gaps,
        warnings=tuple(said),
    )


def next_until(today: date, settings: Settings) -> date:
    """The last day of the lines that a reminder of today tells of."""
    return today + timedelta(days=max(settings.notice_first_days, settings.payment_days))


def _refuse_nobody(whom: Reached, code: str) -> None:
    if whom.person is not None and whom.reason not in _FAULTS:
        return
    words = reason_words(whom.reason or NoticeReason.NO_GUEST)
    raise InvalidInput(
        _("Nobody can be reminded of {code}: {why}.").format(code=display_text(code), why=words),
        _("Add it in the guest's record (B)."),
        "address",
    )


def by_hand(
    ctx: Context,
    reservation_id: int,
    channel: str,
    text: str | None = None,
    *,
    subject: str | None = None,
    sure: bool = False,
) -> int:
    """Send a reminder; returns its number. It waits as long as any message that can be taken back.

    Args:
        text, subject: as the agent left them; None: the template's.
        sure: also to somebody who may not want it.

    Raises:
        InvalidInput: the text is empty, too long or has gaps; nobody to write to; no gateway, no account.
        NotWanted: the guest opted out, withdrew consent, mail came back, or was reminded today.
        NotFound: there is no such reservation.
    """
    if channel == SMS and settings_of(ctx).notice_gateway == "none":
        raise InvalidInput(
            _("No SMS gateway is set up."), _("Set one up: crm-tui notices gateway, or g N in the desk."), "gateway"
        )
    with ctx.write() as tx:
        shown = _draft_in(ctx, tx.connection, reservation_id, channel)
        words = _checked(shown, channel, text, subject)
        if shown.warnings and not sure:
            raise NotWanted(
                _("{name}: {why}.").format(name=shown.name, why=", ".join(shown.warnings)),
                _("Send it once more if you are sure."),
            )
        if channel == MAIL and notice_queue.account_in(tx.connection) is None:
            raise InvalidInput(_("There is no account to send from."), _("Link one: crm-tui account add."), "account")
        lines = lines_of(tx.connection, [shown.reservation])[shown.reservation]
        lead = min((one for one in lines if one.due == shown.due), key=lambda one: (one.position, one.id))
        today = notice_queue.local_day(tx)
        planned = PlannedNotice(
            reservation=shown.reservation,
            code=shown.code,
            guest=shown.guest,
            name=shown.name,
            line=lead.id,
            kind=lead.kind,
            due=lead.due,
            overdue=lead.due < today,
            amount=shown.amount,
            channel=channel,
            address=shown.address,
            language=shown.language,
            subject=words[0],
            text=words[1],
        )
        delay = float(ctx.settings.undo_seconds)
        return notice_queue.insert_in(tx, planned, day=today, automatic=False, delay=delay)


def _checked(shown: HandNotice, channel: str, text: str | None, subject: str | None) -> tuple[str, str]:
    """Subject and text as they go out."""
    body = display_text(shown.text if text is None else text, multiline=True).strip()
    head = " ".join(display_text(shown.subject if subject is None else subject).split())
    gaps = gap_names(head, body)
    if gaps:
        raise InvalidInput(
            _("Something is missing in this text: {names}.").format(names=", ".join(gaps)),
            _("Write it where the text shows ⟦…⟧, then send."),
            "text",
        )
    if not body:
        raise InvalidInput(_("A reminder needs a text."), field="text")
    if channel == SMS and len(body) > LONGEST:
        raise InvalidInput(_("A short message has at most {n} letters.").format(n=LONGEST), field="text")
    if channel == MAIL and not head:
        raise InvalidInput(_("A reminder by mail needs a subject."), field="subject")
    return head, body


# What was sent


_SELECT: Select[Any] = (
    select(
        table_of(PaymentNotice),
        *(_R.code, _R.currency, _G.given, _G.surname),
        _A.name.label("agent"),
        _O.conversation_id,
    )
    .join(Reservation, _R.id == _N.reservation_id)
    .outerjoin(Guest, _G.id == _N.guest_id)
    .outerjoin(Agent, _A.id == _N.created_by)
    .outerjoin(OutboxItem, _O.id == _N.outbox_id)
)


def of_reservation(ctx: Context, reservation_id: int) -> list[NoticeView]:
    """The reminders of a reservation, the newest first."""
    with ctx.store.connect() as connection:
        query = _SELECT.where(_N.reservation_id == reservation_id).order_by(_N.id.desc())
        return _views(connection, query, ctx.actor.scopes)


def listed(ctx: Context, *, states: Sequence[str] = (), before: int = 0, limit: int = 500) -> list[NoticeView]:
    """The reminders of all reservations, the newest first; ``before``: only those with a lower number."""
    query = _SELECT.order_by(_N.id.desc()).limit(limit)
    if states:
        query = query.where(_N.state.in_(list(states)))
    if before:
        query = query.where(_N.id < before)
    with ctx.store.connect() as connection:
        return _views(connection, query, ctx.actor.scopes)


def get(ctx: Context, notice_id: int) -> NoticeView:
    """One reminder.

    Raises:
        NotFound: there is none.
    """
    with ctx.store.connect() as connection:
        found = _views(connection, _SELECT.where(_N.id == notice_id), ctx.actor.scopes)
    if not found:
        raise NotFound(_("There is no payment reminder {number}.").format(number=notice_id))
    return found[0]


def last_of(connection: Connection, reservation_ids: Sequence[int]) -> dict[int, LastNotice]:
    """The newest reminder of each reservation that was sent or is on its way."""
    found: dict[int, LastNotice] = {}
    for chunk in chunks(reservation_ids):
        newest = (
            select(func.max(_N.id).label("id"))
            .where(_N.reservation_id.in_(chunk), _N.state.in_(COUNTED))
            .group_by(_N.reservation_id)
            .subquery()
        )
        query = select(
            *(_N.reservation_id, _N.day, _N.created_at, _N.sent_at, _N.channel, _N.state, _N.automatic)
        ).join(newest, newest.c.id == _N.id)
        for row in connection.execute(query):
            at = row.sent_at or row.created_at
            found[row.reservation_id] = LastNotice(row.day, at, row.channel, row.state, bool(row.automatic))
    return found


def mails_waiting(ctx: Context) -> bool:
    """Whether a reminder by mail is in the outbox and was not begun."""
    query = select(_N.id).where(_N.state == NoticeState.QUEUED, _N.channel == MAIL).limit(1)
    with ctx.store.connect() as connection:
        return connection.execute(query).first() is not None


def _views(connection: Connection, query: Select[Any], scopes: str) -> list[NoticeView]:
    rows = connection.execute(query).all()
    currency = _currency(connection)
    hidden = _hidden(connection, {row.conversation_id for row in rows if row.conversation_id is not None}, scopes)
    return [
        NoticeView(
            id=row.id,
            reservation=row.reservation_id,
            code=display_text(row.code),
            guest=row.guest_id,
            name=display_text(f"{row.given or ''} {row.surname or ''}".strip()),
            line=row.line_id,
            day=row.day,
            automatic=bool(row.automatic),
            channel=row.channel,
            address=display_text(row.address),
            amount=Money(row.amount, row.currency or currency),
            text=display_text(row.text, multiline=True),
            state=row.state,
            error=display_text(reason_words(row.error)),
            agent=display_text(row.agent or ""),
            created_at=row.created_at,
            sent_at=row.sent_at,
            conversation=None if row.conversation_id in hidden else row.conversation_id,
            version=row.version,
        )
        for row in rows
    ]


def _hidden(connection: Connection, conversations: set[int], scopes: str) -> set[int]:
    return {one for one in conversations if not scope.sees_conversation(connection, scopes, one)}


def again(ctx: Context, notice_id: int, *, may_be_second: bool = False) -> None:
    """Send a short message that failed once more, now.

    Args:
        may_be_second: needed for an uncertain one: the agent knows that the guest may have it.

    Raises:
        Conflict: it is sent or on its way, uncertain and ``may_be_second`` was not said, or tells an amount that is not
            what is missing now; a mail is the outbox's.
        NotFound: there is none.
    """
    with ctx.write() as tx:
        row = _row(tx.connection, notice_id)
        _refuse_mail(row)
        if row.state not in (NoticeState.FAILED, NoticeState.UNCERTAIN):
            raise Conflict(_("This reminder did not fail."))
        if row.state == NoticeState.UNCERTAIN and not may_be_second:
            raise Conflict(
                _("This reminder may have arrived already."),
                _("Ask the guest or look at the gateway; then say that it arrived, or send it a second time."),
            )
        missing, _reason = still_missing(
            tx.connection, row.reservation_id, settings_of(ctx), notice_queue.local_day(tx)
        )
        if row.automatic and missing != row.amount:
            raise Conflict(
                _("What is missing has changed since this reminder was made."),
                _("Send a new one from the reservation."),
            )
        values = {"error": "", "token": 0, "attempts": 0, "not_before": tx.now, "automatic": False}
        notice_outcomes.write(tx, row, NoticeState.QUEUED, **values)


def arrived(ctx: Context, notice_id: int) -> None:
    """The agent found out that an uncertain reminder did arrive: it counts as sent, and is an event of the guest.

    Raises:
        Conflict: it is not uncertain; a mail is the outbox's.
        NotFound: there is none.
    """
    with ctx.write() as tx:
        row = _row(tx.connection, notice_id)
        _refuse_mail(row)
        if row.state != NoticeState.UNCERTAIN:
            raise Conflict(_("This reminder is not uncertain."))
        notice_outcomes.sent_in(tx, row, _("marked as sent by {name}").format(name=tx.actor.name))


def take_back(ctx: Context, notice_id: int) -> None:
    """Give a reminder up that has not gone out.

    Raises:
        Conflict: it is being sent, or may have gone out.
        NotFound: there is none.
    """
    with ctx.write() as tx:
        _take_back(tx, _row(tx.connection, notice_id))


def _take_back(tx: Transaction, row: Row[Any]) -> None:
    if row.state not in (NoticeState.QUEUED, NoticeState.FAILED) or (row.channel == SMS and row.token):
        raise Conflict(_("This reminder is being sent or went out already."))
    if row.outbox_id is not None:
        item = tx.connection.execute(
            select(_O.id, _O.state, _O.token, _O.message_row_id, _O.conversation_id).where(_O.id == row.outbox_id)
        ).first()
        if item is None or item.token or item.state not in (OutboxState.QUEUED, OutboxState.FAILED):
            raise Conflict(_("This reminder is being sent or went out already."))
        if item.message_row_id is not None:
            outgoing.remove(tx, item.message_row_id)
        set_values(tx, item.id, state=OutboxState.RECALLED, message_row_id=None)
        tx.journal("outbox", item.id, "recall", {"state": item.state}, {"conversation_id": item.conversation_id})
        row = _row(tx.connection, row.id)
    notice_outcomes.write(tx, row, NoticeState.DROPPED, error=str(NoticeReason.TAKEN_BACK))


def _refuse_mail(row: Row[Any]) -> None:
    if row.channel == MAIL:
        raise Conflict(_("This reminder went by mail."), _("Look after it in the outbox (g o)."))


def _row(connection: Connection, notice_id: int) -> Row[Any]:
    row = connection.execute(select(table_of(PaymentNotice)).where(_N.id == notice_id)).first()
    if row is None:
        raise NotFound(_("There is no payment reminder {number}.").format(number=notice_id))
    return row


def _reservation(connection: Connection, reservation_id: int) -> Row[Any]:
    query: Select[Any] = (
        select(_R.id, _R.code, _R.arrival, _R.departure, _R.currency, _R.company_id, _D.paid)
        .join(ReservationDue, _D.reservation_id == _R.id)
        .where(_R.id == reservation_id, _R.removed_at.is_(None))
    )
    row: Row[Any] | None = connection.execute(query).first()
    if row is None:
        raise NotFound(_("There is no reservation {number}.").format(number=reservation_id))
    return row


def _currency(connection: Connection) -> str:
    return str(connection.execute(select(_P.currency).order_by(_P.id).limit(1)).scalar() or "EUR")


# Who wants none


def stop(ctx: Context, *, guest: int | None = None, address: str = "") -> int:
    """Send no reminders to a guest any more, or to an address; returns the number of the stop. Undoable.

    Raises:
        InvalidInput: neither was given, or the address is neither a mail address nor a number.
        NotFound: there is no such guest.
    """
    with ctx.write() as tx:
        key = _address(address) if address else ""
        number = guests.require(tx.connection, guest).id if guest is not None else None
        if number is None and not key:
            raise InvalidInput(_("Say which guest, or which address."), field="address")
        same = [_S.removed_at.is_(None), _S.address == key]
        if not key:
            same.append(_S.guest_id == number)
        known = tx.connection.execute(select(_S.id).where(*same)).scalar()
        if known is not None:
            return int(known)
        values = {"address": key, "reason": "opt-out", "guest_id": number, "at": tx.now, "created_by": tx.actor.id}
        made = new_id(tx.connection.execute(insert(NoticeStop).values(**values)))
        tx.journal("notice stop", made, "create", None, {"address": key, "guest_id": number}, undoable=True)
        return made


def start(ctx: Context, *, guest: int | None = None, address: str = "") -> int:
    """Send reminders again; returns how many stops were lifted. Undoable.

    Raises:
        InvalidInput, NotFound: as :func:`stop`.
    """
    with ctx.write() as tx:
        which = []
        if address:
            which.append(_S.address == _address(address))
        if guest is not None:
            which.append(_S.guest_id == guests.require(tx.connection, guest).id)
        if not which:
            raise InvalidInput(_("Say which guest, or which address."), field="address")
        rows = tx.connection.execute(select(table_of(NoticeStop)).where(or_(*which), _S.removed_at.is_(None))).all()
        for row in rows:
            change = update(NoticeStop).where(_S.id == row.id)
            tx.connection.execute(change.values(removed_at=tx.now, version=_S.version + 1))
            after = {"removed_at": tx.now.isoformat()}
            tx.journal("notice stop", row.id, "remove", {"removed_at": None}, after, undoable=True)
        return len(rows)


def stops(ctx: Context) -> list[StopView]:
    """Who gets no reminders, the newest first."""
    query = (
        select(table_of(NoticeStop), _G.given, _G.surname, _A.name.label("agent"))
        .outerjoin(Guest, _G.id == _S.guest_id)
        .outerjoin(Agent, _A.id == _S.created_by)
        .where(_S.removed_at.is_(None))
        .order_by(_S.id.desc())
    )
    with ctx.store.connect() as connection:
        return [
            StopView(
                id=row.id,
                address=display_text(row.address),
                guest=row.guest_id,
                name=display_text(f"{row.given or ''} {row.surname or ''}".strip()),
                reason=row.reason,
                agent=display_text(row.agent or ""),
                at=row.at,
            )
            for row in connection.execute(query)
        ]


def is_stopped(ctx: Context, guest_id: int) -> bool:
    """Whether a guest gets no reminders at all."""
    query = select(_S.id).where(_S.guest_id == guest_id, _S.address == "", _S.removed_at.is_(None)).limit(1)
    with ctx.store.connect() as connection:
        return connection.execute(query).first() is not None


def _address(text: str) -> str:
    """A mail address or a number as stops keep it."""
    clean = display_text(text).strip()
    if "@" in clean:
        if not is_address(clean):
            raise InvalidInput(_("{text} is no mail address.").format(text=clean), field="address")
        return address_key(clean)
    return e164(clean)


# Words and undo


def _called(connection: Connection, number: int) -> str:
    row = connection.execute(
        select(_S.address, _G.given, _G.surname).outerjoin(Guest, _G.id == _S.guest_id).where(_S.id == number)
    ).first()
    if row is None:
        return ""
    return display_text(row.address or f"{row.given or ''} {row.surname or ''}".strip())


def _unsend(tx: Transaction, step: UndoRow) -> None:
    """Undo of :func:`by_hand`, while it has not gone out."""
    _take_back(tx, _row(tx.connection, step.entity_id))


undo_registry.entity("notice stop", NoticeStop, named=_called)
undo_registry.special("notice", "queue", _unsend)


def _said(words: str) -> undo_words.Says:
    return lambda facts: _(words).format(what=facts.what)


undo_words.says("notice stop", "create", did=_said(N_("{what} gets reminders again.")))
undo_words.says("notice stop", "remove", did=_said(N_("{what} gets no reminders again.")))
undo_words.says("notice", "queue", did=lambda _facts: _("The payment reminder is not sent."))


def _history(words: str) -> Any:
    return lambda _before, _after: _(words)


history_words.says("notice stop", "create", _history(N_("no payment reminders any more")))
history_words.says("notice stop", "remove", _history(N_("payment reminders again")))
history_words.says("notice stop", "bounce", _history(N_("no payment reminders any more: mail came back")))
history_words.says("reservation", "notice", _history(N_("payment reminder")))
