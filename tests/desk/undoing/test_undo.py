"""One key takes a command back: whole, in order, after a restart, and never over another's change (SPEC §3, §13)."""

from __future__ import annotations

import threading
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import insert, select, text, update

from crm_tui import desk
from crm_tui.base.clock import FixedClock
from crm_tui.base.errors import Forbidden
from crm_tui.data.columns import columns, new_id
from crm_tui.data.store import open_store
from crm_tui.data.tables import Agent, Conversation, Inquiry, Journal, Memo, Undone
from crm_tui.desk.common.context import Actor, Context
from crm_tui.desk.undoing import undo
from tests.desk.house import NOW, make_house

_C = columns(Conversation)
_J = columns(Journal)


def another(ctx: Context, name: str = "Leo") -> Context:
    """The same desk in a colleague's hands."""
    with ctx.write() as tx:
        number = new_id(tx.connection.execute(insert(Agent).values(name=name, created_at=tx.now)))
    return ctx.acting_as(Actor(number, name))


def conversations(ctx: Context, count: int, **values: Any) -> list[int]:
    """Conversations in the Inbox, straight into the store."""
    with ctx.write() as tx:
        rows = [
            {"subject": f"Room {n}", "first_at": tx.now, "last_at": tx.now, "listed_at": tx.now} | values
            for n in range(1, count + 1)
        ]
        tx.connection.execute(insert(Conversation), rows)
        return list(tx.connection.execute(select(_C.id).order_by(_C.id.desc()).limit(count)).scalars())[::-1]


def change(ctx: Context, ids: list[int], action: str = "set", **values: Any) -> None:
    """A command over conversations that journals what it changed, as every command does."""
    with ctx.write() as tx:
        for number in ids:
            row = tx.connection.execute(select(*(_C[name] for name in values)).where(_C.id == number)).one()
            before = {name: _plain(value) for name, value in row._mapping.items()}
            after = {name: _plain(value) for name, value in values.items()}
            tx.connection.execute(update(Conversation).where(_C.id == number).values(**values, version=_C.version + 1))
            tx.journal("conversation", number, action, before, after, undoable=True)


def _plain(value: Any) -> Any:
    return value.isoformat() if hasattr(value, "isoformat") else value


def stands(ctx: Context, number: int, *names: str) -> tuple[Any, ...]:
    """Columns of a conversation now."""
    with ctx.store.connect() as connection:
        return tuple(connection.execute(select(*(_C[name] for name in names)).where(_C.id == number)).one())


def test_one_by_one_back_to_the_beginning(ctx: Context) -> None:
    one, two = conversations(ctx, 2)
    change(ctx, [one], folder="Done", previous_folder="Inbox")
    change(ctx, [two], starred=True)
    change(ctx, [one], snoozed=True, snoozed_until=NOW + timedelta(days=1))
    undo.undo(ctx)
    assert stands(ctx, one, "snoozed", "snoozed_until", "folder") == (False, None, "Done")
    undo.undo(ctx)
    assert stands(ctx, two, "starred") == (False,)
    undo.undo(ctx)
    assert stands(ctx, one, "folder", "previous_folder") == ("Inbox", "")
    assert undo.last(ctx) is None
    with pytest.raises(undo.NothingToUndo, match="nothing to take back"):
        undo.undo(ctx)


def test_an_instant_and_a_version_come_back_right(ctx: Context) -> None:
    at = NOW + timedelta(hours=5, microseconds=7)
    (one,) = conversations(ctx, 1, snoozed=True, snoozed_until=at)
    version = stands(ctx, one, "version")[0]
    change(ctx, [one], snoozed=False, snoozed_until=None)
    undo.undo(ctx)
    assert stands(ctx, one, "snoozed", "snoozed_until", "version") == (True, at, version + 2)


def test_a_restart_forgets_nothing(tmp_path: Path) -> None:
    ctx = make_house(tmp_path)
    (one,) = conversations(ctx, 1)
    change(ctx, [one], folder="Done")
    ctx.store.close()
    again = replace(ctx, store=open_store(ctx.store.url))
    found = undo.last(again)
    assert found is not None
    assert found.conversations == (one,)
    assert undo.undo(again).command == found.command
    assert stands(again, one, "folder") == ("Inbox",)
    again.store.close()


