"""Which of our figures a numeral states. Never by its value: by measure, noun, verb and context.

Worked numbers are on docs/figures/checker.md. A candidate that wins by too little, or whose phrase holds a word that
nothing explains, makes the numeral ambiguous.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from guatu.domain.checker import words
from guatu.domain.checker.naming import Names
from guatu.domain.checker.numerals import Reading
from guatu.domain.checker.readings import CheckedFigure, Numeral
from guatu.domain.checker.surroundings import Surroundings
from guatu.domain.statements import Statement

MARGIN = 0.75
NAMED = 6.0  # a figure called by its full name is ahead of any that only its context speaks for
# What must speak for a figure beside its noun: common short nouns (问题, 县) prove little by themselves.
EVIDENCE = {1: 1.3, 2: 1.3, 3: 0.8}
EVIDENCE_LONG = 0.5
_FAMILIES = (
    frozenset("个 项 条 件".split()),
    frozenset("名 人 位".split()),
    frozenset("次 场 场次".split()),
    frozenset("家 个 户".split()),
    frozenset("家 家次".split()),
    frozenset("次 人次".split()) - frozenset(["人次"]),
)
# Words that say in which state or share of the whole the counted things are: to be explained, never skipped.
_STATES = (
    "未销号 销号 完成 办结 整改 解决 其余 剩余 余下 新增 逾期 超期 滞后 反弹 延期 退回 立案 查处 其中 拟 计划 争取 力争 去年 上年 同期 上月 "
    "上季度 下一步 明年 预计 重大 重点 安全 一般 涉及"
).split()
_AHEAD = re.compile("下一步|下阶段|下一阶段|明年|来年|今后")  # what the sentence tells has not happened yet
_GENERIC = sorted(
    "各级 各单位 各基层单位 基层单位 全集团 集团公司 全系统 集团 党组 公司 系统 所属 累计 共计 合计 总计 总数 共 分别 已经 已 均 正在 正 的 了 等 "
    "及 和 与 在 中 开展 组织 进行 召开 举办 各 全部 全体 全 现有 现 有 达到 达 为 由 其 对 第二批 第一批 单位 本 该 先后 并 也 还 又 一体 谋划 推进 扎实 深入 "
    "围绕 切实 领导小组 办公室".split(),
    key=len,
    reverse=True,
)


@dataclass(frozen=True, slots=True)
class Candidate:
    """A figure that a numeral may state: `likely` enough to be shown, `proven` enough to be taken."""

    statement: Statement
    score: float
    noun: str
    likely: bool
    proven: bool
    drift: bool
    named: bool = False


_LEVEL = re.compile(
    r"[一二三四五]级(?=[企单公党机部])|总部|本部|机关(?!报)|集团级|集团领导(?!小组|干部|人员)|[省市县区]级"
)


@dataclass(frozen=True, slots=True)
class Bound:
    """A numeral's verdict and, when it was bound, the statement and whether the noun beside it is another's."""

    figure: CheckedFigure
    statement: Statement | None
    drift: bool


def _measure_score(numeral: Numeral, statement: Statement) -> float | None:
    """0 for a measure of ours, below for a near one, None when the gate stays shut."""
    measures = statement.say.measures
    measure = numeral.measure
    if measure in measures:
        return 0.0
    if measure in ("%", "‰"):
        return 0.0 if "%" in statement.text and not measures else None
    if not measures:
        return 0.0 if measure and statement.text.endswith(measure) else None
    if measure == "":
        return -0.5 if numeral.noun else None
    if any(measure in family and measures[0] in family for family in _FAMILIES):
        return -0.5
    return None


def fits_measure(numeral: Numeral, statement: Statement) -> bool:
    """Whether the numeral's measure word is the figure's or near to it."""
    return _measure_score(numeral, statement) is not None


def measures_alike(measure: str, measures: Sequence[str]) -> bool:
    """Whether a number in `measure` can be a figure that is printed with one of `measures`."""
    if not measure or not measures or measure in measures:
        return True
    return any(measure in family and measures[0] in family for family in _FAMILIES)


def speaks_ahead(around: Surroundings) -> bool:
    """Whether the sentence tells what has not happened yet."""
    return bool(_AHEAD.search(around.sentence_before))


def _longest(nouns: Sequence[str], text: str) -> str:
    return max((n for n in nouns if n in text), key=len, default="")


def _noun_score(statement: Statement, around: Surroundings) -> tuple[float, str]:
    nouns = statement.say.nouns
    if around.noun_follows:
        noun = _longest(nouns, around.noun)
        if noun:
            return 3 + 0.3 * len(noun) + (0.5 if around.noun.endswith(noun) else 0.0), noun
        return 0.0, ""
    if noun := _longest(nouns, around.before):
        return 3 + 0.3 * len(noun) + (0.5 if around.before.rstrip("共计达为有").endswith(noun) else 0.0), noun
    if noun := _longest(nouns, around.sentence_before):
        return 1.5, noun
    if noun := _longest(nouns, around.paragraph_before):
        return 0.8, noun
    return 0.0, ""


def _ruled_out(statement: Statement, around: Surroundings) -> bool:
    """An `against` word in the phrase itself, or nearer before it than any word of the figure's own."""
    say = statement.say
    if any(word in around.phrase for word in say.against):
        return True
    past = around.paragraph_before
    against = max((past.rfind(word) for word in say.against), default=-1)
    own = max((past.rfind(word) for word in (*say.nouns, *say.context)), default=-1)
    return against > own


