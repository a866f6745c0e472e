"""Who may see an inquiry and what belongs to it, as one word (SPEC §4 "Handler and scope").

Empty: everyone. ``a7``: agent 7 alone. ``d2``: the department 2.
"""

from __future__ import annotations

from enum import StrEnum
from typing import NamedTuple

EVERYONE = ""


class ScopeKind(StrEnum):
    """The four ways to say it; ``ME`` and ``AGENT`` come to the same word."""

    EVERYONE = "everyone"
    ME = "me"
    DEPARTMENT = "department"
    AGENT = "agent"


class Scope(NamedTuple):
    """A scope taken apart: ``number`` is an agent's or a department's id; 0 for everyone."""

    kind: ScopeKind
    number: int = 0


def scope_of(kind: str, agent_id: int | None = None, department_id: int | None = None) -> str:
    """The word for a scope.

    Args:
        agent_id: who it is for: oneself with ``me``, another with ``agent``.

    Raises:
        ValueError: there is no such kind, or it lacks its agent or department.
    """
    wanted = ScopeKind(kind)
    if wanted is ScopeKind.EVERYONE:
        return EVERYONE
    letter, number = ("d", department_id) if wanted is ScopeKind.DEPARTMENT else ("a", agent_id)
    if not number:
        raise ValueError(f"a scope of kind {kind} needs a number")
    return f"{letter}{number}"


def parse(scope: str) -> Scope:
    """The parts of a stored word.

    Raises:
        ValueError: it is none.
    """
    if not scope:
        return Scope(ScopeKind.EVERYONE)
    letter, number = scope[0], scope[1:]
    if letter not in "ad" or not (number.isascii() and number.isdecimal()):
        raise ValueError(f"{scope!r} is no scope")
    return Scope(ScopeKind.AGENT if letter == "a" else ScopeKind.DEPARTMENT, int(number))


def narrower(ours: str, theirs: str) -> str:
    """The more restrictive of two: an agent's before a department's before everyone's; ours where neither is."""
    order = {ScopeKind.EVERYONE: 0, ScopeKind.DEPARTMENT: 1, ScopeKind.AGENT: 2}
    return theirs if order[parse(theirs).kind] > order[parse(ours).kind] else ours
