"""What guests call themselves is text in a mail: no link, no list, no heading comes of it (QUALITY S13, S14)."""

from __future__ import annotations

import re

import pytest

from crm_tui.desk.texts.template_variables import clean
from crm_tui.mail.markdown import markdown_to_html

EVIL = (
    "[x](http://evil.example) <b>",
    "http://evil.example/a//b",
    "HTTPS://evil.example",
    "hthttp://tp://evil.example",
    "//evil.example x",
    "mailto:boss@evil.example",
    "boss@evil.example",
    "<http://evil.example>",
    "http&colon;//evil.example",
    "ftp://evil.example",
    "# Big",
    "- item",
    "+ item",
    "1. FC",
    "2) second",
    "~~gone~~",
    "**loud** _soft_ `code`",
    "| a | b |",
)


@pytest.mark.parametrize("name", EVIL)
def test_a_name_becomes_nothing_but_text(name: str) -> None:
    html = markdown_to_html(f"Dear {clean(name)}, welcome\n\n{clean(name)}\n")
    assert set(re.findall(r"<(\w+)", html.partition("<body>")[2])) == {"p"}


@pytest.mark.parametrize(
    "name", ["Anna-Maria O'Neill", "Müller & Söhne", "1. FC Köln", "J. R. Smith (Jr.)", "A/B Hotels"]
)
def test_an_honest_name_stays_as_it_is(name: str) -> None:
    assert clean(name).replace("\u00a0", " ") == name


def test_the_links_of_the_template_stay() -> None:
    html = markdown_to_html(
        f"{clean('http://evil.example')}, see https://hotel.example and [us](https://hotel.example/us)"
    )
    assert re.findall(r'href="([^"]*)"', html) == ["https://hotel.example", "https://hotel.example/us"]
