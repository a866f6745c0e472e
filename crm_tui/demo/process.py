"""The sample hotel's servers in a process of their own, so that they never slow the desk down.

``python -m crm_tui.demo.process`` reads one JSON line with home, secret, seed, conversations, messages and instant, answers
with one line of ports, and serves until its standard input ends: if the desk is killed, the servers end too.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from crm_tui.base.clock import Clock, ShiftedClock
from crm_tui.base.errors import CrmError
from crm_tui.base.i18n import _
from crm_tui.demo.people import HOTEL_ADDRESS


class DemoProcess:
    """Starts and stops the servers; the same attributes as :class:`crm_tui.demo.servers.DemoServers`.

    Raises:
        CrmError: on entering, if the servers cannot be started.
    """

    user = HOTEL_ADDRESS

    def __init__(self, home: Path, secret: str, clock: Clock, *, messages: int = 0, seed: int = 1) -> None:
        self.secret = secret
        self.imap_port = 0
        self.smtp_port = 0
        self._order = {
            "home": str(home),
            "secret": secret,
            "seed": seed,
            "messages": messages,
            "now": clock.now().isoformat(),
        }
        self._process: subprocess.Popen[str] | None = None

    def __enter__(self) -> Self:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "crm_tui.demo.process"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
            start_new_session=True,  # Ctrl-C in the terminal is for the desk
        )
        answer = self._ask()
        if "error" in answer:
            self.stop()
            raise CrmError(_("The sample hotel's mail server did not start: {why}.").format(why=answer["error"]))
        self.imap_port, self.smtp_port = int(answer["imap"]), int(answer["smtp"])
        return self

    def _ask(self) -> dict[str, Any]:
        process = self._process
        if process is None or process.stdin is None or process.stdout is None:
            return {"error": "no process"}
        process.stdin.write(json.dumps(self._order) + "\n")
        process.stdin.flush()
        line = process.stdout.readline()
        answer: dict[str, Any] = json.loads(line) if line else {"error": f"it ended with code {process.wait()}"}
        return answer

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    def stop(self) -> None:
        """End the servers; what they hold is on the disk."""
        process, self._process = self._process, None
        if process is None:
            return
        for pipe in (process.stdin, process.stdout):
            if pipe is not None:
                pipe.close()
        try:
            process.wait(5)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait(5)


def main() -> int:
    """Serve until standard input ends."""
    from datetime import datetime

    from crm_tui.demo.servers import DemoServers

    signal.signal(signal.SIGINT, signal.SIG_IGN)
    order = json.loads(sys.stdin.readline())
    answers = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)  # nothing a library prints may look like an answer
    servers = DemoServers(
        Path(order["home"]),
        order["secret"],
        clock=ShiftedClock(datetime.fromisoformat(order["now"])),
        seed=order["seed"],
        messages=order["messages"],
    )
    try:
        servers.__enter__()
    except Exception as error:
        _answer(answers, {"error": f"{type(error).__name__}: {error}"})
        return 1
    _answer(answers, {"imap": servers.imap_port, "smtp": servers.smtp_port})
    while sys.stdin.read(4096):
        pass
    servers.stop()
    return 0


def _answer(stream: Any, fields: dict[str, Any]) -> None:
    stream.write(json.dumps(fields) + "\n")
    stream.flush()


if __name__ == "__main__":
    raise SystemExit(main())
