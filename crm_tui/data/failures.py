"""What the database said, as a sentence for a person."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy.exc import DBAPIError

from crm_tui.base.errors import CrmError, DiskFull, StoreError, StoreLocked
from crm_tui.base.i18n import _


@contextmanager
def told_plainly() -> Iterator[None]:
    """Turn failures of the database's surroundings (locked, full, damaged, read-only) into :class:`StoreError`.

    A broken constraint or a wrong statement is a bug and passes through as it is.
    """
    try:
        yield
    except DBAPIError as error:
        plain = explain(error.orig)
        if plain is None:
            raise
        raise plain from None


def explain(error: BaseException | None) -> CrmError | None:
    """The plain error for a driver's error, or None where it is a bug."""
    words = str(error).lower()
    if "locked" in words or "busy" in words:
        return StoreLocked(
            _("The store is held by another program; nothing was changed."),
            _("Try again in a moment; `crm-tui doctor` shows who uses it."),
        )
    if "disk is full" in words or "disk i/o error" in words or "no space left" in words:
        return DiskFull(
            _("The disk is full or failing; the last change was not saved, everything before it was."),
            _("Free some room and try again."),
        )
    if "malformed" in words or "not a database" in words:
        return StoreError(_("The store is damaged or is no store."), _("Restore a backup with: crm-tui restore FILE"))
    if "readonly database" in words or "read-only" in words:
        return StoreError(
            _("The store can only be read; nothing was changed."),
            _("Check who owns the file, or leave --readonly away."),
        )
    if "unable to open" in words:
        return StoreError(_("The store cannot be opened."), _("Check that its folder exists and belongs to you."))
    return None
