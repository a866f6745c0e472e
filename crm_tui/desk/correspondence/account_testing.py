"""Whether a mail account works: both ends are logged in to, and what failed is said in words (SPEC §2)."""

from __future__ import annotations

import ssl
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor, as_completed
from typing import Any

from crm_tui.base.errors import CrmError, InvalidInput
from crm_tui.base.i18n import _
from crm_tui.base.redact import Secret
from crm_tui.desk.correspondence.account_form import NewAccount, completed
from crm_tui.desk.correspondence.sending_views import TestEnd
from crm_tui.mail.credentials import Credentials, Login, SecretKind, SecretSource
from crm_tui.mail.providers import Security
from crm_tui.mail.smtp_dialogue import SmtpServer
from crm_tui.mail.text import display_text

TEST_TIMEOUT = 20.0  # seconds for each end
Contexts = Callable[[], ssl.SSLContext]


def test(
    new: NewAccount,
    credentials: Credentials,
    secret: Secret | None = None,  # noqa: PT028 -- not a test of ours
    *,
    context: Contexts = ssl.create_default_context,  # noqa: PT028
    timeout: float = TEST_TIMEOUT,  # noqa: PT028
    told: Callable[[TestEnd], None] | None = None,  # noqa: PT028
) -> list[TestEnd]:
    """Log in to both ends at the same time and say in words what failed (SPEC §2). Nothing is saved.

    Args:
        told: called with each end as soon as it answered; in a thread.

    Raises:
        InvalidInput: what was given cannot be used at all.
        SecretUnavailable: there is no secret to try.
    """
    whole = completed(new)
    login = login_of(whole, credentials, secret)
    with ThreadPoolExecutor(2, thread_name_prefix="test") as pool:
        ends = (
            pool.submit(_try_imap, whole, login, context, timeout),
            pool.submit(_try_smtp, whole, login, context, timeout),
        )
        for end in as_completed(ends):
            if told is not None:
                told(end.result())
        return [end.result() for end in ends]


test.__test__ = False  # type: ignore[attr-defined]  # it is a button of the form, not one of ours


def raise_if_failed(ends: list[TestEnd]) -> None:
    """Turn failed ends of a test into one error that names each.

    Raises:
        InvalidInput: at least one end did not let us in; ``field`` is the end's name.
    """
    failed = [end for end in ends if not end.ok]
    if failed:
        raise InvalidInput(
            " ".join(f"{end.end.upper()}: {end.error}" for end in failed),
            " ".join(dict.fromkeys(end.hint for end in failed if end.hint)) or _("Nothing was saved."),
            failed[0].end,
        )


def source_of(row: Any) -> SecretSource:
    """Where the secret of an account comes from."""
    return SecretSource(SecretKind(row.secret_kind), row.secret_command)


def _try_imap(new: NewAccount, login: Login, context: Contexts, timeout: float) -> TestEnd:
    from crm_tui.mail.imap import ImapSession

    where = f"{new.imap_host}:{new.imap_port}"
    try:
        session = ImapSession(
            new.imap_host,
            new.imap_port,
            new.imap_security,  # type: ignore[arg-type]
            timeout=timeout,
            ssl_context=context,
        )
        with session:
            if login.xoauth2:
                session.login_xoauth2(login.user, login.secret.reveal())
            else:
                session.login(login.user, login.secret.reveal())
    except CrmError as error:
        return _failed_end("imap", where, error)
    return TestEnd("imap", where)


def _try_smtp(new: NewAccount, login: Login, context: Contexts, timeout: float) -> TestEnd:
    from crm_tui.mail.smtp import check_login

    where = f"{new.smtp_host}:{new.smtp_port}"
    server = SmtpServer(new.smtp_host, new.smtp_port, Security(new.smtp_security))
    try:
        check_login(server, login, context=context, timeout=timeout)
    except CrmError as error:
        return _failed_end("smtp", where, error)
    return TestEnd("smtp", where)


def _failed_end(end: str, where: str, error: CrmError) -> TestEnd:
    return TestEnd(
        end, display_text(where), display_text(error.message), display_text(error.hint), type(error).__name__
    )


def login_of(new: NewAccount, credentials: Credentials, secret: Secret | None) -> Login:
    """With the secret that is given, else with the one that is kept."""
    source = source_of(new)
    if secret is not None and source.kind in (SecretKind.KEYRING, SecretKind.SESSION):
        return Login(new.user, secret)
    return credentials.login(new.address, new.user, source)
