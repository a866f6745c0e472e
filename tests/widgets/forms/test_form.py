"""The form kit under a person's keys."""

from __future__ import annotations

from typing import Any

import pytest
from textual import events
from textual.app import App, ComposeResult
from textual.screen import Screen
from textual.widgets import Input

from crm_tui.base.errors import InvalidInput
from crm_tui.widgets.forms import (
    CheckField,
    Choice,
    ChoiceField,
    FixedField,
    Form,
    ManyField,
    NumberField,
    PasswordField,
    PickField,
    TextField,
)


class Page(Screen[None]):
    def compose(self) -> ComposeResult:
        yield Form(
            TextField("name", "Name", required=True, help="As guests read it."),
            PasswordField("secret", "Password"),
            NumberField("port", "Port", 993, low=1, high=65535, required=True),
            ChoiceField("security", "Security", [Choice("tls", "TLS"), Choice("starttls", "STARTTLS")]),
            CheckField("copy", "Sent", "keep a copy"),
            PickField("zone", "Zone", lambda: [Choice("Europe/Madrid", "Europe/Madrid"), Choice("UTC", "UTC")], "UTC"),
            FixedField("user", "User", "ana", why="from the address"),
            keep="page",
        )


class FormApp(App[None]):
    def __init__(self) -> None:
        super().__init__()
        self.committed: list[dict[str, Any]] = []
        self.left = 0

    def on_mount(self) -> None:
        self.push_screen(Page())

    def on_form_committed(self, event: Form.Committed) -> None:
        self.committed.append(event.values)

    def on_form_left(self) -> None:
        self.left += 1
        self.pop_screen()

    @property
    def form(self) -> Form:
        return self.screen.query_one(Form)


async def test_tab_enter_and_arrows_move_and_ctrl_s_commits() -> None:
    app = FormApp()
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press(*"Miramar", "enter", *"hush", "tab", "down", "right", "tab", "space", "ctrl+s")
        await pilot.pause()
    values = app.committed[0]
    assert values == {
        "name": "Miramar", "secret": "hush", "port": 993, "security": "starttls", "copy": True, "zone": "UTC", "user": "ana",
    }  # fmt: skip


async def test_letters_go_into_the_field_and_nowhere_else() -> None:
    app = FormApp()
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press(*"qrz?/")
        assert app.form.values()["name"] == "qrz?/"


async def test_an_error_stands_at_its_field_with_sign_and_words_and_goes_when_mended() -> None:
    app = FormApp()
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("ctrl+s")
        field = app.form.fields["name"]
        assert not app.committed
        assert field.error == "Name is needed."
        assert str(field.query_one(".field--error").render()).startswith("✕ Name is needed.")
        assert app.focused is field.control()
        await pilot.press("x")
        await pilot.pause()
        assert field.error == ""


async def test_a_number_out_of_range_is_refused() -> None:
    app = FormApp()
    async with app.run_test(size=(80, 24)) as pilot:
        app.form.fill({"name": "x", "port": 70000})
        await pilot.press("ctrl+s")
        assert app.form.fields["port"].error == "Use 1 to 65535."
        app.form.fields["port"].control().value = "12a"  # type: ignore[attr-defined]
        await pilot.pause()
        assert app.form.fields["port"].error == "This must be a whole number."


async def test_a_half_filled_form_is_kept_but_its_secret_is_not() -> None:
    app = FormApp()
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press(*"Mira", "tab", *"hush", "escape")
        await pilot.pause()
        assert app.left == 1
        await app.push_screen(Page())
        await pilot.pause()
        assert app.form.values()["name"] == "Mira"
        assert app.form.values()["secret"] == ""
        assert app.form.dirty
        app.form.forget()
        assert not app.form.dirty


async def test_the_help_of_the_focused_field_is_shown() -> None:
    app = FormApp()
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.pause()
        assert "As guests read it." in str(app.form.query_one(".form--help").render())


async def test_errors_from_below_land_at_the_field_they_name() -> None:
    app = FormApp()
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.pause()
        assert app.form.show_error(InvalidInput("No such port.", "Try 993.", "port"))
        assert app.form.fields["port"].error == "No such port. Try 993."
        assert not app.form.show_error(InvalidInput("The whole is wrong."))


async def test_a_letter_opens_the_pick_list_with_it_typed() -> None:
    app = FormApp()
    async with app.run_test(size=(80, 24)) as pilot:
        app.form.fields["zone"].focus_control()
        await pilot.press("m", "a", "d", "enter")
        await pilot.pause()
        assert app.form.values()["zone"] == "Europe/Madrid"


async def test_a_burst_of_letters_opens_one_list_with_all_of_them() -> None:
    app = FormApp()
    async with app.run_test(size=(80, 24)) as pilot:
        app.form.fields["zone"].focus_control()
        await pilot.pause()
        for letter in "madrid":
            app.post_message(events.Key(letter, letter))
        await pilot.pause()
        await pilot.pause()
        assert len(app.screen_stack) == 3
        assert app.screen.query_one(Input).value == "madrid"
        await pilot.press("enter")
        await pilot.pause()
        assert app.form.values()["zone"] == "Europe/Madrid"


async def test_what_is_pasted_on_a_pick_field_is_looked_for() -> None:
    app = FormApp()
    async with app.run_test(size=(80, 24)) as pilot:
        app.form.fields["zone"].focus_control()
        await pilot.pause()
        app.post_message(events.Paste("mad\x1b[2J\n"))
        await pilot.pause()
        await pilot.pause()
        assert app.screen.query_one(Input).value == "mad[2J"


@pytest.mark.parametrize("size", [(80, 24), (150, 45)])
async def test_foreign_text_with_brackets_is_shown_as_it_is(size: tuple[int, int]) -> None:
    app = FormApp()
    async with app.run_test(size=size) as pilot:
        app.form.fields["name"].show_error("[/x] [@click=app.quit]no[/]")
        await pilot.pause()
        assert "[/x] [@click=app.quit]no[/]" in str(app.form.fields["name"].query_one(".field--error").render())


class Options(Screen[None]):
    def compose(self) -> ComposeResult:
        words = ["before booking", "after booking", "before check-in", "after check-out"]
        yield Form(
            ManyField("stages", "Stages", [Choice(word, word) for word in words]),
            ChoiceField("stage", "Stage", [Choice(word, word) for word in words]),
        )


async def test_a_line_of_options_ends_between_options_and_a_click_finds_each() -> None:
    app = FormApp()
    async with app.run_test(size=(64, 24)) as pilot:
        app.push_screen(Options())
        await pilot.pause()
        for name, sign, chosen in (("stages", "[ ]", "[ ]"), ("stage", "○", "●")):
            control = app.screen.query_one(f"#{name}").query_one("Ticks, Segments")
            assert [control.render_line(y).text.strip() for y in range(control.size.height)] == [
                f"{chosen} before booking   {sign} after booking",
                f"{sign} before check-in   {sign} after check-out",
            ]
            await pilot.click(control, offset=(8, 1))
        await pilot.press("ctrl+s")
        await pilot.pause()
    assert app.committed == [{"stages": ("before check-in",), "stage": "before check-in"}]
