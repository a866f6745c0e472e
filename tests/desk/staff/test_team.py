"""The team: only administrators change it, there is always one, and every change can be taken back (SPEC §13)."""

from __future__ import annotations

from typing import Any

import pytest

from crm_tui import desk
from crm_tui.base.errors import Conflict, Forbidden, InvalidInput, NotFound
from crm_tui.desk.common.context import ENGINE, Actor, Context
from crm_tui.desk.staff import departments, team
from crm_tui.desk.undoing import undo


def as_agent(ctx: Context, name: str) -> Context:
    found = team.find(ctx, name)
    return team.renewed(ctx.acting_as(Actor(found.id, found.name, found.role)))


def test_what_is_done_to_the_team_is_taken_back(ctx: Context) -> None:
    departments.add(ctx, "Groups")
    leo = team.add(ctx, "Leo", department="groups", login="leo")
    team.change(ctx, leo.id, role="manager", department="", name="Leon")
    undo.undo(ctx)
    back = team.find(ctx, "Leo")
    assert (back.role, back.department, back.login) == ("agent", "Groups", "leo")
    team.remove(ctx, leo.id)
    assert team.agents(ctx)[-1].name == "Ana"
    undo.undo(ctx)
    assert team.agents(ctx)[-1].name == "Leo"
    undo.undo(ctx)  # that he was added
    assert [one.name for one in team.agents(ctx)] == ["Ana"]
    undo.undo(ctx)
    assert departments.listed(ctx) == []
    departments.add(ctx, "Spa")
    departments.rename(ctx, departments.find(ctx, "Spa"), "Wellness")
    undo.undo(ctx)
    assert "Spa" in [one.name for one in departments.listed(ctx)]
    undo.undo(ctx)
    assert "Spa" not in [one.name for one in departments.listed(ctx)]


def test_undo_leaves_an_administrator(ctx: Context) -> None:
    """Ana makes Leo one and steps back; taking the first of these back would leave nobody."""
    leo = team.add(ctx, "Leo", role="admin")
    team.change(as_agent(ctx, "Leo"), team.find(ctx, "Ana").id, role="agent")
    with pytest.raises(undo.Refused):
        undo.undo(ctx)  # by now Ana is no administrator
    assert team.find(ctx, "Leo").role == "admin"
    with pytest.raises(Conflict, match="no administrator"):
        team.remove(as_agent(ctx, "Leo"), leo.id)


def test_a_role_counts_as_it_is_now_and_not_as_it_was_when_the_desk_was_opened(ctx: Context) -> None:
    team.add(ctx, "Leo", role="admin")
    opened = as_agent(ctx, "Leo")
    team.change(ctx, team.find(ctx, "Leo").id, role="agent")
    with pytest.raises(Forbidden, match="Only an administrator") as refused:
        team.add(opened, "Eve")
    assert refused.value.hint == "Ask Ana."
    assert team.renewed(opened).actor.role == "agent"


def test_who_left_writes_nothing_however_long_ago_the_desk_was_opened(ctx: Context) -> None:
    team.add(ctx, "Leo")
    opened = as_agent(ctx, "Leo")
    team.remove(ctx, team.find(ctx, "Leo").id)
    with pytest.raises(Forbidden, match="not in the team any more"):
        desk.wishes.ask_sync(opened)
    fresh = team.renewed(opened)
    assert (fresh.actor.active, fresh.readonly) == (False, True)
    with pytest.raises(Forbidden, match="not in the team any more"):
        desk.wishes.ask_sync(fresh)
    assert team.changes_of(opened.actor, fresh.actor).startswith("You were taken off")


def test_an_older_form_overwrites_nothing(ctx: Context) -> None:
    leo = team.add(ctx, "Leo")
    team.change(ctx, leo.id, leo.version, language="pl")
    with pytest.raises(Conflict, match="Leo was changed meanwhile"):
        team.change(ctx, leo.id, leo.version, language="fr")
    assert team.find(ctx, "leo").language == "pl"


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"name": "ANA"}, "name"),
        ({"name": "  "}, "name"),
        ({"name": "x" * 81}, "name"),
        ({"name": "Everyone"}, "name"),
        ({"role": "king"}, "role"),
        ({"language": "de"}, "language"),
        ({"department": "Moon"}, "department"),
        ({"login": "ana"}, "login"),
        ({"shoe": "42"}, "shoe"),
    ],
)
def test_a_wrong_value_is_told_at_its_field(ctx: Context, given: dict[str, Any], field: str) -> None:
    team.change(ctx, team.find(ctx, "Ana").id, login="ana")
    leo = team.add(ctx, "Leo")
    with pytest.raises(InvalidInput) as wrong:
        team.change(ctx, leo.id, None, **given)
    assert wrong.value.field == field
    assert team.find(ctx, "Leo") == leo


def test_names_differ_by_more_than_case_in_every_alphabet(ctx: Context) -> None:
    team.add(ctx, "Łucja")
    with pytest.raises(InvalidInput, match="called Łucja already"):
        team.add(ctx, "ŁUCJA")
    departments.add(ctx, "Évènements")
    with pytest.raises(InvalidInput, match="called Évènements already"):
        departments.add(ctx, "ÉVÈNEMENTS")


def test_a_department_that_is_needed_stays(ctx: Context) -> None:
    number = departments.add(ctx, "Groups")
    leo = team.add(ctx, "Leo", department="Groups")
    with pytest.raises(Conflict, match="Leo is in Groups"):
        departments.remove(ctx, number)
    inquiry = desk.inquiries.create(as_agent(ctx, "Leo"), {"scope": "department"}, guest={"surname": "Nowak"})
    team.change(ctx, leo.id, department="")
    with pytest.raises(Conflict, match="only for Groups"):
        departments.remove(ctx, number)
    assert desk.inquiries.get(team.renewed(ctx), inquiry).id == inquiry  # an administrator gives it another scope


def test_the_list_of_attributes_is_an_administrators_by_what_the_team_says_now(ctx: Context) -> None:
    team.add(ctx, "Leo", role="admin")
    opened = as_agent(ctx, "Leo")
    number = desk.attributes.add(opened, "VIP")
    team.change(ctx, team.find(ctx, "Leo").id, role="agent")
    for attempt in (
        lambda: desk.attributes.add(opened, "Pets"),
        lambda: desk.attributes.rename(opened, number, 1, "Pets"),
    ):
        with pytest.raises(Forbidden, match="list of attributes"):
            attempt()
    with pytest.raises(undo.Refused, match="list of attributes"):
        undo.undo(opened)
    assert [one.name for one in desk.attributes.listed(ctx)] == ["VIP"]


def test_the_engine_may_set_a_team_up(ctx: Context) -> None:
    assert team.add(ctx.acting_as(ENGINE), "Leo").id == 2
    with pytest.raises(NotFound, match="no agent called Moon"):
        team.find(ctx, "Moon")
    assert team.find(ctx, "2").name == "Leo"
