"""A full mailbox, on a Dovecot with a quota: the mail went out once, its copy waits and says why (QUALITY R2)."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from crm_tui.base.clock import ShiftedClock
from crm_tui.base.redact import Secret
from crm_tui.base.settings import Settings
from crm_tui.desk.correspondence import drafts, outbox, replies
from crm_tui.engine.lease import Lease
from crm_tui.engine.outbox import OutboxWorker
from crm_tui.mail.credentials import Credentials
from tests.desk.house import ADDRESS, NOW, add_account, come_in, mail, make_house
from tests.servers.dovecot import PASSWORD, Dovecot
from tests.servers.fixtures import need_dovecot
from tests.servers.smtp import Box, smtp_server

_QUOTA = """
mail_plugins = quota
protocol imap {
  mail_plugins = quota imap_quota
}
plugin {
  quota = maildir:User quota
  quota_rule = *:bytes=200
}
"""


@pytest.fixture
def full_mailbox() -> Iterator[Dovecot]:
    need_dovecot()
    # Not under pytest's private directory: the server's user must be able to enter it.
    root = Path(tempfile.mkdtemp(prefix="quota-"))
    try:
        with Dovecot(root, extra=_QUOTA) as server:
            yield server
    finally:
        shutil.rmtree(root, ignore_errors=True)


@pytest.mark.dovecot
def test_a_full_mailbox_refuses_the_copy_and_nothing_is_sent_again(tmp_path: Path, full_mailbox: Dovecot) -> None:
    ctx = make_house(tmp_path, clock=ShiftedClock(NOW), settings=Settings(undo_seconds=0))
    credentials = Credentials(lambda: None, memory={})
    credentials.hold(ADDRESS, Secret(PASSWORD))
    with smtp_server(Box(users={"desk": PASSWORD})) as smtp:
        account = add_account(ctx, imap_port=full_mailbox.port, smtp_port=smtp.port)
        guest = come_in(ctx, mail(), account=account)
        draft = replies.start(ctx, "reply", guest.message_ids[0])
        version = drafts.save(ctx, draft.id, draft.version, text="Yes, we have one.")
        item = outbox.queue(ctx, draft.id, version).id
        lease = Lease(ctx)
        assert lease.tick()
        worker = OutboxWorker(ctx, lease, credentials, timeout=5, answer_timeout=5)
        worker.step()
        shown = outbox.get(ctx, item)
        assert shown.state == "sent"
        assert shown.copy_state in {"pending", "failed"}
        assert "quota" in shown.copy_error.lower()
        outbox.retry_copy(ctx, item)
        worker.step()
        assert len(smtp.taken) == 1
    ctx.store.close()
