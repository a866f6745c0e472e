"""``init``, ``backup``, ``restore``, ``check`` and ``doctor``, on sound and on broken stores."""

from __future__ import annotations

import json
import sqlite3
import stat
import threading
from pathlib import Path

import pytest

from tests.cli.conftest import LETTER, Crm


def spoil(home: Path, *statements: str) -> None:
    with sqlite3.connect(home / "desk.db", isolation_level=None) as connection:
        for statement in statements:
            connection.execute(statement)
    connection.close()


def test_init_makes_a_private_store(desk: Crm, home: Path) -> None:
    assert stat.S_IMODE((home / "desk.db").stat().st_mode) == 0o600
    assert stat.S_IMODE(home.stat().st_mode) == 0o700


def test_init_only_once(desk: Crm) -> None:
    done = desk("init", "--property", "X", "--timezone", "Europe/Madrid", "--currency", "EUR", "--agent", "Leo")
    assert done.code == 1
    assert "set up already, for Hotel Miramar" in done.err


@pytest.mark.parametrize(
    ("option", "value", "words"),
    [
        ("--timezone", "Madrid", "Did you mean Europe/Madrid?"),
        ("--timezone", "../../etc/passwd", "There is no time zone"),
        ("--currency", "EURO", "There is no currency EURO"),
        ("--languages", "es,xx", "does not speak xx"),
        ("--property", " ", "The name must have"),
    ],
)
def test_init_names_the_wrong_value_and_writes_nothing(crm: Crm, option: str, value: str, words: str) -> None:
    given = {"--property": "X", "--timezone": "Europe/Madrid", "--currency": "EUR", "--agent": "Ana", option: value}
    done = crm("init", *(part for pair in given.items() for part in pair))
    assert done.code == 2
    assert words in done.err
    assert crm("list", "agents", "--json").lines == []


def test_backup_and_restore_round_trip(mailed: Crm, home: Path, tmp_path: Path) -> None:
    copy = tmp_path / "copy.db"
    done = mailed("backup", copy, "--json")
    assert done.code == 0
    assert done.lines == [{"file": str(copy), "size": copy.stat().st_size}]
    assert stat.S_IMODE(copy.stat().st_mode) == 0o600
    assert sorted(path.name for path in tmp_path.iterdir()) == ["copy.db", "home", "letters"]
    other = tmp_path / "other.eml"
    other.write_text(LETTER.format(number=9, hour=9), encoding="utf-8")
    assert mailed("import", "mail", other).code == 0
    refused = mailed("restore", copy)
    assert refused.code == 1
    assert "--yes" in refused.err
    assert len(mailed("list", "Inbox", "--json").lines) == 4
    done = mailed("restore", copy, "--yes", "--json")
    assert done.code == 0
    assert len(mailed("list", "Inbox", "--json").lines) == 3
    kept = Path(done.lines[0]["kept"])
    assert kept.name.startswith("desk.db.before-restore-20260701-0800")
    assert stat.S_IMODE((home / "desk.db").stat().st_mode) == 0o600
    with sqlite3.connect(kept) as old:
        assert old.execute("select count(*) from message").fetchone() == (4,)
    old.close()


def test_restore_to_an_empty_home_needs_no_yes(mailed: Crm, home: Path, tmp_path: Path) -> None:
    copy = tmp_path / "copy.db"
    assert mailed("backup", copy).code == 0
    done = mailed("--home", tmp_path / "elsewhere", "restore", copy)
    assert done.code == 0
    assert len(mailed("--home", tmp_path / "elsewhere", "list", "Inbox", "--json").lines) == 3


