"""The form of all criteria that guests are chosen by (SPEC §6)."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Container, Vertical, VerticalScroll
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Static

from crm_tui.base.i18n import _
from crm_tui.desk.client_base.guest_criteria_words import CONSENT_WORDS
from crm_tui.desk.client_base.guest_views import AttributeName
from crm_tui.rules.days import DayFault
from crm_tui.rules.guest_criteria import CriteriaFault, GuestCriteria, checked
from crm_tui.rules.guest_filter import amount_of, birthday_of, written_amount, written_birthday
from crm_tui.rules.money import AmountFault
from crm_tui.screens.base import DeskScreen
from crm_tui.screens.guests.actions import FILTER
from crm_tui.screens.guests.form_fields import TagsField
from crm_tui.screens.guests.form_groups import countries, country_words, language_words, languages
from crm_tui.screens.inquiries.days import Today
from crm_tui.screens.inquiries.fields import Heading
from crm_tui.widgets.actions import bindings
from crm_tui.widgets.forms import CheckField, Choice, ChoiceField, DayField, Field, Form, PickField, TextField

if TYPE_CHECKING:
    from crm_tui.desk.common.context import Context

_DAYS = ("arrival_from", "arrival_to", "departure_from", "departure_to", "passport_by")


@dataclass(frozen=True, slots=True)
class Offered:
    """What the form lets one choose from: names of attributes and packages, and the property's currency."""

    attributes: Mapping[int, str]
    packages: Mapping[int, str]
    currency: str


def offered(ctx: Context, criteria: GuestCriteria) -> Offered:
    """Read it, and what is asked for already though it was put away. Blocks: for threads."""
    from crm_tui import desk

    asked_tags, asked_packages = desk.guest_lists.names(ctx, criteria)
    tags = asked_tags | {one.id: one.name for one in desk.attributes.listed(ctx)}
    packages = asked_packages | {one.id: one.name for one in desk.packages.listed(ctx)}
    house = desk.setup.current_property(ctx)
    return Offered(tags, packages, house.currency if house is not None else "")


class FilterForm(Today, DeskScreen[GuestCriteria | None]):
    """All criteria at once. ctrl+s shows whom they find, Esc leaves the list as it was.

    Args:
        criteria: what the list shows now.
    """

    CSS_PATH = "filter.tcss"
    letters_are_text = True
    BINDINGS = [*bindings(FILTER), Binding("escape", "back", show=False)]

    def __init__(self, criteria: GuestCriteria) -> None:
        super().__init__()
        self._criteria = criteria
        self._currency = ""

    def body(self) -> ComposeResult:
        with Vertical(id="inquiry"):
            yield Static(Content.styled(_("Which guests"), "bold $primary"), id="title")
            yield Form(_fields(self._criteria, self.today))
            yield Static("", id="result")

    @property
    def key_words(self) -> dict[str, str]:
        """Nothing is saved here."""
        return {"form.commit": _("Show")}

    @property
    def form(self) -> Form:
        """The form."""
        return self.query_one(Form)

    @property
    def _fields(self) -> Mapping[str, Field]:
        return self.form.fields

    def on_mount(self) -> None:
        """The cursor stands where the trip is asked for."""
        self._fields["kind"].focus_control()
        super().on_mount()

    def on_resize(self) -> None:
        """The fields take what they need; beyond the screen they scroll."""
        self.form.query_one(VerticalScroll).styles.max_height = max(4, self.query_one("#inquiry").size.height - 4)

    def desk_ready(self) -> None:
        """What there is to choose from."""
        self.ask(lambda ctx: offered(ctx, self._criteria), self._offer)

    def _offer(self, found: Offered) -> None:
        self._currency = self._criteria.currency or found.currency
        tags, packages = self._fields["attributes"], self._fields["package"]
        if isinstance(tags, TagsField):
            tags.offer(found.attributes)
        if isinstance(packages, PickField):
            choices = [Choice(number, name) for number, name in found.packages.items()]
            packages.offer([Choice(None, _("any")), *choices])
            names = found.packages
            packages.picker.text = names.get(packages.value, "") or _("any")

    @on(Form.Committed)
    def _committed(self, event: Form.Committed) -> None:
        event.stop()
        try:
            self.dismiss(checked(GuestCriteria(**self._values())))
        except CriteriaFault as fault:
            self._fields[fault.field].show_error(_("This lies before the beginning."))
            self._fields[fault.field].focus_control()
        except AmountFault:
            self._fields["value_to"].show_error(_("Both amounts are in one currency."))
            self._fields["value_to"].focus_control()

    def _values(self) -> dict[str, Any]:
        """What is asked; what stands in the fields was checked.

        Raises:
            AmountFault: the two ends of the value are in different currencies.
        """
        values: dict[str, Any] = {"text": self._criteria.text}
        for name, field in self._fields.items():
            value = field.value.strip() if isinstance(field.value, str) else field.value
            if name in ("value_from", "value_to"):
                if not value:
                    continue
                value, currency = amount_of(value, values.get("currency", self._currency))
                if values.setdefault("currency", currency) != currency:
                    raise AmountFault("currency", currency)
            elif name in ("born_from", "born_to"):
                value = birthday_of(value) if value else ""
            values[name] = value
        return values

    def action_clear_all(self) -> None:
        """Ask for nothing at all."""
        plain = GuestCriteria()
        for name, field in self._fields.items():
            field.value = getattr(plain, name) if name not in (*_DAYS, "value_from", "value_to") else ""

    @on(Form.Left)
    def action_back(self) -> None:
        """Leave the list as it was."""
        self.dismiss(None)


