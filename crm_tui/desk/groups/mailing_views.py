"""What screens and the command line get of mailings: frozen values, display-safe. Imports nothing of the database."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any, NamedTuple

from crm_tui.base.i18n import N_, _, ngettext
from crm_tui.rules.vocabulary import MailingItemState, MailingState


class Reason(StrEnum):
    """Why a guest is left out of a mailing, or what became of one who was not; stored as the item's reason."""

    NO_CONSENT = "no consent"
    NO_ADDRESS = "no address"
    WRONG_ADDRESS = "wrong address"
    SAME_ADDRESS = "same address"
    BOUNCED = "bounced"
    HAD_IT = "had it"
    COMING = "coming"
    EMPTY = "empty"
    FAULT = "fault"
    ARCHIVED = "archived"
    ERASED = "erased"
    MERGED = "merged"
    WITHDRAWN = "withdrawn"
    BY_HAND = "by hand"
    STOPPED = "stopped"
    UNCERTAIN = "uncertain"


REASONS: Mapping[str, str] = {
    Reason.NO_CONSENT: N_("no consent"),
    Reason.NO_ADDRESS: N_("no mail address"),
    Reason.WRONG_ADDRESS: N_("no usable address"),
    Reason.SAME_ADDRESS: N_("same address as {detail}"),
    Reason.BOUNCED: N_("mail came back before"),
    Reason.HAD_IT: N_("had it already"),
    Reason.COMING: N_("gets it from a mailing under way"),
    Reason.EMPTY: N_("lacks {detail}"),
    Reason.FAULT: N_("the template fails: {detail}"),
    Reason.ARCHIVED: N_("archived"),
    Reason.ERASED: N_("erased"),
    Reason.MERGED: N_("merged with {detail}"),
    Reason.WITHDRAWN: N_("taken out of the outbox"),
    Reason.BY_HAND: N_("left out by hand"),
    Reason.STOPPED: N_("the mailing was stopped"),
    Reason.UNCERTAIN: N_("not known whether it arrived; not sent again"),
}

STATES: Mapping[str, str] = {
    MailingState.READY: N_("ready"),
    MailingState.RUNNING: N_("running"),
    MailingState.PAUSED: N_("paused"),
    MailingState.STOPPED: N_("stopped"),
    MailingState.DONE: N_("done"),
}

ITEM_STATES: Mapping[str, str] = {
    MailingItemState.WAITING: N_("waiting"),
    MailingItemState.QUEUED: N_("on its way"),
    MailingItemState.SENT: N_("sent"),
    MailingItemState.FAILED: N_("failed"),
    MailingItemState.LEFT_OUT: N_("left out"),
}


def reason_words(reason: str) -> str:
    """A stored reason (``word`` or ``word: detail``) in the agent's language."""
    word, _colon, detail = reason.partition(": ")
    return _(REASONS[word]).format(detail=detail) if word in REASONS else reason


class Whom(NamedTuple):
    """A guest of a package as a mailing sees them.

    Attributes:
        id: the guest's number.
        address: where the mail would go, in the form it is sent; empty if there is none.
        language: of the text that the guest gets; empty if none is there.
        reason: a stored reason; empty if the guest may be written to.
    """

    id: int
    name: str
    address: str
    language: str
    reason: str = ""

    @property
    def words(self) -> str:
        """Why the guest is left out, in words; empty if not."""
        return reason_words(self.reason) if self.reason else ""


@dataclass(frozen=True, slots=True)
class MailingPreview:
    """Who would get a mailing, and who would not and why; both by name.

    Attributes:
        languages: those the template is there in, the one for everybody else first.
        had: how many of them all had it already.
        account: number of the account it goes out from; ``sender`` is its address.
        texts: what is shown and sent, frozen now: the mailing keeps it as it stands here.
    """

    package: int
    package_name: str
    template: int
    template_name: str
    channel: str
    languages: tuple[str, ...]
    account: int
    sender: str
    ready: tuple[Whom, ...]
    left_out: tuple[Whom, ...]
    had: int
    texts: Mapping[str, Any]

    @property
    def summary(self) -> str:
        """*38 of 52 may be written to.*"""
        return _("{n} of {of} may be written to").format(n=len(self.ready), of=len(self.ready) + len(self.left_out))


@dataclass(frozen=True, slots=True)
class Letter:
    """The mail that a guest gets, as it goes out; ``gaps`` are the variables that have no value for this guest."""

    guest: int
    name: str
    address: str
    language: str
    subject: str
    text: str
    gaps: tuple[str, ...] = ()
    error: str = ""


@dataclass(frozen=True, slots=True)
class MailingView:
    """A mailing and how far it is.

    Attributes:
        sent, failed, waiting, under_way, left_out: how many of its guests stand so.
        stopped, no_consent: how many of those left out are so because it was stopped, or for want of consent.
        next_name: who gets the next mail; empty if nobody.
        holdup: why it does not go on just now, a sentence; empty if it does.
    """

    id: int
    package: int
    package_name: str
    template_name: str
    channel: str
    sender: str
    state: str
    agent: str
    sent: int
    failed: int
    waiting: int
    under_way: int
    left_out: int
    stopped: int
    no_consent: int
    next_name: str
    holdup: str
    created_at: datetime
    finished_at: datetime | None
    version: int

    @property
    def total(self) -> int:
        """How many it was to go to; those left out are not counted, unless it was stopped before their turn."""
        return self.sent + self.failed + self.waiting + self.under_way + self.stopped

    @property
    def done(self) -> int:
        """How many are over and done with."""
        return self.sent + self.failed

    @property
    def summary(self) -> str:
        """*12 of 38 sent, 1 failed, 25 to go, 14 without consent.*"""
        parts = [_("{n} of {of} sent").format(n=self.sent, of=self.total)]
        if self.failed:
            parts.append(ngettext("{n} failed", "{n} failed", self.failed).format(n=self.failed))
        left = self.waiting + self.under_way
        if left:
            parts.append(ngettext("{n} to go", "{n} to go", left).format(n=left))
        if self.stopped:
            parts.append(ngettext("{n} stopped", "{n} stopped", self.stopped).format(n=self.stopped))
        if self.no_consent:
            parts.append(
                ngettext("{n} without consent", "{n} without consent", self.no_consent).format(n=self.no_consent)
            )
        other = self.left_out - self.stopped - self.no_consent
        if other:
            parts.append(ngettext("{n} left out", "{n} left out", other).format(n=other))
        return " · ".join(parts)


class MailingItemRow(NamedTuple):
    """One guest of a mailing in a list. ``words`` is why left out, or what the server said."""

    id: int
    guest: int
    name: str
    address: str
    state: str
    words: str
    position: int
    outbox: int | None
    conversation: int | None
    changed_at: datetime
