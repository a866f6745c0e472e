"""Scope holds on every way (SPEC §4, QUALITY S18): what is hidden is answered exactly as what does not exist."""

from __future__ import annotations

import importlib
import inspect
import pkgutil
import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import insert, select, update

from crm_tui import desk
from crm_tui.base.errors import CrmError, Forbidden, InvalidInput, NotFound
from crm_tui.data.columns import columns, new_id, table_of
from crm_tui.data.tables import Conversation, FolderCount, Inquiry, Journal, OutboxItem
from crm_tui.desk.common import scope
from crm_tui.desk.common.context import ENGINE, Context
from crm_tui.desk.common.views import ListQuery
from crm_tui.desk.conversations import triage
from crm_tui.desk.conversations.merging import merge_in
from crm_tui.desk.requests.inquiry_views import InquiryQuery
from crm_tui.rules import scopes
from tests.desk.house import add_account, come_in, house_like, mail
from tests.desk.scope_cases import ALIKE_WHEN_SEEN, CASES, GUEST, ID_WORDS, MISSING, OUTSIDE, Thing
from tests.desk.worked import newest

SEEN = {"Ana": {""}, "Leo": {"", "a2", "d1"}, "Mia": {"", "d1"}, "Eva": {"", "a4"}}
"""Who may see what: Ana is the administrator, Leo and Mia are of one department, Eva of none."""

SCOPES = ("", "a2", "d1", "a4")


@dataclass(frozen=True)
class House:
    """One store, four agents, four inquiries with a conversation each."""

    ctx: Context
    things: tuple[Thing, ...]

    def of(self, name: str) -> Context:
        """The desk in an agent's hands."""
        ana = self.ctx
        found = desk.team.find(ana, name)
        return desk.team.renewed(ana.acting_as(type(ana.actor)(found.id, found.name, found.role)))


@pytest.fixture
def house(tmp_path: Path) -> Any:
    """Ana has begun an answer in each conversation, and another is in the outbox, before the scopes were set."""
    built = House(*house_like(tmp_path, "scopes", _things))
    yield built
    built.ctx.store.close()


def _things(ctx: Context) -> tuple[Thing, ...]:
    desk.template_starter.add(ctx)
    desk.departments.add(ctx, "Reservations")
    desk.guests.create(ctx, {"surname": "Zima"})
    desk.team.add(ctx, "Leo", department="Reservations")
    desk.team.add(ctx, "Mia", department="Reservations")
    desk.team.add(ctx, "Eva")
    account = add_account(ctx)
    return tuple(_thing(ctx, account, number, word) for number, word in enumerate(SCOPES, 1))


def _thing(ctx: Context, account: int, number: int, word: str) -> Thing:
    letter = mail(
        sender=f"Guest {number} <guest{number}@example.org>",
        subject=f"Zimmer {number}",
        text=f"Dzień dobry, szukamy pokoju dla dwojga, słowo{number}.",
        message_id=f"m{number}@example.org",
    )
    received = come_in(ctx, letter, account=account)
    message, conversation = received.message_ids[0], next(iter(received.conversations))
    desk.wishes.refuse_whole(ctx, message, "The server is away.")
    queued = desk.replies.start(ctx, "reply_all", message)
    item = desk.outbox.queue(ctx, queued.id, queued.version)
    with ctx.write() as tx:
        tx.connection.execute(
            update(table_of(OutboxItem)).where(columns(OutboxItem).id == item.id).values(state="uncertain")
        )
    draft = desk.replies.start(ctx, "forward", message)
    with ctx.write() as tx:
        values = {"created_at": tx.now, "updated_at": tx.now, "children": [], "proposed": {}}
        inquiry = new_id(tx.connection.execute(insert(Inquiry).values(**values)))
        tx.connection.execute(
            update(table_of(Conversation))
            .where(columns(Conversation).id == conversation)
            .values(inquiry_id=inquiry, folder="Inquiries" if number % 2 else "Inbox")
        )
    memo = desk.memos.add(ctx, f"notiz{number}", inquiry=inquiry)
    reminder = desk.reminders.add(ctx, "Call back", "2026-07-08", inquiry=inquiry)
    event = desk.events.add(ctx, GUEST, "call", f"telefonat{number}", inquiry=inquiry)
    with ctx.write() as tx:
        scope.apply_in(tx, inquiry, word)
    return Thing(word, conversation, message, inquiry, draft.id, item.id, memo, reminder, event, newest(ctx))


