"""What goes out holds exactly what was meant (QUALITY S4), and reads back the same."""

from __future__ import annotations

import email
import email.policy
import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from email.message import EmailMessage

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crm_tui.base.errors import InvalidInput
from crm_tui.mail.address import Address
from crm_tui.mail.attachments import attachment_bytes
from crm_tui.mail.compose import ComposeError, Outgoing, build, new_message_id, recipients
from crm_tui.mail.outgoing_headers import clean_header
from crm_tui.mail.parse import parse

PLAIN = Outgoing(
    sender=Address("Recepción, Hotel Mirador", "desk@hotel.example"),
    to=(Address("Łucja Wójcik", "lucja@guest.example"),),
    subject="Confirmación de su reserva",
    text="Hola **Łucja**:\n\nhasta *pronto*.\n",
    message_id="a1@hotel.example",
    date=datetime(2024, 3, 1, 9, 30, tzinfo=timezone(timedelta(hours=1))),
)
HEADERS = {"date", "from", "to", "subject", "message-id", "mime-version", "content-type"}


def names(raw: bytes) -> list[str]:
    return sorted(name.lower() for name in email.message_from_bytes(raw))


def read(raw: bytes) -> EmailMessage:
    message = email.message_from_bytes(raw, policy=email.policy.default)
    assert isinstance(message, EmailMessage)
    return message


def test_a_plain_message() -> None:
    raw = build(PLAIN)
    message = parse(raw)
    assert message.sender == PLAIN.sender
    assert message.to == PLAIN.to
    assert message.subject == PLAIN.subject
    assert message.date == PLAIN.date
    assert b"+0100" in raw
    assert message.message_id == "a1@hotel.example"
    assert message.text == PLAIN.text.rstrip("\n")
    assert set(names(raw)) == HEADERS
    html = read(raw).get_body(("html",))
    assert html is not None
    assert "<strong>Łucja</strong>" in html.get_content()


def test_the_standard_library_reads_the_same() -> None:
    many = replace(PLAIN, cc=tuple(Address(f"Gość, {n}", f"g{n}@guest.example") for n in range(30)))
    message = read(build(many))
    assert str(message["subject"]) == PLAIN.subject
    assert [(one.display_name, one.addr_spec) for one in message["from"].addresses] == [
        (PLAIN.sender.name, PLAIN.sender.address)
    ]
    assert [one.addr_spec for one in message["cc"].addresses] == [one.address for one in many.cc]
    assert [one.display_name for one in message["cc"].addresses] == [one.name for one in many.cc]


BREAKS = ("\r\n", "\n", "\r", "\x0b", "\x0c", "\x85", "\u2028", "\u2029", "\x00", "\r\n ", "\n\n")


@pytest.mark.parametrize("hidden", BREAKS)
def test_no_line_break_makes_a_header(hidden: str) -> None:
    evil = f"x{hidden}Bcc: thief@evil.example{hidden}{hidden}body"
    outgoing = replace(
        PLAIN,
        subject=evil,
        sender=Address(evil, "desk@hotel.example"),
        to=(Address(evil, "lucja@guest.example"),),
        attachments=((evil, "application/pdf", b"x"),),
        in_reply_to=f"a{hidden}Bcc: x@y",
        references=(f"a{hidden}Bcc: x@y",),
        auto_submitted=f"auto-generated{hidden}Bcc: x@y",
        language=f"e{hidden}",
    )
    raw = build(outgoing)
    assert set(names(raw)) == HEADERS
    assert parse(raw).bcc == ()


ENCODED = "=?utf-8?q?x=0D=0ABcc=3A_thief=40evil.example?="


@pytest.mark.parametrize(
    "literal", [ENCODED, "=?utf-8?q?" + ENCODED + "?=", "=?u" + ENCODED + "tf-8?q?x?=", "=?utf-8?b?", '"' + ENCODED]
)
def test_a_literal_encoded_word_does_not_survive(literal: str) -> None:
    raw = build(replace(PLAIN, subject="Re: " + literal, to=(Address(literal, "lucja@guest.example"),)))
    assert set(names(raw)) == HEADERS
    message = read(raw)
    assert "thief" not in str(message["to"])
    assert "Bcc" not in str(message["subject"]).replace(" ", "") or "=?" not in str(message["subject"])
    assert "=?utf-8?" not in str(message["subject"])


TEXT = st.text(
    st.one_of(st.characters(), st.sampled_from('\r\n\0\x0b\x0c\x85\u2028\u2029=?_ utf-8bqQ,;:<>@"\\()')), max_size=120
)


@given(TEXT, TEXT, TEXT)
def test_any_text_in_any_header(subject: str, name: str, file: str) -> None:
    raw = build(
        replace(
            PLAIN,
            subject=subject,
            sender=Address(name, "desk@hotel.example"),
            to=(Address(name, "a@b.example"),),
            attachments=((file, "a/b", b"1"),),
        )
    )
    assert set(names(raw)) <= HEADERS | {"subject"}
    message = parse(raw)
    assert message.subject == clean_header(subject)
    assert message.sender.address == "desk@hotel.example"
    assert [one.address for one in message.to] == ["a@b.example"]
    assert len(message.attachments) == 1
    assert all(len(line) <= 998 for line in raw.split(b"\r\n"))


