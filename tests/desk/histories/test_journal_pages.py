"""Pages of the journal: what is found is what is there, whichever index leads, and a page costs no more in a long journal."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import insert, select

from crm_tui.data.columns import columns, table_of
from crm_tui.data.tables import Journal
from crm_tui.desk.common.context import Context
from crm_tui.desk.histories import journal_seeking, journal_view
from crm_tui.desk.histories.journal_view import JournalQuery, page
from crm_tui.rules.folding import fold_text
from tests.desk.colleagues import colleague
from tests.desk.common.test_plans import Plans
from tests.desk.house import NOW

ZONE = ZoneInfo("Europe/Madrid")

ASKED = (
    *({"agent": agent} for agent in ("Ana", "Leo", "engine")),
    *({"entity": entity} for entity in ("guest", "thing", "none")),
    {"entity": "thing", "number": 3},
    {"number": 3},
    {"agent": "Ana", "entity": "thing"},
    {"agent": "Leo", "entity": "guest", "action": "odd"},
    {"entity": "thing", "number": 3, "first": NOW.date(), "words": "zolw"},
    {"agent": "engine", "first": NOW.date() - timedelta(days=1), "last": NOW.date() - timedelta(days=1)},
    {"words": "zolw Nowak"},
    {"words": "quoted", "action": "even"},
    {"words": "engine odd"},
    {"last": NOW.date() - timedelta(days=2), "entity": "guest"},
)


@pytest.fixture
def long(ctx: Context) -> Context:
    """Some days of many things by several; every text is written in another way."""
    leo = colleague(ctx, "Leo")
    whose: list[tuple[int | None, str]] = [(ctx.actor.id, "Ana"), (leo.actor.id, "Leo"), (None, "engine")]
    texts = ({"name": "Żółw Nowak"}, {"name": "Zolw NOWAK"}, {"name": 'a "quoted" one\nZÓŁW'}, {"n": 5}, None)
    rows = [
        {"at": NOW - timedelta(hours=number // 3), "actor": whose[number % 3][1], "agent_id": whose[number % 3][0]}
        | {"command": str(number), "entity": "guest" if number % 4 else "thing", "entity_id": number % 5 + 1}
        | {"action": "odd" if number % 2 else "even", "before": texts[number % 5], "after": texts[number // 5 % 5]}
        for number in range(300)
    ]
    with ctx.write() as tx:
        tx.connection.execute(insert(Journal), rows)
    return ctx


def brute(ctx: Context, query: JournalQuery) -> list[int]:
    """The same said in another way, over every row there is."""
    names = columns(Journal)
    with ctx.store.connect() as connection:
        rows = connection.execute(select(table_of(Journal)).order_by(names.at.desc(), names.id.desc())).all()

    def fits(row: Any) -> bool:
        day = row.at.astimezone(ZONE).date()
        said = fold_text(" ".join((row.actor, str(row.action), *(str(one) for one in (row.before, row.after) if one))))
        return (
            (not query.agent or row.actor == query.agent)
            and (not query.entity or row.entity == query.entity)
            and (not query.number or row.entity_id == query.number)
            and query.action in row.action
            and (query.first is None or day >= query.first)
            and (query.last is None or day <= query.last)
            and all(word in said for word in fold_text(query.words).split())
        )

    return [row.id for row in rows if fits(row)]


@pytest.mark.parametrize("asked", ASKED, ids=str)
@pytest.mark.parametrize(("stretch", "few"), [(1000, 2000), (7, 0)])
def test_what_is_found_is_what_is_there(
    long: Context, monkeypatch: pytest.MonkeyPatch, asked: dict[str, Any], stretch: int, few: int
) -> None:
    """Whichever filter leads, in pages that follow each other without gap or double."""
    monkeypatch.setattr(journal_seeking, "STRETCH", stretch)
    monkeypatch.setattr(journal_seeking, "FEW", few)
    monkeypatch.setattr(journal_view, "LOOK", 30)
    query, found, cursor = JournalQuery(**asked), list[int](), None
    while True:
        part = page(long, query, cursor, limit=4)
        found += [one.id for one in part.entries]
        cursor = part.further
        if cursor is None:
            break
    wanted = brute(long, query)
    assert (sorted(found), len(found)) == (sorted(wanted), len(wanted))
    assert query.number or found == wanted


class JournalPlans(Plans):
    """The plans of what is asked of the journal."""

    def _explain(self, _connection: Any, cursor: Any, statement: str, parameters: Any, *_rest: Any) -> None:
        if "FROM journal" in statement:
            super()._explain(_connection, cursor, statement, parameters)


@pytest.mark.parametrize("asked", ASKED, ids=str)
def test_a_page_costs_what_it_shows(long: Context, monkeypatch: pytest.MonkeyPatch, asked: dict[str, Any]) -> None:
    """No filter reads the whole journal, and nothing is sorted: an index has the order. What no index answers is looked for
    in a bounded number of rows."""
    monkeypatch.setattr(journal_seeking, "STRETCH", 10)
    monkeypatch.setattr(journal_view, "LOOK", 40)
    plans, looked = JournalPlans(long), list[int]()
    plain = journal_seeking.Seeking.look

    def look(*given: Any) -> Any:
        part = plain(*given)
        looked.append(part.rows)
        return part

    monkeypatch.setattr(journal_seeking.Seeking, "look", look)
    query = JournalQuery(**asked)
    first = page(long, query, limit=4)
    if first.further is not None:
        page(long, query, first.further, limit=4)
    assert any("INDEX ix_journal_" in line for line in plans.lines)
    assert [line for line in plans.lines if "TEMP B-TREE" in line or line == "SCAN journal"] == []
    assert max(looked) <= 10
    assert sum(looked) <= 2 * 40
