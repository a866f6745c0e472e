"""Addresses, and what makes a sender suspicious."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crm_tui.mail.address import Address, parse_addresses, read_addresses, sender_flags


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("a@b.c, D <d@e.f>", [("", "a@b.c"), ("D", "d@e.f")]),
        ('"Doe, John" <j@d.e>, x@y.z', [("Doe, John", "j@d.e"), ("", "x@y.z")]),
        ("Doe, John <j@d.e>, x@y.z", [("Doe, John", "j@d.e"), ("", "x@y.z")]),
        ("undisclosed-recipients:;", []),
        ("Team: a@b.c, D <d@e.f>;, x@y.z", [("", "a@b.c"), ("D", "d@e.f"), ("", "x@y.z")]),
        ("a@b.c; d@e.f", [("", "a@b.c"), ("", "d@e.f")]),
        ("A <a@b.c> B <d@e.f>", [("A", "a@b.c"), ("B", "d@e.f")]),
        ("<a@b.c>", [("", "a@b.c")]),
        ("<>", []),
        (",,,", []),
        ("Nobody", [("Nobody", "")]),
        ("=?utf-8?Q?P,_Ana?= <a@b.c>, x@y.z", [("P, Ana", "a@b.c"), ("", "x@y.z")]),
        ('"very odd"@b.c', [("", '"very odd"@b.c')]),
        ("<@route.x:a@b.c>", [("", "a@b.c")]),
    ],
)
def test_lists(line: str, expected: list[tuple[str, str]]) -> None:
    assert [(one.name, one.address) for one in parse_addresses(line)] == expected


@given(st.text(st.sampled_from('ab@.<>"\\(),;: =?Q_\t'), max_size=200))
def test_never_raises(line: str) -> None:
    for one in parse_addresses(line):
        assert one.name or one.address
        assert not any(char.isspace() for char in one.address if '"' not in one.address)


@pytest.mark.parametrize("piece", ["(", "<", '"', "a@b.c, ", "x <x@y.z>, ", ",", "((", "\\", "=?", "a,", '"a" ', "<<"])
def test_time_is_linear(piece: str) -> None:
    line = (piece * (200_000 // len(piece))).encode()
    start = time.process_time()
    read_addresses([line])
    assert time.process_time() - start < 2


def test_ten_thousand_recipients() -> None:
    line = ", ".join(f'"Guest, {n}" <guest{n}@mail.example>' for n in range(10_000)).encode()
    start = time.process_time()
    found = read_addresses([line])
    assert time.process_time() - start < 1
    assert len(found) == 10_000
    assert found[-1] == Address("Guest, 9999", "guest9999@mail.example")


@pytest.mark.parametrize(
    ("sender", "reply_to", "flags"),
    [
        (Address("Ana", "ana@a.example"), (), ()),
        (Address("Ana", "ana@a.example"), (Address("", "ANA@a.example"),), ()),
        (Address("Ana", "ana@a.example"), (Address("", "eva@b.example"),), ("reply-to-differs",)),
        (Address("boss@hotel.example", "x@evil.example"), (), ("name-has-address",)),
        (Address("ana@a.example", "ana@a.example"), (), ()),
        (Address("Bаnk", "x@a.example"), (), ("mixed-script",)),
        (Address("Иван Petrov", "x@a.example"), (), ()),
        (Address("Łucja Ñ", "x@a.example"), (), ()),
        (Address("Bank", "x@xn--bnk-5cd.example"), (), ("punycode",)),
        (Address("Bank", "x@bänk.example"), (), ("punycode",)),
    ],
)
def test_flags(sender: Address, reply_to: tuple[Address, ...], flags: tuple[str, ...]) -> None:
    assert sender_flags(sender, reply_to) == flags


def test_a_second_author_is_flagged() -> None:
    assert sender_flags(Address("", "a@b.c"), (), 2) == ("several-from",)
