"""What ``feedback set`` and ``quality set`` change (SPEC §11)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from crm_tui.base.i18n import _
from crm_tui.cli.events import instant
from crm_tui.cli.invocation import Invocation
from crm_tui.cli.memos import text_of
from crm_tui.cli.usage import UsageError

if TYPE_CHECKING:
    from crm_tui.desk.common.context import Context
    from crm_tui.desk.quality.feedback_views import FeedbackView
    from crm_tui.desk.quality.quality_views import CostView, Given, GivenView


def changes_of(run: Invocation, ctx: Context, found: FeedbackView | CostView, texts: Sequence[str]) -> dict[str, Any]:
    """What ``set`` changes: what was named. The stay of the guest before is not that of another guest.

    Args:
        texts: the options that are texts, beside ``--text``.
    """
    from crm_tui import desk

    options = run.options
    values = {name: value for name in texts if (value := getattr(options, name)) is not None}
    values |= {name: value for name in ("guest", "reservation") if (value := getattr(options, name)) is not None}
    if "guest" in values and desk.guests.get(ctx, values["guest"]).id != found.guest:
        values.setdefault("reservation", None)
    if options.text is not None:
        values["comment"] = text_of([options.text])
    if options.at:
        values["at"] = instant(ctx, options.at)
    return values


def require_changes(values: Mapping[str, Any], command: str) -> None:
    """Refuse to change nothing.

    Raises:
        UsageError: nothing was named.
    """
    if not values:
        raise UsageError(_("Nothing to change was named."), _("See: {name} --help").format(name=command))


def lines_of(ctx: Context, stored: Sequence[GivenView], items: Sequence[Given]) -> list[Given]:
    """What was given instead; of an item that was given before, the value of that day stays if no other is named."""
    from crm_tui import desk
    from crm_tui.mail.text import fold_text

    numbers = {fold_text(one.name): one.id for one in desk.quality_items.listed(ctx)}
    left = list(stored)
    found = []
    for one in items:
        word = fold_text(str(one.item).strip())
        wanted = one.item if isinstance(one.item, int) else numbers.get(word)
        same = [line for line in left if wanted is not None and line.item == wanted]
        old = next(iter(same or [line for line in left if fold_text(line.name) == word]), None)
        if old is not None:
            left.remove(old)
        found.append(one._replace(line=old.id if old is not None else None))
    return found
