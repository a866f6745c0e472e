"""The way into the command line: reads the arguments, runs one command, turns failures into sentences and exit codes.

Exit codes: 0 ok, 1 failed, 2 usage, 130 interrupted. Whatever was typed and cannot be used is usage: an unknown option as
well as a time zone that does not exist (:class:`~crm_tui.base.errors.InvalidInput`); nothing was changed then.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from crm_tui.cli.usage import Options

OK, FAILED, USAGE, INTERRUPTED = 0, 1, 2, 130


def run(argv: Sequence[str]) -> int:
    """Run the command line; returns the exit code. Without arguments it opens the desk at once."""
    code = OK
    try:
        code = _run(list(argv))
        if sys.stdout is not None:
            sys.stdout.flush()  # here, where a failure can be told, and not when the interpreter ends
    except KeyboardInterrupt:
        return INTERRUPTED
    except BrokenPipeError:  # whoever read our output has had enough
        _drop_output()
    except OSError as error:
        _drop_output()
        return _explain_output(error, "--json" in argv)
    return code


def _run(argv: list[str]) -> int:
    from crm_tui.cli.usage import Options

    wants_json, debug = "--json" in argv, "--debug" in argv
    try:
        options = _parse(argv) if argv else Options()
        return OK if options is None else _dispatch(options)
    except (KeyboardInterrupt, BrokenPipeError):
        raise
    except Exception as error:
        if debug and not _is_usage(error):
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
    return code


def _is_usage(error: Exception) -> bool:
    """Whether what was typed is wrong; a wrong settings file was not typed, so that is a failure, and so is a file
    that cannot be read."""
    from crm_tui.base.errors import InvalidInput, SettingsError
    from crm_tui.cli.usage import UsageError

    if isinstance(error, SettingsError) or getattr(error, "unreadable", False):
        return False
    return isinstance(error, UsageError | InvalidInput)


def _explain(error: Exception, wants_json: bool) -> int:
    from crm_tui.base.errors import CrmError
    from crm_tui.base.i18n import _
    from crm_tui.cli.output import OutputFailed

    if isinstance(error, OutputFailed):
        return _explain_output(error.cause, wants_json)
    if isinstance(error, CrmError):
        _complain(error.message, error.hint, wants_json)
        return USAGE if _is_usage(error) else FAILED
    if isinstance(error, OSError):
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


def _explain_output(error: OSError, wants_json: bool) -> int:
    from crm_tui.base.i18n import _

    reason = error.strerror or type(error).__name__
    _complain(_("The output could not be written: {reason}.").format(reason=reason), "", wants_json)
    return FAILED


def _drop_output() -> None:
    from crm_tui.cli.output import drop

    drop(sys.stdout)


def _complain(message: str, hint: str, wants_json: bool) -> None:
    from crm_tui import first_frame
    from crm_tui.cli.output import complain

    first_frame.take_away()
    complain(message, hint, wants_json)
