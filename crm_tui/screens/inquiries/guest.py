"""The guest editor: name, addresses, numbers, language, and what the guest said about being written to."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from textual import on
from textual.app import ComposeResult
from textual.content import Content
from textual.widgets import Static

from crm_tui import desk
from crm_tui.base.errors import InvalidInput
from crm_tui.base.i18n import _
from crm_tui.desk.inquiry_views import CONSENTS, GuestView
from crm_tui.desk.template_views import LANGUAGE_NAMES
from crm_tui.desk.words import said
from crm_tui.screens.base import Dialog
from crm_tui.screens.dialogs.versions import Differing, VersionsDialog
from crm_tui.screens.inquiries import calls
from crm_tui.widgets.dialogs import DialogBox, DialogTitle
from crm_tui.widgets.forms import Choice, Form, ManyField, PickField, TextField

LABELS = ("surname", "given", "emails", "phones", "language")


class GuestEditor(Dialog[GuestView | None]):
    """A guest's fields; ctrl+s saves and gives the guest as saved, Esc keeps what was typed.

    Args:
        guest: the one to change.
    """

    DEFAULT_CSS = """
    GuestEditor {
        align: center middle;
        DialogBox { width: 84; }
        Form { height: auto; }
        Field .field--label { width: 16; }
        Field .field--error { padding: 0 0 0 16; }
        Form > .form--help { padding: 0 0 0 16; }
    }
    """

    def __init__(self, guest: GuestView) -> None:
        super().__init__()
        self._guest = guest
        self._version = guest.version

    def compose(self) -> ComposeResult:
        """Title and form."""
        guest = self._guest
        with DialogBox():
            yield DialogTitle(_("Guest: {name}").format(name=guest.name))
            yield Form(*_fields(guest), keep=f"guest {guest.id}")
            yield Static(Content(_("ctrl+s saves · Esc back, what you typed is kept")), classes="dialog--keys")

    def on_mount(self) -> None:
        """Type at once."""
        self.query_one(Form).fields["surname"].focus_control()

    @property
    def form(self) -> Form:
        """The form."""
        return self.query_one(Form)

    @on(Form.Committed)
    def _committed(self, event: Form.Committed) -> None:
        event.stop()
        self._save({name: event.values[name] for name in LABELS if self.form.fields[name].dirty})

    def _save(self, values: dict[str, Any]) -> None:
        guest, version = self._guest, self._version
        consents = self._consents()
        source = str(self.form.fields["source"].value)

        def work(ctx: Any) -> GuestView:
            for channel, given in consents:
                desk.guests.set_consent(ctx, guest.id, channel, given, source)
            return desk.guests.set(ctx, guest.id, version, values)

        self.ask(calls.noticing(work), self._saved, failed=self._refused)

    def _consents(self) -> Sequence[tuple[str, bool]]:
        """What was ticked or unticked."""
        ticked = set(self.form.fields["consents"].value)
        before = {channel for channel, one in self._guest.consents.items() if one.given}
        return [(str(channel), channel in ticked) for channel in CONSENTS if (channel in ticked) != (channel in before)]

    def _saved(self, done: calls.Done) -> None:
        guest: GuestView = done.result
        self.form.forget()
        self.shell.tell(calls.said(done, _("{name} is saved · z takes it back").format(name=guest.name)))
        self.dismiss(guest)

    def _refused(self, error: Exception) -> None:
        theirs = getattr(error, "theirs", None)
        if isinstance(theirs, GuestView):
            self._choose(str(error), theirs, error.fields)  # type: ignore[attr-defined]
            return
        errors = {_ALIASES.get(name, name): text for name, text in getattr(error, "errors", {}).items()}
        shown = [name for name in errors if name in self.form.fields]
        for name in reversed(shown):
            self.form.fields[name].show_error(errors[name])
            self.form.fields[name].focus_control()
        if not shown and not (isinstance(error, InvalidInput) and self.form.show_error(error)):
            self.shell.report(error)

    def _choose(self, title: str, theirs: GuestView, fields: Sequence[str]) -> None:
        mine = {name: self.form.fields[name].value for name in LABELS if self.form.fields[name].dirty}
        both = [
            Differing(name, self.form.fields[name].caption, _values(theirs)[name], str(mine[name]))
            for name in fields
            if name in mine
        ]

        def chosen(kept: frozenset[str] | None) -> None:
            if kept is not None:
                self._version = theirs.version
                given_up = {one.field for one in both} - kept
                self._save({name: value for name, value in mine.items() if name not in given_up})

        self.app.push_screen(VersionsDialog(title, both), chosen)

    @on(Form.Left)
    def action_close(self) -> None:
        """Leave; what was typed is kept while the desk runs."""
        self.form.remember()
        self.dismiss(None)


_ALIASES = {"email": "emails", "phone": "phones"}


def _values(guest: GuestView) -> dict[str, str]:
    return {
        "surname": guest.surname,
        "given": guest.given,
        "emails": ", ".join(guest.emails),
        "phones": ", ".join(phone.shown for phone in guest.phones),
        "language": guest.language,
    }


def _fields(guest: GuestView) -> list[Any]:
    values = _values(guest)
    several = _("Several ones parted by commas; the first is written to.")
    numbers = _("With the country's number, such as +48; several ones parted by commas.")
    company = guest.kind == "company"
    given = [one for one, consent in guest.consents.items() if consent.given]
    return [
        TextField("surname", _("Name") if company else _("Surname"), values["surname"], required=True),
        TextField("given", _("Given names"), values["given"]),
        TextField("emails", _("E-mail"), values["emails"], help=several),
        TextField("phones", _("Phone"), values["phones"], help=numbers),
        PickField(
            "language", _("Language"), languages, values["language"], labels=language_words,
            help=_("What you write to the guest in."),
        ),
        ManyField(
            "consents", _("May be reached"), [Choice(str(one), said(CONSENTS, one)) for one in CONSENTS], given,
            help=_("What the guest agreed to, for news and reminders; answers to their own mail need no consent."),
        ),
        TextField("source", _("  said how"), help=_("Such as “form at the counter”; needed where something new is ticked.")),
    ]  # fmt: skip


def languages() -> Sequence[Choice]:
    """The languages to choose from."""
    return [Choice("", _("not known")), *(Choice(code, language_words(code)) for code in LANGUAGE_NAMES)]


def language_words(code: str) -> str:
    """A language by its name."""
    return said(LANGUAGE_NAMES, code) if code else _("not known")
