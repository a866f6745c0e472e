"""One inquiry on one screen: messages, memos, guests, offer, reminders, history (SPEC §4)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from textual import on
from textual.app import ComposeResult
from textual.binding import ActiveBinding
from textual.containers import Container, Horizontal, Vertical
from textual.widget import Widget

from crm_tui.base.i18n import _, ngettext
from crm_tui.desk.common.views import ConversationRow, ListQuery, MessageView
from crm_tui.desk.requests.inquiry_views import InquiryView
from crm_tui.screens.displaying import Displays
from crm_tui.screens.history.panel import HistoryPanel
from crm_tui.screens.inquiries import calls, facts
from crm_tui.screens.inquiries.actions import DETAIL
from crm_tui.screens.inquiries.commands import InquiryCommands
from crm_tui.screens.inquiries.noting import Noting
from crm_tui.screens.inquiries.parts import (
    FACTS,
    KEYS,
    NOTES,
    ORDER,
    THREE_PANES,
    TWO_PANES,
    GuestList,
    MemoList,
    ReminderList,
    names,
    nothing,
    shown_parts,
)
from crm_tui.screens.inquiries.people import People
from crm_tui.screens.internal.writing import About, WritesInternal
from crm_tui.screens.mail.commands import MailCommands
from crm_tui.screens.mail.files import MessageFiles
from crm_tui.screens.parted import Beside, PartedScreen
from crm_tui.screens.presence import Attends, words
from crm_tui.widgets.actions import bindings
from crm_tui.widgets.entries import EntryList
from crm_tui.widgets.line import Line
from crm_tui.widgets.message_parts import Setting
from crm_tui.widgets.message_view import ReadingPane
from crm_tui.widgets.record_list import RecordList
from crm_tui.widgets.section import Section
from crm_tui.widgets.styled import Part

if TYPE_CHECKING:
    from crm_tui.desk.common.views import Changes


class InquiryScreen(
    Displays, WritesInternal, InquiryCommands, People, Noting, MailCommands, MessageFiles, PartedScreen
):
    """All of one inquiry: one part at a time on 80 columns, two columns from 110, three from 150.

    Args:
        number: of the inquiry.
        beside: leads to the next and the one before.
        part: the part that is shown first.
    """

    CSS_PATH = "screen.tcss"
    BINDINGS = bindings(DETAIL)
    order = ORDER
    found: calls.Whole | None

    def __init__(self, number: int, beside: Beside | None = None, part: str = "messages") -> None:
        super().__init__(number, beside, part)
        self._told = 0

    def body(self) -> ComposeResult:
        """Two lines that say how it stands, the bar of parts, the parts."""
        self.headline = Line(id="headline")
        self.summary = Line(id="summary")
        self.bar = Line(id="bar")
        self.reading = ReadingPane(self, id="reading")
        self.entries: dict[str, EntryList] = {
            "offer": EntryList(lambda: nothing("offer"), id="offer-list"),
            "guests": GuestList(lambda: nothing("guests"), id="guest-list"),
            "reminders": ReminderList(lambda: nothing("reminders"), id="reminder-list"),
            "memos": MemoList(lambda: nothing("memos"), id="memo-list"),
        }
        self.history = HistoryPanel(self.shell, id="history-panel")
        titles = names()
        contents: dict[str, Widget] = {**self.entries, "messages": self.reading, "history": self.history}
        self.sections = {part: Section(titles[part], KEYS[part], contents[part], id=part) for part in ORDER}
        yield self.headline
        yield self.summary
        yield self.bar
        with Horizontal(id="columns"):
            with Vertical(id="facts") as self.facts:
                yield from (self.sections[part] for part in FACTS)
            with Container(id="rest") as self.rest:
                with Vertical(id="mail") as self.mail_column:
                    yield self.sections["messages"]
                with Vertical(id="notes") as self.notes:
                    yield from (self.sections[part] for part in NOTES)

    def on_mount(self) -> None:
        """The messages have the focus."""
        self.headline.show([(" ⌂ ", "key"), (_("Inquiry {number}").format(number=self.number), "title")])
        self.place_parts()
        self.focus_part(self._part)
        super().on_mount()

    def desk_ready(self) -> None:
        """Read all of it."""
        self.reload()
        self.read_team()

    def desk_changed(self, changes: Changes) -> None:
        """Something of it changed, here or at another desk."""
        self.read_team(changes)
        self.history.desk_changed(changes)
        mine = {"inquiry": {self.number}}
        if self.found is not None:
            mine["conversation"] = {row.id for row in self.found.view.conversations}
        own = any(changes.ids.get(kind, frozenset()) & numbers for kind, numbers in mine.items())
        loose = changes.ids.keys() & {"guest", "memo", "internal", "reminder", "agent", "message", "outbox"}
        loose |= changes.ids.keys() & {"reservation"}
        if changes.everything or own or loose:
            self.reload()

    def minute_passed(self) -> None:
        """Relative times move on."""
        self.reading.refresh_times()
        self.history.repaint()
        if self.found is not None:
            self._fill(self.found)

    def setting(self, subject: str, width: int) -> Setting:
        """What the messages' headers depend on."""
        return Setting(self.shell.clock.now(), self.shell.zone, subject, width)

    # Showing

    @property
    def view(self) -> InquiryView | None:
        """The inquiry as it was read last."""
        return self.found.view if self.found is not None else None

    def reload(self) -> None:
        """Read it again; cursors stay where they are."""
        number = self.number
        self.ask(lambda ctx: calls.whole(ctx, number), self.show, topic="inquiry", failed=self.not_there)

    def show(self, found: calls.Whole) -> None:
        """Show what was read."""
        if found.view.id != self.number:
            return
        if self._told != self.number:
            self._told = self.number
            self.history.show("inquiry", self.number)
        self.found = found
        self._fill(found)
        if found.mail is None:
            self.reading.show_note(*nothing("messages"))
        else:
            self.reading.expected_width = max(20, self.reading.size.width - 1)
            self.reading.show(found.mail)
        self.place_parts()
        self.ticket_displayed()
        self.refresh_bindings()

    def focus_part(self, part: str) -> None:
        """Go to a part; the messages count as read where they come to be seen."""
        super().focus_part(part)
        self.ticket_displayed()

    @property
    def displayed(self) -> int | None:
        """The conversation, where its messages are to be seen."""
        mail = self.found.mail if self.found is not None else None
        return mail.row.id if mail is not None and self.sections["messages"].display else None

    @property
    def unread(self) -> Sequence[int]:
        """What is on the screen counts as read."""
        mail = self.found.mail if self.found is not None else None
        return [message.id for message in mail.messages if not message.seen] if mail is not None else ()

    def _fill(self, found: calls.Whole) -> None:
        view, today = found.view, self.today()
        now, zone = self.shell.clock.now(), self.shell.zone
        ctx = self.shell.ctx
        me = ctx.actor.id if ctx is not None else None
        self.entries["offer"].show(facts.offer(view, today, found.reservations))
        self.entries["guests"].show(facts.guests(view.guests))
        self.entries["reminders"].show(facts.reminders(found.reminders, today))
        self.entries["memos"].show(facts.memos(found.memos, found.internal, now, zone, me))
        late = sum(one.done_at is None and one.due < today for one in found.reminders)
        unread = sum(one.read_at is None and one.to_id == me for one in found.internal)
        for part, count, remark in (
            ("messages", len(found.mail.messages) if found.mail else 0, ""),
            ("memos", len(found.memos) + len(found.internal), f" ● {unread}" if unread else ""),
            ("guests", len(view.guests), ""),
            ("offer", 0, f" ◂ {len(view.proposed)}" if view.proposed else ""),
            ("reminders", sum(one.done_at is None for one in found.reminders), f" ! {late}" if late else ""),
            ("history", 0, ""),
        ):
            self.sections[part].tell(count, (remark, "warn" if part == "reminders" else "accent"))
        self._show_lines(view)

    def _show_lines(self, view: InquiryView) -> None:
        today = self.today()
        here = words(self.shell.others.inquiries.get(self.number, ()), self.shell.clock.now())
        right: list[Part] = [(f"  {here} ", "warn")] if here else []
        if any(row.unanswered for row in view.conversations):
            right.append(("  " + _("? waits for our answer") + " ", "accent"))
        self.headline.show(facts.headline(view, today), right)
        count = len(view.proposed)
        offer = ngettext("y takes {n} over", "y takes {n} over", count).format(n=count)
        self.summary.show(facts.summary(view, today), [(f"  {offer} ", "key")] if count else [])
        self.show_bar()

    # Where things stand

    def place_parts(self) -> None:
        """Show the parts that fit."""
        width = self.app.size.width
        shown = shown_parts(width, self._part)
        for part, section in self.sections.items():
            section.display = part in shown
        self.facts.display = any(part in shown for part in FACTS)
        self.mail_column.display = "messages" in shown
        self.notes.display = any(part in shown for part in NOTES)
        self.rest.display = self.mail_column.display or self.notes.display
        self.bar.display = width < TWO_PANES
        for part, section in self.sections.items():
            section.title_line.display = width >= TWO_PANES and part != "history"  # that has a title of its own
        self.rest.styles.layout = "horizontal" if width >= THREE_PANES else "vertical"
        self._size_facts(width)

    def _size_facts(self, width: int) -> None:
        """On a wide desk the facts are as high as they need to be, the reminders take the rest."""
        room = max(12, self.app.size.height - 4)
        for part, most in (("offer", room // 2), ("guests", room // 3)):
            needed = min(most, self.entries[part].lines_needed + 2)
            self.sections[part].styles.height = needed if width >= TWO_PANES else "1fr"

    def ring(self, width: int) -> Sequence[str]:
        """All parts where they are shown one at a time, else those that are shown."""
        return ORDER if width < TWO_PANES else shown_parts(width, self._part)

    @on(EntryList.Opened)
    def _entry_opened(self, event: EntryList.Opened) -> None:
        event.stop()
        if event.list is self.entries["offer"]:
            self.fact_opened(event.key)
        elif event.list is self.entries["guests"]:
            self.guest_opened(event.key)
        elif event.list is self.entries["memos"]:
            self.memo_opened(event.key)
        elif event.list is self.entries["reminders"]:
            self.action_done_reminder()

    # Mail

    @property
    def targets(self) -> Sequence[ConversationRow]:
        """The conversations of the inquiry."""
        return list(self.found.view.conversations) if self.found is not None else []

    @property
    def answered(self) -> MessageView | None:
        """What a reply answers: the message being read, else the newest of the guest's."""
        if self.found is None or self.found.mail is None:
            return None
        if self._part == "messages" and self.reading.current is not None:
            return self.reading.current
        messages = self.found.mail.messages
        return next((one for one in reversed(messages) if one.direction == "in"), messages[-1])

    @property
    def lists(self) -> Sequence[tuple[RecordList[ConversationRow], ListQuery]]:
        """No list of conversations is shown here."""
        return []

    def confirmed(self) -> None:
        """Something was done with its conversations."""
        self.reload()

    @property
    def about(self) -> About | None:
        """What is written to a colleague is about this inquiry."""
        name = _("Inquiry {number}").format(number=self.number)
        title = self.view.title if self.view is not None else ""
        return About(inquiry=self.number, name=f"{name} · {title}" if title else name)

    @property
    def attends(self) -> Attends:
        """The inquiry is open here, and so is its newest conversation."""
        return Attends(inquiry=self.number)

    def others_changed(self) -> None:
        """Another desk opened or left it."""
        if self.view is not None:
            self._show_lines(self.view)

    @property
    def active_bindings(self) -> dict[str, ActiveBinding]:
        """What the footer offers: taking over only where something is proposed; elsewhere its key says so."""
        found = super().active_bindings
        if self.view is not None and self.view.proposed:
            return found
        return {key: one for key, one in found.items() if one.binding.action != "take_over"}

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Only what can be done now is offered."""
        if action in {"reply", "reply_all", "forward"}:
            return self.answered is not None or None
        if action in {"move", "move_menu"}:
            return bool(self.targets) or None
        if action == "step":
            return self._beside is not None
        return super().check_action(action, parameters)