def _fields(asked: GuestCriteria, today: Callable[[], date]) -> Widget:
    pairs: tuple[tuple[Sequence[Widget], Sequence[Widget]], ...] = (
        (_who(asked), _wishes(asked)),
        (_trips(asked, today), _papers(asked, today)),
    )
    return Container(
        *(Container(Vertical(*left), Vertical(*right), classes="pair") for left, right in pairs), id="groups"
    )


def _who(asked: GuestCriteria) -> list[Widget]:
    kinds = [Choice("", _("all")), Choice("person", _("persons")), Choice("company", _("companies"))]
    return [
        Heading(_("Who"), first=True),
        ChoiceField("kind", _("Kind"), kinds, asked.kind, help=_("← → change it.")),
        PickField("nationality", _("Nationality"), _any_country, asked.nationality, labels=_country),
        PickField("language", _("Language"), _any_language, asked.language, labels=_language),
        PickField("country", _("Lives in"), _any_country, asked.country, labels=_country),
        TextField("city", _("City"), asked.city, help=_("Or the beginning of it.")),
        CheckField("archived", _("Archived"), _("the archived ones instead"), asked.archived),
    ]


def _wishes(asked: GuestCriteria) -> list[Widget]:
    tags = [AttributeName(one, "") for one in asked.attributes]
    return [
        Heading(_("Known about them")),
        TagsField("attributes", _("Attributes"), tags, help=_("A guest has all of them.")),
        PickField("consent", _("May get"), _consents, asked.consent, labels=_given),
        PickField("no_consent", _("May not get"), _refusals, asked.no_consent, labels=_not_given,
                  help=_("Consent was never given, or was taken back.")),
        PickField("package", _("Package"), lambda: (), asked.package, labels=lambda _value: _("any")),
    ]  # fmt: skip


def _trips(asked: GuestCriteria, today: Callable[[], date]) -> list[Widget]:
    def day(name: str, label: str, help: str = "") -> DayField:
        return DayField(name, label, getattr(asked, name), today=today, help=help)

    low, high = (written_amount(one, asked.currency) for one in (asked.value_from, asked.value_to))
    return [
        Heading(_("Booked")),
        TextField("destination", _("Destination"), asked.destination, help=_("Words of it, or their beginnings.")),
        day("arrival_from", _("Begins from"), _("The first day of the stay or trip: what operators call departure.")),
        day("arrival_to", _("  until")),
        day("departure_from", _("Ends from"), _("The last day of the stay or trip.")),
        day("departure_to", _("  until")),
        TextField(
            "value_from",
            _("Value from"),
            low,
            checks=(_amount_fault,),
            help=_("Of one reservation, with its currency if it is another."),
        ),
        TextField("value_to", _("  up to"), high, checks=(_amount_fault,)),
        CheckField("never_booked", _("Never"), _("booked nothing, ever"), asked.never_booked),
    ]


def _papers(asked: GuestCriteria, today: Callable[[], date]) -> list[Widget]:
    days = _("A day and a month, like 24.12.; it may pass the turn of the year.")
    return [
        Heading(_("Days")),
        DayField("passport_by", _("Passport until"), asked.passport_by, today=today, help=_("It expires by this day.")),
        TextField("born_from", _("Birthday from"), written_birthday(asked.born_from), help=days, checks=(_day_fault,)),
        TextField("born_to", _("  until"), written_birthday(asked.born_to), help=days, checks=(_day_fault,)),
    ]


def _day_fault(value: Any) -> str:
    try:
        birthday_of(str(value))
    except DayFault:
        return _("Write a day and a month, like 24.12.") if str(value).strip() else ""
    return ""


def _amount_fault(value: Any) -> str:
    try:
        amount_of(str(value), "EUR")
    except AmountFault:
        return _("Write an amount, like 1200 or 1200.50 EUR.") if str(value).strip() else ""
    return ""


def _any_country() -> Sequence[Choice]:
    return [Choice("", _("any")), *countries()[1:]]


def _any_language() -> Sequence[Choice]:
    return [Choice("", _("any")), *languages()[1:]]


def _country(code: str) -> str:
    return country_words(code) if code else _("any")


def _language(code: str) -> str:
    return language_words(code) if code else _("any")


def _consents() -> Sequence[Choice]:
    return [Choice("", _("any")), *(Choice(one, _given(one)) for one in CONSENT_WORDS)]


def _refusals() -> Sequence[Choice]:
    return [Choice("", _("any")), *(Choice(one, _not_given(one)) for one in CONSENT_WORDS)]


def _given(channel: str) -> str:
    return _(CONSENT_WORDS[channel][0]) if channel else _("any")


def _not_given(channel: str) -> str:
    return _(CONSENT_WORDS[channel][1]) if channel else _("any")
