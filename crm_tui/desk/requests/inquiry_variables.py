"""The template variables of an inquiry (SPEC §5): its dates, party and money as one writes them in the template's language."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from sqlalchemy import Connection, Row, select

from crm_tui.base.i18n import N_
from crm_tui.data.columns import columns, table_of
from crm_tui.data.tables import Conversation, Guest, GuestEmail, Inquiry, InquiryGuest
from crm_tui.desk.common import scope
from crm_tui.desk.texts.template_variables import Group, Scene, Variable, clean, long_date, register
from crm_tui.rules.mail_addresses import spellings
from crm_tui.rules.money import Money

_C = columns(Conversation)
_I = columns(Inquiry)
_G = columns(Guest)
_H = columns(InquiryGuest)
_E = columns(GuestEmail)

_PARTY: Mapping[str, tuple[Mapping[str, str], Mapping[str, str], str]] = {
    "en": ({"one": "adult", "other": "adults"}, {"one": "child", "other": "children"}, "ages {ages}"),
    "es": ({"one": "adulto", "other": "adultos"}, {"one": "niño", "other": "niños"}, "edades: {ages}"),
    "pl": (
        {"one": "osoba dorosła", "few": "osoby dorosłe", "other": "osób dorosłych"},
        {"one": "dziecko", "few": "dzieci", "other": "dzieci"},
        "wiek: {ages}",
    ),
    "fr": ({"one": "adulte", "other": "adultes"}, {"one": "enfant", "other": "enfants"}, "âges : {ages}"),
    "de": ({"one": "Erwachsener", "other": "Erwachsene"}, {"one": "Kind", "other": "Kinder"}, "Alter: {ages}"),
    "it": ({"one": "adulto", "other": "adulti"}, {"one": "bambino", "other": "bambini"}, "età: {ages}"),
}
"""Adults, children by plural form of CLDR, and their ages; these words go to the guest, so they are no texts of the desk."""


def party(adults: int | None, children: list[int | None], language: str) -> str:
    """Who comes, in a language: ``2 adults, 2 children (ages 7, 3)``; empty if nobody is known."""
    from babel import Locale

    code = language if language in _PARTY else "en"
    grown, young, aged = _PARTY[code]
    plural = Locale.parse(code).plural_form
    parts = [f"{adults} {grown.get(plural(adults), grown['other'])}"] if adults else []
    if children:
        known = [str(age) for age in children if age is not None]
        ages = f" ({aged.format(ages=', '.join(known))})" if len(known) == len(children) else ""
        parts.append(f"{len(children)} {young.get(plural(len(children)), young['other'])}{ages}")
    return ", ".join(parts)


def _provide(scene: Scene) -> Mapping[str, Any]:
    row = _inquiry_of(scene)
    if row is None:
        return {}

    def day(value: date | None) -> str:
        return long_date(value, scene.language) if value else ""

    def money(amount: int | None, currency: str) -> str:
        return Money(amount, currency).written(scene.language) if amount is not None else ""

    nights = (row.departure - row.arrival).days if row.arrival and row.departure else row.nights
    return {
        "number": str(row.id),
        **{name: day(getattr(row, name)) for name in _DAYS},
        **{name: clean(getattr(row, name)) for name in _TEXTS},
        "nights": str(nights) if nights else "",
        "party": party(row.adults, row.children or [], scene.language),
        "adults": str(row.adults) if row.adults is not None else "",
        "children": str(len(row.children)) if row.children else "",
        "budget": money(row.budget, row.budget_currency),
        "price": money(row.price, row.price_currency),
    }


_DAYS = ("arrival", "departure", "period_from", "period_to", "valid_until")
_TEXTS = ("room", "destination", "board", "airport", "preferences")


def _inquiry_of(scene: Scene) -> Row[Any] | None:
    if scene.conversation is None:
        return None
    query = select(table_of(Inquiry)).join(Conversation, _C.inquiry_id == _I.id).where(_C.id == scene.conversation)
    query = query.where(_I.removed_at.is_(None), scope.visible(_I.scope))
    return scene.connection.execute(query, {scope.BIND: scene.ctx.actor.scopes}).first()


def holder_of(connection: Connection, scopes: str, conversation: int, address: str = "") -> Row[Any] | None:
    """The holder of a conversation's inquiry: ``surname``, ``given``, ``language``, ``email``; None without one.

    Args:
        scopes: what the agent may see; the holder of a hidden inquiry is none.
        address: to whom is written; somebody else than the holder is not called by the holder's name.
    """
    query = (
        select(_G.id, _G.surname, _G.given, _G.language)
        .join(InquiryGuest, _H.guest_id == _G.id)
        .join(Inquiry, _I.id == _H.inquiry_id)
        .join(Conversation, _C.inquiry_id == _I.id)
        .where(_C.id == conversation, _H.holder, _I.removed_at.is_(None), scope.visible(_I.scope))
    )
    row = connection.execute(query, {scope.BIND: scopes}).first()
    if row is None or not address:
        return row
    mails = connection.execute(select(_E.folded).where(_E.guest_id == row.id)).scalars().all()
    return row if not mails or spellings(address) & set(mails) else None


register(
    Group(
        "inquiry",
        (
            Variable("number", N_("the inquiry's number"), "128"),
            Variable("arrival", N_("the day of arrival, in the template's language"), "12 July 2027"),
            Variable("departure", N_("the day of departure"), "19 July 2027"),
            Variable("nights", N_("how many nights"), "7"),
            Variable("period_from", N_("flexible dates: not before this day"), "1 July 2027"),
            Variable("period_to", N_("flexible dates: back by this day"), "31 July 2027"),
            Variable("party", N_("who comes: adults, children and their ages"), "2 + 2 (7, 3)"),
            Variable("adults", N_("how many adults"), "2"),
            Variable("children", N_("how many children"), "2"),
            Variable("room", N_("the room"), "Family room"),
            Variable("destination", N_("the destination"), "Palma"),
            Variable("board", N_("the board"), "Half board"),
            Variable("airport", N_("the departure airport"), "WAW"),
            Variable("preferences", N_("what the guest would like"), "Ground floor"),
            Variable("budget", N_("the guest's budget, with its currency"), "€1,500.00"),
            Variable("price", N_("the price that is offered, with its currency"), "€1,120.00"),
            Variable("valid_until", N_("until when the offer holds"), "30 June 2027"),
        ),
        _provide,
    )
)
