"""The registry of template variables (SPEC §5): each group is declared once with its words and the way to its values.

A later entity joins in with one call, and then its variables are documented in the editor, offered there and filled in::

    register(Group("reservation", (Variable("code", N_("the booking code"), "MIR-2041"), ...), provide))

``provide(scene)`` gives the group's values for a scene, or ``{}`` where there is no such thing; a name left out or empty is
a gap in the text. What no group declares is a gap too.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from sqlalchemy import Connection, select

from crm_tui.base.i18n import N_, _
from crm_tui.data.columns import columns
from crm_tui.data.tables import Conversation, Message, MessageText, Property
from crm_tui.desk.common.context import Context
from crm_tui.desk.correspondence.writing import zone
from crm_tui.desk.texts.template_views import VariableView
from crm_tui.mail.language import SAMPLE, guess_language
from crm_tui.mail.text import display_text
from crm_tui.rules.gaps import unmarked

_C = columns(Conversation)
_M = columns(Message)
_X = columns(MessageText)
_P = columns(Property)

LONGEST_VALUE = 200
"""Letters of a name or address that come from outside."""
_MARKUP = re.compile(r"[\[\]<>`*_\\|~]+")
_LINK = re.compile(r"\b[a-z][a-z0-9+.-]*:(?=/|\S+@)|/{2,}", re.IGNORECASE)
_BLOCK = re.compile(r"^([#+-]+|\d{1,9}[.)]) ")


@dataclass(frozen=True, slots=True)
class Scene:
    """For whom a template is filled in.

    Attributes:
        conversation: the conversation that is answered; None for a new mail.
        name, address: the recipient, as far as known; empty: the conversation's guest.
        language: ISO 639-1 code that dates are written in, the template's.
        sample: fill in the sample guest instead (the editor's preview).
        reservation: what the letter is about; None: what the conversation is about, if anything.
    """

    ctx: Context
    connection: Connection
    conversation: int | None = None
    name: str = ""
    address: str = ""
    language: str = "en"
    sample: bool = False
    reservation: int | None = None


@dataclass(frozen=True, slots=True)
class Variable:
    """One value: its name within the group, what it is (marked with ``N_``), and the sample guest's."""

    name: str
    text: str
    sample: str


Provide = Callable[[Scene], Mapping[str, Any]]


@dataclass(frozen=True, slots=True)
class Group:
    """Values that belong together, and how they are had."""

    name: str
    variables: tuple[Variable, ...]
    provide: Provide = field(compare=False)


_groups: dict[str, Group] = {}


def register(group: Group) -> Group:
    """Declare a group; the same name again replaces it."""
    _groups[group.name] = group
    return group


def _known() -> list[Group]:
    """Every group there is; those of things that are declared elsewhere join in with their module."""
    from crm_tui.desk.requests import inquiry_variables
    from crm_tui.desk.stays import reservation_variables

    del inquiry_variables, reservation_variables
    return list(_groups.values())


def documented() -> list[VariableView]:
    """Every variable there is, as the editor shows them."""
    return [
        VariableView(f"{group.name}.{one.name}", _(one.text), one.sample)
        for group in _known()
        for one in group.variables
    ]


def values(scene: Scene) -> dict[str, dict[str, Any]]:
    """The values of all groups for a scene; declared ones that have none are empty."""
    found: dict[str, dict[str, Any]] = {}
    for group in _known():
        given = {one.name: one.sample for one in group.variables} if scene.sample else dict(group.provide(scene))
        found[group.name] = {one.name: "" for one in group.variables} | given
    if scene.sample:
        found["property"]["today"] = long_date(_today(scene), scene.language)
        found["guest"]["language"] = scene.language
    return found


def long_date(day: date, language: str) -> str:
    """A day as one writes it in a letter: ``21 listopada 2026``."""
    from babel.dates import format_date
    from babel.localedata import exists

    locale = (
        "en_GB" if language == "en" or not exists(language) else language
    )  # the day stands first in European letters
    return str(format_date(day, "long", locale=locale))


def guest_of(scene: Scene) -> tuple[str, str]:
    """Name and address of the guest: the recipient named, else whoever wrote last in the conversation."""
    if scene.name or scene.conversation is None:
        return scene.name, scene.address
    row = scene.connection.execute(
        select(_M.sender_name, _M.sender_address)
        .where(_M.conversation_id == scene.conversation, _M.direction == "in")
        .order_by(_M.at.desc(), _M.id.desc())
        .limit(1)
    ).first()
    if row is None or (scene.address and scene.address.casefold() != row.sender_address.casefold()):
        return scene.name, scene.address
    return row.sender_name, row.sender_address


def language_of(scene: Scene) -> str:
    """The language in which the guest seems to write; empty if that cannot be told."""
    if scene.conversation is None:
        return ""
    rows = scene.connection.execute(
        select(_M.subject, _X.text)
        .join(MessageText, _X.message_id == _M.id)
        .where(_M.conversation_id == scene.conversation, _M.direction == "in")
        .order_by(_M.at.desc(), _M.id.desc())
        .limit(3)
    )
    for row in rows:
        own = "\n".join(line for line in (row.text or "").split("\n") if not line.lstrip().startswith(">"))
        found = guess_language(f"{own[:SAMPLE]} {row.subject}"[:SAMPLE])
        if found:
            return found
    return ""


def guests_language(scene: Scene) -> str:
    """The language to write in: the holder's, where there is an inquiry or a reservation, else that of the guest's mail."""
    if scene.reservation is not None:
        from crm_tui.desk.stays import reservation_variables

        leader = reservation_variables.holder_of(scene.connection, scene.reservation, scene.address)
        if leader is not None and leader.language:
            return str(leader.language)
    if scene.conversation is not None:
        from crm_tui.desk.requests.inquiry_variables import holder_of

        holder = holder_of(scene.connection, scene.ctx.actor.scopes, scene.conversation, scene.address)
        if holder is not None and holder.language:
            return str(holder.language)
    return language_of(scene)


def split_name(name: str) -> tuple[str, str]:
    """Given name and surname of a person's name as mail programs write it. One word is nobody's surname for sure."""
    if "," in name:
        surname, _comma, given = (part.strip() for part in name.partition(","))
        return given, surname
    words = name.split()
    if len(words) < 2:
        return "", ""
    return " ".join(words[:-1]), words[-1]


def clean(value: str) -> str:
    """A value from outside as one line that means nothing in Markdown and is no gap."""
    plain = _LINK.sub(" ", _MARKUP.sub(" ", unmarked(display_text(value)))).replace("@", " @ ")
    line = " ".join(plain.split())[:LONGEST_VALUE]
    return _BLOCK.sub("\\1\u00a0", line)  # a name may begin with "1. ": with another blank it begins no list


def _guest(scene: Scene) -> Mapping[str, Any]:
    """The holder of the reservation or of the conversation's inquiry, else the sender as the mail program names them."""
    name, address = guest_of(scene)
    plain = clean(name)
    if "@" in plain:  # some programs give the address as the name
        plain = ""
    given, surname = split_name(plain)
    shown = f"{given} {surname}".strip() or plain
    email = unmarked(display_text(address))[:LONGEST_VALUE]
    found = {"name": shown, "given": given, "surname": surname, "email": email, "language": ""}
    if scene.conversation is not None or scene.reservation is not None:
        holder = _holder(scene)
        if holder is not None:
            given, surname = clean(holder.given), clean(holder.surname)
            named = {"name": f"{given} {surname}".strip(), "given": given, "surname": surname}
            found |= {**named, "language": holder.language}
    return found | {"language": found["language"] or language_of(scene)}


def _holder(scene: Scene) -> Any:
    """The holder of what is written about: of the reservation named, else of the conversation's inquiry."""
    if scene.reservation is not None:
        from crm_tui.desk.stays import reservation_variables

        return reservation_variables.holder_of(scene.connection, scene.reservation, scene.address)
    from crm_tui.desk.requests.inquiry_variables import holder_of

    return holder_of(scene.connection, scene.ctx.actor.scopes, scene.conversation or 0, scene.address)


def _today(scene: Scene) -> date:
    return scene.ctx.clock.now().astimezone(zone(scene.connection)).date()


def _property(scene: Scene) -> Mapping[str, Any]:
    row = scene.connection.execute(select(_P.name, _P.timezone, _P.currency).order_by(_P.id).limit(1)).first()
    if row is None:
        return {}
    today = long_date(_today(scene), scene.language)
    return {"name": display_text(row.name), "timezone": row.timezone, "currency": row.currency, "today": today}


def _agent(scene: Scene) -> Mapping[str, Any]:
    actor = scene.ctx.actor
    return {"name": display_text(actor.name) if actor.id is not None else ""}


register(
    Group(
        "guest",
        (
            Variable("name", N_("whole name: of the holder, else of the mail's sender"), "Łucja Nowak"),
            Variable("given", N_("given name, from the same"), "Łucja"),
            Variable("surname", N_("surname, from the same"), "Nowak"),
            Variable("email", N_("the guest's mail address"), "lucja.nowak@poczta.example"),
            Variable("language", N_("the language the guest writes: en, es, pl, fr…"), "pl"),
        ),
        _guest,
    )
)
register(
    Group(
        "property",
        (
            Variable("name", N_("the name of the hotel or agency"), "Hotel Miramar"),
            Variable("today", N_("today, in the template's language"), "21 November 2026"),
            Variable("currency", N_("the property's currency"), "EUR"),
            Variable("timezone", N_("the property's time zone"), "Europe/Madrid"),
        ),
        _property,
    )
)
register(Group("agent", (Variable("name", N_("your name"), "Ana"),), _agent))
