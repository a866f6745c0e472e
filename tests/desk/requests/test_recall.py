"""Recall: where demand is, who may be written to, and drafts that nobody gets twice (SPEC §4)."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import pytest
from sqlalchemy import func, select

from crm_tui.base.errors import InvalidInput
from crm_tui.data.tables import OutboxItem
from crm_tui.desk.client_base import guests
from crm_tui.desk.common.context import Actor, Context
from crm_tui.desk.common.views import ListQuery
from crm_tui.desk.conversations import folders, triage
from crm_tui.desk.correspondence import delivery, drafts, outbox, reading, replies
from crm_tui.desk.histories import history
from crm_tui.desk.requests import inquiries, recall
from crm_tui.desk.requests.recall_views import Mark
from crm_tui.desk.texts import template_starter, templates
from crm_tui.desk.undoing import undo
from crm_tui.rules.demand import Demand
from tests.desk.asked import add_guest, add_inquiry, consent
from tests.desk.house import NOW, add_account, come_in, mail, make_house
from tests.desk.sending import fence, pass_undo

FIRST, LAST = date(2026, 8, 10), date(2026, 8, 12)
STAY = {"arrival": date(2026, 8, 8), "departure": date(2026, 8, 11)}


@pytest.fixture
def ctx(tmp_path: Path) -> Context:
    """Ana's desk with an account and the starter templates."""
    ctx = make_house(tmp_path)
    add_account(ctx)
    template_starter.add(ctx)
    return ctx


def waiting(ctx: Context, surname: str = "Guest", address: str = "", *, consents: bool = True, **values: object) -> int:
    """An inquiry with an offer out; returns its number."""
    guest = add_guest(ctx, surname, mails=[address] if address else [], language=str(values.pop("language", "")))
    if consents:
        consent(ctx, guest)
    return add_inquiry(ctx, guest, **({"status": "offer sent"} | STAY | values))  # type: ignore[arg-type]


def marks(ctx: Context, **options: bool) -> dict[int, str]:
    return {one.id: str(one.mark) for one in recall.waitlisted(ctx, FIRST, LAST, **options)}


def test_demand_by_day(ctx: Context) -> None:
    waiting(ctx)
    waiting(ctx, arrival=date(2026, 8, 10), departure=date(2026, 8, 12), status="booked")
    waiting(ctx, arrival=None, departure=None, period_from=date(2026, 8, 1), period_to=date(2026, 8, 31), nights=7)
    waiting(ctx, status="lost")
    waiting(ctx, status="cancelled")
    waiting(ctx, scope="a99")
    found = recall.demand(ctx, date(2026, 8, 1), date(2026, 8, 31))
    assert found[date(2026, 8, 7)] == Demand(flexible=1)
    assert found[date(2026, 8, 10)] == Demand(fixed=1, flexible=1, booked=1)
    assert found[date(2026, 8, 11)] == Demand(flexible=1, booked=1)
    assert found[date(2026, 8, 31)] == Demand()
    assert len(found) == 31
    with pytest.raises(InvalidInput):
        recall.demand(ctx, date(2026, 1, 1), date(2027, 12, 31))


def test_who_is_listed(ctx: Context) -> None:
    add_account(ctx, "other@hotel.example")
    come_in(ctx, mail(), mail(message_id="m2@x", sender="B <b@x.example>", subject="B"))
    offer = waiting(ctx)
    on_waitlist = waiting(ctx, status="in progress", conversations=[1])
    in_progress = waiting(ctx, status="in progress", conversations=[2])
    flexible = waiting(ctx, arrival=None, departure=None, period_from=date(2026, 8, 12), period_to=date(2026, 9, 1))
    lost = waiting(ctx, status="lost", lost_reason="no room")
    for other in (
        {"status": "booked"},
        {"status": "cancelled"},
        {"arrival": date(2026, 8, 1), "departure": FIRST},
        {"arrival": LAST + timedelta(days=1), "departure": date(2026, 8, 20)},
        {"arrival": None, "departure": None},
        {"removed_at": NOW},
        {"scope": "d7"},
    ):
        waiting(ctx, **other)
    assert set(marks(ctx)) == {offer, flexible}
    triage.move(ctx, [1], "Waitlist")
    assert set(marks(ctx)) == {offer, flexible, on_waitlist}
    assert set(marks(ctx, lost=True)) == {offer, flexible, on_waitlist, lost}
    assert in_progress not in marks(ctx, lost=True)