def test_backup_is_consistent_while_others_write(mailed: Crm, home: Path, tmp_path: Path) -> None:
    """A writer keeps two tables in step; every copy must see them in step."""
    spoil(home, "create table a (n integer)", "create table b (n integer)", "create table filler (x blob)")
    with sqlite3.connect(home / "desk.db", isolation_level=None) as connection:
        connection.executemany("insert into filler values (zeroblob(?))", [(4000,)] * 4000)
    connection.close()
    stop = threading.Event()
    written = threading.Event()

    def write() -> None:
        connection = sqlite3.connect(home / "desk.db", isolation_level=None, timeout=30)
        number = 0
        while not stop.is_set():
            number += 1
            connection.execute("begin immediate")
            connection.execute("insert into a values (?)", (number,))
            connection.execute("insert into b values (?)", (number,))
            connection.execute("commit")
            written.set()
        connection.close()

    thread = threading.Thread(target=write)
    thread.start()
    try:
        assert written.wait(30)
        for number in range(3):
            assert mailed("backup", tmp_path / f"{number}.db").code == 0
    finally:
        stop.set()
        thread.join()
    for number in range(3):
        with sqlite3.connect(tmp_path / f"{number}.db") as copy:
            assert copy.execute("pragma integrity_check").fetchone() == ("ok",)
            left, right = copy.execute("select (select count(*) from a), (select count(*) from b)").fetchone()
        copy.close()
        assert left == right > 0


def test_backup_overwrites_only_backups(mailed: Crm, home: Path, tmp_path: Path) -> None:
    precious = tmp_path / "thesis.doc"
    precious.write_text("years of work", encoding="utf-8")
    for target in (precious, tmp_path, home / "desk.db", tmp_path / "nowhere" / "copy.db"):
        done = mailed("backup", target)
        assert done.code == 1, target
        assert done.err
    assert precious.read_text(encoding="utf-8") == "years of work"
    copy = tmp_path / "copy.db"
    assert mailed("backup", copy).code == 0
    earlier = copy.read_bytes()
    refused = mailed("backup", copy)
    assert refused.code == 1
    assert "--yes" in refused.err
    assert copy.read_bytes() == earlier
    done = mailed("backup", copy, "--yes")
    assert done.code == 0
    assert "octets" not in done.out
    assert "kB)" in done.out or "MB)" in done.out


@pytest.mark.parametrize("content", [b"", b"not a backup", b"SQLite format 3\x00" + b"\xff" * 4096])
def test_restore_refuses_what_is_no_backup(mailed: Crm, tmp_path: Path, content: bytes) -> None:
    bad = tmp_path / "bad.db"
    bad.write_bytes(content)
    done = mailed("restore", bad, "--yes")
    assert done.code == 1
    assert "bad.db" in done.err
    assert len(mailed("list", "Inbox", "--json").lines) == 3
    assert mailed("restore", tmp_path / "missing.db", "--yes").code == 1


