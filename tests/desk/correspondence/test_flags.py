"""Read, answered and flagged travel both ways, and a change made here outlives an older word of the server (SPEC §2)."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from crm_tui.desk.common import changes
from crm_tui.desk.common.context import Context
from crm_tui.desk.common.views import ListQuery
from crm_tui.desk.conversations import folders
from crm_tui.desk.correspondence import flags, reading
from tests.building import HOTEL, NOON, add_mailbox, make_mail, minutes, receive_mails

SEEN, FLAGGED = "\\Seen", "\\Flagged"


@pytest.fixture
def ctx(new_desk: Callable[..., Context]) -> Context:
    """A desk on a fresh store, in the engine's hands, with the clock at noon."""
    return new_desk()


@pytest.fixture
def mails(ctx: Context, account_id: int, inbox_id: int) -> list[int]:
    """Three mails of three guests, UIDs 1 to 3."""
    raws = [make_mail(message_id=f"{n}@x", subject=f"S{n}", date=NOON + minutes(n)) for n in range(3)]
    return list(receive_mails(ctx, *raws, account_id=account_id, mailbox_id=inbox_id).message_ids)


def told(ctx: Context, inbox_id: int) -> list[tuple[int, str, bool]]:
    return [(uid, flag, present) for _id, uid, flag, present in flags.to_tell(ctx, inbox_id, 1)]


def test_what_the_server_says_is_shown(ctx: Context, inbox_id: int, mails: list[int]) -> None:
    assert (
        flags.from_server(ctx, inbox_id, 1, {1: frozenset([SEEN, FLAGGED]), 2: frozenset(), 99: frozenset([SEEN])}) == 1
    )
    view = reading.message(ctx, mails[0])
    assert (view.seen, view.flagged) == (True, True)
    assert folders.counts(ctx)["Inbox"].unread == 2
    assert told(ctx, inbox_id) == []


def test_flags_of_another_uidvalidity_mean_nothing(ctx: Context, inbox_id: int, mails: list[int]) -> None:
    assert flags.from_server(ctx, inbox_id, 2, {1: frozenset([SEEN])}) == 0
    assert not reading.message(ctx, mails[0]).seen


def test_what_is_changed_here_is_told_once_and_kept_meanwhile(ctx: Context, inbox_id: int, mails: list[int]) -> None:
    assert reading.mark_seen(ctx, mails[:2]) == 2
    assert reading.mark_seen(ctx, mails[:2]) == 0
    assert told(ctx, inbox_id) == [(1, SEEN, True), (2, SEEN, True)]
    flags.from_server(ctx, inbox_id, 1, {1: frozenset(), 2: frozenset([FLAGGED])})  # said before it was told
    view = reading.message(ctx, mails[1])
    assert (view.seen, view.flagged) == (True, True)
    waiting = flags.to_tell(ctx, inbox_id, 1)
    flags.told(ctx, [waiting[0][0]])
    assert told(ctx, inbox_id) == [(2, SEEN, True)]
    flags.from_server(ctx, inbox_id, 1, {1: frozenset()})
    assert not reading.message(ctx, mails[0]).seen


def test_a_change_made_anew_while_the_first_is_told_is_told_too(ctx: Context, inbox_id: int, mails: list[int]) -> None:
    reading.mark_seen(ctx, mails[:1])
    (first,) = flags.to_tell(ctx, inbox_id, 1)
    reading.mark_seen(ctx, mails[:1], seen=False)
    flags.told(ctx, [first[0]])
    assert told(ctx, inbox_id) == [(1, SEEN, False)]


def test_every_place_is_told(ctx: Context, account_id: int, inbox_id: int, mails: list[int]) -> None:
    archive = add_mailbox(ctx, account_id, "Archive", role="archive")
    receive_mails(ctx, reading.source(ctx, mails[0]), account_id=account_id, mailbox_id=archive, first_uid=9)
    reading.mark_seen(ctx, mails[:1])
    assert told(ctx, inbox_id) == [(1, SEEN, True)]
    assert told(ctx, archive) == [(9, SEEN, True)]


def test_a_change_of_flags_is_told_to_other_screens(ctx: Context, inbox_id: int, mails: list[int]) -> None:
    last = changes.last(ctx)
    reading.mark_seen(ctx, mails[:1])
    found = changes.since(ctx, last)
    assert found.ids["conversation"] == {reading.message(ctx, mails[0]).conversation}
    assert not changes.since(ctx, found.last)


def test_an_answer_with_another_subject_is_flagged(ctx: Context, account_id: int, inbox_id: int) -> None:
    got = receive_mails(
        ctx,
        make_mail(message_id="a@x", subject="Reserva", date=NOON),
        make_mail(
            message_id="b@x",
            in_reply_to="a@x",
            subject="Re: RESERVA",
            sender=HOTEL,
            to="ana@guests.example",
            date=NOON + minutes(1),
        ),
        make_mail(message_id="c@x", in_reply_to="b@x", subject="Transfer bancario", date=NOON + minutes(2)),
        make_mail(
            message_id="d@x",
            in_reply_to="c@x",
            subject="RE: Transfer bancario",
            sender=HOTEL,
            to="ana@guests.example",
            date=NOON + minutes(3),
        ),
        make_mail(message_id="e@x", in_reply_to="a@x", subject="Odp: Reserva", date=NOON + minutes(4)),
        account_id=account_id,
        mailbox_id=inbox_id,
    )
    view = reading.conversation(ctx, min(got.conversations))
    assert ["subject-changed" in message.flags for message in view.messages] == [False, False, True, False, False]


def test_a_relay_address_is_one_counterpart(ctx: Context, account_id: int, inbox_id: int) -> None:
    relay = "5512-abc.77@guest.booking.com"
    got = receive_mails(
        ctx,
        make_mail(message_id="a@x", subject="New message", sender=relay, date=NOON),
        make_mail(
            message_id="b@x", subject="Something else", sender=f"Ana via Booking <{relay}>", date=NOON + minutes(1)
        ),
        make_mail(message_id="c@x", subject="New message", sender="9-other@guest.booking.com", date=NOON + minutes(2)),
        make_mail(message_id="d@x", subject="Our answer", sender=HOTEL, to=relay, date=NOON + minutes(3)),
        account_id=account_id,
        mailbox_id=inbox_id,
    )
    sizes = sorted(row.messages for row in folders.page(ctx, ListQuery("All")).rows)
    assert (len(got.conversations), sizes) == (2, [1, 3])


def test_the_same_subject_alone_joins_nothing(ctx: Context, account_id: int, inbox_id: int) -> None:
    raws = [make_mail(message_id=f"{n}@x", subject="Reserva", date=NOON + minutes(n)) for n in range(3)]
    assert len(receive_mails(ctx, *raws, account_id=account_id, mailbox_id=inbox_id).conversations) == 3
