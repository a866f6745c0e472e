"""What is wrong with an inquiry's field, as a sentence that stands at the field."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from crm_tui.base.errors import InvalidInput
from crm_tui.base.i18n import _
from crm_tui.mail.text import display_text
from crm_tui.rules.inquiry_checks import Fault
from crm_tui.rules.vocabulary import Channel, InquiryStatus


class InvalidFields(InvalidInput):
    """Values that cannot be stored; nothing was.

    Attributes:
        errors: a sentence for each field, the first one also the message.
    """

    def __init__(self, errors: Mapping[str, str]) -> None:
        field, message = next(iter(errors.items()))
        super().__init__(message, field=field)
        self.errors = dict(errors)


def words(faults: Iterable[Fault]) -> dict[str, str]:
    """The sentences by field."""
    return {fault.field: sentence(fault) for fault in faults}


def sentence(fault: Fault) -> str:
    """A fault in words."""
    given = display_text(fault.given)[:80]
    texts = {
        "unknown": _("There is no field called {given}."),
        "date": _("“{given}” is no date; write it like 2026-08-14 or 14.8.2026."),
        "day": _("There is no such day: {given}."),
        "past": _("The planned end cannot lie in the past."),
        "departure": _("The departure must come after the arrival."),
        "period": _("The period ends before it begins."),
        "number": _("“{given}” is no whole number that fits here."),
        "negative": _("This cannot be less than nothing: {given}."),
        "many": _("{given} are too many; at most {limit} fit here."),
        "age": _("{given} is no age of a child: 0 to {limit}, or ? if unknown."),
        "nobody": _("Nobody would come: there are no adults and no children."),
        "nights": _("{given} nights do not agree with the dates, which leave {limit}."),
        "amount": _("“{given}” is no amount; write it like 1200.50 EUR."),
        "precise": _("{given} has more digits than the currency."),
        "large": _("{given} is more than can be stored."),
        "currency": _("“{given}” is no currency; write its three letters, like EUR."),
        "no currency": _("Say the currency too, like {given} EUR."),
        "status": _("There is no status called “{given}”; there are: {names}."),
        "channel": _("There is no channel called “{given}”; there are: {names}."),
        "reason": _("Say why it was lost."),
        "long": _("This is too long: at most {limit} letters fit here."),
    }
    names = {"status": InquiryStatus, "channel": Channel}.get(fault.kind, ())
    if fault.kind not in texts:
        from crm_tui.desk.stays.reservation_faults import text_of

        return text_of(fault.kind).format(given=given, limit=fault.limit)
    return texts[fault.kind].format(given=given, limit=fault.limit, names=", ".join(names))
