"""Rendering a template once, in a sandbox, within limits of time, size and loops (SPEC §5, QUALITY S13).

Three fences stand behind each other: :mod:`crm_tui.rules.template_checks` refuses what a template has no business to say;
the values are plain ones (:mod:`crm_tui.rules.template_values`); and what runs, runs in jinja2's immutable sandbox with
every loop counted and the clock looked at. A value is put in as text and never read as a template again.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import wraps
from typing import Any

from jinja2 import TemplateError, TemplateSyntaxError, UndefinedError, nodes
from jinja2.exceptions import SecurityError
from jinja2.runtime import LoopContext, Undefined
from jinja2.sandbox import ImmutableSandboxedEnvironment

from crm_tui.rules import template_checks
from crm_tui.rules.gaps import marked
from crm_tui.rules.template_checks import MOST_LETTERS, Fault
from crm_tui.rules.template_values import Group, Missing, seen

MOST_RESULT = 100_000
"""Letters of what a template may become."""
MOST_ROUNDS = 2_000
"""Rounds of all loops of a template together."""
MOST_RANGE = 200
MOST_SECONDS = 1.0
_LOOP_WORDS = frozenset({"first", "last", "index", "index0", "length"})


@dataclass(frozen=True, slots=True)
class Rendered:
    """What a template became: its text, and the variables that have no value (each a gap in the text)."""

    text: str
    gaps: tuple[str, ...] = ()


def parse(source: str, part: str = "body") -> nodes.Template:
    """A template as a checked tree.

    Raises:
        Fault: it cannot be read, or says what it may not.
    """
    if len(source) > MOST_LETTERS:
        raise Fault("size", limit=MOST_LETTERS, part=part)
    try:
        tree = ImmutableSandboxedEnvironment(keep_trailing_newline=True).parse(source)
        template_checks.check(tree)
    except TemplateSyntaxError as error:
        raise Fault("syntax", error.lineno, text=str(error.message or ""), part=part) from None
    except (RecursionError, MemoryError):
        raise Fault("nesting", limit=template_checks.MOST_DEPTH, part=part) from None
    except (ValueError, OverflowError) as error:  # a number of thousands of digits
        raise Fault("syntax", text=str(error), part=part) from None
    except Fault as fault:
        raise Fault(fault.kind, fault.line, fault.name, fault.limit, fault.text, part) from None
    return tree


def names_in(source: str) -> dict[str, int]:
    """The variables that a template names, each with its first line.

    Raises:
        Fault: it cannot be read.
    """
    return template_checks.variables(parse(source))


_PLAIN_FILTERS = frozenset({"upper", "lower", "capitalize", "title", "trim", "default"})


def weighed_in(source: str) -> frozenset[str]:
    """The variables of which a template asks more than whether they have a value: it compares them, loops over them…

    What comes of all others depends on nothing but that: they are put in as they are, or tested bare.

    Raises:
        Fault: it cannot be read.
    """
    tree = parse(source)
    asking = (nodes.Compare, nodes.For, nodes.Call, nodes.Test, nodes.Getitem, nodes.BinExpr, nodes.UnaryExpr)
    found = [node for node in tree.find_all(asking) if not isinstance(node, nodes.Not | nodes.And | nodes.Or)]
    found += [node for node in tree.find_all(nodes.Filter) if node.name not in _PLAIN_FILTERS]
    inner = nodes.Template([nodes.Output(_expressions(node)) for node in found])
    return frozenset(template_checks.variables(inner))


def _expressions(node: nodes.Node) -> list[nodes.Expr]:
    return [child for child in node.iter_child_nodes() if isinstance(child, nodes.Expr)]


def render(source: str, values: Mapping[str, Any], now: Callable[[], float], part: str = "body") -> Rendered:
    """A template with its values put in, once.

    Args:
        values: groups by name, as :data:`crm_tui.rules.template_values.Value`.
        now: a clock in seconds, to stop what takes too long.

    Raises:
        Fault: it cannot be read, says what it may not, or passes a limit.
    """
    tree = parse(source, part)
    run = _Run(values, now)
    try:
        return run.render(tree)
    except Fault as fault:
        raise Fault(fault.kind, fault.line or _line(fault), fault.name, fault.limit, fault.text, part) from None
    except SecurityError as error:
        raise Fault("attribute", _line(error), text=str(error), part=part) from None
    except UndefinedError as error:  # "'guest.surname' is undefined"
        raise Fault("empty", _line(error), str(error).split("'")[1:2][0], part=part) from None
    except (TemplateError, TypeError, ValueError, OverflowError) as error:
        raise Fault("value", _line(error), text=str(error), part=part) from None
    except (RecursionError, MemoryError, SyntaxError):
        raise Fault("nesting", limit=template_checks.MOST_DEPTH, part=part) from None


def _line(error: BaseException) -> int:
    """The line of the template in which an error came up: jinja2 puts it into the traceback. 0 if none is named."""
    line, step = 0, error.__traceback__
    while step is not None:
        if step.tb_frame.f_code.co_filename in ("<template>", "<unknown>"):
            line = step.tb_lineno
        step = step.tb_next
    return line


class _Run:
    """One rendering: what it may still do, and what it met."""

    def __init__(self, values: Mapping[str, Any], now: Callable[[], float]) -> None:
        self._values = values
        self._now = now
        self._until = now() + MOST_SECONDS
        self._rounds = 0
        self._lines: dict[str, int] = {}
        self.asked: list[str] = []

    def render(self, tree: nodes.Template) -> Rendered:
        self._lines = template_checks.variables(tree)
        for loop in tree.find_all(nodes.For):
            loop.iter = nodes.Filter(
                loop.iter, "counted_", [nodes.Const(loop.lineno)], [], None, None, lineno=loop.lineno
            )
        environment = _Sandbox(self)
        template = environment.from_string(tree)
        text = "".join(self._pieces(template.generate(self._roots())))
        gaps = tuple(dict.fromkeys(self.asked))
        hidden = [name for name in gaps if marked(name) not in text]
        if hidden:  # asked for in a condition or a loop: it must be seen that something is missing
            text = " ".join(map(marked, hidden)) + "\n" + text
        return Rendered(text, gaps)

    def _roots(self) -> dict[str, Any]:
        roots = {name: seen(name, value, self.told) for name, value in self._values.items()}
        for path in self._lines:
            root = path.partition(".")[0]
            roots.setdefault(root, Missing(name=root, told=self.told))
        return roots

    def told(self, name: str) -> None:
        """A variable has no value."""
        self.asked.append(name)

    def _pieces(self, pieces: Iterable[str]) -> Iterator[str]:
        length = 0
        for piece in pieces:
            length += len(piece)
            if length > MOST_RESULT:
                raise Fault("long", limit=MOST_RESULT)
            self.watch()
            yield piece

    def watch(self) -> None:
        """Raise if the time is over."""
        if self._now() > self._until:
            raise Fault("time", limit=int(MOST_SECONDS))

    def counted(self, values: Any, line: int) -> Iterator[Any]:
        """The values of a loop, as long as all loops together do not go on for ever."""
        if not isinstance(values, Missing | range | Sequence) or isinstance(values, str):
            raise Fault("value", line, text="for")
        for value in values:
            self._rounds += 1
            if self._rounds > MOST_ROUNDS:
                raise Fault("loops", line, limit=MOST_ROUNDS)
            self.watch()
            yield value


class _Sandbox(ImmutableSandboxedEnvironment):
    """jinja2's sandbox with nothing in it but the values and a few filters."""

    def __init__(self, run: _Run) -> None:
        super().__init__(undefined=Missing, finalize=_printed, keep_trailing_newline=True, cache_size=0)
        self.globals = {"range": _range}
        self.filters = {name: _filter(getattr(_Filters, name)) for name in template_checks.FILTERS}
        self.filters["counted_"] = run.counted
        self.tests = {name: test for name, test in self.tests.items() if name in template_checks.TESTS}

    def getattr(self, obj: Any, attribute: str) -> Any:
        """A part of a group; nothing else has parts."""
        if isinstance(obj, Group):
            return obj.get(attribute)
        if isinstance(obj, Missing):
            return obj.inner(attribute)
        if isinstance(obj, LoopContext) and attribute in _LOOP_WORDS:
            return getattr(obj, attribute)
        raise Fault("attribute", name=attribute)

    def getitem(self, obj: Any, argument: Any) -> Any:
        """A part by name, or one of several by its number."""
        if isinstance(argument, str):
            return self.getattr(obj, argument)
        if isinstance(obj, tuple) and -len(obj) <= argument < len(obj):
            return obj[argument]
        if isinstance(obj, Missing):
            return obj.inner(str(argument))
        raise Fault("attribute", name=f"[{argument}]")


