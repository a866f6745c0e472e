"""Splitting and merging: turns, threads and what belongs to a conversation follow, and all of it can be taken back."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import insert

from crm_tui.base.clock import FixedClock
from crm_tui.base.errors import Conflict, InvalidInput, NotFound
from crm_tui.data.tables import Inquiry, Memo
from crm_tui.desk.common.context import Actor, Context
from crm_tui.desk.common.views import ListQuery
from crm_tui.desk.conversations import folders, merging, splitting, triage
from crm_tui.desk.correspondence import reading, replies
from crm_tui.desk.staff import setup
from crm_tui.desk.undoing import undo
from crm_tui.desk.upkeep import checking
from tests.building import HOTEL, NOON, add_account, add_mailbox, make_mail, minutes, receive_mails
from tests.desk.house import make_house

ANA, MARTA = "ana@guests.example", "marta@guests.example"


class Place:
    """A desk with an Inbox and a Sent mailbox, at which mails are named by letters."""

    def __init__(self, ctx: Context, clock: FixedClock) -> None:
        self.ctx, self.clock = ctx, clock
        self.account = add_account(ctx)
        self.inbox = add_mailbox(ctx, self.account)
        self.sent = add_mailbox(ctx, self.account, "Sent", role="sent")
        self.ids: dict[str, int] = {}

    def land(
        self,
        name: str,
        *,
        answers: str = "",
        also: str = "",
        out: bool = False,
        sender: str = ANA,
        subject: str = "Room",
    ) -> int:
        """A mail comes in (or is found in Sent); returns its conversation. ``also``: older mails that it refers to."""
        number = len(self.ids)
        raw = make_mail(
            f"{name}\n",
            message_id=f"{name}@x",
            sender=HOTEL if out else sender,
            to=sender if out else HOTEL,
            subject=subject,
            in_reply_to=f"{answers}@x" if answers else "",
            references=[f"{one}@x" for one in (*also, *answers)],
            date=NOON + minutes(number),
        )
        self.clock.instant = NOON + minutes(number + 1)
        box = self.sent if out else self.inbox
        got = receive_mails(self.ctx, raw, account_id=self.account, mailbox_id=box, first_uid=number + 1, sent=out)
        self.ids[name] = got.message_ids[0]
        return self.where(name)

    def where(self, name: str) -> int:
        """The conversation that a mail stands in."""
        return reading.message(self.ctx, self.ids[name]).conversation

    def texts(self, conversation: int) -> str:
        """The mails of a conversation."""
        return "".join(one.text.strip() for one in reading.conversation(self.ctx, conversation).messages)

    def split(self, *names: str) -> int:
        """Split these mails off."""
        return splitting.split(self.ctx, self.where(names[0]), [self.ids[name] for name in names])

    def sound(self) -> None:
        """The store's own check finds nothing."""
        assert [found for found in checking.check(self.ctx) if not found.ok and found.name != "cursors"] == []

    def waiting(self, conversation: int) -> bool:
        """Whether it has an open turn."""
        return reading.conversation(self.ctx, conversation).row.unanswered


@pytest.fixture
def place(tmp_path: Path) -> Iterator[Place]:
    clock = FixedClock(NOON)
    ctx = make_house(tmp_path, clock=clock)
    yield Place(ctx, clock)
    ctx.store.close()


@pytest.fixture
def mixed(place: Place) -> Place:
    """A guest took an old mail to ask something else: a, b (ours), then c, which has nothing to do with them."""
    place.land("a")
    place.land("b", answers="a", out=True)
    place.land("c", answers="b", also="a")
    return place


def test_a_split_stands_in_the_same_folder_and_hands_and_turns_are_those_of_each_half(mixed: Place) -> None:
    old = mixed.where("a")
    triage.move(mixed.ctx, [old], "Waitlist")
    triage.assign(mixed.ctx, [old], "Ana")
    new = mixed.split("c")
    assert (mixed.texts(old), mixed.texts(new)) == ("ab", "c")
    rows = [reading.conversation(mixed.ctx, number).row for number in (old, new)]
    assert [(row.folder, row.assignee, row.unanswered) for row in rows] == [
        ("Waitlist", "Ana", False),
        ("Waitlist", "Ana", True),
    ]
    assert folders.counts(mixed.ctx)["Waitlist"].unanswered == 1
    mixed.sound()


@pytest.mark.parametrize("refers", [True, False])
def test_the_next_reply_to_what_was_split_off_threads_right(mixed: Place, refers: bool) -> None:
    """Although its References name the mails of the other half, under the same subject."""
    old, new = mixed.where("a"), mixed.split("c")
    assert mixed.land("d", answers="c", also="ab" if refers else "") == new
    assert mixed.land("e", answers="d", also="abc" if refers else "", out=True) == new
    assert mixed.land("f", answers="b", also="a") == old
    assert (mixed.texts(old), mixed.texts(new)) == ("abf", "cde")
    mixed.sound()


