"""``crm-tui notices``: preview, run, by hand, who wants none, the gateway; its address is printed nowhere."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from crm_tui.base.settings import save_setting
from crm_tui.cli.main import run
from tests.desk.house import NOW, make_house
from tests.desk.owing import guest, owing
from tests.servers.sms import Gateway, sms_gateway


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    ctx = make_house(tmp_path)
    owing(ctx, "MIR-1", due=-1, who=guest(ctx, "Nowak"))
    owing(ctx, "MIR-2", who=guest(ctx, "Silent", email="", phone=""))
    ctx.store.close()
    monkeypatch.setenv("CRM_TUI_NOW", NOW.isoformat())
    return ctx.home.data


def call(home: Path, capfd: pytest.CaptureFixture[str], *words: str, code: int = 0) -> list[dict[str, Any]]:
    assert run(["--home", str(home), "--json", "--agent", "Ana", "notices", *words]) == code
    return [json.loads(line) for line in capfd.readouterr().out.splitlines()]


def set_up(home: Path, server: Gateway) -> None:
    for name, value in {
        "notices": "sms",
        "notice_gateway": "command",
        "notice_gateway_command": f"echo '{server.url('desk', 'Canary-77x')}'",
        "undo_seconds": 0,
    }.items():
        save_setting(home / "settings.toml", name, value)


def test_preview_run_and_list(home: Path, capfd: pytest.CaptureFixture[str]) -> None:
    with sms_gateway() as server:
        set_up(home, server)
        found = call(home, capfd, "preview")
        assert [(one["reservation"], one["send"], one["reason"]) for one in found] == [
            ("MIR-1", True, None),
            ("MIR-2", False, "no phone"),
        ]
        assert (found[0]["missing"], found[0]["currency"], found[0]["due"]) == ("120.00", "EUR", "2026-06-30")
        assert server.asked == []
        [sent] = call(home, capfd, "run")
        assert (sent["state"], sent["reservation"], sent["automatic"]) == ("sent", "MIR-1", True)
        assert call(home, capfd, "run") == []
        assert len(server.asked) == 1
        assert [one["id"] for one in call(home, capfd, "list", "--reservation", "MIR-1")] == [sent["id"]]


def test_by_hand_and_stopped(home: Path, capfd: pytest.CaptureFixture[str]) -> None:
    with sms_gateway() as server:
        set_up(home, server)
        [shown] = call(home, capfd, "send", "MIR-1", "--channel", "sms", "--dry-run")
        assert "MIR-1" in shown["text"]
        [stop] = call(home, capfd, "stop", "+34 600 111 222")
        assert (stop["address"], stop["reason"]) == ("+34600111222", "opt-out")
        call(home, capfd, "send", "MIR-1", "--channel", "sms", code=1)
        [made] = call(home, capfd, "send", "MIR-1", "--channel", "sms", "--text", "Please pay", "--yes")
        assert made["state"] == "queued"
        assert [one["text"] for one in call(home, capfd, "run")] == ["Please pay"]
        assert call(home, capfd, "start", "+34600111222") == []
        call(home, capfd, "start", "+34600111222", code=1)


def test_the_gateway_is_shown_and_tested_without_its_address(home: Path, capfd: pytest.CaptureFixture[str]) -> None:
    with sms_gateway() as server:
        command = f"echo '{server.url('desk', 'Canary-77x')}'"
        [none] = call(home, capfd, "gateway")
        assert none["source"] == "none"
        [found] = call(home, capfd, "gateway", "--command", command, "--test", "+34600111222")
        assert (found["service"], found["source"], found["test"]) == ("json", "command", "sent")
        assert server.asked[0].number == "+34600111222"
        server.status, server.words = 401, "wrong key Canary-77x"
        [refused] = call(home, capfd, "gateway", "--test", "+34600111222", code=1)
        assert refused["test"] == "refused"
        assert "Canary" not in json.dumps(refused)
    assert run(["--home", str(home), "doctor"]) in (0, 1)
    told = capfd.readouterr().out
    assert "SMS gateway: json, command" in told
    assert "Canary" not in told
    [gone] = call(home, capfd, "gateway", "--remove")
    assert gone["source"] == "none"
    for file in home.rglob("*"):
        assert not file.is_file() or b"Canary" not in file.read_bytes()
