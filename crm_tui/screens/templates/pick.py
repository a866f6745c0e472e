"""Picking a template for a mail: a few letters, what it becomes beside the list, Enter puts it in."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Horizontal, Vertical, VerticalScroll
from textual.content import Content
from textual.widgets import Input, Static

from crm_tui import desk
from crm_tui.base.i18n import N_, _
from crm_tui.desk.texts.template_views import Offered, TemplateView, Written
from crm_tui.screens.base import Dialog
from crm_tui.screens.templates.words import category_name, found, language_name, missing_line, preview, row
from crm_tui.widgets.dialogs import DialogBox, DialogTitle
from crm_tui.widgets.forms.rows import Rows
from crm_tui.widgets.forms.text import SearchLine

if TYPE_CHECKING:
    from crm_tui.desk.common.context import Context


@dataclass(frozen=True, slots=True)
class Whom:
    """For whom a template is filled in: the conversation answered, the recipient as far as written, what it is about."""

    conversation: int | None = None
    name: str = ""
    address: str = ""
    reservation: int | None = None


class TemplatePick(Dialog[Written]):
    """The templates that fit, the guest's language first. The result is the one taken, filled in.

    It opens at once and asks for its templates itself, so that letters typed in a hurry end up in its line.

    Args:
        whom: for whom; None if :meth:`begin` will say.
    """

    DEFAULT_CSS = """
    TemplatePick {
        align: center middle;
        DialogBox { width: 120; max-width: 98%; height: 90%; }
        #sides { height: 1fr; }
        Rows { width: 2fr; background: $surface; }
        #side { width: 3fr; }
        #becomes { height: 1fr; padding: 0 0 0 2; scrollbar-size-vertical: 1; }
        #about { height: 1; padding: 0 0 0 2; color: $text-muted; }
        #missing { height: auto; max-height: 2; }
    }
    """

    BINDINGS = [
        Binding("escape", "close", N_("Back")),
        Binding("down", "move('cursor_down')", show=False, priority=True),
        Binding("up", "move('cursor_up')", show=False, priority=True),
        Binding("pagedown", "scroll(1)", show=False, priority=True),
        Binding("pageup", "scroll(-1)", show=False, priority=True),
    ]

    def __init__(self, whom: Whom | None) -> None:
        super().__init__()
        self._whom = whom or Whom()
        self._begun = whom is not None
        self._up = False
        self._offered: Offered | None = None
        self._shown: list[TemplateView] = []
        self._written: dict[int, Written] = {}
        self._hurried = False

    def compose(self) -> ComposeResult:
        with DialogBox():
            yield DialogTitle(_("Template"))
            yield SearchLine("", placeholder=_("Type a few letters of its name or purpose"), select_on_focus=False)
            with Horizontal(id="sides"):
                yield Rows(id="rows")
                with Vertical(id="side"):
                    yield Static("", id="about")
                    with VerticalScroll(id="becomes", can_focus=False):
                        yield Static("", id="text")
            yield Static("", id="missing")
            yield Static(Content(_("Enter puts it in · Esc back")), classes="dialog--keys")

    def on_mount(self) -> None:
        """Ask for the templates; the line takes letters meanwhile."""
        self.rows.can_focus = False
        self.query_one(SearchLine).focus()
        self._up = True
        if self._begun:
            self.begin(self._whom)

    def begin(self, whom: Whom) -> None:
        """It is known for whom: ask for the templates. (Called by the screen below where that takes a moment.)"""
        self._whom, self._begun = whom, True
        if not self._up:
            return  # once it is up, it begins by itself
        about = whom.conversation, whom.reservation
        self.ask(lambda ctx: desk.template_use.offered(ctx, *about), self._show, topic="templates")

    @property
    def rows(self) -> Rows:
        """The list."""
        return self.query_one(Rows)

    @property
    def _language(self) -> str:
        """The guest's language; empty if it is not known."""
        return self._offered.language if self._offered is not None else ""

    def _show(self, offered: Offered) -> None:
        self._offered = offered
        if offered.language:
            title = _("Template · for a guest who writes {language}").format(language=language_name(offered.language))
            self.query_one(DialogTitle).update(Content(title))
        self._filter()

    @on(Input.Changed)
    def _filter(self) -> None:
        if self._offered is None:
            return
        self._shown = found(self._offered.templates, self.query_one(SearchLine).value, by_language=True)
        width = self.rows.size.width or 30
        self.rows.show([])  # the best one is highlighted again, not the one that was
        self.rows.show([(one.id, row(one, width - 1, self._language)) for one in self._shown])
        if not self._shown:
            empty = not self._offered.templates
            words = (
                _("There are no templates yet: g t writes one.") if empty else _("Nothing fits. Take a letter away.")
            )
            self._tell(None, Content.styled(words, "dim"))

    @property
    def template(self) -> TemplateView | None:
        """The highlighted one."""
        key = self.rows.key
        return next((one for one in self._shown if one.id == key), None)

    @on(Rows.Moved)
    def _moved(self) -> None:
        template, whom = self.template, self._whom
        if template is None:
            return
        if template.id in self._written:
            self._became(template, self._written[template.id])
            return

        def work(ctx: Context) -> Written:
            more = {"name": whom.name, "address": whom.address}
            return desk.template_use.write(ctx, template, whom.conversation, **more, reservation=whom.reservation)

        self.ask(work, lambda written: self._became(template, written), topic="preview")

    def _became(self, template: TemplateView, written: Written) -> None:
        self._written[template.id] = written
        if template != self.template:
            return
        self._tell(template, preview(written), missing_line(written))
        if self._hurried:
            self._hurried = False
            self._take()

    def _tell(self, template: TemplateView | None, text: Content, missing: Content | None = None) -> None:
        self.query_one("#about", Static).update(self._about(template) if template else Content(""))
        self.query_one("#text", Static).update(text)
        self.query_one("#missing", Static).update(missing or Content(""))
        self.query_one("#becomes").scroll_home(animate=False)

    def _about(self, template: TemplateView) -> Content:
        """What it is for and in which language, which stands out where it is not the guest's."""
        category, language = category_name(template.category), language_name(template.language)
        if self._language in ("", template.language):
            return Content(f"{category} · {language}")
        words = _("! {language}; the guest writes {other}").format(
            language=language, other=language_name(self._language)
        )
        return Content.assemble(f"{category} · ", (words, "$text-warning"))

    @on(Input.Submitted)
    def _take(self) -> None:
        """Take the highlighted one; if it is not there yet, as soon as it is."""
        template = self.template
        written = self._written.get(template.id) if template is not None else None
        if written is None:
            self._hurried = self._offered is None or template is not None
        elif not written.error:
            self.dismiss(written)

    def on_option_list_option_selected(self) -> None:
        """A click."""
        self._take()

    def action_move(self, how: str) -> None:
        """Move in the list while the cursor stays in the line."""
        self._hurried = False
        getattr(self.rows, f"action_{how}")()

    def action_scroll(self, by: int) -> None:
        """Read on in what it becomes."""
        becomes = self.query_one("#becomes")
        becomes.scroll_relative(y=by * max(1, becomes.size.height - 1), animate=False)
