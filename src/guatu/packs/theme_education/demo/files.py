"""Files that a unit hands in with an application for close-out: what it says was done, its record of it, photographs."""

from __future__ import annotations

from datetime import date, timedelta

from guatu.demo.papers import Paper, Photo
from guatu.demo.plan import Picture
from guatu.packs.theme_education.demo.teller import Teller

_DONE = (
    "责任人逐条核对整改措施，主要负责人召开碰头会两次，明确由综合办公室跟踪落实。",
    "各项措施自立项次周起执行，班组每日登记，部门每周复核，至报审时连续两周没有再出现同类情况。",
    "征求了现场职工的意见，合理的建议已写进岗位作业要求。",
)
_CHECKED = (
    "第一周：查看现场三次，发现执行不到位一处，当日改正。",
    "第二周：查看现场三次，措施执行到位，记录齐全。",
    "第三周：随机询问职工五人，均知道新的要求。",
)


def files_for(teller: Teller, unit: str, title: str, day: date) -> tuple[Picture, ...]:
    """Two to four files, in turn another set: a statement, a record, photographs before and after."""
    turn = teller.turn("files")
    name = teller.org.shorts[unit]
    told = f"{day.year}年{day.month}月{day.day}日"
    statement = Paper(
        "整改情况说明", (f"问题：{title}。", *_DONE, "以上情况属实，申请销号。"), f"{name}　{told}", name
    )
    earlier = day - timedelta(days=30)
    found = [
        Picture("", "整改情况说明.pdf", statement),
        Picture("after_photo", "整改后现场.jpg", Photo(turn, True, f"整改后 {day.isoformat()}")),
    ]
    if turn % 3 != 2:
        found.append(
            Picture("before_photo", "整改前现场.jpg", Photo(turn, False, f"整改前 {earlier.isoformat()}"))
        )
    if turn % 2 == 0:
        record = Paper("现场检查记录", (f"检查事项：{title}。", *_CHECKED), f"检查人：综合办公室　{told}")
        found.append(Picture("", "现场检查记录.pdf", record))
    return tuple(found)