def test_others_in_between_do_not_matter(ctx: Context) -> None:
    leo = another(ctx)
    one, two = conversations(ctx, 2)
    change(ctx, [one], folder="Done")
    change(leo, [one], starred=True)
    change(leo, [two], folder="Spam")
    undo.undo(ctx)
    assert stands(ctx, one, "folder", "starred") == ("Inbox", True)
    assert stands(ctx, two, "folder") == ("Spam",)
    undo.undo(leo)
    assert stands(ctx, two, "folder") == ("Inbox",)


def test_refused_with_the_reason_and_nothing_changes(ctx: Context) -> None:
    leo = another(ctx)
    one, two, three = conversations(ctx, 3)
    change(ctx, [three], starred=True)
    change(ctx, [one, two], folder="Done")
    change(leo, [two], folder="Booked")
    with pytest.raises(undo.Refused, match="Leo") as refused:
        undo.undo(ctx)
    assert "Room 2" in str(refused.value)
    assert [stands(ctx, n, "folder")[0] for n in (one, two)] == ["Done", "Booked"]
    undo.undo(ctx)  # the refused one does not stand in the way
    assert stands(ctx, three, "starred") == (False,)
    assert undo.last(ctx) is None


def test_changed_and_changed_back_is_as_it_was_left(ctx: Context) -> None:
    leo = another(ctx)
    (one,) = conversations(ctx, 1)
    change(ctx, [one], folder="Done")
    change(leo, [one], folder="Booked")
    undo.undo(leo)
    undo.undo(ctx)
    assert stands(ctx, one, "folder") == ("Inbox",)


def test_what_went_out_of_sight_is_not_touched(ctx: Context) -> None:
    leo = another(ctx)
    (one,) = conversations(ctx, 1)
    change(leo, [one], folder="Done")
    change(ctx, [one], scope=f"a{ctx.actor.id}")
    with pytest.raises(undo.Refused) as refused:
        undo.undo(leo)
    assert "Room" not in str(refused.value)
    assert stands(ctx, one, "folder") == ("Done",)
    undo.undo(ctx)
    assert stands(ctx, one, "scope") == ("",)


def test_who_hid_something_from_themselves_can_take_that_back(ctx: Context) -> None:
    leo = another(ctx)
    (one,) = conversations(ctx, 1)
    change(leo, [one], scope=f"a{ctx.actor.id}")
    undo.undo(leo)
    assert stands(ctx, one, "scope") == ("",)


def test_five_thousand_are_one_undo_in_few_statements(ctx: Context) -> None:
    ids = conversations(ctx, 5000)
    with ctx.write() as tx:
        tx.connection.execute(update(Conversation).values(folder="Done"))
        for number in ids:
            tx.journal("conversation", number, "move", {"folder": "Inbox"}, {"folder": "Done"}, undoable=True)
    statements: list[str] = []
    from sqlalchemy import event

    event.listen(ctx.store.engine, "before_cursor_execute", lambda *given: statements.append(given[2]))
    assert undo.undo(ctx).rows == 5000
    assert len(statements) < 50
    with ctx.store.connect() as connection:
        assert set(connection.execute(select(_C.folder)).scalars()) == {"Inbox"}
        counted = connection.execute(text("SELECT key, total FROM folder_count WHERE total <> 0"))
        assert {row.key: row.total for row in counted} == {"Inbox": 5000}


def test_not_after_thirty_days(ctx: Context) -> None:
    (one,) = conversations(ctx, 1)
    change(ctx, [one], folder="Done")
    late = replace(ctx, clock=FixedClock(NOW + timedelta(days=undo.DAYS, seconds=1)))
    assert undo.last(late) is None
    with pytest.raises(undo.NothingToUndo):
        undo.undo(late)


