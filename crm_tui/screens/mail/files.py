"""Attachments, links and the raw source, as asked for in the reading pane. Nothing is opened without a yes."""

from __future__ import annotations

import os
import shlex
import subprocess
import sys
import threading
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from crm_tui.base import opened
from crm_tui.base.errors import CrmError
from crm_tui.base.i18n import _, ngettext
from crm_tui.base.settings import Settings
from crm_tui.desk.common.views import AttachmentView, MessageView
from crm_tui.screens.base import Asking
from crm_tui.screens.dialogs.leader import Choice, LeaderMenu
from crm_tui.widgets.message_parts import attachment_remark
from crm_tui.widgets.message_view import ReadingPane

if TYPE_CHECKING:
    from crm_tui.desk.common.context import Context


LOOK_SECONDS = 1.0
LOOKS = 600
"""How often and how many times it is asked whether a large message has come."""


class MessageFiles(Asking):
    """Mixin of the mail screen."""

    if TYPE_CHECKING:
        app: Any

    def on_reading_pane_asked(self, event: ReadingPane.Asked) -> None:
        """Textual finds handlers of mixins by their name only."""
        event.stop()
        if event.what == "source":
            self._show_source(event.message)
        elif event.what == "link" and event.link is not None:
            self._show_link(event.link)
        elif event.what == "save-all":
            self._save(event.message.attachments)
        elif event.attachment is not None and event.what == "save":
            self._save([event.attachment])
        elif event.attachment is not None:
            self._file_menu(event.attachment)

    def _file_menu(self, item: AttachmentView) -> None:
        def go(what: str | None) -> None:
            if what == "save":
                self._save([item])
            elif what == "open":
                self._confirm_open(item)

        choices = [Choice("s", _("Save"), "save", downloads(self.shell.settings).name), Choice("o", _("Open…"), "open")]
        self.app.push_screen(LeaderMenu(item.name, choices), go)

    def _save(self, items: Sequence[AttachmentView]) -> None:
        folder = downloads(self.shell.settings)

        def save(ctx: Context) -> list[Path]:
            return [_saved(ctx, item, folder) for item in items]

        def done(paths: list[Path]) -> None:
            if len(paths) == 1:
                self.shell.tell(_("Saved as {path}").format(path=paths[0]))
            else:
                text = ngettext("{n} file saved in {folder}", "{n} files saved in {folder}", len(paths))
                self.shell.tell(text.format(n=len(paths), folder=folder))

        def failed(error: Exception) -> None:
            from crm_tui.desk.correspondence.completing import NotFetched

            if isinstance(error, NotFetched):
                self._fetch_and_save(items)
            else:
                self.shell.report(error)

        self.ask(save, done, failed=failed)

    def _fetch_and_save(self, items: Sequence[AttachmentView]) -> None:
        """Only the text of the message is here: ask the engine for the rest, and save when it has come."""
        number = items[0].message_id

        def wish(ctx: Context) -> int:
            from crm_tui import desk

            return desk.wishes.ask_whole(ctx, [number])

        self.shell.tell(_("A large message is being fetched; its files are saved when it is here."))
        self.ask(wish, lambda asked: self._wait_for_files(items, asked))

    def _wait_for_files(self, items: Sequence[AttachmentView], asked: int) -> None:
        looks = 0

        def look() -> None:
            nonlocal looks
            looks += 1
            if looks > LOOKS:
                timer.stop()
                self.shell.tell(_("The large message has not come; it is fetched where the engine runs."), warning=True)
                return
            self.ask(lambda ctx: _arrived(ctx, items, asked), arrived, topic=f"whole {items[0].message_id}")

        def arrived(found: Sequence[AttachmentView] | str | None) -> None:
            if found is None:
                return
            timer.stop()
            if isinstance(found, str):
                self.shell.tell(found, warning=True)
            else:
                self._save(found)

        timer = self.app.set_interval(LOOK_SECONDS, look)

    def _confirm_open(self, item: AttachmentView) -> None:
        from crm_tui.widgets.dialogs import Answer, Ask

        question = _("Open {name} with {program}?").format(name=item.name, program=opener(self.shell.settings)[0])
        detail = _("{remark}. It came from outside; open it only if you expect it.").format(
            remark=attachment_remark(item)
        )

        def answered(answer: str | None) -> None:
            if answer == "open":
                self.ask(lambda ctx: _opened(ctx, item, opener(self.shell.settings)))

        answers = (Answer("no", "n", _("Leave it closed")), Answer("open", "y", _("Open it"), danger=True))
        self.app.push_screen(Ask(question, detail, answers), answered)

    def _show_link(self, link: tuple[str, str]) -> None:
        from crm_tui.screens.dialogs.text import TextDialog

        text, target = link
        self.app.push_screen(
            TextDialog(_("Where this link goes"), f"{target}\n\n" + _("shown as: {text}").format(text=text))
        )

    def _show_source(self, message: MessageView) -> None:
        from crm_tui.screens.dialogs.text import TextDialog

        def show(source: str) -> None:
            self.app.push_screen(TextDialog(_("Source"), source, wide=True))

        self.ask(lambda ctx: _source(ctx, message.id), show, topic="source")


def downloads(settings: Settings) -> Path:
    """Where attachments are saved."""
    if settings.downloads:
        return Path(settings.downloads).expanduser()
    import platformdirs

    return Path(platformdirs.user_downloads_path())


def opener(settings: Settings) -> list[str]:
    """The command that opens a file, as an argument list."""
    if settings.opener:
        return shlex.split(settings.opener)
    return ["open"] if sys.platform == "darwin" else ["xdg-open"]


def _source(ctx: Context, message_id: int) -> str:
    from crm_tui import desk
    from crm_tui.mail.text import display_text

    raw: bytes = desk.reading.source(ctx, message_id)
    return display_text(raw.decode("utf-8", "replace"), multiline=True)


def _arrived(ctx: Context, items: Sequence[AttachmentView], asked: int) -> Sequence[AttachmentView] | str | None:
    """The files as the whole message lists them; why they do not come; or None while they may."""
    from crm_tui import desk

    number = items[0].message_id
    if not desk.completing.is_complete(ctx, number):
        return desk.wishes.whole_refused(ctx, number, asked) or None
    listed = desk.reading.message(ctx, number).attachments
    names = {item.name for item in items}
    places = {item.position for item in items}
    return [one for one in listed if one.name in names] or [one for one in listed if one.position in places]


def _saved(ctx: Context, item: AttachmentView, folder: Path) -> Path:
    from crm_tui import desk
    from crm_tui.mail.attachments import save_attachment

    desk.completing.require_whole(ctx, item.message_id)
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise CrmError(_("The folder {folder} cannot be made: {error}.").format(folder=folder, error=error)) from None
    return save_attachment(desk.reading.source(ctx, item.message_id), item.position, folder, item.name)


def _opened(ctx: Context, item: AttachmentView, command: list[str]) -> None:
    """Save into a folder of its own and hand it to the program: an argument list, no shell, detached from the terminal.

    The folder goes with the desk (:func:`crm_tui.base.opened.clear`).
    """
    path = _saved(ctx, item, opened.folder(ctx.home))
    try:
        program = subprocess.Popen(
            [*command, os.fspath(path)],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
    except OSError as error:
        raise CrmError(
            _("{program} could not be started: {error}. The file is {path}.").format(
                program=command[0], error=error.strerror, path=path
            ),
            _("Name another program as opener in the settings."),
        ) from None
    threading.Thread(target=program.wait, daemon=True, name="opened").start()  # no zombie is left of it
