"""What screens and the command line get of payment reminders: frozen values, display-safe. Imports nothing of the database."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from crm_tui.base.i18n import N_, _
from crm_tui.rules.money import Money
from crm_tui.rules.sms import Size, size
from crm_tui.rules.vocabulary import NoticeState

MAIL, SMS = "mail", "sms"
CHANNELS = (MAIL, SMS)

CHANNEL_WORDS = {MAIL: N_("mail"), SMS: N_("SMS")}

MODES = {
    "off": N_("off"),
    "mail": N_("by mail"),
    "sms": N_("by SMS"),
    "sms or mail": N_("by SMS, else by mail"),
}
"""The values of the setting *notices*."""

STATES: dict[str, str] = {
    NoticeState.QUEUED: N_("on its way"),
    NoticeState.SENDING: N_("being sent"),
    NoticeState.SENT: N_("sent"),
    NoticeState.FAILED: N_("failed"),
    NoticeState.UNCERTAIN: N_("uncertain"),
    NoticeState.DROPPED: N_("not sent"),
}


class NoticeReason(StrEnum):
    """Why a reminder does not go out; stored as it is, behind a colon what only this one has."""

    COVERED = "#covered"
    CANCELLED = "#cancelled"
    CHANGED = "#changed"
    OPTED_OUT = "#opted out"
    BOUNCED = "#bounced"
    WITHDRAWN = "#consent withdrawn"
    NO_GUEST = "#no guest"
    NO_MAIL = "#no mail address"
    NO_PHONE = "#no phone"
    NO_MOBILE = "#no mobile"
    WRONG = "#wrong address"
    AUTOMATIC = "#automatic address"
    QUIET = "#quiet hours"
    TODAY = "#sent today"
    ADDRESS_TODAY = "#address today"
    LIMIT = "#day limit"
    NO_GATEWAY = "#no gateway"
    NO_ACCOUNT = "#no account"
    OFF = "#off"
    FAULT = "#fault"
    EMPTY = "#empty"
    DAY_OVER = "#day over"
    TAKEN_BACK = "#taken back"
    PROGRAM_ENDED = "#program ended"
    ERASED = "#erased"


WORDS = {
    NoticeReason.COVERED: N_("covered"),
    NoticeReason.CANCELLED: N_("reservation cancelled"),
    NoticeReason.CHANGED: N_("what is missing changed since"),
    NoticeReason.OPTED_OUT: N_("wants no reminders"),
    NoticeReason.BOUNCED: N_("mail came back before"),
    NoticeReason.WITHDRAWN: N_("consent withdrawn"),
    NoticeReason.NO_GUEST: N_("no guest"),
    NoticeReason.NO_MAIL: N_("no mail address"),
    NoticeReason.NO_PHONE: N_("no phone number"),
    NoticeReason.NO_MOBILE: N_("no mobile number"),
    NoticeReason.WRONG: N_("address cannot be used"),
    NoticeReason.AUTOMATIC: N_("nobody reads this address"),
    NoticeReason.QUIET: N_("quiet hours"),
    NoticeReason.TODAY: N_("reminded today"),
    NoticeReason.ADDRESS_TODAY: N_("this address got one today; tomorrow"),
    NoticeReason.LIMIT: N_("enough for today; tomorrow"),
    NoticeReason.NO_GATEWAY: N_("no SMS gateway"),
    NoticeReason.NO_ACCOUNT: N_("no account to send from"),
    NoticeReason.OFF: N_("reminders were switched off"),
    NoticeReason.FAULT: N_("text cannot be used"),
    NoticeReason.EMPTY: N_("text has no value for"),
    NoticeReason.DAY_OVER: N_("its day was over"),
    NoticeReason.TAKEN_BACK: N_("taken back"),
    NoticeReason.PROGRAM_ENDED: N_("the program ended before the gateway's answer came"),
    NoticeReason.ERASED: N_("erased"),
}


def reason_words(stored: str) -> str:
    """A stored reason in words; what is none, a gateway's own words, stays as it is."""
    code, colon, more = stored.partition(":")
    try:
        words = _(WORDS[NoticeReason(code)])
    except ValueError:
        return stored
    return f"{words}: {more.strip()}" if colon and more.strip() else words


@dataclass(frozen=True, slots=True)
class PlannedNotice:
    """A reminder that the next run would send, or would not.

    Attributes:
        guest: who is written to: the company that pays, else the holder; None if there is neither.
        line: the schedule line it counts for; ``kind`` and ``due`` are that line's.
        amount: all that is missing of the reservation in the days it is reminded of.
        address: mail address or E.164 number; empty if there is none.
        reason: why it would not be sent, as stored; empty: it would.
    """

    reservation: int
    code: str
    guest: int | None
    name: str
    line: int
    kind: str
    due: date
    overdue: bool
    amount: Money
    channel: str
    address: str
    language: str = ""
    subject: str = ""
    text: str = ""
    reason: str = ""

    @property
    def id(self) -> int:
        """Its number in a list: that of the reservation, as there is one of each."""
        return self.reservation

    @property
    def words(self) -> str:
        """The reason, to be read."""
        return reason_words(self.reason)


@dataclass(frozen=True, slots=True)
class NoticePreview:
    """What the next run of the automatic reminders would do.

    Attributes:
        planned: those that would be sent first, then those that would not.
        at: when it runs: now, or at the end of the quiet hours.
        mode: the setting *notices*.
        holdup: why nothing goes out at all, a sentence; empty if it does.
    """

    planned: tuple[PlannedNotice, ...]
    at: datetime
    mode: str
    holdup: str = ""

    @property
    def ready(self) -> tuple[PlannedNotice, ...]:
        """Those that would be sent."""
        return tuple(one for one in self.planned if not one.reason)


@dataclass(frozen=True, slots=True)
class NoticeView:
    """A reminder that was sent, is on its way, or was not sent after all.

    Attributes:
        day: the day of the property that it counts for.
        agent: who sent it by hand; empty: the engine.
        error: the gateway's words or why it was not sent, to be read.
        conversation: where its mail stands.
    """

    id: int
    reservation: int
    code: str
    guest: int | None
    name: str
    line: int
    day: date
    automatic: bool
    channel: str
    address: str
    amount: Money
    text: str
    state: str
    error: str
    agent: str
    created_at: datetime
    sent_at: datetime | None
    conversation: int | None
    version: int


@dataclass(frozen=True, slots=True)
class LastNotice:
    """The newest reminder of a reservation that was sent or is on its way."""

    day: date
    at: datetime
    channel: str
    state: str
    automatic: bool


@dataclass(frozen=True, slots=True)
class HandNotice:
    """A reminder that an agent is about to send.

    Attributes:
        warnings: why it may not be wanted (opted out, reminded today…), to be read; sending it anyway has to be said.
        gaps: variables without a value; they stand in the text as ``⟦name⟧`` and block the send.
    """

    reservation: int
    code: str
    guest: int
    name: str
    channel: str
    address: str
    language: str
    subject: str
    text: str
    amount: Money
    due: date | None
    gaps: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()

    @property
    def size(self) -> Size:
        """How many short messages the text takes."""
        return size(self.text)


@dataclass(frozen=True, slots=True)
class StopView:
    """Who or what gets no reminders.

    Attributes:
        address: mail address or number; empty: the guest, wherever they are to be reached.
        reason: opt-out or bounce.
    """

    id: int
    address: str
    guest: int | None
    name: str
    reason: str
    agent: str
    at: datetime
