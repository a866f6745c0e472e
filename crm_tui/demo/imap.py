"""The sample hotel's IMAP server: pymap on the spool. Sources are read when asked for, so a large mailbox opens fast."""

from __future__ import annotations

from argparse import Namespace
from asyncio import StreamReader, StreamWriter
from collections.abc import AsyncIterator, Iterable, Sequence
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from typing import Any

from proxyprotocol.reader import ProxyProtocolReader
from proxyprotocol.sock import SocketInfo
from pymap.backend.dict import Config, Identity, Login, Session
from pymap.backend.dict.filter import FilterSet
from pymap.backend.dict.mailbox import LoadedMessage, MailboxData, MailboxSet, Message
from pymap.concurrent import Event
from pymap.config import BackendCapability
from pymap.flags import FlagOp
from pymap.imap import IMAPServer
from pymap.interfaces.message import CachedMessage
from pymap.mime import MessageContent
from pymap.parsing.message import AppendMessage
from pymap.parsing.specials import FetchRequirement, ObjectId
from pymap.parsing.specials.flag import Flag
from pymap.selected import SelectedMailbox
from pymap.user import UserMetadata
from pysasl.hashing import Cleartext

from crm_tui.demo.spool import FOLDERS, Spool, Stored


class SpoolConfig(Config):
    """Loopback, one user, no TLS; the password stays in memory."""

    @property
    def greeting(self) -> bytes:
        return b"Hotel Miramar ready"  # pymap would ask the name service for this machine's name

    @property
    def backend_capability(self) -> BackendCapability:
        return BackendCapability(idle=True, object_id=True, multi_append=True, custom=[b"SPECIAL-USE"])


class GatheredWriter:
    """Sends a response at once instead of in many small writes: faster, and a client never sees half a line."""

    _LIMIT = 1 << 18

    def __init__(self, writer: StreamWriter) -> None:
        self._writer = writer
        self._waiting = bytearray()

    def write(self, data: bytes) -> None:
        """Keep ``data`` until the next drain."""
        self._waiting += data
        if len(self._waiting) > self._LIMIT:
            self._flush()

    async def drain(self) -> None:
        """Send what waits."""
        self._flush()
        await self._writer.drain()

    def close(self) -> None:
        """Send what waits and close."""
        self._flush()
        self._writer.close()

    def _flush(self) -> None:
        if self._waiting:
            self._writer.write(bytes(self._waiting))
            self._waiting.clear()

    def __getattr__(self, name: str) -> Any:
        return getattr(self._writer, name)


class SpoolServer(IMAPServer):
    """pymap's server with gathered writes."""

    __slots__: list[str] = []

    async def __call__(self, reader: StreamReader, writer: StreamWriter, sock_info: SocketInfo) -> None:
        await super().__call__(reader, GatheredWriter(writer), sock_info)  # type: ignore[arg-type]


class SpoolMessage(Message):
    """A message whose source is read from the spool when it is fetched."""

    __slots__ = ["_box"]

    def __init__(self, box: SpoolMailbox, stored: Stored) -> None:
        super().__init__(
            stored.uid,
            stored.instant,
            [Flag(flag.encode("ascii")) for flag in stored.flags],
            email_id=ObjectId.new_email_id(stored.digest),
            thread_id=ObjectId.new_thread_id(stored.digest),
        )
        self._box = box

    async def load_content(self, requirement: FetchRequirement) -> LoadedMessage:
        content = None
        if requirement & FetchRequirement.CONTENT:
            content = MessageContent.parse(self._box.source(self.uid))
        return LoadedMessage(self, requirement, content)


