"""What is written is what shall stand there, and as little as that takes: held against a terminal emulator."""

from __future__ import annotations

import random
from collections.abc import Sequence

import pyte
import pyte.screens
import pytest
from rich.cells import cell_len
from rich.color import ColorSystem
from rich.segment import Segment
from rich.style import Style
from textual.geometry import Size
from textual.strip import Strip

from crm_tui.widgets import standing
from crm_tui.widgets.standing import Standing
from crm_tui.widgets.terminal_looks import PLAIN, look_of

SIZE = Size(60, 16)
STYLES = tuple(
    Style.parse(words)
    for words in ("#cdd6f4 on #1e1e2e", "bold #89b4fa on #1e1e2e", "#a6adc8 on #313244", "underline #f38ba8 on #1e1e2e",
                  "reverse", "not bold on #45475a", "dim italic #ffffff on #000000", "bold dim strike red on blue")
)  # fmt: skip
WORDS = ("Łucja", "Kowalska", "reserva", " ", "  ", "14 min", "│", "✔ done", "▌", "Ωmega", "…", "███")
ODD = ("🛎️ bell", "日本", "e\u0301t\u00e9", "نزل")


class Emulator:
    """A terminal, and what the desk believes of it."""

    def __init__(self, size: Size = SIZE, *, erases: bool = False) -> None:
        self.size, self.standing = size, Standing()
        self.standing.erases = erases
        self.screen = pyte.Screen(size.width, size.height)
        self.stream = pyte.Stream(self.screen)

    def paint(self, lines: Sequence[Strip], *, first: int = 0, column: int = 0) -> str:
        """Show lines from a line and column on; returns what was written."""
        pieces = [(y, column, strip) for y, strip in enumerate(lines, first)]
        written = self.standing.change(pieces, self.size, ColorSystem.TRUECOLOR)
        self.stream.feed(written)
        return written

    def cells(self) -> list[list[tuple[object, ...]]]:
        """What is seen: of a blank its ground, and what is drawn through it."""
        found = []
        for y in range(self.size.height):
            row = self.screen.buffer[y]
            found.append([_seen(row[x]) for x in range(self.size.width)])
        return found


def _seen(cell: pyte.screens.Char) -> tuple[object, ...]:
    if (
        cell.data == "█"
        and cell.fg != "default"
        and not (cell.reverse or cell.underscore or cell.strikethrough or cell.bold)
    ):
        return (" ", cell.fg)  # a blank on that ground
    through = (cell.underscore, cell.reverse, cell.strikethrough)
    if cell.data.strip() or any(through):
        return (cell.data, cell.fg, cell.bg, cell.bold, cell.italics, *through)
    return (" ", cell.bg)


def line(*parts: tuple[str, Style], width: int = SIZE.width) -> Strip:
    """A line of these parts, filled with blanks."""
    strip = Strip([Segment(text, style) for text, style in parts])
    return strip.adjust_cell_length(width, STYLES[0])


def any_line(dice: random.Random, odd: float = 0.0, width: int = SIZE.width) -> Strip:
    """A line of words in all looks."""
    parts: list[tuple[str, Style]] = []
    while sum(cell_len(text) for text, _style in parts) < width:
        words = ODD if dice.random() < odd else WORDS
        parts.append((dice.choice(words), dice.choice(STYLES)))
    return line(*parts, width=width)


@pytest.mark.parametrize("odd", [0.0, 0.05])
@pytest.mark.parametrize("seed", range(6))
def test_after_any_updates_the_screen_is_as_if_it_had_been_painted_at_once(seed: int, odd: float) -> None:
    dice = random.Random(seed)
    terminal, lines = Emulator(erases=seed % 2 == 0), [any_line(dice, odd) for _y in range(SIZE.height)]
    terminal.paint(lines)
    for _update in range(25):
        kind = dice.randrange(4)
        first = dice.randrange(SIZE.height - 1)
        last = dice.randrange(first + 1, SIZE.height + 1)
        if kind == 0:  # rows move
            by = dice.choice((-2, -1, 1, 3))
            block = lines[first:last]
            lines[first:last] = [
                block[at + by] if 0 <= at + by < len(block) else any_line(dice, odd) for at in range(len(block))
            ]
        elif kind == 1:  # a few rows change
            lines[first] = any_line(dice, odd)
        elif kind == 2:  # a word changes
            lines[first] = Strip.join([lines[first].crop(0, 20), any_line(dice, 0, 9), lines[first].crop(29)])
        else:
            lines[first:last] = [any_line(dice, odd) for _y in range(first, last)]
        terminal.paint(lines[first:last], first=first)
        afresh = Emulator()
        afresh.paint(lines)
        assert terminal.cells() == afresh.cells()


