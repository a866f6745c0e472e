"""A conversation has one counterpart: what a Message-ID alone joins, and what it does not (SPEC §1, §2)."""

from __future__ import annotations

from collections.abc import Callable
from itertools import permutations

import pytest

from crm_tui.desk.common.context import Context
from crm_tui.desk.correspondence import reading
from crm_tui.mail.threading import company
from tests.building import HOTEL, NOON, add_account, add_mailbox, make_mail, minutes, receive_mails

MARTA, JAN, EVA = "marta@guests.example", "jan@other.example", "eva@third.example"


class Place:
    """A desk with an Inbox and a Sent mailbox."""

    def __init__(self, ctx: Context) -> None:
        self.ctx = ctx
        self.account = add_account(ctx)
        self.inbox = add_mailbox(ctx, self.account)
        self.sent = add_mailbox(ctx, self.account, "Sent", role="sent")
        self._uid = 0

    def land(self, *raws: bytes) -> None:
        """One batch after the other, each mail where it belongs."""
        for raw in raws:
            self._uid += 1
            out = f"From: {HOTEL}".encode() in raw
            box = self.sent if out else self.inbox
            receive_mails(self.ctx, raw, account_id=self.account, mailbox_id=box, first_uid=self._uid, sent=out)

    def groups(self) -> set[frozenset[str]]:
        """The conversations, as the texts of their mails."""
        with self.ctx.store.connect() as connection:
            rows = connection.exec_driver_sql(
                "SELECT m.conversation_id, t.text FROM message m JOIN message_text t ON t.message_id = m.id"
            ).all()
        return {
            frozenset(text.strip() for number, text in rows if number == one) for one in {number for number, _t in rows}
        }


@pytest.fixture
def place(new_desk: Callable[..., Context]) -> Place:
    return Place(new_desk())


def note(
    text: str, number: int, *, sender: str, to: str = HOTEL, cc: str = "", answers: str = "", bcc: str = ""
) -> bytes:
    return make_mail(
        f"{text}\n",
        message_id=f"{text}@x",
        sender=sender,
        to=to,
        cc=cc,
        in_reply_to=f"{answers}@x" if answers else "",
        references=[f"{answers}@x"] if answers else (),
        date=NOON + minutes(number),
        headers={"Bcc": bcc} if bcc else None,
    )


def agree(new_desk: Callable[..., Context], *raws: bytes) -> set[frozenset[str]]:
    """The conversations that the mails become, the same in whatever order they come."""
    found = []
    for number, order in enumerate(permutations(raws)):
        place = Place(new_desk(str(number)))
        place.land(*order)
        found.append(place.groups())
        place.ctx.store.close()
    assert all(one == found[0] for one in found)
    return found[0]


def test_guests_who_answer_a_mailing_are_conversations_of_their_own(new_desk: Callable[..., Context]) -> None:
    assert agree(
        new_desk,
        note("offer", 0, sender=HOTEL, to=HOTEL, bcc=f"{MARTA}, {JAN}"),
        note("marta", 1, sender=MARTA, answers="offer"),
        note("jan", 2, sender=JAN, answers="offer"),
        note("again", 3, sender=JAN, answers="offer"),
    ) == {frozenset({"offer"}), frozenset({"marta"}), frozenset({"jan", "again"})}


def test_an_answered_mail_that_the_desk_never_saw_joins_no_strangers(place: Place) -> None:
    place.land(*(note(f"t{n}", n, sender=f"g{n}@x{n}.example", answers="unseen") for n in range(5)))
    assert len(place.groups()) == 5


def test_a_stranger_who_names_a_mail_does_not_enter_its_conversation(place: Place) -> None:
    place.land(note("first", 0, sender=MARTA), note("injected", 1, sender=JAN, cc=MARTA, answers="first"))
    assert place.groups() == {frozenset({"first"}), frozenset({"injected"})}
    view = reading.conversation(place.ctx, reading.message(place.ctx, 2).conversation)
    assert [one.flags for one in view.messages] == [("new-in-thread",)]


def test_who_was_copied_stays(new_desk: Callable[..., Context]) -> None:
    assert agree(
        new_desk,
        note("wife", 0, sender=MARTA, cc=JAN),
        note("ours", 1, sender=HOTEL, to=MARTA, cc=JAN, answers="wife"),
        note("husband", 2, sender=JAN, cc=MARTA, answers="ours"),
        note("stranger", 3, sender=EVA, answers="ours"),
    ) == {frozenset({"wife", "ours", "husband"}), frozenset({"stranger"})}


def test_colleagues_of_one_firm_answer_for_each_other(new_desk: Callable[..., Context]) -> None:
    assert agree(
        new_desk,
        note("asked", 0, sender="ana@agency.example"),
        note("ours", 1, sender=HOTEL, to="ana@agency.example", answers="asked"),
        note("colleague", 2, sender="bob@agency.example", answers="ours"),
    ) == {frozenset({"asked", "ours", "colleague"})}
    assert [
        company(key) for key in ("a@agency.example", "a@gmail.com", "a@wp.pl", "a@yahoo.es", "7@guest.booking.com")
    ] == [
        "agency.example",
        "",
        "",
        "",
        "",
    ]


def test_a_returned_mail_lies_beside_what_was_sent(place: Place) -> None:
    place.land(
        note("ours", 0, sender=HOTEL, to=MARTA), note("returned", 1, sender="mailer-daemon@mx.example", answers="ours")
    )
    assert place.groups() == {frozenset({"ours", "returned"})}


def test_a_stranger_who_writes_to_a_relay_address_does_not_enter_its_conversation(place: Place) -> None:
    relay = "5512-abc@guest.booking.com"
    place.land(note("guest", 0, sender=relay), note("stranger", 1, sender=JAN, to=f"{HOTEL}, {relay}"))
    assert len(place.groups()) == 2
