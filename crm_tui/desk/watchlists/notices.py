"""Reminders of payments (SPEC §8): what the next run sends, sending one by hand, settling one that is in doubt.

The engine's part is :mod:`crm_tui.desk.watchlists.notice_queue`.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from sqlalchemy import Connection, Row, Select, select

from crm_tui.base.errors import Conflict, InvalidInput, NotFound
from crm_tui.base.i18n import _
from crm_tui.base.settings import Settings, save_setting
from crm_tui.data.columns import columns, table_of
from crm_tui.data.tables import (
    OutboxItem,
    PaymentNotice,
    Reservation,
    ReservationDue,
)
from crm_tui.desk.common.context import Context, Transaction
from crm_tui.desk.correspondence import outgoing
from crm_tui.desk.correspondence.outbox_rows import set_values
from crm_tui.desk.correspondence.writing import zone
from crm_tui.desk.histories import history_words
from crm_tui.desk.undoing import undo_registry, undo_words
from crm_tui.desk.undoing.undo_registry import Row as UndoRow
from crm_tui.desk.watchlists import gateway, notice_outcomes, notice_queue
from crm_tui.desk.watchlists.notice_lists import last_of, property_currency
from crm_tui.desk.watchlists.notice_plan import lines_of, next_run, owed_of, plan, still_missing
from crm_tui.desk.watchlists.notice_plan import settings_of as settings_of
from crm_tui.desk.watchlists.notice_reach import Reached, reach
from crm_tui.desk.watchlists.notice_texts import NoticeTexts
from crm_tui.desk.watchlists.notice_views import (
    CHANNELS,
    MAIL,
    SMS,
    HandNotice,
    NoticePreview,
    NoticeReason,
    PlannedNotice,
    reason_words,
)
from crm_tui.mail.text import display_text
from crm_tui.rules.gaps import gap_names
from crm_tui.rules.schedule import missing_by, uncovered
from crm_tui.rules.sms import LONGEST
from crm_tui.rules.vocabulary import NoticeState, OutboxState

_N = columns(PaymentNotice)
_R = columns(Reservation)
_D = columns(ReservationDue)
_O = columns(OutboxItem)

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
    owed = owed_of(row, missing, row.currency or property_currency(connection))
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
        today = notice_queue.local_day(tx)
        planned = _planned(tx, shown, words, channel, today)
        delay = float(ctx.settings.undo_seconds)
        return notice_queue.insert_in(tx, planned, day=today, automatic=False, delay=delay)


def _planned(tx: Transaction, shown: HandNotice, words: tuple[str, str], channel: str, today: date) -> PlannedNotice:
    """What is sent by hand: subject and text, for the line of the schedule that is asked for first."""
    lines = lines_of(tx.connection, [shown.reservation])[shown.reservation]
    lead = min((one for one in lines if one.due == shown.due), key=lambda one: (one.position, one.id))
    return PlannedNotice(
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


# Words and undo


def _unsend(tx: Transaction, step: UndoRow) -> None:
    """Undo of :func:`by_hand`, while it has not gone out."""
    _take_back(tx, _row(tx.connection, step.entity_id))


undo_registry.special("notice", "queue", _unsend)


undo_words.says("notice", "queue", did=lambda _facts: _("The payment reminder is not sent."))


history_words.says("reservation", "notice", lambda _before, _after: _("payment reminder"))
