"""What is taken away before numbers are read: times, ordinals, outline marks, schemes, names, levels, codes."""

from __future__ import annotations

import re

from guatu.domain.checker import words
from guatu.domain.checker.normal import Normalised
from guatu.domain.checker.nouns import clause_start
from guatu.domain.checker.times import taken_by_time

MASK = "\x01"
# Bounded, so that a run of numerals however long costs no more than its length.
_N = r"(?:\d{1,9}|[零〇一二两三四五六七八九十百千]{1,9})"
_CN = r"[一二两三四五六七八九十]"
_CJK = r"[\u4e00-\u9fff]"
_COMMON = "个家名项次场件种类条人位起份所"
_PLACE = "省市县村校镇乡区企院园厂店馆州国社"

_ORDINALS = (
    re.compile(
        rf"第{_N}(?:[—\-~至到、]第?{_N})*(?:届|次|批|个|名|位|条|章|节|期|号|页|项|部|款|类|种|家|场|轮|阶段|步|方面|季度|者|一)?"
    ),
    re.compile(rf"前{_N}(?:强|名|位|列|家|甲|十)"),
    re.compile(rf"{_N}届(?:{_N}(?:中|次)全?会?)?[^，。；\n]{{0,8}}?(?:{_N}次(?:全会|会议|全体会议|大会))?"),
    re.compile(rf"{_N}(?:次全会|次全体会议|中全会)"),
    re.compile(
        rf"(?:^|(?<=[，。；：、:;“（(\s]))(?:{_CN}{{1,3}}(?:是|要|则|来)|其{_CN}{{1,2}}(?=[，是、：])|(?:另)?一方面)",
        re.M,
    ),
)
_OUTLINE = (
    re.compile(
        rf"^[ \t]{{0,40}}(?:{_CN}{{1,3}}[、.．]|\d{{1,2}}(?:\.\d{{1,2}}){{0,3}}[、.．)](?!\d)|\d{{1,2}}(?:\.\d{{1,2}}){{1,3}}[ \t]+)",
        re.M,
    ),
    re.compile(rf"\((?:{_CN}{{1,3}}|\d{{1,3}})\)"),
    re.compile(r"(?:(?<=[。；：:;！？\s])|(?<=^))\d{1,2}[.、)](?=[\u4e00-\u9fff“《])", re.M),
    re.compile(
        r"^[ \t]{0,40}[—\-]{0,3}[ \t]{0,9}\d{1,4}[ \t]{0,9}[—\-]{0,3}[ \t]{0,40}$", re.M
    ),  # a page number alone on its line
    re.compile(r"^[ \t]{0,40}第[ \t]{0,4}\d{1,6}[ \t]{0,4}页.*$", re.M),
    re.compile(r"共[ \t]{0,4}\d{1,6}[ \t]{0,4}页"),
)
_CODES = (
    re.compile(r"[〔\[【(（](?:19|20)\d\d[〕\]】)）]\s?第?\d{0,6}\s?号?"),
    re.compile(r"(?:\d{1,6}[、,，和及至—\-]){0,20}\d{1,6}号(?!召)"),
    re.compile(
        r"https?://\S+|www\.\S+|(?<![A-Za-z0-9._+-])[A-Za-z0-9._+-]{1,64}@[A-Za-z0-9-]{1,63}\.[A-Za-z0-9.]+"
    ),
    re.compile(r"(?<!\d)(?:1[3-9]\d{9}|0\d{2,3}[-—]\d{7,8}|[48]00[-—]\d{3,4}[-—]\d{3,4})(?!\d)"),
    re.compile(
        r"(?:电话|热线|传真|邮编|编号|编码|代码|账号|身份证号|QQ|尾号)[：:为]?\s*\d[\d\-—]*(?!\d|\.\d|[件个次条人部万亿起户余多%])"
    ),
    re.compile(r"\d{3,6}(?=(?:政务|便民|服务|投诉|举报|平台|市民|价格)*(?:热线|专线|举报网|短信))"),
    re.compile(
        r"(?:(?<![A-Za-z])(?:GB|ISO|IEC|DB|JGJ|HJ|AQ|YY|WS|T/|Q/))[A-Z/]{0,6}\s?\d+(?:[.\d]*)(?:[—\-:]\d{2,4})?(?:号|版)?"
    ),
    re.compile(
        r"(?:附件|附表|附图|附录|专栏|(?<![代发列填报仪手意图])[图表])\d+(?:[-—.]\d+)?(?=[：:，。；、）)(\s中所可—\-]|$)",
        re.M,
    ),
    re.compile(
        r"(?<![A-Za-z])[A-Za-z]{1,20}[-·]?\d{1,12}(?:\.\d{1,6})?[A-Za-z]{0,12}(?=[\u4e00-\u9fff，。、）)])"
    ),
    re.compile(
        r"(?<![\d.])\d{1,9}(?:\.\d{1,6})?(?:[A-Z](?![A-Za-z])级?|[kK][vV]|千伏(?!安)|伏(?!天)|[Gg]Hz|寸|版(?=$|[^面图权]))"
    ),
    re.compile(r"(?<!\d)\d{1,3}[:：∶比]\d{1,3}(?!\d|个|家|名|项)"),
    re.compile(r"\d{1,3}单元(?=\d)"),
    re.compile(r"(?<![\d.])[A-Z]?\d{1,4}[省国县乡]道"),
    re.compile(r"\d{1,6}(?:\.\d{1,3})?(?:万吨|吨|万千瓦|兆瓦|千瓦|千伏|万立方米|亿|万亿)级"),
    re.compile(r"(?<!\d)1[—\-~至到]\d{1,3}批"),
    # What one machine can do is its name: 16兆瓦海上风电机组.
    re.compile(
        r"\d{1,6}(?:\.\d{1,3})?(?:万千瓦|兆瓦|千瓦|万吨|吨|立方米|马力)级?(?:海上|陆上|超超临界|超临界)?(?:风电|光伏|水电|火电|燃煤|燃气|核电)?(?:机组|机型|风机|锅炉|油轮|集装箱船|散货船|起重机|盾构)"
    ),
    re.compile(r"[一两二三五十百千]{0,3}亿元以上(?=项目|企业|园区)"),
    re.compile(r"三项制度(?=改革|再)|(?<=\))三项制度"),
    re.compile(r"(?:985|211)(?=[、，高工院大/”])"),
)
_SCHEMES = (
    re.compile(
        r"(?<![\dNXnx一二三四五六七八九十])[\dNXnx一二三四五六七八九十]{1,6}[\u4e00-\u9fff]{0,2}(?:\+[\dNXnx一二三四五六七八九十]{1,6}[\u4e00-\u9fff]{0,2}(?![\u4e00-\u9fff]{0,2}\d))+"
    ),
    re.compile(r"(?<!\d)\d{1,6}(?:\+[A-Za-z\d]{1,6})+"),
)
_LEVELS = (
    re.compile(
        r"(?:[\d零〇一二两三四五六七八九十百千]|(?<=[一二三四五六七八九])、(?=[一二三四五六七八九])){1,12}(?:级|线城市|甲医院)"
    ),
    re.compile(rf"{_CN}大(?!学|会|型|家|量|于|约|类|项)|{_CN}(?:十|佳)佳?(?=青年|企业|品牌)"),
    re.compile(r"[一二三ⅠⅡⅢ]类(?:医疗器械|疫苗|卷|商标|费用|精神)"),
    re.compile(r"(?:首|二|三|四|五)期(?:工程|项目|建设|厂房|规划|改造)|(?<=[、项目工程])[一二三四五]期"),
)
_AGE = re.compile(r"(?:年满|未满|满)?\d{1,3}(?:[—\-~至到]\d{1,3})?(?:周)?岁(?:以上|以下|以内|左右)?")
_AGE_CUE = re.compile(r"(?:平均|年龄|寿命|增长|提高|增加)[^，。；]{0,4}$")
_DURATION_CUE = re.compile(
    r"(?:累计|天数|日数|共计|合计|总计|总时长|时长|缩短|压缩|压减|节约|节省|减少|增加|延长|平均|人均|工时|安全生产|安全运行)[^，。；\n]{0,12}$"
)
_DURATION_UNIT = re.compile(r"(?:小时|分钟|工作日|天|秒)")
# A length of time that was measured, not set: 由5个工作日压至2个工作日, 超标11天, 上年的25天缩短三成.
_MEASURED_BEFORE = re.compile(
    r"(?:压至|压到|压缩至|压缩到|缩短至|缩短到|缩至|减至|减到|降至|降到|增至|增加到|延长至|多|少|快|慢|提前|仅|只需|仅需|仅用|最短|最长|长达|超标|停[用产工电运]|过期|滞后|延误|逾期|超期|时限|间隔|[餐件办]时间|用时|均在|[上去]年(?:同期)?为|[较比][上去]年的?|达到?)(?:约|近|超过|超|逾|不足)?$"
)
_MEASURED_AFTER = re.compile(
    r"(?:的)?(?:缩短|压缩|压减|缩减|减少|增加|延长|压至|压到|缩至|减至|减到|降至|降到|增至|(?:完成|交付|竣工|投产))"
)
_FROM = re.compile(r"[由从]$")
_FIXED = re.compile("|".join(re.escape(w) for w in sorted(words.FIXED, key=len, reverse=True)))
_SLOGAN = re.compile(
    rf"{_CN}{{1,3}}[个项](?:“[^”]{{1,6}}”|(?:{words.SLOGAN_HEADS}))|\d{{1,3}}个(?:“一”|一)(?=[工行])"
)
_PAIR = re.compile(
    rf"一(?!{_CN}|[百千万亿])[\u4e00-\u9fff]{{1,3}}?一(?!般|级|线|定|体|批|次|名|家|起|项){_CJK}"
    rf"|(?P<a>[一二两三四五六七八九十百千万])(?P<x>{_CJK})(?P<b>[一二两三四五六七八九十百千万双多])(?P<y>{_CJK})"
)
_TITLE = re.compile(r"《[^《》\n]{1,80}》")
_QUOTED = re.compile(r"“([^“”\n]{1,40})”|\"([^\"\n]{1,40})\"|‘([^‘’\n]{1,30})’")
_THEME_AFTER = re.compile(
    r"(?:为主题|主题|活动|行动|工程|模式|机制|计划|理念|工作法|品牌|专题|体系|制度|要求|方式|精神|目标|战略|思路|原则|课堂|讲堂|平台|服务)"
)


