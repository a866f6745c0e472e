"""What is wrong with a template, as a sentence that names the thing and the line (QUALITY S13)."""

from __future__ import annotations

from crm_tui.base.errors import InvalidInput
from crm_tui.base.i18n import _, ngettext
from crm_tui.mail.text import display_text
from crm_tui.rules.template_checks import FILTERS, TESTS, Fault


class TemplateFault(InvalidInput):
    """A template that cannot be used; ``line`` of ``field`` (``subject`` or ``body``), from 1, 0 for the whole."""

    def __init__(self, message: str, hint: str = "", field: str = "", line: int = 0) -> None:
        super().__init__(message, hint, field)
        self.line = line


def check_source(source: str, part: str) -> None:
    """Refuse what is no template.

    Raises:
        TemplateFault: the text cannot be read as one, or says what it may not.
    """
    from crm_tui.rules.templating import parse

    try:
        parse(source, part)
    except Fault as fault:
        raise told(fault) from None


def told(fault: Fault) -> TemplateFault:
    """A fault in words."""
    sentence, hint = _words(fault)
    where = _("Subject") if fault.part == "subject" else ""
    if fault.line and not where:
        where = _("Line {n}").format(n=fault.line)
    return TemplateFault(f"{where}: {sentence}" if where else sentence, hint, fault.part, fault.line)


def _words(fault: Fault) -> tuple[str, str]:
    name = display_text(fault.name)
    limits = {
        "nesting": _("what stands inside each other is nested too deeply."),
        "size": _("the text is longer than {n} letters.").format(n=fault.limit),
        "long": _("what comes of it is longer than {n} letters.").format(n=fault.limit),
        "range": _("range() makes more than {n} numbers.").format(n=fault.limit),
        "loops": _("the loops go round more than {n} times.").format(n=fault.limit),
        "time": ngettext(
            "it takes longer than {n} second.", "it takes longer than {n} seconds.", fault.limit
        ).format(n=fault.limit),
    }  # fmt: skip
    if fault.kind in limits:
        return limits[fault.kind], _("Make it shorter, or split it.")
    if fault.kind == "attribute":
        return _("“{name}” is nothing a template may use.").format(name=name), _(
            "In the editor, ctrl+t lists the variables there are."
        )
    if fault.kind == "call":
        return _("“{name}()” cannot be called in a template.").format(name=name), ""
    if fault.kind == "filter":
        return _("there is no filter “{name}”.").format(name=name), _("Use one of: {names}.").format(
            names=", ".join(FILTERS)
        )
    if fault.kind == "test":
        return _("there is no test “{name}”.").format(name=name), _("Use one of: {names}.").format(
            names=", ".join(TESTS)
        )
    if fault.kind == "word":
        return _("“{name}” cannot be used in a template.").format(name=name), ""
    if fault.kind == "empty":
        return _("“{name}” has no value to reckon with.").format(name=name), ""
    if fault.kind == "syntax":
        return _("this is not written right: {why}").format(why=display_text(fault.text)), ""
    return _("this cannot be filled in ({why}).").format(why=display_text(fault.text) or name), ""
