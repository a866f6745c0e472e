"""How long a short message is."""

from __future__ import annotations

import pytest

from crm_tui.rules.sms import Size, size


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("", Size(0, 0, True)),
        ("a" * 160, Size(160, 1, True)),
        ("a" * 161, Size(161, 2, True)),
        ("€" * 80, Size(160, 1, True)),
        ("a" * 307, Size(307, 3, True)),
        ("ł" * 70, Size(70, 1, False)),
        ("ł" + "a" * 70, Size(71, 2, False)),
        ("😀", Size(2, 1, False)),
    ],
)
def test_size(text: str, found: Size) -> None:
    assert size(text) == found
