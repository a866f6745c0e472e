"""``guest merge``, ``guest unmerge`` and ``list duplicates`` (SPEC §6)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from crm_tui.base.i18n import _, ngettext
from crm_tui.cli.invocation import Invocation
from crm_tui.cli.mail import limit_of
from crm_tui.cli.usage import UsageError

if TYPE_CHECKING:
    from crm_tui.desk.merges.duplicate_views import SuggestionView
    from crm_tui.desk.merges.guest_merge_views import MergePreview


def merge(run: Invocation) -> int:
    """Merge guests into one, or say what it would make."""
    from crm_tui import desk
    from crm_tui.desk.merges.guest_merge_views import consent_lost

    said = run.options
    choices = _choices(said.take)
    with run.desk() as ctx:
        seen = desk.guest_merging.preview(ctx, said.main, said.others, choices)
        if not said.dry_run:
            desk.guest_merging.merge(ctx, said.main, said.others, choices, sure=said.sure, versions=seen.versions)
    if run.out.as_json:
        run.out.record(_record(seen) | {"merged": not said.dry_run})
        return 0
    main = seen.guests[0]
    if said.dry_run:
        _show(run, seen)
        return 0
    count = len(seen.guests) - 1
    words = ngettext(
        "{n} guest is merged into {name}, guest {number}.", "{n} guests are merged into {name}, guest {number}.", count
    )
    run.out.line(words.format(n=count, name=main.name, number=main.id))
    for one in seen.consents:
        if one.narrowed:
            run.out.note(consent_lost(one.channel))
    return 0


def _choices(given: list[str]) -> dict[str, int]:
    """``given=7``: that field of guest 7."""
    found = {}
    for one in given:
        name, sign, number = one.partition("=")
        if not sign or not number.isdecimal():
            raise UsageError(
                _("--take says whose field counts, like {example}; this does not: {given}").format(
                    example="--take surname=7", given=one
                )
            )
        found[name.strip()] = int(number)
    return found


def _show(run: Invocation, seen: MergePreview) -> None:
    """The preview as a table: a column a guest, and what comes out."""
    titles = ("", *(f"{one.name} #{one.id}" for one in seen.guests), _("Result"))
    rows: list[list[Any]] = [[one.title, *one.values, one.result] for one in seen.fields]
    for union in seen.unions:
        if union.items:
            each = [", ".join(text for text, who in union.items if one.id in who) for one in seen.guests]
            rows.append([union.title, *each, ", ".join(text for text, _who in union.items)])
    words = {True: _("yes"), False: _("no"), None: _("never asked")}
    for said in seen.consents:
        rows.append(
            [
                _("consent: {channel}").format(channel=said.channel),
                *(words[one] for one in said.said),
                words[said.result],
            ]
        )
    for move in seen.moves:
        rows.append([move.title, *move.counts, ""])
    run.out.table(titles, rows)
    for difference in seen.differences:
        run.out.note(_("Look twice: {difference}.").format(difference=difference.words))
    if seen.apart:
        run.out.note(_("Somebody said that they are not the same."))


def _record(seen: MergePreview) -> dict[str, Any]:
    return {
        "main": seen.guests[0].id,
        "others": [one.id for one in seen.guests[1:]],
        "fields": {
            one.name: {"values": list(one.values), "taken": one.chosen or None, "result": one.result}
            for one in seen.fields
        },
        **{one.name: [text for text, _who in one.items] for one in seen.unions},
        "consents": {one.channel: {"said": list(one.said), "result": one.result} for one in seen.consents},
        "moves": {one.name: list(one.counts) for one in seen.moves},
        "differences": [
            {"field": one.field, "guests": list(one.guests), "values": [one.one, one.other]} for one in seen.differences
        ],
    }


def unmerge(run: Invocation) -> int:
    """Give a guest who was merged a profile of their own again."""
    from crm_tui import desk

    with run.desk() as ctx:
        number = desk.guest_merging.unmerge(ctx, desk.guest_merging.merge_of(ctx, run.options.id))
        found = desk.guests.get(ctx, number)
    if run.out.as_json:
        run.out.record({"id": number, "name": found.name})
    else:
        run.out.line(_("{name} is guest {number} again.").format(name=found.name, number=number))
    return 0


def list_duplicates(run: Invocation) -> int:
    """Print who may be in the client base twice, the surest first."""
    from crm_tui import desk

    limit = limit_of(run)
    with run.desk() as ctx:
        found = desk.duplicates.find(ctx, run.progress())
        shown = [one for one in desk.duplicates.views(ctx, found[:limit]) if one is not None]
    if run.out.as_json:
        for one in shown:
            run.out.record(_suggestion(one))
        return 0
    if not shown:
        run.out.line(_("Nobody seems to be in the client base twice."))
        return 0
    rows = [
        [
            one.score,
            " = ".join(f"{name} #{number}" for name, number in zip(one.names, one.guests, strict=True)),
            one.words,
        ]
        for one in shown
    ]
    run.out.table((_("Score"), _("Guests"), _("Why")), rows, right=(0,))
    if len(found) > len(shown):
        run.out.note(_("{n} more; see all with --limit.").format(n=len(found) - len(shown)))
    return 0


def _suggestion(one: SuggestionView) -> dict[str, Any]:
    guests = [{"id": number, "name": name} for number, name in zip(one.guests, one.names, strict=True)]
    return {"score": one.score, "guests": guests, "reasons": list(one.reasons), "shared": one.shared}
