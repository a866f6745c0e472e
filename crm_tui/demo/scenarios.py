"""The written conversations of the sample hotel, read from ``texts/*.txt``.

A file holds scenarios of one language::

    [name] ends=Booked attach=pdf:file.pdf from=hotel
    Subject: text with {placeholders}
    @guest
    what the guest writes first
    @hotel
    what the hotel answers

``ends`` is the folder of SPEC §1 where the finished conversation stands. ``attach`` adds a generated file to the first
message, or to the hotel's first with ``from=hotel``. After ``@answers``, each line is an answer that
guests give to what the desk sends while the sample hotel runs.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from importlib import resources

LANGUAGES = ("es", "pl", "fr", "en")
_HEAD = re.compile(r"\[(?P<name>[\w-]+)\](?P<options>.*)")


@dataclass(frozen=True, slots=True)
class Turn:
    """One written message; ``by`` is ``guest`` or ``hotel``; ``text`` has placeholders."""

    by: str
    text: str


@dataclass(frozen=True, slots=True)
class Scenario:
    """One conversation as written; ``attach`` is ``kind:file name`` or empty."""

    name: str
    language: str
    subject: str
    ends: str
    attach: str
    attach_by: str
    turns: tuple[Turn, ...]


@cache
def scenarios(language: str) -> tuple[Scenario, ...]:
    """All scenarios of a language, in the order written."""
    return tuple(_scenario(language, block) for block in _blocks(_text(language)))


@cache
def overnight(language: str) -> tuple[Scenario, ...]:
    """What guests of a language wrote since the evening before: one mail each, no answer yet."""
    return tuple(_scenario(language, block) for block in _blocks(_text(f"morning-{language}")))


@cache
def answers(language: str) -> tuple[str, ...]:
    """What guests answer to mail from the desk, one text each."""
    lines = _text(language).partition("@answers\n")[2].splitlines()
    return tuple(line for line in lines if line.strip())


def _text(name: str) -> str:
    return resources.files("crm_tui.demo").joinpath("texts", f"{name}.txt").read_text(encoding="utf-8")


def _blocks(text: str) -> list[list[str]]:
    blocks: list[list[str]] = []
    for line in text.partition("@answers\n")[0].splitlines():
        if _HEAD.fullmatch(line):
            blocks.append([])
        if blocks and not line.startswith("#"):
            blocks[-1].append(line)
    return blocks


def _scenario(language: str, lines: list[str]) -> Scenario:
    head = _HEAD.fullmatch(lines[0])
    if head is None:
        raise ValueError(lines[0])
    options = dict(item.split("=", 1) for item in head["options"].split())
    subject = next(line.removeprefix("Subject: ") for line in lines if line.startswith("Subject: "))
    body = "\n".join(lines[lines.index(f"Subject: {subject}") + 1 :])
    turns = [
        Turn(by, text.strip())
        for by, text in re.findall(r"^@(guest|hotel)\n(.*?)(?=^@(?:guest|hotel)$|\Z)", body, re.M | re.S)
    ]
    return Scenario(
        name=head["name"],
        language=language,
        subject=subject,
        ends=options["ends"],
        attach=options.get("attach", ""),
        attach_by=options.get("from", "guest"),
        turns=tuple(turns),
    )
