"""Duplicates are suggested, with reasons; what was decided is not suggested again (SPEC §6)."""

from __future__ import annotations

import sys
import threading
from typing import Any

import pytest
from sqlalchemy import update

from bench.people import pairs_of, people, planted, store
from crm_tui import desk
from crm_tui.base.errors import Cancelled, CrmError, InvalidInput, NotFound
from crm_tui.base.progress import CancelEvent
from crm_tui.data.columns import columns
from crm_tui.data.tables import Guest
from crm_tui.desk.common.context import Context
from crm_tui.desk.merges import duplicates_search
from crm_tui.desk.merges.duplicates import FAMILY, find, tell_apart, views
from crm_tui.desk.merges.duplicates_search import Search
from crm_tui.desk.merges.guest_merging import merge
from crm_tui.desk.undoing import undo
from tests.desk.colleagues import colleague

_G = columns(Guest)


def new(ctx: Context, surname: str, given: str = "", **values: Any) -> int:
    return desk.guests.create(ctx, {"surname": surname, "given": given, **values})


def suggested(ctx: Context) -> list[tuple[int, ...]]:
    return [one.guests for one in find(ctx) if not one.shared]


def test_the_same_mail_phone_or_name_and_birth_date(ctx: Context) -> None:
    a = new(ctx, "Nowak", "Łucja", email="Lucja@poczta.example")
    b = new(ctx, "Novak", "Lucja", email="lucja@poczta.example")
    c = new(ctx, "García López", "Ana", phone="600 111 222")
    d = new(ctx, "García", "Ana", phone="+34 600 111 222")
    e = new(ctx, "Kowalczyk", "Marek", birth_date="3.4.1980")
    f = new(ctx, "Marek", "Kowalczyk", birth_date="3.4.1980")
    new(ctx, "Kowalczyk", "Marek")  # the name alone is not enough
    new(ctx, "Kowalczyk", "Ewa", birth_date="3.4.1980")
    assert suggested(ctx) == [(a, b), (e, f), (c, d)]
    seen = views(ctx, find(ctx))
    assert [one.reasons for one in seen if one] == [
        ("same e-mail lucja@poczta.example", "name nearly the same"),
        ("same names turned around", "same birth date"),
        ("same phone +34 600 11 12 22", "one name is part of the other"),
    ]
    assert seen[0] is not None
    assert seen[0].labels[0] == "Łucja Nowak · Lucja@poczta.example"


def test_a_person_and_a_company_are_never_suggested(ctx: Context) -> None:
    new(ctx, "Sol", email="info@sol.example")
    new(ctx, "Sol", kind="company", email="info@sol.example")
    assert find(ctx) == []


def test_a_family_is_one_line_at_the_end_and_a_firms_address_none(ctx: Context) -> None:
    family = [new(ctx, "Nowak", given, email="dom@nowak.example") for given in ("Jan", "Ewa", "Piotr")]
    again = new(ctx, "Nowak", "J.", email="dom@nowak.example")
    for n in range(FAMILY + 1):
        new(ctx, f"Guest{n}", "Of Agency", email="bookings@agency.example")
    found = find(ctx)
    assert [(one.guests, one.shared) for one in found] == [((family[0], again), False), ((*family, again), True)]
    tell_apart(ctx, [family[0], again])
    assert [(one.guests, one.shared) for one in find(ctx)] == [((*family, again), True)]
    tell_apart(ctx, [*family, again])
    assert find(ctx) == []


def test_those_who_are_no_more_are_not_suggested(ctx: Context) -> None:
    numbers = [new(ctx, "Nowak", "Ewa", email="ewa@x.example") for _n in range(4)]
    assert suggested(ctx) == [tuple(numbers)]
    desk.guests.archive(ctx, [numbers[3]])
    merge(ctx, numbers[0], [numbers[1]])
    assert suggested(ctx) == [(numbers[0], numbers[2])]
    with ctx.write() as tx:
        tx.connection.execute(update(Guest).where(_G.id == numbers[2]).values(erased_at=tx.now))
    assert find(ctx) == []


def test_not_the_same_holds_until_it_is_taken_back(ctx: Context) -> None:
    leo = colleague(ctx, "Leo")
    a, b, c = (new(ctx, "Nowak", "Ewa", email="ewa@x.example") for _n in range(3))
    before = find(ctx)
    assert tell_apart(leo, [b, a]) == 1
    assert tell_apart(ctx, [a, b]) == 0
    assert suggested(ctx) == [(a, b, c)]  # both may still be the third
    assert tell_apart(leo, [a, b, c]) == 2
    assert find(ctx) == []
    assert views(ctx, before) == [None]
    undo.undo(leo)
    undo.undo(leo)
    assert find(ctx) == before
    with pytest.raises(undo.NothingToUndo):
        undo.undo(leo)
    for wrong, error in (([a], InvalidInput), ([a, 99], NotFound)):
        with pytest.raises(error):
            tell_apart(ctx, wrong)
    assert "not the same as guest" in " ".join(entry.text for entry in desk.history.of_guest(ctx, a))


def test_hostile_names_are_compared_and_shown_safely(ctx: Context) -> None:
    names = [
        "\x1b]52;c;x\x07",
        "\u202eabc",
        "[@click=app.quit]x[/]",
        "'; DROP TABLE guest; --",
        "X" * 200,
        "é" * 99,
        "李",
    ]
    for name in names:
        for _twice in range(2):
            new(ctx, name, "\x9b31m", email="evil@x.example")
    found = find(ctx)
    assert found
    for one in views(ctx, found):
        assert one is not None
        assert not {"\x1b", "\u202e", "\x07", "\x9b"} & {*"".join((*one.labels, *one.reasons))}


def test_planted_duplicates_are_found_and_little_else(ctx: Context) -> None:
    made = people(3000, 150)
    store(ctx, made)
    known, sure = planted(made), pairs_of([one.guests for one in find(ctx) if not one.shared])
    assert len(known & sure) / len(known) > 0.97
    assert len(known & sure) / len(sure) > 0.95


class Watcher:
    """Notes the steps; can stop the search at the first one."""

    def __init__(self, at_step: Any = None) -> None:
        self.steps: list[str] = []
        self.over = threading.Event()
        self._at_step = at_step

    def step(self, title: str, total: int | None = None) -> None:
        self.steps.append(title)
        if self._at_step is not None:
            self._at_step()

    def count(self, done: int) -> None:
        pass

    def error(self, message: str) -> None:
        pass

    def done(self) -> None:
        self.over.set()


def test_the_process_finds_the_same(ctx: Context) -> None:
    store(ctx, people(300, 20))
    watcher = Watcher()
    assert Search(ctx).run(watcher) == find(ctx) != []
    assert len(watcher.steps) == 4
    assert watcher.over.is_set()


def test_a_search_is_stopped_where_it_is(ctx: Context) -> None:
    store(ctx, people(300, 20))
    stop = CancelEvent()
    with pytest.raises(Cancelled):
        find(ctx, Watcher(stop.set), stop)
    search = Search(ctx)
    with pytest.raises(Cancelled):
        search.run(Watcher(search.cancel))
    with pytest.raises(Cancelled):
        search.run(Watcher())


def test_a_process_that_dies_is_told(ctx: Context, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(duplicates_search, "COMMAND", (sys.executable, "-c", "raise SystemExit(1)"))
    with pytest.raises(CrmError, match="unexpectedly"):
        Search(ctx).run(Watcher())
