"""The pages name what there is: keys, actions, commands, links, pictures."""

from __future__ import annotations

import ast
import asyncio
import re
import shlex
from contextlib import suppress
from pathlib import Path

import pytest

from crm_tui.cli.options import build
from crm_tui.cli.usage import UsageError
from crm_tui.screens import catalog
from crm_tui.widgets.actions import REGISTRY, key_sign
from docs import tables
from docs.pictures import PICTURES, draw, make_hotel, tidy
from docs.scenes import SCENES

ROOT = Path(__file__).parents[2]
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]
PEOPLE = [page for page in PAGES if page.name not in {"decisions.md", "contributing.md", "settings.md"}]
LINK = re.compile(r"!?\[[^\]]*\]\(([^)\s]+)\)")
CODE = re.compile(r"``[^`]*`?[^`]*``|`([^`\n]+)`")
FILLED = {
    "FILE": "desk.db", "DIR": "place", "ADDRESS": "a@example.org", "ID": "7", "ID…": "7", "MESSAGE…": "9", "QUERY": "lodz", "PATH…": "mail.eml",
    "FOLDER": "Inbox", "NAME": "Ana", "N": "5", "COMMAND": "check", "URL": "sqlite:///desk.db", "…": "", "options": "",
    "MAIN": "6", "TYPE": "call", "TEXT": "word", "NEW": "Word", "MONTHS": "36", "CONVERSATION": "3", "COMPANY": "4", "PERSON": "5", "CONVERSATION…": "3", "GUEST": "4", "CHANNEL": "mail", "FIELD=VALUE…": "room=12", "FIELD…": "room",
}  # fmt: skip
KEY = re.compile(r"\^\w|F\d+|⇧\w+|[A-Za-z0-9*!/.,+]")
EXAMPLES = {"keymap.md": {"x", "X"}}


def ids(pages: list[Path]) -> list[str]:
    return [page.name for page in pages]


def text(page: Path) -> str:
    return page.read_text(encoding="utf-8")


def prose(page: Path) -> str:
    """A page without its indented blocks."""
    return "\n".join(line for line in text(page).splitlines() if not line.startswith("    "))