def test_what_was_made_is_put_away_unless_another_works_with_it(ctx: Context) -> None:
    leo = another(ctx)
    made = []
    for _n in range(2):
        with ctx.write() as tx:
            row = {"status": "new", "channel": "phone", "created_at": tx.now, "updated_at": tx.now, "proposed": {}}
            made.append(new_id(tx.connection.execute(insert(Inquiry).values(children=[], **row))))
            tx.journal("inquiry", made[-1], "create", None, {"status": "new"}, undoable=True)
    with leo.write() as tx:
        tx.connection.execute(update(Inquiry).where(columns(Inquiry).id == made[0]).values(room="2+1"))
        tx.journal("inquiry", made[0], "set", {"room": ""}, {"room": "2+1"}, undoable=True)
    undo.undo(ctx)
    with pytest.raises(undo.Refused):
        undo.undo(ctx)
    with ctx.store.connect() as connection:
        removed = connection.execute(select(columns(Inquiry).removed_at).order_by(columns(Inquiry).id)).scalars().all()
    assert removed == [None, NOW]


def test_a_memo_is_out_of_sight_with_its_conversation(ctx: Context) -> None:
    leo = another(ctx)
    (one,) = conversations(ctx, 1)
    with leo.write() as tx:
        values = {"conversation_id": one, "author_id": leo.actor.id, "text": "call back", "created_at": tx.now}
        memo = new_id(tx.connection.execute(insert(Memo).values(**values)))
        tx.journal("memo", memo, "add", {"removed_at": tx.now.isoformat()}, {"removed_at": None}, undoable=True)
    change(ctx, [one], scope=f"a{ctx.actor.id}")
    with pytest.raises(undo.Refused):
        undo.undo(leo)


def test_nothing_is_written_with_readonly(ctx: Context) -> None:
    (one,) = conversations(ctx, 1)
    change(ctx, [one], folder="Done")
    with pytest.raises(Forbidden):
        undo.undo(replace(ctx, readonly=True))
    assert stands(ctx, one, "folder") == ("Done",)


def test_two_desks_of_one_agent_take_each_command_back_once(ctx: Context) -> None:
    ids = conversations(ctx, 20)
    for number in ids:
        change(ctx, [number], folder="Done")
    desks = [replace(ctx, store=open_store(ctx.store.url)) for _n in range(2)]
    threads = [threading.Thread(target=lambda desk=desk: [undo.undo(desk) for _n in range(10)]) for desk in desks]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for one in desks:
        one.store.close()
    assert {stands(ctx, number, "folder", "version") for number in ids} == {("Inbox", 3)}


def test_undo_is_journaled_and_marked(ctx: Context) -> None:
    (one,) = conversations(ctx, 1)
    change(ctx, [one], folder="Done")
    view = undo.undo(ctx)
    with ctx.store.connect() as connection:
        row = connection.execute(select(_J.action, _J.before, _J.after, _J.command).order_by(_J.id.desc())).first()
        mark = connection.execute(select(columns(Undone).command, columns(Undone).by_command)).one()
    assert row is not None
    assert (row.action, row.before, row.after) == ("undo", {"folder": "Done"}, {"folder": "Inbox"})
    assert tuple(mark) == (view.command, row.command)


def test_the_search_for_the_newest_command_uses_its_index(ctx: Context) -> None:
    (one,) = conversations(ctx, 1)
    change(ctx, [one], folder="Done")
    seen: list[tuple[str, Any]] = []
    from sqlalchemy import event

    event.listen(ctx.store.engine, "before_cursor_execute", lambda *given: seen.append((given[2], given[3])))
    undo.last(ctx)
    statement, values = next((s, v) for s, v in seen if "undone" in s)
    with ctx.store.connect() as connection:
        plan = connection.exec_driver_sql("EXPLAIN QUERY PLAN " + statement, values).all()
    assert "ix_journal_undoable" in str(plan)


def test_what_was_merged_away_since_is_not_changed(ctx: Context) -> None:
    one, two = conversations(ctx, 2)
    change(ctx, [two], folder="Done")
    with another(ctx).write() as tx:
        tx.connection.execute(update(Conversation).where(_C.id == two).values(merged_into=one))
        tx.journal("conversation", two, "merge", {"merged_into": None}, {"merged_into": one})
    with pytest.raises(undo.Refused, match="Leo"):
        undo.undo(ctx)
    assert stands(ctx, two, "folder") == ("Done",)


