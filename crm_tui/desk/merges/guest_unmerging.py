"""Taking a merge of guests apart again, until either side changes (SPEC §6).

What counts as a change: a field, an address or a number of the main profile was edited; something that came with the merged
guest was linked to somebody else since, taken away, or got another holder; a newer word was said on a consent that the merge
decided; or the merged guest was erased. Then it is refused, and the sentence names what. What was added since (mail,
events, further addresses or tags) stays with the main profile.

Of a chain the newest merge is taken apart first: while B is merged into C, nothing that came from A is B's to give back.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NoReturn

from sqlalchemy import Connection, delete, insert, select, update

from crm_tui.base.errors import Conflict, NotFound
from crm_tui.base.i18n import N_, _
from crm_tui.data.columns import columns, table_of
from crm_tui.data.tables import (
    Agent,
    Attribute,
    Consent,
    Guest,
    GuestAttribute,
    GuestMerge,
    Inquiry,
    Journal,
    Package,
    Reservation,
)
from crm_tui.desk.client_base.guest_signposts import absorbed_in, survivor_in
from crm_tui.desk.client_base.guest_words import folded_name
from crm_tui.desk.common.context import Context, Transaction
from crm_tui.desk.common.permissions import Permission, require
from crm_tui.desk.common.scope import sees
from crm_tui.desk.common.versions import changed_since
from crm_tui.desk.histories import history_words
from crm_tui.desk.merges.guest_merge_consents import newest
from crm_tui.desk.merges.guest_merge_fields import COLUMNS
from crm_tui.desk.merges.guest_merge_moves import Change, Moved, changed, move_back, plain, revived
from crm_tui.desk.merges.guest_merge_views import MergeView
from crm_tui.desk.undoing import undo, undo_words
from crm_tui.desk.undoing.undo_registry import Row
from crm_tui.mail.text import display_text

_G = columns(Guest)
_M = columns(GuestMerge)
_J = columns(Journal)

_WORDS: Mapping[str, str] = {
    "emails": N_("the e-mail addresses"),
    "phones": N_("the phone numbers"),
    "events": N_("an event"),
    "feedback": N_("a complaint or compliment"),
    "memos": N_("a memo"),
    "internal": N_("an internal message"),
    "reminders": N_("a reminder"),
    "mailings": N_("a mailing"),
    "notices": N_("a payment reminder"),
    "stops": N_("a stop of payment reminders"),
    "payers": N_("a reservation that it pays for"),
    "folios": N_("a folio that it pays"),
    "consents": N_("a consent"),
    "contacts": N_("a contact person"),
    "companies": N_("a company"),
    "conversations": N_("a conversation"),
    "attributes": N_("an attribute"),
    "packages": N_("a package"),
    "inquiries": N_("the guests of an inquiry"),
    "reservations": N_("the guests of a reservation"),
}


def unmerge(ctx: Context, merge_id: int) -> int:
    """Take one merge apart; returns the number of the guest who is on their own again.

    Raises:
        Forbidden: the actor is neither manager nor administrator.
        NotFound: there is no such merge.
        Conflict: it was taken apart already, or either side has changed since; the sentence names what.
    """
    with ctx.write() as tx:
        _may(tx)
        row = _merge(tx.connection, merge_id)
        if row.undone_at is not None:
            raise Conflict(_("That merge was taken apart already."))
        part(tx, row, undoable=True)
        if not _others_of_command(tx.connection, row):
            undo.settled(tx, "guest", row.absorbed_id, "merge")
        return int(row.absorbed_id)


def part(tx: Transaction, row: Any, *, undoable: bool = False) -> None:
    """Take a merge apart within a transaction that does more; ``row`` is the merge's.

    Args:
        undoable: it can be taken back (:mod:`crm_tui.desk.merges.guest_remerging`), if the merge noted by what choices it was made.

    Raises:
        Conflict: either side has changed since.
    """
    names = dict.fromkeys(_take_apart(tx, row))
    tx.journal("guest", row.survivor_id, "part", dict(names), {**names, "absorbed": row.absorbed_id})
    after: dict[str, Any] = {"merged_into": None}
    if undoable and "chosen" in row.after:
        versions = {
            one.id: one.version
            for one in tx.connection.execute(
                select(_G.id, _G.version).where(_G.id.in_((row.survivor_id, row.absorbed_id)))
            )
        }
        again = {"merge": row.id, "chosen": row.after["chosen"], "first": row.after["first"]}
        after["again"] = again | {"versions": [versions[row.survivor_id], versions[row.absorbed_id]]}
    was = {"merged_into": row.survivor_id}
    tx.journal("guest", row.absorbed_id, "unmerge", was, after, undoable="again" in after)


def merge_of(ctx: Context, guest_id: int) -> int:
    """The number of the merge that made a guest part of another one.

    Raises:
        NotFound: the guest is not merged into anybody.
    """
    query = select(_M.id).where(_M.absorbed_id == guest_id, _M.undone_at.is_(None)).order_by(_M.id.desc()).limit(1)
    with ctx.store.connect() as connection:
        found: int | None = connection.execute(query).scalar()
    if found is None:
        raise NotFound(_("Guest {number} is not merged into another one.").format(number=guest_id))
    return found


def merges_of(ctx: Context, guest_id: int) -> list[MergeView]:
    """All merges into a guest or into those who were merged into it, newest first; those taken apart too.

    Raises:
        NotFound: there is no such guest.
    """
    with ctx.store.connect() as connection:
        number = survivor_in(connection, guest_id)
        if connection.execute(select(_G.id).where(_G.id == number)).first() is None:
            raise NotFound(_("There is no guest {number}.").format(number=guest_id))
        found = [number, *absorbed_in(connection, [number])]
        query = select(GuestMerge.__table__, columns(Agent).name.label("agent"))  # type: ignore[attr-defined]
        query = query.outerjoin(Agent, columns(Agent).id == _M.agent_id).where(_M.survivor_id.in_(found))
        rows = connection.execute(query.order_by(_M.id.desc())).all()
        return [_view(connection, ctx, row) for row in rows]


def _view(connection: Connection, ctx: Context, row: Any) -> MergeView:
    said = ""
    if row.undone_at is None:
        try:
            _check(connection, ctx.actor.scopes, row)
        except Conflict as error:
            said = error.message
    return MergeView(
        row.id,
        row.survivor_id,
        _name(connection, row.survivor_id),
        row.absorbed_id,
        _name(connection, row.absorbed_id),
        row.at,
        display_text(row.agent or ""),
        row.undone_at,
        said,
    )


def _may(tx: Transaction) -> None:
    require(tx, Permission.MERGE, _("Only a manager may take merged guests apart; nothing was changed."))


def _merge(connection: Connection, merge_id: int) -> Any:
    row = connection.execute(select(table_of(GuestMerge)).where(_M.id == merge_id)).first()
    if row is None:
        raise NotFound(_("There is no merge {number}.").format(number=merge_id))
    return row


def _others_of_command(connection: Connection, row: Any) -> bool:
    """Whether other merges of the same command still stand: they can be taken back by undo."""
    command = select(_J.command).where(_J.entity == "guest", _J.entity_id == row.absorbed_id, _J.action == "merge")
    newest_command = command.order_by(_J.id.desc()).limit(1).scalar_subquery()
    same = select(_J.entity_id).where(_J.command == newest_command, _J.entity == "guest", _J.action == "merge")
    query = select(_M.id).where(_M.absorbed_id.in_(same), _M.undone_at.is_(None), _M.id != row.id)
    return connection.execute(query).first() is not None


# What changed


def _check(connection: Connection, scopes: str, row: Any) -> tuple[Any, Any]:
    """The columns of both, if the merge can be taken apart.

    Raises:
        Conflict: it cannot; the sentence names what changed.
    """
    survivor = connection.execute(select(table_of(Guest)).where(_G.id == row.survivor_id)).one()
    absorbed = connection.execute(select(table_of(Guest)).where(_G.id == row.absorbed_id)).one()
    if survivor.erased_at is not None or absorbed.erased_at is not None or not row.after:
        raise Conflict(_("The person was erased since; there is nothing to take apart."))
    if survivor.merged_into is not None:
        raise Conflict(
            _("{name} ({number}) was merged into guest {other} since.").format(
                name=_name(connection, survivor.id), number=survivor.id, other=survivor.merged_into
            ),
            _("Take that merge apart first."),
        )
    if absorbed.merged_into != survivor.id or absorbed.version != row.after["absorbed_version"]:
        _refuse(connection, absorbed.id, _("the merged profile"))
    try:
        _check_left(connection, scopes, row, survivor)
    except Conflict as error:
        raise _newer_first(connection, row) or error from None
    return survivor, absorbed


def _newer_first(connection: Connection, row: Any) -> Conflict | None:
    """What to say where a later merge into the same guest may be what changed it."""
    query = select(_M.absorbed_id).where(_M.survivor_id == row.survivor_id, _M.undone_at.is_(None), _M.id > row.id)
    other = connection.execute(query.order_by(_M.id.desc()).limit(1)).scalar()
    if other is None:
        return None
    facts = {"name": _name(connection, row.survivor_id), "number": row.survivor_id, "other": other}
    return Conflict(
        _("Guest {other} was merged into {name} ({number}) later: take the newer merge apart first.").format(**facts),
        _("Both stay one; nothing was taken apart."),
    )


def _check_left(connection: Connection, scopes: str, row: Any, survivor: Any) -> None:
    """Refuse where the main profile is not as the merge left it.

    Raises:
        Conflict: so it is; the sentence names what changed.
    """
    _check_fields(connection, survivor, row.after)
    found = changed(connection, survivor.id, Moved(**row.before["moved"]))
    if found is not None:
        _refuse(connection, survivor.id, _which(connection, scopes, found))
    for channel, number in row.after["consents"].items():
        if newest(connection, survivor.id, channel) != number:
            _refuse(connection, survivor.id, _("the consent to {channel}").format(channel=channel))


def _check_fields(connection: Connection, survivor: Any, after: Mapping[str, Any]) -> None:
    from crm_tui.desk.histories.history_inquiry import NAMES

    other = [name for name in COLUMNS if plain(getattr(survivor, name)) != after["fields"].get(name)]
    if not other:
        return
    since = changed_since(connection, "guest", survivor.id, after["version"], survivor.version)
    what = ", ".join(_(NAMES.get(name, name.replace("_", " "))) for name in other)
    _refuse(connection, survivor.id, what, since.who(other))


def _which(connection: Connection, scopes: str, change: Change) -> str:
    """What was linked otherwise; what the actor may not see is not named."""
    words = _(_WORDS[change.word])
    if change.word == "inquiries":
        names = columns(Inquiry)
        scope = connection.execute(select(names.scope).where(names.id == change.number)).scalar()
        if scope is not None and sees(scopes, scope):
            return _("the guests of inquiry {number}").format(number=change.number)
        return words
    if change.word == "reservations":
        code = columns(Reservation)
        said = connection.execute(select(code.code).where(code.id == change.number)).scalar()
        return _("the guests of reservation {code}").format(code=display_text(said or ""))
    for word, model in (("attributes", Attribute), ("packages", Package)):
        if change.word == word:
            names = columns(model)
            said = connection.execute(select(names.name).where(names.id == change.number)).scalar()
            return f"{words} (“{display_text(said or '')}”)"
    return words


def _refuse(connection: Connection, number: int, what: str, who: str = "") -> NoReturn:
    facts = {"name": _name(connection, number), "number": number, "what": what, "who": who}
    sentence = (
        _("{who} changed {name} ({number}) since: {what}.")
        if who
        else _("{name} ({number}) has changed since: {what}.")
    )
    raise Conflict(sentence.format(**facts), _("Both stay one; nothing was taken apart."))


def _name(connection: Connection, number: int) -> str:
    row = connection.execute(select(_G.given, _G.surname).where(_G.id == number)).one()
    return display_text(f"{row.given} {row.surname}".strip())


# Putting back


def _take_apart(tx: Transaction, row: Any) -> list[str]:
    """Put both back as they were; returns the survivor's fields that changed.

    What either said is theirs alone from then on, so nothing of it stays with the merge.
    """
    connection = tx.connection
    survivor, absorbed = _check(connection, tx.actor.scopes, row)
    fields = row.before["fields"]
    _write(tx, survivor, absorbed, fields, row.before["reference"])
    for number in row.after["consents"].values():
        connection.execute(delete(Consent).where(columns(Consent).id == number))
    moved = Moved(**row.before["moved"])
    move_back(connection, survivor.id, absorbed.id, moved)
    _follow_attributes(tx, survivor.id, absorbed.id, moved)
    connection.execute(update(GuestMerge).where(_M.id == row.id).values(undone_at=tx.now, before={}, after={}))
    return list(fields)


def _follow_attributes(tx: Transaction, survivor: int, absorbed: int, moved: Moved) -> None:
    """Attributes that became others while the guests were one: whoever gets the first back has the second instead."""
    merged = select(_J.id).where(_J.entity == "guest", _J.entity_id == absorbed, _J.action == "merge")
    since = tx.connection.execute(merged.order_by(_J.id.desc()).limit(1)).scalar() or 0
    back = [(number, False) for number, _holder in moved.joined.get("attributes", ())]
    back += [(tag["attribute_id"], True) for tag in moved.doubled.get("attributes", ())]
    tags = columns(GuestAttribute)
    for number, both in back:  # grows: what became another may have become a third
        told = _became(tx.connection, number, since)
        if told is None:
            continue
        both = both or survivor not in told["added"]
        if not both:
            mine = (tags.guest_id == survivor, tags.attribute_id == told["into"])
            tx.connection.execute(delete(GuestAttribute).where(*mine))
        values = {"guest_id": absorbed, "attribute_id": told["into"], "at": tx.now}
        tx.connection.execute(insert(GuestAttribute).prefix_with("OR IGNORE", dialect="sqlite").values(**values))
        back.append((told["into"], both))


def _became(connection: Connection, attribute: int, since: int) -> Mapping[str, Any] | None:
    """Into what an attribute was merged after a row of the journal; None if it stands, or was taken off the list."""
    names = columns(Attribute)
    gone = select(names.id).where(names.id == attribute, names.removed_at.is_not(None))
    if connection.execute(gone).first() is None:
        return None
    query = select(_J.action, _J.after).where(_J.entity == "attribute", _J.entity_id == attribute, _J.id > since)
    query = query.where(_J.action.in_(("merge", "remove"))).order_by(_J.id.desc()).limit(1)
    row = connection.execute(query).first()
    return row.after if row is not None and row.action == "merge" else None


def _write(tx: Transaction, survivor: Any, absorbed: Any, fields: Mapping[str, Any], reference: str) -> None:
    """Versions only rise: an edit that began from the merged profile is found to be older."""
    table = table_of(Guest)
    marks = {"updated_at": tx.now, "version": absorbed.version + 1}
    clear = {"merged_into": None, "reference": ""}
    tx.connection.execute(update(Guest).where(_G.id == absorbed.id).values(**clear, **marks))
    values = {name: revived(table.c[name], value) for name, value in fields.items()}
    names = (values.get("surname", survivor.surname), values.get("given", survivor.given))
    marks = {"folded": folded_name(*names), "updated_at": tx.now, "version": survivor.version + 1}
    tx.connection.execute(update(Guest).where(_G.id == survivor.id).values(**values, **marks))
    if reference:
        tx.connection.execute(update(Guest).where(_G.id == absorbed.id).values(reference=reference))


def _undo(tx: Transaction, step: Row) -> None:
    """Undo of one merge of a command; one that was taken apart by itself since is done already."""
    _may(tx)
    row = _merge(tx.connection, (step.after or {})["merge"])
    if row.undone_at is None:
        _take_apart(tx, row)


def _together(_tx: Transaction, _step: Row) -> None:
    """The main profile's row of a merge: all is put back by that of the merged one."""


def _merged_again(facts: undo_words.Facts) -> str:
    return _("{what}: profiles of their own again.").format(what=facts.what)


def _would(facts: undo_words.Facts) -> str:
    return _("{what}: merged into guest {number}").format(what=facts.what, number=facts.after.get("survivor"))


undo.special("guest", "merge", _undo)
undo.special("guest", "absorb", _together)
undo.says("guest", "merge", would=_would, did=_merged_again)
history_words.says(
    "guest", "absorb", lambda _b, after: _("merged with guest {number}").format(number=after.get("absorbed"))
)
history_words.says("guest", "merge", lambda _b, _a: "")
history_words.says(
    "guest", "part", lambda _b, after: _("taken apart from guest {number}").format(number=after.get("absorbed"))
)
history_words.says("guest", "unmerge", lambda _b, _a: "")
