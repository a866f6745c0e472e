"""What screens and the command line get: frozen values, every string already display-safe (ARCHITECTURE, way 2).

This module imports nothing of the database, so that a screen can be declared before the store is open.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, NamedTuple, Protocol

if TYPE_CHECKING:
    from crm_tui.desk.requests.inquiry_views import NotesView
    from crm_tui.desk.ticketing.ticket_views import TicketRow
    from crm_tui.rules.guest_criteria import GuestCriteria


class Person(NamedTuple):
    """A name and a real address; the name may be empty."""

    name: str
    address: str

    @property
    def label(self) -> str:
        """The name, or the address where there is none."""
        return self.name or self.address


@dataclass(frozen=True, slots=True)
class ListQuery:
    """Which conversations a list shows.

    Attributes:
        place: a Folder's or View's value (``Inbox``, ``Sent``, ``Snoozed``, ``Starred``), or ``account:ID``.
        only: ``all``, ``unanswered`` or ``unread``.
        order: ``newest`` (latest message first), ``oldest``, or ``waiting`` (longest unanswered first; implies unanswered).
    """

    place: str = "Inbox"
    only: str = "all"
    order: str = "newest"


# Where a row stands in its list: the sort instant as stored, and the conversation's id. Opaque to screens.
Cursor = tuple[str, int]


class ConversationRow(NamedTuple):
    """One line of the mail list. A named tuple, because lists make thousands of them.

    Attributes:
        snooze_for: what it waits for, or last waited for: ``date``, ``reply``, or empty.
        wake_reason: why it came back from a snooze, until it is dealt with: ``time``, ``reply``, ``automatic``.
        inquiry: the inquiry it belongs to.
    """

    id: int
    folder: str
    subject: str
    counterpart: Person
    preview: str
    messages: int
    unread: int
    attachments: int
    last_at: datetime
    waiting_since: datetime | None
    assignee: str
    starred: bool
    snoozed_until: datetime | None
    cursor: Cursor
    snooze_for: str = ""
    wake_reason: str = ""
    inquiry: int | None = None

    @property
    def unanswered(self) -> bool:
        """Whether it has an open turn (SPEC §1)."""
        return self.waiting_since is not None

    @property
    def snoozed(self) -> bool:
        """Whether it sleeps now: it waits for something, and nothing has woken it yet."""
        return bool(self.snooze_for) and not self.wake_reason


@dataclass(frozen=True, slots=True)
class Page:
    """A stretch of a list, in the list's order."""

    rows: Sequence[ConversationRow]
    total: int


@dataclass(frozen=True, slots=True)
class Count:
    """A badge: conversations listed, those with an open turn, those with unread messages."""

    total: int = 0
    unanswered: int = 0
    unread: int = 0


@dataclass(frozen=True, slots=True)
class AttachmentView:
    """A file that came with a message; ``size`` in octets, ``name`` safe to show and to save under."""

    message_id: int
    position: int
    name: str
    type: str
    size: int
    inline: bool = False


@dataclass(frozen=True, slots=True)
class InvitationView:
    """A calendar invitation."""

    method: str
    summary: str
    start: str
    end: str
    location: str
    organizer: str


@dataclass(frozen=True, slots=True)
class MessageView:
    """A message as it is read.

    Attributes:
        quoted: ranges of ``text`` that quote earlier mail, to be folded, never cut.
        signature: range of ``text`` that is the signature, or None.
        flags: warnings about the sender (QUALITY S3): ``name-has-address``, ``mixed-script``, ``punycode``, ``reply-to-differs``;
            also ``claims-to-be-us``: sent from one of our addresses, but not from a Sent mailbox;
            in a conversation also ``new-in-thread``: it answers a mail of another conversation, whose people its
            sender did not belong to; and ``subject-changed``: it answers a mail with another subject (SPEC §2).
        state: the outbox state of an own message that is not delivered yet; empty otherwise.
        problem: why it could not be read whole; empty if it could.
    """

    id: int
    conversation: int
    message_id: str
    direction: str
    automatic: str
    sender: Person
    reply_to: Sequence[Person]
    to: Sequence[Person]
    cc: Sequence[Person]
    subject: str
    at: datetime
    sent_at: datetime | None
    received_at: datetime | None
    text: str
    quoted: Sequence[tuple[int, int]] = ()
    signature: tuple[int, int] | None = None
    from_html: bool = False
    links: Sequence[tuple[str, str]] = ()
    flags: Sequence[str] = ()
    attachments: Sequence[AttachmentView] = ()
    invitation: InvitationView | None = None
    seen: bool = True
    flagged: bool = False
    state: str = ""
    problem: str = ""
    complete: bool = True
    locations: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class NoteView:
    """What agents wrote beside a conversation, for themselves: never sent, never quoted, never a reply.

    Attributes:
        kind: ``memo`` or ``internal``.
        who: the author; of an internal message both ends.
        unread: an internal message to the agent who reads, not read yet.
    """

    id: int
    kind: str
    who: str
    text: str
    at: datetime
    unread: bool = False


