"""Templates at the desk: written, changed, put away; filled in for a guest; a gap never leaves the house."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import select

from crm_tui import desk
from crm_tui.base.errors import Conflict, Forbidden, InvalidInput, NotFound
from crm_tui.data.columns import columns
from crm_tui.data.tables import Journal
from crm_tui.desk.common.context import Context
from crm_tui.desk.texts.template_faults import TemplateFault
from crm_tui.desk.texts.template_starter import starters
from crm_tui.desk.texts.template_variables import Group, Scene, Variable, register, split_name
from crm_tui.desk.texts.template_views import CATEGORIES, TemplateView
from crm_tui.rules.templating import names_in
from tests.desk.house import add_account, come_in, mail
from tests.screens.harness import Hotel

POLISH = "Dzień dobry, szukamy pokoju dla dwóch osób i dziecka, od 12 do 19 lipca. Proszę o ofertę."


def make(ctx: Context, body: str = "Dear {{ guest.name }},", **values: str) -> TemplateView:
    given = {"name": "Hello", "language": "en", "subject": "About {{ property.name }}"} | values
    return desk.templates.create(ctx, body=body, **given)


def test_a_template_is_written_changed_and_put_away_and_the_journal_tells(ctx: Context) -> None:
    made = make(ctx)
    changed = desk.templates.change(ctx, made.id, made.version, body="Hi {{ guest.name }}")
    assert (changed.body, changed.subject, changed.agent) == ("Hi {{ guest.name }}", made.subject, "Ana")
    away = desk.templates.archive(ctx, made.id, changed.version)
    assert desk.templates.listed(ctx) == []
    assert [one.id for one in desk.templates.listed(ctx, archived=True)] == [made.id]
    back = desk.templates.restore(ctx, made.id, away.version)
    assert not back.archived
    with ctx.store.connect() as connection:
        rows = connection.execute(select(columns(Journal)).where(columns(Journal).entity == "template")).all()
    assert [row.action for row in rows] == ["create", "change", "archive", "restore"]
    assert (rows[1].before, rows[1].after) == ({"body": made.body}, {"body": changed.body})
    assert {row.actor for row in rows} == {"Ana"}


def test_a_change_from_an_older_version_overwrites_nothing(ctx: Context) -> None:
    made = make(ctx)
    desk.templates.change(ctx, made.id, made.version, body="newer")
    with pytest.raises(Conflict, match="Ana changed this template"):
        desk.templates.change(ctx, made.id, made.version, body="older")
    with pytest.raises(Conflict):
        desk.templates.archive(ctx, made.id, made.version)
    assert desk.templates.get(ctx, made.id).body == "newer"


def test_a_change_that_changes_nothing_leaves_no_trace(ctx: Context) -> None:
    made = make(ctx)
    same = desk.templates.change(ctx, made.id, made.version, body=made.body, name=made.name)
    assert same.version == made.version


def test_two_templates_in_use_cannot_share_name_and_language(ctx: Context) -> None:
    made = make(ctx)
    with pytest.raises(InvalidInput, match="HELLO") as caught:
        make(ctx, name="HELLO")
    assert caught.value.field == "name"
    make(ctx, language="fr")
    desk.templates.archive(ctx, made.id, made.version)
    make(ctx)
    with pytest.raises(InvalidInput):
        desk.templates.restore(ctx, made.id, made.version + 1)


@pytest.mark.parametrize(
    ("values", "field"),
    [({"name": " "}, "name"), ({"language": "xx"}, "language"), ({"category": "x"}, "category"), ({"body": " \n"}, "body"),
     ({"subject": "{{ guest"}, "subject"), ({"body": "{{ ''.__class__ }}"}, "body"), ({"name": "x" * 81}, "name")],
)  # fmt: skip
def test_what_is_wrong_is_told_at_its_field(ctx: Context, values: dict[str, str], field: str) -> None:
    with pytest.raises(InvalidInput) as caught:
        make(ctx, **values)
    assert caught.value.field == field
    assert desk.templates.listed(ctx) == []


def test_a_fault_is_one_sentence_with_line_and_name(ctx: Context) -> None:
    with pytest.raises(TemplateFault, match=r"Line 2: “__class__” is nothing") as caught:
        make(ctx, "one\n{{ guest.__class__ }}")
    assert caught.value.line == 2


def test_a_desk_to_read_only_and_an_unknown_number(ctx: Context) -> None:
    from dataclasses import replace

    made = make(ctx)
    with pytest.raises(Forbidden):
        desk.templates.archive(replace(ctx, readonly=True), made.id, made.version)
    with pytest.raises(NotFound):
        desk.templates.get(ctx, 99)


def test_every_agent_may_write_and_change(ctx: Context) -> None:
    from crm_tui.desk.common.context import Actor

    leo = ctx.acting_as(Actor(None, "Leo", "agent"))
    made = make(leo)
    assert desk.templates.change(leo, made.id, 1, body="x").body == "x"


# -- filled in --------------------------------------------------------------------------------------------------------


@pytest.fixture
def hotel(tmp_path: Path) -> Iterator[Hotel]:
    hotel = Hotel(tmp_path).open()
    hotel.account()
    yield hotel
    hotel.ctx.store.close()


def test_it_is_filled_in_for_the_guest_of_a_conversation(hotel: Hotel) -> None:
    conversation, _message = hotel.mail(POLISH)
    body = "{{ guest.given }}|{{ guest.surname }}|{{ guest.email }}|{{ guest.language }}|{{ property.name }}|{{ agent.name }}"
    made = make(hotel.ctx, f"{body}|{{{{ property.today }}}}|{{{{ property.currency }}}}", language="pl")
    written = desk.template_use.write(hotel.ctx, made, conversation)
    assert written.text == "Łucja|Nowak|lucja@poczta.example|pl|Hotel Miramar|Ana|21 listopada 2026|EUR"
    assert (written.subject, written.gaps, written.error) == ("About Hotel Miramar", (), "")


def test_the_day_is_the_propertys(hotel: Hotel) -> None:
    from datetime import timedelta

    hotel.clock.advance(timedelta(hours=10, minutes=30))  # 23:35 UTC: tomorrow in Madrid
    made = make(hotel.ctx, "{{ property.today }}", language="fr")
    assert desk.template_use.write(hotel.ctx, made).text == "22 novembre 2026"


def test_a_new_mails_recipient_is_the_guest(hotel: Hotel) -> None:
    made = make(hotel.ctx, "{{ guest.name }}, {{ guest.email }}")
    written = desk.template_use.write(hotel.ctx, made, name="Petit, Marc", address="m@lac.example")
    assert written.text == "Marc Petit, m@lac.example"
    nobody = desk.template_use.write(hotel.ctx, made)
    assert nobody.gaps == ("guest.name", "guest.email")


@pytest.mark.parametrize(
    ("name", "parts"),
    [("Łucja Nowak", ("Łucja", "Nowak")), ("Nowak, Łucja", ("Łucja", "Nowak")), ("Anna Maria Nowak", ("Anna Maria", "Nowak")),
     ("Nowak", ("", "")), ("", ("", ""))],
)  # fmt: skip
def test_a_senders_name_in_two(name: str, parts: tuple[str, str]) -> None:
    assert split_name(name) == parts


def test_a_name_from_outside_is_text_and_means_nothing_in_markdown(hotel: Hotel) -> None:
    sender = '"{{7*7}} [x](http://evil.example) **b** ⟦guest.email⟧" <eve@evil.example>'
    conversation, _message = hotel.mail("Hi", sender=sender)
    text = desk.template_use.write(hotel.ctx, make(hotel.ctx, "Dear {{ guest.name }},"), conversation).text
    assert "{{7 7}}" in text
    assert "49" not in text
    assert not set("[]<>*`⟦⟧") & set(text)


def test_those_in_the_guests_language_come_first_then_the_agents(hotel: Hotel) -> None:
    conversation, _message = hotel.mail(POLISH)
    offered = desk.template_use.offered(hotel.ctx, conversation)
    assert offered.language == "pl"
    languages = [one.language for one in offered.templates]
    assert languages == ["pl"] * 8 + ["en"] * 8 + ["es"] * 8 + ["fr"] * 8


def test_a_recipient_without_a_name_has_the_one_that_the_conversation_knows(hotel: Hotel) -> None:
    conversation, _message = hotel.mail("Hi")
    made = make(hotel.ctx, "{{ guest.name }}")
    whole = desk.template_use.write(hotel.ctx, made, conversation, address="LUCJA@poczta.example")
    assert whole.text == "Łucja Nowak"
    other = desk.template_use.write(hotel.ctx, made, conversation, address="somebody@else.example")
    assert other.gaps == ("guest.name",)


def test_a_later_entity_joins_in_with_one_call(hotel: Hotel, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(desk.template_variables, "_groups", dict(desk.template_variables._groups))
    made = make(hotel.ctx, "Booking {{ reservation.code }}")
    assert desk.template_use.write(hotel.ctx, made).gaps == ("reservation.code",)

    def provide(scene: Scene) -> dict[str, str]:
        return {"code": "MIR-7"} if scene.conversation else {}

    register(Group("reservation", (Variable("code", "the booking code", "MIR-1"),), provide))
    conversation, _message = hotel.mail("Hi")
    assert desk.template_use.write(hotel.ctx, made, conversation).text == "Booking MIR-7"
    assert desk.template_use.write(hotel.ctx, made).gaps == ("reservation.code",)
    assert desk.template_use.preview(hotel.ctx, "", made.body, "en").text == "Booking MIR-1"
    assert "reservation.code" in [one.name for one in desk.template_variables.documented()]


def test_a_hostile_template_in_the_store_is_told_and_harmless(hotel: Hotel) -> None:
    """It could only be there by another program's hand; it is refused when it is used."""
    from sqlalchemy import update

    from crm_tui.data.tables import Template

    made = make(hotel.ctx)
    with hotel.ctx.write() as tx:
        tx.connection.execute(update(Template).values(body="{% for a in range(99999999) %}x{% endfor %}"))
    began = time.process_time()
    written = desk.template_use.write(hotel.ctx, desk.templates.get(hotel.ctx, made.id))
    assert time.process_time() - began < 1
    assert (written.error.split(".")[0], written.line, written.text) == (
        "Line 1: range() makes more than 200 numbers",
        1,
        "",
    )


