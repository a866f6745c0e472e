"""The figures of productivity, each defined once (SPEC §10). Pure.

Counted *by when it happened*, within ``start <= instant < end``: received, opened, done, responses, the conversion's cohort.
Counted *as it stood* at the end of the period, or now while it runs, and not of days to come: pending, queue. Durations are
whole seconds, rounded down turn by turn; an average is the sum of durations divided by the number of turns, and there is
none without turns (shown as —).
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import NamedTuple

from crm_tui.rules.folding import fold_text
from crm_tui.rules.vocabulary import Folder, InquiryStatus, Stage

TEAM = 0
"""In tallies, beside the numbers of agents and None (nobody, or unknown): what counts once for the team, however many
agents it counts for."""

Key = int | None
"""An agent's number, None or :data:`TEAM`."""
Tally = Counter[str]
"""The names of :class:`Figures` to numbers."""
Working = Callable[[datetime, datetime], int]
"""How many seconds of working hours lie between two instants."""

_SECOND = timedelta(seconds=1)
_NO_INQUIRY = (
    "spam",
    "duplicat",
    "duplicad",
    "duplikat",
    "zdublowan",
    "doublon",
    "doppelt",
    "correo basura",
    "pourriel",
)


@dataclass(frozen=True, slots=True)
class Figures:
    """What an agent, nobody in particular, or the team did in a period.

    Attributes:
        received: tickets that came into the agent's hands, each once, however often it came back; of the team: tickets that
            came up. Tickets of spam, and those whose turn is none any more, count nowhere.
        opened: tickets that the agent who had them displayed for the first time; of the team: each once.
        pending: tickets of the agent that waited for a manager at the end of the period.
        done: tickets that were closed, by whoever closed them: the agent who sent the reply or marked *no answer needed*. A
            reply found in the Sent folder closes too; its agent is unknown.
        queue: tickets that waited in the agent's hands at the end of the period, not pending; of nobody: the common queue.
        responses: turns that were closed, by close time, by a human reply or a mark (SPEC §1), whoever had the ticket.
        marked: those of them that a mark closed.
        response_seconds, response_seconds_working: the sum of their durations, by the clock and within working hours.
        before_responses, before_seconds, before_seconds_working: the same of those whose guest had no booking when the turn
            was closed.
        first_responses, first_response_seconds, first_response_seconds_working: the same of first turns of conversations
            that were closed by a reply: how long a guest waited for the first word.
        working_seconds, invisible_seconds: the union of timer sessions, and of the pauses within it.
        eligible_inquiries: inquiries created in the period; not those that were taken back, are spam, were lost as spam or
            as a duplicate, or whose conversations were all merged into others. Credit has the agent of
            :func:`credited`.
        converted: those of them with a booking that was ever confirmed, whenever that was.
    """

    received: int = 0
    opened: int = 0
    pending: int = 0
    done: int = 0
    queue: int = 0
    responses: int = 0
    marked: int = 0
    response_seconds: int = 0
    response_seconds_working: int = 0
    before_responses: int = 0
    before_seconds: int = 0
    before_seconds_working: int = 0
    first_responses: int = 0
    first_response_seconds: int = 0
    first_response_seconds_working: int = 0
    working_seconds: int = 0
    invisible_seconds: int = 0
    eligible_inquiries: int = 0
    converted: int = 0

    @property
    def after_responses(self) -> int:
        """Closed turns whose guest had a booking when the turn was closed: after booking, and before check-in."""
        return self.responses - self.before_responses

    @property
    def after_seconds(self) -> int:
        """The sum of their durations by the clock."""
        return self.response_seconds - self.before_seconds

    @property
    def after_seconds_working(self) -> int:
        """The sum of their durations within working hours."""
        return self.response_seconds_working - self.before_seconds_working

    @property
    def average_response(self) -> float | None:
        """Seconds; None without turns."""
        return mean(self.response_seconds, self.responses)

    @property
    def average_response_working(self) -> float | None:
        """Seconds of working hours; None without turns."""
        return mean(self.response_seconds_working, self.responses)

    @property
    def average_before(self) -> float | None:
        """Before booking, seconds; None without turns."""
        return mean(self.before_seconds, self.before_responses)

    @property
    def average_before_working(self) -> float | None:
        """Before booking, seconds of working hours; None without turns."""
        return mean(self.before_seconds_working, self.before_responses)

    @property
    def average_after(self) -> float | None:
        """After booking, seconds; None without turns."""
        return mean(self.after_seconds, self.after_responses)

    @property
    def average_after_working(self) -> float | None:
        """After booking, seconds of working hours; None without turns."""
        return mean(self.after_seconds_working, self.after_responses)

    @property
    def average_first_response(self) -> float | None:
        """Seconds; None without first replies."""
        return mean(self.first_response_seconds, self.first_responses)

    @property
    def average_first_response_working(self) -> float | None:
        """Seconds of working hours; None without first replies."""
        return mean(self.first_response_seconds_working, self.first_responses)

    @property
    def conversion(self) -> float | None:
        """The part of the eligible inquiries that was converted, 0 to 1; None without inquiries."""
        return mean(self.converted, self.eligible_inquiries)


