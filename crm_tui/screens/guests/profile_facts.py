"""Who a guest is, as lines and entries. Pure; no widget."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from functools import lru_cache

from crm_tui.base.i18n import _, language, ngettext
from crm_tui.desk.client_base.guest_profile_views import ProfileView
from crm_tui.desk.client_base.guest_views import CONSENTS, GuestListRow
from crm_tui.rules.passport import PassportState
from crm_tui.screens.guests.entry_words import amount
from crm_tui.widgets.cells import cut, fit
from crm_tui.widgets.days import day, written
from crm_tui.widgets.entries import Build, Entry, TextLine, paragraph
from crm_tui.widgets.styled import Part

NAMES = 13
"""Cells for the names of facts."""
LONGEST_NAME = 44
"""Cells of a name in the headline; the number and the age stay beside the longest."""
REMARK_LINES = 6

Fact = tuple[str, str, list[TextLine]]
"""The key of a fact, its name, its lines; without lines it is not known."""


def headline(view: ProfileView) -> tuple[list[Part], list[Part]]:
    """The line that says who it is, and at its right end what must not be overlooked."""
    guest = view.guest
    right: list[Part] = []
    if view.number != guest.id:
        right.append((_("{number} was merged into this guest").format(number=view.number) + "  ", "accent"))
    if view.erased:
        right.append((_("erased") + "  ", "warn strong"))
    elif view.archived:
        right.append((_("archived") + "  ", "warn strong"))
    if view.passport.warns:
        right.append(("! " + _("passport") + " ", "warn strong"))
    return _who(guest.name, guest.kind, guest.id, age_words(view)), right


def headline_of_row(row: GuestListRow) -> tuple[list[Part], list[Part]]:
    """The same of what a list knows."""
    right: list[Part] = [(_("archived") + "  ", "warn strong")] if row.archived else []
    return _who(row.name, row.kind, row.id), right


def _who(name: str, kind: str, number: int, age: str = "") -> list[Part]:
    parts: list[Part] = [(f" {cut(name or '–', LONGEST_NAME)}", "title")]
    company = _("company") if kind == "company" else ""
    for words in (company, _("guest {number}").format(number=number), age):
        if words:
            parts += [(" · ", "muted"), (words, "")]
    return parts


def summary(view: ProfileView) -> list[Part]:
    """The line below it: how to reach the guest, and in which language; or that the person was erased."""
    guest = view.guest
    if view.erased_on:
        return [(" " + erased_words(view), "warn strong")]
    reach = [*(one.shown for one in guest.phones[:1]), *guest.emails[:1]]
    return _reached(reach, [language_name(guest.language), country_name(guest.nationality)])


def summary_of_row(row: GuestListRow) -> list[Part]:
    """The same of what a list knows."""
    return _reached([one for one in (row.phone, row.email) if one], [language_name(row.language)])


def _reached(reach: Sequence[str], more: Sequence[str]) -> list[Part]:
    parts: list[Part] = [(" " + (" · ".join(reach) or _("no telephone, no mail")), "strong" if reach else "muted")]
    said = " · ".join(part for part in more if part)
    return [*parts, (" · " + said, "")] if said else parts


def erased_words(view: ProfileView) -> str:
    """That the person was erased, and when."""
    return _("This person was erased on {day}.").format(day=view.erased_on)


def age_words(view: ProfileView) -> str:
    """How old the guest is; on the birthday that too."""
    born = view.guest.birth_date
    if born is None or born > view.today:
        return ""
    years = view.today.year - born.year - ((view.today.month, view.today.day) < (born.month, born.day))
    words = ngettext("{n} year old", "{n} years old", years).format(n=years)
    today = (born.month, born.day) == (view.today.month, view.today.day)
    return words + (" · " + _("birthday today") if today else "")


@lru_cache(maxsize=512)
def _named(kind: str, code: str, locale: str) -> str:
    from babel import Locale

    names = Locale.parse(locale)
    found = (names.languages if kind == "language" else names.territories).get(code)
    return str(found or code)


def language_name(code: str) -> str:
    """A language in the agent's: *Polish*."""
    return _named("language", code, language()) if code else ""


def country_name(code: str) -> str:
    """A country in the agent's language."""
    return _named("country", code, language()) if code else ""


def facts(view: ProfileView) -> Build:
    """All that is known, the most telling first; the key of each is its field, so that Enter knows what to change."""
    return _listed(lambda width: _lines(view, width))


def facts_of_row(row: GuestListRow) -> Build:
    """What a list knows."""

    def lines(width: int) -> list[Fact]:
        known = (
            ("attributes", _("Attributes"), ", ".join(row.attributes), "accent"),
            (f"mail {row.email}", _("Mail"), row.email, ""),
            ("phones", _("Telephone"), row.phone, ""),
            ("street", _("Address"), " ".join(part for part in (row.city, row.country) if part), ""),
        )
        return [(key, label, paragraph(text, width, style) if text else []) for key, label, text, style in known]

    return _listed(lines)


def _listed(lines_of: Callable[[int], Sequence[Fact]]) -> Build:
    def build(width: int) -> Sequence[Entry]:
        found: list[Entry] = []
        for key, label, lines in lines_of(max(10, width - NAMES)):
            if lines:
                head = TextLine([(fit(label, NAMES), "muted"), *lines[0].left])
                rest = [TextLine([(" " * NAMES, ""), *line.left]) for line in lines[1:]]
                found.append(Entry(key, (head, *rest)))
        return found

    return build


