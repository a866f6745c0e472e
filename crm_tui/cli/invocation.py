"""One run of a command: its options, its output, and the desk it opens when it needs it."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cached_property
from typing import TYPE_CHECKING

from crm_tui.base.clock import Clock, clock_from_env
from crm_tui.base.errors import Forbidden
from crm_tui.base.paths import Home, find_home
from crm_tui.base.settings import Settings, load_settings
from crm_tui.cli.usage import Options

if TYPE_CHECKING:
    from crm_tui.base.progress import Progress
    from crm_tui.base.redact import Secret
    from crm_tui.cli.output import Output
    from crm_tui.desk.common.context import Context


class Invocation:
    """What a command's handler gets."""

    def __init__(self, options: Options) -> None:
        self.options = options
        self._pin: Secret | None = None

    @property
    def pin(self) -> Secret | None:
        """The PIN that the agent signed in with; None where none was needed."""
        return self._pin

    @cached_property
    def out(self) -> Output:
        """Standard output."""
        from crm_tui.cli.output import Output

        return Output(as_json=self.options.json)

    @cached_property
    def home(self) -> Home:
        """Where this desk lives."""
        return find_home(self.options.home, os.environ)

    @cached_property
    def settings(self) -> Settings:
        """The desk's settings; they choose the language of what is written."""
        from crm_tui.base.i18n import set_language

        settings = load_settings(self.home.settings)
        set_language(settings.language)
        return settings

    @cached_property
    def clock(self) -> Clock:
        """The machine's clock, or what ``CRM_TUI_NOW`` asks for."""
        return clock_from_env(os.environ)

    @contextmanager
    def desk(self, *, create: bool = False, as_engine: bool = False, readonly: bool = False) -> Iterator[Context]:
        """The desk, opened for the time of the block.

        Args:
            as_engine: nobody in particular works: for setting up and for background work.

        Raises:
            StoreError: there is no store (unless ``create``), or it cannot be opened.
            Forbidden: it was not proved who is at the desk (:mod:`crm_tui.desk.staff.sign_in`).
        """
        context = self._opened(create=create, as_engine=as_engine or create, readonly=readonly)
        try:
            yield context
        finally:
            context.store.close()

    def _opened(self, *, create: bool, as_engine: bool, readonly: bool) -> Context:
        from crm_tui.cli import pins
        from crm_tui.desk.common.context import open_context

        options = self.options
        if self._pin is None and options.pin_stdin and not as_engine:
            self._pin = pins.from_stdin()
        try:
            return open_context(
                self.home,
                self.settings,
                clock=self.clock,
                db=options.db,
                agent=options.agent,
                readonly=options.readonly or readonly,
                create=create,
                as_engine=as_engine,
                pin=self._pin,
            )
        except Forbidden as error:
            again = pins.way_in(error)
            if again is None:
                raise
            self._pin = pins.asked(getattr(error, "name", ""))
            if self._pin is None:
                raise
            return again(self._pin)

    def progress(self) -> Progress:
        """A bar on a terminal, plain lines elsewhere, nothing for programs that read JSON."""
        from crm_tui.cli.progress import command_progress

        return command_progress(quiet=self.out.as_json)
