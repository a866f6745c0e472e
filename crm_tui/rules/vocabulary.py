"""The words of SPEC §1 that are stored as values."""

from enum import StrEnum


class Folder(StrEnum):
    """Where a conversation stands; exactly one at a time (SPEC §1)."""

    INBOX = "Inbox"
    INQUIRIES = "Inquiries"
    WAITLIST = "Waitlist"
    BOOKED = "Booked"
    DONE = "Done"
    SPAM = "Spam"


class View(StrEnum):
    """Lists that are not folders: a conversation can be in several, and in a folder too (SPEC §1)."""

    SENT = "Sent"
    DRAFTS = "Drafts"
    OUTBOX = "Outbox"
    SNOOZED = "Snoozed"
    STARRED = "Starred"


class Direction(StrEnum):
    """Whether a message came in or went out."""

    IN = "in"
    OUT = "out"


class OutboxState(StrEnum):
    """The states of a message on its way out (SPEC §5)."""

    QUEUED = "queued"
    SENDING = "sending"
    SENT = "sent"
    FAILED = "failed"
    HELD = "held"
    UNCERTAIN = "uncertain"
    RECALLED = "recalled"


class OutboxReason(StrEnum):
    """Why a message is uncertain, where no server's words say it; stored as its error and told in the reader's language."""

    NOT_IN_SENT = "#not in sent"
    PROGRAM_ENDED = "#program ended"
    RESTORED = "#restored"


class CopyState(StrEnum):
    """The state of the copy in the server's Sent mailbox, apart from the delivery (SPEC §5, QUALITY R2)."""

    NONE = "none"
    PENDING = "pending"
    STORED = "stored"
    FAILED = "failed"


class Role(StrEnum):
    """What an agent may do (SPEC §13)."""

    AGENT = "agent"
    MANAGER = "manager"
    ADMIN = "admin"


class AccountState(StrEnum):
    """How the engine stands with an account; anything but OK is told at the lower left of the desk."""

    NEW = "new"
    OK = "ok"
    OFFLINE = "offline"
    AUTH_FAILED = "auth failed"
    SENDING_FAILED = "sending failed"
    """SMTP refuses the login or its TLS is not accepted; receiving may well work. Stays until sending works or it is mended."""
    FAILED = "failed"


class SnoozeFor(StrEnum):
    """What a snoozed conversation waits for (SPEC §3); mail of the guest wakes it either way."""

    DATE = "date"
    REPLY = "reply"


class WokenBy(StrEnum):
    """Why a conversation came back from a snooze."""

    TIME = "time"
    REPLY = "reply"


class InquiryStatus(StrEnum):
    """How far an inquiry is (SPEC §4); the last three close it."""

    NEW = "new"
    IN_PROGRESS = "in progress"
    OFFER_SENT = "offer sent"
    WAITING = "waiting for guest"
    BOOKED = "booked"
    LOST = "lost"
    CANCELLED = "cancelled"


CLOSED = (InquiryStatus.BOOKED, InquiryStatus.LOST, InquiryStatus.CANCELLED)
"""The statuses that close an inquiry."""


class Channel(StrEnum):
    """Where an inquiry or a reservation came from (SPEC §1)."""

    DIRECT = "direct"
    PHONE = "phone"
    COUNTER = "counter"
    WEBSITE = "website"
    BOOKING = "Booking.com"
    AIRBNB = "Airbnb"
    EXPEDIA = "Expedia"
    OPERATOR = "tour operator"
    OTHER = "other"


class GuestKind(StrEnum):
    """A client is a person or a company (SPEC §1)."""

    PERSON = "person"
    COMPANY = "company"


class ConsentChannel(StrEnum):
    """What a consent is for (SPEC §6)."""

    MAIL = "mail"
    SMS = "sms"
    PHONE = "phone"
    NEWSLETTER = "newsletter"


class Doing(StrEnum):
    """What an agent does with a conversation just now (SPEC §3, presence)."""

    VIEWING = "viewing"
    REPLYING = "replying"


