"""``guest`` and ``show guest`` (SPEC §15)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from crm_tui.base.i18n import _
from crm_tui.cli.inquiries import named_fields
from crm_tui.cli.inquiry_options import GUEST_FIELDS, given
from crm_tui.cli.invocation import Invocation
from crm_tui.cli.usage import UsageError

if TYPE_CHECKING:
    from crm_tui.desk.client_base.guest_views import GuestView
    from crm_tui.desk.common.context import Context


def new(run: Invocation) -> int:
    """Take a guest into the client base."""
    from crm_tui import desk

    values = _values(run)
    if "surname" not in values:
        raise UsageError(_("A guest needs a surname, a company its name."), _("Say it with --surname."))
    _refuse_of_other_kind(values)
    with run.desk() as ctx, named_fields():
        found = desk.guests.get(ctx, desk.guests.create(ctx, values | _tags(ctx, run)))
    _doubt(run, found)
    return _tell(run, found, _("{name} is guest {number}."))


def _refuse_of_other_kind(values: Mapping[str, Any]) -> None:
    from crm_tui.desk.client_base.guest_fields import COMPANYS_OWN, PERSONS_OWN

    company = values.get("kind") == "company"
    for name in PERSONS_OWN if company else COMPANYS_OWN:
        if values.get(name):
            text = _("A company has no {field}.") if company else _("Only a company has {field}.")
            raise UsageError(text.format(field=f"--{name.replace('_', '-')}"), _("Leave it out; nothing was saved."))


def set_fields(run: Invocation) -> int:
    """Change fields of a guest."""
    from crm_tui import desk

    values = _values(run)
    if not (values or run.options.tag or run.options.untag):
        raise UsageError(_("Nothing to change was named."), _("See: {name} --help").format(name="crm-tui guest set"))
    with run.desk() as ctx, named_fields():
        version = run.options.version or desk.guests.get(ctx, run.options.id).version
        found = desk.guests.set(ctx, run.options.id, version, values | _tags(ctx, run))
    if values.keys() & {"tax_number", "country"}:
        _doubt(run, found)
    return _tell(run, found, _("{name} is changed."))


def consent(run: Invocation) -> int:
    """Note what a guest said about being written to or called."""
    from crm_tui import desk

    options = run.options
    word = {"given": options.answer == "yes", "source": options.source, "day": options.day}
    with run.desk() as ctx, named_fields():
        version = desk.guests.get(ctx, options.id).version
        found = desk.guests.set(ctx, options.id, version, {"consents": {options.channel: word}})
    return _tell(run, found, _("What {name} said is noted."))


def archive(run: Invocation) -> int:
    """Put guests away."""
    return _put(run, away=True)


def unarchive(run: Invocation) -> int:
    """Take guests back."""
    return _put(run, away=False)


def _put(run: Invocation, *, away: bool) -> int:
    from crm_tui import desk

    ids = list(dict.fromkeys(run.options.ids))
    with run.desk() as ctx:
        (desk.guests.archive if away else desk.guests.unarchive)(ctx, ids)
        found = [desk.guests.get(ctx, one) for one in ids]
    for guest in found:
        _tell(run, guest, _("{name} is archived.") if away else _("{name} is in the client base."))
    return 0


def contact(run: Invocation) -> int:
    """Set or remove a contact person of a company."""
    from crm_tui import desk

    options = run.options
    with run.desk() as ctx, named_fields():
        company = desk.guests.get(ctx, options.id)
        if company.kind != "company":
            raise UsageError(_("{name} is a person; only a company has contacts.").format(name=company.name))
        known = {one.id: one.role for one in company.contacts}
        role = known.get(options.person, "") if options.role is None else options.role
        people = [{"person": number, "role": text} for number, text in known.items() if number != options.person]
        if not options.remove:
            place = (
                0 if options.first else list(known).index(options.person) if options.person in known else len(people)
            )
            people.insert(place, {"person": options.person, "role": role})
        elif options.person not in known:
            raise UsageError(
                _("Guest {number} is no contact of {name}.").format(number=options.person, name=company.name)
            )
        found = desk.guests.set(ctx, company.id, company.version, {"contacts": people})
    return _tell(run, found, _("The contacts of {name} are changed."))


def _values(run: Invocation) -> dict[str, Any]:
    values: dict[str, Any] = dict(given(run.options, GUEST_FIELDS))
    for one, many in (("email", "emails"), ("phone", "phones")):
        if one in values:
            values[many] = values.pop(one)
    return values if run.options.kind is None else values | {"kind": run.options.kind}


def _tags(ctx: Context, run: Invocation) -> dict[str, Any]:
    """The attributes that are named, by number."""
    from crm_tui import desk

    return {
        name: [desk.attributes.named(ctx, one).id for one in getattr(run.options, name, [])]
        for name in ("tag", "untag")
        if getattr(run.options, name, [])
    }


def _doubt(run: Invocation, found: GuestView) -> None:
    """A tax number whose check digits do not fit is told; it is kept."""
    from crm_tui.desk.client_base.tax_numbers import doubt

    words = doubt(found.tax_number, found.country)
    if words:
        run.out.note(words)


def _tell(run: Invocation, found: GuestView, words: str) -> int:
    if run.out.as_json:
        run.out.record(guest_record(found))
    else:
        run.out.line(words.format(name=found.name, number=found.id))
    return 0


def guest_record(found: GuestView) -> dict[str, Any]:
    names = ("id", "kind", "surname", "given", "language", "nationality", "birth_date", "document", "passport")
    place = ("passport_expiry", "street", "postcode", "city", "region", "country")
    more = ("tax_number", "remarks", "reference", "archived_at", "created_at", "updated_at", "version")
    return {
        **{name: _known(getattr(found, name)) for name in (*names, *place)},
        "address": list(found.address),
        "emails": list(found.emails),
        "email_labels": list(found.email_labels),
        "phones": [one.number for one in found.phones],
        "phone_labels": [one.label for one in found.phones],
        "contacts": [{"id": one.id, "name": one.name, "role": one.role} for one in found.contacts],
        "companies": [{"id": one.id, "name": one.name, "role": one.role} for one in found.companies],
        "attributes": [one.name for one in found.attributes],
        "consents": {
            name: {"given": one.given, "day": one.day, "source": one.source or None}
            for name, one in found.consents.items()
        },
        "inquiries": list(found.inquiries),
        **{name: _known(getattr(found, name)) for name in more},
    }


def _known(value: Any) -> Any:
    """What is not known is null, as in the list."""
    return None if value == "" else value
