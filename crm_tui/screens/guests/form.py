"""The guest editor: one form for persons and companies (SPEC §6). New, or one that is there."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Vertical, VerticalScroll
from textual.content import Content
from textual.widgets import Static

from crm_tui.base.errors import InvalidInput
from crm_tui.base.i18n import _, ngettext
from crm_tui.desk.inquiry_views import CONSENTS, GuestView
from crm_tui.desk.words import said
from crm_tui.rules.guest_checks import merge_lists
from crm_tui.screens.base import DeskScreen
from crm_tui.screens.dialogs.versions import Differing, VersionsDialog
from crm_tui.screens.guests import form_calls as calls
from crm_tui.screens.guests.form_actions import FORM
from crm_tui.screens.guests.form_fields import TagsField
from crm_tui.screens.guests.form_groups import LABELS, LISTS, fields, shown_fields, values_of, words
from crm_tui.screens.inquiries.actions import FORM as TAKE_OVER
from crm_tui.screens.inquiries.calls import Done, noticing
from crm_tui.screens.inquiries.calls import said as said_done
from crm_tui.screens.inquiries.days import Today
from crm_tui.screens.inquiries.words import PROPOSED
from crm_tui.widgets.actions import bindings
from crm_tui.widgets.days import day
from crm_tui.widgets.forms import DayField, Field, Form, shelf

_ALIASES = {"email": "emails", "phone": "phones", "tag": "tags", "untag": "tags", "day": "said_on"}


class GuestForm(Today, DeskScreen[int | None]):
    """All fields of a guest. ctrl+s saves, ctrl+y takes over what was proposed, Esc leaves and keeps what was typed.

    Args:
        guest_id: the guest to change; None takes a new one into the client base.
        kind: of a new one, person or company.
        values: what is known of a new one already, by field.
        proposed: what was read of a new one and nobody confirmed yet: by field, the value to take over.
        at: the field that gets the cursor.
        conversation: the one that a new guest's is, with the same command.
        warning: what to look at before what is proposed is taken over.

    The screen's result is the guest's number once it is saved, or None.
    """

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
    ) -> None:
        super().__init__()
        self._number = guest_id
        self._guest: GuestView | None = None
        self._kind = kind
        self._values = dict(values or {})
        self._proposed = dict(proposed or {})
        self._at = at
        self._conversation = conversation
        self._warning = warning
        self._home = ""
        self._tags: Mapping[int, str] = {}
        self._helps: dict[str, str] = {}
        self._saving = False
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
        return Form(rows, keep=keep)

    @property
    def form(self) -> Form:
        """The form; of a known guest it is there once the guest was read."""
        return self.query_one(Form)

    @property
    def _fields(self) -> Mapping[str, Field]:
        return self.form.fields

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
        kept = shelf(self.app).get(self.form.keep, {})
        self.form.fill({name: value for name, value in self._values.items() if name not in kept})
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
            text = _("Guest {number} · {name}").format(number=guest.id, name=guest.name)
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
        from crm_tui.desk.countries import form_of

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
        told = []
        for channel, one in (self._guest.consents if self._guest else {}).items():
            if one.day is not None:
                word = _("yes") if one.given else _("no")
                when = day(one.day, self.today())
                told.append(f"{said(CONSENTS, channel)}: {word}, {when}" + (f", {one.source}" if one.source else ""))
        if told:
            field = self._fields["consents"]
            field.explain(" · ".join(told))

    def _doubt_tax_number(self) -> None:
        from crm_tui.desk.tax_numbers import doubt

        field = self._fields["tax_number"]
        words = doubt(str(field.value), str(self._fields["country"].value))
        field.remark(
            Content.assemble(("! ", "bold $text-warning"), _("check digits do not fit")) if words else Content("")
        )
        if words:
            self.say(words)

    def _doubt_addresses(self) -> None:
        """Say so of an address that is nobody's own: mail from it would all be this guest's."""
        from crm_tui.desk.unfit_addresses import doubt

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

    # Saving

    @on(Form.Committed)
    def _committed(self, event: Form.Committed) -> None:
        event.stop()
        if not self._saving:
            self._save(self._guest, self.changed_values())

    def changed_values(self) -> dict[str, Any]:
        """What the agent changed, as the form holds it; of a new guest all that is filled in."""
        new = self._guest is None
        found: dict[str, Any] = {}
        for name, field in self._fields.items():
            if not field.display or name in ("source", "said_on"):
                continue
            value = field.typed if isinstance(field, DayField) and field.value is None else field.value
            if (new and (value or name == "kind")) or (not new and field.dirty):
                found[name] = value
        return found

    def _for_desk(self, values: Mapping[str, Any], guest: GuestView | None) -> dict[str, Any]:
        """The values as the desk takes them."""
        given = dict(values)
        for name, part in (("emails", "address"), ("phones", "number")):
            if name in given:
                given[name] = [{part: text, "label": label} for text, label in given[name]]
        if "contacts" in given:
            given["contacts"] = [
                {"person": who.guest.id if who.guest else None, "name": who.name, "role": role}
                for who, role in given["contacts"]
            ]
        if "tags" in given:
            now, before = set(given.pop("tags")), {one.id for one in self._guest.attributes} if self._guest else set()
            given |= {"tag": sorted(now - before), "untag": sorted(before - now)}
        if "consents" in given:
            given["consents"] = self._said(frozenset(given["consents"]), guest)
        return given

    def _said(self, ticked: frozenset[str], guest: GuestView | None) -> dict[str, Any]:
        """What is new of each channel, with its source and day."""
        opened = self._guest.consents if self._guest else {}
        source, when = str(self._fields["source"].value), self._fields["said_on"].value
        found: dict[str, Any] = {}
        for channel in CONSENTS:
            before = opened.get(channel)
            if (channel in ticked) == bool(before and before.given):
                continue
            now = guest.consents.get(channel) if guest is not None else None
            seen = (now.given, now.day, now.source) if now is not None else None
            found[channel] = {"given": channel in ticked, "source": source, "day": when, "seen": seen}
        return found

    def _save(self, guest: GuestView | None, values: dict[str, Any]) -> None:
        self._saving = True
        number, version = self._number, guest.version if guest else 0
        given, talk = self._for_desk(values, guest), self._conversation
        self.ask(
            noticing(lambda ctx: calls.save(ctx, number, version, given, talk)),
            self._saved,
            failed=self._refused,
            in_order=True,
        )

    def _saved(self, done: Done) -> None:
        self._saving = False
        guest: GuestView = done.result
        self.form.forget()
        if self._number is None:
            self.shell.tell(_("{name} is in the client base · z takes it back").format(name=guest.name))
        else:
            self.shell.tell(said_done(done, _("{name} is saved · z takes it back").format(name=guest.name)))
        self.dismiss(guest.id)

    def _refused(self, error: Exception) -> None:
        self._saving = False
        theirs = getattr(error, "theirs", None)
        if isinstance(theirs, GuestView):
            self._choose(str(error), theirs, error.fields)  # type: ignore[attr-defined]
            return
        errors = {_ALIASES.get(name, name): text for name, text in getattr(error, "errors", {}).items()}
        shown = [name for name in errors if name in self._fields]
        for name in reversed(shown):
            self._fields[name].show_error(errors[name])
            self._fields[name].focus_control()
        if not shown and not (isinstance(error, InvalidInput) and self.form.show_error(error)):
            self.shell.report(error)

    def _choose(self, title: str, theirs: GuestView, both: Sequence[str]) -> None:
        """Both changed the same: the agent says whose counts, field by field. Lists that go together are put together."""
        mine, there = self.changed_values(), values_of(theirs)
        base = values_of(self._guest) if self._guest is not None else {}
        clashing: list[Differing] = []
        for name in both:
            if name not in mine:
                continue
            if name in LISTS:
                merged = merge_lists(base.get(name, ()), there[name], mine[name])
                mine[name] = merged.entries
                if not merged.clash:
                    continue
            clashing.append(
                Differing(name, self._fields[name].caption, words(name, there[name]), words(name, mine[name]))
            )
        if not clashing:
            self._save(theirs, mine)
            return

        def chosen(kept: frozenset[str] | None) -> None:
            if kept is not None:
                given_up = {one.field for one in clashing} - kept
                self._save(theirs, {name: value for name, value in mine.items() if name not in given_up})

        self.app.push_screen(VersionsDialog(title, clashing), chosen)

    # Leaving

    def action_archive(self) -> None:
        """Put the guest away, or take them back."""
        guest = self._guest
        if guest is None:
            return
        away = guest.archived_at is None
        number, name = guest.id, guest.name
        text = (
            _("{name} is archived · z takes it back")
            if away
            else _("{name} is in the client base again · z takes it back")
        )

        def done(_count: int) -> None:
            self.shell.tell(text.format(name=name))
            self._guest = replace(
                guest, archived_at=self.shell.clock.now() if away else None, version=guest.version + 1
            )
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
            if any(one.dirty and one.value != self._values.get(name) for name, one in form.fields.items()):
                self.shell.tell(_("Not saved; it will be here when you come back."))
        self.dismiss(None)


__all__ = ["LABELS", "GuestForm"]
