"""All figures of a row are told, wherever there is room for them (SPEC §10)."""

from __future__ import annotations

from dataclasses import fields

import pytest

from crm_tui.desk.working.metrics_views import AgentFigures
from crm_tui.rules.metrics import Figures
from crm_tui.screens.tickets.figures import NONE, briefly, clocked
from crm_tui.screens.tickets.figures_detail import lines

LEO = AgentFigures(
    agent_id=7, name="Leo", received=41, opened=37, pending=3, done=29, queue=11,
    responses=24, marked=2, response_seconds=24 * 11_400, response_seconds_working=24 * 4_800,
    before_responses=16, before_seconds=16 * 7_260, before_seconds_working=16 * 2_520,
    first_responses=13, first_response_seconds=13 * 187_500, first_response_seconds_working=13 * 50,
    working_seconds=11_520, invisible_seconds=1_860, eligible_inquiries=8, converted=5,
)  # fmt: skip


def told(one: AgentFigures, width: int) -> list[str]:
    return ["".join(text for text, _style in line) for line in lines(one, width)]


@pytest.mark.parametrize("width", [80, 150])
def test_every_figure_stands_there_with_its_name_in_five_lines(width: int) -> None:
    text = [" ".join(line.split()) for line in told(LEO, width)]
    assert text == [
        "response answers by clock in hours received 41 worked 3:12",
        "all 24 3 h 10 1 h 20 opened 37 paused 0:31",
        "before booking 16 2 h 01 42 min done 29 inquiries 8",
        "after booking 8 5 h 28 2 h 36 queue 11 booked 5",
        "first answer 13 52 h 05 50 s pending 3 conversion 62 %",
    ]


def test_no_figure_is_left_out() -> None:
    """Whatever figure is another changes what is told; what the rules count for sums alone is told as an average."""
    shown = told(LEO, 150)
    for one in fields(Figures):
        values = {name.name: getattr(LEO, name.name) for name in fields(AgentFigures)}
        values[one.name] += 36_000 if "seconds" in one.name else 1
        if one.name != "marked":  # of the answers, those without words
            assert told(AgentFigures(**values), 150) != shown, one.name


def test_what_was_not_counted_is_a_dash() -> None:
    text = [line.split() for line in told(AgentFigures(), 80)]
    assert [line.count(NONE) for line in text] == [1, 3, 2, 2, 3]
    assert text[1][:4] == ["all", "0", NONE, NONE]


@pytest.mark.parametrize("width", [40, 60, 80, 100, 150, 200])
def test_columns_stay_where_they_are_from_row_to_row(width: int) -> None:
    busy, idle = told(LEO, width), told(AgentFigures(), width)
    assert [len(line) for line in busy] == [len(line) for line in idle]
    assert all(len(line) <= max(width, 41) for line in busy)


def test_where_there_is_no_room_beside_it_stands_below() -> None:
    text = told(LEO, 60)
    assert [("received" in text[0], text[5], text[6].split())] == [(True, "", ["worked", "3:12"])]
    assert text[10].split() == ["conversion", "62", "%"]


def test_lengths_of_time_are_those_of_the_table() -> None:
    assert briefly(LEO.average_after or 0) == "5 h 28"
    assert clocked(LEO.invisible_seconds) == "0:31"
