"""Waiting for news: IDLE in slices, or NOOP (RFC 2177; QUALITY I6, I15)."""

from __future__ import annotations

import imaplib
import re
import time
from collections.abc import Callable

from crm_tui.mail.imap.channel import SLICE, never
from crm_tui.mail.imap.errors import Lied, words
from crm_tui.mail.imap.flags import Flags

REISSUE = 8 * 60.0
"""Seconds after which IDLE is ended and begun again: below the 9 minutes of the tightest NAT tables (I6)."""
_NEWS = re.compile(rb"\* (?:\d+ (?:EXISTS|EXPUNGE|FETCH\b.*)|VANISHED .*)\Z", re.IGNORECASE | re.DOTALL)


class Idle(Flags):
    """The verbs of waiting."""

    def idle(self, seconds: float, interrupted: Callable[[], bool] = never) -> bool:
        """Wait in IDLE until the server tells of a change or ``seconds`` (at most :data:`REISSUE`) are over.

        Args:
            interrupted: asked a few times a second; True ends the wait in good order.

        Returns:
            whether something changed in the selected mailbox.

        Raises:
            Unreachable: the connection ended, or DONE got no answer.
            Cancelled: the stop request came; the connection is closed rather than DONE waited for.
        """
        wire = self.wire
        deadline = time.monotonic() + min(seconds, REISSUE)
        with self.command():
            tag = wire._command("IDLE")
            news = self._idle_begins(tag)
            while not news:
                left = deadline - time.monotonic()
                if left <= 0 or interrupted():
                    break
                if wire.channel.waiting(min(left, SLICE)):
                    news = self._idle_line(wire.next_line())
            wire.send(b"DONE\r\n")
            return self._idle_ends(tag) or news

    def _idle_begins(self, tag: bytes) -> bool:
        news = False
        while True:
            line = self.wire.next_line()
            if line.startswith(b"+"):
                return news
            news = self._idle_line(line) or news
            if self.wire.tagged_commands[tag] is not None:
                _kind, data = self.wire.tagged_commands.pop(tag)
                raise imaplib.IMAP4.error(words(data[-1]))

    def _idle_line(self, line: bytes) -> bool:
        if _NEWS.match(line):
            self.wire.stirred = True
            return True
        self.wire.kept = 0
        self.wire.take(line)
        self.wire._check_bye()
        self.wire.untagged_responses.clear()
        return False

    def _idle_ends(self, tag: bytes) -> bool:
        news = False
        for _line in range(100_000):
            if self.wire.tagged_commands[tag] is not None:
                del self.wire.tagged_commands[tag]
                return news
            news = self._idle_line(self.wire.next_line()) or news
        raise Lied("no end of IDLE")
