"""What several screens of packages do: rename, remove, choose a template."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from crm_tui import desk
from crm_tui.base.i18n import _
from crm_tui.desk.groups.package_views import PackageView
from crm_tui.desk.texts.template_views import TemplateView
from crm_tui.mail.text import fold_text
from crm_tui.screens.base import DeskScreen
from crm_tui.screens.dialogs.line import AskLine
from crm_tui.screens.templates.words import category_name, language_name
from crm_tui.widgets.dialogs import PickList
from crm_tui.widgets.forms import Choice


def needed(text: str) -> tuple[str, str]:
    """Judges a line that must not be empty."""
    return "", "" if text else _("Give it a name.")


def rename(screen: DeskScreen[Any], package: PackageView) -> None:
    """Ask for another name and take it over."""

    def named(name: str | None) -> None:
        if name is not None and name != package.name:
            screen.ask(
                lambda ctx: desk.packages.rename(ctx, package.id, package.version, name),
                lambda _done: screen.shell.tell(_("Renamed · z takes it back")),
            )

    screen.app.push_screen(AskLine(_("Call “{name}”").format(name=package.name), package.name, judge=needed), named)


def pick_template(screen: DeskScreen[Any], then: Callable[[int], None]) -> None:
    """Let a template be picked; a text that is there in several languages stands once."""

    def picked(choice: Choice | None) -> None:
        if choice is not None:
            then(int(str(choice.value)))

    def show(found: Sequence[TemplateView]) -> None:
        empty = _("There is no template yet: g t writes one.")
        screen.app.push_screen(PickList(_("Write with which template"), template_choices(found), empty=empty), picked)

    screen.ask(lambda ctx: desk.template_use.offered(ctx).templates, show)


def prepare(screen: DeskScreen[Any], package: int) -> None:
    """Choose a template, and see who of a package may be written to."""

    def then(template: int) -> None:
        from crm_tui.screens.packages.prepare import PrepareScreen

        screen.app.push_screen(PrepareScreen(package, template))

    pick_template(screen, then)


def template_choices(found: Sequence[TemplateView]) -> list[Choice]:
    """The templates to pick from: name, purpose, languages. One that is there in several languages stands once."""
    alike: dict[str, list[TemplateView]] = {}
    for one in found:
        alike.setdefault(fold_text(one.name), []).append(one)
    return [
        Choice(
            str(some[0].id),
            some[0].name,
            f"{category_name(some[0].category)} · {', '.join(language_name(one.language) for one in some)}",
        )
        for some in alike.values()
    ]
