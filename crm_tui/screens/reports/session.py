"""What was asked last in this run of the desk: the period, and how each report was narrowed."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any
from weakref import WeakKeyDictionary

from textual.app import App

from crm_tui.rules.periods import Period


@dataclass
class Kept:
    """What a report was asked last: what its rows stood for and how it was narrowed."""

    by: str = ""
    filters: dict[str, str] = field(default_factory=dict)


@dataclass
class Session:
    """The period of all reports (None: each its usual one), and each report by name."""

    period: Period | None = None
    reports: dict[str, Kept] = field(default_factory=dict)


_sessions: WeakKeyDictionary[App[Any], Session] = WeakKeyDictionary()


def session(app: App[Any]) -> Session:
    """Of this run of the desk."""
    return _sessions.setdefault(app, Session())
