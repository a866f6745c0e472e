"""What is wrong with a reservation's field, as a sentence; beside those of :mod:`crm_tui.desk.requests.inquiry_faults`."""

from __future__ import annotations

from crm_tui.base.i18n import _
from crm_tui.rules.vocabulary import LineKind, ReservationStatus


def text_of(kind: str) -> str:
    """The sentence of a fault, with ``{given}`` and ``{limit}`` where they belong."""
    texts = {
        "reservation status": _("There is no status called “{{given}}”; there are: {names}.").format(
            names=", ".join(ReservationStatus)
        ),
        "before arrival": _("The departure cannot come before the arrival."),
        "code": _("A reservation needs a code."),
        "reference": _("Each row needs the reservation's reference."),
        "surname": _("A guest needs a surname, a company its name."),
        "holders": _("A reservation has one holder; another guest is marked already."),
        "yes or no": _("“{given}” is neither yes nor no."),
        "line kind": _("There is no line called “{{given}}”; there are: {names}.").format(names=", ".join(LineKind)),
        "nothing": _("The amount must be above nothing: {given}."),
        "airport": _("“{given}” is no airport; write its three letters, like PMI."),
        "time": _("“{given}” is no time; write the airport's clock like 2026-08-14T06:35, without offset."),
        "skipped": _("There is no {given} on that day at the airport: the clocks are put forward over that hour."),
        "iso day": _("“{given}” is no day; write it like 2026-08-14."),
        "list": _("Here a list is expected: {given}."),
        "object": _("Here an object with names is expected: {given}."),
        "plain": _("Here one text or number is expected."),
    }
    return texts[kind]
