"""The verbs against real servers: Dovecot with everything, Dovecot with nothing, pymap (QUALITY I10, I14)."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest

from crm_tui.base.errors import AuthFailed, TlsFailed, Unreachable
from crm_tui.mail.imap import FolderGone, ImapSession
from crm_tui.mail.imap.large import text_only
from tests.mail.imap.helpers import connect, mail
from tests.servers.certificates import Authority
from tests.servers.dovecot import Dovecot
from tests.servers.proxy import Fault, FaultProxy
from tests.servers.pymap_server import Pymap

_users = (f"user{number}" for number in itertools.count(1))
WHEN = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


@pytest.fixture(
    params=[
        pytest.param("dovecot", marks=[pytest.mark.dovecot, pytest.mark.xdist_group("dovecot")]),
        pytest.param("plain_dovecot", marks=[pytest.mark.dovecot, pytest.mark.xdist_group("plain_dovecot")]),
        "pymap",
    ]
)
def session(request: pytest.FixtureRequest) -> Iterator[ImapSession]:
    """A session with an empty mailbox of its own on each of the servers."""
    server = request.getfixturevalue(request.param)
    connection = connect(server.port, "desk" if isinstance(server, Pymap) else next(_users), timeout=20)
    yield connection
    connection.logout()


def wire_name(session: ImapSession, name: str) -> bytes:
    """The server's own name of a mailbox, created if need be."""
    prefix = (
        b"INBOX." if "QRESYNC" not in session.capabilities and session.can("IMAP4REV1") and _dotted(session) else b""
    )
    session.create(prefix + name.encode())
    return next(box.wire for box in session.list_mailboxes() if box.name == name)


def _dotted(session: ImapSession) -> bool:
    return any(box.separator == "." for box in session.list_mailboxes())


def fill(session: ImapSession, count: int = 3) -> list[int]:
    for number in range(1, count + 1):
        session.append(b"INBOX", mail(number), flags=(), date=WHEN)
    session.select(b"INBOX")
    return session.search("ALL")


def test_append_and_fetch(session: ImapSession) -> None:
    uids = fill(session)
    items = {item.uid: item for item in session.fetch(uids)}
    assert sorted(items) == uids
    assert [items[uid].raw for uid in uids] == [mail(1), mail(2), mail(3)]
    assert {item.internal_date for item in items.values()} == {WHEN}
    assert all(item.whole and item.size == len(item.raw) for item in items.values())


def test_append_tells_the_uid_where_it_can(session: ImapSession) -> None:
    told = session.append(b"INBOX", mail(7), flags=["\\Seen"])
    selected = session.select(b"INBOX")
    place = (selected.uidvalidity, session.search("ALL")[-1])
    assert told == place if session.can("UIDPLUS") else told in (None, place)
    assert session.search_message_id("m7@example.org") == session.search("ALL")
    assert session.search_message_id("nothing@example.org") == []


def test_append_to_a_missing_mailbox(session: ImapSession) -> None:
    with pytest.raises(FolderGone):
        session.append(b"Nowhere", mail()) if not _dotted(session) else session.append(b"INBOX.Nowhere", mail())


def test_select_tells_what_the_mailbox_is(session: ImapSession) -> None:
    uids = fill(session, 2)
    selected = session.select(b"INBOX")
    assert selected.exists == 2
    assert selected.uidvalidity > 0
    assert selected.uidnext == uids[-1] + 1
    assert bool(selected.modseq) == session.can("CONDSTORE")
    assert not selected.readonly
    assert session.select(b"INBOX", readonly=True).readonly
    with pytest.raises(FolderGone):
        session.select(b"INBOX.Nowhere" if _dotted(session) else b"Nowhere")
    session.select(b"INBOX")