class SpoolMailbox(MailboxData):
    """A folder of the spool."""

    def __init__(self, owner: SpoolMailboxSet, name: str, validity: int, next_uid: int) -> None:
        super().__init__(owner._content_cache, owner._thread_cache)
        self.name = name
        self._spool = owner.spool
        self._mailbox_id = ObjectId.new_mailbox_id(f"{name}/{validity}".encode())
        self._uid_validity = validity
        self._max_uid = next_uid - 1
        for stored in self._spool.mails(name):
            self._messages[stored.uid] = SpoolMessage(self, stored)
        self._mod_sequences.update(list(self._messages))

    def source(self, uid: int) -> bytes:
        """The source of a message."""
        return self._spool.raw(self.name, uid)

    def add(self, raw: bytes, when: datetime, flags: Iterable[str] = ()) -> SpoolMessage:
        """A message arrives; whoever idles is told."""
        message = SpoolMessage(self, self._spool.add(self.name, when, flags, raw))
        self._max_uid = message.uid
        self._messages[message.uid] = message
        self._mod_sequences.update([message.uid])
        self._updated.set()
        return message

    async def update_selected(self, selected: SelectedMailbox, *, wait_on: Event | None = None) -> SelectedMailbox:
        if wait_on is not None and (selected.mod_sequence or 0) < self._mod_sequences.highest:
            wait_on = (
                None  # something came just before IDLE began to wait: pymap would tell of it with the next one only
            )
        return await super().update_selected(selected, wait_on=wait_on)

    async def append(self, append_msg: AppendMessage, *, recent: bool = False) -> Message:
        when = (append_msg.when or datetime.now(UTC)).astimezone(UTC)
        message = self.add(bytes(append_msg.literal), when, _names(append_msg.flag_set))
        message.recent = recent
        return message

    async def copy(self, uid: int, destination: MailboxData, *, recent: bool = False) -> int | None:
        message = self._messages.get(uid)
        if message is None or not isinstance(destination, SpoolMailbox):
            return None
        copied = destination.add(self.source(uid), message.internal_date, _names(message.permanent_flags))
        copied.recent = recent
        return copied.uid

    async def move(self, uid: int, destination: MailboxData, *, recent: bool = False) -> int | None:
        moved = await self.copy(uid, destination, recent=recent)
        if moved is not None:
            await self.delete([uid])
        return moved

    async def update(self, uid: int, cached_msg: CachedMessage, flag_set: frozenset[Flag], mode: FlagOp) -> Message:
        message = await super().update(uid, cached_msg, flag_set, mode)
        self._spool.set_flags(self.name, uid, _names(message.permanent_flags))
        return message

    async def delete(self, uids: Iterable[int]) -> None:
        gone = list(uids)
        self._spool.remove(self.name, gone)
        await super().delete(gone)


def _names(flags: Iterable[Flag]) -> list[str]:
    return sorted(bytes(flag).decode("ascii", "replace") for flag in flags)


class SpoolMailboxSet(MailboxSet):
    """The folders of the spool."""

    def __init__(self, spool: Spool) -> None:
        super().__init__()
        self.spool = spool
        for name, validity, next_uid in spool.folders():
            box = SpoolMailbox(self, name, validity, next_uid)
            if name == "INBOX":
                self._inbox = box
            else:
                self._set[name] = box
                self._subscribed[name] = True

    @property
    def inbox(self) -> SpoolMailbox:
        """Where mail arrives."""
        if not isinstance(self._inbox, SpoolMailbox):
            raise TypeError("the spool has no INBOX")
        return self._inbox

    async def add_mailbox(self, name: str) -> ObjectId:
        if name in self._set:
            raise ValueError(name)
        box = SpoolMailbox(self, name, *self.spool.add_folder(name))
        self._set[name] = box
        return box.mailbox_id

    async def delete_mailbox(self, name: str) -> None:
        await super().delete_mailbox(name)
        self.spool.drop_folder(name)

    async def rename_mailbox(self, before: str, after: str) -> None:
        await super().rename_mailbox(before, after)
        self.spool.rename_folder(before, after)
        box = self._set[after]
        if isinstance(box, SpoolMailbox):
            box.name = after


class SpoolSession(Session):
    """A login to the spool; names the folders' special uses (RFC 6154)."""

    async def list_mailboxes(
        self, ref_name: str, filter_: str, subscribed: bool = False, selected: SelectedMailbox | None = None
    ) -> tuple[Iterable[tuple[str, str | None, Sequence[bytes]]], SelectedMailbox | None]:
        found, updated = await super().list_mailboxes(ref_name, filter_, subscribed, selected)
        named = [
            (name, separator, [*attributes, FOLDERS[name]] if FOLDERS.get(name) else attributes)
            for name, separator, attributes in found
        ]
        return named, updated


class SpoolIdentity(Identity):
    """The hotel's one mail user."""

    @asynccontextmanager
    async def new_session(self) -> AsyncIterator[Session]:
        await self.get()
        boxes, filters = self.config.set_cache[self.name]
        yield SpoolSession(self.name, self.config, boxes, filters)


class SpoolLogin(Login):
    """Checks the one user's password."""

    async def authorize(self, authenticated: Any, authzid: str) -> Identity:
        identity = await super().authorize(authenticated, authzid)
        return SpoolIdentity(identity.name, self, None, frozenset())


async def imap_callback(boxes: SpoolMailboxSet, user: str, secret: str) -> Any:
    """The connection callback for :func:`asyncio.start_server`."""
    arguments = Namespace(passlib_cfg=None, proxy_protocol=None)
    config = SpoolConfig(
        arguments,
        host="127.0.0.1",
        port=0,
        demo_data=False,
        demo_user=user,
        demo_password=secret,
        tls_enabled=False,
        reject_dnsbl=False,
        hash_context=Cleartext(),
    )
    login = SpoolLogin(config)
    await login.demo_user_identity.set(UserMetadata(config, user, password=secret))
    config.set_cache[user] = (boxes, FilterSet())
    return ProxyProtocolReader(config.proxy_protocol).get_callback(SpoolServer(login, config))
