"""The rows of a guest's form, in the order in which they are asked; a wide desk has two groups beside each other."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import Any

from textual.containers import Container, Vertical
from textual.widget import Widget

from crm_tui.base.i18n import N_, _
from crm_tui.desk.client_base.guest_views import CONSENTS, GuestView
from crm_tui.desk.common.words import said
from crm_tui.desk.texts.template_views import LANGUAGE_NAMES
from crm_tui.screens.guests import form_calls as calls
from crm_tui.screens.guests.form_fields import BirthField, ContactsField, TagsField, TidyField, contact
from crm_tui.screens.inquiries.fields import Heading
from crm_tui.widgets.forms import Choice, ChoiceField, DayField, Field, LinesField, ManyField, PickField, TextField
from crm_tui.widgets.forms.entries import EntriesField

PERSONS = frozenset({"given", "birth_date", "nationality", "document", "passport", "passport_expiry"})
COMPANYS = frozenset({"tax_number", "contacts"})
LISTS = ("emails", "phones", "contacts")

LABELS: Mapping[str, str] = {
    "kind": N_("Kind"),
    "surname": N_("Surname"),
    "given": N_("Given names"),
    "language": N_("Language"),
    "nationality": N_("Nationality"),
    "birth_date": N_("Born"),
    "emails": N_("E-mail"),
    "phones": N_("Phone"),
    "street": N_("Street"),
    "postcode": N_("Postcode"),
    "city": N_("City"),
    "region": N_("Region"),
    "country": N_("Country"),
    "document": N_("Document"),
    "passport": N_("Passport"),
    "passport_expiry": N_("  valid until"),
    "tax_number": N_("Tax number"),
    "contacts": N_("Contacts"),
    "consents": N_("May be reached"),
    "tags": N_("Attributes"),
    "remarks": N_("Remarks"),
    "reference": N_("Reference"),
}
"""What the fields are called."""


def person_text(value: Any) -> str:
    """A contact in words."""
    return value.guest.name if getattr(value, "guest", None) is not None else str(getattr(value, "name", value))


def values_of(guest: GuestView) -> dict[str, Any]:
    """What the form shows of a guest, by field."""
    lines = ("kind", "surname", "given", "language", "nationality", "street", "postcode", "city", "region", "country")
    more = ("document", "passport", "tax_number", "remarks", "reference", "birth_date", "passport_expiry")
    return {
        **{name: getattr(guest, name) for name in (*lines, *more)},
        "emails": tuple(zip(guest.emails, guest.email_labels, strict=False)),
        "phones": tuple((one.shown, one.label) for one in guest.phones),
        "contacts": tuple(contact(one.id, one.name, one.role) for one in guest.contacts),
        "consents": tuple(channel for channel, one in guest.consents.items() if one.given),
        "tags": tuple(one.id for one in guest.attributes),
    }


def words(name: str, value: Any) -> str:
    """A value as one reads it, such as where two versions stand beside each other."""
    from crm_tui.desk.client_base import countries
    from crm_tui.widgets.days import written

    if name in LISTS:
        return ", ".join(person_text(one) + (f" ({label})" if label else "") for one, label in value)
    if name in ("country", "nationality"):
        return countries.name(value)
    if name == "language":
        return language_words(value) if value else ""
    if name == "consents":
        return ", ".join(said(CONSENTS, one) for one in value)
    if isinstance(value, date):
        return written(value)
    return " ".join(str(value or "").split())


def fields(
    guest: GuestView | None, kind: str, today: Callable[[], date], home: Callable[[], str], country: Callable[[], str]
) -> Widget:
    """All rows of the form."""
    start = values_of(guest) if guest is not None else {"kind": kind}
    pairs: tuple[tuple[Sequence[Widget], Sequence[Widget]], ...] = (
        (_who(guest, start, today), _reach(start, home)),
        (_address(start, country), [*_company(start), *_papers(start, today)]),
        (_consents(start, today), _notes(guest, start)),
    )
    return Container(
        *(Container(Vertical(*left), Vertical(*right), classes="pair") for left, right in pairs), id="groups"
    )


def _line(start: Mapping[str, Any], name: str, help: str = "", *, required: bool = False) -> TextField:
    return TextField(name, _(LABELS[name]), str(start.get(name) or ""), help=help, required=required)


def _who(guest: GuestView | None, start: Mapping[str, Any], today: Callable[[], date]) -> list[Widget]:
    kinds = [Choice("person", _("person")), Choice("company", _("company"))]
    return [
        Heading(_("Guest"), first=True),
        ChoiceField("kind", _(LABELS["kind"]), kinds, start["kind"], help=_("← → change it.")),
        _line(start, "surname", _("The one thing that is needed."), required=True),
        _line(start, "given"),
        PickField(
            "language", _(LABELS["language"]), languages, start.get("language", ""), labels=language_words,
            help=_("What you write to the guest in."),
        ),
        country_field("nationality", start.get("nationality", "")),
        BirthField(
            "birth_date", _(LABELS["birth_date"]), guest.birth_date if guest else None, today=today,
            help=_("With the year, such as 14.8.1985."),
        ),
    ]  # fmt: skip


def country_field(name: str, value: str) -> PickField:
    """A country, found by its name or its two letters."""
    return PickField(
        name, _(LABELS[name]), countries, value, labels=country_words,
        help=_("Type letters of the name, or the two of its code."),
    )  # fmt: skip


def countries() -> Sequence[Choice]:
    """The countries to choose from, in the agent's language."""
    from crm_tui.desk.client_base.countries import names

    return [Choice("", _("not known")), *(Choice(code, name, code) for code, name in names().items())]


