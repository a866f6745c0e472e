"""Templates in a mail: putting one in, and refusing to send while something in it is missing (SPEC §5)."""

from __future__ import annotations

from crm_tui.base.i18n import _
from crm_tui.desk.texts.template_views import Written
from crm_tui.rules.gaps import gap_names, gaps_in
from crm_tui.screens.compose.sending import SendingScreen
from crm_tui.screens.templates.pick import TemplatePick, Whom
from crm_tui.widgets.forms import read_addresses


class InsertingScreen(SendingScreen):
    """A mail that can be written from templates."""

    _pick: TemplatePick | None = None

    def action_template(self) -> None:
        """Pick a template; what it becomes is put where the cursor is.

        The pick opens at once, even before the letter is there: the letters that follow are meant for it.
        """
        self._pick = TemplatePick(self._whom() if self._stored is not None else None)
        self.app.push_screen(self._pick, self._insert)
        if self._stored is None:
            self.call_later(self.desk_ready)  # a screen under another is not refreshed, and would wait for that

    def letter_shown(self) -> None:
        """The letter is there: now it is known for whom a template is."""
        if self._pick is not None:
            self._pick.begin(self._whom())

    def close_pick(self) -> None:
        """There will be no letter to put anything in."""
        if self._pick is not None and self._pick.is_current:
            self._pick.dismiss(None)

    def _whom(self) -> Whom:
        typed = [one for one in read_addresses(self.to.line.value) if one.valid]
        name, address = (typed[0].name, typed[0].address) if typed else ("", "")
        stored = self._stored
        return Whom(stored.conversation, name, address, stored.reservation) if stored else Whom(None, name, address)

    def _insert(self, written: Written | None) -> None:
        self._pick = None
        if written is None:
            return
        if written.subject and (self._request.kind == "new" or not self.subject.value):
            self.subject.value = written.subject
        editor = self.editor
        text = written.text
        if editor.selection.start == (0, 0) and not editor.text.startswith("\n"):
            text += "\n"
        editor.insert(text, maintain_selection_offset=False)
        editor.focus()
        if written.gaps:
            self._tell_gaps(wrong=False)
        else:
            self._say(_("The template is in; ctrl+z takes it out again."))

    def action_send(self, after: str = "") -> None:
        """Check, warn, and put it into the outbox; a text with gaps stays here."""
        if not self._tell_gaps(wrong=True):
            super().action_send(after)

    def _tell_gaps(self, *, wrong: bool) -> bool:
        """Say what is missing and select the first gap, so that typing fills it; False if nothing is."""
        names = gap_names(self.subject.value, self.editor.text, self._quote)
        if not names:
            return False
        missing = ", ".join(names)
        if wrong:
            self._say(_("Not sent: {names} is missing. Write it over ⟦…⟧.").format(names=missing), wrong=True)
        else:
            self._say(_("Still missing: {names}. Write it over ⟦…⟧.").format(names=missing))
        gaps = gaps_in(self.editor.text)
        if gaps_in(self.subject.value):
            self.subject.focus_control()
        elif gaps:
            self.editor.focus()
            self.editor.move_cursor(_location(self.editor.text, gaps[0].start))
            self.editor.move_cursor(_location(self.editor.text, gaps[0].end), select=True)
            self.editor.scroll_home(animate=False)
            self.call_after_refresh(self.editor.scroll_cursor_visible)
        return True


def _location(text: str, index: int) -> tuple[int, int]:
    """Line and column of a character, as the editor counts them."""
    before = text[:index]
    return before.count("\n"), index - (before.rfind("\n") + 1)
