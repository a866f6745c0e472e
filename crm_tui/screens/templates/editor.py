"""Writing a template: what it becomes stands beside it, its variables below that; what is wrong is shown at its line."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, ClassVar

from rich.text import Text
from textual import on
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Horizontal, Vertical, VerticalScroll
from textual.content import Content
from textual.widgets import Static, TextArea

from crm_tui import desk
from crm_tui.base.errors import Conflict, CrmError, InvalidInput
from crm_tui.base.i18n import _
from crm_tui.desk.texts.template_views import CATEGORIES, LANGUAGE_NAMES, TemplateView, VariableView, Written
from crm_tui.screens.base import DeskScreen
from crm_tui.screens.compose.editor import BodyEditor
from crm_tui.screens.templates.actions import EDITOR
from crm_tui.screens.templates.dialogs import PreviewBox, conflict_question
from crm_tui.screens.templates.words import category_name, missing_line, preview
from crm_tui.widgets.actions import bindings
from crm_tui.widgets.dialogs import PickList
from crm_tui.widgets.forms import Choice, ChoiceField, Field, PickField, TextField, shelf

if TYPE_CHECKING:
    from crm_tui.desk.common.context import Context


class SourceEditor(BodyEditor):
    """The template's text, its lines numbered; the line that is wrong is marked."""

    COMPONENT_CLASSES: ClassVar[set[str]] = {"editor--wrong"}
    DEFAULT_CSS = """
    SourceEditor { .editor--wrong { background: $error-muted; color: $text-error; } }
    """

    def __init__(self, text: str = "", *, id: str | None = None) -> None:
        self.wrong_line = 0
        super().__init__(text, id=id)
        self.show_line_numbers = True
        self.placeholder = Content(_("Write here. ctrl+t puts in a variable: {{ guest.name }}."))

    def mark(self, line: int) -> None:
        """Show that a line (from 1) is wrong; 0 for none."""
        if line != self.wrong_line:
            self.wrong_line = line
            self._line_cache.clear()
            self.refresh()

    def get_line(self, line_index: int) -> Text:
        """The line, marked if it is the wrong one."""
        line = super().get_line(line_index)
        if line_index == self.wrong_line - 1:
            line.stylize(self.get_component_rich_style("editor--wrong", partial=True))
        return line


