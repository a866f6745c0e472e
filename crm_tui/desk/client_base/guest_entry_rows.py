"""What each kind of entry of a guest's history is made with."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, bindparam

from crm_tui.desk.client_base.guest_history_views import Place
from crm_tui.desk.common import scope
from crm_tui.desk.common.context import Actor

IDS: Any = bindparam("ids", expanding=True)

LONGEST = 300
"""Letters of an entry's line; a screen cuts them to its width."""


@dataclass(frozen=True, slots=True)
class Page:
    """Whose history is shown to whom."""

    connection: Connection
    actor: Actor
    guests: Sequence[int]


Places = Mapping[int, Place]


def rows_of(page: Page, query: Any, places: Places) -> Any:
    """What a kind's statement finds at these places."""
    values = {"ids": list(places), scope.BIND: page.actor.scopes, "guests": list(page.guests)}
    return page.connection.execute(query, values)