def test_flags_both_ways(session: ImapSession) -> None:
    uids = fill(session)
    session.store_flags(uids[:2], ["\\Seen"], add=True)
    session.store_flags(uids[1:], ["\\Flagged", "\\Answered"], add=True)
    session.store_flags(uids[2:], ["\\Answered"], add=False)
    told = {uid: set(flags) - {"\\Recent"} for uid, flags in session.flags_of(uids).items()}
    assert told == {
        uids[0]: {"\\Seen"},
        uids[1]: {"\\Seen", "\\Flagged", "\\Answered"},
        uids[2]: {"\\Flagged"},
    }
    assert session.search("UNSEEN") == [uids[2]]


def test_i14_move_with_and_without_the_extension(session: ImapSession) -> None:
    uids = fill(session)
    target = wire_name(session, "Reservas")
    session.select(b"INBOX")
    session.store_flags([uids[0]], ["\\Deleted"], add=True)  # another client's mark: it must survive
    pairs = session.move([uids[1]], target)
    left = session.search("ALL")
    assert uids[0] in left
    assert uids[2] in left
    if session.can("UIDPLUS") or session.can("MOVE"):
        assert uids[1] not in left
    else:
        assert "\\Deleted" in session.flags_of([uids[1]])[uids[1]]
    session.select(target)
    (arrived,) = session.search("ALL")
    assert [item.raw for item in session.fetch([arrived])] == [mail(2)]
    if session.can("UIDPLUS"):
        assert pairs == {uids[1]: arrived}


def test_copy_keeps_the_original(session: ImapSession) -> None:
    uids = fill(session, 1)
    target = wire_name(session, "Archivo")
    session.select(b"INBOX")
    session.copy(uids, target)
    assert session.search("ALL") == uids
    session.select(target)
    assert len(session.search("ALL")) == 1


def test_pieces_of_a_message(session: ImapSession) -> None:
    raw = mail(1, "line of text\r\n" * 5000)
    session.append(b"INBOX", raw)
    session.select(b"INBOX")
    (uid,) = session.search("ALL")
    assert b"".join(session.fetch_piecewise(uid, piece=10_000)) == raw
    (item,) = session.fetch([uid], limit=1000)
    assert (item.whole, item.raw) == (False, raw[:1000])
    assert session.fetch_section(uid, "HEADER") == raw[: raw.index(b"\r\n\r\n") + 4]
    assert session.fetch_section(9999, "") is None


def test_i7_the_text_of_a_large_message(session: ImapSession) -> None:
    boundary = b'Content-Type: multipart/mixed; boundary="b"\r\n'
    text = b"--b\r\nContent-Type: text/plain; charset=utf-8\r\n\r\nGuten Tag, K\xc3\xb6nig\r\n"
    file = b'--b\r\nContent-Type: application/pdf; name="plan.pdf"\r\nContent-Transfer-Encoding: base64\r\n\r\n'
    raw = (
        b"Subject: Plan\r\nMIME-Version: 1.0\r\n"
        + boundary
        + b"\r\n"
        + text
        + file
        + b"QUJD" * 50_000
        + b"\r\n--b--\r\n"
    )
    session.append(b"INBOX", raw)
    session.select(b"INBOX")
    (uid,) = session.search("ALL")
    found = text_only(session, uid)
    assert found is not None
    assert len(found) < 2000
    assert b"Subject: Plan" in found
    assert "Guten Tag, König".encode() in found
    assert b"plan.pdf" in found
    assert found.lower().count(b"mime-version") == 1


def test_uid_search_from(session: ImapSession) -> None:
    uids = fill(session)
    assert session.uids_from(uids[1]) == uids[1:]
    assert session.uids_from(uids[-1] + 1) == []


def test_wrong_password(session: ImapSession) -> None:
    other = ImapSession("127.0.0.1", session.endpoint.port, "none", timeout=20)
    with pytest.raises(AuthFailed):
        other.login("desk", "wrong")
    other.abort()


