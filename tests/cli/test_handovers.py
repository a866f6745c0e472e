"""``feedback`` and ``handover`` on the command line (SPEC §9, §11, §15)."""

from __future__ import annotations

from tests.cli.conftest import Crm


def test_feedback_is_written_down_resolved_reopened_and_listed(desk: Crm) -> None:
    assert desk("feedback", "add", "negative", "Cold coffee").code == 2  # neither guest nor room
    assert desk("feedback", "add", "neutral", "--room", "204").code == 2
    (made,) = desk(
        "feedback", "add", "negative", "Cold", "coffee", "--room", "204", "--code", "breakfast", "--json"
    ).lines
    assert (made["id"], made["comment"], made["room"], made["resolved"], made["guest"]) == (
        1, "Cold coffee", "204", False, None)  # fmt: skip
    assert desk("feedback", "add", "positive", "Lovely", "--room", "12").code == 0
    assert "Cold coffee" in desk("feedback", "list").out
    assert [one["id"] for one in desk("feedback", "list", "--json").lines] == [1]
    (done,) = desk("feedback", "resolve", "1", "--resolution", "A new pot", "--satisfaction", "4", "--json").lines
    assert (done["resolved"], done["resolution"], done["satisfaction"], done["resolved_by"]) == (
        True, "A new pot", 4, "Ana")  # fmt: skip
    assert desk("feedback", "list").out.strip() == "No complaint is open."
    assert {one["id"] for one in desk("feedback", "list", "--all", "--json").lines} == {1, 2}
    assert [one["id"] for one in desk("feedback", "list", "--all", "--kind", "negative", "--json").lines] == [1]
    assert "is open again" in desk("feedback", "reopen", "1").out
    assert desk("feedback", "resolve", "9").code == 1


def test_the_shift_is_handed_over_printed_and_acknowledged(desk: Crm) -> None:
    assert "Nothing is open." in desk("handover").out
    assert desk("handover", "make").code == 1
    assert desk("feedback", "add", "negative", "Noise", "--room", "204").code == 0
    assert [one["kind"] for one in desk("handover", "--json").lines] == ["complaint"]
    assert "2 lines for the next shift" in desk("handover", "make", "Keys are at the porter's").out
    first, second = desk("handover", "--json").lines
    assert (first["handover"], first["text"], first["acknowledged_by"]) == (1, "Keys are at the porter's", None)
    assert f"[ ] {second['id']}  204 · Noise" in desk("handover").out
    printed = desk("handover", "print", "--width", "50").out
    assert "[ ] 204 · Noise" in printed
    assert max(len(line) for line in printed.splitlines()) <= 50
    assert desk("handover", "ack").code == 2
    (taken,) = desk("handover", "ack", str(first["id"]), "--note", "hung up", "--json").lines
    assert taken == {"acknowledged": 1, "open": 1}
    assert "1 line is taken over, none is left." in desk("handover", "ack", "--all").out
    assert desk("handover", "ack", "99").code == 1
    assert "What a handover made now would hold" in desk("handover").out
    (page,) = desk("handover", "list", "--json").lines
    assert (page["handover"], page["lines"], page["open"], bool(page["closed_at"])) == (1, 2, 0, True)
    assert "hung up" in desk("handover", "print", "1").out
