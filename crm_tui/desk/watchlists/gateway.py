"""The gateway that short messages go out by: any that the apprise library speaks (SPEC §8).

Its address (``twilio://SID:TOKEN@FROM/{phone}``, ``json://sms.example/send?:to={phone}``) holds keys, so all of it is a secret
(QUALITY S8): in the OS keyring, behind a command that prints it, or asked for and held in memory. ``{phone}`` stands for the
number that a message goes to; without it the number is the last part of the path, as gateways have it.
"""

from __future__ import annotations

import contextlib
import logging
import re
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, NamedTuple
from urllib.parse import quote, unquote, urlsplit

from crm_tui.base.errors import CrmError, Forbidden, InvalidInput, SecretUnavailable
from crm_tui.base.i18n import _
from crm_tui.base.redact import Secret, hide, redact
from crm_tui.base.settings import Settings, save_setting
from crm_tui.desk.client_base.phones import e164
from crm_tui.desk.common.context import Context
from crm_tui.desk.common.permissions import Permission, require_ctx
from crm_tui.mail.credentials import Credentials, SecretKind, SecretSource, run_secret_command, split_command
from crm_tui.mail.text import display_text

NAME = "payment reminders: sms gateway"
"""What the gateway's address is called in the keyring."""

PHONE = "{phone}"
_KINDS = {"keyring": SecretKind.KEYRING, "command": SecretKind.PASSWORD_COMMAND, "session": SecretKind.SESSION}
_STATUS = re.compile(r"error=(\d{3})\b")
_NEVER_CONNECTED = re.compile(
    r"NewConnectionError|NameResolutionError|Failed to establish a new connection|Connection refused|ConnectTimeout"
    r"|Failed to resolve|getaddrinfo|Name or service not known|CERTIFICATE_VERIFY_FAILED"
)
_MAYBE = frozenset({500, 502, 504})
"""Answers after which the message may have gone out nevertheless: something broke behind the gateway's door."""
_LONGEST_WORDS = 300
_PARTS = re.compile(r"[/?&=:@;,+]+")
_SHORTEST_KEY = 6

_speaking = threading.Lock()
"""One message at a time: apprise tells what went wrong only through its log."""


class Sent(NamedTuple):
    """The gateway took the message."""

    words: str = ""


class Refused(NamedTuple):
    """It surely did not: it may be asked again."""

    words: str


class Failed(NamedTuple):
    """It answered that something went wrong; whether the message went out is for people to find out, nobody asks again."""

    words: str


class Unknown(NamedTuple):
    """Nobody knows: the line broke after the message was handed over."""

    words: str


Outcome = Sent | Refused | Failed | Unknown


@dataclass(frozen=True, slots=True)
class GatewayState:
    """How the gateway stands, without anything secret.

    Attributes:
        source: where its address comes from: the setting *notice_gateway*.
        service: the kind of gateway: ``twilio``, ``json``; empty if the address cannot be had now.
        fault: why not, a sentence.
    """

    source: str
    service: str = ""
    fault: str = ""

    @property
    def set_up(self) -> bool:
        """Whether there is one."""
        return self.source != "none"


def state(settings: Settings, credentials: Credentials) -> GatewayState:
    """What is known of the gateway; asks keyring or command, so not for the event loop."""
    if settings.notice_gateway == "none":
        return GatewayState("none")
    try:
        return GatewayState(settings.notice_gateway, check(address(settings, credentials)))
    except CrmError as error:
        return GatewayState(settings.notice_gateway, "", str(error))


def address(settings: Settings, credentials: Credentials) -> Secret:
    """The gateway's address.

    Raises:
        InvalidInput: there is no gateway.
        SecretUnavailable: keyring or command did not give it.
    """
    kind = _KINDS.get(settings.notice_gateway)
    if kind is None:
        raise InvalidInput(
            _("No SMS gateway is set up."), _("Set one up: crm-tui notices gateway, or g N in the desk."), "gateway"
        )
    source = SecretSource(kind, settings.notice_gateway_command)
    try:
        found = credentials.login(NAME, "", source).secret
    except SecretUnavailable as error:
        again = _("Set it up again: crm-tui notices gateway, or g N in the desk.")
        raise SecretUnavailable(
            _("The address of the SMS gateway is not at hand: {why}").format(why=error.message), again
        ) from None
    _hide_parts(found)
    return found


def check(secret: Secret) -> str:
    """The kind of gateway that an address is of.

    Raises:
        InvalidInput: apprise makes nothing of it; ``field`` is ``gateway``. The address is not part of the words.
    """
    _hide_parts(secret)
    service = _scheme(secret)
    with _captured():
        made = _instance(_target(secret, "+34600000000"))
    if made is None:
        raise InvalidInput(
            _("This is not the address of a gateway that is known here: {kind}.").format(kind=f"{service}://…"),
            _("See the list at github.com/caronc/apprise/wiki; the number goes where {phone} stands.").format(
                phone=PHONE
            ),
            "gateway",
        )
    return service


def send(secret: Secret, number: str, text: str) -> Outcome:
    """Hand a message to the gateway.

    Args:
        number: E.164.
    """
    _hide_parts(secret)
    with _captured() as heard:
        made = _instance(_target(secret, number))
        if made is None:
            return Refused(_("The address of the gateway cannot be used."))
        try:
            taken = bool(made.notify(body=text, title=""))
        except Exception as error:  # a plug-in's own failure: nobody knows how far it got
            return Unknown(redact(f"{type(error).__name__}: {display_text(str(error))}")[:_LONGEST_WORDS])
    return Sent() if taken else _judge(heard)


