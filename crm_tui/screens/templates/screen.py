"""The templates: listed by purpose and language, found by letters; what each becomes stands beside or below it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Container, Vertical, VerticalScroll
from textual.content import Content
from textual.widgets import Input, Static

from crm_tui import desk
from crm_tui.base.i18n import _
from crm_tui.desk.texts.template_views import TemplateView, Written
from crm_tui.screens.base import DeskScreen
from crm_tui.screens.templates.actions import LIST
from crm_tui.screens.templates.editor import TemplateEditor
from crm_tui.screens.templates.words import category_name, found, language_name, missing_line, preview, row
from crm_tui.widgets.actions import bindings
from crm_tui.widgets.forms.rows import Rows
from crm_tui.widgets.forms.text import SearchLine
from crm_tui.widgets.line import Line
from crm_tui.widgets.list_looks import list_title
from crm_tui.widgets.times import moment

if TYPE_CHECKING:
    from crm_tui.desk.common.context import Context
    from crm_tui.desk.common.views import Changes


class TemplatesScreen(DeskScreen[None]):
    """A list with a filter and a language; the highlighted one is shown as it becomes for the sample guest."""

    CSS_PATH = "screen.tcss"
    AUTO_FOCUS: ClassVar[str | None] = "Rows"
    BINDINGS = [*bindings(LIST), Binding("escape", "back", show=False)]

    def __init__(self) -> None:
        super().__init__()
        self._templates: Sequence[TemplateView] = ()
        self._language = ""
        self._archived = False

    def body(self) -> ComposeResult:
        self.title_line = Line(id="title")
        yield self.title_line
        yield SearchLine("", placeholder=_("Letters of its name or purpose; Enter goes to the list"), id="filter")
        with Container(id="sides"):
            yield Rows(id="rows")
            with Vertical(id="aside"):
                yield Static("", id="about")
                with VerticalScroll(id="becomes", can_focus=False):
                    yield Static("", id="text")
                yield Static("", id="missing")

    def on_mount(self) -> None:
        """The filter comes with its key."""
        self.query_one("#filter").display = False

    def desk_ready(self) -> None:
        """Ask for the rows."""
        archived = self._archived
        self.ask(lambda ctx: desk.templates.listed(ctx, archived=archived), self._show, topic="templates")

    def desk_changed(self, changes: Changes) -> None:
        """Somebody wrote, changed or archived one."""
        if changes.everything or changes.ids.get("template"):
            self.desk_ready()

    def on_resize(self) -> None:
        """The rows fill the width."""
        self.call_after_refresh(self._paint)

    def _show(self, templates: Sequence[TemplateView]) -> None:
        self._templates = templates
        if self._language and self._language not in {one.language for one in templates}:
            self._language = ""
        self._paint()

    # -- the list -------------------------------------------------------------------------------------------------

    @property
    def template(self) -> TemplateView | None:
        """The highlighted template."""
        key = self.query_one(Rows).key
        return next((one for one in self._templates if one.id == key), None)

    @property
    def _query(self) -> str:
        return self.query_one("#filter", SearchLine).value

    def _paint(self) -> None:
        shown = [
            one for one in found(self._templates, self._query) if not self._language or one.language == self._language
        ]
        rows = self.query_one(Rows)
        rows.show([(one.id, row(one, max(20, rows.size.width - 2))) for one in shown])
        self._show_title(len(shown))
        if not shown:
            self._tell(None, Content.styled(self._nothing(), "dim"))

    def _show_title(self, count: int) -> None:
        words = _("Archived templates") if self._archived else _("Templates")
        parts = [*list_title(words.upper(), str(count)), (" · ", "muted")]
        for code in ("", *sorted({one.language for one in self._templates})):
            name = code or _("all")
            parts.append((f" {name} ", "title" if code == self._language else "muted"))
        if self._query:
            parts.append((f" · “{self._query}”", "accent"))
        self.title_line.show(parts)

    def _nothing(self) -> str:
        if self._query or self._language:
            return _("Nothing fits. Esc shows all of them.")
        if self._archived:
            return _("Nothing is archived. F3 shows the templates in use.")
        return _("No templates yet. + writes one; crm-tui template starter puts in a first set.")

    @on(Rows.Moved)
    def _moved(self) -> None:
        self.refresh_bindings()
        template = self.template
        if template is None:
            return

        def work(ctx: Context) -> Written:
            return desk.template_use.preview(ctx, template.subject, template.body, template.language)

        self.ask(work, lambda written: self._became(template, written), topic="preview")

    def _became(self, template: TemplateView, written: Written) -> None:
        if template == self.template:
            self._tell(template, preview(written), missing_line(written))

    def _tell(self, template: TemplateView | None, text: Content, missing: Content | None = None) -> None:
        about = ""
        if template is not None:
            shell = self.shell
            changed = moment(template.updated_at, shell.clock.now(), shell.zone)
            who = f" · {template.agent}" if template.agent else ""
            about = f"{category_name(template.category)} · {language_name(template.language)} · {changed}{who}"
        self.query_one("#about", Static).update(Content(about))
        self.query_one("#text", Static).update(text)
        self.query_one("#missing", Static).update(missing or Content(""))
        self.query_one("#becomes").scroll_home(animate=False)

    @on(Input.Changed, "#filter")
    def _typed(self) -> None:
        self._paint()

    @on(Input.Submitted, "#filter")
    def _to_list(self) -> None:
        self.query_one(Rows).focus()

    def action_filter(self) -> None:
        """Type letters."""
        line = self.query_one("#filter", SearchLine)
        line.display = True
        line.focus()

    def action_back(self) -> None:
        """Take the filter away; without one, leave."""
        line = self.query_one("#filter", SearchLine)
        if line.display:
            line.value = ""
            line.display = False
            self.query_one(Rows).focus()
            self._paint()
        elif self._language:
            self._language = ""
            self._paint()
        else:
            super().action_back()

    def action_language(self, by: int) -> None:
        """Only the templates of another language, or of all."""
        codes = ["", *sorted({one.language for one in self._templates})]
        self._language = codes[(codes.index(self._language) + by) % len(codes)]
        self._paint()

    def action_archived(self) -> None:
        """What was put away, or what is in use."""
        self._archived = not self._archived
        self.desk_ready()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:  # noqa: ARG002
        """What there is nothing to do it with for is not offered."""
        if action == "restore" and not self._archived:
            return False
        if action in ("edit", "copy", "archive", "restore"):
            here = self.is_mounted and self.template is not None
            return True if here and (action != "archive" or not self._archived) else None
        return True

    # -- what is done ---------------------------------------------------------------------------------------------

    def on_option_list_option_selected(self) -> None:
        """Enter or a click."""
        self.action_edit()

    def action_new(self) -> None:
        """Write one."""
        self._edit(TemplateEditor(language=self._language, conversation=self._conversation()))

    def action_edit(self) -> None:
        """Change the highlighted one."""
        if self.template is not None:
            self._edit(TemplateEditor(self.template, conversation=self._conversation()))

    def action_copy(self) -> None:
        """Write one that begins like the highlighted one."""
        if self.template is not None:
            self._edit(TemplateEditor(like=self.template, conversation=self._conversation()))

    def _edit(self, editor: TemplateEditor) -> None:
        self.app.push_screen(editor, lambda _saved: self.desk_ready())

    def _conversation(self) -> int | None:
        """The conversation that lies under this screen: previews can be made for it."""
        for screen in reversed(self.app.screen_stack):
            targets = getattr(screen, "targets", None)
            if targets is not None:
                found = targets() if callable(targets) else targets
                return next((one.id for one in found), None)
        return None

    def action_archive(self) -> None:
        """Put it away."""
        template = self.template
        if template is not None:
            self.ask(lambda ctx: desk.templates.archive(ctx, template.id, template.version), self._archived_now)

    def _archived_now(self, template: TemplateView) -> None:
        self.shell.tell(_("{name} is archived; z takes it back.").format(name=template.name))
        self.desk_ready()

    def action_restore(self) -> None:
        """Take it out of the archive."""
        template = self.template
        if template is not None:
            self.ask(lambda ctx: desk.templates.restore(ctx, template.id, template.version), self._restored)

    def _restored(self, template: TemplateView) -> None:
        self.shell.tell(_("{name} is in use again.").format(name=template.name))
        self.desk_ready()