def _context_score(statement: Statement, around: Surroundings) -> float:
    score = 0.0
    for word in statement.say.context:
        if word in around.clause:
            score += 0.8
        elif word in around.sentence_before:
            score += 0.5
        elif word in around.paragraph_before or word in around.heading:
            score += 0.3
    return min(score, 2.4)


def _own_words(statement: Statement) -> list[str]:
    say = statement.say
    return sorted({*say.nouns, *say.verbs, *say.context, *say.measures}, key=len, reverse=True)


def unexplained(statement: Statement, around: Surroundings, drift_nouns: frozenset[str] = frozenset()) -> str:
    """What remains of the counted noun when the figure's own and generic words are taken away; states in the phrase.

    `drift_nouns` are nouns of other figures, explained (and reported) as drift.
    """
    own = [*_own_words(statement), *sorted(drift_nouns, key=len, reverse=True)]
    text = " ".join(own)
    if ahead := _AHEAD.search(around.sentence_before):
        return ahead.group()
    for state in _STATES:
        if state in around.phrase and state not in text:
            return state
    rest = around.noun
    for word in (*own, *_GENERIC):
        rest = rest.replace(word, " ")
    rest = re.sub(rf"[^\u4e00-\u9fff]|[{words.CHINESE_NUMERAL}]", " ", rest)
    pieces = [piece for piece in rest.split() if len(piece) >= 2]
    return pieces[0] if pieces else ""


def another_level(statements: Sequence[Statement], around: Surroundings) -> str:
    """Whose number the clause says it is, where none of our figures is of that level: 二级公司, 总部机关, 集团领导."""
    said = _LEVEL.findall(around.before.rpartition("、")[2])
    if not said:
        return ""
    own = " ".join(word for s in statements for word in (*_own_words(s), s.label))
    return next((level for level in said if level not in own), "")


def candidate(
    reading: Reading, around: Surroundings, statement: Statement, known_nouns: frozenset[str], names: Names
) -> Candidate | None:
    """How well `statement` fits the numeral; None when the measure or an `against` word rules it out."""
    measured = _measure_score(reading.numeral, statement)
    if measured is None or _ruled_out(statement, around):
        return None
    if name := names.name_of(statement, around):
        score = measured + NAMED + _context_score(statement, around)
        return Candidate(statement, score, name, True, True, False, named=True)
    say = statement.say
    noun_score, noun = _noun_score(statement, around)
    foreign = around.noun_follows and not noun
    drift = foreign and any(other in around.noun for other in known_nouns)
    if foreign and not drift:
        return None
    verb = 0.0
    if say.verbs:
        if any(v in around.phrase for v in say.verbs):
            verb = 1.8
        elif any(v in around.clause for v in say.verbs):
            verb = 1.4
        elif any(v in around.sentence_before for v in say.verbs):
            verb = 0.8
        else:
            verb = -3.0
    if drift and verb <= 0:
        return None
    context = _context_score(statement, around)
    score = measured + noun_score + verb + context
    evidence = context + (1.0 if verb > 0 else 0.0)
    likely = verb >= 0 and evidence > 0 and score >= 2.0
    proven = evidence >= EVIDENCE.get(len(noun), EVIDENCE_LONG) if noun else verb > 0 and context > 0
    return Candidate(statement, score, noun, likely, likely and proven, drift)


