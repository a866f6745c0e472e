"""Writing a complaint or a compliment down, changing it, and saying what was done about a complaint (SPEC §11)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

from textual import on
from textual.app import ComposeResult
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Static

from crm_tui.base.errors import Conflict, CrmError, InvalidInput
from crm_tui.base.i18n import _
from crm_tui.desk.feedback_views import EMOJIS, KINDS, SATISFACTION, FeedbackView
from crm_tui.rules.vocabulary import FeedbackKind
from crm_tui.screens.base import Dialog
from crm_tui.screens.dialogs.versions import both_versions
from crm_tui.widgets.cells import cut
from crm_tui.widgets.dialogs import DialogBox, DialogTitle
from crm_tui.widgets.forms import CheckField, Choice, ChoiceField, Form, LinesField, TextField

if TYPE_CHECKING:
    from crm_tui.desk.context import Context


class _Known(NamedTuple):
    """What the form is opened with."""

    who: str
    room: str
    codes: Sequence[str]
    view: FeedbackView | None


class _Box(Dialog[int | None]):
    """A form in a box; its result is the number once it is stored."""

    DEFAULT_CSS = """
    _Box {
        align: center middle;
        DialogBox { width: 84; }
        Form { height: auto; }
        Field .field--label { width: 15; }
        LinesArea { height: 3; background: $panel; }
        InputLine { background: $panel; }
        InputLine:focus, LinesArea:focus { background: $primary-muted; }
        Field .field--error { padding: 0 0 0 15; }
        Form > .form--help { padding: 0 0 0 15; margin: 0; height: 1; }
        #result { color: $text-error; height: auto; }
    }
    """

    keep = ""

    def title_words(self) -> str:
        """What stands above."""
        raise NotImplementedError

    def rows(self) -> list[Widget]:
        """The fields."""
        raise NotImplementedError

    def save(self, ctx: Context, values: dict[str, Any]) -> int:
        """Store it. Blocks."""
        raise NotImplementedError

    def said(self, values: dict[str, Any]) -> str:
        """What is told once it is stored."""
        raise NotImplementedError

    def compose(self) -> ComposeResult:
        """Title, form, what went wrong, keys."""
        self.head = DialogTitle(self.title_words())
        with DialogBox():
            yield self.head
            yield Form(*self.rows(), keep=self.keep)
            yield Static("", id="result")
            yield Static(Content(_("ctrl+s saves · Esc back, what you typed is kept")), classes="dialog--keys")

    @property
    def form(self) -> Form:
        """The form."""
        return self.query_one(Form)

    @on(Form.Committed)
    def _committed(self, event: Form.Committed) -> None:
        event.stop()
        self.store(event.values)

    def store(self, values: dict[str, Any]) -> None:
        """Store it and close, or say what is wrong."""

        def done(number: int) -> None:
            self.form.forget()
            self.shell.tell(self.said(values))
            self.dismiss(number)

        self.ask(
            lambda ctx: self.save(ctx, values), done, failed=lambda error: self.failed(error, values), in_order=True
        )

    def failed(self, error: Exception, values: dict[str, Any]) -> None:  # noqa: ARG002
        """What is wrong stands at its field, or below the form."""
        if isinstance(error, InvalidInput) and self.form.show_error(error):
            return
        if isinstance(error, CrmError):
            self.query_one("#result", Static).update(Content(f"✕ {error}"))
        else:
            self.shell.report(error)

    @on(Form.Left)
    def action_close(self) -> None:
        """Leave; what was typed is kept while the desk runs."""
        self.form.remember()
        self.dismiss(None)


def _satisfaction() -> ChoiceField:
    choices = [Choice(None, _("not said")), *(Choice(number, _(word)) for number, word in SATISFACTION.items())]
    return ChoiceField("satisfaction", _("Guest is"), choices, help=_("How the guest took it."))


class FeedbackForm(_Box):
    """Writes feedback down, or changes what was.

    Args:
        guest, reservation, conversation: whose it is; the desk finds guest and room by them.
        room: what stands in the field of the room at first.
        feedback: the one to change; None: a new one.
    """

    def __init__(
        self,
        *,
        guest: int | None = None,
        reservation: int | None = None,
        conversation: int | None = None,
        room: str = "",
        feedback: int | None = None,
    ) -> None:
        super().__init__()
        self._about = {"guest": guest, "reservation": reservation, "conversation": conversation}
        self._room, self._number = room, feedback
        self._version = 0
        self.keep = f"feedback {feedback or ''} {guest} {reservation} {conversation}"

    def title_words(self) -> str:
        return _("Change what a guest said") if self._number else _("What a guest said")

    def rows(self) -> list[Widget]:
        kinds = [
            Choice(FeedbackKind.NEGATIVE.value, _("complaint")),
            Choice(FeedbackKind.POSITIVE.value, _("compliment")),
        ]
        faces = [Choice("", _("none")), *(Choice(face, face) for face in EMOJIS)]
        fields: list[Widget] = [
            ChoiceField("kind", _("Kind"), kinds),
            LinesField("comment", _("What was said")),
            TextField(
                "code", _("About"), max_length=60, help=_("Breakfast, room, noise, service… Short: reports count it.")
            ),
            TextField("room", _("Room"), self._room, max_length=60, help=_("Needed where no guest is known.")),
            TextField("employee", _("Employee"), max_length=120, help=_("Whom it is about, if anybody.")),
            ChoiceField("emoji", _("Face"), faces),
        ]
        if self._number is None:
            fields += [
                CheckField("resolved", _("Resolved"), _("it was settled at once")),
                TextField("resolution", _("What was done"), help=_("A new room, a bottle of wine, an apology…")),
                _satisfaction(),
            ]
        return fields

    def on_mount(self) -> None:
        """What was said is typed first; whose it is stands in the title once it is known."""
        self.form.fields["comment"].focus_control()
        about, number = self._about, self._number
        self.ask(lambda ctx: _known(ctx, about, number), self._show)

    def _show(self, known: _Known) -> None:
        if known.who:
            self.head.update(Content(f"{self.title_words()} · {cut(known.who, 50)}"))
        view = known.view
        if view is not None:
            form = self.form
            if not form.kept:
                form.began = view
            form.fill({name: value for name, value in self._of(view).items() if name not in form.kept}, settle=True)
            self._version = form.began.version
        elif known.room:
            self.form.offer({"room": known.room})
        if known.codes:
            words = _("So far: {codes}.").format(codes=", ".join(known.codes[:8]))
            self.form.fields["code"].help_text = cut(words, 64)

    def save(self, ctx: Context, values: dict[str, Any]) -> int:
        from crm_tui import desk

        if self._number is not None:
            desk.feedback.edit(ctx, self._number, self._version, values)
            return self._number
        kind = values.pop("kind")
        given: dict[str, Any] = {name: number for name, number in self._about.items() if number is not None}
        made: int = desk.feedback.add(ctx, kind, **given, **values)
        return made

    def _of(self, view: FeedbackView) -> dict[str, Any]:
        """What stands in the fields of feedback."""
        return {name: getattr(view, name) for name in self.form.fields}

    def failed(self, error: Exception, values: dict[str, Any]) -> None:
        """Another desk changed it: both changes are kept, or it is asked whose count."""
        about, number = self._about, self._number
        if number is None or not isinstance(error, Conflict):
            super().failed(error, values)
            return

        def read(known: _Known) -> None:
            now, form = known.view, self.form
            if now is None:
                super(FeedbackForm, self).failed(error, values)
                return

            def chosen(kept: dict[str, Any]) -> None:
                self._version, form.began = now.version, now
                form.fill(kept)
                self.store(kept)

            labels = {name: field.caption for name, field in form.fields.items()}
            versions = (self._of(form.began), self._of(now), values)
            both_versions(self.app, error.message, labels, versions, chosen)

        self.ask(lambda ctx: _known(ctx, about, number), read)

    def said(self, values: dict[str, Any]) -> str:
        if self._number is not None:
            return _("Changed · z takes it back")
        negative = values.get("kind", FeedbackKind.NEGATIVE) == FeedbackKind.NEGATIVE
        return _("The complaint is written down · z takes it back") if negative else _("Written down · z takes it back")


class ResolveBox(_Box):
    """Says what was done about a complaint, and how the guest took it.

    Args:
        view: the complaint.
    """

    def __init__(self, view: FeedbackView) -> None:
        super().__init__()
        self._view = view
        self.keep = f"resolve {view.id}"

    def title_words(self) -> str:
        words = " · ".join(part for part in (self._view.title, self._view.code) if part)
        return _("Resolved: {what}").format(what=cut(words, 60))

    def rows(self) -> list[Widget]:
        return [
            LinesField(
                "resolution", _("What was done"), self._view.resolution,
                help=_("May stay empty: ctrl+s alone says that it is settled."),
            ),
            _satisfaction(),
        ]  # fmt: skip

    def on_mount(self) -> None:
        """Type at once."""
        self.form.fields["resolution"].focus_control()

    def save(self, ctx: Context, values: dict[str, Any]) -> int:
        from crm_tui import desk

        desk.feedback.resolve(ctx, self._view.id, **values)
        return self._view.id

    def said(self, values: dict[str, Any]) -> str:  # noqa: ARG002
        return _("The {kind} is resolved · z takes it back").format(kind=_(KINDS[self._view.kind]))


def _known(ctx: Context, about: dict[str, int | None], number: int | None) -> _Known:
    from crm_tui import desk

    view = desk.feedback.get(ctx, number) if number is not None else None
    who, room = (view.title, "") if view is not None else desk.feedback.whose(ctx, **about)
    return _Known(who, room, desk.feedback.codes(ctx), view)