def _quoted_spans(text: str) -> list[tuple[int, int]]:
    """Short quotations and themes are names; a quoted sentence with its own clauses is read like any other."""
    spans: list[tuple[int, int]] = []
    for found in _QUOTED.finditer(text):
        inside = next(g for g in found.groups() if g is not None)
        clauses = any(c in inside for c in "，。；！？")
        if (len(inside) <= 15 and not clauses) or _THEME_AFTER.match(text, found.end()):
            spans.append(found.span())
    return spans


def _pair_spans(text: str) -> list[tuple[int, int]]:
    """Four-character schemes (四不两直, 一企一策); two counted nouns in a row (两县两村) stay."""
    spans: list[tuple[int, int]] = []
    position = 0
    while (found := _PAIR.search(text, position)) is not None:
        if found["x"] is None:
            spans.append(found.span())
            position = found.end()
            continue
        known = (
            _COMMON
            + _PLACE
            + "是要则轮届款章号笔座辆台张本队支组册套封级批期分成元万亿千百十余多几年月日天周倍吨亩公米至到"
        )
        if found["x"] in known or found["x"] in words.CHINESE_NUMERAL or found["y"] in words.CHINESE_NUMERAL:
            position = found.start() + 1
            continue
        spans.append(found.span())
        position = found.end()
    return spans


