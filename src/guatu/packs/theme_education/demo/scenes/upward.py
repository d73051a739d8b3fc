"""What units ask those above for: claimed with an item above, fresh ones that wait; and a case sent out for self-checks."""

from __future__ import annotations

from datetime import date

from guatu.actions.links import link_items
from guatu.actions.referral import Above, claim_referral
from guatu.actions.self_checks import send_self_check
from guatu.actions.workflow import Move, move_items
from guatu.demo.scenes import Scene, Stage
from guatu.packs.theme_education.demo.scenes.places import at, sisters
from guatu.records.models import Item

_QUESTION = "对照案例逐条检查：首次答复有没有时限，转办有没有人负责到底。有的，列入问题清单整改。"
_ASKED = 20


def _ask(stage: Stage, units: list[str], about: str, reason: str) -> None:
    """The first of the units with a problem under way that is about one of these words asks those above."""
    rows = [
        item
        for unit in units
        for item in stage.items("problems", "doing", below=unit).filter(proposals=None, restricted=False)
    ]
    fitting = [item for item in rows if any(word in item.title for word in about.split())]
    for item in (fitting or rows)[:1]:
        move_items(
            stage.filler(item.unit.code),
            campaign=stage.campaign,
            transition="refer_up",
            moves=[Move(item.pk, reason=reason)],
        )


def _first(stage: Stage) -> None:
    _ask(
        stage,
        sisters(stage, at(stage, "hejingyi")),
        "随访 报表",
        "信息系统接口由公司统一建设，单位无权改动，须由公司统筹。",
    )


def _claimed(stage: Stage) -> None:
    company = at(stage, "zhouqiming")
    for item in stage.items("problems", "referred", below=company):
        claim_referral(
            stage.post("zhouqiming", "liaison"),
            campaign=stage.campaign,
            item=item.pk,
            above=Above(title=f"统筹解决：{item.title}", due=date(2023, 12, 29)),
            reason="由公司信息部门列入十二月改造计划。",
        )
        return


def _second(stage: Stage) -> None:
    _ask(
        stage,
        sisters(stage, at(stage, "hejingyi")),
        "停车 休息条件 陪护 设施",
        "改造所需资金超出单位审批权限，已编好预算，须由公司审定。",
    )


def _third(stage: Stage) -> None:
    _ask(
        stage,
        [at(stage, "hejingyi")],
        "排队 预约 缴费 等候",
        "预约叫号系统由公司统一建设，增设时段和窗口须由公司安排改造。",
    )


def _send(stage: Stage) -> None:
    case = (
        Item.objects.filter(campaign=stage.campaign, register="cases", title__contains="投诉超期")
        .select_related("unit")
        .first()
    )
    if case is None:
        return
    known = set(
        Item.objects.filter(
            campaign=stage.campaign, register="self_checks", data__case=str(case.public_id)
        ).values_list("unit__code", flat=True)
    )
    sector = {plan.code: plan.sector for plan in stage.story.units}
    own = sector.get(case.unit.code[:5])
    units = [
        plan.code
        for plan in stage.story.units
        if plan.level == "third"
        and sector.get(plan.code[:5]) == own
        and plan.code not in known | {case.unit.code, at(stage, "hejingyi")}
    ]
    alive = {merger.unit for merger in stage.story.mergers}
    chosen = [unit for unit in units if unit not in alive][:: max(1, len(units) // _ASKED)][:_ASKED]
    if chosen:
        send_self_check(
            stage.actor("linxiaolan"),
            campaign=stage.campaign,
            case=case.pk,
            units=chosen,
            question=_QUESTION,
            due=date(2023, 11, 28),
            reason="同类单位举一反三。",
        )


def _answer(stage: Stage) -> None:
    """Most answer that they have nothing of the kind; those with such a problem on their list name it; some say nothing."""
    rows = Item.objects.filter(
        campaign=stage.campaign, register="self_checks", state="asked", due=date(2023, 11, 28)
    )
    for turn, item in enumerate(rows.select_related("unit").order_by("number")):
        if turn % 4 == 3:
            continue
        unit = item.unit.code
        actor = stage.filler(unit)
        same = (
            Item.objects.filter(
                campaign=stage.campaign, register="problems", unit=item.unit, phase="open", restricted=False
            )
            .filter(title__contains="投诉")
            .order_by("number")
            .first()
        )
        if same is not None:
            link_items(actor, campaign=stage.campaign, kind="found_in", source=same.pk, target=item.pk)
        said = (
            f"有同类情况，已列入问题清单（{same.number}）整改。"
            if same is not None
            else "对照案例逐条检查，投诉均在三个工作日内首次答复，未发现同类情况。"
        )
        move = Move(item.pk, fields={"exists": same is not None, "explanation": said})
        move_items(actor, campaign=stage.campaign, transition="answer", moves=[move])


SCENES = (
    Scene(date(2023, 11, 14), _send),
    Scene(date(2023, 11, 16), _first),
    Scene(date(2023, 11, 20), _claimed),
    Scene(date(2023, 11, 22), _answer),
    Scene(date(2023, 11, 28), _second),
    Scene(date(2023, 11, 29), _third),
)
