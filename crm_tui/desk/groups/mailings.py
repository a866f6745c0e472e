"""Mailings: a template written to the guests of a package, one mail after the other (SPEC §6).

What an agent does with one is here; the engine queues the mails (:mod:`crm_tui.desk.groups.mailing_queue`). Whom it goes to and
its texts are frozen when it starts; consent, erasure and address are looked at again when a mail is queued and when it goes
out.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace
from typing import Any

from sqlalchemy import Connection, Row, insert, select, update

from crm_tui.base.errors import Conflict, InvalidInput, NotFound
from crm_tui.base.i18n import _, ngettext
from crm_tui.data.columns import columns, new_id
from crm_tui.data.tables import Account, Agent, Guest, GuestEmail, Mailing, MailingItem, OutboxItem
from crm_tui.desk.common.context import Context, Transaction
from crm_tui.desk.correspondence.outbox_rows import set_values
from crm_tui.desk.groups import mailing_texts, packages
from crm_tui.desk.groups.mailing_choice import coming_in, had_already, judge
from crm_tui.desk.groups.mailing_queue import leave_out, withdraw_in, written_besides
from crm_tui.desk.groups.mailing_rows import require, view_in, views
from crm_tui.desk.groups.mailing_texts import Filling, Person
from crm_tui.desk.groups.mailing_views import Letter, MailingPreview, MailingView, Reason, Whom
from crm_tui.desk.histories import history_words
from crm_tui.desk.texts import templates
from crm_tui.mail.text import display_text
from crm_tui.rules.mail_addresses import address_key
from crm_tui.rules.vocabulary import ConsentChannel, MailingItemState, MailingState, OutboxState

_L = columns(Mailing)
_I = columns(MailingItem)
_A = columns(Account)
_G = columns(Guest)
_E = columns(GuestEmail)
_O = columns(OutboxItem)
_W = columns(Agent)

CHANNELS = (ConsentChannel.MAIL, ConsentChannel.NEWSLETTER)


def prepare(
    ctx: Context,
    package_id: int,
    template_id: int,
    channel: str = ConsentChannel.MAIL,
    *,
    account_id: int | None = None,
    again: bool = False,
) -> MailingPreview:
    """Who of a package would get a template, and who not and why. Nothing is stored.

    Args:
        channel: the consent that is needed: ``mail`` or ``newsletter``.
        account_id: the account it goes out from; None: the first one.
        again: write also to those who had this template by a mailing before.

    Raises:
        InvalidInput: there is no such channel, no account to send from, or the template was archived.
        NotFound: there is no such package, template or account.
    """
    _check_channel(channel)
    texts = mailing_texts.variants(ctx, template_id)
    name = templates.get(ctx, template_id).name
    with ctx.store.connect() as connection:
        package = packages.require(connection, package_id)
        account = _account(connection, account_id)
        filling = Filling(ctx, connection, texts)
        found, had = judge(connection, filling, texts, package_id=package_id, channel=channel, again=again)
    return MailingPreview(
        package=package_id,
        package_name=display_text(package.name),
        template=template_id,
        template_name=name,
        channel=channel,
        languages=tuple(texts.by_language),
        account=account.id,
        sender=display_text(account.address),
        ready=tuple(one for one in found if not one.reason),
        left_out=tuple(one for one in found if one.reason),
        had=had,
        texts={"texts": texts.stored(), "name": name, "templates": list(texts.templates), "again": again},
    )


def letter_for(ctx: Context, shown: MailingPreview, guest_id: int) -> Letter:
    """The mail that a guest of a preview would get.

    Raises:
        NotFound: the guest is not there any more.
    """
    texts = mailing_texts.kept(shown.texts)
    address = next((one.address for one in (*shown.ready, *shown.left_out) if one.id == guest_id), "")
    with ctx.store.connect() as connection:
        account = _account(connection, shown.account)
        return Filling(ctx, connection, texts, account.signature).letter(_person(connection, guest_id, address))


def text_for(ctx: Context, mailing_id: int, guest_id: int) -> Letter:
    """The mail that a guest gets from a mailing under way, by its frozen texts.

    Raises:
        NotFound: there is no such mailing, or the guest is not in it.
    """
    with ctx.store.connect() as connection:
        row = require(connection, mailing_id)
        query = select(_I.address).where(_I.mailing_id == mailing_id, _I.guest_id == guest_id).limit(1)
        found = connection.execute(query).first()
        if found is None:
            raise NotFound(_("This guest is not in the mailing."))
        texts = mailing_texts.kept(row.texts)
        filling = Filling(in_hands_of(ctx, connection, row.agent_id), connection, texts, row.signature or "")
        return filling.letter(_person(connection, guest_id, found.address))


def in_hands_of(ctx: Context, connection: Connection, agent_id: int | None) -> Context:
    """The desk as the agent who started a mailing has it: whose name the texts give."""
    from crm_tui.desk.staff.team import actor_of

    row = connection.execute(select(*_W).where(_W.id == agent_id)).first()
    return ctx.acting_as(actor_of(connection, row)) if row is not None else ctx


def start(ctx: Context, shown: MailingPreview) -> int:
    """Start a mailing to those who were shown as ready; returns its number. The engine sends the mails one by one.

    The texts are those of the preview, whatever became of the template since. Those left out are kept with their reasons.
    Who got the template from another mailing since it was shown, or is about to, is left out.

    Raises:
        InvalidInput: the template was archived.
        Conflict: nobody of them may be written to.
        NotFound: the package or the template is gone.
    """
    mailing_texts.variants(ctx, shown.template)
    with ctx.write() as tx:
        packages.require(tx.connection, shown.package)
        account = _account(tx.connection, shown.account)
        ready, late = _still(tx.connection, shown)
        if not ready:
            raise Conflict(_("Nobody of this package may be written to."), _("Look at the reasons."))
        row = {
            "package_id": shown.package,
            "template_id": shown.template,
            "account_id": account.id,
            "channel": shown.channel,
            "texts": dict(shown.texts),
            "state": MailingState.RUNNING,
            "agent_id": tx.actor.id,
        }
        made = new_id(tx.connection.execute(insert(Mailing).values(**row, created_at=tx.now, started_at=tx.now)))
        _store_items(tx, made, ready, (*shown.left_out, *late))
        told = {"package_id": shown.package, "template": shown.template_name, "channel": shown.channel}
        tx.journal("mailing", made, "start", after=told | {"guests": len(ready)})
        return made


def _still(connection: Connection, shown: MailingPreview) -> tuple[list[Whom], list[Whom]]:
    """Who of those shown as ready may be written to now, and who got the template from another mailing meanwhile."""
    templates_of = shown.texts["templates"]
    had, coming = had_already(connection, templates_of), coming_in(connection, templates_of)
    ready: list[Whom] = []
    late: list[Whom] = []
    for one in shown.ready:
        if coming.has(one.id, one.address):
            late.append(one._replace(reason=Reason.COMING))
        elif not shown.texts["again"] and had.has(one.id, one.address):
            late.append(one._replace(reason=Reason.HAD_IT))
        else:
            ready.append(one)
    return ready, late


def _store_items(tx: Transaction, mailing: int, ready: Sequence[Whom], left_out: Sequence[Whom]) -> None:
    def row(place: int, one: Whom, state: str) -> dict[str, Any]:
        return {
            "mailing_id": mailing,
            "position": place,
            "guest_id": one.id,
            "address": one.address,
            "folded": address_key(one.address),
            "state": state,
            "reason": one.reason,
            "changed_at": tx.now,
        }

    rows = [row(place, one, MailingItemState.WAITING) for place, one in enumerate(ready)]
    rows += [row(place, one, MailingItemState.LEFT_OUT) for place, one in enumerate(left_out, len(ready))]
    tx.connection.execute(insert(MailingItem), rows)


def listed(ctx: Context, *, package: int | None = None, under_way: bool = False) -> list[MailingView]:
    """The mailings, newest first; those to one package, or those that are not over."""
    with ctx.store.connect() as connection:
        return views(connection, ctx.clock.now(), package=package, under_way=under_way)


def progress(ctx: Context, mailing_id: int) -> MailingView:
    """How far a mailing is.

    Raises:
        NotFound: there is none.
    """
    with ctx.store.connect() as connection:
        return view_in(connection, mailing_id, ctx.clock.now())


def pause(ctx: Context, mailing_id: int) -> MailingView:
    """Send no more for now. What is queued and not under way to the server comes back; what was sent stays sent.

    Raises:
        Conflict: it is not running.
        NotFound: there is none.
    """
    with ctx.write() as tx:
        _in_state(tx.connection, mailing_id, MailingState.RUNNING)
        withdraw_in(tx, mailing_id)
        _set_state(tx, mailing_id, "pause", MailingState.PAUSED)
        return view_in(tx.connection, mailing_id, tx.now)


def resume(ctx: Context, mailing_id: int) -> MailingView:
    """Go on with a paused mailing.

    Raises:
        Conflict: it is not paused.
        NotFound: there is none.
    """
    with ctx.write() as tx:
        _in_state(tx.connection, mailing_id, MailingState.PAUSED)
        _set_state(tx, mailing_id, "resume", MailingState.RUNNING)
        return view_in(tx.connection, mailing_id, tx.now)


def stop(ctx: Context, mailing_id: int) -> MailingView:
    """End a mailing: what was sent stays sent, the rest is left out for good.

    Raises:
        Conflict: it is over already.
        NotFound: there is none.
    """
    with ctx.write() as tx:
        _in_state(tx.connection, mailing_id, MailingState.RUNNING, MailingState.PAUSED)
        withdraw_in(tx, mailing_id)
        rest = {"state": MailingItemState.LEFT_OUT, "reason": Reason.STOPPED, "changed_at": tx.now}
        waiting = (_I.mailing_id == mailing_id, _I.state == MailingItemState.WAITING)
        tx.connection.execute(update(MailingItem).where(*waiting).values(**rest))
        _set_state(tx, mailing_id, "stop", MailingState.STOPPED, finished_at=tx.now)
        return view_in(tx.connection, mailing_id, tx.now)


def retry(ctx: Context, mailing_id: int, items: Collection[int] = ()) -> int:
    """Send the mails that failed once more; returns how many. Those whose fate is unknown are never sent again.

    Who got the text from another mailing meanwhile, or is about to, is left out of this one for good.

    Args:
        items: only these; empty: all that failed.

    Raises:
        Conflict: the mailing was stopped.
        NotFound: there is none.
    """
    with ctx.write() as tx:
        row = _in_state(tx.connection, mailing_id, MailingState.RUNNING, MailingState.PAUSED, MailingState.DONE)
        query = (
            select(_I.id, _I.outbox_id, _I.guest_id, _I.address)
            .join(OutboxItem, _O.id == _I.outbox_id)
            .where(_I.mailing_id == mailing_id, _I.state == MailingItemState.FAILED, _O.state == OutboxState.FAILED)
        )
        wanted = set(items)
        chosen = [item for item in tx.connection.execute(query).all() if not wanted or item.id in wanted]
        found = []
        for item in chosen:
            reason = written_besides(tx.connection, row, item.guest_id, item.address, waiting=True)
            if reason:
                leave_out(tx, item.id, reason)
            else:
                found.append(item)
        for item in found:
            again = {"state": OutboxState.QUEUED, "not_before": tx.now, "attempts": 0, "error": "", "refused": {}}
            set_values(tx, item.outbox_id, **again)
        if found:
            tx.connection.execute(
                update(Mailing)
                .where(_L.id == mailing_id, _L.state == MailingState.DONE)
                .values(state=MailingState.RUNNING, finished_at=None)
            )
            tx.journal("mailing", mailing_id, "retry", after={"mails": len(found)})
        return len(found)


def _set_state(tx: Transaction, mailing_id: int, action: str, state: str, **values: Any) -> None:
    change = {"state": state, **values, "version": _L.version + 1}
    tx.connection.execute(update(Mailing).where(_L.id == mailing_id).values(**change))
    tx.journal("mailing", mailing_id, action, after={"state": state})


def _in_state(connection: Connection, mailing_id: int, *states: str) -> Row[Any]:
    row = require(connection, mailing_id)
    if row.state not in states:
        words = {
            MailingState.RUNNING: _("This mailing is under way already."),
            MailingState.PAUSED: _("This mailing is paused already."),
            MailingState.STOPPED: _("This mailing was stopped."),
            MailingState.DONE: _("This mailing is done."),
        }
        raise Conflict(words.get(row.state, _("This mailing stands otherwise by now.")))
    return row


def _check_channel(channel: str) -> None:
    if channel not in CHANNELS:
        names = ", ".join(CHANNELS)
        raise InvalidInput(_("A mailing needs consent to one of: {names}.").format(names=names), field="channel")


def _account(connection: Connection, account_id: int | None) -> Row[Any]:
    query = select(_A.id, _A.address, _A.name, _A.signature).where(_A.active).order_by(_A.id)
    rows = connection.execute(query if account_id is None else query.where(_A.id == account_id)).all()
    if not rows:
        raise InvalidInput(
            _("There is no account to send from."), _("Link one: crm-tui account add, or ctrl+p, Accounts."), "account"
        )
    return rows[0]


def _person(connection: Connection, guest_id: int, address: str) -> Person:
    query = select(_G.id, _G.given, _G.surname, _G.language).where(_G.id == guest_id)
    row = connection.execute(query).first()
    if row is None:
        raise NotFound(_("There is no guest {number}.").format(number=guest_id))
    return mailing_texts.person_of(row, address)


def without(shown: MailingPreview, guests: Collection[int]) -> MailingPreview:
    """A preview with some of those who are ready taken out by hand: they are not written to."""
    out = set(guests)
    left = tuple(one._replace(reason=Reason.BY_HAND) for one in shown.ready if one.id in out)
    ready = tuple(one for one in shown.ready if one.id not in out)
    return replace(shown, ready=ready, left_out=(*shown.left_out, *left))


def _started(_before: history_words.Told, after: history_words.Told) -> str:
    number = int(after.get("guests") or 0)
    words = ngettext("“{name}” to {n} guest", "“{name}” to {n} guests", number)
    return words.format(name=after.text("template"), n=number)


def _written(_before: history_words.Told, after: history_words.Told) -> str:
    return _("written to by the mailing “{name}”").format(name=after.text("template"))


history_words.says("conversation", "mailing", _written, kind="mail")
history_words.says("mailing", "start", _started, kind="mail")
history_words.says("mailing", "pause", lambda _before, _after: _("mailing paused"))
history_words.says("mailing", "resume", lambda _before, _after: _("mailing resumed"))
history_words.says("mailing", "stop", lambda _before, _after: _("mailing stopped"))
history_words.says("mailing", "retry", lambda _before, _after: _("failed mails tried again"))
history_words.says("mailing", "done", lambda _before, _after: _("mailing done"))