def test_who_may_be_written_to(ctx: Context) -> None:
    ready = waiting(ctx, "A", "a@x.example")
    no_consent = waiting(ctx, "B", "b@x.example", consents=False)
    no_address = waiting(ctx, "C")
    twice = waiting(ctx, "D", "A@x.example")
    withdrawn_guest = add_guest(ctx, "E", mails=["e@x.example"])
    consent(ctx, withdrawn_guest)
    consent(ctx, withdrawn_guest, given=False)
    withdrawn = add_inquiry(ctx, withdrawn_guest, status="offer sent", **STAY)  # type: ignore[arg-type]
    other_guest = add_guest(ctx, "F", mails=["f@x.example"])
    consent(ctx, other_guest, channel="sms")
    other = add_inquiry(ctx, other_guest, status="offer sent", **STAY)  # type: ignore[arg-type]
    assert marks(ctx) == {
        ready: "ready",
        no_consent: "no consent",
        no_address: "no address",
        twice: "same address",
        withdrawn: "no consent",
        other: "no consent",
    }
    assert recall.summary(recall.waitlisted(ctx, FIRST, LAST)) == "1 of 6 may be written to"


def test_one_step_drafts_for_all_of_them_and_one_undo_takes_it_back(ctx: Context) -> None:
    come_in(ctx, mail(sender="Marta <marta@example.org>", subject="Room in August"))
    answered = waiting(ctx, "Marta", "marta@example.org", conversations=[1], language="pl")
    fresh = waiting(ctx, "Weiß", "w@x.example", language="fr")
    left = waiting(ctx, "No", "no@x.example", consents=False)
    done = recall.draft(ctx, FIRST, LAST)
    assert [(one.inquiry, one.address, one.gaps) for one in done.drafted] == [
        (answered, "marta@example.org", ()),
        (fresh, "w@x.example", ()),
    ]
    assert [(one.inquiry, one.reason) for one in done.left_out] == [(left, "no consent")]
    reply, new = (drafts.get(ctx, one.draft) for one in done.drafted)
    assert (reply.kind, reply.conversation, reply.subject) == ("reply", 1, "Re: Room in August")
    assert "Zwolnił" in reply.text or "pokój" in reply.text
    assert (new.kind, new.conversation) == ("new", None)
    assert "Weiß" in new.to
    assert "chambre" in (new.subject + new.text).casefold()
    assert "Hotel Sol" in new.text  # the signature
    with ctx.store.connect() as connection:
        assert connection.execute(select(func.count()).select_from(OutboxItem)).scalar() == 0
    assert marks(ctx) == {answered: "drafted", fresh: "drafted", left: "no consent"}
    told = [entry.text for entry in history.of_inquiry(ctx, fresh)]
    assert "drafted a recall to w@x.example for 2026-08-10 – 2026-08-12" in told
    again = recall.draft(ctx, FIRST, LAST)
    assert again.drafted == ()
    undo.undo(ctx)
    assert drafts.mine(ctx) == []
    assert marks(ctx)[answered] == "ready"


def test_never_twice_to_an_address(ctx: Context) -> None:
    one = waiting(ctx, "A", "a@x.example")
    (made,) = recall.draft(ctx, FIRST, LAST).drafted
    two = waiting(ctx, "A", "a@x.example")  # the same person asks again, as a new guest
    assert marks(ctx) == {one: "drafted", two: "same address"}
    other_days = recall.waitlisted(ctx, date(2026, 8, 8), date(2026, 8, 9))
    assert [str(found.mark) for found in other_days] == ["ready", "same address"]
    drafts.drop(ctx, made.draft)
    assert marks(ctx) == {one: "ready", two: "same address"}
    undo.undo(ctx)
    assert marks(ctx)[one] == "drafted"


