"""Rules of retention: they propose whom to erase, and never erase by themselves (SPEC §6).

Last contact is the newest of mail, inquiry, event, memo, consent, payment and the day a reservation ends, those that a company
pays for too. Never proposed is who has an open inquiry, a reservation that is still to come or not paid, who is to get a
mailing that is under way, and who is kept until a day.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date
from typing import Any

from sqlalchemy import Connection, delete, insert, select, update

from crm_tui.base.errors import InvalidInput, NotFound
from crm_tui.base.i18n import _
from crm_tui.base.progress import CancelEvent, Progress
from crm_tui.data.bulk import chunks
from crm_tui.data.columns import columns, new_id, table_of
from crm_tui.data.tables import Guest, RetentionKeep, RetentionRule
from crm_tui.desk.client_base.guest_lists import ids_in, words_in
from crm_tui.desk.common.context import Context, Transaction
from crm_tui.desk.common.permissions import Permission, require, require_in
from crm_tui.desk.correspondence.writing import zone
from crm_tui.desk.histories import history_words
from crm_tui.desk.privacy import erasing
from crm_tui.desk.privacy.erasing_views import Report
from crm_tui.desk.privacy.retention_views import Proposal, RuleView
from crm_tui.desk.staff.team_checks import clean_name
from crm_tui.desk.undoing import undo_registry, undo_words
from crm_tui.mail.text import display_text
from crm_tui.rules.guest_criteria import CriteriaFault, GuestCriteria, checked
from crm_tui.rules.vocabulary import ConsentChannel

_R = columns(RetentionRule)
_K = columns(RetentionKeep)
_G = columns(Guest)

MOST_MONTHS = 600

# Every sign of life, as (guest, instant or day): text that sorts in order of time.
_SIGNS = (
    "SELECT e.guest_id AS g, c.last_at AS at FROM conversation c JOIN guest_email e "
    "ON e.folded IN (lower(c.counterpart_address), crm_spelling(lower(c.counterpart_address))) WHERE c.counterpart_address <> ''",
    "SELECT l.guest_id, c.last_at FROM conversation_guest l JOIN conversation c ON c.id = l.conversation_id",
    "SELECT x.guest_id, i.updated_at FROM inquiry_guest x JOIN inquiry i ON i.id = x.inquiry_id WHERE i.removed_at IS NULL",
    "SELECT x.guest_id, coalesce(r.departure, r.arrival) FROM reservation_guest x JOIN reservation r "
    "ON r.id = x.reservation_id WHERE r.removed_at IS NULL AND coalesce(r.departure, r.arrival) IS NOT NULL",
    "SELECT x.guest_id, p.day FROM reservation_guest x JOIN payment p ON p.reservation_id = x.reservation_id "
    "WHERE p.reversed_at IS NULL",
    "SELECT company_id, coalesce(departure, arrival) FROM reservation WHERE company_id IS NOT NULL "
    "AND removed_at IS NULL AND coalesce(departure, arrival) IS NOT NULL",
    "SELECT r.company_id, p.day FROM reservation r JOIN payment p ON p.reservation_id = r.id "
    "WHERE r.company_id IS NOT NULL AND p.reversed_at IS NULL",
    "SELECT guest_id, day FROM consent",
    "SELECT guest_id, at FROM event WHERE removed_at IS NULL",
    "SELECT guest_id, created_at FROM memo WHERE guest_id IS NOT NULL AND removed_at IS NULL",
    "SELECT id, created_at FROM guest",
)
_LAST = f"SELECT g, max(at) FROM ({' UNION ALL '.join(_SIGNS)}) GROUP BY g HAVING max(at) < ?"

_PAID = (
    "coalesce((SELECT sum(CASE p.kind WHEN 'refund' THEN -p.amount ELSE p.amount END) FROM payment p "
    "WHERE p.reservation_id = r.id AND p.reversed_at IS NULL), 0)"
)
_KEPT = (
    "SELECT x.guest_id FROM inquiry_guest x JOIN inquiry i ON i.id = x.inquiry_id "
    "WHERE i.closed_at IS NULL AND i.removed_at IS NULL "
    "UNION SELECT x.guest_id FROM reservation_guest x JOIN reservation r ON r.id = x.reservation_id WHERE {due} "
    "UNION SELECT r.company_id FROM reservation r WHERE r.company_id IS NOT NULL AND {due} "
    "UNION SELECT i.guest_id FROM mailing_item i JOIN mailing m ON m.id = i.mailing_id "
    "WHERE m.state IN ('ready', 'running', 'paused') AND i.state IN ('waiting', 'queued') "
    "UNION SELECT guest_id FROM retention_keep WHERE until > :today"
).format(
    due="r.removed_at IS NULL AND r.status <> 'cancelled' AND ((r.status <> 'completed' "
    "AND coalesce(r.departure, r.arrival, CASE r.status WHEN 'confirmed' THEN :today END) >= :today) "
    f"OR (r.value IS NOT NULL AND r.value > {_PAID} AND r.status <> 'option' AND r.status <> 'no-show'))"
)


def rules(ctx: Context) -> list[RuleView]:
    """The rules, in the order they were made."""
    with ctx.store.connect() as connection:
        return _rules(connection)


def _rules(connection: Connection) -> list[RuleView]:
    query = select(table_of(RetentionRule)).where(_R.removed_at.is_(None)).order_by(_R.id)
    return [_view(connection, row) for row in connection.execute(query).all()]


def _view(connection: Connection, row: Any) -> RuleView:
    try:
        criteria = GuestCriteria.from_json(row.criteria or {})
    except CriteriaFault:
        criteria = GuestCriteria()
    return RuleView(row.id, display_text(row.name), row.months, criteria, words_in(connection, criteria), row.version)


def add(ctx: Context, name: str, months: int, criteria: GuestCriteria | None = None) -> int:
    """Make a rule; returns its number.

    Raises:
        Forbidden: the actor is no administrator.
        InvalidInput: name, months or criteria cannot be; ``field`` says which.
    """
    with ctx.write() as tx:
        require(tx, Permission.RETENTION)
        values = _checked(name, months, criteria or GuestCriteria())
        made = new_id(tx.connection.execute(insert(RetentionRule).values(**values, created_at=tx.now)))
        tx.journal("retention_rule", made, "create", None, values, undoable=True)
    return made


def change(ctx: Context, rule_id: int, name: str, months: int, criteria: GuestCriteria) -> None:
    """Change a rule.

    Raises:
        Forbidden: the actor is no administrator.
        NotFound: there is none.
        InvalidInput: name, months or criteria cannot be; ``field`` says which.
    """
    with ctx.write() as tx:
        require(tx, Permission.RETENTION)
        row = _require(tx.connection, rule_id)
        values = _checked(name, months, criteria)
        changed = {key: value for key, value in values.items() if value != getattr(row, key)}
        _write(tx, row, "change", changed)


def remove(ctx: Context, rule_id: int) -> None:
    """Take a rule away; what it proposed is proposed no more.

    Raises:
        Forbidden: the actor is no administrator.
        NotFound: there is none.
    """
    with ctx.write() as tx:
        require(tx, Permission.RETENTION)
        row = _require(tx.connection, rule_id)
        tx.connection.execute(
            update(RetentionRule).where(_R.id == rule_id).values(removed_at=tx.now, version=_R.version + 1)
        )
        tx.journal(
            "retention_rule", row.id, "remove", {"removed_at": None}, {"removed_at": tx.now.isoformat()}, undoable=True
        )


def _write(tx: Transaction, row: Any, action: str, changed: dict[str, Any]) -> None:
    if changed:
        statement = update(RetentionRule).where(_R.id == row.id)
        tx.connection.execute(statement.values(**changed, version=_R.version + 1))
        before = {name: getattr(row, name) for name in changed}
        tx.journal("retention_rule", row.id, action, before, changed, undoable=True)


def _checked(name: str, months: int, criteria: GuestCriteria) -> dict[str, Any]:
    if not 1 <= months <= MOST_MONTHS:
        raise InvalidInput(
            _("The months must be 1 to {most}.").format(most=MOST_MONTHS), _("Three years are 36."), "months"
        )
    try:
        asked = checked(replace(criteria, archived=False))
    except CriteriaFault as fault:
        raise InvalidInput(
            _("{value} cannot be asked for.").format(value=display_text(str(fault.given))), field=fault.field
        ) from None
    return {"name": clean_name(name, "name"), "months": months, "criteria": asked.to_json()}


def _require(connection: Connection, rule_id: int) -> Any:
    row = connection.execute(select(table_of(RetentionRule)).where(_R.id == rule_id, _R.removed_at.is_(None))).first()
    if row is None:
        raise NotFound(_("There is no rule {number}.").format(number=rule_id))
    return row


def proposals(ctx: Context, *, rule: int | None = None) -> list[Proposal]:
    """Whom the rules propose to erase, the longest silent first; archived guests too.

    Reads the whole client base: seconds for some hundred thousand guests, so not on the way to a screen.

    Raises:
        Forbidden: the actor is no manager.
        NotFound: there is no such rule.
    """
    with ctx.store.connect() as connection:
        require_in(connection, ctx.actor, Permission.ERASE)
        wanted = [one for one in _rules(connection) if rule in (None, one.id)]
        if rule is not None and not wanted:
            raise NotFound(_("There is no rule {number}.").format(number=rule))
        today = ctx.clock.now().astimezone(zone(connection)).date()
        found = _found(connection, wanted, today)
        return _proposals(connection, found, today)


def _found(connection: Connection, wanted: Sequence[RuleView], today: date) -> dict[int, tuple[str, list[str]]]:
    """Guest to the last sign of life and the rules that propose the guest."""
    if not wanted:
        return {}
    days = {one.id: months_before(today, one.months).isoformat() for one in wanted}
    silent = {row[0]: row[1] for row in connection.exec_driver_sql(_LAST, (max(days.values()),))}
    kept = {row[0] for row in connection.exec_driver_sql(_KEPT, {"today": today.isoformat()})}
    found: dict[int, tuple[str, list[str]]] = {}
    for one in wanted:
        fitting = None if one.criteria.empty else _fitting(connection, one.criteria)
        for guest, last in silent.items():
            if last < days[one.id] and guest not in kept and (fitting is None or guest in fitting):
                found.setdefault(guest, (last, []))[1].append(one.name)
    return found


def _fitting(connection: Connection, criteria: GuestCriteria) -> set[int]:
    both = (criteria, replace(criteria, archived=True))
    return {guest for one in both for guest in ids_in(connection, one)}


def _proposals(connection: Connection, found: dict[int, tuple[str, list[str]]], today: date) -> list[Proposal]:
    made: list[Proposal] = []
    for chunk in chunks(sorted(found)):
        departed = _departed(connection, chunk)
        agreed = _agreed(connection, chunk)
        query = select(_G.id, _G.given, _G.surname, _G.kind).where(
            _G.id.in_(chunk), _G.merged_into.is_(None), _G.erased_at.is_(None)
        )
        for row in connection.execute(query):
            last, names = found[row.id]
            day = date.fromisoformat(last[:10])
            name = display_text(f"{row.given} {row.surname}".strip())
            made.append(
                Proposal(
                    row.id, name, row.kind, day, months_between(day, today), departed.get(row.id),
                    agreed.get(row.id, ()), tuple(names),
                )
            )  # fmt: skip
    return sorted(made, key=lambda one: (one.last, one.guest))


def _departed(connection: Connection, guests: Sequence[int]) -> dict[int, date]:
    marks = ", ".join("?" * len(guests))
    query = (
        "SELECT x.guest_id, max(coalesce(r.departure, r.arrival)) FROM reservation_guest x JOIN reservation r "
        f"ON r.id = x.reservation_id WHERE r.removed_at IS NULL AND x.guest_id IN ({marks}) GROUP BY 1"
    )
    rows = connection.exec_driver_sql(query, tuple(guests))
    return {row[0]: date.fromisoformat(row[1]) for row in rows if row[1]}


def _agreed(connection: Connection, guests: Sequence[int]) -> dict[int, tuple[str, ...]]:
    """The channels for which consent holds: the newest word of each."""
    marks = ", ".join("?" * len(guests))
    query = f"SELECT guest_id, channel, given FROM consent WHERE guest_id IN ({marks}) ORDER BY id"
    said: dict[int, dict[str, bool]] = {}
    for row in connection.exec_driver_sql(query, tuple(guests)):
        said.setdefault(row[0], {})[row[1]] = bool(row[2])
    return {guest: tuple(one.value for one in ConsentChannel if words.get(one.value)) for guest, words in said.items()}


def months_before(day: date, months: int) -> date:
    """The same day so many months before; the month's last where it has no such day."""
    whole = day.year * 12 + day.month - 1 - months
    year, month = divmod(whole, 12)
    for last in (day.day, 30, 29, 28):
        try:
            return date(year, month + 1, min(day.day, last))
        except ValueError:
            continue
    raise AssertionError("every month has 28 days")


