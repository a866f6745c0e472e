"""Servers that lie, connections that break, mail that poisons (QUALITY I4, I5, I7, I19, R6, R8)."""

from __future__ import annotations

import os
import random
import re
import sqlite3
import subprocess
import sys
import tracemalloc
from pathlib import Path

import pytest

from crm_tui.base.errors import NotFound
from crm_tui.base.progress import CancelEvent, NullProgress
from crm_tui.desk.correspondence import reading
from crm_tui.engine.on_demand import fetch_whole
from crm_tui.engine.parsers import ParserPool, pool_size
from tests.engine.sync.helpers import Desk, check_consistency, new_user
from tests.mail.imap.helpers import connect, fetch_answer, mail
from tests.servers.dovecot import Dovecot
from tests.servers.proxy import Fault, FaultProxy
from tests.servers.pymap_server import Pymap
from tests.servers.scripted import Rule, Scripted, Talk


def listing(*uids: int) -> Rule:
    """SEARCH answers that name these UIDs, within the set that was asked for if it names one."""

    def answer(talk: Talk, match: re.Match[bytes]) -> None:
        asked = re.search(rb"UID SEARCH UID ([\d,:*]+)", match.string)
        wanted = set(uids)
        if asked and b"*" not in asked[1]:
            wanted &= {int(part) for part in re.findall(rb"\d+", asked[1])}
        talk.send(b"* SEARCH" + b"".join(b" %d" % uid for uid in sorted(wanted)) + b"\r\n" + talk.tag + b" OK\r\n")

    return Rule(rb"^UID SEARCH (ALL|UID)", answer)


NOTHING_ELSE = Rule(rb"^UID SEARCH", b"* SEARCH\r\n{tag} OK\r\n")


@pytest.mark.parametrize(
    "withheld",
    [
        b"",
        b'* 2 FETCH (UID 2 FLAGS () INTERNALDATE "02-Mar-2026 10:00:00 +0100" RFC822.SIZE 9 BODY[]<0> NIL)\r\n',
        fetch_answer(2, b""),
        b"* 2 FETCH (UID 2 FLAGS ())\r\n",
    ],
    ids=["missing", "nil", "empty", "flags only"],
)
@pytest.mark.parametrize("header", [True, False])
def test_i4_what_is_listed_but_withheld_gets_a_placeholder(desk: Desk, withheld: bytes, header: bool) -> None:
    head = b"From: guest2@example.org\r\nSubject: Withheld\r\nMessage-ID: <m2@example.org>\r\n\r\n"
    answer = b"* 2 FETCH (UID 2 BODY[HEADER]<0> {%d}\r\n%s)\r\n{tag} OK\r\n" % (len(head), head)
    rules = [
        listing(1, 2, 3),
        NOTHING_ELSE,
        Rule(rb"^UID FETCH 1:3", fetch_answer(1, mail(1)) + withheld + fetch_answer(3, mail(3)) + b"{tag} OK\r\n"),
        Rule(rb"^UID FETCH 2 \(UID BODY.PEEK\[HEADER\]", answer if header else b"{tag} NO cannot\r\n"),
        Rule(rb"^UID FETCH 2 \(UID FLAGS\)", b"* 2 FETCH (UID 2 FLAGS (\\Seen))\r\n{tag} OK\r\n"),
        Rule(rb"^UID FETCH 2 ", withheld + b"{tag} OK\r\n"),
    ]
    with Scripted(rules) as server:
        account = desk.link(server.port, "desk")
        result = desk.sync(account)["INBOX"]
        assert (result.new, result.error) == (3, "")
        assert desk.sync(account)["INBOX"].new == 0
    assert desk.one("SELECT count(*) FROM message") == 3
    placeholder = desk.stored(account)[2]
    assert (b"Subject: Withheld" in placeholder) == header
    subject, complete = desk.rows(
        "SELECT m.subject, s.complete FROM location l JOIN message m ON m.id = l.message_id "
        "JOIN message_source s ON s.message_id = m.id WHERE l.uid = 2"
    )[0]
    assert subject == ("Withheld" if header else "(message not delivered by the server)")
    assert not complete


