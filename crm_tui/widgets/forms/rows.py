"""A short list of rows that keeps its place: the same row stays highlighted when the rows change (UX, Manner)."""

from __future__ import annotations

from collections.abc import Sequence

from textual.binding import Binding
from textual.content import Content
from textual.geometry import Region
from textual.message import Message
from textual.reactive import reactive
from textual.strip import Strip
from textual.widgets import OptionList
from textual.widgets.option_list import Option

from crm_tui.widgets.forms.keys import without_keys
from crm_tui.widgets.forms.signs import with_sign


class Rows(OptionList, inherit_bindings=False):
    """Up to some hundreds of rows, each with a key of its own. Enter is the screen's; a click selects."""

    DEFAULT_CSS = """
    Rows {
        border: none; padding: 0; background: $background; height: 1fr; scrollbar-size-vertical: 1;
        &:focus { border: none; background-tint: $foreground 0%; }
        & > .option-list--option-highlighted { background: $desk-cursor-blurred; color: $foreground; text-style: none; }
        &:focus > .option-list--option-highlighted { background: $desk-cursor; color: $foreground; text-style: none; }
    }
    """

    highlighted: reactive[int | None] = reactive(None, repaint=False)
    """The row with the cursor. Only the rows that it leaves and reaches are painted: on a slow line each key counts (UX)."""

    BINDINGS = [
        *without_keys(OptionList.BINDINGS, {"enter"}),
        Binding("j", "cursor_down", show=False),
        Binding("k", "cursor_up", show=False),
    ]

    class Moved(Message):
        """Another row is highlighted, or the highlighted one changed; ``key`` is None when there is none."""

        def __init__(self, key: int | None) -> None:
            super().__init__()
            self.key = key

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id, markup=False)
        self._keys: list[int] = []

    def render_line(self, y: int) -> Strip:
        """The highlighted row has a sign too: colour alone tells nothing where there is none."""
        return with_sign(self, y, super().render_line(y))

    def watch_highlighted(self, before: int | None, highlighted: int | None) -> None:  # type: ignore[override]
        """The row that had the cursor, and the one that has it: paint both, and see to the rest."""
        super().watch_highlighted(highlighted)
        for place in (before, highlighted):
            line = self._index_to_line.get(place) if place is not None else None
            if place is not None and line is not None:
                self.refresh(Region(0, line - self.scroll_offset.y, self.size.width, self._heights[place]))

    @property
    def key(self) -> int | None:
        """The key of the highlighted row."""
        place = self.highlighted
        return self._keys[place] if place is not None and place < len(self._keys) else None

    def show(self, rows: Sequence[tuple[int, Content]]) -> None:
        """Show these rows; the highlighted one stays, or the one that took its place."""
        before, place = self.key, self.highlighted or 0
        keys = [key for key, _content in rows]
        if keys == self._keys:
            for index, (_key, content) in enumerate(rows):
                self.replace_option_prompt_at_index(index, content)
        else:
            self._keys = keys
            self.clear_options()
            self.add_options([Option(Content.assemble(content)) for _key, content in rows])
            if keys:
                self.highlighted = keys.index(before) if before in keys else min(place, len(keys) - 1)
        self.post_message(self.Moved(self.key))

    def update_row(self, key: int, content: Content) -> None:
        """Paint one row anew."""
        if key in self._keys:
            self.replace_option_prompt_at_index(self._keys.index(key), content)

    def on_option_list_option_highlighted(self) -> None:
        """Tell the screen."""
        self.post_message(self.Moved(self.key))
