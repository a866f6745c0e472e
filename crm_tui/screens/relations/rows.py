"""Rows of feedback and of costs of quality, and what there is to say of one."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from rich.cells import cell_len

from crm_tui import desk
from crm_tui.base.i18n import _
from crm_tui.desk.quality.feedback_views import (
    KINDS,
    OPEN_SIGN,
    RESOLVED_SIGN,
    SATISFACTION,
    FeedbackQuery,
    FeedbackView,
)
from crm_tui.desk.quality.quality_views import CostView, GivenView
from crm_tui.rules.money import Money
from crm_tui.rules.vocabulary import FeedbackKind
from crm_tui.screens.base import Shell
from crm_tui.screens.money.words import amount
from crm_tui.screens.packages.rows import PagedSource
from crm_tui.widgets.cells import cut, fit
from crm_tui.widgets.styled import Part
from crm_tui.widgets.times import age, moment

if TYPE_CHECKING:
    from crm_tui.desk.common.context import Context

CODE_FROM, COST_FROM = 64, 100
"""Columns from which a row says the code, and what it cost."""


def room_columns(width: int) -> int:
    """Columns of the room: where to go is read first."""
    return 11 if width >= COST_FROM else 7


def signs() -> list[tuple[str, str]]:
    """The signs of a row and what they mean, for the help."""
    return [
        (OPEN_SIGN, _("a complaint that nobody resolved")),
        (RESOLVED_SIGN, _("resolved; it leaves this page at midnight")),
        ("+", _("a compliment")),
        ("−", _("a complaint")),
    ]


def cost_words(cost: Sequence[Money]) -> str:
    """What things cost, each currency for itself."""
    return " + ".join(amount(one) for one in cost)


def given_words(given: Sequence[GivenView]) -> str:
    """What was given, on one line."""
    return ", ".join(f"{one.quantity} × {one.name}" if one.quantity > 1 else one.name for one in given)


class RelationsSource(PagedSource[Any]):
    """One of the two lists as a record list reads it, and how many complaints are open. Every method blocks: for threads."""

    def __init__(self, ctx: Context, query: FeedbackQuery, *, costs: bool) -> None:
        self._asked = ctx
        self.still_open = 0

        def make() -> Any:
            if costs:
                return desk.quality_costs.CostList(text=query.text, code=query.code, order=query.order)
            return desk.feedback.FeedbackList(query)

        super().__init__(ctx, make)

    def count(self) -> int:
        """How many there are; the list is read anew."""
        self.still_open = desk.feedback.open_count(self._asked)
        return super().count()


class FeedbackRows:
    """Draws feedback: sign, since when, kind, room, whose, what about, what was said, what it cost.

    Args:
        shell: tells the time.
    """

    def __init__(self, shell: Shell) -> None:
        self._shell = shell
        self.empty_text: Sequence[Part] = ()

    def empty(self) -> Sequence[Part]:
        """What an empty list says."""
        return self.empty_text

    def parts(self, row: FeedbackView, width: int) -> list[Part]:
        """The pieces of a line."""
        shell = self._shell
        sign, style = (OPEN_SIGN, "bad") if row.open else (RESOLVED_SIGN, "good")
        weight = "" if row.open else "muted"
        kind, look = ("−", "warn") if row.kind == FeedbackKind.NEGATIVE else ("+", "good")
        code = (15 if width >= COST_FROM else 11) if width >= CODE_FROM else 0
        cost = 16 if width >= COST_FROM else 0
        who = max(14, width * 24 // 100)
        where = room_columns(width)
        face = f"{row.emoji} " if row.emoji else ""
        said = max(0, width - 2 - 8 - 2 - where - who - code - cost - cell_len(face))
        return [
            (f"{sign} ", style),
            (fit(age(row.at, shell.clock.now(), shell.zone, shell.settings.spell_days), 7, right=True) + " ", weight),
            (f"{kind} ", look),
            (fit(row.room or "–", where - 1) + " ", weight or "strong"),
            (fit(row.guest_name or "–", who - 1) + " ", weight or "strong"),
            (fit(row.code or "–", code - 1) + " " if code else "", weight or "accent"),
            (face, ""),
            (fit(" ".join(row.comment.split()), said), weight),
            (fit(cost_words(row.cost), cost - 1, right=True) + " " if cost else "", weight),
        ]


class CostRows:
    """Draws costs of quality: when, room, whose, the occasion, what was given, what it cost."""

    def __init__(self, shell: Shell) -> None:
        self._shell = shell
        self.empty_text: Sequence[Part] = ()

    def empty(self) -> Sequence[Part]:
        """What an empty list says."""
        return self.empty_text

    def parts(self, row: CostView, width: int) -> list[Part]:
        """The pieces of a line."""
        shell = self._shell
        who, cost = max(14, width * 22 // 100), 16
        code = 13 if width >= COST_FROM else 0
        where = room_columns(width)
        rest = max(0, width - 2 - 8 - where - who - cost - code)
        about = " · ".join(part for part in (row.occasion, given_words(row.given)) if part)
        return [
            ("❖ ", "mark"),
            (fit(age(row.at, shell.clock.now(), shell.zone, shell.settings.spell_days), 7, right=True) + " ", ""),
            (fit(row.room or "–", where - 1) + " ", "strong"),
            (fit(row.guest_name or "–", who - 1) + " ", "strong"),
            (fit(row.code or "–", code - 1) + " " if code else "", "accent"),
            (fit(about, rest), ""),
            (fit(cost_words(row.cost), cost - 1, right=True) + " ", "strong"),
        ]


def details(row: FeedbackView | CostView, shell: Shell, width: int) -> list[list[Part]]:
    """Lines below the list."""
    return _of_cost(row, shell, width) if isinstance(row, CostView) else _of_feedback(row, shell, width)


def _head(row: FeedbackView | CostView, shell: Shell, kind: str, about: str) -> list[Part]:
    at = moment(row.at, shell.clock.now(), shell.zone)
    stay = _("stay {code}").format(code=row.code_of) if row.code_of else ""
    author = _("by {name}").format(name=row.author) if row.author else ""
    rest = " · ".join(part for part in (at, stay, about, author) if part)
    return [(f" {row.title}", "strong"), (f"  {kind}", "accent"), (f"  {rest}", "muted")]


def _of_feedback(row: FeedbackView, shell: Shell, width: int) -> list[list[Part]]:
    kind = " · ".join(part for part in (_(KINDS[row.kind]), row.code) if part)
    about = _("about {name}").format(name=row.employee) if row.employee else ""
    comment = " ".join(row.comment.split())
    lines: list[list[Part]] = [_head(row, shell, kind, about)]
    lines.append([(" " + cut(f"{row.emoji} {comment}".strip() or _("without words"), width - 2), "")])
    if row.resolved_at is not None:
        told = {"name": row.resolved_by or "–", "time": moment(row.resolved_at, shell.clock.now(), shell.zone)}
        how = SATISFACTION.get(row.satisfaction or 0, "")
        words = [_("Resolved by {name}, {time}").format(**told), " ".join(row.resolution.split())]
        words.append(_("guest {satisfaction}").format(satisfaction=_(how)) if how else "")
        lines.append([(f" {RESOLVED_SIGN} " + cut(" · ".join(one for one in words if one), width - 4), "good")])
    elif row.open:
        lines.append(
            [(f" {OPEN_SIGN} " + _("Nobody resolved it yet."), "bad"), ("  " + _("e once it is settled"), "key")]
        )
    if row.given:
        lines.append(_given(row, width))
    return lines


def _of_cost(row: CostView, shell: Shell, width: int) -> list[list[Part]]:
    kind = " · ".join(part for part in (row.occasion, row.code) if part) or _("cost of quality")
    lines = [_head(row, shell, kind, ""), _given(row, width)]
    if row.comment:
        lines.append([(" " + cut(" ".join(row.comment.split()), width - 2), "")])
    return lines


def _given(row: FeedbackView | CostView, width: int) -> list[Part]:
    cost = cost_words(row.cost)
    words = _("given {things}").format(things=given_words(row.given))
    return [(" ❖ " + cut(words, max(10, width - cell_len(cost) - 7)), "mark"), (f"  {cost}", "strong")]
