"""The texts of a mailing: one template in its languages, frozen when the mailing is made, filled in guest by guest (SPEC §5).

A language's variant is the template of the same name in it; without one, the only template with the same purpose in it
(the starter set names its texts in each language's own words).
"""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from sqlalchemy import Connection, Row, select

from crm_tui.base.errors import InvalidInput
from crm_tui.base.i18n import _
from crm_tui.data.columns import columns
from crm_tui.data.tables import Property
from crm_tui.desk.common.context import Context
from crm_tui.desk.correspondence import replies
from crm_tui.desk.groups.mailing_views import Letter, Reason
from crm_tui.desk.texts import template_variables, templates
from crm_tui.desk.texts.template_faults import told
from crm_tui.desk.texts.template_variables import LONGEST_VALUE, Scene, clean
from crm_tui.desk.texts.template_views import TemplateView
from crm_tui.mail.text import display_text, fold_text
from crm_tui.rules.gaps import unmarked
from crm_tui.rules.template_checks import Fault
from crm_tui.rules.templating import names_in, render, weighed_in

_P = columns(Property)


class Person(NamedTuple):
    """What a text says of its reader."""

    id: int
    given: str
    surname: str
    address: str
    language: str

    @property
    def name(self) -> str:
        """The whole name, display-safe."""
        return display_text(f"{self.given} {self.surname}".strip())

    def values(self) -> dict[str, str]:
        """The variables of the group *guest*."""
        given, surname = clean(self.given), clean(self.surname)
        email = unmarked(display_text(self.address))[:LONGEST_VALUE]
        name = f"{given} {surname}".strip()
        return {"name": name, "given": given, "surname": surname, "email": email, "language": self.language}


@dataclass(frozen=True, slots=True)
class Texts:
    """A template in its languages: code to subject and body; the first is for everybody without one of their own."""

    by_language: Mapping[str, tuple[str, str]]
    templates: tuple[int, ...] = ()

    def language_for(self, language: str) -> str:
        """The code of the text that a guest of a language gets."""
        return language if language in self.by_language else next(iter(self.by_language))

    def stored(self) -> list[dict[str, str]]:
        """As the store keeps them; a list, as the order counts."""
        return [
            {"language": code, "subject": subject, "body": body} for code, (subject, body) in self.by_language.items()
        ]


def kept(stored: Mapping[str, Any]) -> Texts:
    """The texts of a mailing as they were frozen."""
    return Texts(
        {one["language"]: (one["subject"], one["body"]) for one in stored["texts"]}, tuple(stored.get("templates", ()))
    )


def variants(ctx: Context, template_id: int) -> Texts:
    """A template and what it is in other languages; the property's own language first, else the template's.

    Raises:
        InvalidInput: it was archived.
        NotFound: there is none.
    """
    chosen = templates.get(ctx, template_id)
    if chosen.archived:
        raise InvalidInput(_("{name} is archived.").format(name=chosen.name), _("Choose another template."), "template")
    every = templates.listed(ctx)
    found = {chosen.language: chosen}
    for code in dict.fromkeys(one.language for one in every):
        if code not in found and (other := _in_language(every, chosen, code)) is not None:
            found[code] = other
    first = next((code for code in (*_property_languages(ctx), chosen.language) if code in found), chosen.language)
    ordered = {first: found.pop(first), **found}
    return Texts(
        {code: (one.subject, one.body) for code, one in ordered.items()}, tuple(o.id for o in ordered.values())
    )


def _in_language(every: Sequence[TemplateView], chosen: TemplateView, code: str) -> TemplateView | None:
    here = [one for one in every if one.language == code]
    named = [one for one in here if fold_text(one.name) == fold_text(chosen.name)]
    if named:
        return named[0]
    alike = [one for one in here if one.category == chosen.category]
    siblings = [one for one in every if one.language == chosen.language and one.category == chosen.category]
    return alike[0] if len(alike) == len(siblings) == 1 and chosen.category != "other" else None


def _property_languages(ctx: Context) -> list[str]:
    with ctx.store.connect() as connection:
        found = connection.execute(select(_P.languages).order_by(_P.id).limit(1)).scalar()
    return [code.strip() for code in (found or "").split(",") if code.strip()]


class Filling:
    """Fills texts in for one guest after the other; what is not the guest's is looked up once a language.

    Args:
        ctx: in the hands of whose name the texts give as the agent's.
    """

    def __init__(self, ctx: Context, connection: Connection, texts: Texts, signature: str = "") -> None:
        self._ctx, self._connection = ctx, connection
        self._texts, self._signature = texts, signature
        self._values: dict[str, dict[str, dict[str, Any]]] = {}
        self._known: dict[str, tuple[tuple[str, ...], frozenset[str]]] = {}
        self._faults: dict[tuple[Any, ...], str] = {}

    def letter(self, person: Person) -> Letter:
        """The mail that a guest gets; what is wrong with it is told in it, not raised."""
        code = self._texts.language_for(person.language)
        subject, body = self._texts.by_language[code]
        given = self._base(code) | {"guest": person.values()}
        name, address = person.name, display_text(person.address)
        try:
            head = render(subject, given, time.monotonic, "subject")
            text = render(body, given, time.monotonic, "body")
        except Fault as fault:
            return Letter(person.id, name, address, code, "", "", error=str(told(fault)))
        gaps = tuple(dict.fromkeys((*head.gaps, *text.gaps)))
        whole = replies.signed(display_text(text.text, multiline=True), self._signature)
        line = " ".join(display_text(head.text).split())
        return Letter(person.id, name, address, code, line, whole, gaps)

    def fault(self, person: Person) -> str:
        """Why a guest cannot get the text, as a stored reason; empty if it is all right.

        Guests for whom nothing differs that decides this are answered by the first of them.
        """
        code = self._texts.language_for(person.language)
        names, weighed = self._names(code)
        given = self._base(code) | {"guest": person.values()}
        found = ((name, _value(given, name)) for name in names)
        key = (code, *(value if name in weighed else bool(value) for name, value in found))
        if key not in self._faults:
            letter = self.letter(person)
            if letter.error:
                self._faults[key] = f"{Reason.FAULT}: {letter.error}"
            else:
                self._faults[key] = f"{Reason.EMPTY}: {', '.join(letter.gaps)}" if letter.gaps else ""
        return self._faults[key]

    def _base(self, code: str) -> dict[str, dict[str, Any]]:
        if code not in self._values:
            self._values[code] = template_variables.values(Scene(self._ctx, self._connection, language=code))
        return self._values[code]

    def _names(self, code: str) -> tuple[tuple[str, ...], frozenset[str]]:
        """The variables of a text, and those whose value decides more than whether there is one."""
        if code not in self._known:
            parts = self._texts.by_language[code]
            try:
                names = tuple(dict.fromkeys(name for part in parts for name in names_in(part)))
                self._known[code] = names, frozenset().union(*(weighed_in(part) for part in parts))
            except Fault:
                self._known[code] = (), frozenset()  # it fails for everybody
        return self._known[code]


def _value(given: Mapping[str, Mapping[str, Any]], path: str) -> Any:
    group, _dot, name = path.partition(".")
    return given.get(group, {}).get(name)


def person_of(row: Row[Any], address: str) -> Person:
    """A guest's row (``id``, ``given``, ``surname``, ``language``) as a text's reader."""
    return Person(row.id, row.given, row.surname, address, row.language)