@pytest.mark.parametrize("left", [31, 34, 36])
def test_what_lies_over_a_sign_of_uncertain_width_stays(left: int) -> None:
    """A list beside a preview moves while a box hides the beginning of the preview's signs."""
    terminal, afresh = Emulator(), Emulator()

    def paint(lines: Sequence[Strip], first: int, column: int) -> None:
        terminal.paint(lines, first=first, column=column)
        afresh.standing.forget()
        afresh.paint(lines, first=first, column=column)

    rows = [line((f"row number {number} of all", STYLES[1]), width=30) for number in range(SIZE.height + 4)]
    signs = line(("ab  ", STYLES[0]), ("👍cdefgh", STYLES[0]), width=30)
    paint([signs if y == 4 else line(("++", STYLES[0]), width=30) for y in range(SIZE.height)], 0, 30)
    paint(rows[: SIZE.height], 0, 0)
    paint([Strip([Segment(" " * 12, STYLES[7])]) for _y in range(3)], 3, left)
    for by in range(1, 4):
        paint(rows[by : SIZE.height + by], 0, 0)
        assert [row[left : left + 12] for row in terminal.cells()] == [row[left : left + 12] for row in afresh.cells()]


def test_painting_from_nothing_is_what_textual_would_write() -> None:
    dice = random.Random(1)
    lines = [any_line(dice) for _y in range(SIZE.height)]
    ours, theirs = Emulator(), Emulator()
    ours.paint(lines)
    for y, strip in enumerate(lines):
        texts = [
            Strip.render_style(style or Style.null(), text, ColorSystem.TRUECOLOR) for text, style, _control in strip
        ]
        theirs.stream.feed(f"\x1b[{y + 1};1H" + "".join(texts))
    assert ours.cells() == theirs.cells()


def test_what_stands_there_is_not_written_again() -> None:
    terminal, lines = Emulator(), [any_line(random.Random(3), 0.05) for _y in range(SIZE.height)]
    assert terminal.paint(lines)
    assert terminal.paint(lines) == ""


def test_a_word_costs_a_word() -> None:
    terminal = Emulator()
    terminal.paint([line((f"row {y} is waiting for an answer", STYLES[0])) for y in range(SIZE.height)])
    written = terminal.paint([line(("row 4 is waiting for an AGENT", STYLES[0]))], first=4)
    assert "AGENT" in written
    assert "waiting" not in written
    assert len(written) < 60


def test_rows_that_move_are_moved_by_the_terminal() -> None:
    terminal = Emulator()
    rows = [line((f"row {y} {'abc' * 12}{y * 7919}", STYLES[y % 3])) for y in range(40)]
    terminal.paint(rows[:10], first=3)
    for top in (1, 2, 3, 2, 1, 0):
        assert len(terminal.paint(rows[top : top + 10], first=3)) < 250
        assert f"row {top} " in terminal.screen.display[3]
        assert f"row {top + 9} " in terminal.screen.display[12]


def test_what_is_forgotten_is_painted_again() -> None:
    terminal, lines = Emulator(), [any_line(random.Random(4)) for _y in range(SIZE.height)]
    terminal.paint(lines)
    terminal.screen.reset()
    terminal.standing.forget()
    terminal.paint(lines[:4])  # a part comes first: of the rest nothing is known yet
    terminal.paint(lines)
    afresh = Emulator()
    afresh.paint(lines)
    assert terminal.cells() == afresh.cells()


def test_every_sign_that_is_painted_alone_has_one_cell() -> None:
    for number in range(32, 0x11000):
        character = chr(number)
        if standing._single(character):
            assert cell_len(character) == 1, hex(number)
            assert character.isprintable() or character == "\u00a0", hex(number)


def test_nothing_that_joins_its_neighbours_is_painted_alone() -> None:
    for character in ("\u200d", "\ufe0f", "\u0301", "\x1b", "\x07", "\u202e", "日", "🛎", "\u1f3fb"[0], "ن", "\n"):
        assert not standing._single(character)


def test_long_blanks_are_left_to_a_terminal_that_can() -> None:
    able, other = Emulator(erases=True), Emulator()
    before, after = (
        [line(("x" * 60, STYLES[1]))] * 3,
        [line(("a", STYLES[2]), (" " * 40, STYLES[2]), ("b", STYLES[2]))] * 3,
    )
    able.paint(before)
    other.paint(before)
    assert len(able.paint(after)) < len(other.paint(after)) - 3 * 30
    assert able.cells() == other.cells()


def test_every_look_can_follow_every_other() -> None:
    looks = [look_of(style, ColorSystem.TRUECOLOR) for style in STYLES]
    for before in looks:
        for after in looks:
            emulator = pyte.Screen(2, 1)
            pyte.Stream(emulator).feed(f"{PLAIN.way_to(before)}a{before.way_to(after)}b{after.way_to(PLAIN)}")
            alone = pyte.Screen(2, 1)
            pyte.Stream(alone).feed(f"a{PLAIN.way_to(after)}b")
            assert emulator.buffer[0][1] == alone.buffer[0][1]
            assert emulator.cursor.attrs == pyte.Screen(2, 1).cursor.attrs
