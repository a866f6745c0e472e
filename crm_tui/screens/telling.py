"""What the desk says in passing: failures as sentences, one remark at a time."""

from __future__ import annotations

from time import monotonic, time
from typing import TYPE_CHECKING, Any

from crm_tui.base.errors import CrmError

TOLD_AGAIN = 5.0
"""Seconds before the same failure is told again."""

READ_AFTER = 0.5
"""Seconds after which a toast goes when the screen changes."""


class Telling:
    """Mixin of the App."""

    if TYPE_CHECKING:
        home: Any
        notify: Any
        is_headless: Any
        exit: Any
        _unnotify: Any
        _refresh_notifications: Any
        _notifications: Any
        _dom_ready: bool
        _exception: Any
        _exception_event: Any

    _told: dict[str, float] | None = None

    def report(self, error: BaseException) -> None:
        """Tell a failure (see :class:`crm_tui.screens.base.Shell`)."""
        from crm_tui.screens.failures import log_bug, sentence

        text = sentence(error, self.home.log)
        self._told = self._told or {}
        now = monotonic()
        if now - self._told.get(text, -TOLD_AGAIN) < TOLD_AGAIN:
            return  # the same thing over and over, from a timer: once is enough
        self._told[text] = now
        if not isinstance(error, CrmError):
            log_bug(error)
        self.notify(text, severity="error", timeout=8, markup=False)

    def tell(self, text: str, *, warning: bool = False) -> None:
        """Say something in passing; it takes the place of what was said before."""
        self.hush()
        self.notify(text, severity="warning" if warning else "information", timeout=4, markup=False)

    def hush(self) -> None:
        """Take remarks away, because the person went on; failures stay until they were read."""
        for said in list(self._notifications):
            if said.severity != "error":
                self._unnotify(said)

    def turn_page(self, _screen: Any) -> None:
        """Another screen: what was told on the one before has been read; what led here has not."""
        now = time()
        old = [told for told in self._notifications if now - told.raised_at > READ_AFTER]
        for told in old:
            self._unnotify(told, refresh=False)
        if old:
            self._refresh_notifications()

    def _handle_exception(self, error: Exception) -> None:
        """Textual would end the desk and print local variables (QUALITY S8); a sentence and the log do."""
        if self._exception is None and self.is_headless:
            self._exception = error  # a test run fails by it
            self._exception_event.set()
        if self._dom_ready:
            self.report(error)
            return
        from crm_tui.screens.failures import log_bug, sentence

        log_bug(error)
        self.exit(return_code=1, message=sentence(error, self.home.log))