def test_restore_refuses_a_damaged_and_a_newer_backup(mailed: Crm, tmp_path: Path) -> None:
    copy = tmp_path / "copy.db"
    assert mailed("backup", copy).code == 0
    whole = copy.read_bytes()
    copy.write_bytes(whole[: len(whole) // 2])
    done = mailed("restore", copy, "--yes")
    assert done.code == 1
    assert "damaged" in done.err
    copy.write_bytes(whole)
    with sqlite3.connect(copy) as connection:
        connection.execute("update alembic_version set version_num = '9999'")
    connection.close()
    done = mailed("restore", copy, "--yes")
    assert done.code == 1
    assert "newer" in done.err
    assert len(mailed("list", "Inbox", "--json").lines) == 3


def test_restore_waits_for_no_open_desk(mailed: Crm, home: Path, tmp_path: Path) -> None:
    copy = tmp_path / "copy.db"
    assert mailed("backup", copy).code == 0
    with sqlite3.connect(home / "desk.db") as other:
        other.execute("select count(*) from message").fetchone()
        done = mailed("restore", copy, "--yes")
    other.close()
    assert done.code == 1
    assert "open" in done.err
    assert sorted(path.name for path in home.iterdir() if "restore" in path.name) == []
    assert len(mailed("list", "Inbox", "--json").lines) == 3


def test_check_of_a_sound_store(mailed: Crm) -> None:
    done = mailed("check", "--json")
    assert done.code == 0
    assert [row["check"] for row in done.lines] == [
        "database",
        "references",
        "messages",
        "search index",
        "cursors",
        "counters",
        "turns",
        "tickets",
        "journal",
        "scopes",
        "holders",
        "money",
    ]
    assert all(row["ok"] for row in done.lines)


@pytest.mark.parametrize(
    ("name", "statement"),
    [
        (
            "references",
            "insert into turn (conversation_id, opened_by, opened_at, reason) values (999, 1, '2026-01-01', '')",
        ),
        ("messages", "delete from message_text where message_id = 1"),
        ("search index", "update message set search_rowid = 5 where id = 1"),
        ("counters", "update folder_count set total = 7 where key = 'Inbox'"),
        ("turns", "delete from turn where id = 1"),
        ("turns", "update conversation set waiting_since = null where id = 1"),
        ("journal", "drop trigger journal_no_delete"),
    ],
)
def test_check_finds_what_does_not_fit(mailed: Crm, home: Path, name: str, statement: str) -> None:
    spoil(home, statement)
    done = mailed("check", "--json")
    assert done.code == 1
    assert name in {row["check"] for row in done.lines if not row["ok"]}
    assert "crm-tui restore" in mailed("check").out


def test_what_is_due_is_reckoned_anew(desk: Crm, home: Path, tmp_path: Path) -> None:
    lines = [
        {"kind": "deposit", "due": "2026-07-02", "amount": "60"},
        {"kind": "balance", "due": "2026-07-03", "amount": "80"},
    ]
    stay = {"reference": "R-1", "currency": "EUR", "value": "140", "arrival": "2026-07-03", "schedule": lines}
    (tmp_path / "stays.json").write_text(json.dumps([stay]), encoding="utf-8")
    assert desk("import", "reservations", tmp_path / "stays.json").code == 0
    for statement in (
        "update reservation_due set due = null",
        "update reservation_due set price = 1",
        "delete from reservation_due",
    ):
        spoil(home, statement)
        assert [row["check"] for row in desk("check", "--json").lines if not row["ok"]] == ["money"]
        mended = desk("check", "--mend")
        assert (mended.code, "1 reservation was reckoned anew." in mended.err) == (0, True)
        assert desk("check").code == 0


def test_a_damaged_store_is_one_sentence(mailed: Crm, home: Path) -> None:
    (home / "desk.db").write_bytes(b"SQLite format 3\x00" + b"\xff" * 8192)
    for end in ("-wal", "-shm"):
        (home / f"desk.db{end}").unlink(missing_ok=True)
    for command in (["list", "Inbox"], ["check"], ["backup", home / "copy.db"]):
        done = mailed(*command)
        assert done.code == 1
        assert "crm-tui restore" in done.err
    assert mailed("doctor").code == 1


def test_a_newer_store_is_left_alone(mailed: Crm, home: Path) -> None:
    spoil(home, "update alembic_version set version_num = '9999'")
    done = mailed("list", "Inbox")
    assert done.code == 1
    assert "newer" in done.err
    told = mailed("doctor", "--json")
    assert told.code == 1
    assert {row["name"]: row["state"] for row in told.lines}["schema"] == "bad"


def test_a_locked_store_is_one_sentence(
    mailed: Crm, home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from crm_tui.data import store

    monkeypatch.setattr(store.Store.__init__, "__kwdefaults__", {"readonly": False, "busy_timeout_ms": 100})
    other = tmp_path / "other.eml"
    other.write_text(LETTER.format(number=9, hour=9), encoding="utf-8")
    blocker = sqlite3.connect(home / "desk.db", isolation_level=None)
    blocker.execute("begin immediate")
    try:
        done = mailed("import", "mail", other)
    finally:
        blocker.rollback()
        blocker.close()
    assert done.code == 1
    assert "held by another program" in done.err
    assert mailed("import", "mail", other).code == 0


def test_a_store_that_everyone_may_read_is_refused_with_the_remedy(mailed: Crm, home: Path) -> None:
    (home / "desk.db").chmod(0o644)
    done = mailed("list", "Inbox")
    assert done.code == 1
    assert f"chmod o-rwx {home / 'desk.db'}" in done.err
    told = {row["name"]: row for row in mailed("doctor", "--json").lines}
    assert told["permissions"]["state"] == "bad"
    assert "chmod o-rwx" in told["permissions"]["hint"]


def test_doctor_tells_what_it_should(mailed: Crm, home: Path) -> None:
    done = mailed("doctor", "--json")
    assert done.code == 0
    told = {row["name"]: row for row in done.lines}
    assert {
        "crm_tui",
        "python",
        "sqlite",
        "store",
        "log",
        "file system",
        "free space",
        "permissions",
        "schema",
    } <= told.keys()
    assert told["keyring"]["state"] == "warning"
    assert "terminal" in told
    assert told["accounts"]["hint"] == "Link one with: crm-tui account add"
    assert "crm_tui: " in mailed("doctor").out
    assert told["sign-in"]["state"] == "ok"
    assert mailed("agent", "add", "Mia", "--role", "manager").code == 0
    told = {row["name"]: row for row in mailed("doctor", "--json").lines}
    assert (told["sign-in"]["state"], told["sign-in"]["value"]) == ("warning", "anybody here can be Mia")


@pytest.mark.parametrize(
    ("file", "content", "line", "words"),
    [
        ("keymap.toml", '\n"mail.reply" = "hyper+q"\n', "line 2", "mail.reply"),
        ("keymap.toml", '"mail.repli" = "r"\n', "line 1", "there is no such action"),
        ("keymap.toml", '# mine\n"mail.reply" = "F"\n', "line 2", "is also that of"),
        ("keymap.toml", "nonsense =\n", "line 1", "is broken"),
        ("settings.toml", 'language = "en"\npoll_seconds = "often"\n', "line 2", "poll_seconds"),
        ("settings.toml", "colour = 3\n", "line 1", "no such setting"),
    ],
)
def test_doctor_finds_what_is_wrong_in_the_files(
    mailed: Crm, home: Path, file: str, content: str, line: str, words: str
) -> None:
    (home / file).write_text(content, encoding="utf-8")
    done = mailed("doctor", "--json")
    assert done.code == 1
    (bad,) = [row for row in done.lines if row["state"] == "bad"]
    assert bad["name"] == file.removesuffix(".toml")
    assert line in bad["value"]
    assert words in bad["value"]
    assert bad["hint"]


def test_doctor_takes_a_keymap_that_the_desk_would_take(mailed: Crm, home: Path) -> None:
    (home / "keymap.toml").write_text('"mail.reply" = "f6"\n', encoding="utf-8")
    done = mailed("doctor", "--json")
    assert done.code == 0
    assert {row["name"]: row["value"] for row in done.lines}["keymap"] == "1 key changed"


def test_doctor_without_a_store_says_what_to_do(crm: Crm) -> None:
    done = crm("doctor", "--json")
    assert done.code == 1
    assert {row["name"]: row["hint"] for row in done.lines}["store"] == "Set one up with: crm-tui init"


def test_a_full_disk_keeps_what_was_stored(mailed: Crm, home: Path, tmp_path: Path) -> None:
    """SQLite's page limit behaves like a full disk, for every connection of this process."""
    from sqlalchemy import event
    from sqlalchemy.engine import Engine

    folder = tmp_path / "many"
    folder.mkdir()
    for number in range(20):
        text = LETTER.format(number=100 + number, hour=1) + "x" * 200_000
        (folder / f"{number}.eml").write_text(text, encoding="utf-8")

    def limit(connection: sqlite3.Connection, _record: object) -> None:
        connection.execute(f"pragma max_page_count = {connection.execute('pragma page_count').fetchone()[0] + 10}")

    event.listen(Engine, "connect", limit)
    try:
        done = mailed("import", "mail", folder)
    finally:
        event.remove(Engine, "connect", limit)
    assert done.code == 1
    assert "disk is full" in done.err
    assert mailed("check").code == 0
    assert len(mailed("list", "Inbox", "--json").lines) == 3
    assert mailed("import", "mail", folder).code == 0
    assert len(mailed("list", "Inbox", "--json").lines) == 23


def test_doctor_tells_of_a_broken_settings_file(mailed: Crm, home: Path) -> None:
    (home / "settings.toml").write_text("theme = 3\n", encoding="utf-8")
    done = mailed("doctor", "--json")
    assert done.code == 1
    wrong = [row for row in done.lines if row["state"] == "bad"]
    assert [row["name"] for row in wrong] == ["settings"]
    assert "line 1: theme" in wrong[0]["value"]
