"""Copies to Sent on servers as they are (SPEC §5): special use or usual names, prefixes, none at all."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from crm_tui.base.errors import CrmError
from crm_tui.base.redact import Secret
from crm_tui.base.settings import Settings
from crm_tui.desk.common.context import Context
from crm_tui.desk.correspondence import delivery, drafts, outbox, replies, sent_copies
from crm_tui.engine.sent import PATIENCE, SentMailbox
from crm_tui.mail.credentials import Credentials
from crm_tui.mail.imap import ImapSession
from crm_tui.mail.parse import parse
from crm_tui.mail.smtp import Sent
from tests.desk.house import ADDRESS, add_account, make_house
from tests.servers.dovecot import Dovecot
from tests.servers.fixtures import authority, dovecot, plain_dovecot, pymap
from tests.servers.pymap_server import PASSWORD, USER, Pymap

__all__ = ["authority", "dovecot", "plain_dovecot", "pymap"]


@pytest.fixture
def ctx(tmp_path: Path) -> Iterator[Context]:
    context = make_house(tmp_path, settings=Settings(undo_seconds=0))
    yield context
    context.store.close()


def sent_copy(ctx: Context, port: int, user: str) -> sent_copies.Copy:
    """A message that SMTP has taken, with a hidden recipient."""
    add_account(ctx, imap_port=port, user=user)
    draft = replies.new(ctx, to="guest@example.org", subject="Zażółć")
    version = drafts.save(ctx, draft.id, draft.version, bcc="boss@example.org", text="ł")
    item = outbox.queue(ctx, draft.id, version).id
    work = delivery.job(ctx, item)
    assert work is not None
    assert delivery.begin(ctx, work, 1, lambda _connection: True)
    delivery.settle(ctx, work, 1, Sent("250"))
    (copy,) = sent_copies.copies_due(ctx)
    return copy


def sent_mailbox(ctx: Context) -> SentMailbox:
    credentials = Credentials(lambda: None, memory={})
    credentials.hold(ADDRESS, Secret(PASSWORD))
    return SentMailbox(ctx, credentials, timeout=5)


def filed(port: int, user: str) -> tuple[bytes, list[bytes], list[tuple[str, ...]]]:
    """The name of Sent, the messages there and their flags."""
    with ImapSession("127.0.0.1", port, "none", timeout=5) as session:
        session.login(user, PASSWORD)
        box = next(one for one in session.list_mailboxes() if one.special == "sent")
        session.select(box.wire, readonly=True)
        got = list(session.fetch(session.search("ALL")))
        return box.wire, [one.raw for one in got], [tuple(one.flags) for one in got]


def check(ctx: Context, port: int, user: str, name: bytes) -> None:
    copy = sent_copy(ctx, port, user)
    sent = sent_mailbox(ctx)
    assert not sent.holds(copy.item)
    assert sent.file(copy, files_itself=False)
    assert sent.file(copy, files_itself=False), "done again, it is found"
    assert sent.holds(copy.item)
    found, messages, flags = filed(port, user)
    assert found == name
    (message,) = messages
    parsed = parse(message)
    assert parsed.message_id == copy.message_id
    assert [one.address for one in parsed.bcc] == ["boss@example.org"]
    assert "\\Seen" in flags[0]


@pytest.mark.dovecot
def test_by_special_use(ctx: Context, dovecot: Dovecot) -> None:
    check(ctx, dovecot.port, "sent-special", b"Sent")


@pytest.mark.dovecot
def test_by_its_usual_name_below_a_prefix(ctx: Context, plain_dovecot: Dovecot) -> None:
    check(ctx, plain_dovecot.port, "sent-plain", b"INBOX.Sent")


def test_made_where_there_is_none(ctx: Context, pymap: Pymap) -> None:
    check(ctx, pymap.port, USER, b"Sent")


def test_never_filed_where_the_provider_does(ctx: Context, pymap: Pymap) -> None:
    copy = sent_copy(ctx, pymap.port, USER)
    sent = sent_mailbox(ctx)
    for attempts in range(PATIENCE):
        assert not sent.file(replace(copy, attempts=attempts), files_itself=True)
    assert sent.file(replace(copy, attempts=PATIENCE), files_itself=True), "then it is trusted"
    assert not sent.holds(copy.item)


def test_failures_are_sentences(ctx: Context) -> None:
    copy = sent_copy(ctx, 1, USER)
    with pytest.raises(CrmError) as caught:
        sent_mailbox(ctx).file(copy, files_itself=False)
    assert "127.0.0.1" in caught.value.message
