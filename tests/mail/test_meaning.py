"""What a message means to the desk: automatic or not, its thread, its date, its invitation, its language."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from crm_tui.mail.calendar import read_invitation
from crm_tui.mail.dates import read_date
from crm_tui.mail.links import Mailto, read_mailto
from crm_tui.mail.parse import parse
from crm_tui.mail.threading import message_ids, relay_key
from crm_tui.rules.subjects import canonical_subject
from tests.mail.wild import mail, multipart


@pytest.mark.parametrize(
    ("head", "reason"),
    [
        (b"", ""),
        (b"Auto-Submitted: no\n", ""),
        (b"Auto-Submitted: auto-replied (vacation)\n", "auto-reply"),
        (b"Auto-Submitted: auto-generated; x=y\n", "auto-generated"),
        (b"X-Autoreply: yes\n", "auto-reply"),
        (b"X-Autorespond: Re: x\n", "auto-reply"),
        (b"Precedence: bulk\n", "bulk"),
        (b"Precedence: LIST\nList-Id: <a.b>\n", "bulk"),
        (b"Precedence: junk\n", "bulk"),
        (b"Precedence: normal\n", ""),
        (b"Precedence: auto_reply\n", "auto-reply"),
        (b"List-Id: <a.b>\n", ""),
        (b"Return-Path: <>\n", "bounce"),
        (b"Return-Path: <ana@guest.example>\n", ""),
    ],
)
def test_automatic_headers(head: bytes, reason: str) -> None:
    assert parse(mail(head)).automatic == reason


@pytest.mark.parametrize(
    ("sender", "reason"),
    [
        (b"MAILER-DAEMON@mx.example", "bounce"),
        (b"postmaster@mx.example", "bounce"),
        (b"noreply@booking.example", "no-reply"),
        (b"no-reply@x.example", "no-reply"),
        (b"do_not_reply@x.example", "no-reply"),
        (b"donotreply+1@x.example", "no-reply"),
        (b"norepliesplease@x.example", ""),
        (b"postmasters@x.example", ""),
        (b"bounces@x.example", "bounce"),
        (b"ana@noreply.example", ""),
    ],
)
def test_automatic_senders(sender: bytes, reason: str) -> None:
    assert parse(mail(sender=b"From: " + sender + b"\n")).automatic == reason


def test_a_guest_behind_a_relay_is_a_person() -> None:
    head = b"Reply-To: 123-abc@guest.booking.com\n"
    assert parse(mail(head, sender=b"From: noreply@booking.com\n")).automatic == ""


def test_reports_are_automatic() -> None:
    kinds = ((b"delivery-status", "bounce"), (b"disposition-notification", "receipt"), (b"feedback-report", "report"))
    for kind, reason in kinds:
        raw = multipart(b"\nx", kind=b"report", more=b"; report-type=" + kind)
        assert parse(raw).automatic == reason


@pytest.mark.parametrize(
    "subject",
    [
        "Reserva",
        "RE: reserva",
        "Re: Fwd: RE: Reserva",
        "AW: WG: Reserva",
        "Odp: Reserva",
        "RV: Reserva",
        "TR : Reserva",
        "Re[2]: Reserva",
        "Re：Reserva",
        "[hotel-list] Reserva",
        "Re: [list] Re: Reserva",
        "Reserva (fwd)",
        " Reserva  ",
    ],
)
def test_one_canonical_subject(subject: str) -> None:
    assert canonical_subject(subject) == "reserva"


@pytest.mark.parametrize(
    ("subject", "canonical"),
    [
        ("[Ticket#12] x", "[ticket#12] x"),
        ("Re:", "re:"),
        ("", ""),
        ("Reason: late", "reason: late"),
        ("Recibo", "recibo"),
        ("[]", "[]"),
    ],
)
def test_other_subjects(subject: str, canonical: str) -> None:
    assert canonical_subject(subject) == canonical


@pytest.mark.parametrize(
    ("address", "key"),
    [
        ("1234-Abc@guest.booking.com", "1234-abc@guest.booking.com"),
        ("x+tag@guest.airbnb.com", "x@guest.airbnb.com"),
        ("abc@m.expediapartnercentral.com", "abc@m.expediapartnercentral.com"),
        ("abc@eu.messages.homeaway.com", "abc@messages.homeaway.com"),
        ("abc@reply.airbnb.com", "abc@reply.airbnb.com"),
        ("noreply@booking.com", ""),
        ("x@evilguest.booking.com.example", ""),
        ("x@notguest.booking.com", ""),
        ("ana@guest.example", ""),
        ("", ""),
        ("@guest.booking.com", ""),
    ],
)
def test_relays(address: str, key: str) -> None:
    assert relay_key(address) == key


def test_message_ids() -> None:
    assert message_ids(b"<a@b>\n <c@d><a@b> junk <e\n f@g>") == ("a@b", "c@d", "ef@g")
    assert message_ids(b"a@b c@d") == ("a@b", "c@d")
    assert message_ids(b"<>") == ()
    assert message_ids(b"< a@b >\x1b") == ("a@b",)


@pytest.mark.parametrize(
    ("line", "instant"),
    [
        (b"Mon, 1 Jan 2024 10:00:00 +0100", (2024, 1, 1, 9)),
        (b"1 Jan 2024 10:00 GMT", (2024, 1, 1, 10)),
        (b"Mon, 01 Jan 2024 24:00:00 +0000", (2024, 1, 2, 0)),
        (b"Mon, 1 Jan 2024 10:59:60 +0000", (2024, 1, 1, 11)),
        (b"Fri, 30 Feb 2024 10:00:00 +0000", (2024, 3, 1, 10)),
        (b"Mon, 1 Jan 24 10:00:00 EST", (2024, 1, 1, 15)),
        (b"Mon, 1 Jan 2024 10:00:00 +9999", (2024, 1, 1, 10)),
        (b"Mon, 1 Jan 2024 10:00:00 +0200 (CEST)", (2024, 1, 1, 8)),
        (b"Mon,  1  Jan\n 2024 10:00:00 +0000", (2024, 1, 1, 10)),
        (b"2024-01-01T10:00:00Z", (2024, 1, 1, 10)),
        (b"2024-01-01 10:00:00 +0200", (2024, 1, 1, 8)),
        (b"lun, 1 ene 2024 10:00:00 +0000", (2024, 1, 1, 10)),
        ("pon, 1 paź 2024 10:00:00 +0000".encode(), (2024, 10, 1, 10)),
        (b"Mon Jan  1 10:00:00 2024", (2024, 1, 1, 10)),
        (b"Mon, 1-Jan-2024 10:00:00 +0000", (2024, 1, 1, 10)),
    ],
)
def test_dates(line: bytes, instant: tuple[int, int, int, int]) -> None:
    assert read_date(line) == datetime(*instant, tzinfo=UTC)


@pytest.mark.parametrize(
    "line", [b"", b"yesterday", b"Mon, 1 Foo 2024 10:00:00", b"1 Jan 99999 10:00:00", b"32 Jan", b"\xff" * 50]
)
def test_no_date(line: bytes) -> None:
    assert read_date(line) is None


EVENT = """\
BEGIN:VCALENDAR
METHOD:REQUEST
VERSION:2.0
PRODID:x
BEGIN:VEVENT
UID:1
SUMMARY:Cena \x1b[2J\\, boda
DTSTART;TZID=Europe/Madrid:20240601T200000
DTEND:20240601T200000Z
LOCATION:Sala 1
ORGANIZER;CN=Ana:mailto:ana@guest.example
END:VEVENT
END:VCALENDAR
"""


def test_an_invitation() -> None:
    raw = multipart(
        b"Content-Type: text/plain\n\nHola",
        b"Content-Type: text/calendar; method=REQUEST\n\n" + EVENT.encode(),
        kind=b"alternative",
    )
    message = parse(raw)
    found = message.invitation
    assert found is not None
    assert (found.method, found.summary, found.location) == ("REQUEST", "Cena [2J, boda", "Sala 1")
    assert found.start == datetime(2024, 6, 1, 18, tzinfo=UTC)
    assert found.end == datetime(2024, 6, 1, 20, tzinfo=UTC)
    assert found.organizer == "Ana <ana@guest.example>"
    assert message.text == "Hola"
    assert message.attachments == ()


def test_a_broken_invitation_is_salvaged() -> None:
    found = read_invitation(
        "BEGIN:VCALENDAR\nBEGIN:VEVENT\nnonsense\nSUMMARY:Bo\n da\nDTSTART;VALUE=DATE:20240601\nDTEND:20249999",
        "cancel",
    )
    assert found is not None
    assert (found.method, found.summary, found.start, found.end) == ("CANCEL", "Boda", date(2024, 6, 1), None)
    assert read_invitation("nonsense") is None


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("Buenos días, quisiera una habitación para dos personas con desayuno.", "es"),
        ("Dzień dobry, proszę o pokój dla dwóch osób na noc, dziękuję.", "pl"),
        ("Bonjour, je voudrais une chambre pour deux avec petit-déjeuner, merci.", "fr"),
        ("Dear team, we would like a room for two, please, thank you.", "en"),
        ("Guten Tag, ich möchte ein Zimmer für die Nacht, bitte, danke.", "de"),
        ("ok", ""),
    ],
)
def test_language(text: str, language: str) -> None:
    head = b"Content-Type: text/plain; charset=utf-8\n"
    assert parse(mail(head, text.encode())).language == language


def test_the_senders_word_on_the_language() -> None:
    assert parse(mail(b"Content-Language: pl-PL\n", b"ok")).language == "pl"


def test_links_show_where_they_lead() -> None:
    html = (
        b'<a href="http://evil.example/x">https://bank.example</a><a href="javascript:x()">y</a>'
        b'<a href="mailto:a@b.example">a@b.example</a>'
    )
    message = parse(mail(b"Content-Type: text/html\n", html))
    assert message.links == (("https://bank.example", "http://evil.example/x"), ("a@b.example", "mailto:a@b.example"))
    assert "<http://evil.example/x>" in message.text
    assert "javascript" not in message.text
    plain = parse(mail(b"", b"see www.hotel.example, https://x.example/a?b=c. or mailto:a@b.example\n"))
    assert [target for _, target in plain.links] == [
        "https://www.hotel.example",
        "https://x.example/a?b=c",
        "mailto:a@b.example",
    ]


def test_mailto_fills_in_four_fields_only() -> None:
    link = "mailto:a@b.example,c@d.example?cc=e@f.example&bcc=thief@evil.example&Subject=Una%20reserva%0D%0ABcc:x&body=Hola%0Aadios%1B&attach=/etc/passwd&in-reply-to=x"
    assert read_mailto(link) == Mailto(
        ("a@b.example", "c@d.example"), ("e@f.example",), "Una reserva Bcc:x", "Hola\nadios"
    )
    assert read_mailto("MAILTO:?to=a@b.example") == Mailto(("a@b.example",), (), "", "")
    with pytest.raises(ValueError, match="http"):
        read_mailto("http://x.example")
