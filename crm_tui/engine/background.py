"""The engine as the desk is given it: nothing is imported before it runs, so that the first frame comes first."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from crm_tui.desk.common.context import Context
    from crm_tui.engine.runner import Engine, EngineStatus
    from crm_tui.mail.credentials import Credentials


class BackgroundEngine:
    """Has the methods of :class:`crm_tui.engine.runner.Engine` that a desk needs.

    Args:
        make: makes the engine; None: the usual one, with the secrets of this process.
    """

    def __init__(self, make: Callable[[], Engine] | None = None) -> None:
        self._make = make or self._usual
        self._engine: Engine | None = None
        self._credentials: Credentials | None = None

    @property
    def credentials(self) -> Credentials:
        """The secrets of this process: the desk's forms and the engine share what is held in memory only."""
        if self._credentials is None:
            from crm_tui.mail.credentials import Credentials

            self._credentials = Credentials()
        return self._credentials

    def run(self, ctx: Context, stop: threading.Event, told: Callable[[str], None]) -> None:
        """Work until ``stop`` is set; see :meth:`crm_tui.engine.runner.Engine.run`."""
        self._engine = self._make()
        self._engine.run(ctx, stop, told)

    def wake(self, account_id: int | None = None) -> None:
        """Sync now, and look at the outbox."""
        if self._engine is not None:
            self._engine.wake(account_id)

    def status(self, ctx: Context) -> EngineStatus | None:
        """How everything stands; None before it runs."""
        return self._engine.status(ctx) if self._engine is not None else None

    def _usual(self) -> Engine:
        from crm_tui.engine.runner import Engine

        return Engine(self.credentials)
