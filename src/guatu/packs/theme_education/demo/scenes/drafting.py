"""Documents: two issues of the briefing, each drafted by one, checked by the other, signed and issued, and a report that is being written."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import date
from typing import Any

from guatu.actions.comments import add_comment
from guatu.actions.document_sections import assign_sections, finish_section
from guatu.actions.documents import create_document, save_body
from guatu.actions.issuing import Issuing
from guatu.actions.workflow import Move, move_items
from guatu.demo.scenes import Scene, Stage
from guatu.domain.errors import BadInput
from guatu.domain.writing.body import (
    AnnexPart,
    Body,
    ChartBlock,
    FiguresBlock,
    HeadingBlock,
    ParagraphBlock,
    UnitsBlock,
    sections_of,
    texts_of,
)
from guatu.exchange.issued_files import issue_document
from guatu.packs.theme_education.demo.scenes.places import at
from guatu.packs.theme_education.demo.scenes.pooling import told
from guatu.queries.documents import body_in
from guatu.queries.materials import MARK
from guatu.records.models import Item

SERIES = "主题教育简报"
TITLES = {1: "问题清单全面建立，整改销号有序推进", 2: "对照清单逐项核对，整改销号继续推进"}
TOLD = {
    1: ("窗口跟着人流走", "班车时刻由班次定"),
    2: ("小额委托一张单子办完", "一个数只填一次", "大厅里有人陪到底"),
}
"""Which entries of the pool each issue tells; the report tells one more."""
IN_REPORT = "一处告警，三级接应"
PRACTICE = "practice"
FIRST, SECOND = date(2023, 11, 10), date(2023, 11, 24)
"""The days of the two issues' numbers; each is signed on the next working day."""
REPORT = date(2023, 11, 29)


def _text(paragraphs: Iterable[tuple[str, str]], *tail: Any) -> Body:
    blocks: list[Any] = []
    for heading, text in paragraphs:
        blocks.append(HeadingBlock(id=f"h{len(blocks)}", text=heading))
        blocks.append(ParagraphBlock(id=f"p{len(blocks)}", text=text))
    return Body(blocks=(*blocks, *tail))


def _first_text() -> Body:
    return _text(
        (
            (
                "问题整改进展",
                "截至{as_of}，各单位检视查找问题{issues_total}，已销号{issues_closed}，其余{issues_open}正在整改。",
            ),
            ("调查研究", "三级企业领导干部累计开展调研{survey_visits}，现场解决问题{survey_solved}。"),
            ("下一步", "请各单位对照清单逐项核对进度，十一月底前把能办结的办结，办不结的说明原因。"),
        ),
        UnitsBlock(
            id="u1",
            figure="issues_closed",
            order="most",
            count=5,
            level="second",
            caption="销号较多的二级公司",
        ),
    )


def _with_practice(body: Body, told: Sequence[ParagraphBlock]) -> Body:
    """The body with these entries of the pool before its last section, in the place of those of an earlier issue."""
    own = [block for block in body.blocks if block.id != PRACTICE and not block.source.startswith(MARK)]
    if not told:
        return replace(body, blocks=tuple(own))
    place = next(n for n, block in enumerate(own) if block.id == "h4")
    heading = HeadingBlock(id=PRACTICE, text="典型做法")
    return replace(body, blocks=(*own[:place], heading, *told, *own[place:]))


def _second_text(earlier: Body) -> Body:
    """The first issue gone on with: the same blocks, another last paragraph, a trend."""
    blocks = tuple(
        replace(block, text="请各单位按月报反映的情况补齐短板，未报的抓紧报送。")
        if isinstance(block, ParagraphBlock) and block.id == "p5"
        else block
        for block in earlier.blocks
    )
    trend = ChartBlock(
        id="c1", chart="trend", figures=("issues_closed",), days=70, step=7, caption="已销号问题趋势"
    )
    return replace(earlier, blocks=(*blocks, trend))


def _document(stage: Stage, title: str) -> Item:
    return Item.objects.get(campaign=stage.campaign, register="documents", title=title)


def _drafted(stage: Stage, by: str, issue: int, earlier: Item | None) -> None:
    """One issue drafted and handed in for checking."""
    who = stage.actor(by)
    made = create_document(
        who,
        campaign=stage.campaign,
        unit=at(stage, by),
        kind="briefing",
        as_of=stage.day,
        title=TITLES[issue],
        copy_of=earlier.pk if earlier else None,
        fields={"series": SERIES, "issue": issue},
    )
    body = _second_text(body_in(earlier)) if earlier else _first_text()
    body = _with_practice(body, told(stage, by, *TOLD[issue]))
    saved = save_body(who, campaign=stage.campaign, document=made.pk, body=body, base_version=made.version)
    _step(stage, by, "hand_in", saved.document)


