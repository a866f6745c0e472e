"""``notices``: reminders of payments, by themselves and by hand (SPEC §8)."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

from crm_tui.base.errors import InvalidInput, NotFound
from crm_tui.base.i18n import _, ngettext
from crm_tui.cli.invocation import Invocation

if TYPE_CHECKING:
    from crm_tui.base.redact import Secret
    from crm_tui.desk.common.context import Context
    from crm_tui.desk.watchlists.gateway import GatewayState, Outcome
    from crm_tui.desk.watchlists.notice_views import NoticeView, PlannedNotice, StopView


def preview(run: Invocation) -> int:
    """Print what the next run would send and what not. Exit code 0 also if it would send nothing."""
    from crm_tui import desk

    with run.desk() as ctx:
        shown = desk.notices.preview(ctx)
    if run.out.as_json:
        for one in shown.planned:
            run.out.record(_planned(one) | {"at": shown.at})
        return 0
    titles = (_("Reservation"), _("Guest"), _("Due"), _("Missing"), _("By"), _("To"), _("Not sent"))
    rows = [
        [one.code, one.name, one.due, str(one.amount), _channel(one.channel), one.address, one.words]
        for one in shown.planned
    ]
    if rows:
        run.out.table(titles, rows, right=(3,))
    ready = len(shown.ready)
    words = ngettext("{n} reminder would go out at {at}.", "{n} reminders would go out at {at}.", ready)
    run.out.line(words.format(n=ready, at=f"{shown.at:%Y-%m-%d %H:%M}"), "bold")
    if shown.holdup:
        run.out.line(shown.holdup, "yellow")
    return 0


def run_once(run: Invocation) -> int:
    """Make and send what is due now; if an engine works on this desk it does so itself."""
    from crm_tui import desk
    from crm_tui.base.progress import CancelEvent
    from crm_tui.desk.common.context import ENGINE
    from crm_tui.engine.lease import Lease
    from crm_tui.engine.notices import NoticeWorker
    from crm_tui.engine.once import engine_turn
    from crm_tui.engine.outbox import OutboxWorker
    from crm_tui.mail.credentials import Credentials

    with run.desk() as ctx:
        before = {one.id: one.state for one in desk.notice_lists.listed(ctx)}
        engine = ctx.acting_as(ENGINE)
        lease, credentials = Lease(engine), Credentials()
        with engine_turn(engine, CancelEvent(), lease) as mine:
            if mine:
                NoticeWorker(engine, lease, credentials).step()
                if desk.notice_lists.mails_waiting(ctx):
                    OutboxWorker(engine, lease, credentials).step()
        found = [one for one in desk.notice_lists.listed(ctx) if before.get(one.id) != one.state]
        holdup = desk.notices.preview(ctx).holdup
    if not mine:
        run.out.note(_("An engine works on this desk: it sends what is due within a minute."))
        return 0
    _tell(run, found, _("Nothing was due."))
    if holdup and not run.out.as_json:
        run.out.line(holdup, "yellow")
    return 1 if any(one.state in ("failed", "uncertain") for one in found) else 0


def list_notices(run: Invocation) -> int:
    """Print the reminders, the newest first."""
    from crm_tui import desk

    with run.desk() as ctx:
        if run.options.reservation:
            found = desk.notice_lists.of_reservation(ctx, _reservation(ctx, run.options.reservation))
        else:
            found = desk.notice_lists.listed(ctx, limit=run.options.limit)
    _tell(run, found, _("No reminder was sent yet."))
    return 0


def send(run: Invocation) -> int:
    """Remind of one reservation by hand."""
    from crm_tui import desk

    options = run.options
    with run.desk() as ctx:
        number = _reservation(ctx, options.reservation)
        shown = desk.notices.draft(ctx, number, options.channel)
        text = shown.text if options.text is None else options.text
        subject = shown.subject if options.subject is None else options.subject
        if options.dry_run:
            if run.out.as_json:
                run.out.record(
                    {
                        "reservation": shown.code,
                        "guest": shown.guest,
                        "name": shown.name,
                        "channel": shown.channel,
                        "address": shown.address,
                        "subject": subject or None,
                        "text": text,
                        "warnings": list(shown.warnings),
                        "gaps": list(shown.gaps),
                    }
                )
                return 0
            run.out.line(f"{shown.name} <{shown.address}>", "bold")
            if subject:
                run.out.line(subject, "bold")
            run.out.text(text)
            for words in shown.warnings:
                run.out.line(words, "yellow")
            return 0
        made = desk.notices.by_hand(ctx, number, options.channel, text, subject=subject or None, sure=options.yes)
        found = desk.notice_lists.get(ctx, made)
    _tell(run, [found], "")
    return 0


def stop(run: Invocation) -> int:
    """Send none to a guest or an address any more; without either print who gets none."""
    from crm_tui import desk

    options = run.options
    with run.desk() as ctx:
        if options.address or options.guest is not None:
            desk.notice_stops.stop(ctx, guest=options.guest, address=options.address)
        found = desk.notice_stops.stops(ctx)
    _stops(run, found)
    return 0


def start(run: Invocation) -> int:
    """Send reminders again. Exit code 1 if they were not stopped."""
    from crm_tui import desk

    options = run.options
    with run.desk() as ctx:
        lifted = desk.notice_stops.start(ctx, guest=options.guest, address=options.address)
        found = desk.notice_stops.stops(ctx)
    if not lifted:
        raise NotFound(_("Reminders were not stopped there."))
    _stops(run, found)
    return 0


def settle(run: Invocation) -> int:
    """Say what became of a reminder."""
    from crm_tui import desk

    options = run.options
    with run.desk() as ctx:
        if options.what == "arrived":
            desk.notices.arrived(ctx, options.notice)
        elif options.what == "again":
            desk.notices.again(ctx, options.notice, may_be_second=True)
        else:
            desk.notices.take_back(ctx, options.notice)
        found = desk.notice_lists.get(ctx, options.notice)
    _tell(run, [found], "")
    return 0


def gateway(run: Invocation) -> int:
    """Show, set up, test or remove the gateway; its address is never printed."""
    from crm_tui.desk.watchlists import gateway as gateways
    from crm_tui.desk.watchlists.gateway import Sent
    from crm_tui.mail.credentials import Credentials

    options, settings, credentials = run.options, run.settings, Credentials()
    with run.desk() as ctx:
        if options.keyring or options.stdin:
            settings = gateways.set_up(ctx, credentials, "keyring", secret=_asked(options.stdin))
        elif options.command:
            settings = gateways.set_up(ctx, credentials, "command", command=options.command)
        elif options.remove:
            settings = gateways.remove(ctx, credentials)
        if settings.notice_gateway == "session" and options.test:
            credentials.hold(gateways.NAME, _asked(stdin=False))
        found = gateways.state(settings, credentials)
        outcome = gateways.try_out(ctx, settings, credentials, options.test) if options.test else None
    _gateway(run, found, settings.notices, outcome)
    return 0 if not found.fault and isinstance(outcome, (Sent, type(None))) else 1


def _asked(stdin: bool) -> Secret:
    from crm_tui.base.redact import Secret

    if stdin:
        text = sys.stdin.readline().strip()
    else:
        from getpass import getpass

        from crm_tui.cli.secrets import at_terminal

        if not at_terminal():
            raise InvalidInput(
                _("Nobody is here to type the address of the gateway."), _("Use --stdin or --command."), "gateway"
            )
        text = getpass(_("Address of the gateway (like twilio://SID:TOKEN@FROM/{phone}): ")).strip()
    if not text:
        raise InvalidInput(_("The address of the gateway is missing."), field="gateway")
    return Secret(text)


def _gateway(run: Invocation, found: GatewayState, mode: str, outcome: Outcome | None) -> None:
    words = "" if outcome is None else outcome.words
    tested = "" if outcome is None else type(outcome).__name__.lower()
    if run.out.as_json:
        run.out.record(
            {
                "source": found.source,
                "service": found.service or None,
                "error": found.fault or None,
                "notices": mode,
                "test": tested or None,
                "words": words or None,
            }
        )
        return
    if not found.set_up:
        run.out.line(_("No SMS gateway is set up."))
    elif found.fault:
        run.out.line(found.fault, "yellow")
    else:
        text = _("SMS go out by {service}; its address comes from: {source}.")
        run.out.line(text.format(service=found.service, source=found.source))
    run.out.line(_("Automatic reminders: {mode}.").format(mode=mode))
    if outcome is not None:
        told = {
            "sent": _("The gateway took the test message."),
            "refused": _("The gateway refused the test message: {words}"),
            "failed": _("The gateway failed; the test message may have gone out: {words}"),
            "unknown": _("The line broke; nobody knows whether the test message went out: {words}"),
        }
        run.out.line(told[tested].format(words=words), "" if tested == "sent" else "yellow")


def _tell(run: Invocation, found: list[NoticeView], nothing: str) -> None:
    if run.out.as_json:
        for one in found:
            run.out.record(_record(one))
        return
    if not found:
        run.out.line(nothing)
        return
    titles = (_("ID"), _("Day"), _("Reservation"), _("Guest"), _("Missing"), _("By"), _("To"), _("State"), _("Why"))
    rows = [
        [
            one.id,
            one.day,
            one.code,
            one.name,
            str(one.amount),
            _channel(one.channel),
            one.address,
            _state(one.state),
            one.error,
        ]
        for one in found
    ]
    run.out.table(titles, rows, right=(0, 4))


def _stops(run: Invocation, found: list[StopView]) -> None:
    if run.out.as_json:
        for one in found:
            run.out.record(
                {
                    "id": one.id,
                    "address": one.address or None,
                    "guest": one.guest,
                    "name": one.name or None,
                    "reason": one.reason,
                    "agent": one.agent or None,
                    "at": one.at,
                }
            )
        return
    if not found:
        run.out.line(_("Nobody opted out of reminders."))
        return
    rows = [[one.address or _("everywhere"), one.guest or "", one.name, one.reason, one.agent] for one in found]
    run.out.table((_("Address"), _("Guest"), _("Name"), _("Why"), _("By")), rows, right=(1,))


def _reservation(ctx: Context, given: str) -> int:
    from crm_tui import desk

    found = desk.reservations.find(ctx, given)
    if found is None and given.isdigit():
        found = desk.reservations.get(ctx, int(given)).id
    if found is None:
        raise NotFound(_("There is no reservation {number}.").format(number=given))
    return found


def _channel(channel: str) -> str:
    from crm_tui.desk.common.words import said
    from crm_tui.desk.watchlists.notice_views import CHANNEL_WORDS

    return said(CHANNEL_WORDS, channel) if channel else ""


def _state(state: str) -> str:
    from crm_tui.desk.common.words import said
    from crm_tui.desk.watchlists.notice_views import STATES

    return said(STATES, state)


def _planned(one: PlannedNotice) -> dict[str, Any]:
    return {
        "reservation": one.code,
        "guest": one.guest,
        "name": one.name or None,
        "line": one.line,
        "kind": one.kind,
        "due": one.due,
        "overdue": one.overdue,
        "missing": one.amount.decimal,
        "currency": one.amount.currency,
        "channel": one.channel or None,
        "address": one.address or None,
        "subject": one.subject or None,
        "text": one.text or None,
        "send": not one.reason,
        "reason": one.reason.lstrip("#") or None,
        "words": one.words or None,
    }


def _record(one: NoticeView) -> dict[str, Any]:
    return {
        "id": one.id,
        "reservation": one.code,
        "guest": one.guest,
        "name": one.name or None,
        "line": one.line,
        "day": one.day,
        "automatic": one.automatic,
        "channel": one.channel,
        "address": one.address,
        "missing": one.amount.decimal,
        "currency": one.amount.currency,
        "state": one.state,
        "words": one.error or None,
        "text": one.text,
        "agent": one.agent or None,
        "created_at": one.created_at,
        "sent_at": one.sent_at,
        "conversation": one.conversation,
    }
