"""Where an item is, in sentences; what changed since it was sent back. Pure rules, no database."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import pytest

from guatu.queries.addressees import Holder
from guatu.queries.item_now import named, now_said
from guatu.queries.item_since import since_return
from guatu.queries.pages import Event, FieldChange
from guatu.queries.waiting import asked, next_way
from tests.people import theme_pack

PACK = theme_pack()
FLOW = PACK.workflow("closed_loop")
ROOT, JIA, F1 = 1, 2, 4
LINE = (ROOT, JIA, F1)
DAY = date(2023, 11, 30)


def holder(name: str, role: str, at: int, team: bool = False, place: str = "") -> Holder:
    depth = LINE.index(at) + 1
    return Holder(
        int(name.encode().hex()[:12], 16),
        0,
        name,
        role,
        "",
        place or f"U{at}",
        None if team else at,
        3 if team else None,
        at,
        depth,
    )


LU = holder("陆文博", "filler", F1)
XU = holder("许志远", "team_leader", F1, team=True, place="第三督导组")
BAI = holder("白露霜", "team_member", F1, team=True, place="第三督导组")
LIN = holder("林晓岚", "office", ROOT)
EVERYBODY = (LU, XU, BAI, LIN)


def said(
    state: str, since: date = date(2023, 11, 28), holders: tuple[Holder, ...] = EVERYBODY, **tracks: Any
) -> str:
    row = {"state": state, "state_since": since, "data": {f"@{key}": value for key, value in tracks.items()}}
    return "".join(now_said(PACK, FLOW, row, LINE, ROOT, holders, DAY))


@pytest.mark.parametrize(
    ("state", "tracks", "sentence"),
    [
        ("doing", {}, "等U4填报员 陆文博办理“报审签”。自 2023-11-28 起，已 2 天。"),
        (
            "applied",
            {"act_by": "2023-12-05"},
            "等第三督导组 许志远、白露霜办理“受理核验”。自 2023-11-28 起，已 2 天。须在 2023-12-05 前办理。",
        ),
        ("applied", {"act_by": "2023-11-29"}, "审核超时 1 天（应于 2023-11-29 前办理，责任在审核单位）。"),
        (
            "on_notice",
            {"notice_until": "2023-12-05", "notice_kind": "public"},
            "公示期至 2023-12-05 止，期满且无异议方可销号。",
        ),
        (
            "on_notice",
            {"notice_until": "2023-12-05", "notice_kind": "within"},
            "一定范围内通报至 2023-12-05 止",
        ),
        (
            "referred",
            {"stopped_on": "2023-11-20", "act_by": "2023-11-27"},
            "责任单位的计时自 2023-11-20 起暂停。",
        ),
        (
            "referred",
            {"stopped_on": "2023-11-20", "act_by": "2023-11-27"},
            "已超过答复期限 3 天（应于 2023-11-27 前答复）。",
        ),
    ],
)
def test_it_is_told_for_whom_an_item_waits_since_when_and_until_when(
    state: str, tracks: dict[str, str], sentence: str
) -> None:
    assert sentence in said(state, **tracks)


def test_a_closed_item_waits_for_nobody_and_nothing_is_said() -> None:
    assert said("closed") == ""


def test_where_nobody_holds_the_post_the_office_is_named() -> None:
    assert "目前无人担任。请联系" in said("doing", holders=(LIN,))


def test_the_first_role_that_anybody_holds_is_asked_and_of_posts_the_nearest() -> None:
    way = next_way(FLOW, "applied", of_root=False)
    assert way is not None
    assert asked(way, LINE, ROOT, EVERYBODY) == (XU, BAI)
    assert asked(way, LINE, ROOT, (LIN,)) == (LIN,)
    far = holder("周启明", "filler", JIA)
    own = next_way(FLOW, "doing", of_root=False)
    assert own is not None
    assert asked(own, LINE, ROOT, (LU, far)) == (LU,)


def test_many_people_of_one_place_are_counted_after_the_sixth() -> None:
    crowd = [holder(f"成员{n}", "team_member", F1, team=True, place="第三督导组") for n in range(9)]
    assert named(crowd, PACK).endswith("成员5等 9 人")


def event(version: int, *changes: FieldChange, back: bool = False, reason: str = "") -> Event:
    at = datetime(2023, 11, version, tzinfo=UTC)
    tone = "back" if back else "plain"
    return Event(
        version, at, at.date(), "许志远", "", "", reason, changes, False, False, tone, version, moved=back
    )


def test_since_a_return_each_field_is_told_from_its_value_then_to_its_value_now() -> None:
    timeline = (
        event(6, FieldChange("佐证材料", "", "叫号统计"), reason="已补"),
        event(5, FieldChange("措施", "乙", "丙"), FieldChange("责任人", "甲", "乙")),
        event(4, FieldChange("措施", "甲", "乙"), FieldChange("责任人", "乙", "甲")),
        event(3, back=True, reason="缺等候时长"),
        event(2, back=True, reason="第一次"),
        event(1, FieldChange("措施", "", "甲")),
    )
    found = since_return(timeline, "状态", "佐证材料")
    assert found is not None
    assert found.changes == (FieldChange("措施", "甲", "丙"), FieldChange("责任人", "乙", "乙"))[:1]
    assert (found.added, found.said, found.reason, found.times) == (("叫号统计",), ("已补",), "缺等候时长", 2)


def test_what_was_never_sent_back_has_no_difference_to_show() -> None:
    assert since_return((event(1, FieldChange("措施", "", "甲")),), "状态", "佐证材料") is None
