"""Where one can go at the desk. A new screen is one more line here; its module is imported when it is first visited.

Adding a screen:

1. ``crm_tui/screens/NAME/actions.py`` declares its actions (imports nothing heavy) and is named in ``ACTION_MODULES``;
2. ``crm_tui/screens/NAME/screen.py`` holds a subclass of :class:`crm_tui.screens.base.DeskScreen`;
3. a :class:`Place` below gives it a letter in the go-to menu, and a digit if it is a mode.
"""

from __future__ import annotations

import importlib
from dataclasses import dataclass
from typing import Any

from crm_tui.base.i18n import N_


@dataclass(frozen=True, slots=True)
class Place:
    """A destination of the go-to menu.

    Attributes:
        letter: its key in the go-to menu (``g``).
        screen: ``module:Class`` of a screen that needs no arguments; empty for a list of the mail screen.
        mode: the digit that switches to it; modes keep their own stack of screens.
        folder: for lists of the mail screen, the ``ListQuery.place`` to show.
    """

    id: str
    letter: str
    label: str
    screen: str = ""
    mode: str = ""
    folder: str = ""


PLACES: tuple[Place, ...] = (
    Place("start", "h", N_("Start"), "crm_tui.screens.start.screen:StartScreen", mode="1"),
    Place("mail", "m", N_("Mail"), "crm_tui.screens.mail.screen:MailScreen", mode="2"),
    Place("requests", "Q", N_("Inquiry list"), "crm_tui.screens.inquiries.screen:InquiriesScreen", mode="3"),
    Place("guests", "g", N_("Guests"), "crm_tui.screens.guests.screen:GuestsScreen", mode="4"),
    Place("reservations", "R", N_("Reservations"), "crm_tui.screens.reservations.screen:ReservationsScreen", mode="5"),
    Place("reminders", "M", N_("Reminders"), "crm_tui.screens.reminders.screen:RemindersScreen", mode="6"),
    Place("departures", "D", N_("Departures"), "crm_tui.screens.departures.screen:DeparturesScreen", mode="7"),
    Place("payments", "P", N_("Payments"), "crm_tui.screens.payments.screen:PaymentsScreen", mode="8"),
    Place("tickets", "T", N_("Tickets"), "crm_tui.screens.tickets.screen:TicketsScreen", mode="9"),
    Place("relations", "G", N_("Guest relations"), "crm_tui.screens.relations.screen:RelationsScreen", mode="0"),
    Place("inbox", "i", N_("Inbox"), folder="Inbox"),
    Place("inquiries", "q", N_("Inquiries"), folder="Inquiries"),
    Place("waitlist", "w", N_("Waitlist"), folder="Waitlist"),
    Place("booked", "b", N_("Booked"), folder="Booked"),
    Place("done", "e", N_("Done"), folder="Done"),
    Place("spam", "!", N_("Spam"), folder="Spam"),
    Place("sent", "s", N_("Sent"), folder="Sent"),
    Place("snoozed", "z", N_("Snoozed"), folder="Snoozed"),
    Place("starred", "*", N_("Starred"), folder="Starred"),
    Place("drafts", "d", N_("Drafts"), "crm_tui.screens.outbox.drafts:DraftsScreen"),
    Place("outbox", "o", N_("Outbox"), "crm_tui.screens.outbox.screen:OutboxScreen"),
    Place("internal", "n", N_("Internal messages"), "crm_tui.screens.internal.screen:InternalScreen"),
    Place("views", "v", N_("Saved views"), "crm_tui.screens.search.views:ViewsScreen"),
    Place("recall", "r", N_("Recall"), "crm_tui.screens.recall.screen:RecallScreen"),
    Place("templates", "t", N_("Templates"), "crm_tui.screens.templates.screen:TemplatesScreen"),
    Place("accounts", "a", N_("Accounts"), "crm_tui.screens.accounts.screen:AccountsScreen"),
    Place("team", "u", N_("Team"), "crm_tui.screens.team.screen:TeamScreen"),
    Place("packages", "p", N_("Packages"), "crm_tui.screens.packages.screen:PackagesScreen"),
    Place("duplicates", "y", N_("Duplicates"), "crm_tui.screens.duplicates.screen:DuplicatesScreen"),
    Place("lists", "l", N_("Lists"), "crm_tui.screens.lists.screen:ListsScreen"),
    Place("files", "f", N_("Files"), "crm_tui.screens.files.screen:FilesScreen"),
    Place("privacy", "k", N_("Privacy"), "crm_tui.screens.privacy.screen:PrivacyScreen"),
    Place("statement", "S", N_("Bank statement"), "crm_tui.screens.money.statement:StatementScreen"),
    Place("operators", "O", N_("Operators and terms"), "crm_tui.screens.money.operators:OperatorsScreen"),
    Place("notices", "N", N_("Payment reminders"), "crm_tui.screens.notices.screen:NoticesScreen"),
    Place("handover", "H", N_("Shift handover"), "crm_tui.screens.handover.screen:HandoverScreen"),
    Place("reports", "c", N_("Reports"), "crm_tui.screens.reports.screen:ReportsScreen"),
    Place("working", "W", N_("Working time"), "crm_tui.screens.working.screen:WorkingScreen"),
    Place("journal", "j", N_("Journal"), "crm_tui.screens.journal.screen:JournalScreen"),
    Place("settings", ",", N_("Settings"), "crm_tui.screens.settings.screen:SettingsScreen"),
)

