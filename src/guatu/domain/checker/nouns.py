"""Clauses around a numeral and the noun that it counts."""

from __future__ import annotations

import re

REACH = 200  # characters; a clause without a stop for longer than this is not one
CLAUSE_ENDS = "，。；：！？\n\t,;!?:"
_DELIMITERS = CLAUSE_ENDS + '、（）()“”《》"' + "\x01"
# Words that begin the predicate after a counted noun, or join the next clause.
# 整改 ends a noun in “19项整改到位” and begins one in “187条整改措施”.
_HALF_NOUNS = "整改 解决 反映 存在 推进 服务 提供 落实".split()
_HEADS = "措施|问题|任务|方案|事项|台账|清单|对象|单位|机构|意见|建议|线索|情况|项目|会|岗|队|点|组|员|课题|制度|活动|报告|重点"
_STOP = re.compile(
    "扎实|开展|进行|参加|参与|已经?|均|正(?![式常])|持续|全部|完成|实现|按|得到|予以|给予|以及|及|并|作为|是|为|以|在|对|向|从|由|被|把|将|与|"
    "同比|较|比|占|达|共|累计|分别|通过|利用|围绕|推动|新签|新增|签订|送|取得|获得|获评|获|纳入|列入|到位|到|逐|未|仍|还|也|都|就|能|可|"
    r"[和或](?=\d|[一二两三四五六七八九十几数多])|\d|提出|销号|办结|(?<![党团社])组织(?![机部])|深入|赴|前往|覆盖|涉及|用于|超过|其中|等(?!级)|了|"
    + "|".join(f"{word}(?!{_HEADS})" for word in _HALF_NOUNS)
)
VERBS = (
    "研究制定|列出|列明|列入|慰问|表彰|评选|选树|反馈|移交|移送|上报|报送|组织开展|累计开展|宣传报道|召开|举办|举行|开展|制定|出台|印发|编发|刊发|发布|确定|选定|建立|成立|设立|建成|新建|新增|组织|完成|解决|整改|销号|办结|"
    "查找|检视|梳理|收集|征集|发现|排查|调研|走访|检查|督导|培训|教育|帮扶|服务|惠及|覆盖|涉及|投入|落实|推进|推动|实现|签订|新签|签署|获得|获评|培养|选派|派出|发放|"
    "捐赠|捐助|受理|处理|处置|查处|立案|通报|约谈|问责|清退|追缴|挽回|修订|修改|废止|审计|抽查|核查|聚焦|围绕|提出|明确|包括|共计|合计|累计|共有|共|现有|拥有|设有|下辖|辖|有|达|为|占"
)
_LAST_VERB = re.compile(rf"(?:{VERBS})")
_LEADING = re.compile(r"^(?:的|余|多|个|次|及|各)+")
_LEFTOVER = re.compile(
    r"^(?:其中|另有|另外)|^[了过的中各等共]+|[为达至到共约了有]+$|(?:累计|共计|合计|共|达到|总数|分别|各|约|近|超过|已|均)+$"
)


def clause_start(text: str, position: int) -> int:
    """Start of the clause that `position` lies in (after the last of ，。；： or a line's or cell's border)."""
    start = position
    while start > 0 and position - start < REACH and text[start - 1] not in CLAUSE_ENDS:
        start -= 1
    return start


def clause_end(text: str, position: int) -> int:
    """End of the clause that `position` lies in."""
    end = position
    while end < len(text) and end - position < REACH and text[end] not in CLAUSE_ENDS:
        end += 1
    return end


def noun_after(text: str, end: int, limit: int = 16) -> str:
    """What stands right after the measure word, up to a delimiter, a predicate or the next number."""
    stop = end
    while stop < len(text) and stop - end < limit and text[stop] not in _DELIMITERS:
        stop += 1
    phrase = text[end:stop].strip()
    phrase = _LEADING.sub("", phrase)
    found = _STOP.search(phrase)
    return (phrase[: found.start()] if found else phrase).rstrip("的和、")


def noun_before(text: str, start: int, floor: int) -> str:
    """What stands between the clause's governing verb and the numeral; the verb's own word when nothing does."""
    begin = max(clause_start(text, start), floor)
    phrase = text[begin:start]
    for mark in _DELIMITERS:
        phrase = phrase.rpartition(mark)[2] if mark in phrase else phrase
    phrase = _LEFTOVER.sub("", phrase.strip())
    best = phrase
    for found in _LAST_VERB.finditer(phrase):
        rest = phrase[found.end() :]
        rest = _LEFTOVER.sub("", rest)
        if len(rest) >= 2:
            best = rest
    return best[-24:]


def noun_of(text: str, start: int, end: int, floor: int) -> str:
    """The counted noun: after the measure, else back towards the clause start (but not before `floor`)."""
    return noun_after(text, end) or noun_before(text, start, floor)