@pytest.mark.dovecot
@pytest.mark.xdist_group("dovecot")
def test_changes_and_vanished(dovecot: Dovecot) -> None:
    user = next(_users)
    session, other = connect(dovecot.port, user), connect(dovecot.port, user)
    uids = fill(session, 4)
    before = session.select(b"INBOX")
    assert "QRESYNC" in session.enabled
    other.select(b"INBOX")
    other.store_flags(uids[:1], ["\\Seen"], add=True)
    other.delete(uids[1:2])
    after = session.select(b"INBOX")
    assert after.modseq > before.modseq
    changes = session.changed_since(before.modseq, vanished=True)
    assert {uid: "\\Seen" in flags for uid, flags in changes.flags.items()} == {uids[0]: True}
    assert changes.vanished == [uids[1]]
    session.logout()
    other.logout()


@pytest.mark.dovecot
@pytest.mark.xdist_group("dovecot")
def test_idle_hears_of_new_mail(dovecot: Dovecot) -> None:
    user = next(_users)
    session, other = connect(dovecot.port, user), connect(dovecot.port, user)
    session.select(b"INBOX")
    other.append(b"INBOX", mail())
    assert session.idle(20)
    session.logout()
    other.logout()


@pytest.mark.dovecot
@pytest.mark.xdist_group("dovecot")
@pytest.mark.parametrize("security", ["tls", "starttls"])
def test_encrypted(dovecot: Dovecot, authority: Authority, security: str) -> None:
    port = dovecot.tls_port if security == "tls" else dovecot.port
    session = ImapSession(
        "localhost",
        port,
        security,  # type: ignore[arg-type]
        timeout=20,
        ssl_context=authority.client_context,
    )
    session.login(next(_users), "secret")
    assert len(fill(session, 2)) == 2
    session.logout()


@pytest.mark.dovecot
@pytest.mark.xdist_group("dovecot")
def test_i5_a_cut_anywhere_in_an_encrypted_dialogue(dovecot: Dovecot, authority: Authority) -> None:
    user = next(_users)
    dovecot.deliver(user, [mail(1, "text " * 3000)])

    def talk(port: int) -> None:
        session = ImapSession("localhost", port, "tls", timeout=5, ssl_context=authority.client_context)
        try:
            session.login(user, "secret")
            session.select(b"INBOX")
            assert len(list(session.fetch([1]))) == 1
        finally:
            session.abort()

    with FaultProxy(dovecot.tls_port) as proxy:
        talk(proxy.port)
        for after in range(0, proxy.passed - 100, max(1, proxy.passed // 40)):
            proxy.faults = [Fault(after)]
            with pytest.raises((Unreachable, TlsFailed)):
                talk(proxy.port)


@pytest.mark.dovecot
@pytest.mark.xdist_group("plain_dovecot")
def test_i10_a_prefix_and_another_separator(plain_dovecot: Dovecot) -> None:
    session = connect(plain_dovecot.port, next(_users))
    session.create(b"INBOX.Grupos.2026")
    names = {box.name: (box.wire, box.special) for box in session.list_mailboxes()}
    assert names["INBOX"] == (b"INBOX", "inbox")
    assert names["Grupos/2026"] == (b"INBOX.Grupos.2026", "")
    assert names["Sent"] == (b"INBOX.Sent", "sent")
    session.logout()


def test_pymap_with_tls(authority: Authority) -> None:
    with Pymap(server_context=authority.server_context()) as server:
        session = ImapSession("localhost", server.port, "tls", timeout=20, ssl_context=authority.client_context)
        session.login("desk", "secret")
        assert session.can("IDLE")
        session.logout()
    with Pymap(server_context=authority.server_context(), starttls=True) as server:
        session = ImapSession("localhost", server.port, "starttls", timeout=20, ssl_context=authority.client_context)
        session.login("desk", "secret")
        session.logout()


def test_the_server_stops(pymap: Pymap) -> None:
    session = connect(pymap.port)
    pymap.__exit__()
    with pytest.raises(Unreachable):
        session.idle(20)
