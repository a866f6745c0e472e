"""Reading the cells of a row into the fields of a guest (SPEC §6); what is wrong is told by column."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from datetime import date
from functools import lru_cache
from typing import Any

from crm_tui.base.errors import InvalidInput
from crm_tui.base.i18n import _
from crm_tui.desk.client_base import countries
from crm_tui.desk.client_base.guest_consents import Said
from crm_tui.desk.client_base.guest_consents import checked as consent
from crm_tui.desk.client_base.guest_contacts import Typed
from crm_tui.desk.client_base.guest_fields import (
    COMPANYS_OWN,
    LONGEST_LABEL,
    MOST_CONTACTS,
    PERSONS_OWN,
    address,
    day_fault,
    plain_value,
)
from crm_tui.desk.client_base.guest_words import folded_name
from crm_tui.desk.client_base.phones import e164
from crm_tui.desk.client_files.guest_import_cells import contacts, kind_of, language_code, said_yes, tags, whole_name
from crm_tui.desk.client_files.guest_import_views import CHANNELS, Problem, Ready
from crm_tui.files.tables import Row
from crm_tui.mail.text import display_text
from crm_tui.rules.days import DayFault
from crm_tui.rules.import_dates import Order, read_import_day
from crm_tui.rules.vocabulary import GuestKind

SHOWN = 60
_PLAIN = ("reference", "surname", "given", "street", "city", "region", "document", "passport", "tax_number", "postcode")
_DAYS = ("birth_date", "passport_expiry")


class RowReader:
    """Reads rows of one file.

    Args:
        head: the names of its columns.
        mapping: column to field.
        orders: column to the order of its days.
        region: the country whose national telephone numbers are understood.
        known: folded names of the attributes there are.
    """

    def __init__(
        self,
        head: Sequence[str],
        mapping: Mapping[str, str],
        orders: Mapping[str, Order],
        *,
        today: date,
        region: str = "",
        known: AbstractSet[str] = frozenset(),
    ) -> None:
        self._head = [display_text(name) for name in head]
        self._today = today
        self._region = region
        self._known = frozenset(known)
        self._columns = [(at, mapping[name]) for at, name in enumerate(head) if mapping.get(name)]
        self._orders = {at: orders.get(name, Order.DAY_FIRST) for at, name in enumerate(head)}
        self._kind_told = any(field == "kind" for _at, field in self._columns)

    def read(self, row: Row) -> Ready | list[Problem]:
        """The row as fields, or everything that is wrong with it."""
        if row.fault is not None:
            name = self._head[row.fault.column - 1] if 0 < row.fault.column <= len(self._head) else ""
            return [Problem(row.number, name, display_text(row.fault.value), row.fault.message)]
        reading = _Reading(self, row)
        for at, field in self._columns:
            text = row.cells[at].strip()
            if text:
                reading.cell(at, field, text)
        return reading.finished()

    def problem(self, row: int, at: int, value: str, message: str) -> Problem:
        """What is wrong with a cell; ``at`` is its column's place, -1 for the row as a whole."""
        return Problem(row, self._head[at] if at >= 0 else "", display_text(value)[:SHOWN], message)

    def place(self, field: str) -> int:
        """The first column of a field; -1 without one."""
        return next((at for at, one in self._columns if one == field), -1)

    def order(self, column: str) -> int:
        """Where a column stands; what has none comes last."""
        return self._head.index(column) if column in self._head else len(self._head)

    @property
    def today(self) -> date:
        return self._today


