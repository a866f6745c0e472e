"""What a template sees: named values and nothing else. No object of the program ever gets into the sandbox."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, NoReturn

from jinja2 import StrictUndefined, TemplateRuntimeError, UndefinedError
from jinja2.utils import missing

from crm_tui.rules.gaps import marked

Value = str | int | bool | None | Mapping[str, Any] | Sequence[Any]
"""What providers give: plain values; groups of them as mappings; several as sequences."""

Told = Callable[[str], None]
"""Told the name of each variable that was asked for and has no value."""


def _nobody(_name: str) -> None:
    """Nobody listens."""


class Missing(StrictUndefined):
    """A variable without a value. Printed it is a gap; to reckon or sort with it raises, as the base class does.

    Args:
        name: its full name, like ``guest.surname``; ``hint``, ``obj`` and ``exc`` are the base class's.
        told: hears of every use that leaves a gap.
        known: it is declared, and only empty here: asking ``if`` it is there is no gap then.
    """

    __slots__ = ("_path", "_told", "known")

    def __init__(
        self,
        hint: str | None = None,
        obj: Any = missing,
        name: str | None = None,
        exc: type[TemplateRuntimeError] = UndefinedError,
        *,
        told: Told = _nobody,
        known: bool = False,
    ) -> None:
        super().__init__(hint, obj, name, exc)
        self._path = name or ""
        self._told = told
        self.known = known

    def inner(self, name: str) -> Missing:
        """A part of it, which is missing as well."""
        return Missing(name=f"{self._path}.{name}", told=self._told)

    @property
    def path(self) -> str:
        """Its full name."""
        return self._path

    def __str__(self) -> str:  # type: ignore[override]
        self._told(self._path)
        return marked(self._path)

    def __bool__(self) -> bool:  # type: ignore[override]
        if not self.known:
            self._told(self._path)
        return False

    def __iter__(self) -> Iterator[NoReturn]:  # type: ignore[override]
        bool(self)  # tells, unless it is only empty
        return iter(())

    def __len__(self) -> int:  # type: ignore[override]
        return int(bool(self))

    def __eq__(self, other: object) -> bool:  # type: ignore[override]
        """What is empty equals what is empty; what is unknown leaves a gap."""
        return not bool(self) and isinstance(other, str) and not other

    def __ne__(self, other: object) -> bool:  # type: ignore[override]
        return not self == other

    def __hash__(self) -> int:  # type: ignore[override]
        return id(type(self))


class Group:
    """Values that belong together: ``guest`` with its ``name``, ``email`` and so on."""

    __slots__ = ("_path", "_told", "_values")

    def __init__(self, path: str, values: Mapping[str, Any], told: Told) -> None:
        self._path = path
        self._values = values
        self._told = told

    def get(self, name: str) -> Any:
        """The value of that name, or what stands for a missing one."""
        path = f"{self._path}.{name}"
        if name not in self._values:
            return Missing(name=path, told=self._told)
        return seen(path, self._values[name], self._told)

    def __str__(self) -> str:
        """A whole group cannot be printed: that is a gap."""
        self._told(self._path)
        return marked(self._path)


def seen(path: str, value: Any, told: Told) -> Any:
    """A value as a template sees it."""
    if isinstance(value, Mapping):
        return Group(path, value, told)
    if isinstance(value, str):
        return value if value.strip() else Missing(name=path, told=told, known=True)
    if isinstance(value, bool | int):
        return value
    if isinstance(value, Sequence) and value:
        return tuple(seen(f"{path}.{number}", one, told) for number, one in enumerate(value, 1))
    return Missing(name=path, told=told, known=True)