def test_bcc_is_in_the_envelope_only() -> None:
    outgoing = replace(PLAIN, bcc=(Address("", "secret@guest.example"),))
    assert recipients(outgoing) == ("lucja@guest.example", "secret@guest.example")
    assert b"secret" not in build(outgoing)
    alone = replace(outgoing, to=())
    assert b"undisclosed-recipients" in build(alone)


@pytest.mark.parametrize(
    "address",
    [
        "",
        "x",
        "a b@c.example",
        "a@b@c.example",
        "a@",
        "@b.example",
        "a@b..c",
        "a@-b.example",
        "a\r\nb@c.example",
        "<a@b.example>",
        ".a@b.example",
    ],
)
def test_what_is_no_address_is_refused(address: str) -> None:
    with pytest.raises(InvalidInput) as caught:
        build(replace(PLAIN, cc=(Address("", address),)))
    assert caught.value.field == "cc"


def test_no_recipient_is_refused() -> None:
    with pytest.raises(InvalidInput):
        build(replace(PLAIN, to=()))


def test_international_domains_and_local_parts() -> None:
    assert recipients(replace(PLAIN, to=(Address("", "joe@Żółw.example"),))) == ("joe@xn--w-uga1v8h.example",)
    with pytest.raises(InvalidInput):
        build(replace(PLAIN, to=(Address("", "łucja@guest.example"),)))
    raw = build(replace(PLAIN, to=(Address("", "łucja@guest.example"),), smtputf8=True))
    assert parse(raw).to[0].address == "łucja@guest.example"


def test_threading_headers_are_bounded_and_never_encoded() -> None:
    ids = tuple(f"{'x' * 90}{number}@mail.example" for number in range(100))
    raw = build(replace(PLAIN, in_reply_to=ids[-1], references=ids))
    message = parse(raw)
    assert message.in_reply_to == (ids[-1],)
    assert message.references == (ids[0], *ids[-19:])
    assert build(replace(PLAIN, references=("not an id", "<a@b>", "é@x"))).count(b"<a@b>") == 1


def test_a_bad_message_id_is_refused() -> None:
    with pytest.raises(ComposeError):
        build(replace(PLAIN, message_id="x\r\nBcc: a@b"))


def test_automatic_mail_says_so() -> None:
    assert parse(build(replace(PLAIN, auto_submitted="auto-generated"))).automatic == "auto-generated"
    assert parse(build(PLAIN)).automatic == ""


def test_attachments_come_back() -> None:
    files = (
        ("año 2024 – zażółć gęślą jaźń.pdf", "application/pdf", bytes(range(256))),
        ("a.txt", "text/plain", b"x\n"),
        ("m.eml", "message/rfc822", b"Subject: x\n\ny"),
        ("b", "nonsense", b""),
    )
    raw = build(replace(PLAIN, attachments=files))
    message = parse(raw)
    assert [one.name for one in message.attachments] == [name for name, _, _ in files]
    assert [attachment_bytes(raw, one.position) for one in message.attachments] == [content for _, _, content in files]
    assert [one.size for one in message.attachments] == [len(content) for _, _, content in files]
    assert message.text == PLAIN.text.rstrip("\n")


def test_wire_form() -> None:
    raw = build(replace(PLAIN, text="From here\n.\n" + "ż" * 5000 + "\n" + "x" * 5000))
    assert raw.isascii()
    assert b"\n" not in raw.replace(b"\r\n", b"")
    assert max(map(len, raw.split(b"\r\n"))) <= 998
    assert "From here\n.\n" in parse(raw).text


def html_of(text: str) -> str:
    part = read(build(replace(PLAIN, text=text))).get_body(("html",))
    assert part is not None
    content = part.get_content()
    assert isinstance(content, str)
    return content


def test_markdown_is_harmless() -> None:
    html = html_of(
        "<script>x</script> ![p](http://t.example/p.png) [a](javascript:x) [b](https://hotel.example/) <b>c</b>\n"
    )
    assert "<script" not in html
    assert "<img" not in html
    assert "<b>" not in html
    assert re.findall('href="([^"]*)"', html) == ["http://t.example/p.png", "https://hotel.example/"]


def test_quotes_are_blockquotes_of_literal_text() -> None:
    html = html_of("Si.\n\nAna escribió:\n> # hola *x*\n>> [y](http://evil.example)\n")
    assert "<blockquote># hola *x*<br>" in html
    assert "<blockquote>[y](http://evil.example)<br>" in html
    assert "href" not in html
    assert html.count("<blockquote>") == html.count("</blockquote>") == 2


def test_a_signature_makes_no_heading() -> None:
    assert "<h" not in html_of("Un saludo\n-- \nHotel Mirador\n").replace("<html", "").replace("<head", "")


def test_message_ids_are_random_and_at_the_domain() -> None:
    assert new_message_id("hotel.example") != new_message_id("hotel.example")
    assert new_message_id("Żółw.example").endswith("@xn--w-uga1v8h.example")
    assert new_message_id("bad domain\r\n").endswith("@localhost.localdomain")


def test_ten_thousand_recipients() -> None:
    raw = build(replace(PLAIN, bcc=tuple(Address("Gość", f"g{n}@guest.example") for n in range(10_000))))
    assert len(raw) < 5000


def test_naive_dates_are_bugs() -> None:
    assert parse(build(replace(PLAIN, date=datetime(2024, 1, 1, tzinfo=UTC)))).date == datetime(2024, 1, 1, tzinfo=UTC)
