"""Splitting a posting: how, into what, and where the parts go; the parts are shown while one types."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

from textual import on
from textual.app import ComposeResult
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Static

from crm_tui import desk
from crm_tui.base.errors import CrmError
from crm_tui.base.i18n import _
from crm_tui.desk.money.folio_views import FolioView, PostingView
from crm_tui.screens.folios.boxes import FormBox, choices_of
from crm_tui.screens.folios.rows import what
from crm_tui.screens.inquiries.words import amount
from crm_tui.widgets.forms import Choice, ChoiceField, Field, TextField

if TYPE_CHECKING:
    from crm_tui.desk.common.context import Context

STAY, EACH = 0, -1
"""All parts stay on the folio; each open folio gets one in turn."""

_BETWEEN = re.compile(r"\s*[;+/]\s*|\s+(?=[\d−-])")


class SplitBox(FormBox):
    """Asks how a posting is split; gives the parts."""

    DEFAULT_CSS = """
    SplitBox #shares { height: 2; padding: 0 0 0 13; color: $text-accent; }
    """

    first = "parts"

    def __init__(self, posting: PostingView, folios: Sequence[FolioView]) -> None:
        super().__init__(_("Split {what}, {amount}").format(what=what(posting), amount=amount(posting.amount)))
        self._posting, self._folios = posting, folios
        self._shown = Static("", id="shares")

    def fields(self) -> Sequence[Widget]:
        """How, into what, where to."""
        hows = [Choice("evenly", _("evenly")), Choice("amounts", _("by amounts")), Choice("percent", _("by percent"))]
        others = [one for one in self._folios if one.id != self._posting.folio]
        places = [Choice(STAY, _("stay here")), Choice(EACH, _("one on each folio")), *choices_of(others)]
        return (
            ChoiceField("how", _("How"), hows, "evenly", help=_("← and → choose.")),
            TextField(
                "parts", _("Parts"), "2", required=True, max_length=200,
                help=_("How many; or the amounts or percentages, like 60 40. What is left over goes to the last."),
            ),
            ChoiceField("to", _("The others"), places, STAY, help=_("Where the parts after the first one go.")),
        )  # fmt: skip

    def below(self) -> ComposeResult:
        """The parts as they would be."""
        yield self._shown

    def on_mount(self) -> None:
        """What two parts would be."""
        self._preview()

    @on(Field.Changed)
    def _typed(self) -> None:
        self._preview()

    def _preview(self) -> None:
        values = self.form.values()
        posting = self._posting
        how = self._how(values)

        def show(shares: tuple[Any, ...] | CrmError) -> None:
            if isinstance(shares, CrmError):
                self._shown.update(Content(""))
            else:
                self._shown.update(Content(" · ".join(amount(one) for one in shares)))

        def work(_ctx: Context) -> tuple[Any, ...] | CrmError:
            try:
                return desk.postings.shares(posting.amount, how)
            except CrmError as error:
                return error

        self.ask(work, show, topic="parts")

    @staticmethod
    def _how(values: dict[str, Any]) -> Any:
        typed = str(values["parts"]).strip()
        words = tuple(one for one in _BETWEEN.split(typed) if one)
        if values["how"] == "amounts":
            return desk.postings.ByAmounts(words)
        if values["how"] == "percent":
            return desk.postings.ByPercent(words)
        return desk.postings.Evenly(int(typed) if typed.isascii() and typed.isdecimal() and len(typed) < 6 else 0)

    def store(self, values: dict[str, Any]) -> Callable[[Context], Any]:
        """Split it."""
        posting, to = self._posting, values["to"]
        open_ones = [one.id for one in self._folios if one.closed_at is None and one.id != posting.folio]
        how = self._how(values)

        def work(ctx: Context) -> list[PostingView]:
            count = len(desk.postings.shares(posting.amount, how))
            ring = [posting.folio, *open_ones]
            each = [ring[place % len(ring)] for place in range(count)]
            places = {STAY: [posting.folio] * count, EACH: each}.get(to, [posting.folio, *[to] * (count - 1)])
            return desk.postings.split(ctx, posting.id, how, folios=places, version=posting.version)

        return work
