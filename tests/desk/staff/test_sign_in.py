"""Who sits at the desk proves it (SPEC §13): tied system users are who they are, PINs are guessed slowly and seen nowhere."""

from __future__ import annotations

import multiprocessing
import sqlite3
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from crm_tui.base import locked
from crm_tui.base.clock import FixedClock
from crm_tui.base.errors import Forbidden, InvalidInput, NotFound
from crm_tui.base.paths import home_at
from crm_tui.base.redact import Secret
from crm_tui.base.settings import Settings
from crm_tui.data.columns import columns, table_of
from crm_tui.data.tables import Journal
from crm_tui.desk.common.context import Actor, Context, open_context
from crm_tui.desk.histories import journal_view
from crm_tui.desk.histories.journal_view import JournalQuery
from crm_tui.desk.staff import sign_in, team
from crm_tui.desk.undoing import undo
from crm_tui.rules import pins
from tests.desk.house import make_house

PIN = Secret("8371")
OTHER = Secret("2941")
WRONG = Secret("7777x")


@pytest.fixture(autouse=True)
def _cheap(monkeypatch: pytest.MonkeyPatch) -> None:
    """What a guess costs is for tests of the rule: tests/rules/test_pins.py."""
    monkeypatch.setattr(pins, "COST", 16)


@pytest.fixture
def clock() -> FixedClock:
    """The machine's clock, as far as PINs go by it."""
    return FixedClock(datetime(2026, 7, 1, 12, tzinfo=UTC))


@pytest.fixture
def leo(ctx: Context) -> Context:
    """Leo, tied to the system user leo, with a PIN."""
    made = team.add(ctx, "Leo", login="leo")
    leo = ctx.acting_as(Actor(made.id, "Leo"))
    sign_in.set_pin(leo, PIN)
    return leo


def who(ctx: Context, named: str = "", *, user: str = "", pin: Secret | None = None, clock: FixedClock) -> str:
    return sign_in.identify(ctx, named, "", user, pin, clock).name


def journaled(ctx: Context) -> list[str]:
    """What the journal tells of agents."""
    with ctx.store.connect() as connection:
        rows = connection.execute(select(table_of(Journal)).where(columns(Journal).entity == "agent")).all()
    return [f"{row.entity} {row.action} {row.after} {row.actor}" for row in rows]


def test_one_who_is_a_system_user_is_that_user_alone(ctx: Context, clock: FixedClock) -> None:
    """Whoever sits at a shared workstation, or runs a command, cannot name them; nor can an administrator unseen."""
    team.change(ctx, ctx.actor.id or 0, login="ana")
    team.add(ctx, "Tom")
    for user in ("desk", "", "root"):
        with pytest.raises(Forbidden, match="Ana is the system user ana, and nobody else") as refused:
            who(ctx, "Ana", user=user, clock=clock)
        assert "with one they could sign in here" in refused.value.hint
        with pytest.raises(Forbidden):
            sign_in.switch(ctx, "Ana", user)
    with pytest.raises(Forbidden):
        sign_in.identify(ctx, "", "Ana", "desk", None)  # the settings name her
    assert who(ctx, "Tom", user="desk", clock=clock) == "Tom"
    assert who(ctx, user="ana", clock=clock) == "Ana"
    sign_in.set_pin(ctx, PIN)
    assert who(ctx, "Ana", user="desk", pin=PIN, clock=clock) == "Ana"


def test_who_stands_in_is_noted_even_by_a_desk_that_reads_only(tmp_path: Path, clock: FixedClock) -> None:
    ctx = make_house(tmp_path / "house")
    team.add(ctx, "Tom")
    team.change(ctx, ctx.actor.id or 0, login="ana")
    only = open_context(ctx.home, Settings(), readonly=True, env={"USER": "ana"}, agent="Tom")
    assert only.actor.name == "Tom"
    assert "agent stand-in {'login': 'ana'} Ana" in journaled(ctx)
    for store in (only.store, ctx.store):
        store.close()


