"""What a template may say: variables, conditions, short loops and a few filters; anything else is refused by its name.

The list of what is allowed is short on purpose. The sandbox would stop most of the rest, but only when it runs; this says
it while the template is written, with the line (QUALITY S13).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from jinja2 import nodes

MOST_LETTERS = 50_000
"""Of a template's text."""
MOST_DEPTH = 40
"""Of what stands inside each other in a template."""

FILTERS = ("upper", "lower", "capitalize", "title", "trim", "default", "first", "last", "length", "join")
TESTS = ("defined", "undefined", "none", "number", "string", "odd", "even", "eq", "ne", "lt", "le", "gt", "ge")

_ALLOWED = (
    nodes.Template, nodes.Output, nodes.TemplateData, nodes.Name, nodes.Const, nodes.Getattr, nodes.Getitem, nodes.If,
    nodes.For, nodes.Filter, nodes.Test, nodes.Compare, nodes.Operand, nodes.And, nodes.Or, nodes.Not, nodes.CondExpr,
    nodes.Tuple, nodes.List, nodes.Concat, nodes.Add, nodes.Sub, nodes.Neg, nodes.Pos,
)  # fmt: skip
_WORDS = {
    nodes.Macro: "macro", nodes.CallBlock: "call", nodes.Import: "import", nodes.FromImport: "from", nodes.Include: "include",
    nodes.Extends: "extends", nodes.Block: "block", nodes.FilterBlock: "filter", nodes.Assign: "set",
    nodes.AssignBlock: "set", nodes.With: "with", nodes.ScopedEvalContextModifier: "autoescape", nodes.Mul: "*",
    nodes.Pow: "**", nodes.Div: "/", nodes.FloorDiv: "//", nodes.Mod: "%", nodes.Dict: "{}", nodes.Slice: "[:]",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Fault(Exception):
    """What is wrong with a template; the desk words the sentence.

    Attributes:
        kind: ``syntax``, ``attribute``, ``call``, ``filter``, ``test``, ``word``, ``nesting``, ``size``, ``range``,
            ``loops``, ``time``, ``long`` (the result), ``empty`` (reckoned
            with a variable that has no value) or ``value``.
        line: of the template's text, from 1; 0 if it concerns the whole.
        name: what it is about: an attribute, a variable, a filter, a word of the template language.
        limit: the bound that was passed, if it is about one.
        text: for ``syntax``, the parser's words.
        part: ``subject`` or ``body``.
    """

    kind: str
    line: int = 0
    name: str = ""
    limit: int = 0
    text: str = ""
    part: str = "body"


def check(tree: nodes.Template) -> None:
    """Look at a parsed template.

    Raises:
        Fault: it says what it may not.
    """
    for node, depth in _walk(tree):
        if depth > MOST_DEPTH:
            raise Fault("nesting", node.lineno, limit=MOST_DEPTH)
        _check_one(node)


def _walk(tree: nodes.Template) -> Iterator[tuple[nodes.Node, int]]:
    """Every node with its depth, without recursion: a hostile template may be as deep as the parser let it."""
    waiting: list[tuple[nodes.Node, int]] = [(tree, 0)]
    while waiting:
        node, depth = waiting.pop()
        yield node, depth
        waiting += [(child, depth + 1) for child in reversed(list(node.iter_child_nodes()))]


def _check_one(node: nodes.Node) -> None:
    if isinstance(node, nodes.Call):
        _check_call(node)
    elif isinstance(node, nodes.Filter):
        if node.name not in FILTERS:
            raise Fault("filter", node.lineno, node.name)
    elif isinstance(node, nodes.Test):
        if node.name not in TESTS:
            raise Fault("test", node.lineno, node.name)
    elif isinstance(node, nodes.Getattr):
        _check_name(node.attr, node.lineno)
    elif isinstance(node, nodes.Getitem):
        if not isinstance(node.arg, nodes.Const) or not isinstance(node.arg.value, str | int):
            raise Fault("word", node.lineno, "[]")
        _check_name(str(node.arg.value), node.lineno)
    elif isinstance(node, nodes.Name):
        _check_name(node.name, node.lineno)
        if node.name == "self":
            raise Fault("word", node.lineno, "self")
    elif isinstance(node, nodes.For) and node.recursive:
        raise Fault("word", node.lineno, "recursive")
    elif not isinstance(node, (*_ALLOWED, nodes.Keyword)):
        raise Fault("word", node.lineno, _WORDS.get(type(node), type(node).__name__.lower()))


def _check_name(name: str, line: int) -> None:
    if name.startswith("_"):
        raise Fault("attribute", line, name)


def _check_call(node: nodes.Call) -> None:
    called = node.node
    if isinstance(called, nodes.Name) and called.name == "range":
        if node.kwargs or node.dyn_args or node.dyn_kwargs or not 1 <= len(node.args) <= 3:
            raise Fault("word", node.lineno, "range")
        return
    if isinstance(called, nodes.Getattr):
        _check_name(called.attr, node.lineno)
        raise Fault("call", node.lineno, called.attr)
    raise Fault("call", node.lineno, called.name if isinstance(called, nodes.Name) else "()")


def variables(tree: nodes.Template) -> dict[str, int]:
    """The variables that a template names, each with the first line that does; those that a loop makes are left out."""
    own = {"loop", "range"}
    for node, _depth in _walk(tree):
        if isinstance(node, nodes.For):
            own |= {name.name for name in node.target.find_all(nodes.Name)} | _names(node.target)
    found: dict[str, int] = {}
    inner: set[int] = set()
    for node, _depth in _walk(tree):
        if isinstance(node, nodes.Getattr) and id(node) not in inner:
            path = _path(node, inner)
            if path and path.partition(".")[0] not in own:
                found.setdefault(path, node.lineno)
        elif isinstance(node, nodes.Name) and id(node) not in inner and node.ctx == "load" and node.name not in own:
            found.setdefault(node.name, node.lineno)
    return found


def _names(target: nodes.Node) -> set[str]:
    return {target.name} if isinstance(target, nodes.Name) else set()


def _path(node: nodes.Getattr, inner: set[int]) -> str:
    """``guest.name`` for a chain of attributes of a variable; empty for another."""
    parts: list[str] = []
    step: nodes.Node = node
    while isinstance(step, nodes.Getattr):
        parts.append(step.attr)
        step = step.node
        inner.add(id(step))
    if not isinstance(step, nodes.Name):
        return ""
    return ".".join([step.name, *reversed(parts)])
