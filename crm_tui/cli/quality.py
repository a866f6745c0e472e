"""``quality``: what guests are given for an occasion, and the lists of codes and items (SPEC §11)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from crm_tui.base.i18n import _
from crm_tui.cli.events import instant
from crm_tui.cli.invocation import Invocation
from crm_tui.cli.mail import limit_of
from crm_tui.cli.memos import text_of
from crm_tui.cli.occasion_changes import changes_of, lines_of, require_changes
from crm_tui.cli.times import moment, zone_of
from crm_tui.cli.usage import UsageError

if TYPE_CHECKING:
    from crm_tui.desk.common.context import Context
    from crm_tui.desk.quality.quality_views import CodeView, CostView, Given, ItemView


def items_of(words: list[list[str]]) -> list[Given]:
    """What was given, as it stands on the command line: item, how many, the value of one.

    Raises:
        UsageError: an ``--item`` has more than these three.
    """
    from crm_tui.desk.quality.quality_views import Given

    for one in words:
        if len(one) > 3:
            raise UsageError(_("--item takes an item, how many, and the value of one, not more."))
    padded = [[*one, "1", ""] if len(one) == 1 else [*one, ""] for one in words]
    return [Given(_number_or(one[0]), one[1], one[2] or None) for one in padded]


def _number_or(text: str) -> int | str:
    return int(text) if text.isascii() and text.isdigit() else text


def in_room(ctx: Context, given: Mapping[str, Any]) -> dict[str, Any]:
    """Guest and stay by the room alone, as the form finds them: who stays in it today."""
    from crm_tui import desk

    if not given["room"] or any(given[name] is not None for name in ("guest", "reservation", "conversation")):
        return {}
    found = desk.feedback.staying(ctx, given["room"])
    return {"guest": found.guest, "reservation": found.reservation}


def add(run: Invocation) -> int:
    """Write a cost of quality down."""
    from crm_tui import desk

    options = run.options
    given = {name: getattr(options, name) for name in ("guest", "reservation", "conversation", "room", "code")}
    with run.desk() as ctx:
        given |= in_room(ctx, given)
        number = desk.quality_costs.add(
            ctx,
            items_of(options.item),
            at=instant(ctx, options.at),
            occasion=options.occasion,
            comment=text_of(list(options.words)),
            **given,
        )
        return _tell(run, desk.quality_costs.get(ctx, number), _("Cost of quality {number} is written down."))


def change(run: Invocation) -> int:
    """Change a cost of quality."""
    from crm_tui import desk

    options = run.options
    with run.desk() as ctx:
        found = desk.quality_costs.get(ctx, options.id)
        values = changes_of(run, ctx, found, ("room", "code", "occasion"))
        if options.item:
            values["items"] = lines_of(ctx, found.given, items_of(options.item))
        require_changes(values, "crm-tui quality set")
        found = desk.quality_costs.edit(ctx, found.id, options.version or found.version, values)
        return _tell(run, found, _("Cost of quality {number} is changed."))


def list_costs(run: Invocation) -> int:
    """Print costs of quality, the newest first."""
    from crm_tui import desk

    options = run.options
    with run.desk() as ctx:
        if options.guest is not None:
            found = desk.quality_costs.of_guest(ctx, options.guest)[: limit_of(run)]
        else:
            found = desk.quality_costs.listed(ctx, code=_code(ctx, options.code), limit=limit_of(run))
        zone = zone_of(ctx)
    if run.out.as_json:
        for one in found:
            run.out.record(desk.quality_export.cost_record(one))
    elif not found:
        run.out.line(_("Nothing was given to guests yet."))
    else:
        titles = (_("ID"), _("When"), _("Guest"), _("About"), _("Occasion"), _("Given"), _("Cost"))
        rows = [
            (one.id, moment(one.at, zone), one.title, one.code, one.occasion, things(one), cost_words(one))
            for one in found
        ]
        run.out.table(titles, rows, right=(0, 6))
    return 0


def show(run: Invocation) -> int:
    """Print one cost of quality."""
    from crm_tui import desk

    with run.desk() as ctx:
        found = desk.quality_costs.get(ctx, run.options.id)
        zone = zone_of(ctx)
    if run.out.as_json:
        run.out.record(desk.quality_export.cost_record(found))
        return 0
    run.out.line(" · ".join(part for part in (found.title, found.code, found.occasion, moment(found.at, zone)) if part))
    tell_given(run, found)
    if found.comment:
        run.out.line(found.comment)
    return 0


def remove(run: Invocation) -> int:
    """Take a cost of quality away."""
    from crm_tui import desk

    with run.desk() as ctx:
        found = desk.quality_costs.get(ctx, run.options.id)
        desk.quality_costs.remove(ctx, found.id)
        return _tell(run, found, _("Cost of quality {number} is gone."))


def things(one: Any) -> str:
    """What was given, on one line."""
    return ", ".join(f"{line.quantity} × {line.name}" for line in one.given)


def cost_words(one: Any) -> str:
    """What it cost, each currency for itself."""
    return " + ".join(str(money) for money in one.cost)


def tell_given(run: Invocation, one: Any) -> None:
    """A line for each thing that was given, and what they cost."""
    for line in one.given:
        run.out.line(f"  {line.quantity} × {line.name}: {line.value} = {line.amount}")
    if len(one.given) > 1:
        run.out.line("  " + _("together {amount}").format(amount=cost_words(one)))


def _tell(run: Invocation, found: CostView, words: str) -> int:
    from crm_tui import desk

    if run.out.as_json:
        run.out.record(desk.quality_export.cost_record(found))
    else:
        run.out.line(words.format(number=found.id))
        run.out.line(f"  {found.title}")
    return 0


# Codes


def _code(ctx: Context, name: str) -> str:
    """A code as the list writes it; what is not on it as it was typed."""
    from crm_tui import desk
    from crm_tui.base.errors import NotFound

    try:
        return desk.quality_codes.named(ctx, name).name if name else ""
    except NotFound:
        return name


def list_codes(run: Invocation) -> int:
    """Print the codes."""
    from crm_tui import desk

    with run.desk() as ctx:
        found = desk.quality_codes.listed(ctx)
    if run.out.as_json:
        for one in found:
            run.out.record(_code_record(one))
    elif not found:
        run.out.line(_("The list of codes is empty; an administrator fills it."))
    else:
        run.out.table((_("ID"), _("Name"), _("Entries")), [(one.id, one.name, one.uses) for one in found], right=(0, 2))
    return 0


def add_code(run: Invocation) -> int:
    """Put a code on the list."""
    from crm_tui import desk

    with run.desk() as ctx:
        desk.quality_codes.add(ctx, run.options.name)
        return _tell_code(run, desk.quality_codes.named(ctx, run.options.name), _("“{name}” is on the list."))


def rename_code(run: Invocation) -> int:
    """Call a code otherwise; what is filed under it too."""
    from crm_tui import desk

    with run.desk() as ctx:
        found = _find_code(ctx, run.options.code)
        desk.quality_codes.rename(ctx, found.id, found.version, run.options.name)
        return _tell_code(run, _find_code(ctx, str(found.id)), _("It is called “{name}” now."))


def remove_code(run: Invocation) -> int:
    """Take a code off the list."""
    from crm_tui import desk

    with run.desk() as ctx:
        found = _find_code(ctx, run.options.code)
        desk.quality_codes.remove(ctx, found.id, found.version)
        return _tell_code(run, found, _("“{name}” is off the list."))


def _find_code(ctx: Context, text: str) -> CodeView:
    from crm_tui import desk

    number = _number_or(text)
    found = next((one for one in desk.quality_codes.listed(ctx) if one.id == number), None)
    return found or desk.quality_codes.named(ctx, text)


def _code_record(one: CodeView) -> dict[str, Any]:
    return {"id": one.id, "name": one.name, "entries": one.uses, "version": one.version}


def _tell_code(run: Invocation, found: CodeView, words: str) -> int:
    if run.out.as_json:
        run.out.record(_code_record(found))
    else:
        run.out.line(words.format(name=found.name))
    return 0


# Items


def list_items(run: Invocation) -> int:
    """Print the items."""
    from crm_tui import desk

    with run.desk() as ctx:
        found = desk.quality_items.listed(ctx)
    if run.out.as_json:
        for one in found:
            run.out.record(_item_record(one))
    elif not found:
        run.out.line(_("The list of items is empty; an administrator fills it."))
    else:
        titles = (_("ID"), _("Name"), _("Value"), _("Entries"))
        run.out.table(titles, [(one.id, one.name, one.value, one.uses) for one in found], right=(0, 2, 3))
    return 0


def add_item(run: Invocation) -> int:
    """Put an item on the list."""
    from crm_tui import desk

    with run.desk() as ctx:
        desk.quality_items.add(ctx, run.options.name, run.options.value)
        return _tell_item(run, desk.quality_items.named(ctx, run.options.name), _("“{name}” is on the list."))


def change_item(run: Invocation) -> int:
    """Another name or value of an item."""
    from crm_tui import desk

    options = run.options
    if options.name is None and options.value is None:
        name = "crm-tui quality item change"
        raise UsageError(_("Nothing to change was named."), _("See: {name} --help").format(name=name))
    with run.desk() as ctx:
        found = _find_item(ctx, options.item)
        desk.quality_items.change(ctx, found.id, found.version, name=options.name, value=options.value)
        return _tell_item(run, _find_item(ctx, str(found.id)), _("“{name}” is changed."))


def remove_item(run: Invocation) -> int:
    """Take an item off the list."""
    from crm_tui import desk

    with run.desk() as ctx:
        found = _find_item(ctx, run.options.item)
        desk.quality_items.remove(ctx, found.id, found.version)
        return _tell_item(run, found, _("“{name}” is off the list."))


def _find_item(ctx: Context, text: str) -> ItemView:
    from crm_tui import desk

    number = _number_or(text)
    found = next((one for one in desk.quality_items.listed(ctx) if one.id == number), None)
    return found or desk.quality_items.named(ctx, text)


def _item_record(one: ItemView) -> dict[str, Any]:
    return {
        "id": one.id,
        "name": one.name,
        "value": one.value.decimal,
        "currency": one.value.currency,
        "entries": one.uses,
        "version": one.version,
    }


def _tell_item(run: Invocation, found: ItemView, words: str) -> int:
    if run.out.as_json:
        run.out.record(_item_record(found))
    else:
        run.out.line(words.format(name=found.name))
    return 0
