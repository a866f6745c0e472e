"""Where secrets come from and that they never show (SPEC §2, QUALITY S8, S9)."""

from __future__ import annotations

import pickle
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from crm_tui.base.errors import InvalidInput, SecretUnavailable
from crm_tui.base.redact import Secret
from crm_tui.mail.credentials import Credentials, SecretKind, SecretSource, run_secret_command
from crm_tui.mail.providers import PROVIDERS, Security, guess_for, provider_for

CANARY = "correct-horse-4711"


def backend(module: str, entries: dict[str, str] | None = None, **extra: Any) -> Any:
    """A keyring that says it comes from ``module``."""
    kept = entries if entries is not None else {}

    def delete(self: Any, service: str, user: str) -> None:
        del kept[user]

    body = {
        "get_password": lambda self, service, user: kept.get(user),
        "set_password": lambda self, service, user, value: kept.__setitem__(user, value),
        "delete_password": delete,
        **extra,
    }
    return type("Keyring", (), {**body, "__module__": module})()


def command(tmp_path: Path, body: str) -> str:
    script = tmp_path / "secret helper.py"
    script.write_text(body)
    return f"'{sys.executable}' '{script}'"


def test_a_secret_never_shows() -> None:
    secret = Secret(CANARY)
    for shown in (repr(secret), str(secret), f"{secret}", f"{secret:>40}", "%s %r" % (secret, secret), repr([secret])):  # noqa: UP031
        assert CANARY not in shown
    with pytest.raises(TypeError):
        pickle.dumps(secret)
    assert secret == Secret(CANARY)
    assert secret != Secret("other")


@pytest.mark.parametrize(
    "module",
    [
        "keyring.backends.SecretService",
        "keyring.backends.kwallet",
        "keyring.backends.macOS",
        "keyring.backends.Windows",
    ],
)
def test_keeps_and_forgets_in_a_trusted_keyring(module: str) -> None:
    entries: dict[str, str] = {}
    credentials = Credentials(lambda: backend(module, entries))
    credentials.keep("Desk@Hotel.example", Secret(CANARY))
    assert entries == {"desk@hotel.example": CANARY}
    login = credentials.login("desk@hotel.example", "desk", SecretSource(SecretKind.KEYRING))
    assert login.secret.reveal() == CANARY
    assert CANARY not in repr(login)
    credentials.forget("desk@hotel.example")
    assert entries == {}
    with pytest.raises(SecretUnavailable, match="holds no password"):
        credentials.login("desk@hotel.example", "desk", SecretSource(SecretKind.KEYRING))
    credentials.forget("desk@hotel.example")


@pytest.mark.parametrize(
    "module",
    [
        "keyrings.alt.file",
        "keyring.backends.fail",
        "keyring.backends.null",
        "keyring.backends.chainer",
        "my.own.backend",
    ],
)
def test_refuses_every_other_keyring(module: str) -> None:
    entries = {"desk@hotel.example": CANARY}
    weak = [backend("keyrings.alt.file")]
    credentials = Credentials(lambda: backend(module, entries, backends=weak), memory={})
    assert not credentials.describe().usable
    with pytest.raises(SecretUnavailable) as caught:
        credentials.keep("new@hotel.example", Secret(CANARY))
    assert "password command" in caught.value.hint
    with pytest.raises(SecretUnavailable):
        credentials.login("desk@hotel.example", "desk", SecretSource(SecretKind.KEYRING))
    assert entries == {"desk@hotel.example": CANARY}


def test_takes_the_trusted_part_of_a_chain() -> None:
    weak: dict[str, str] = {}
    strong: dict[str, str] = {}
    chain = backend(
        "keyring.backends.chainer",
        backends=[backend("keyrings.alt.file", weak), backend("keyring.backends.SecretService", strong)],
    )
    Credentials(lambda: chain).keep("desk@hotel.example", Secret(CANARY))
    assert weak == {}
    assert strong == {"desk@hotel.example": CANARY}


