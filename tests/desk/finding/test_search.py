"""Finding mail: what is found, in what order, what is marked, and what a wrong query is told (SPEC §14)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from sqlmodel import Session

from crm_tui.data.tables import Conversation
from crm_tui.desk.common.context import Context
from crm_tui.desk.conversations import triage
from crm_tui.desk.correspondence.excerpts import finder, matches
from crm_tui.desk.finding import search, search_sql
from crm_tui.desk.staff import setup
from crm_tui.mail.text import display_text, fold_text
from crm_tui.rules.query import Term, parse_query
from tests.building import HOTEL, NOON, add_mailbox, make_mail, receive_mails

START = NOON - timedelta(days=10)


@pytest.fixture
def ctx(new_desk: Callable[..., Context]) -> Context:
    """A desk on a fresh store, in the engine's hands, with the clock at noon."""
    return new_desk()


@pytest.fixture
def found_desk(ctx: Context, account_id: int, inbox_id: int) -> Context:
    """Five mails in four conversations, a day apart."""
    day = timedelta(days=1)
    receive_mails(
        ctx,
        make_mail(
            "Przyjeżdżamy do Łodzi, pokój z łóżeczkiem.\n", message_id="1@x", subject="Pokój w Łodzi", date=START
        ),
        make_mail(
            "Llegada tardía confirmada, gracias.\n",
            message_id="2@x",
            subject="Llegada",
            sender="José Peña <jose@guests.example>",
            date=START + day,
        ),
        make_mail(
            "Sehr geehrte Damen, die Straße ist laut.\n",
            message_id="3@x",
            subject="Rechnung",
            sender="booking@agency.example",
            date=START + 2 * day,
            attachments=[("Rechnung-77.pdf", "application/pdf", b"%PDF-1.4")],
        ),
        make_mail(
            "La llegada, ¿a qué hora?\n",
            message_id="4@x",
            subject="Reserva SPA",
            cc="eva@x.example",
            date=START + 3 * day,
        ),
        account_id=account_id,
        mailbox_id=inbox_id,
    )
    receive_mails(
        ctx,
        make_mail(
            "Claro, hasta medianoche.\n",
            message_id="5@x",
            in_reply_to="4@x",
            subject="Re: Reserva SPA",
            sender=HOTEL,
            to="ana@guests.example",
            date=START + 4 * day,
        ),
        account_id=account_id,
        mailbox_id=add_mailbox(ctx, account_id, "Sent", role="sent"),
        sent=True,
    )
    triage.move(ctx, [2], "Booked")
    triage.star(ctx, [3], starred=True)
    return ctx


def ids(ctx: Context, query: str, *, live: bool = False) -> list[int]:
    return [hit.id for hit in search.search(ctx, query, live=live)]


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("lodzi", [1]),
        ("ŁÓDZ*", [1]),
        ("lozeczkiem", [1]),
        ("strasse", [3]),
        ("llegada", [4, 2]),
        ("llegada tardia", [2]),
        ('"llegada confirmada"', []),
        ('"tardia confirmada"', [2]),
        ("subject:llegada", [2]),
        ("lleg", []),
        ("lleg*", [4, 2]),
        ("llegada -tardia", [4]),
        ("-llegada", [5, 3, 1]),
        ("-llegada in:Booked", []),
        ("from:jose", [2]),
        ("from:jose@guests.example", [2]),
        ("to:eva", [4]),
        ("file:rechnung", [3]),
        ("has:attachment", [3]),
        ("-has:attachment", [5, 4, 2, 1]),
        ("in:Booked", [2]),
        ("in:booked in:inbox llegada", [4, 2]),
        ("-in:Booked llegada", [4]),
        ("in:Sent", [5]),
        ("-in:Sent reserva", [4]),
        ("in:Starred", [3]),
        ("is:unanswered", [3, 2, 1]),
        ("is:answered", [5, 4]),
        ("-is:answered llegada", [2]),
        ("is:starred", [3]),
        ("-is:starred is:unanswered", [2, 1]),
        ("is:snoozed", []),
        ("is:unread llegada", [4, 2]),
        ("is:read", []),
        ("before:2026-06-23", [2, 1]),
        ("after:2026-06-24", [5, 4]),
        ("after:2026-06-22 before:2026-06-24 llegada", [2]),
        ("!!! ???", []),
        ("", []),
        ("   ", []),
        ("in:Waitlist llegada", []),
    ],
)
def test_what_is_found(found_desk: Context, query: str, found: list[int]) -> None:
    assert ids(found_desk, query) == found


@pytest.mark.parametrize("few", [0, 10_000])
def test_both_ways_to_filter_find_the_same(found_desk: Context, monkeypatch: pytest.MonkeyPatch, few: int) -> None:
    monkeypatch.setattr(search_sql, "FEW", few)
    assert ids(found_desk, "llegada is:unanswered") == [2]
    assert ids(found_desk, "llegada in:Inbox is:unread") == [4]
    assert ids(found_desk, "is:unanswered in:Inbox") == [3, 1]
    assert ids(found_desk, "is:starred") == [3]


def test_days_begin_at_the_property(found_desk: Context) -> None:
    setup.init(found_desk, name="H", timezone="Pacific/Kiritimati", currency="EUR", agent="Ola")  # 14 hours ahead
    assert ids(found_desk, "before:2026-06-23") == [1]


def test_while_typing(found_desk: Context) -> None:
    assert ids(found_desk, "lleg", live=True) == [4, 2]
    assert ids(found_desk, "ll", live=True) == []
    assert ids(found_desk, "la", live=True) == [4]
    assert ids(found_desk, '"la lleg', live=True) == []
    assert ids(found_desk, "in:", live=True) == []


