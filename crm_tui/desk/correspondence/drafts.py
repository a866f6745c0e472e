"""Drafts: what an agent is writing, saved every few seconds, ended only by SMTP or by the agent (SPEC §5).

Saving a draft leaves no journal row (it is one agent's scratch paper, saved every few seconds); beginning, queueing and
dropping one do.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from sqlalchemy import Connection, Row, and_, delete, func, insert, or_, select, update

from crm_tui.base.errors import Conflict, Forbidden, InvalidInput, NotFound
from crm_tui.base.i18n import _
from crm_tui.data.columns import columns, new_id, table_of
from crm_tui.data.tables import Account, Agent, Draft, DraftAttachment
from crm_tui.desk.common import scope
from crm_tui.desk.common.context import Actor, Context, Transaction
from crm_tui.desk.common.permissions import Permission, may
from crm_tui.desk.common.storable import storable
from crm_tui.desk.correspondence.sender import sender_of
from crm_tui.desk.correspondence.sending_views import DraftFile, DraftView
from crm_tui.desk.undoing import undo
from crm_tui.mail.text import display_text

_D = columns(Draft)
_F = columns(DraftAttachment)
_A = columns(Account)
_G = columns(Agent)

MOST_BYTES = 25 * 1024 * 1024
"""Octets of all files of a draft together: what most servers take, before base64."""
LONGEST_TEXT = 1_000_000
LONGEST_FIELD = 200_000

_FIELDS = ("to", "cc", "bcc", "subject", "text", "account_id")


def get(ctx: Context, draft_id: int, *, resumed: bool = False) -> DraftView:
    """A draft with its files.

    Raises:
        NotFound: it was dropped or sent.
    """
    with ctx.store.connect() as connection:
        require(connection, ctx.actor, draft_id)
        return view_in(connection, draft_id, resumed=resumed)


def mine(ctx: Context) -> list[DraftView]:
    """The drafts of the agent, latest first; those that are queued are in the outbox instead."""
    with ctx.store.connect() as connection:
        ids = connection.execute(
            select(_D.id)
            .where(_D.agent_id.is_not_distinct_from(ctx.actor.id), _D.outbox_id.is_(None), _D.dropped_at.is_(None))
            .order_by(_D.updated_at.desc(), _D.id.desc())
        ).scalars()
        return [view_in(connection, draft_id) for draft_id in ids.all()]


def save(
    ctx: Context,
    draft_id: int,
    version: int,
    *,
    to: str | None = None,
    cc: str | None = None,
    bcc: str | None = None,
    subject: str | None = None,
    text: str | None = None,
    account_id: int | None = None,
) -> int:
    """Save what changed of a draft; what is None stays. Returns the new version.

    Raises:
        Conflict: it was saved from somewhere else meanwhile, or is queued already.
        NotFound: it was dropped or sent.
        Forbidden: it is another agent's.
        InvalidInput: text or field is beyond any mail.
    """
    given = {"to": to, "cc": cc, "bcc": bcc, "subject": subject, "text": text, "account_id": account_id}
    values: dict[str, Any] = {name: value for name, value in given.items() if value is not None}
    for name, value in values.items():
        if isinstance(value, str):
            limit = LONGEST_TEXT if name == "text" else LONGEST_FIELD
            values[name] = storable(value)
            if len(value) > limit:
                raise InvalidInput(_("This is longer than a mail can be."), _("Send it as an attachment."), name)
    with ctx.write() as tx:
        require(tx.connection, tx.actor, draft_id)
        check_owner(tx, check_version(tx.connection, draft_id, version).agent_id)
        tx.connection.execute(
            update(table_of(Draft)).where(_D.id == draft_id).values(**values, updated_at=tx.now, version=version + 1)
        )
    return version + 1


def attach(ctx: Context, draft_id: int, name: str, content: bytes, type: str = "") -> DraftFile:
    """Put a file's bytes with a draft; the original may vanish afterwards.

    Raises:
        InvalidInput: with it the draft would be too large to send.
        Forbidden: it is another agent's.
        NotFound: the draft is gone.
    """
    with ctx.write() as tx:
        _check_open(tx, draft_id)
        return attach_in(tx, draft_id, name, content, type)


def attach_in(tx: Transaction, draft_id: int, name: str, content: bytes, type: str = "") -> DraftFile:
    """:func:`attach` within a transaction that does more."""
    connection = tx.connection
    total = int(connection.execute(select(func.sum(_F.size)).where(_F.draft_id == draft_id)).scalar() or 0)
    if total + len(content) > MOST_BYTES:
        raise InvalidInput(
            _("The attachments would have {size} MiB; servers take {limit} MiB at most.").format(
                size=-(-(total + len(content)) // 2**20), limit=MOST_BYTES // 2**20
            ),
            _("Leave some out, or send several messages."),
            "attachments",
        )
    safe = _file_name(name)
    values: dict[str, Any] = {
        "draft_id": draft_id,
        "name": safe,
        "type": type or _guess_type(safe),
        "size": len(content),
        "content": content,
    }
    result = connection.execute(insert(DraftAttachment).values(values))
    file_id = new_id(result)
    return DraftFile(file_id, safe, values["type"], len(content))


def detach(ctx: Context, draft_id: int, file_id: int) -> None:
    """Take a file away from a draft; nothing happens if it is gone already.

    Raises:
        Forbidden: it is another agent's.
        NotFound: the draft is gone.
    """
    with ctx.write() as tx:
        _check_open(tx, draft_id)
        tx.connection.execute(delete(DraftAttachment).where(_F.id == file_id, _F.draft_id == draft_id))


def drop(ctx: Context, draft_id: int, *, untouched: bool = False) -> None:
    """Throw a draft away, with its files. Undo brings it back for :data:`crm_tui.desk.undoing.undo.DAYS` days.

    Args:
        untouched: nothing was written: it is deleted at once, and there is nothing to bring back.

    Raises:
        Conflict: it is in the outbox; call it back there first.
        Forbidden: it is another agent's.
    """
    with ctx.write() as tx:
        names = (_D.outbox_id, _D.conversation_id, _D.agent_id)
        row = tx.connection.execute(select(*names).where(_D.id == draft_id, _D.dropped_at.is_(None))).first()
        if row is None or not _seen(tx.connection, tx.actor, draft_id):
            return
        check_owner(tx, row.agent_id)
        if row.outbox_id is not None:
            raise Conflict(_("This draft is on its way out."), _("Call it back from the outbox first."))
        if untouched:
            tx.connection.execute(delete(Draft).where(_D.id == draft_id))
            tx.journal("draft", draft_id, "discard", after={"conversation_id": row.conversation_id})
        else:
            put_away(tx, draft_id, row.conversation_id)


def put_away(tx: Transaction, draft_id: int, conversation_id: int | None) -> None:
    """:func:`drop` within a transaction that does more. What nobody can bring back any more goes for good."""
    values = {"dropped_at": tx.now, "outbox_id": None, "version": _D.version + 1}
    tx.connection.execute(update(table_of(Draft)).where(_D.id == draft_id).values(**values))
    after = {"dropped_at": tx.now.isoformat(), "conversation_id": conversation_id}
    tx.journal("draft", draft_id, "drop", {"dropped_at": None}, after, undoable=True)
    tx.connection.execute(delete(Draft).where(_D.dropped_at < tx.now - timedelta(days=undo.DAYS)))


def _bring_back(tx: Transaction, row: undo.Row) -> int:
    """Undo of :func:`drop`; gives the draft to be opened again."""
    wanted = (_D.id == row.entity_id, _D.dropped_at.is_not(None))
    values = {"dropped_at": None, "updated_at": tx.now, "version": _D.version + 1}
    if not tx.connection.execute(update(table_of(Draft)).where(*wanted).values(**values)).rowcount:
        raise Conflict(_("This draft is no longer there."))
    return row.entity_id


def view_in(connection: Connection, draft_id: int, *, resumed: bool = False) -> DraftView:
    """:func:`get` within a transaction."""
    row = connection.execute(
        select(table_of(Draft), _A.address.label("account_address"), _A.aliases)
        .outerjoin(Account, _A.id == _D.account_id)
        .where(_D.id == draft_id, _D.dropped_at.is_(None))
    ).first()
    if row is None:
        raise NotFound(_("This draft is no longer there; it was sent or dropped."))
    return _view(connection, row, resumed)


def check_version(connection: Connection, draft_id: int, version: int) -> Row[Any]:
    """The draft's row, if it still stands at ``version`` and is not queued.

    Raises:
        NotFound: it is gone.
        Conflict: it is not as the agent saw it.
    """
    row = connection.execute(select(table_of(Draft)).where(_D.id == draft_id, _D.dropped_at.is_(None))).first()
    if row is None:
        raise NotFound(_("This draft is no longer there; it was sent or dropped."))
    if row.outbox_id is not None:
        raise Conflict(_("This draft is on its way out already."), _("Call it back from the outbox to change it."))
    if row.version != version:
        raise Conflict(
            _("This draft was saved from another window meanwhile; nothing was overwritten."),
            _("Open it again, then take over what you changed."),
        )
    return row


def check_owner(tx: Transaction, owner: int | None) -> None:
    """Drafts and outgoing messages are changed by who wrote them, a manager or an administrator; the engine may too.

    Raises:
        Forbidden: the actor is none of these.
    """
    actor = tx.actor
    if owner is None or actor.id in (None, owner) or may(actor, Permission.OTHERS_WORDS):
        return
    name = tx.connection.execute(select(_G.name).where(_G.id == owner)).scalar() or _("another agent")
    raise Forbidden(
        _("{name} is writing this; nothing was changed.").format(name=display_text(name)),
        _("Ask {name}, a manager or an administrator.").format(name=display_text(name)),
    )


def require(connection: Connection, actor: Actor, draft_id: int) -> None:
    """Refuse a draft that the actor may not see: another's, in a conversation that is hidden from the actor.

    Raises:
        NotFound: so, or there is none.
    """
    if not _seen(connection, actor, draft_id):
        raise NotFound(_("This draft is no longer there; it was sent or dropped."))


def _seen(connection: Connection, actor: Actor, draft_id: int) -> bool:
    others = and_(scope.of_visible(_D.conversation_id), scope.of_visible_message(_D.source_message_id))
    query = select(_D.id).where(_D.id == draft_id, or_(_D.agent_id.is_not_distinct_from(actor.id), others))
    return connection.execute(query, {scope.BIND: actor.scopes}).first() is not None


def _check_open(tx: Transaction, draft_id: int) -> None:
    require(tx.connection, tx.actor, draft_id)
    open_one = (_D.id == draft_id, _D.outbox_id.is_(None), _D.dropped_at.is_(None))
    row = tx.connection.execute(select(_D.agent_id).where(*open_one)).first()
    if row is None:
        raise NotFound(_("This draft is no longer there; it was sent or dropped."))
    check_owner(tx, row.agent_id)


def _view(connection: Connection, row: Row[Any], resumed: bool) -> DraftView:
    files = connection.execute(
        select(_F.id, _F.name, _F.type, _F.size).where(_F.draft_id == row.id).order_by(_F.id)
    ).all()
    return DraftView(
        id=row.id,
        kind=row.kind,
        conversation=row.conversation_id,
        source_message=row.source_message_id,
        account=row.account_id,
        sender=display_text(
            sender_of(connection, row.kind, row.source_message_id, row.account_address or "", row.aliases or "")
        ),
        to=display_text(row.to),
        cc=display_text(row.cc),
        bcc=display_text(row.bcc),
        subject=display_text(row.subject),
        text=display_text(row.text, multiline=True),
        files=tuple(DraftFile(f.id, display_text(f.name), display_text(f.type), f.size) for f in files),
        updated_at=row.updated_at,
        version=row.version,
        resumed=resumed,
        reservation=row.reservation_id,
    )


def _file_name(name: str) -> str:
    """The last part of a path, safe to show and to send."""
    last = display_text(storable(name.replace("\\", "/").rpartition("/")[2])).strip().lstrip(".")
    return last[:120] or _("attachment")


def _guess_type(name: str) -> str:
    import mimetypes

    return mimetypes.guess_type(name)[0] or "application/octet-stream"


undo.special("draft", "drop", _bring_back)
undo.says("draft", "drop", would=lambda _facts: _("The draft is dropped."), did=lambda _facts: _("Your draft is back."))
