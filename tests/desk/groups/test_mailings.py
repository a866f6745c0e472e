"""Who of a package may be written to, in which language, and what the mail says (SPEC §5, §6)."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import insert, select, update

from crm_tui.base.errors import Conflict, InvalidInput, NotFound
from crm_tui.data.columns import columns
from crm_tui.data.tables import Guest, GuestEmail, MailingItem, OutboxItem, Property
from crm_tui.desk.client_base import guests
from crm_tui.desk.common.context import Context
from crm_tui.desk.correspondence import delivery, outbox
from crm_tui.desk.groups import mailing_queue, mailings, packages
from crm_tui.desk.groups.mailing_views import MailingPreview, Reason, reason_words
from crm_tui.desk.merges import guest_merging
from crm_tui.desk.texts import template_starter, templates
from crm_tui.mail.smtp import Sent
from tests.desk.house import NOW, add_account, come_in, mail
from tests.desk.mailings import guest, items, ready, template


def reasons(shown: MailingPreview) -> dict[int, str]:
    return {one.id: one.reason for one in (*shown.ready, *shown.left_out)}


def fence(_connection: object) -> bool:
    return True


def test_every_reason_is_named(ctx: Context) -> None:
    add_account(ctx)
    fine, twin = guest(ctx, "Alba"), guest(ctx, "Bosch", email="ALBA@example.org")
    no, never = guest(ctx, "Costa"), guest(ctx, "Duran", consent="")
    guests.set_consent(ctx, no, "mail", given=False, source="by phone")
    news_only, bare = guest(ctx, "Esteve", consent="newsletter"), guest(ctx, "Ferrer", email="")
    wrong, gone = guest(ctx, "Garcia"), guest(ctx, "Haro")
    nameless = guest(ctx, "Ibarra", given="")
    with ctx.write() as tx:
        e, g = columns(GuestEmail), columns(Guest)
        tx.connection.execute(update(GuestEmail).where(e.guest_id == wrong).values(address="x y@nowhere"))
        tx.connection.execute(update(Guest).where(g.id == gone).values(archived_at=tx.now))
    shown = ready(ctx, [fine, twin, no, never, news_only, bare, wrong, gone, nameless])
    assert reasons(shown) == {
        fine: "",
        twin: f"{Reason.SAME_ADDRESS}: Ana Alba",
        no: Reason.NO_CONSENT,
        never: Reason.NO_CONSENT,
        news_only: Reason.NO_CONSENT,
        bare: Reason.NO_ADDRESS,
        wrong: Reason.WRONG_ADDRESS,
        gone: Reason.ARCHIVED,
        nameless: f"{Reason.EMPTY}: guest.given",
    }
    assert shown.summary == "1 of 9 may be written to"
    assert reason_words(f"{Reason.SAME_ADDRESS}: Ana Alba") == "same address as Ana Alba"
    news = mailings.prepare(ctx, shown.package, shown.template, "newsletter")
    assert [one.id for one in news.ready] == [news_only]


def test_mail_that_came_back_is_remembered_until_the_guest_writes(ctx: Context) -> None:
    add_account(ctx)
    one = guest(ctx, "Alba")
    shown = ready(ctx, [one])
    number = mailings.start(ctx, shown)
    assert mailing_queue.queue_next(ctx, number, fence)
    (item,) = outbox.items(ctx)
    work = delivery.job(ctx, item.id)
    assert work is not None
    assert delivery.begin(ctx, work, 1, fence)
    assert delivery.settle(ctx, work, 1, Sent("250 taken")) == "sent"
    sender, answered = "MAILER-DAEMON@example.org", f"<{work.message_id}>"
    come_in(ctx, mail(sender=sender, message_id="b@x", date=NOW + timedelta(minutes=1), In_Reply_To=answered))
    other = template(ctx, "Other")
    assert reasons(mailings.prepare(ctx, shown.package, other)) == {one: Reason.BOUNCED}
    view = guests.get(ctx, one)
    guests.set(ctx, one, view.version, {"emails": ["alba@example.org", "other@example.org"]})
    again = mailings.prepare(ctx, shown.package, other)
    assert [who.address for who in again.ready] == ["other@example.org"]
    come_in(ctx, mail(sender="Alba <alba@example.org>", message_id="c@x", date=NOW + timedelta(hours=1)))
    again = mailings.prepare(ctx, shown.package, other)
    assert [who.address for who in again.ready] == ["alba@example.org"]


def test_the_guests_language_else_the_propertys(ctx: Context) -> None:
    add_account(ctx)
    with ctx.write() as tx:
        tx.connection.execute(update(Property).values(languages="es,en"))
    english = template(ctx)
    template(ctx, "SEASON", "Hola {{ guest.given }}", language="es", subject="Novedades")
    template(ctx, "Season", "Cześć {{ guest.given }}", language="pl", subject="Nowości")
    people = {code: guest(ctx, f"G{place}", language=code) for place, code in enumerate(("en", "pl", "fr", ""))}
    shown = ready(ctx, list(people.values()), english)
    assert shown.languages == ("es", "en", "pl")
    assert {one.id: one.language for one in shown.ready} == {
        people["en"]: "en",
        people["pl"]: "pl",
        people["fr"]: "es",
        people[""]: "es",
    }
    assert mailings.letter_for(ctx, shown, people["pl"]).text.startswith("Cześć Ana")


def test_a_starter_text_is_found_in_other_languages_by_its_purpose(ctx: Context) -> None:
    add_account(ctx)
    template_starter.add(ctx)
    thanks = templates.named(ctx, "Thank you for your stay").id
    shown = ready(ctx, [guest(ctx, "Alba", language="pl")], thanks)
    assert set(shown.languages) == {"en", "es", "fr", "pl"}
    assert shown.ready[0].language == "pl"


@pytest.mark.parametrize(
    "name", ["{{7*7}}", "{% for x in range(9) %}", "⟦guest.given⟧", "[b]x[/b]", "A\r\nBcc: evil@x.example"]
)
def test_what_a_guest_is_called_is_never_read_as_anything(ctx: Context, name: str) -> None:
    add_account(ctx)
    one = guest(ctx, "Alba")
    with ctx.write() as tx:
        tx.connection.execute(update(Guest).where(columns(Guest).id == one).values(given=name))
    shown = ready(ctx, [one])
    letter = mailings.letter_for(ctx, shown, one)
    assert "49" not in letter.subject + letter.text
    assert letter.gaps == ()
    number = mailings.start(ctx, shown)
    assert mailing_queue.queue_next(ctx, number, fence)
    assert items(ctx, number)[one] == ("queued", "")


def test_the_texts_are_frozen_when_it_starts(ctx: Context) -> None:
    add_account(ctx)
    one = guest(ctx, "Alba")
    text = template(ctx)
    number = mailings.start(ctx, ready(ctx, [one], text))
    templates.change(ctx, text, 1, body="Something else")
    templates.archive(ctx, text, 2)
    assert mailings.text_for(ctx, number, one).text.startswith("Dear Ana Alba")
    with pytest.raises(NotFound):
        mailings.text_for(ctx, number, 99)


def test_what_became_empty_since_is_left_out_when_its_turn_comes(ctx: Context) -> None:
    add_account(ctx)
    one, two = guest(ctx, "Alba"), guest(ctx, "Bosch")
    number = mailings.start(ctx, ready(ctx, [one, two]))
    view = guests.get(ctx, one)
    guests.set(ctx, one, view.version, {"given": ""})
    assert mailing_queue.queue_next(ctx, number, fence)
    assert items(ctx, number) == {one: ("left out", f"{Reason.EMPTY}: guest.given"), two: ("queued", "")}


def test_what_cannot_be_started_is_refused_in_words(ctx: Context) -> None:
    one = guest(ctx, "Alba")
    text = template(ctx)
    with pytest.raises(InvalidInput, match="no account"):
        ready(ctx, [one], text)
    add_account(ctx)
    package = packages.named(ctx, "Set 1").id
    with pytest.raises(InvalidInput, match="consent to one of"):
        mailings.prepare(ctx, package, text, "sms")
    with pytest.raises(NotFound):
        mailings.prepare(ctx, 99, text)
    shown = mailings.prepare(ctx, package, text)
    with pytest.raises(Conflict, match="Nobody"):
        mailings.start(ctx, mailings.without(shown, [one]))
    templates.archive(ctx, text, 1)
    with pytest.raises(InvalidInput, match="archived"):
        mailings.start(ctx, shown)


def test_a_template_that_compares_is_judged_guest_by_guest(ctx: Context) -> None:
    add_account(ctx)
    body = "{% if guest.language == 'pl' %}{{ guest.given }}{% else %}Hello{% endif %}"
    text = template(ctx, "Cond", body, subject="Hi")
    people = [guest(ctx, f"G{n}", given=given, language=code) for n, (given, code) in enumerate(
        (("Ana", "pl"), ("", "pl"), ("", "en"), ("Ana", "en"))
    )]  # fmt: skip
    shown = ready(ctx, people, text)
    assert list(reasons(shown).values()).count("") == 3
    assert reasons(shown)[people[1]] == f"{Reason.EMPTY}: guest.given"


def test_two_addresses_of_one_guest_get_one_mail(ctx: Context) -> None:
    add_account(ctx)
    one = guest(ctx, "Alba")
    with ctx.write() as tx:
        row = {"guest_id": one, "position": 1, "address": "second@example.org", "folded": "second@example.org"}
        tx.connection.execute(insert(GuestEmail).values(**row))
    shown = ready(ctx, [one])
    assert [who.address for who in shown.ready] == ["alba@example.org"]


@pytest.mark.parametrize("sent", [False, True])
@pytest.mark.parametrize("turned", [False, True])
def test_guests_who_became_one_meanwhile_get_one_mail(ctx: Context, sent: bool, turned: bool) -> None:
    add_account(ctx)
    one, two = guest(ctx, "Nowak"), guest(ctx, "Novak")
    number = mailings.start(ctx, ready(ctx, [one, two]))
    if sent:
        assert mailing_queue.queue_next(ctx, number, fence)
    main, other = (two, one) if turned else (one, two)
    guest_merging.merge(ctx, main, [other])
    for _turn in range(3):
        with ctx.write() as tx:  # what was queued has arrived
            tx.connection.execute(update(OutboxItem).values(state="sent"))
        mailing_queue.queue_next(ctx, number, fence)
    item = columns(MailingItem)
    with ctx.store.connect() as connection:
        rows = connection.execute(select(item.state, item.reason).where(item.mailing_id == number)).all()
    assert sorted(row.state for row in rows) == ["left out", "sent"]
    assert [row.reason for row in rows if row.reason] == [f"merged: Ana {'Novak' if turned else 'Nowak'}"]
