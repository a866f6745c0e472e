"""A private Dovecot of the distribution on loopback: own directories, any user, password ``secret``."""

from __future__ import annotations

import grp
import os
import pwd
import re
import shutil
import socket
import subprocess
import time
from collections.abc import Iterable
from pathlib import Path

PASSWORD = "secret"
_CONFIGURATION = """\
base_dir = {root}/run
state_dir = {root}/state
log_path = {root}/dovecot.log
protocols = imap
listen = 127.0.0.1
disable_plaintext_auth = no
auth_mechanisms = plain login
mail_location = {location}
default_internal_user = {user}
default_internal_group = {group}
default_login_user = {user}
first_valid_uid = 1
first_valid_gid = 1
mail_max_userip_connections = 100
{tls}
{extra}
passdb {{
  driver = static
  args = password=secret
}}
userdb {{
  driver = static
  args = uid={uid} gid={gid} home={root}/mail/%u
}}
service imap-login {{
  chroot =
  inet_listener imap {{
    address = 127.0.0.1
    port = {port}
  }}
  inet_listener imaps {{
    address = 127.0.0.1
    port = {tls_port}
    ssl = {ssl_listener}
  }}
}}
service anvil {{
  chroot =
}}
service stats {{
  chroot =
}}
namespace inbox {{
  inbox = yes
  separator = {separator}
  prefix = {prefix}
  mailbox Sent {{
    special_use = \\Sent
    auto = create
  }}
  mailbox Junk {{
    special_use = \\Junk
    auto = create
  }}
  mailbox Trash {{
    special_use = \\Trash
    auto = create
  }}
}}
"""


def available() -> bool:
    """Whether the distribution's Dovecot is installed."""
    return shutil.which("dovecot") is not None


def free_port() -> int:
    """A TCP port that was free a moment ago."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class Dovecot:
    """The running server.

    Args:
        root: an empty directory that the server's user may enter.
        certificate, key: switch TLS on.
        capability: replaces what the server announces, to play one with fewer extensions.
    """

    def __init__(
        self,
        root: Path,
        *,
        certificate: Path | None = None,
        key: Path | None = None,
        location: str = "maildir:~/Maildir",
        separator: str = "/",
        prefix: str = "",
        capability: str = "",
        extra: str = "",
    ) -> None:
        self.root, self.port, self.tls_port = root, free_port(), free_port()
        owner = pwd.getpwnam("nobody") if os.geteuid() == 0 else pwd.getpwuid(os.geteuid())
        self.owner = owner
        for name in ("run", "state", "mail"):
            (root / name).mkdir(parents=True, exist_ok=True)
        root.chmod(0o755)
        tls = f"ssl = yes\nssl_cert = <{certificate}\nssl_key = <{key}" if certificate else "ssl = no"
        if capability:
            extra += f"\nimap_capability = {capability}"
        (root / "dovecot.conf").write_text(
            _CONFIGURATION.format(
                root=root,
                location=location,
                user=owner.pw_name,
                group=grp.getgrgid(owner.pw_gid).gr_name,
                uid=owner.pw_uid,
                gid=owner.pw_gid,
                port=self.port,
                tls_port=self.tls_port if certificate else 0,
                ssl_listener="yes" if certificate else "no",
                tls=tls,
                extra=extra,
                separator=separator,
                prefix=prefix,
            )
        )
        self._own(root / "mail")
        self._process: subprocess.Popen[bytes] | None = None

    def _own(self, path: Path) -> None:
        if os.geteuid() == 0:
            subprocess.run(["chown", "-R", f"{self.owner.pw_uid}:{self.owner.pw_gid}", str(path)], check=True)

    def start(self) -> Dovecot:
        """Start and wait until it greets."""
        with (self.root / "out").open("wb") as out:
            self._process = subprocess.Popen(
                ["dovecot", "-F", "-c", str(self.root / "dovecot.conf")],
                stdin=subprocess.DEVNULL,
                stdout=out,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        deadline = time.monotonic() + 20
        while time.monotonic() < deadline:
            if self._process.poll() is not None:
                raise RuntimeError("dovecot ended: " + (self.root / "out").read_text())
            try:
                with socket.create_connection(("127.0.0.1", self.port), 1) as probe:
                    if probe.recv(200).startswith(b"* OK"):
                        return self
            except OSError:
                time.sleep(0.01)
        raise RuntimeError("dovecot does not greet: " + (self.root / "dovecot.log").read_text())

    def stop(self) -> None:
        """Stop and wait for the end."""
        if self._process is not None:
            self._process.terminate()
            try:
                self._process.wait(10)
            except subprocess.TimeoutExpired:
                self._process.kill()
                self._process.wait(10)
            self._process = None

    def __enter__(self) -> Dovecot:
        return self.start()

    def __exit__(self, *_: object) -> None:
        self.stop()

    def maildir(self, user: str, folder: str = "") -> Path:
        """The Maildir of a user's Inbox or (Maildir++) folder, created."""
        path = self.root / "mail" / user / "Maildir"
        if folder:
            path = path / f".{folder}"
        for name in ("cur", "new", "tmp"):
            (path / name).mkdir(parents=True, exist_ok=True)
        return path

    def deliver(self, user: str, messages: Iterable[bytes], folder: str = "", flags: str = "") -> None:
        """Put messages into a mailbox as a delivery agent does."""
        path = self.maildir(user, folder)
        for message in messages:
            _count[0] += 1
            name = f"{1_700_000_000 + _count[0]}.M{_count[0]}P{os.getpid()}.test"
            target = path / ("cur" if flags else "new") / (f"{name}:2,{flags}" if flags else name)
            (path / "tmp" / name).write_bytes(message)
            (path / "tmp" / name).rename(target)
        self._own(self.root / "mail" / user)

    def forget_uids(self, user: str, folder: str = "") -> None:
        """Begin the UID list anew: at the next visit the mailbox has another UIDVALIDITY (I1)."""
        path = self.maildir(user, folder)
        head = (path / "dovecot-uidlist").read_text().splitlines()[0]
        fresh = re.sub(r"V(\d+)", lambda match: f"V{int(match[1]) + 1000}", re.sub(r" N\d+", " N1", head))
        for name in path.glob("dovecot*"):
            if name.is_file():
                name.unlink()
        (path / "dovecot-uidlist").write_text(fresh + "\n")
        self._own(path)


_count = [0]
