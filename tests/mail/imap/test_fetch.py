"""What a fetch accepts and what it survives (QUALITY I2–I4, I7, I8, I12, I13, I19)."""

from __future__ import annotations

import re
import tracemalloc
from datetime import UTC, datetime

import pytest

from crm_tui.base.errors import ServerError, Unreachable
from crm_tui.mail.imap.fetch import parse_flags, parse_internal_date
from crm_tui.mail.imap.large import leaves, text_only
from tests.mail.imap.helpers import fetch_answer, fetching, mail, selected
from tests.servers.scripted import Rule, Scripted, Talk

RAW = mail()
DATE = b'INTERNALDATE "02-Mar-2026 10:00:00 +0100"'


def literal(name: bytes, raw: bytes) -> bytes:
    return b"%s {%d}\r\n%s" % (name, len(raw), raw)


SHAPES = {
    "as asked": fetch_answer(1, RAW),
    "whole body name": fetch_answer(1, RAW).replace(b"BODY[]<0>", b"BODY[]"),
    "modseq inside": fetch_answer(1, RAW).replace(b" BODY[]", b" MODSEQ (77) BODY[]"),
    "flags first": b"* 1 FETCH (FLAGS (\\Seen) UID 1 %s RFC822.SIZE 9 %s)\r\n" % (DATE, literal(b"BODY[]<0>", RAW)),
    "body first": b"* 1 FETCH (%s UID 1 FLAGS (\\Seen) %s RFC822.SIZE 9)\r\n" % (literal(b"BODY[]<0>", RAW), DATE),
    "uid last": b"* 1 FETCH (FLAGS (\\Seen) %s RFC822.SIZE 9 %s UID 1)\r\n" % (DATE, literal(b"BODY[]<0>", RAW)),
    "lower case": b"* 1 fetch (uid 1 flags (\\Seen) %s rfc822.size 9 %s)\r\n"
    % (DATE.lower(), literal(b"body[]<0>", RAW)),
    "more than asked": b"* 1 FETCH (UID 1 X-GM-MSGID 12 FLAGS (\\Seen) %s RFC822.SIZE 9 %s X-GM-LABELS (a b))\r\n"
    % (DATE, literal(b"BODY[]<0>", RAW)),
}


@pytest.mark.parametrize("shape", SHAPES)
def test_any_order_and_form_is_understood(shape: str) -> None:
    with fetching(SHAPES[shape]) as server:
        session = selected(server)
        (item,) = session.fetch([1])
        session.logout()
    assert (item.uid, item.raw, item.whole) == (1, RAW, True)
    assert item.flags == ("\\Seen",)
    assert item.internal_date == datetime(2026, 3, 2, 9, tzinfo=UTC)


def test_what_is_asked_for() -> None:
    with fetching(fetch_answer(1, RAW)) as server:
        session = selected(server)
        list(session.fetch([1, 2, 3, 7], limit=1000))
        assert server.commands()[-1] == b"UID FETCH 1:3,7 (UID FLAGS INTERNALDATE RFC822.SIZE BODY.PEEK[]<0.1000>)"
        session.logout()


def test_i2_a_star_range_that_names_the_last_message() -> None:
    with Scripted([Rule(rb"^UID SEARCH", b"* SEARCH 41 42\r\n{tag} OK\r\n")]) as server:
        session = selected(server)
        assert session.uids_from(42) == [42]
        assert session.uids_from(43) == []
        session.logout()


def test_i2_items_that_nobody_asked_for_are_dropped() -> None:
    with fetching(fetch_answer(9, mail(9)) + fetch_answer(1, RAW)) as server:
        session = selected(server)
        assert [item.uid for item in session.fetch([1])] == [1]
        session.logout()


INCOMPLETE = {
    "unsolicited flags without uid": b"* 1 FETCH (FLAGS (\\Seen))\r\n",
    "unsolicited flags with uid": b"* 1 FETCH (UID 1 FLAGS (\\Seen))\r\n",
    "no uid": b"* 1 FETCH (FLAGS () %s RFC822.SIZE 9 %s)\r\n" % (DATE, literal(b"BODY[]<0>", RAW)),
    "no body": b"* 1 FETCH (UID 1 FLAGS () %s RFC822.SIZE 9)\r\n" % DATE,
    "body nil": b"* 1 FETCH (UID 1 FLAGS () %s RFC822.SIZE 9 BODY[]<0> NIL)\r\n" % DATE,
    "no flags": b"* 1 FETCH (UID 1 %s RFC822.SIZE 9 %s)\r\n" % (DATE, literal(b"BODY[]<0>", RAW)),
    "another section": b"* 1 FETCH (UID 1 FLAGS () %s RFC822.SIZE 9 %s)\r\n" % (DATE, literal(b"BODY[TEXT]", RAW)),
    "empty": b"* 1 FETCH ()\r\n",
    "broken": b"* 1 FETCH (UID 1 FLAGS (\\Seen\r\n",
    "deep": b"* 1 FETCH " + b"(" * 30_000 + b"\r\n",
    "odd": b"* 1 FETCH (UID)\r\n",
    "uid is no number": b"* 1 FETCH (UID x FLAGS () %s RFC822.SIZE 9 %s)\r\n" % (DATE, literal(b"BODY[]<0>", RAW)),
}


