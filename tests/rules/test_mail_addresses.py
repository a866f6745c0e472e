"""What a mail address looks like."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crm_tui.rules.mail_addresses import read_mail_address


@pytest.mark.parametrize(
    ("text", "address"),
    [
        (" Ana@X.Example ", "Ana@x.example"),
        ("mailto:a@b.example", "a@b.example"),
        ("a'b+c@x.example", "a'b+c@x.example"),
        ("a@bücher.example", "a@bücher.example"),
        ("a@xn--bcher-kva.example", "a@xn--bcher-kva.example"),
        ("łucja@poczta.example", "łucja@poczta.example"),
        ("ana@hotel", "ana@hotel"),
    ],
)
def test_an_address_is_kept_with_its_domain_in_lower_case(text: str, address: str) -> None:
    assert read_mail_address(text) == address


@pytest.mark.parametrize(
    "text",
    [
        ".@.", "a..b@c.d", "a@b..c", "a@-x", "a@x-", "ana@x.example.", "\u202eana@x.example", "a\u200bb@x.example", "@x.example",
        "a@", "nobody", "a b@x.example", ".a@x.example", "a.@x.example", "a@b@c", "a@x_y", f"{'a' * 65}@x.example",
        f"a@{'b' * 64}.example", "a,b@x.example", "<a@x.example>", "a@[1.2.3.4]",
    ],
)  # fmt: skip
def test_what_is_no_address_is_refused(text: str) -> None:
    assert read_mail_address(text) is None


@given(st.text(max_size=80))
def test_what_is_read_once_is_read_again(text: str) -> None:
    found = read_mail_address(text)
    assert found is None or read_mail_address(found) == found
