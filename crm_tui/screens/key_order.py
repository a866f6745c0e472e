"""Keys that come in one packet act as if they had come one by one.

On a slow line several keys arrive together. Textual hands each to the widget that has the focus at that moment: the letters
of a template's name would be typed into the mail, because the key before them has not opened the pick yet. Here the next
key waits until the one before was handled, what it asked of the store has answered, and the screen it opened is there.
"""

from __future__ import annotations

import asyncio
from collections import deque
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from textual import events
from textual.app import ScreenStackError
from textual.message_pump import MessagePump
from textual.widgets import Input, TextArea

if TYPE_CHECKING:
    from textual.app import App

    _Base = App[Any]
else:
    _Base = object

PATIENCE = 1.0
"""Seconds that a key waits for the one before at most; a handler that hangs must not take the keyboard away."""

ANSWER = 0.3
"""Seconds that it waits for answers of the store."""


class KeyOrder(_Base):
    """Mixin of the App, before it in the order of classes."""

    _waiting: deque[events.Event]
    _passing: asyncio.Task[None] | None = None

    async def on_event(self, event: events.Event) -> None:
        """Let one key or paste after the other in; everything else passes as it comes."""
        if not isinstance(event, events.Key | events.Paste) or event.is_forwarded:
            await super().on_event(event)
        elif self._passing is not None and not self._passing.done():
            self._waiting.append(event)
        else:
            self._waiting = deque()
            with suppress(ScreenStackError):  # the desk is being left
                target = await self._let_in(event)
                self._passing = asyncio.create_task(self._after(event, target))

    async def on_key(self, event: events.Key) -> None:
        """A key pressed before a screen for writing was there, and meant for it, must not act as a command."""
        take = getattr(self.screen, "take_early", None) if self.screen_stack else None  # none while the desk is left
        if take is not None and take(event):
            event.stop()
            event.prevent_default()

    async def _let_in(self, event: events.Event) -> MessagePump:
        """Hand an event on; returns who has it now."""
        target = self.focused or self.screen
        await super().on_event(event)
        return target

    async def _after(self, event: events.Event, target: MessagePump) -> None:
        """Let in what waits, each when its turn has come."""
        with suppress(ScreenStackError):
            await self._let_in_all(event, target)

    async def _let_in_all(self, event: events.Event, target: MessagePump) -> None:
        while True:
            if not (self._waiting and self._is_text(event, target) and self._is_text(self._waiting[0], target)):
                with suppress(TimeoutError):
                    async with asyncio.timeout(PATIENCE):
                        await self._handled(target)
            if not self._waiting:
                return
            event = self._waiting.popleft()
            target = await self._let_in(event)

    def _is_text(self, event: events.Event, target: MessagePump) -> bool:
        """Whether an event is typed into the field that has the focus: letters follow each other in its own queue."""
        typed = isinstance(event, events.Paste) or (isinstance(event, events.Key) and event.is_printable)
        return typed and isinstance(target, Input | TextArea) and self.focused is target

    async def _handled(self, target: MessagePump) -> None:
        """Wait until a key has gone up from its target to the App, and what it set off is on the screen."""
        before = self.screen
        node: MessagePump | None = target
        while node is not None:
            await _passed(node)
            node = node._parent
        if not self._waiting:
            return  # nobody waits for more than the handling
        await self._answered()
        if self.screen is not before:
            await _refreshed(self.screen)
            await self._answered()

    async def _answered(self) -> None:
        """Wait a moment for what was asked of the store."""
        background = getattr(self, "background", None)
        with suppress(TimeoutError):
            async with asyncio.timeout(ANSWER):
                while background is not None and not background.idle:
                    await asyncio.sleep(0.002)
        await _passed(self.screen)


async def _passed(node: MessagePump) -> None:
    """Until a node has handled what it was sent so far."""
    done = asyncio.Event()
    if node.is_running and node.call_later(done.set):
        await done.wait()


async def _refreshed(screen: MessagePump) -> None:
    """Until a new screen is laid out and has its focus."""
    done = asyncio.Event()
    if screen.call_after_refresh(done.set):
        await done.wait()
