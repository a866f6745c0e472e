from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import insert

from crm_tui import desk
from crm_tui.base.errors import Conflict, Forbidden, InvalidInput
from crm_tui.base.i18n import set_language
from crm_tui.data.columns import new_id
from crm_tui.data.tables import Agent
from crm_tui.desk.common.context import Actor, Context
from crm_tui.desk.staff.property_views import hours_words
from crm_tui.rules.working_hours import read_hours
from tests.desk.house import make_house

OFFICE = "Mon-Fri 08:00-20:00; Sat 09:00-14:00"


@pytest.fixture
def ana(tmp_path: Path) -> Iterator[Context]:
    ctx = make_house(tmp_path)
    yield ctx
    set_language("en")
    ctx.store.close()


def test_a_property_begins_open_around_the_clock(ana: Context) -> None:
    found = desk.property.get(ana)
    assert (found.hours, found.checkin_days, found.resolved_days) == ("", 3, 0)
    assert hours_words(found.hours) == "around the clock"


def test_an_administrator_changes_it_and_takes_it_back(ana: Context) -> None:
    before = desk.property.get(ana)
    after = desk.property.set(ana, before.version, {"hours": OFFICE, "checkin_days": 5, "resolved_days": -1})
    assert (after.hours, after.checkin_days, after.resolved_days) == (read_hours(OFFICE), 5, -1)
    assert hours_words(after.hours) == "Mon–Fri 08:00–20:00; Sat 09:00–14:00"
    last = desk.undo.last(ana)
    assert last is not None
    assert "working hours: around the clock → Mon–Fri 08:00–20:00; Sat 09:00–14:00" in last.text
    assert desk.undo.undo(ana).text == "The settings of “Hotel” are as they were."
    again = desk.property.get(ana)
    assert (again.hours, again.checkin_days, again.resolved_days) == ("", 3, 0)


@pytest.mark.parametrize("language", ["en", "es", "pl", "fr"])
def test_hours_are_shown_as_they_may_be_typed_again(language: str) -> None:
    set_language(language)
    kept = read_hours("Mon-Wed 8-12, 14-20; Thu 9-17; Sat-Sun 22-6")
    assert read_hours(hours_words(kept)) == kept
    set_language("en")


def test_only_an_administrator_changes_it(ana: Context) -> None:
    with ana.write() as tx:
        row = {"name": "Mia", "role": "manager", "created_at": tx.now}
        mia = ana.acting_as(Actor(new_id(tx.connection.execute(insert(Agent).values(**row))), "Mia", "admin"))
    with pytest.raises(Forbidden, match="Only an administrator"):
        desk.property.set(mia, 1, {"checkin_days": 1})
    assert desk.property.get(mia).checkin_days == 3


def test_nothing_is_overwritten(ana: Context) -> None:
    desk.property.set(ana, 1, {"checkin_days": 1})
    with pytest.raises(Conflict, match="nothing was overwritten"):
        desk.property.set(ana, 1, {"checkin_days": 2})
    assert desk.property.get(ana).checkin_days == 1


@pytest.mark.parametrize(
    ("name", "value", "words"),
    [
        ("hours", "whenever", "cannot be read"),
        ("hours", "Mon 9-25", "no such time"),
        ("hours", "Mon 9-9", "end where they start"),
        ("hours", "Sun closed", "no working hour"),
        ("checkin_days", -1, "out of range"),
        ("checkin_days", True, "out of range"),
        ("resolved_days", -2, "out of range"),
        ("resolved_days", "three", "out of range"),
        ("name", "Elsewhere", "no field"),
    ],
)
def test_what_is_wrong_is_said_at_its_field(ana: Context, name: str, value: Any, words: str) -> None:
    with pytest.raises(InvalidInput, match=words) as refused:
        desk.property.set(ana, 1, {name: value})
    assert refused.value.field == name
    assert desk.property.get(ana).version == 1