# -- every way ----------------------------------------------------------------------------------------------------------


def ways() -> list[str]:
    """The public functions of the desk that take a number of something that can be hidden."""
    found = []
    for module in pkgutil.walk_packages(desk.__path__, "crm_tui.desk."):
        if module.ispkg or module.name.startswith("crm_tui.desk.reports."):
            continue
        room = importlib.import_module(module.name)
        for name, value in vars(room).items():
            if name.startswith("_") or not inspect.isfunction(value) or value.__module__ != room.__name__:
                continue
            parameters = list(inspect.signature(value).parameters)
            if parameters[:1] == ["ctx"] and any(ID_WORDS.search(one) for one in parameters[1:]):
                found.append(f"{module.name.rpartition('.')[2]}.{name}")
    return sorted(found)


def test_no_way_is_forgotten() -> None:
    """A new function must be named in scope_cases.py: called there by the test below, or left outside with a reason."""
    assert set(ways()) == set(CASES) | set(OUTSIDE)


def outcome(work: Callable[[Context, Thing], Any], ctx: Context, it: Thing) -> Any:
    """What a call comes to, without the numbers that it was given."""
    try:
        found = work(ctx, it)
    except CrmError as error:
        found = (type(error).__name__, error.message, error.hint)
    text = repr(found)
    for number in sorted(
        {it.conversation, it.message, it.inquiry, it.draft, it.item, it.memo, it.reminder, it.event, it.ticket},
        reverse=True,
    ):
        text = re.sub(rf"\b{number}\b", "N", text)
    return text


def journal(ctx: Context) -> int:
    with ctx.store.connect() as connection:
        return len(connection.execute(select(columns(Journal).id)).all())


@pytest.mark.parametrize("way", CASES)
def test_hidden_is_answered_as_missing(house: House, way: str) -> None:
    work = CASES[way]
    for name, seen in SEEN.items():
        ctx = house.of(name)
        if name == "Ana":  # the drafts and what is in the outbox are her own: see below
            continue
        missing = outcome(work, ctx, MISSING)
        for it in house.things:
            if it.scope not in seen:
                before = journal(ctx)
                assert outcome(work, ctx, it) == missing, (name, it)
                assert journal(ctx) == before, (name, it)


@pytest.mark.parametrize("way", sorted(CASES.keys() - ALIKE_WHEN_SEEN))
def test_visible_is_not(house: House, way: str) -> None:
    """So that the test above cannot pass because a call never works."""
    work = CASES[way]
    for it, name in zip(house.things, ("Leo", "Leo", "Mia", "Eva"), strict=True):
        ctx = house.of(name)
        assert outcome(work, ctx, it) != outcome(work, ctx, MISSING), (name, it)


def test_roles_open_nothing(house: House) -> None:
    """Scope is strict: the administrator does not see what is for others."""
    ana = house.ctx
    for it in house.things[1:]:
        with pytest.raises(NotFound, match="There is no conversation"):
            desk.reading.conversation(ana, it.conversation)
        with pytest.raises(NotFound, match="There is no message"):
            desk.reading.message(ana, it.message)


def test_the_engine_sees_all(house: House) -> None:
    engine = house.ctx.acting_as(ENGINE)
    assert [desk.reading.conversation(engine, it.conversation).row.id for it in house.things] == [
        it.conversation for it in house.things
    ]


# -- lists and counts ---------------------------------------------------------------------------------------------------

PLACES = ("Inbox", "Inquiries", "Done", "All", "Sent", "Starred", "Snoozed", "account:1")


