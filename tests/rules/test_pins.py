"""PINs: what is refused, how one is kept, how long a wrong one makes wait."""

from __future__ import annotations

import pytest

from crm_tui.rules.pins import LONGEST_WAIT, PinFault, fault, hashed, matches, wait


@pytest.mark.parametrize(
    ("pin", "why"),
    [
        *((pin, PinFault.SHORT) for pin in ("", "1", "831")),
        *(
            (pin, PinFault.OBVIOUS)
            for pin in ("0000", "1234", "4321", "7890", "aaaa", "abcd", "QWERTY", "1212", "2580")
        ),
        *((pin, PinFault.OBVIOUS) for pin in ("8383", "123456", "password", "99999999")),
        *((pin, PinFault.NAME) for pin in ("łucja", "ŁUCJA", "ajcuł", "lnowak")),
        *((pin, PinFault.UNPRINTABLE) for pin in ("83\x0071", " 8371", "8371 ")),
        ("8" * 40 + "3" * 40, PinFault.LONG),
        *((pin, None) for pin in ("8371", "żółw", "correct horse", "1984")),
    ],
)
def test_what_anybody_would_try_first_is_refused(pin: str, why: PinFault | None) -> None:
    assert fault(pin, "Łucja", "lnowak", "") == why


def test_a_pin_is_kept_as_a_slow_hash_with_a_salt_of_its_own() -> None:
    kept = hashed("8371")
    assert kept.startswith("scrypt$32768$8$1$")
    assert "8371" not in kept.split("$", 4)[4]
    assert kept != hashed("8371")
    assert matches("8371", kept)
    assert not matches("8372", kept)


def test_parameters_are_those_that_it_was_kept_with() -> None:
    """So that a later version may make it dearer without anybody's PIN being lost."""
    cheap = "scrypt$16$8$1$AAAAAAAAAAAAAAAAAAAAAA==$"
    assert not matches("8371", cheap + "AAAA")
    for broken in (
        "",
        "8371",
        "md5$16$8$1$AAAA$AAAA",
        cheap + "?",
        "scrypt$x$8$1$AAAA$AAAA",
        "scrypt$15$8$1$AAAA$AAAA",
    ):
        assert not matches("8371", broken)


def test_the_delay_grows_and_has_an_end() -> None:
    assert [wait(failures) for failures in range(11)] == [0, 1, 2, 4, 8, 16, 32, 64, 128, 256, LONGEST_WAIT]
    assert wait(10_000) == LONGEST_WAIT
