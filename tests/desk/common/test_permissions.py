"""What a role may not do is refused in the desk, whatever the way in (SPEC §13, QUALITY S18): a walk over every function."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from dataclasses import replace
from functools import cache
from pathlib import Path

import pytest

import crm_tui.desk
from crm_tui import desk
from crm_tui.base.errors import Conflict, CrmError, Forbidden
from crm_tui.data.columns import columns, table_of
from crm_tui.data.tables import Journal
from crm_tui.desk.common.context import Actor, Context
from crm_tui.desk.common.permissions import RULES, Permission
from crm_tui.rules.vocabulary import Role
from tests.desk.colleagues import colleague
from tests.desk.house import make_house
from tests.desk.permission_cases import CASES, ELSEWHERE, OPEN, Things, make_things

SAID = re.compile(r"^Only an? |only they or a manager|^Ana is writing this|^Ana has “")
ROOT = Path(crm_tui.desk.__file__).parent


@pytest.fixture
def house(tmp_path: Path) -> Iterator[tuple[Context, Things]]:
    ctx = make_house(tmp_path)
    yield ctx, make_things(ctx, tmp_path)
    ctx.store.close()


@cache
def asking() -> dict[str, tuple[bool, bool]]:
    """The public functions of the desk that write, and those that ask for a permission, within their module."""
    found = {}
    for path in sorted(ROOT.rglob("*.py")):
        inside = path.relative_to(ROOT)
        module = "reports" if inside.parts[0] == "reports" else inside.stem
        source = path.read_text()
        lines = source.splitlines()
        functions = {
            node.name: "\n".join(lines[node.lineno - 1 : node.end_lineno])
            for node in ast.parse(source).body
            if isinstance(node, ast.FunctionDef)
        }

        def whole(name: str, known: dict[str, str], seen: set[str]) -> str:
            seen.add(name)
            called = (one for one in re.findall(r"\b(\w+)\(", known[name]) if one in known and one not in seen)
            return "\n".join([known[name], *(whole(one, known, seen) for one in called)])

        for name in functions:
            if not name.startswith("_"):
                text = whole(name, functions, set())
                writes = bool(re.search(r"\b(ctx|context|engine)\.write\(|ctx\.acting_as\(ENGINE\)\.write\(", text))
                asks = bool(re.search(r"\bPermission\.|\brequire_own\(|\brequire_admin\(|may_reassign\(", text))
                if writes or asks:
                    found[f"{module}.{name}"] = (writes, asks)
    return found


def test_every_function_that_asks_or_writes_stands_in_a_list() -> None:
    """Whoever adds one says here who may call it."""
    found = asking()
    assert len(found) > 200
    unknown = [name for name, (_writes, asks) in found.items() if asks and name not in {*CASES, *ELSEWHERE}]
    assert unknown == [], "asks for a permission: say in permission_cases.py how a test calls it"
    everybodys = {f"{module}.{name}" for module, names in OPEN.items() for name in names.split(" ")}
    unsaid = [name for name in found if name not in {*CASES, *ELSEWHERE, *everybodys}]
    assert unsaid == [], "writes: say in permission_cases.py who may"
    assert everybodys - found.keys() == set(), "writes no more: take it out of permission_cases.py"
    assert everybodys & {*CASES, *ELSEWHERE} == set()
    assert {permission for permission, _case in CASES.values()} == set(Permission)


def test_an_agent_is_refused_and_so_is_a_manager_what_an_administrator_does(house: tuple[Context, Things]) -> None:
    """By the permission's own sentence or one that names who may; nothing is changed, and the journal says nothing."""
    ana, it = house
    before, wrong = journal(ana), []
    for name, (permission, case) in CASES.items():
        for role in refused(permission):
            number = it.leo if role == Role.AGENT else it.mia
            try:
                case(ana.acting_as(Actor(number, role, role)), it)
            except (Conflict, Forbidden) as error:
                if not SAID.search(error.message):
                    wrong.append((name, role, error.message))
            except Exception as error:
                wrong.append((name, role, repr(error)))
            else:
                wrong.append((name, role, "it was done"))
    assert not wrong, "\n".join(map(str, wrong))
    assert journal(ana) == before


