"""Which elements of an HTML mail are text, and which of them a reader would not see."""

from __future__ import annotations

import re
from typing import Any


def _names(text: str) -> frozenset[str]:
    return frozenset(text.split())


SKIPPED = _names(
    """
    applet audio canvas embed frame head iframe math noscript object script select style svg template
    textarea title video
    """
)
SPACED = _names(
    """
    blockquote dl fieldset figure h1 h2 h3 h4 h5 h6 ol p pre table ul
    """
)
BLOCKS = SPACED | _names(
    """
    address article aside body caption center dd details dir div dt figcaption footer form header html
    legend li main menu nav section summary tbody tfoot thead tr
    """
)

_AT_RULE = re.compile(r"@media[^{]*\{(?:[^{}]*\{[^{}]*\})*[^{}]*\}|@[\w-]+[^{};]*(?:;|\{[^{}]*\})")
_RULE = re.compile(r"([^{}]+)\{([^{}]*)\}")
_SIMPLE_SELECTOR = re.compile(r"(?:\w+)?\.([\w-]+)|#([\w-]+)")
_HIDDEN = re.compile(
    r"(?:^|;)\s*(?:display\s*:\s*none|visibility\s*:\s*(?:hidden|collapse)|mso-hide\s*:\s*all"
    r"|opacity\s*:\s*0?\.?0+\s*(?:;|!|$)|color\s*:\s*transparent"
    r"|font-size\s*:\s*[01](?:px|pt)\s*(?:;|!|$)|font\s*:\s*0(?:px|pt)?[\s/]"
    r"|(?:left|top|text-indent|margin-left)\s*:\s*-\d{3,}(?:px|pt|em)"
    r"|transform\s*:\s*scale\(\s*0\s*\)|clip\s*:\s*rect\(\s*0)",
    re.IGNORECASE,
)
_COLOURS = re.compile(r"(?:^|;)\s*(color|background(?:-color)?)\s*:\s*([#\w]+)\s*(?=;|!|$)", re.IGNORECASE)
_NO_HEIGHT = re.compile(r"(?:^|;)\s*(?:max-)?(?:height|width)\s*:\s*0(?:px|pt|em|%)?\s*(?:;|!|$)", re.IGNORECASE)
_OVERFLOW = re.compile(r"overflow\s*:\s*hidden", re.IGNORECASE)


class Hidden:
    """What a document hides: by attribute, by inline style, or by its own style sheets."""

    __slots__ = ("names",)

    def __init__(self, root: Any) -> None:
        self.names = _hidden_names(root)

    def hides(self, element: Any, style: str | None) -> bool:
        """Whether a reader does not see ``element``, whose ``style`` attribute is given."""
        if style and (
            _HIDDEN.search(style) or (_OVERFLOW.search(style) and _NO_HEIGHT.search(style)) or _one_colour(style)
        ):
            return True
        if element.get("hidden") is not None:
            return True
        if not self.names:
            return False
        name = element.get("id")
        if name and "#" + name in self.names:
            return True
        classes = element.get("class")
        return bool(classes) and any("." + one in self.names for one in classes.split())


def _one_colour(style: str) -> bool:
    """Whether text and background are declared alike; white text alone may stand on a dark parent."""
    if "background" not in style.lower():
        return False
    found = {name.lower().removesuffix("-color"): value.lower() for name, value in _COLOURS.findall(style)}
    return "color" in found and found["color"] == found.get("background")


def _hidden_names(root: Any) -> frozenset[str]:
    """Class and id names that a style sheet hides everywhere (rules for other media do not count)."""
    names: set[str] = set()
    for sheet in root.iter("style"):
        css = sheet.text or ""
        if "none" not in css and "hidden" not in css:
            continue
        for rule in _RULE.finditer(_AT_RULE.sub("", css[:100_000])):
            if _HIDDEN.search(rule[2]):
                for selector in rule[1].split(","):
                    found = _SIMPLE_SELECTOR.fullmatch(selector.strip())
                    if found:
                        names.add("." + found[1] if found[1] else "#" + found[2])
    return frozenset(names)
