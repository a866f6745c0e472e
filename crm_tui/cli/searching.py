"""``search`` and ``attribute``: what is found, and the list of attributes that guests are found by (SPEC §6, §14)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from crm_tui.base.i18n import N_, _
from crm_tui.cli.invocation import Invocation
from crm_tui.cli.mail import limit_of
from crm_tui.cli.records import person
from crm_tui.cli.times import moment, zone_of
from crm_tui.cli.usage import UsageError

if TYPE_CHECKING:
    from crm_tui.desk.common.context import Context
    from crm_tui.desk.common.views import SavedViewView, SearchHit
    from crm_tui.desk.groups.attributes import AttributeView

KINDS = {"message": N_("mail"), "inquiry": N_("inquiry"), "guest": N_("guest"), "reservation": N_("reservation")}


def search(run: Invocation) -> int:
    """Print what a search finds, newest first."""
    from crm_tui import desk

    text = " ".join(run.options.query)
    if bool(text.strip()) == bool(run.options.view):
        raise UsageError(
            _("Give a query or --view, one of them."), _("See: {name} --help").format(name="crm-tui search")
        )
    with run.desk() as ctx:
        zone = zone_of(ctx)
        text = _kept(ctx, run.options.view) if run.options.view else text
        hits = desk.search.search(ctx, text, limit=limit_of(run))
    if run.out.as_json:
        for hit in hits:
            run.out.record(_record(hit))
        return 0
    if not hits:
        run.out.line(_("Nothing was found."))
        return 0
    rows = [
        [_(KINDS[hit.kind]), hit.id, moment(hit.date, zone), hit.counterpart.label, hit.title, hit.snippet]
        for hit in hits
    ]
    run.out.table((_("Kind"), _("ID"), _("Date"), _("Who"), _("Title"), _("Text")), rows, right=(1,))
    return 0


def _kept(ctx: Context, name: str) -> str:
    """The query of a saved view of everything."""
    from crm_tui import desk

    view = desk.saved_views.named(ctx, name)
    if view.of_guests:
        raise UsageError(
            _("“{name}” is a view of guests.").format(name=view.name), _("Use: crm-tui list guests --view NAME")
        )
    return view.query


def _record(hit: SearchHit) -> dict[str, Any]:
    return {
        "kind": hit.kind,
        "id": hit.id,
        "title": hit.title,
        "snippet": hit.snippet,
        "date": hit.date,
        "conversation": hit.conversation or None,
        "counterpart": person(hit.counterpart),
    }


def list_views(run: Invocation) -> int:
    """Print the agent's saved views."""
    from crm_tui import desk

    with run.desk() as ctx:
        found = desk.saved_views.listed(ctx)
    if run.out.as_json:
        for one in found:
            run.out.record(_view_record(one))
        return 0
    if not found:
        run.out.line(
            _("You have no saved views. In the desk, ctrl+s in the search or in the list of guests keeps one.")
        )
        return 0
    rows = [[one.id, one.key, one.name, _("guests") if one.of_guests else _("all"), one.words] for one in found]
    run.out.table((_("ID"), _("Key"), _("Name"), _("Of"), _("Search")), rows, right=(0,))
    return 0


def _view_record(one: SavedViewView) -> dict[str, Any]:
    found: dict[str, Any] = {"id": one.id, "name": one.name, "key": one.key or None, "query": one.query or None}
    if not one.of_guests:
        return found | {"of": "all"}
    asked = one.criteria.to_json() if one.criteria is not None else None
    return found | {"of": "guests", "criteria": asked, "order": one.order or None, "words": one.words}


def list_attributes(run: Invocation) -> int:
    """Print the attributes."""
    from crm_tui import desk

    with run.desk() as ctx:
        found = desk.attributes.listed(ctx)
    if run.out.as_json:
        for one in found:
            run.out.record({"id": one.id, "name": one.name, "guests": one.guests, "version": one.version})
        return 0
    if not found:
        run.out.line(_("There are no attributes yet. Add one with: crm-tui attribute add NAME"))
        return 0
    run.out.table((_("ID"), _("Name"), _("Guests")), [[one.id, one.name, one.guests] for one in found], right=(0, 2))
    return 0


def add_attribute(run: Invocation) -> int:
    """Put an attribute on the list."""
    from crm_tui import desk

    with run.desk() as ctx:
        made = desk.attributes.add(ctx, run.options.name)
        found = next(one for one in desk.attributes.listed(ctx) if one.id == made)
    return _tell(run, found, _("Guests can be tagged as {name} now."))


def rename_attribute(run: Invocation) -> int:
    """Call an attribute otherwise."""
    from crm_tui import desk

    with run.desk() as ctx:
        before = _meant(ctx, run.options.attribute)
        desk.attributes.rename(ctx, before.id, before.version, run.options.name)
        found = _meant(ctx, str(before.id))
    return _tell(run, found, _("It is called {name} now; its guests keep it."))


def merge_attributes(run: Invocation) -> int:
    """Make one attribute of two."""
    from crm_tui import desk

    with run.desk() as ctx:
        gone, kept = _meant(ctx, run.options.attribute), _meant(ctx, run.options.into)
        desk.attribute_merging.merge(ctx, gone.id, kept.id, (gone.version, kept.version))
        found = _meant(ctx, str(kept.id))
    return _tell(run, found, _("{name} has the guests of both now; crm-tui undo parts them again."))


def remove_attribute(run: Invocation) -> int:
    """Take an attribute off the list."""
    from crm_tui import desk

    with run.desk() as ctx:
        found = _meant(ctx, run.options.attribute)
        desk.attribute_merging.remove(ctx, found.id, found.version)
    return _tell(run, found, _("{name} is off the list; crm-tui undo brings it back."))


def tag_guest(run: Invocation) -> int:
    """Tag a guest with an attribute, or take it away."""
    from crm_tui import desk

    options = run.options
    with run.desk() as ctx:
        found = _meant(ctx, options.attribute)
        act = desk.attributes.untag if options.remove else desk.attributes.tag
        changed = act(ctx, options.guest, found.id)
    if run.out.as_json:
        run.out.record(
            {"guest": options.guest, "attribute": found.name, "tagged": not options.remove, "changed": changed}
        )
        return 0
    words = (
        _("Guest {guest} is no longer tagged as {name}.") if options.remove else _("Guest {guest} is tagged as {name}.")
    )
    run.out.line(words.format(guest=options.guest, name=found.name))
    return 0


def _meant(ctx: Context, given: str) -> AttributeView:
    """The attribute of that number or name."""
    from crm_tui import desk

    found = [one for one in desk.attributes.listed(ctx) if given == str(one.id)]
    return found[0] if found else desk.attributes.named(ctx, given)


def _tell(run: Invocation, found: AttributeView, words: str) -> int:
    if run.out.as_json:
        run.out.record({"id": found.id, "name": found.name, "guests": found.guests, "version": found.version})
    else:
        run.out.line(words.format(name=found.name))
    return 0
