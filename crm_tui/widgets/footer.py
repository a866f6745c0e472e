"""The bottom line: the keys of what has the focus, taken from the action registry through the active bindings."""

from __future__ import annotations

from rich.cells import cell_len
from textual.binding import Binding

from crm_tui.base.i18n import _
from crm_tui.widgets.actions import key_sign
from crm_tui.widgets.line import Line

_PINNED = ("desk.help", "desk.palette")


class FooterLine(Line):
    """The footer of every screen; a click on a key does what the key does."""

    DEFAULT_CSS = "FooterLine { dock: bottom; background: $panel; }"

    def on_mount(self) -> None:
        """Follow the focus."""
        self.screen.bindings_updated_signal.subscribe(self, lambda _screen: self.refresh_keys())
        self.call_after_refresh(self.refresh_keys)

    def on_resize(self) -> None:
        """Fill the new width."""
        self.refresh_keys()

    def refresh_keys(self) -> None:
        """Show the keys that work now, each action once, whole or not at all."""
        if not self.is_attached or not self.screen.is_current:
            return
        left: list[tuple[str, str] | tuple[str, str, str]] = [(" ", "")]
        right: list[tuple[str, str] | tuple[str, str, str]] = []
        shown: set[str] = set()
        offers = [
            (active.binding, active.enabled)
            for active in self.screen.active_bindings.values()
            if not self._typed(active.binding.key)
        ]
        for binding, enabled in offers:
            if binding.show and binding.id in _PINNED and binding.id not in shown:
                shown.add(binding.id or "")
                right += self._offer(binding, enabled)
        room = self.size.width - 1 - sum(cell_len(part[0]) for part in right)
        for binding, enabled in offers:
            key = binding.id or binding.action
            if not binding.show or key in shown:
                continue
            parts = self._offer(binding, enabled)
            cells = sum(cell_len(part[0]) for part in parts)
            if cells > room:
                continue
            shown.add(key)
            left += parts
            room -= cells
        self.show(left, right)

    def _typed(self, key: str) -> bool:
        """Whether a focused text box takes the key as a letter."""
        focused, sign = self.screen.focused, key_sign(key)
        return focused is not None and len(sign) == 1 and focused.check_consume_key(key, sign)

    def _offer(self, binding: Binding, enabled: bool) -> list[tuple[str, str] | tuple[str, str, str]]:
        name = binding.key
        words = getattr(self.screen, "key_words", {}).get(binding.id) or _(binding.description)
        sign = binding.key_display or key_sign(binding.key)
        return [
            (sign, "key" if enabled else "faint", name),
            (" " + words + "  ", "muted" if enabled else "faint", name),
        ]

    def on_line_clicked(self, event: Line.Clicked) -> None:
        """Press the key that was clicked."""
        event.stop()
        self.app.simulate_key(event.name)
