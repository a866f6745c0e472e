"""A draft survives a kill: the desk runs in a process of its own, which is ended in the middle of a word."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

from crm_tui import desk
from tests.screens.harness import Hotel

CHILD = """
import asyncio, sys
from pathlib import Path
from crm_tui.desk.common.context import open_context
from crm_tui.screens.compose.screen import ComposeScreen
from tests.journeys.person import Person
from crm_tui.app import DeskApp
from crm_tui.base.paths import home_at
from crm_tui.base.settings import Settings

async def main():
    home, settings = home_at(Path(sys.argv[1])), Settings(draft_seconds=1)
    app = DeskApp(home, settings, lambda: open_context(home, settings, env={}))
    async with app.run_test(size=(80, 24)) as pilot:
        person = Person(app, pilot)
        await person.until(lambda: app.ctx is not None)
        app.push_screen(ComposeScreen("reply", message_id=int(sys.argv[2])))
        await person.settle()
        await person.write("Estimada familia, la habitac")
        print("typed", flush=True)
        await asyncio.sleep(60)

asyncio.run(main())
"""


def test_a_draft_survives_a_kill(tmp_path: Path) -> None:
    hotel = Hotel(tmp_path).open()
    hotel.account()
    _conversation, message = hotel.mail("¿Tienen habitación?")
    root = Path(__file__).parents[2]
    child = subprocess.Popen(
        [sys.executable, "-c", CHILD, str(tmp_path), str(message)],
        cwd=root, env=os.environ | {"PYTHONPATH": str(root)}, stdout=subprocess.PIPE,
    )  # fmt: skip
    try:
        assert child.stdout is not None
        assert child.stdout.readline() == b"typed\n"
        deadline = time.monotonic() + 30
        while not any("la habitac" in draft.text for draft in desk.drafts.mine(hotel.ctx)):
            assert time.monotonic() < deadline, "the draft was never saved"
            time.sleep(0.05)
    finally:
        child.send_signal(signal.SIGKILL)
        child.wait()
    (draft,) = desk.drafts.mine(hotel.ctx)
    assert draft.text.startswith("Estimada familia, la habitac")
    again = desk.replies.start(hotel.ctx, "reply", message)
    assert (again.id, again.resumed) == (draft.id, True)
    hotel.ctx.store.close()
