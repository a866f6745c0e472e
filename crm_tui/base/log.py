"""The log: one private, rotating file without secrets (QUALITY S8, S16), and crash reports without local variables."""

from __future__ import annotations

import logging
import logging.handlers
import os
import sys
import threading
import time
import traceback
from collections.abc import Callable
from io import TextIOWrapper
from pathlib import Path
from types import TracebackType

from crm_tui.base.paths import FILE_MODE
from crm_tui.base.redact import redact

NAME = "crm_tui"
FILE_BYTES = 1_000_000
FILES_KEPT = 3
LONGEST_RECORD = 20_000


class RedactingFormatter(logging.Formatter):
    """One record a line: UTC instant, level, logger, text; secrets and control characters taken out."""

    def format(self, record: logging.LogRecord) -> str:
        return _one_block(redact(super().format(record)))

    def formatException(self, exc_info: object) -> str:  # noqa: N802 -- logging's name
        error = exc_info[1] if isinstance(exc_info, tuple) else None
        return crash_report(error) if isinstance(error, BaseException) else ""


class _PrivateFile(logging.handlers.RotatingFileHandler):
    """A rotating file that is created with mode 0600, whatever the umask."""

    def _open(self) -> TextIOWrapper:
        flags = os.O_WRONLY | os.O_CREAT | os.O_APPEND | getattr(os, "O_NOFOLLOW", 0)
        descriptor = os.open(self.baseFilename, flags, FILE_MODE)
        if hasattr(os, "fchmod"):
            os.fchmod(descriptor, FILE_MODE)
        return open(descriptor, "a", encoding="utf-8", errors="backslashreplace")


def open_log(path: Path, *, level: int = logging.INFO) -> Callable[[], None]:
    """Write the project's log to ``path``. Returns a function that closes it again.

    A log that cannot be written never stops the desk: it is then silent. One that is open already is left as it is.
    """
    logger = logging.getLogger(NAME)
    if any(getattr(handler, "baseFilename", "") == str(path.absolute()) for handler in logger.handlers):
        return lambda: None
    try:
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        handler: logging.Handler = _PrivateFile(path, maxBytes=FILE_BYTES, backupCount=FILES_KEPT, encoding="utf-8")
    except OSError:
        handler = logging.NullHandler()
    formatter = RedactingFormatter("%(asctime)s %(levelname)s %(name)s %(message)s", "%Y-%m-%dT%H:%M:%SZ")
    formatter.converter = time.gmtime
    handler.setFormatter(formatter)
    logger.addHandler(handler)
    logger.setLevel(level)
    logger.propagate = False

    def close() -> None:
        logger.removeHandler(handler)
        handler.close()

    return close


def crash_report(error: BaseException) -> str:
    """A traceback as text: files, lines and functions; no local variables, no secrets."""
    described = traceback.TracebackException.from_exception(error, capture_locals=False, limit=-40)
    return redact("".join(described.format()))


def catch_everything() -> None:
    """Log what escapes from the main thread or any other, instead of letting Python print it."""
    logger = logging.getLogger(NAME)

    def main_hook(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
        if issubclass(kind, KeyboardInterrupt):
            return
        logger.critical("unexpected failure", exc_info=(kind, error, trace))

    def thread_hook(args: threading.ExceptHookArgs) -> None:
        if args.exc_value is not None:
            logger.critical("unexpected failure", exc_info=(args.exc_type, args.exc_value, args.exc_traceback))

    sys.excepthook = main_hook
    threading.excepthook = thread_hook


def _one_block(text: str) -> str:
    """Foreign text cannot forge a log line: continuation lines are indented, control characters spelled out."""
    if len(text) > LONGEST_RECORD:
        text = text[:LONGEST_RECORD] + "…"
    clean = "".join(c if c.isprintable() or c == "\n" else c.encode("unicode_escape").decode("ascii") for c in text)
    return clean.replace("\n", "\n    ")
