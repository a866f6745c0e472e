"""What becomes of errors: expected ones are told in a sentence, all others are bugs that are logged without values."""

from __future__ import annotations

import logging
import traceback
from pathlib import Path

from crm_tui.base.errors import CrmError
from crm_tui.base.i18n import _

LOG = logging.getLogger("crm_tui")


def log_to(path: Path) -> None:
    """Send the desk's log to its file, without secrets (S8) and never to the terminal that the desk is drawn on."""
    from crm_tui.base.log import open_log

    open_log(path)


def log_bug(error: BaseException) -> None:
    """Write where it happened: files, lines and exception types; no messages and no variables, they may hold secrets (S8)."""
    lines = []
    seen: set[int] = set()
    cause: BaseException | None = error
    while cause is not None and id(cause) not in seen:
        seen.add(id(cause))
        frames = traceback.extract_tb(cause.__traceback__)
        lines.append(f"{type(cause).__module__}.{type(cause).__qualname__}")
        lines += [f"  {frame.filename}:{frame.lineno} {frame.name}" for frame in frames]
        cause = cause.__cause__ or cause.__context__
    LOG.error("unexpected error\n%s", "\n".join(lines))


def sentence(error: BaseException, log: Path) -> str:
    """What a person reads of an error."""
    if isinstance(error, CrmError):
        return str(error)
    return _("Something went wrong ({kind}). The desk goes on; details are in {log}.").format(
        kind=type(error).__name__, log=log
    )