def test_i4_what_comes_at_the_second_try_is_whole(desk: Desk) -> None:
    rules = [
        listing(1, 2),
        NOTHING_ELSE,
        Rule(rb"^UID FETCH 1:2", fetch_answer(1, mail(1)) + b"{tag} NO one of them is locked\r\n"),
        Rule(rb"^UID FETCH 2 ", fetch_answer(2, mail(2)) + b"{tag} OK\r\n"),
    ]
    with Scripted(rules) as server:
        account = desk.link(server.port, "desk")
        assert desk.sync(account)["INBOX"].new == 2
    assert desk.stored(account) == {1: mail(1), 2: mail(2)}


@pytest.mark.parametrize("refusal", [b"NO [UNAVAILABLE] later", b"NO the store is down"], ids=["code", "everything"])
def test_i4_a_server_that_refuses_for_now_costs_no_mail(desk: Desk, refusal: bytes) -> None:
    """Nothing stands in for the mail, the cursor stays, and the next visit gets it."""
    down = [listing(1, 2), NOTHING_ELSE, Rule(rb"^UID FETCH", b"{tag} " + refusal + b"\r\n")]
    with Scripted(down) as server:
        account = desk.link(server.port, "desk")
        result = desk.sync(account)["INBOX"]
        assert (result.new, bool(result.error)) == (0, True)
        assert desk.one("SELECT count(*) FROM message") == 0
        server.rules[:3] = [
            listing(1, 2),
            NOTHING_ELSE,
            Rule(rb"^UID FETCH 1:2", fetch_answer(1, mail(1)) + fetch_answer(2, mail(2)) + b"{tag} OK\r\n"),
        ]
        assert desk.sync(account)["INBOX"].new == 2
    assert desk.stored(account) == {1: mail(1), 2: mail(2)}


def test_i3_what_was_expunged_meanwhile_is_no_placeholder(desk: Desk) -> None:
    rules = [
        Rule(rb"^UID SEARCH ALL", b"* SEARCH 1 2\r\n{tag} OK\r\n"),
        Rule(rb"^UID SEARCH UID 2", b"* SEARCH\r\n{tag} OK\r\n"),
        NOTHING_ELSE,
        Rule(rb"^UID FETCH 1:2", fetch_answer(1, mail(1)) + b"* 2 EXPUNGE\r\n{tag} OK\r\n"),
    ]
    with Scripted(rules) as server:
        account = desk.link(server.port, "desk")
        assert desk.sync(account)["INBOX"].new == 1
    assert desk.stored(account) == {1: mail(1)}


