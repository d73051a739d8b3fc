"""Proposals in each state: granted, refused, waiting for the liaison, for another unit's consent, for the office."""

from __future__ import annotations

from datetime import date, timedelta

from guatu.actions.proposals import approve, decline, propose
from guatu.demo.scenes import Scene, Stage
from guatu.packs.theme_education.demo.scenes.places import at, sisters
from guatu.queries.proposal_checks import Wanted
from guatu.records.models import Item, Proposal


def _timed(stage: Stage, unit: str, *, within: int) -> Item | None:
    """A problem under way whose last day is near, but has not passed."""
    rows = stage.items("problems", "doing", below=unit).filter(
        due__gt=stage.day, due__lte=stage.day + timedelta(days=within), proposals=None
    )
    return rows.order_by("due", "number").first()


def _later_please(stage: Stage) -> None:
    item = _timed(stage, at(stage, "hanzhiwei"), within=60)
    if item is not None:
        propose(
            stage.actor("hanzhiwei"),
            campaign=stage.campaign,
            items=[item.pk],
            wanted=Wanted("extension", due=_later(item, 20)),
            reason="配套设备到货推迟，采购合同和供方说明已存档备查。",
        )


def _later(item: Item, days: int) -> date:
    assert item.due is not None  # what is asked for later has a day
    return item.due + timedelta(days=days)


def _granted(stage: Stage) -> None:
    row = Proposal.objects.filter(kind="extension", state="waiting").first()
    if row is not None:
        approve(
            stage.actor("luwenbo"),
            campaign=stage.campaign,
            proposal=row.pk,
            answer="同意，过渡措施照常执行。",
        )


def _not_ours(stage: Stage) -> None:
    item = stage.items("problems", "doing", below=at(stage, "hanzhiwei")).filter(proposals=None).last()
    if item is not None:
        propose(
            stage.actor("hanzhiwei"),
            campaign=stage.campaign,
            items=[item.pk],
            wanted=Wanted("void"),
            reason="与上年已办结的问题相近，建议撤销。",
        )


def _refused(stage: Stage) -> None:
    row = Proposal.objects.filter(kind="void", state="waiting").first()
    if row is not None:
        decline(
            stage.actor("linxiaolan"),
            campaign=stage.campaign,
            proposal=row.pk,
            answer="上年办结后又出现，正说明措施没有坚持，请继续整改。",
        )


def _waits_for_the_liaison(stage: Stage) -> None:
    item = _timed(stage, at(stage, "hejingyi"), within=40)
    if item is not None:
        propose(
            stage.actor("hejingyi"),
            campaign=stage.campaign,
            items=[item.pk],
            wanted=Wanted("extension", due=_later(item, 31)),
            reason="整改须与公司修订有关规定同步进行，修订稿定于十二月下旬印发。",
        )


def _waits_for_consent(stage: Stage) -> None:
    unit = at(stage, "hejingyi")
    for sister in sisters(stage, unit):
        item = stage.items("problems", "doing", below=sister).filter(proposals=None).last()
        if item is not None:
            propose(
                stage.filler(sister),
                campaign=stage.campaign,
                items=[item.pk],
                wanted=Wanted("transfer", to=unit),
                reason="该场所十月起已由贵单位统一管理，整改条件在贵单位。",
            )
            return


def _waits_for_the_office(stage: Stage) -> None:
    """The liaison finds two problems in one company that say the same."""
    known: dict[tuple[str, str], Item] = {}
    for item in stage.items("problems", "doing", "open", below=at(stage, "luwenbo")).filter(proposals=None):
        other = known.setdefault((item.unit.code, item.title), item)
        if other is not item:
            propose(
                stage.actor("luwenbo"),
                campaign=stage.campaign,
                items=[item.pk],
                wanted=Wanted("merge", into=other.pk),
                reason="两项说的是同一件事，分两次列入，建议并为一项办理。",
            )
            return


SCENES = (
    Scene(date(2023, 11, 13), _later_please),
    Scene(date(2023, 11, 15), _granted),
    Scene(date(2023, 11, 20), _not_ours),
    Scene(date(2023, 11, 22), _refused),
    Scene(date(2023, 11, 28), _waits_for_consent),
    Scene(date(2023, 11, 29), _waits_for_the_liaison),
    Scene(date(2023, 11, 29), _waits_for_the_office),
)
