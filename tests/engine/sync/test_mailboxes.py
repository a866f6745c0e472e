"""Mailboxes that change identity, name or meaning (QUALITY I1, I10, I11, I16)."""

from __future__ import annotations

from pathlib import Path

import pytest

from crm_tui.base.errors import InvalidInput
from crm_tui.desk.correspondence import cursors, flags
from crm_tui.engine.sync_mailbox import Visit
from tests.engine.sync.helpers import Desk, check_consistency, new_user
from tests.mail.imap.helpers import connect, fetch_answer, mail
from tests.servers.dovecot import Dovecot
from tests.servers.pymap_server import Pymap
from tests.servers.scripted import Rule, Scripted


@pytest.mark.dovecot
@pytest.mark.xdist_group("dovecot")
def test_i1_another_uidvalidity_rematches_by_content(desk: Desk, dovecot: Dovecot) -> None:
    user = new_user()
    dovecot.deliver(user, [mail(number) for number in range(1, 8)])
    account = desk.link(dovecot.port, user)
    desk.sync(account)
    before = desk.rows("SELECT id, conversation_id, message_id FROM message ORDER BY id")
    validity = desk.cursor(account).uidvalidity
    flags.set_locally(desk.ctx, [before[0][0]], seen=True)  # not told to the server yet
    conversations = desk.one("SELECT count(*) FROM conversation")
    received = desk.one("SELECT count(*) FROM journal WHERE action = 'receive'")
    dovecot.forget_uids(user)
    dovecot.deliver(user, [mail(9)])

    result = desk.sync(account)["INBOX"]
    assert result.error == ""
    assert desk.cursor(account).uidvalidity != validity
    assert desk.rows("SELECT id, conversation_id, message_id FROM message ORDER BY id")[:7] == before
    assert desk.one("SELECT count(*) FROM message") == 8
    assert desk.one("SELECT count(*) FROM location") == 8
    assert desk.one("SELECT count(*) FROM conversation") == conversations + 1
    told_again = desk.one("SELECT count(*) FROM journal WHERE action = 'receive'") - received
    assert told_again <= 1  # the one new mail; nobody is told twice of the others
    desk.sync(account)
    other = connect(dovecot.port, user)
    check_consistency(desk, account, other)
    other.select(b"INBOX")
    (uid,) = other.search_message_id(before[0][2])
    assert "\\Seen" in other.flags_of([uid])[uid]  # the pending flag found its new place
    other.logout()


def test_i1_a_server_without_uidvalidity_duplicates_nothing(desk: Desk) -> None:
    rules = [
        Rule(rb"^(SELECT|EXAMINE)", b"* 2 EXISTS\r\n{tag} OK [READ-WRITE]\r\n"),
        Rule(rb"^UID SEARCH UID", b"* SEARCH 2\r\n{tag} OK\r\n"),
        Rule(rb"^UID SEARCH ALL", b"* SEARCH 1 2\r\n{tag} OK\r\n"),
        Rule(rb"^UID SEARCH", b"* SEARCH\r\n{tag} OK\r\n"),
        Rule(rb"^UID FETCH", fetch_answer(1, mail(1)) + fetch_answer(2, mail(2)) + b"{tag} OK\r\n"),
    ]
    with Scripted(rules) as server:
        account = desk.link(server.port, "desk")
        for _ in range(3):
            assert desk.sync(account)["INBOX"].error == ""
    assert desk.one("SELECT count(*) FROM message") == 2
    assert desk.one("SELECT count(*) FROM location") == 2


@pytest.mark.dovecot
@pytest.mark.xdist_group("dovecot")
def test_i11_a_renamed_mailbox_keeps_its_mail_and_its_cursor(desk: Desk, dovecot: Dovecot) -> None:
    user = new_user()
    other = connect(dovecot.port, user)
    other.create(b"Grupos")
    for number in (1, 2, 3):
        other.append(b"Grupos", mail(number))
    account = desk.link(dovecot.port, user)
    desk.sync(account)
    desk.choose(account, "Grupos")
    assert desk.sync(account)["Grupos"].new == 3
    identifier = desk.cursor(account, "Grupos").id
    other.wire._simple_command("RENAME", b'"Grupos"', b'"Grupos 2026"')
    other.create(b"Nuevo")
    result = desk.sync(account)["Grupos 2026"]
    assert (result.new, result.gone, result.error) == (0, 0, "")
    renamed = desk.cursor(account, "Grupos 2026")
    assert (renamed.id, renamed.chosen, renamed.gone) == (identifier, True, False)
    other.append(b"Grupos 2026", mail(4))
    assert desk.sync(account)["Grupos 2026"].new == 1
    other.logout()