def test_a_mail_without_in_reply_to_goes_to_the_nearest_one_it_names(mixed: Place) -> None:
    old, new = mixed.where("a"), mixed.split("c")
    assert mixed.land("d", also="abc") == new
    assert (mixed.texts(old), mixed.texts(new)) == ("ab", "cd")


def test_what_is_written_at_the_desk_after_a_split_is_answered_in_the_right_half(mixed: Place) -> None:
    new = mixed.split("c")
    draft = replies.start(mixed.ctx, "reply", mixed.ids["c"])
    assert draft.conversation == new


def test_mail_that_comes_late_glues_nothing_together(place: Place) -> None:
    """The parent of two mails arrives after they were told apart."""
    place.land("b", answers="a")
    place.land("c", answers="a")
    assert place.where("b") == place.where("c")
    new = place.split("c")
    place.land("a", out=True)
    assert place.where("b") != place.where("c") == new
    place.land("d", answers="c", also="ab")
    assert place.where("d") == new
    assert place.where("b") != new


def test_a_split_is_taken_back_with_what_came_since(mixed: Place) -> None:
    old = mixed.where("a")
    mixed.split("c")
    mixed.land("d", answers="c", also="ab")
    undo.undo(mixed.ctx)
    assert mixed.texts(old) == "abcd"
    assert mixed.where("d") == old
    assert mixed.land("e", answers="d", also="abc") == old, "they are no longer told apart"
    assert [row.id for row in folders.page(mixed.ctx, ListQuery("Inbox")).rows] == [old]
    mixed.sound()


def test_a_split_is_not_taken_back_over_anothers_work(mixed: Place) -> None:
    bob = setup.add_agent(mixed.ctx, "Bob")
    new = mixed.split("c")
    triage.move(mixed.ctx.acting_as(Actor(bob.id, bob.name)), [new], "Booked")
    with pytest.raises(Conflict, match="has changed since"):
        undo.undo(mixed.ctx)
    assert mixed.where("c") == new


def test_no_answer_needed_holds_in_both_halves(mixed: Place) -> None:
    mixed.clock.advance(timedelta(minutes=1))
    triage.no_answer_needed(mixed.ctx, [mixed.where("a")])
    new = mixed.split("c")
    assert not mixed.waiting(new)
    undo.undo(mixed.ctx)
    undo.undo(mixed.ctx)
    assert mixed.waiting(mixed.where("a"))


def test_drafts_and_the_inquiry_follow(mixed: Place) -> None:
    old = mixed.where("a")
    draft = replies.start(mixed.ctx, "reply", mixed.ids["c"])
    with mixed.ctx.write() as tx:
        tx.connection.execute(
            insert(Inquiry).values(id=7, children=[], proposed={}, created_at=tx.now, updated_at=tx.now, scope="a1")
        )
        tx.connection.exec_driver_sql("UPDATE conversation SET inquiry_id = 7, scope = 'a1'")
    new = mixed.split("c")
    with mixed.ctx.store.connect() as connection:
        kept = connection.exec_driver_sql("SELECT inquiry_id, scope FROM conversation WHERE id = ?", (new,)).one()
        assert tuple(kept) == (7, "a1"), "what was hidden does not come to light"
        where = connection.exec_driver_sql("SELECT conversation_id FROM draft WHERE id = ?", (draft.id,)).scalar()
        assert where == new
    undo.undo(mixed.ctx)
    with mixed.ctx.store.connect() as connection:
        where = connection.exec_driver_sql("SELECT conversation_id FROM draft WHERE id = ?", (draft.id,)).scalar()
        assert where == old


def test_something_must_go_and_something_must_stay(mixed: Place) -> None:
    old, other = mixed.where("a"), mixed.land("z", sender=MARTA)
    for ids in ([], list(mixed.ids.values())[:3], [mixed.ids["z"]], [mixed.ids["c"], mixed.ids["z"]]):
        with pytest.raises(InvalidInput, match="Nothing was split"):
            splitting.split(mixed.ctx, old, ids)
    with pytest.raises(InvalidInput, match="two conversations"):
        splitting.merge(mixed.ctx, [other, other])
    with pytest.raises(NotFound):
        splitting.split(mixed.ctx, 99, [1])


def test_merged_conversations_are_one_with_all_that_belongs_to_them(place: Place) -> None:
    first, second = place.land("a"), place.land("b", sender=MARTA)
    place.land("c", answers="b", out=True, sender=MARTA)
    triage.star(place.ctx, [second], starred=True)
    triage.move(place.ctx, [second], "Waitlist")
    with place.ctx.write() as tx:
        tx.connection.execute(insert(Memo).values(conversation_id=second, text="Calls at five.", created_at=tx.now))
    assert splitting.merge(place.ctx, [second, first]) == first
    row = reading.conversation(place.ctx, second).row
    assert (row.id, row.folder, row.starred, row.messages, row.unanswered) == (first, "Waitlist", True, 3, False)
    with place.ctx.store.connect() as connection:
        assert connection.exec_driver_sql("SELECT conversation_id FROM memo").scalar() == first
    assert place.land("d", answers="c", sender=MARTA) == first
    assert place.land("e", answers="a") == first
    place.sound()


