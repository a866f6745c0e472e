"""Every screen that the catalog names is there."""

from __future__ import annotations

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
