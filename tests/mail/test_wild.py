"""Any real message is read: the rates of QUALITY R9 on mail with known answers."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import fields

import pytest

from crm_tui.mail.parse import ParsedMessage, parse
from tests.mail import wild_bodies, wild_headers
from tests.mail.wild import Wild, judge

CASES: tuple[Wild, ...] = (
    *wild_headers.SENDERS,
    *wild_headers.SUBJECTS,
    *wild_bodies.CHARSETS,
    *wild_bodies.ENCODINGS,
    *wild_bodies.HTML,
    *wild_bodies.TREES,
    *wild_bodies.NAMES,
    *wild_bodies.PACKED,
)
UNSAFE = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u200b\u200e\u200f\u202a-\u202e\u2066-\u2069\ud800-\udfff]")
RATES = {"sender": 0.99, "subject": 0.98, "text": 0.98, "attachments": 0.95}


def strings(value: object) -> list[str]:
    """Every string anywhere in a parsed message."""
    if isinstance(value, str):
        return [value]
    if isinstance(value, tuple):
        return [text for item in value for text in strings(item)]
    if hasattr(value, "__dataclass_fields__"):
        return [text for one in fields(value) for text in strings(getattr(value, one.name))]  # type: ignore[arg-type]
    return []


def assert_safe(message: ParsedMessage) -> None:
    for text in strings(message):
        assert not UNSAFE.search(text), ascii(text)
        assert text.encode("utf-8") is not None
    assert "\n" not in message.subject + str(message.sender)
    for start, end in (*message.quoted, *([message.signature] if message.signature else [])):
        assert 0 <= start < end <= len(message.text)


def test_there_are_enough_cases() -> None:
    assert len({case.name for case in CASES}) >= 60
    assert len({case.raw for case in CASES}) >= 60


def test_the_rates_are_reached() -> None:
    right: Counter[str] = Counter()
    wrong: list[str] = []
    for case in CASES:
        for what, is_right in judge(case, parse(case.raw)).items():
            right[what] += is_right
            if not is_right:
                wrong.append(f"{case.name}: {what}")
    missed = {what: right[what] / len(CASES) for what, rate in RATES.items() if right[what] < rate * len(CASES)}
    assert not missed, (missed, wrong)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_each_is_read_whole_and_safe(case: Wild) -> None:
    message = parse(case.raw)
    assert_safe(message)
    assert message.problem == ""
    wrong = [what for what, is_right in judge(case, message).items() if not is_right]
    assert not wrong, (wrong, message)
