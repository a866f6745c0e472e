"""Where the secret of an account comes from (SPEC §2, QUALITY S8 and S9).

The OS keyring, or a ``password_command``, or a ``token_command`` for XOAUTH2, or a prompt whose answer is held in
memory. Nothing else: not the store, not the settings, no plain file.
"""

from __future__ import annotations

import contextlib
import os
import shlex
import signal
import subprocess
from base64 import b64encode
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Protocol, cast

from crm_tui.base.errors import CrmError, InvalidInput, SecretUnavailable
from crm_tui.base.i18n import _
from crm_tui.base.redact import Secret, hide

SERVICE = "crm_tui"
COMMAND_TIMEOUT = 30.0  # seconds
LONGEST_SECRET = 16_384  # characters; access tokens of some providers take four thousand

# Back ends that keep secrets encrypted by the operating system. `keyrings.alt` stores plain base64: refused (S9).
ALLOWED_BACKENDS = {
    "keyring.backends.SecretService": "Secret Service",
    "keyring.backends.libsecret": "Secret Service",
    "keyring.backends.kwallet": "KWallet",
    "keyring.backends.macOS": "macOS Keychain",
    "keyring.backends.Windows": "Windows Credential Locker",
}


class SecretKind(StrEnum):
    """Where the secret of an account comes from; the value is what the store keeps."""

    KEYRING = "keyring"
    PASSWORD_COMMAND = "password_command"  # noqa: S105 -- a kind, not a password
    TOKEN_COMMAND = "token_command"  # noqa: S105
    SESSION = "session"  # asked for, and held in memory until the process ends


@dataclass(frozen=True, slots=True)
class SecretSource:
    """The kind, and the command for the two kinds that have one."""

    kind: SecretKind
    command: str = ""


@dataclass(frozen=True, slots=True)
class Login:
    """What a server is told: user and secret; ``xoauth2`` if the secret is an access token."""

    user: str
    secret: Secret
    xoauth2: bool = False

    def xoauth2_bytes(self) -> bytes:
        """The XOAUTH2 initial response before base64 (``user=…^Aauth=Bearer …^A^A``)."""
        text = f"user={self.user}\x01auth=Bearer {self.secret.reveal()}\x01\x01"
        return _hidden(text.encode())

    def plain_bytes(self) -> bytes:
        """The SASL PLAIN initial response before base64 (RFC 4616)."""
        return _hidden(f"\0{self.user}\0{self.secret.reveal()}".encode())


@dataclass(frozen=True, slots=True)
class KeyringState:
    """What ``doctor`` says about the keyring: its name, whether it is used, and why not."""

    name: str
    usable: bool
    reason: str = ""


class Keyring(Protocol):
    """The part of ``keyring.backend.KeyringBackend`` that is used."""

    def get_password(self, service: str, username: str) -> str | None: ...

    def set_password(self, service: str, username: str, password: str) -> None: ...

    def delete_password(self, service: str, username: str) -> None: ...


_SESSION: dict[str, Secret] = {}


class Credentials:
    """Finds, keeps and forgets the secrets of accounts.

    Args:
        find_keyring: gives the OS keyring; imported and asked only when one is needed.
        timeout: seconds a command may take.
        memory: where secrets of this session are held; by default one place for the whole process, so that what was
            typed into a form is known to the engine.
    """

    def __init__(
        self,
        find_keyring: Callable[[], Any] | None = None,
        *,
        timeout: float = COMMAND_TIMEOUT,
        memory: dict[str, Secret] | None = None,
    ) -> None:
        self._find = find_keyring or _system_keyring
        self._timeout = timeout
        self._memory = _SESSION if memory is None else memory

    def login(self, address: str, user: str, source: SecretSource) -> Login:
        """What to log in with for the account ``address``.

        Raises:
            SecretUnavailable: no keyring, no entry, or the command failed; says which, never what it printed.
        """
        held = self._memory.get(_key(address))
        if source.kind is SecretKind.KEYRING:
            secret = held or self._from_keyring(address)
        elif source.kind is SecretKind.SESSION:
            secret = held or _not_asked(address)
        else:
            secret = run_secret_command(source.command, timeout=self._timeout)
        return Login(user, secret, xoauth2=source.kind is SecretKind.TOKEN_COMMAND)

    def holds(self, address: str) -> bool:
        """Whether a secret is in the memory of this process."""
        return _key(address) in self._memory

    def hold(self, address: str, secret: Secret) -> None:
        """Keep a secret in the memory of this process only."""
        self._memory[_key(address)] = secret

    def keep(self, address: str, secret: Secret) -> None:
        """Put a secret into the OS keyring.

        Raises:
            SecretUnavailable: there is no keyring that may be used, or it refused.
        """
        backend = self._backend()
        try:
            backend.set_password(SERVICE, _key(address), secret.reveal())
        except Exception as error:
            raise _keyring_failed(error) from None
        self._memory.pop(_key(address), None)

    def forget(self, address: str) -> None:
        """Take the secret out of memory and keyring; nothing happens if it is in neither."""
        self._memory.pop(_key(address), None)
        with contextlib.suppress(Exception):  # a keyring raises its own error for "no such entry"
            self._backend().delete_password(SERVICE, _key(address))

    def describe(self) -> KeyringState:
        """Which keyring is active and whether it is used (QUALITY S9)."""
        try:
            backend = self._find()
        except Exception as error:
            return KeyringState("", False, _("no keyring: {kind}").format(kind=type(error).__name__))
        return _judge(backend)

    def _backend(self) -> Keyring:
        state = self.describe()
        if not state.usable:
            raise SecretUnavailable(
                _("This machine has no keyring that may be used: {reason}.").format(reason=state.reason),
                _(
                    "Use a password command (--password-command; for the SMS gateway --command), or be asked once a session."
                ),
            )
        return cast(Keyring, _allowed_part(self._find()))

    def _from_keyring(self, address: str) -> Secret:
        backend = self._backend()
        try:
            value = backend.get_password(SERVICE, _key(address))
        except Exception as error:
            raise _keyring_failed(error) from None
        if not value:
            raise SecretUnavailable(
                _("The keyring holds no password for {address}.").format(address=address),
                _("Enter it again: crm-tui account add --address {address}.").format(address=address),
            )
        return Secret(value)


