"""How folios and their postings look. Pure; no widget."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from datetime import date

from rich.cells import cell_len

from crm_tui.base.i18n import _
from crm_tui.desk.common.words import said
from crm_tui.desk.money.folio_views import CATEGORIES, FolioView, PostingView
from crm_tui.desk.stays.reservation_views import PaymentView
from crm_tui.rules.money import Money
from crm_tui.screens.inquiries.words import amount
from crm_tui.widgets.cells import cut, fit
from crm_tui.widgets.days import day, written
from crm_tui.widgets.entries import Build, Entry, TextLine
from crm_tui.widgets.styled import Part

_DAY = 8
MARK = "▪"


def category_word(category: str) -> str:
    """A category in the agent's language."""
    return said(CATEGORIES, category)


def what(one: PostingView) -> str:
    """What a posting is for: its text, else its category."""
    return one.text or category_word(one.category)


def money(amounts: Sequence[Money], empty: str = "0") -> str:
    """Amounts of several currencies in one line."""
    return " + ".join(amount(one) for one in amounts) or empty


def entries(folio: FolioView, marked: Collection[int], today: date) -> Build:
    """The postings, the payments and the balance of a folio. A posting's key is its number."""

    def build(width: int) -> Sequence[Entry]:
        if not folio.postings and not folio.payments:
            return ()
        return [
            *(_posting(one, one.id in marked, today, width) for one in folio.postings),
            *_payments(folio.payments, today, width),
            *_sums(folio, width),
        ]

    return build


def _posting(one: PostingView, marked: bool, today: date, width: int) -> Entry:
    sum_ = amount(one.amount)
    style = "" if one.whole else "muted"
    sign: Part = (MARK if marked else "↩" if one.reverses else " ", "accent" if marked else "muted")
    room = width - cell_len(sum_) - _DAY - 4
    words = cut(what(one), room)
    left: list[Part] = [sign, (" " + fit(day(one.day, today), _DAY), "muted"), (words, style)]
    category = category_word(one.category) if one.text else ""
    if one.reversed_by:
        category = _("taken back")
    if category and room - cell_len(words) > cell_len(category) + 3:
        left.append((f" · {category}", "faint"))
    return Entry(str(one.id), (TextLine(left, [(f"{sum_} ", style or "strong")]),))


def _payments(payments: Sequence[PaymentView], today: date, width: int) -> Iterator[Entry]:
    shown = [one for one in payments if one.reversed_at is None]
    if shown:
        yield Entry("", (_rule(width),))
    for one in shown:
        refund = one.kind == "refund"
        money_ = Money(one.amount.amount * (1 if refund else -1), one.amount.currency)
        word = _("given back") if refund else _("paid")
        about = f"{word} · {one.method}" if one.method else word
        left: list[Part] = [("  " + fit(day(one.day, today), _DAY), "muted"), (cut(about, width - _DAY - 20), "good")]
        yield Entry("", (TextLine(left, [(f"{amount(money_)} ", "good")]),))


def _sums(folio: FolioView, width: int) -> Iterator[Entry]:
    lines = [_rule(width)]
    for number, balance in enumerate(folio.balances):
        word = (" " * (_DAY + 2)) + (_("balance") if not number else "")
        style = "warn" if balance.amount > 0 else "good" if balance.amount == 0 else "accent"
        lines.append(TextLine([(word, "muted")], [(f"{amount(balance)} ", f"strong {style}")]))
    yield Entry("", tuple(lines))


def _rule(width: int) -> TextLine:
    return TextLine([("─" * max(0, width - 1), "faint")])


def called(folio: FolioView) -> str:
    """Name or payer, with the sign of a company; what it is called beside its number."""
    return ("⌂ " if folio.company else "") + (folio.name or folio.payer_name)


def title(folio: FolioView) -> str:
    """Number, and name or payer."""
    words = called(folio)
    return f"{folio.number} · {words}" if words else folio.title


def remarks(folio: FolioView) -> list[Part]:
    """What must not be overlooked of a folio: closed, and what is routed to it."""
    found: list[Part] = []
    if folio.closed_at is not None:
        found.append((" · " + _("closed"), "good"))
    if folio.routed:
        found.append((" ← " + ", ".join(category_word(one) for one in folio.routed), "accent"))
    return found


def about(one: PostingView, folio: FolioView, when: str) -> str:
    """All of a posting, for reading."""
    rows = [
        (_("Amount"), amount(one.amount)),
        (_("Category"), category_word(one.category)),
        (_("Text"), one.text),
        (_("Day"), written(one.day)),
        (_("Folio"), folio.title),
        (_("Posted"), " · ".join(part for part in (when, one.created_by) if part)),
        (_("Part of"), _("posting {number}").format(number=one.split_of) if one.split_of else ""),
        (_("Takes back"), _("posting {number}").format(number=one.reverses) if one.reverses else ""),
        (_("Taken back by"), _("posting {number}").format(number=one.reversed_by) if one.reversed_by else ""),
    ]
    width = max(cell_len(label) for label, value in rows if value) + 2
    return "\n".join(f"{fit(label, width)}{value}" for label, value in rows if value)
