"""The guest editor: one form for persons and companies (SPEC §6). New, or one that is there."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import replace
from typing import Any

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Vertical, VerticalScroll
from textual.content import Content
from textual.widgets import Static

from crm_tui.base.i18n import _, ngettext
from crm_tui.desk.client_base.guest_views import CONSENTS
from crm_tui.desk.common.words import said
from crm_tui.screens.guests import form_calls as calls
from crm_tui.screens.guests.form_actions import FORM
from crm_tui.screens.guests.form_fields import TagsField
from crm_tui.screens.guests.form_groups import LABELS, fields, shown_fields, words
from crm_tui.screens.guests.form_saving import SavesGuest
from crm_tui.screens.guests.form_versions import consent_words
from crm_tui.screens.inquiries.actions import FORM as TAKE_OVER
from crm_tui.screens.inquiries.days import Today
from crm_tui.screens.inquiries.words import PROPOSED
from crm_tui.widgets.actions import bindings
from crm_tui.widgets.cells import cut
from crm_tui.widgets.forms import Field, Form


class GuestForm(Today, SavesGuest):
    """All fields of a guest. ctrl+s saves, ctrl+y takes over what was proposed, Esc leaves and keeps what was typed.

    Args:
        guest_id: the guest to change; None takes a new one into the client base.
        kind: of a new one, person or company.
        values: what is known of a new one already, by field.
        proposed: what was read of a new one and nobody confirmed yet: by field, the value to take over.
        at: the field that gets the cursor.
        conversation: the one that a new guest's is, with the same command.
        warning: what to look at before what is proposed is taken over.
        known: the guests whose conversation it may be already, and who are not meant.

    The screen's result is the guest's number once it is saved, or None.
    """

    writes = True

    CSS_PATH = "form.tcss"
    letters_are_text = True
    BINDINGS = [*bindings(TAKE_OVER, FORM), Binding("escape", "back", show=False)]

    def __init__(
        self,
        guest_id: int | None = None,
        *,
        kind: str = "person",
        values: Mapping[str, Any] | None = None,
        proposed: Mapping[str, Any] | None = None,
        at: str = "",
        conversation: int | None = None,
        warning: str = "",
        known: Collection[int] = (),
    ) -> None:
        super().__init__(guest_id, conversation, known)
        self._kind = kind
        self._values = dict(values or {})
        self._proposed = dict(proposed or {})
        self._at = at
        self._warning = warning
        self._home = ""
        self._tags: Mapping[int, str] = {}
        self._helps: dict[str, str] = {}
        self._loaded = False

    def body(self) -> ComposeResult:
        with Vertical(id="inquiry"):
            yield Static("", id="title")
            if self._number is None:
                yield self._made()
            yield Static("", id="result")

    def _made(self) -> Form:
        rows = fields(
            self._guest, self._kind, self.today, lambda: self._home, lambda: str(self._fields["country"].value)
        )
        if self._number is not None:
            keep = f"guest {self._number}"
        elif self._conversation is not None:
            keep = f"guest of conversation {self._conversation}"
        else:
            keep = "" if self._values else f"guest new {self._kind}"
        return Form(rows, keep=keep, thing=self._guest)

    def on_mount(self) -> None:
        """A new guest can be typed at once."""
        self._show_title()
        super().on_mount()
        if self._number is None:
            self.call_after_refresh(self._begin)

    def desk_ready(self) -> None:
        """Read the guest, the attributes, and what typing needs."""
        if not self._loaded:
            self._loaded = True
            number = self._number
            self.ask(lambda ctx: calls.load(ctx, number), self._read, failed=self._not_there)

    def _not_there(self, error: Exception) -> None:
        self.shell.report(error)
        self.dismiss(None)

    def _read(self, loaded: calls.Loaded) -> None:
        self.call_next(self._show, loaded)

    async def _show(self, loaded: calls.Loaded) -> None:
        self._guest, self._home, self._tags = loaded.guest, loaded.home, loaded.attributes
        if loaded.guest is not None:
            self._kind = loaded.guest.kind
            await self.query_one("#inquiry", Vertical).mount(self._made(), before="#result")
            self._show_title()
            self._begin()
        self._offer_tags()

    def _offer_tags(self) -> None:
        field = self._fields["tags"]
        if isinstance(field, TagsField):
            field.offer(self._tags)

    def _begin(self) -> None:
        """The form is there: what is known stands in it, the cursor in the first field."""
        self.form.offer(self._values)
        self._begun()
        self._show_kind()
        self._show_region()
        self._show_consents()
        self._show_proposed()
        self._fit()
        wanted = self._fields.get(self._at or "surname")
        if wanted is not None:
            wanted.focus_control()

    def on_resize(self) -> None:
        """The fields take what they need; beyond the screen they scroll, so that the help stays right below them."""
        self._fit()

    def _fit(self) -> None:
        for form in self.query(Form):
            around = 4  # title, help, result
            form.query_one(VerticalScroll).styles.max_height = max(4, self.query_one("#inquiry").size.height - around)

    # What depends on what stands in the form

    def _show_title(self) -> None:
        guest = self._guest
        if guest is not None:
            text = _("Guest {number} · {name}").format(number=guest.id, name=cut(guest.name, 50))
            text += _(" · archived") if guest.archived_at is not None else ""
        elif self._number is not None:
            text = ""
        else:
            text = _("New company") if self._kind == "company" else _("New guest")
        self.query_one("#title", Static).update(Content.styled(text, "bold $primary"))

    def _show_kind(self) -> None:
        kind = str(self._fields["kind"].value)
        company = kind == "company"
        shown_fields(self._fields, kind)
        for heading, wanted in ((".persons", not company), (".companys", company)):
            for one in self.query(heading):
                one.display = wanted
        if self._number is None:
            self._kind = kind
            self._show_title()
        self.refresh_bindings()

    def _show_region(self) -> None:
        """The region, where the country's addresses name it; one that is there already stays."""
        from crm_tui.desk.client_base.countries import form_of

        country = str(self._fields["country"].value)
        found = form_of(country)
        region = self._fields["region"]
        region.display = found.region or bool(region.value)
        region.caption = _(found.region_name)
        region.query_one(".field--label", Static).update(Content(f" {region.caption}"))
        example = _("Such as {example}.").format(example=found.example) if found.example else ""
        self._fields["postcode"].explain(example)

    def _show_consents(self) -> None:
        """What was said of each channel, when and how."""
        told = [
            f"{said(CONSENTS, channel)}: {consent_words(one, self.today())}"
            for channel, one in (self._guest.consents if self._guest else {}).items()
            if one.day is not None
        ]
        if told:
            field = self._fields["consents"]
            field.explain(" · ".join(told))

    def _doubt_tax_number(self) -> None:
        from crm_tui.desk.client_base.tax_numbers import doubt

        field = self._fields["tax_number"]
        words = doubt(str(field.value), str(self._fields["country"].value))
        field.remark(
            Content.assemble(("! ", "bold $text-warning"), _("check digits do not fit")) if words else Content("")
        )
        if words:
            self.say(words)

    def _doubt_addresses(self) -> None:
        """Say so of an address that is nobody's own: mail from it would all be this guest's."""
        from crm_tui.desk.correspondence.unfit_addresses import doubt

        field = self._fields["emails"]
        words = next((told for address, _label in field.value or () if (told := doubt(address))), "")
        if words:
            field.remark(Content.assemble(("! ", "bold $text-warning"), _("nobody's own address")))
            self.say(words)
        elif "emails" not in self._proposed:
            field.remark(Content(""))

    @on(Field.Changed)
    def _changed(self, event: Field.Changed) -> None:
        event.stop()
        name = event.field.key
        if name == "kind":
            self._show_kind()
        elif name == "country":
            self._show_region()
            self._fields["postcode"].check()
        if name in ("tax_number", "country") and self._fields["tax_number"].display:
            self._doubt_tax_number()
        if name == "emails":
            self._doubt_addresses()
        if name in self._proposed and event.field.value != self._values.get(name):
            self._no_proposal(name)
            self._tell_rest()

    # What is proposed

    def _show_proposed(self) -> None:
        for name, value in self._proposed.items():
            if name in self._fields:
                shown = words(name, value)
                field = self._fields[name]
                field.remark(Content.assemble((f"{PROPOSED} ", "bold $accent"), shown))
                self._helps[name] = field.help_text
                field.explain(
                    " · ".join(
                        part for part in (_("from the mail: {words}").format(words=shown), field.help_text) if part
                    )
                )
        self._tell_rest()

    def _tell_rest(self) -> None:
        count = len(self._proposed)
        text = ngettext(
            "{n} field is read from the mail: ctrl+y takes it over",
            "{n} fields are read from the mail: ctrl+y takes them over",
            count,
        )
        warning = f"! {self._warning}" if self._warning and count else ""
        self.say("\n".join(part for part in (warning, text.format(n=count) if count else "") if part))
        self.refresh_bindings()

    def action_take_over_all(self) -> None:
        """What was read in the mail is right; it is saved with the rest."""
        for name, value in list(self._proposed.items()):
            self._no_proposal(name)
            if name in self._fields:
                self._fields[name].value = value
        self._tell_rest()
        self.say(_("Taken over; ctrl+s saves it."))

    def _no_proposal(self, name: str) -> None:
        self._proposed.pop(name, None)
        if name in self._fields:
            self._fields[name].remark(Content(""))
            self._fields[name].explain(self._helps.pop(name, ""))
            self.form.refresh_help()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:  # noqa: ARG002
        """Taking over needs something proposed, archiving somebody who is there."""
        if action == "take_over_all":
            return bool(self._proposed)
        return self._guest is not None if action == "archive" else True

    # Leaving

    def action_archive(self) -> None:
        """Put the guest away, or take them back."""
        guest = self._guest
        if guest is None:
            return
        away = guest.archived_at is None
        number, name = guest.id, cut(guest.name, 50)
        text = (
            _("{name} is archived · z takes it back")
            if away
            else _("{name} is in the client base again · z takes it back")
        )

        def done(count: int) -> None:
            self.shell.tell(text.format(name=name) if count else _("Nothing was changed."))
            # Its version stays that of what the form shows: what a colleague changed before counts as changed since.
            self._guest = replace(guest, archived_at=self.shell.clock.now() if away else None)
            self._show_title()

        self.ask(lambda ctx: calls.archive(ctx, number, away=away), done, in_order=True)

    def say(self, text: str) -> None:
        """Below the form, until something else is said."""
        self.query_one("#result", Static).update(Content(text))

    @on(Form.Left)
    def action_back(self) -> None:
        """Leave; what was typed is kept while the desk runs."""
        for form in self.query(Form):
            form.remember()
            if form.typed:
                self.shell.tell(_("Not saved; it will be here when you come back."))
        self.dismiss(None)


__all__ = ["LABELS", "GuestForm"]
