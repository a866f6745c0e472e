"""How the parser of the command line is put together: all of it, or only what one command needs."""

from __future__ import annotations

from argparse import ArgumentParser, HelpFormatter, RawDescriptionHelpFormatter, _SubParsersAction
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, NoReturn

from crm_tui.base.i18n import _
from crm_tui.cli.output import Output
from crm_tui.cli.usage import UsageError

if TYPE_CHECKING:
    Commands = _SubParsersAction[Any]
else:
    Commands = _SubParsersAction


class Parser(ArgumentParser):
    """Raises instead of leaving, so that errors look the same everywhere, in JSON too."""

    def _print_message(self, message: str, file: Any = None) -> None:  # noqa: ARG002 -- argparse would hide a failure
        if message:
            Output(as_json=False).text(message)

    def error(self, message: str) -> NoReturn:
        raise UsageError(f"{message[:1].upper()}{message[1:]}.", _("See: {name} --help").format(name=self.prog))


def formatter_of(prog: str) -> HelpFormatter:
    """The help of a command, with room for the longest names."""
    return RawDescriptionHelpFormatter(prog, max_help_position=32)


class Sought(Commands):
    """Knows the names of all commands, and makes the parser of the one that is given: all of them take 50 ms."""

    make: Callable[[str], None]

    def add_name(self, name: str, help_text: str) -> None:
        """A command whose parser is not made yet."""
        self._choices_actions.append(self._ChoicesPseudoAction(name, (), help_text))
        self._name_parser_map[name] = None

    def __call__(self, parser: ArgumentParser, namespace: Any, values: Any, option_string: str | None = None) -> None:
        name = values[0]
        if self._name_parser_map.get(name, parser) is None:
            del self._name_parser_map[name]
            self.make(name)
        super().__call__(parser, namespace, values, option_string)


class _Left:
    """The parser of a command that nobody asks for: takes whatever is said of it."""

    def __getattr__(self, _name: str) -> Any:
        return self

    def __call__(self, *_values: Any, **_named: Any) -> Any:
        return self


_LEFT: Any = _Left()


class Maker:
    """Adds one command after the other with what they share.

    Args:
        only: the one command that is wanted; empty for all.
    """

    def __init__(self, commands: Any, common: ArgumentParser, only: str = "") -> None:
        self._commands = commands
        self._common = common
        self._only = only

    def command(
        self, name: str, handler: str, help_text: str, formatter: Callable[[str], HelpFormatter] = formatter_of
    ) -> ArgumentParser:
        """A command that ``handler`` (``module:function`` of this room) runs."""
        if name != (self._only or name):
            return _LEFT  # type: ignore[no-any-return]
        parser: ArgumentParser = self._commands.add_parser(
            name,
            parents=[self._common],
            help=help_text,
            description=f"{help_text[:1].upper()}{help_text[1:]}.",
            formatter_class=formatter,
            allow_abbrev=False,
        )
        parser.set_defaults(handler=handler)
        return parser

    def group(self, name: str, help_text: str, handler: str = "") -> Maker:
        """A command that has commands of its own; ``handler`` runs it without one of them."""
        parser = self.command(name, handler, help_text)
        further = parser.add_subparsers(metavar=_("COMMAND"), required=not handler, parser_class=Parser)
        return Maker(further, self._common)

    def optional_group(self, name: str, handler: str, help_text: str) -> tuple[ArgumentParser, Maker]:
        """A command that does something by itself, and has commands of its own besides."""
        parser = self.command(name, handler, help_text)
        return parser, Maker(parser.add_subparsers(metavar=_("COMMAND"), parser_class=Parser), self._common)


class Names(Maker):
    """Only tells the names of the commands."""

    def __init__(self, commands: Sought) -> None:
        super().__init__(commands, _LEFT)

    def command(
        self, name: str, handler: str, help_text: str, formatter: Callable[[str], HelpFormatter] = formatter_of
    ) -> ArgumentParser:
        """A name and what the help says of it."""
        del handler, formatter
        self._commands.add_name(name, help_text)
        return _LEFT  # type: ignore[no-any-return]