def anchors(page: Path) -> set[str]:
    """What a heading can be linked as."""
    heads = re.findall(r"^#+ (.*)$", text(page), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", head.lower()).replace(" ", "-") for head in heads}


@pytest.mark.parametrize("page", PAGES, ids=ids(PAGES))
def test_every_link_leads_somewhere(page: Path) -> None:
    for target in LINK.findall(text(page)):
        if "://" in target:
            continue
        path, _sharp, anchor = target.partition("#")
        aim = (page.parent / path).resolve() if path else page
        assert aim.is_file(), f"{page.name}: {target}"
        if anchor:
            assert anchor in anchors(aim), f"{page.name}: {target}"


def test_every_page_can_be_found_from_the_index() -> None:
    linked = {target.partition("#")[0] for target in LINK.findall(text(ROOT / "docs" / "README.md"))}
    pages = {page.name for page in (ROOT / "docs").glob("*.md")} - {"README.md"}
    assert pages <= linked


def test_every_picture_is_drawn_and_shown() -> None:
    drawn = {f"{scene.name}.svg" for scene in SCENES}
    assert {path.name for path in PICTURES.iterdir()} == drawn
    shown = {Path(target).name for page in PAGES for target in LINK.findall(text(page)) if target.endswith(".svg")}
    assert shown == drawn


def test_a_picture_fetches_nothing_and_names_no_place_of_a_machine() -> None:
    for path in PICTURES.iterdir():
        svg = text(path)
        assert "url(http" not in svg
        assert "href=" not in svg
        assert not re.search(r"/(tmp|home|work|Users)/", svg), path.name


def test_a_tidy_picture_depends_on_its_name_only() -> None:
    svg = "<style>\n@font-face { src: url(https://fonts.example/x.woff); }\n.terminal-77-r1 {}</style>"
    assert tidy(svg, "start") == tidy(svg.replace("77", "42"), "start")
    assert "fonts.example" not in tidy(svg, "start")


def test_drawing_twice_gives_the_same_pictures(tmp_path: Path) -> None:
    chosen = [scene for scene in SCENES if scene.name in {"start-small", "search-wrong"}]
    drawn = []
    for attempt in ("first", "second"):
        make_hotel(tmp_path / attempt, conversations=30)
        drawn.append([asyncio.run(draw(scene, tmp_path / attempt)) for scene in chosen])
    assert drawn[0] == drawn[1]
    assert all("Hotel&#160;Miramar" in picture for picture in drawn[0])


@pytest.mark.parametrize(("name", "made"), [("keys.md", tables.keys_page), ("settings.md", tables.settings_page)])
def test_the_lists_are_those_of_the_program(name: str, made: object) -> None:
    assert callable(made)
    assert text(ROOT / "docs" / name) == made(), "run: make tables"


def test_every_action_is_on_the_page_of_keys() -> None:
    catalog.load_all_actions()
    page = text(ROOT / "docs" / "keys.md")
    for action in REGISTRY.all():
        assert f"`{action.id}`" in page


@pytest.mark.parametrize("page", PEOPLE, ids=ids(PEOPLE))
def test_every_key_that_is_named_exists(page: Path) -> None:
    catalog.load_all_actions()
    known = {key_sign(key.strip()) for action in REGISTRY.all() for key in action.key.split(",")}
    known |= {place.letter for place in catalog.PLACES}
    known |= EXAMPLES.get(page.name, set())
    for code in CODE.findall(prose(page)):
        if KEY.fullmatch(code):
            assert code in known, f"{page.name}: {code}"


def blocks(page: Path) -> list[str]:
    """The command lines of a page's indented blocks."""
    found = []
    for line in re.sub(r"\\\n\s+", "", text(page)).splitlines():
        if line.startswith("    ") and (start := re.search(r"(?:^| |\()crm-tui(?: |$)", line)):
            found.append(re.split(r"\s{2,}|\s#|\s[|>]|\)(?=\s|$)", line[start.start() :].lstrip(" ("))[0])
    return found


def mentions(page: Path) -> list[str]:
    """The commands that a page's sentences mention."""
    return [code for code in CODE.findall(prose(page)) if code.startswith("crm-tui")]


def parseable(command: str) -> list[str]:
    words = []
    for word in shlex.split(command.replace("[", " ").replace("]", " "))[1:]:
        name, sign, value = word.partition("=")
        filled = FILLED.get(word, f"{name}={FILLED.get(value, value)}" if sign else word)
        if filled:
            words.append(filled)
    return words


@pytest.mark.parametrize("page", PAGES, ids=ids(PAGES))
def test_every_command_parses(page: Path) -> None:
    for command in blocks(page):
        build().parse_args(parseable(command))


@pytest.mark.parametrize("page", PAGES, ids=ids(PAGES))
def test_every_command_that_is_mentioned_exists(page: Path) -> None:
    for command in mentions(page):
        with suppress(_Incomplete):
            _parse(command)


class _Incomplete(Exception):
    """What a sentence leaves out may be required: everything it names was understood."""


def _parse(command: str) -> None:
    try:
        build().parse_args(parseable(command))
    except UsageError as error:
        if "required" in str(error):
            raise _Incomplete from None
        raise


def test_enough_commands_are_found() -> None:
    assert sum(len(blocks(page)) for page in PAGES) > 40
    assert sum(len(mentions(page)) for page in PAGES) > 15


def test_every_make_target_exists() -> None:
    makefile = text(ROOT / "Makefile")
    for page in PAGES:
        for target in re.findall(r"(?:^    |`)make ([a-z]+)", text(page), re.MULTILINE):
            assert re.search(rf"^{target}:", makefile, re.MULTILINE), f"{page.name}: make {target}"


def test_every_setting_that_is_named_exists() -> None:
    from dataclasses import fields

    from crm_tui.base.settings import Settings

    known = {item.name for item in fields(Settings)}
    for page in PEOPLE:
        for name in re.findall(r"^    (\w+) = ", text(page), re.MULTILINE):
            assert name in known, f"{page.name}: {name}"


def test_every_action_that_is_named_exists() -> None:
    catalog.load_all_actions()
    known = {action.id for action in REGISTRY.all()}
    for page in PEOPLE:
        for name in re.findall(r"^    \"([\w.-]+)\" = ", text(page), re.MULTILINE):
            assert name in known, f"{page.name}: {name}"


def sentences() -> str:
    """Every text in the program's source, one after the other."""
    found = []
    for path in (ROOT / "crm_tui").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                found.append(node.value)
    return "\n".join(found)


def test_every_sentence_that_is_explained_is_said_by_the_program() -> None:
    said = sentences()
    told = re.findall(r"^\| ([^*|`-][^|]*) \|", text(ROOT / "docs" / "trouble.md"), re.MULTILINE)
    assert len(told) > 30
    for cell in told:
        if cell == "it says":
            continue
        for part in re.split(r"[;…]", cell):
            words = part.strip(" :,")
            assert len(words) < 4 or words in said, words
