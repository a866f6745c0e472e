"""What a receptionist does, one module a job: commands and queries over the store, the mail room and the rules.

``from crm_tui import desk`` costs nothing: a module is imported when it is first used, so that the first frame is painted
before the database library is loaded. Every function takes a :class:`~crm_tui.desk.context.Context` first and returns
frozen dataclasses or plain values.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from crm_tui.desk import (  # noqa: F401
        accounts,
        changes,
        context,
        drafts,
        folders,
        importing,
        mailbox,
        maintenance,
        outbox,
        reading,
        replies,
        search,
        setup,
        triage,
        views,
    )


def __getattr__(name: str) -> Any:
    if name.startswith("_"):
        raise AttributeError(name)
    try:
        return importlib.import_module(f"{__name__}.{name}")
    except ModuleNotFoundError as error:
        if error.name == f"{__name__}.{name}":
            raise AttributeError(name) from None
        raise
