"""What every command has: the options that stand before or after its name, and the error of a wrong command line.

Nothing heavy is imported here: ``crm-tui`` without a command needs no parser.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from crm_tui.base.errors import CrmError


class UsageError(CrmError):
    """The command line itself is wrong: exit code 2."""


class Options:
    """The options of a command line, as they are when not given; a command adds its own.

    Attributes:
        handler: ``module:function`` of this room that runs the command.
    """

    home: str = ""
    db: str = ""
    agent: str = ""
    pin_stdin: bool = False
    json: bool = False
    debug: bool = False
    readonly: bool = False
    handler: str = "desk:open_desk"

    if TYPE_CHECKING:

        def __getattr__(self, name: str) -> Any: ...
