"""Looking for duplicates beside the desk: in a process of its own, so that keys stay quick, stopped at once when asked to."""

from __future__ import annotations

import json
import subprocess
import sys
import threading

from crm_tui.base.errors import Cancelled, CrmError
from crm_tui.base.i18n import _, language
from crm_tui.base.progress import Progress
from crm_tui.desk.common.context import Context
from crm_tui.rules.suggestions import Reason, Suggestion

NICE = 10
"""How much the search gives way to the desk."""

COMMAND = (sys.executable, "-m", "crm_tui.desk.merges.duplicates_process")


class Search:
    """One search; :meth:`run` blocks, :meth:`cancel` may be called from any thread."""

    def __init__(self, ctx: Context) -> None:
        self._url = ctx.store.url
        self._lock = threading.Lock()
        self._process: subprocess.Popen[str] | None = None
        self._cancelled = False

    def run(self, progress: Progress) -> list[Suggestion]:
        """Search, telling how far it is.

        Raises:
            Cancelled: it was stopped.
            CrmError: the process ended without an answer.
        """
        process = self._start()
        try:
            return self._read(process, progress)
        finally:
            progress.done()
            process.kill()
            for pipe in (process.stdin, process.stdout):
                if pipe is not None:
                    pipe.close()
            process.wait()

    def cancel(self) -> None:
        """Stop it now."""
        with self._lock:
            self._cancelled = True
            if self._process is not None:
                self._process.kill()

    def _start(self) -> subprocess.Popen[str]:
        with self._lock:
            if self._cancelled:
                raise Cancelled(_("The search for duplicates was stopped."))
            self._process = subprocess.Popen(COMMAND, stdin=subprocess.PIPE, stdout=subprocess.PIPE, encoding="utf-8")
            return self._process

    def _read(self, process: subprocess.Popen[str], progress: Progress) -> list[Suggestion]:
        assert process.stdin is not None
        assert process.stdout is not None
        try:
            process.stdin.write(json.dumps({"url": self._url, "language": language(), "nice": NICE}) + "\n")
            process.stdin.flush()
        except OSError:
            pass  # it is gone already: the answer that does not come says so
        for line in process.stdout:
            said = json.loads(line)
            if "found" in said:
                return [
                    Suggestion(tuple(guests), score, tuple(Reason(one) for one in reasons), shared)
                    for guests, score, reasons, shared in said["found"]
                ]
            if "failed" in said:
                raise CrmError(said["failed"])
            if "step" in said:
                progress.step(said["step"], said["total"])
            elif "count" in said:
                progress.count(said["count"])
        if self._cancelled:
            raise Cancelled(_("The search for duplicates was stopped."))
        raise CrmError(_("The search for duplicates ended unexpectedly."), _("Try again."))