@pytest.mark.parametrize("what", INCOMPLETE)
def test_i3_only_items_with_all_that_was_asked_for(what: str) -> None:
    with fetching(INCOMPLETE[what] + fetch_answer(2, mail(2), seq=2)) as server:
        session = selected(server)
        assert [(item.uid, item.raw) for item in session.fetch([1, 2])] == [(2, mail(2))]
        session.noop()
        session.logout()


def test_i3_expunge_and_exists_in_the_middle() -> None:
    answer = fetch_answer(1, RAW) + b"* 1 EXPUNGE\r\n* 7 EXISTS\r\n* 2 FETCH (FLAGS ())\r\n" + fetch_answer(2, mail(2))
    with fetching(answer) as server:
        session = selected(server)
        assert [item.uid for item in session.fetch([1, 2])] == [1, 2]
        session.logout()


def test_i4_doubled_items_count_once() -> None:
    with fetching(fetch_answer(1, RAW) + fetch_answer(1, mail(5))) as server:
        session = selected(server)
        assert [item.raw for item in session.fetch([1])] == [RAW]
        session.logout()


@pytest.mark.parametrize("flag", [b"\\Seen \xe9t\xe9", b"$Junk $[x]", b"\\SEEN NonJunk"])
def test_i12_flags_are_opaque(flag: bytes) -> None:
    with fetching(fetch_answer(1, RAW, flags=flag)) as server:
        session = selected(server)
        (item,) = session.fetch([1])
        session.logout()
    assert all(isinstance(name, str) and name.isprintable() for name in item.flags)
    assert parse_flags(b"\\sEEN a") == ("\\Seen", "a")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (b" 2-Mar-2026 10:00:00 +0100", datetime(2026, 3, 2, 9, tzinfo=UTC)),
        (b"02-mar-2026 23:59:60 -0530", datetime(2026, 3, 3, 5, 29, 59, tzinfo=UTC)),
        (b"31-Feb-2026 10:00:00 +0000", None),
        (b"01-Jan-0001 00:00:00 +1400", None),
        (b"yesterday", None),
        (b"", None),
    ],
)
def test_i13_internal_dates_are_aware(text: bytes, expected: datetime | None) -> None:
    assert parse_internal_date(text) == expected


def test_i13_an_unreadable_internal_date_costs_only_the_date() -> None:
    with fetching(fetch_answer(1, RAW, date=b'"99-Foo-2026 10:00:00 +0000"')) as server:
        session = selected(server)
        (item,) = session.fetch([1])
        session.logout()
    assert item.internal_date is None
    assert item.raw == RAW


@pytest.mark.parametrize("size", [4_294_967_295, 10**18, 9 << 20])
def test_i7_a_huge_literal_costs_no_memory(size: int) -> None:
    head = b"* 1 FETCH (UID 1 FLAGS () %s RFC822.SIZE 9 BODY[]<0> {%d}\r\n" % (DATE, size)
    with fetching(lambda talk, _: talk.send(head + b"x" * 100)) as server:
        session = selected(server)
        tracemalloc.start()
        with pytest.raises(Unreachable):
            list(session.fetch([1]))
        peak = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
    assert peak < 10 << 20  # the limit, and not what the server claims
    assert session.broken


@pytest.mark.parametrize("shape", ["as asked", "body first"])
def test_i7_a_server_that_ignores_partial_fetches_costs_no_memory_and_no_connection(shape: str) -> None:
    huge = mail(1, "x" * 3_000_000)
    answer = SHAPES[shape].replace(literal(b"BODY[]<0>", RAW), literal(b"BODY[]", huge))
    with fetching(answer + fetch_answer(2, mail(2), seq=2)) as server:
        session = selected(server)
        items = {item.uid: item for item in session.fetch([1, 2], limit=1000)}
        session.noop()
        session.logout()
    assert (items[1].whole, items[1].raw) == (False, huge[:1000])
    assert (items[2].whole, items[2].raw) == (True, mail(2))


