"""Inquiries and guests among the results, and the fields that ask for them (SPEC §14)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import event, insert

from crm_tui import desk
from crm_tui.data.columns import new_id
from crm_tui.data.tables import Agent
from crm_tui.desk.common.context import ENGINE, Actor, Context
from crm_tui.desk.finding import search, search_about, search_sql
from crm_tui.desk.groups import attributes
from crm_tui.desk.upkeep import checking
from tests.building import NOON, make_mail, receive_mails
from tests.desk.asked import add_guest, add_inquiry, add_memo

DAY = timedelta(days=1)


@pytest.fixture
def ctx(new_desk: Callable[..., Context]) -> Context:
    """A desk with mail of three guests, two inquiries and an attribute.

    Messages 1 (Łucja), 2 (José), 3 (a stranger); guests 1 Łucja, 2 José, 3 Marta who never wrote; inquiry 1 by mail of Łucja,
    inquiry 2 by phone of Marta and José.
    """
    ctx = new_desk()
    with ctx.write() as tx:
        new_id(tx.connection.execute(insert(Agent).values(name="Ola", role="admin", created_at=tx.now)))
    ctx = ctx.acting_as(Actor(1, "Ola", "admin"))
    receive_mails(
        ctx,
        make_mail("Szukamy pokoju.\n", message_id="1@x", sender="Ł <lucja@x.example>", date=NOON - 9 * DAY),
        make_mail("¿Hay sitio?\n", message_id="2@x", sender="J <jose@x.example>", date=NOON - 8 * DAY),
        make_mail("Viele Grüße\n", message_id="3@x", sender="S <s@y.example>", date=NOON - 7 * DAY),
    )
    past = NOON - 20 * DAY
    add_guest(ctx, "Wiśniewska", "Łucja", mails=["Lucja@x.example"], phones=["+48601234567"], created_at=past)
    add_guest(ctx, "Peña", "José", mails=["jose@x.example"], city="Málaga", created_at=past)
    add_guest(ctx, "Garçon", "Marta", phones=["+33123456789"], created_at=past)
    add_inquiry(
        ctx,
        1,
        conversations=[1],
        created_at=NOON - 9 * DAY,
        room="Doppelzimmer Süd",
        arrival=date(2026, 8, 1),
        departure=date(2026, 8, 5),
    )
    add_inquiry(
        ctx,
        3,
        2,
        created_at=NOON - 6 * DAY,
        channel="phone",
        status="offer sent",
        handler_id=1,
        preferences="quiet, cot",
    )
    add_memo(ctx, "Wants the balcony in writing", inquiry=2)
    attributes.tag(ctx, 1, attributes.add(ctx, "VIP"))
    return ctx


def found(ctx: Context, query: str, *, live: bool = False) -> list[str]:
    return [f"{hit.kind[0]}{hit.id}" for hit in search.search(ctx, query, live=live)]


QUERIES = [
    ("lucja", ["m1", "i1", "g1"]),
    ("wisniewska", ["i1", "g1"]),
    ("pena", ["i2", "g2"]),
    ("jose@x.example", ["i2", "m2", "g2"]),
    ("601234567", ["i1", "g1"]),
    ("doppelzimmer sud", ["i1"]),
    ("lucja doppelzimmer", ["i1"]),
    ("malaga", ["g2"]),
    ("cot", ["i2"]),
    ("balcony", ["i2"]),
    ('"in writing"', ["i2"]),
    ("balc*", ["i2"]),
    ("garcon -balcony", ["g3"]),
    ("guest:wisniewska", ["m1", "i1", "g1"]),
    ("guest:pena", ["i2", "m2", "g2"]),
    ("guest:pena sitio", ["m2"]),
    ("guest:marta quiet", ["i2"]),
    ("-guest:wisniewska is:unanswered", ["m3", "m2"]),
    ("guest:jose -guest:marta", ["m2", "g2"]),
    ("guest:nobody", []),
    ("guest:marta guest:pena", []),
    ("guest:x.example", ["i2", "m2", "m1", "i1", "g1", "g2"]),
    ("guest:x.example -guest:jose", ["m1", "i1", "g1"]),
    ("quiet -guest:wisniewska", ["i2"]),
    ("-guest:jose@x.example quiet", []),
    ('guest:"jose pena" cot', ["i2"]),
    ('guest:"marta jose"', []),
    ("attr:vip", ["m1", "i1", "g1"]),
    ("-attr:VIP guest:wisniewska", []),
    ("-attr:vip guest:pena", ["i2", "m2", "g2"]),
    ("channel:phone", ["i2"]),
    ("channel:direct", ["m1", "i1"]),
    ("-channel:direct is:unanswered", ["m3", "m2"]),
    ("status:new", ["m1", "i1"]),
    ("status:offer", ["i2"]),
    ("status:open", ["i2", "m1", "i1"]),
    ("status:closed", []),
    ("status:open -status:new", ["i2"]),
    ("code:1", ["m1", "i1"]),
    ("code:#2", ["i2"]),
    ("code:99999999999999999999", []),
    ("code:#2 code:1", ["i2", "m1", "i1"]),
    ("-code:1 status:open", ["i2"]),
    ("agent:ola", ["i2"]),
    ("handler:Ola", ["i2"]),
    ("-agent:ola status:open", ["m1", "i1"]),
    ("before:2026-06-23 status:open", ["m1", "i1"]),
    ("after:2026-06-25", ["i2"]),
    ("-in:Spam lucja", ["m1", "i1", "g1"]),
    ("from:lucja", ["m1"]),
    ("has:attachment status:open", []),
    ("in:Inbox status:open", ["m1"]),
    ("channel:phone ???", []),
]


@pytest.mark.parametrize(("query", "hits"), QUERIES)
def test_what_is_found(ctx: Context, query: str, hits: list[str]) -> None:
    assert found(ctx, query) == hits


@pytest.mark.parametrize(("few", "many"), [(-1, -1), (-1, 10_000), (0, 10_000), (10_000, 10_000)])
def test_all_ways_to_look_find_the_same(ctx: Context, monkeypatch: pytest.MonkeyPatch, few: int, many: int) -> None:
    look_as_if(monkeypatch, few, many)
    for query, hits in QUERIES:
        assert found(ctx, query) == hits, query


def look_as_if(monkeypatch: pytest.MonkeyPatch, few: int, many: int) -> None:
    """What is few, and many, to the search."""
    monkeypatch.setattr(search_sql, "FEW", few)
    monkeypatch.setattr(search_about, "FEW", few)
    monkeypatch.setattr(search_about, "MANY", many)


@pytest.mark.parametrize(
    "query", ["guest:jose", "guest:x.example", "guest:jose doppelzimmer", "channel:direct", "status:open", "attr:VIP",
              "-guest:jose hay", "-guest:jose@x.example hay", "-attr:VIP hay", "-status:new hay", "status:open hay"]
)  # fmt: skip
def test_a_name_of_everybody_is_asked_of_the_newest_only(
    ctx: Context, monkeypatch: pytest.MonkeyPatch, query: str
) -> None:
    look_as_if(monkeypatch, -1, -1)
    plans: list[str] = []

    def explain(_connection: object, cursor: Any, statement: str, values: Any, *_rest: object) -> None:
        if "ORDER BY" in statement and "json_each" not in statement:
            cursor.execute(f"EXPLAIN QUERY PLAN {statement}", values)
            plans.extend(row[3] for row in cursor.fetchall())

    event.listen(ctx.store.engine, "before_cursor_execute", explain)
    search.search(ctx, query)
    assert plans
    sets = [line for line in plans if line.startswith("LIST SUBQUERY") or "TEMP B-TREE" in line]
    assert sets == []  # neither made nor sorted: the newest are walked until there are enough


@pytest.mark.parametrize(("query", "wrong"), [("code:!!", "!!"), ("x -code:#/", "#/"), ('code:"- -" code:1', '- -"')])
def test_a_code_has_letters_or_digits(ctx: Context, query: str, wrong: str) -> None:
    for live in (False, True):
        with pytest.raises(search.QueryError, match="is not a code") as caught:
            search.search(ctx, query, live=live)
        start, end = caught.value.span
        assert query[start:end] == wrong
    assert found(ctx, "code:#", live=True) == []


def test_while_typing(ctx: Context) -> None:
    assert found(ctx, "guest:wisn", live=True) == ["m1", "i1", "g1"]
    assert found(ctx, "lucja attr:v", live=True) == ["m1", "i1", "g1"]
    assert found(ctx, "channel:ph", live=True) == ["i2"]
    assert found(ctx, "pena agent:o", live=True) == ["i2", "g2"]


@pytest.mark.parametrize(
    ("query", "words", "wrong"),
    [
        ("x attr:vop", "no attribute called vop", "vop"),
        ("x channel:pigeon", "pigeon is not known", "pigeon"),
        ("status:o", "o is not known", "o"),
        ("guest: x", "Nothing stands after guest", "guest:"),
        ('y handler:"Ola K"', "no agent called Ola K", 'Ola K"'),
    ],
)
def test_a_wrong_name_is_pointed_at(ctx: Context, query: str, words: str, wrong: str) -> None:
    with pytest.raises(search.QueryError, match=words) as caught:
        search.check(ctx, query)
    start, end = caught.value.span
    assert query[start:end] == wrong


def test_a_hit_says_what_it_is(ctx: Context) -> None:
    inquiry, _message, guest = (search.search(ctx, "guest:pena")[n] for n in (0, 1, 2))
    assert (inquiry.kind, inquiry.title) == ("inquiry", "Marta Garçon · Inquiry 2 · offer sent")
    assert inquiry.snippet.startswith("quiet, cot · ")
    assert "Wants the balcony in writing" in inquiry.snippet
    assert [inquiry.snippet[start:end] for start, end in inquiry.snippet_matches] == ["Peña"]
    assert (guest.kind, guest.title, guest.counterpart.address) == ("guest", "José Peña", "jose@x.example")
    assert [guest.title[start:end] for start, end in guest.title_matches] == ["Peña"]
    (other,) = [hit for hit in search.search(ctx, "doppelzimmer") if hit.kind == "inquiry"]
    assert other.title == "Łucja Wiśniewska · Inquiry 1 · new · 2026-08-01 – 2026-08-05"
    assert other.conversation == 1


def test_a_hidden_inquiry_is_found_by_those_who_may_see_it_only(ctx: Context) -> None:
    add_inquiry(ctx, 3, scope="a1", room="secret suite")
    assert found(ctx, "secret") == ["i3"]
    assert found(ctx.acting_as(ENGINE), "secret") == ["i3"]
    other = ctx.acting_as(Actor(2, "Leo", "manager"))
    for query in ("secret", "code:3", "guest:marta status:new", "garcon suite"):
        assert found(other, query) == []
    assert found(other, "channel:direct") == ["m1", "i1"]


def test_a_renamed_attribute_keeps_its_guests(ctx: Context) -> None:
    (vip,) = attributes.listed(ctx)
    attributes.rename(ctx, vip.id, vip.version, "Regular")
    assert found(ctx, "attr:regular") == ["m1", "i1", "g1"]
    with pytest.raises(search.QueryError, match="no attribute"):
        search.search(ctx, "attr:vip")


def test_check_sees_an_index_that_lies(ctx: Context) -> None:
    def said() -> str:
        return next(one.text for one in checking.check(ctx) if one.name == "search index")

    assert said() == "in order"
    with ctx.store.write() as session:
        session.connection().exec_driver_sql("UPDATE guest_search SET names = 'x' WHERE rowid = 2")
    assert "1 guests are not in the search index" in said()


pieces = ["guest:", "attr:vip", "attr:", "channel:ph", "status:open", "code:1", "code:x", "-", '"', "lucja", "agent:Ola", "after:2026-01-01", "*", "("]  # fmt: skip


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(st.lists(st.sampled_from(pieces), max_size=6).map("".join) | st.lists(st.sampled_from(pieces)).map(" ".join))
def test_no_query_breaks_the_search(ctx: Context, query: str) -> None:
    for live in (False, True):
        try:
            hits = search.search(ctx, query, live=live)
        except search.QueryError as error:
            start, end = error.span
            assert 0 <= start <= end <= len(query)
            continue
        dates = [hit.date for hit in hits]
        assert dates == sorted(dates, reverse=True)
        assert all(hit.snippet is not None for hit in hits)


def reserved(ctx: Context) -> int:
    """A reservation of a known guest, with a remark and a memo."""
    guest = add_guest(ctx, "Wiśniewska", "Łucja", mails=["lucja@example.org"])
    values = {"code": "M-26118", "reference": "BK/778", "destination": "Łódź", "room": "Suite 7", "channel": "phone"}
    return desk.reservations.create(ctx, values | {"operator": "Itaka", "remarks": "cot"}, guests_of=[guest])


@pytest.mark.parametrize(
    "query",
    [
        "lodz",
        "suite",
        "itaka",
        "cot",
        "wisniewska",
        "guest:wisni",
        "guest:lucja@example.org",
        "code:M-26118",
        "code:m26118",
        "code:m-261",
        "code:bk778",
        "channel:phone suite",
        "lodz -palma",
        "lodz -code:m-9",
        "code:BK/778",
    ],
)
def test_a_reservation_is_found_by_all_that_is_said_of_it(ctx: Context, query: str) -> None:
    number = reserved(ctx)
    found = [hit for hit in desk.search.search(ctx, query, live=True) if hit.kind == "reservation"]
    assert [(hit.id, hit.title.startswith("M-26118 · Łucja Wiśniewska · confirmed")) for hit in found] == [
        (number, True)
    ]


@pytest.mark.parametrize(
    "query",
    [
        "palma",
        "lodz -suite",
        "lodz -guest:wisniewska",
        "code:M-9",
        "channel:counter",
        "agent:Ola lodz",
        "from:lucja",
        "is:unanswered lodz",
        "lodz -code:m-26118",
        "status:booked lodz",
        "code:118",
    ],
)
def test_a_reservation_is_not_found_by_what_it_is_not(ctx: Context, query: str) -> None:
    reserved(ctx)
    assert [hit for hit in desk.search.search(ctx, query) if hit.kind == "reservation"] == []


def test_the_code_of_a_reservation_finds_its_inquiry_too(ctx: Context) -> None:
    inquiry = desk.inquiries.create(ctx, {}, guest={"surname": "Nowak"})
    number = desk.booking.book(ctx, {"code": "M-7"}, inquiry=inquiry)
    desk.inquiries.create(ctx, {}, guest={"surname": "Petit"})
    kinds = {(hit.kind, hit.id) for hit in desk.search.search(ctx, "code:m-7")}
    assert kinds == {("inquiry", inquiry), ("reservation", number)}


@pytest.mark.parametrize("query", ["王小明", "guest:王小明", "小明", "王小明 -room", "-nowak 王小明"])
def test_a_name_that_is_written_together_is_found(ctx: Context, query: str) -> None:
    inquiry = desk.inquiries.create(ctx, {}, guest={"surname": "王", "given": "小明"})
    desk.inquiries.create(ctx, {}, guest={"surname": "王", "given": "大明"})
    found = [(hit.kind, hit.id) for hit in desk.search.search(ctx, query)]
    assert ("inquiry", inquiry) in found
    assert not [one for one in found if one[0] == "inquiry" and one[1] != inquiry]
