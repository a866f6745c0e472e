"""``backup``, ``restore``, ``check`` and ``doctor``."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from crm_tui.base.errors import Conflict, CrmError, Forbidden
from crm_tui.base.i18n import N_, _, ngettext
from crm_tui.base.sizes import size
from crm_tui.cli.invocation import Invocation
from crm_tui.cli.output import yes

if TYPE_CHECKING:
    from crm_tui.desk.upkeep.diagnosis import Fact

_SIGNS = {"ok": ("", "green"), "warning": (N_("warning"), "yellow"), "bad": (N_("wrong"), "red"), "info": ("", "")}


def backup(run: Invocation) -> int:
    """Copy the store to a file while the desk runs."""
    from crm_tui import desk

    target = Path(run.options.file).expanduser()
    with run.desk() as ctx:
        try:
            octets = desk.maintenance.backup(ctx, target, run.progress(), replace=run.options.yes)
        except Conflict:
            if not yes(_("Overwrite the earlier backup {path}?").format(path=target)):
                raise
            octets = desk.maintenance.backup(ctx, target, run.progress(), replace=True)
    if run.out.as_json:
        run.out.record({"file": str(target), "size": octets})
    else:
        run.out.line(_("The store was copied to {path} ({size}).").format(path=target, size=size(octets)))
    return 0


def restore(run: Invocation) -> int:
    """Put a backup in the place of the store; asks before it replaces one."""
    from crm_tui import desk
    from crm_tui.base.errors import StoreError
    from crm_tui.data.sqlite import path_of

    options = run.options
    if options.readonly:
        raise Forbidden(_("This desk was opened to read only; nothing was changed."))
    store = path_of(options.db) if options.db else run.home.store
    if store is None:
        raise StoreError(_("Only a SQLite store can be restored here."), _("Use the tools of its server."))
    run.home.ensure()
    _require_keeper(run, store)
    file = Path(options.file).expanduser()
    erased: list[int] = []
    try:
        aside = desk.maintenance.restore(file, store, run.clock.now(), replace=options.yes, erased=erased.append)
    except Conflict:
        if not yes(_("Replace the store {path}? The old one is kept beside it.").format(path=store)):
            raise
        aside = desk.maintenance.restore(file, store, run.clock.now(), replace=True, erased=erased.append)
    if run.out.as_json:
        run.out.record(
            {"file": str(file), "store": str(store), "erased_again": sum(erased), "kept": str(aside) if aside else None}
        )
        return 0
    for number in erased:
        run.out.line(
            ngettext(
                "{n} guest who was erased since was erased again.",
                "{n} guests who were erased since were erased again.",
                number,
            ).format(n=number)
        )
    run.out.line(_("{file} was put in the place of {store}.").format(file=file, store=store))
    if aside:
        run.out.line(_("The old store was kept as {path}.").format(path=aside))
    return 0


def _require_keeper(run: Invocation, store: Path) -> None:
    """Only an administrator replaces a store; one that cannot be opened any more is replaced by whoever has its files."""
    from crm_tui.base.errors import StoreError
    from crm_tui.desk.common.permissions import Permission, require_ctx

    if not store.exists():
        return
    try:
        with run.desk(readonly=True) as ctx:
            require_ctx(ctx, Permission.KEEPING)
    except StoreError:
        return


def check(run: Invocation) -> int:
    """Verify the store; exit code 1 if something is wrong."""
    from crm_tui import desk

    wrong = 0
    with run.desk() as ctx:
        if run.options.mend and (mended := desk.checking.mend(ctx)):
            words = ngettext("{n} reservation was reckoned anew.", "{n} reservations were reckoned anew.", mended)
            run.out.note(words.format(n=mended))
        for finding in desk.checking.check(ctx, run.progress()):
            wrong += not finding.ok
            if run.out.as_json:
                run.out.record({"check": finding.name, "ok": finding.ok, "text": finding.text})
            else:
                word, style = (_("ok"), "green") if finding.ok else (_("wrong"), "red")
                run.out.line(f"{word}  {_(finding.name)}: {finding.text}", style)
    if wrong and not run.out.as_json:
        run.out.line(_("The store is not in order. Restore a backup with: crm-tui restore FILE"))
    return 1 if wrong else 0


def doctor(run: Invocation) -> int:
    """Tell what this desk runs on and what is wrong with it; exit code 1 if something must be mended."""
    from crm_tui import desk

    facts = desk.diagnosis.diagnose(run.home, run.options.db, run.clock.now(), terminal=_terminal())
    bad = 0
    for fact in (*facts, _keymap(run)):
        bad += fact.state == "bad"
        if run.out.as_json:
            run.out.record({"name": fact.name, "value": fact.value, "state": fact.state, "hint": fact.hint})
            continue
        sign, style = _SIGNS[fact.state]
        run.out.line(f"{_(fact.name)}: {fact.value}" + (f"  [{_(sign)}]" if sign else ""), style)
        if fact.hint:
            run.out.text(f"  {fact.hint}")
    return 1 if bad else 0


def _keymap(run: Invocation) -> Fact:
    """Whether the desk would take the keymap file: known actions, possible keys, no two actions on one key."""
    from crm_tui.desk.upkeep.diagnosis import Fact
    from crm_tui.screens.catalog import load_all_actions
    from crm_tui.widgets.actions import REGISTRY
    from crm_tui.widgets.keymap import load_keymap

    load_all_actions()
    try:
        changed = load_keymap(run.home.keymap, REGISTRY.all())
    except CrmError as error:
        return Fact(N_("keymap"), error.message, "bad", error.hint)
    if not changed:
        return Fact(N_("keymap"), _("the default keys"), "ok")
    return Fact(
        N_("keymap"),
        ngettext("{count} key changed", "{count} keys changed", len(changed)).format(count=len(changed)),
        "ok",
    )


def _terminal() -> dict[str, str]:
    facts = {name: os.environ.get(name, "") for name in ("TERM", "COLORTERM", "NO_COLOR", "LANG", "LC_ALL")}
    facts["encoding"] = (getattr(sys.stdout, "encoding", "") or "").lower()
    facts["terminal"] = "yes" if sys.stdout and sys.stdout.isatty() else "no"
    if facts["terminal"] == "yes":
        size = os.get_terminal_size(sys.stdout.fileno())
        facts["size"] = f"{size.columns}x{size.lines}"
    return facts
