"""The page of the team names every permission with its role."""

from __future__ import annotations

from pathlib import Path

from crm_tui.desk.common.permissions import RULES, Permission

PAGE = Path(__file__).parents[2] / "docs" / "team.md"


def test_the_page_has_the_table_of_permissions() -> None:
    rows = [line for line in PAGE.read_text(encoding="utf-8").splitlines() if line.startswith("| `")]
    assert rows == [f"| `{one.value}` | {RULES[one].does} | {RULES[one].role.value} |" for one in Permission]
