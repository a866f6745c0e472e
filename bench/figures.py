"""Medians and lines of a report."""

from __future__ import annotations

import statistics
from collections.abc import Sequence


def median(values: Sequence[float]) -> float:
    """The middle value."""
    return statistics.median(values)


def p95(values: Sequence[float]) -> float:
    """The value that 95 % do not exceed."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(len(ordered) * 0.95))]


def milliseconds(values: Sequence[float]) -> str:
    """Median and p95 of seconds, in ms."""
    return f"{median(values) * 1e3:7.1f} ms (p95 {p95(values) * 1e3:.1f}, n={len(values)})"


def verdict(value: float, goal: float) -> str:
    """Whether a figure is within its goal."""
    return "ok" if value <= goal else f"MISSED by {(value / goal - 1) * 100:.0f} %"