def _counted_levels(text: str, found: re.Match[str]) -> bool:
    """管理层级由5级压缩至4级以内: levels that are counted, not named."""
    return found.group().endswith("级") and bool(
        re.search(r"层级[^，。；]{0,12}[由从至到在为]$", text[max(0, found.start() - 18) : found.start()])
    )


def _measured(text: str, start: int, end: int) -> bool:
    """Whether a duration is a figure: something took so long, and no deadline or time of service is set by it."""
    digit = re.search(r"\d", text[start:end])
    if digit is None or not _DURATION_UNIT.search(text, start, end):
        return False
    number = start + digit.start()
    before = text[max(0, number - 20) : number]
    if text[start].isdigit() and _DURATION_CUE.search(before):
        return True
    if re.search(r"(?<!以)内$", text[start:end]) or re.match("(?<!以)内", text[end : end + 1]):
        return False
    if "." in text[number:end] or _MEASURED_BEFORE.search(before) or _MEASURED_AFTER.match(text, end):
        return True
    clause = text[clause_start(text, start) : start]
    # 高压15天以内、低压3天以内: the first of the row was measured, so is the next.
    earlier = re.search(
        r"\d(?:个?工作日|天|小时|分钟|秒)(?:以内|以上)?[、和及至到]?[^，。；\d]{0,8}$", clause
    )
    if earlier is None:
        return False
    opening = clause[: earlier.start()].rstrip("0123456789.")
    return bool(
        _DURATION_CUE.search(opening)
        or _FROM.search(clause)
        or (re.search("[至到]$", clause) and _MEASURED_BEFORE.search(opening))
    )


def taken_spans(norm: Normalised) -> list[tuple[int, int]]:
    """Normalised spans that hold no figure."""
    text = norm.text
    spans: list[tuple[int, int]] = []
    for start, end, is_duration in taken_by_time(norm):
        if is_duration and _measured(text, start, end):
            continue
        spans.append((start, end))
    for group in (_ORDINALS, _OUTLINE, _CODES, _SCHEMES, _LEVELS):
        for pattern in group:
            spans.extend(found.span() for found in pattern.finditer(text) if not _counted_levels(text, found))
    for found in _AGE.finditer(text):
        if not _AGE_CUE.search(text, max(0, found.start() - 8), found.start()):
            spans.append(found.span())
    spans.extend(found.span() for found in _FIXED.finditer(text))
    spans.extend(found.span() for found in _SLOGAN.finditer(text))
    spans.extend(found.span() for found in _TITLE.finditer(text))
    spans.extend(_quoted_spans(text))
    spans.extend(_pair_spans(text))
    return spans


def masked(norm: Normalised) -> str:
    """The normalised text with every taken character replaced, offsets unchanged."""
    chars = list(norm.text)
    for start, end in taken_spans(norm):
        for i in range(start, end):
            if chars[i] not in "\n\t":
                chars[i] = MASK
    return "".join(chars)
