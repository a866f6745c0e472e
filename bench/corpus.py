"""Synthetic reception mail for the benchmarks: threads with quotes, HTML alternatives and attachments.

Deterministic for a seed; sizes follow what hotel receptions receive (mean about 11 kB).
"""

# ruff: noqa: E501 (word lists)

from __future__ import annotations

import random
from base64 import encodebytes
from binascii import b2a_qp
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from email.header import Header
from email.utils import format_datetime

_WORDS = {
    "es": "de la que el en y a los se del las un por con una su para es al lo como más o pero sus le ya habitación reserva llegada noche desayuno piscina niños confirmación factura gracias mañana también según código",
    "pl": "w i na z do się nie że to jest o za od po jak co ale był przez dla tym już tylko czy tak może pokój rezerwacja śniadanie dzień łóżko proszę dziękuję dzieci zaliczka dopłata również wcześniej",
    "fr": "de la le et les des en un du une que est pour qui dans par plus pas au sur ne se ce il chambre réservation arrivée petit-déjeuner nuit enfants merci déjà après confirmée",
    "en": "the of and to a in is that for it was on are as with they at be this have from room booking arrival breakfast night children confirmed please thank invoice pool",
}  # fmt: skip
_WROTE = {"es": "El {d}, {n} escribió:", "pl": "W dniu {d} {n} napisał(a):", "fr": "Le {d}, {n} a écrit :", "en": "On {d}, {n} wrote:"}  # fmt: skip
_NAMES = {"es": ("Íñigo Peña", "Marta Gómez"), "pl": ("Łucja Wójcik", "Jan Kowalski"), "fr": ("Zoé Lefèvre", "Paul Martin"), "en": ("Ann Smith", "John Doe")}  # fmt: skip
_STYLE = (
    "<style>p.MsoNormal{margin:0cm;font-size:11pt}a:link{color:#0563C1}blockquote{border-left:1px solid #ccc}</style>"
)
_START = datetime(2024, 1, 1, tzinfo=UTC)


def messages(count: int, seed: int = 1) -> Iterator[bytes]:
    """``count`` messages, thread after thread."""
    rng = random.Random(seed)
    made = 0
    number = 0
    while made < count:
        for raw in _thread(rng, number):
            yield raw
            made += 1
            if made == count:
                return
        number += 1


def _thread(rng: random.Random, number: int) -> Iterator[bytes]:
    language = rng.choices(list(_WORDS), (40, 26, 18, 16))[0]
    name = rng.choice(_NAMES[language])
    address = f"guest{number}@mail.example"
    subject = " ".join(rng.choices(_WORDS[language].split(), k=5)).capitalize()
    when = _START + timedelta(seconds=rng.randrange(3 * 365 * 86400))
    references: list[str] = []
    before = ""
    for turn in range(rng.choice((1, 1, 2, 2, 3, 4, 6))):
        people = [(name, address), ("Recepción Hotel Mirador", "recepcion@hotel-mirador.example")]
        (who, sender), (whom, recipient) = people if turn % 2 == 0 else people[::-1]
        text = _text(rng, language, who, signed=turn % 2 == 1)
        full = f"{text}\n{before}" if before else text
        identifier = f"<{number}.{turn}.{rng.getrandbits(32):08x}@{sender.split('@')[1]}>"
        date = format_datetime(when)
        head = [
            f"Return-Path: <{sender}>",
            f"Received: from mx.mail.example (mx.mail.example [198.51.100.7])\n\tby mail.hotel-mirador.example with ESMTPS id {rng.getrandbits(40):010X}\n\tfor <{recipient}>; {date}",
            f"DKIM-Signature: v=1; a=rsa-sha256; c=relaxed/relaxed; d=mail.example; s=sel1;\n\tbh={rng.getrandbits(256):x};\n\tb={rng.getrandbits(256):x}\n\t {rng.getrandbits(256):x}\n\t {rng.getrandbits(256):x}",
            f"From: {_word(who)} <{sender}>",
            f"To: {_word(whom)} <{recipient}>",
            f"Subject: {_word(subject if turn == 0 else 'Re: ' + subject)}",
            f"Date: {date}",
            f"Message-ID: {identifier}",
        ]  # fmt: skip
        if references:
            head += [f"In-Reply-To: {references[-1]}", "References: " + "\n\t".join(references[-8:])]
        head += ["MIME-Version: 1.0", f"Content-Language: {language}"]
        yield "\n".join(head).encode() + b"\n" + _content(rng, full)
        references.append(identifier)
        wrote = _WROTE[language].format(d=date, n=who)
        before = (
            wrote + "\n" + "\n".join(">" + line if line.startswith(">") else "> " + line for line in full.split("\n"))
        )
        when += timedelta(seconds=rng.randrange(300, 90000))


def _word(text: str) -> str:
    return text if text.isascii() else Header(text, "utf-8", maxlinelen=70).encode()


def _text(rng: random.Random, language: str, who: str, *, signed: bool) -> str:
    words = _WORDS[language].split()
    paragraphs = []
    for _ in range(max(1, min(9, int(rng.lognormvariate(0.95, 0.55))))):
        lines = [" ".join(rng.choices(words, k=12)) for _ in range(rng.randint(2, 9))]
        paragraphs.append("\n".join(lines).capitalize() + ".")
    sign = (
        "-- \nHotel Mirador · Recepción 24h · Tel. +34 971 000 000\nhttps://hotel-mirador.example/\n" if signed else ""
    )
    return "\n\n".join(paragraphs) + f"\n\n{who}\n{sign}"


def _content(rng: random.Random, text: str) -> bytes:
    plain = _part(rng, text, "plain")
    body = plain
    if rng.random() < 0.78:
        escaped = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
        paragraphs = "".join(
            f'<p class="MsoNormal"><span style="font-size:11.0pt">{one}</span></p>\n' for one in escaped.split("\n\n")
        )
        html = f"<!DOCTYPE html><html><head>{_STYLE}</head>\n<body><div>\n{paragraphs}</div></body></html>\n"
        body = _multipart(rng, "alternative", plain, _part(rng, html, "html"))
    if rng.random() < 0.065:
        size = int(5000 * 40 ** rng.random())
        head = b'Content-Type: application/pdf; name="factura.pdf"\nContent-Disposition: attachment; filename="factura.pdf"\n'
        body = _multipart(
            rng, "mixed", body, head + b"Content-Transfer-Encoding: base64\n\n" + encodebytes(rng.randbytes(size))
        )
    return body


def _part(rng: random.Random, text: str, subtype: str) -> bytes:
    raw = text.encode()
    encoding, body = rng.choices(
        (("quoted-printable", b2a_qp(raw)), ("8bit", raw), ("base64", encodebytes(raw))), (70, 15, 15)
    )[0]
    head = f'Content-Type: text/{subtype}; charset="utf-8"\nContent-Transfer-Encoding: {encoding}\n\n'
    return head.encode() + body


def _multipart(rng: random.Random, subtype: str, *parts: bytes) -> bytes:
    boundary = f"b_{rng.getrandbits(64):016x}".encode()
    head = b"Content-Type: multipart/" + subtype.encode() + b'; boundary="' + boundary + b'"\n\n'
    return head + b"".join(b"--" + boundary + b"\n" + part + b"\n" for part in parts) + b"--" + boundary + b"--\n"
