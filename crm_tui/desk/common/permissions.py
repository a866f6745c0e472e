"""Who may do what (SPEC §13): one line a permission, asked of the team as it is now and not as it was when a desk opened.

What every agent may do has no line here: answering, triage, inquiries, guests, reservations, money, reminders, and whatever
is one's own. The engine may do everything, and so may whoever sets up a desk that has no agent yet.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from crm_tui.base.errors import Forbidden
from crm_tui.base.i18n import N_, _
from crm_tui.mail.text import display_text
from crm_tui.rules.vocabulary import Role

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from crm_tui.desk.common.context import Actor, Context, Transaction


class Permission(StrEnum):
    """What not everybody may do. The value is its name in the docs and for programs."""

    FIGURES = "others-figures"
    REASSIGN = "reassign"
    ROUTING = "routing-profiles"
    CORRECT_TIME = "correct-working-time"
    CORRECT_BILL = "correct-closed-bill"
    OTHERS_WORDS = "others-words"
    MERGE = "merge"
    ERASE = "erase"
    GUEST_RECORD = "guest-record"
    JOURNAL = "journal"
    ACCOUNTS = "accounts"
    TEAM = "team"
    PINS = "reset-pins"
    LISTS = "lists"
    TERMS = "terms"
    OPERATORS = "operators"
    QUALITY = "quality-lists"
    RETENTION = "retention"
    NOTICES = "automatic-reminders"
    PROPERTY = "property"
    SETTINGS = "shared-settings"
    KEEPING = "backup"


@dataclass(frozen=True, slots=True)
class Rule:
    """What a permission needs.

    Attributes:
        role: the least role that has it: a manager's belong to administrators too.
        does: what it lets one do, for the list of who may do what.
        refused: the sentence for whoever has it not.
    """

    role: Role
    does: str
    refused: str


_TEAM = N_("Only an administrator may change the team; nothing was changed.")

RULES: Mapping[Permission, Rule] = {
    Permission.FIGURES: Rule(
        Role.MANAGER,
        N_("see the figures and the working time of others"),
        N_("Only a manager may see the figures of others."),
    ),
    Permission.REASSIGN: Rule(
        Role.MANAGER,
        N_("take a ticket from a colleague and give it to another"),
        N_("Only a manager may take a ticket from a colleague; nothing was changed."),
    ),
    Permission.ROUTING: Rule(
        Role.MANAGER,
        N_("say which tickets an agent takes"),
        N_("Only a manager may say which tickets an agent takes; nothing was changed."),
    ),
    Permission.CORRECT_TIME: Rule(
        Role.MANAGER,
        N_("correct working time"),
        N_("Only a manager may correct working time; nothing was changed."),
    ),
    Permission.CORRECT_BILL: Rule(
        Role.MANAGER,
        N_("take back what stands on a closed folio"),
        N_("Only a manager may take back what stands on a closed folio; nothing was changed."),
    ),
    Permission.OTHERS_WORDS: Rule(
        Role.MANAGER,
        N_("change or remove memos, events, feedback and drafts of others"),
        N_("Only a manager may change what somebody else wrote; nothing was changed."),
    ),
    Permission.MERGE: Rule(
        Role.MANAGER,
        N_("merge guests and take them apart again"),
        N_("Only a manager may merge guests; nothing was changed."),
    ),
    Permission.ERASE: Rule(
        Role.MANAGER,
        N_("erase guests, one or by the rules of retention"),
        N_("Only a manager may erase a guest; nothing was changed."),
    ),
    Permission.GUEST_RECORD: Rule(
        Role.MANAGER,
        N_("take out everything that is known of a guest"),
        N_("Only a manager may take out everything that is known of a guest."),
    ),
    Permission.JOURNAL: Rule(
        Role.MANAGER,
        N_("read the journal of everybody"),
        N_("Only a manager may read the journal."),
    ),
    Permission.ACCOUNTS: Rule(
        Role.ADMIN,
        N_("link, change and unlink mail accounts"),
        N_("Only an administrator may change mail accounts; nothing was changed."),
    ),
    Permission.TEAM: Rule(Role.ADMIN, N_("change agents, roles and departments"), _TEAM),
    Permission.PINS: Rule(
        Role.ADMIN,
        N_("reset the PIN of another"),
        N_("Only an administrator may reset the PIN of another; nothing was changed."),
    ),
    Permission.LISTS: Rule(
        Role.ADMIN,
        N_("change the lists of attributes and event types"),
        N_("Only an administrator may change the lists; nothing was changed."),
    ),
    Permission.TERMS: Rule(
        Role.ADMIN,
        N_("change payment terms"),
        N_("Only an administrator may change payment terms; nothing was changed."),
    ),
    Permission.OPERATORS: Rule(
        Role.ADMIN,
        N_("change tour operators"),
        N_("Only an administrator may change operators; nothing was changed."),
    ),
    Permission.QUALITY: Rule(
        Role.ADMIN,
        N_("change the codes and items of guest relations"),
        N_("Only an administrator may change the codes and items of guest relations; nothing was changed."),
    ),
    Permission.RETENTION: Rule(
        Role.ADMIN,
        N_("change the rules of retention"),
        N_("Only an administrator may change the rules of retention; nothing was changed."),
    ),
    Permission.NOTICES: Rule(
        Role.ADMIN,
        N_("switch automatic payment reminders, and the SMS gateway"),
        N_("Only an administrator may change how guests are reminded by themselves; nothing was changed."),
    ),
    Permission.PROPERTY: Rule(
        Role.ADMIN,
        N_("change what holds for the whole property, such as working hours"),
        N_("Only an administrator may change what holds for the whole property; nothing was changed."),
    ),
    Permission.SETTINGS: Rule(
        Role.ADMIN,
        N_("change the settings that concern everybody at this workstation"),
        N_("Only an administrator may change this setting; nothing was changed."),
    ),
    Permission.KEEPING: Rule(
        Role.ADMIN,
        N_("make backups and put them back"),
        N_("Only an administrator may make backups and put them back."),
    ),
}
"""Every permission with its rule."""

_RANK = {Role.AGENT: 0, Role.MANAGER: 1, Role.ADMIN: 2}


def roles_of(permission: Permission) -> tuple[Role, ...]:
    """The roles that have a permission, the least first."""
    least = _RANK[RULES[permission].role]
    return tuple(role for role in Role if _RANK[role] >= least)


def may(who: Context | Actor | None, permission: Permission) -> bool:
    """Whether the actor has a permission, by what their desk knows: for what screens offer. :func:`require` asks the store."""
    if who is None:
        return False
    actor: Actor = getattr(who, "actor", who)  # type: ignore[arg-type]
    return actor.id is None or (actor.active and Role(actor.role) in roles_of(permission))


def refusal(permission: Permission) -> str:
    """The sentence for whoever has it not, in the agent's language."""
    return _(RULES[permission].refused)


