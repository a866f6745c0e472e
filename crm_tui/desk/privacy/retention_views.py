"""Rules of retention and whom they propose, as screens and the command line show them (SPEC §6)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from crm_tui.base.i18n import _, ngettext
from crm_tui.desk.client_base.guest_views import CONSENTS
from crm_tui.rules.guest_criteria import GuestCriteria


@dataclass(frozen=True, slots=True)
class RuleView:
    """A rule: guests with whom there was nothing for ``months``, narrowed by criteria (``words`` says them)."""

    id: int
    name: str
    months: int
    criteria: GuestCriteria
    words: str
    version: int


@dataclass(frozen=True, slots=True)
class Proposal:
    """A guest whom a rule proposes to erase.

    Attributes:
        last: the day of the last contact; ``months``: full months since.
        departed: the last day of the last reservation; None: never booked.
        consents: channels for which consent holds.
        rules: names of the rules that propose the guest.
    """

    guest: int
    name: str
    kind: str
    last: date
    months: int
    departed: date | None
    consents: tuple[str, ...]
    rules: tuple[str, ...]

    @property
    def reason(self) -> str:
        """Why, as words: *last contact 4 years 2 months ago; never booked; no consent*."""
        ago = _("last contact {time} ago").format(time=span_words(self.months))
        booked = (
            _("last stay until {day}").format(day=self.departed.isoformat()) if self.departed else _("never booked")
        )
        names = ", ".join(_(CONSENTS[one]) for one in self.consents)
        agreed = _("consent: {names}").format(names=names) if names else _("no consent")
        return "; ".join((ago, booked, agreed))


def span_words(months: int) -> str:
    """A time in years and months: *4 years 2 months*."""
    years, rest = divmod(months, 12)
    parts = [ngettext("{n} year", "{n} years", years).format(n=years)] if years else []
    if rest or not years:
        parts.append(ngettext("{n} month", "{n} months", rest).format(n=rest))
    return " ".join(parts)


def rule_names(rules: Sequence[RuleView]) -> str:
    """The rules in one line."""
    return ", ".join(one.name for one in rules)
