"""Gaps are found where a person can fill them, and nowhere else."""

from __future__ import annotations

from crm_tui.rules.gaps import gap_names, gaps_in, marked, unmarked


def test_gaps_have_name_and_place() -> None:
    text = "Dear ⟦guest.surname⟧,\nup to ⟦payment.due⟧ ⟦guest.surname⟧"
    found = gaps_in(text)
    assert [gap.name for gap in found] == ["guest.surname", "payment.due", "guest.surname"]
    assert all(text[gap.start : gap.end] == marked(gap.name) for gap in found)
    assert gap_names(text) == ("guest.surname", "payment.due")


def test_what_is_quoted_does_not_count() -> None:
    assert gap_names("ok\n> Dear ⟦guest.name⟧\n  > ⟦x⟧") == ()


def test_other_brackets_are_no_gaps() -> None:
    assert gap_names("⟦⟧ ⟦ a ⟧ [guest.name] ⟦1⟧") == ()


def test_foreign_text_cannot_pretend() -> None:
    assert gap_names(unmarked("⟦guest.name⟧")) == ()
