"""Writing a cost of quality down, and changing it: what a guest is given for an occasion, without a complaint (SPEC §11)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

from textual.content import Content
from textual.widget import Widget

from crm_tui import desk
from crm_tui.base.i18n import _
from crm_tui.desk.quality.feedback_views import Whose
from crm_tui.desk.quality.quality_views import CodeView, CostView, ItemView
from crm_tui.screens.feedback.box import WhoseBox
from crm_tui.screens.feedback.fields import GuestField
from crm_tui.screens.feedback.form import code_field, given_help, may_file, offer_codes
from crm_tui.screens.feedback.items import GivenField, rows_of
from crm_tui.widgets.cells import cut
from crm_tui.widgets.forms import LinesField, TextField

if TYPE_CHECKING:
    from crm_tui.desk.common.context import Context


class Known(NamedTuple):
    """What the form is opened with."""

    whose: Whose
    codes: Sequence[CodeView]
    own: bool
    items: Sequence[ItemView]
    view: CostView | None


class CostForm(WhoseBox):
    """Writes a cost of quality down, or changes it.

    Args:
        guest, reservation, conversation: whose it is; the desk finds guest and room by them.
        room: what stands in the field of the room at first.
        cost: the one to change; None: a new one.
    """

    def __init__(
        self,
        *,
        guest: int | None = None,
        reservation: int | None = None,
        conversation: int | None = None,
        room: str = "",
        cost: int | None = None,
    ) -> None:
        super().__init__({"guest": guest, "reservation": reservation, "conversation": conversation}, room)
        self._number = cost
        self._view: CostView | None = None
        self._items: Sequence[ItemView] = ()
        self.keep = f"cost {cost or ''} {guest} {reservation} {conversation}"

    def title_words(self) -> str:
        return _("Change a cost of quality") if self._number else _("Cost of quality")

    def rows(self) -> list[Widget]:
        return [
            TextField("occasion", _("Occasion"), max_length=120, help=_("Birthday, honeymoon, anniversary, VIP…")),
            code_field(),
            GuestField("guest", _("Guest"), help=_("Letters find a guest; Delete takes the guest off.")),
            TextField("room", _("Room"), self._room, max_length=60, help=_("Who stays in it today is found by it.")),
            GivenField("items", _("Given"), lambda: self._items, help=given_help()),
            LinesField("comment", _("Comment")),
        ]

    def on_mount(self) -> None:
        """The occasion is typed first."""
        self.form.fields["occasion"].focus_control()
        about, number = self.about, self._number
        self.ask(lambda ctx: _known(ctx, about, number), self._show)

    def _show(self, known: Known) -> None:
        self._items, view = known.items, known.view
        offer_codes(self.form.fields["code"], known.codes, own=known.own)
        if view is None:
            self.whose(known.whose)
            return
        self.head.update(Content(f"{self.title_words()} · {cut(view.title, 40)}"))
        form = self.form
        if not form.kept:
            form.began = view
        self._view = form.began
        self._filling = True
        form.fill({name: value for name, value in self.values_of(view).items() if name not in form.kept}, settle=True)
        self._filling = False
        self._guest_before = form.fields["guest"].value
        self.stay = view.reservation

    def values_of(self, view: CostView) -> dict[str, Any]:
        whose = (view.guest, view.guest_name) if view.guest is not None else None
        own = {"guest": whose, "items": rows_of(view.given)}
        return {name: own[name] if name in own else getattr(view, name) for name in self.form.fields}

    def save(self, ctx: Context, values: dict[str, Any]) -> int:
        items = [row.given for row in values["items"]]
        texts = {name: value for name, value in values.items() if name not in ("guest", "items")}
        if self._number is None or self._view is None:
            about: dict[str, Any] = {name: number for name, number in self.subjects.items() if number is not None}
            made: int = desk.quality_costs.add(ctx, items, **about, **texts)
            return made
        changes: dict[str, Any] = {**texts, "items": items}
        guest = self.subjects["guest"]
        if guest != self._view.guest:
            changes |= {"guest": guest, "reservation": self.stay}
        desk.quality_costs.edit(ctx, self._number, self._view.version, changes)
        return self._number

    def read_again(self, ctx: Context) -> CostView:
        assert self._number is not None
        view: CostView = desk.quality_costs.get(ctx, self._number)
        return view

    def begin_from(self, thing: CostView) -> None:
        super().begin_from(thing)
        self._view = thing

    def said(self, values: dict[str, Any]) -> str:  # noqa: ARG002
        return _("Changed · z takes it back") if self._number else _("The cost is written down · z takes it back")


def _known(ctx: Context, about: dict[str, int | None], number: int | None) -> Known:
    view = desk.quality_costs.get(ctx, number) if number is not None else None
    whose = desk.feedback.about(ctx, **about) if view is None else Whose()
    codes = desk.quality_codes.listed(ctx)
    return Known(whose, codes, may_file(ctx, codes), desk.quality_items.listed(ctx), view)
