"""The palette: every action that works now, found by name."""

from __future__ import annotations

from collections.abc import Iterator
from typing import cast

from textual.binding import ActiveBinding
from textual.command import DiscoveryHit, Hit, Hits, Provider
from textual.content import Content

from crm_tui.base.i18n import _
from crm_tui.screens import catalog
from crm_tui.screens.base import Shell
from crm_tui.widgets.actions import REGISTRY, Action, key_sign
from crm_tui.widgets.cells import fit

WIDTH = 62
"""Cells of a line: what it does at the left, its key at the right. The style sheet makes the palette as wide."""

KEY = 8


class ActionProvider(Provider):
    """Offers the active actions and the places of the catalog. Only own texts are shown, never mail."""

    async def discover(self) -> Hits:
        """What is offered before a letter is typed."""
        for _label, text, key, run in self._offers():
            yield DiscoveryHit(_line(Content(text), key), run, text=text)

    async def search(self, query: str) -> Hits:
        """What fits the letters, in the words of the footer or in those of the help."""
        matcher = self.matcher(query)
        for label, text, key, run in self._offers():
            score = max(matcher.match(text), matcher.match(label))
            if score > 0:
                yield Hit(score, _line(matcher.highlight(text), key), run, text=text)

    def _offers(self) -> Iterator[tuple[str, str, str, _Runner]]:
        seen: set[str] = set()
        for key, active in self.screen.active_bindings.items():
            action = REGISTRY.get(active.binding.id)
            if action is None or not action.palette or not active.enabled or action.id in seen:
                continue
            seen.add(action.id)
            yield _(action.label), _(action.tooltip), key_sign(key), _Runner(self, active, action)
        for place in catalog.PLACES:
            if not place.mode and (not place.screen or catalog.exists(place.screen)):
                name = _("Go to {place}").format(place=_(place.label))
                yield name, name, f"g {place.letter}", _Runner(self, None, None, place.id)
        for view in cast(Shell, self.app).views:
            name = _("Saved view: {name}").format(name=view.name)
            yield view.name, name, f"g v {view.key}".rstrip(), _Runner(self, None, None, f"view:{view.id}")


def _line(text: Content, key: str) -> Content:
    return Content.assemble(
        text.truncate(WIDTH - KEY, ellipsis=True, pad=True), (fit(key, KEY, right=True), "$primary")
    )


class _Runner:
    """Runs what was picked once the palette is closed."""

    def __init__(
        self, provider: Provider, active: ActiveBinding | None, action: Action | None, place: str = ""
    ) -> None:
        self._provider, self._active, self._action, self._place = provider, active, action, place

    async def __call__(self) -> None:
        app = self._provider.app
        if self._active is not None and self._action is not None:
            await app.run_action(self._active.binding.action, self._active.node)
        else:
            await app.run_action(f"app.go('{self._place}')")
