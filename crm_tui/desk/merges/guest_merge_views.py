"""What screens and the command line get of merging guests: frozen, display-safe, no database."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from crm_tui.base.errors import Conflict
from crm_tui.base.i18n import N_, _

THINGS: Mapping[str, str] = {
    "conversations": N_("conversations"),
    "inquiries": N_("inquiries"),
    "reservations": N_("reservations"),
    "payers": N_("reservations paid for"),
    "folios": N_("folios paid"),
    "events": N_("events"),
    "feedback": N_("complaints and compliments"),
    "given": N_("costs of quality"),
    "memos": N_("memos"),
    "reminders": N_("reminders"),
    "internal": N_("internal messages"),
    "packages": N_("packages"),
    "mailings": N_("mailings"),
    "notices": N_("payment reminders"),
    "contacts": N_("contact persons"),
    "companies": N_("companies"),
}
"""What goes over to the main profile, in the order in which it is shown."""


@dataclass(frozen=True, slots=True)
class Difference:
    """What speaks against two guests being one: both say something else.

    Attributes:
        field: birth_date or passport.
        title, one, other: what it is called and what they say, as people read it.
        guests: the two.
    """

    field: str
    title: str
    one: str
    other: str
    guests: tuple[int, int]

    @property
    def words(self) -> str:
        """Both values in a sentence."""
        return _("{title}: {one} and {other}").format(title=self.title, one=self.one, other=self.other)


class NotSure(Conflict):
    """The guests differ in what one person has only one of; merging them needs an explicit yes. Nothing was changed."""

    def __init__(self, differences: Sequence[Difference]) -> None:
        said = "; ".join(one.words for one in differences)
        super().__init__(
            _("These may be two persons: {differences}.").format(differences=said),
            _("If they are one all the same, say so: {option}.").format(option="--sure"),
        )
        self.differences = tuple(differences)


@dataclass(frozen=True, slots=True)
class MergeGuest:
    """One of the guests that are to be one.

    Attributes:
        label: name, first address and number, as in lists.
        version: as it was looked at; hand it to the merge so that nobody merges what they did not see.
    """

    id: int
    name: str
    kind: str
    label: str
    version: int
    created_at: datetime


@dataclass(frozen=True, slots=True)
class MergeField:
    """One field side by side.

    Attributes:
        values: what each guest says, in the order of the guests; empty: nothing.
        chosen: whose value holds; 0: all of them together (remarks).
        result: what the main profile says afterwards.
        differs: whether two of them say different things.
        cautious: whether that needs an explicit yes.
    """

    name: str
    title: str
    values: tuple[str, ...]
    chosen: int
    result: str
    differs: bool
    cautious: bool = False


@dataclass(frozen=True, slots=True)
class MergeUnion:
    """What is put together: addresses, numbers, attributes. ``items``: each with the guests who have it."""

    name: str
    title: str
    items: tuple[tuple[str, tuple[int, ...]], ...]


@dataclass(frozen=True, slots=True)
class MergeConsent:
    """What becomes of the consent to one channel.

    Attributes:
        said: what each guest said: True, False, or None for one who was never asked.
        result: what holds afterwards: given only where all of them gave it, for who was never asked said no.
        narrowed: the main profile had given it, and does not any more.
    """

    channel: str
    said: tuple[bool | None, ...]
    result: bool

    @property
    def narrowed(self) -> bool:
        """Whether somebody had given it and it does not hold any more."""
        return any(self.said) and not self.result


def consent_lost(channel: str) -> str:
    """That a consent somebody gave does not hold after a merge, a sentence."""
    return _("Consent to {channel} does not hold any more: not all of them gave it.").format(channel=channel)


@dataclass(frozen=True, slots=True)
class MergeMove:
    """How many things of a kind each guest has; those of the others go over. Things out of the actor's sight are not told."""

    name: str
    title: str
    counts: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class MergePreview:
    """What a merge would make, before it is done.

    Attributes:
        guests: the main profile first.
        differences: what needs an explicit yes.
        apart: pairs of them that an agent said are not the same.
    """

    guests: tuple[MergeGuest, ...]
    fields: tuple[MergeField, ...]
    unions: tuple[MergeUnion, ...]
    consents: tuple[MergeConsent, ...]
    moves: tuple[MergeMove, ...]
    differences: tuple[Difference, ...]
    apart: tuple[tuple[int, int], ...] = ()

    @property
    def versions(self) -> dict[int, int]:
        """Guest to the version that was looked at."""
        return {one.id: one.version for one in self.guests}


@dataclass(frozen=True, slots=True)
class MergeView:
    """A merge that was done.

    Attributes:
        changed: why it cannot be undone any more; empty: it can.
    """

    id: int
    survivor: int
    survivor_name: str
    absorbed: int
    absorbed_name: str
    at: datetime
    agent: str
    undone_at: datetime | None
    changed: str = ""