def meets(numeral: Numeral, statement: Statement) -> bool:
    """Whether the printed numeral can stand for our value: it holds the value, or is our own rounded text."""
    value = statement.value
    low, high = numeral.low, numeral.high
    if numeral.kind == "lower_bound" and low is not None and low == high:
        return False  # 13余: nothing lies between 13 and the next step
    if value is not None and not isinstance(value, bool):
        exact = Decimal(value)
        if (low is None or Decimal(low) <= exact) and (high is None or exact <= Decimal(high)):
            return True
    ours_low, ours_high = statement.low, statement.high
    if ours_low is None and ours_high is None:
        return False
    if (low, high) == (ours_low, ours_high):
        return True
    ours_rounded = ours_low != ours_high
    if not ours_rounded:
        return False
    if (
        low is not None and low == high
    ):  # 25000名 beside our 2.5万名: a round number is a rounding, 25017 is not
        inside = (ours_low is None or Decimal(ours_low) <= Decimal(low)) and (
            ours_high is None or Decimal(low) <= Decimal(ours_high)
        )
        return inside and Decimal(low) % 1000 == 0
    if value is not None:
        return False
    return (high is None or ours_low is None or Decimal(ours_low) < Decimal(high)) and (
        low is None or ours_high is None or Decimal(low) < Decimal(ours_high)
    )


def ours_of(statement: Statement) -> str:
    """Our printed text and, when it is rounded, the exact value (a share to two places): 2.5万名（25013）."""
    value = statement.value
    if value is None or isinstance(value, bool):
        return statement.text
    exact = str(value)
    if isinstance(value, Decimal):
        places = value.as_tuple().exponent
        long = isinstance(places, int) and places < -2
        exact = format(value.quantize(Decimal("0.01"), ROUND_HALF_UP) if long else value, "f")
    return statement.text if exact in statement.text else f"{statement.text}（{exact}）"


def bind(
    reading: Reading,
    around: Surroundings,
    statements: Sequence[Statement],
    known_nouns: frozenset[str],
    names: Names,
    other_time: bool,
) -> Bound:
    """The verdict of one numeral. `other_time` says that its sentence speaks of another day than ours."""
    found = [c for s in statements if (c := candidate(reading, around, s, known_nouns, names)) is not None]
    found.sort(key=lambda c: c.score, reverse=True)
    numeral = reading.numeral
    best = next((c for c in found if c.likely), None)
    if best is None:
        return Bound(CheckedFigure(numeral, "unbacked"), None, False)
    rivals = [c for c in found if c is not best and c.score > best.score - MARGIN]
    if best.named:
        rivals, modifier = [c for c in rivals if c.named], ""
    else:
        modifier = unexplained(best.statement, around, known_nouns if best.drift else frozenset())
    modifier = modifier or another_level(statements, around)
    if rivals or modifier or not best.proven or other_time or around.organisation:
        likely = [best, *rivals]
        ours = "；".join(f"{c.statement.label} {ours_of(c.statement)}" for c in likely)
        keys = tuple(c.statement.key for c in likely)
        return Bound(CheckedFigure(numeral, "ambiguous", None, ours, keys), None, False)
    stated = best.statement
    if stated.value is None and stated.low is None and stated.high is None:
        return Bound(CheckedFigure(numeral, "unbacked", stated.key, ours_of(stated)), None, False)
    verdict = "agrees" if meets(numeral, best.statement) else "disagrees"
    figure = CheckedFigure(
        numeral, "agrees" if verdict == "agrees" else "disagrees", best.statement.key, ours_of(best.statement)
    )
    return Bound(figure, best.statement, best.drift)
