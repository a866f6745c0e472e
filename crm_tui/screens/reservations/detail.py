"""One reservation on one screen: what is booked, guests, money, flights, mail, memos, reminders, history (SPEC §7)."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from textual import on
from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical
from textual.widget import Widget

from crm_tui import desk
from crm_tui.base.i18n import _
from crm_tui.desk.stays.reservation_whole_views import WholeReservation
from crm_tui.screens import catalog
from crm_tui.screens.history.panel import HistoryPanel
from crm_tui.screens.inquiries import facts as notes
from crm_tui.screens.parted import Beside, PartedScreen
from crm_tui.screens.reservations import detail_head, facts
from crm_tui.screens.reservations.detail_actions import DETAIL
from crm_tui.screens.reservations.detail_flights import WithFlights
from crm_tui.screens.reservations.detail_money import WithMoney
from crm_tui.screens.reservations.detail_noting import Noting
from crm_tui.screens.reservations.detail_parts import (
    KEYS,
    LEFT,
    MIDDLE,
    ORDER,
    RIGHT,
    THREE_PANES,
    TWO_PANES,
    FlightList,
    GuestList,
    MailList,
    MemoList,
    MoneyList,
    ReminderList,
    names,
    nothing,
    shown_parts,
)
from crm_tui.screens.reservations.detail_people import People
from crm_tui.screens.reservations.detail_talks import WithTalks
from crm_tui.screens.reservations.statuses import ChangesStatus
from crm_tui.widgets.actions import bindings
from crm_tui.widgets.entries import EntryList
from crm_tui.widgets.line import Line
from crm_tui.widgets.section import Section

if TYPE_CHECKING:
    from crm_tui.desk.common.views import Changes

_NEEDS = {
    "payment": catalog.PAYMENT,
    "schedule": catalog.SCHEDULE,
    "folios": catalog.FOLIOS,
    "notice": catalog.NOTICE,
    "feedback": catalog.FEEDBACK,
    "quality_cost": catalog.QUALITY_COST,
    "edit": catalog.RESERVATION_FORM,
    "informed": "crm_tui.desk.watchlists.departures:inform",
}
"""Actions that open what another module makes."""

_TELLS = frozenset(
    {"guest", "memo", "internal", "reminder", "agent", "message", "outbox", "conversation", "inquiry", "operator"}
    | {"flight", "payment", "folio", "posting", "notice", "feedback", "quality cost"}
)
"""Changes of these may change what is shown."""


class ReservationScreen(ChangesStatus, People, Noting, WithMoney, WithFlights, WithTalks, PartedScreen):
    """All of one reservation: one part at a time on 80 columns, two columns from 110, three from 150.

    Args:
        number: of the reservation.
        beside: leads to the next and the one before.
        part: the part that is shown first.
    """

    DEFAULT_CSS = """
    ReservationScreen {
        #headline, #summary, #waiting { background: $surface; }
        #bar { background: $panel; }
        #columns { height: 1fr; }
        #left, #middle, #right { width: 1fr; height: 1fr; }
        &.-two-panes, &.-three-panes { #left { border-right: solid $desk-line; } }
        &.-two-panes { #left { width: 2fr; } #middle, #right { width: 3fr; } }
        &.-three-panes {
            #left { width: 50; } #middle { border-right: solid $desk-line; } #right { width: 48; }
        }
    }
    """
    BINDINGS = bindings(DETAIL)
    order = ORDER
    found: WholeReservation | None

    def __init__(self, number: int, beside: Beside | None = None, part: str = "facts") -> None:
        super().__init__(number, beside, part)
        self._told, self._right = 0, "money"

    def body(self) -> ComposeResult:
        """Lines that say how it stands, the bar of parts, the parts."""
        self.headline, self.summary, self.waiting = Line(id="headline"), Line(id="summary"), Line(id="waiting")
        self.bar = Line(id="bar")
        lists: dict[str, type[EntryList]] = {
            "facts": EntryList,
            "guests": GuestList,
            "money": MoneyList,
            "flights": FlightList,
            "mail": MailList,
            "memos": MemoList,
            "reminders": ReminderList,
        }
        self.entries: dict[str, EntryList] = {
            part: made(lambda part=part: nothing(part), id=f"{part}-list")  # type: ignore[misc]
            for part, made in lists.items()
        }
        self.history = HistoryPanel(self.shell, id="history-panel")
        titles = names()
        contents: dict[str, Widget] = {**self.entries, "history": self.history}
        self.sections = {part: Section(titles[part], KEYS[part], contents[part], id=part) for part in ORDER}
        yield self.headline
        yield self.summary
        yield self.waiting
        yield self.bar
        with Horizontal(id="columns"):
            for place, parts in (("left", LEFT), ("middle", MIDDLE), ("right", RIGHT)):
                with Vertical(id=place):
                    yield from (self.sections[part] for part in parts)

    def on_mount(self) -> None:
        """The first part has the focus."""
        self.waiting.display = False
        self.place_parts()
        self.focus_part(self._part)
        super().on_mount()

    def desk_ready(self) -> None:
        """Read all of it."""
        self.reload()

    def desk_changed(self, changes: Changes) -> None:
        """Something of it changed, here or at another desk."""
        self.history.desk_changed(changes)
        own = self.number in changes.ids.get("reservation", frozenset())
        if changes.everything or own or _TELLS & changes.ids.keys():
            self.reload()

    def minute_passed(self) -> None:
        """Relative times move on."""
        self.history.repaint()
        if self.found is not None:
            self._fill(self.found)

    # Showing

    def reload(self) -> None:
        """Read it again; cursors stay where they are."""
        number = self.number
        self.ask(
            lambda ctx: desk.reservation_whole.get(ctx, number), self.show, topic="reservation", failed=self.not_there
        )

    def show(self, found: WholeReservation) -> None:
        """Show what was read."""
        if found.view.id != self.number:
            return
        if self._told != self.number:
            self._told = self.number
            self.history.show("reservation", self.number)
        self.found = found
        self._fill(found)
        self.place_parts()
        self.refresh_bindings()

    def _fill(self, found: WholeReservation) -> None:
        now, zone = self.shell.clock.now(), self.shell.zone
        ctx = self.shell.ctx
        me = ctx.actor.id if ctx is not None else None
        self.entries["facts"].show(facts.overview(found, detail_head.waiting(found)))
        self.entries["guests"].show(facts.guests(found))
        self.entries["money"].show(facts.money(found, now, zone))
        self.entries["flights"].show(facts.flights(found, zone, now))
        self.entries["mail"].show(facts.talks(found.conversations, now, zone))
        self.entries["memos"].show(notes.memos(found.memos, found.internal, now, zone, me))
        self.entries["reminders"].show(notes.reminders(found.reminders, found.today))
        self._count(found, me)
        self.headline.show(detail_head.headline(found.view, found.today))
        self.summary.show(detail_head.summary(found))
        line = detail_head.waiting_line(found)
        self.waiting.show(line)
        self._show_waiting(self.app.size.width)
        self.show_bar()

    def _count(self, found: WholeReservation, me: int | None) -> None:
        view = found.view
        late = sum(one.done_at is None and one.due < found.today for one in found.reminders)
        unread = sum(one.read_at is None and one.to_id == me for one in found.internal)
        due = any(one.late for one in found.schedule) and found.money is not None and found.money.late
        again = sum(state == "inform again" for state in found.watched.values())
        waits = sum(one.row.unanswered for one in found.conversations)
        for part, count, remark, style in (
            ("guests", len(view.guests), " !" if found.passports else "", "warn"),
            ("money", 0, " !" if due else "", "warn"),
            ("flights", len(view.flights), f" ! {again}" if again else "", "warn"),
            ("mail", len(found.conversations), f" ? {waits}" if waits else "", "accent"),
            ("memos", len(found.memos) + len(found.internal), f" ● {unread}" if unread else "", "accent"),
            ("reminders", sum(one.done_at is None for one in found.reminders), f" ! {late}" if late else "", "warn"),
        ):
            self.sections[part].tell(count, (remark, style))

    # Where things stand

    def place_parts(self) -> None:
        """Show the parts that fit."""
        width = self.app.size.width
        if self._part not in LEFT:
            self._right = self._part
        shown = shown_parts(width, self._part, self._right)
        for part, section in self.sections.items():
            section.display = part in shown
            section.title_line.display = width >= TWO_PANES and part != "history"  # that has a title of its own
        for place, parts in (("left", LEFT), ("middle", MIDDLE), ("right", RIGHT)):
            self.query_one(f"#{place}").display = any(part in shown for part in parts)
        self.bar.display = width < THREE_PANES
        self._show_waiting(width)
        self._size_parts(width)

    def _show_waiting(self, width: int) -> None:
        """What it waits for stands in the overview; the line tells it where that is not shown."""
        self.waiting.display = bool(self.waiting.text) and width < TWO_PANES and self._part != "facts"

    def _size_parts(self, width: int) -> None:
        """On a wide desk the parts are as high as they need to be, the last of a column takes the rest."""
        room = max(12, self.app.size.height - 5)
        columns = [LEFT, MIDDLE] if width >= THREE_PANES else [LEFT] if width >= TWO_PANES else []
        heights: dict[str, int | str] = dict.fromkeys(ORDER, "1fr")  # each set once: every change lays all out anew
        for column in columns:
            shares = {"facts": room // 2, "guests": room // 4, "money": room * 3 // 5}
            for part in column[:-1]:
                heights[part] = min(self.entries[part].lines_needed + 2, shares[part])
        for part, height in heights.items():
            self.sections[part].styles.height = height

    def part_focused(self) -> None:
        """It may stand in another column than the one that was shown."""
        self.place_parts()

    def ring(self, width: int) -> Sequence[str]:
        """All parts, or those that are shown in three columns."""
        return shown_parts(width, self._part) if width >= THREE_PANES else ORDER

    @on(EntryList.Opened)
    def _entry_opened(self, event: EntryList.Opened) -> None:
        event.stop()
        part = next((name for name, listed in self.entries.items() if listed is event.list), "")
        kind, _blank, number = event.key.partition(" ")
        if kind == "guest":
            self.shell.open_guest(int(number))
        elif kind == "inquiry":
            self.shell.open_inquiry(int(number))
        elif kind == "feedback":
            self.show_over(catalog.FEEDBACK, feedback=int(number))
        elif kind == "cost":
            self.show_over(catalog.QUALITY_COST, cost=int(number))
        elif part == "money":
            self.money_opened(event.key)
        elif part == "flights":
            self.change_flight()
        elif part == "mail":
            self.talk_opened()
        elif part == "memos":
            self.memo_opened(event.key)
        elif part == "reminders":
            self.reminder_opened()

    # What can be done

    def action_add(self) -> None:
        """Add to the part that has the focus."""
        add: dict[str, Callable[[], None]] = {
            "guests": self.add_guest,
            "money": self.action_payment,
            "flights": self.add_flight,
            "mail": self.link_talk,
            "memos": self.action_memo,
        }
        if self._part == "money" and not catalog.exists(catalog.PAYMENT):
            return
        add.get(self._part, self.action_remind_me)()

    def action_remove(self) -> None:
        """Take away what the cursor stands on."""
        take: dict[str, Callable[[], None]] = {
            "guests": self.remove_guest,
            "money": self.reverse_payment,
            "flights": self.remove_flight,
            "mail": self.unlink_talk,
            "memos": self.remove_memo,
            "reminders": self.remove_reminder,
        }
        if self._part in take:
            take[self._part]()

    def action_edit(self) -> None:
        """Change what is booked."""
        if self.view is not None:
            self.show_over(catalog.RESERVATION_FORM, self.view.id)

    def action_feedback(self) -> None:
        """Note a compliment or a complaint."""
        view, who = self.view, self.main
        if view is not None:
            more = {"guest": who.id if who else None, "reservation": view.id, "room": view.room}
            self.show_over(catalog.FEEDBACK, **more)

    def action_quality_cost(self) -> None:
        """Note what the guest is given for an occasion."""
        view, who = self.view, self.main
        if view is not None:
            more = {"guest": who.id if who else None, "reservation": view.id, "room": view.room}
            self.show_over(catalog.QUALITY_COST, **more)

    def action_status(self) -> None:
        """Choose the status by its letter, and what is to follow from it."""
        view = self.view
        if view is not None:
            self.ask_status(_("Status of reservation {code}").format(code=view.code), [view.id], view.status)

    def status_changed(self) -> None:
        """Show it."""
        self.reload()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Only what can be done now is offered."""
        if action in _NEEDS and not catalog.exists(_NEEDS[action]):
            return False
        if action == "step":
            return self._beside is not None
        if action == "remove":
            return bool(self._part in self.entries and self.entries[self._part].key)
        return super().check_action(action, parameters)
