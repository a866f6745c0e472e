"""The rest of a message over the size limit, fetched when somebody wants a file of it (SPEC §2, QUALITY I19)."""

from __future__ import annotations

from crm_tui.base.errors import NotFound
from crm_tui.base.i18n import _
from crm_tui.base.progress import CancelEvent, Progress
from crm_tui.desk.common.context import Context
from crm_tui.desk.correspondence import accounts, completing
from crm_tui.desk.correspondence.completing import Place
from crm_tui.engine.sync_model import SessionFactory
from crm_tui.mail.imap import ImapSession


def fetch_whole(
    ctx: Context, message_id: int, session_factory: SessionFactory, progress: Progress, cancel: CancelEvent
) -> None:
    """Bring the whole source of a message into the store, a MiB at a time; afterwards its files can be saved.

    ``progress`` counts bytes. Does nothing if the source is whole already.

    Raises:
        NotFound: no server has the message any more.
        Unreachable, AuthFailed, ServerError, SecretUnavailable: the account could not be asked.
        Cancelled: ``cancel`` was set.
    """
    if completing.is_complete(ctx, message_id):
        return
    try:
        for place in completing.places(ctx, message_id):
            session = session_factory(accounts.get(ctx, place.account_id), cancel.is_set)
            try:
                raw = _fetch(session, place, progress, cancel)
            finally:
                session.abort() if cancel.is_set() else session.logout()
            if raw:
                _keep(ctx, message_id, raw)
                return
        raise NotFound(_("No server has the rest of this message any more."))
    finally:
        progress.done()


def _fetch(session: ImapSession, place: Place, progress: Progress, cancel: CancelEvent) -> bytes:
    """The source, or nothing if the mailbox is another one now."""
    if session.select(place.raw_name, readonly=True).uidvalidity != place.uidvalidity:
        return b""
    size = session.fetch_values(place.uid, "(UID RFC822.SIZE)").get(b"RFC822.SIZE")
    progress.step(_("Fetching the whole message"), size if isinstance(size, int) else None)
    pieces = bytearray()
    for piece in session.fetch_piecewise(place.uid):
        cancel.check()
        pieces += piece
        progress.count(len(pieces))
    return bytes(pieces)


def _keep(ctx: Context, message_id: int, raw: bytes) -> None:
    from crm_tui.desk.correspondence.prepare import prepare

    completing.complete(ctx, message_id, prepare(raw))
