"""Linked mail accounts: add, test, list, change, remove (SPEC §2). Secrets go to the keyring, never to the store."""

from __future__ import annotations

import ssl
from dataclasses import asdict
from typing import Any

from sqlalchemy import Connection, Row, delete, func, insert, or_, select, update

from crm_tui.base.errors import Conflict, Forbidden, InvalidInput, NotFound
from crm_tui.base.i18n import _
from crm_tui.base.redact import Secret
from crm_tui.data.columns import columns, new_id, table_of
from crm_tui.data.tables import Account, FolderCount, Mailbox, OutboxItem
from crm_tui.desk.common import scope
from crm_tui.desk.common.context import Context, Transaction
from crm_tui.desk.common.permissions import Permission, require_ctx
from crm_tui.desk.common.views import AccountView
from crm_tui.desk.correspondence.account_form import NewAccount, completed
from crm_tui.desk.correspondence.account_testing import TEST_TIMEOUT, Contexts, raise_if_failed, test
from crm_tui.desk.correspondence.sending_views import AccountDetails, MailboxChoice
from crm_tui.mail.credentials import Credentials, SecretKind
from crm_tui.mail.text import display_text
from crm_tui.rules.vocabulary import AccountState, OutboxState

_A = columns(Account)
_B = columns(Mailbox)
_O = columns(OutboxItem)
_N = columns(FolderCount)

_SENDS = frozenset({"user", "smtp_host", "smtp_port", "smtp_security", "secret_kind", "secret_command"})
"""What decides whether sending works: with a change of these, what was known of it is known no more."""


def add(
    ctx: Context,
    new: NewAccount,
    credentials: Credentials,
    secret: Secret | None = None,
    *,
    tested: bool = False,
    context: Contexts = ssl.create_default_context,
    timeout: float = TEST_TIMEOUT,
) -> AccountDetails:
    """Test both ends, keep the secret, save the account.

    Args:
        secret: for ``keyring`` and ``session``; the command kinds need none.
        tested: both ends were tested just now.

    Raises:
        InvalidInput: a field is not usable, or the address is linked already.
        ServerError: an end did not let us in; nothing was saved.
        SecretUnavailable: the keyring did not take the secret, or the command gave none; nothing was saved.
    """
    require_may_change(ctx)
    whole = completed(new)
    _check_new(ctx, whole)
    if not tested:
        raise_if_failed(test(whole, credentials, secret, context=context, timeout=timeout))
    kept = secret is not None and whole.secret_kind in (SecretKind.KEYRING, SecretKind.SESSION)
    if secret is not None and kept:
        _keep(credentials, whole, secret)
    try:
        with ctx.write() as tx:
            result = tx.connection.execute(
                insert(Account).values(**asdict(whole), state=AccountState.NEW, state_at=tx.now, created_at=tx.now)
            )
            account_id = new_id(result)
            tx.journal("account", account_id, "add", after={"address": whole.address})
    except BaseException:
        if kept:
            credentials.forget(whole.address)
        raise
    return get(ctx, account_id)


def change(ctx: Context, account_id: int, version: int, **values: Any) -> AccountDetails:
    """Change fields of an account: name, user, hosts, ports, security, signature, aliases, active, secret's kind and command.

    Raises:
        Conflict: it was changed from elsewhere.
        InvalidInput: a value is not usable.
    """
    require_may_change(ctx)
    allowed = set(NewAccount.__dataclass_fields__) - {"address"} | {"active"}
    if unknown := set(values) - allowed:
        raise InvalidInput(_("An account has no field {names}.").format(names=", ".join(sorted(unknown))))
    with ctx.write() as tx:
        row = _row(tx.connection, account_id)
        if row.version != version:
            raise Conflict(_("This account was changed elsewhere meanwhile."), _("Look at it again, then change it."))
        active = values.pop("active", row.active)
        fields = {name: getattr(row, name) for name in NewAccount.__dataclass_fields__}
        whole = asdict(completed(NewAccount(**(fields | values))))
        before = {name: fields[name] for name in values if fields[name] != whole[name]}
        if row.state == AccountState.SENDING_FAILED and before.keys() & _SENDS:
            _state_in(tx, account_id, AccountState.NEW, "")
        tx.connection.execute(
            update(table_of(Account)).where(_A.id == account_id).values(**whole, active=active, version=version + 1)
        )
        tx.journal("account", account_id, "change", before, {name: whole[name] for name in before})
    return get(ctx, account_id)