def test_what_no_column_holds_is_refused_rather_than_forgotten(ctx: Context) -> None:
    (one,) = conversations(ctx, 1)
    with ctx.write() as tx:
        tx.journal("conversation", one, "paint", {"colour": "red"}, {"colour": "blue"}, undoable=True)
    with pytest.raises(undo.Refused, match="cannot take that back"):
        undo.undo(ctx)
    with ctx.write() as tx:
        tx.journal("conversation", one, "make", None, {"folder": "Inbox"}, undoable=True)
    with pytest.raises(undo.Refused, match="cannot take that back"):
        undo.undo(ctx)
    assert stands(ctx, one, "folder") == ("Inbox",)


def test_every_module_that_registers_with_undo_is_imported_before_it() -> None:
    import re

    from crm_tui.desk.undoing import undo_registry

    room = Path(desk.__file__).parent
    registers = re.compile(r"^(undo\.|undo_registry\.)?(special|special_many|entity|says)\(", re.MULTILINE)
    modules = {
        path.stem
        for path in room.rglob("*.py")
        if registers.search(path.read_text(encoding="utf-8")) and not path.stem.startswith("history_")
    }
    assert modules - {"undo_registry"} <= set(undo_registry.PROVIDERS)


def test_every_undo_names_what_it_took_back(ctx: Context) -> None:
    (one,) = conversations(ctx, 1)
    desk.triage.star(ctx, [one], starred=True)
    assert undo.undo(ctx).text == "The star on “Room 1” is off again."
    view = desk.saved_views.create(ctx, "Offers out", "is:unanswered")
    assert undo.undo(ctx).text == "The saved view “Offers out” is gone again."
    view = desk.saved_views.create(ctx, "Offers out", "is:unanswered")
    desk.saved_views.remove(ctx, view, 1)
    assert undo.undo(ctx).text == "The saved view “Offers out” is back."
    number = desk.inquiries.create(ctx, {"channel": "phone"}, guest={"surname": "Nowak"})
    assert undo.undo(ctx).text == f"Inquiry {number} is gone again."
    number = desk.inquiries.from_conversation(ctx, one)
    assert undo.undo(ctx).text == f"Inquiry {number} is gone again; the conversation is as it was."
    number = desk.inquiries.create(ctx, {}, guest={"surname": "Nowak"})
    desk.inquiries.set(ctx, number, desk.inquiries.get(ctx, number).version, {"room": "2+1"})
    assert undo.undo(ctx).text == f"Inquiry {number} is as it was: room."
    desk.inquiry_guests.add_new(ctx, number, {"surname": "Kowalska"})
    assert undo.undo(ctx).text == "The guest “Kowalska” is gone again."
    desk.inquiries.link(ctx, number, [one])
    assert undo.undo(ctx).text == f"“Room 1” is out of inquiry {number} again."
    guest = desk.inquiries.get(ctx, number).guests[0].id
    desk.attributes.tag(ctx, guest, desk.attributes.add(ctx, "VIP"))
    assert undo.undo(ctx).text == "“Nowak” is no longer tagged as “VIP”."
    assert undo.undo(ctx).text == "The attribute “VIP” is gone again."
    desk.memos.add(ctx, "call back", inquiry=number)
    assert undo.undo(ctx).text == "The memo “call back” is gone again."


def test_every_action_that_can_be_taken_back_has_words_of_its_own() -> None:
    from crm_tui.desk.undoing import undo_registry, undo_words

    undo_registry.load()
    for entity in undo_registry._KNOWN.entities:
        assert any(entity == name for name, _action in undo_words._DID)


def test_a_message_that_was_read_is_refused_in_words(ctx: Context) -> None:
    leo = another(ctx)
    (one,) = conversations(ctx, 1)
    desk.internal.mark_read(leo, [desk.internal.send(ctx, "Leo", "hi", conversation=one)])
    with pytest.raises(undo.Refused, match="Leo has read it already"):
        undo.undo(ctx)
