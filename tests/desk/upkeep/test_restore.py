"""A restored store sends nothing by itself, and there is a store at every moment (SPEC §15, QUALITY R1)."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from crm_tui.data import backup as copies
from crm_tui.data.columns import columns, table_of
from crm_tui.data.store import open_store
from crm_tui.data.tables import Journal
from crm_tui.desk.common.context import Context
from crm_tui.desk.correspondence import delivery, drafts, outbox, reading, replies, sent_copies
from crm_tui.desk.upkeep import checking, maintenance
from crm_tui.mail.smtp import Cause, Failed, Sent
from tests.desk.house import NOW, add_account, come_in, mail
from tests.desk.sending import fence, pass_undo, transmit


def write(ctx: Context, number: int) -> int:
    """A guest's mail and a queued reply to it; returns the outbox item."""
    message = come_in(ctx, mail(message_id=f"g{number}@example.org", subject=f"Room {number}")).message_ids[0]
    draft = replies.start(ctx, "reply", message)
    version = drafts.save(ctx, draft.id, draft.version, text="Yes.")
    return outbox.queue(ctx, draft.id, version).id


def restored(ctx: Context, file: Path) -> Context:
    path = ctx.store.path
    assert path is not None
    ctx.store.close()
    maintenance.restore(file, path, NOW, replace=True)
    return Context(open_store(f"sqlite:///{path}"), ctx.home, ctx.settings, ctx.clock, ctx.actor)


def test_what_was_on_its_way_in_a_backup_is_not_sent_a_second_time(ctx: Context, tmp_path: Path) -> None:
    account = add_account(ctx)
    queued, sending, failed, held, sent = (write(ctx, number) for number in range(5))
    come_in(ctx, mail(message_id="late@example.org", In_Reply_To="<g3@example.org>"), account=account)
    pass_undo(ctx)
    work = delivery.job(ctx, sending)
    assert work is not None
    assert delivery.begin(ctx, work, 7, fence)
    assert transmit(ctx, failed, Failed(Cause.RECIPIENT, "nobody", True)) == "failed"
    assert delivery.job(ctx, held) is None
    assert transmit(ctx, sent, Sent("250")) == "sent"
    draft = replies.start(ctx, "reply", come_in(ctx, mail(message_id="d@example.org")).message_ids[0])
    file = tmp_path / "copy.db"
    maintenance.backup(ctx, file)
    assert transmit(ctx, queued, Sent("250 after the backup")) == "sent"

    back = restored(ctx, file)
    try:
        states = {item.id: item for item in outbox.items(back)}
        assert {number: item.state for number, item in states.items()} == dict.fromkeys(
            (queued, sending, failed, held), "uncertain"
        )
        assert {item.error for item in states.values()} == {
            "The store was restored from a backup: it may have been sent after that was made."
        }
        assert delivery.due(back) == []
        assert delivery.recover(back) == []
        assert outbox.get(back, sent).state == "sent"
        assert [copy.item for copy in sent_copies.copies_due(back)] == [sent]
        assert [found.id for found in drafts.mine(back)] == [draft.id]
        assert [finding.text for finding in checking.check(back) if not finding.ok] == []
        with back.store.connect() as connection:
            names = columns(Journal)
            told = select(names.entity_id, names.before).where(names.command == "restore").order_by(names.entity_id)
            assert [tuple(row) for row in connection.execute(told)] == [
                (queued, {"state": "queued"}),
                (sending, {"state": "sending"}),
                (failed, {"state": "failed"}),
                (held, {"state": "held"}),
            ]
            assert connection.execute(select(table_of(Journal))).all()[-1].at.tzinfo is not None
    finally:
        back.store.close()


def test_a_kill_at_any_step_of_a_restore_leaves_a_store(
    ctx: Context, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """After every change of a name in the folder there is a whole store at its place."""
    add_account(ctx)
    file = tmp_path / "copy.db"
    maintenance.backup(ctx, file)
    path = ctx.store.path
    assert path is not None
    ctx.store.close()
    seen: list[str] = []

    def watched(name: str) -> None:
        real: Any = getattr(os, name)

        def step(*given: Any, **named: Any) -> Any:
            done = real(*given, **named)
            copies.verify(path)
            seen.append(name)
            return done

        monkeypatch.setattr(os, name, step)

    for name in ("link", "replace", "unlink"):
        watched(name)
    aside = maintenance.restore(file, path, NOW, replace=True)
    assert "link" in seen
    assert "replace" in seen
    assert aside is not None
    copies.verify(aside)


def test_side_files_of_a_damaged_store_go_aside_with_it(
    ctx: Context, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "copy.db"
    maintenance.backup(ctx, file)
    path = ctx.store.path
    assert path is not None
    ctx.store.close()
    path.write_bytes(b"no store any more" * 1000)
    path.with_name(path.name + "-journal").write_bytes(b"left over")
    monkeypatch.setattr(copies, "_require_unused", lambda _store: None)  # SQLite itself may tidy the file away
    aside = maintenance.restore(file, path, NOW, replace=True)
    assert aside is not None
    assert aside.read_bytes().startswith(b"no store any more")
    assert aside.with_name(aside.name + "-journal").read_bytes() == b"left over"
    assert not path.with_name(path.name + "-journal").exists()
    copies.verify(path)


def test_a_restore_that_fails_at_the_last_step_changes_nothing(
    ctx: Context, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "copy.db"
    maintenance.backup(ctx, file)
    path = ctx.store.path
    assert path is not None
    ctx.store.close()
    real = os.replace

    def full(source: Any, target: Any) -> None:
        if Path(target) == path:
            raise OSError(28, "No space left on device")
        real(source, target)

    monkeypatch.setattr(os, "replace", full)
    with pytest.raises(OSError, match="No space"):
        maintenance.restore(file, path, NOW, replace=True)
    assert [name for name in os.listdir(path.parent) if "restore" in name] == []
    copies.verify(path)


def test_what_a_restore_made_uncertain_stays_on_record_when_it_is_edited(ctx: Context, tmp_path: Path) -> None:
    add_account(ctx)
    item = write(ctx, 1)
    file = tmp_path / "copy.db"
    maintenance.backup(ctx, file)
    back = restored(ctx, file)
    try:
        outbox.retry(back, item, may_be_second=True)
        draft = outbox.recall(back, item)
        assert outbox.queue(back, draft, drafts.get(back, draft).version).state == "queued"
        conversation = outbox.get(back, item).conversation
        assert conversation is not None
        assert [m.state for m in reading.conversation(back, conversation).messages] == ["", "uncertain", "queued"]
    finally:
        back.store.close()