def test_a_locked_desk_of_an_administrator_is_handed_on_by_nobody_else(
    ctx: Context, leo: Context, clock: FixedClock
) -> None:
    """Who has no PIN can be chosen by anybody: but not from behind somebody's PIN with that one's rights."""
    team.add(ctx, "Tom")
    team.change(ctx, ctx.actor.id or 0, login="ana")
    assert sign_in.switch(ctx, "Tom", "ana", unproved=True).actor.name == "Tom"  # Ana has no PIN: it only hides
    sign_in.set_pin(ctx, OTHER)
    with pytest.raises(Forbidden, match="This desk is locked; Ana signs in with a PIN"):
        sign_in.switch(ctx, "Tom", "ana", unproved=True)
    assert sign_in.switch(ctx, "Tom", "ana").actor.name == "Tom"
    assert sign_in.switch(ctx, "Leo", "ana", PIN, clock, unproved=True).actor.name == "Leo"


def test_a_desk_that_was_killed_while_it_was_locked_asks_again(tmp_path: Path) -> None:
    ctx = make_house(tmp_path / "house")
    team.change(ctx, ctx.actor.id or 0, login="ana")
    number, env = ctx.actor.id or 0, {"USER": "ana"}
    locked.note(ctx.home, number)

    def opened(pin: Secret | None = None, *, at_screen: bool = True) -> str:
        opened = open_context(ctx.home, Settings(), env=env, at_screen=at_screen, pin=pin)
        opened.store.close()
        return opened.actor.name

    assert opened() == "Ana"  # she has no PIN: the curtain only hid
    sign_in.set_pin(ctx, PIN)
    with pytest.raises(sign_in.NeedsPin) as asked:
        opened()
    assert asked.value.again is not None
    assert opened(at_screen=False) == "Ana"  # her own scripts go on
    with pytest.raises(sign_in.WrongPin):
        asked.value.again(WRONG)
    with ctx.write() as tx:
        tx.connection.exec_driver_sql("UPDATE agent SET pin_failed_at = '2026-01-01 00:00:00.000000'")
    asked.value.again(PIN).store.close()
    with pytest.raises(sign_in.NeedsPin):
        opened()  # the locked desk of a process that runs stands locked still
    note = next(ctx.home.state.glob("locked-*"))
    assert note.stat().st_mode & 0o777 == 0o600
    note.rename(note.with_suffix(".999999999"))  # it was killed
    with ctx.write() as tx:
        tx.connection.exec_driver_sql("UPDATE agent SET pin_failures = 0")
    assert opened(PIN) == "Ana"
    assert opened() == "Ana"
    ctx.store.close()


def test_wrong_ones_stand_in_the_journal_and_right_ones_do_not(ctx: Context, leo: Context, clock: FixedClock) -> None:
    for _try in range(2):
        with pytest.raises(sign_in.WrongPin):
            who(ctx, "Leo", user="desk", pin=WRONG, clock=clock)
        with pytest.raises(sign_in.WrongPin):  # too soon: not looked at, and not told
            who(ctx, "Leo", user="desk", pin=PIN, clock=clock)
        clock.advance(timedelta(minutes=1))
    assert who(ctx, "Leo", user="desk", pin=PIN, clock=clock) == "Leo"
    found = journal_view.page(ctx, JournalQuery(entity="agent", action="wrong"))
    assert [(one.who, one.thing, one.said) for one in found.entries] == [
        ("nobody", "agent 2 · Leo", "2 wrong PINs in a row · desk"),
        ("nobody", "agent 2 · Leo", "1 wrong PIN in a row · desk"),
    ]


