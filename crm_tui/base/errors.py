"""The one base error and the failures a person can act on.

Everything that a receptionist or operator should read is a :class:`CrmError`; anything else that escapes is a bug.
"""

from __future__ import annotations


def sentences(message: str, hint: str = "") -> str:
    """What happened and what to do, as sentences: what a server said often ends without a full stop."""
    message, hint = message.strip(), hint.strip()
    stop = "" if not message or not hint or message[-1] in ".!?…:;" else "."
    return f"{message}{stop} {hint}".strip()


class CrmError(Exception):
    """An expected failure, told as one sentence.

    Args:
        message: what happened and what was kept, one sentence in the agent's language, safe to show.
        hint: what to do about it, one sentence; empty if there is nothing to do.
    """

    def __init__(self, message: str, hint: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint

    def __str__(self) -> str:
        return sentences(self.message, self.hint)


class NotFound(CrmError):
    """The thing asked for is not in the store (any more)."""


class Forbidden(CrmError):
    """The agent's role, the scope or ``--readonly`` does not allow it (SPEC §13)."""


class Conflict(CrmError):
    """The edit started from an older version than the stored one (SPEC §13: lost updates never happen)."""


class InvalidInput(CrmError):
    """A value that a person gave is not usable; ``field`` names where it stands (empty: the whole)."""

    def __init__(self, message: str, hint: str = "", field: str = "") -> None:
        super().__init__(message, hint)
        self.field = field


class SettingsError(InvalidInput):
    """A settings or keymap file has a wrong value; the message names file and line."""


class StoreError(CrmError):
    """The store cannot be opened, read or written."""


class StoreLocked(StoreError):
    """Another process held the store longer than the time allowed."""


class StoreTooNew(StoreError):
    """The store was written by a newer version of the program."""


class DiskFull(StoreError):
    """There is no room left; the transaction was rolled back, nothing is half-written."""


class ServerError(CrmError):
    """A mail server refused, failed or could not be reached."""


class Unreachable(ServerError):
    """No connection, or it was cut or timed out; worth trying again later."""


class TlsFailed(ServerError):
    """The certificate was not accepted or TLS could not be started; never tried again in plain text."""


class AuthFailed(ServerError):
    """The server said a tagged NO (or SMTP 535) to the credentials: stop, do not try again by itself."""


class SecretUnavailable(CrmError):
    """The secret of an account could not be had: no keyring, or the command failed."""


class Cancelled(CrmError):
    """The person cancelled; what was finished before stays."""
