"""What may be said of a member of the team: names, roles, languages, departments, logins (SPEC §13)."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Connection, select

from crm_tui.base.errors import InvalidInput
from crm_tui.base.i18n import LANGUAGES, _
from crm_tui.data.columns import columns
from crm_tui.data.tables import Agent, Department
from crm_tui.mail.text import display_text
from crm_tui.rules.vocabulary import Role

_A = columns(Agent)
_D = columns(Department)

LONGEST_NAME = 80
FIELDS = ("name", "role", "department", "language", "login")
RESERVED = frozenset({"me", "everyone", "nobody", "department", "engine", "all"})
"""Words that stand for somebody wherever an agent or a department is named."""


def checked(connection: Connection, given: dict[str, str], agent_id: int) -> dict[str, Any]:
    """The columns for what was typed."""
    values: dict[str, Any] = {}
    if "name" in given:
        values["name"] = _free_name(connection, given["name"], agent_id)
    if "role" in given:
        values["role"] = _role(given["role"])
    if "department" in given:
        values["department_id"] = department_named(connection, given["department"]) if given["department"] else None
    if "language" in given:
        values["language"] = _language(given["language"])
    if "login" in given:
        values["login"] = display_text(given["login"]).strip()
        check_login(connection, values["login"], agent_id)
    unknown = given.keys() - set(FIELDS)
    if unknown:
        raise InvalidInput(_("An agent has no {name}.").format(name=min(unknown)), field=min(unknown))
    return values


def clean_name(value: str, field: str) -> str:
    """A name as it is kept: one line, display-safe, 1 to :data:`LONGEST_NAME` letters.

    Raises:
        InvalidInput: it is none; ``field`` as given.
    """
    clean = display_text(" ".join(value.split()))
    if not clean or len(clean) > LONGEST_NAME:
        raise InvalidInput(
            _("The name must have 1 to {most} letters.").format(most=LONGEST_NAME), _("Give a shorter one."), field
        )
    return clean


def free_of_words(name: str, field: str) -> str:
    """The name, unless it stands for somebody already (:data:`RESERVED`).

    Raises:
        InvalidInput: it does; ``field`` as given.
    """
    if name.casefold() in RESERVED:
        raise InvalidInput(_("{name} means something else here.").format(name=name), _("Choose another name."), field)
    return name


def _free_name(connection: Connection, value: str, agent_id: int) -> str:
    clean = free_of_words(clean_name(value, "name"), "name")
    rows = connection.execute(select(_A.id, _A.name, _A.active).where(_A.id != agent_id))
    for row in rows:  # the database knows no case but that of English
        if display_text(row.name).casefold() == clean.casefold():
            raise InvalidInput(
                _("There is an agent called {name} already.").format(name=display_text(row.name)),
                "" if row.active else _("They left: take them back with: crm-tui agent restore, or in Team."),
                "name",
            )
    return clean


def _role(value: str) -> str:
    if value not in tuple(Role):
        raise InvalidInput(
            _("There is no role {role}.").format(role=display_text(value)),
            _("Use one of: {names}.").format(names=", ".join(Role)),
            "role",
        )
    return str(Role(value))


def _language(value: str) -> str:
    if value not in LANGUAGES:
        raise InvalidInput(
            _("The desk does not speak {code}.").format(code=display_text(value)),
            _("Use one of: {names}.").format(names=", ".join(LANGUAGES)),
            "language",
        )
    return value


def department_named(connection: Connection, name: str) -> int:
    """The id of a department by its name, whatever the case.

    Raises:
        InvalidInput: there is none; ``field`` is ``department``.
    """
    wanted = display_text(name).strip().casefold()
    rows = connection.execute(select(_D.id, _D.name).order_by(_D.name)).all()
    for row in rows:
        if display_text(row.name).casefold() == wanted:
            return int(row.id)
    known = ", ".join(display_text(row.name) for row in rows)
    raise InvalidInput(
        _("There is no department called {name}.").format(name=display_text(name)),
        _("Known are: {names}.").format(names=known)
        if known
        else _("There are none yet. Add one with: crm-tui department add"),
        "department",
    )


def check_login(connection: Connection, login: str, agent_id: int) -> None:
    """One system user is one agent, or the desk could not tell who is at it."""
    if not login:
        return
    query = select(_A.name).where(_A.login == login, _A.active, _A.id != agent_id)
    name = connection.execute(query).scalar()
    if name is not None:
        raise InvalidInput(
            _("The system user {login} is {name} already.").format(login=login, name=display_text(name)), field="login"
        )