def _target(secret: Secret, number: str) -> str:
    """The address for one number."""
    url, told = secret.reveal(), quote(number, safe="")
    if PHONE in url:
        return url.replace(PHONE, told)
    front, mark, query = url.partition("?")
    return f"{front.rstrip('/')}/{told}{mark}{query}"


def _instance(url: str) -> Any:
    import apprise

    made = apprise.Apprise.instantiate(url, suppress_exceptions=True)
    return made if made is not None else None


class _Heard(logging.Handler):
    """Keeps what apprise says, in memory only."""

    def __init__(self) -> None:
        super().__init__(logging.DEBUG)
        self.lines: list[tuple[int, str]] = []

    def emit(self, record: logging.LogRecord) -> None:
        with contextlib.suppress(Exception):
            self.lines.append((record.levelno, record.getMessage()))


@contextlib.contextmanager
def _captured() -> Iterator[_Heard]:
    """Hear what apprise logs, and let nothing of it get into our own log: it repeats addresses."""
    logger = logging.getLogger("apprise")
    heard = _Heard()
    with _speaking:
        before = logger.level, logger.propagate
        logger.propagate = False
        logger.setLevel(logging.DEBUG)
        logger.addHandler(heard)
        try:
            yield heard
        finally:
            logger.removeHandler(heard)
            logger.setLevel(before[0])


def _judge(heard: _Heard) -> Outcome:
    """What a refusal means: only an answer, or a line that never came about, says that the message surely did not go out."""
    said = [line for level, line in heard.lines if level >= logging.WARNING]
    rest = "\n".join(line for _level, line in heard.lines)
    status = next((int(found[1]) for line in said if (found := _STATUS.search(line))), 0)
    words = _words(said, rest, status)
    if status:
        return Failed(words) if status in _MAYBE else Refused(words)
    return Refused(words) if _NEVER_CONNECTED.search(rest) else Unknown(words)


def _words(said: list[str], rest: str, status: int) -> str:
    """The gateway's words, without secrets: what apprise said, and the answer's text."""
    found = re.search(r"Response Details:\s*(.+)", rest)
    body = found[1].strip() if found else ""
    literal = re.fullmatch(r"""b(['"])(.*)\1""", body)
    body = literal[2].replace("\\n", " ").replace("\\r", " ").strip() if literal else body
    plain = said[0] if said else _("The gateway did not take it.")
    told = f"{status} {body}".strip() if status and body else plain
    return redact(" ".join(display_text(told).split()))[:_LONGEST_WORDS]


def _scheme(secret: Secret) -> str:
    found = re.match(r"\s*([a-z][a-z0-9+.-]{0,30})://", secret.reveal(), re.IGNORECASE)
    return found[1].lower() if found else "?"


def _hide_parts(secret: Secret) -> None:
    """Keys stand alone in what libraries log: each part of the address that could be one is hidden too, the host is not."""
    url = secret.reveal()
    try:
        parts = urlsplit(url)
        host = parts.hostname or ""
        sure = [parts.username or "", parts.password or ""]
        keys = [*_PARTS.split(parts.path), *_PARTS.split(parts.query)]
    except ValueError:
        host, sure, keys = "", [], _PARTS.split(url)
    if "." not in host and host != "localhost":
        sure.append(host)  # some gateways have a key there
    keys = [key for key in keys if len(key) >= _SHORTEST_KEY and key != PHONE and not key.isalpha()]
    for key in (*sure, *keys):
        hide(key)
        hide(unquote(key))


# Setting it up


def set_up(
    ctx: Context, credentials: Credentials, source: str, *, secret: Secret | None = None, command: str = ""
) -> Settings:
    """Write down where the gateway's address comes from, and keep it there; returns the settings as they are then.

    Args:
        source: keyring, command or session.
        secret: the address, for keyring and session.
        command: prints it.

    Raises:
        Forbidden: only an admin may, and not on a desk that only reads.
        InvalidInput: it is no gateway's address, or it was not given; ``field`` says which.
        SecretUnavailable: there is no keyring that may be used, or the command does not print it. Nothing was written.
        SettingsError: the settings cannot be written.
    """
    require_admin(ctx)
    if source == "command":
        split_command(command)
        check(run_secret_command(command))
    elif secret is None:
        raise InvalidInput(_("The address of the gateway is missing."), field="gateway")
    else:
        check(secret)
        if source == "keyring":
            credentials.keep(NAME, secret)
        else:
            credentials.hold(NAME, secret)
    save_setting(ctx.home.settings, "notice_gateway_command", command if source == "command" else "")
    return save_setting(ctx.home.settings, "notice_gateway", source)


def remove(ctx: Context, credentials: Credentials) -> Settings:
    """Forget the gateway and its address.

    Raises:
        Forbidden: as :func:`set_up`.
        SettingsError: the settings cannot be written.
    """
    require_admin(ctx)
    credentials.forget(NAME)
    save_setting(ctx.home.settings, "notice_gateway_command", "")
    return save_setting(ctx.home.settings, "notice_gateway", "none")


def require_admin(ctx: Context) -> None:
    """Refuse whoever may not decide how reminders go out.

    Raises:
        Forbidden: so, or the desk reads only.
    """
    if ctx.readonly:
        raise Forbidden(_("This desk was opened to read only; nothing was changed."))
    require_ctx(ctx, Permission.NOTICES)


def try_out(ctx: Context, settings: Settings, credentials: Credentials, number: str, text: str = "") -> Outcome:
    """Send one message to a number, at once; for setting up.

    Raises:
        Forbidden: as :func:`set_up`.
        InvalidInput: it is no number, or there is no gateway.
        SecretUnavailable: its address is not at hand.
    """
    require_admin(ctx)
    whom = e164(number)
    return send(address(settings, credentials), whom, text or _("This is a test of the payment reminders."))
