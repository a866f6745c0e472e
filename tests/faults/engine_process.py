"""An engine in a process of its own, to be killed: ``python -m tests.faults.engine_process HOME``."""

from __future__ import annotations

import sys
import threading
from pathlib import Path

from crm_tui.base.log import open_log
from crm_tui.base.paths import home_at
from crm_tui.base.settings import Settings
from crm_tui.desk.common.context import open_context
from crm_tui.engine.runner import Engine
from crm_tui.mail.credentials import Credentials


def main(home: str) -> None:
    """Run until killed, or until the parent closes the pipe."""
    place = home_at(Path(home))
    open_log(place.log)
    ctx = open_context(place, Settings(undo_seconds=0, mailing_per_minute=600), agent="Ana")
    stop = threading.Event()
    engine = Engine(Credentials(lambda: None, memory={}), renewal=0.2, timeout=5)
    engine.start(ctx, lambda _text: None)
    print("ready", flush=True)
    sys.stdin.read()
    stop.set()
    engine.stop()
    ctx.store.close()


if __name__ == "__main__":
    main(sys.argv[1])
