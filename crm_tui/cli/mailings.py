"""``mailing``: a template to the guests of a package, one mail after the other (SPEC §6)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from crm_tui.base.i18n import _, ngettext
from crm_tui.cli.invocation import Invocation
from crm_tui.cli.output import yes
from crm_tui.cli.usage import UsageError

if TYPE_CHECKING:
    from crm_tui.desk.common.context import Context
    from crm_tui.desk.groups.mailing_views import Letter, MailingItemRow, MailingPreview, MailingView, Whom


def preview(run: Invocation) -> int:
    """Print who may be written to and who not, and why; or the mail of one guest. Exit code 1 if nobody may."""
    from crm_tui import desk

    with run.desk() as ctx:
        shown = _prepared(ctx, run)
        if run.options.guest:
            letter = desk.mailings.letter_for(ctx, shown, run.options.guest)
            return _letter(run, letter)
    if run.out.as_json:
        for one in (*shown.ready, *shown.left_out):
            run.out.record(_whom(one))
        return 0 if shown.ready else 1
    _told(run, shown)
    return 0 if shown.ready else 1


def _told(run: Invocation, shown: MailingPreview) -> None:
    rows = [[one.id, one.name, one.address, one.language, one.words] for one in (*shown.ready, *shown.left_out)]
    run.out.table((_("Guest"), _("Name"), _("Address"), _("Text"), _("Left out")), rows, right=(0,))
    run.out.line(shown.summary, "bold")
    if shown.had:
        words = ngettext("{n} had it already.", "{n} had it already.", shown.had)
        run.out.line(words.format(n=shown.had))


def start(run: Invocation) -> int:
    """Start a mailing."""
    from crm_tui import desk

    with run.desk() as ctx:
        shown = _prepared(ctx, run)
        if shown.ready and not run.options.yes and not run.out.as_json:
            _told(run, shown)
            number = len(shown.ready)
            words = ngettext("Write “{name}” to {n} guest?", "Write “{name}” to {n} guests?", number)
            if not yes(words.format(name=shown.template_name, n=number)):
                run.out.line(_("Nothing was started. Say --yes where nobody can be asked."))
                return 1
        found = desk.mailings.progress(ctx, desk.mailings.start(ctx, shown))
    return _tell(run, found)


def _prepared(ctx: Context, run: Invocation) -> MailingPreview:
    from crm_tui import desk

    options = run.options
    package = desk.packages.named(ctx, options.package)
    template = _template(ctx, options.template, options.language)
    account = None
    if options.account:
        known = [one.id for one in desk.accounts.all(ctx) if options.account in (one.address, str(one.id))]
        if not known:
            raise UsageError(_("There is no account {name}.").format(name=options.account))
        account = known[0]
    return desk.mailings.prepare(ctx, package.id, template, options.channel, account_id=account, again=options.again)


def _template(ctx: Context, given: str, language: str) -> int:
    """The template of that number or name; every language of it is used, so whichever is meant."""
    from crm_tui import desk
    from crm_tui.cli.templates import meant
    from crm_tui.mail.text import fold_text

    found = [one for one in desk.templates.listed(ctx) if fold_text(one.name) == fold_text(given.strip())]
    if found and not language:
        return int(found[0].id)
    return int(meant(ctx, given, language).id)


def status(run: Invocation) -> int:
    """Print the mailings, or one guest by guest."""
    from crm_tui import desk

    number = run.options.mailing
    with run.desk() as ctx:
        found = [desk.mailings.progress(ctx, number)] if number else desk.mailings.listed(ctx)
        items = desk.mailing_rows.Items(number).page(ctx, limit=10**9) if number else []
    if run.out.as_json:
        for one in found:
            more = {"items": [_item(row) for row in items]} if number else {}
            run.out.record(_record(one) | more)
        return 0
    if not found:
        run.out.line(_("No mailing yet. Start one with: crm-tui mailing start PACKAGE TEMPLATE"))
        return 0
    rows = [[one.id, one.template_name, one.package_name, _state(one), one.summary] for one in found]
    run.out.table((_("ID"), _("Template"), _("Package"), _("State"), _("How far")), rows, right=(0,))
    if number:
        run.out.line()
        cells = [[row.guest, row.name, row.address, _item_state(row), row.words] for row in items]
        run.out.table((_("Guest"), _("Name"), _("Address"), _("State"), _("Why")), cells, right=(0,))
    for one in found:
        if one.holdup:
            run.out.line(f"{one.id}: {one.holdup}", "yellow")
    return 0


def pause(run: Invocation) -> int:
    """Send no more for now."""
    from crm_tui import desk

    with run.desk() as ctx:
        found = desk.mailings.pause(ctx, run.options.mailing)
    return _tell(run, found)


def resume(run: Invocation) -> int:
    """Go on."""
    from crm_tui import desk

    with run.desk() as ctx:
        found = desk.mailings.resume(ctx, run.options.mailing)
    return _tell(run, found)


def stop(run: Invocation) -> int:
    """End it for good."""
    from crm_tui import desk

    with run.desk() as ctx:
        found = desk.mailings.stop(ctx, run.options.mailing)
    return _tell(run, found)


def retry(run: Invocation) -> int:
    """Send what failed again. Exit code 1 if nothing could be."""
    from crm_tui import desk

    with run.desk() as ctx:
        again = desk.mailings.retry(ctx, run.options.mailing)
        found = desk.mailings.progress(ctx, run.options.mailing)
    _tell(run, found)
    return 0 if again else 1


def _letter(run: Invocation, letter: Letter) -> int:
    if run.out.as_json:
        names = ("guest", "name", "address", "language", "subject", "text")
        more = {"gaps": list(letter.gaps), "error": letter.error or None}
        run.out.record({name: getattr(letter, name) for name in names} | more)
    else:
        run.out.line(f"{letter.name} <{letter.address}> · {letter.language}", "bold")
        run.out.line(letter.subject)
        run.out.line()
        run.out.text(letter.text)
        if letter.error or letter.gaps:
            run.out.line(letter.error or _("Missing: {names}.").format(names=", ".join(letter.gaps)), "red")
    return 1 if letter.error or letter.gaps else 0


def _tell(run: Invocation, found: MailingView) -> int:
    if run.out.as_json:
        run.out.record(_record(found))
        return 0
    words = _("Mailing {number}, {state}: {summary}.")
    run.out.line(words.format(number=found.id, state=_state(found), summary=found.summary))
    if found.holdup:
        run.out.line(found.holdup, "yellow")
    return 0


def _state(found: MailingView) -> str:
    from crm_tui.desk.common.words import said
    from crm_tui.desk.groups.mailing_views import STATES

    return said(STATES, found.state)


def _item_state(row: MailingItemRow) -> str:
    from crm_tui.desk.common.words import said
    from crm_tui.desk.groups.mailing_views import ITEM_STATES

    return said(ITEM_STATES, row.state)


def _whom(one: Whom) -> dict[str, Any]:
    return {
        "guest": one.id,
        "name": one.name,
        "address": one.address or None,
        "language": one.language or None,
        "ready": not one.reason,
        "reason": one.reason or None,
        "words": one.words or None,
    }


def _item(row: MailingItemRow) -> dict[str, Any]:
    return {
        "guest": row.guest,
        "name": row.name,
        "address": row.address or None,
        "state": row.state,
        "words": row.words or None,
        "conversation": row.conversation,
        "changed_at": row.changed_at,
    }


def _record(found: MailingView) -> dict[str, Any]:
    names = ("id", "package", "package_name", "template_name", "channel", "sender", "state", "agent")
    numbers = ("sent", "failed", "waiting", "under_way", "left_out", "stopped", "no_consent", "total")
    return {
        **{name: getattr(found, name) for name in (*names, *numbers)},
        "next": found.next_name or None,
        "holdup": found.holdup or None,
        "created_at": found.created_at,
        "finished_at": found.finished_at,
    }
