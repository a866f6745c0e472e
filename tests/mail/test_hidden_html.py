"""What a sender hides by style is not read, and so never quoted (QUALITY S15)."""

from __future__ import annotations

import pytest

from crm_tui.mail.parse import parse

HEAD = b"From: guest@x.example\nContent-Type: text/html; charset=utf-8\n\n"


@pytest.mark.parametrize(
    "style",
    [
        "color:#fff;background:#fff",
        "background-color: white; color: white",
        "position:absolute;left:-9999px",
        "text-indent:-9999px",
        "font-size:1px",
        "font:0/0 a",
        "transform:scale(0)",
        "position:absolute;clip:rect(0,0,0,0)",
    ],
)
def test_hidden_text_is_not_read(style: str) -> None:
    found = parse(HEAD + f'<p>Hola</p><div style="{style}">IBAN hidden</div><p>adios</p>'.encode())
    assert "Hola" in found.text
    assert "adios" in found.text
    assert "hidden" not in found.text


@pytest.mark.parametrize(
    "style",
    ["color:#fff;background:#003", "color:white", "font-size:11px", "margin-left:-12px", "font:12px/1 Arial", "left:0"],
)
def test_visible_text_is_kept(style: str) -> None:
    found = parse(HEAD + f'<p>Hola</p><div style="{style}">the offer</div>'.encode())
    assert "the offer" in found.text
