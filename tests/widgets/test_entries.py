"""The list of entries that are several lines high."""

from __future__ import annotations

from collections.abc import Sequence

from textual.app import App, ComposeResult

from crm_tui.widgets.entries import Entry, EntryList, TextLine, paragraph
from crm_tui.widgets.themes import desk_themes


class Shown(App[None]):
    """Nothing but the list."""

    def __init__(self) -> None:
        super().__init__()
        self.opened: list[str] = []
        for theme in desk_themes():
            self.register_theme(theme)
        self.theme = "desk-dark"

    def compose(self) -> ComposeResult:
        yield EntryList(lambda: [("Nothing here.", "muted")])

    def on_mount(self) -> None:
        self.query_one(EntryList).focus()

    def on_entry_list_opened(self, event: EntryList.Opened) -> None:
        self.opened.append(event.key)


def entries(*heights: int) -> Sequence[Entry]:
    return [
        Entry(str(number), tuple(TextLine([(f"{number}.{line}", "")]) for line in range(height)))
        for number, height in enumerate(heights)
    ]


async def test_the_cursor_goes_from_entry_to_entry_and_stays_when_others_come() -> None:
    app = Shown()
    async with app.run_test(size=(30, 6)) as pilot:
        listed = app.query_one(EntryList)
        listed.show(lambda _width: entries(2, 3, 1))
        await pilot.press("down", "down")
        assert listed.key == "2"
        await pilot.press("enter")
        assert app.opened == ["2"]
        listed.show(lambda _width: [Entry("new", (TextLine([("x", "")]),)), *entries(2, 3, 1)])
        assert listed.key == "2"
        await pilot.press("home")
        assert listed.key == "new"
        await pilot.press("end")
        assert listed.key == "2"


async def test_an_entry_higher_than_the_list_is_read_to_its_end_first() -> None:
    app = Shown()
    async with app.run_test(size=(30, 4)) as pilot:
        listed = app.query_one(EntryList)
        listed.show(lambda _width: entries(7, 1))
        for _line in range(3):
            await pilot.press("down")
            assert listed.key == "0"
        await pilot.press("down")
        assert listed.key == "1"


async def test_an_entry_that_is_gone_leaves_the_cursor_near() -> None:
    app = Shown()
    async with app.run_test(size=(30, 6)) as pilot:
        listed = app.query_one(EntryList)
        listed.show(lambda _width: entries(1, 1, 1))
        await pilot.press("down")
        listed.show(lambda _width: [entries(1, 1, 1)[0], entries(1, 1, 1)[2]])
        assert listed.key == "2"
        listed.show(lambda _width: ())
        assert listed.key == ""
        await pilot.press("enter", "down")
        assert app.opened == []


async def test_foreign_text_is_no_markup() -> None:
    app = Shown()
    async with app.run_test(size=(40, 6)) as pilot:
        listed = app.query_one(EntryList)
        listed.show(lambda width: [Entry("a", tuple(paragraph("[b]x[/] [/y]", width)))])
        await pilot.pause()
        assert "[b]x[/] [/y]" in listed.render_line(0).text


def test_text_is_wrapped_and_cut() -> None:
    assert len(paragraph("word " * 100, 20)) > 20
    assert len(paragraph("word " * 100, 20, most=3)) == 3