def test_by_agent_whatever_case_and_accents(found_desk: Context) -> None:
    desk = setup.init(found_desk, name="H", timezone="Europe/Warsaw", currency="PLN", agent="Łucja")
    with desk.store.write() as session:
        assign(session, 2, desk.actor.id)
    assert ids(desk, "agent:lucja") == [2]
    assert ids(desk, "agent:Łucja llegada") == [2]
    assert ids(desk, "-agent:lucja llegada") == [4]
    with pytest.raises(search.QueryError, match="no agent called Olga") as caught:
        search.search(desk, "x agent:Olga")
    assert caught.value.span == (8, 12)
    assert "Łucja" in caught.value.hint


def assign(session: Session, conversation: int, agent: int | None) -> None:
    row = session.get(Conversation, conversation)
    assert row is not None
    row.assignee_id = agent


def test_a_hit_shows_where_it_matched(found_desk: Context) -> None:
    (hit,) = search.search(found_desk, "llegada tardía")
    assert (hit.title, hit.counterpart.address) == ("Llegada", "jose@guests.example")
    assert [hit.title[start:end] for start, end in hit.title_matches] == ["Llegada"]
    assert [hit.snippet[start:end] for start, end in hit.snippet_matches] == ["Llegada", "tardía"]
    assert hit.date == START + timedelta(days=1)


def test_the_snippet_is_cut_around_a_match_far_down(ctx: Context) -> None:
    receive_mails(ctx, make_mail("lorem ipsum dolor " * 300 + "habitación con vistas " + "sit amet " * 100))
    (hit,) = search.search(ctx, "habitacion")
    assert "habitación con vistas" in hit.snippet
    assert [hit.snippet[start:end] for start, end in hit.snippet_matches] == ["habitación"]


def test_the_newest_come_first_and_no_more_than_asked(ctx: Context) -> None:
    mails = [make_mail(f"número {n}\n", subject=f"S{n}", date=START + timedelta(seconds=n % 7)) for n in range(30)]
    receive_mails(ctx, *mails)
    hits = search.search(ctx, "numero", limit=20)
    assert len(hits) == 20
    assert [hit.date for hit in hits] == sorted((hit.date for hit in hits), reverse=True)


@pytest.mark.parametrize(
    ("query", "words", "span"),
    [
        ("llegada frm:ana", "no field frm", (8, 11)),
        ("is:lost", "lost is not known", (3, 7)),
        ("before:soon", "soon is not a day", (7, 11)),
        ('a "b', "never closed", (2, 4)),
        ("subject:", "Nothing stands after subject", (0, 8)),
        ("x " * 70, "too many words", (0, 140)),
    ],
)
def test_a_wrong_query_is_told_what_and_where(ctx: Context, query: str, words: str, span: tuple[int, int]) -> None:
    with pytest.raises(search.QueryError, match=words) as caught:
        search.search(ctx, query)
    assert caught.value.span == span


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@example('"').via("quote")
@example("a\x00b").via("NUL")
@example("a\ud800b").via("surrogate")
@example('from:"a" OR NOT (NEAR) ^x {subject} : + *').via("words of the index's own language")
@given(
    st.text(max_size=40)
    | st.lists(st.sampled_from(['"', "*", "-", "^", "NEAR(", "AND", "x", ":", "(", "from:", "{a}"])).map(" ".join)
)
def test_no_text_breaks_the_search(found_desk: Context, query: str) -> None:
    for live in (False, True):
        try:
            hits = search.search(found_desk, query, live=live)
        except search.QueryError:
            continue
        assert [hit.snippet for hit in hits] == [display_text(hit.snippet) for hit in hits]


texts = st.text(st.characters(categories=["L", "N", "M", "P", "Z"]) | st.sampled_from("łŁßøæœđıİﬁ½Å"), max_size=40)


@given(
    texts,
    st.lists(st.text(st.characters(categories=["L", "N"]), min_size=1, max_size=5), min_size=1, max_size=3),
    st.booleans(),
)
def test_what_is_marked_matches(text: str, words: list[str], prefix: bool) -> None:
    pattern = finder([Term(word, prefix=prefix) for word in words])
    before = 0
    for start, end in matches(text, pattern):
        assert before <= start < end <= len(text)
        before = start
        assert pattern is not None
        assert pattern.search(fold_text(text[start:end])) is not None


@pytest.mark.parametrize(
    ("text", "query", "marked"),
    [
        ("Straße und Strasse", "strasse", ["Straße", "Strasse"]),
        ("ﬁnal ﬁnale", "final", ["ﬁnal"]),
        ("ﬁnal ﬁnale", "fin*", ["ﬁn", "ﬁn"]),
        ("Łódź, Łodzi", "lodz", ["Łódź"]),
        ("do-not_do", "do", ["do", "do"]),
        ("a b  c", '"b c"', ["b  c"]),
        ("reserva", "-reserva", []),
    ],
)
def test_marking(text: str, query: str, marked: list[str]) -> None:
    pattern = finder(parse_query(query, ()).terms)
    assert [text[start:end] for start, end in matches(text, pattern)] == marked


@given(st.text())
def test_folding_twice_is_folding_once_and_case_never_matters(text: str) -> None:
    folded = fold_text(text)
    assert fold_text(folded) == folded


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("Łódź", "lodz"),
        ("ÑANDÚ", "nandu"),
        ("Straße", "strasse"),
        ("Ærø Œuvre", "aero oeuvre"),
        ("İstanbul ısı", "istanbul isi"),
    ],
)
def test_folding(text: str, folded: str) -> None:
    assert fold_text(text) == folded