def country_words(code: str) -> str:
    """A country by its name."""
    from crm_tui.desk.client_base.countries import name

    return name(code) if code else _("not known")


def languages() -> Sequence[Choice]:
    """The languages to choose from: those the desk has texts in, then all the others."""
    from crm_tui.desk.client_base.countries import languages as all_of_them

    found = all_of_them()
    return [
        Choice("", _("not known")),
        *(Choice(code, language_words(code), code) for code in LANGUAGE_NAMES),
        *(Choice(code, name, code) for code, name in found.items() if code not in LANGUAGE_NAMES),
    ]


def language_words(code: str) -> str:
    """A language by its name."""
    from crm_tui.desk.client_base.countries import languages as all_of_them

    if code in LANGUAGE_NAMES:
        return said(LANGUAGE_NAMES, code)
    return all_of_them().get(code, code) if code else _("not known")


def _reach(start: Mapping[str, Any], home: Callable[[], str]) -> list[Widget]:
    keys = _("Each with what it is, if you like. The first is used first; F6 moves up, F9 removes.")
    numbers = _("As it is dialled here, or from its country on (+48…). F6 moves up, F9 removes.")
    return [
        Heading(_("Reached by")),
        EntriesField(
            "emails", _(LABELS["emails"]), start.get("emails", ()), read=calls.read_address,
            placeholder=_("label"), help=keys,
        ),
        EntriesField(
            "phones", _(LABELS["phones"]), start.get("phones", ()), read=calls.phone_reader(home),
            placeholder=_("mobile…"), help=numbers,
        ),
    ]  # fmt: skip


def _address(start: Mapping[str, Any], country: Callable[[], str]) -> list[Widget]:
    return [
        Heading(_("Address")),
        country_field("country", start.get("country", "")),
        _line(start, "street"),
        TidyField("postcode", _(LABELS["postcode"]), str(start.get("postcode") or ""), read=calls.postcode_reader(country)),
        _line(start, "city"),
        _line(start, "region"),
    ]  # fmt: skip


def _company(start: Mapping[str, Any]) -> list[Widget]:
    return [
        Heading(_("Company")).set_class(True, "companys"),
        _line(start, "tax_number", _("Such as NIP, NIF or VAT number; what looks wrong is told, and kept.")),
        ContactsField(
            "contacts", _(LABELS["contacts"]), start.get("contacts", ()), placeholder=_("what they do there"),
            help=_("Persons to talk to: type letters of the name. F6 moves up, F9 removes."),
        ),
    ]  # fmt: skip


def _papers(start: Mapping[str, Any], today: Callable[[], date]) -> list[Widget]:
    return [
        Heading(_("Papers")).set_class(True, "persons"),
        _line(start, "document", _("Such as an identity card, with its number.")),
        _line(start, "passport", _("Its number.")),
        DayField("passport_expiry", _(LABELS["passport_expiry"]), start.get("passport_expiry"), today=today),
    ]


def _consents(start: Mapping[str, Any], today: Callable[[], date]) -> list[Widget]:
    channels = [Choice(str(one), said(CONSENTS, one)) for one in CONSENTS]
    return [
        Heading(_("Consent")),
        ManyField(
            "consents", _(LABELS["consents"]), channels, start.get("consents", ()),
            help=_("For news and reminders; answers to their own mail need none. Nothing said is a no."),
        ),
        TextField("source", _("  said how"), help=_("Such as “form at the counter”; needed where something new is ticked.")),
        DayField("said_on", _("  said on"), None, today=today, help=_("Empty: today.")),
    ]  # fmt: skip


def _notes(guest: GuestView | None, start: Mapping[str, Any]) -> list[Widget]:
    return [
        Heading(_("Notes")),
        TagsField(
            "tags", _(LABELS["tags"]), guest.attributes if guest else (),
            help=_("Preferences and groups: type letters of one to put it on or take it off."),
        ),
        LinesField("remarks", _(LABELS["remarks"]), str(start.get("remarks") or "")),
        _line(start, "reference", _("The guest's key in another system; no two guests have the same.")),
    ]  # fmt: skip


def shown_fields(all_fields: Mapping[str, Field], kind: str) -> None:
    """Show what this kind of guest has, and nothing of the other kind."""
    for name, field in all_fields.items():
        field.display = name not in (PERSONS if kind == "company" else COMPANYS)