def mean(total: float, count: int) -> float | None:
    """The average; None of nothing."""
    return total / count if count else None


class ClosedTurn(NamedTuple):
    """A turn that was closed.

    Attributes:
        reason: ``reply`` or ``mark``.
        agent: who sent the reply or set the mark; None: unknown.
        stage: see :class:`~crm_tui.rules.vocabulary.Stage`, as it stood when the turn was closed; empty: before booking.
        first: the first turn of its conversation.
    """

    opened: datetime
    closed: datetime
    reason: str
    agent: int | None
    stage: str
    first: bool


class Ticket(NamedTuple):
    """A ticket that counts, as it stood at some instant or stands now: neither spam, nor one without a turn.

    Attributes:
        pending: whether it waits for a manager.
        agent: who has it; None: it is in the queue.
    """

    created: datetime
    done: datetime | None
    done_by: int | None
    agent: int | None
    pending: bool
    hands: tuple[Hand, ...] = ()


class Hand(NamedTuple):
    """That a ticket came into an agent's hands, and when the agent displayed it first."""

    agent: int
    at: datetime
    seen: datetime | None


class Talk(NamedTuple):
    """A conversation of an inquiry: where it stands, whether it was merged away, and the human replies that closed its
    turns, each with its agent."""

    folder: str
    merged: bool
    replies: tuple[tuple[datetime, int | None], ...] = ()


class Asked(NamedTuple):
    """An inquiry, as far as conversion goes.

    Attributes:
        confirmed: it has a reservation that was ever confirmed, and not taken back as a mistake: one that was made from it,
            or one that a conversation of it is about and that was confirmed once the inquiry was there, as those are that
            another system books and this desk imports.
    """

    created: datetime
    removed: bool
    status: str
    lost_reason: str
    confirmed: bool
    talks: tuple[Talk, ...] = ()


