"""Writing a complaint or a compliment down, and changing it (SPEC §11)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from textual import on
from textual.content import Content
from textual.widget import Widget

from crm_tui import desk
from crm_tui.base.i18n import _
from crm_tui.desk.quality.feedback_views import EMOJIS, FeedbackView, Whose
from crm_tui.desk.quality.quality_views import CodeView, ItemView
from crm_tui.rules.vocabulary import FeedbackKind, Role
from crm_tui.screens.feedback.box import WhoseBox
from crm_tui.screens.feedback.fields import GuestField, WordField
from crm_tui.screens.feedback.items import GivenField
from crm_tui.screens.feedback.resolve import ResolveBox as ResolveBox
from crm_tui.screens.feedback.resolve import satisfaction_field
from crm_tui.widgets.cells import cut
from crm_tui.widgets.forms import CheckField, Choice, ChoiceField, Field, LinesField, TextField

if TYPE_CHECKING:
    from collections.abc import Sequence

    from crm_tui.desk.common.context import Context

_SETTLED = ("resolution", "items", "satisfaction")
"""The fields that are asked for once it is settled."""


class Known(NamedTuple):
    """What the form is opened with.

    Attributes:
        own: the agent may file it under a word that is not on the list.
    """

    whose: Whose
    codes: Sequence[CodeView]
    own: bool
    employees: Sequence[str]
    items: Sequence[ItemView]
    view: FeedbackView | None


class FeedbackForm(WhoseBox):
    """Writes feedback down, or changes what was.

    Args:
        guest, reservation, conversation: whose it is; the desk finds guest and room by them.
        room: what stands in the field of the room at first.
        feedback: the one to change; None: a new one.
        kind: of a new one, at first.
    """

    def __init__(
        self,
        *,
        guest: int | None = None,
        reservation: int | None = None,
        conversation: int | None = None,
        room: str = "",
        feedback: int | None = None,
        kind: str = FeedbackKind.NEGATIVE.value,
    ) -> None:
        super().__init__({"guest": guest, "reservation": reservation, "conversation": conversation}, room)
        self._number, self._kind = feedback, kind
        self._version = 0
        self._items: Sequence[ItemView] = ()
        self._view: FeedbackView | None = None
        self.keep = f"feedback {feedback or ''} {guest} {reservation} {conversation}"

    def title_words(self) -> str:
        return _("Change what a guest said") if self._number else _("What a guest said")

    def rows(self) -> list[Widget]:
        kinds = [
            Choice(FeedbackKind.NEGATIVE.value, _("complaint")),
            Choice(FeedbackKind.POSITIVE.value, _("compliment")),
        ]
        faces = [Choice("", _("none")), *(Choice(face, face) for face in EMOJIS)]
        fields: list[Widget] = [
            ChoiceField("kind", _("Kind"), kinds, self._kind),
            LinesField("comment", _("What was said")),
            code_field(),
            GuestField("guest", _("Guest"), help=_("Letters find a guest; Delete takes the guest off.")),
            TextField("room", _("Room"), self._room, max_length=60, help=_("Who stays in it today is found by it.")),
            WordField(
                "employee",
                _("Employee"),
                own=_("“{word}”, who is not of the team"),
                help=_("Whom it is about, if anybody."),
            ),
            ChoiceField("emoji", _("Face"), faces),
        ]
        if self._number is None:
            fields += [
                CheckField("resolved", _("Resolved"), _("it was settled at once")),
                TextField("resolution", _("What was done"), help=_("A new room, a bottle of wine, an apology…")),
                GivenField("items", _("Given"), lambda: self._items, help=given_help()),
                satisfaction_field(),
            ]
        return fields

    def on_mount(self) -> None:
        """What was said is typed first; whose it is stands in the title once it is known."""
        self.form.fields["comment"].focus_control()
        self._offer_resolution()
        about, number = self.about, self._number
        self.ask(lambda ctx: _known(ctx, about, number), self._show)

    def _show(self, known: Known) -> None:
        self._items = known.items
        offer_codes(self.form.fields["code"], known.codes, own=known.own)
        employee = self.form.fields["employee"]
        if isinstance(employee, WordField):
            employee.allow([Choice(name, name) for name in known.employees], own=True)
        view = known.view
        if view is None:
            self.whose(known.whose)
            self._offer_resolution()
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
        self._version = form.began.version

    @on(Field.Changed, "#resolved")
    @on(Field.Changed, "#kind")
    def _offer_resolution(self) -> None:
        """How it was settled is asked for once it is; only a complaint is settled with something that costs."""
        fields = self.form.fields
        if "resolved" not in fields:
            return
        settled = bool(fields["resolved"].value)
        for name in _SETTLED:
            fields[name].display = settled
        fields["items"].display = settled and fields["kind"].value == FeedbackKind.NEGATIVE

    def save(self, ctx: Context, values: dict[str, Any]) -> int:
        if self._number is not None:
            desk.feedback.edit(ctx, self._number, self._version, self._changes(values))
            return self._number
        given = {name: value for name, value in values.items() if name not in ("guest", *_SETTLED)}
        if values["resolved"]:
            given |= {"resolution": values["resolution"], "satisfaction": values["satisfaction"]}
            if values["kind"] == FeedbackKind.NEGATIVE:
                given["items"] = [row.given for row in values["items"]]
        about: dict[str, Any] = {name: number for name, number in self.subjects.items() if number is not None}
        made: int = desk.feedback.add(ctx, given.pop("kind"), **about, **given)
        return made

    def _changes(self, values: dict[str, Any]) -> dict[str, Any]:
        guest = values["guest"]
        changes = {**values, "guest": guest[0] if guest else None}
        if self._view is not None and changes["guest"] == self._view.guest:
            del changes["guest"]
        elif self._view is not None:
            changes["reservation"] = self.stay
        return changes

    def values_of(self, view: FeedbackView) -> dict[str, Any]:
        """What stands in the fields of feedback."""
        whose = (view.guest, view.guest_name) if view.guest is not None else None
        return {name: whose if name == "guest" else getattr(view, name) for name in self.form.fields}

    def read_again(self, ctx: Context) -> FeedbackView:
        assert self._number is not None
        view: FeedbackView = desk.feedback.get(ctx, self._number)
        return view

    def begin_from(self, thing: FeedbackView) -> None:
        super().begin_from(thing)
        self._version, self._view = thing.version, thing

    def said(self, values: dict[str, Any]) -> str:
        if self._number is not None:
            return _("Changed · z takes it back")
        if values["kind"] == FeedbackKind.POSITIVE:
            return _("Written down · z takes it back")
        return _("The complaint is written down · z takes it back")


def code_field() -> WordField:
    """What it is filed under."""
    return WordField(
        "code",
        _("About"),
        own=_("“{word}”, new on the list"),
        help=_("Reports count by it; g l is the list."),
        empty=_("The list of codes is empty; what you type is taken."),
    )


def offer_codes(field: Field, codes: Sequence[CodeView], *, own: bool) -> None:
    """Offer the codes of the list."""
    if isinstance(field, WordField):
        field.allow([Choice(one.name, one.name) for one in codes], own=own)


def given_help() -> str:
    """How what is given is entered."""
    return _("Enter picks an item; F9 takes a line out.")


def may_file(ctx: Context, codes: Sequence[CodeView]) -> bool:
    """Whether the agent may file under a word that is not on the list."""
    return not codes or ctx.actor.id is None or ctx.actor.role == Role.ADMIN


def _known(ctx: Context, about: dict[str, int | None], number: int | None) -> Known:
    view = desk.feedback.get(ctx, number) if number is not None else None
    whose = desk.feedback.about(ctx, **about) if view is None else Whose()
    codes = desk.quality_codes.listed(ctx)
    team = [one.name for one in desk.team.agents(ctx)]
    items = desk.quality_items.listed(ctx)
    return Known(whose, codes, may_file(ctx, codes), desk.feedback.employees(ctx, team), items, view)
