"""First sync and no-op sync of a mailbox against a private Dovecot, beside mbsync and notmuch (QUALITY §1).

    python -m bench.sync [--count N] [--rounds N] [--maildir DIR | --generator SCRIPT] [--notmuch] [--no-fsync] [--parsers N]

Needs dovecot and mbsync of the distribution. Each round is: mbsync into an empty Maildir, then the desk into an empty
store; the ratio is taken round by round, the median is told. ``--notmuch`` also indexes what mbsync fetched (minutes).
The first screenful is the time from the first byte to the server until the first batch is committed.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tests.servers.dovecot import Dovecot

if TYPE_CHECKING:
    from crm_tui.desk.common.context import Context
    from crm_tui.engine.sync_model import SessionFactory, SyncAccount

USER = "bench"
_MBSYNC = """\
FSync {fsync}

IMAPAccount a
Host 127.0.0.1
Port {port}
User {user}
Pass secret
SSLType None
AuthMechs LOGIN

IMAPStore far
Account a

MaildirStore near
Path {path}/
Inbox {path}/INBOX
SubFolders Verbatim

Channel c
Far :far:
Near :near:
Patterns INBOX
Create Near
Sync Pull
SyncState *
"""


def timed(work: Callable[[], object]) -> float:
    """Seconds of wall clock."""
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


@dataclass
class Mbsync:
    """The peer: stores only."""

    root: Path
    port: int
    fsync: str = "yes"

    def __post_init__(self) -> None:
        self.rc, self.maildir = self.root / "mbsyncrc", self.root / "mbsync"
        self.rc.write_text(_MBSYNC.format(fsync=self.fsync, port=self.port, user=USER, path=self.maildir))

    def fresh(self) -> None:
        shutil.rmtree(self.maildir, ignore_errors=True)
        self.maildir.mkdir()

    def run(self) -> None:
        subprocess.run(["mbsync", "-q", "-c", str(self.rc), "c"], check=True, stderr=subprocess.DEVNULL)

    def index(self) -> None:
        """notmuch over what was fetched."""
        config = self.root / "notmuch"
        config.write_text(
            f"[database]\npath={self.maildir}\n[user]\nname=x\nprimary_email=x@example.org\n[new]\ntags=new\n"
        )
        shutil.rmtree(self.maildir / ".notmuch", ignore_errors=True)
        environment = {**os.environ, "NOTMUCH_CONFIG": str(config)}
        subprocess.run(["notmuch", "new", "--quiet"], check=True, env=environment, stdout=subprocess.DEVNULL)


@dataclass
class Linked:
    """What sync needs to know of an account."""

    id: int
    address: str


def child(home: Path, port: int, parsers: int, rounds: int) -> dict[str, Any]:
    """What the desk needs: the first sync, its first batch, and syncs with nothing to do over a standing connection."""
    from crm_tui.base.progress import CancelEvent, NullProgress
    from crm_tui.engine.sync import sync_account

    class First(NullProgress):
        at = 0.0

        def count(self, done: int) -> None:
            self.at = self.at or time.perf_counter()

    ctx, account, first = fresh_desk(home, parsers), Linked(1, "bench@example.org"), First()
    connect = connecting(port)
    start, cpu = time.perf_counter(), os.times()
    results = sync_account(ctx, account, connect, first, CancelEvent())
    seconds, spent = time.perf_counter() - start, os.times()
    noop = statistics.median(nothing_to_do(ctx, account, connect, rounds))
    ctx.store.close()
    return {
        "stored": sum(result.new for result in results),
        "errors": [result.error for result in results if result.error],
        "seconds": seconds,
        "screenful": first.at - start,
        "own cpu": spent.user + spent.system - cpu.user - cpu.system,
        "children cpu": spent.children_user + spent.children_system,
        "noop": noop,
    }


def fresh_desk(home: Path, parsers: int) -> Context:
    """An empty store with one account."""
    from crm_tui.base.paths import home_at
    from crm_tui.base.settings import Settings
    from crm_tui.data.tables import Account
    from crm_tui.desk.common.context import open_context

    ctx = open_context(home_at(home), Settings(parsers=parsers), create=True)
    local: dict[str, Any] = {"imap_host": "127.0.0.1", "smtp_host": "127.0.0.1", "created_at": ctx.clock.now()}
    with ctx.write() as tx:
        tx.session.add(Account(address="bench@example.org", user=USER, **local))
    return ctx


def connecting(port: int) -> SessionFactory:
    """Connects and logs in."""
    from crm_tui.mail.imap import ImapSession

    def connect(_account: SyncAccount, stopped: Callable[[], bool]) -> ImapSession:
        session = ImapSession("127.0.0.1", port, "none", stopped=stopped)
        session.login(USER, "secret")
        return session

    return connect


def nothing_to_do(ctx: Context, account: Linked, connect: SessionFactory, rounds: int) -> list[float]:
    """Seconds of each look at mailboxes that have not changed, by an engine that stays."""
    from crm_tui.base.progress import CancelEvent, NullProgress
    from crm_tui.engine.sync import Memory, sync_with

    session, memory, found = connect(account, lambda: False), Memory(), []
    for _ in range(rounds + 1):
        begun = time.perf_counter()
        results = sync_with(ctx, account, session, NullProgress(), CancelEvent(), memory=memory)
        found.append(time.perf_counter() - begun)
        assert not any(result.error or result.new for result in results)
    session.logout()
    return found[1:]


def desk(root: Path, port: int, parsers: int, rounds: int) -> dict[str, Any]:
    """One first sync into an empty store, in a process of its own."""
    home = root / "home"
    shutil.rmtree(home, ignore_errors=True)
    command = [sys.executable, "-m", "bench.sync", "--child", str(home), str(port), str(parsers), str(rounds)]
    found: dict[str, Any] = json.loads(subprocess.run(command, check=True, stdout=subprocess.PIPE).stdout)
    return found


def fill(root: Path, told: argparse.Namespace) -> None:
    """Put the corpus into the user's Maildir."""
    target = root / "mail" / USER / "Maildir"
    target.parent.mkdir(parents=True, exist_ok=True)
    if told.maildir:
        shutil.copytree(told.maildir, target)
    elif told.generator:
        subprocess.run([sys.executable, told.generator, str(target), "--count", str(told.count)], check=True)
    else:
        from bench.corpus import write_maildir

        write_maildir(target, told.count)


