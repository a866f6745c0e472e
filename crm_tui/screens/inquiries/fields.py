"""The fields of an inquiry's form."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from typing import Any, ClassVar

from textual import on
from textual.containers import Container, Vertical
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Static

from crm_tui.base.i18n import _
from crm_tui.desk.common.views import AgentView
from crm_tui.desk.requests.inquiry_views import CHANNELS, FIELD_NAMES, InquiryView
from crm_tui.rules.money import Money
from crm_tui.screens.inquiries.guest_pick import GuestPick, Picked, split_name
from crm_tui.screens.inquiries.words import ages, channel_word, scope_words, typed_amount
from crm_tui.widgets.forms import Choice, DayField, Field, LinesField, PickField, TextField
from crm_tui.widgets.forms.pick import Picker

PERSON = ("surname", "given", "email", "phone")
"""The fields of a new guest."""

SHORT = frozenset({"nights", "adults", "children", "budget", "price", "airport"})
"""Fields of a few letters, with room beside them for where they were read."""

Judge = Callable[[str], Callable[[Any], str]]
"""Given a field's name, its check."""


class GuestField(Field):
    """Whose inquiry it is: a guest found by a few letters, or a new one. The value is a :class:`Picked` or None."""

    empty: ClassVar[Any] = None

    def __init__(self, name: str, label: str, *, help: str = "") -> None:
        super().__init__(name, label, help=help, required=True)
        self.picker = Picker()
        self._value: Picked | None = None
        self._list: GuestPick | None = None
        self._pristine = None

    def control(self) -> Widget:
        return self.picker

    @property
    def value(self) -> Any:
        return self._value

    @value.setter
    def value(self, value: Any) -> None:
        self._value = value if isinstance(value, Picked) else None
        self.picker.text = self._words()
        self.changed()

    def _words(self) -> str:
        if self._value is None:
            return ""
        return self._value.guest.label if self._value.guest else _("new guest: {name}").format(name=self._value.name)

    @on(Picker.Opened)
    def _open(self, event: Picker.Opened) -> None:
        event.stop()
        if self._list is not None:  # letters of one burst: the list is already on its way
            self._list.type(event.seed)
            return
        self._list = GuestPick(_("Whose inquiry is it?"), event.seed)
        self.app.push_screen(self._list, self._picked)

    def _picked(self, picked: Picked | None) -> None:
        self._list = None
        if picked is not None:
            self.value = picked
            self.screen.focus_next()


class Heading(Static):
    """A heading between the fields."""

    DEFAULT_CSS = (
        "Heading { height: 1; color: $primary; text-style: bold; margin: 1 0 0 0; } Heading.-first { margin: 0; }"
    )

    def __init__(self, text: str, *, first: bool = False) -> None:
        super().__init__(Content(text), classes="-first" if first else "")


def inquiry_fields(view: InquiryView | None, today: Callable[[], date], judge: Judge, channel: str) -> Widget:
    """The rows of the form, in the order they are asked; a wide desk has two groups beside each other."""
    pairs = (
        ([*(_guest() if view is None else ()), *_stay(view, today, judge)], _wishes(view, judge)),
        (_offer(view, today, judge), _handling(view, today, judge, channel)),
    )
    return Container(
        *(Container(Vertical(*left), Vertical(*right), classes="pair") for left, right in pairs), id="groups"
    )


def _guest() -> list[Widget]:
    new = _("Only the surname is needed; the rest can follow.")
    return [
        Heading(_("Guest"), first=True),
        GuestField("guest", _("Guest"), help=_("Type a few letters of the name, address or number.")),
        TextField("surname", _("  surname"), required=True, help=new),
        TextField("given", _("  given names"), help=new),
        TextField("email", _("  e-mail"), help=_("Where the offer goes.")),
        TextField("phone", _("  phone"), help=_("With the country's number, such as +48; or as it is dialled here.")),
    ]


def _days(view: InquiryView | None, today: Callable[[], date], judge: Judge, *names: tuple[str, str]) -> list[Widget]:
    return [
        DayField(
            name,
            _(FIELD_NAMES[name]),
            getattr(view, name) if view else None,
            today=today,
            help=words,
            checks=(judge(name),),
        )
        for name, words in names
    ]


