"""Close-outs that went another way: sent back and handed in again with changes, signed on paper, objected to on notice."""

from __future__ import annotations

from datetime import date

from guatu.actions.items import Edit, edit_items
from guatu.actions.notice import answer_objection, raise_objection
from guatu.actions.workflow import Move, move_items
from guatu.demo.papers import Paper, Photo
from guatu.demo.scenes import Scene, Stage, fields_of, handed_in
from guatu.packs.theme_education.demo.scenes.places import team_units
from guatu.queries.signed_versions import current_code
from guatu.records.models import Item, Objection

_BACK = "佐证只有通知，没有夜班的落实情况；措施也没有对应到责任人，请补充后再报。"
_SAID = "已补充夜班检查记录和现场照片，措施逐条对应到责任人。"


def _mine(stage: Stage, state: str) -> list[Item]:
    """What the cast's team has before it in this state, outside the unit of the cast."""
    rows = stage.items("problems", state).filter(unit__code__in=team_units(stage, "xuzhiyuan"))
    return list(rows)


def _sent_back(stage: Stage) -> None:
    found = [item for item in _mine(stage, "applied") if item.round == 1]
    if len(found) > 1:
        move_items(
            stage.actor("xuzhiyuan"),
            campaign=stage.campaign,
            transition="send_back",
            moves=[Move(found[0].pk, reason=_BACK)],
        )


def _again(stage: Stage) -> Item | None:
    return next((item for item in _mine(stage, "returned") if item.data.get("@sent_back")), None)


def _handed_in_again(stage: Stage) -> None:
    item = _again(stage)
    if item is None:
        return
    unit, campaign = item.unit.code, stage.campaign
    measures = str(fields_of(item).get("measures_text") or "")
    edit_items(
        stage.filler(unit),
        campaign=campaign,
        edits=[
            Edit(
                item.pk,
                {
                    "measures_text": f"{measures}夜班由带班负责人每晚检查一次并签名，检查情况次日早会通报。",
                    "result": "夜班检查连续十二日，均按要求执行；职工回访五人，反映情况已改善。",
                },
            )
        ],
    )
    record = Paper(
        "夜班检查记录",
        (f"检查事项：{item.title}。", "检查人按班次签名，共十二次，发现执行不到位一处，当夜改正。"),
        f"{item.unit.short_name}　2023年11月28日",
        item.unit.short_name,
    )
    move_items(
        stage.filler(unit),
        campaign=campaign,
        transition="submit_for_signature",
        moves=[
            Move(
                item.pk,
                reason=_SAID,
                evidence=(
                    handed_in(record, "夜班检查记录.pdf"),
                    handed_in(Photo(90, True, "夜班现场 2023-11-27"), "夜班现场.jpg", "after_photo"),
                ),
            )
        ],
    )
    move_items(stage.head(unit), campaign=campaign, transition="sign_off", moves=[Move(item.pk)])
    move_items(stage.actor("bailu"), campaign=campaign, transition="take_up", moves=[Move(item.pk)])


def _signed_on_paper(stage: Stage) -> None:
    """A head who is away signs the printed sheet; whoever fills hands the scan in with the sheet's version code."""
    own = {post.unit for post in stage.story.posts if post.username == "shaoqingyue"}
    for item in _mine(stage, "signing"):
        if item.unit.code in own:
            continue
        code = str(current_code(item))
        sheet = Paper(
            "销号审签表",
            (f"事项：{item.number}　{item.title}。", "整改措施已落实，佐证齐全，同意申请销号。"),
            f"单位负责人（签字）　2023年11月{stage.day.day}日",
            item.unit.short_name,
            f"版本码 {code}",
        )
        move_items(
            stage.filler(item.unit.code),
            campaign=stage.campaign,
            transition="sign_on_paper",
            moves=[
                Move(item.pk, sheet=code, evidence=(handed_in(sheet, "审签表（签字）.pdf", "signed_sheet"),))
            ],
        )
        return


def _objected(stage: Stage) -> None:
    """Two people object to what is on notice; one has an answer, one waits for it."""
    found = [
        item for item in stage.items("problems", "on_notice") if item.data.get("@notice_kind") == "public"
    ]
    said = (
        ("公示的措施没有写完成时间，希望写明。", "职工代表"),
        ("公示说每周检查一次，近两周没有看到检查记录。", ""),
    )
    for item, (text, who) in zip(found, said, strict=False):
        raise_objection(
            stage.actor("linxiaolan"), campaign=stage.campaign, item=item.pk, text=text, raised_by=who
        )


def _answered(stage: Stage) -> None:
    row = Objection.objects.filter(item__campaign=stage.campaign, upheld=None).order_by("pk").first()
    if row is not None:
        answer_objection(
            stage.actor("linxiaolan"),
            campaign=stage.campaign,
            objection=row.pk,
            upheld=False,
            answer="经核实，各项措施的完成时间已在公示栏补上，并已当面告知提出人。",
        )


SCENES = (
    Scene(date(2023, 11, 27), _sent_back),
    Scene(date(2023, 11, 29), _handed_in_again),
    Scene(date(2023, 11, 29), _signed_on_paper),
    Scene(date(2023, 11, 30), _objected),
    Scene(date(2023, 11, 30), _answered),
)
