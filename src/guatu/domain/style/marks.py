"""Punctuation: Chinese marks in Chinese text, nothing doubled, nothing left open."""

from __future__ import annotations

import re
from collections.abc import Iterator

from guatu.domain.style.finding import StyleFinding
from guatu.domain.style.text import Line, Text
from guatu.domain.words import gettext as _

_CJK = "\u4e00-\u9fff"
_FULL = {",": "，", ";": "；", ":": "：", "?": "？", "!": "！", ".": "。"}
_HALF_MARK = re.compile(
    rf"(?<=[{_CJK}”’》）〕%％])[,;:?!](?=[{_CJK}“‘《（〔\d\s]|$)|(?<=\d)[,;](?=[{_CJK}“《])"
    rf"|(?<=[{_CJK}”’》）])\.(?=[{_CJK}“《]|\s*$)",
    re.M,
)
_OUTLINE = re.compile(r"[ \t\u3000]*[(（]?[一二三四五六七八九十\d]{1,3}[)）]?[.．、]?")
_BRACKETS = re.compile(r"[(（](?P<inside>[^()（）\n]{0,120})[)）]")
_CHINESE = re.compile(rf"[{_CJK}]")
_STRAIGHT = re.compile(r"[\"＂]")
_DOUBLED = re.compile(
    r"(?P<same>[，；：、！？])(?P=same)+|(?<!。)。。(?!。)|[，；：、][，。；：、]|。[，；：、]|。(?P<close>[”’])。"
)
_ELLIPSIS = re.compile(
    rf"(?<=[{_CJK}”])\.{{2,}}|(?<!\.)\.{{3,}}(?=[{_CJK}])|。{{3,}}|(?<=[{_CJK}，。、”])…(?!…)|(?<!…)(?:…{{3}}|…{{5,}})(?!…)"
)
# 等 may also mean to wait (、等审核的事项): only what commonly follows a list is taken for one.
_LISTED = re.compile(
    r"、(?=等(?:[，。；、）]|$|\d|[一二三四五六七八九十两多]{1,2}[个项家类种名]|工作|问题|单位|方面|部门|内容|环节|领域|事项|"
    r"情况|措施|任务|活动|行业|企业|地区|地[，。的]|人[，。的]|材料|文件|制度|项目|资料|内容|服务|职责))",
    re.M,
)
_ET_CETERA = re.compile(r"等{3,}|等{1,2}……|……等{1,2}(?=[，。；、）]|$)", re.M)
_PAIRS = {"（": "）", "《": "》", "“": "”", "〔": "〕", "【": "】", "「": "」", "‘": "’"}
_CLOSING = {close: opening for opening, close in _PAIRS.items()}
_LIST_MARK = re.compile(r"(?:^|[\s，。；：、])[\dA-Za-z一二三四五六七八九十]{1,3}$")


def half_marks(text: Text) -> Iterator[StyleFinding]:
    """Half-width , ; : ? ! . in Chinese (GB/T 15834—2011 5.1: 点号占一个字位置)."""
    for found in _HALF_MARK.finditer(text.plain):
        line = text.line_at(found.start())
        outline = _OUTLINE.match(line.text)
        if outline and line.start + outline.end() >= found.end() > line.start:
            continue
        mark = found.group()
        right: str | None = _FULL[mark]
        if mark == "." and text.source[found.end() : found.end() + 1].strip():
            right = None
        message = _("中文里用了半角的“{text}”。请改用全角标点“{right}”。").format(
            text=mark, right=_FULL[mark]
        )
        yield StyleFinding("half_mark", found.start(), found.end(), message, right)


def brackets(text: Text) -> Iterator[StyleFinding]:
    """(…) with Chinese inside or beside it, and pairs of two widths: （…）(GB/T 15834—2011 4.9)."""
    for found in _BRACKETS.finditer(text.plain):
        opening, closing = found.group()[0], found.group()[-1]
        if (opening, closing) == ("（", "）"):
            continue
        inside = found["inside"]
        before, after = text.plain[: found.start()][-1:], text.plain[found.end() :][:1]
        line = text.line_at(found.start())
        at_start = not text.source[line.start : found.start()].strip()
        if at_start and re.fullmatch(r"[一二三四五六七八九十]{1,3}|\d{1,3}", inside):
            continue  # an outline mark: the rule of headings speaks of it
        if not any(_CHINESE.match(one) for one in (before, after) if one) and not _CHINESE.search(inside):
            continue
        if "号" in after and re.fullmatch(r"(?:19|20)?\d\d", inside):
            continue  # a document's number: a rule of its own
        right = f"（{text.source[found.start() + 1 : found.end() - 1]}）"
        message = _("中文里的括号应当用全角，成对使用。请改成“（”和“）”。")
        yield StyleFinding("half_brackets", found.start(), found.end(), message, right)


