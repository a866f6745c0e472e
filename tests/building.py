"""Small builders that many tests need: a mail as bytes, and mails put into a store."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from crm_tui.base.paths import Home, home_at
from crm_tui.data.store import open_store
from crm_tui.data.tables import Account, Mailbox
from crm_tui.desk.common.context import Context
from crm_tui.desk.correspondence.mailbox import Batch, Incoming, Received, receive
from crm_tui.desk.correspondence.prepare import prepare

NOON = datetime(2026, 7, 1, 12, 0, tzinfo=UTC)
HOTEL = "recepcion@hotel.example"


def empty_store_in(home: Home) -> None:
    """Put a store with all migrations and nothing in it into a home that has none: far cheaper than migrating each."""
    home.ensure()
    if not home.store.exists():
        home.store.touch(0o600)
        home.store.write_bytes(_migrated())


@cache
def _migrated() -> bytes:
    with TemporaryDirectory() as directory:
        made = Path(directory) / "store.db"
        open_store(f"sqlite:///{made}").close()
        assert [item.name for item in made.parent.iterdir()] == [made.name]  # the log went into the file
        return made.read_bytes()


_made: dict[Hashable, tuple[bytes, Any]] = {}


def store_made_by(home: Home, key: Hashable, make: Callable[[Path], Any]) -> Any:
    """Put the store into a home that ``make`` leaves in a fresh one, closed; it is made once a process for each key.

    Returns:
        What ``make`` returned when it made the store.
    """
    if key not in _made:
        with TemporaryDirectory() as directory:
            made = home_at(Path(directory) / "home")
            result = make(Path(directory) / "home")
            assert [item for item in Path(directory).rglob("*") if item.is_file()] == [made.store]  # closed, and all
            _made[key] = (made.store.read_bytes(), result)
    content, result = _made[key]
    home.ensure()
    home.store.touch(0o600)
    home.store.write_bytes(content)
    return result


def make_mail(
    text: str = "Buenos días, ¿tienen habitación?\n",
    *,
    subject: str = "Reserva",
    sender: str = "Ana Gómez <ana@guests.example>",
    to: str = HOTEL,
    cc: str = "",
    reply_to: str = "",
    message_id: str = "",
    in_reply_to: str = "",
    references: Sequence[str] = (),
    date: datetime | None = NOON,
    html: str = "",
    attachments: Iterable[tuple[str, str, bytes]] = (),
    headers: Mapping[str, str] | None = None,
) -> bytes:
    """A mail as it would come over the wire.

    Args:
        message_id, in_reply_to, references: without angle brackets; left out where empty.
        attachments: name, type and content of each.
        headers: further ones, as they are.
    """
    mail = EmailMessage(policy=SMTP)
    ids = " ".join(f"<{one}>" for one in references)
    wanted = {
        "From": sender,
        "To": to,
        "Cc": cc,
        "Reply-To": reply_to,
        "Subject": subject,
        "Date": format_datetime(date) if date else "",
        "Message-ID": f"<{message_id}>" if message_id else "",
        "In-Reply-To": f"<{in_reply_to}>" if in_reply_to else "",
        "References": ids,
        **(headers or {}),
    }
    for name, value in wanted.items():
        if value:
            mail[name] = value
    mail.set_content(text)
    if html:
        mail.add_alternative(html, subtype="html")
    for name, kind, content in attachments:
        main, _slash, sub = kind.partition("/")
        mail.add_attachment(content, maintype=main, subtype=sub, filename=name)
    return mail.as_bytes()


def incoming(raw: bytes, uid: int = 0, *, flags: Iterable[str] = (), received_at: datetime | None = None) -> Incoming:
    """A mail ready to be received."""
    return Incoming(prepare(raw), uid, frozenset(flags), received_at)


def add_account(ctx: Context, address: str = HOTEL, *, aliases: str = "") -> int:
    """Link an account; returns its id."""
    with ctx.write() as tx:
        row = Account(
            address=address,
            user=address,
            imap_host="imap.example",
            smtp_host="smtp.example",
            aliases=aliases,
            created_at=tx.now,
        )
        tx.session.add(row)
        tx.session.flush()
        assert row.id is not None
        return row.id


def add_mailbox(
    ctx: Context, account_id: int, name: str = "INBOX", *, role: str = "inbox", uidvalidity: int = 1
) -> int:
    """Add a mailbox of an account; returns its id."""
    with ctx.write() as tx:
        row = Mailbox(account_id=account_id, name=name, role=role, uidvalidity=uidvalidity, chosen=True)
        tx.session.add(row)
        tx.session.flush()
        assert row.id is not None
        return row.id


def receive_mails(
    ctx: Context,
    *raws: bytes,
    account_id: int | None = None,
    mailbox_id: int | None = None,
    uidvalidity: int = 1,
    first_uid: int = 1,
    sent: bool = False,
    flags: Iterable[str] = (),
) -> Received:
    """Receive mails as one batch, with ascending UIDs where they lie in a mailbox."""
    items = [incoming(raw, first_uid + place if mailbox_id else 0, flags=flags) for place, raw in enumerate(raws)]
    return receive(ctx, Batch(items, account_id=account_id, mailbox_id=mailbox_id, uidvalidity=uidvalidity, sent=sent))


def minutes(count: float) -> timedelta:
    """A duration."""
    return timedelta(minutes=count)
