"""The settings of a desk, one typed class, read from ``settings.toml`` (ARCHITECTURE: injected, never ambient).

What belongs to the property or the team lives in the store; this file holds what belongs to the machine and its user.
"""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any

from crm_tui.base.errors import SettingsError
from crm_tui.base.i18n import LANGUAGES, _
from crm_tui.base.paths import write_private

THEMES = ("desk-dark", "desk-light", "desk-contrast", "desk-16")


_TIME = re.compile(r"(?:[01]?\d|2[0-3]):[0-5]\d", re.ASCII)


def _setting(
    default: Any,
    help_text: str,
    *,
    choices: tuple[str, ...] = (),
    low: int = 0,
    high: int = 0,
    time: bool = False,
    shared: bool = False,
) -> Any:
    """A setting; ``shared`` concerns everybody at the workstation or what the desk does by itself: an administrator's."""
    metadata = {"help": help_text, "choices": choices, "low": low, "high": high, "time": time, "shared": shared}
    return field(default=default, metadata=metadata)


@dataclass(frozen=True, slots=True)
class Settings:
    """Every setting with its default; the file names only what differs.

    Attributes are documented by the ``help`` of their metadata, which also feeds ``docs/settings.md``.
    """

    agent: str = _setting("", "who uses this desk; empty: the only agent, else ask", shared=True)
    language: str = _setting("en", "language of the desk", choices=LANGUAGES)
    theme: str = _setting("desk-dark", "colours of the desk", choices=THEMES)
    editor: str = _setting("", "external editor for replies; empty: $VISUAL, then $EDITOR, then the built-in one")
    opener: str = _setting("", "command that opens a saved attachment; empty: the system's")
    downloads: str = _setting("", "folder for saved attachments; empty: the user's downloads folder")
    after_send: str = _setting("stay", "where an answered conversation goes", choices=("stay", "Waitlist", "Done"))
    undo_seconds: int = _setting(10, "how long a sent message can be called back, in seconds", low=0, high=120)
    mailing_per_minute: int = _setting(
        20, "how many mails of mailings go out in a minute at most", low=1, high=600, shared=True
    )
    draft_seconds: int = _setting(3, "how often an open draft is saved, in seconds", low=1, high=60)
    poll_seconds: int = _setting(
        60, "how often a mailbox without IDLE is looked at, in seconds", low=10, high=3600, shared=True
    )
    message_limit_mib: int = _setting(
        8, "above this a message is fetched as text, attachments on demand, MiB", low=1, high=512, shared=True
    )
    parsers: int = _setting(
        0, "parsing processes in a large sync; 0: one a core, less two", low=0, high=64, shared=True
    )
    timer_idle_minutes: int = _setting(
        30, "how long a timer counts on at a desk where no key is pressed, in minutes", low=1, high=480
    )
    spell_days: int = _setting(1, "from how many days on times are shown as dates", low=1, high=30)
    passport_months: int = _setting(
        6,
        "how long a passport must be valid after the day of return, in months; 0: until that day",
        low=0,
        high=24,
        shared=True,
    )
    payment_days: int = _setting(
        2, "how many days before it is due an amount stands on the payment watchlist", low=0, high=60, shared=True
    )
    flight_days: int = _setting(
        2,
        "how many days before its departure a flight is watched, unless its operator says otherwise",
        low=1,
        high=60,
        shared=True,
    )
    notices: str = _setting(
        "off",
        "how guests are reminded of payments by themselves",
        choices=("off", "mail", "sms", "sms or mail"),
        shared=True,
    )
    notice_first_days: int = _setting(
        3, "how many days before an amount is due its first reminder goes out", low=0, high=60, shared=True
    )
    notice_every_days: int = _setting(2, "days between reminders of what is overdue", low=1, high=30, shared=True)
    notice_quiet_from: str = _setting(
        "20:00", "from this time of the property on no reminder goes out", time=True, shared=True
    )
    notice_quiet_until: str = _setting(
        "09:00", "until this time of the property no reminder goes out", time=True, shared=True
    )
    notice_day_limit: int = _setting(
        500, "how many reminders go out by themselves in a day at most", low=1, high=10000, shared=True
    )
    notice_gateway: str = _setting(
        "none",
        "where the address of the SMS gateway, which is a secret, comes from",
        choices=("none", "keyring", "command", "session"),
        shared=True,
    )
    notice_gateway_command: str = _setting("", "command that prints the address of the SMS gateway", shared=True)
    lock_minutes: int = _setting(
        10, "after how many minutes without a key the desk locks itself; 0: never", low=0, high=480, shared=True
    )
    engine: bool = _setting(True, "run sync, outbox and reminders inside the desk", shared=True)


