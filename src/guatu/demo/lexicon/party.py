"""Problems of party building that occur in every sector. All invented."""

from __future__ import annotations

# fmt: off
from guatu.demo.lexicon.shapes import Subject

SUBJECTS: tuple[Subject, ...] = (
    Subject("party", "{w}组织生活记录不规范", ("项目部", "一线班组", "机关部门", "外派人员"),
            "抽查{w}组织生活记录{m}份，{n}份缺讨论内容。",
            ("组织书记培训一次", "支部之间交叉检查")),
    Subject("party", "{w}流动党员联系不及时", ("外派人员", "倒班人员", "退休人员", "劳务人员"),
            "{w}中有{n}人两个月未参加组织生活。",
            ("建立联系人名单", "利用轮休时间补课")),
    Subject("party", "{w}谈心谈话不经常", ("新提任干部", "困难职工", "青年骨干", "转岗人员"),
            "近半年与{w}谈心谈话只有{n}次。",
            ("班子成员分工联系", "谈话事项记入台账并跟踪")),
    Subject("conduct", "{w}整改台账更新不及时", ("支部", "工会", "安全", "质量"),
            "{w}台账{m}项中{n}项进展超过一个月未更新。",
            ("责任人每周更新", "例会只看台账不另要材料")),
)
