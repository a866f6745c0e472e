"""``guest erase``, ``guest export``, ``guest consents``, ``retention`` and ``erasure`` (SPEC §6)."""

from __future__ import annotations

import json
import re
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from crm_tui.base.errors import Conflict, StoreError
from crm_tui.base.i18n import _, ngettext
from crm_tui.base.paths import write_private
from crm_tui.cli.invocation import Invocation
from crm_tui.cli.output import yes
from crm_tui.cli.times import moment, zone_of
from crm_tui.cli.usage import UsageError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from crm_tui.desk.privacy.erasing_views import Place, Report
    from crm_tui.desk.privacy.retention_views import RuleView


def erase(run: Invocation) -> int:
    """Erase a person, after asking; or say what it would erase."""
    from crm_tui import desk
    from crm_tui.desk.privacy.erasing_views import kept, lines

    said = run.options
    also = _also(said.also)
    with run.desk() as ctx:
        seen = desk.erasing.preview(ctx, said.id)
        if said.dry_run:
            _tell(
                run, seen.report, _("Erasing {name} would remove:").format(name=seen.name), seen.warnings, seen.places
            )
            return 0
        if not said.yes:
            if run.out.as_json:
                raise UsageError(_("Erasing cannot be taken back."), _("Say --yes to erase, --dry-run to look first."))
            for line in (*lines(seen.report), *seen.warnings):
                run.out.line(f"  {line}")
            _tell_places(run, seen.places)
            if not yes(_("Erase {name} for good?").format(name=seen.name)):
                raise Conflict(_("Nothing was erased."))
        report = desk.erasing.erase(ctx, said.id, said.reason, seen=seen.seen, also=also)
    _tell(run, report, _("Guest {number} is erased:").format(number=report.guest))
    if not run.out.as_json:
        run.out.line(_("What stays:"))
        for line in kept(report):
            run.out.line(f"  {line}")
        if not report.swept:
            run.out.note(_("Somebody reads the store just now; the rest of its file is cleaned with the next backup."))
    return 0


def _also(said: str) -> str | list[str]:
    """Which places, as they were typed.

    Raises:
        UsageError: so they are not called.
    """
    if said in ("all", "linked", "none"):
        return said
    keys = [one for one in re.split(r"[,\s]+", said) if one]
    wrong = next((one for one in keys if not re.fullmatch(r"[a-z_]+:\d+(?:\.\d+)?", one)), None)
    if wrong is not None or not keys:
        raise UsageError(
            _("{place} is no place.").format(place=wrong or said),
            _("Say all, linked, none, or places as --dry-run lists them: memo:12,message:4.2"),
        )
    return keys


def _tell(
    run: Invocation,
    report: Report,
    title: str,
    warnings: tuple[str, ...] = (),
    places: tuple[Place, ...] = (),
) -> None:
    from crm_tui.desk.privacy.erasing_views import lines

    if run.out.as_json:
        more: dict[str, Any] = {"warnings": list(warnings)} if warnings else {}
        if places:
            more["places"] = [{"place": one.key, "linked": one.linked, "sentence": one.sentence} for one in places]
        run.out.record(_record(report) | more)
        return
    run.out.line(title, "bold")
    for line in (*lines(report), *warnings):
        run.out.line(f"  {line}")
    _tell_places(run, places)


def _tell_places(run: Invocation, places: tuple[Place, ...]) -> None:
    """Where the surname stands alone; those marked go by themselves."""
    if places:
        run.out.line(_("The surname alone, in what is about others ([x]: linked to the guest; --also says which go):"))
    for one in places:
        run.out.line(f"  {'[x]' if one.linked else '[ ]'} {one.key}  {one.sentence}")


def _record(report: Report) -> dict[str, Any]:
    return {
        "id": report.id or None,
        "guest": report.guest,
        "erased": dict(report.counts),
        "left": report.left,
        "namesake": report.namesake,
        "left_places": [{"kind": kind, "id": number, "times": times} for kind, number, times in report.places],
        "unread": report.unread,
        "unread_linked": report.unread_linked,
        "reason": report.reason or None,
        "at": report.at,
        "by": report.by or None,
        "clean": report.swept,
        "again": report.again,
    }