def mend(ctx: Context, account_id: int, credentials: Credentials, secret: Secret | None = None) -> None:
    """A new secret for an account whose login failed; what waited for it goes out at once.

    Raises:
        SecretUnavailable: the keyring did not take it.
    """
    require_may_change(ctx)
    with ctx.store.connect() as connection:
        row = _row(connection, account_id)
    if secret is not None:
        fields = {name: getattr(row, name) for name in NewAccount.__dataclass_fields__}
        _keep(credentials, NewAccount(**fields), secret)
    with ctx.write() as tx:
        _state_in(tx, account_id, AccountState.NEW, "")
        tx.connection.execute(
            update(table_of(OutboxItem))
            .where(_O.account_id == account_id, _O.state == OutboxState.QUEUED)
            .values(not_before=tx.now, version=_O.version + 1)
        )


def remove(ctx: Context, account_id: int, credentials: Credentials | None = None) -> None:
    """Unlink an account and forget its secret. Its mail and history stay in the store.

    Raises:
        Conflict: messages are on their way out from it.
        Forbidden: the agent may not, or the desk is read-only.
    """
    require_may_change(ctx)
    waiting = (
        OutboxState.QUEUED,
        OutboxState.SENDING,
        OutboxState.HELD,
        OutboxState.FAILED,
        OutboxState.UNCERTAIN,
    )
    with ctx.write() as tx:
        row = _row(tx.connection, account_id)
        count = tx.connection.execute(
            select(func.count()).where(_O.account_id == account_id, _O.state.in_(waiting))
        ).scalar()
        if count:
            raise Conflict(
                _("Messages from {address} are still in the outbox.").format(address=display_text(row.address)),
                _("Send or drop them first."),
            )
        tx.connection.execute(delete(Account).where(_A.id == account_id))
        tx.journal("account", account_id, "remove", before={"address": row.address})
    if credentials is not None:
        credentials.forget(row.address)


def list_accounts(ctx: Context) -> list[AccountView]:
    """The accounts as the lower left of the desk shows them."""
    with ctx.store.connect() as connection:
        counted = func.coalesce(func.sum(_N.unread), 0)
        own = _N.key == "account:" + func.cast(_A.id, _N.key.type)
        unread = select(counted).where(own, scope.visible(_N.scope)).scalar_subquery().label("unread")
        query = select(table_of(Account), unread).order_by(_A.id)
        rows = connection.execute(query, {scope.BIND: ctx.actor.scopes}).all()
    return [
        AccountView(
            id=row.id,
            address=display_text(row.address),
            name=display_text(row.name),
            state=row.state,
            state_text=display_text(row.state_text),
            synced_at=row.synced_at,
            unread=row.unread,
        )
        for row in rows
    ]


def all(ctx: Context) -> list[AccountDetails]:  # noqa: A001 -- read as desk.accounts.all
    """Every account in detail, also those that are switched off."""
    with ctx.store.connect() as connection:
        return [_details(row) for row in connection.execute(select(table_of(Account)).order_by(_A.id))]


def get(ctx: Context, account_id: int) -> AccountDetails:
    """An account as its form shows it.

    Raises:
        NotFound: there is none.
    """
    with ctx.store.connect() as connection:
        return _details(_row(connection, account_id))


