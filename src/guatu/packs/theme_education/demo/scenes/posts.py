"""Delegations: one that is over, one in force on the last day; and what people wrote about burdens."""

from __future__ import annotations

from datetime import date

from guatu.actions.burdens import answer_burden, report_burden
from guatu.actions.delegations import delegate, end_delegation
from guatu.demo.scenes import Scene, Stage
from guatu.packs.theme_education.demo.scenes.places import at
from guatu.records.models import BurdenReport, Delegation, Post


def _give(stage: Stage, giver: str, role: str, taker: str, last: date, reason: str) -> None:
    post = Post.objects.get(person__username=giver, role=role, campaign=stage.campaign)
    delegate(
        stage.actor(giver),
        campaign=stage.campaign,
        post=post.pk,
        taker=taker,
        first_day=stage.day,
        last_day=last,
        reason=reason,
    )


def _while_travelling(stage: Stage) -> None:
    company = at(stage, "zhouqiming")
    deputy = next(p.username for p in stage.story.posts if p.unit == company and p.role == "filler")
    _give(stage, "zhouqiming", "liaison", deputy, date(2023, 10, 20), "到集团参加业务培训。")


def _back_early(stage: Stage) -> None:
    row = Delegation.objects.filter(giver__username="zhouqiming").last()
    if row is not None:
        end_delegation(
            stage.actor("zhouqiming"), campaign=stage.campaign, delegation=row.pk, reason="培训提前结束。"
        )


def _while_studying(stage: Stage) -> None:
    _give(stage, "hejingyi", "filler", "shaoqingyue", date(2023, 12, 4), "参加统计业务培训，下午不在岗。")


def _twice_asked(stage: Stage) -> None:
    report_burden(
        stage.actor("hanzhiwei"),
        campaign=stage.campaign,
        text="同一组走访数据，本周又让我们另填一张表报送，建议直接取用系统里的数。",
        page="/r/visits",
    )


def _one_table(stage: Stage) -> None:
    row = BurdenReport.objects.filter(campaign=stage.campaign, answer="").first()
    if row is not None:
        answer_burden(
            stage.actor("linxiaolan"),
            campaign=stage.campaign,
            report=row.pk,
            answer="已通知有关单位取消这张表，走访数据一律以系统为准。",
        )


def _too_short(stage: Stage) -> None:
    report_burden(
        stage.actor("hejingyi"),
        campaign=stage.campaign,
        text="对照自查的期限正赶上月底盘点，同一批人两头忙，建议错开月末。",
        page="/r/self_checks",
        named=True,
    )


SCENES = (
    Scene(date(2023, 10, 16), _while_travelling),
    Scene(date(2023, 10, 19), _back_early),
    Scene(date(2023, 11, 14), _twice_asked),
    Scene(date(2023, 11, 16), _one_table),
    Scene(date(2023, 11, 27), _while_studying),
    Scene(date(2023, 11, 29), _too_short),
)
