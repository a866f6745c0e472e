"""An edit that began from an older version is refused, so that none is lost (SPEC §13, QUALITY R3)."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable

import pytest
from sqlalchemy import insert

from crm_tui.base.errors import Conflict
from crm_tui.data.columns import new_id
from crm_tui.data.tables import Draft
from crm_tui.desk.common.context import Context
from crm_tui.desk.correspondence import drafts
from tests.building import NOON

_WRITER = """
import json, sys
from pathlib import Path
from crm_tui.base.errors import Conflict
from crm_tui.base.paths import home_at
from crm_tui.base.settings import Settings
from crm_tui.desk import drafts
from crm_tui.desk.common.context import open_context
ctx = open_context(home_at(Path(sys.argv[1])), Settings())
conflicts = 0
print("ready", flush=True)
sys.stdin.readline()
for number in range(25):
    while True:
        draft = drafts.get(ctx, int(sys.argv[2]))
        try:
            drafts.save(ctx, draft.id, draft.version, text=draft.text + f"{sys.argv[3]}{number} ")
            break
        except Conflict:
            conflicts += 1
print(json.dumps(conflicts))
"""


@pytest.fixture
def desk(new_desk: Callable[..., Context]) -> Context:
    return new_desk()


@pytest.fixture
def draft_id(desk: Context) -> int:
    with desk.write() as tx:
        return new_id(tx.connection.execute(insert(Draft).values(kind="new", created_at=NOON, updated_at=NOON)))


def test_an_edit_from_an_older_version_is_refused(desk: Context, draft_id: int) -> None:
    seen = drafts.get(desk, draft_id).version
    newer = drafts.save(desk, draft_id, seen, text="first")
    with pytest.raises(Conflict):
        drafts.save(desk, draft_id, seen, text="second")
    assert (drafts.get(desk, draft_id).text, drafts.get(desk, draft_id).version) == ("first", newer)


def test_four_programs_add_25_times_each_and_lose_nothing(desk: Context, draft_id: int) -> None:
    writers = [
        subprocess.Popen(
            [sys.executable, "-c", _WRITER, str(desk.home.data), str(draft_id), name],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        for name in "abcd"
    ]
    for writer in writers:
        assert writer.stdout is not None
        assert writer.stdout.readline() == "ready\n"
    for writer in writers:
        assert writer.stdin is not None
        writer.stdin.write("go\n")
        writer.stdin.flush()
    conflicts = [json.loads(writer.communicate(timeout=100)[0]) for writer in writers]
    assert [writer.returncode for writer in writers] == [0] * 4
    assert sum(conflicts) > 0, "they never met: nothing was tried"
    words = drafts.get(desk, draft_id).text.split()
    assert sorted(words) == sorted(f"{name}{number}" for name in "abcd" for number in range(25))
