"""The one gate for text from outside (QUALITY S1), and the folding that search compares by (SPEC §14).

Every header, body, name, folder, server answer or CSV cell goes through :func:`display_text` before it is shown,
printed or exported. What comes out holds no control character, no surrogate and no invisible direction change.
"""

from __future__ import annotations

import re

from crm_tui.rules.folding import fold_text

__all__ = ["display_text", "fold_text"]

_BIDI = {
    "\u061c": "‹ALM›",
    "\u200e": "‹LRM›",
    "\u200f": "‹RLM›",
    "\u202a": "‹LRE›",
    "\u202b": "‹RLE›",
    "\u202c": "‹PDF›",
    "\u202d": "‹LRO›",
    "\u202e": "‹RLO›",
    "\u2066": "‹LRI›",
    "\u2067": "‹RLI›",
    "\u2068": "‹FSI›",
    "\u2069": "‹PDI›",
}
_ZERO_WIDTH = (
    "\u00ad\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200d\u2060-\u2065\u206a-\u206f\u3164\ufeff\uffa0"
    "\ufff0-\ufffb\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e007f\U000e0100-\U000e0fff"
)
_LINE_BREAKS = "\u0085\u2028\u2029"
_CONTROLS = "\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff"

_SINGLE = re.compile(f"[\t\n{_CONTROLS}{_LINE_BREAKS}{''.join(_BIDI)}{_ZERO_WIDTH}]")
_MULTI = re.compile(f"[{_CONTROLS}{_LINE_BREAKS}{''.join(_BIDI)}{_ZERO_WIDTH}]")
_BREAKS = re.compile(f"\r\n?|[\x0b\x0c{_LINE_BREAKS}]")
_STRIPPED = re.compile(f"[{_CONTROLS}]")
_BIDI_RUN = re.compile(f"[{''.join(_BIDI)}]")
_ZERO_WIDTH_RUN = re.compile(f"[{_ZERO_WIDTH}]+")
_SPACES = re.compile(r"[\t\n ]*[\t\n][\t\n ]*")
# Scripts in which a joiner changes how a word is spelt (Arabic to Khmer), and the ranges of emoji.
_JOINING = re.compile("[\u0600-\u18ff\ua840-\uabff]")
_EMOJI = re.compile("[\u00a9\u00ae\u203c-\u3299\ufe0f\U0001f000-\U0001faff]")
_TAGS = re.compile("[\U000e0020-\U000e007e]{1,32}\U000e007f")


def display_text(text: str, *, multiline: bool = False) -> str:
    """Make foreign text safe to show (QUALITY S1).

    Strips C0 and C1 controls, DEL, NUL and surrogates, shows bidi controls as short tokens such as ``‹RLO›``, and
    collapses zero-width characters (a joiner stays inside an emoji sequence or a word of a script that needs it).

    Args:
        text: any string, surrogates included.
        multiline: keep newline and tab; otherwise a run of them becomes one space. Every other line break
            (CR, VT, FF, NEL, U+2028, U+2029) counts as a newline.

    Returns:
        The safe text; the same object if there was nothing to change. Idempotent.
    """
    if text.isascii() and text.isprintable():
        return text  # most names and subjects: a quarter of the pattern's time
    if (_MULTI if multiline else _SINGLE).search(text) is None:
        return text
    text = _BREAKS.sub("\n", text)
    text = _STRIPPED.sub("", text)
    text = _BIDI_RUN.sub(lambda found: _BIDI[found[0]], text)
    text = _ZERO_WIDTH_RUN.sub(_collapse, text)
    return text if multiline else _SPACES.sub(" ", text)


def _collapse(run: re.Match[str]) -> str:
    """What stays of a run of zero-width characters between its two neighbours."""
    before = run.string[run.start() - 1 : run.start()]
    after = run.string[run.end() : run.end() + 1]
    invisible = run[0]
    if before == "\U0001f3f4" and _TAGS.fullmatch(invisible):
        return invisible  # the flags of England, Scotland and Wales
    if "\u200d" in invisible and _EMOJI.match(before) and _EMOJI.match(after):
        return "\u200d"
    for joiner in "\u200c\u200d":
        if joiner in invisible and _JOINING.match(before) and _JOINING.match(after):
            return joiner
    return ""
