"""How privacy looks: rows and reports."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from textual.content import Content

from crm_tui.base.i18n import _, ngettext
from crm_tui.desk.client_base.consents import ConsentWord, never_said
from crm_tui.desk.client_base.guest_views import CONSENTS
from crm_tui.desk.privacy.erasing_views import Place, Report, kept, lines, thing_words
from crm_tui.desk.privacy.retention_views import Proposal, RuleView, span_words
from crm_tui.widgets.cells import wrap

Part = Content | str | tuple[str, str]


def proposal_row(one: Proposal, width: int, *, marked: bool) -> Content:
    """One line: mark, name, how long ago, last stay, consent; never more than a line."""
    room = max(14, min(32, width // 3))
    agreed = ", ".join(_(CONSENTS[name]) for name in one.consents)
    facts = (
        _("until {day}").format(day=one.departed.isoformat()) if one.departed else _("never booked"),
        _("consent: {names}").format(names=agreed) if agreed else _("no consent"),
    )
    text = Content.assemble(
        ("✓ " if marked else "  ", "bold $text-success"),
        Content(one.name).truncate(room, ellipsis=True, pad=True),
        "  ",
        (f"{_short_span(one.months):>9}", "bold"),
        (f"  {facts[0]} · {facts[1]}", "dim"),
    )
    return text.truncate(max(20, width - 3), ellipsis=True)


def _short_span(months: int) -> str:
    """A time that fits a column: *4 y 2 m*."""
    years, rest = divmod(months, 12)
    return _("{years} y {months} m").format(years=years, months=rest)


def rule_row(one: RuleView, width: int) -> Content:
    """One line: name, time, of whom."""
    room = max(16, min(32, width // 3))
    return Content.assemble(
        "  ",
        Content(one.name).truncate(room, ellipsis=True, pad=True),
        "  ",
        (_("nothing for {time}").format(time=span_words(one.months)), "bold"),
        (f" · {one.words or _('every guest')}", "dim"),
    )


def erasure_row(one: Report, when: str) -> Content:
    """One line: when, number, who, what for."""
    return Content.assemble(
        "  ",
        (f"{when:<23}", "dim"),
        _("guest #{number}").format(number=one.guest),
        (f" · {one.by}" if one.by else "", ""),
        (f" · {one.reason}" if one.reason else "", "dim"),
        ("" if one.swept else "  " + _("being cleaned"), "$text-warning"),
    )


def report_text(report: Report, width: int, *, done: bool) -> Content:
    """What goes, what stays and why, wrapped to a width with the signs standing out."""
    found = lines(report)
    parts: list[Part] = [((_("Was erased") if done else _("Would be erased")) + "\n", "bold")]
    for line in found:
        parts += [("  ▒ ", "$text-error"), hanging(line, width), "\n"]
    if not found:
        parts += [("  " + _("nothing") + "\n", "dim")]
    parts += ["\n", (_("Stays, and why") + "\n", "bold")]
    for line in kept(report):
        parts += [("  · ", "dim"), hanging(line, width), "\n"]
    return Content.assemble(*parts)


MOST_SHOWN = 200
"""Places that the screen lists; the box to choose in has all."""


def places_text(places: Sequence[Place], ticked: Collection[str], width: int) -> Content:
    """Where the surname would be left standing alone, those ticked go too."""
    if not places:
        return Content("")
    title = ngettext("The surname alone in {n} place of others, {m} of it goes: p chooses",
                     "The surname alone in {n} places of others, {m} of them go: p chooses", len(places))  # fmt: skip
    parts: list[Part] = ["\n", (title.format(n=len(places), m=len(ticked)) + "\n", "bold")]
    for one in places[:MOST_SHOWN]:
        parts += ["  ", place_row(one, ticked=one.key in ticked).truncate(max(20, width - 2), ellipsis=True), "\n"]
    if len(places) > MOST_SHOWN:
        parts.append("  " + _("and {n} more").format(n=len(places) - MOST_SHOWN) + "\n")
    return Content.assemble(*parts)


def place_row(one: Place, *, ticked: bool) -> Content:
    """One line: tick, what holds it, the sentence."""
    return Content.assemble(
        ("[x] " if ticked else "[ ] ", "bold" if ticked else ""),
        (thing_words(one.kind, one.id) + "  ", "dim"),
        one.sentence,
        ("  " + _("linked"), "dim") if one.linked else "",
    )


def hanging(line: str, width: int) -> str:
    """A sentence wrapped so that its second line stands under its first."""
    room = max(20, width - 4)
    return "\n    ".join(line[start:end].rstrip() for start, end in wrap(line, room))


def report_page(report: Report, when: str, hotel: str) -> str:
    """The report on paper; nothing about the person."""
    head = [
        hotel,
        _("Erasure {number}: guest #{guest}").format(number=report.id, guest=report.guest),
        f"{when}  {report.by}".rstrip(),
        report.reason,
    ]
    was = ["", _("Was erased"), *(f"  - {line}" for line in lines(report))]
    stays = ["", _("Stays, and why"), *(f"  - {line}" for line in kept(report))]
    return "\n".join((*(line for line in head if line), *was, *stays)) + "\n"


def consent_text(words: list[ConsentWord]) -> str:
    """Everything that was said, the newest first, and what was never spoken of."""
    said = []
    for one in words:
        answer = _("yes") if one.given else _("no")
        facts = [f"{one.day.isoformat()}  {_(CONSENTS[one.channel])}: {answer}"]
        facts += [one.source] if one.source else []
        facts += [_("noted by {agent}").format(agent=one.agent)] if one.agent else []
        facts += [_("from the merged profile {number}").format(number=one.profile)] if one.profile else []
        facts += [_("this holds")] if one.holds else []
        said.append(" · ".join(facts))
    if silent := never_said(words):
        names = ", ".join(_(CONSENTS[one]) for one in silent)
        said += ["", _("Never spoken of, which is a no: {names}").format(names=names)]
    return "\n".join(said)


def several(number: int) -> str:
    """The question before several are erased."""
    return ngettext("Erase {n} guest for good?", "Erase {n} guests for good?", number).format(n=number)
