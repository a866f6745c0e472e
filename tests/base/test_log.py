"""The log holds no secrets, no forged lines, no local variables (QUALITY S8, S16)."""

from __future__ import annotations

import base64
import json
import logging
import stat
from collections.abc import Iterator
from pathlib import Path

import pytest

from crm_tui.base.log import NAME, crash_report, open_log
from crm_tui.base.redact import MASK, Secret, redact

CANARY = 'canary "łódź" 4711'


@pytest.fixture
def log(tmp_path: Path) -> Iterator[Path]:
    path = tmp_path / "logs" / "crm_tui.log"
    close = open_log(path)
    yield path
    close()


def test_no_secret_in_any_form(log: Path) -> None:
    secret = Secret(CANARY)
    logger = logging.getLogger(f"{NAME}.mail")
    plain = base64.b64encode(CANARY.encode()).decode()
    logger.warning("refused %s (%s)", CANARY, plain)
    logger.warning("sent: AUTH PLAIN %s", base64.b64encode(b"\0user\0never seen").decode())
    logger.warning('sent: a1 LOGIN "user name" "never seen"')
    logger.warning("Authorization: Bearer never.seen.token")
    try:
        raise ValueError(f"bad {CANARY!r}")
    except ValueError:
        logger.exception("failed with %s", secret)
    written = log.read_text()
    assert "canary" not in written
    assert plain not in written
    assert "never" not in written
    assert MASK in written
    assert "ValueError" in written
    assert stat.S_IMODE(log.stat().st_mode) == 0o600


def test_crash_report_has_no_local_variables() -> None:
    def fail() -> None:
        guest_passport = "X123" + "4567"
        raise RuntimeError(f"boom {len(guest_passport)}")

    with pytest.raises(RuntimeError) as caught:
        fail()
    report = crash_report(caught.value)
    assert "boom 8" in report
    assert "test_log.py" in report
    assert "X1234567" not in report


def test_foreign_text_cannot_forge_a_line_or_colour_the_terminal(log: Path) -> None:
    logging.getLogger(NAME).warning("server said %s", "bye\n2026-01-01T00:00:00Z INFO crm_tui all is well\r\x1b[2J")
    lines = log.read_text().splitlines()
    assert len([line for line in lines if not line.startswith("    ")]) == 1
    assert "\x1b" not in log.read_text()


def test_rotates_and_stays_private(log: Path) -> None:
    for _number in range(80):
        logging.getLogger(NAME).warning("x" * 19_000)
    files = sorted(log.parent.iterdir())
    assert 1 < len(files) <= 4
    assert all(stat.S_IMODE(file.stat().st_mode) == 0o600 for file in files)


def test_a_log_that_cannot_be_written_is_silent(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    close = open_log(tmp_path / "file" / "log")
    logging.getLogger(NAME).warning("nobody hears")
    close()


def test_short_secrets_do_not_garble_everything() -> None:
    Secret("a")
    assert redact("a banana") == "a banana"


def test_opened_twice_writes_once(log: Path) -> None:
    open_log(log)()
    logging.getLogger(NAME).warning("one line")
    assert log.read_text().count("one line") == 1


AWKWARD = ["Bird\\7319", 'Bird"7319', "Bird'7319", "Bi\\rd\"73'19", "Bird łódź\\", "Bird  7319", "\\'\"Bird"]


@pytest.mark.parametrize("password", AWKWARD)
def test_a_password_is_hidden_however_it_is_written(password: str) -> None:
    Secret(password)
    quoted = password.replace("\\", "\\\\").replace('"', '\\"')
    for text in (password, quoted):
        raw = text.encode()
        for written in (
            text,
            repr(text),
            repr(raw),
            repr([f"it's {text}"]),
            repr([b'say "' + raw + b'"']),
            json.dumps(text),
        ):
            hidden = redact(f"NO {written} is wrong")
            assert "ird" not in hidden, written
            assert "d7" not in hidden
