"""What a person reads of a failure."""

from __future__ import annotations

import pytest

from crm_tui.base.errors import CrmError


@pytest.mark.parametrize(
    ("message", "hint", "read"),
    [
        ("550 no such user", "Look at the address.", "550 no such user. Look at the address."),
        ("It is gone.", "Look elsewhere.", "It is gone. Look elsewhere."),
        ("550 no such user ", "", "550 no such user"),
    ],
)
def test_message_and_hint_are_two_sentences(message: str, hint: str, read: str) -> None:
    assert str(CrmError(message, hint)) == read
