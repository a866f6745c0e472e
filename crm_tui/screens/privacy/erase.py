"""What erasing a guest would remove, and then what it removed (SPEC §6)."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

from textual.app import ComposeResult
from textual.containers import VerticalScroll
from textual.content import Content
from textual.widgets import Static

from crm_tui import desk
from crm_tui.base.i18n import _
from crm_tui.screens.base import DeskScreen
from crm_tui.screens.dialogs.line import AskLine
from crm_tui.screens.privacy.actions import ERASE
from crm_tui.screens.privacy.asking import ShowsConsents, ask_erase, reason_words
from crm_tui.widgets.actions import bindings
from crm_tui.widgets.times import exact

if TYPE_CHECKING:
    from crm_tui.desk.common.context import Context
    from crm_tui.desk.privacy.erasing_views import Preview, Report


class EraseScreen(ShowsConsents, DeskScreen[bool]):
    """One guest, made with the number; the result says whether the guest was erased.

    Args:
        report: a past erasure instead, to be looked at.
    """

    CSS_PATH = "screen.tcss"
    AUTO_FOCUS = "VerticalScroll"
    BINDINGS = [*bindings(ERASE)]

    def __init__(self, guest_id: int, *, report: Report | None = None) -> None:
        super().__init__()
        self._guest = guest_id
        self._preview: Preview | None = None
        self._ticked: frozenset[str] = frozenset()
        self._report = report
        self._done = report is not None
        self._busy = False

    def body(self) -> ComposeResult:
        yield Static("", id="title")
        with VerticalScroll(id="page"):
            yield Static("", id="text")

    def desk_ready(self) -> None:
        """Ask what there is."""
        if self._report is not None:
            self._paint()
            return
        self._title(_("Looking at what there is of guest {number} …").format(number=self._guest))
        self.ask(lambda ctx: desk.erasing.preview(ctx, self._guest), self._show, failed=self._failed, topic="preview")

    def _failed(self, error: Exception) -> None:
        self.shell.report(error)
        if self.is_attached:
            self.dismiss(False)

    def _show(self, found: Preview) -> None:
        self._preview = found
        self._ticked = frozenset(one.key for one in found.places if one.linked)
        self._paint()

    def _paint(self) -> None:
        from crm_tui.screens.privacy.words import places_text, report_text

        report = self._report or (self._preview.report if self._preview else None)
        if report is None:
            return
        if self._report is not None:
            when = exact(report.at, self.shell.zone)[:-10] if report.at else ""
            facts = " · ".join(one for one in (when, report.by, report.reason) if one)
            self._title(_("Guest #{number} is erased").format(number=report.guest), facts)
        elif self._preview is not None:
            also = ", ".join(self._preview.also)
            self._title(
                _("Erase {name}?").format(name=self._preview.name),
                _("with the merged profiles: {names}").format(names=also) if also else "",
            )
        warnings = self._preview.warnings if self._preview is not None and self._report is None else ()
        said = [Content.assemble(("▲ ", "bold $text-warning"), line, "\n") for line in warnings]
        gap = ["\n"] if said else []
        shown = self._preview.places if self._preview is not None and self._report is None else ()
        places = places_text(shown, self._ticked, self.size.width - 4)
        self.query_one("#text", Static).update(
            Content.assemble(*said, *gap, report_text(report, self.size.width - 4, done=bool(self._report)), places)
        )
        self.refresh_bindings()

    def on_resize(self) -> None:
        """The report is wrapped anew."""
        self._paint()

    def _title(self, words: str, beside: str = "") -> None:
        self.query_one("#title", Static).update(Content.assemble((words, "bold"), (f"  {beside}", "dim")))

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:  # noqa: ARG002
        """Erasing and handing out are for who is still there, the report for who is not; places only where there are any."""
        if action == "report":
            return self._report is not None
        if action == "places":
            return bool(self._report is None and not self._busy and self._preview and self._preview.places)
        if action in ("erase", "hand_out", "consents"):
            if self._report is not None:
                return False
            ctx = self.shell.ctx
            writes = ctx is not None and not ctx.readonly
            return True if self._preview is not None and not self._busy and (writes or action == "consents") else None
        return True

    def action_erase(self) -> None:
        """Ask once, then erase."""
        seen = self._preview
        if seen is None:
            return
        title = _("Erase {name} for good?").format(name=seen.name)
        text = _("Nobody can take this back. Counts, dates and amounts stay, everything that tells who it was goes.")

        def answered(answer: str | None) -> None:
            if answer:
                self._begin(reason_words(answer), seen)

        self.app.push_screen(ask_erase(title, "\n".join((text, *seen.warnings))), answered)

    def action_places(self) -> None:
        """Choose where the surname goes that stands alone in what is about others."""
        from crm_tui.screens.privacy.places import PlacesDialog

        seen = self._preview
        if seen is None:
            return

        def answered(ticked: frozenset[str] | None) -> None:
            if ticked is not None and seen is self._preview:
                self._ticked = ticked
                self._paint()

        self.app.push_screen(PlacesDialog(seen.places, self._ticked), answered)

    def _begin(self, reason: str, seen: Preview) -> None:
        self._busy = True
        also = [one.checked for one in seen.places if one.key in self._ticked]
        self._title(_("Erasing …"))
        self.refresh_bindings()
        self.ask(
            lambda ctx: desk.erasing.erase(ctx, self._guest, reason, seen=seen.seen, also=also),
            self._erased,
            failed=self._not_erased,
        )

    def _erased(self, report: Report) -> None:
        self._busy, self._done, self._report = False, True, report
        self.shell.tell(_("Guest #{number} is erased.").format(number=report.guest))
        self._paint()

    def _not_erased(self, error: Exception) -> None:
        self._busy = False
        self.shell.report(error)
        self._preview = None
        self.desk_ready()  # somebody may have changed what was shown

    def action_consents(self) -> None:
        """Show what was said about being written to."""
        if self._preview is not None:
            self.show_consents(self._guest, self._preview.name)

    def action_hand_out(self) -> None:
        """Ask for a file, and write everything that is held on the guest into it."""
        title = _("Write everything that is held on the guest to")

        def answered(line: str | None) -> None:
            if line:
                path = Path(line).expanduser()
                self.ask(lambda ctx: hand_out(ctx, self._guest, path), self.shell.tell, topic="hand out")

        default = f"~/guest-{self._guest}.txt"
        hint = _("a file; .json for programs, .txt to read")
        self.app.push_screen(AskLine(title, default, hint=hint), answered)

    def action_report(self) -> None:
        """Ask for a file, and write the report into it."""
        report = self._report
        if report is None:
            return

        def answered(line: str | None) -> None:
            if line:
                self._write_report(report, Path(line).expanduser())

        title = _("Write the report to")
        self.app.push_screen(AskLine(title, f"~/erasure-{report.id}.txt"), answered)

    def _write_report(self, report: Report, path: Path) -> None:
        from crm_tui.screens.privacy.words import report_page

        when = exact(report.at, self.shell.zone)[:-10] if report.at else ""
        page = report_page(report, when, self.shell.status.property)
        said = _("The report is in {path}.").format(path=path)
        self.ask(lambda _ctx: written(path, page.encode(), said), self.shell.tell, topic="report")

    def action_back(self) -> None:
        """Leave; whoever opened it hears whether the guest is gone."""
        if not self._busy:
            self.dismiss(self._done)


def hand_out(ctx: Context, guest_id: int, path: Path) -> str:
    """Write everything that is held on a guest to a file; returns what is told. Blocks."""
    from crm_tui.desk.privacy.guest_record_text import as_text, left_out_words

    refuse_existing(path)
    whole: dict[str, Any] = desk.guest_record.record(ctx, guest_id)
    words = json.dumps(whole, ensure_ascii=False, indent=2) if path.suffix == ".json" else as_text(whole)
    desk.guest_record.noted(ctx, guest_id)
    said = written(path, words.encode(), _("All that is held on guest {number} is in {path}.").format(
        number=whole["guest"], path=path))  # fmt: skip
    return " ".join(part for part in (said, left_out_words(whole)) if part)


def written(path: Path, content: bytes, said: str) -> str:
    """Write a file that only its owner reads; returns what is told.

    Raises:
        StoreError: it cannot be written.
        Conflict: there is one already.
    """
    from crm_tui.base.errors import StoreError
    from crm_tui.base.paths import write_private

    refuse_existing(path)
    try:
        write_private(path, content)
    except OSError as error:
        raise StoreError(_("{path} cannot be written: {error}.").format(path=path, error=error.strerror)) from None
    return said


def refuse_existing(path: Path) -> None:
    """No file is written over.

    Raises:
        Conflict: there is one already.
    """
    from crm_tui.base.errors import Conflict

    if path.exists():
        raise Conflict(_("There is a file {path} already; nothing was written.").format(path=path))
