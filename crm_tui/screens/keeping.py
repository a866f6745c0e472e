"""What the next first frame shows before the store is open: kept while the desk is used and when it is left."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from crm_tui.first_frame import keeper
from crm_tui.screens.snapshot import Snapshot, save

if TYPE_CHECKING:
    from textual.timer import Timer

KEEP_SECONDS = 5
"""How long after a change the snapshot is written."""


class SnapshotKeeper:
    """Writes the snapshot and the last frame of a desk.

    Args:
        app: the DeskApp (which stands above this module); asked on its event loop only.
    """

    def __init__(self, app: Any) -> None:
        self.app = app
        self._keeper = keeper(app.home.settings)  # now: the settings may name another when the desk is left
        self._keeping: Timer | None = None

    def save(self) -> None:
        """Keep what the mail screen shows for the next first frame."""
        if not self.app.who:
            return
        try:
            save(self.app.home.snapshot, self._snapshot())
            self._save_frame()
        except OSError:
            return  # it only saves time

    def _save_frame(self) -> None:
        """Keep the screen as it is drawn, if it is one that the next start shows too."""
        from crm_tui.base.paths import write_private
        from crm_tui.first_frame import frame_text

        app = self.app
        if len(app.screen_stack) != 1 or app.is_headless or app.locked or not (app.who and app.usual):
            return
        strips = app.screen._compositor.render_strips()
        lines = [strip.render(app.console) for strip in strips[1:]]  # without the header: its clock would be wrong
        width, height = app.size
        write_private(app.home.frame, frame_text(["", *lines], width, height, self._keeper).encode())

    def soon(self) -> None:
        """The same, later and in a thread: for the case that the desk is killed."""
        if self._keeping is None:
            self._keeping = self.app.set_timer(KEEP_SECONDS, self._keep)

    def _keep(self) -> None:
        self._keeping = None
        if not self.app.who:
            return
        snapshot, path = self._snapshot(), self.app.home.snapshot
        self.app.background.submit(self.app, lambda: save(path, snapshot), None, lambda _error: None)

    def _snapshot(self) -> Snapshot:
        app = self.app
        status = app.status
        base = Snapshot(
            who=app.who,
            mode=app.current_mode,
            property=status.property,
            zone=str(app.zone),
            agent=status.agent,
            synced_at=status.synced_at,
            counts=app.counts,
            accounts=app.accounts,
        )
        for screen in app.desk_screens():
            base = screen.add_to_snapshot(base)
        last = app.snapshot
        if last is not None and not base.rows:
            base = replace(base, query=last.query, total=last.total, index=last.index, rows=last.rows)
        return base

    def forget(self) -> None:
        """The next start is to paint nothing before somebody has said who they are."""
        self.app.who = ""
        for path in (self.app.home.snapshot, self.app.home.frame):
            path.unlink(missing_ok=True)
