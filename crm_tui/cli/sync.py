"""``crm-tui sync`` and ``crm-tui engine``: mail without a screen (SPEC §15, §16)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from crm_tui.base.errors import CrmError, Forbidden, NotFound
from crm_tui.base.i18n import _
from crm_tui.base.progress import CancelEvent
from crm_tui.cli.invocation import Invocation

if TYPE_CHECKING:
    from collections.abc import Iterator

    from crm_tui.base.errors import SecretUnavailable
    from crm_tui.base.progress import Progress
    from crm_tui.desk.common.context import Context
    from crm_tui.desk.correspondence.sending_views import AccountDetails
    from crm_tui.engine.sync_model import FolderResult
    from crm_tui.mail.credentials import Credentials


def sync(run: Invocation) -> int:
    """Fetch new mail once; exit code 1 if an account or a folder failed."""
    if run.options.readonly:
        raise Forbidden(_("This desk was opened to read only; nothing was changed."))
    run.out.carries_on = True
    progress = run.progress()
    results: list[FolderResult] = []
    with run.desk() as ctx:
        try:
            for result in _synced(run, ctx, _chosen(run, ctx), progress):
                results.append(result)
                if run.out.as_json:
                    run.out.record(_record(result))
        finally:
            progress.done()
    if not run.out.as_json:
        _summary(run, results)
    return 1 if any(result.error for result in results) else 0


def _synced(
    run: Invocation, ctx: Context, accounts: list[AccountDetails], progress: Progress
) -> Iterator[FolderResult]:
    """Sync here while no engine works on this store; else let that one do it, whose work it is."""
    from crm_tui.cli.secrets import hold_missing
    from crm_tui.engine.once import engine_turn, sync_by_engine
    from crm_tui.mail.credentials import Credentials

    cancel = CancelEvent()
    with engine_turn(ctx, cancel) as mine:
        if not mine:
            for result in sync_by_engine(ctx, accounts, progress, cancel):
                if result.error and not run.out.as_json:
                    progress.error(f"{result.account}: {result.error}")
                yield result
            return
        credentials = Credentials()
        missing = hold_missing(accounts, credentials)
        for account in accounts:
            yield from _sync_one(run, ctx, account, progress, credentials, missing.get(account.id), cancel)


def engine(run: Invocation) -> int:
    """Work in the background until SIGTERM, SIGINT or SIGHUP; another engine of the store is waited for."""
    import signal
    import threading

    from crm_tui.base.log import catch_everything, open_log

    if run.options.readonly:
        raise Forbidden(_("This desk was opened to read only; nothing was changed."))
    stop = threading.Event()
    with run.desk(as_engine=True) as ctx:
        from crm_tui.engine.runner import Engine

        credentials = _engine_secrets(run, ctx)
        for name in ("SIGTERM", "SIGINT", "SIGHUP"):
            if hasattr(signal, name):
                signal.signal(getattr(signal, name), lambda *_: stop.set())
        close_log = open_log(run.home.log)
        catch_everything()
        _told(run, _("The engine of {store} is running; stop it with Ctrl-C.").format(store=ctx.store.path or "?"))
        try:
            Engine(credentials).run(ctx, stop, lambda text: _told(run, text))
        finally:
            close_log()
    _told(run, _("The engine has stopped."))
    return 0


def _engine_secrets(run: Invocation, ctx: Context) -> Credentials:
    """The secrets of this process: those that are kept nowhere are asked for now.

    Raises:
        SecretUnavailable: no account could be worked on.
    """
    from crm_tui import desk
    from crm_tui.cli.secrets import hold_missing
    from crm_tui.mail.credentials import Credentials

    credentials = Credentials()
    active = [account for account in desk.accounts.all(ctx) if account.active]
    missing = hold_missing(active, credentials)
    if missing and len(missing) == len(active):
        raise next(iter(missing.values()))
    for error in missing.values():
        run.out.note(str(error))
    return credentials


def _told(run: Invocation, text: str) -> None:
    if not text:
        return
    if run.out.as_json:
        run.out.record({"at": run.clock.now(), "doing": text})
    else:
        run.out.line(text)
    run.out.flush()


def _chosen(run: Invocation, ctx: Context) -> list[AccountDetails]:
    from crm_tui import desk

    if run.options.account:
        return [desk.accounts.find(ctx, run.options.account)]
    found = [desk.accounts.get(ctx, one.id) for one in desk.accounts.list_accounts(ctx)]
    active = [one for one in found if one.active]
    if not active:
        raise NotFound(_("No account is linked."), _("Link one with: crm-tui account add"))
    return active


def _sync_one(
    run: Invocation,
    ctx: Context,
    account: AccountDetails,
    progress: Progress,
    credentials: Credentials,
    missing: SecretUnavailable | None,
    cancel: CancelEvent,
) -> list[FolderResult]:
    from crm_tui import desk
    from crm_tui.base.errors import AuthFailed, Cancelled, StoreError, Unreachable
    from crm_tui.engine.sessions import session_factory
    from crm_tui.engine.sync import sync_account
    from crm_tui.engine.sync_model import FolderResult
    from crm_tui.rules.vocabulary import AccountState

    try:
        if missing is not None:
            raise missing
        results = sync_account(ctx, account, session_factory(credentials), progress, cancel)
        desk.accounts.set_state(ctx, account.id, AccountState.OK, synced=True)
    except (StoreError, Cancelled):
        raise
    except CrmError as error:
        states = ((AuthFailed, AccountState.AUTH_FAILED), (Unreachable, AccountState.OFFLINE))
        state = next((state for kind, state in states if isinstance(error, kind)), AccountState.FAILED)
        desk.accounts.set_state(ctx, account.id, state, error.message)
        results = [FolderResult(account.address, "", error=str(error))]
        if not run.out.as_json:
            progress.error(f"{account.address}: {error}")
    return results


def _record(result: FolderResult) -> dict[str, object]:
    return {
        "account": result.account,
        "folder": result.folder or None,
        "new": result.new,
        "changed": result.changed,
        "gone": result.gone,
        "seconds": round(result.seconds, 3),
        "error": result.error or None,
    }


def _summary(run: Invocation, results: list[FolderResult]) -> None:
    rows = [
        [one.account, one.folder, one.new, one.changed, one.gone, f"{one.seconds:.1f}", one.error] for one in results
    ]
    if not results:
        run.out.line(_("No folder of any account is synced."))
        return
    titles = (_("Account"), _("Folder"), _("New"), _("Changed"), _("Gone"), _("Seconds"), _("Error"))
    run.out.table(titles, rows, right=(2, 3, 4, 5))