def test_i11_a_renamed_mailbox_is_known_by_its_object_id(desk: Desk, pymap: Pymap) -> None:
    other = connect(pymap.port)
    assert other.can("OBJECTID")
    other.create(b"Grupos")
    other.append(b"Grupos", mail(1))
    account = desk.link(pymap.port, "desk")
    desk.sync(account)
    desk.choose(account, "Grupos")
    desk.sync(account)
    before = desk.cursor(account, "Grupos")
    assert before.mailbox_id
    other.wire._simple_command("RENAME", b'"Grupos"', b'"Bodas"')
    desk.sync(account)
    assert desk.cursor(account, "Bodas").id == before.id
    assert desk.one("SELECT count(*) FROM location") == 1
    other.logout()


def test_i11_a_mailbox_that_is_gone_leaves_its_history(desk: Desk, pymap: Pymap) -> None:
    other = connect(pymap.port)
    other.create(b"Agencia")
    other.append(b"Agencia", mail(1))
    account = desk.link(pymap.port, "desk")
    desk.sync(account)
    desk.choose(account, "Agencia")
    assert desk.sync(account)["Agencia"].new == 1
    other.wire._simple_command("DELETE", b'"Agencia"')
    results = desk.sync(account)
    assert "Agencia" not in results
    assert desk.cursor(account, "Agencia").gone
    assert desk.one("SELECT count(*) FROM message") == 1
    other.create(b"Agencia")
    assert desk.sync(account)["Agencia"].error == ""
    assert not desk.cursor(account, "Agencia").gone
    assert desk.one("SELECT count(*) FROM message") == 1
    other.logout()


def test_a_mailbox_that_vanishes_between_list_and_select_costs_only_itself(desk: Desk) -> None:
    rules = [
        Rule(rb"^LIST", b'* LIST () "/" INBOX\r\n* LIST (\\Sent) "/" Sent\r\n{tag} OK\r\n'),
        Rule(rb'^SELECT "Sent"', b"{tag} NO [NONEXISTENT] Unknown mailbox\r\n"),
        Rule(rb"^UID SEARCH", b"* SEARCH 1\r\n{tag} OK\r\n"),
        Rule(rb"^UID FETCH", fetch_answer(1, mail(1)) + b"{tag} OK\r\n"),
    ]
    with Scripted(rules) as server:
        results = desk.sync(desk.link(server.port, "desk"))
    assert results["INBOX"].new == 1
    assert "Sent" in results["Sent"].error


@pytest.mark.parametrize("kind", [InvalidInput("no"), ValueError("x"), OverflowError("x"), LookupError("x")])
def test_a_mailbox_that_fails_in_any_way_costs_only_itself(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, kind: Exception
) -> None:
    run = Visit.run

    def failing(visit: Visit) -> None:
        if visit._box.name == "INBOX":
            raise kind
        run(visit)

    monkeypatch.setattr(Visit, "run", failing)
    rules = [
        Rule(rb"^LIST", b'* LIST () "/" INBOX\r\n* LIST (\\Sent) "/" Sent\r\n{tag} OK\r\n'),
        Rule(rb"^UID SEARCH", b"* SEARCH 1\r\n{tag} OK\r\n"),
        Rule(rb"^UID FETCH", fetch_answer(1, mail(1)) + b"{tag} OK\r\n"),
    ]
    with Scripted(rules) as server:
        results = desk.sync(desk.link(server.port, "desk"))
    assert results["INBOX"].error
    assert (results["Sent"].error, results["Sent"].new) == ("", 1)