def _step(stage: Stage, by: str, transition: str, document: Item) -> None:
    move_items(stage.actor(by), campaign=stage.campaign, transition=transition, moves=[Move(document.pk)])


def _first(stage: Stage) -> None:
    _drafted(stage, "guxingzhou", 1, None)


def _signed(stage: Stage, by: str, issue: int, as_of: date) -> None:
    """One issue checked by the other, signed by the leader and issued: its numbers are kept as they are now."""
    document = _document(stage, TITLES[issue])
    _step(stage, by, "check", document)
    _step(stage, "shenhuaijin", "sign", document)
    issuing = Issuing(as_of=as_of, document=document.pk, sources=True, differences=issue > 1)
    with suppress(BadInput):  # with other totals there may be nothing to say of a number
        issue_document(stage.actor(by), campaign=stage.campaign, issuing=issuing)


def _first_signed(stage: Stage) -> None:
    _signed(stage, "linxiaolan", 1, FIRST)


def _second(stage: Stage) -> None:
    _drafted(stage, "linxiaolan", 2, _document(stage, TITLES[1]))


def _second_signed(stage: Stage) -> None:
    _signed(stage, "guxingzhou", 2, SECOND)


def _report(stage: Stage) -> None:
    """The report to the superior, begun from the template; two of its sections are the colleague's."""
    office = stage.actor("linxiaolan")
    made = create_document(
        office,
        campaign=stage.campaign,
        unit=at(stage, "linxiaolan"),
        kind="report",
        as_of=stage.day,
        template="summary",
        due=date(2023, 12, 1),
    )
    body = body_in(made)
    table = FiguresBlock(id="f1", figures=("issues_total", "issues_closed", "plans_total"), by="units")
    body = replace(body, annexes=(AnnexPart(id="a1", title="各二级公司问题和方案一览", blocks=(table,)),))
    last = sections_of(body)[-1].blocks  # what is to be done next: the practice belongs to what was done
    behind = body.blocks[: -len(last)]
    body = replace(body, blocks=(*behind, *told(stage, "linxiaolan", IN_REPORT), *last))
    saved = save_body(office, campaign=stage.campaign, document=made.pk, body=body, base_version=made.version)
    headings = [section.heading for section in sections_of(saved.body) if section.heading]
    colleague = stage.person("guxingzhou").pk
    assign_sections(
        office,
        campaign=stage.campaign,
        document=made.pk,
        people={headings[2]: colleague, headings[4]: colleague},
    )


def _reports(stage: Stage) -> Item | None:
    rows = Item.objects.filter(campaign=stage.campaign, register="documents", state="drafted")
    return rows.order_by("-pk").first()


def _colleague_writes(stage: Stage) -> None:
    """The colleague writes one of the two, is done with it, and asks about a number in the other."""
    document = _reports(stage)
    if document is None:
        return
    who = stage.actor("guxingzhou")
    body = body_in(document)
    own = [section for section in sections_of(body) if section.heading][2]
    added = ParagraphBlock(
        id="g1",
        text="调研坚持问题导向，现场能解决的当场解决，累计{survey_solved}；不能当场解决的列入清单跟踪。",
    )
    place = body.blocks.index(own.blocks[-1]) + 1
    body = replace(body, blocks=(*body.blocks[:place], added, *body.blocks[place:]))
    saved = save_body(
        who, campaign=stage.campaign, document=document.pk, body=body, base_version=document.version
    )
    finish_section(who, campaign=stage.campaign, document=document.pk, heading=own.heading)
    other = [section for section in sections_of(saved.body) if section.heading][4]
    add_comment(
        who,
        campaign=stage.campaign,
        item=document.pk,
        text="@林晓岚 这一部分要不要把反弹的也写上？已销号的数没有扣反弹。",
        anchor=next((one.id for one in other.blocks if "{issues_closed}" in texts_of(one)[0]), other.heading),
    )


SCENES = (
    Scene(FIRST, _first),
    Scene(date(2023, 11, 13), _first_signed),
    Scene(SECOND, _second),
    Scene(date(2023, 11, 27), _second_signed),
    Scene(REPORT, _report),
    Scene(date(2023, 11, 30), _colleague_writes),
)