def months_between(first: date, last: date) -> int:
    """Full months from one day to another."""
    return max(0, (last.year - first.year) * 12 + last.month - first.month - (last.day < first.day))


def keep(ctx: Context, guest_ids: Iterable[int], until: date) -> int:
    """Propose these guests no more until a day; returns how many.

    Raises:
        Forbidden: the actor is no manager.
        InvalidInput: the day has passed.
    """
    ids = sorted(set(guest_ids))
    with ctx.write() as tx:
        require(tx, Permission.ERASE)
        if until <= tx.now.astimezone(zone(tx.connection)).date():
            raise InvalidInput(_("This day has passed."), _("Choose a later one."), "until")
        known = [
            number
            for chunk in chunks(ids)
            for number in tx.connection.execute(select(_G.id).where(_G.id.in_(chunk), _G.erased_at.is_(None))).scalars()
        ]
        for number in known:
            tx.connection.execute(delete(RetentionKeep).where(_K.guest_id == number))
            row = {"guest_id": number, "until": until, "agent_id": tx.actor.id, "at": tx.now}
            tx.connection.execute(insert(RetentionKeep).values(**row))
            tx.journal("guest", number, "keep", None, {"until": until.isoformat()})
    return len(known)


def erase(
    ctx: Context, guest_ids: Sequence[int], progress: Progress | None = None, cancel: CancelEvent | None = None
) -> list[Report]:
    """Erase those of the guests whom a rule still proposes, one after the other; the others are told as errors."""
    fresh = {one.guest: one for one in proposals(ctx)}
    ready = [number for number in guest_ids if number in fresh]
    if progress is not None:
        for number in guest_ids:
            if number not in fresh:
                progress.error(_("Guest {number} is no longer proposed, and stays.").format(number=number))
    names = sorted({name for number in ready for name in fresh[number].rules})
    reason = _("rule of retention: {names}").format(names=", ".join(names))
    return erasing.erase_many(ctx, ready, reason, progress, cancel)


def _named(connection: Connection, number: int) -> str:
    return display_text(connection.execute(select(_R.name).where(_R.id == number)).scalar() or "")


def _settle(tx: Transaction, _ids: Sequence[int]) -> None:
    require(tx, Permission.RETENTION)


undo_registry.entity("retention_rule", RetentionRule, named=_named, settle=_settle)
undo_words.says(
    "retention_rule", "create", did=lambda facts: _("The rule {what} is gone again.").format(what=facts.what)
)
undo_words.says(
    "retention_rule", "change", did=lambda facts: _("The rule {what} is as it was.").format(what=facts.what)
)
undo_words.says(
    "retention_rule", "remove", did=lambda facts: _("The rule {what} is there again.").format(what=facts.what)
)
history_words.says("retention_rule", "create", lambda _b, _a: _("made the rule of retention"))
history_words.says("retention_rule", "change", lambda _b, _a: _("changed the rule of retention"))
history_words.says("retention_rule", "remove", lambda _b, _a: _("took the rule of retention away"))
