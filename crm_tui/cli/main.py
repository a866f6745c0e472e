"""The way into the command line: reads the arguments, runs one command, turns failures into sentences and exit codes.

Exit codes: 0 ok, 1 failed, 2 usage, 130 interrupted.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from crm_tui.cli.usage import Options

OK, FAILED, USAGE, INTERRUPTED = 0, 1, 2, 130


def run(argv: Sequence[str]) -> int:
    """Run the command line; returns the exit code. Without arguments it opens the desk at once."""
    try:
        return _run(list(argv))
    except KeyboardInterrupt:
        return INTERRUPTED
    except BrokenPipeError:
        # whoever read our output has had enough; the interpreter must not complain when it flushes at exit
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return OK


def _run(argv: list[str]) -> int:
    from crm_tui.cli.usage import Options, UsageError

    wants_json, debug = "--json" in argv, "--debug" in argv
    try:
        options = _parse(argv) if argv else Options()
        return OK if options is None else _dispatch(options)
    except UsageError as error:
        _complain(error.message, error.hint, wants_json)
        return USAGE
    except (KeyboardInterrupt, BrokenPipeError):
        raise
    except Exception as error:
        if debug:
            from crm_tui.base.log import crash_report

            sys.stderr.write(crash_report(error))  # where it happened, without secrets (S8)
            return FAILED
        return _explain(error, wants_json)


def _parse(argv: list[str]) -> Options | None:
    from crm_tui.cli.options import parse

    return parse(argv)


def _dispatch(options: Options) -> int:
    from importlib import import_module

    from crm_tui.cli.invocation import Invocation

    module, _, function = options.handler.partition(":")
    handler = getattr(import_module(f"crm_tui.cli.{module}"), function)
    code: int = handler(Invocation(options))
    if sys.stdout is not None:
        sys.stdout.flush()
    return code


def _explain(error: Exception, wants_json: bool) -> int:
    from crm_tui.base.errors import CrmError
    from crm_tui.base.i18n import _

    if isinstance(error, CrmError):
        _complain(error.message, error.hint, wants_json)
    elif isinstance(error, OSError):
        where = f"{error.filename}: " if error.filename else ""
        _complain(f"{where}{error.strerror or type(error).__name__}.", "", wants_json)
    else:
        _complain(
            _("Something went wrong inside crm_tui ({kind}); nothing half-done was kept.").format(
                kind=type(error).__name__
            ),
            _("This is a bug: run the command again with --debug and report what it shows."),
            wants_json,
        )
    return FAILED


def _complain(message: str, hint: str, wants_json: bool) -> None:
    from crm_tui import first_frame
    from crm_tui.cli.output import complain

    first_frame.take_away()
    complain(message, hint, wants_json)