@pytest.mark.parametrize("name", SEEN)
def test_lists_hold_what_is_visible_and_counts_equal_them(house: House, name: str) -> None:
    starred = [it.conversation for it in house.things]
    triage.star(house.ctx.acting_as(ENGINE), starred, starred=True)
    ctx = house.of(name)
    wanted = {it.conversation for it in house.things if it.scope in SEEN[name]}
    counts = desk.folders.counts(ctx)
    for place in PLACES:
        for only in ("all", "unanswered", "unread"):
            for order in ("newest", "oldest", "waiting"):
                query = ListQuery(place, only=only, order=order)
                page = desk.folders.page(ctx, query)
                ids = [row.id for row in page.rows]
                assert set(ids) <= wanted, (place, only, order)
                assert page.total == len(ids) == desk.folders.total(ctx, query), (place, only, order)
                assert [desk.folders.position(ctx, query, row.cursor) for row in page.rows] == list(range(len(ids)))
                if order != "waiting" and place != "All":
                    badge = counts.get(place)
                    assert (getattr(badge, {"all": "total"}.get(only, only)) if badge else 0) == len(ids)
    assert {row.id for row in desk.folders.page(ctx, ListQuery("All")).rows} == wanted
    assert {row.id for row in desk.folders.page(ctx, ListQuery("Starred")).rows} == wanted
    (account,) = desk.accounts.list_accounts(ctx)
    assert account.unread == len(wanted)


@pytest.mark.parametrize("name", SEEN)
@pytest.mark.parametrize(
    "text", ["pokoju", "is:unanswered", "pokoju is:unread", "-nothing", "from:guest", "pokoju in:Inbox in:Inquiries"]
)
@pytest.mark.parametrize("few", [0, 10_000])
def test_a_search_finds_what_is_visible(
    house: House, monkeypatch: pytest.MonkeyPatch, name: str, text: str, few: int
) -> None:
    monkeypatch.setattr("crm_tui.desk.finding.search_sql.FEW", few)
    monkeypatch.setattr("crm_tui.desk.finding.search_about.FEW", few)
    monkeypatch.setattr("crm_tui.desk.finding.search_about.MANY", few - 1)
    found = {hit.id for hit in desk.search.search(house.of(name), text) if hit.kind == "message"}
    assert found == {it.message for it in house.things if it.scope in SEEN[name]}


@pytest.mark.parametrize("name", SEEN)
def test_addresses_are_completed_from_what_is_visible(house: House, name: str) -> None:
    found = {person.address for person in desk.correspondents.find(house.of(name), "guest")}
    assert found == {
        f"guest{number}@example.org" for number, it in enumerate(house.things, 1) if it.scope in SEEN[name]
    }


def test_others_outbox_items_show_where_their_conversation_does(house: House) -> None:
    for name, seen in SEEN.items():
        shown = {item.id for item in desk.outbox.items(house.of(name))}
        everything = {it.item for it in house.things}
        assert shown == (everything if name == "Ana" else {it.item for it in house.things if it.scope in seen})


def test_an_import_tells_no_number_of_a_hidden_duplicate(house: House, tmp_path: Path) -> None:
    hidden, open_ = house.things[1], house.things[0]
    for number, it in ((2, hidden), (1, open_)):
        raw = desk.reading.source(house.ctx.acting_as(ENGINE), it.message)
        (tmp_path / f"{number}.eml").write_bytes(raw)
    found = {
        Path(one.path).name: (one.status, one.message)
        for one in desk.importing.import_mail(house.ctx, [tmp_path / "1.eml", tmp_path / "2.eml"])
    }
    assert found == {"1.eml": ("duplicate", open_.message), "2.eml": ("duplicate", None)}


# -- inquiries ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", SEEN)
def test_inquiries_memos_and_reminders_are_listed_and_counted_where_they_are_visible(house: House, name: str) -> None:
    ctx = house.of(name)
    wanted = {it.inquiry for it in house.things if it.scope in SEEN[name]}
    for status in ("open", "all", "new"):
        for order in ("planned", "newest", "arrival"):
            query = InquiryQuery(status, order=order)
            page = desk.inquiry_lists.page(ctx, query)
            assert {row.id for row in page.rows} == wanted
            assert page.total == len(wanted) == desk.inquiry_lists.total(ctx, query)
    assert {one.inquiry for one in desk.reminders.listed(ctx)} == wanted
    found = {hit.id for hit in desk.search.search(ctx, "notiz*") if hit.kind == "inquiry"}
    assert found == wanted


