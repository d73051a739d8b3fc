"""From verdicts to a marked text: numbered findings, and paragraphs cut into pieces that carry their mark. Pure."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from guatu.domain.checker import Checked, CheckedClaim, CheckedFigure, Finding
from guatu.domain.statements import Statement
from guatu.domain.words import gettext as _

KINDS = ("bad", "self", "amb", "no", "ok")  # in order of weight: where marks overlap, the first shows
_HEADING = re.compile(r"[一二三四五六七八九十]{1,3}、")
_SUBHEADING = re.compile(r"（[一二三四五六七八九十]{1,3}）")


@dataclass(frozen=True, slots=True)
class Remark:
    """One verdict or finding. `number` is 0 for what agrees: it needs no attention and no number."""

    kind: str
    start: int
    end: int
    text: str
    head: str
    label: str
    ours: str = ""
    definition: str = ""
    key: str = ""
    message: str = ""
    candidates: tuple[tuple[str, str, str], ...] = ()
    number: int = 0


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of text with its mark, if any. `ends`: the remark's number is printed behind it."""

    text: str
    kind: str = ""
    number: int = 0
    ends: bool = False
    title: str = ""


@dataclass(frozen=True, slots=True)
class Line:
    """One paragraph. `kind`: title, heading, subheading, plain."""

    kind: str
    pieces: tuple[Piece, ...]


def words_of(kind: str) -> str:
    """What a verdict is called."""
    return {
        "bad": _("不一致"),
        "self": _("文内矛盾"),
        "amb": _("有歧义"),
        "no": _("无依据"),
        "ok": _("一致"),
    }[kind]


def remarks_of(text: str, checked: Checked, statements: Sequence[Statement]) -> tuple[Remark, ...]:
    """Every verdict and finding in the order of the text; those that need attention are numbered from 1.

    A number that contradicts the text and that no record backs is told once, by its contradiction.
    """
    known = {one.key: one for one in statements}
    told = [(one.start, one.end) for one in checked.findings]
    found = [
        remark
        for remark in (_figure(figure, known) for figure in checked.figures)
        if remark.kind != "no" or not any(a <= remark.start and remark.end <= b for a, b in told)
    ]
    found += [_claim(claim, known) for claim in checked.claims]
    found += [_finding(text, finding) for finding in checked.findings]
    found.sort(key=lambda remark: (remark.start, remark.end, KINDS.index(remark.kind)))
    numbered, number = [], 0
    for remark in found:
        if remark.kind != "ok":
            number += 1
        numbered.append(_with_number(remark, number if remark.kind != "ok" else 0))
    return tuple(numbered)


def _with_number(remark: Remark, number: int) -> Remark:
    values = {name: getattr(remark, name) for name in Remark.__dataclass_fields__}
    return Remark(**{**values, "number": number})


def _unbacked(known: dict[str, Statement], key: str | None) -> str:
    """What to do about a number without a verdict: we may have the figure and no value, or not know the words."""
    if key in known:
        return _("这一统计项当日没有数。请注明出处，或改用有记录的数。")
    if known:
        return _("未能识别为哪一项统计；请人工核对。")
    return _("没有可对照的数据。请注明出处，或改用有记录的数。")


def _figure(figure: CheckedFigure, known: dict[str, Statement]) -> Remark:
    kind = {"agrees": "ok", "disagrees": "bad", "ambiguous": "amb", "unbacked": "no"}[figure.verdict]
    statement = known.get(figure.key or "")
    message = {
        "amb": (
            _("这个数可能指几个统计项，无法断定是哪一个。请写明名词或量词。")
            if len(figure.candidates) > 1
            else _("文字不足以断定这个数指哪一项统计。请写明名词或量词。")
        ),
        "no": _unbacked(known, figure.key),
    }.get(kind, "")
    return Remark(
        kind=kind,
        start=figure.numeral.start,
        end=figure.numeral.end,
        text=figure.numeral.text,
        head=words_of(kind),
        label=statement.label if statement else figure.numeral.noun,
        ours=figure.ours or "",
        definition=statement.definition if statement else "",
        key=figure.key or "",
        message=message,
        candidates=tuple(
            (key, known[key].label, known[key].text) for key in figure.candidates if key in known
        ),
    )


def _claim(claim: CheckedClaim, known: dict[str, Statement]) -> Remark:
    kind = {"claim true": "ok", "claim false": "bad", "unbacked": "no"}[claim.verdict]
    statement = known.get(claim.key or "")
    message = _("记录不足以判断这个说法。请注明出处，或改用有记录的说法。") if kind == "no" else ""
    return Remark(
        kind=kind,
        start=claim.start,
        end=claim.end,
        text=claim.text,
        head=_("说法不成立") if kind == "bad" else words_of(kind),
        label=statement.label if statement else claim.text,
        ours=claim.ours or "",
        definition=statement.definition if statement else "",
        key=claim.key or "",
        message=message,
    )


def _finding(text: str, finding: Finding) -> Remark:
    heads = {
        "sum": _("合计不符"),
        "percentage": _("百分比不符"),
        "noun_drift": _("名词变了"),
        "measure_drift": _("量词变了"),
        "scope": _("口径不清"),
        "repeated_sentence": _("重复"),
        "unresolved_time": _("时间不清"),
        "mixed_measures": _("量词混用"),
        "approx": _("约数不当"),
        "mixed_width": _("全角半角混用"),
    }
    kind = "amb" if finding.kind in ("unresolved_time", "scope") else "self"
    quoted = text[finding.start : finding.end].replace("\n", " ")
    return Remark(
        kind=kind,
        start=finding.start,
        end=finding.end,
        text=quoted if len(quoted) <= 40 else quoted[:39] + "…",
        head=words_of("self") if kind == "self" else heads[finding.kind],
        label=heads[finding.kind] if kind == "self" else "",
        message=finding.message,
    )


def lines_of(text: str, remarks: Sequence[Remark]) -> tuple[Line, ...]:
    """The text by paragraphs, cut where marks begin and end; the weightiest mark shows."""
    lines, at, seen_text = [], 0, False
    for raw in text.split("\n"):
        if raw.strip():
            kind = _kind_of(raw.strip(), first=not seen_text)
            seen_text = True
            lines.append(Line(kind, tuple(_pieces(text, at, at + len(raw), remarks))))
        at += len(raw) + 1
    return tuple(lines)


def _kind_of(line: str, *, first: bool) -> str:
    if first and len(line) <= 50 and line[-1] not in "。；，、：:":
        return "title"
    if _HEADING.match(line) and len(line) <= 40 and not line.endswith("。"):
        return "heading"
    if _SUBHEADING.match(line) and len(line) <= 40 and not line.endswith("。"):
        return "subheading"
    return "to" if line.endswith(("：", ":")) and len(line) <= 30 else "plain"


def _pieces(text: str, start: int, end: int, remarks: Sequence[Remark]) -> Iterator[Piece]:
    here = [remark for remark in remarks if remark.start < end and remark.end > start]
    cuts = sorted({start, end, *(max(r.start, start) for r in here), *(min(r.end, end) for r in here)})
    for left, right in itertools.pairwise(cuts):
        piece = text[left:right]
        over = [remark for remark in here if remark.start <= left and remark.end >= right]
        if not over:
            yield Piece(piece if left > start else piece.lstrip(" \u3000"))
            continue
        top = min(over, key=lambda remark: (KINDS.index(remark.kind), remark.end - remark.start))
        ends = top.number > 0 and right == min(top.end, end)
        yield Piece(piece, top.kind, top.number, ends, top.message or top.ours)
