"""Saving a guest's form: only what the agent changed, against what the agent saw; where others changed the same, the agent chooses."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import date
from typing import TYPE_CHECKING, Any

from textual import on

from crm_tui.base.errors import InvalidInput
from crm_tui.base.i18n import _
from crm_tui.desk.client_base.guest_views import CONSENTS, ConsentView, GuestRow, GuestView
from crm_tui.screens.base import DeskScreen
from crm_tui.screens.dialogs.versions import VersionsDialog
from crm_tui.screens.guests import form_calls as calls
from crm_tui.screens.guests.form_versions import CONSENT, both_changed, goes, said_since, word
from crm_tui.screens.inquiries.calls import Done, noticing
from crm_tui.screens.inquiries.calls import said as said_done
from crm_tui.widgets.cells import cut
from crm_tui.widgets.dialogs import Answer, Ask
from crm_tui.widgets.forms import DayField, Field, Form

_ALIASES = {"email": "emails", "phone": "phones", "tag": "tags", "untag": "tags", "day": "said_on"}
_NAME = 60
"""Columns of a name in a sentence."""


class SavesGuest(DeskScreen[int | None]):
    """The part of the form that saves.

    Args:
        guest_id: the guest to change; None takes a new one into the client base.
        conversation: the one that a new guest's is, with the same command.
        known: the guests whose conversation it may be already; None: make another one in any case.
    """

    if TYPE_CHECKING:

        def today(self) -> date: ...

    def __init__(self, guest_id: int | None, conversation: int | None, known: Collection[int] | None = ()) -> None:
        super().__init__()
        self._known = known
        self._number, self._conversation = guest_id, conversation
        self._guest: GuestView | None = None
        self._seen: Mapping[str, ConsentView] = {}
        self._agreed: set[tuple[str, str]] = set()
        self._saving = False

    @property
    def form(self) -> Form:
        """The form; of a known guest it is there once the guest was read."""
        return self.query_one(Form)

    @property
    def _fields(self) -> Mapping[str, Field]:
        return self.form.fields

    def _begun(self) -> None:
        """A half-filled form goes on from what it began from.

        Attributes and consents show what stands there now, with what the agent put on and took off.
        """
        guest, began = self._guest, self.form.began
        if guest is None or not isinstance(began, GuestView):
            return
        self._seen = dict(guest.consents)
        now = {
            "tags": tuple(one.id for one in guest.attributes),
            "consents": tuple(one.channel for one in guest.consents.values() if one.given),
        }
        for name, there in now.items():
            field = self._fields[name]
            before, here = {*field.base}, {*field.value}
            if name in self.form.kept:
                if name == "consents":
                    self._seen |= {one: began.consents[one] for one in before ^ here if one in began.consents}
                field.begin_from(there)
                field.value = (*(one for one in there if one not in before - here), *(here - before - {*there}))

    # What is saved

    @on(Form.Committed)
    def _committed(self, event: Form.Committed) -> None:
        event.stop()
        if self._saving:
            return
        began = self.form.began
        mine = self.changed_values()
        if not mine.get("consents") and (self._fields["source"].value or self._fields["said_on"].value):
            self._fields["source"].show_error(_("It is noted with what is ticked or taken off here; nothing was."))
            self._fields["source"].focus_control()
            return
        self._save(began if isinstance(began, GuestView) else None, self._guest, mine)

    def changed_values(self) -> dict[str, Any]:
        """What the agent changed, as the form holds it; of a new guest all that is filled in. Consents: by channel."""
        new = self._guest is None
        found: dict[str, Any] = {}
        for name, field in self._fields.items():
            if not field.display or name in ("source", "said_on", "consents"):
                continue
            value = field.typed if isinstance(field, DayField) and field.value is None else field.value
            if (new and (value or name == "kind")) or (not new and field.dirty):
                found[name] = value
        ticked = self._fields["consents"].value
        said = {one: one in ticked for one in CONSENTS if (one in ticked) != word(self._seen.get(one))[0]}
        return found | ({"consents": said} if said else {})

    def _for_desk(self, values: Mapping[str, Any], seen: Mapping[str, ConsentView]) -> dict[str, Any]:
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
            now, before = set(given.pop("tags")), set(self._fields["tags"].base)
            given |= {"tag": sorted(now - before), "untag": sorted(before - now)}
        if "consents" in given:
            source, when = str(self._fields["source"].value), self._fields["said_on"].value
            given["consents"] = {
                one: {"given": yes, "source": source, "day": when, "seen": word(seen[one]) if one in seen else None}
                for one, yes in given["consents"].items()
            }
        return given

    def _save(
        self,
        base: GuestView | None,
        now: GuestView | None,
        values: dict[str, Any],
        seen: Mapping[str, ConsentView] | None = None,
    ) -> None:
        """Store it, once the agent knows what goes with the kind.

        Args:
            base: what the change began from.
            now: how the guest stands, as far as is known.
            seen: the consents that the agent knows of; None: those the form showed.
        """

        def store() -> None:
            self._saving = True
            given = self._for_desk(values, self._seen if seen is None else seen)
            where = calls.Where(self._number, base.version if base else 0, self._conversation, self._known)
            self.ask(
                noticing(lambda ctx: calls.save(ctx, where, given)), self._saved, failed=self._refused, in_order=True
            )

        self._ask_what_goes(now, values, store)

    def _ask_what_goes(self, now: GuestView | None, values: Mapping[str, Any], store: Callable[[], None]) -> None:
        kind = values.get("kind", "")
        typed = {name: field.value for name, field in self._fields.items() if field.dirty}
        gone = goes(kind, now, typed) if kind and (now is None or kind != now.kind) else []
        if {*gone} <= self._agreed:
            store()
            return
        name = cut(str(self._fields["surname"].value), _NAME)
        title = _("A company has none of this; it goes from {name}:") if kind == "company" else ""
        title = (title or _("A person has none of this; it goes from {name}:")).format(name=name)
        answers = (Answer("back", "b", _("Back to the form")), Answer("save", "s", _("Save; it goes"), danger=True))

        def answered(answer: str | None) -> None:
            if answer == "save":
                self._agreed |= {*gone}
                store()

        self.app.push_screen(Ask(title, "\n".join(f"{label}: {text}" for label, text in gone), answers), answered)

    def _saved(self, done: Done) -> None:
        self._saving = False
        guest: GuestView = done.result
        name = cut(guest.name, _NAME)
        self.form.forget()
        if self._number is None:
            self.shell.tell(_("{name} is in the client base · z takes it back").format(name=name))
        else:
            self.shell.tell(said_done(done, _("{name} is saved · z takes it back").format(name=name)))
        self.dismiss(guest.id)

    # What is in the way

    def _refused(self, error: Exception) -> None:
        self._saving = False
        theirs = getattr(error, "theirs", None)
        if isinstance(theirs, GuestView):
            self._choose(str(error), theirs, error.fields)  # type: ignore[attr-defined]
            return
        taken = getattr(error, "guest", None)
        if isinstance(taken, GuestRow):
            self._ask_whether_another(str(error), taken)
            return
        errors = {_ALIASES.get(name, name): text for name, text in getattr(error, "errors", {}).items()}
        shown = [name for name in errors if name in self._fields]
        for name in reversed(shown):
            self._fields[name].show_error(errors[name])
            self._fields[name].focus_control()
        if not shown and not (isinstance(error, InvalidInput) and self.form.show_error(error)):
            self.shell.report(error)

    def _ask_whether_another(self, words: str, taken: GuestRow) -> None:
        """Another desk took the sender in meanwhile."""
        answers = (
            Answer("open", "o", _("Open {name}").format(name=cut(taken.name, _NAME))),
            Answer("make", "m", _("Make another guest")),
        )

        def answered(answer: str | None) -> None:
            if answer == "open":
                self.form.remember()
                self.dismiss(None)
                self.shell.open_guest(taken.id)
            elif answer == "make":
                self._known = None
                self._save(None, None, self.changed_values())

        self.app.push_screen(Ask(words, "", answers), answered)

    def _choose(self, title: str, theirs: GuestView, both: Sequence[str]) -> None:
        """Both changed the same: the agent says whose counts, field by field. Lists that go together are put together."""
        mine = self.changed_values()
        clashing = both_changed(
            lambda name: self._fields[name].base, theirs, mine, both, lambda name: self._fields[name].caption.strip()
        )
        source = str(self._fields["source"].value)
        clashing += said_since(self._seen, theirs, mine.get("consents", {}), source, self.today())
        if not clashing:
            self._save(theirs, theirs, mine, theirs.consents)
            return

        def chosen(kept: frozenset[str] | None) -> None:
            if kept is not None:
                given_up = {one.field for one in clashing} - kept
                left = {name: value for name, value in mine.items() if name not in given_up}
                said = {one: yes for one, yes in mine.get("consents", {}).items() if CONSENT + one not in given_up}
                self._save(theirs, theirs, left | ({"consents": said} if "consents" in left else {}), theirs.consents)

        self.app.push_screen(VersionsDialog(title, clashing), chosen)
