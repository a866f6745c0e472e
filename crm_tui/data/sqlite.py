"""What SQLite needs to be as trustworthy as it can be: place, permissions, pragmas."""

from __future__ import annotations

import os
import re
import stat
from pathlib import Path
from typing import Any

from crm_tui.base.errors import StoreError
from crm_tui.base.i18n import _
from crm_tui.rules.folding import fold_json, fold_text
from crm_tui.rules.mail_addresses import other_spelling

# Locks of these are advisory, emulated or lost; SQLite's documentation warns of each kind (QUALITY R5).
NETWORK_FILE_SYSTEMS = frozenset(
    {"nfs", "nfs4", "cifs", "smb3", "smbfs", "ncpfs", "afs", "9p", "fuse.sshfs", "ceph", "glusterfs", "davfs"}
)


_ESCAPED = re.compile(r"\\([0-7]{3})")  # blanks and the like in a mount's name


def path_of(url: str) -> Path | None:
    """The file of a ``sqlite:`` URL; None for another database."""
    return Path(url.removeprefix("sqlite:///")) if url.startswith("sqlite:///") else None


GUEST_WORDS = "CREATE VIRTUAL TABLE IF NOT EXISTS temp.guest_words USING fts5vocab('main', 'guest_search', 'instance')"
"""The words of the guests' full-text index, a row for each place where one stands.

Every connection has it from its beginning: made within a transaction that is rolled back, it would have SQLite read the whole
schema again, which takes 10 ms.
"""

MOUNTS = Path("/proc/self/mounts")


def check_place(path: Path, mounts: Path = MOUNTS) -> None:
    """Refuse a store on a network file system or one that everyone may read.

    Raises:
        StoreError: with the reason and the command that mends it.
    """
    kind = file_system_of(path, mounts)
    if kind in NETWORK_FILE_SYSTEMS:
        raise StoreError(
            _("The store {path} lies on a network file system ({kind}), where locks cannot be trusted.").format(
                path=path, kind=kind
            ),
            _("Keep it on a local disk, or share a PostgreSQL store with --db."),
        )
    for item in (path, *(path.with_name(path.name + tail) for tail in ("-wal", "-shm"))):
        if item.exists() and stat.S_IMODE(item.stat().st_mode) & stat.S_IRWXO:
            raise StoreError(
                _("Everyone on this machine may read or write {path}.").format(path=item),
                _("Mend it with: chmod o-rwx {path}").format(path=item),
            )
    folder = path.parent
    if folder.is_dir():
        mode = folder.stat().st_mode
        # A sticky folder such as /tmp lets others add files, but not replace ours.
        if mode & stat.S_IWOTH and not mode & stat.S_ISVTX:
            raise StoreError(
                _("Everyone on this machine may put files into {path}.").format(path=folder),
                _("Mend it with: chmod o-w {path}").format(path=folder),
            )


def file_system_of(path: Path, mounts: Path = MOUNTS) -> str:
    """The kind of file system that holds ``path``; empty where the system does not say."""
    try:
        rows = [line.split() for line in mounts.read_text(encoding="utf-8", errors="replace").splitlines()]
    except OSError:
        return ""
    real = os.path.realpath(path)
    best, kind = "", ""
    for row in rows:
        if len(row) < 3:
            continue
        point = _ESCAPED.sub(lambda found: chr(int(found[1], 8)), row[1])
        inside = real == point or real.startswith(point.rstrip("/") + "/")
        if inside and len(point) >= len(best):
            best, kind = point, row[2]
    return kind


def touch_private(path: Path) -> None:
    """Create the file with mode 0600 before SQLite would create it with the umask's (QUALITY S16)."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        os.close(os.open(path, os.O_RDWR | os.O_CREAT, 0o600))
    except OSError as error:
        raise StoreError(
            _("The store {path} cannot be created: {error}.").format(path=path, error=error.strerror),
            _("Choose another place with --home."),
        ) from None


def prepare(connection: Any, *, readonly: bool, busy_timeout_ms: int) -> None:
    """Set up one connection: explicit transactions, WAL, foreign keys, durable commits, the folding of the search."""
    connection.isolation_level = None  # BEGIN is ours: see Store.write
    connection.create_function("crm_fold", 1, fold_text, deterministic=True)
    connection.create_function("crm_spelling", 1, other_spelling, deterministic=True)
    connection.create_function("crm_fold_json", 1, fold_json, deterministic=True)
    cursor = connection.cursor()
    cursor.execute(f"PRAGMA busy_timeout={busy_timeout_ms}")
    if not readonly:
        cursor.execute("PRAGMA page_size=8192")  # of a new file: mails are larger than the default page
        cursor.execute("PRAGMA journal_mode=WAL")
    cursor.execute("PRAGMA synchronous=FULL")
    cursor.execute("PRAGMA foreign_keys=ON")
    cursor.execute("PRAGMA recursive_triggers=ON")
    cursor.execute("PRAGMA temp_store=MEMORY")
    cursor.execute("PRAGMA cache_size=-16000")
    cursor.execute("PRAGMA mmap_size=268435456")
    cursor.execute("PRAGMA journal_size_limit=67108864")
    cursor.execute("PRAGMA wal_autocheckpoint=8000")  # 32 MB: a first sync copies pages once, not with every batch
    cursor.execute(GUEST_WORDS)
    if readonly:
        cursor.execute("PRAGMA query_only=ON")
    cursor.close()


def set_durable(connection: Any, durable: bool) -> None:
    """Choose whether the next transaction of a driver connection waits for the disk."""
    connection.execute(f"PRAGMA synchronous={'FULL' if durable else 'NORMAL'}")
