"""Small real files for the sample mails, made by code: a one-page PDF, a PNG picture, a calendar invitation."""

from __future__ import annotations

import random
import struct
import zlib
from datetime import UTC, datetime, timedelta


def pdf(title: str, lines: list[str]) -> bytes:
    """A valid one-page PDF (1.4) with a title and lines of Latin-1 text; other letters become question marks."""
    commands = [f"BT /F1 18 Tf 60 770 Td ({_escape(title)}) Tj ET"]
    commands += [f"BT /F1 11 Tf 60 {730 - 18 * row} Td ({_escape(line)}) Tj ET" for row, line in enumerate(lines)]
    stream = "\n".join(commands).encode("latin-1", "replace")
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 5 0 R"
        b" /Resources << /Font << /F1 4 0 R >> >> >>",
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>",
        b"<< /Length %d >>\nstream\n%b\nendstream" % (len(stream), stream),
    ]
    out, offsets = bytearray(b"%PDF-1.4\n"), []
    for number, content in enumerate(objects, 1):
        offsets.append(len(out))
        out += b"%d 0 obj\n%b\nendobj\n" % (number, content)
    table = len(out)
    out += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    out += b"".join(b"%010d 00000 n \n" % offset for offset in offsets)
    out += b"trailer\n<< /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (len(objects) + 1, table)
    return bytes(out)


def _escape(text: str) -> str:
    return text.replace("€", "EUR").replace("\\", r"\\").replace("(", r"\(").replace(")", r"\)")


def png(rng: random.Random, side: int = 96) -> bytes:
    """A valid PNG, ``side`` pixels square: a soft gradient with a darker box, different for each ``rng``."""
    red, green, blue = (rng.randrange(90, 200) for _ in range(3))
    low, high = side // 4, side * 3 // 4
    rows = bytearray()
    for y in range(side):
        rows.append(0)
        for x in range(side):
            shade = 3 if low < x < high and low < y < high else 1
            rows += bytes(((red + x // 3) // shade, (green + y // 3) // shade, blue // shade))
    header = struct.pack(">IIBBBBB", side, side, 8, 2, 0, 0, 0)
    chunks = ((b"IHDR", header), (b"IDAT", zlib.compress(bytes(rows), 9)), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data)) for kind, data in chunks
    )


def invitation(summary: str, place: str, organizer: str, attendee: str, start: datetime, uid: str) -> str:
    """A calendar request (RFC 5546) of one hour; ``start`` is aware."""
    begin = start.astimezone(UTC)
    rows = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//Hotel Miramar//Sample//EN",
        "METHOD:REQUEST",
        "BEGIN:VEVENT",
        f"UID:{uid}",
        f"DTSTAMP:{begin - timedelta(days=3):%Y%m%dT%H%M%SZ}",
        f"DTSTART:{begin:%Y%m%dT%H%M%SZ}",
        f"DTEND:{begin + timedelta(hours=1):%Y%m%dT%H%M%SZ}",
        f"SUMMARY:{summary}",
        f"LOCATION:{place}",
        f"ORGANIZER:mailto:{organizer}",
        f"ATTENDEE;RSVP=TRUE:mailto:{attendee}",
        "END:VEVENT",
        "END:VCALENDAR",
    ]
    return "\r\n".join(rows) + "\r\n"