def is_shared(name: str) -> bool:
    """Whether a setting concerns everybody at the workstation."""
    return any(item.name == name and item.metadata["shared"] for item in fields(Settings))


def load_settings(path: Path) -> Settings:
    """Read the settings file; a missing file means all defaults.

    Raises:
        SettingsError: the file is no TOML, or a value is wrong; names file, line and the fix.
    """
    try:
        text = path.read_text(encoding="utf-8")
    except FileNotFoundError:
        return Settings()
    except (OSError, UnicodeDecodeError) as error:
        raise SettingsError(
            _("The settings file {path} cannot be read: {error}.").format(path=path, error=error)
        ) from None
    try:
        values = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise SettingsError(
            _("The settings file {path} is broken: {error}.").format(path=path, error=error),
            _("Mend that line, or move the file away to start from the defaults."),
        ) from None
    return Settings(**{name: _checked(path, text, name, value) for name, value in values.items()})


def save_setting(path: Path, name: str, value: Any) -> Settings:
    """Write one setting into the file, leaving its comments and everything else as they are; a default is taken out.

    Returns:
        The settings as the file now gives them.

    Raises:
        SettingsError: the value is wrong, or the file was broken before (then nothing is written) or can't be written.
    """
    import tomlkit

    load_settings(path)  # a broken file is not touched
    default = _checked(path, "", name, value) == next(item.default for item in fields(Settings) if item.name == name)
    try:
        document = tomlkit.parse(path.read_text(encoding="utf-8")) if path.exists() else tomlkit.document()
        if not default:
            document[name] = value
        elif name in document:
            del document[name]
        path.parent.mkdir(parents=True, exist_ok=True)
        write_private(path, tomlkit.dumps(document).encode())
    except OSError as error:
        raise SettingsError(
            _("The settings file {path} cannot be written: {error}.").format(path=path, error=error.strerror or error),
            _("What you changed holds until the desk is closed."),
            name,
        ) from None
    return load_settings(path)


def _checked(path: Path, text: str, name: str, value: Any) -> Any:
    known = {item.name: item for item in fields(Settings)}
    if name not in known:
        raise _wrong(
            path, text, name, _("there is no such setting"), _("Known are: {names}.").format(names=", ".join(known))
        )
    item = known[name]
    expected = type(item.default)
    if type(value) is not expected:
        kinds = {str: _("a text in quotes"), int: _("a whole number"), bool: _("true or false")}
        raise _wrong(
            path,
            text,
            name,
            _("it must be {kind}").format(kind=kinds[expected]),
            _("The default is {value!r}.").format(value=item.default),
        )
    choices, low, high = item.metadata["choices"], item.metadata["low"], item.metadata["high"]
    if choices and value not in choices:
        raise _wrong(
            path,
            text,
            name,
            _("{value!r} is not one of its values").format(value=value),
            _("Use one of: {names}.").format(names=", ".join(choices)),
        )
    if item.metadata["time"] and not _TIME.fullmatch(str(value)):
        raise _wrong(path, text, name, _("{value!r} is no time of day").format(value=value), _("Write it like 20:00."))
    if isinstance(value, int) and high and not low <= value <= high:
        raise _wrong(
            path,
            text,
            name,
            _("{value} is out of range").format(value=value),
            _("Use {low} to {high}.").format(low=low, high=high),
        )
    return value


def _wrong(path: Path, text: str, name: str, what: str, fix: str) -> SettingsError:
    pattern = re.compile(rf"^\s*[\"']?{re.escape(name)}[\"']?\s*[=.\]]")
    line = next((number for number, row in enumerate(text.splitlines(), 1) if pattern.match(row)), 1)
    return SettingsError(
        _("{path}, line {line}: {name}: {what}.").format(path=path, line=line, name=name, what=what), fix, name
    )
