"""Payment reminders: what the next run sends and what not, what was sent, who wants none. Tab goes from one to the next."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any, cast

from textual import on
from textual.app import ComposeResult

from crm_tui import desk
from crm_tui.base.i18n import _, ngettext
from crm_tui.desk.common.words import said
from crm_tui.desk.watchlists.notice_views import (
    CHANNEL_WORDS,
    MAIL,
    MODES,
    SMS,
    NoticePreview,
    NoticeView,
    PlannedNotice,
    StopView,
)
from crm_tui.rules.vocabulary import NoticeState
from crm_tui.screens import catalog
from crm_tui.screens.base import DeskScreen
from crm_tui.screens.dialogs.leader import Choice, LeaderMenu
from crm_tui.screens.dialogs.text import TextDialog
from crm_tui.screens.notices.actions import NOTICES
from crm_tui.screens.notices.rows import NoticeRows, signs
from crm_tui.screens.notices.send import NoticeDialog
from crm_tui.widgets.actions import bindings
from crm_tui.widgets.dialogs import ask_once
from crm_tui.widgets.line import Line
from crm_tui.widgets.list_looks import list_title
from crm_tui.widgets.record_list import RecordList
from crm_tui.widgets.record_pages import ListSource
from crm_tui.widgets.styled import Part
from crm_tui.widgets.times import minute

if TYPE_CHECKING:
    from crm_tui.desk.common.views import Changes

PLANNED, SENT, STOPS = "planned", "sent", "stops"
_ORDER = (PLANNED, SENT, STOPS)
_WATCHED = {"notice", "notice stop", "reservation", "payment", "schedule", "guest", "outbox", "template", "account"}
_MODES = (("o", "off"), ("m", "mail"), ("s", "sms"), ("b", "sms or mail"))

Shown = PlannedNotice | NoticeView | StopView


class NoticesScreen(DeskScreen[None]):
    """Three lists in one place."""

    CSS = """
    NoticesScreen Line { background: $surface; }
    """
    BINDINGS = bindings(NOTICES)

    def __init__(self) -> None:
        super().__init__()
        self._view = PLANNED
        self._preview: NoticePreview | None = None

    def body(self) -> ComposeResult:
        """Title, what holds them up, the list."""
        self.view = NoticeRows(self.shell)
        self.title_line = Line(id="list-title")
        self.note = Line(id="note")
        self.list: RecordList[Shown] = RecordList(self.view, self.shell.background, markable=False, id="list")
        yield self.title_line
        yield self.note
        yield self.list

    def on_mount(self) -> None:
        """The list has the focus."""
        self.list.focus(scroll_visible=False)
        super().on_mount()

    def desk_ready(self) -> None:
        """Read what is shown."""
        if self._view == PLANNED:
            self.ask(desk.notices.preview, self._show_planned, topic="notices")
        elif self._view == SENT:
            self.ask(desk.notice_lists.listed, self._show_sent, topic="notices")
        else:
            self.ask(desk.notice_stops.stops, self._show_stops, topic="notices")

    def desk_changed(self, changes: Changes) -> None:
        """One went out, somebody paid, somebody opted out."""
        if changes.everything or changes.ids.keys() & _WATCHED:
            self.desk_ready()

    def on_screen_resume(self) -> None:
        """Gateway or mode may have changed."""
        super().on_screen_resume()
        self.desk_ready()

    def minute_passed(self) -> None:
        """Quiet hours begin and end, times move on."""
        self.desk_ready()

    def signs(self) -> list[tuple[str, str]]:
        """What the signs mean."""
        return signs()

    def _show_planned(self, shown: NoticePreview) -> None:
        if self._view != PLANNED:
            return
        self._preview = shown
        ready, left = len(shown.ready), len(shown.planned) - len(shown.ready)
        words = ngettext("{n} would go out", "{n} would go out", ready).format(n=ready)
        if left:
            words += " · " + ngettext("{n} not", "{n} not", left).format(n=left)
        self.view.empty_text = [
            (_("Nothing is to be reminded of."), "muted"),
            (_("Amounts that are due in some days, or overdue, stand here."), "muted"),
        ]
        self._put(_("Next run"), words, shown.planned)
        now, zone = self.shell.clock.now(), self.shell.zone
        at = minute(shown.at, now, zone)
        if shown.holdup:
            left_part: list[Part] = [(" ! ", "warn"), (shown.holdup, "warn"), (" " + _("m switches them on."), "muted")]
        elif shown.at > now:
            left_part = [(" ", ""), (_("Quiet hours: it goes on {at}.").format(at=at), "accent")]
        else:
            left_part = [(" ", ""), (_("They go out by themselves within a minute."), "good")]
        self.note.show(left_part, [(_mode(shown.mode) + " ", "muted")])

    def _show_sent(self, found: Sequence[NoticeView]) -> None:
        if self._view != SENT:
            return
        self.view.empty_text = [(_("No reminder was sent yet."), "muted")]
        count = ngettext("{n} reminder", "{n} reminders", len(found)).format(n=len(found))
        self._put(_("Sent"), count, found)
        troubled = sum(one.state in (NoticeState.FAILED, NoticeState.UNCERTAIN) for one in found)
        words = ngettext("{n} failed or uncertain", "{n} failed or uncertain", troubled).format(n=troubled)
        self.note.show([(" ! ", "warn"), (words, "warn")] if troubled else [], [])

    def _show_stops(self, found: Sequence[StopView]) -> None:
        if self._view != STOPS:
            return
        self.view.empty_text = [
            (_("Nobody opted out."), "muted"),
            (_("x on a reminder stops them for its guest."), "key"),
        ]
        count = ngettext("{n} wants none", "{n} want none", len(found)).format(n=len(found))
        self._put(_("No reminders"), count, found)
        self.note.show([], [])

    def _put(self, name: str, count: str, rows: Sequence[Shown]) -> None:
        self.list.set_source(ListSource(rows), keep=self.list.current)
        self.list.repaint()
        title = f"{_('Payment reminders').upper()} · {name}"
        self.title_line.show(list_title(title, count), [(_("Tab: {next}").format(next=self._next_name) + " ", "muted")])
        self.refresh_bindings()

    @property
    def _next_name(self) -> str:
        names = {PLANNED: _("next run"), SENT: _("sent"), STOPS: _("who wants none")}
        return names[_ORDER[(_ORDER.index(self._view) + 1) % len(_ORDER)]]

    # What a row can do

    @on(RecordList.Highlighted)
    def _moved(self) -> None:
        self.refresh_bindings()

    @property
    def row(self) -> Shown | None:
        """The highlighted row."""
        return self.list.current if self.is_mounted else None

    @property
    def key_words(self) -> dict[str, str]:
        """Who opted out is taken in again by the same key."""
        return {"notices.stop": _("Remind again")} if self._view == STOPS else {}

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:  # noqa: ARG002
        """What makes no sense for the row is dimmed."""
        row = self.row
        if action in ("mail", "sms"):
            return None if self._view == STOPS or not isinstance(row, (PlannedNotice, NoticeView)) else True
        if action == "look":
            return True if isinstance(row, (PlannedNotice, NoticeView)) and row.text else None
        if action == "stop":
            return True if row is not None and (row.guest is not None or isinstance(row, StopView)) else None
        if action == "guest":
            return True if row is not None and row.guest is not None else None
        if action in ("again", "arrived", "drop"):
            return True if isinstance(row, NoticeView) and row.state in _able(row)[action] else None
        return True

    @on(RecordList.Opened)
    def _open(self, event: RecordList.Opened) -> None:
        event.stop()
        row = self.row
        if isinstance(row, StopView):
            self.action_guest()
        elif row is not None:
            self.app.push_screen(catalog.load(catalog.RESERVATION)(row.reservation))

    def action_view(self) -> None:
        """The next list."""
        self._view = _ORDER[(_ORDER.index(self._view) + 1) % len(_ORDER)]
        self.desk_ready()

    def action_back(self) -> None:
        """The first list goes first."""
        if self._view != PLANNED:
            self._view = PLANNED
            self.desk_ready()
        else:
            super().action_back()

    def action_mail(self) -> None:
        """Remind by mail."""
        self._remind(MAIL)

    def action_sms(self) -> None:
        """Remind by SMS."""
        self._remind(SMS)

    def _remind(self, channel: str) -> None:
        row = self.row
        if isinstance(row, (PlannedNotice, NoticeView)):
            self.app.push_screen(NoticeDialog(row.reservation, channel))

    def action_look(self) -> None:
        """The text of the row."""
        row = self.row
        if isinstance(row, StopView) or row is None:
            return
        head = f"{row.name} <{row.address}>" if row.address else row.name
        text = f"{row.subject}\n\n{row.text}" if isinstance(row, PlannedNotice) and row.subject else row.text
        by = said(CHANNEL_WORDS, row.channel) if row.channel else ""
        self.app.push_screen(TextDialog(f"{row.code} · {by} · {head}", text))

    def action_stop(self) -> None:
        """The guest gets no reminders any more, or gets them again."""
        row = self.row
        if row is None:
            return
        guest, name = row.guest, row.name
        if isinstance(row, StopView):
            address = row.address
            self.ask(
                lambda ctx: desk.notice_stops.start(ctx, guest=None if address else guest, address=address),
                lambda _count: self.shell.tell(
                    _("Reminded again: {name} · z takes it back").format(name=name or address)
                ),
                in_order=True,
            )
        elif guest is not None:
            self.ask(
                lambda ctx: desk.notice_stops.stop(ctx, guest=guest),
                lambda _number: self.shell.tell(_("No reminders for {name} · z takes it back").format(name=name)),
                in_order=True,
            )

    def action_guest(self) -> None:
        """The guest's profile."""
        row = self.row
        if row is not None and row.guest is not None:
            self.shell.open_guest(row.guest)

    def action_again(self) -> None:
        """Send what failed once more; what may have arrived only after asking."""
        row = self.row
        if not isinstance(row, NoticeView):
            return
        number, unsure = row.id, row.state == NoticeState.UNCERTAIN

        def send() -> None:
            self.ask(
                lambda ctx: desk.notices.again(ctx, number, may_be_second=unsure),
                lambda _none: self.shell.tell(_("It is sent once more")),
                in_order=True,
            )

        if not unsure:
            send()
            return
        title = _("Send it a second time to {name}?").format(name=row.name)
        text = _("Nobody knows whether it arrived: the guest may get it twice.")
        self.app.push_screen(
            ask_once(title, text, _("Send it again")), lambda answer: send() if answer == "yes" else None
        )

    def action_arrived(self) -> None:
        """It did arrive."""
        row = self.row
        if isinstance(row, NoticeView):
            number = row.id
            self.ask(
                lambda ctx: desk.notices.arrived(ctx, number),
                lambda _none: self.shell.tell(_("It counts as sent")),
                in_order=True,
            )

    def action_drop(self) -> None:
        """It is not sent."""
        row = self.row
        if isinstance(row, NoticeView):
            number = row.id
            self.ask(
                lambda ctx: desk.notices.take_back(ctx, number),
                lambda _none: self.shell.tell(_("It is not sent")),
                in_order=True,
            )

    # Setting up

    def action_mode(self) -> None:
        """Off, by mail, by SMS, or both."""
        choices = [Choice(key, _mode(mode), mode) for key, mode in _MODES]
        self.app.push_screen(LeaderMenu(_("Remind of payments by itself"), choices), self._mode_chosen)

    def _mode_chosen(self, mode: str | None) -> None:
        if mode is None:
            return
        self.ask(lambda ctx: desk.notices.switch(ctx, mode), self._mode_saved, in_order=True)

    def _mode_saved(self, settings: Any) -> None:
        take = getattr(self.app, "take_settings", None)
        if take is not None:
            take(settings)
        else:
            self.shell.settings = settings
            ctx = self.shell.ctx
            if ctx is not None:
                cast(Any, self.app).ctx = replace(ctx, settings=settings)
        self.shell.tell(_("Payment reminders: {mode}").format(mode=_mode(settings.notices)))
        self.desk_ready()

    def action_gateway(self) -> None:
        """Set up the gateway."""
        from crm_tui.screens.notices.gateway import GatewayScreen

        self.app.push_screen(GatewayScreen())


def _able(row: NoticeView) -> dict[str, tuple[str, ...]]:
    """In which states a sent reminder takes an action; a mail's are the outbox's."""
    if row.channel == MAIL:
        return {"again": (), "arrived": (), "drop": (NoticeState.QUEUED,)}
    return {
        "again": (NoticeState.FAILED, NoticeState.UNCERTAIN),
        "arrived": (NoticeState.UNCERTAIN,),
        "drop": (NoticeState.QUEUED, NoticeState.FAILED),
    }


def _mode(mode: str) -> str:
    return said(MODES, mode)