SETUP = "crm_tui.screens.setup.screen:SetupScreen"
"""Shown instead of Start while the store has no property."""

COMPOSE = "crm_tui.screens.compose.screen:ComposeScreen"
"""Made with ``(kind, message_id=None, conversation_id=None, draft_id=None)``; kind is reply, reply_all, forward or new."""

INQUIRY = "crm_tui.screens.inquiries.detail:InquiryScreen"
"""One inquiry, made with its number."""

NEW_INQUIRY = "crm_tui.screens.inquiries.form:InquiryForm"
"""Takes down a new inquiry; its result is the number."""

GUEST = "crm_tui.screens.guests.profile:GuestScreen"
"""One guest, made with the number."""

GUEST_FORM = "crm_tui.screens.guests.form:GuestForm"
"""Made with ``(guest_id=None, *, kind="person", values=None, proposed=None)``; its result is the number, or None."""

GUEST_MERGE = "crm_tui.screens.duplicates.merge:MergeScreen"
"""Guests that may be the same, made with their numbers."""

GUEST_EXPORT = "crm_tui.screens.files.export:ExportScreen"
"""Writes guests to a file, made with their numbers; None: all guests."""

GUEST_ERASE = "crm_tui.screens.privacy.erase:EraseScreen"
"""What erasing a guest would remove, made with the number."""

PACKAGE_FROM = "crm_tui.screens.packages.make:MakePackage"
"""Makes a package of guests, with ``(criteria, ids)``; its result is the number of the package, or None."""

RESERVATION = "crm_tui.screens.reservations.detail:ReservationScreen"
"""One reservation, made with ``(number, beside=None)``."""

FOLIOS = "crm_tui.screens.folios.screen:FoliosScreen"
"""The bills of a reservation, made with its number."""

PAYMENT = "crm_tui.screens.money.payment:PaymentDialog"
"""Records a payment, made with ``(reservation_id, *, amount=None, kind="payment", folio=None)``; its result is the number."""

SCHEDULE = "crm_tui.screens.money.schedule:ScheduleScreen"
"""What is due of a reservation and when, made with its number."""

NOTICE = "crm_tui.screens.notices.send:NoticeDialog"
"""Reminds the guest of a payment, made with ``(reservation_id, channel)``."""

RESERVATION_FORM = "crm_tui.screens.reservations.form:ReservationForm"
"""Made with ``(reservation_id=None, *, inquiry=None, conversation=None, guest=None, values=None)``; its result is the number,
or None."""

