"""``folio``: the bills of a reservation (SPEC §7)."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from crm_tui.base.errors import InvalidInput, NotFound
from crm_tui.base.i18n import _, ngettext
from crm_tui.cli.invocation import Invocation
from crm_tui.cli.reservations import number_of

if TYPE_CHECKING:
    from crm_tui.desk.common.context import Context
    from crm_tui.desk.money.folio_views import FolioView, PostingView
    from crm_tui.rules.money import Money


def list_folios(run: Invocation) -> int:
    """Print the folios of a reservation with what is on them."""
    from crm_tui import desk

    with run.desk() as ctx:
        found = desk.folios.listed(ctx, number_of(ctx, run.options.reservation))
    if run.out.as_json:
        for one in found:
            run.out.record(folio_record(one))
        return 0
    for one in found:
        _print_folio(run, one)
    return 0


def new(run: Invocation) -> int:
    """Make another folio."""
    from crm_tui import desk

    options = run.options
    with run.desk() as ctx:
        number = number_of(ctx, options.reservation)
        made = desk.folios.create(ctx, number, name=options.name or "", payer=options.payer)
    return _tell_folio(run, made, _("Folio {title} is made."))


def change(run: Invocation) -> int:
    """Rename a folio, or have another pay it."""
    from crm_tui import desk

    options = run.options
    values: dict[str, Any] = {}
    if options.name is not None:
        values["name"] = options.name
    if options.payer is not None or options.holder:
        values["payer"] = None if options.holder else options.payer
    with run.desk() as ctx:
        folio = _folio(ctx, options.reservation, options.folio)
        changed = desk.folios.set(ctx, folio.id, folio.version, values)
    return _tell_folio(run, changed, _("Folio {title} is changed."))


def close(run: Invocation) -> int:
    """Close a folio for good."""
    from crm_tui import desk

    options = run.options
    with run.desk() as ctx:
        folio = _folio(ctx, options.reservation, options.folio)
        closed = desk.folios.close(ctx, folio.id, folio.version, sure=options.sure)
    return _tell_folio(run, closed, _("Folio {title} is closed."))


def delete(run: Invocation) -> int:
    """Delete an empty folio."""
    from crm_tui import desk

    with run.desk() as ctx:
        folio = _folio(ctx, run.options.reservation, run.options.folio)
        desk.folios.remove(ctx, folio.id, folio.version)
    return _tell_folio(run, folio, _("Folio {title} is deleted."))


def print_folio(run: Invocation) -> int:
    """Write the statement of a folio."""
    from crm_tui import desk

    options = run.options
    if options.language and options.language not in desk.folio_statement.LANGUAGES:
        known = ", ".join(desk.folio_statement.LANGUAGES)
        raise InvalidInput(_("A statement is written in {languages}.").format(languages=known), field="language")
    with run.desk() as ctx:
        folio = _folio(ctx, options.reservation, options.folio)
        if options.file:
            path = desk.folio_statement.write(ctx, folio.id, Path(options.file), options.language)
            if run.out.as_json:
                run.out.record({"folio": folio.number, "file": str(path)})
            else:
                run.out.line(_("The statement is in {path}.").format(path=path))
            return 0
        text = desk.folio_statement.text(ctx, folio.id, options.language)
    if run.out.as_json:
        run.out.record({"folio": folio.number, "text": text})
    else:
        run.out.text(text)
    return 0


def post(run: Invocation) -> int:
    """Post an amount."""
    from crm_tui import desk

    options = run.options
    with run.desk() as ctx:
        number = number_of(ctx, options.reservation)
        folio = _folio(ctx, options.reservation, options.folio).id if options.folio is not None else None
        made = desk.postings.post(
            ctx,
            number,
            f"-{options.amount}" if options.credit else options.amount,
            category=options.category,
            text=options.text,
            day=options.day,
            currency=options.currency,
            folio=folio,
        )
        return _tell_postings(run, ctx, [made], _("Posting {ids}: {amount}, on folio {folio}."))


def move(run: Invocation) -> int:
    """Put postings on another folio of their reservation."""
    from crm_tui import desk

    options = run.options
    with run.desk() as ctx:
        first = desk.postings.get(ctx, options.postings[0])
        target = _folio(ctx, str(first.reservation), options.to)
        count = desk.postings.move(ctx, options.postings, target.id)
    if run.out.as_json:
        run.out.record({"moved": count, "folio": target.number})
    else:
        words = ngettext("{n} posting is on folio {folio} now.", "{n} postings are on folio {folio} now.", count)
        run.out.line(words.format(n=count, folio=target.title))
    return 0


def split(run: Invocation) -> int:
    """Split a posting."""
    from crm_tui import desk

    options = run.options
    how: Any
    if options.amounts:
        how = desk.postings.ByAmounts(tuple(options.amounts))
    elif options.percent:
        how = desk.postings.ByPercent(tuple(options.percent))
    else:
        how = desk.postings.Evenly(options.evenly)
    with run.desk() as ctx:
        whole = desk.postings.get(ctx, options.posting)
        places = [_folio(ctx, str(whole.reservation), one).id for one in options.to]
        parts = desk.postings.split(ctx, whole.id, how, folios=places)
        return _tell_postings(run, ctx, parts, _("Posting {ids}: {amount}, on folio {folio}."))


def reverse(run: Invocation) -> int:
    """Take a posting back."""
    from crm_tui import desk

    options = run.options
    with run.desk() as ctx:
        whole = desk.postings.get(ctx, options.posting)
        folio = _folio(ctx, str(whole.reservation), options.folio).id if options.folio is not None else None
        made = desk.postings.reverse(ctx, whole.id, options.reason, folio=folio)
        return _tell_postings(run, ctx, [made], _("Taken back by posting {ids}: {amount}, on folio {folio}."))


def route(run: Invocation) -> int:
    """Say, or change, where the postings of a category go."""
    from crm_tui import desk

    options = run.options
    with run.desk() as ctx:
        number = number_of(ctx, options.reservation)
        moved = 0
        if options.category and options.folio is not None:
            folio = _folio(ctx, options.reservation, options.folio).id if options.folio else None
            moved = desk.folio_routes.set_route(ctx, number, options.category, folio, existing=options.existing)
        elif options.existing:
            moved = desk.folio_routes.apply(ctx, number)
        known = {one.id: one for one in desk.folios.listed(ctx, number)}
        routes = desk.folio_routes.routes(ctx, number)
    shown = {category: known[number] for category, number in routes.items() if number in known}
    if run.out.as_json:
        run.out.record({"routes": {category: bill.number for category, bill in shown.items()}, "moved": moved})
        return 0
    for category, bill in shown.items():
        run.out.line(_("{category} → folio {title}").format(category=category_word(category), title=bill.title))
    if not shown:
        run.out.line(_("Nothing is routed: postings go to the first open folio."))
    if moved:
        run.out.line(ngettext("{n} posting was moved.", "{n} postings were moved.", moved).format(n=moved))
    return 0


def category_word(category: str) -> str:
    """A category in the agent's language."""
    from crm_tui.desk.money.folio_views import CATEGORIES

    return _(CATEGORIES.get(category, category))


