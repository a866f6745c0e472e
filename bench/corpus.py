"""A deterministic corpus of reception mail: the same bytes for the same number, on every machine.

``python -m bench.corpus DIR --count 100000 [--small]`` writes a Maildir. Mails come in blocks of a thousand that are
made independently, so that several processes can make them: conversations of one to nine mails between guests and the
desk in four languages, with quotes, HTML alternatives, several charsets and transfer encodings, and some files. The mean
is about 11 kB a mail; ``small`` leaves out files and most of the HTML, about 3 kB.
"""

from __future__ import annotations

import argparse
import binascii
import random
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.header import Header
from email.utils import format_datetime
from functools import cache, partial
from pathlib import Path

from bench.words import ANSWERS, FOOTERS, NAMES, QUOTING, SENTENCES, SUBJECTS, SYLLABLES

DESK = ("Hotel Miramar", "desk@miramar.example")
BLOCK = 1000
LANGUAGES = ("es", "pl", "fr", "en")
_NEWEST = datetime(2026, 7, 1, 9, 0, tzinfo=UTC)
_PACE = timedelta(minutes=4)
_CHARSETS = {"es": "iso-8859-15", "pl": "iso-8859-2", "fr": "windows-1252", "en": "utf-8"}


@dataclass(frozen=True, slots=True)
class Mail:
    """One mail of the corpus: its bytes, when the server got it, its mailbox and flags."""

    raw: bytes
    received_at: datetime
    mailbox: str
    flags: tuple[str, ...]


@dataclass(slots=True)
class _Talk:
    """A conversation under way."""

    language: str
    guest: tuple[str, str]
    subject: str
    ids: list[str]
    last_text: str = ""
    last_sender: str = ""
    last_at: datetime | None = None


