"""What an import of guests says about itself (SPEC §6): the plan, the rows, the result."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Any, NamedTuple

from crm_tui.base.i18n import N_, _, ngettext
from crm_tui.desk.client_base.guest_consents import Said
from crm_tui.desk.client_base.guest_contacts import Typed
from crm_tui.mail.text import display_text
from crm_tui.rules.import_dates import Order
from crm_tui.rules.vocabulary import ConsentChannel

FIELD_WORDS = {
    "": N_("left out"),
    "reference": N_("reference"),
    "number": N_("number in this desk"),
    "kind": N_("person or company"),
    "surname": N_("surname, a company's name"),
    "given": N_("given names"),
    "name": N_("whole name"),
    "company": N_("company"),
    "emails": N_("mail addresses"),
    "phones": N_("telephone numbers"),
    "street": N_("street"),
    "postcode": N_("postcode"),
    "city": N_("city"),
    "region": N_("region"),
    "country": N_("country"),
    "nationality": N_("nationality"),
    "language": N_("language"),
    "birth_date": N_("birth date"),
    "document": N_("document"),
    "passport": N_("passport"),
    "passport_expiry": N_("passport valid until"),
    "tax_number": N_("tax number"),
    "remarks": N_("remarks"),
    "attributes": N_("attributes"),
    "consent_day": N_("consents: day"),
    "consent_source": N_("consents: how it was said"),
    "consent_mail": N_("consent to mail"),
    "consent_mail_day": N_("consent to mail: day"),
    "consent_mail_source": N_("consent to mail: how it was said"),
    "consent_sms": N_("consent to SMS"),
    "consent_sms_day": N_("consent to SMS: day"),
    "consent_sms_source": N_("consent to SMS: how it was said"),
    "consent_phone": N_("consent to calls"),
    "consent_phone_day": N_("consent to calls: day"),
    "consent_phone_source": N_("consent to calls: how it was said"),
    "consent_newsletter": N_("consent to the newsletter"),
    "consent_newsletter_day": N_("consent to the newsletter: day"),
    "consent_newsletter_source": N_("consent to the newsletter: how it was said"),
}
"""What the fields of :data:`crm_tui.rules.import_columns.FIELDS` are called, for :func:`_`."""


class Status(StrEnum):
    """What becomes of a row."""

    NEW = "new"
    CHANGED = "changed"
    SAME = "same"
    BAD = "bad"


class Match(StrEnum):
    """How a row that no reference leads from finds its guest."""

    MAIL = "mail"
    NONE = "none"


class Problem(NamedTuple):
    """Why a row does not land.

    Attributes:
        row: as a spreadsheet counts; of vCards and JSON the number of the entry.
        column: its name in the file; empty if it is the row as a whole.
        value: what stands there, display-safe, cut.
        message: what is wrong, and what to do: display-safe sentences.
    """

    row: int
    column: str
    value: str
    message: str


class RowOutcome(NamedTuple):
    """What becomes of a row that is right: ``fields`` are those that change."""

    row: int
    status: Status
    guest: int
    name: str
    fields: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ColumnView:
    """A column of a file, display-safe.

    Attributes:
        name: as the file calls it.
        field: what it is taken for; empty: it is left out.
        samples: the first different values.
        filled: in how many rows something stands.
        order: of a column of days, which comes first.
        remembered: an agent said so for an earlier file with the same columns.
    """

    name: str
    field: str
    samples: tuple[str, ...] = ()
    filled: int = 0
    order: Order = Order.DAY_FIRST
    remembered: bool = False


@dataclass(frozen=True, slots=True)
class Survey:
    """What a file looks like before it is imported.

    Attributes:
        path: display-safe.
        format: ``csv``, ``json`` or ``vcard``.
        rows: records after the head.
        faulty: rows that cannot be read at all.
        delimiter, encoding: of a CSV; ``others`` are encodings of single rows, with their number.
        key: what the mapping is remembered by.
    """

    path: str
    format: str
    columns: tuple[ColumnView, ...]
    rows: int
    faulty: int = 0
    delimiter: str = ""
    encoding: str = ""
    others: Mapping[str, int] = field(default_factory=dict)
    key: str = ""

    @property
    def about(self) -> list[str]:
        """Format, delimiter, encoding and size, in words."""
        words = {"csv": "CSV", "json": "JSON", "vcard": "vCard"}
        marks = {",": _("commas"), ";": _("semicolons"), "\t": _("tabs"), "|": _("bars")}
        found = [words[self.format]]
        if self.delimiter:
            found.append(marks.get(self.delimiter, display_text(self.delimiter)))
        found.append(self.encoding)
        for name, rows in self.others.items():
            found.append(ngettext("{n} row in {name}", "{n} rows in {name}", rows).format(n=rows, name=name))
        return [*found, ngettext("{n} row", "{n} rows", self.rows).format(n=self.rows)]

    @property
    def mapping(self) -> dict[str, str]:
        """Column to field, those that are left out as well."""
        return {column.name: column.field for column in self.columns}

    @property
    def orders(self) -> dict[str, Order]:
        """Column to order of its days."""
        return {column.name: column.order for column in self.columns}


@dataclass(frozen=True, slots=True)
class Consents:
    """The consent cells of a row."""

    said: tuple[Said, ...] = ()


@dataclass(slots=True)
class Ready:
    """A row that was read and found right.

    Attributes:
        values: columns of the guest that the row gives, as stored; empty cells give nothing.
        emails, phones: those given, with their labels; None: the row has none.
        tags: names of attributes.
        said: consents, with their day.
        company: the name of the person's company.
        number: the guest's in this desk, as the row claims.
        assumed: telephone numbers without a country, as they stand and as they are read in the house's.
    """

    row: int
    values: dict[str, Any]
    emails: list[Typed] | None = None
    phones: list[Typed] | None = None
    tags: tuple[str, ...] = ()
    said: tuple[tuple[Said, date], ...] = ()
    company: str = ""
    number: int = 0
    folded: str = ""
    assumed: tuple[tuple[str, str], ...] = ()

    @property
    def reference(self) -> str:
        """The guest's key in the other system; empty if there is none."""
        return str(self.values.get("reference", ""))


