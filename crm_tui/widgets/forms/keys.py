"""Keys that belong to the screen: text widgets give them up, so that footer and help tell the truth."""

from __future__ import annotations

from collections.abc import Collection, Iterable

from textual.binding import Binding, BindingType

SCREEN_KEYS = frozenset({"ctrl+a", "ctrl+e", "ctrl+s", "ctrl+t", "f6", "f7"})
"""Attach, editor, send or save, template, and the two other ways to send (UX). Home and End do what ctrl+a and ctrl+e did."""


def without_keys(bindings: Iterable[BindingType], keys: Collection[str]) -> list[BindingType]:
    """The bindings without some keys; one that had no other key is left out."""
    kept: list[BindingType] = []
    for binding in bindings:
        one = binding if isinstance(binding, Binding) else Binding(*binding)
        left = ",".join(key for key in one.key.split(",") if key.strip() not in keys)
        if left:
            kept.append(
                Binding(left, one.action, one.description, one.show, one.key_display, one.priority, one.tooltip, one.id)
            )
    return kept