def run_secret_command(command: str, *, timeout: float = COMMAND_TIMEOUT) -> Secret:
    """Run a command that prints a secret on its first line, without a shell.

    Raises:
        InvalidInput: the command cannot be split into words (an open quote) or is empty.
        SecretUnavailable: it cannot be started, fails, takes too long or prints nothing usable.
            What it printed is never told.
    """
    words = split_command(command)
    name = os.path.basename(words[0])
    try:
        process = subprocess.Popen(
            words, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, start_new_session=True
        )
    except OSError as error:
        why = error.strerror or type(error).__name__
        raise _command_failed(_("{name} cannot be started: {why}").format(name=name, why=why)) from None
    try:
        output, _nothing = process.communicate(timeout=timeout)
    except subprocess.TimeoutExpired:
        _kill(process)
        raise _command_failed(
            _("{name} took longer than {seconds:g} seconds").format(name=name, seconds=timeout)
        ) from None
    if process.returncode != 0:
        raise _command_failed(_("{name} ended with code {code}").format(name=name, code=process.returncode))
    return _first_line(name, output)


def split_command(command: str) -> list[str]:
    """A command line as a list of arguments, by the rules of a POSIX shell but without one.

    Raises:
        InvalidInput: it has an open quote, or is empty.
    """
    try:
        words = shlex.split(command)
    except ValueError:
        words = []
    if not words:
        raise InvalidInput(
            _("The command for the password cannot be read."), _("Check its quotes."), "password_command"
        )
    return words


def _first_line(name: str, output: bytes) -> Secret:
    line = output.split(b"\n", 1)[0].rstrip(b"\r")
    try:
        text = line.decode("utf-8")
    except UnicodeDecodeError:
        raise _command_failed(_("{name} printed no text").format(name=name)) from None
    if not text or len(text) > LONGEST_SECRET or not all(c.isprintable() for c in text):
        raise _command_failed(_("{name} printed no usable first line").format(name=name))
    return Secret(text)


def _kill(process: subprocess.Popen[bytes]) -> None:
    """End the command and what it started; a grandchild that keeps the pipe open is not waited for."""
    with contextlib.suppress(OSError):
        if hasattr(os, "killpg"):
            os.killpg(process.pid, signal.SIGKILL)
        else:
            process.kill()
    if process.stdout:
        process.stdout.close()
    with contextlib.suppress(subprocess.TimeoutExpired):
        process.wait(timeout=2)


def _system_keyring() -> Any:
    import keyring

    return keyring.get_keyring()


def _judge(backend: Any) -> KeyringState:
    part = _allowed_part(backend)
    if part is not None:
        return KeyringState(ALLOWED_BACKENDS[type(part).__module__], True)
    module = type(backend).__module__
    if module in {"keyring.backends.fail", "keyring.backends.null", "keyring.backends.chainer"}:
        return KeyringState("", False, _("none is running"))
    return KeyringState(
        f"{module}.{type(backend).__qualname__}",
        False,
        _("{name} is not one of those trusted to encrypt").format(name=module),
    )


def _allowed_part(backend: Any) -> Any:
    """The backend itself, or the first trusted one of a chain; None if there is none."""
    if type(backend).__module__ in ALLOWED_BACKENDS:
        return backend
    if type(backend).__module__ == "keyring.backends.chainer":
        return next((part for part in backend.backends if type(part).__module__ in ALLOWED_BACKENDS), None)
    return None


def _hidden(response: bytes) -> bytes:
    hide(b64encode(response).decode("ascii"))
    return response


def _key(address: str) -> str:
    return address.strip().casefold()


def _not_asked(address: str) -> Secret:
    raise SecretUnavailable(
        _("The password of {address} is not known in this session.").format(address=address),
        _("Enter it at the account, or keep it in a keyring or behind a password command."),
    )


def _keyring_failed(error: Exception) -> CrmError:
    # only the kind: the words of a keyring's error may hold what was to be kept
    return SecretUnavailable(
        _("The keyring refused: {kind}.").format(kind=type(error).__name__), _("Unlock it, or: ") + _other_ways()
    )


def _command_failed(what: str) -> SecretUnavailable:
    return SecretUnavailable(
        _("The command for the password did not give it: {what}.").format(what=what),
        _("Run it in a terminal to see why; it must print the secret on its first line."),
    )


def _other_ways() -> str:
    return _("use a password command (--password-command), or be asked once a session.")