def _range(*bounds: int) -> range:
    if not all(isinstance(bound, int) for bound in bounds):
        raise Fault("value", text="range")
    made = range(*bounds)
    if (made.stop - made.start) // made.step > MOST_RANGE:
        raise Fault("range", name="range", limit=MOST_RANGE)
    return made


def _printed(value: Any) -> Any:
    """What may be printed: text and numbers; a gap for what is missing."""
    if isinstance(value, Undefined | Group):
        return str(value)
    if isinstance(value, bool) or value is None or not isinstance(value, str | int):
        raise Fault("value", text=type(value).__name__)
    return value


def _filter(function: Callable[..., Any]) -> Callable[..., Any]:
    """A filter that lets what is missing pass, so that its gap keeps its name."""

    @wraps(function)
    def passing(value: Any, *arguments: Any) -> Any:
        if isinstance(value, Missing) and function is not _Filters.default:
            return value
        return function(value, *arguments)

    return passing


def _text(value: Any) -> str:
    if not isinstance(value, str | int) or isinstance(value, bool):
        raise Fault("value", text=type(value).__name__)
    return str(value)


class _Filters:
    """The filters of a template, by their names in it. None can make much out of little."""

    @staticmethod
    def upper(value: Any) -> str:
        return _text(value).upper()

    @staticmethod
    def lower(value: Any) -> str:
        return _text(value).lower()

    @staticmethod
    def capitalize(value: Any) -> str:
        return _text(value).capitalize()

    @staticmethod
    def title(value: Any) -> str:
        return _text(value).title()

    @staticmethod
    def trim(value: Any) -> str:
        return _text(value).strip()

    @staticmethod
    def default(value: Any, other: Any = "") -> Any:
        return other if isinstance(value, Missing) else value

    @staticmethod
    def first(value: Any) -> Any:
        return value[0] if isinstance(value, tuple) and value else _no_list()

    @staticmethod
    def last(value: Any) -> Any:
        return value[-1] if isinstance(value, tuple) and value else _no_list()

    @staticmethod
    def length(value: Any) -> int:
        return len(value) if isinstance(value, tuple | str) else _no_list()

    @staticmethod
    def join(value: Any, between: Any = ", ") -> str:
        if not isinstance(value, tuple):
            return str(_no_list())
        made = _text(between)[:20].join(str(_printed(one)) for one in value)
        if len(made) > MOST_RESULT:
            raise Fault("long", limit=MOST_RESULT)
        return made


def _no_list() -> Any:
    raise Fault("value", text="list")