@dataclass(slots=True)
class ImportResult:
    """What an import did, or would do.

    Attributes:
        dry: it would.
        counts: rows by :class:`Status`.
        problems: the first of them; ``more`` how many there are beyond.
        rows: the first right rows that are new or change something.
        unknown: attributes that are not on the list, and how many rows name them.
        assumed: the first telephone numbers whose country nothing tells, as they stand and as they are read.
        notes: what else the agent should know, sentences.
        cancelled: it was stopped; what was counted landed.
        command: what ``z`` takes back.
    """

    dry: bool
    counts: Counter[str] = field(default_factory=Counter)
    problems: list[Problem] = field(default_factory=list)
    rows: list[RowOutcome] = field(default_factory=list)
    unknown: Counter[str] = field(default_factory=Counter)
    assumed: list[tuple[str, str]] = field(default_factory=list)
    notes: Counter[str] = field(default_factory=Counter)
    cancelled: bool = False
    command: str = ""

    @property
    def more(self) -> int:
        """Problems that are not listed."""
        return self.counts["problems"] - len(self.problems)

    @property
    def sentences(self) -> list[str]:
        """What else the agent should know."""
        found = []
        if self.cancelled:
            found.append(_("Stopped; what is counted here landed, nothing else was touched."))
        if self.unknown:
            names = ", ".join(display_text(name) for name in list(self.unknown)[:10])
            found.append(_("Not on the list of attributes, and left out: {names}.").format(names=names))
        if numbers := self.notes["assumed"]:
            words = ngettext(
                "{n} telephone number without a country is read as one of the house's: {numbers}.",
                "{n} telephone numbers without a country are read as those of the house's: {numbers}.",
                numbers,
            )
            shown = ", ".join(f"{given} → {read}" for given, read in self.assumed)
            found.append(words.format(n=numbers, numbers=shown + (", …" if numbers > len(self.assumed) else "")))
        if archived := self.notes["archived"]:
            words = ngettext("{n} guest stays archived.", "{n} guests stay archived.", archived)
            found.append(words.format(n=archived))
        if companies := self.notes["companies"]:
            words = ngettext(
                "{n} row names a person's company: an import ties nobody to a company.",
                "{n} rows name a person's company: an import ties nobody to a company.",
                companies,
            )
            found.append(words.format(n=companies))
        return found

    @property
    def done(self) -> int:
        """Rows that were looked at."""
        return sum(self.counts[status] for status in Status)


CHANNELS = tuple(channel.value for channel in ConsentChannel)