def export(run: Invocation) -> int:
    """Write or print everything that is held on a guest; what cannot be journaled is not handed out."""
    from crm_tui import desk
    from crm_tui.desk.privacy.guest_record_text import as_text, left_out_words

    said = run.options
    as_words = said.text or said.file.endswith(".txt") or not (said.file or run.out.as_json)
    path = Path(said.file).expanduser()
    if said.file and path.exists() and not (said.overwrite and path.is_file()):
        raise Conflict(
            _("There is a file {path} already; nothing was written.").format(path=path),
            _("Choose another name, or say --overwrite."),
        )
    with run.desk() as ctx:
        whole = desk.guest_record.record(ctx, said.id)
        desk.guest_record.noted(ctx, said.id)
        files = (
            desk.guest_record.write_files(ctx, whole, Path(said.attachments).expanduser()) if said.attachments else []
        )
    content = as_text(whole) if as_words else json.dumps(whole, ensure_ascii=False, indent=2) + "\n"
    if not said.file:
        if as_words:
            run.out.text(content)
        else:
            run.out.record(whole)
        return 0
    try:
        write_private(path, content.encode())
    except OSError as error:
        raise StoreError(_("{path} cannot be written: {error}.").format(path=path, error=error.strerror)) from None
    if run.out.as_json:
        left = whole["left_out"]
        run.out.record({"guest": whole["guest"], "file": str(path), "attachments": len(files), "left_out": left})
        return 0
    run.out.line(_("All that is held on guest {number} is in {path}.").format(number=whole["guest"], path=path))
    if said.attachments:
        run.out.line(ngettext("{n} file was written.", "{n} files were written.", len(files)).format(n=len(files)))
    if left_out := left_out_words(whole):
        run.out.line(left_out, "yellow")
    return 0


def consents(run: Invocation) -> int:
    """Print what a guest said about being written to or called, the newest first."""
    from crm_tui import desk
    from crm_tui.desk.client_base.guest_views import CONSENTS

    with run.desk() as ctx:
        words = desk.consents.consent_history(ctx, run.options.id)
        zone = zone_of(ctx)
    if run.out.as_json:
        for one in words:
            facts: dict[str, Any] = {"channel": one.channel, "given": one.given, "day": one.day}
            facts |= {"source": one.source or None, "agent": one.agent or None, "noted_at": one.at, "holds": one.holds}
            run.out.record(facts | {"profile": one.profile or None})
        return 0
    rows = [
        [
            _(CONSENTS[one.channel]),
            _("yes") if one.given else _("no"),
            one.day.isoformat(),
            one.source,
            one.agent,
            moment(one.at, zone),
            _("holds") if one.holds else "",
        ]
        for one in words
    ]
    if rows:
        titles = (_("Channel"), _("Answer"), _("Day"), _("Source"), _("Agent"), _("Noted"), "")
        run.out.table(titles, rows)
    if silent := desk.consents.never_said(words):
        names = ", ".join(_(CONSENTS[one]) for one in silent)
        run.out.line(_("Never spoken of, which is a no: {names}").format(names=names))
    return 0


def list_rules(run: Invocation) -> int:
    """Print the rules."""
    from crm_tui import desk

    with run.desk() as ctx:
        rules = desk.retention.rules(ctx)
    if run.out.as_json:
        for one in rules:
            run.out.record(_rule(one))
        return 0
    if not rules:
        run.out.line(_("There is no rule yet. Make one with: crm-tui retention add NAME MONTHS"))
        return 0
    rows = [[one.id, one.name, one.months, one.words or _("every guest")] for one in rules]
    run.out.table((_("ID"), _("Name"), _("Months"), _("Of")), rows, right=(0, 2))
    return 0


def _rule(one: RuleView) -> dict[str, Any]:
    return {"id": one.id, "name": one.name, "months": one.months, "criteria": one.criteria.to_json()}


