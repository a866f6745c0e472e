"""Every screen that the catalog names is there."""

from __future__ import annotations

from inspect import isfunction
from itertools import pairwise
from typing import Any

import pytest
from textual.screen import Screen

from crm_tui.screens import catalog

NAMED = {name: value for name, value in vars(catalog).items() if isinstance(value, str) and name.isupper()}
PATHS = {place.id: place.screen for place in catalog.PLACES if place.screen} | NAMED


@pytest.mark.parametrize("name", sorted(PATHS))
def test_a_screen_is_where_the_catalog_says(name: str) -> None:
    found: Any = catalog.load(PATHS[name])
    assert issubclass(found, Screen)


@pytest.mark.parametrize("name", sorted(PATHS))
def test_parts_of_a_screen_do_not_take_each_others_methods(name: str) -> None:
    """Two mixins that know nothing of each other may not both call something ``_write``: the first would win unseen."""
    screen: Any = catalog.load(PATHS[name])
    owners: dict[str, list[type[Any]]] = {}
    for part in screen.__mro__:
        if part.__module__.startswith("crm_tui"):
            for method, value in vars(part).items():
                if method.startswith("_") and not method.startswith("__") and isfunction(value):
                    owners.setdefault(method, []).append(part)
    taken = [
        (method, first.__name__, second.__name__)
        for method, parts in owners.items()
        for first, second in pairwise(parts)
        if not issubclass(first, second)
    ]
    assert taken == []
