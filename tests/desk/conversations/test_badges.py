"""A badge equals the length of its list under the same filter, whatever was done (SPEC §3)."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from datetime import timedelta
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import insert

from crm_tui import desk
from crm_tui.base.clock import FixedClock
from crm_tui.base.errors import CrmError
from crm_tui.data.columns import new_id
from crm_tui.data.tables import Agent
from crm_tui.desk.common.context import Actor, Context
from crm_tui.desk.common.views import ListQuery
from crm_tui.desk.conversations import folders, snoozing, splitting, triage
from crm_tui.desk.correspondence import reading
from crm_tui.desk.undoing import undo
from crm_tui.desk.upkeep import checking
from tests.building import NOON, add_account, add_mailbox, make_mail, minutes, receive_mails

GUESTS = ("ana@guests.example", "marta@other.example")
PLACES = (*folders.FOLDERS, "Starred", "Snoozed", "Sent", "All")

Step = tuple[str, int, int, int]
STEPS = st.tuples(
    st.sampled_from(
        [
            "mail",
            "mail",
            "mail",
            "move",
            "star",
            "assign",
            "answered",
            "snooze",
            "reply",
            "wake",
            "unsnooze",
            "again",
            "split",
            "merge",
            "undo",
            "undo",
            "scope",
        ]
    ),
    st.integers(1, 5),
    st.integers(1, 5),
    st.integers(0, 5),
)


class Morning:
    """Two agents at one desk, a clock that goes on, and random commands."""

    def __init__(self, ctx: Context, clock: FixedClock) -> None:
        self.clock = clock
        self.account = add_account(ctx)
        self.box = add_mailbox(ctx, self.account)
        with ctx.write() as tx:
            numbers = [
                new_id(tx.connection.execute(insert(Agent).values(name=name, role="agent", created_at=tx.now)))
                for name in ("Ana", "Bob")
            ]
        self.agents = [ctx.acting_as(Actor(number, name)) for number, name in zip(numbers, ("Ana", "Bob"), strict=True)]
        self.mails = 0

    def do(self, step: Step) -> None:
        """One command; what is refused is refused."""
        what, one, other, how = step
        ctx = self.agents[how % 2]
        self.clock.advance(timedelta(minutes=7))
        commands: dict[str, Callable[[], Any]] = {
            "mail": lambda: self._mail(ctx, one, how),
            "move": lambda: triage.move(ctx, [one, other], folders.FOLDERS[how]),
            "star": lambda: triage.star(ctx, [one], starred=how > 1),
            "assign": lambda: triage.assign(ctx, [one, other], ("Ana", "Bob", "")[how % 3]),
            "answered": lambda: triage.no_answer_needed(ctx, [one]),
            "snooze": lambda: snoozing.snooze(ctx, [one], until=self.clock.now() + minutes(10 * how + 1)),
            "reply": lambda: snoozing.snooze(ctx, [one, other], until=None),
            "wake": lambda: snoozing.wake_due(ctx),
            "unsnooze": lambda: snoozing.unsnooze(ctx, [one]),
            "again": lambda: snoozing.snooze_again(ctx, [one, other]),
            "split": lambda: splitting.split(ctx, one, [m.id for m in reading.conversation(ctx, one).messages][-1:]),
            "merge": lambda: splitting.merge(ctx, [one, other]),
            "undo": lambda: undo.undo(ctx),
            "scope": lambda: self._hide(ctx, one),
        }
        with suppress(CrmError):
            commands[what]()

    def _mail(self, ctx: Context, answers: int, how: int) -> None:
        self.mails += 1
        raw = make_mail(
            f"{self.mails}\n",
            message_id=f"{self.mails}@x",
            in_reply_to=f"{answers}@x" if how else "",
            references=[f"{one}@x" for one in range(1, answers)] if how > 2 else (),
            sender=GUESTS[how % 2],
            date=self.clock.now(),
            headers={"Auto-Submitted": "auto-replied"} if how == 5 else None,
        )
        receive_mails(ctx, raw, account_id=self.account, mailbox_id=self.box, first_uid=self.mails)

    def _hide(self, ctx: Context, number: int) -> None:
        inquiry = desk.inquiries.of_conversation(ctx, number) or desk.inquiries.from_conversation(ctx, number)
        desk.inquiries.set(ctx, inquiry, desk.inquiries.get(ctx, inquiry).version, {"scope": "me"})


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow], deadline=None)
@given(steps=st.lists(STEPS, min_size=5, max_size=25))
def test_badges_equal_their_lists(new_desk: Callable[..., Context], clock: FixedClock, steps: list[Step]) -> None:
    clock.instant = NOON
    ctx = new_desk("random")
    morning = Morning(ctx, clock)
    for step in steps:
        morning.do(step)
    for agent in morning.agents:
        badges = folders.counts(agent)
        for place in (*PLACES, f"account:{morning.account}"):
            for only in ("all", "unanswered", "unread"):
                page = folders.page(agent, ListQuery(place, only), limit=100)
                assert page.total == len(page.rows), (place, only)
                assert only != "unanswered" or all(row.unanswered for row in page.rows)
                assert all(row.snoozed == (place == "Snoozed") for row in page.rows) or place in {"Starred", "Sent"}
            if place in badges:
                assert badges[place].total == folders.total(agent, ListQuery(place))
    wrong = [found for found in checking.check(ctx) if not found.ok and found.name != "cursors"]
    assert wrong == []
    ctx.store.close()