def test_the_history_of_a_guest_leaves_out_what_is_hidden(house: House) -> None:
    for it, name in zip(house.things, ("Leo", "Leo", "Mia", "Eva"), strict=True):
        desk.inquiry_guests.add(house.of(name), it.inquiry, GUEST)
    for name, seen in SEEN.items():
        entries = desk.history.of_guest(house.of(name), GUEST, limit=None)
        assert len(entries) == 1 + len(seen), name  # that the guest was made, and each inquiry they were added to


def test_a_hidden_conversation_is_not_linked_to_ones_own_inquiry(house: House) -> None:
    mine, hidden = house.things[0], house.things[1]
    for conversation in (hidden.conversation, MISSING.conversation):
        with pytest.raises(NotFound, match=f"^There is no conversation {conversation}"):
            desk.inquiries.link(house.ctx, mine.inquiry, [conversation])
        with pytest.raises(NotFound, match=f"^There is no conversation {conversation}"):
            desk.splitting.merge(house.ctx, [mine.conversation, conversation])


# -- what stays one's own -----------------------------------------------------------------------------------------------


def test_a_draft_stays_its_authors_and_is_not_sent_unseen(house: House) -> None:
    """Ana wrote before the conversation was reserved for Leo: her text is kept, and goes nowhere."""
    ana, it = house.ctx, house.things[1]
    mine = desk.drafts.get(ana, it.draft)
    assert it.draft in {one.id for one in desk.drafts.mine(ana)}
    assert desk.drafts.save(ana, it.draft, mine.version, text="Still mine") == mine.version + 1
    assert desk.outbox.get(ana, it.item).news == ()
    recalled = desk.outbox.recall(ana, it.item, may_be_second=True)
    answer = desk.drafts.get(ana, recalled)
    assert desk.outbox.news_of_draft(ana, recalled) == []
    with pytest.raises(Forbidden, match="reserved for others"):
        desk.outbox.queue(ana, recalled, answer.version)
    assert desk.drafts.get(ana, recalled).text == answer.text
    desk.drafts.drop(ana, recalled)
    desk.drafts.drop(ana, it.draft)
    assert recalled not in {one.id for one in desk.drafts.mine(ana)}


def test_what_is_held_is_not_sent_by_who_may_not_see_the_news(house: House) -> None:
    ana, it = house.ctx, house.things[1]
    with ana.write() as tx:
        tx.connection.execute(
            update(table_of(OutboxItem)).where(columns(OutboxItem).id == it.item).values(state="held")
        )
    come_in(
        ana, mail(message_id="later@example.org", sender="Guest 2 <guest2@example.org>", In_Reply_To="<m2@example.org>")
    )
    assert desk.outbox.get(ana, it.item).news == ()
    with pytest.raises(Forbidden, match="reserved for others"):
        desk.outbox.send_anyway(ana, it.item)


# -- setting a scope ----------------------------------------------------------------------------------------------------


def test_a_scope_moves_the_conversations_of_an_inquiry_and_undo_brings_them_back(house: House) -> None:
    leo, it = house.of("Leo"), house.things[0]
    with leo.write() as tx:
        assert scope.apply_in(tx, it.inquiry, "a2") == 1
        tx.journal("inquiry", it.inquiry, "set", {"scope": ""}, {"scope": "a2"}, undoable=True)
    assert desk.folders.row(house.ctx, it.conversation) is None
    assert desk.folders.row(leo, it.conversation) is not None
    desk.undo.undo(leo)
    assert desk.folders.row(house.ctx, it.conversation) is not None
    assert all(one.ok for one in desk.checking.check(house.ctx) if one.name in ("counters", "journal"))


