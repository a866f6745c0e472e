"""A promise in a mail that was sent without a reminder: it is offered once, and one key notes it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, cast
from weakref import WeakKeyDictionary

from textual.app import App

from crm_tui.base.i18n import _
from crm_tui.screens import catalog
from crm_tui.widgets.cells import cut
from crm_tui.widgets.days import full_day

if TYPE_CHECKING:
    from crm_tui.rules.promises import Promise
    from crm_tui.screens.base import Shell

_SHOWN = 40


@dataclass(frozen=True, slots=True)
class Offer:
    """A promise and what its mail is about."""

    promise: Promise
    about: Mapping[str, int | None]


_last: WeakKeyDictionary[App[Any], Offer] = WeakKeyDictionary()


def offer(app: App[Any], promise: Promise, about: Mapping[str, int | None]) -> str:
    """Have it at hand for the key; what to say of it in a line."""
    _last[app] = Offer(promise, about)
    words = _("ctrl+r notes for {day}: “{what}”")
    return words.format(what=cut(promise.sentence, _SHOWN), day=full_day(promise.day))


def note_last(app: App[Any]) -> None:
    """The form of the reminder, filled in; nothing if no promise is open."""
    found = _last.pop(app, None)
    if found is None:
        cast("Shell", app).tell(_("No promise was found in the mail that was sent last."))
    else:
        app.push_screen(form_of(found.promise, found.about))


def form_of(promise: Promise, about: Mapping[str, int | None]) -> Any:
    """The form with the promise as its proposal, for oneself."""
    values = {"title": promise.sentence[:500], "due": promise.day, "promised": True}
    return catalog.load(catalog.REMINDER_FORM)(**about, values=values)
