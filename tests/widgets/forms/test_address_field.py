"""Addresses with completion, under a person's keys."""

from __future__ import annotations

from collections.abc import Sequence

from textual.app import App, ComposeResult

from crm_tui.widgets.forms import AddressField, Form, TextField

PEOPLE = [("Łucja Nowak", "lucja@poczta.pl"), ("Luis [/x] Vega", "luis@example.es"), ("Ana", "ana@hotel.es")]


class AddressApp(App[None]):
    def complete(self, query: str) -> Sequence[tuple[str, str]]:
        return [pair for pair in PEOPLE if query.lower() in f"{pair[0]} {pair[1]}".lower()]

    def compose(self) -> ComposeResult:
        yield Form(AddressField("to", "To", completions=self.complete, required=True), TextField("subject", "Subject"))

    @property
    def field(self) -> AddressField:
        return self.query_one(AddressField)


async def test_a_completion_is_taken_with_enter_and_the_cursor_stays() -> None:
    app = AddressApp()
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press(*"luc")
        await app.workers.wait_for_complete()
        await pilot.pause()
        assert app.field.suggestions.has_class("-open")
        await pilot.press("enter", *"ana@hotel.es")
        await pilot.pause()
        assert [(typed.name, typed.address) for typed in app.field.value] == [PEOPLE[0], ("", "ana@hotel.es")]
        assert app.focused is app.field.line


async def test_down_takes_the_second_and_markup_in_names_stays_text() -> None:
    app = AddressApp()
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press(*"lu")
        await app.workers.wait_for_complete()
        await pilot.pause()
        await pilot.press("down", "tab")
        await pilot.pause()
        assert app.field.line.value == '"Luis [/x] Vega" <luis@example.es>, '


async def test_esc_closes_the_list_first_and_tab_moves_on_when_it_is_closed() -> None:
    app = AddressApp()
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press(*"lu")
        await app.workers.wait_for_complete()
        await pilot.pause()
        await pilot.press("escape")
        await pilot.pause()
        assert not app.field.suggestions.has_class("-open")
        await pilot.press("tab")
        await pilot.pause()
        assert app.focused is app.query_one("#subject", TextField).control()
        assert app.field.error == "This is no mail address: lu."


async def test_what_is_no_address_is_marked_where_it_stands() -> None:
    app = AddressApp()
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press(*"bad, ana@hotel.es")
        await pilot.pause()
        from rich.text import Text

        text = Text(app.field.line.value)
        assert app.field.line.highlighter is not None
        app.field.line.highlighter.highlight(text)
        assert [(span.start, span.end) for span in text.spans] == [(0, 3)]
