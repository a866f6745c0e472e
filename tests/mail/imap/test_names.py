"""Mailbox names as servers write them (QUALITY I8, I10)."""

from __future__ import annotations

import pytest

from crm_tui.base.errors import InvalidInput
from crm_tui.mail.imap.names import Mailbox, canonical, decode_name, encode_name, guess_special, parse_list_line, quoted
from crm_tui.mail.imap.uids import command_sets, compact, expand
from tests.mail.imap.helpers import connect
from tests.servers.scripted import Rule, Scripted


@pytest.mark.parametrize(
    ("wire", "separator", "prefix", "name"),
    [
        (b"inbox", "/", "", "INBOX"),
        (b"INBOX.Sent", ".", "INBOX.", "Sent"),
        (b"inbox.Reservas.2026", ".", "INBOX.", "Reservas/2026"),
        (b"Inbox/Grupos", "/", "", "INBOX/Grupos"),
        (b"a/b.c", ".", "", "a∕b/c"),
        (b"R&AOk-servations", "/", "", "Réservations"),
        (b"Wys&AUI-ane", "/", "", "Wysłane"),
        (b"A &- B", "/", "", "A & B"),
        (b"INBOX.", ".", "INBOX.", "INBOX/"),
    ],
)
def test_i10_canonical_names(wire: bytes, separator: str, prefix: str, name: str) -> None:
    assert canonical(wire, separator, prefix) == name


def test_i8_an_undecodable_name_is_shown_escaped_and_kept() -> None:
    assert decode_name(b"&AAA") == decode_name(b"&AAA")
    assert decode_name(b"caf\xe9") == "caf\\xe9"
    assert decode_name("Wysłane".encode()) == "Wysłane"  # UTF-8 on the wire, as UTF8=ACCEPT servers and liars send it
    assert "\ud800" not in decode_name(b"&2AA-")


@pytest.mark.parametrize("name", ["Été à Łódź", "a&b", "日本語", "plain", "-&-"])
def test_names_survive_the_wire(name: str) -> None:
    assert decode_name(encode_name(name)) == name


@pytest.mark.parametrize("bad", ["a\r\nT9 DELETE INBOX", "a\nb", "a\0b"])
def test_s5_names_with_line_breaks_are_refused(bad: str) -> None:
    with pytest.raises(InvalidInput):
        encode_name(bad)
    with pytest.raises(InvalidInput):
        quoted(bad.encode())


@pytest.mark.parametrize(
    ("line", "literal", "expected"),
    [
        (rb'(\HasNoChildren \Sent) "/" "Sent Items"', None, ({"\\hasnochildren", "\\sent"}, "/", b"Sent Items")),
        (rb'() "." INBOX.a', None, (set(), ".", b"INBOX.a")),
        (rb"(\Noselect) NIL Old", None, ({"\\noselect"}, "", b"Old")),
        (rb'() "/" {4}', b'a"b\\', (set(), "/", b'a"b\\')),
        (rb'() "/" "with \"quotes\" and \\"', None, (set(), "/", b'with "quotes" and \\')),
        (rb'() "\\" "a\\b"', None, (set(), "\\", b"a\\b")),
        (rb'() "/" 2026', None, (set(), "/", b"2026")),
        (rb'() "/" "x" ("CHILDINFO" ("SUBSCRIBED"))', None, (set(), "/", b"x")),
    ],
)
def test_list_lines(line: bytes, literal: bytes | None, expected: tuple[set[str], str, bytes]) -> None:
    parsed = parse_list_line(line, literal)
    assert parsed is not None
    assert (set(parsed[0]), parsed[1], parsed[2]) == expected


@pytest.mark.parametrize("line", [b"", b"nonsense", rb'(\Sent "/" x', rb'() "/" ""'])
def test_i8_unreadable_list_lines_are_dropped(line: bytes) -> None:
    assert parse_list_line(line) is None


def test_i8_one_bad_name_does_not_lose_the_others() -> None:
    answer = (
        b'* LIST (\\HasNoChildren) "/" INBOX\r\n'
        b'* LIST (\\HasNoChildren) "/" "broken &AAA"\r\n'
        b"* LIST garbage\r\n"
        b'* LIST () "/" {9}\r\nA literal\r\n'
        b'* LIST (\\Noselect) "/" "top"\r\n'
        b'* LIST (\\Sent) "/" "Gesendete"\r\n'
        b"{tag} OK\r\n"
    )
    with Scripted([Rule(rb"^LIST", answer)]) as server:
        session = connect(server.port)
        boxes = {box.wire: box for box in session.list_mailboxes()}
        session.logout()
    assert set(boxes) == {b"INBOX", b"broken &AAA", b"A literal", b"top", b"Gesendete"}
    assert boxes[b"INBOX"].special == "inbox"
    assert boxes[b"Gesendete"].special == "sent"
    assert not boxes[b"top"].selectable


def test_i10_everything_below_the_inbox_without_namespace() -> None:
    answer = b'* LIST () "." INBOX\r\n* LIST () "." INBOX.Sent\r\n* LIST () "." INBOX.a.b\r\n{tag} OK\r\n'
    with Scripted([Rule(rb"^LIST", answer)]) as server:
        session = connect(server.port)
        names = {box.name: box.special for box in session.list_mailboxes()}
        session.logout()
    assert names == {"INBOX": "inbox", "Sent": "sent", "a/b": ""}


def test_i10_an_empty_list_still_has_the_inbox() -> None:
    with Scripted([Rule(rb"^LIST", b"{tag} OK\r\n")]) as server:
        session = connect(server.port)
        assert [box.name for box in session.list_mailboxes()] == ["INBOX"]
        session.logout()


def test_usual_names_only_where_nothing_is_declared() -> None:
    boxes = [Mailbox(b"Sent", "Sent"), Mailbox(b"x", "x", special="sent"), Mailbox(b"Spam", "Spam")]
    assert [box.special for box in guess_special(boxes)] == ["", "sent", "junk"]


def test_uid_sets() -> None:
    assert compact([5, 1, 2, 3, 9, 9]) == ["1:3", "5", "9"]
    assert list(command_sets([])) == []
    sets = list(command_sets(range(1, 20_001, 2)))
    assert all(len(one) <= 7000 for one in sets)
    assert [uid for one in sets for uid in expand(one.encode())] == list(range(1, 20_001, 2))
    assert expand(b"4:2,7") == [2, 3, 4, 7]


@pytest.mark.parametrize("text", [b"", b"*", b"1:*", b"a", b"1:4294967295", b"99999999999"])
def test_i7_sets_that_lie_are_refused(text: bytes) -> None:
    with pytest.raises(ValueError, match=r"."):
        expand(text)