@pytest.mark.dovecot
@pytest.mark.xdist_group("dovecot")
@pytest.mark.parametrize("side", ["server", "client"])
def test_i5_cut_anywhere_then_carry_on(tmp_path: Path, dovecot: Dovecot, side: str) -> None:
    user = new_user()
    dovecot.deliver(user, [mail(number, "x" * 300) for number in range(1, 71)])
    other = connect(dovecot.port, user)
    with FaultProxy(dovecot.port) as proxy:
        whole = Desk(tmp_path / "whole")
        whole.sync(whole.link(dovecot.port, user), port=proxy.port)
        whole.close()
        total = proxy.passed if side == "server" else 900
        step = int(os.environ.get("CRM_TUI_CUT_STEP", total // 11))
        for after in range(0, total, max(1, step)):
            cut = Desk(tmp_path / f"cut-{after}")
            account = cut.link(dovecot.port, user)
            proxy.faults = [Fault(after, side=side)]  # type: ignore[arg-type]
            failed = broken_sync(cut, account.user, proxy.port)
            check_consistency(cut, account, other)
            results = cut.sync(account)
            assert not any(result.error for result in results.values()), (after, failed)
            check_consistency(cut, account, other)
            assert cut.one("SELECT count(*) FROM message") == 70
            cut.close()
    other.logout()


def broken_sync(desk: Desk, user: str, port: int) -> str:
    """Sync over a connection that breaks; whatever is told must be a house error, never AuthFailed."""
    from crm_tui.base.errors import AuthFailed, CrmError
    from tests.engine.sync.helpers import Linked

    try:
        results = desk.sync(Linked(1, f"{user}@hotel.example", user, port))
    except AuthFailed:
        raise
    except CrmError as error:
        return error.message
    return "; ".join(result.error for result in results.values())


@pytest.mark.dovecot
@pytest.mark.xdist_group("dovecot")
def test_i6_a_stall_is_given_up_and_carried_on(desk: Desk, dovecot: Dovecot) -> None:
    user = new_user()
    dovecot.deliver(user, [mail(number, "x" * 3000) for number in range(1, 71)])
    account = desk.link(dovecot.port, user)
    with FaultProxy(dovecot.port) as proxy:
        proxy.faults = [Fault(100_000, "stall")]
        assert "INBOX" in desk.sync(account, port=proxy.port, timeout=1.0)
        assert desk.sync(account, port=proxy.port)["INBOX"].error == ""
    other = connect(dovecot.port, user)
    check_consistency(desk, account, other)
    other.logout()


@pytest.mark.dovecot
@pytest.mark.xdist_group("dovecot")
def test_i19_a_message_of_50_megabytes_comes_as_text_in_bounded_memory(desk: Desk, dovecot: Dovecot) -> None:
    user = new_user()
    line = b"QUJDREVGR0hJSktMTU5PUFFSU1RVVldYWVphYmNkZWZnaGlqa2xtbm9wcXJzdHV2d3h5ejAxMjM0\r\n"
    raw = (
        b"From: a@example.org\r\nSubject: Plan\r\nMessage-ID: <big@example.org>\r\nMIME-Version: 1.0\r\n"
        b'Content-Type: multipart/mixed; boundary="b"\r\n\r\n'
        b"--b\r\nContent-Type: text/plain; charset=utf-8\r\n\r\nThe plan is attached.\r\n"
        b'--b\r\nContent-Type: application/pdf; name="plan.pdf"\r\nContent-Disposition: attachment; filename="plan.pdf"\r\n'
        b"Content-Transfer-Encoding: base64\r\n\r\n" + line * (50_000_000 // len(line)) + b"--b--\r\n"
    )
    dovecot.deliver(user, [mail(1), raw, mail(2)])
    raw = b""
    account = desk.link(dovecot.port, user)
    tracemalloc.start()
    result = desk.sync(account)["INBOX"]
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert (result.new, result.error) == (3, "")
    assert peak < 40 << 20
    row = desk.rows(
        "SELECT m.id, s.complete, t.text FROM message m JOIN message_source s ON s.message_id = m.id "
        "JOIN message_text t ON t.message_id = m.id WHERE m.message_id = 'big@example.org'"
    )[0]
    assert not row[1]
    assert "The plan is attached." in row[2]
    assert desk.rows("SELECT name FROM attachment WHERE message_id = :m", m=row[0]) == [("plan.pdf",)]

    fetch_whole(desk.ctx, row[0], desk.connect(account), NullProgress(), CancelEvent())
    (whole,) = (stored for stored in desk.stored(account).values() if len(stored) > 1 << 20)
    assert whole.endswith(line + b"--b--\r\n")
    assert len(reading.attachment(desk.ctx, row[0], 0)) > 36_000_000
    assert desk.sync(account)["INBOX"].new == 0


def test_the_rest_of_a_message_that_is_gone(desk: Desk, pymap: Pymap) -> None:
    other = connect(pymap.port)
    other.append(b"INBOX", mail(1))
    account = desk.link(pymap.port, "desk")
    desk.sync(account)
    with desk.ctx.write() as tx:
        tx.connection.exec_driver_sql("UPDATE message_source SET complete = 0")
        tx.connection.exec_driver_sql("DELETE FROM location")
    with pytest.raises(NotFound):
        fetch_whole(desk.ctx, desk.one("SELECT id FROM message"), desk.connect(account), NullProgress(), CancelEvent())
    other.logout()


POISON = """
import os, sys, time
from crm_tui.engine import parser_process
import crm_tui.desk.correspondence.prepare as prepare
honest = prepare.prepare
def poisoned(raw):
    if b"X-Poison: death" in raw:
        os._exit(9)
    if b"X-Poison: sleep" in raw:
        time.sleep(600)
    return honest(raw)
prepare.prepare = poisoned
parser_process.main()
"""


@pytest.mark.parametrize("kind", ["death", "sleep"])
def test_r8_a_poisonous_message_never_blocks_its_folder(desk: Desk, pymap: Pymap, kind: str) -> None:
    other = connect(pymap.port)
    numbers = range(1, 161)
    for number in numbers:
        head = f"X-Poison: {kind}\r\n".encode() if number == 80 else b""
        other.append(b"INBOX", head + mail(number))
    account = desk.link(pymap.port, "desk")
    with ParserPool(2, seconds=0.2, command=[sys.executable, "-c", POISON]) as pool:
        result = desk.sync(account, parsers=pool)["INBOX"]
    assert (result.new, result.error) == (160, "")
    unread = desk.rows("SELECT m.id FROM message m WHERE m.message_id = ''")
    assert len(unread) == 1
    assert sorted(desk.stored(account).values()) == sorted(
        (f"X-Poison: {kind}\r\n".encode() if number == 80 else b"") + mail(number) for number in numbers
    )
    other.logout()


def test_the_parsing_pool_keeps_order_and_ends_its_processes() -> None:
    pool = ParserPool(2)
    groups = [[mail(number) for number in range(start, start + 5)] for start in range(0, 50, 5)]
    futures = [pool.submit(group) for group in groups]
    ids = [one.message_id for future in futures for one in future.result(30)]
    assert ids == [f"m{number}@example.org" for number in range(50)]
    pool.close()
    pool.close()
    assert pool_size(0, 4) == 2
    assert pool_size(0, 1) == 1
    assert pool_size(3, 4) == 3


VICTIM = """
import sys
from pathlib import Path
from tests.engine.sync.helpers import Desk, Linked
from crm_tui.base.errors import NotFound
from crm_tui.base.progress import CancelEvent, NullProgress
from crm_tui.desk import reading
from crm_tui.engine.on_demand import fetch_whole
from crm_tui.engine.parsers import ParserPool
import crm_tui.engine.sync_fetch as fetch
fetch.BATCH = fetch.FIRST_BATCH = 20
home, port, user = sys.argv[1:]
desk = Desk(Path(home))
print("ready", flush=True)
with ParserPool(1) as pool:
    desk.sync(Linked(1, user + "@hotel.example", user, int(port)), parsers=pool)
print("done", flush=True)
"""


@pytest.mark.dovecot
@pytest.mark.xdist_group("dovecot")
@pytest.mark.timeout(600)
def test_r6_killed_at_random_points(tmp_path: Path, dovecot: Dovecot) -> None:
    """SIGKILL, look, carry on, again and again; ``CRM_TUI_KILLS=500`` for the long form."""
    kills = int(os.environ.get("CRM_TUI_KILLS", "8"))
    rng = random.Random(int(os.environ.get("CRM_TUI_SEED", "7")))
    user, rounds, stored = new_user(), 0, 0
    dovecot.deliver(user, [mail(number, "text " * rng.randrange(2000)) for number in range(1, 401)])
    other = connect(dovecot.port, user)
    while kills:
        rounds += 1
        home = tmp_path / f"round-{rounds}"
        desk = Desk(home)
        account = desk.link(dovecot.port, user)
        finished = False
        while kills and not finished:
            kills -= 1
            finished = run_and_kill(home, dovecot.port, user, rng.uniform(0.0, 1.2))
            check_consistency(desk, account, other)
            stored = desk.one("SELECT count(*) FROM message")
        desk.sync(account)
        check_consistency(desk, account, other)
        assert desk.cursor(account).complete
        assert desk.one("SELECT count(*) FROM message") == 400
        desk.close()
        with sqlite3.connect(home / "desk.db") as plain:
            assert plain.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    assert stored
    other.logout()


def run_and_kill(home: Path, port: int, user: str, after: float) -> bool:
    """Start a sync of its own, kill it ``after`` seconds from when it began; True if it was faster."""
    victim = subprocess.Popen(
        [sys.executable, "-c", VICTIM, str(home), str(port), user],
        stdout=subprocess.PIPE,
        cwd=Path(__file__).resolve().parents[3],
    )
    assert victim.stdout is not None
    assert victim.stdout.readline() == b"ready\n"
    try:
        return victim.wait(after) == 0
    except subprocess.TimeoutExpired:
        victim.kill()
        victim.wait(10)
        return False
    finally:
        victim.stdout.close()
