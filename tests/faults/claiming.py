"""A process that takes or shares out tickets, racing others: ``python -m tests.faults.claiming HOME AGENT SEED``.

As ``engine`` it shares out and evens out, as any number of engines must never do at once; as an agent it takes all it can
get and opens what it has. It begins when its standard input is closed, and prints the numbers that it took.
"""

from __future__ import annotations

import random
import sys
from pathlib import Path

from crm_tui.base.errors import Conflict
from crm_tui.base.paths import home_at
from crm_tui.base.settings import Settings
from crm_tui.desk.common.context import ENGINE, Context, open_context
from crm_tui.desk.ticketing import ticket_routing, tickets
from crm_tui.desk.ticketing.tickets import TicketQuery


def main(home: str, agent: str, seed: str) -> None:
    """Race."""
    ctx = open_context(home_at(Path(home)), Settings(), as_engine=True)
    chance = random.Random(seed)
    if agent != "engine":
        ctx.store.close()
        ctx = open_context(home_at(Path(home)), Settings(), agent=agent)
    numbers = [row.id for row in tickets.page(ctx, TicketQuery(), limit=1000).rows]
    print("ready", flush=True)
    sys.stdin.read()
    if agent == "engine":
        for _again in range(60):
            ticket_routing.step(ctx.acting_as(ENGINE))
    else:
        chance.shuffle(numbers)
        print(*(number for number in numbers if _claimed(ctx, number)), flush=True)
    ctx.store.close()


def _claimed(ctx: Context, number: int) -> bool:
    """Whether it was free until now: what engines gave me already does not count."""
    try:
        return tickets.take(ctx, [number]) == 1
    except Conflict:
        tickets.opened(ctx, number)
        return False


if __name__ == "__main__":
    main(*sys.argv[1:])
