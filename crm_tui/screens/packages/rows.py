"""How packages, their guests, and the guests of a mailing look in lists, and where long lists come from."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Generic, Protocol, TypeVar

from crm_tui.base.i18n import _, ngettext
from crm_tui.desk.common.words import said
from crm_tui.desk.groups.mailing_views import ITEM_STATES, STATES, MailingItemRow, MailingView, Whom
from crm_tui.desk.groups.package_views import PackageGuestRow, PackageView
from crm_tui.rules.vocabulary import GuestKind, MailingItemState, MailingState
from crm_tui.screens.base import Shell
from crm_tui.widgets.cells import fit
from crm_tui.widgets.styled import Part
from crm_tui.widgets.times import age

if TYPE_CHECKING:
    from crm_tui.desk.common.context import Context

R = TypeVar("R")

STATE_SIGNS: Mapping[str, Part] = {
    MailingState.READY: ("·", "muted"),
    MailingState.RUNNING: ("▶", "good"),
    MailingState.PAUSED: ("‖", "warn"),
    MailingState.STOPPED: ("■", "muted"),
    MailingState.DONE: ("✔", "good"),
}
ITEM_SIGNS: Mapping[str, Part] = {
    MailingItemState.WAITING: ("·", "muted"),
    MailingItemState.QUEUED: ("▶", "accent"),
    MailingItemState.SENT: ("✔", "good"),
    MailingItemState.FAILED: ("✕", "bad"),
    MailingItemState.LEFT_OUT: ("–", "warn"),
}


def signs() -> list[tuple[str, str]]:
    """What the signs of a mailing mean, for the help."""
    states = [(STATE_SIGNS[state][0], said(STATES, state)) for state in (MailingState.PAUSED, MailingState.STOPPED)]
    return [*((ITEM_SIGNS[state][0], said(ITEM_STATES, state)) for state in ITEM_SIGNS), *states]


def gauge(done: int, total: int, width: int) -> list[Part]:
    """A bar of how much is done: ``━━━━───``; something done is never shown as nothing, nor something left as all."""
    if total <= 0 or width <= 0:
        return [("─" * max(0, width), "line")]
    filled = done * width // total
    filled = min(width - 1, max(1, filled)) if 0 < done < total else filled
    return [("━" * filled, "good"), ("─" * (width - filled), "line")]


class _Empty:
    """Says what an empty list would hold."""

    empty_text: Sequence[Part] = ()

    def empty(self) -> Sequence[Part]:
        """What an empty list says."""
        return self.empty_text


class PackageRows(_Empty):
    """Draws packages: name, size, search, when it was refreshed, a mailing under way."""

    def __init__(self, shell: Shell) -> None:
        self._shell = shell
        self.under_way: Mapping[int, MailingView] = {}

    def parts(self, row: PackageView, width: int) -> list[Part]:
        """The pieces of a line."""
        shell = self._shell
        mailing = self.under_way.get(row.id)
        told = f"{STATE_SIGNS[mailing.state][0]} {mailing.done}/{mailing.total}" if mailing is not None else ""
        when = age(row.refreshed_at, shell.clock.now(), shell.zone, shell.settings.spell_days)
        name = max(16, (width - 30) // 2)
        rest = width - name - 8 - 12 - 9 - 2
        return [
            (" " + fit(row.name, name), "strong"),
            (fit(f"{row.size}", 6, right=True) + "  ", "accent"),
            (fit(row.words or _("by hand"), rest) + " ", "" if row.words else "muted"),
            (fit(told, 12, right=True), "good"),
            (fit(when, 8, right=True) + " ", "muted"),
        ]


class MemberRows(_Empty):
    """Draws the guests of a package: name, address, telephone, country and language."""

    def parts(self, row: PackageGuestRow, width: int) -> list[Part]:
        """The pieces of a line."""
        phone = 17 if width >= 76 else 0
        name = max(18, (width - phone - 9) * 2 // 5)
        mail = width - name - phone - 9 - 2
        company = row.kind == GuestKind.COMPANY
        sign = "⌂ " if company else "  "
        told = _("archived") if row.archived else f"{row.country:<2} {row.language:<2}"
        return [
            (" " + sign, "muted"),
            (fit(row.name, name - 2) + " ", "muted" if row.archived else "strong"),
            (fit(row.email or "–", mail - 1) + " ", "" if row.email else "muted"),
            (fit(row.phone, phone - 1) + " " if phone else "", "muted"),
            (fit(told, 8) + " ", "warn" if row.archived else "muted"),
        ]


class WhomRows(_Empty):
    """Draws who would get a mailing, and who would not and why."""

    def parts(self, row: Whom, width: int) -> list[Part]:
        """The pieces of a line."""
        name = max(16, width * 2 // 5)
        rest = width - name - 4
        if row.reason:
            return [
                (" – ", "warn"),
                (fit(row.name, name), "muted"),
                (fit(row.words, rest) + " ", "warn"),
            ]
        return [
            (" ✓ ", "good"),
            (fit(row.name, name), "strong"),
            (fit(row.address, rest - 3), ""),
            (f" {row.language:<2} ", "muted"),
        ]


class MailingRows(_Empty):
    """Draws mailings: state, template, package, how far, when."""

    def __init__(self, shell: Shell) -> None:
        self._shell = shell

    def parts(self, row: MailingView, width: int) -> list[Part]:
        """The pieces of a line."""
        shell = self._shell
        sign, look = STATE_SIGNS[row.state]
        bar = 20 if width >= 100 else 10
        when = age(row.created_at, shell.clock.now(), shell.zone, shell.settings.spell_days)
        count = fit(f"{row.sent}/{row.total}", 11, right=True)
        names = width - 3 - bar - 11 - 12 - 9 - 2
        half = names // 2
        failed = ngettext("{n} failed", "{n} failed", row.failed).format(n=row.failed) if row.failed else ""
        return [
            (f" {sign} ", look),
            (fit(row.template_name, half - 1) + " ", "strong"),
            (fit(row.package_name, names - half), ""),
            *gauge(row.done, row.total, bar),
            (count + " ", "accent"),
            (fit(failed, 11) + " ", "bad"),
            (fit(when, 8, right=True) + " ", "muted"),
        ]


class ItemRows(_Empty):
    """Draws the guests of a mailing under way: state, name, address, reason or the server's words."""

    def __init__(self, shell: Shell) -> None:
        self._shell = shell

    def parts(self, row: MailingItemRow, width: int) -> list[Part]:
        """The pieces of a line."""
        sign, look = ITEM_SIGNS[row.state]
        shell = self._shell
        name = max(16, width * 3 // 10)
        mail = max(16, width * 3 // 10)
        rest = width - name - mail - 3
        words = row.words or said(ITEM_STATES, row.state)
        if row.state == MailingItemState.SENT:
            when = age(row.changed_at, shell.clock.now(), shell.zone, shell.settings.spell_days)
            words = f"{words} · {when}"
        return [
            (f" {sign} ", look),
            (fit(row.name, name - 1) + " ", "strong" if row.state != MailingItemState.LEFT_OUT else "muted"),
            (fit(row.address, mail - 1) + " ", ""),
            (fit(words, rest - 1) + " ", look),
        ]


class Paged(Protocol[R]):
    """What the desk gives of a long list."""

    def total(self, ctx: Context) -> int:
        """How many there are."""
        ...

    def page(
        self,
        ctx: Context,
        *,
        after: R | None = None,
        before: R | None = None,
        last: bool = False,
        at: int = 0,
        limit: int = 100,
    ) -> list[R]:
        """A stretch."""
        ...

    def position(self, ctx: Context, row: R) -> int:
        """How many stand before a row."""
        ...

    def find(self, ctx: Context, number: int) -> R | None:
        """A row as it is now."""
        ...


class PagedSource(Generic[R]):
    """A long list as a record list reads it. Every method blocks: for threads."""

    def __init__(self, ctx: Context, make: Callable[[], Paged[R]]) -> None:
        self._ctx = ctx
        self._make = make
        self._made: Paged[R] | None = None

    @property
    def _list(self) -> Paged[R]:
        if self._made is None:
            self._made = self._make()  # in the thread: it loads the store's library
        return self._made

    def count(self) -> int:
        """How many there are."""
        return self._list.total(self._ctx)

    def after(self, row: R | None, limit: int) -> Sequence[R]:
        """The rows that follow."""
        return self._list.page(self._ctx, after=row, limit=limit)

    def before(self, row: R | None, limit: int) -> Sequence[R]:
        """The rows before."""
        return self._list.page(self._ctx, before=row, last=row is None, limit=limit)

    def at(self, index: int, limit: int) -> Sequence[R]:
        """The rows from a position on."""
        return self._list.page(self._ctx, at=index, limit=limit)

    def index_of(self, row: R) -> int:
        """How many rows stand before it."""
        return self._list.position(self._ctx, row)

    def find(self, row_id: int | str) -> R | None:
        """The row as it is now, if it is still in this list."""
        return self._list.find(self._ctx, int(row_id))
