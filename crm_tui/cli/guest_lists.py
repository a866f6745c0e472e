"""``list guests``: the client base by criteria (SPEC §6, §15)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from crm_tui.base.errors import NotFound
from crm_tui.base.i18n import _
from crm_tui.cli.guest_list_options import TEXTS
from crm_tui.cli.invocation import Invocation
from crm_tui.cli.mail import limit_of
from crm_tui.cli.usage import UsageError

if TYPE_CHECKING:
    from datetime import date

    from crm_tui.desk.client_base.guest_views import GuestListRow
    from crm_tui.desk.common.context import Context
    from crm_tui.rules.guest_criteria import GuestCriteria
    from crm_tui.rules.guest_searches import GuestQuery

_DAYS = ("arrival_from", "arrival_to", "departure_from", "departure_to")


def list_guests(run: Invocation) -> int:
    """Print the guests that fit, by name."""
    limit = limit_of(run)
    with run.desk() as ctx:
        asked = criteria(ctx, run)
        newest = run.options.newest or kept(ctx, run).order == "newest"
        if run.out.as_json:
            for row in _rows(ctx, asked, limit, newest=newest):
                run.out.record(_record(row))
            return 0
        rows = list(_rows(ctx, asked, limit, newest=newest))
    if not rows:
        run.out.line(_("The client base is empty.") if asked.empty else _("Nobody fits."))
        return 0
    titles = (_("ID"), _("Name"), _("Kind"), _("Mail"), _("Telephone"), _("City"), _("Attributes"))
    run.out.table(titles, [_cells(row) for row in rows], right=(0,))
    return 0


def criteria(ctx: Context, run: Invocation) -> GuestCriteria:
    """What the options ask for; those that are given go before what a saved view asks for.

    Raises:
        CrmError: the view cannot be read.
        NotFound: there is no such view.
        UsageError: a value cannot be asked for.
    """
    from dataclasses import replace

    from crm_tui.rules.guest_criteria import CHANNELS, CriteriaFault, checked

    given = {name: value for name in TEXTS if (value := getattr(run.options, name)) is not None}
    values: dict[str, Any] = {name: given[name] for name in ("text", "city", "destination") if name in given}
    values |= {name: getattr(run.options, name) for name in ("kind", "never_booked", "archived")}
    for name in ("consent", "no_consent"):
        if name in given:
            if given[name] not in CHANNELS:
                raise _wrong(name, given[name], _("One of: {names}.").format(names=", ".join(CHANNELS)))
            values[name] = given[name]
    values |= _places(given) | _days(ctx, given) | _amounts(ctx, given) | _named(ctx, run, given)
    try:
        return checked(
            replace(kept(ctx, run).criteria, **{name: one for name, one in values.items() if one or name in given})
        )
    except CriteriaFault as fault:
        raise _wrong(fault.field, fault.given, _("A range ends where it begins, or later.")) from None


def kept(ctx: Context, run: Invocation) -> GuestQuery:
    """What the saved view that is named asks for; the list of all guests without one.

    Raises:
        CrmError: it cannot be read.
        NotFound: there is none of that name.
        UsageError: it is no view of guests.
    """
    from crm_tui import desk
    from crm_tui.rules.guest_searches import GuestQuery

    if run.options.view is None:
        return GuestQuery()
    view = desk.saved_views.named(ctx, run.options.view)
    if not view.of_guests:
        words = _("“{name}” is a view of everything, not of guests.").format(name=view.name)
        raise UsageError(words, _("Use: crm-tui search --view NAME"))
    return desk.saved_views.guests_of(view)


def _wrong(name: str, given: str, hint: str) -> UsageError:
    from crm_tui.mail.text import display_text

    words = _("--{option} cannot be “{given}”.")
    return UsageError(words.format(option=name.replace("_", "-"), given=display_text(given)), hint)


def _places(given: dict[str, str]) -> dict[str, str]:
    from crm_tui.base.errors import InvalidInput
    from crm_tui.desk.client_base import countries

    found: dict[str, str] = {}
    for name in ("nationality", "country"):
        if name in given:
            try:
                found[name] = countries.code_of(given[name])
            except InvalidInput as error:
                raise _wrong(name, given[name], error.hint or _("Two letters, like PL, or a name.")) from None
    if "language" in given:
        code = given["language"].strip().lower()
        if len(code) != 2 or not code.isascii() or not code.isalpha():
            raise _wrong("language", given["language"], _("Two letters, like es."))
        found["language"] = code
    return found


def _days(ctx: Context, given: dict[str, str]) -> dict[str, Any]:
    from crm_tui.cli.times import zone_of
    from crm_tui.rules.days import DayFault, read_day
    from crm_tui.rules.guest_filter import birthday_of

    today = ctx.clock.now().astimezone(zone_of(ctx)).date()
    found: dict[str, date | str] = {}
    for name in (*_DAYS, "passport_until"):
        if name in given:
            try:
                found[{"passport_until": "passport_by"}.get(name, name)] = read_day(given[name], today)
            except DayFault:
                raise _wrong(name, given[name], _("Write a day like 2026-08-14 or 14.8.2026.")) from None
    for name in ("born_from", "born_to"):
        if name in given:
            try:
                found[name] = birthday_of(given[name])
            except DayFault:
                raise _wrong(name, given[name], _("Write a day and a month, like 24.12.")) from None
    return found


def _amounts(ctx: Context, given: dict[str, str]) -> dict[str, Any]:
    from crm_tui import desk
    from crm_tui.rules.guest_filter import amount_of
    from crm_tui.rules.money import AmountFault

    house = desk.setup.current_property(ctx)
    currency, found = house.currency if house is not None else "", dict[str, Any]()
    for name in ("value_from", "value_to"):
        if name in given:
            try:
                found[name], meant = amount_of(given[name], found.get("currency", currency))
            except AmountFault:
                raise _wrong(name, given[name], _("Write an amount, like 1200 or 1200.50 EUR.")) from None
            if found.get("currency", meant) != meant:
                raise _wrong(name, given[name], _("Both amounts are in one currency."))
            found["currency"] = meant
    return found


def _named(ctx: Context, run: Invocation, given: dict[str, str]) -> dict[str, Any]:
    """Attributes and the package, by their names."""
    from crm_tui import desk

    found: dict[str, Any] = {}
    try:
        if run.options.attribute:
            found["attributes"] = tuple(desk.attributes.named(ctx, one).id for one in run.options.attribute)
        if "package" in given:
            name = given["package"]
            package = desk.packages.get(ctx, int(name)) if name.isdecimal() else desk.packages.named(ctx, name)
            found["package"] = package.id
    except NotFound as error:
        raise UsageError(error.message, error.hint or _("See: crm-tui list guests --help")) from None
    return found


def _rows(ctx: Context, asked: GuestCriteria, limit: int, *, newest: bool) -> Iterator[GuestListRow]:
    from crm_tui import desk
    from crm_tui.desk.client_base.guest_lists import GuestQuery

    query, after, total = GuestQuery(asked, "newest" if newest else "name"), None, None
    while limit > 0:
        page = desk.guest_lists.page(ctx, query, after=after, limit=min(limit, 500), known=total)
        if not page.rows:
            return
        yield from page.rows
        limit -= len(page.rows)
        after, total = page.rows[-1].cursor, page.total


def _record(row: GuestListRow) -> dict[str, Any]:
    names = ("id", "name", "kind", "surname", "given", "email", "phone", "language", "city", "country")
    found = {name: getattr(row, name) or None for name in names}
    return found | {"attributes": list(row.attributes), "archived": row.archived}


def _cells(row: GuestListRow) -> list[Any]:
    place = " ".join(part for part in (row.city, row.country) if part)
    return [row.id, row.listed_name, row.kind, row.email, row.phone, place, ", ".join(row.attributes)]