def test_new_mail_keeps_the_scope_of_its_conversation(house: House) -> None:
    it = house.things[1]
    answer = mail(
        message_id="more@example.org",
        sender="Guest 2 <guest2@example.org>",
        In_Reply_To="<m2@example.org>",
        text="More.",
    )
    received = come_in(house.ctx.acting_as(ENGINE), answer)
    assert received.conversations == {it.conversation}
    with pytest.raises(NotFound):
        desk.reading.message(house.ctx, received.message_ids[0])
    assert desk.reading.message(house.of("Leo"), received.message_ids[0]).text.strip() == "More."


@pytest.mark.parametrize(
    ("first", "second", "kept"), [("", "a2", "a2"), ("a2", "", "a2"), ("d1", "a2", "a2"), ("a2", "a4", "a2")]
)
def test_a_merge_keeps_the_narrower_scope_with_its_inquiry(house: House, first: str, second: str, kept: str) -> None:
    by_scope = {it.scope: it for it in house.things}
    survivor, other = by_scope[first], by_scope[second]
    with house.ctx.acting_as(ENGINE).write() as tx:
        merge_in(tx, survivor.conversation, other.conversation)
    with house.ctx.store.connect() as connection:
        names = columns(Conversation)
        rows = connection.execute(
            select(names.scope, names.inquiry_id, names.merged_into)
            .where(names.id.in_([survivor.conversation, other.conversation]))
            .order_by(names.merged_into.is_not(None))
        ).all()
    assert [row.scope for row in rows] == [kept, kept]
    assert rows[0].inquiry_id == by_scope[kept].inquiry
    with pytest.raises(NotFound, match=f"conversation {other.conversation}"):
        desk.reading.conversation(house.of("Mia"), other.conversation)


def test_what_was_for_an_agent_who_left_is_seen_by_managers_and_administrators(house: House) -> None:
    eva = desk.team.find(house.ctx, "Eva")
    desk.team.change(house.ctx, desk.team.find(house.ctx, "Mia").id, role="manager")
    desk.team.remove(house.ctx, eva.id)
    it = house.things[3]
    for name, sees in (("Ana", True), ("Mia", True), ("Leo", False)):
        assert (desk.folders.row(house.of(name), it.conversation) is not None) is sees
    desk.team.restore(house.ctx, eva.id)
    assert desk.folders.row(house.of("Ana"), it.conversation) is None


def test_what_is_for_a_department_without_members_is_seen_by_managers_and_administrators(house: House) -> None:
    """Leo leaves, Mia goes elsewhere: what was for their department alone is not out of everybody's sight."""
    it = house.things[2]
    leo, mia = (desk.team.find(house.ctx, name) for name in ("Leo", "Mia"))
    assert desk.team.remove(house.ctx, leo.id).fallen == 1  # what was for him alone: Mia sees the department's
    assert desk.folders.row(house.of("Ana"), it.conversation) is None
    moved = desk.team.change(house.ctx, mia.id, department="", role="manager")
    assert moved.fallen == 1
    for name, sees in (("Ana", True), ("Mia", True), ("Eva", False)):
        assert (desk.folders.row(house.of(name), it.conversation) is not None) is sees
        assert (it.inquiry in [row.id for row in desk.inquiries.page(house.of(name), InquiryQuery()).rows]) is sees
    ana = house.of("Ana")
    with pytest.raises(InvalidInput, match="Nobody is in the department Reservations"):
        scope.named(ana, "reservations")
    desk.inquiries.set(ana, it.inquiry, desk.inquiries.get(ana, it.inquiry).version, {"scope": "everyone"})
    assert desk.folders.row(house.of("Eva"), it.conversation) is not None
    desk.team.restore(house.ctx, leo.id)
    assert "d1" not in house.of("Ana").actor.inherited


