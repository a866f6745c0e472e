"""Asking what of a refresh is taken over, with everybody who comes and goes named."""

from __future__ import annotations

from collections.abc import Sequence

from textual.content import Content

from crm_tui.base.i18n import _, ngettext
from crm_tui.desk.groups.package_views import Difference
from crm_tui.widgets.dialogs import Answer, Ask

NAMED = 200
"""At most so many names on each side; nobody reads more, and the numbers stand above them."""


def ask_refresh(name: str, shown: Difference) -> Ask:
    """The question; its result is ``all``, ``comers`` or None."""
    come, go = len(shown.coming), len(shown.going)
    parts: list[Content | str | tuple[str, str]] = []
    if come:
        words = ngettext("{n} guest comes", "{n} guests come", come).format(n=come)
        parts += [(words, "bold $text-success"), "\n", *_names("+", shown.coming, "$text-success")]
    if go:
        words = ngettext("{n} guest goes", "{n} guests go", go).format(n=go)
        parts += [(words, "bold $text-warning"), "\n", *_names("−", shown.going, "$text-warning")]
    stay = ngettext("{n} guest stays.", "{n} guests stay.", shown.stay).format(n=shown.stay)
    parts.append((stay, "dim"))
    answers = [Answer("all", "a", _("Take all of it over"))]
    if come and go:
        answers.append(Answer("comers", "c", _("Only let those come; nobody goes")))
    answers.append(Answer("no", "n", _("Leave the package as it is")))
    return Ask(_("Refresh “{name}”?").format(name=name), Content.assemble(*parts), answers)


def _names(sign: str, people: Sequence[tuple[int, str]], style: str) -> list[Content | str | tuple[str, str]]:
    found: list[Content | str | tuple[str, str]] = []
    for _number, name in people[:NAMED]:
        found += [(f" {sign} ", style), name, "\n"]
    left = len(people) - NAMED
    if left > 0:
        found += [(ngettext("   and {n} more", "   and {n} more", left).format(n=left), "dim"), "\n"]
    return found


def told(came: int, went: int) -> str:
    """What was done, in a line."""
    come = ngettext("{n} came", "{n} came", came).format(n=came)
    gone = ngettext("{n} went", "{n} went", went).format(n=went)
    return _("{come}, {gone} · z takes it back").format(come=come, gone=gone)
