"""One document of each kind to lay a ruler on, all of it made up."""

from __future__ import annotations

from guatu.domain.document import (
    Annex,
    Attendance,
    BriefingFoot,
    BriefingHead,
    Column,
    Head,
    Heading,
    Imprint,
    Official,
    Paragraph,
    Run,
    Signatory,
    Signature,
    Table,
)

HAN = "坚持问题导向边学边查边改统筹安排有序推进各项重点任务落地见效形成工作闭环"
TEXT = Paragraph((Run(HAN * 4),))
SHORT = Paragraph((Run("各单位要压实责任，按期完成整改任务。"),))
TITLE = "关于做好整改工作的通知"
DAY = "2026年11月30日"
BODY = "华岳集团专项办公室"
TABLE = Table(
    tuple(Column(f"第{n}季度", 1, "right") for n in "一二三四"),
    tuple((str(n), str(2 * n), str(3 * n), str(4 * n)) for n in range(40)),
)


def _official(kind: str, **more: object) -> Official:
    given: dict[str, object] = {
        "kind": kind,
        "title": TITLE,
        "salutation": "各单位：",
        "blocks": (SHORT, TEXT),
    }
    return Official(**{**given, **more})  # type: ignore[arg-type]


SIGNED = Signature((BODY,), DAY)
IMPRINT = Imprint(("集团领导",), BODY, DAY)
BRIEFING = BriefingHead("工作简报", 12, BODY, DAY, 45)
DOCUMENTS: dict[str, Official] = {
    "正文": _official(
        "plain",
        blocks=(Heading(1, "一、总体情况"), Heading(2, "（一）进展"), *[TEXT] * 8),
        signature=SIGNED,
    ),
    "下行文": _official(
        "downward",
        head=Head("华岳集团文件", "华岳发〔2026〕1号"),
        blocks=(SHORT,),
        annexes=(Annex("任务分工表", (SHORT,)), Annex("季度进度表", (TABLE,), landscape=True)),
        signature=Signature((BODY,), DAY, "seal"),
        remark="联系人：林某",
        foot=IMPRINT,
    ),
    "上行文": _official(
        "upward", head=Head("华岳集团文件", "华岳发〔2026〕3号", signers=("林晓岚", "周明")), signature=SIGNED
    ),
    "函": _official("letter", head=Head("华岳集团", "华岳函〔2026〕2号"), signature=SIGNED),
    "简报": _official(
        "briefing", head=BRIEFING, foot=BriefingFoot(("集团领导",), ("各部门",), ("各单位",), 60)
    ),
    "令": _official(
        "order",
        salutation="",
        head=Head("华岳集团令", "第1号"),
        signature=Signature((BODY,), DAY, "name_seal", (Signatory("董事长", "林晓岚"),)),
    ),
    "纪要": _official(
        "minutes",
        salutation="",
        head=BriefingHead("专项工作会议纪要", 3, BODY, DAY),
        present=(Attendance("出席", ("林晓岚", "周明")), Attendance("请假", ("何静宜",))),
    ),
}
"""One document of each kind, all of it made up."""