def _guess(path: str, number: int, start: Any, said: Any) -> None:
    """One of many processes that try at the same instant."""
    ctx = open_context(home_at(Path(path)), Settings(), as_engine=True)
    start.wait(20)
    try:
        sign_in.check(ctx, 2, Secret(f"no-{number:04}"))
    except sign_in.WrongPin as error:
        said.put(error.message)
    finally:
        ctx.store.close()


def test_ten_processes_at_once_get_one_try(tmp_path: Path) -> None:
    ctx = make_house(tmp_path)
    team.add(ctx, "Leo")
    sign_in.set_pin(ctx.acting_as(Actor(2, "Leo")), PIN)
    with ctx.write() as tx:  # so often that the machine's time plays no part here
        tx.connection.exec_driver_sql("UPDATE agent SET pin_failures = 9, pin_failed_at = '2026-01-01 00:00:00.000000'")
    fork = multiprocessing.get_context("forkserver")
    fork.set_forkserver_preload([__name__])
    start, said = fork.Barrier(10), fork.Queue()
    guessing = [fork.Process(target=_guess, args=(str(ctx.home.data), one, start, said)) for one in range(10)]
    for one in guessing:
        one.start()
    told = sorted(said.get(timeout=60) for _one in guessing)
    for one in guessing:
        one.join(20)
    assert told == ["That is not the PIN.", *["Too soon after a wrong PIN."] * 9]
    assert len([row for row in journaled(ctx) if "wrong-pin" in row]) == 1
    assert sign_in.identify(ctx, "Ana", "", "desk", None).name == "Ana"  # nobody else waits
    ctx.store.close()


def test_one_with_a_pin_is_believed_with_the_pin_only(ctx: Context, leo: Context, clock: FixedClock) -> None:
    with pytest.raises(sign_in.NeedsPin, match=r"Leo signs in with a PIN"):
        who(ctx, "leo", user="desk", clock=clock)
    with pytest.raises(sign_in.WrongPin, match=r"That is not the PIN\. Try again in 1 second\."):
        who(ctx, "Leo", user="desk", pin=OTHER, clock=clock)
    clock.advance(timedelta(seconds=1))
    assert who(ctx, "Leo", user="desk", pin=PIN, clock=clock) == "Leo"
    assert who(ctx, user="leo", clock=clock) == "Leo"  # the login has proved it
    assert who(ctx, "Leo", user="leo", clock=clock) == "Leo"


def test_a_tied_user_becomes_another_only_with_that_ones_pin(ctx: Context, leo: Context, clock: FixedClock) -> None:
    mia = team.add(ctx, "Mia", login="mia")
    with pytest.raises(sign_in.NeedsPin):
        who(ctx, "Leo", user="mia", clock=clock)
    assert who(ctx, "Leo", user="mia", pin=PIN, clock=clock) == "Leo"
    with pytest.raises(Forbidden, match="You are Leo here: the system user leo"):
        who(ctx, "Mia", user="leo", pin=PIN, clock=clock)
    with pytest.raises(Forbidden, match="You are Leo here"):
        who(ctx, "Ana", user="leo", clock=clock)  # Ana is an administrator without a PIN
    team.change(ctx, ctx.actor.id or 0, login="ana")
    with pytest.raises(Forbidden, match="Mia is the system user mia, and nobody else"):
        who(ctx, "Mia", user="ana", clock=clock)
    team.add(ctx, "Tom")
    assert who(ctx, "Tom", user="ana", clock=clock) == "Tom", "an administrator could give Tom a PIN anyway"
    assert "agent stand-in {'login': 'ana'} Ana" in journaled(ctx)
    with pytest.raises(sign_in.NeedsPin):
        who(ctx, "Leo", user="ana", clock=clock)
    assert sign_in.identify(ctx, "", "Mia", "leo", None).name == "Leo"  # what the settings name is no proof either
    team.remove(ctx, mia.id)
    with pytest.raises(InvalidInput, match="no agent called Mia"):
        who(ctx, "Mia", user="desk", clock=clock)


