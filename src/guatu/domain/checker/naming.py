"""A figure called by its full name: 督导记录100次, 215家三级单位 need nothing else that speaks for them.

Strict on purpose. The name must be all that the clause says beside the number, apart from words that change nothing
(全集团, 共, 截至…). Where a single other word stands there, the name proves nothing and the usual scores decide.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property

from guatu.domain.checker import words
from guatu.domain.checker.surroundings import Surroundings, is_class_of_units
from guatu.domain.statements import Statement

_COUNTED_AS = re.compile(r"(?:场次|家次|次数|人数|数量|总数)$")
_SHORT = 3  # a name up to this long is common: the whole sentence must be about such things
_NEUTRAL = (
    "本集团 我集团 本公司 我公司 全集团 集团公司 集团 全系统 各级 各单位 各基层单位 基层 所属 下属 全部 全体 共计 合计 总计 累计 共有 现有 设有 拥有 共 总数量 "
    "总数 总量 人数 数量 数额 总额 金额 次数 达到 达 为 已经 已 现 了 的 等 和 及 其 数 总"
).split()
_VERBS = (
    "召开 举办 举行 开展 组织 制定 建立 编发 编印 印发 分解下达 分解 下达 列出 形成 登记 实现 取得".split()
)
_TAILS = "参加 参与".split()
# What says of a sentence that its numbers are aims, parts, averages or another time's; of a clause, that they compare.
_ELSE = re.compile(
    "下一步|下阶段|计划(?!推进)|拟|将|目标|力争|预计|预期|争取|确保|应当|不得|要求|每|平均|人均|户均|日均|其中|"
    "去年|上年|前年|往年|历年|明年|来年|上月|上周|上期|上季度|新增|净增"
)
_COMPARED = re.compile("同比|环比|较|比|同期|增加|减少|增长|下降|另")
_FOREIGN = re.compile(
    rf"([\u4e00-\u9fff]{{2,8}}?)(?:{words.ORG_TAILS}|省|市|县|区|镇|乡|街道|社区|支部|项目部|委员会|办事处|厅|站|队)"
)
_OUTLINE = re.compile(r"^\s*(?:[（(][一二三四五六七八九十\d]{1,3}[）)]|[一二三四五六七八九十\d]{1,3}[、.．])")
_CHINESE = re.compile(r"[\u4e00-\u9fff]")


def _alternatives(parts: Iterable[str]) -> re.Pattern[str]:
    return re.compile("|".join(re.escape(one) for one in sorted(set(parts), key=len, reverse=True) if one))


def _time_until(day: str, campaign: Sequence[str]) -> str:
    """A pattern of the time expressions that end on the ISO `day` and begin with the year or the campaign."""
    begun = "".join(f"|{re.escape(name)}开展" for name in campaign)
    year, month, dom = (int(part) for part in day.split("-"))
    this = rf"(?:{year}年|今年|本年)"
    upto = rf"(?:{this}?{month}月(?:{dom}日|底|末)|目前|{this}底?)"
    return rf"(?:截至|截止到?)?{upto}|{this}?1月?[—\-~至到]{month}月|(?:今年|年初|活动开展{begun}|启动)以来"


@dataclass(frozen=True, slots=True)
class Name:
    """One way to call a figure; `label` when it is the figure's own title."""

    text: str
    label: bool


