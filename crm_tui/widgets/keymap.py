"""The keymap file: ``"action.id" = "key"`` in TOML, checked before Textual sees it.

Textual takes unknown ids silently and drops the action whose key another one takes, so every line is checked here.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Mapping
from pathlib import Path

from textual.keys import Keys, _character_to_key

from crm_tui.base.errors import SettingsError
from crm_tui.base.i18n import _
from crm_tui.widgets.actions import EVERYWHERE, FORM_SCOPES, PART_SCOPES, WIDGET_SCOPES, WIDGETS_OF, Action, key_sign

_MODIFIERS = ("ctrl", "shift", "alt")
_NAMED = {key.value for key in Keys if "+" not in key.value and not key.value.startswith("<")}
_SWALLOWED = {
    "ctrl+s": False,
    "ctrl+i": True,
    "ctrl+m": True,
    "ctrl+h": True,
    "ctrl+j": True,
    "ctrl+left_square_bracket": True,
}


def load_keymap(path: Path, actions: Iterable[Action]) -> dict[str, str]:
    """Read the keymap file; a missing file means the default keys.

    Returns:
        Action id to comma-separated normalised Textual keys, ready for ``App.set_keymap``.

    Raises:
        SettingsError: no TOML, an unknown action, an unusable key, or two actions on one key; names file, line and fix.
    """
    try:
        text = path.read_text(encoding="utf-8")
    except FileNotFoundError:
        return {}
    except (OSError, UnicodeDecodeError) as error:
        raise SettingsError(_("The keymap {path} cannot be read: {error}.").format(path=path, error=error)) from None
    try:
        values = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise SettingsError(
            _("The keymap {path} is broken: {error}.").format(path=path, error=error),
            _("Mend that line, or move the file away to get the default keys."),
        ) from None
    known = {action.id: action for action in actions}
    keymap = {}
    for action_id, keys in _flat(values):
        if action_id not in known:
            raise _wrong(path, text, action_id, _("there is no such action"), _suggest(action_id, known))
        keymap[action_id] = ",".join(
            _checked_key(path, text, action_id, key) for key in _key_list(path, text, action_id, keys)
        )
    _check_clashes(path, text, known, keymap)
    return keymap


def clashes(actions: Iterable[Action], keymap: Mapping[str, str]) -> list[tuple[str, Action, Action]]:
    """Pairs of actions that would share a key where both can be active, as ``(key, first, second)``."""
    found = []
    by_key: dict[str, list[Action]] = {}
    for action in actions:
        for key in keymap.get(action.id, action.key).split(","):
            normal = normal_key(key.strip())
            for other in by_key.get(normal, ()):
                if other.id != action.id and _meet(other, action, normal):
                    found.append((normal, other, action))
            by_key.setdefault(normal, []).append(action)
    return found


def normal_key(key: str) -> str:
    """A key in Textual's long form (``?`` is ``question_mark``)."""
    if len(key) == 1:
        return _character_to_key(key)
    *modifiers, name = key.split("+") if key[-1] != "+" else [*key[:-2].split("+"), "+"]
    return "+".join([*modifiers, _character_to_key(name) if len(name) == 1 else name])


def _meet(one: Action, other: Action, key: str) -> bool:
    if other.id == one.instead or one.id == other.instead:
        return False
    if one.scope == other.scope:
        return True
    scopes = {one.scope, other.scope}
    if EVERYWHERE in scopes:
        in_form = bool(scopes & FORM_SCOPES)
        return not in_form or len(key) > 1
    for part in scopes & PART_SCOPES.keys():
        return PART_SCOPES[part] in scopes
    if key == "enter":
        return False  # a list tells its screen that a row was opened: there Enter means the same on both
    if one.priority or other.priority:
        return False  # declared to take the key from the widgets of its screen
    widgets = scopes & WIDGET_SCOPES
    for screen in scopes & WIDGETS_OF.keys():
        widgets &= WIDGETS_OF[screen]
    return len(widgets) == 1 and not scopes & FORM_SCOPES


def _flat(values: Mapping[str, object], prefix: str = "") -> list[tuple[str, object]]:
    """Dotted ids, whether the file writes them quoted, bare or as tables."""
    flat: list[tuple[str, object]] = []
    for name, value in values.items():
        if isinstance(value, Mapping):
            flat += _flat(value, f"{prefix}{name}.")
        else:
            flat.append((prefix + name, value))
    return flat


def _key_list(path: Path, text: str, action_id: str, keys: object) -> list[str]:
    if isinstance(keys, str) and keys == ",":
        return [keys]
    parts = keys.split(",") if isinstance(keys, str) else []
    if not parts or not all(part.strip() for part in parts):
        fix = _("Write it like {example}.").format(example=f'"{action_id}" = "ctrl+r"')
        raise _wrong(path, text, action_id, _("the key must be a text in quotes"), fix)
    return [part.strip() for part in parts]


def _checked_key(path: Path, text: str, action_id: str, key: str) -> str:
    normal = normal_key(key)
    *modifiers, name = normal.split("+")
    single = len(name) == 1 or name in _NAMED or len(key) == 1 or re.fullmatch(r"f([1-9]|1\d|2[0-4])", name) is not None
    if not single and name.replace("_", "").isalpha():
        single = len(key.rsplit("+", 1)[-1]) == 1
    if not single or any(modifier not in _MODIFIERS for modifier in modifiers):
        fix = _("Use a character, a name like escape, f5 or pagedown, or one with ctrl+, shift+ or alt+ before it.")
        raise _wrong(path, text, action_id, _("{key!r} is no key").format(key=key), fix)
    if _SWALLOWED.get(normal, False):
        fix = _("Terminals send the same code for another key; choose another.")
        raise _wrong(path, text, action_id, _("{key} never reaches the desk").format(key=key_sign(normal)), fix)
    return normal


def _check_clashes(path: Path, text: str, known: Mapping[str, Action], keymap: Mapping[str, str]) -> None:
    for key, one, other in clashes(known.values(), keymap):
        if one.id in keymap or other.id in keymap:
            named, rival = (other, one) if other.id in keymap else (one, other)
            what = _("the key {key} is also that of {other} ({label})").format(
                key=key_sign(key), other=rival.id, label=_(rival.label)
            )
            fix = _("Choose a free key, or give {other} another one.").format(other=rival.id)
            raise _wrong(path, text, named.id, what, fix)


def _suggest(action_id: str, known: Mapping[str, Action]) -> str:
    import difflib

    near = difflib.get_close_matches(action_id, known, n=3, cutoff=0.5)
    if near:
        return _("Did you mean {names}?").format(names=", ".join(near))
    return _("The help (?) and docs/keys.md list them.")


def _wrong(path: Path, text: str, action_id: str, what: str, fix: str) -> SettingsError:
    last = action_id.rsplit(".", 1)[-1]
    spellings = "|".join(re.escape(name) for name in (action_id, last))
    pattern = re.compile(rf"^\s*[\"']?(?:{spellings})[\"']?\s*=")
    line = next((number for number, row in enumerate(text.splitlines(), 1) if pattern.match(row)), 1)
    return SettingsError(
        _("{path}, line {line}: {name}: {what}.").format(path=path, line=line, name=action_id, what=what),
        fix,
        action_id,
    )
