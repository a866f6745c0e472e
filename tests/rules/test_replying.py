"""Who gets a reply (SPEC §5): properties that hold for every message."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crm_tui.rules.replying import Mailbox, quote, recipients
from crm_tui.rules.subjects import FORWARD, REPLY, canonical_subject, forward_subject, reply_subject

OWN = frozenset({"desk@hotel.example", "front@hotel.example"})
_addresses = st.sampled_from(
    [
        "desk@hotel.example",
        "DESK@hotel.example",
        "Front@Hotel.Example",
        "a@x.example",
        "A@x.example",
        "b@x.example",
        "c@x.example",
        "not an address",
        "",
    ]
)
_boxes = st.lists(st.tuples(st.sampled_from(["", "Ann", "Bob"]), _addresses), max_size=6)
_box = st.tuples(st.sampled_from(["", "Ann"]), _addresses)


def names(boxes: tuple[Mailbox, ...]) -> list[str]:
    return [address.casefold() for _name, address in boxes]


@given(_box, _boxes, _boxes, _boxes, st.booleans())
def test_nobody_twice_and_not_ourselves(
    sender: Mailbox, reply_to: list[Mailbox], to: list[Mailbox], cc: list[Mailbox], everyone: bool
) -> None:
    found = recipients(sender, reply_to, to, cc, own=OWN, everyone=everyone)
    everybody = names(found.to) + names(found.cc)
    assert len(everybody) == len(set(everybody))
    assert all("@" in address for address in everybody)
    others = {a.casefold() for _n, a in [sender, *reply_to, *to, *cc] if "@" in a} - OWN
    assert set(everybody) <= others | OWN
    if set(everybody) & OWN:
        assert not found.cc, "ourselves only if nobody else is there"
        assert set(names(found.to)) <= OWN


@given(_box, _boxes, _boxes, _boxes)
def test_reply_all_reaches_everyone_else(
    sender: Mailbox, reply_to: list[Mailbox], to: list[Mailbox], cc: list[Mailbox]
) -> None:
    found = recipients(sender, reply_to, to, cc, own=OWN, everyone=True)
    everybody = set(names(found.to)) | set(names(found.cc))
    assert everybody >= {a.casefold() for _n, a in [*to, *cc] if "@" in a} - OWN


@given(_box, _boxes, _boxes, _boxes)
def test_a_plain_reply_reaches_only_who_wrote(
    sender: Mailbox, reply_to: list[Mailbox], to: list[Mailbox], cc: list[Mailbox]
) -> None:
    found = recipients(sender, reply_to, to, cc, own=OWN, everyone=False)
    if sender[1].casefold() not in OWN:
        wanted = [a.casefold() for _n, a in reply_to if "@" in a] or [sender[1].casefold()]
        assert set(names(found.to)) <= set(wanted)
    assert found.cc == ()


def test_reply_to_goes_before_the_sender() -> None:
    found = recipients(("A", "a@x"), [("R", "r@x")], [("", "desk@hotel.example")], [], own=OWN, everyone=False)
    assert found.to == (("R", "r@x"),)


@pytest.mark.parametrize("subject", ["Re: x", "RE: x", "re : x", "Odp: x", "AW: x", "SV: x", "Re[3]: x", "RE： x"])
def test_one_reply_prefix(subject: str) -> None:
    assert reply_subject(subject) == subject


@pytest.mark.parametrize("subject", ["Reservation: x", "Regards", "", "Reply: x", "Award: x"])
def test_words_that_only_look_like_a_prefix(subject: str) -> None:
    assert reply_subject(subject) == f"Re: {subject}".strip()
    assert forward_subject(subject) == f"Fwd: {subject}".strip()


@given(st.text(alphabet="ab >\n", max_size=60), st.lists(st.tuples(st.integers(0, 60), st.integers(0, 60)), max_size=4))
def test_a_quote_holds_nothing_that_was_folded(text: str, ranges: list[tuple[int, int]]) -> None:
    secret = "SECRET"
    folded = [(len(text), len(text) + len(secret))] + [(a, b) for a, b in ranges if a < b <= len(text)]
    lines = quote(text + secret, folded).splitlines()
    assert secret not in "\n".join(lines)
    assert all(line.startswith(">") for line in lines)


@pytest.mark.parametrize("word", [*REPLY, *FORWARD])
def test_every_prefix_counts_everywhere(word: str) -> None:
    """One table: what is not doubled in an answer is not compared in a thread either."""
    subject = f"{word.capitalize()}: Booking"
    once = reply_subject if word in REPLY else forward_subject
    assert once(subject) == subject
    assert canonical_subject(subject) == "booking"
    assert canonical_subject(f"Re: {subject}") == "booking"