def add_rule(run: Invocation) -> int:
    """Make a rule."""
    from crm_tui import desk
    from crm_tui.rules.guest_criteria import CriteriaFault, GuestCriteria

    said = run.options
    try:
        asked = json.loads(said.criteria or "{}")
        unknown = asked.keys() - GuestCriteria.__dataclass_fields__.keys()
        criteria = GuestCriteria.from_json(asked)
    except (ValueError, AttributeError, CriteriaFault):
        raise UsageError(_("These are no criteria."), _('Write them like {"never_booked": true}.')) from None
    if unknown:
        raise UsageError(_("There is no criterion {name}.").format(name=min(unknown)))
    with run.desk() as ctx:
        made = desk.retention.add(ctx, said.name, said.months, criteria)
        rule = next(one for one in desk.retention.rules(ctx) if one.id == made)
    if run.out.as_json:
        run.out.record(_rule(rule))
    else:
        run.out.line(_("{name} is rule {number}.").format(name=rule.name, number=made))
    return 0


def remove_rule(run: Invocation) -> int:
    """Take a rule away."""
    from crm_tui import desk

    with run.desk() as ctx:
        desk.retention.remove(ctx, run.options.id)
    if run.out.as_json:
        run.out.record({"removed": run.options.id})
    else:
        run.out.line(_("Rule {number} is gone.").format(number=run.options.id))
    return 0


def proposals(run: Invocation) -> int:
    """Print whom the rules propose to erase."""
    from crm_tui import desk

    with run.desk() as ctx, _working(run):
        found = desk.retention.proposals(ctx, rule=run.options.rule)
    shown = found if run.options.limit is None else found[: run.options.limit]
    if run.out.as_json:
        for one in shown:
            facts = {"guest": one.guest, "name": one.name, "kind": one.kind, "last_contact": one.last}
            more = {"months": one.months, "last_stay": one.departed, "consents": list(one.consents)}
            run.out.record(facts | more | {"rules": list(one.rules), "reason": one.reason})
        return 0
    if not shown:
        run.out.line(_("Nobody is proposed."))
        return 0
    rows = [[one.guest, one.name, one.reason, ", ".join(one.rules)] for one in shown]
    run.out.table((_("ID"), _("Name"), _("Why"), _("Rule")), rows, right=(0,))
    if len(shown) < len(found):
        run.out.line(_("{n} of {all}").format(n=len(shown), all=len(found)))
    return 0


@contextmanager
def _working(run: Invocation) -> Iterator[None]:
    shown = run.progress()
    shown.step(_("Looking through the guests"))
    try:
        yield
    finally:
        shown.done()


def keep(run: Invocation) -> int:
    """Propose guests no more until a day."""
    from crm_tui import desk
    from crm_tui.rules.days import DayFault, read_day

    said = run.options
    with run.desk() as ctx:
        try:
            until = read_day(said.until, ctx.clock.now().astimezone(zone_of(ctx)).date())
        except DayFault:
            raise UsageError(_("{day} is no day.").format(day=said.until)) from None
        kept = desk.retention.keep(ctx, said.ids, until)
    if run.out.as_json:
        run.out.record({"kept": kept, "until": until})
    else:
        words = ngettext("{n} guest is kept until {day}.", "{n} guests are kept until {day}.", kept)
        run.out.line(words.format(n=kept, day=until.isoformat()))
    return 0


def list_erasures(run: Invocation) -> int:
    """Print past erasures, the newest first."""
    from crm_tui import desk

    with run.desk() as ctx:
        found = desk.erasing.listed(ctx)
        zone = zone_of(ctx)
    if run.out.as_json:
        for one in found:
            run.out.record(_record(one))
        return 0
    if not found:
        run.out.line(_("Nobody was erased yet."))
        return 0
    rows = [
        [one.id, one.guest, moment(one.at, zone) if one.at else "", one.by, one.reason, sum(one.counts.values())]
        for one in found
    ]
    run.out.table((_("ID"), _("Guest"), _("When"), _("Who"), _("Reason"), _("Erased")), rows, right=(0, 1, 5))
    return 0


def show_erasure(run: Invocation) -> int:
    """Print the report of an erasure."""
    from crm_tui import desk
    from crm_tui.base.errors import NotFound
    from crm_tui.desk.privacy.erasing_views import kept

    with run.desk() as ctx:
        found = next((one for one in desk.erasing.listed(ctx) if one.id == run.options.id), None)
    if found is None:
        raise NotFound(_("There is no erasure {number}.").format(number=run.options.id))
    _tell(run, found, _("Guest {number} is erased:").format(number=found.guest))
    if not run.out.as_json:
        run.out.line(_("What stays:"))
        for line in kept(found):
            run.out.line(f"  {line}")
    return 0
