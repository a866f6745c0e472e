"""The desk's own log: no secret, no forged line, no control character, and what escapes from a thread is in it (S8)."""

from __future__ import annotations

import logging
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from crm_tui.base.log import NAME
from crm_tui.base.redact import Secret
from crm_tui.cli.desk import show_desk
from crm_tui.cli.invocation import Invocation
from crm_tui.cli.usage import Options
from crm_tui.screens.failures import log_bug, log_to

CANARY = "CanaryBird-4711"


@pytest.fixture(autouse=True)
def restored() -> Iterator[None]:
    """Hooks and handlers as they were."""
    hooks = sys.excepthook, threading.excepthook
    logger = logging.getLogger(NAME)
    handlers, propagate = list(logger.handlers), logger.propagate
    yield
    sys.excepthook, threading.excepthook = hooks
    for handler in [one for one in logger.handlers if one not in handlers]:
        logger.removeHandler(handler)
        handler.close()
    logger.propagate = propagate


def fail() -> None:
    secret = Secret(CANARY)
    raise RuntimeError(f"LOGIN ana {secret.reveal()}")


def test_the_desks_log_holds_no_secret_and_no_forged_line(tmp_path: Path) -> None:
    path = tmp_path / "crm_tui.log"
    log_to(path)
    logger = logging.getLogger("crm_tui.outbox")
    try:
        fail()
    except RuntimeError as error:
        logger.exception("outbox: unexpected failure")
        log_bug(error)
    logger.warning("server said %s", "bye\n2026-01-01T00:00:00Z INFO crm_tui all is well \x1b]0;x\x07\x9b31m")
    written = path.read_text(encoding="utf-8")
    assert CANARY not in written
    assert "RuntimeError: LOGIN ana" in written
    assert "builtins.RuntimeError" in written
    assert not any(c for c in written if not c.isprintable() and c != "\n")
    assert sum(not line.startswith("    ") for line in written.splitlines()) == 3


def test_what_escapes_from_a_thread_of_the_desk_is_logged_without_secrets(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    def run_desk(_home: object, _settings: object, opener: Any, **_named: object) -> int:
        opener().store.close()
        thread = threading.Thread(target=fail)
        thread.start()
        thread.join()
        return 0

    monkeypatch.setattr("crm_tui.cli.running.run_desk", run_desk)
    options = Options()
    options.home = str(tmp_path / "home")
    run = Invocation(options)
    assert show_desk(run) == 0
    written = run.home.log.read_text(encoding="utf-8")
    assert "RuntimeError: LOGIN ana" in written
    assert "fail" in written
    out, err = capfd.readouterr()
    assert CANARY not in written + out + err
    assert "RuntimeError" not in err