def straight_quotes(text: Text) -> Iterator[StyleFinding]:
    """ "…" in Chinese: “…” (GB/T 15834—2011 4.8)."""
    for line in text.lines:
        marks = [line.start + found.start() for found in _STRAIGHT.finditer(line.text)]
        if not marks or not _CHINESE.search(line.text):
            continue
        for opening, closing in zip(marks[::2], marks[1::2], strict=False):
            inside = text.source[opening + 1 : closing]
            if not _CHINESE.search(inside):
                continue
            message = _("中文里的引号应当用“ ”。请把直引号改成弯引号。")
            yield StyleFinding("straight_quotes", opening, closing + 1, message, f"“{inside}”")
        last = marks[-1]
        if len(marks) % 2 and not text.source[:last][-1:].isdigit():
            message = _("直引号没有成对。请补上另一半，并改成弯引号“ ”。")
            yield StyleFinding("straight_quotes", last, last + 1, message)


def pairs(text: Text) -> Iterator[StyleFinding]:
    """（, 《, “ and their like close in the paragraph in which they open, and “ within “ is ‘ (GB/T 15834—2011 4.8, 4.9, 4.15).

    A quotation of several paragraphs opens each of them and closes in the last.
    """
    for index, line in enumerate(text.lines):
        following = text.lines[index + 1].text.lstrip() if index + 1 < len(text.lines) else ""
        yield from _pairs_of(text, line, following)


def _pairs_of(text: Text, line: Line, following: str) -> Iterator[StyleFinding]:
    open_: list[tuple[str, int]] = []
    nested: list[tuple[int, int]] = []
    lone: list[tuple[str, int]] = []
    for offset, written in enumerate(line.text):
        character = {"(": "（", ")": "）"}.get(written, written)
        place = line.start + offset
        if character in _PAIRS:
            open_.append((character, place))
        elif character in _CLOSING:
            opening = _CLOSING[character]
            if open_ and open_[-1][0] == opening:
                begun = open_.pop()[1]
                if opening in "“《" and any(one == opening for one, _place in open_):
                    nested.append((begun, place))
            elif any(one == opening for one, _place in open_):
                while open_[-1][0] != opening:
                    lone.append(open_.pop())
                open_.pop()
            elif not (character == "）" and _LIST_MARK.search(line.text[:offset])) and character != "’":
                lone.append((written, place))
    if open_ and open_[-1][0] == "“" and following.startswith("“"):
        open_.pop()
    for character, place in sorted([*lone, *open_], key=lambda one: one[1]):
        if character == "‘" or (line.text[place - line.start] in "()" and not _in_chinese(line, place)):
            continue
        other = _PAIRS.get(character) or _CLOSING.get({"(": "（", ")": "）"}.get(character, character), "")
        message = _("“{mark}”没有成对，这一段里找不到“{other}”。请补上，或删去多余的一半。").format(
            mark=character, other=other
        )
        yield StyleFinding("unpaired", place, place + 1, message)
    if not any(character in "“《" for character, _place in (*lone, *open_)):
        for begun, end in nested:
            inner = "‘’" if text.source[begun] == "“" else "〈〉"
            right = inner[0] + text.source[begun + 1 : end] + inner[1]
            message = _("“{text}”在同一种符号里面又用了一层。请把里层改成“{right}”。").format(
                text=text.source[begun : end + 1], right=right
            )
            yield StyleFinding("nested", begun, end + 1, message, right)


def _in_chinese(line: Line, place: int) -> bool:
    """Whether a half-width bracket stands beside a Chinese character; others may close on another line of code or English."""
    at = place - line.start
    return any(_CHINESE.match(one) for one in (line.text[:at][-1:], line.text[at + 1 :][:1]) if one)


def doubled(text: Text) -> Iterator[StyleFinding]:
    """，， or ，。 or 。，: one mark at a time (GB/T 15834—2011 A.1 to A.5 for what may stand together)."""
    for found in _DOUBLED.finditer(text.plain):
        same = found["same"] or ("。" if found.group() == "。。" else None)
        right = same if same else (f"。{found['close']}" if found["close"] else None)
        message = _("“{text}”两个点号连用。请只保留一个。").format(text=found.group())
        yield StyleFinding("doubled_mark", found.start(), found.end(), message, right)


def ellipses(text: Text) -> Iterator[StyleFinding]:
    """... or 。。。 or one … alone: …… (GB/T 15834—2011 4.11)."""
    for found in _ELLIPSIS.finditer(text.plain):
        line = text.line_at(found.start())
        if re.search(r"\d\s*$", line.text[-12:]) and len(found.group()) > 3:
            continue  # the dots of a table of contents
        message = _("省略号应当是“……”，占两个字。请把“{text}”改成“……”。").format(text=found.group())
        yield StyleFinding("ellipsis", found.start(), found.end(), message, "……")


def et_cetera(text: Text) -> Iterator[StyleFinding]:
    """甲、乙、等: no 、 before 等; 等等等, 等……: once (GB/T 15834—2011 A.8)."""
    for found in _LISTED.finditer(text.plain):
        message = _("“、等”多了顿号：“等”前不用顿号。请删去顿号。")
        yield StyleFinding("et_cetera", found.start(), found.end() + 1, message, "等")
    for found in _ET_CETERA.finditer(text.plain):
        right = "等等" if "…" not in found.group() else "等"
        message = _("“{text}”把“等”的意思说了两遍。请只保留一个，写成“{right}”。").format(
            text=found.group(), right=right
        )
        yield StyleFinding("et_cetera", found.start(), found.end(), message, right)