def seconds(opened: datetime, closed: datetime) -> int:
    """The duration of a turn by the clock, in whole seconds."""
    return max(0, (closed - opened) // _SECOND)


def length(opened: int, closed: int) -> int:
    """The same of instants that are microseconds since 1970."""
    return (closed - opened) // 1_000_000 if closed > opened else 0


def count_turn(tally: Tally, turn: ClosedTurn, working: int) -> None:
    """Add a closed turn to the tally of whom it counts for; ``working``: its seconds of working hours."""
    count_turns(tally, turn.reason, turn.stage, turn.first, 1, seconds(turn.opened, turn.closed), working)


def count_turns(tally: Tally, reason: str, stage: str, first: bool, many: int, clock: int, working: int) -> None:
    """Add closed turns of one kind: how many, and the sums of their seconds."""
    tally["responses"] += many
    tally["response_seconds"] += clock
    tally["response_seconds_working"] += working
    if stage in ("", Stage.BEFORE_BOOKING):
        tally["before_responses"] += many
        tally["before_seconds"] += clock
        tally["before_seconds_working"] += working
    if reason == "mark":
        tally["marked"] += many
    elif first:
        tally["first_responses"] += many
        tally["first_response_seconds"] += clock
        tally["first_response_seconds_working"] += working


def no_inquiry(status: str, lost_reason: str) -> bool:
    """Whether it was closed as spam or as a duplicate: the reason begins with that word, in any language of the desk."""
    if status not in (InquiryStatus.LOST, InquiryStatus.CANCELLED):
        return False
    return " ".join(fold_text(lost_reason).split()).startswith(_NO_INQUIRY)


def set_aside(talks: Sequence[Talk]) -> bool:
    """Whether an inquiry came by mail, and all of it is spam or was merged into other conversations."""
    return bool(talks) and all(talk.merged or talk.folder == Folder.SPAM for talk in talks)


def eligible(inquiry: Asked) -> bool:
    """Whether the inquiry counts for conversion."""
    return not (inquiry.removed or no_inquiry(inquiry.status, inquiry.lost_reason) or set_aside(inquiry.talks))


def credited(inquiry: Asked) -> int | None:
    """Whose conversion an inquiry counts for: the agent who sent the reply to it.

    That is the first human reply that closed a turn of its conversations once the inquiry was made, else the last one before;
    None: nobody replied by mail, or the reply was found in Sent.
    """
    replies = [reply for talk in inquiry.talks for reply in talk.replies]
    if not replies:
        return None
    after = [reply for reply in replies if reply[0] >= inquiry.created]
    return min(after, key=_when)[1] if after else max(replies, key=_when)[1]


def _when(reply: tuple[datetime, int | None]) -> datetime:
    return reply[0]


def count_inquiry(tally: Tally, confirmed: bool) -> None:
    """Add an eligible inquiry to the tally of whom it counts for; ``confirmed``: it was converted."""
    tally["eligible_inquiries"] += 1
    tally["converted"] += confirmed


def count_standing(tally: Tally, ticket: Ticket) -> None:
    """Add a ticket that is open at the end of the period to the tally of its agent, or of nobody."""
    tally["pending" if ticket.pending else "queue"] += 1


def open_at(ticket: Ticket, end: datetime) -> bool:
    """Whether the ticket is open just before an instant."""
    return ticket.created < end and (ticket.done is None or ticket.done >= end)


def tallied(
    start: datetime,
    end: datetime,
    *,
    turns: Iterable[ClosedTurn] = (),
    tickets: Iterable[Ticket] = (),
    inquiries: Iterable[Asked] = (),
    working: Working = seconds,
) -> Mapping[Key, Tally]:
    """Every figure but working time, of whoever has one, of all that ever happened.

    Args:
        start, end: the period, ``start <= instant < end``.
        tickets: with agent and pending as they stood at the end of the period.
    """
    found: defaultdict[Key, Tally] = defaultdict(Counter)
    for turn in turns:
        if start <= turn.closed < end:
            count_turn(found[turn.agent], turn, working(turn.opened, turn.closed))
    for ticket in tickets:
        _count_ticket(found, ticket, start, end)
    for inquiry in inquiries:
        if start <= inquiry.created < end and eligible(inquiry):
            count_inquiry(found[credited(inquiry)], inquiry.confirmed)
    return found


def _count_ticket(found: defaultdict[Key, Tally], ticket: Ticket, start: datetime, end: datetime) -> None:
    found[TEAM]["received"] += start <= ticket.created < end
    first = min((hand.seen for hand in ticket.hands if hand.seen is not None), default=None)
    found[TEAM]["opened"] += first is not None and start <= first < end
    for hand in ticket.hands:
        found[hand.agent]["received"] += start <= hand.at < end
        found[hand.agent]["opened"] += hand.seen is not None and start <= hand.seen < end
    if ticket.done is not None:
        found[ticket.done_by]["done"] += start <= ticket.done < end
    if open_at(ticket, end):
        count_standing(found[ticket.agent], ticket)


def together(tallies: Mapping[Key, Tally]) -> Tally:
    """The team's tally: the sum of everybody's and nobody's, but tickets received and opened each once."""
    found: Tally = Counter()
    for key, tally in tallies.items():
        if key != TEAM:
            found.update({name: value for name, value in tally.items() if name not in ("received", "opened")})
    found.update(tallies.get(TEAM, {}))
    return found
