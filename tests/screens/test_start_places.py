"""Where the panels stand: every title is seen, rows go to those who need them, the panel with the keys comes first."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from crm_tui.screens.start.places import COLUMNS, WEIGHTS, Need, shares

needs = st.lists(st.tuples(st.integers(0, 300), st.booleans()), min_size=1, max_size=7)


@given(needs, st.integers(14, 70))
def test_the_height_is_used_up_and_nobody_starves(given_needs: list[tuple[int, bool]], height: int) -> None:
    asked = [Need(rows, favourite) for rows, favourite in given_needs]
    lines = shares(asked, height)
    assert sum(lines) == height
    for need, got in zip(asked, lines, strict=True):
        assert got >= (2 if need.rows else 1)
    if any(need.rows for need in asked):
        assert all(got == 1 for need, got in zip(asked, lines, strict=True) if not need.rows)


@given(needs, st.integers(14, 70))
def test_what_one_does_not_need_others_get(given_needs: list[tuple[int, bool]], height: int) -> None:
    asked = [Need(rows, favourite) for rows, favourite in given_needs]
    lines = shares(asked, height)
    if any(got > need.rows + 1 for need, got in zip(asked, lines, strict=True) if need.rows):
        assert all(got >= need.rows + 1 for need, got in zip(asked, lines, strict=True))


def test_the_panel_with_the_keys_gets_half_of_what_is_left() -> None:
    full = [Need(50) for _ in range(6)]
    even = shares(full, 22)
    assert max(even) - min(even) <= 1
    chosen = [*full[:2], Need(50, True), *full[3:]]
    lines = shares(chosen, 22)
    assert lines[2] >= 2 * max(lines[:2])
    assert shares([Need(4, True), *full[1:]], 22)[0] == 5  # not more than it has


def test_every_panel_has_a_place_at_every_width() -> None:
    day = {"unanswered", "waitlist", "departures", "payments", "reminders", "complaints"}
    for columns, names in COLUMNS.items():
        placed = [name for column in names for name in column]
        assert len(placed) == len(set(placed))
        assert day <= set(placed)
        assert len(WEIGHTS[columns]) == len(names) == columns