def mails(count: int, *, small: bool = False) -> Iterator[Mail]:
    """The first ``count`` mails, newest block first and in order of time within a block."""
    for number in range((count + BLOCK - 1) // BLOCK):
        yield from block(number, small=small)[: count - number * BLOCK]


def block(number: int, *, small: bool = False) -> list[Mail]:
    """A thousand mails; block 0 is the newest."""
    chance = random.Random(f"miramar {number}")
    end = _NEWEST - number * BLOCK * _PACE
    talks: list[_Talk] = []
    made = []
    for place in range(BLOCK):
        at = end - (BLOCK - place) * _PACE + timedelta(seconds=chance.randrange(200))
        if talks and chance.random() < 0.6:
            talk = talks[-1 - min(int(chance.expovariate(0.15)), len(talks) - 1)]
        else:
            talk = _begin(chance)
            talks.append(talk)
        made.append(_write(chance, talk, at, f"{number}.{place}", small))
    return made


def _begin(chance: random.Random) -> _Talk:
    language = chance.choices(LANGUAGES, (40, 25, 20, 15))[0]
    name = f"{chance.choice(NAMES[language])} {_word(chance, language).capitalize()}"
    local = "".join(c for c in name.split()[0].casefold() if c.isascii()) or "guest"
    address = f"{local}{chance.randrange(100_000)}@{chance.choice(('mail', 'post', 'box'))}.example"
    return _Talk(language, (name, address), _filled(chance, chance.choice(SUBJECTS[language]), name), [])


def _write(chance: random.Random, talk: _Talk, at: datetime, serial: str, small: bool) -> Mail:
    ours = bool(talk.ids) and chance.random() < 0.5
    sender, recipient = (DESK, talk.guest) if ours else (talk.guest, DESK)
    text = _text(chance, talk, ours)
    whole = text if not talk.last_text else f"{text}\n\n{_quote(talk)}\n"
    message_id = f"{serial}.{chance.getrandbits(48):012x}@{sender[1].rpartition('@')[2]}"
    prefix = {"es": "RE: ", "pl": "Odp: ", "fr": "TR : ", "en": "Re: "}[talk.language] if talk.ids else ""
    lines = [
        *_trace(chance, at, serial),
        f"From: {_person(*sender)}",
        f"To: {_person(*recipient)}",
        f"Subject: {_encoded(prefix + talk.subject)}",
        f"Date: {format_datetime(at)}",
        f"Message-ID: <{message_id}>",
    ]
    if talk.ids:
        lines += [f"In-Reply-To: <{talk.ids[-1]}>", "References: " + "\r\n ".join(f"<{one}>" for one in talk.ids[-8:])]
    lines.append("MIME-Version: 1.0")
    raw = "\r\n".join(lines).encode("ascii") + b"\r\n" + _body(chance, talk.language, whole, serial, small)
    talk.ids.append(message_id)
    talk.last_text, talk.last_sender, talk.last_at = text, sender[0], at
    flags = (() if chance.random() < 0.1 else ("\\Seen",)) + (("\\Answered",) if chance.random() < 0.3 else ())
    return Mail(raw, at + timedelta(seconds=2), "Sent" if ours else "INBOX", flags)


def _trace(chance: random.Random, at: datetime, serial: str) -> list[str]:
    hops = [
        f"mx{chance.randrange(9)}.miramar.example",
        f"out{chance.randrange(99)}.relay.example",
        "smtp.origin.example",
    ]
    lines = [f"Return-Path: <bounce-{serial}@relay.example>"]
    for hop, earlier in zip(hops, (*hops[1:], "localhost"), strict=True):
        mark = f"{chance.getrandbits(64):016x}"
        lines.append(
            f"Received: from {earlier} ([192.0.2.{chance.randrange(255)}])\r\n\tby {hop} with ESMTPS id {mark};"
        )
        lines.append(f"\t{format_datetime(at)}")
    signature = binascii.b2a_base64(chance.randbytes(192), newline=False).decode()
    folded = "\r\n\t".join(signature[i : i + 68] for i in range(0, len(signature), 68))
    lines.append(f"DKIM-Signature: v=1; a=rsa-sha256; c=relaxed/relaxed; d=origin.example; s=k1;\r\n\tb={folded}")
    return lines


def _text(chance: random.Random, talk: _Talk, ours: bool) -> str:
    """A few set sentences among ones of a long tail of words, so that the index meets common and rare terms."""
    name = talk.guest[0]
    said = [_filled(chance, chance.choice(SENTENCES[talk.language]), name) for _ in range(chance.randint(1, 4))]
    said += [_tale(chance, talk.language) for _ in range(chance.randint(2, 9))]
    chance.shuffle(said)
    paragraphs = [" ".join(said[i : i + 3]) for i in range(0, len(said), 3)]
    if ours:
        opening, closing = ANSWERS[talk.language]
        return "\n\n".join([_filled(chance, opening, name), *paragraphs, closing])
    return "\n\n".join([*paragraphs, f"-- \n{name}\n+34 6{chance.randrange(10**8):08d}"])


def _tale(chance: random.Random, language: str) -> str:
    words = [_word(chance, language) for _ in range(chance.randint(6, 16))]
    return f"{' '.join(words).capitalize()}."


@cache
def _lexicon(language: str) -> tuple[str, ...]:
    chance = random.Random(language)
    parts = SYLLABLES[language].split()
    return tuple("".join(chance.choices(parts, k=chance.randint(1, 4))) for _ in range(30_000))


def _word(chance: random.Random, language: str) -> str:
    """A word of the language's lexicon, chosen about as often as its rank's reciprocal (Zipf)."""
    words = _lexicon(language)
    return words[int(len(words) ** chance.random()) - 1]


def _filled(chance: random.Random, pattern: str, name: str) -> str:
    return pattern.format(
        nights=chance.randint(1, 14),
        people=chance.randint(2, 6),
        day=f"{chance.randint(1, 28)}.{chance.randint(1, 12)}.",
        code=f"{chance.choice('ABCDEFGH')}{chance.randrange(10**6):06d}",
        name=name.split()[0],
    )


def _quote(talk: _Talk) -> str:
    assert talk.last_at is not None
    head = QUOTING[talk.language].format(date=talk.last_at.strftime("%d.%m.%Y %H:%M"), who=talk.last_sender)
    return "\n".join([head, *(f"> {line}".rstrip() for line in talk.last_text.splitlines())])


def _person(name: str, address: str) -> str:
    return f'"{name}" <{address}>' if name.isascii() else f"{_encoded(name)} <{address}>"


def _encoded(value: str) -> str:
    return value if value.isascii() else Header(value, "utf-8").encode(linesep="\r\n")


def _body(chance: random.Random, language: str, text: str, serial: str, small: bool) -> bytes:
    plain = _part(chance, language, text, "plain")
    content = plain
    if chance.random() < (0.1 if small else 0.6):
        content = _multi(
            "alternative", f"alt-{serial}", [plain, _part(chance, language, _html(language, text), "html")]
        )
    if not small and chance.random() < 0.07:
        files = [_file(chance, serial, place) for place in range(chance.choice((1, 1, 1, 2)))]
        content = _multi("mixed", f"mix-{serial}", [content, *files])
    return content


def _part(chance: random.Random, language: str, text: str, kind: str) -> bytes:
    charset = "utf-8" if chance.random() < 0.75 else _CHARSETS[language]
    octets = text.replace("\n", "\r\n").encode(charset, "replace")
    way = chance.choices(("quoted-printable", "base64", "8bit"), (60, 20, 20))[0]
    if way == "quoted-printable":
        octets = binascii.b2a_qp(octets)
    elif way == "base64":
        octets = _base64(octets)
    head = f"Content-Type: text/{kind}; charset={charset}\r\nContent-Transfer-Encoding: {way}\r\n\r\n"
    return head.encode() + octets + b"\r\n"


def _base64(octets: bytes) -> bytes:
    return b"\r\n".join(binascii.b2a_base64(octets[i : i + 57], newline=False) for i in range(0, len(octets), 57))


def _html(language: str, text: str) -> str:
    rows = "\n".join(
        f'<tr><td style="padding:0 24px;font-family:Georgia,serif;font-size:15px;line-height:22px;color:#27313b">{line}</td></tr>'
        for line in text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").split("\n")
        if line
    )
    rules = "\n".join(
        f".box{n} {{ width: {n * 7 % 100}%; margin: {n}px auto; border-radius: {n % 9}px }}" for n in range(36)
    )
    return (
        f"<html><head><title>Miramar</title><style>\n{rules}\n</style></head><body>"
        f'<div style="display:none">{FOOTERS[language]}</div><table width="600" align="center">\n{rows}\n</table>'
        f'<p style="font-size:11px">{FOOTERS[language]} <a href="https://www.miramar.example/{language}/privacy">Miramar</a>'
        '<img src="https://open.relay.example/p.gif" width="1" height="1"></p></body></html>'
    )


def _multi(kind: str, boundary: str, parts: list[bytes]) -> bytes:
    head = f'Content-Type: multipart/{kind}; boundary="{boundary}"\r\n\r\n'.encode()
    mark = b"--" + boundary.encode()
    return head + b"".join(mark + b"\r\n" + part + b"\r\n" for part in parts) + mark + b"--\r\n"


def _file(chance: random.Random, serial: str, place: int) -> bytes:
    content = b"%PDF-1.4\n" + chance.randbytes(int(chance.triangular(4_000, 120_000, 15_000)))
    head = (
        f'Content-Type: application/pdf; name="document-{serial}-{place}.pdf"\r\n'
        f'Content-Disposition: attachment; filename="document-{serial}-{place}.pdf"\r\n'
        "Content-Transfer-Encoding: base64\r\n\r\n"
    )
    return head.encode() + _base64(content)


def write_maildir(directory: Path, count: int, *, small: bool = False) -> int:
    """Write the corpus as a Maildir, on all cores; returns the octets written."""
    for name in ("cur", "new", "tmp"):
        (directory / name).mkdir(parents=True, exist_ok=True)
    numbers = range((count + BLOCK - 1) // BLOCK)
    with ProcessPoolExecutor() as pool:
        return sum(pool.map(partial(_write_block, directory, count, small), numbers))


def _write_block(directory: Path, count: int, small: bool, number: int) -> int:
    octets = 0
    for place, mail in enumerate(block(number, small=small)[: count - number * BLOCK]):
        name = f"{int(mail.received_at.timestamp())}.{number}_{place}.miramar:2,{'S' if mail.flags else ''}"
        (directory / "cur" / name).write_bytes(mail.raw)
        octets += len(mail.raw)
    return octets


def main() -> None:
    """Write a Maildir."""
    parser = argparse.ArgumentParser(description="write a Maildir of synthetic reception mail")
    parser.add_argument("directory", type=Path)
    parser.add_argument("--count", type=int, default=100_000)
    parser.add_argument("--small", action="store_true", help="text only: about 3 kB a mail instead of 11")
    arguments = parser.parse_args()
    octets = write_maildir(arguments.directory, arguments.count, small=arguments.small)
    print(f"{arguments.count} mails, {octets / 1e6:.1f} MB, {octets / max(arguments.count, 1) / 1000:.1f} kB each")


if __name__ == "__main__":
    main()