def test_a_merge_is_taken_back_whole(place: Place) -> None:
    numbers = [place.land("a"), place.land("b", sender=MARTA), place.land("c", sender="jan@other.example")]
    triage.move(place.ctx, [numbers[1]], "Waitlist")
    triage.star(place.ctx, [numbers[2]], starred=True)
    before = [reading.conversation(place.ctx, number).row for number in numbers]
    splitting.merge(place.ctx, numbers)
    assert place.texts(numbers[0]) == "abc"
    undo.undo(place.ctx)
    assert [reading.conversation(place.ctx, number).row for number in numbers] == before
    assert [place.texts(number) for number in numbers] == ["a", "b", "c"]
    assert place.land("d", answers="b", sender=MARTA) == numbers[1]
    place.sound()


def test_a_split_that_is_merged_again_is_one_for_later_mail_too(mixed: Place) -> None:
    old, new = mixed.where("a"), mixed.split("c")
    assert splitting.merge(mixed.ctx, [old, new]) == old
    assert mixed.land("d", answers="c", also="ab") == old
    assert mixed.texts(old) == "abcd"
    mixed.sound()


def test_taking_back_that_merge_tells_them_apart_again(mixed: Place) -> None:
    old, new = mixed.where("a"), mixed.split("c")
    splitting.merge(mixed.ctx, [old, new])
    undo.undo(mixed.ctx)
    assert mixed.land("d", answers="c", also="ab") == new
    assert (mixed.texts(old), mixed.texts(new)) == ("ab", "cd")


def test_what_was_told_apart_stays_so_when_a_half_is_merged_elsewhere(mixed: Place) -> None:
    first = mixed.land("y", sender=MARTA)
    old, new = mixed.where("a"), mixed.split("c")
    whole = splitting.merge(mixed.ctx, [old, first])
    assert mixed.land("d", answers="c", also="ab") == new
    assert mixed.where("a") == whole != new


def test_two_inquiries_are_not_merged(place: Place) -> None:
    first, second = place.land("a"), place.land("b", sender=MARTA)
    with place.ctx.write() as tx:
        for number, conversation in ((7, first), (8, second)):
            tx.connection.execute(
                insert(Inquiry).values(id=number, children=[], proposed={}, created_at=tx.now, updated_at=tx.now)
            )
            tx.connection.exec_driver_sql("UPDATE conversation SET inquiry_id = ? WHERE id = ?", (number, conversation))
    with pytest.raises(Conflict, match="different inquiries"):
        splitting.merge(place.ctx, [first, second])
    assert place.texts(second) == "b"


def test_what_is_hidden_is_neither_split_nor_merged(mixed: Place) -> None:
    other = mixed.land("z", sender=MARTA)
    old = mixed.where("a")
    with mixed.ctx.write() as tx:
        tx.connection.exec_driver_sql("UPDATE conversation SET scope = 'a1' WHERE id = ?", (old,))
    bob = setup.add_agent(mixed.ctx, "Bob")
    theirs = mixed.ctx.acting_as(Actor(bob.id, bob.name))
    commands: list[Callable[[], object]] = [
        lambda: splitting.split(theirs, old, [mixed.ids["c"]]),
        lambda: splitting.merge(theirs, [other, old]),
    ]
    for command in commands:
        with pytest.raises(NotFound, match=f"There is no conversation {old}"):
            command()


def test_a_booking_sites_guest_who_was_split_off_is_followed(place: Place) -> None:
    relay = "5512-abc@guest.booking.com"
    place.land("a", sender=relay)
    place.land("b", sender=relay, subject="Another stay")
    assert place.where("a") == place.where("b")
    new = place.split("b")
    assert place.land("c", sender=relay, answers="b") == new
    assert place.where("a") != new


def test_what_an_agent_split_off_is_no_strangers_mail(place: Place) -> None:
    place.land("a")
    place.land("b", answers="a", out=True)
    whole = place.land("c", answers="b")
    half = place.split("c")
    assert half != whole
    assert [one.flags for one in reading.conversation(place.ctx, half).messages] == [()]


def test_mail_of_one_of_the_other_conversations_people_is_no_strangers(place: Place) -> None:
    whole = place.land("a")
    place.land("b", answers="a")
    half = place.split("b")
    with place.ctx.write() as tx:
        merging.forget_apart(tx.connection, [(whole, half)])
    assert [one.flags for one in reading.conversation(place.ctx, half).messages] == [()]