def _lines(view: ProfileView, width: int) -> list[Fact]:
    guest = view.guest
    company = guest.kind == "company"
    one = paragraph
    found: list[Fact] = [
        ("passport_expiry", _("Passport"), _passport(view, width)),
        ("numbers", _("Stays"), one(stays(view), width)),
        ("values", _("Value"), one(values(view), width) if view.numbers.values else []),
        ("consents", _("Consent"), _consents(view, width)),
        ("attributes", _("Attributes"), one(", ".join(view.attributes), width, "accent") if view.attributes else []),
        ("remarks", _("Remarks"), _remarks(guest.remarks, width)),
    ]
    contacts = _("Contact") if company else _("Company")
    found += [
        (
            f"guest {other.id}",
            contacts,
            one(" · ".join(part for part in (other.name, other.role) if part), width, "link"),
        )
        for other in view.contacts
    ]
    found += [(f"mail {address}", _("Mail"), one(address, width)) for address in guest.emails]
    found += [
        ("phones", _("Telephone"), one(phone.shown + (f" ({phone.label})" if phone.label else ""), width))
        for phone in guest.phones
    ]
    found += [
        (key, label, one(value, width) if value else [])
        for key, label, value in (
            ("street", _("Address"), _address(view)),
            ("birth_date", _("Born"), written(guest.birth_date) if guest.birth_date else ""),
            ("nationality", _("Nationality"), country_name(guest.nationality)),
            ("language", _("Language"), language_name(guest.language)),
            ("document", _("Document"), view.document),
            ("tax_number", _("Tax number"), guest.tax_number),
            ("reference", _("Reference"), guest.reference),
            ("", _("Known since"), _since(view)),
        )
    ]
    return found


def plain(view: ProfileView) -> list[tuple[str, str]]:
    """Names and values of the facts as text, for the command line."""
    return [
        (label, " ".join("".join(text for text, _style in line.left) for line in lines))
        for _key, label, lines in _lines(view, 10_000)
        if lines
    ]


def _passport(view: ProfileView, width: int) -> list[TextLine]:
    found = view.passport
    if found.expiry is None:
        return paragraph(view.passport_number, width) if view.passport_number else []
    until = _("until {day}").format(day=written(found.expiry))
    line = " · ".join(part for part in (view.passport_number, until) if part)
    if found.state == PassportState.EXPIRED:
        return [*paragraph(line, width), *paragraph("! " + _("has expired"), width, "warn strong")]
    if found.state == PassportState.SHORT and found.needed is not None and found.back is not None:
        words = _("too short: back on {back}, needed until {needed}")
        said = words.format(back=day(found.back, view.today), needed=written(found.needed))
        return [*paragraph(line, width), *paragraph("! " + said, width, "warn strong")]
    return paragraph(line, width)


def stays(view: ProfileView) -> str:
    """The guest in numbers: stays, the last one, the next one, those that came to nothing."""
    found = view.numbers
    parts = (
        [ngettext("{n} stay", "{n} stays", found.stays).format(n=found.stays)] if found.stays else [_("no stay yet")]
    )
    if found.last:
        parts.append(_("last until {day}").format(day=day(found.last, view.today)))
    if found.coming:
        parts.append(_("next from {day}").format(day=day(found.coming, view.today)))
    if found.cancelled:
        parts.append(ngettext("{n} cancelled", "{n} cancelled", found.cancelled).format(n=found.cancelled))
    return " · ".join(parts)


def values(view: ProfileView) -> str:
    """What the stays are worth, a currency each."""
    return " · ".join(amount(value) for value in view.numbers.values)


def _consents(view: ProfileView, width: int) -> list[TextLine]:
    """Sign and word of each channel; wrapped where they do not fit side by side."""
    lines: list[list[Part]] = [[]]
    used = 0
    for channel, one in view.guest.consents.items():
        name = _(CONSENTS[channel]) if channel in CONSENTS else channel
        words = f"{'✓' if one.given else '✕'} {name}"
        if used and used + 2 + len(words) > width:
            lines.append([])
            used = 0
        gap = "  " if used else ""
        lines[-1].append((gap + words, "good" if one.given else "muted"))
        used += len(gap) + len(words)
    return [TextLine(line) for line in lines]


def _remarks(text: str, width: int) -> list[TextLine]:
    if not text:
        return []
    lines = paragraph(text, width, most=REMARK_LINES + 1)
    if len(lines) > REMARK_LINES:
        lines[REMARK_LINES - 1 :] = [TextLine([("▸ ", "key"), (_("goes on: Enter shows all of it"), "muted")])]
    return lines


def _address(view: ProfileView) -> str:
    guest = view.guest
    town = " ".join(part for part in (guest.postcode, guest.city) if part)
    return ", ".join(part for part in (guest.street, town, view.region, country_name(guest.country)) if part)


def _since(view: ProfileView) -> str:
    on: date = view.guest.created_at.date()
    merged = ngettext("{n} profile merged in", "{n} profiles merged in", view.merged).format(n=view.merged)
    return written(on) + (f" · {merged}" if view.merged else "")