def _line(view: InquiryView | None, name: str, judge: Judge, help: str = "", value: str | None = None) -> TextField:
    stored = getattr(view, name) if view else None
    written = typed_amount(stored) if isinstance(stored, Money) else "" if stored is None else str(stored)
    text = written if value is None else value
    classes = "-short" if name in SHORT else None
    return TextField(name, _(FIELD_NAMES[name]), text, help=help, checks=(judge(name),), classes=classes)


def _stay(view: InquiryView | None, today: Callable[[], date], judge: Judge) -> list[Widget]:
    write = _("Write 12.7., 12 jul, fri, tomorrow or +3; without a year it is the next one.")
    earliest = _("For guests who are flexible: they come on this day or later.")
    latest = _("For guests who are flexible: they have left by this day.")
    return [
        Heading(_("Stay"), first=view is not None),
        *_days(view, today, judge, ("arrival", write), ("departure", write)),
        _line(view, "nights", judge, _("Follows the dates; with the arrival alone, it gives the departure.")),
        *_days(view, today, judge, ("period_from", earliest), ("period_to", latest)),
        _line(view, "adults", judge),
        _line(
            view, "children", judge, _("An age each, such as 4, 7; ? for one that is not known."),
            ages(view.children) if view else "",
        ),
    ]  # fmt: skip


def _wishes(view: InquiryView | None, judge: Judge) -> list[Widget]:
    wishes = view.preferences if view else ""
    return [
        Heading(_("Wishes")),
        _line(view, "room", judge, _("The kind of room, such as double or family room.")),
        _line(view, "destination", judge, _("Where to, if it is a trip.")),
        _line(view, "board", judge, _("Such as breakfast, half board, all inclusive.")),
        _line(view, "budget", judge, _("With its currency, such as 900 EUR.")),
        _line(view, "airport", judge, _("Where they fly from, such as KRK.")),
        LinesField("preferences", _(FIELD_NAMES["preferences"]), wishes, help=_("Whatever helps to make an offer.")),
    ]


def _offer(view: InquiryView | None, today: Callable[[], date], judge: Judge) -> list[Widget]:
    return [
        Heading(_("Offer")),
        _line(view, "price", judge, _("What you offered, with its currency.")),
        *_days(view, today, judge, ("valid_until", _("How long the offer holds."))),
    ]


def _handling(view: InquiryView | None, today: Callable[[], date], judge: Judge, channel: str) -> list[Widget]:
    return [
        Heading(_("Handling")),
        PickField(
            "channel", _(FIELD_NAMES["channel"]), channels, view.channel if view else channel, labels=channel_word
        ),
        PickField(
            "handler", _(FIELD_NAMES["handler"]), lambda: (), view.handler if view else "me", labels=handler_words
        ),
        PickField(
            "scope",
            _(FIELD_NAMES["scope"]),
            lambda: (),
            view.scope.word if view else "everyone",
            labels=lambda word: scope_words(view.scope) if view and word == view.scope.word else scope_word(word),
            help=_("Others see nothing of it: not in lists, not in the search."),
        ),
        *_days(view, today, judge, ("planned_end", _("The day by which its handling should be closed."))),
    ]


def channels() -> Sequence[Choice]:
    """The channels to choose from."""
    return [Choice(str(channel), channel_word(channel)) for channel in CHANNELS]


def handlers(agents: Sequence[AgentView]) -> Sequence[Choice]:
    """Who can handle it."""
    return [Choice("", _("nobody")), *(Choice(agent.name, agent.name) for agent in agents)]


def handler_words(word: str) -> str:
    """A handler, as the form shows it."""
    return {"": _("nobody"), "me": _("me")}.get(word) or word


def scopes(agents: Sequence[AgentView], me: str, *, department: bool) -> Sequence[Choice]:
    """Who can be let see it."""
    own = [Choice("department", _("my department"))] if department else []
    others = [Choice(agent.name, _("only {name}").format(name=agent.name)) for agent in agents if agent.name != me]
    return [Choice("everyone", _("everyone")), Choice("me", _("only me")), *own, *others]


def scope_word(word: str) -> str:
    """A scope in words, from what the desk takes for it."""
    words = {"everyone": _("everyone"), "": _("everyone"), "me": _("only me"), "department": _("my department")}
    return words.get(word) or _("only {name}").format(name=word)


def person_of(picked: Picked) -> dict[str, str]:
    """The fields of a new guest, from the name that was typed."""
    given, surname = split_name(picked.name)
    return {"surname": surname, "given": given}