def test_the_delay_grows_whoever_asks_and_holds_for_the_right_one_too(
    ctx: Context, leo: Context, clock: FixedClock
) -> None:
    waits = []
    for _try in range(11):
        with pytest.raises(sign_in.WrongPin) as wrong:
            who(ctx, "Leo", pin=WRONG, clock=clock)
        waits.append(wrong.value.seconds)
        with pytest.raises(sign_in.WrongPin, match="Too soon after a wrong PIN") as early:
            who(ctx, "Leo", pin=PIN, clock=clock)
        assert early.value.seconds == waits[-1]
        clock.advance(timedelta(seconds=waits[-1]))
    assert waits == [1, 2, 4, 8, 16, 32, 64, 128, 256, 300, 300]
    assert who(ctx, "Leo", pin=PIN, clock=clock) == "Leo"
    with pytest.raises(sign_in.WrongPin) as wrong:
        who(ctx, "Leo", pin=WRONG, clock=clock)
    assert wrong.value.seconds == 1  # the right one was said in between


def test_nobody_else_waits(ctx: Context, leo: Context, clock: FixedClock) -> None:
    mia = ctx.acting_as(Actor(team.add(ctx, "Mia").id, "Mia"))
    sign_in.set_pin(mia, OTHER)
    for _try in range(3):
        with pytest.raises(sign_in.WrongPin):
            who(ctx, "Leo", pin=WRONG, clock=clock)
    assert who(ctx, "Mia", pin=OTHER, clock=clock) == "Mia"
    assert who(ctx, user="leo", clock=clock) == "Leo"
    team.add(leo.acting_as(ctx.actor), "Eve")  # the desk works


def test_many_tries_at_once_are_one_try(ctx: Context, leo: Context, clock: FixedClock) -> None:
    def attempt(number: int) -> str:
        try:
            sign_in.check(ctx, leo.actor.id or 0, Secret(f"x{number:04}"), clock)
        except sign_in.WrongPin as error:
            return error.message
        return "in"

    with ThreadPoolExecutor(6) as pool:
        said = sorted(pool.map(attempt, range(6)))
    assert said == ["That is not the PIN.", *["Too soon after a wrong PIN."] * 5]


def test_a_clock_that_is_set_back_locks_nobody_out(ctx: Context, leo: Context, clock: FixedClock) -> None:
    with pytest.raises(sign_in.WrongPin):
        who(ctx, "Leo", pin=WRONG, clock=clock)
    clock.advance(-timedelta(days=1))
    assert who(ctx, "Leo", pin=PIN, clock=clock) == "Leo"


def test_wrong_ones_are_counted_where_nothing_else_is_written(tmp_path: Path, clock: FixedClock) -> None:
    ctx = make_house(tmp_path / "house")
    sign_in.set_pin(ctx, PIN)
    only = open_context(ctx.home, Settings(), readonly=True, env={}, agent="Ana", pin=PIN)
    with pytest.raises(sign_in.WrongPin):
        sign_in.check(only, only.actor.id or 0, WRONG, clock)
    with pytest.raises(sign_in.WrongPin, match="Too soon"):
        sign_in.check(ctx, ctx.actor.id or 0, PIN, clock)
    for store in (only.store, ctx.store):
        store.close()


def test_the_old_one_is_needed_for_another(ctx: Context, leo: Context, clock: FixedClock) -> None:
    with pytest.raises(InvalidInput, match="give the old one too") as missing:
        sign_in.set_pin(leo, OTHER)
    assert missing.value.field == "old"
    with pytest.raises(sign_in.WrongPin):
        sign_in.set_pin(leo, OTHER, WRONG, clock)
    clock.advance(timedelta(seconds=1))
    sign_in.set_pin(leo, OTHER, PIN, clock)
    assert who(ctx, "Leo", pin=OTHER, clock=clock) == "Leo"
    sign_in.remove_pin(leo, OTHER, clock)
    assert not sign_in.has_pin(leo)
    with pytest.raises(NotFound, match="Leo has no PIN"):
        sign_in.remove_pin(leo, OTHER, clock)


