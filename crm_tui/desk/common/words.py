"""What stored states are called, marked for the catalogs: shown with ``_(OUTBOX_STATES[state])``, or :func:`said`."""

from __future__ import annotations

from collections.abc import Mapping

from crm_tui.base.i18n import N_, _
from crm_tui.rules.vocabulary import AccountState, OutboxState, Role

OUTBOX_STATES: Mapping[str, str] = {
    OutboxState.QUEUED: N_("queued"),
    OutboxState.SENDING: N_("sending"),
    OutboxState.SENT: N_("sent"),
    OutboxState.FAILED: N_("failed"),
    OutboxState.HELD: N_("held"),
    OutboxState.UNCERTAIN: N_("uncertain"),
    OutboxState.RECALLED: N_("taken back"),
}
ACCOUNT_STATES: Mapping[str, str] = {
    AccountState.NEW: N_("new"),
    AccountState.OK: N_("in order"),
    AccountState.OFFLINE: N_("offline"),
    AccountState.AUTH_FAILED: N_("login refused"),
    AccountState.FAILED: N_("failed"),
    AccountState.SENDING_FAILED: N_("sending failed"),
}
ROLES: Mapping[str, str] = {Role.AGENT: N_("agent"), Role.MANAGER: N_("manager"), Role.ADMIN: N_("admin")}


def said(words: Mapping[str, str], value: str) -> str:
    """A stored value in the agent's language; one that is not known (of a newer version) as it stands."""
    return _(words[value]) if value in words else value
