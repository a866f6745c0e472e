"""Writing an event down: its type by a letter, the text, when it happened. For every screen that shows a guest."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any, NamedTuple

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding
from textual.content import Content
from textual.widgets import Input, Static

from crm_tui.base.i18n import N_, _
from crm_tui.desk.client_base.event_views import AHEAD, EARLIEST, EventTypeView, EventView
from crm_tui.screens.base import Asking, Dialog
from crm_tui.screens.dialogs.kept import ask_which
from crm_tui.screens.dialogs.leader import Choice, LeaderMenu
from crm_tui.widgets.cells import cut
from crm_tui.widgets.dialogs import DialogBox, DialogTitle, PickList
from crm_tui.widgets.forms import Choice as Pick
from crm_tui.widgets.forms import shelf
from crm_tui.widgets.forms.field import ERROR_SIGN
from crm_tui.widgets.forms.lines import LinesArea
from crm_tui.widgets.forms.text import SearchLine
from crm_tui.widgets.times import minute

if TYPE_CHECKING:
    from crm_tui.desk.common.context import Context

KEYS = {
    "call": "c",
    "mail": "m",
    "sms": "s",
    "visit": "v",
    "complaint": "p",
    "catalogue": "g",
    "payment reminder": "y",
    "flight info": "f",
    "note": "n",
    "other": "o",
}
"""The letters of the types that every desk has; those that an admin added get what is left."""

_LETTERS = "abdehijklqrtuwxz123456789"
MOST = 24
"""With more types they are picked by a few letters instead."""


class Written(NamedTuple):
    """What was written down.

    Attributes:
        at: when it happened; None: as it was, or now.
    """

    type: int
    text: str
    at: datetime | None


class Linked(NamedTuple):
    """What an event is linked with besides its guest."""

    conversation: int | None = None
    inquiry: int | None = None
    reservation: int | None = None


ALONE = Linked()


def pick_type(app: Any, types: Sequence[EventTypeView], done: Callable[[EventTypeView], None], title: str = "") -> None:
    """Ask for a type by its letter; where there are many by a few letters of its name."""
    title = title or _("What happened?")
    if len(types) > MOST:
        picks = [Pick(one.id, one.name) for one in types]
        app.push_screen(
            PickList(title, picks),
            lambda pick: done(next(one for one in types if one.id == pick.value)) if pick else None,
        )
        return
    free = iter(_LETTERS)
    choices = [Choice(KEYS.get(one.code) or next(free), one.name, str(one.id)) for one in types]
    app.push_screen(
        LeaderMenu(title, choices),
        lambda value: done(next(one for one in types if str(one.id) == value)) if value else None,
    )


class EventBox(Dialog[Written | None]):
    """Asks for the text and the instant; ctrl+s gives both, Esc keeps them for the next time and gives None.

    Args:
        about: the guest's name; display-safe.
        types: those one can choose from.
        chosen: the one that was picked.
        keep: the name under which a half-written one is kept while the desk runs.
        event: the one that is changed; None: a new one.
    """

    writes = True

    DEFAULT_CSS = """
    EventBox {
        align: center middle;
        DialogBox { width: 84; }
        LinesArea { height: 7; max-width: 100%; background: $panel; }
        LinesArea:focus { background: $panel; }
        .event--when { height: 1; margin: 1 0 0 0; color: $text-muted; }
        SearchLine { margin: 0; }
        #said { height: 1; color: $text-muted; padding: 0 1; }
        #said.-wrong { color: $text-error; }
    }
    """

    BINDINGS = [
        Binding("escape", "leave", N_("Back")),
        Binding("ctrl+s", "save", N_("Save"), priority=True),
        Binding("ctrl+t", "type", N_("Type"), priority=True),
    ]

    def __init__(
        self,
        about: str,
        types: Sequence[EventTypeView],
        chosen: EventTypeView,
        keep: str,
        event: EventView | None = None,
    ) -> None:
        super().__init__()
        self._about, self._types, self._chosen = about, types, chosen
        self._keep, self._event = f"event {keep}", event
        self._begun = event.text if event is not None else ""
        self._title = DialogTitle("")
        self._when = SearchLine("", placeholder=_("now"))
        self._said = Static("", id="said")

    def compose(self) -> ComposeResult:
        """Title, text, when, keys."""
        kept = shelf(self.app).get(self._keep, {})
        self._when.value = kept.get("when", "")
        with DialogBox():
            yield self._title
            yield LinesArea(
                kept.get("text") or self._begun, soft_wrap=True, tab_behavior="focus", highlight_cursor_line=False
            )
            yield Static(
                Content(_("When: 10:30, yesterday 9:15, 12 Jul 14:00 (Tab leads there)")), classes="event--when"
            )
            yield self._when
            yield self._said
            words = _("ctrl+s saves · ctrl+t another type · Esc keeps it")
            yield Static(Content(words), classes="dialog--keys")

    @property
    def area(self) -> LinesArea:
        """Where it is written."""
        return self.query_one(LinesArea)

    def on_mount(self) -> None:
        """Type at once, behind what stands there."""
        self._show_title()
        self.area.cursor_blink = False
        self.area.move_cursor(self.area.document.end)
        self.set_focus(self.area)
        self._judge(final=False)
        kept = shelf(self.app).get(self._keep, {})
        if kept and kept["version"] != self._version and kept["text"] != self._begun:
            ask_which(self.app, self._begun, kept["text"], self._go_on)

    @property
    def _version(self) -> int:
        return self._event.version if self._event is not None else 0

    def _go_on(self, text: str | None) -> None:
        if text is None:
            self.dismiss(None)
            return
        self.area.text = text
        self.area.move_cursor(self.area.document.end)

    def _show_title(self) -> None:
        name = self._chosen.name[:1].upper() + self._chosen.name[1:]
        self._title.update(Content(f"{name} · {cut(self._about, 60)}"))

    @on(Input.Changed)
    def _typed(self) -> None:
        self._judge(final=False)

    @on(Input.Submitted)
    def _submitted(self) -> None:
        self.action_save()

    def _judge(self, *, final: bool) -> datetime | None:
        """The instant that stands there; None if it is none, which is then told."""
        from crm_tui.rules.days import DayFault
        from crm_tui.rules.instants import read_instant

        now, zone = self.shell.clock.now(), self.shell.zone
        text = self._when.value.strip()
        unchanged = self._event.at if self._event is not None else now
        found: datetime | None
        try:
            found, wrong = (read_instant(text, now, zone) if text else unchanged), ""
        except DayFault as fault:
            skipped = fault.kind == "skipped"
            found, wrong = (
                None,
                _("That hour was skipped: the clocks go forward.") if skipped else _("That is no time."),
            )
        if found is not None and found > now + AHEAD:
            found, wrong = None, _("That has not happened yet.")
        elif found is not None and found < EARLIEST:
            found, wrong = None, _("That is before {year}.").format(year=EARLIEST.year)
        said = f"{ERROR_SIGN} {wrong}" if wrong and (text or final) else ""
        if found is not None and (text or self._event is not None):
            said = minute(found, now, zone)
        self._said.update(Content(said))
        self._said.set_class(bool(wrong), "-wrong")
        return found

    def action_type(self) -> None:
        """Choose another type."""

        def chosen(one: EventTypeView) -> None:
            self._chosen = one
            self._show_title()

        pick_type(self.app, self._types, chosen)

    def action_save(self) -> None:
        """Hand it out; it stays on the shelf until it is stored: see :func:`stored`."""
        at = self._judge(final=True)
        if at is None:
            self.set_focus(self._when)
            return
        self._remember()
        text = self._when.value.strip()
        self.dismiss(Written(self._chosen.id, self.area.text.strip(), at if text else None))

    def action_leave(self) -> None:
        """Keep it."""
        self._remember()
        self.dismiss(None)

    def _remember(self) -> None:
        text, when = self.area.text.strip(), self._when.value.strip()
        if (text and text != self._begun) or when:
            shelf(self.app)[self._keep] = {"text": text, "when": when, "version": self._version}
        else:
            shelf(self.app).pop(self._keep, None)


class LogsEvents(Asking):
    """Mixin for screens: writes an event of a guest down, or changes one."""

    if TYPE_CHECKING:
        app: Any

    def log_event(self, guest: int, name: str, linked: Linked = ALONE, done: Callable[[], None] | None = None) -> None:
        """Ask for type and text, store the event, and say so.

        Args:
            guest: whose it is.
            name: the guest's, display-safe.
            linked: what it is linked with.
            done: called once it is stored.
        """
        keep = f"{guest} {linked.conversation} {linked.inquiry} {linked.reservation}"

        def store(written: Written | None) -> None:
            if written is not None:
                self._store_event(
                    keep, lambda ctx: _add(ctx, guest, written, linked), _("Written down · z takes it back"), done
                )

        def typed(types: Sequence[EventTypeView], one: EventTypeView) -> None:
            self.app.push_screen(EventBox(name, types, one, keep), store)

        self.ask(_types, lambda types: pick_type(self.app, types, lambda one: typed(types, one)))

    def change_event(self, number: int, name: str, done: Callable[[], None] | None = None) -> None:
        """Change an event that the agent may change."""
        keep = f"{number} changed"

        def show(found: tuple[EventView, Sequence[EventTypeView]]) -> None:
            event, types = found
            chosen = next((one for one in types if one.id == event.type_id), None)
            chosen = chosen or EventTypeView(event.type_id, "", event.type, 0, 0, removed=True)

            def store(written: Written | None) -> None:
                if written is not None:
                    self._store_event(
                        keep, lambda ctx: _edit(ctx, event, written), _("Event changed · z takes it back"), done
                    )

            self.app.push_screen(EventBox(name, types, chosen, keep, event), store)

        self.ask(lambda ctx: (_event(ctx, number), _types(ctx)), show)

    def _store_event(
        self, keep: str, work: Callable[[Context], Any], said: str, done: Callable[[], None] | None
    ) -> None:
        def stored(_number: Any) -> None:
            shelf(self.app).pop(f"event {keep}", None)
            self.shell.tell(said)
            if done is not None:
                done()

        self.ask(work, stored, in_order=True)


def _types(ctx: Context) -> Sequence[EventTypeView]:
    from crm_tui import desk

    return desk.event_types.listed(ctx)


def _event(ctx: Context, number: int) -> EventView:
    from crm_tui import desk

    return desk.events.get(ctx, number)


def _add(ctx: Context, guest: int, written: Written, linked: Linked) -> int:
    from crm_tui import desk

    return desk.events.add(ctx, guest, written.type, written.text, at=written.at, **linked._asdict())


def _edit(ctx: Context, event: EventView, written: Written) -> EventView:
    from crm_tui import desk

    changed = {} if written.type == event.type_id else {"type": written.type}
    return desk.events.edit(ctx, event.id, event.version, text=written.text, at=written.at, **changed)
