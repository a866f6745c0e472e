"""The lease: exactly one engine a store, another within seconds after a kill (SPEC §16).

No clock of day takes part, so that setting one back or forward changes nothing: a holder shows life by raising a counter,
and a candidate that has watched the counter stand still for :data:`TTL` seconds of its own monotonic clock takes over. On
the same host a dead process is recognised at once. Every takeover raises the fencing token; whatever must not be done by
two engines asks :meth:`Lease.holds` inside the transaction that decides.
"""

from __future__ import annotations

import contextlib
import os
import secrets
import socket
import time
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path

from crm_tui.desk.common import leases
from crm_tui.desk.common.context import Context

TTL = 8.0
"""Seconds without a sign of life after which a holder counts as dead."""
RENEWAL = 2.0
"""Seconds between two signs of life."""


class Lease:
    """One candidate for one lease; used from one thread, except :attr:`token` and :meth:`holds`.

    Attributes:
        other_lives: another holder showed a sign of life between two calls of :meth:`tick`.

    Args:
        monotonic: seconds that never go back; injected for tests.
        alive: whether the process of a holder (as written by :func:`identity`) is known to be dead.
    """

    def __init__(
        self,
        ctx: Context,
        name: str = "engine",
        *,
        ttl: float = TTL,
        monotonic: Callable[[], float] = time.monotonic,
        holder: str = "",
    ) -> None:
        self._ctx = ctx
        self._name = name
        self._ttl = ttl
        self._monotonic = monotonic
        self.holder = holder or identity()
        self.token = 0
        self._seen: tuple[int, int] | None = None
        self._seen_at = 0.0
        self.other_lives = False
        self._renewed_at = 0.0

    @property
    def held(self) -> bool:
        """Whether this candidate holds it, as far as it knows; decisive is only :meth:`holds`."""
        return self.token > 0 and self._monotonic() - self._renewed_at < self._ttl

    def tick(self) -> bool:
        """Renew it, or try to get it; returns whether it is held. To be called every :data:`RENEWAL` seconds."""
        if self.token:
            if self._renew():
                return True
            self.token = 0
        return self._try()

    def holds(self, connection: leases.Connection) -> bool:
        """Whether this candidate's token is the one in force, within the caller's write transaction."""
        return leases.in_force(connection, self._name, self.holder, self.token)

    def release(self) -> None:
        """Give it up, so that another need not wait; nothing happens if it is not held."""
        token, self.token = self.token, 0
        if token:
            leases.release(self._ctx, self._name, self.holder, token)

    def _renew(self) -> bool:
        renewed = leases.renew(self._ctx, self._name, self.holder, self.token, self._expiry())
        if renewed:
            self._renewed_at = self._monotonic()
        return renewed

    def _try(self) -> bool:
        """Take it if it is free, given up, or its holder is dead."""
        seen = leases.look(self._ctx, self._name)
        if seen is not None and not self._abandoned(seen):
            return False
        taken = leases.take(self._ctx, self._name, self.holder, seen, self._expiry())
        if taken:
            self.token, self._seen, self._renewed_at = taken, None, self._monotonic()
        return bool(taken)

    def _abandoned(self, row: leases.Holding) -> bool:
        if not row.holder or is_dead(row.holder):
            return True
        now, sign = self._monotonic(), (row.token, row.renewed)
        if self._seen != sign:
            self.other_lives = self._seen is not None
            self._seen, self._seen_at = sign, now
        return now - self._seen_at >= self._ttl

    def _expiry(self) -> datetime:
        return self._ctx.clock.now() + timedelta(seconds=self._ttl)


def identity() -> str:
    """This process, told apart from every other on every host: host, boot, process, its start, a random part."""
    return "|".join((socket.gethostname(), _boot(), str(os.getpid()), _started(os.getpid()), secrets.token_hex(6)))


def is_dead(holder: str) -> bool:
    """Whether a holder is known to be dead: a process of this host and boot that is no longer there."""
    parts = holder.split("|")
    if len(parts) != 5 or parts[:2] != [socket.gethostname(), _boot()] or not parts[2].isdigit() or not parts[1]:
        return False
    return _started(int(parts[2])) != parts[3]


def _boot() -> str:
    with contextlib.suppress(OSError):
        return Path("/proc/sys/kernel/random/boot_id").read_text(encoding="ascii").strip()
    return ""


def _started(pid: int) -> str:
    """When a process began, in the kernel's ticks: a process number alone may be given to another. Empty if unknown."""
    with contextlib.suppress(OSError, IndexError):
        fields = Path(f"/proc/{pid}/stat").read_text(encoding="ascii", errors="replace").rpartition(")")[2].split()
        return "" if fields[0] in "ZX" else fields[19]
    return ""
