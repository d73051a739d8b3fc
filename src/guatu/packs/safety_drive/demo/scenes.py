"""What the cast does beside the story: delegation, proposals, a sample, planned checks, findings, remarks, inboxes."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

from guatu.actions.burdens import report_burden
from guatu.actions.comments import add_comment
from guatu.actions.delegations import delegate
from guatu.actions.findings import plan_visit
from guatu.actions.proposals import decline, propose
from guatu.actions.reinspection import draw_sample
from guatu.actions.self_checks import send_self_check
from guatu.actions.urges import urge_items
from guatu.demo.desks import all_read, mostly_read
from guatu.demo.scenes import Scene, Stage
from guatu.packs.safety_drive.demo.cast import CAST
from guatu.packs.safety_drive.demo.org import CAST_COMPANY, CAST_SITE, OFFICE
from guatu.queries.proposal_checks import Wanted
from guatu.queries.sample_draw import Ask
from guatu.records.models import Item, Post, Proposal

_NEAR = f"{CAST_COMPANY}-04"
"""A sister site of the cast's, with hazards whose term is still running."""


def _draw(stage: Stage) -> None:
    draw_sample(
        stage.actor(OFFICE),
        campaign=stage.campaign,
        ask=Ask(date(2024, 6, 1), stage.day, "2024-07-15", per_unit=1, share=20),
        title="六月以来销号隐患复查",
    )


def _stands_in(stage: Stage) -> None:
    post = Post.objects.get(person__username="liuqinghe", role="filler", campaign=stage.campaign)
    delegate(
        stage.actor("liuqinghe"),
        campaign=stage.campaign,
        post=post.pk,
        taker="shijingming",
        first_day=stage.day,
        last_day=date(2024, 8, 2),
        reason="参加安全培训复训。",
    )


def _later_please(stage: Stage, below: str, by: str) -> Proposal | None:
    rows = stage.items("hazards", "doing", "open", below=below).filter(due__gt=stage.day, proposals=None)
    item = rows.order_by("due", "number").first()
    if item is None or item.due is None:
        return None
    return propose(
        stage.actor(by),
        campaign=stage.campaign,
        items=[item.pk],
        wanted=Wanted("extension", due=item.due + timedelta(days=10)),
        reason="更换的部件八月上旬到货，期间已设围挡并加密巡查。",
    )


def _refused(stage: Stage) -> None:
    row = _later_please(stage, _NEAR, next(_fillers(stage, CAST_COMPANY)))
    if row is not None:
        decline(
            stage.actor("tangxingjian"),
            campaign=stage.campaign,
            proposal=row.pk,
            answer="部件仓库有存货，可先调用，请按原时限整改。",
        )


def _fillers(stage: Stage, unit: str) -> Iterator[str]:
    return (post.username for post in stage.story.posts if post.unit == unit and post.role == "filler")


def _waits(stage: Stage) -> None:
    _later_please(stage, _NEAR, next(_fillers(stage, CAST_COMPANY)))


def _send(stage: Stage) -> None:
    case = (
        Item.objects.filter(campaign=stage.campaign, register="hazards", data__grade="major", phase="closed")
        .select_related("unit")
        .order_by("-number")
        .first()
    )
    if case is None:
        return
    units = [plan.code for plan in stage.story.units if plan.level == "third" and plan.code != case.unit.code]
    send_self_check(
        stage.actor(OFFICE),
        campaign=stage.campaign,
        case=case.pk,
        units=units[::3],
        question="对照这处重大隐患，逐处检查同类部位；有的，同时登记隐患并限期整改。",
        due=date(2024, 8, 9),
        reason="同类部位举一反三。",
    )


def _plan(stage: Stage) -> None:
    for quiet, day in ((True, date(2024, 8, 6)), (False, date(2024, 8, 8))):
        plan_visit(
            stage.actor("qinruochuan"),
            campaign=stage.campaign,
            unit=CAST_SITE,
            title="不打招呼检查：夜间作业" if quiet else "计划检查：整改落实情况",
            planned_on=day,
            fields={"unannounced": quiet},
        )


def _asks(stage: Stage) -> None:
    item = stage.items("hazards", "verifying", "applied", below=CAST_SITE).first()
    if item is not None:
        add_comment(
            stage.actor("luowentao"),
            campaign=stage.campaign,
            item=item.pk,
            text="@柳清和 整改后照片只有近景，请补一张能看清周围的。",
        )


def _urges(stage: Stage) -> None:
    item = stage.items("hazards", "doing", below=CAST_SITE).order_by("due", "number").first()
    if item is not None:
        urge_items(
            stage.actor(OFFICE),
            campaign=stage.campaign,
            items=[item.pk],
            text="时限将到，请抓紧整改并上传照片。",
        )


def _too_many_forms(stage: Stage) -> None:
    report_burden(
        stage.actor("taosiyuan"),
        campaign=stage.campaign,
        text="同一处隐患的照片，企业群里还要再发一遍，建议统一在系统里看。",
        named=True,
    )


def _evening(stage: Stage) -> None:
    mostly_read(stage, CAST)


SCENES = (
    Scene(date(2024, 7, 15), _draw),
    Scene(date(2024, 7, 24), _refused),
    Scene(date(2024, 7, 24), all_read),
    Scene(date(2024, 7, 25), _send),
    Scene(date(2024, 7, 29), _stands_in),
    Scene(date(2024, 7, 29), _waits),
    Scene(date(2024, 7, 30), _plan),
    Scene(date(2024, 7, 30), _asks),
    Scene(date(2024, 7, 30), _too_many_forms),
    Scene(date(2024, 7, 31), _urges),
    Scene(date(2024, 7, 31), _evening),
)
"""Late in the hours of their days."""