def test_whoever_has_the_permission_is_not_refused(tmp_path: Path, house: tuple[Context, Things]) -> None:
    """The least role that has it; what else is in the way (there is no such thing, it is too late) does not matter here."""
    ana, it = house
    wrong, done = [], 0
    for name, (permission, case) in CASES.items():
        number = it.mia if RULES[permission].role == Role.MANAGER else it.ana
        role = RULES[permission].role
        try:
            case(ana.acting_as(Actor(number, role, role)), it)
            done += 1
        except Forbidden as error:
            wrong.append((name, error.message))
        except CrmError:
            pass
    assert not wrong, "\n".join(map(str, wrong))
    assert done > 30


def test_a_desk_that_reads_only_refuses_them_all(house: tuple[Context, Things]) -> None:
    """Those that change something; reading stays."""
    ana, it = house
    before, done = journal(ana), []
    for name, (_permission, case) in CASES.items():
        try:
            case(replace(ana, readonly=True), it)
            done.append(name)
        except CrmError:
            pass
    assert {name for name in done if asking()[name][0]} == set()
    assert "preferences.save" not in done
    assert journal(ana) == before


def test_the_role_of_now_decides_and_not_that_of_when_the_desk_was_opened(house: tuple[Context, Things]) -> None:
    """Mia was a manager when she opened hers; and whoever becomes one need not open it again."""
    ana, it = house
    mia = ana.acting_as(Actor(it.mia, "Mia", Role.MANAGER))
    leo = ana.acting_as(Actor(it.leo, "Leo", Role.AGENT))
    desk.team.change(ana, it.mia, role="agent")
    desk.team.change(ana, it.leo, role="manager")
    for name in (
        "memos.edit",
        "events.edit",
        "feedback.edit",
        "quality_costs.edit",
        "drafts.attach",
        "tickets.release",
    ):
        case = CASES[name][1]
        with pytest.raises(Forbidden):
            case(mia, it)
        case(leo, it)


def test_no_function_of_desk_or_engine_writes_past_the_context() -> None:
    """:meth:`Context.write` is where a desk that reads only, and one who left the team, are refused."""
    allowed = {"context.py", "sign_in.py", "leases.py", "erasing.py", "erasing_again.py"}
    found = [
        path.name
        for folder in (ROOT, ROOT.parent / "engine", ROOT.parent / "screens", ROOT.parent / "cli")
        for path in folder.rglob("*.py")
        if re.search(r"store\.write\(", path.read_text())
    ]
    assert set(found) <= allowed


def test_who_is_no_administrator_any_more_takes_back_nothing_of_one(ctx: Context) -> None:
    """Undo asks for the permission that the command needed, by the role of now."""
    boss = colleague(ctx, "Bea", "admin")
    number = boss.actor.id or 0
    for do in (
        lambda: desk.team.add(boss, "Eve"),
        lambda: desk.departments.add(boss, "Groups"),
        lambda: desk.attributes.add(boss, "VIP"),
        lambda: desk.event_types.add(boss, "Fax"),
        lambda: desk.operators.create(boss, {"name": "Sol"}),
        lambda: desk.quality_codes.add(boss, "Noise"),
        lambda: desk.quality_items.add(boss, "Beer", "4 EUR"),
        lambda: desk.property.set(boss, 1, {"checkin_days": 2}),
        lambda: desk.retention.add(boss, "Old", 36),
        lambda: desk.routing_profiles.set(boss, number, takes=False),
    ):
        do()
        assert desk.undo.last(boss) is not None
        command = desk.undo.last(boss)
        desk.team.change(ctx, number, role="agent")
        with pytest.raises(desk.undo.Refused, match="Only a"):
            desk.undo.undo(boss)
        desk.team.change(ctx, number, role="admin")
        with ctx.store.connect() as connection:
            rows = connection.execute(table_of(Journal).select().where(columns(Journal).action == "undo")).all()
        assert rows == [], command


def refused(permission: Permission) -> list[str]:
    return [Role.AGENT] if RULES[permission].role == Role.MANAGER else [Role.AGENT, Role.MANAGER]


def journal(ctx: Context) -> int:
    with ctx.store.connect() as connection:
        return len(connection.execute(table_of(Journal).select()).all())