def test_an_administrator_resets_that_of_another(ctx: Context, leo: Context, clock: FixedClock) -> None:
    mia = ctx.acting_as(Actor(team.add(ctx, "Mia", role="manager").id, "Mia", "manager"))
    with pytest.raises(Forbidden, match="Only an administrator may reset the PIN"):
        sign_in.reset_pin(mia, leo.actor.id or 0)
    with pytest.raises(sign_in.WrongPin):
        who(ctx, "Leo", pin=WRONG, clock=clock)
    sign_in.reset_pin(ctx, leo.actor.id or 0, OTHER)
    assert who(ctx, "Leo", pin=OTHER, clock=clock) == "Leo"  # at once
    sign_in.reset_pin(ctx, leo.actor.id or 0)
    assert not sign_in.has_pin(leo)
    with pytest.raises(Forbidden, match="Your own PIN is changed with the old one"):
        sign_in.reset_pin(ctx, ctx.actor.id or 0)


@pytest.mark.parametrize("pin", ["123", "1234", "0000", "leo", "Leo", "8371 ", "8" * 70])
def test_what_is_easy_to_guess_is_refused(ctx: Context, pin: str) -> None:
    mia = ctx.acting_as(Actor(team.add(ctx, "Mia").id, "Mia"))
    leo = ctx.acting_as(Actor(team.add(ctx, "Leooo", login="leo").id, "Leooo"))
    with pytest.raises(InvalidInput) as wrong:
        sign_in.set_pin(leo if pin.casefold() == "leo" else mia, Secret(pin))
    assert wrong.value.field == "new"


def test_a_desk_that_reads_only_sets_none(ctx: Context) -> None:
    from dataclasses import replace

    with pytest.raises(Forbidden, match="read only"):
        sign_in.set_pin(replace(ctx, readonly=True), PIN)


def test_neither_pin_nor_hash_is_in_the_journal_or_taken_back(ctx: Context, leo: Context) -> None:
    sign_in.reset_pin(ctx, leo.actor.id or 0)
    path = ctx.store.path
    assert path is not None
    with sqlite3.connect(path) as raw:
        told = raw.execute("SELECT action, before, after, undoable FROM journal WHERE action = 'pin'").fetchall()
    assert [row[1:] for row in told] == [
        ('{"has_pin": false}', '{"has_pin": true}', 0),
        ('{"has_pin": true}', '{"has_pin": false}', 0),
    ]


@pytest.fixture
def canary(tmp_path: Path) -> tuple[Path, str]:
    ctx = make_house(tmp_path)
    word = "zk9-Canary-417"
    sign_in.set_pin(ctx, Secret(word))
    ctx.store.close()
    return tmp_path / "home", word


def test_a_pin_is_in_no_file_error_or_traceback(canary: tuple[Path, str]) -> None:
    import traceback

    home, word = canary
    secrets = (Secret(word), Secret(word + "x"), Secret("y" + word))
    said = []
    for secret in secrets[1:]:
        try:
            open_context(home_at(home), Settings(), agent="Ana", env={}, pin=secret)
        except sign_in.WrongPin as error:
            frames = error.__traceback__.tb_next if error.__traceback__ else None  # those below this test's own
            told = traceback.TracebackException(type(error), error, frames, capture_locals=True)
            said.append("".join(told.format()))
    ctx = open_context(home_at(home), Settings(), as_engine=True)
    try:
        undo.last(ctx)
        for agent in team.agents(ctx):
            said.append(repr(agent))
    finally:
        ctx.store.close()
    said += [path.read_bytes().decode("latin-1") for path in home.rglob("*") if path.is_file()]
    assert said
    assert not [text for text in said if word in text]