class Names:
    """The names of all figures together, so that a name says whether it is one figure's alone."""

    def __init__(
        self,
        statements: Sequence[Statement],
        own_names: Sequence[str] = (),
        campaign_names: Sequence[str] = (),
    ) -> None:
        self._own_names = tuple(own_names)
        self._campaign = tuple(campaign_names)
        self._plain = (*self._own_names, *_NEUTRAL, *_VERBS, *_TAILS, *self._campaign)
        self._of = {one.key: _names_of(one) for one in statements}
        self._statements = statements
        self._owners = Counter(name.text for names in self._of.values() for name in names)
        self._own: dict[str, re.Pattern[str]] = {}

    @cached_property
    def _known(self) -> re.Pattern[str]:
        """Every word of every figure: what a sentence of such a report is made of."""
        told = [w for s in self._statements for w in (*s.say.nouns, *s.say.verbs, *s.say.context)]
        names = [name.text for names in self._of.values() for name in names]
        return _alternatives((*told, *names, *self._plain))

    def _explained(self, statement: Statement) -> re.Pattern[str]:
        if statement.key not in self._own:
            say = statement.say
            spoken = _alternatives((*say.verbs, *say.context, *self._plain)).pattern
            pattern = f"{_time_until(statement.as_of, self._campaign)}|{spoken}"
            if say.measures == ("元",):
                pattern += "|完成"
            self._own[statement.key] = re.compile(pattern)
        return self._own[statement.key]

    def name_of(self, statement: Statement, around: Surroundings) -> str:
        """The name by which the clause calls `statement`, or nothing when it says anything else as well."""
        said = f"{around.before} {around.after}"
        noun = around.noun if around.noun_follows else ""
        for spelled in (said.replace(" ", ""), said):
            for name in self._of[statement.key]:
                if noun and noun not in name.text and name.text not in noun:
                    continue  # 重点任务5个方面: what is counted stands after the number
                if name.text in spelled and self._enough(statement, name, spelled):
                    rest = spelled.replace(name.text, " ", 1)
                    if self._nothing_else(statement, name, rest, around):
                        return name.text
        return ""

    def _enough(self, statement: Statement, name: Name, said: str) -> bool:
        alone = self._owners[name.text] == 1
        if name.label and alone:
            return True
        rest = said.replace(name.text, " ", 1)
        verb = any(one in rest for one in statement.say.verbs)
        if statement.say.verbs and not verb:
            return False
        return len(name.text) >= _SHORT or (alone and verb)

    @staticmethod
    def _plain_column(column: str) -> bool:
        return not column.strip("数值量合计总单位个家名次项元期场 ") and "\t" not in column

    def _nothing_else(self, statement: Statement, name: Name, rest: str, around: Surroundings) -> bool:
        sentence = re.split("[；;]", around.sentence_before)[-1] + around.after
        if (
            _ELSE.search(sentence.replace(name.text, " "))
            or _COMPARED.search(around.clause.replace(name.text, " "))
            or around.organisation
            or not self._plain_column(around.column)
        ):
            return False
        left = self._explained(statement).sub(" ", _OUTLINE.sub("", rest))
        if _CHINESE.search(left):
            return False
        short = len(name.text) <= _SHORT
        earlier = around.earlier_sentence if short else around.earlier_clause
        time = _time_until(statement.as_of, self._campaign)
        if _CHINESE.search(re.sub(time, " ", self._known.sub(" ", _OUTLINE.sub("", earlier)))):
            return False
        if (
            short
            and around.after.strip()
            and around.next_clause
            and not self._known.match(around.next_clause)
        ):
            return False  # 30名职工，主动报名…: some of them, who then do something
        return all(self._ours(found) for found in _FOREIGN.finditer(around.paragraph_before))

    def _ours(self, found: re.Match[str]) -> bool:
        return is_class_of_units(found[1], self._campaign) or any(
            own in found.group() for own in self._own_names
        )


def _names_of(statement: Statement) -> tuple[Name, ...]:
    nouns = statement.say.nouns
    if not nouns:
        return ()  # nothing is declared about how texts speak of it: its title is no name either
    titles = {statement.label, _COUNTED_AS.sub("", statement.label)}
    names = [Name(title, True) for title in titles if len(title) >= 2]
    names += [Name(noun, False) for noun in nouns if len(noun) >= 2 and noun not in titles]
    return tuple(sorted(names, key=lambda name: len(name.text), reverse=True))
