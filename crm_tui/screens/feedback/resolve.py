"""Saying what was done about a complaint: words, what was given, how the guest took it; at once, later, or anew (SPEC §11)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from textual.content import Content
from textual.widget import Widget
from textual.widgets import Static

from crm_tui import desk
from crm_tui.base.errors import Conflict
from crm_tui.base.i18n import _
from crm_tui.desk.quality.feedback_views import KINDS, SATISFACTION, FeedbackView
from crm_tui.desk.quality.quality_views import ItemView
from crm_tui.rules.vocabulary import FeedbackKind
from crm_tui.screens.feedback.box import Box
from crm_tui.screens.feedback.items import GivenField, rows_of
from crm_tui.widgets.cells import cut
from crm_tui.widgets.forms import Choice, ChoiceField, LinesField

if TYPE_CHECKING:
    from crm_tui.desk.common.context import Context


def satisfaction_field(value: int | None = None) -> ChoiceField:
    """How the guest took it."""
    choices = [Choice(None, _("not said")), *(Choice(number, _(word)) for number, word in SATISFACTION.items())]
    return ChoiceField("satisfaction", _("Guest is"), choices, value, help=_("How the guest took it."))


class ResolveBox(Box):
    """Says what was done about feedback, what was given, and how the guest took it; of resolved feedback changes that.

    Args:
        view: the feedback.
    """

    def __init__(self, view: FeedbackView) -> None:
        super().__init__()
        self._view = self.thing = view
        self._items: Sequence[ItemView] = ()
        self.keep = f"resolve {view.id}"

    def title_words(self) -> str:
        words = " · ".join(part for part in (self._view.title, self._view.code) if part)
        if self._view.resolved_at is not None:
            return _("How it was resolved: {what}").format(what=cut(words, 50))
        return _("Resolved: {what}").format(what=cut(words, 60))

    def rows(self) -> list[Widget]:
        view = self._view
        fields: list[Widget] = [
            LinesField(
                "resolution", _("What was done"), view.resolution,
                help=_("May stay empty: ctrl+s alone says that it is settled."),
            ),
        ]  # fmt: skip
        if view.kind == FeedbackKind.NEGATIVE:
            words = _("Enter picks an item; F9 takes a line out.")
            fields.append(GivenField("items", _("Given"), lambda: self._items, rows_of(view.given), help=words))
        return [*fields, satisfaction_field(view.satisfaction)]

    def on_mount(self) -> None:
        """Type at once."""
        self.form.fields["resolution"].focus_control()
        self.ask(desk.quality_items.listed, self._known)

    def _known(self, items: Sequence[ItemView]) -> None:
        self._items = items

    def save(self, ctx: Context, values: dict[str, Any]) -> int:
        given = {**values}
        if "items" in values:
            given["items"] = [row.given for row in values["items"]]
        view: FeedbackView = self.form.began
        if view.resolved_at is not None:
            desk.feedback.amend(ctx, view.id, view.version, given)
        else:
            desk.feedback.resolve(ctx, view.id, version=view.version, **given)
        return view.id

    def values_of(self, thing: FeedbackView) -> dict[str, Any]:
        own = {"items": rows_of(thing.given)}
        return {name: own[name] if name in own else getattr(thing, name) for name in self.form.fields}

    def read_again(self, ctx: Context) -> FeedbackView:
        view: FeedbackView = desk.feedback.get(ctx, self._view.id)
        return view

    def both(self, error: Conflict, values: dict[str, Any]) -> None:
        """As every form; but what a colleague opened again is resolved anew only by another ctrl+s."""
        began: FeedbackView = self.form.began

        def read(now: FeedbackView) -> None:
            if began.resolved_at is None or now.resolved_at is not None:
                super(ResolveBox, self).both(error, values)
                return
            self.begin_from(now)
            self.head.update(Content(self.title_words()))
            self.query_one("#result", Static).update(
                Content("✕ " + _("It was opened again meanwhile. ctrl+s resolves it anew."))
            )

        self.ask(self.read_again, read, failed=lambda other: self.failed(other, values))

    def begin_from(self, thing: FeedbackView) -> None:
        super().begin_from(thing)
        self._view = thing

    def said(self, values: dict[str, Any]) -> str:  # noqa: ARG002
        if self._view.resolved_at is not None:
            return _("Changed · z takes it back")
        return _("The {kind} is resolved · z takes it back").format(kind=_(KINDS[self._view.kind]))