@dataclass(frozen=True, slots=True)
class ConversationView:
    """A conversation with its messages, oldest first.

    Attributes:
        notes: memos and internal messages, where they were asked for.
        beside: its inquiry and how much is noted, where that was asked for.
        ticket: the work of answering it, while somebody waits, where that was asked for.
    """

    row: ConversationRow
    messages: Sequence[MessageView]
    version: int = 1
    notes: Sequence[NoteView] = ()
    beside: NotesView | None = None
    ticket: TicketRow | None = None


class _Excerpt(Protocol):
    def title_matches(self) -> tuple[tuple[int, int], ...]: ...

    def snippet(self) -> tuple[str, tuple[tuple[int, int], ...]]: ...


@dataclass(frozen=True, slots=True)
class SearchHit:
    """One result. What it shows of the text is made when it is first asked for; that costs tens of microseconds.

    Attributes:
        kind: ``message``, ``inquiry``, ``guest`` or ``reservation``; ``id`` is the number of that thing.
        conversation: the one of a message, the newest one of an inquiry; 0 without one.
    """

    kind: str
    id: int
    conversation: int
    title: str
    counterpart: Person
    date: datetime
    excerpt: _Excerpt = field(repr=False, compare=False)

    @property
    def snippet(self) -> str:
        """One line of the text around the first match."""
        return self.excerpt.snippet()[0]

    @property
    def title_matches(self) -> tuple[tuple[int, int], ...]:
        """The ranges of ``title`` to highlight."""
        return self.excerpt.title_matches()

    @property
    def snippet_matches(self) -> tuple[tuple[int, int], ...]:
        """The ranges of ``snippet`` to highlight."""
        return self.excerpt.snippet()[1]


@dataclass(frozen=True, slots=True)
class SavedViewView:
    """A search that an agent kept: of everything, or of the list of guests.

    Attributes:
        query: as it is typed into the search box; empty for a view of guests.
        key: its letter in the menu of views; empty without one.
        of_guests: it is one of guests, with ``criteria`` and ``order`` (:class:`~crm_tui.rules.guest_searches.GuestQuery`).
        criteria: None for a view of guests that cannot be read: ``problem`` says so in a sentence.
        words: what it asks for, to be read.
    """

    id: int
    name: str
    query: str
    key: str = ""
    position: int = 0
    version: int = 1
    of_guests: bool = False
    criteria: GuestCriteria | None = None
    order: str = ""
    words: str = ""
    problem: str = ""


@dataclass(frozen=True, slots=True)
class AccountView:
    """An account at the lower left of the desk."""

    id: int
    address: str
    name: str
    state: str
    state_text: str
    synced_at: datetime | None
    unread: int = 0


@dataclass(frozen=True, slots=True)
class Changes:
    """What happened since a journal row: the ids of entities that changed, by kind.

    ``everything`` is set when so much changed that refreshing all is cheaper than naming it.
    """

    last: int
    ids: dict[str, frozenset[int]] = field(default_factory=dict)
    everything: bool = False

    def __bool__(self) -> bool:
        return self.everything or bool(self.ids)


@dataclass(frozen=True, slots=True)
class PropertyView:
    """The hotel or agency: IANA zone, ISO 4217 currency, languages of its guests."""

    name: str
    timezone: str
    currency: str
    languages: Sequence[str] = ("en",)


@dataclass(frozen=True, slots=True)
class AgentView:
    """A member of the team.

    Attributes:
        login: the operating-system user tied to it, or empty.
        department: its name; empty for none.
        active: False for one who left.
        has_pin: the agent signs in with a PIN.
        fallen: after a change: how many inquiries only managers and administrators see from now on.
    """

    id: int
    name: str
    role: str
    language: str = "en"
    login: str = ""
    department: str = ""
    active: bool = True
    version: int = 1
    fallen: int = 0
    has_pin: bool = False


@dataclass(frozen=True, slots=True)
class DepartmentView:
    """A department; ``members`` counts its active agents."""

    id: int
    name: str
    members: int = 0
