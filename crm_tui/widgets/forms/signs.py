"""The sign of the highlighted row in short lists, beside its colour (UX: 16 colours and NO_COLOR work)."""

from __future__ import annotations

from rich.segment import Segment
from textual.strip import Strip
from textual.widgets import OptionList

SIGN = "▌"


class SignedList(OptionList):
    """A list of options in a dialog or below a line; one column is kept free for the sign."""

    DEFAULT_CSS = "SignedList > .option-list--option { padding: 0 0 0 1; }"

    def render_line(self, y: int) -> Strip:
        """The line, with the sign where it is the highlighted one."""
        return with_sign(self, y, super().render_line(y))


def with_sign(listed: OptionList, y: int, strip: Strip) -> Strip:
    """``strip``, which is line ``y`` of what is seen of a list, with the sign in its first column if highlighted."""
    try:
        option, offset = listed._lines[listed.scroll_offset.y + y]
    except IndexError:
        return strip
    if option != listed.highlighted or offset or not strip.cell_length:
        return strip
    segments = list(strip.crop(0, 1))
    style = segments[0].style if segments else None
    return Strip.join([Strip([Segment(SIGN, style)], 1), strip.crop(1)])
