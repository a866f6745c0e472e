"""``package`` and ``list packages``: named sets of guests (SPEC §6)."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from crm_tui.base.i18n import _, ngettext
from crm_tui.cli.invocation import Invocation
from crm_tui.cli.mail import limit_of
from crm_tui.cli.usage import UsageError

if TYPE_CHECKING:
    from crm_tui.desk.common.context import Context
    from crm_tui.desk.groups.package_views import Difference, PackageView
    from crm_tui.rules.guest_criteria import GuestCriteria


def list_packages(run: Invocation) -> int:
    """Print the packages."""
    from crm_tui import desk

    with run.desk() as ctx:
        found = desk.packages.listed(ctx)
    if run.out.as_json:
        for one in found:
            run.out.record(record(one))
        return 0
    if not found:
        run.out.line(_("There are no packages yet. Make one with: crm-tui package create NAME"))
        return 0
    rows = [
        [one.id, one.name, one.size, one.words or _("by hand"), one.refreshed_at.date(), one.mailings] for one in found
    ]
    titles = (_("ID"), _("Name"), _("Guests"), _("Search"), _("Refreshed"), _("Mailings"))
    run.out.table(titles, rows, right=(0, 2, 5))
    return 0


def show(run: Invocation) -> int:
    """Print a package and its guests, by name."""
    from crm_tui import desk

    limit = limit_of(run)
    with run.desk() as ctx:
        found = desk.packages.named(ctx, run.options.package)
        rows = desk.package_search.Members(found.id).page(ctx, limit=limit)
    if run.out.as_json:
        guests = [
            {"id": row.id, "name": row.name, "kind": row.kind, "email": row.email or None, "archived": row.archived}
            for row in rows
        ]
        run.out.record(record(found) | {"members": guests})
        return 0
    run.out.line(_("{name} · package {number}").format(name=found.name, number=found.id), "bold")
    run.out.line(_("Search: {words}").format(words=found.words) if found.words else _("Chosen by hand"))
    titles = (_("ID"), _("Name"), _("Mail"), _("Telephone"), _("Language"))
    run.out.table(titles, [[row.id, row.name, row.email, row.phone, row.language] for row in rows], right=(0,))
    if found.size > len(rows):
        run.out.line(_("… and {count} more: --limit 0 shows all.").format(count=found.size - len(rows)), "dim")
    return 0


def create(run: Invocation) -> int:
    """Make a package."""
    from crm_tui import desk

    options = run.options
    with run.desk() as ctx:
        criteria = _criteria(ctx, run)
        if criteria is not None and options.guest:
            raise UsageError(_("A package comes from a search or from guests."), _("Leave one of them out."))
        made = desk.packages.create(ctx, options.name, criteria, None if criteria is not None else options.guest)
        found = desk.packages.get(ctx, made)
    return _tell(run, found, _("{name} is there; it holds {count}."))


def _criteria(ctx: Context, run: Invocation) -> GuestCriteria | None:
    from crm_tui import desk
    from crm_tui.rules.guest_criteria import CriteriaFault, GuestCriteria

    options = run.options
    if not options.criteria and not options.attribute:
        return None
    try:
        asked = json.loads(options.criteria or "{}")
        if not isinstance(asked, dict):
            raise ValueError
        if options.attribute:
            asked["attributes"] = [desk.attributes.named(ctx, name).id for name in options.attribute]
        criteria = GuestCriteria.from_json(asked)
        unknown = asked.keys() - GuestCriteria.__dataclass_fields__.keys()
    except (CriteriaFault, ValueError, RecursionError):
        raise UsageError(_("These are no criteria."), _('Write them like {"language": "pl"}.')) from None
    if unknown:
        raise UsageError(_("There is no criterion called {name}.").format(name=min(unknown)))
    return criteria


def add(run: Invocation) -> int:
    """Put guests in."""
    from crm_tui import desk

    with run.desk() as ctx:
        before = desk.packages.named(ctx, run.options.package)
        new = desk.packages.add(ctx, before.id, run.options.guests)
        found = desk.packages.get(ctx, before.id)
    return _moved(run, found, new, 0)


def remove(run: Invocation) -> int:
    """Take guests out."""
    from crm_tui import desk

    with run.desk() as ctx:
        before = desk.packages.named(ctx, run.options.package)
        out = desk.packages.take_out(ctx, before.id, run.options.guests)
        found = desk.packages.get(ctx, before.id)
    return _moved(run, found, 0, out)


def refresh(run: Invocation) -> int:
    """Show the difference; take it over unless it was only to be shown."""
    from crm_tui import desk

    options = run.options
    with run.desk() as ctx:
        before = desk.packages.named(ctx, options.package)
        shown = desk.packages.refresh_preview(ctx, before.id)
        came = went = 0
        if not options.dry_run:
            came, went = desk.packages.refresh(ctx, before.id, shown, only_comers=options.only_comers)
        found = desk.packages.get(ctx, before.id)
    if not run.out.as_json:
        for sign, people in (("+", shown.coming), ("-", () if options.only_comers else shown.going)):
            for number, name in people:
                run.out.line(f"{sign} {number}  {name}", "green" if sign == "+" else "yellow")
    if options.dry_run:
        return _difference(run, found, shown)
    return _moved(run, found, came, went)


def _difference(run: Invocation, found: PackageView, shown: Difference) -> int:
    if run.out.as_json:
        coming, going = (
            [{"id": number, "name": name} for number, name in some] for some in (shown.coming, shown.going)
        )
        run.out.record({"id": found.id, "name": found.name, "coming": coming, "going": going, "stay": shown.stay})
        return 0
    words = _("{come} would come, {go} would go, {stay} would stay.")
    run.out.line(words.format(come=len(shown.coming), go=len(shown.going), stay=shown.stay))
    return 0


def rename(run: Invocation) -> int:
    """Call a package otherwise."""
    from crm_tui import desk

    with run.desk() as ctx:
        before = desk.packages.named(ctx, run.options.package)
        desk.packages.rename(ctx, before.id, before.version, run.options.name)
        found = desk.packages.get(ctx, before.id)
    return _tell(run, found, _("It is called {name} now."))


def delete(run: Invocation) -> int:
    """Put a package away."""
    from crm_tui import desk

    with run.desk() as ctx:
        found = desk.packages.named(ctx, run.options.package)
        desk.packages.remove(ctx, found.id, found.version)
    return _tell(run, found, _("{name} is put away; crm-tui undo brings it back."))


def _moved(run: Invocation, found: PackageView, came: int, went: int) -> int:
    if run.out.as_json:
        run.out.record(record(found) | {"came": came, "went": went})
        return 0
    words = _("{name}: {came} came, {went} went; it holds {count}.")
    run.out.line(words.format(name=found.name, came=came, went=went, count=_count(found)))
    return 0


def _tell(run: Invocation, found: PackageView, words: str) -> int:
    if run.out.as_json:
        run.out.record(record(found))
    else:
        run.out.line(words.format(name=found.name, count=_count(found)))
    return 0


def _count(found: PackageView) -> str:
    return ngettext("{n} guest", "{n} guests", found.size).format(n=found.size)


def record(found: PackageView) -> dict[str, Any]:
    """A package for programs."""
    return {
        "id": found.id,
        "name": found.name,
        "guests": found.size,
        "criteria": found.criteria or None,
        "search": found.words or None,
        "agent": found.agent or None,
        "created_at": found.created_at,
        "refreshed_at": found.refreshed_at,
        "mailings": found.mailings,
        "version": found.version,
    }
