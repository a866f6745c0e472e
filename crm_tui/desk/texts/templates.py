"""Templates of replies: written, changed and put away by every agent; nothing is ever deleted (SPEC §5)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Connection, Row, insert, select, update

from crm_tui.base.errors import Conflict, InvalidInput, NotFound
from crm_tui.base.i18n import _
from crm_tui.data.columns import columns, new_id, table_of
from crm_tui.data.tables import Agent, Template
from crm_tui.desk.common.context import Context, Transaction
from crm_tui.desk.texts.template_faults import check_source
from crm_tui.desk.texts.template_views import CATEGORIES, LANGUAGE_NAMES, TemplateView
from crm_tui.mail.text import display_text

_T = columns(Template)
_A = columns(Agent)

LONGEST_NAME = 80
LONGEST_SUBJECT = 900
_FIELDS = ("name", "language", "category", "subject", "body")
_SELECT = select(table_of(Template), _A.name.label("agent_name")).outerjoin(Agent, _A.id == _T.agent_id)


def listed(ctx: Context, *, archived: bool | None = False) -> list[TemplateView]:
    """The templates by category, name and language; ``archived`` chooses those put away, None gives both."""
    query = _SELECT if archived is None else _SELECT.where(_T.archived.is_(archived))
    with ctx.store.connect() as connection:
        found = [_view(row) for row in connection.execute(query)]
    order = {category: place for place, category in enumerate(CATEGORIES)}
    return sorted(found, key=lambda one: (order.get(one.category, len(order)), one.category, one.language, one.name))


def get(ctx: Context, template_id: int) -> TemplateView:
    """One template, archived or not.

    Raises:
        NotFound: there is none.
    """
    with ctx.store.connect() as connection:
        return view_in(connection, template_id)


def named(ctx: Context, name: str, language: str = "") -> TemplateView:
    """The template in use that is called so; with ``language`` the one in it.

    Raises:
        NotFound: there is none, or several languages have one.
    """
    found = [one for one in listed(ctx) if one.name.casefold() == name.strip().casefold()]
    if language:
        found = [one for one in found if one.language == language]
    if len(found) == 1:
        return found[0]
    if found:
        names = ", ".join(one.language for one in found)
        raise NotFound(_("{name} is there in {languages}.").format(name=name, languages=names), _("Say which one."))
    raise NotFound(_("There is no template called {name}.").format(name=display_text(name)))


def create(
    ctx: Context, *, name: str, language: str, category: str = "other", subject: str = "", body: str = ""
) -> TemplateView:
    """Write a new template.

    Raises:
        InvalidInput: a value is not usable, or the text is no template; ``field`` names it.
    """
    values = _checked({"name": name, "language": language, "category": category, "subject": subject, "body": body})
    with ctx.write() as tx:
        return view_in(tx.connection, insert_in(tx, values, undoable=True))


def insert_in(tx: Transaction, values: Mapping[str, str], *, undoable: bool = False) -> int:
    """Store checked values as a new template, within a transaction; returns its id."""
    _must_be_free(tx.connection, values["name"], values["language"])
    row = {**values, "agent_id": tx.actor.id, "created_at": tx.now, "updated_at": tx.now}
    made = new_id(tx.connection.execute(insert(Template).values(archived=False, version=1, **row)))
    tx.journal("template", made, "create", after=dict(values), undoable=undoable)
    return made


def change(
    ctx: Context,
    template_id: int,
    version: int,
    *,
    name: str | None = None,
    language: str | None = None,
    category: str | None = None,
    subject: str | None = None,
    body: str | None = None,
) -> TemplateView:
    """Change what is not None of a template.

    Args:
        version: the one the agent started from.

    Raises:
        Conflict: somebody changed it since; nothing was overwritten.
        InvalidInput: a value is not usable, or the text is no template; ``field`` names it.
        NotFound: there is none.
    """
    given = {"name": name, "language": language, "category": category, "subject": subject, "body": body}
    values = _checked({key: value for key, value in given.items() if value is not None})
    with ctx.write() as tx:
        row = _at_version(tx.connection, template_id, version)
        changed = {key: value for key, value in values.items() if value != getattr(row, key)}
        if not changed:
            return view_in(tx.connection, template_id)
        if not row.archived and ("name" in changed or "language" in changed):
            wanted = {"name": row.name, "language": row.language, **changed}
            _must_be_free(tx.connection, wanted["name"], wanted["language"], but=template_id)
        _update(tx, row, "change", changed)
        return view_in(tx.connection, template_id)


def archive(ctx: Context, template_id: int, version: int) -> TemplateView:
    """Put a template away: it is offered no more, and can be had back.

    Raises:
        Conflict: somebody changed it since.
        NotFound: there is none.
    """
    return _put(ctx, template_id, version, archived=True)


def restore(ctx: Context, template_id: int, version: int) -> TemplateView:
    """Offer a template again.

    Raises:
        InvalidInput: another one took its name meanwhile.
        Conflict: somebody changed it since.
        NotFound: there is none.
    """
    return _put(ctx, template_id, version, archived=False)


def _put(ctx: Context, template_id: int, version: int, *, archived: bool) -> TemplateView:
    with ctx.write() as tx:
        row = _at_version(tx.connection, template_id, version)
        if row.archived != archived:
            if not archived:
                _must_be_free(tx.connection, row.name, row.language, but=template_id)
            _update(tx, row, "archive" if archived else "restore", {"archived": archived})
        return view_in(tx.connection, template_id)


def _update(tx: Transaction, row: Row[Any], action: str, changed: Mapping[str, Any]) -> None:
    tx.connection.execute(
        update(Template)
        .where(_T.id == row.id)
        .values(**changed, agent_id=tx.actor.id, updated_at=tx.now, version=_T.version + 1)
    )
    tx.journal("template", row.id, action, {key: getattr(row, key) for key in changed}, dict(changed), undoable=True)


def view_in(connection: Connection, template_id: int) -> TemplateView:
    """:func:`get` within a transaction."""
    row = connection.execute(_SELECT.where(_T.id == template_id)).first()
    if row is None:
        raise NotFound(_("There is no template {number}.").format(number=template_id))
    return _view(row)


def _view(row: Row[Any]) -> TemplateView:
    return TemplateView(
        id=row.id,
        name=display_text(row.name),
        language=row.language,
        category=display_text(row.category),
        subject=display_text(row.subject),
        body=display_text(row.body, multiline=True),
        archived=bool(row.archived),
        agent=display_text(row.agent_name or ""),
        updated_at=row.updated_at,
        version=row.version,
    )


def _at_version(connection: Connection, template_id: int, version: int) -> Row[Any]:
    row = connection.execute(_SELECT.where(_T.id == template_id)).first()
    if row is None:
        raise NotFound(_("There is no template {number}.").format(number=template_id))
    if row.version != version:
        raise Conflict(
            _("{agent} changed this template meanwhile; nothing was overwritten.").format(
                agent=display_text(row.agent_name or "") or _("Somebody")
            ),
            _("Look at the newer text, then save yours again or leave it."),
        )
    return row


def _must_be_free(connection: Connection, name: str, language: str, *, but: int = 0) -> None:
    rows = connection.execute(select(_T.id, _T.name).where(_T.language == language, _T.archived.is_(False))).all()
    if any(row.name.casefold() == name.casefold() and row.id != but for row in rows):
        raise InvalidInput(
            _("There is a template called {name} in this language.").format(name=name),
            _("Choose another name, or change that one."),
            "name",
        )


def _checked(values: dict[str, str]) -> dict[str, str]:
    """The values as they are stored.

    Raises:
        InvalidInput: one is not usable; ``field`` names it.
    """
    for key, value in values.items():
        clean = display_text(value, multiline=key == "body")
        values[key] = clean.rstrip() if key == "body" else " ".join(clean.split())
    if "name" in values and not 1 <= len(values["name"]) <= LONGEST_NAME:
        raise InvalidInput(_("The name must have 1 to {most} letters.").format(most=LONGEST_NAME), field="name")
    for key, known in (("language", tuple(LANGUAGE_NAMES)), ("category", tuple(CATEGORIES))):
        if key in values and values[key] not in known:
            raise InvalidInput(
                _("{value} is none of those there are.").format(value=values[key]),
                _("Use one of: {names}.").format(names=", ".join(known)),
                key,
            )
    if len(values.get("subject", "")) > LONGEST_SUBJECT:
        raise InvalidInput(_("This is longer than a subject can be."), field="subject")
    if "body" in values and not values["body"].strip():
        raise InvalidInput(_("A template needs a text."), field="body")
    for key in ("subject", "body"):
        if key in values:
            check_source(values[key], key)
    return values