# -- the starter set --------------------------------------------------------------------------------------------------


def test_a_new_desk_has_the_starter_set_and_it_comes_once(hotel: Hotel) -> None:
    found = desk.templates.listed(hotel.ctx)
    assert {(one.category, one.language) for one in found} == {
        (category, language) for category in CATEGORIES if category != "other" for language in ("en", "es", "pl", "fr")
    }
    assert len(found) == 36
    first = found[0]
    desk.templates.archive(hotel.ctx, first.id, first.version)
    assert desk.template_starter.add(hotel.ctx) == 0
    assert len(desk.templates.listed(hotel.ctx)) == 35


def test_every_starter_can_be_filled_in_and_what_comes_later_is_a_gap(hotel: Hotel) -> None:
    conversation, _message = hotel.mail(POLISH)
    later = {"offer", "payment reminder", "payment sms", "flight times", "bank details"}
    for one in desk.templates.listed(hotel.ctx):
        written = desk.template_use.write(hotel.ctx, one, conversation)
        assert not written.error, (one.name, written.error)
        assert bool(written.gaps) is (one.category in later), one.name
        groups = {name.partition(".")[0] for name in written.gaps}
        assert groups <= {"inquiry", "reservation", "payment", "property"}
        assert "{{" not in written.text + written.subject
        assert written.subject


def test_the_same_starter_asks_for_the_same_in_every_language() -> None:
    wanted: dict[str, set[str]] = {}
    for one in starters():
        names = {name for name in names_in(f"{one['subject']}\n{one['body']}") if not name.startswith("guest.")}
        assert wanted.setdefault(one["category"], names) == names, one["name"]


# -- the gate ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("field", ["text", "subject"])
def test_a_text_with_a_gap_is_not_queued_whatever_the_way_in(ctx: Context, field: str) -> None:
    account = add_account(ctx)
    come_in(ctx, mail(), account=account)
    draft = desk.replies.start(ctx, "reply", 1)
    version = desk.drafts.save(ctx, draft.id, draft.version, **{field: "Up to ⟦payment.due⟧ for ⟦guest.surname⟧"})  # type: ignore[arg-type]
    with pytest.raises(InvalidInput, match=r"payment\.due, guest\.surname") as caught:
        desk.outbox.queue(ctx, draft.id, version)
    assert caught.value.field == field
    assert desk.outbox.items(ctx) == []
    version = desk.drafts.save(ctx, draft.id, version, subject="Re: Room", text="Up to 12 May\n\n> ⟦guest.surname⟧\n")
    assert desk.outbox.queue(ctx, draft.id, version).state == "queued"