def require(tx: Transaction, permission: Permission, sentence: str = "") -> None:
    """Refuse whoever has not the permission, by what the team says now.

    Args:
        sentence: what is said instead of the permission's own.

    Raises:
        Forbidden: so; the hint names those who have it.
    """
    require_in(tx.connection, tx.actor, permission, sentence)


def require_in(connection: Connection, actor: Actor, permission: Permission, sentence: str = "") -> None:
    """The same where nothing is written."""
    if actor.id is None:
        return
    from sqlalchemy import select

    from crm_tui.data.columns import columns
    from crm_tui.data.team import Agent

    names = columns(Agent)
    roles = roles_of(permission)
    row = connection.execute(select(names.role, names.active).where(names.id == actor.id)).first()
    if row is not None and row.active and Role(row.role) in roles:
        return
    query = select(names.name).where(names.role.in_(roles), names.active).order_by(names.id)
    known = ", ".join(display_text(name) for name in connection.execute(query).scalars())
    raise Forbidden(sentence or refusal(permission), _("Ask {names}.").format(names=known) if known else "")


def require_ctx(ctx: Context, permission: Permission, sentence: str = "") -> None:
    """The same with a connection of its own.

    Raises:
        Forbidden: so.
    """
    if ctx.actor.id is None:
        return
    with ctx.store.connect() as connection:
        require_in(connection, ctx.actor, permission, sentence)
