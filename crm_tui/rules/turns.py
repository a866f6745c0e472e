"""Turns of a conversation (SPEC §1)."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Contribution:
    """One thing that opens or closes turns.

    Attributes:
        message: id of the message; 0 for a mark by an agent.
        at: when it came, aware UTC.
        kind: ``customer`` (a customer's message), ``reply`` (a human reply), ``mark`` (*no answer needed*);
            automatic messages are not contributions.
    """

    message: int
    at: datetime
    kind: str


@dataclass(frozen=True, slots=True)
class TurnSpan:
    """One turn: opened by a customer message, closed by a human reply or a mark; ``closed_at`` is None while open."""

    opened_by: int
    opened_at: datetime
    closed_by: int | None
    closed_at: datetime | None
    reason: str


def turns_of(contributions: Iterable[Contribution]) -> list[TurnSpan]:
    """The turns of one conversation, oldest first.

    A turn opens at the first customer message after the last human reply and closes at the next human reply or mark;
    three messages in a row make one turn. Contributions may come in any order; equal instants go by message id, a
    customer's message before a reply.
    """
    order = {"customer": 0, "reply": 1, "mark": 2}
    spans: list[TurnSpan] = []
    opened: Contribution | None = None
    for item in sorted(contributions, key=lambda c: (c.at, order[c.kind], c.message)):
        if item.kind == "customer":
            opened = opened or item
        elif opened is not None:
            spans.append(TurnSpan(opened.message, opened.at, item.message or None, item.at, item.kind))
            opened = None
    if opened is not None:
        spans.append(TurnSpan(opened.message, opened.at, None, None, ""))
    return spans


def open_since(spans: Sequence[TurnSpan]) -> datetime | None:
    """Since when the conversation waits for an answer; None if it is answered."""
    return spans[-1].opened_at if spans and spans[-1].closed_at is None else None
