"""Problems of party building that occur in every sector. All invented."""

from __future__ import annotations

# fmt: off
from guatu.packs.theme_education.demo.lexicon.shapes import Subject

SUBJECTS: tuple[Subject, ...] = (
    Subject("party", "{w}组织生活记录不规范", ("机关党支部", "一线党小组", "退休党支部", "联合党支部"),
            "抽查{w}组织生活记录{m}份，{n}份缺讨论内容。",
            ("组织一次支部书记培训", "支部之间交叉检查")),
    Subject("party", "{w}流动党员联系不及时", ("外派岗位", "倒班岗位", "退休支部", "短期项目"),
            "{w}有{n}名党员两个月未参加组织生活。",
            ("建立联系人名单", "利用轮休时间补课")),
    Subject("party", "与{w}谈心谈话不经常", ("新提任干部", "困难职工", "青年骨干", "转岗人员"),
            "近半年与{w}谈心谈话只有{n}次。",
            ("班子成员分工联系", "谈话事项记入台账并跟踪")),
    Subject("conduct", "{w}整改台账更新不及时", ("支部", "工会", "安全", "质量"),
            "{w}整改台账{m}项中有{n}项进展超过一个月未更新。",
            ("责任人每周更新", "例会只看台账不另要材料")),
)
