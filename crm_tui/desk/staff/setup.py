"""Setting a desk up: its property and its agents (SPEC §1, §15 ``init``)."""

from __future__ import annotations

from zoneinfo import available_timezones

from sqlalchemy import select

from crm_tui.base.errors import Conflict, InvalidInput
from crm_tui.base.i18n import LANGUAGES, _
from crm_tui.data.columns import columns
from crm_tui.data.tables import Agent, Property
from crm_tui.desk.common.context import Actor, Context
from crm_tui.desk.common.views import AgentView, PropertyView
from crm_tui.desk.staff import team, team_checks
from crm_tui.desk.texts import template_starter
from crm_tui.mail.text import display_text
from crm_tui.rules.vocabulary import Role

_A = columns(Agent)
_P = columns(Property)


def current_property(ctx: Context) -> PropertyView | None:
    """The desk's property; None before it is set up."""
    query = select(_P.name, _P.timezone, _P.currency, _P.languages).order_by(_P.id).limit(1)
    with ctx.store.connect() as connection:
        row = connection.execute(query).first()
    if row is None:
        return None
    return PropertyView(display_text(row.name), row.timezone, row.currency, tuple(row.languages.split(",")))


def agents(ctx: Context) -> list[AgentView]:
    """Everyone of the team who is active, in the order they were added."""
    return team.agents(ctx)


def init(
    ctx: Context, *, name: str, timezone: str, currency: str, agent: str, languages: str = "en", login: str = ""
) -> Context:
    """Create the property and its first agent, an admin; returns the desk in that agent's hands.

    Args:
        timezone: IANA name of the zone in which the property's days are computed.
        currency: ISO 4217 code.
        languages: ISO 639-1 codes the guests are served in, comma separated; the first is the agent's.
        login: operating-system user who is this agent; empty for none.

    Raises:
        InvalidInput: a value is not usable; ``field`` names it.
        Conflict: the desk is set up already.
    """
    spoken = _languages(languages)
    first_name = team_checks.free_of_words(team_checks.clean_name(agent, "agent"), "agent")
    with ctx.write() as tx:
        known = tx.connection.execute(select(_P.name).limit(1)).scalar()
        if known is not None:
            raise Conflict(
                _("This desk is set up already, for {name}; nothing was changed.").format(name=display_text(known)),
                _("Choose another place with --home to set up a second one."),
            )
        row = Property(
            name=team_checks.clean_name(name, "property"),
            timezone=_timezone(timezone),
            currency=_currency(currency),
            languages=",".join(spoken),
            created_at=tx.now,
        )
        tx.session.add(row)
        tx.session.flush()
        tx.journal("property", row.id, "create", after={"name": row.name, "timezone": row.timezone})
        given = {"name": first_name, "role": Role.ADMIN, "department": "", "language": spoken[0], "login": login}
        first = team.add_in(tx, given)
        template_starter.add_in(tx)
    return ctx.acting_as(Actor(first, first_name, Role.ADMIN, spoken[0]))


def add_agent(ctx: Context, name: str, *, role: str = Role.AGENT, language: str = "en", login: str = "") -> AgentView:
    """Add a member of the team: :func:`crm_tui.desk.staff.team.add`."""
    return team.add(ctx, name, role=role, language=language, login=login)


def _timezone(value: str) -> str:
    if value not in available_timezones():
        near = [zone for zone in sorted(available_timezones()) if zone.lower().endswith("/" + value.strip().lower())]
        raise InvalidInput(
            _("There is no time zone {name}.").format(name=display_text(value)),
            _("Did you mean {name}?").format(name=near[0]) if near else _("Write it like Europe/Madrid."),
            "timezone",
        )
    return value


def _currency(value: str) -> str:
    from babel.numbers import list_currencies

    code = value.strip().upper()
    if code not in list_currencies():
        raise InvalidInput(
            _("There is no currency {code}.").format(code=display_text(value)),
            _("Use its ISO 4217 code, like EUR or PLN."),
            "currency",
        )
    return code


def _languages(value: str) -> list[str]:
    found = [part.strip().lower() for part in value.split(",") if part.strip()] or ["en"]
    for code in found:
        if code not in LANGUAGES:
            raise _no_language(code)
    return found


def _no_language(code: str) -> InvalidInput:
    return InvalidInput(
        _("The desk does not speak {code}.").format(code=display_text(code)),
        _("Use one of: {names}.").format(names=", ".join(LANGUAGES)),
        "language",
    )
