"""The office gives a running campaign figures of its own, changes them, and retires them; nothing delivered is touched."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from guatu.actions.pack_changes import add_figure, change_figure, retire_figure
from guatu.domain.errors import BadInput, Conflict, NotAllowed, NotFound
from guatu.domain.figures.grammar import Figure
from guatu.domain.pack.figure_growing import declared, figure_labelled
from guatu.queries.figure_versions import figure_versions
from guatu.queries.figures import evaluate
from guatu.queries.statements import statements
from guatu.queries.verify import verify
from guatu.records.models import Batch, Campaign, PackVersion
from guatu.records.packs import pack_of, written_pack
from tests.people import World, small_world

pytestmark = pytest.mark.django_db
DAY = date(2023, 11, 6)


def figure(label: str = "民生问题", **more: Any) -> Figure:
    """Problems of one category, as the form would declare them."""
    return declared(
        {
            "key": "made_0",
            "label": label,
            "section": "自建",
            "definition": "民生类的问题。",
            "of": "problems",
            "agg": "count",
            "where": {"category": "livelihood"},
            "say": {"measures": ["个"], "nouns": ["民生问题"]},
            **more,
        }
    )


def add(world: World, who: str = "lin", label: str = "民生问题", **more: Any) -> Campaign:
    campaign = Campaign.objects.get(pk=world.campaign.pk)
    return add_figure(world.actor(who), campaign=campaign, figure=figure(label, **more))


def test_a_new_figure_is_counted_said_and_checked_at_once() -> None:
    world = small_world()
    world.problem("F1", DAY)
    campaign = add(world)
    made = figure_labelled(pack_of(campaign), "民生问题")
    assert (made.key, made.made, pack_of(campaign).version) == ("made_1", True, "1.0+1")
    read = Campaign.objects.get(pk=campaign.pk)
    assert evaluate(read, None, days=[DAY], actor=world.actor("lin")).result("made_1").value == 1
    told = {one.key: one for one in statements(read, day=DAY, actor=world.actor("lin"))}
    assert told["made_1"].text == "1个"
    assert told["made_1"].say.nouns == ("民生问题",)
    assert verify().broken == ""


def test_a_change_makes_a_version_and_keeps_the_old_one() -> None:
    world = small_world()
    campaign = add(world)
    before = pack_of(campaign).sha256
    other = figure(where={"category": "development"}, definition="发展类的问题。")
    change_figure(
        world.actor("lin"),
        campaign=campaign,
        figure=other.model_copy(update={"key": "made_1"}),
        reason="口径调整",
    )
    assert pack_of(campaign).version == "1.0+2"
    assert PackVersion.objects.filter(sha256=before).exists()
    told = figure_versions(world.actor("lin"), campaign, pack_of(campaign), "made_1")
    assert [(one.version, one.by, one.reason, one.says) for one in told] == [
        ("1.0+2", "林晓岚", "口径调整", "发展类的问题。"),
        ("1.0+1", "林晓岚", "民生问题", "民生类的问题。"),
    ]
    assert told[0].counts != told[1].counts
    assert verify().broken == ""


def test_the_versions_of_a_delivered_figure_are_one_however_the_pack_grew() -> None:
    world = small_world()
    campaign = add(world)
    told = figure_versions(world.actor("lin"), campaign, pack_of(campaign), "issues_total")
    assert [one.version for one in told] == ["1.0"]


def test_a_retired_figure_is_offered_no_longer_and_still_computed() -> None:
    world = small_world()
    world.problem("F1", DAY)
    campaign = add(world)
    retire_figure(world.actor("lin"), campaign=campaign, key="made_1", reason="不再使用")
    pack = pack_of(campaign)
    assert pack.figures["made_1"].retired
    actor = world.actor("lin")
    assert "made_1" not in evaluate(campaign, None, days=[DAY], actor=actor).figures
    assert evaluate(campaign, ["made_1"], days=[DAY], actor=actor).result("made_1").value == 1
    add_figure(actor, campaign=campaign, figure=figure())  # its name is free again
    assert figure_labelled(pack_of(campaign), "民生问题").key == "made_2"
    assert verify().broken == ""


def test_a_share_of_two_figures_made_by_clicks() -> None:
    world = small_world()
    world.problem("F1", DAY)
    campaign = add(world)
    add_figure(
        world.actor("lin"),
        campaign=campaign,
        figure=figure("民生占比", where={}, agg={"ratio": ["made_1", "issues_total"]}),
    )
    found = evaluate(campaign, ["made_2"], days=[DAY], actor=world.actor("lin"))
    assert found.printed("made_2").text == "100%"


@pytest.mark.parametrize(
    ("more", "words"),
    [
        ({"label": "问题清单"}, "已有名称为“问题清单”的统计项"),
        ({"where": {"nothing": "x"}}, "字段“nothing”不存在"),
        ({"where": {"category": "nothing"}}, "值“nothing”不存在"),
        ({"say": {"nouns": ["问题"]}}, "没有量词"),
        ({"agg": {"sum": "title"}}, "可求和的字段“title”不存在"),
        ({"agg": {"ratio": ["made_1", "made_1"]}, "where": {}}, "绕回了自身"),
        ({"agg": {"ratio": ["issues_total", "issues_closed"]}, "where": {}}, "不是同一份名单"),
        ({"time": {"flow": "title"}}, "日期字段“title”不存在"),
        ({"scope": {"level": "moon"}}, "层级“moon”不存在"),
        ({"of": "nowhere"}, "清单“nowhere”不存在"),
    ],
)
def test_what_does_not_fit_is_refused_with_a_sentence_and_changes_nothing(
    more: dict[str, Any], words: str
) -> None:
    world = small_world()
    before = Batch.objects.count()
    with pytest.raises(BadInput) as refused:
        add(world, **{"label": "新的", **more})
    assert words in str(refused.value)
    assert (Batch.objects.count(), PackVersion.objects.count()) == (before, 1)


def test_a_figure_of_the_delivered_pack_is_neither_changed_nor_retired() -> None:
    world = small_world()
    lin = world.actor("lin")
    mine = figure().model_copy(update={"key": "issues_total"})
    with pytest.raises(BadInput, match="是专项模板自带的"):
        change_figure(lin, campaign=world.campaign, figure=mine, reason="改")
    with pytest.raises(BadInput, match="是专项模板自带的"):
        retire_figure(lin, campaign=world.campaign, key="issues_total", reason="停")


def test_a_change_and_a_retirement_need_a_reason() -> None:
    world = small_world()
    campaign = add(world)
    lin = world.actor("lin")
    with pytest.raises(BadInput, match="请填写修改口径的原因"):
        change_figure(lin, campaign=campaign, figure=figure("别的"), reason=" ")
    with pytest.raises(BadInput, match="请填写停用的原因"):
        retire_figure(lin, campaign=campaign, key="made_1", reason="")


def test_the_second_of_two_who_change_a_figure_is_told() -> None:
    world = small_world()
    campaign = add(world)
    lin = world.actor("lin")
    first = written_pack(campaign).figures["made_1"]
    changed = first.model_copy(update={"definition": "改过的。"})
    change_figure(lin, campaign=campaign, figure=changed, base=first, reason="一")
    with pytest.raises(Conflict, match="刚才已被别人改过"):
        change_figure(lin, campaign=campaign, figure=changed, base=first, reason="二")


def test_only_the_office_of_the_campaign_makes_figures() -> None:
    world = small_world()
    for who in ("zhou", "lu", "ren", "xu", "gu"):
        with pytest.raises((NotAllowed, NotFound)):
            add(world, who)


def test_the_same_form_sent_twice_makes_one_figure() -> None:
    world = small_world()
    lin = world.actor("lin")
    campaign = Campaign.objects.get(pk=world.campaign.pk)
    for _time in range(2):
        add_figure(lin, campaign=campaign, figure=figure(), idempotency_key="once")
    assert pack_of(campaign).version == "1.0+1"
