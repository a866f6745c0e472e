"""What is held on one guest as text that the guest can read (SPEC §6), in the language of the desk."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from crm_tui.base.i18n import N_, _, ngettext

_SECTIONS: Mapping[str, str] = {
    "profiles": N_("Profile"),
    "emails": N_("Mail addresses"),
    "phones": N_("Telephone numbers"),
    "consents": N_("Consent, as it was said"),
    "attributes": N_("Attributes"),
    "packages": N_("Packages"),
    "companies": N_("Contact of companies"),
    "contacts": N_("Contacts of the company"),
    "merges": N_("Merged profiles"),
    "inquiries": N_("Inquiries"),
    "reservations": N_("Reservations"),
    "events": N_("Events"),
    "feedback": N_("Complaints and compliments"),
    "quality_costs": N_("What the guest was given"),
    "memos": N_("Memos"),
    "reminders": N_("Reminders"),
    "internal": N_("Internal messages"),
    "drafts": N_("Drafts"),
    "outbox": N_("Outbox"),
    "mailings": N_("Mailings"),
    "mailing_texts": N_("Texts of the mailings"),
    "payment_reminders": N_("Payment reminders"),
    "notice_stops": N_("Payment reminders that were stopped"),
    "conversations": N_("Mail"),
    "journal": N_("Changes, as the journal has them"),
}

_FIELDS: Mapping[str, str] = {
    "id": N_("Number"), "kind": N_("Kind"), "surname": N_("Surname"), "given": N_("Given names"),
    "language": N_("Language"), "nationality": N_("Nationality"), "birth_date": N_("Born"), "document": N_("Document"),
    "passport": N_("Passport"), "passport_expiry": N_("Passport expires"), "street": N_("Street"),
    "postcode": N_("Postcode"), "city": N_("City"), "region": N_("Region"), "country": N_("Country"),
    "tax_number": N_("Tax number"), "remarks": N_("Remarks"), "reference": N_("Reference"),
    "created_at": N_("Made"), "updated_at": N_("Changed"), "archived_at": N_("Archived"), "address": N_("Address"),
    "label": N_("Label"), "number": N_("Telephone"), "channel": N_("Channel"), "given_consent": N_("Given"),
    "day": N_("Day"), "source": N_("Source"), "agent": N_("Agent"), "at": N_("At"), "status": N_("Status"),
    "handler": N_("Handler"), "arrival": N_("Arrival"), "departure": N_("Departure"), "nights": N_("Nights"),
    "adults": N_("Adults"), "children": N_("Children"), "room": N_("Room"), "destination": N_("Destination"),
    "board": N_("Board"), "budget": N_("Budget"), "airport": N_("Airport"), "preferences": N_("Wishes"),
    "price": N_("Price"), "valid_until": N_("Valid until"), "lost_reason": N_("Why it was lost"),
    "proposed": N_("Read from the mail"), "code": N_("Code"), "value": N_("Value"), "currency": N_("Currency"),
    "booked": N_("Booked on"), "schedule": N_("Schedule"), "payments": N_("Payments"), "folios": N_("Folios"), "postings": N_("Postings"), "flights": N_("Flights"),
    "amount": N_("Amount"), "method": N_("Method"), "note": N_("Note"), "due": N_("Due"), "type": N_("Type"),
    "text": N_("Text"), "title": N_("Title"), "author": N_("Author"), "assignee": N_("Assignee"), "from": N_("From"),
    "to": N_("To"), "cc": N_("Cc"), "bcc": N_("Bcc"), "reply_to": N_("Reply to"), "subject": N_("Subject"),
    "folder": N_("Folder"), "direction": N_("Direction"), "sent_at": N_("Sent"), "received_at": N_("Received"),
    "size": N_("Octets"), "attachments": N_("Files"), "name": N_("Name"), "messages": N_("Messages"),
    "entity": N_("Of"), "action": N_("What"), "actor": N_("Who"), "before": N_("Before"), "after": N_("After"),
    "comment": N_("What was said"), "emoji": N_("Face"), "employee": N_("Employee"), "resolution": N_("What was done"),
    "resolved_at": N_("Resolved"), "satisfaction": N_("Satisfaction (1 to 5)"),
    "role": N_("Role"), "state": N_("State"), "recipients": N_("Recipients"),
}  # fmt: skip

_COUNTED: Mapping[str, tuple[str, str]] = {
    "conversations": (N_("{n} conversation"), N_("{n} conversations")),
    "inquiries": (N_("{n} inquiry"), N_("{n} inquiries")),
    "notes": (N_("{n} note"), N_("{n} notes")),
}


def as_text(whole: Mapping[str, Any]) -> str:
    """The record of :func:`crm_tui.desk.privacy.guest_record.record` as text: headings, a line a field, nothing that is empty."""
    return "\n".join(_lines(whole)) + "\n"


def left_out_words(whole: Mapping[str, Any]) -> str:
    """What the actor may not see and is therefore not in it, as a sentence; empty if it is complete."""
    counts = whole.get("left_out") or {}
    if not counts:
        return ""
    parts = ", ".join(ngettext(*_COUNTED[kind], number).format(n=number) for kind, number in counts.items())
    return _("Not in here, because you may not see it: {what}.").format(what=parts)


def _lines(whole: Mapping[str, Any]) -> Iterator[str]:
    yield _("What is held on guest {number}, {at}").format(number=whole["guest"], at=whole["made_at"])
    if said := left_out_words(whole):
        yield said
    for section, title in _SECTIONS.items():
        items = whole.get(section) or []
        if not items:
            continue
        yield ""
        yield f"== {_(title)} =="
        for item in items:
            yield from _item(item, "")


def _item(item: Any, indent: str) -> Iterator[str]:
    if not isinstance(item, Mapping):
        yield f"{indent}- {item}"
        return
    first = True
    for name, value in item.items():
        if value in (None, "", [], {}):
            continue
        lead = f"{indent}- " if first else f"{indent}  "
        first = False
        yield from _field(_(_FIELDS[name]) if name in _FIELDS else name.replace("_", " "), value, lead, indent)


def _field(title: str, value: Any, lead: str, indent: str) -> Iterator[str]:
    if isinstance(value, Mapping):
        pairs = ", ".join(f"{key}: {_short(one)}" for key, one in value.items() if one not in (None, "", []))
        yield f"{lead}{title}: {pairs}"
    elif isinstance(value, list) and any(isinstance(one, Mapping) for one in value):
        yield f"{lead}{title}:"
        for one in value:
            yield from _item(one, indent + "    ")
    elif isinstance(value, list):
        yield f"{lead}{title}: {', '.join(_short(one) for one in value)}"
    elif isinstance(value, str) and "\n" in value.strip():
        yield f"{lead}{title}:"
        yield from (f"{indent}    {line}" for line in value.strip().splitlines())
    else:
        yield f"{lead}{title}: {_short(value)}"


def _short(value: Any) -> str:
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, list):
        return " ".join(f"<{one}>" if "@" in str(one) else str(one) for one in value if one)
    return str(value).strip()
