"""The palette: every action that works now, found by name."""

from __future__ import annotations

from collections.abc import Iterator

from textual.binding import ActiveBinding
from textual.command import DiscoveryHit, Hit, Hits, Provider

from crm_tui.base.i18n import _
from crm_tui.screens import catalog
from crm_tui.widgets.actions import REGISTRY, Action, key_sign


class ActionProvider(Provider):
    """Offers the active actions and the places of the catalog. Only own texts are shown, never mail."""

    async def discover(self) -> Hits:
        """What is offered before a letter is typed."""
        for name, text, run in self._offers():
            yield DiscoveryHit(name, run, help=text)

    async def search(self, query: str) -> Hits:
        """What fits the letters."""
        matcher = self.matcher(query)
        for name, text, run in self._offers():
            score = matcher.match(name)
            if score > 0:
                yield Hit(score, matcher.highlight(name), run, help=text)

    def _offers(self) -> Iterator[tuple[str, str, _Runner]]:
        seen: set[str] = set()
        for key, active in self.screen.active_bindings.items():
            action = REGISTRY.get(active.binding.id)
            if action is None or not action.palette or not active.enabled or action.id in seen:
                continue
            seen.add(action.id)
            yield _(action.label), f"{key_sign(key)}  {_(action.tooltip)}", _Runner(self, active, action)
        for place in catalog.PLACES:
            if not place.mode and (not place.screen or catalog.exists(place.screen)):
                name = _("Go to {place}").format(place=_(place.label))
                yield name, f"g {place.letter}", _Runner(self, None, None, place.id)


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
