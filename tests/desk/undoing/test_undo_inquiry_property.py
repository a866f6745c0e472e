"""Any order of linking, reserving and taking back by two agents: a conversation is always as hidden as its inquiry (SPEC §4)."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from crm_tui import desk
from crm_tui.base.errors import CrmError
from crm_tui.data.columns import columns
from crm_tui.data.tables import Conversation, Inquiry
from crm_tui.desk.common import scope
from crm_tui.desk.common.context import Context
from crm_tui.desk.undoing import undo
from crm_tui.desk.upkeep import checking
from tests.desk.house import make_house
from tests.desk.undoing.test_undo import another, conversations

_C = columns(Conversation)
_I = columns(Inquiry)

acts = st.sampled_from(["link", "unlink", "scope", "everyone", "remove", "take up", "merge", "star", "undo", "undo"])
steps = st.lists(st.tuples(st.sampled_from(["Ana", "Leo"]), acts, st.integers(0, 1), st.integers(0, 2)), max_size=16)


def do(ctx: Context, act: str, inquiry: int, talk: int, talks: list[int]) -> None:
    if act == "link":
        desk.inquiries.link(ctx, inquiry, [talk])
    elif act == "unlink":
        desk.inquiries.unlink(ctx, inquiry, [talk])
    elif act in ("scope", "everyone"):
        value = {"scope": "me" if act == "scope" else "everyone"}
        desk.inquiries.set(ctx, inquiry, desk.inquiries.get(ctx, inquiry).version, value)
    elif act == "remove":
        desk.inquiries.remove(ctx, inquiry)
    elif act == "take up":
        desk.inquiries.from_conversation(ctx, talk)
    elif act == "merge":
        desk.splitting.merge(ctx, talks[:2])
    elif act == "star":
        desk.triage.star(ctx, [talk], starred=True)
    else:
        undo.undo(ctx)


def standing(ctx: Context) -> dict[tuple[str, int], tuple[Any, ...]]:
    with ctx.store.connect() as connection:
        talks = connection.execute(select(_C.id, _C.inquiry_id, _C.scope, _C.starred, _C.merged_into))
        found = {("conversation", row.id): tuple(row)[1:] for row in talks}
        inquiries = connection.execute(select(_I.id, _I.scope, _I.removed_at))
        return found | {("inquiry", row.id): tuple(row)[1:] for row in inquiries}


def hidden(ctx: Context, stands: dict[tuple[str, int], tuple[Any, ...]]) -> set[tuple[str, int]]:
    """What the agent does not see."""
    place = {"conversation": 1, "inquiry": 0}
    return {key for key, values in stands.items() if not scope.sees(ctx.actor.scopes, values[place[key[0]]])}


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(steps)
def test_nothing_comes_to_light_by_taking_back(done: list[tuple[str, str, int, int]]) -> None:
    with tempfile.TemporaryDirectory() as directory:
        ana = make_house(Path(directory))
        desks = {"Ana": ana, "Leo": another(ana)}
        talks = conversations(ana, 3)
        made = [desk.inquiries.create(ana, {}, guest={"surname": name}) for name in ("Nowak", "Kowalska")]
        for who, act, which, place in done:
            ctx = desks[who]
            before = standing(ana)
            unseen = hidden(ctx, before)
            try:
                do(ctx, act, made[which], talks[place], talks)
            except CrmError:
                assert standing(ana) == before
            after = standing(ana)
            if act == "undo":
                still = hidden(ctx, after)
                for key in unseen:  # what stays hidden is as it was; of what is hidden nothing goes out
                    inquiry = ("inquiry", before[key][0]) if key[0] == "conversation" else key
                    assert inquiry not in still or after[key] == before[key]
            (found,) = [one for one in checking.check(ana) if one.name == "scopes"]
            assert found.ok, (found.text, who, act)
        ana.store.close()
