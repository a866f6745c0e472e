"""Every text that a person sees can be translated: the template knows it, and no text is put together before it is looked up."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest
from babel.messages.pofile import read_po

import crm_tui
from crm_tui.base.i18n import LOCALE_DIR
from crm_tui.desk.common.words import ACCOUNT_STATES, OUTBOX_STATES, ROLES, said
from crm_tui.rules.vocabulary import AccountState, OutboxState, Role

ROOT = Path(crm_tui.__file__).parent
MARKERS = {"_": 1, "N_": 1, "ngettext": 2}
"""The functions that mark a text, and how many texts they take."""


@cache
def template() -> frozenset[str]:
    """The texts of crm_tui.pot, plural forms included."""
    with open(LOCALE_DIR / "crm_tui.pot", "rb") as file:
        catalog = read_po(file)
    texts: set[str] = set()
    for message in catalog:
        texts.update([message.id] if isinstance(message.id, str) else message.id)
    return frozenset(texts)


def marked(tree: ast.AST) -> Iterator[tuple[int, ast.expr]]:
    """The line and the text of every call of a marker."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
            for text in node.args[: MARKERS.get(node.func.id, 0)]:
                yield node.lineno, text


def put_together(text: ast.expr) -> bool:
    """Whether a text is made of pieces before it is looked up: no catalog can know it."""
    return any(
        isinstance(part, ast.JoinedStr)
        or (isinstance(part, ast.BinOp) and any(_is_text(one) for one in (part.left, part.right)))
        or (isinstance(part, ast.Attribute) and part.attr == "format")
        for part in ast.walk(text)
    )


def _is_text(node: ast.expr) -> bool:
    return isinstance(node, ast.Constant) and isinstance(node.value, str)


def sources() -> list[Path]:
    return sorted(ROOT.rglob("*.py"))


def test_every_marked_text_is_in_the_template() -> None:
    """If this fails: make messages."""
    missing = [
        f"{path.relative_to(ROOT)}:{line}: {text.value}"
        for path in sources()
        for line, text in marked(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(text, ast.Constant)
        and isinstance(text.value, str)
        and text.value
        and text.value not in template()
    ]
    assert not missing, chr(10).join(missing)
    assert len(template()) > 500


def test_no_text_is_put_together_before_it_is_looked_up() -> None:
    wrong = [
        f"{path.relative_to(ROOT)}:{line}"
        for path in sources()
        for line, text in marked(ast.parse(path.read_text(encoding="utf-8")))
        if put_together(text)
    ]
    assert not wrong, chr(10).join(wrong)


@pytest.mark.parametrize(
    ("code", "wrong"),
    [
        ('_("plain {x}").format(x=1)', False),
        ("_(WORDS[state])", False),
        ('_(f"made {x}")', True),
        ('_("a" + b)', True),
        ('_("{x}".format(x=1))', True),
        ('ngettext("one", f"{n} many", n)', True),
    ],
)
def test_the_check_sees_what_it_should(code: str, wrong: bool) -> None:
    assert any(put_together(text) for _line, text in marked(ast.parse(code))) is wrong


def test_every_stored_state_has_its_words() -> None:
    assert set(OUTBOX_STATES) == set(OutboxState)
    assert set(ACCOUNT_STATES) == set(AccountState)
    assert set(ROLES) == set(Role)
    assert {*OUTBOX_STATES.values(), *ACCOUNT_STATES.values(), *ROLES.values()} <= template()
    assert said(OUTBOX_STATES, "of a later version") == "of a later version"
