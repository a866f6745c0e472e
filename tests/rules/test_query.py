"""The search language: what is asked for, and what is said about a wrong query (SPEC §14)."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crm_tui.rules.query import STATES, TEXT_FIELDS, Problem, Query, Term, parse_query

PLACES = ("Inbox", "Booked", "Sent")


def parse(text: str, *, live: bool = False) -> Query:
    return parse_query(text, PLACES, live=live)


@pytest.mark.parametrize(
    ("text", "query"),
    [
        ("", Query()),
        ("   \t ", Query()),
        ("reserva Łódź", Query(terms=(Term("reserva"), Term("Łódź")))),
        ('"llegada tarde"', Query(terms=(Term("llegada tarde", phrase=True),))),
        ('subject:"dos noches"', Query(terms=(Term("dos noches", "subject", phrase=True),))),
        ("res* from:ana -file:pdf", Query(terms=(Term("res", prefix=True), Term("ana", "from"), Term("pdf", "file", exclude=True)))),
        ("in:booked IS:Unanswered", Query(places=("Booked",), states=("unanswered",))),
        ("has:attachment agent:Ola", Query(attachment=True, agents=("Ola",))),
        ('agent:"Ola K"', Query(agents=("Ola K",))),
        ("-in:Inbox -is:unread -has:attachment", Query(excluded=(("in", "Inbox"), ("is", "unread"), ("has", "attachment")))),
        ("before:2026-07-01 after:2026-06-01", Query(before=date(2026, 7, 1), after=date(2026, 6, 1))),
        ("before:2026-07-01 before:2026-06-01", Query(before=date(2026, 6, 1))),
        ("-before:2026-07-01", Query(after=date(2026, 7, 1))),
        ("https://hotel.example/a", Query(terms=(Term("https://hotel.example/a"),))),
        ("guest:nowak -guest:ana x", Query(terms=(Term("x"),), guests=(Term("nowak", "guest"), Term("ana", "guest", exclude=True)))),
        ("channel:Phone handler:Ola attribute:vip code:1042", Query(channels=("phone",), agents=("Ola",), attributes=("vip",), codes=("1042",))),
        ('status:"offer sent" status:wait', Query(statuses=("offer sent", "waiting for guest"))),
        ("channel:booking", Query(channels=("Booking.com",))),
        ("-status:lost -channel:tour", Query(excluded=(("status", "lost"), ("channel", "tour operator")))),
        ("10:30", Query(terms=(Term("10:30"),))),
        ("*", Query()),
    ],
)  # fmt: skip
def test_queries(text: str, query: Query) -> None:
    assert parse(text) == query


@pytest.mark.parametrize(
    ("text", "kind", "wrong"),
    [
        ("reserva frm:ana", "field", "frm"),
        ("in:Nowhere", "value", "Nowhere"),
        ("is:unanswerd", "value", "unanswerd"),
        ('in:"No where" x', "value", '"No where"'[1:]),
        ("x channel:carrier-pigeon", "value", "carrier-pigeon"),
        ("status:o", "value", "o"),
        ("channel:.", "value", "."),
        ("before:yesterday", "date", "yesterday"),
        ("after:2026-02-30", "date", "2026-02-30"),
        ('ana "dos noches', "quote", '"dos noches'),
        ("ana subject: x", "empty", "subject:"),
    ],
)
def test_what_is_wrong_and_where(text: str, kind: str, wrong: str) -> None:
    with pytest.raises(Problem) as caught:
        parse(text)
    assert caught.value.kind == kind
    assert text[caught.value.start : caught.value.end] == wrong


def test_a_wrong_value_names_what_would_do() -> None:
    with pytest.raises(Problem) as caught:
        parse("is:open")
    assert caught.value.known == STATES


@pytest.mark.parametrize(
    ("text", "terms"),
    [
        ("re", (Term("re"),)),
        ("res", (Term("res", prefix=True),)),
        ("res ", (Term("res"),)),
        ("ana res", (Term("ana"), Term("res", prefix=True))),
        ('"dos noc', (Term("dos noc", phrase=True),)),
        ("subject:", ()),
        ("in:boo", ()),
        ("before:2026-", ()),
        ("status:o", ()),
        ("guest:", ()),
    ],
)
def test_while_typing(text: str, terms: tuple[Term, ...]) -> None:
    assert parse(text, live=True) == Query(terms=terms)


def test_a_wrong_field_is_said_while_typing_too() -> None:
    with pytest.raises(Problem):
        parse("frm:an", live=True)


pieces = st.one_of(
    st.text(max_size=12),
    st.sampled_from(['"', "-", ":", "*", "in:", "is:", "from:", "before:", "has:", "agent:", " ", "//", "2026-07-01", "Inbox"]),
)  # fmt: skip


@given(st.lists(pieces, max_size=8).map("".join), st.booleans())
def test_any_text_is_a_query_or_a_problem_with_its_place(text: str, live: bool) -> None:
    query, problem = Query(), None
    try:
        query = parse(text, live=live)
    except Problem as found:
        problem = found
    assert problem is None or 0 <= problem.start <= problem.end <= len(text)
    assert all(term.text and term.field in ("", *TEXT_FIELDS) for term in query.terms)


words = st.text(st.characters(categories=["L", "N"]), min_size=1, max_size=8)


@given(st.lists(st.tuples(words, st.sampled_from(["", *TEXT_FIELDS]), st.booleans()), max_size=6))
def test_what_was_put_together_is_taken_apart(terms: list[tuple[str, str, bool]]) -> None:
    text = " ".join(f"{'-' if minus else ''}{field + ':' if field else ''}{word}" for word, field, minus in terms)
    expected = [Term(word, field, exclude=minus) for word, field, minus in terms]
    query = parse(text)
    assert query.terms == tuple(term for term in expected if term.field != "guest")
    assert query.guests == tuple(term for term in expected if term.field == "guest")


@given(st.sampled_from(["agent", "attr", "code"]), words, words)
def test_a_value_is_found_again_in_the_query(field: str, before: str, value: str) -> None:
    text = f'{before} {field}:"{value}"'
    start, end = parse(text).span(field, value)
    assert text[start:end] == f'{value}"'