class EventKind(StrEnum):
    """The types of event that every desk has (SPEC §1); an admin adds others."""

    CALL = "call"
    MAIL = "mail"
    SMS = "sms"
    VISIT = "visit"
    COMPLAINT = "complaint"
    CATALOGUE = "catalogue"
    PAYMENT_REMINDER = "payment reminder"
    FLIGHT_INFO = "flight info"
    NOTE = "note"
    OTHER = "other"


class ReservationStatus(StrEnum):
    """How a booking stands (SPEC §7)."""

    OPTION = "option"
    CONFIRMED = "confirmed"
    CANCELLED = "cancelled"
    COMPLETED = "completed"
    NO_SHOW = "no-show"


BOOKED = (ReservationStatus.CONFIRMED, ReservationStatus.COMPLETED, ReservationStatus.NO_SHOW)
"""The statuses that only a confirmed booking can have."""


class LineKind(StrEnum):
    """What a schedule line asks for (SPEC §7): Z is a deposit, D a balance."""

    DEPOSIT = "deposit"
    BALANCE = "balance"
    INSTALMENT = "instalment"


class MailingState(StrEnum):
    """How a mailing stands (SPEC §6)."""

    READY = "ready"
    RUNNING = "running"
    PAUSED = "paused"
    STOPPED = "stopped"
    DONE = "done"


class MailingItemState(StrEnum):
    """How far a mailing is with one guest."""

    WAITING = "waiting"
    QUEUED = "queued"
    SENT = "sent"
    FAILED = "failed"
    LEFT_OUT = "left out"


class Anchor(StrEnum):
    """What a line of the terms is due relative to (SPEC §7)."""

    BOOKING = "booking"
    ARRIVAL = "arrival"
    DEPARTURE = "departure"


class PostingCategory(StrEnum):
    """What a posting is for; the routing rule of a folio goes by it (SPEC §7)."""

    LODGING = "lodging"
    BOARD = "board"
    EXTRAS = "extras"
    TRANSPORT = "transport"
    FEE = "fee"
    TAX = "tax"
    DISCOUNT = "discount"
    OTHER = "other"


class NoticeState(StrEnum):
    """The states of a payment reminder (SPEC §8); the same promises as the outbox's (QUALITY R1)."""

    QUEUED = "queued"
    SENDING = "sending"
    SENT = "sent"
    FAILED = "failed"
    UNCERTAIN = "uncertain"
    DROPPED = "dropped"
    """It was not sent because meanwhile the line was covered, cancelled, or its guest wants none."""


class FlightState(StrEnum):
    """Whether the guests of a watched flight were told its times (SPEC §8)."""

    TO_INFORM = "to inform"
    INFORMED = "informed"
    AGAIN = "inform again"


class HandoverKind(StrEnum):
    """What a line of a shift handover is about (SPEC §9)."""

    WAITLIST = "waitlist"
    PENDING = "pending"
    """A ticket that needs a manager (SPEC §10)."""
    DEPARTURE = "departure"
    PAYMENT = "payment"
    COMPLAINT = "complaint"
    HELD = "held"
    REMINDER = "reminder"
    NOTE = "note"


class FeedbackKind(StrEnum):
    """Praise or complaint (SPEC §11)."""

    POSITIVE = "positive"
    NEGATIVE = "negative"


class Stage(StrEnum):
    """Where a conversation's guest stands (SPEC §10): what routing profiles and response times tell apart."""

    BEFORE_BOOKING = "before booking"
    AFTER_BOOKING = "after booking"
    BEFORE_CHECKIN = "before check-in"


class TicketState(StrEnum):
    """How a ticket stands (SPEC §10)."""

    QUEUED = "queued"
    ASSIGNED = "assigned"
    OPENED = "opened"
    PENDING = "pending"
    DONE = "done"


class TicketHow(StrEnum):
    """How a ticket came to its agent."""

    AUTOMATIC = "automatic"
    MANUAL = "manual"
    CLAIMED = "claimed"


class SessionEnd(StrEnum):
    """How a timer's session ended."""

    STOPPED = "stopped"
    CAPPED = "capped"
    CORRECTED = "corrected"
