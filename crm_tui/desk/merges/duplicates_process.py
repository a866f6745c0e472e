"""The other end of :mod:`crm_tui.desk.merges.duplicates_search`: a process that looks for duplicates and tells how far it is.

Reads one line of JSON from standard input (store and language), writes lines of JSON: ``step`` and ``total``, ``count``, and
last ``found`` or ``failed``.
"""

from __future__ import annotations

import json
import os
import signal
import sys
from typing import Any

_READER_LEFT = 3


class Lines:
    """Progress as lines; a reader who is gone ends the process."""

    def __init__(self, descriptor: int) -> None:
        self._out = os.fdopen(descriptor, "w", encoding="utf-8")

    def write(self, **line: Any) -> None:
        """One line."""
        try:
            self._out.write(json.dumps(line) + "\n")
            self._out.flush()
        except OSError:
            os._exit(_READER_LEFT)

    def step(self, title: str, total: int | None = None) -> None:
        self.write(step=title, total=total)

    def count(self, done: int) -> None:
        self.write(count=done)

    def error(self, message: str) -> None:
        self.write(error=message)

    def done(self) -> None:
        pass


def main() -> None:
    """Serve one search."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C goes to the parent, which ends us
    asked = json.loads(sys.stdin.readline())
    lines = Lines(os.dup(1))
    os.dup2(2, 1)  # nothing that prints may disturb the answer
    os.nice(asked["nice"])
    from crm_tui.base.errors import CrmError
    from crm_tui.base.i18n import set_language
    from crm_tui.base.progress import CancelEvent
    from crm_tui.data.store import Store
    from crm_tui.desk.merges.duplicates import find_in

    set_language(asked["language"])
    try:
        with Store(asked["url"], readonly=True).connect() as connection:
            found = find_in(connection, lines, CancelEvent())
    except CrmError as error:
        lines.write(failed=error.message)
        return
    lines.write(found=[[one.guests, one.score, one.reasons, one.shared] for one in found])


if __name__ == "__main__":
    main()