def folio_record(one: FolioView) -> dict[str, Any]:
    """A folio as JSON: amounts as decimal strings with their currency."""
    return {
        "id": one.id,
        "number": one.number,
        "name": one.name or None,
        "payer": {"id": one.payer[0], "name": one.payer[1]} if one.payer else None,
        "closed_at": one.closed_at,
        "routed": list(one.routed),
        "totals": _amounts(one.totals),
        "balances": _amounts(one.balances),
        "postings": [posting_record(posting) for posting in one.postings],
        "payments": [
            {"id": paid.id, "kind": paid.kind, "date": paid.day, "amount": paid.amount.decimal,
             "currency": paid.amount.currency, "reversed": paid.reversed_at is not None}
            for paid in one.payments
        ],
        "version": one.version,
    }  # fmt: skip


def posting_record(one: PostingView) -> dict[str, Any]:
    """A posting as JSON."""
    return {
        "id": one.id,
        "date": one.day,
        "category": one.category,
        "text": one.text or None,
        "amount": one.amount.decimal,
        "currency": one.amount.currency,
        "reverses": one.reverses,
        "reversed_by": one.reversed_by,
        "split_of": one.split_of,
        "created_by": one.created_by or None,
        "created_at": one.created_at,
    }


def _amounts(found: Sequence[Money]) -> list[dict[str, str]]:
    return [{"amount": one.decimal, "currency": one.currency} for one in found]


def _folio(ctx: Context, reservation: str, number: int) -> FolioView:
    """A folio by what people call it: its number inside the reservation."""
    from crm_tui import desk

    for one in desk.folios.listed(ctx, number_of(ctx, reservation)):
        if one.number == number:
            return one
    raise NotFound(_("There is no folio {number}.").format(number=number))


def _print_folio(run: Invocation, one: FolioView) -> None:
    state = " · " + _("closed") if one.closed_at else ""
    payer = f" · {one.payer_name}" if one.name and one.payer_name else ""
    run.out.line(_("Folio {title}").format(title=one.title) + payer + state, "bold")
    if one.postings:
        titles = (_("ID"), _("Day"), _("Category"), _("What"), _("Amount"))
        rows = [(row.id, row.day, category_word(row.category), _what(row), row.amount) for row in one.postings]
        run.out.table(titles, rows, right=(0, 4))
    if one.routed:
        names = ", ".join(category_word(category) for category in one.routed)
        run.out.line(_("Routed here: {categories}").format(categories=names), "dim")
    sums = ", ".join(str(money) for money in one.balances) or "0"
    run.out.line(_("Balance: {balance}").format(balance=sums))


def _what(one: PostingView) -> str:
    remarks = {
        _("takes back {number}").format(number=one.reverses): one.reverses,
        _("taken back by {number}").format(number=one.reversed_by): one.reversed_by,
    }
    return " · ".join([part for part in (one.text, *(text for text, number in remarks.items() if number)) if part])


def _tell_folio(run: Invocation, one: FolioView, words: str) -> int:
    if run.out.as_json:
        run.out.record(folio_record(one))
    else:
        run.out.line(words.format(title=one.title))
    return 0


def _tell_postings(run: Invocation, ctx: Context, made: Sequence[PostingView], words: str) -> int:
    from crm_tui import desk

    for one in made:
        folio = desk.folios.get(ctx, one.folio).number
        if run.out.as_json:
            run.out.record(posting_record(one) | {"folio": folio})
        else:
            run.out.line(words.format(ids=one.id, amount=one.amount, folio=folio))
    return 0
