"""What a receptionist does, one module a job: commands and queries over the store, the mail room and the rules.

The modules stand in rooms (``desk/money/payments.py``) and are called by their own name, ``desk.payments``, which no two of
them share.
``from crm_tui import desk`` costs nothing: a module is imported when it is first used, so that the first frame is painted
before the database library is loaded. Every function takes a :class:`~crm_tui.desk.common.context.Context` first and returns
frozen dataclasses or plain values.
"""

from __future__ import annotations

import importlib
import pkgutil
from functools import cache
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from crm_tui.desk import reports as reports
    from crm_tui.desk.client_base import consents as consents
    from crm_tui.desk.client_base import event_types as event_types
    from crm_tui.desk.client_base import events as events
    from crm_tui.desk.client_base import guest_history as guest_history
    from crm_tui.desk.client_base import guest_lists as guest_lists
    from crm_tui.desk.client_base import guest_mail as guest_mail
    from crm_tui.desk.client_base import guest_profile as guest_profile
    from crm_tui.desk.client_base import guests as guests
    from crm_tui.desk.client_base import linking as linking
    from crm_tui.desk.client_files import guest_export as guest_export
    from crm_tui.desk.client_files import guest_import as guest_import
    from crm_tui.desk.client_files import guest_import_survey as guest_import_survey
    from crm_tui.desk.common import changes as changes
    from crm_tui.desk.common import context as context
    from crm_tui.desk.common import periods as periods
    from crm_tui.desk.common import permissions as permissions
    from crm_tui.desk.common import views as views
    from crm_tui.desk.common import waiting as waiting
    from crm_tui.desk.common import wishes as wishes
    from crm_tui.desk.conversations import counterparts as counterparts
    from crm_tui.desk.conversations import folders as folders
    from crm_tui.desk.conversations import presence as presence
    from crm_tui.desk.conversations import snoozing as snoozing
    from crm_tui.desk.conversations import splitting as splitting
    from crm_tui.desk.conversations import summary as summary
    from crm_tui.desk.conversations import triage as triage
    from crm_tui.desk.correspondence import account_form as account_form
    from crm_tui.desk.correspondence import account_testing as account_testing
    from crm_tui.desk.correspondence import accounts as accounts
    from crm_tui.desk.correspondence import completing as completing
    from crm_tui.desk.correspondence import correspondents as correspondents
    from crm_tui.desk.correspondence import cursors as cursors
    from crm_tui.desk.correspondence import delivery as delivery
    from crm_tui.desk.correspondence import drafts as drafts
    from crm_tui.desk.correspondence import flags as flags
    from crm_tui.desk.correspondence import importing as importing
    from crm_tui.desk.correspondence import mailbox as mailbox
    from crm_tui.desk.correspondence import outbox as outbox
    from crm_tui.desk.correspondence import prepare as prepare
    from crm_tui.desk.correspondence import reading as reading
    from crm_tui.desk.correspondence import replies as replies
    from crm_tui.desk.finding import saved_views as saved_views
    from crm_tui.desk.finding import search as search
    from crm_tui.desk.groups import attribute_merging as attribute_merging
    from crm_tui.desk.groups import attributes as attributes
    from crm_tui.desk.groups import mailing_queue as mailing_queue
    from crm_tui.desk.groups import mailing_rows as mailing_rows
    from crm_tui.desk.groups import mailings as mailings
    from crm_tui.desk.groups import package_search as package_search
    from crm_tui.desk.groups import packages as packages
    from crm_tui.desk.groups import tagging as tagging
    from crm_tui.desk.histories import history as history
    from crm_tui.desk.histories import journal_view as journal_view
    from crm_tui.desk.histories import noted as noted
    from crm_tui.desk.histories import notes as notes
    from crm_tui.desk.merges import duplicates as duplicates
    from crm_tui.desk.merges import duplicates_search as duplicates_search
    from crm_tui.desk.merges import guest_merging as guest_merging
    from crm_tui.desk.merges import guest_unmerging as guest_unmerging
    from crm_tui.desk.money import folio_routes as folio_routes
    from crm_tui.desk.money import folio_statement as folio_statement
    from crm_tui.desk.money import folios as folios
    from crm_tui.desk.money import money_typed as money_typed
    from crm_tui.desk.money import operators as operators
    from crm_tui.desk.money import payments as payments
    from crm_tui.desk.money import postings as postings
    from crm_tui.desk.money import schedule_edits as schedule_edits
    from crm_tui.desk.money import schedules as schedules
    from crm_tui.desk.money import statements as statements
    from crm_tui.desk.money import term_words as term_words
    from crm_tui.desk.money import terms as terms
    from crm_tui.desk.privacy import erasing as erasing
    from crm_tui.desk.privacy import guest_record as guest_record
    from crm_tui.desk.privacy import retention as retention
    from crm_tui.desk.quality import feedback as feedback
    from crm_tui.desk.quality import quality_codes as quality_codes
    from crm_tui.desk.quality import quality_costs as quality_costs
    from crm_tui.desk.quality import quality_export as quality_export
    from crm_tui.desk.quality import quality_given as quality_given
    from crm_tui.desk.quality import quality_items as quality_items
    from crm_tui.desk.quality import quality_reports as quality_reports
    from crm_tui.desk.quality import quality_views as quality_views
    from crm_tui.desk.requests import inquiries as inquiries
    from crm_tui.desk.requests import inquiry_guests as inquiry_guests
    from crm_tui.desk.requests import inquiry_links as inquiry_links
    from crm_tui.desk.requests import inquiry_lists as inquiry_lists
    from crm_tui.desk.requests import inquiry_origin as inquiry_origin
    from crm_tui.desk.requests import inquiry_views as inquiry_views
    from crm_tui.desk.requests import proposing as proposing
    from crm_tui.desk.requests import recall as recall
    from crm_tui.desk.shifts import handover as handover
    from crm_tui.desk.shifts import internal as internal
    from crm_tui.desk.shifts import memos as memos
    from crm_tui.desk.shifts import morning as morning
    from crm_tui.desk.shifts import reminder_board as reminder_board
    from crm_tui.desk.shifts import reminder_calendar as reminder_calendar
    from crm_tui.desk.shifts import reminder_rows as reminder_rows
    from crm_tui.desk.shifts import reminder_search as reminder_search
    from crm_tui.desk.shifts import reminder_views as reminder_views
    from crm_tui.desk.shifts import reminders as reminders
    from crm_tui.desk.staff import departments as departments
    from crm_tui.desk.staff import preferences as preferences
    from crm_tui.desk.staff import property as property  # noqa: A004 -- the room is called so
    from crm_tui.desk.staff import setup as setup
    from crm_tui.desk.staff import sign_in as sign_in
    from crm_tui.desk.staff import team as team
    from crm_tui.desk.stays import booking as booking
    from crm_tui.desk.stays import reservation_files as reservation_files
    from crm_tui.desk.stays import reservation_guests as reservation_guests
    from crm_tui.desk.stays import reservation_import as reservation_import
    from crm_tui.desk.stays import reservation_links as reservation_links
    from crm_tui.desk.stays import reservation_lists as reservation_lists
    from crm_tui.desk.stays import reservation_report as reservation_report
    from crm_tui.desk.stays import reservation_status as reservation_status
    from crm_tui.desk.stays import reservation_whole as reservation_whole
    from crm_tui.desk.stays import reservations as reservations
    from crm_tui.desk.texts import template_starter as template_starter
    from crm_tui.desk.texts import template_use as template_use
    from crm_tui.desk.texts import template_variables as template_variables
    from crm_tui.desk.texts import templates as templates
    from crm_tui.desk.ticketing import routing_profiles as routing_profiles
    from crm_tui.desk.ticketing import stages as stages
    from crm_tui.desk.ticketing import ticket_routing as ticket_routing
    from crm_tui.desk.ticketing import tickets as tickets
    from crm_tui.desk.undoing import undo as undo
    from crm_tui.desk.upkeep import checking as checking
    from crm_tui.desk.upkeep import diagnosis as diagnosis
    from crm_tui.desk.upkeep import maintenance as maintenance
    from crm_tui.desk.watchlists import airports as airports
    from crm_tui.desk.watchlists import departures as departures
    from crm_tui.desk.watchlists import flights as flights
    from crm_tui.desk.watchlists import gateway as gateway
    from crm_tui.desk.watchlists import notice_lists as notice_lists
    from crm_tui.desk.watchlists import notice_stops as notice_stops
    from crm_tui.desk.watchlists import notices as notices
    from crm_tui.desk.watchlists import payment_watch as payment_watch
    from crm_tui.desk.watchlists import watch_export as watch_export
    from crm_tui.desk.working import metrics as metrics
    from crm_tui.desk.working import metrics_live as metrics_live
    from crm_tui.desk.working import metrics_views as metrics_views
    from crm_tui.desk.working import pause_corrections as pause_corrections
    from crm_tui.desk.working import timer_corrections as timer_corrections
    from crm_tui.desk.working import timers as timers


@cache
def _homes() -> dict[str, str]:
    rooms = [room for room in pkgutil.iter_modules(__path__) if room.ispkg]
    return {
        module.name: f"{__name__}.{room.name}.{module.name}"
        for room in rooms
        if room.name != "reports"
        for module in pkgutil.iter_modules([f"{__path__[0]}/{room.name}"])
    }


def where(name: str) -> str:
    """The full name of a module of the desk, to be imported.

    Raises:
        LookupError: there is no such module.
    """
    return f"{__name__}.reports" if name == "reports" else _homes()[name]


def __getattr__(name: str) -> Any:
    try:
        full = where(name)
    except LookupError:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}") from None
    module = globals()[name] = importlib.import_module(full)
    return module
