"""``guest``, ``list guests`` and ``show guest`` (SPEC §15)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from crm_tui.base.i18n import _
from crm_tui.cli.inquiries import memo_record, named_fields, print_memos
from crm_tui.cli.inquiry_options import GUEST_FIELDS, given
from crm_tui.cli.invocation import Invocation
from crm_tui.cli.mail import limit_of
from crm_tui.cli.times import zone_of
from crm_tui.cli.usage import UsageError

if TYPE_CHECKING:
    from crm_tui.desk.context import Context
    from crm_tui.desk.inquiry_views import GuestRow, GuestView


def new(run: Invocation) -> int:
    """Take a guest into the client base."""
    from crm_tui import desk

    values = _values(run)
    if "surname" not in values:
        raise UsageError(_("A guest needs a surname, a company its name."), _("Say it with --surname."))
    with run.desk() as ctx, named_fields():
        found = desk.guests.get(ctx, desk.guests.create(ctx, values))
    return _tell(run, found, _("{name} is guest {number}."))


def set_fields(run: Invocation) -> int:
    """Change fields of a guest."""
    from crm_tui import desk

    values = _values(run)
    if not values:
        raise UsageError(_("Nothing to change was named."), _("See: {name} --help").format(name="crm-tui guest set"))
    with run.desk() as ctx, named_fields():
        version = run.options.version or desk.guests.get(ctx, run.options.id).version
        found = desk.guests.set(ctx, run.options.id, version, values)
    return _tell(run, found, _("{name} is changed."))


def consent(run: Invocation) -> int:
    """Note what a guest said about being written to or called."""
    from crm_tui import desk

    options = run.options
    with run.desk() as ctx:
        desk.guests.set_consent(ctx, options.id, options.channel, given=options.answer == "yes", source=options.source)
        found = desk.guests.get(ctx, options.id)
    return _tell(run, found, _("What {name} said is noted."))


def _values(run: Invocation) -> dict[str, str]:
    values = given(run.options, GUEST_FIELDS)
    for one, many in (("email", "emails"), ("phone", "phones")):
        if one in values:
            values[many] = values.pop(one)
    return values if run.options.kind is None else values | {"kind": run.options.kind}


def list_guests(run: Invocation) -> int:
    """Print the client base, in the order of the numbers."""
    limit = limit_of(run)
    with run.desk() as ctx:
        if run.out.as_json:
            for row in _rows(ctx, limit):
                run.out.record({name: value or None for name, value in row._asdict().items()})
            return 0
        rows = list(_rows(ctx, limit))
    if not rows:
        run.out.line(_("The client base is empty."))
        return 0
    titles = (_("ID"), _("Name"), _("Kind"), _("Mail"), _("Telephone"), _("Language"))
    run.out.table(titles, [list(row) for row in rows], right=(0,))
    return 0


def _rows(ctx: Context, limit: int) -> Iterator[GuestRow]:
    from crm_tui import desk

    after = 0
    while limit > 0:
        rows = desk.guests.listed(ctx, after=after, limit=min(limit, 500))
        if not rows:
            return
        yield from rows
        limit -= len(rows)
        after = rows[-1].id


def show(run: Invocation) -> int:
    """Print a guest."""
    from crm_tui import desk
    from crm_tui.desk.inquiry_views import CONSENTS

    with run.desk() as ctx:
        found = desk.guests.get(ctx, run.options.id)
        memos = desk.memos.listed(ctx, guest=found.id)
        zone = zone_of(ctx)
    if run.out.as_json:
        run.out.record(_record(found) | {"memos": [memo_record(one) for one in memos]})
        return 0
    run.out.line(f"{found.name} · {found.id}", "bold")
    lines = {
        _("Mail"): ", ".join(found.emails),
        _("Telephone"): ", ".join(one.shown for one in found.phones),
        _("Language"): found.language,
        _("Nationality"): found.nationality,
        _("Born"): found.birth_date or "",
        _("Address"): ", ".join(
            part for part in (found.street, f"{found.postcode} {found.city}".strip(), found.country) if part
        ),
        _("Tax number"): found.tax_number,
        _("Consent"): ", ".join(_(CONSENTS[name]) for name, one in found.consents.items() if one.given),
        _("Inquiries"): ", ".join(str(number) for number in found.inquiries),
    }
    for title, value in lines.items():
        if value:
            run.out.line(f"{title}: {value}")
    if found.remarks:
        run.out.text(found.remarks)
    print_memos(run, memos, zone)
    return 0


def _tell(run: Invocation, found: GuestView, words: str) -> int:
    if run.out.as_json:
        run.out.record(_record(found))
    else:
        run.out.line(words.format(name=found.name, number=found.id))
    return 0


def _record(found: GuestView) -> dict[str, Any]:
    names = ("id", "kind", "surname", "given", "language", "nationality", "birth_date", "street", "postcode", "city")
    more = ("country", "tax_number", "remarks", "reference", "created_at", "updated_at", "version")
    return {
        **{name: getattr(found, name) for name in names},
        "emails": list(found.emails),
        "phones": [one.number for one in found.phones],
        "consents": {
            name: {"given": one.given, "day": one.day, "source": one.source or None}
            for name, one in found.consents.items()
        },
        "inquiries": list(found.inquiries),
        **{name: getattr(found, name) for name in more},
    }