def test_what_was_sent_counts_as_written_to(ctx: Context) -> None:
    one = waiting(ctx, "A", "a@x.example")
    (made,) = recall.draft(ctx, FIRST, LAST).drafted
    with ctx.write() as tx:  # as delivery leaves it
        tx.connection.exec_driver_sql("DELETE FROM draft WHERE id = ?", (made.draft,))
    assert marks(ctx) == {one: "written"}
    with pytest.raises(undo.Refused):
        undo.undo(ctx)


def test_a_reply_that_is_begun_is_not_crossed(ctx: Context) -> None:
    come_in(ctx, mail(sender="Marta <marta@example.org>"))
    one = waiting(ctx, "Marta", "marta@example.org", conversations=[1])
    replies.start(ctx, "reply", 1)
    assert marks(ctx) == {one: "being written"}


def test_only_the_chosen_ones_with_a_template_of_ones_own_and_its_gaps(ctx: Context) -> None:
    templates.create(
        ctx,
        name="Frei",
        language="en",
        category="other",
        subject="Free",
        body="For {{ inquiry.nights }} {{ guest.email }}",
    )
    one, two = waiting(ctx, "A", "a@x.example"), waiting(ctx, "B", "b@x.example")
    done = recall.draft(ctx, FIRST, LAST, [two], template="frei")
    assert [found.inquiry for found in done.drafted] == [two]
    assert done.drafted[0].gaps == ("inquiry.nights",)
    assert "b@x.example" in drafts.get(ctx, done.drafted[0].draft).text
    assert marks(ctx)[one] == "ready"
    with pytest.raises(Exception, match="no template called Nope"):
        recall.draft(ctx, FIRST, LAST, template="Nope")


def test_without_a_template_it_says_so(ctx: Context) -> None:
    for one in templates.listed(ctx):
        if one.category == recall.CATEGORY:
            templates.archive(ctx, one.id, one.version)
    waiting(ctx, "A", "a@x.example")
    with pytest.raises(InvalidInput, match="no template for a waitlist recall"):
        recall.draft(ctx, FIRST, LAST)


def test_a_colleague_does_not_recall_what_is_hidden(ctx: Context) -> None:
    hidden = waiting(ctx, "A", "a@x.example", scope=f"a{ctx.actor.id}")
    assert list(marks(ctx)) == [hidden]
    other = ctx.acting_as(Actor(99, "Leo", "manager"))
    assert recall.waitlisted(other, FIRST, LAST) == []
    assert recall.draft(other, FIRST, LAST, [hidden]).drafted == ()
    assert recall.waitlisted(ctx, LAST, FIRST)[0].mark is Mark.READY  # either order of the days


def test_who_takes_the_consent_back_gets_no_recall(ctx: Context) -> None:
    number = waiting(ctx, "Nowak", "a@x.example")
    (made,) = recall.draft(ctx, FIRST, LAST).drafted
    (guest,) = inquiries.get(ctx, number).guests
    guests.set_consent(ctx, guest.id, "mail", False, "on the phone")
    draft = drafts.get(ctx, made.draft)
    with pytest.raises(InvalidInput, match="Nowak does not agree to be written to") as told:
        outbox.queue(ctx, draft.id, draft.version)
    assert told.value.field == "to"
    assert [one.id for one in drafts.mine(ctx)] == [draft.id]
    guests.set_consent(ctx, guest.id, "mail", True, "on the phone")
    item = outbox.queue(ctx, draft.id, draft.version)
    guests.set_consent(ctx, guest.id, "mail", False, "on the phone again")
    pass_undo(ctx)
    work = delivery.job(ctx, item.id)
    assert work is not None
    assert not delivery.begin(ctx, work, 7, fence)
    failed = outbox.get(ctx, item.id)
    assert failed.state == "failed"
    assert "Nowak does not agree to be written to" in failed.error


def test_an_answer_needs_no_consent(ctx: Context) -> None:
    come_in(ctx, mail())
    talk = folders.page(ctx, ListQuery("Inbox")).rows[0].id
    inquiries.from_conversation(ctx, talk)
    number = reading.conversation(ctx, talk).messages[0].id
    draft = replies.start(ctx, "reply", number)
    version = drafts.save(ctx, draft.id, draft.version, text="Yes.")
    assert outbox.queue(ctx, draft.id, version).state == "queued"