class _Reading:
    """One row while it is read."""

    def __init__(self, reader: RowReader, row: Row) -> None:
        self._reader = reader
        self._row = row
        self.values: dict[str, Any] = {}
        self.contacts: dict[str, dict[str, str | None]] = {}
        self.whole: dict[str, str] = {}
        self.numbers: list[tuple[int, str]] = []
        self.assumed: list[tuple[str, str]] = []
        self.tags: list[str] = []
        self.number = 0
        self.consents: dict[str, tuple[int, str]] = {}
        self.problems: list[Problem] = []

    def cell(self, at: int, field: str, text: str) -> None:
        """Take a cell; what is wrong with it is kept as a problem."""
        try:
            self._take(at, field, text)
        except DayFault as fault:
            self._wrong(at, text, _day_fault(fault))
        except InvalidInput as error:
            self._wrong(at, text, str(error))

    def _wrong(self, at: int, text: str, message: str) -> None:
        self.problems.append(self._reader.problem(self._row.number, at, text, message))

    def _take(self, at: int, field: str, text: str) -> None:
        reader = self._reader
        if field in _PLAIN:
            self.values[field] = plain_value(field, text, reader.today)
        elif field == "emails":
            self._several(field, text, address)
        elif field == "phones":
            self.numbers.append((at, text))  # the country of the row tells how it is read
        elif field in _DAYS:
            day = read_import_day(text, reader._orders[at], reader.today, past=field == "birth_date")
            self.values[field] = plain_value(field, day, reader.today)
        elif field in ("country", "nationality"):
            self.values[field] = _country(text)
        elif field == "language":
            self.values[field] = language_code(text)
        elif field == "kind":
            self.values[field] = kind_of(text)
        elif field == "remarks":
            before = self.values.get(field, "")
            self.values[field] = plain_value(field, f"{before}\n{text}" if before else text, reader.today)
        elif field == "attributes":
            self.tags += [one for one in tags(text, reader._known) if one not in self.tags]
        elif field == "number":
            self.number = int(text) if text.isdecimal() and text.isascii() and len(text) < 12 else 0
        elif field in ("name", "company"):
            self.whole[field] = plain_value("surname", text, reader.today)
        elif field.startswith("consent_"):
            self.consents[field] = (at, text)

    def _several(self, field: str, text: str, read: Callable[[str], str]) -> None:
        kept = self.contacts.setdefault(field, {})
        for one, label in contacts(text):
            clean = None if label is None else " ".join(display_text(label).split())[:LONGEST_LABEL]
            kept.setdefault(read(one), clean)
        if len(kept) > MOST_CONTACTS:
            raise InvalidInput(_("At most {n} fit here.").format(n=MOST_CONTACTS))

    def finished(self) -> Ready | list[Problem]:
        """The row, or what is wrong with it."""
        for at, text in self.numbers:
            try:
                self._several("phones", text, self._number)
            except InvalidInput as error:
                self._wrong(at, text, str(error))
        self._names()
        said = [one for channel in CHANNELS for one in self._consent(channel)]
        if not self.values.get("surname"):
            places = [self._reader.place(field) for field in ("surname", "name", "company")]
            if not any(self._reader.order(one.column) in places for one in self.problems):  # else that was said
                self._wrong(max(places[:2]), "", _("A guest needs a surname, a company its name."))
        if self.problems:
            return sorted(self.problems, key=lambda one: self._reader.order(one.column))
        self._postcode()
        listed: dict[str, list[Typed] | None] = {
            name: list(self.contacts[name].items()) if name in self.contacts else None for name in ("emails", "phones")
        }
        return Ready(
            self._row.number,
            self.values,
            tags=tuple(self.tags),
            said=tuple(said),
            company=self.whole.get("company", ""),
            number=self.number,
            assumed=tuple(self.assumed),
            folded=folded_name(self.values["surname"], self.values.get("given", "")),
            **listed,
        )

    def _number(self, text: str) -> str:
        """A number as it is kept: written in the national way of the country that the row names, else of the house's."""
        own = str(self.values.get("country", ""))
        found = e164(text, own or self._reader._region)
        if not own and not text.startswith(("+", "00", "＋")):
            self.assumed.append((display_text(text), found))
        return found

    def _names(self) -> None:
        """Surname, given names and kind out of what the row gives of them."""
        values, whole = self.values, self.whole
        if not values.get("surname") and values.get("kind") == GuestKind.COMPANY:
            values["surname"] = whole.pop("company", "") or whole.get("name", "") or values.get("given", "")
        elif not values.get("surname") and whole.get("name"):
            values["surname"], given = whole_name(whole["name"])
            if given:
                values.setdefault("given", given)
        elif not values.get("surname") and not values.get("given") and whole.get("company"):
            values["surname"] = whole.pop("company")
            values.setdefault("kind", GuestKind.COMPANY.value)
        self._of_kind()

    def _of_kind(self) -> None:
        """What only the other kind of guest has is not kept; a person's tax number is a document."""
        values = self.values
        alone = "given" not in values and "birth_date" not in values and "kind" not in values
        if values.get("tax_number") and alone:
            values["kind"] = GuestKind.COMPANY.value
        if values.get("kind") == GuestKind.COMPANY:
            for name in PERSONS_OWN:
                values.pop(name, None)
            self.whole.pop("company", None)
        elif tax := {name: values.pop(name, "") for name in COMPANYS_OWN}.get("tax_number"):
            values.setdefault("document", tax)

    def _postcode(self) -> None:
        """As the country writes it; a file's postcode that the country does not know is kept as it is."""
        if self.values.get("postcode") and self.values.get("country"):
            try:
                self.values["postcode"] = _postcode(self.values["country"], self.values["postcode"])
            except InvalidInput:
                pass

    def _consent(self, channel: str) -> list[tuple[Said, date]]:
        """A consent needs an explicit yes, the day and how it was said; a no holds without."""
        at, text = self.consents.get(f"consent_{channel}", (-1, ""))
        if not text:
            return []
        word = said_yes(text)
        if word is None:
            self._wrong(at, text, _("This says neither yes nor no."))
            return []
        try:
            day = self._consent_day(channel, word, at)
            source = self._beside(channel, "source")[1]
            return [(consent(channel, word, source, day, self._reader.today), day)]
        except DayFault as fault:
            self._wrong(at, text, _day_fault(fault))
        except InvalidInput as error:
            self._wrong(at, text, str(error))
        return []

    def _beside(self, channel: str, part: str) -> tuple[int, str]:
        """The cell with the day or the source of a consent: its own, else the one for all of them."""
        return self.consents.get(f"consent_{channel}_{part}") or self.consents.get(f"consent_{part}") or (-1, "")

    def _consent_day(self, channel: str, word: bool, _at: int) -> date:
        at, text = self._beside(channel, "day")
        if text:
            return read_import_day(text, self._reader._orders[at], self._reader.today, past=False)
        if word:
            raise InvalidInput(
                _("It does not say on which day the consent was given."), _("Map a column with the day, or fill it in.")
            )
        return self._reader.today


def _day_fault(fault: DayFault) -> str:
    if fault.kind == "ambiguous":
        return _("Day and month could be either: other rows of this column write both ways.")
    return day_fault(fault)


@lru_cache(maxsize=4096)
def _country(text: str) -> str:
    return countries.code_of(text)


@lru_cache(maxsize=4096)
def _postcode(country: str, text: str) -> str:
    return countries.postcode(country, text)
