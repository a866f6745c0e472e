"""Who the operating system says is at the keyboard."""

from __future__ import annotations

import os
from collections.abc import Mapping


def system_user(env: Mapping[str, str] | None = None) -> str:
    """The name of the user this process runs as; empty if the system knows none.

    Not from ``$USER`` or ``$SUDO_USER``: anybody sets those, and the agent is who this says (SPEC §13).

    Args:
        env: for tests: its ``USER`` is believed instead.
    """
    if env is not None:
        return env.get("USER", "")
    try:
        import pwd

        return pwd.getpwuid(os.geteuid()).pw_name
    except ImportError:  # Windows has no such table
        import getpass

        return getpass.getuser()
    except KeyError:
        return ""
