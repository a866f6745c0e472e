"""How templates look: rows, previews with their gaps, and what can be found by letters. Pure."""

from __future__ import annotations

from collections.abc import Sequence

from rich.cells import cell_len
from textual.content import Content

from crm_tui.base.i18n import _, ngettext
from crm_tui.desk.texts.template_views import CATEGORIES, LANGUAGE_NAMES, TemplateView, Written
from crm_tui.mail.text import fold_text
from crm_tui.rules.finding import ranked
from crm_tui.rules.gaps import gaps_in
from crm_tui.widgets.cells import fit

GAP_STYLE = "bold $text-warning reverse"


def category_name(category: str) -> str:
    """What a template is for, in the agent's language."""
    return _(CATEGORIES.get(category, category))


def language_name(code: str) -> str:
    """A language by its name, in the agent's."""
    return _(LANGUAGE_NAMES.get(code, code))


def found(templates: Sequence[TemplateView], query: str, *, by_language: bool = False) -> list[TemplateView]:
    """The templates whose name, purpose or language fits the letters typed, best first.

    Args:
        by_language: the languages keep their order; the best of each comes first.
    """
    if not query.strip():
        return list(templates)
    texts = [
        fold_text(
            f"{one.name} {category_name(one.category)} {one.category} {one.language} {language_name(one.language)}"
        )
        for one in templates
    ]
    order = list(dict.fromkeys(one.language for one in templates))
    groups = [order.index(one.language) for one in templates] if by_language else ()
    return [templates[place] for place in ranked(fold_text(query), texts, groups)]


def row(template: TemplateView, width: int, wanted: str = "") -> Content:
    """One line: language, name, and what it is for where there is room.

    Args:
        wanted: the language it should have; of another one, the row says which instead of what it is for.
    """
    name = min(34, max(14, width - 8))
    category = category_name(template.category)
    rest = width - name - 8
    same = fold_text(category) == fold_text(template.name)
    if wanted and template.language != wanted:
        words = language_name(template.language)
        return Content.assemble(
            (f" {template.language} ", "bold $text-warning"),
            " ",
            (fit(template.name, max(8, width - cell_len(words) - 7)), "dim"),
            (f" {words} ", "$text-warning"),
        )
    return Content.assemble(
        (f" {template.language} ", "bold $primary"),
        " ",
        fit(template.name, name),
        (f"  {fit(category, rest)}" if rest > 5 and not same else "", "dim"),
    )


def with_gaps(text: str) -> Content:
    """A text whose gaps stand out."""
    content = Content(text)
    for gap in gaps_in(text):
        content = content.stylize(GAP_STYLE, gap.start, gap.end)
    return content


def preview(written: Written) -> Content:
    """What a template became: subject, text, and what is missing or wrong."""
    if written.error:
        return Content.assemble(("✕ ", "bold $text-error"), (written.error, "$text-error"))
    parts: list[Content | str | tuple[str, str]] = []
    if written.subject:
        parts += [with_gaps(written.subject).stylize("bold"), "\n\n"]
    parts.append(with_gaps(written.text))
    return Content.assemble(*parts)


def missing_line(written: Written) -> Content:
    """What is missing in a text, in one line; empty if nothing is."""
    if not written.gaps:
        return Content("")
    words = ngettext("{n} gap to fill: {names}", "{n} gaps to fill: {names}", len(written.gaps))
    return Content.assemble(
        ("! ", "bold $text-warning"), words.format(n=len(written.gaps), names=", ".join(written.gaps))
    )