class TemplateEditor(DeskScreen[TemplateView | None]):
    """The fields of a template, its text, and what it becomes.

    Args:
        template: the one to change; None writes a new one.
        like: a new one begins with the text of this one.
        language: what a new one is in, at first; empty: the agent's.
        conversation: previews can also be made for the guest of this conversation.

    The screen's result is the template as saved, or None. What is left unsaved is kept while the desk runs.
    """

    CSS_PATH = "screen.tcss"
    BINDINGS = [*bindings(EDITOR), Binding("escape", "back", show=False)]

    def __init__(
        self,
        template: TemplateView | None = None,
        *,
        like: TemplateView | None = None,
        language: str = "",
        conversation: int | None = None,
    ) -> None:
        super().__init__()
        self._template = template
        self._like = like
        self._conversation = conversation
        self._for_guest = False
        self._written = Written()
        self._variables: Sequence[VariableView] = ()
        start = template or like
        wanted = start.language if start else language
        languages = [Choice(code, code) for code in ("es", "pl", "fr", "en", "de", "it") if code in LANGUAGE_NAMES]
        categories = [Choice(key, category_name(key)) for key in CATEGORIES]
        self.name_field = TextField("name", _("Name"), template.name if template else "", required=True, max_length=80)
        self.language = ChoiceField("language", _("Language"), languages, wanted or "en")
        self.category = PickField(
            "category",
            _("Purpose"),
            lambda: categories,
            start.category if start else "other",
            labels=lambda key: category_name(str(key)),
        )
        self.subject = TextField("subject", _("Subject"), start.subject if start else "", max_length=900)
        self.editor = SourceEditor(start.body if start else "", id="editor")
        self._chosen_language = bool(wanted)

    @property
    def fields(self) -> tuple[Field, ...]:
        """The fields above the text, in order."""
        return (self.name_field, self.language, self.category, self.subject)

    @property
    def values(self) -> dict[str, str]:
        """What stands on the screen."""
        return {**{field.key: str(field.value) for field in self.fields}, "body": self.editor.text}

    @property
    def _shelf(self) -> str:
        return f"template {self._template.id if self._template else 'new'}"

    def body(self) -> ComposeResult:
        with Horizontal(id="sides"):
            with Vertical(id="writing"):
                name = _("New template") if self._template is None else self._template.name
                yield Static(Content(name), id="title")
                yield from self.fields
                yield self.editor
                yield Static("", id="note")
            with Vertical(id="aside"):
                yield Static("", id="for")
                with VerticalScroll(id="becomes", can_focus=False):
                    yield Static("", id="text")
                yield Static("", id="missing")
                with VerticalScroll(id="variables", can_focus=False):
                    yield Static("", id="documented")

    # -- opening and leaving --------------------------------------------------------------------------------------

    def on_mount(self) -> None:
        """Bring back what was left unsaved."""
        kept = shelf(self.app).pop(self._shelf, None)
        self._before = self.values
        if kept:
            for field in self.fields:
                field.value = kept[field.key]
            self.editor.load_text(kept["body"])
            self._say(_("What you had not saved is back."))
        (self.editor if self._template else self.name_field.control()).focus()

    def desk_ready(self) -> None:
        """The language of the agent, the variables, the first preview."""
        ctx = self.shell.ctx
        if ctx is not None and not self._chosen_language:
            self._chosen_language = True
            self.language.value = ctx.actor.language
            self._before = self.values
        self.ask(lambda _ctx: desk.template_variables.documented(), self._show_variables)
        self._refresh_preview()

    def _show_variables(self, variables: Sequence[VariableView]) -> None:
        self._variables = variables
        width = max((len(one.name) for one in variables), default=0)
        lines = [
            Content.assemble((one.name.ljust(width), "$text"), "  ", one.text, (f"  {one.sample}", "dim"))
            for one in variables
        ]
        self.query_one("#documented", Static).update(Content("\n").join(lines))

    def action_back(self) -> None:
        """Leave; what is not saved is kept while the desk runs."""
        if self.values != self._before:
            shelf(self.app)[self._shelf] = dict(self.values)
            self.shell.tell(_("Not saved; it will be here when you come back."))
        self.dismiss(None)

    # -- the preview ----------------------------------------------------------------------------------------------

    @on(TextArea.Changed)
    @on(Field.Changed)
    def _refresh_preview(self) -> None:
        values = self.values
        whose = self._conversation if self._for_guest else None

        def work(ctx: Context) -> Written:
            return desk.template_use.preview(ctx, values["subject"], values["body"], values["language"], whose)

        self.ask(work, self._became, topic="preview")

    def _became(self, written: Written) -> None:
        before, self._written = self._written, written
        self.editor.mark(written.line if written.part == "body" else 0)
        self.subject.show_error(written.error if written.part == "subject" else "")
        if written.error:
            self._say(written.error, wrong=True)
        else:
            self.query_one("#text", Static).update(preview(written))
            if before.error:
                self.query_one("#note", Static).update("")
        self.query_one("#missing", Static).update(missing_line(written))
        whose = _("As the guest of the conversation gets it") if self._for_guest else _("As the sample guest gets it")
        if written.error:
            whose = _("As it was before the fault")
        other = _(" · F8: another guest") if self._conversation is not None else ""
        self.query_one("#for", Static).update(Content.assemble((whose, ""), (other, "dim")))

    def action_preview(self) -> None:
        """Narrow: show what it becomes. Wide, where it stands beside the text: for the other guest."""
        if self._conversation is not None and self.query_one("#aside").display:
            self._for_guest = not self._for_guest
            self._refresh_preview()
        elif not self.query_one("#aside").display:
            self.app.push_screen(PreviewBox(self._written))

    def action_fault(self) -> None:
        """Go to what is wrong."""
        written = self._written
        if written.part == "subject":
            self.subject.focus_control()
        elif written.line:
            self.editor.focus()
            self.editor.move_cursor((min(written.line, self.editor.document.line_count) - 1, 0))

    # -- variables ------------------------------------------------------------------------------------------------

    def action_variable(self) -> None:
        """Pick a variable; it is put where the cursor is, in the subject or in the text."""
        into_subject = self.subject.line.has_focus
        choices = [Choice(one.name, one.name, f"{one.text} · {one.sample}") for one in self._variables]

        def chosen(choice: Choice | None) -> None:
            if choice is None:
                return
            text = "{{ " + str(choice.value) + " }}"
            if into_subject:
                self.subject.line.insert_text_at_cursor(text)
            else:
                self.editor.insert(text)
                self.editor.focus()

        self.app.push_screen(PickList(_("Variable"), choices), chosen)

    # -- saving ---------------------------------------------------------------------------------------------------

    def action_save(self) -> None:
        """Save it."""
        wrong = [field for field in self.fields if not field.check()]
        if wrong:
            wrong[0].focus_control()
            return
        self._save(self._template)

    def _save(self, template: TemplateView | None) -> None:
        values = self.values

        def work(ctx: Context) -> TemplateView:
            if template is None:
                return desk.templates.create(ctx, **values)
            return desk.templates.change(ctx, template.id, template.version, **values)

        self.ask(work, self._saved, failed=self._failed)

    def _saved(self, template: TemplateView) -> None:
        self.shell.tell(_("{name} is saved; z takes it back.").format(name=template.name))
        self.dismiss(template)

    def _failed(self, error: Exception) -> None:
        if isinstance(error, Conflict) and self._template is not None:
            number = self._template.id
            self.ask(lambda ctx: desk.templates.get(ctx, number), lambda newer: self._changed_meanwhile(error, newer))
            return
        if isinstance(error, InvalidInput):
            field = next((one for one in self.fields if one.key == error.field), None)
            if field is not None:
                field.show_error(str(error))
                field.focus_control()
                return
            self.editor.mark(getattr(error, "line", 0))
        if isinstance(error, CrmError):
            self._say(str(error), wrong=True)
        else:
            self.shell.report(error)

    def _changed_meanwhile(self, error: Conflict, newer: TemplateView) -> None:
        def answered(answer: str | None) -> None:
            if answer == "mine":
                self._template = newer
                self._save(newer)
            elif answer == "theirs":
                self._template = newer
                for field in self.fields:
                    field.value = getattr(newer, field.key)
                self.editor.load_text(newer.body)
                self._before = self.values

        self.app.push_screen(conflict_question(error, newer, self.values), answered)

    def _say(self, text: str, *, wrong: bool = False) -> None:
        sign = ("✕ ", "bold $text-error") if wrong else ""
        self.query_one("#note", Static).update(Content.assemble(sign, (text, "$text-error" if wrong else "dim")))