def test_what_belongs_to_a_hidden_inquiry_is_hidden_though_its_conversation_is_not(house: House) -> None:
    """The two scopes are kept equal; what one of them hides stays hidden if ever they are not."""
    it = house.things[1]
    ana, leo = house.of("Ana"), house.of("Leo")
    memo = desk.memos.add(leo, "the secret", inquiry=it.inquiry)
    apart = update(Conversation).where(columns(Conversation).id == it.conversation).values(scope="")
    with leo.write() as tx:
        tx.connection.execute(apart)
    assert memo not in [one.id for one in desk.memos.listed(ana, conversation=it.conversation)]
    assert desk.notes.of_conversation(ana, it.conversation).inquiry is None
    assert desk.inquiries.of_conversation(ana, it.conversation) is None
    found = desk.template_use.preview(ana, "", "{{ inquiry.number }}", "en", it.conversation)
    assert found.gaps == ("inquiry.number",)
    assert memo in [one.id for one in desk.memos.listed(leo, conversation=it.conversation)]
    seen = [desk.notes.of_conversation(one, it.conversation) for one in (ana, leo)]
    assert seen[0].memos < seen[1].memos
    assert seen[1].inquiry == it.inquiry
    assert desk.template_use.preview(leo, "", "{{ inquiry.number }}", "en", it.conversation).text == str(it.inquiry)


def test_what_was_merged_follows_the_scope_and_is_written_on_by_its_old_number(house: House) -> None:
    first, second = (house.things[number].conversation for number in (0, 3))
    eva = house.of("Eva")
    desk.inquiries.unlink(eva, house.things[0].inquiry, [first])
    alive = desk.splitting.merge(eva, [first, second])
    (away,) = {first, second} - {alive}
    memo = desk.memos.add(eva, "on the old number", conversation=away)
    assert desk.memos.get(eva, memo).conversation == alive
    assert memo in [one.id for one in desk.memos.listed(eva, conversation=away)]
    reminder = desk.reminders.add(eva, "call", "2026-07-02", conversation=away)
    assert desk.reminders.get(eva, reminder).conversation == alive
    with pytest.raises(NotFound, match=f"conversation {away}"):
        desk.memos.listed(house.of("Mia"), conversation=away)
    number = desk.inquiries.of_conversation(eva, alive)
    assert number is not None
    with eva.write() as tx:
        desk.inquiry_links.unlink_in(tx, number, [alive])
    names = columns(Conversation)
    with eva.store.connect() as connection:
        rows = connection.execute(select(names.scope).where(names.id.in_([first, second]))).scalars().all()
    assert rows == ["", ""]


# -- words --------------------------------------------------------------------------------------------------------------


def test_scopes_are_named_and_described(house: House) -> None:
    leo = house.of("Leo")
    assert [scope.named(leo, word) for word in ("everyone", "me", "department", "eva", "reservations", "ANA")] == [
        "", "a2", "d1", "a4", "d1", "a1",
    ]  # fmt: skip
    assert [scope.described(leo, word) for word in SCOPES] == [
        "everyone", "only Leo", "department Reservations", "only Eva",
    ]  # fmt: skip
    with pytest.raises(InvalidInput, match="no agent or department called Moon"):
        scope.named(leo, "Moon")
    with pytest.raises(InvalidInput, match="in no department"):
        scope.named(house.of("Eva"), "department")


@pytest.mark.parametrize("word", ["x1", "a", "a1b", "dd", "1", "*", "a²"])
def test_another_word_is_no_scope(word: str) -> None:
    with pytest.raises(ValueError, match="is no scope"):
        scopes.parse(word)


@pytest.mark.parametrize("kind", ["me", "agent", "department"])
def test_a_scope_needs_its_number(kind: str) -> None:
    with pytest.raises(ValueError, match="needs a number"):
        scopes.scope_of(kind)


def test_words_come_back_as_they_went_in() -> None:
    assert scopes.parse(scopes.scope_of("agent", 12)) == scopes.Scope(scopes.ScopeKind.AGENT, 12)
    assert scopes.parse(scopes.scope_of("department", None, 3)) == scopes.Scope(scopes.ScopeKind.DEPARTMENT, 3)
    assert scopes.parse(scopes.scope_of("everyone")) == scopes.Scope(scopes.ScopeKind.EVERYONE)


def test_the_counters_are_kept_apart_by_scope(house: House) -> None:
    names = columns(FolderCount)
    with house.ctx.store.connect() as connection:
        rows = connection.execute(
            select(names.scope, names.total).where(names.key == "account:1", names.total > 0)
        ).all()
    assert {row.scope: row.total for row in rows} == dict.fromkeys(SCOPES, 1)
