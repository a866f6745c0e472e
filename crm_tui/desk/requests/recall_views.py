"""What screens and the command line get of demand and recall: frozen, display-safe, no database."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from crm_tui.base.i18n import N_


class Mark(StrEnum):
    """Whether an inquiry can be recalled, and if not, why."""

    READY = "ready"
    NO_CONSENT = "no consent"
    NO_ADDRESS = "no address"
    SAME_ADDRESS = "same address"
    WRITING = "being written"
    DRAFTED = "drafted"
    WRITTEN = "written"


MARKS: Mapping[str, str] = {
    Mark.READY: N_("ready"),
    Mark.NO_CONSENT: N_("no consent"),
    Mark.NO_ADDRESS: N_("no address"),
    Mark.SAME_ADDRESS: N_("same address"),
    Mark.WRITING: N_("reply begun"),
    Mark.DRAFTED: N_("drafted"),
    Mark.WRITTEN: N_("written to"),
}
"""What the marks are called; shown with ``words.said(MARKS, mark)``."""

SIGNS: Mapping[str, str] = {
    Mark.READY: "✔",
    Mark.NO_CONSENT: "⊘",
    Mark.NO_ADDRESS: "∅",
    Mark.SAME_ADDRESS: "=",
    Mark.WRITING: "✎",
    Mark.DRAFTED: "✎",
    Mark.WRITTEN: "→",
}


@dataclass(frozen=True, slots=True)
class Waitlisted:
    """An inquiry that asked for days that became free, and was not booked.

    Attributes:
        id: of the inquiry.
        guest, address, language: of the holder; address and language else of the conversation.
        first, end: the nights asked for, ``end`` not included; ``flexible``: somewhere within them.
        nights: how many, None if unknown.
        party: how many adults and children; 0 if unknown.
        conversation: the newest one, None without one.
        consent_day: when the consent to mail was given; None without one.
    """

    id: int
    guest: str
    address: str
    language: str
    status: str
    lost_reason: str
    first: date
    end: date
    flexible: bool
    nights: int | None
    party: int
    room: str
    conversation: int | None
    consent_day: date | None
    mark: Mark


@dataclass(frozen=True, slots=True)
class Drafted:
    """A recall mail that waits in Drafts; ``gaps`` are what its template could not fill in."""

    inquiry: int
    draft: int
    address: str
    gaps: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class LeftOut:
    """An inquiry that got no draft, and the reason in the agent's words."""

    inquiry: int
    guest: str
    reason: str


@dataclass(frozen=True, slots=True)
class Recalled:
    """What drafting came to."""

    drafted: tuple[Drafted, ...]
    left_out: tuple[LeftOut, ...]
