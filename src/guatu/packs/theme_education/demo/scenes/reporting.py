"""What was reported upward and when, one number told wrongly on the telephone and corrected, and a count from outside the system."""

from __future__ import annotations

from contextlib import suppress
from datetime import date

from guatu.actions.outside_rows import add_outside_row
from guatu.actions.sent_figures import Sending, correct_sent_figure, log_sent_figure
from guatu.demo.scenes import Scene, Stage
from guatu.domain.errors import BadInput
from guatu.packs.theme_education.demo.scenes.places import at
from guatu.records.models import SentFigure

_TO = "上级主题教育指导组"
_MEETING = date(2023, 11, 15)


def _reported(stage: Stage) -> None:
    """Four figures in a document, and one told on the telephone with two figures changed round."""
    office = stage.actor("linxiaolan")
    for key, variant in (
        ("issues_total", ""),
        ("issues_total", "upward"),
        ("issues_closed", ""),
        ("survey_visits", ""),
    ):
        log_sent_figure(
            office,
            campaign=stage.campaign,
            sending=Sending(
                figure=key,
                variant=variant,
                as_of=_MEETING,
                recipient=_TO if not variant else f"{_TO}（口径会）",
                channel="document",
                document="关于第二批主题教育进展情况的报告",
            ),
        )


def _told(stage: Stage) -> None:
    log_sent_figure(
        stage.actor("guxingzhou"),
        campaign=stage.campaign,
        sending=Sending(
            figure="cases_total",
            as_of=stage.day,
            recipient=f"{_TO}值班室",
            channel="telephone",
            said="51个",
        ),
    )


def _corrected(stage: Stage) -> None:
    """What was told wrongly is corrected as soon as it is noticed; so is a number that late entries have changed."""
    office = stage.actor("linxiaolan")
    for row in SentFigure.objects.filter(
        campaign=stage.campaign, figure__in=("cases_total", "survey_visits")
    ):
        with suppress(BadInput):  # nothing differs
            correct_sent_figure(
                office,
                campaign=stage.campaign,
                sent=row.public_id,
                cause="电话中口误，经与记录核对更正。"
                if row.figure == "cases_total"
                else "报送后各单位补录了此前的走访。",
                approver="沈怀瑾",
                document="关于更正有关数据的说明",
            )


def _outside(stage: Stage) -> None:
    """Study sessions of the posts abroad, told by letter."""
    add_outside_row(
        stage.actor("linxiaolan"),
        campaign=stage.campaign,
        figure="study_total",
        unit=at(stage, "zhouqiming"),
        counts_on=stage.day,
        value=12,
        label="境外项目部",
        document="境外机构学习情况函（11月）",
        approver="沈怀瑾",
    )


SCENES = (
    Scene(_MEETING, _reported),
    Scene(date(2023, 11, 20), _outside),
    Scene(date(2023, 11, 22), _told),
    Scene(date(2023, 11, 24), _corrected),
)
