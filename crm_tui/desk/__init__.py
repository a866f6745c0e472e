"""What a receptionist does, one module a job: commands and queries over the store, the mail room and the rules.

``from crm_tui import desk`` costs nothing: a module is imported when it is first used, so that the first frame is painted
before the database library is loaded. Every function takes a :class:`~crm_tui.desk.context.Context` first and returns
frozen dataclasses or plain values.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from crm_tui.desk import (
        accounts as accounts,
    )
    from crm_tui.desk import (
        airports as airports,
    )
    from crm_tui.desk import (
        attribute_merging as attribute_merging,
    )
    from crm_tui.desk import (
        attributes as attributes,
    )
    from crm_tui.desk import (
        booking as booking,
    )
    from crm_tui.desk import (
        changes as changes,
    )
    from crm_tui.desk import (
        checking as checking,
    )
    from crm_tui.desk import (
        completing as completing,
    )
    from crm_tui.desk import (
        context as context,
    )
    from crm_tui.desk import (
        correspondents as correspondents,
    )
    from crm_tui.desk import (
        delivery as delivery,
    )
    from crm_tui.desk import (
        departments as departments,
    )
    from crm_tui.desk import (
        departures as departures,
    )
    from crm_tui.desk import (
        drafts as drafts,
    )
    from crm_tui.desk import (
        event_types as event_types,
    )
    from crm_tui.desk import (
        events as events,
    )
    from crm_tui.desk import (
        feedback as feedback,
    )
    from crm_tui.desk import (
        flags as flags,
    )
    from crm_tui.desk import (
        folders as folders,
    )
    from crm_tui.desk import (
        folio_routes as folio_routes,
    )
    from crm_tui.desk import (
        folio_statement as folio_statement,
    )
    from crm_tui.desk import (
        folios as folios,
    )
    from crm_tui.desk import (
        guest_history as guest_history,
    )
    from crm_tui.desk import (
        guest_lists as guest_lists,
    )
    from crm_tui.desk import (
        guest_mail as guest_mail,
    )
    from crm_tui.desk import (
        guest_profile as guest_profile,
    )
    from crm_tui.desk import (
        guests as guests,
    )
    from crm_tui.desk import (
        handover as handover,
    )
    from crm_tui.desk import (
        history as history,
    )
    from crm_tui.desk import (
        importing as importing,
    )
    from crm_tui.desk import (
        inquiries as inquiries,
    )
    from crm_tui.desk import (
        inquiry_guests as inquiry_guests,
    )
    from crm_tui.desk import (
        inquiry_views as inquiry_views,
    )
    from crm_tui.desk import (
        internal as internal,
    )
    from crm_tui.desk import (
        journal_view as journal_view,
    )
    from crm_tui.desk import (
        linking as linking,
    )
    from crm_tui.desk import (
        mailbox as mailbox,
    )
    from crm_tui.desk import (
        mailing_queue as mailing_queue,
    )
    from crm_tui.desk import (
        mailing_rows as mailing_rows,
    )
    from crm_tui.desk import (
        mailings as mailings,
    )
    from crm_tui.desk import (
        maintenance as maintenance,
    )
    from crm_tui.desk import (
        memos as memos,
    )
    from crm_tui.desk import (
        metrics as metrics,
    )
    from crm_tui.desk import (
        metrics_live as metrics_live,
    )
    from crm_tui.desk import (
        metrics_views as metrics_views,
    )
    from crm_tui.desk import (
        money_typed as money_typed,
    )
    from crm_tui.desk import (
        morning as morning,
    )
    from crm_tui.desk import (
        noted as noted,
    )
    from crm_tui.desk import (
        notes as notes,
    )
    from crm_tui.desk import (
        notice_lists as notice_lists,
    )
    from crm_tui.desk import (
        notice_stops as notice_stops,
    )
    from crm_tui.desk import (
        notices as notices,
    )
    from crm_tui.desk import (
        operators as operators,
    )
    from crm_tui.desk import (
        outbox as outbox,
    )
    from crm_tui.desk import (
        package_search as package_search,
    )
    from crm_tui.desk import (
        packages as packages,
    )
    from crm_tui.desk import (
        payment_watch as payment_watch,
    )
    from crm_tui.desk import (
        payments as payments,
    )
    from crm_tui.desk import (
        periods as periods,
    )
    from crm_tui.desk import (
        permissions as permissions,
    )
    from crm_tui.desk import (
        postings as postings,
    )
    from crm_tui.desk import (
        preferences as preferences,
    )
    from crm_tui.desk import (
        presence as presence,
    )
    from crm_tui.desk import (
        property as property,  # noqa: A004 -- the room is called so
    )
    from crm_tui.desk import (
        proposing as proposing,
    )
    from crm_tui.desk import (
        quality_codes as quality_codes,
    )
    from crm_tui.desk import (
        quality_costs as quality_costs,
    )
    from crm_tui.desk import (
        quality_export as quality_export,
    )
    from crm_tui.desk import (
        quality_items as quality_items,
    )
    from crm_tui.desk import (
        quality_reports as quality_reports,
    )
    from crm_tui.desk import (
        quality_views as quality_views,
    )
    from crm_tui.desk import (
        reading as reading,
    )
    from crm_tui.desk import (
        recall as recall,
    )
    from crm_tui.desk import (
        reminder_board as reminder_board,
    )
    from crm_tui.desk import (
        reminder_calendar as reminder_calendar,
    )
    from crm_tui.desk import (
        reminder_rows as reminder_rows,
    )
    from crm_tui.desk import (
        reminder_search as reminder_search,
    )
    from crm_tui.desk import (
        reminders as reminders,
    )
    from crm_tui.desk import (
        replies as replies,
    )
    from crm_tui.desk import (
        reports as reports,
    )
    from crm_tui.desk import (
        reservation_lists as reservation_lists,
    )
    from crm_tui.desk import (
        reservation_status as reservation_status,
    )
    from crm_tui.desk import (
        routing_profiles as routing_profiles,
    )
    from crm_tui.desk import (
        saved_views as saved_views,
    )
    from crm_tui.desk import (
        schedule_edits as schedule_edits,
    )
    from crm_tui.desk import (
        schedules as schedules,
    )
    from crm_tui.desk import (
        search as search,
    )
    from crm_tui.desk import (
        setup as setup,
    )
    from crm_tui.desk import (
        sign_in as sign_in,
    )
    from crm_tui.desk import (
        snoozing as snoozing,
    )
    from crm_tui.desk import (
        splitting as splitting,
    )
    from crm_tui.desk import (
        statements as statements,
    )
    from crm_tui.desk import (
        summary as summary,
    )
    from crm_tui.desk import (
        tagging as tagging,
    )
    from crm_tui.desk import (
        team as team,
    )
    from crm_tui.desk import (
        template_starter as template_starter,
    )
    from crm_tui.desk import (
        template_use as template_use,
    )
    from crm_tui.desk import (
        template_variables as template_variables,
    )
    from crm_tui.desk import (
        templates as templates,
    )
    from crm_tui.desk import (
        term_words as term_words,
    )
    from crm_tui.desk import (
        terms as terms,
    )
    from crm_tui.desk import (
        tickets as tickets,
    )
    from crm_tui.desk import (
        timer_corrections as timer_corrections,
    )
    from crm_tui.desk import (
        timers as timers,
    )
    from crm_tui.desk import (
        triage as triage,
    )
    from crm_tui.desk import (
        undo as undo,
    )
    from crm_tui.desk import (
        views as views,
    )
    from crm_tui.desk import (
        waiting as waiting,
    )
    from crm_tui.desk import (
        watch_export as watch_export,
    )
    from crm_tui.desk import (
        wishes as wishes,
    )


def __getattr__(name: str) -> Any:
    if name.startswith("_"):
        raise AttributeError(name)
    try:
        return importlib.import_module(f"{__name__}.{name}")
    except ModuleNotFoundError as error:
        if error.name == f"{__name__}.{name}":
            raise AttributeError(name) from None
        raise