def find(ctx: Context, name: str) -> AccountDetails:
    """The account with this address, or this id.

    Raises:
        NotFound: there is none; names those there are.
    """
    with ctx.store.connect() as connection:
        rows = connection.execute(select(table_of(Account)).order_by(_A.id)).all()
    for row in rows:
        if row.address.casefold() == name.strip().casefold() or str(row.id) == name.strip():
            return _details(row)
    known = ", ".join(display_text(row.address) for row in rows) or _("none")
    raise NotFound(
        _("There is no account {name}.").format(name=display_text(name)), _("Linked are: {names}.").format(names=known)
    )


def set_state(ctx: Context, account_id: int, state: str, text: str = "", *, synced: bool = False) -> None:
    """How the engine stands with an account (``synced``: a sync ended well); journaled only when it changes."""
    with ctx.write() as tx:
        _state_in(tx, account_id, state, text)
        if synced:
            tx.connection.execute(update(table_of(Account)).where(_A.id == account_id).values(synced_at=tx.now))


def mailboxes(ctx: Context, account_id: int) -> list[MailboxChoice]:
    """The mailboxes of an account as last listed, and which are synced."""
    with ctx.store.connect() as connection:
        rows = connection.execute(select(table_of(Mailbox)).where(_B.account_id == account_id).order_by(_B.name)).all()
    return [MailboxChoice(row.id, display_text(row.name), row.role, row.chosen, row.gone) for row in rows]


def choose_mailboxes(ctx: Context, account_id: int, chosen: set[int]) -> None:
    """Sync exactly these mailboxes; the inbox is always among them."""
    require_may_change(ctx)
    with ctx.write() as tx:
        tx.connection.execute(
            update(table_of(Mailbox))
            .where(_B.account_id == account_id)
            .values(chosen=or_(_B.id.in_(chosen), _B.role == "inbox"))
        )
        tx.journal("account", account_id, "mailboxes", after={"chosen": sorted(chosen)})


def _keep(credentials: Credentials, new: NewAccount, secret: Secret) -> None:
    if new.secret_kind == SecretKind.KEYRING:
        credentials.keep(new.address, secret)
    else:
        credentials.hold(new.address, secret)


def _check_new(ctx: Context, new: NewAccount) -> None:
    with ctx.store.connect() as connection:
        taken = connection.execute(select(_A.id).where(func.lower(_A.address) == new.address.lower())).scalar()
    if taken is not None:
        raise InvalidInput(
            _("{address} is linked already.").format(address=display_text(new.address)),
            _("Change it, or remove it first."),
            "address",
        )


def require_may_change(ctx: Context) -> None:
    """Refuse whoever may not change accounts, before anything is asked or tried.

    Raises:
        Forbidden: so, or the desk reads only.
    """
    if ctx.readonly:
        raise Forbidden(_("This desk was opened to read only; nothing was changed."))
    require_ctx(ctx, Permission.ACCOUNTS)


def _row(connection: Connection, account_id: int) -> Row[Any]:
    row = connection.execute(select(table_of(Account)).where(_A.id == account_id)).first()
    if row is not None:
        return row
    raise NotFound(_("This account is no longer linked."))


def _state_in(tx: Transaction, account_id: int, state: str, text: str) -> None:
    row = tx.connection.execute(select(_A.state, _A.state_text).where(_A.id == account_id)).first()
    if row is None or (row.state, row.state_text) == (state, text):
        return
    if row.state == AccountState.SENDING_FAILED and state not in (AccountState.NEW, AccountState.AUTH_FAILED):
        return  # what IMAP says tells nothing of SMTP
    tx.connection.execute(
        update(table_of(Account)).where(_A.id == account_id).values(state=state, state_text=text, state_at=tx.now)
    )
    tx.journal("account", account_id, "state", {"state": row.state}, {"state": state})


def _details(row: Row[Any]) -> AccountDetails:
    shown: dict[str, Any] = {
        name: display_text(value, multiline=name == "signature") if isinstance(value, str) else value
        for name, value in row._mapping.items()
        if name in AccountDetails.__dataclass_fields__
    }
    return AccountDetails(**shown)