def test_i7_numbers_beyond_the_protocol_are_bounded(desk: Desk) -> None:
    huge = b"9" * 40
    answer = b"* 1 EXISTS\r\n* OK [UIDVALIDITY %s]\r\n* OK [UIDNEXT %s]\r\n* OK [HIGHESTMODSEQ %s]\r\n{tag} OK\r\n"
    rules = [
        Rule(rb"^(SELECT|EXAMINE)", answer % (huge, huge, huge)),
        Rule(rb"^UID SEARCH", b"* SEARCH 1\r\n{tag} OK\r\n"),
        Rule(rb"^UID FETCH", fetch_answer(1, mail(1)) + b"{tag} OK\r\n"),
    ]
    with Scripted(rules) as server:
        result = desk.sync(desk.link(server.port, "desk"))["INBOX"]
    assert (result.error, result.new) == ("", 1)
    assert desk.one("SELECT uidvalidity FROM mailbox") == 2**32 - 1
    assert desk.one("SELECT max(highest_modseq) FROM mailbox") <= 2**63 - 1


def test_s1_names_that_differ_only_in_what_cannot_be_shown_are_told_apart(desk: Desk) -> None:
    listing = b'* LIST () "/" INBOX\r\n* LIST () "/" Inbox\r\n* LIST () "/" "a\x1b[2J"\r\n* LIST () "/" "a\x9b2J"\r\n'
    rules = [Rule(rb"^LIST", listing * 2 + b"{tag} OK\r\n"), Rule(rb"^UID SEARCH", b"* SEARCH\r\n{tag} OK\r\n")]
    with Scripted(rules) as server:
        account = desk.link(server.port, "desk")
        for _ in range(2):
            assert desk.sync(account)["INBOX"].error == ""
        names = [box.name for box in cursors.mailboxes(desk.ctx, account.id)]
    assert len(set(names)) == len(names) == 4
    assert all(name.isprintable() for name in names)


def test_junk_is_spam_and_sent_went_out(desk: Desk, pymap: Pymap) -> None:
    other = connect(pymap.port)
    for name in (b"Junk", b"Sent"):
        other.create(name)
    other.append(b"Junk", mail(1))
    other.append(b"Sent", mail(2))
    desk.sync(desk.link(pymap.port, "desk"))
    found = desk.rows(
        "SELECT m.message_id, m.direction, c.folder FROM message m JOIN conversation c ON c.id = m.conversation_id"
        " ORDER BY 1"
    )
    assert found == [("m1@example.org", "in", "Spam"), ("m2@example.org", "out", "Done")]
    other.logout()


def test_i16_gmails_all_mail_is_skipped_even_if_chosen(desk: Desk) -> None:
    listing = (
        b'* LIST (\\HasNoChildren) "/" INBOX\r\n'
        b'* LIST (\\Noselect) "/" "[Gmail]"\r\n'
        b'* LIST (\\All) "/" "[Gmail]/All Mail"\r\n'
        b'* LIST (\\Sent) "/" "[Gmail]/Sent Mail"\r\n{tag} OK\r\n'
    )
    rules = [Rule(rb"^LIST", listing), Rule(rb"^UID SEARCH", b"* SEARCH\r\n{tag} OK\r\n")]
    with Scripted(rules) as server:
        account = desk.link(server.port, "desk")
        assert set(desk.sync(account)) == {"INBOX", "[Gmail]/Sent Mail"}
        desk.choose(account, "[Gmail]/All Mail")
        assert set(desk.sync(account)) == {"INBOX", "[Gmail]/Sent Mail"}
        assert "[Gmail]" not in {box.name for box in cursors.mailboxes(desk.ctx, account.id)}


@pytest.mark.dovecot
@pytest.mark.xdist_group("plain_dovecot")
def test_i10_prefixed_names_are_canonical_in_the_store(desk: Desk, plain_dovecot: Dovecot) -> None:
    user = new_user()
    account = desk.link(plain_dovecot.port, user)
    results = desk.sync(account)
    assert set(results) == {"INBOX", "Sent", "Junk"}
    assert desk.cursor(account, "Sent").raw_name == b"INBOX.Sent"


@pytest.mark.dovecot
@pytest.mark.xdist_group("dovecot")
def test_one_mail_on_two_accounts_is_one_message(desk: Desk, dovecot: Dovecot, tmp_path: Path) -> None:
    first, second = new_user(), new_user()
    for user in (first, second):
        dovecot.deliver(user, [mail(1)])
    desk.sync(desk.link(dovecot.port, first))
    desk.sync(desk.link(dovecot.port, second))
    assert desk.one("SELECT count(*) FROM message") == 1
    assert desk.one("SELECT count(*) FROM location") == 2