REMINDER_FORM = "crm_tui.screens.reminders.form:ReminderForm"
"""Made with ``(reminder_id=None, *, inquiry=None, conversation=None, guest=None, reservation=None, values=None)``."""

FEEDBACK = "crm_tui.screens.feedback.form:FeedbackForm"
"""Made with ``(*, guest=None, reservation=None, conversation=None, room="", feedback=None)``; its result is the number, or None."""

QUALITY_COST = "crm_tui.screens.feedback.cost:CostForm"
"""Made with ``(*, guest=None, reservation=None, conversation=None, room="", cost=None)``; its result is the number, or None."""

RESERVATION_EXPORT = "crm_tui.screens.reservations.export:ReservationExport"
"""Writes reservations to a file, made with ``(ids, query)``; ``ids`` None: all that the query finds."""

RESERVATION_IMPORT = "crm_tui.screens.reservations.importing:ReservationImport"
"""What would become of a file with reservations, and its import; made with the path."""

ACTION_MODULES = (
    "crm_tui.screens.actions",
    "crm_tui.widgets.record_list",
    "crm_tui.widgets.folder_tree",
    "crm_tui.widgets.message_view",
    "crm_tui.widgets.forms.form",
    "crm_tui.screens.mail.actions",
    "crm_tui.screens.history.actions",
    "crm_tui.screens.search.actions",
    "crm_tui.screens.recall.actions",
    "crm_tui.screens.settings.actions",
    "crm_tui.screens.start.actions",
    "crm_tui.screens.departures.actions",
    "crm_tui.screens.payments.actions",
    "crm_tui.screens.relations.actions",
    "crm_tui.screens.feedback.items",
    "crm_tui.screens.compose.actions",
    "crm_tui.screens.outbox.actions",
    "crm_tui.screens.internal.actions",
    "crm_tui.screens.run.actions",
    "crm_tui.screens.accounts.actions",
    "crm_tui.screens.team.actions",
    "crm_tui.screens.journal.actions",
    "crm_tui.screens.templates.actions",
    "crm_tui.screens.setup.actions",
    "crm_tui.screens.inquiries.actions",
    "crm_tui.screens.guests.actions",
    "crm_tui.screens.reservations.detail_actions",
    "crm_tui.screens.reservations.actions",
    "crm_tui.screens.guests.form_actions",
    "crm_tui.widgets.forms.entries",
    "crm_tui.screens.guests.profile_actions",
    "crm_tui.screens.packages.actions",
    "crm_tui.screens.lists.actions",
    "crm_tui.screens.duplicates.actions",
    "crm_tui.screens.privacy.actions",
    "crm_tui.screens.files.actions",
    "crm_tui.screens.money.actions",
    "crm_tui.screens.notices.actions",
    "crm_tui.screens.folios.actions",
    "crm_tui.screens.handover.actions",
    "crm_tui.screens.reminders.actions",
    "crm_tui.screens.reports.actions",
    "crm_tui.screens.tickets.actions",
    "crm_tui.screens.working.actions",
)
"""Imported when every action must be known: for the keymap file and the list of keys."""


def load(path: str) -> Any:
    """The object that ``module:name`` names."""
    module, _sep, name = path.partition(":")
    return getattr(importlib.import_module(module), name)


def exists(path: str) -> bool:
    """Whether the module of ``module:name`` is part of this desk, without importing it."""
    from importlib.util import find_spec

    try:
        return find_spec(path.partition(":")[0]) is not None
    except ModuleNotFoundError:
        return False


def modes() -> tuple[Place, ...]:
    """The places that a digit switches to."""
    return tuple(place for place in PLACES if place.mode)


def place(place_id: str) -> Place:
    """The place of that id.

    Raises:
        KeyError: there is none.
    """
    for item in PLACES:
        if item.id == place_id:
            return item
    raise KeyError(place_id)


def load_all_actions() -> None:
    """Import every module that declares actions."""
    for module in ACTION_MODULES:
        if exists(module):
            importlib.import_module(module)