def test_i7_pieces_from_a_server_that_knows_none_are_refused_rather_than_cut_off() -> None:
    huge = mail(1, "x" * 5000)
    with fetching(b"* 1 FETCH (UID 1 %s)\r\n" % literal(b"BODY[]", huge)) as server:
        session = selected(server)
        with pytest.raises(ServerError):
            list(session.fetch_piecewise(1, piece=1000))
        assert b"".join(session.fetch_piecewise(1, piece=10_000)) == huge
        session.logout()


def test_i7_a_literal_longer_than_what_comes_times_out() -> None:
    with fetching(lambda talk, _: talk.send(fetch_answer(1, RAW)[:-40])) as server:
        session = selected(server, timeout=0.5)
        with pytest.raises(Unreachable):
            list(session.fetch([1]))


def test_i7_a_literal_shorter_than_what_comes_is_an_error() -> None:
    lying = fetch_answer(1, RAW).replace(b"{%d}" % len(RAW), b"{%d}" % (len(RAW) - 20))
    with fetching(lying) as server:
        session = selected(server, timeout=1)
        with pytest.raises(Unreachable):
            assert list(session.fetch([1])) == []


def test_i5_a_cut_at_every_byte_of_an_answer() -> None:
    whole = fetch_answer(1, RAW) + fetch_answer(2, mail(2), seq=2) + b"T9 OK done\r\n"
    first_complete = len(fetch_answer(1, RAW))
    for length in range(0, len(whole), 3):

        def cut(talk: Talk, _match: re.Match[bytes], length: int = length) -> None:
            talk.send(whole.replace(b"T9", talk.tag)[:length])
            talk.close()

        with fetching(cut) as server:
            session = selected(server, timeout=3)
            got: list[tuple[int, bytes]] = []
            with pytest.raises(Unreachable):
                got.extend((item.uid, item.raw) for item in session.fetch([1, 2]))
            assert got in ([], [(1, RAW)], [(1, RAW), (2, mail(2))])
            if length < first_complete - 2:
                assert got == []


def test_a_no_after_some_items_is_told() -> None:
    with fetching(lambda talk, _: talk.send(fetch_answer(1, RAW) + talk.tag + b" NO some gone\r\n")) as server:
        session = selected(server)
        stream = session.fetch([1, 2])
        assert next(stream).uid == 1
        with pytest.raises(ServerError):
            next(stream)
        session.noop()
        session.logout()


def test_leaving_a_fetch_early_closes_the_connection() -> None:
    with fetching(fetch_answer(1, RAW) + fetch_answer(2, mail(2))) as server:
        session = selected(server)
        stream = session.fetch([1, 2])
        next(stream)
        stream.close()  # type: ignore[attr-defined]
        assert session.broken


def test_i7_over_the_limit_only_the_first_bytes_come() -> None:
    raw = mail(1, "x" * 5000)

    def partial(talk: Talk, match: re.Match[bytes]) -> None:
        asked = re.search(rb"<0\.(\d+)>", match.string)
        assert asked
        part = raw[: int(asked[1])]
        answer = fetch_answer(1, part).replace(b"RFC822.SIZE %d" % len(part), b"RFC822.SIZE %d" % len(raw))
        talk.send(answer + talk.tag + b" OK\r\n")

    with fetching(partial) as server:
        session = selected(server)
        (item,) = session.fetch([1], limit=1000)
        session.logout()
    assert not item.whole
    assert item.size == len(raw)
    assert item.raw == raw[:1000]


def test_structure_leaves() -> None:
    text = (b"TEXT", b"PLAIN", (b"CHARSET", b"utf-8"), None, None, b"7BIT", 12, 1)
    pdf = (b"APPLICATION", b"PDF", (b"NAME", b"a.pdf"), None, None, b"BASE64", 9_000_000)
    nested = ([text, text], b"ALTERNATIVE")
    assert [part.section for part in leaves(([nested, pdf], b"MIXED"))] == ["1.1", "1.2", "2"]
    assert [(part.section, part.type) for part in leaves(text)] == [("1", b"text/plain")]
    for odd in (None, (), b"x", ((),), (1, 2, 3)):
        assert list(leaves(odd)) == []


def test_text_only_without_a_structure_gives_up() -> None:
    with fetching(b"* 1 FETCH (UID 1 BODYSTRUCTURE NIL)\r\n") as server:
        session = selected(server)
        assert text_only(session, 1) is None
        session.logout()
