"""Any bytes at all are read: no exception, nothing unsafe, in bounded time (QUALITY R8, R9, S10)."""

from __future__ import annotations

import pickle
import random
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bench.corpus import mails
from crm_tui.mail.attachments import attachment_bytes
from crm_tui.mail.parse import Limits, ParsedMessage, parse
from tests.mail.test_wild import CASES, assert_safe
from tests.mail.wild import multipart

SEEDS = (*(case.raw for case in CASES), *(mail.raw for mail in mails(20)))
CPU_SECONDS = 2.0


def read(raw: bytes) -> ParsedMessage:
    start = time.process_time()
    message = parse(raw)
    assert time.process_time() - start < CPU_SECONDS
    assert_safe(message)
    assert pickle.loads(pickle.dumps(message)) == message
    for one in message.attachments:
        attachment_bytes(raw, one.position)
    return message


def mutated(raw: bytes, rng: random.Random) -> bytes:
    """Truncated, flipped, spliced or doubled."""
    data = bytearray(raw)
    for _ in range(rng.randint(1, 8)):
        kind = rng.randrange(5)
        at = rng.randrange(len(data) + 1)
        if kind == 0:
            del data[at:]
        elif kind == 1 and data:
            data[at % len(data)] = rng.randrange(256)
        elif kind == 2:
            other = rng.choice(SEEDS)
            start = rng.randrange(len(other) + 1)
            data[at:at] = other[start : start + rng.randrange(200)]
        elif kind == 3:
            del data[at : at + rng.randrange(40)]
        else:
            data[at:at] = rng.choice(
                (b"\n", b"\r\n", b"\0", b"=?utf-8?Q?", b"--XX\n", b'"', b"(", b"<", b"\xff\xfe", b";")
            )
    return bytes(data)


@pytest.mark.parametrize("seed", range(12))
def test_mutated_mail(seed: int) -> None:
    rng = random.Random(seed)
    for _ in range(100):
        message = read(mutated(rng.choice(SEEDS), rng))
        assert message.problem in ("", "depth", "parts", "headers", "text")


@settings(max_examples=200, deadline=None)
@given(st.binary(max_size=400))
def test_any_bytes(raw: bytes) -> None:
    read(raw)


@pytest.mark.parametrize(
    ("raw", "problem"),
    [
        (b"".join(b"Content-Type: multipart/mixed; boundary=b%d\n\n--b%d\n" % (n, n) for n in range(3000)), "depth"),
        (multipart(*[b"Content-Type: text/plain\n\nx"] * 3000), "parts"),
        (b"Subject: x\n" + b"X-Long: y\n" * 100_000 + b"\nHola\n", "headers"),
        (b"From: " + b"(" * 5000 + b"\n\nx", ""),
        (b"From: " + b"(" * 300_000 + b"\n\nx", "headers"),
        (b"To: " + b'"' * 200_000 + b"\n\nx", ""),
        (b"Subject: " + b"=?utf-8?Q?" * 20_000 + b"\n\nx", ""),
        (b"Subject: " + b"=?utf-8?Q?=3D=3Futf-8=3FQ=3F?= " * 6_000 + b"\n\nx", ""),
        (b"References: " + b"<a@b> <" * 30_000 + b"\n\nx", ""),
        (b"Content-Type: text/plain" + b"; a*0*=x" * 20_000 + b"\n\nx", ""),
        (b"Content-Type: text/html\n\n" + b"<div>" * 200_000 + b"x", ""),
        (b"Content-Type: text/html\n\n" + b"<table><tr><td>" * 20_000 + b"x", ""),
        (b"Content-Type: text/html\n\n" + b"<blockquote><ul><li>" * 20_000 + b"x", ""),
        (b"Content-Type: text/html\n\n<style>" + b"{" * 100_000 + b"none</style>x", ""),
        (b"Content-Type: text/html\n\n" + b"<a href=http://x>" * 50_000, ""),
        (b"Subject: x\n\n" + b"> " * 300_000, ""),
        (b"Subject: x\n\n" + b">\n\n" * 200_000, ""),
        (b"Subject: x\n\n" + b"El lun escribi\xc3\xb3:\n" * 60_000, ""),
        (b"Subject: x\n\n" + b"From: x\n" * 100_000 + b"Subject:", ""),
        (b"Subject: x\n\n" + b"--\n" * 200_000, ""),
        (b"Subject: x\n\n" + b"begin 644 x\n" * 60_000, ""),
        (b"Subject: x\n\n" + b"http://" * 100_000, ""),
        (b"Subject: x\n\n" + b"-" * 500_000, ""),
        (b"Subject: x\n\n" + b" " * 500_000 + b":", ""),
        (b"Content-Type: multipart/mixed; boundary=b\n\n" + b"--b" * 200_000, ""),
        (b"Content-Type: text/plain; format=flowed\n\n" + b"> a \n" * 200_000, ""),
        (b"Content-Type: text/html\n\n" + b"<tr><td>x" * 500_000, "text"),
        (b"Content-Type: multipart/mixed; boundary=q\n\n" + b"--q\n\n" * 500_000, "parts"),
        (b"Content-Type: multipart/mixed; boundary=\"\"\n\n" + b"--\n" * 200_000, ""),
        (b"Content-Type: text/calendar\n\nBEGIN:VCALENDAR\nBEGIN:VEVENT\n" + b"ATTENDEE:x\n" * 10_000, ""),
    ],
    ids=range(30),
)  # fmt: skip
def test_bombs(raw: bytes, problem: str) -> None:
    assert read(raw).problem == problem


def test_pictures_inside_html_do_not_count() -> None:
    picture = b'<img alt=foto src="data:image/png;base64,' + b"QUJD" * 1_000_000 + b'">'
    message = read(b"Content-Type: text/html\n\n<p>Hola</p>" + picture + b"<p>adios</p>")
    assert message.problem == ""
    assert message.text.split() == ["Hola", "[foto]", "adios"]


def test_text_over_the_limit_is_told() -> None:
    message = parse(b"Subject: x\n\n" + b"Hola " * 1000, limits=Limits(text_bytes=1000))
    assert message.problem == "text"
    assert message.text.startswith("Hola")