def test_a_failing_keyring_is_told_without_its_words() -> None:
    def fail(self: Any, *args: str) -> None:
        raise RuntimeError(f"could not store {args}")

    broken = backend("keyring.backends.kwallet", set_password=fail, get_password=fail)
    for attempt in (
        lambda: Credentials(lambda: broken).keep("d@h.example", Secret(CANARY)),
        lambda: Credentials(lambda: broken).login("d@h.example", "d", SecretSource(SecretKind.KEYRING)),
    ):
        with pytest.raises(SecretUnavailable) as caught:
            attempt()
        assert CANARY not in str(caught.value)
        assert caught.value.__cause__ is None
        assert caught.value.__suppress_context__


def test_command_prints_the_secret_on_its_first_line(tmp_path: Path) -> None:
    line = command(tmp_path, f"print('{CANARY} ł')\nprint('second line')")
    assert run_secret_command(line).reveal() == f"{CANARY} ł"
    login = Credentials().login("a@b.example", "user", SecretSource(SecretKind.TOKEN_COMMAND, line))
    assert login.xoauth2
    assert login.xoauth2_bytes() == f"user=user\x01auth=Bearer {CANARY} ł\x01\x01".encode()


def test_command_runs_without_a_shell(tmp_path: Path) -> None:
    victim = tmp_path / "made"
    line = command(tmp_path, "import sys\nprint(sys.argv[1:])") + f" '$(touch {victim})' ; touch {victim}"
    assert run_secret_command(line).reveal().startswith("['$(touch")
    assert not victim.exists()


@pytest.mark.parametrize(
    "body",
    [
        f"import sys; print('{CANARY}'); print('{CANARY}', file=sys.stderr); sys.exit(3)",
        f"print(); print('{CANARY}')",
        f"import sys; sys.stdout.buffer.write(b'\\xff{CANARY}')",
        f"print('{CANARY}\\x00')",
        f"print('{CANARY}' * 2000)",
    ],
    ids=["fails", "empty", "no text", "control", "endless"],
)
def test_what_a_bad_command_printed_is_never_told(tmp_path: Path, body: str) -> None:
    with pytest.raises(SecretUnavailable) as caught:
        run_secret_command(command(tmp_path, body))
    assert CANARY not in str(caught.value)


def test_a_slow_command_and_its_children_are_ended(tmp_path: Path) -> None:
    body = "import subprocess, sys, time\nsubprocess.Popen([sys.executable, '-c', 'import time; time.sleep(60)'])\ntime.sleep(60)"
    began = time.monotonic()
    with pytest.raises(SecretUnavailable, match="longer than"):
        run_secret_command(command(tmp_path, body), timeout=0.5)
    assert time.monotonic() - began < 10


@pytest.mark.parametrize("line", ["", "   ", "pass 'open quote"])
def test_a_command_that_cannot_be_read(line: str) -> None:
    with pytest.raises(InvalidInput):
        run_secret_command(line)
    with pytest.raises(SecretUnavailable, match="cannot be started"):
        run_secret_command("/no/such/program --please")


def test_a_session_secret_is_held_in_memory_only() -> None:
    credentials = Credentials(lambda: backend("keyring.backends.fail"))
    source = SecretSource(SecretKind.SESSION)
    with pytest.raises(SecretUnavailable, match="not known in this session"):
        credentials.login("d@h.example", "d", source)
    credentials.hold("D@h.example", Secret(CANARY))
    assert credentials.login("d@h.example", "d", source).secret.reveal() == CANARY
    credentials.forget("d@h.example")
    with pytest.raises(SecretUnavailable):
        credentials.login("d@h.example", "d", source)


def test_providers_fill_in_hosts() -> None:
    gmail = provider_for("Someone@GMail.com")
    assert gmail is not None
    assert (gmail.imap_host, gmail.smtp_host, gmail.files_sent) == ("imap.gmail.com", "smtp.gmail.com", True)
    tenant = provider_for("desk@hotel.onmicrosoft.com")
    assert tenant is not None
    assert tenant.token
    assert provider_for("desk@hotel.example") is None
    assert guess_for("desk@hotel.example").imap_host == "imap.hotel.example"
    for _domains, item in PROVIDERS:
        assert item.imap_security is Security.TLS
        assert item.smtp_security in {Security.TLS, Security.STARTTLS}
        assert (item.smtp_port, item.smtp_security) in {(465, Security.TLS), (587, Security.STARTTLS)}
