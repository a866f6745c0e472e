"""What the compose screen asks of the desk. Everything here blocks: it is called in threads, with the context."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from crm_tui import desk
from crm_tui.base.errors import InvalidInput, NotFound
from crm_tui.base.i18n import _
from crm_tui.screens.compose.letter import Letter, Opened, letter_of

if TYPE_CHECKING:
    from crm_tui.desk.common.context import Context
    from crm_tui.desk.common.views import ConversationView
    from crm_tui.desk.correspondence.sending_views import DraftView, NewsItem, OutboxView


@dataclass(frozen=True, slots=True)
class Request:
    """What to write: an answer to a message or a conversation, a draft taken up again, or something new."""

    kind: str
    message_id: int | None = None
    conversation_id: int | None = None
    draft_id: int | None = None
    to: str = ""
    reservation_id: int | None = None


def open_letter(ctx: Context, request: Request) -> Opened:
    """The draft that the request asks for, begun or taken up again.

    Raises:
        NotFound: the message, conversation or draft is gone.
        InvalidInput: there is no account to send from.
    """
    draft = _draft(ctx, request)
    if draft.conversation is not None:
        with suppress(NotFound):  # it is shown beside the editor: whoever has its ticket has opened it
            desk.tickets.opened(ctx, draft.conversation)
    known = [
        (number, draft.sender if number == draft.account else address, own) for number, address, own in senders(ctx)
    ]
    return Opened(draft, tuple(known))


def _draft(ctx: Context, request: Request) -> DraftView:
    if request.draft_id is not None:
        return desk.drafts.get(ctx, request.draft_id, resumed=True)
    if request.kind == "new":
        return desk.replies.new(ctx, to=request.to, reservation=request.reservation_id)
    message = request.message_id or _newest(ctx, request.conversation_id)
    return desk.replies.start(ctx, request.kind, message)


def _newest(ctx: Context, conversation_id: int | None) -> int:
    """The message that an answer to a conversation answers: the newest incoming one, else the newest."""
    messages = desk.reading.conversation(ctx, conversation_id or 0).messages
    incoming = [message for message in messages if message.direction == "in"]
    return (incoming or list(messages))[-1].id


def conversation(ctx: Context, conversation_id: int) -> ConversationView:
    """The conversation beside the editor."""
    return desk.reading.conversation(ctx, conversation_id)


def news(ctx: Context, draft: int) -> Sequence[NewsItem]:
    """What arrived or was sent in the conversation since the reply was begun."""
    return desk.outbox.news_of_draft(ctx, draft)


def senders(ctx: Context) -> Sequence[tuple[int, str, str]]:
    """The accounts a mail can go out from, as (id, address, signature)."""
    accounts = desk.accounts.all(ctx)
    return tuple((account.id, account.address, account.signature) for account in accounts if account.active)


def complete(ctx: Context, query: str) -> Sequence[tuple[str, str]]:
    """People whose name or address has the words typed, best first."""
    return [(person.name, person.address) for person in desk.correspondents.find(ctx, query)]


def save_letter(ctx: Context, stored: Letter, letter: Letter) -> Letter:
    """Save what differs from ``stored``; returns the letter as it is stored now.

    Raises:
        Conflict: the draft was saved from elsewhere meanwhile.
        NotFound: it was sent or dropped elsewhere.
    """
    changes: dict[str, Any] = letter.changes(stored)
    if not changes:
        return stored
    version = desk.drafts.save(ctx, letter.draft, stored.version, **changes)
    return replace(stored.saying(letter), version=version)


def attach(ctx: Context, stored: Letter, letter: Letter, path: Path) -> Letter:
    """Save, then put a file's bytes with the draft.

    Raises:
        InvalidInput: the file cannot be read, or is too large to send.
    """
    stored = save_letter(ctx, stored, letter)
    try:
        size = path.stat().st_size
        content = b"" if size > desk.drafts.MOST_BYTES else path.read_bytes()
    except OSError as error:
        raise InvalidInput(
            _("{name} cannot be read: {why}.").format(name=path.name, why=error.strerror or error), field="attachments"
        ) from None
    if size > desk.drafts.MOST_BYTES:
        raise InvalidInput(
            _("{name} has {size} MB; that is more than mail servers take.").format(
                name=path.name, size=round(size / 1_000_000)
            ),
            _("Send a link to it, or a smaller one."),
            "attachments",
        )
    file = desk.drafts.attach(ctx, stored.draft, path.name, content)
    return replace(stored, files=(*stored.files, file))


def detach(ctx: Context, stored: Letter, letter: Letter, file_id: int) -> Letter:
    """Save, then take a file away from the draft."""
    stored = save_letter(ctx, stored, letter)
    desk.drafts.detach(ctx, stored.draft, file_id)
    return replace(stored, files=tuple(file for file in stored.files if file.id != file_id))


def drop(ctx: Context, stored: Letter, letter: Letter) -> None:
    """Throw the draft away, with what was typed last: undo brings it back as it was."""
    with suppress(InvalidInput):
        save_letter(ctx, stored, letter)
    desk.drafts.drop(ctx, stored.draft)


def leave_untouched(ctx: Context, stored: Letter, _letter: Letter) -> None:
    """Nothing was written: nothing is kept."""
    desk.drafts.drop(ctx, stored.draft, untouched=True)


def warning(letter: Letter) -> tuple[str, str]:
    """What seems forgotten: ("attachment", the words that speak of one), ("subject", ""), or ("", "")."""
    from crm_tui.rules.attachment_words import attachment_word
    from crm_tui.screens.compose.editor import split_quote

    word = "" if letter.files else attachment_word(split_quote(letter.text)[0])
    if word:
        return "attachment", word
    return ("", "") if letter.subject else ("subject", "")


def send(ctx: Context, stored: Letter, letter: Letter, after: str) -> tuple[Letter, OutboxView]:
    """Save and queue; the item is held if something is new in the conversation since the reply began.

    Raises:
        InvalidInput: an address or a header is not usable; ``field`` names it.
    """
    stored = save_letter(ctx, stored, letter)
    return stored, desk.outbox.queue(ctx, stored.draft, stored.version, after_send=after)


def send_anyway(ctx: Context, item: OutboxView) -> OutboxView:
    """Queue a held item: the agent has seen what is new."""
    return desk.outbox.send_anyway(ctx, item.id)


def take_back(ctx: Context, item: OutboxView) -> Letter:
    """Make a held or queued item a draft again."""
    draft_id = desk.outbox.recall(ctx, item.id)
    return letter_of(desk.drafts.get(ctx, draft_id))


def drop_held(ctx: Context, item: OutboxView) -> None:
    """Throw a held item and its draft away."""
    desk.outbox.drop(ctx, item.id)
