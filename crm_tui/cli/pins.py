"""PINs on the command line: from standard input or a prompt, never an argument, which every process can read."""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import TYPE_CHECKING

from crm_tui.base.errors import Forbidden
from crm_tui.base.i18n import _
from crm_tui.base.redact import Secret
from crm_tui.cli.usage import UsageError

if TYPE_CHECKING:
    from crm_tui.desk.common.context import Context


def from_stdin() -> Secret:
    """The next line of standard input.

    Raises:
        UsageError: there is none.
    """
    line = sys.stdin.readline() if sys.stdin is not None else ""
    if not line.rstrip("\r\n"):
        raise UsageError(_("No PIN came on standard input."), _("Write it on a line of its own."))
    return Secret(line.rstrip("\r\n"))


def asked(name: str) -> Secret | None:
    """The PIN of an agent, typed at the terminal without being shown; None where there is no terminal, or nothing was typed."""
    return prompted(_("PIN of {name}: ").format(name=name))


def prompted(words: str) -> Secret | None:
    """Something typed at the terminal without being shown; None where there is no terminal, or nothing was typed."""
    from getpass import getpass

    if sys.stdin is None or not sys.stdin.isatty():
        return None
    try:
        typed = getpass(words, sys.stderr)
    except EOFError:
        return None
    return Secret(typed) if typed else None


def way_in(error: Forbidden) -> Callable[[Secret], Context] | None:
    """How to open the desk with a PIN, if that is what was missing."""
    from crm_tui.desk.staff.sign_in import NeedsPin

    return error.again if isinstance(error, NeedsPin) else None