def floor(port: int) -> float:
    """Messages a second that the connection alone brings: fetched, split, thrown away."""
    from crm_tui.mail.imap import ImapSession

    session = ImapSession("127.0.0.1", port, "none")
    session.login(USER, "secret")
    session.select(b"INBOX")
    uids = session.search("ALL")
    seconds = timed(
        lambda: [None for start in range(0, len(uids), 1000) for _ in session.fetch(uids[start : start + 1000])]
    )
    session.logout()
    return len(uids) / seconds


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(prog="python -m bench.sync", description="First and no-op sync beside mbsync.")
    parser.add_argument("--count", type=int, default=10_000)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--parsers", type=int, default=0)
    parser.add_argument("--maildir", type=Path, help="a Maildir to copy instead of making mail")
    parser.add_argument("--generator", help="a script: SCRIPT OUT --count N")
    parser.add_argument("--no-fsync", action="store_true", help="let mbsync not wait for the disk (not its default)")
    parser.add_argument("--notmuch", action="store_true")
    parser.add_argument("--child", nargs=4, metavar="X", help=argparse.SUPPRESS)
    told = parser.parse_args()
    if told.child:
        home, port, parsers, rounds = told.child
        print(json.dumps(child(Path(home), int(port), int(parsers), int(rounds))))
        return
    with ExitStack() as stack:
        root = Path(tempfile.mkdtemp(prefix="sync-bench-"))
        stack.callback(shutil.rmtree, root, ignore_errors=True)
        root.chmod(0o755)
        fill(root / "full", told)
        full = stack.enter_context(Dovecot(root / "full"))
        (root / "bare").mkdir()
        (root / "bare" / "mail").symlink_to(root / "full" / "mail")
        bare = stack.enter_context(Dovecot(root / "bare", capability="IMAP4rev1"))
        measure(root, full, bare, told)


def measure(root: Path, full: Dovecot, bare: Dovecot, told: argparse.Namespace) -> None:
    """All rounds; prints a line a figure."""
    print(f"connection alone: {floor(full.port):,.0f} messages/s (second time: {floor(full.port):,.0f})")
    peer = Mbsync(root, full.port, "no" if told.no_fsync else "yes")
    rows, ratios = [], []
    for number in range(told.rounds):
        peer.fresh()
        theirs = timed(peer.run)
        ours = desk(root, full.port, told.parsers, 5)
        assert not ours["errors"], ours["errors"]
        ratios.append(ours["seconds"] / theirs)
        rows.append(ours)
        print(
            f"round {number + 1}: mbsync {theirs:.2f} s ({ours['stored'] / theirs:,.0f}/s), desk {ours['seconds']:.2f} s "
            f"({ours['stored'] / ours['seconds']:,.0f}/s; cpu {ours['own cpu']:.1f} + parsers {ours['children cpu']:.1f} s), "
            f"first screenful {ours['screenful']:.2f} s"
        )
    goal("first sync ÷ mbsync", statistics.median(ratios), 1.2)
    goal("first screenful, s", statistics.median(row["screenful"] for row in rows), 1.0)
    if told.notmuch:
        indexing = timed(peer.index)
        goal(
            "first sync ÷ (mbsync + notmuch)", rows[-1]["seconds"] / (rows[-1]["seconds"] / ratios[-1] + indexing), 0.1
        )
    idle = statistics.median(timed(peer.run) for _ in range(7))
    goal(
        f"no-op ÷ mbsync ({idle * 1000:.0f} ms), CONDSTORE", statistics.median(row["noop"] for row in rows) / idle, 0.1
    )
    without = Mbsync(root, bare.port)
    idle = statistics.median(timed(without.run) for _ in range(7))
    ours = desk(root, bare.port, told.parsers, 5)
    goal(f"no-op ÷ mbsync ({idle * 1000:.0f} ms), without", ours["noop"] / idle, 1.0)


def goal(name: str, value: float, limit: float) -> None:
    """One line: the figure, the goal, met or missed."""
    print(f"{name}: {value:.3f} (goal ≤ {limit}: {'met' if value <= limit else 'MISSED'})")


if __name__ == "__main__":
    main()
