"""What two people wrote into the same guest: what comes together by itself, and what somebody has to choose. Shows nothing."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping, Sequence
from datetime import date
from typing import Any

from crm_tui.base.i18n import _
from crm_tui.desk.client_base.guest_views import CONSENTS, ConsentView, GuestView
from crm_tui.desk.common.words import said
from crm_tui.mail.text import fold_text
from crm_tui.rules.list_merging import merge_lists
from crm_tui.screens.dialogs.versions import Differing
from crm_tui.screens.guests.form_fields import contact
from crm_tui.screens.guests.form_groups import COMPANYS, LABELS, LISTS, PERSONS, values_of, words
from crm_tui.screens.inquiries.guest_pick import Picked
from crm_tui.widgets.days import day

CONSENT = "consent "
"""Before a channel: what is said of each is chosen on its own."""


def both_changed(
    base: Callable[[str], Any],
    theirs: GuestView,
    mine: dict[str, Any],
    names: Sequence[str],
    label: Callable[[str], str],
) -> list[Differing]:
    """What both changed to something else, of the fields that clash.

    Args:
        base: what a field said when the agent began to change it.
        mine: what the agent changed; lists that were brought together are put in.
    """
    there = values_of(theirs)
    found = []
    for name in names:
        if name not in mine or name == "consents":
            continue
        if name in LISTS:
            before, other, here = base(name), there[name], mine[name]
            if name == "contacts":
                before, other, here = (_people(one, other) for one in (before, other, here))
            merged = merge_lists(before, other, here, _key)
            mine[name] = merged.entries
            if not merged.clash:
                continue
        elif there[name] in (base(name), mine[name]):
            continue
        found.append(Differing(name, label(name), words(name, there[name]), words(name, mine[name])))
    return found


def _people(pairs: Sequence[tuple[Any, str]], known: Sequence[tuple[Any, str]]) -> list[tuple[Any, str]]:
    """Contacts by number, so that they can be compared; somebody new who is there by now under the same name is that one."""
    names = {fold_text(who.guest.name): who for who, _role in known if who.guest is not None}
    found = []
    for who, role in pairs:
        if who.guest is not None:
            found.append(contact(who.guest.id, who.guest.name, role))
        else:
            found.append((names.get(fold_text(" ".join(who.name.split())), who), role))
    return found


def _key(entry: tuple[Any, str]) -> Hashable:
    who = entry[0]
    if isinstance(who, Picked):
        return who.guest.id if who.guest is not None else fold_text(who.name)
    return "".join(str(who).split()).lower()


def said_since(
    opened: Mapping[str, ConsentView], theirs: GuestView, mine: Mapping[str, bool], source: str, today: date
) -> list[Differing]:
    """The channels on which the guest said something else since the agent opened the form, of those the agent changed."""
    return [
        Differing(
            CONSENT + channel, said(CONSENTS, channel), consent_words(theirs.consents[channel], today),
            " · ".join(part for part in (_("yes") if given else _("no"), source) if part),
        )
        for channel, given in mine.items()
        if word(theirs.consents.get(channel)) != word(opened.get(channel))
    ]  # fmt: skip


def word(one: ConsentView | None) -> tuple[bool, date | None, str]:
    """What was said of a channel, to be compared."""
    return (one.given, one.day, one.source) if one is not None else (False, None, "")


def consent_words(one: ConsentView, today: date) -> str:
    """What was said of a channel, when, how, and who noted it."""
    if one.day is None:
        return _("nothing said")
    answer = _("yes") if one.given else _("no")
    return " · ".join(part for part in (answer, day(one.day, today), one.source, one.agent) if part)


def goes(kind: str, guest: GuestView | None, typed: Mapping[str, Any]) -> list[tuple[str, str]]:
    """What a guest of this kind cannot keep: label and words of each field.

    Args:
        guest: as they stand now; None for a new one.
        typed: what stands in the form, shown or not.
    """
    there = values_of(guest) if guest is not None else {}
    found = []
    for name in LABELS:
        if name in (PERSONS if kind == "company" else COMPANYS):
            text = words(name, there.get(name)) if there.get(name) else ""
            text = text or (words(name, typed[name]) if typed.get(name) else "")
            if text:
                found.append((_(LABELS[name]).strip(), text))
    return found
