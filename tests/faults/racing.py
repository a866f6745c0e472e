"""A process that does one thing to every ticket, racing others: ``python -m tests.faults.racing HOME AGENT DEED``.

It begins when its standard input is closed, and prints the tickets with which it had its way.
"""

from __future__ import annotations

import sys
from pathlib import Path

from crm_tui.base.errors import Conflict
from crm_tui.base.paths import home_at
from crm_tui.base.settings import Settings
from crm_tui.desk.common.context import ENGINE, Context, open_context
from crm_tui.desk.ticketing import ticket_routing, tickets
from crm_tui.desk.ticketing.tickets import TicketQuery, TicketRow


def main(home: str, agent: str, deed: str) -> None:
    """Race."""
    evens = deed == "even out"
    ctx = open_context(home_at(Path(home)), Settings(), agent="" if evens else agent, as_engine=evens, env={})
    rows = tickets.page(ctx, TicketQuery(), limit=1000).rows
    print("ready", flush=True)
    sys.stdin.read()
    if evens:
        ticket_routing.BATCH = 1  # as often in others' way as can be
        for _again in range(40):
            ticket_routing.step(ctx.acting_as(ENGINE))
    print(*(row.id for row in rows if not evens and _did(ctx, deed, row)), flush=True)
    ctx.store.close()


def _did(ctx: Context, deed: str, row: TicketRow) -> bool:
    if deed == "open":
        return tickets.opened(ctx, row.conversation)
    try:
        return tickets.give(ctx, [row.id], deed.removeprefix("give to ")) == 1
    except Conflict:
        return False


if __name__ == "__main__":
    main(*sys.argv[1:])
