"""``crm-tui template list|show|set|archive|restore|starter`` (SPEC §5)."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from crm_tui.base.errors import InvalidInput
from crm_tui.base.i18n import _
from crm_tui.cli.invocation import Invocation
from crm_tui.cli.usage import UsageError

if TYPE_CHECKING:
    from crm_tui.desk.common.context import Context
    from crm_tui.desk.texts.template_views import TemplateView, Written

_FIELDS = ("name", "language", "category", "subject")


def list_templates(run: Invocation) -> int:
    """Print the templates."""
    from crm_tui import desk

    options = run.options
    with run.desk() as ctx:
        found = desk.templates.listed(ctx, archived=options.archived)
    wanted = [one for one in found if options.language in ("", one.language)]
    if run.out.as_json:
        for one in wanted:
            run.out.record(_record(one))
        return 0
    rows = [[one.id, one.language, one.category, one.name, one.subject] for one in wanted]
    run.out.table((_("ID"), _("Language"), _("Purpose"), _("Name"), _("Subject")), rows, right=(0,))
    return 0


def show(run: Invocation) -> int:
    """Print a template; with ``--conversation`` what it becomes. Exit code 1 if that is not possible."""
    from crm_tui import desk

    conversation: int = run.options.conversation
    written: Written | None = None
    with run.desk() as ctx:
        template = meant(ctx, run.options.template, run.options.language)
        if conversation:
            desk.reading.conversation(ctx, conversation)  # says so if there is none
            written = desk.template_use.write(ctx, template, conversation)
    if run.out.as_json:
        run.out.record(_record(template) | ({"filled": _filled(written)} if written is not None else {}))
    else:
        run.out.line(f"{template.name} · {template.language} · {template.category}", "bold")
        run.out.line(written.subject if written is not None else template.subject)
        run.out.line()
        run.out.text(written.text if written is not None else template.body)
        if written is not None and (written.error or written.gaps):
            words = written.error or _("Missing: {names}.").format(names=", ".join(written.gaps))
            run.out.line(words, "red")
    return 1 if written is not None and written.error else 0


def set_template(run: Invocation) -> int:
    """Write a new template, or change what is given of one."""
    from crm_tui import desk

    options = run.options
    values = {name: getattr(options, name) for name in _FIELDS if getattr(options, name) is not None}
    if options.body is not None:
        values["body"] = _text(options.body)
    with run.desk() as ctx:
        if options.template:
            before = meant(ctx, options.template, "")
            template = desk.templates.change(ctx, before.id, options.version or before.version, **values)
        else:
            missing = [name for name in ("name", "language", "body") if name not in values]
            if missing:
                raise UsageError(
                    _("A new template needs: {names}.").format(names=", ".join(f"--{name}" for name in missing)),
                    _("See: {name} --help").format(name="crm-tui template set"),
                )
            template = desk.templates.create(ctx, **values)
    return _tell(run, template, _("{name} is saved as template {number}."))


def archive(run: Invocation) -> int:
    """Put a template away."""
    from crm_tui import desk

    with run.desk() as ctx:
        before = desk.templates.get(ctx, run.options.template)
        template = desk.templates.archive(ctx, before.id, before.version)
    return _tell(run, template, _("{name} is archived; crm-tui template restore {number} takes it back."))


def restore(run: Invocation) -> int:
    """Take a template out of the archive."""
    from crm_tui import desk

    with run.desk() as ctx:
        before = desk.templates.get(ctx, run.options.template)
        template = desk.templates.restore(ctx, before.id, before.version)
    return _tell(run, template, _("{name} is in use again."))


def starter(run: Invocation) -> int:
    """Put the starter set in."""
    from crm_tui import desk

    with run.desk() as ctx:
        added = desk.template_starter.add(ctx)
    if run.out.as_json:
        run.out.record({"added": added})
    else:
        run.out.line(_("{n} templates were put in.").format(n=added) if added else _("They were all there before."))
    return 0


def meant(ctx: Context, given: str, language: str) -> TemplateView:
    """The template of that number or name."""
    from crm_tui import desk

    if given.isascii() and given.isdecimal() and len(given) <= 15:
        return desk.templates.get(ctx, int(given))
    return desk.templates.named(ctx, given, language)


def _text(path: str) -> str:
    """The text of a file, or of standard input.

    Raises:
        InvalidInput: the file is no text.
    """
    raw = sys.stdin.buffer.read() if path == "-" else Path(path).expanduser().read_bytes()
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise InvalidInput(_("{path} is no UTF-8 text.").format(path=path), _("Save it as UTF-8."), "body") from None


def _tell(run: Invocation, template: TemplateView, words: str) -> int:
    if run.out.as_json:
        run.out.record(_record(template))
    else:
        run.out.line(words.format(name=template.name, number=template.id))
    return 0


def _record(template: TemplateView) -> dict[str, Any]:
    return {
        "id": template.id,
        "name": template.name,
        "language": template.language,
        "category": template.category,
        "subject": template.subject,
        "body": template.body,
        "archived": template.archived,
        "agent": template.agent or None,
        "updated_at": template.updated_at,
        "version": template.version,
    }


def _filled(written: Written) -> dict[str, Any]:
    return {
        "subject": written.subject,
        "text": written.text,
        "gaps": list(written.gaps),
        "error": written.error or None,
        "line": written.line or None,
    }
