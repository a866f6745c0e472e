"""The dialogs of the folios: a posting, a folio, the routing. Each stores what it asks for, and says what is wrong at the field."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from typing import TYPE_CHECKING, Any, ClassVar

from rich.cells import cell_len
from textual import on
from textual.app import ComposeResult
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Static

from crm_tui import desk
from crm_tui.base.errors import InvalidInput
from crm_tui.base.i18n import _
from crm_tui.desk.money.folio_views import CATEGORIES, FolioView
from crm_tui.screens.base import Dialog
from crm_tui.screens.dialogs.versions import both_versions
from crm_tui.screens.folios.rows import category_word, title
from crm_tui.widgets.cells import cut
from crm_tui.widgets.dialogs import DialogBox, DialogTitle
from crm_tui.widgets.forms import CheckField, Choice, ChoiceField, DayField, Form, TextField

if TYPE_CHECKING:
    from crm_tui.desk.common.context import Context


class FormBox(Dialog[Any]):
    """A form in a box: ctrl+s stores it and gives what came of it; what is wrong stands at its field, and nothing is lost.

    Args:
        heading: what it is about; display-safe.
        keep: the name under which what was typed is kept while the desk runs.
    """

    writes = True

    DEFAULT_CSS = """
    FormBox {
        align: center middle;
        DialogBox { width: 86; }
        Form { height: auto; }
        Form > VerticalScroll { max-height: 15; }
        Field .field--label { width: 12; }
        Field .field--error { padding: 0 0 0 12; }
        DayField InputLine { width: 24; max-width: 24; }
        Form > .form--help { padding: 0 0 0 13; margin: 0; height: 2; }
    }
    """

    first: ClassVar[str] = ""
    """The field that has the cursor at first; empty: the first one."""

    def __init__(self, heading: str, keep: str = "") -> None:
        super().__init__()
        self._heading, self._keep = heading, keep

    thing: Any = None
    """What the form shows, with its version."""

    def fields(self) -> Sequence[Widget]:
        """The fields, in order."""
        raise NotImplementedError

    def store(self, values: dict[str, Any]) -> Callable[[Context], Any]:
        """The command that the values ask for."""
        raise NotImplementedError

    def compose(self) -> ComposeResult:
        """Title and form."""
        with DialogBox():
            yield DialogTitle(self._heading)
            yield Form(*self.fields(), keep=self._keep, thing=self.thing)
            yield from self.below()
            yield Static(Content(_("ctrl+s saves · Esc back, what you typed is kept")), classes="dialog--keys")

    def below(self) -> ComposeResult:
        """What stands under the form."""
        yield from ()

    def on_mount(self) -> None:
        """Type at once."""
        fields = self.form.fields
        fields[self.first or next(iter(fields))].focus_control()

    @property
    def form(self) -> Form:
        """The form in the box."""
        return self.query_one(Form)

    @on(Form.Committed)
    def _committed(self, event: Form.Committed) -> None:
        event.stop()
        self._save(event.values)

    def _save(self, values: dict[str, Any]) -> None:
        def done(result: Any) -> None:
            self.form.forget()
            self.dismiss(result)

        self.ask(self.store(values), done, failed=lambda error: self.failed(error, values), in_order=True)

    def failed(self, error: Exception, values: dict[str, Any]) -> None:  # noqa: ARG002
        """What is wrong stands at its field; what stands at none is told."""
        told = False
        if isinstance(error, InvalidInput):
            several = getattr(error, "errors", {error.field: str(error)})
            for name, text in reversed(list(several.items())):
                told |= self.form.show_error(InvalidInput(text, field=name))
        if not told:
            self.shell.report(error)

    @on(Form.Left)
    def action_close(self) -> None:
        """Leave; what was typed is kept while the desk runs."""
        self.form.remember()
        self.dismiss(None)


ROOM = 52
"""Cells for choices that stand side by side on 80 columns."""


def choices_of(folios: Sequence[FolioView], *first: Choice) -> list[Choice]:
    """The open folios to choose from, called so that they stand on one line if they can."""
    shown = [one for one in folios if one.closed_at is None]
    used = sum(cell_len(one.label) + 5 for one in first)
    room = max(6, (ROOM - used) // max(1, len(shown)) - 5)
    return [*first, *(Choice(one.id, cut(title(one), room)) for one in shown)]


class PostingBox(FormBox):
    """Asks for a posting; gives its view.

    Args:
        folios: of the reservation.
        currency: what an amount without a currency is of.
        today: the property's day.
    """

    def __init__(
        self, reservation: int, code: str, folios: Sequence[FolioView], currency: str, today: Callable[[], date]
    ) -> None:
        super().__init__(_("Post on {code}").format(code=code), f"posting {reservation}")
        self._reservation, self._folios = reservation, folios
        self._currency, self._today = currency, today

    def fields(self) -> Sequence[Widget]:
        """Amount first: it is what the slip in the hand says."""
        help_ = _("Like 12.50 or 1.200,00; −12.50 is in favour of the payer. Without a currency: {currency}.")
        categories = [Choice(one, category_word(one)) for one in CATEGORIES]
        places = choices_of(self._folios, Choice(0, _("as routed")))
        return (
            TextField("amount", _("Amount"), required=True, max_length=40, help=help_.format(currency=self._currency)),
            TextField("text", _("What for"), max_length=200),
            ChoiceField("category", _("Category"), categories, "extras", help=_("← and → choose.")),
            DayField("day", _("Day"), self._today(), today=self._today, help=_("Write 12.7., yesterday or −1 day.")),
            ChoiceField("folio", _("Folio"), places, 0),
        )

    def store(self, values: dict[str, Any]) -> Callable[[Context], Any]:
        """Post it."""
        given = dict(values)
        amount, folio = given.pop("amount"), given.pop("folio") or None
        reservation = self._reservation
        return lambda ctx: desk.postings.post(ctx, reservation, str(amount), folio=folio, **given)


OTHER = -1
"""Somebody else of the client base pays."""


class FolioBox(FormBox):
    """Asks for name and payer; gives the folio, or (name, version) where somebody else of the client base is to pay.

    Args:
        folio: the one to change; None: a new one.
        people: who may pay: number and name.
    """

    def __init__(self, reservation: int, folio: FolioView | None, people: Sequence[tuple[int, str]]) -> None:
        heading = _("Folio {title}").format(title=folio.title) if folio else _("A new folio")
        super().__init__(heading, f"folio {reservation} {folio.id if folio else 0}")
        self._reservation, self._folio, self._people = reservation, folio, people
        self.thing = folio

    def fields(self) -> Sequence[Widget]:
        """Name and payer."""
        folio = self._folio
        known = dict(self._people)
        if folio is not None and folio.payer is not None:
            known.setdefault(*folio.payer)
        picks = [
            Choice(0, _("the holder")),
            *(Choice(number, name) for number, name in known.items()),
            Choice(OTHER, _("somebody else …")),
        ]
        return (
            TextField("name", _("Name"), folio.name if folio else "", max_length=80, help=_("May be empty.")),
            ChoiceField("payer", _("Payer"), picks, folio.payer[0] if folio and folio.payer else 0),
        )

    def store(self, values: dict[str, Any]) -> Callable[[Context], Any]:
        """Store it, unless the payer is still to be found."""
        name, payer, folio, reservation = values["name"], values["payer"], self._folio, self._reservation
        version = self.form.began.version if folio is not None else 0
        if payer == OTHER:
            return lambda _ctx: str(name)
        if folio is None:
            return lambda ctx: desk.folios.create(ctx, reservation, name=name, payer=payer or None)
        return lambda ctx: desk.folios.set(ctx, folio.id, version, {"name": name, "payer": payer or None})

    def failed(self, error: Exception, values: dict[str, Any]) -> None:
        """Another desk changed the folio: both changes are kept, or it is asked whose count."""
        theirs = getattr(error, "theirs", None)
        if theirs is None:
            super().failed(error, values)
            return
        began = self.form.began

        def chosen(kept: dict[str, Any]) -> None:
            self.form.began = theirs
            self.form.fill(kept)
            self._save(kept)

        labels = {"name": _("Name"), "payer": _("Payer")}
        versions = (_folio_values(began), _folio_values(theirs), values)
        names = dict(self._people) | dict(one.payer for one in (began, theirs) if one.payer is not None)
        names[0] = _("the holder")
        both_versions(
            self.app,
            str(error),
            labels,
            versions,
            chosen,
            lambda name, value: names.get(value, "–") if name == "payer" else str(value),
        )


def _folio_values(folio: FolioView) -> dict[str, Any]:
    """A folio as the form has it."""
    return {"name": folio.name, "payer": folio.payer[0] if folio.payer is not None else 0}


class RoutesBox(FormBox):
    """Asks where the postings of each category go; gives how many postings were moved."""

    DEFAULT_CSS = "RoutesBox DialogBox { width: 96; }"

    def __init__(self, reservation: int, code: str, folios: Sequence[FolioView]) -> None:
        super().__init__(_("Where postings of {code} go").format(code=code))
        self._reservation, self._folios = reservation, folios

    def fields(self) -> Sequence[Widget]:
        """A row a category."""
        now = {category: folio.id for folio in self._folios for category in folio.routed}
        picks = choices_of(self._folios, Choice(0, _("first open")))
        rows: list[Widget] = [ChoiceField(one, category_word(one), picks, now.get(one, 0)) for one in CATEGORIES]
        words = _("what is posted already goes there too")
        return (*rows, CheckField("existing", _("Existing"), words))

    def store(self, values: dict[str, Any]) -> Callable[[Context], Any]:
        """Change the rule."""
        wanted = {category: values[category] or None for category in CATEGORIES}
        existing, reservation = values["existing"], self._reservation
        return lambda ctx: desk.folio_routes.set_routes(ctx, reservation, wanted, existing=existing)
