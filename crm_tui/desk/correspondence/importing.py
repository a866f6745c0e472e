"""Bringing in mail that was kept elsewhere: .eml files, mbox files, Maildirs (SPEC §15 ``import mail``)."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from crm_tui.base.i18n import _
from crm_tui.base.progress import CancelEvent, NullProgress, Progress
from crm_tui.desk.common import scope
from crm_tui.desk.common.context import Context
from crm_tui.desk.correspondence import mailbox
from crm_tui.desk.correspondence.prepare import Prepared, prepare
from crm_tui.mail.sources import FoundMail, LeftAlone, iter_mail

STORED, DUPLICATE, UNREADABLE = "stored", "duplicate", "unreadable"
_BATCH = 500
_BATCH_OCTETS = 32 * 1024 * 1024

Begin = Callable[[Sequence[bytes]], Callable[[], list[Prepared]]]
"""Begins to parse sources; the call it returns waits for the result, in their order."""


@dataclass(frozen=True, slots=True)
class Imported:
    """What became of one mail.

    Attributes:
        path: where it was, safe to show.
        status: ``stored``, ``duplicate`` or ``unreadable``.
        message: its id in the store; None if it is unreadable, or stands in a conversation that is hidden from the actor.
        error: why it is unreadable, a sentence; else empty.
    """

    path: str
    status: str
    message: int | None = None
    error: str = ""


def _here(sources: Sequence[bytes]) -> Callable[[], list[Prepared]]:
    return lambda: [prepare(raw) for raw in sources]


def import_mail(
    ctx: Context,
    paths: Iterable[Path],
    *,
    progress: Progress | None = None,
    cancel: CancelEvent | None = None,
    begin: Begin = _here,
    left: LeftAlone = lambda _path: None,
) -> Iterator[Imported]:
    """Store every mail under the paths; tells of each what became of it, a batch at a time.

    A batch is one transaction: what was told as stored is stored. Running it again goes on where it stopped, since what
    is there already is a duplicate. A file that is no mail is told and does not stop the rest.

    Args:
        begin: parses sources; on other cores if the caller has them, while the batch before is stored.
        left: told of every file in a folder that is no mail and is not called like one.

    Raises:
        Cancelled: between two batches, when ``cancel`` is set.
        DiskFull: no room for the batch at hand; the batches before it are stored.
    """
    shown, stop = progress or NullProgress(), cancel or CancelEvent()
    shown.step(_("Importing mail"))
    done = 0
    try:
        for batch, wait in _begun(_batches(iter_mail(paths, left)), begin):
            stop.check()
            for result in _store(ctx, batch, wait()):
                if result.error:
                    shown.error(f"{result.path}: {result.error}")
                yield result
            done += len(batch)
            shown.count(done)
    finally:
        shown.done()


def _batches(found: Iterator[FoundMail]) -> Iterator[list[FoundMail]]:
    batch: list[FoundMail] = []
    size = 0
    for mail in found:
        batch.append(mail)
        size += len(mail.raw)
        if len(batch) >= _BATCH or size >= _BATCH_OCTETS:
            yield batch
            batch, size = [], 0
    if batch:
        yield batch


def _begun(
    batches: Iterator[list[FoundMail]], begin: Begin
) -> Iterator[tuple[list[FoundMail], Callable[[], list[Prepared]]]]:
    """Each batch with its parsing under way; one batch ahead."""
    ahead: tuple[list[FoundMail], Callable[[], list[Prepared]]] | None = None
    for batch in batches:
        following = (batch, begin([mail.raw for mail in batch if not mail.error]))
        if ahead is not None:
            yield ahead
        ahead = following
    if ahead is not None:
        yield ahead


def _store(ctx: Context, batch: list[FoundMail], prepared: list[Prepared]) -> Iterator[Imported]:
    readable = [mail for mail in batch if not mail.error]
    items = [
        mailbox.Incoming(one, flags=mail.flags, received_at=mail.date)
        for mail, one in zip(readable, prepared, strict=True)
    ]
    received = mailbox.receive(ctx, mailbox.Batch(items)) if items else mailbox.Received((), frozenset(), frozenset())
    with ctx.store.connect() as connection:
        seen = set(scope.seen_messages(connection, ctx.actor.scopes, received.message_ids))
    ids = iter(received.message_ids)
    new = set(received.stored)
    for mail in batch:
        if mail.error:
            yield Imported(mail.label, UNREADABLE, error=mail.error)
            continue
        message = next(ids)
        yield Imported(mail.label, STORED if message in new else DUPLICATE, message if message in seen else None)
        new.discard(message)
