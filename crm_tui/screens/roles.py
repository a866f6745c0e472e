"""What a role may not do is said before a screen opens for it; the store asks again."""

from __future__ import annotations

from typing import TYPE_CHECKING

from crm_tui.base.i18n import _
from crm_tui.rules.vocabulary import Role

if TYPE_CHECKING:
    from crm_tui.desk.common.context import Context
    from crm_tui.screens.base import Shell


def is_manager(ctx: Context | None) -> bool:
    """Whether the agent is a manager or an administrator."""
    return ctx is not None and (ctx.actor.id is None or ctx.actor.role in (Role.MANAGER, Role.ADMIN))


def may_merge(shell: Shell) -> bool:
    """Whether the agent may merge guests; says so if not."""
    return _may(shell, _("Only a manager may merge guests."))


def may_erase(shell: Shell) -> bool:
    """Whether the agent may erase guests; says so if not."""
    return _may(shell, _("Only a manager may erase a guest."))


def _may(shell: Shell, words: str) -> bool:
    if is_manager(shell.ctx):
        return True
    shell.tell(words, warning=True)
    return False
