"""From verdicts to numbered remarks: what a text says, what the records say, and what can be done about it. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from guatu.domain.checker import Checked, CheckedClaim, CheckedFigure, Finding, phrase_of
from guatu.domain.checker.binding import ours_of
from guatu.domain.checker.corrections import as_visits, printed_right
from guatu.domain.checker.offers import Offer
from guatu.domain.figures.references import key_of
from guatu.domain.statements import Statement
from guatu.domain.style import BY_KEY, StyleFinding
from guatu.domain.words import gettext as _

KINDS = ("bad", "self", "amb", "way", "no", "sty", "own", "ok")
"""In order of weight: where marks overlap, the first shows."""
QUIET = frozenset(("own", "ok"))
"""What needs no attention and has no number: what agrees, and what people have said is a number of their own."""
RARE = frozenset(("own", "way"))
"""Verdicts that are counted only where they were given."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """A figure that a number may state. `decidable`: it counts in the number's measure and the phrase can be kept."""

    key: str
    label: str
    text: str
    decidable: bool


@dataclass(frozen=True, slots=True)
class Remark:
    """One verdict or finding. `number` is 0 for what is quiet.

    `replacement`: what to write instead, empty for nothing, None when only a person can say; `offers`: what could be
    written here or elsewhere, where several numbers may be the wrong one; `source`: the clause.
    `ours` is our text and value, `printed` the text alone. `phrase` is what a decision would remember, empty where none
    can be; `decided` tells who decided it, `mark` which decision that is; `measure` that of the number.
    """

    kind: str
    start: int
    end: int
    text: str
    head: str
    label: str
    ours: str = ""
    printed: str = ""
    definition: str = ""
    key: str = ""
    message: str = ""
    candidates: tuple[Candidate, ...] = ()
    replacement: str | None = None
    offers: tuple[Offer, ...] = ()
    source: str = ""
    number: int = 0
    phrase: str = ""
    measure: str = ""
    decided: str = ""
    mark: str = ""

    @property
    def title(self) -> str:
        """What a pointer over the mark is told."""
        return self.decided or self.message or self.ours

    @property
    def corrections(self) -> tuple[Offer, ...]:
        """Everything that can be written instead, here or elsewhere."""
        own = () if self.replacement is None else (Offer(self.start, self.end, self.replacement),)
        return (*own, *self.offers)

    @property
    def undecided(self) -> bool:
        """Whether a person could still say what the number is."""
        return self.kind in ("amb", "no") and bool(self.phrase) and not self.key


def words_of(kind: str) -> str:
    """What a verdict is called."""
    return {
        "bad": _("不一致"),
        "self": _("文内矛盾"),
        "amb": _("有歧义"),
        "way": _("另一口径"),
        "no": _("无依据"),
        "sty": _("文字规范"),
        "own": _("人工数"),
        "ok": _("一致"),
    }[kind]


def remarks_of(
    text: str,
    checked: Checked,
    statements: Sequence[Statement],
    style: Sequence[StyleFinding] = (),
    offered: Mapping[Finding, tuple[Offer, ...]] | None = None,
) -> tuple[Remark, ...]:
    """Every verdict and finding in the order of the text; those that need attention are numbered from 1.

    `offered`: what could be written instead for findings (`domain.checker.offers`).

    A number that contradicts the text and that no record backs is told once, by its contradiction.
    """
    known = {one.key: one for one in statements}
    told = [(one.start, one.end) for one in checked.findings]
    found = [
        remark
        for remark in (_figure(text, figure, known) for figure in checked.figures)
        if remark.kind not in ("no", "own") or not any(a <= remark.start and remark.end <= b for a, b in told)
    ]
    found += [_claim(claim, known) for claim in checked.claims]
    corrected = {(one.start, one.end): one.replacement for one in found if one.kind == "bad"}
    found += [
        _finding(text, finding, corrected.get((finding.start, finding.end)), (offered or {}).get(finding, ()))
        for finding in checked.findings
    ]
    found += [_style(text, finding) for finding in style]
    return numbered(found)


def numbered(remarks: Iterable[Remark]) -> tuple[Remark, ...]:
    """The remarks in the order of the text; those that need attention are numbered from 1."""
    counted, number = [], 0
    for remark in sorted(remarks, key=lambda one: (one.start, one.end, KINDS.index(one.kind))):
        quiet = remark.kind in QUIET
        number += not quiet
        counted.append(replace(remark, number=0 if quiet else number))
    return tuple(counted)


def _unbacked(known: dict[str, Statement], key: str | None) -> str:
    """What to do about a number without a verdict: we may have the figure and no value, or not know the words."""
    if key in known:
        return _("这一统计项当日没有数。请注明出处，或改用有记录的数。")
    if known:
        return _("未能识别为哪一项统计；请人工核对。")
    return _("没有可对照的数据。请注明出处，或改用有记录的数。")


def _figure(text: str, figure: CheckedFigure, known: dict[str, Statement]) -> Remark:
    kind = {"agrees": "ok", "disagrees": "bad", "ambiguous": "amb", "unbacked": "no"}[figure.verdict]
    if figure.decided is not None and figure.decided.key is None:
        kind = "own"
    elif figure.way:
        kind = "way"
    numeral, statement = figure.numeral, known.get(figure.key or "")
    plain = known.get(key_of(figure.key or ""))
    right = plain if kind == "way" else statement
    phrase = phrase_of(text, numeral) if kind in ("amb", "no") and known else ""
    candidates = tuple(
        Candidate(key, known[key].label, known[key].text, bool(phrase) and figure.decided is None)
        for key in figure.candidates
        if key in known
    )
    return Remark(
        kind=kind,
        start=numeral.start,
        end=numeral.end,
        text=numeral.text,
        head=_("按{way}一致").format(way=_way(figure, known)) if kind == "way" else words_of(kind),
        label=right.label if right else numeral.noun,
        ours=_ours(figure, known, right if kind in ("bad", "way") else None),
        printed=statement.text if statement else "",
        definition=statement.definition if statement else "",
        key=figure.key or "",
        message=_message(kind, figure, known),
        candidates=candidates,
        replacement=printed_right(numeral, right) if kind in ("bad", "way") and right else None,
        phrase=phrase,
        measure=numeral.measure,
        decided=figure.decided.told if figure.decided else "",
        mark=figure.decided.mark if figure.decided else "",
    )


def _message(kind: str, figure: CheckedFigure, known: dict[str, Statement]) -> str:
    if kind == "amb":
        return _doubt(figure, known)
    if kind == "no":
        return _unbacked(known, figure.key)
    if kind == "way":
        return _("文中没有写明口径。请写明是“{way}”的数，或改用系统的数。").format(way=_way(figure, known))
    return ""


def _way(figure: CheckedFigure, known: dict[str, Statement]) -> str:
    """The name of the way in which the number agrees, as the reader knows it."""
    found = known.get(figure.key or "")
    return (found.way if found else "") or _(figure.way)


def _ours(figure: CheckedFigure, known: dict[str, Statement], right: Statement | None) -> str:
    """Our text and value; with those of the other ways beside them, by the names that the reader knows."""
    if right is None:
        return figure.ours or ""
    ways = [known[key] for key in figure.beside if key in known]
    told = [_("{label} {text}").format(label=way.label, text=ours_of(way)) for way in ways]
    return "；".join([ours_of(right), *told])


def _doubt(figure: CheckedFigure, known: dict[str, Statement]) -> str:
    if figure.decided is not None:
        return _("这句话说的是另一天，不能用当日的数核对。请按那一天再核对。")
    if len([key for key in figure.candidates if key in known]) > 1:
        return _("这个数可能指几个统计项，无法断定是哪一个。请写明名词或量词。")
    return _("文字不足以断定这个数指哪一项统计。请写明名词或量词。")


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


def _finding(text: str, finding: Finding, ours: str | None, offered: tuple[Offer, ...]) -> Remark:
    """`ours`: what our records say at the very place; it goes before what the text alone would suggest."""
    heads = {
        "sum": _("合计不符"),
        "percentage": _("百分比不符"),
        "noun_drift": _("名词变了"),
        "measure_drift": _("量词变了"),
        "scope": _("口径不清"),
    }
    kind = "amb" if finding.kind == "scope" else "self"
    words = text[finding.start : finding.end]
    return Remark(
        kind=kind,
        start=finding.start,
        end=finding.end,
        text=_quoted(text, finding.start, finding.end),
        head=words_of("self") if kind == "self" else heads[finding.kind],
        label=heads.get(finding.kind, "") if kind == "self" else "",
        message=finding.message,
        replacement=(ours or as_visits(words)) if kind == "amb" else None,
        offers=offered,
    )


def _style(text: str, finding: StyleFinding) -> Remark:
    rule = BY_KEY[finding.rule]
    return Remark(
        kind="sty",
        start=finding.start,
        end=finding.end,
        text=_quoted(text, finding.start, finding.end),
        head=_(rule.name),
        label="",
        message=finding.message,
        replacement=finding.replacement,
        source=rule.source,
    )


def _quoted(text: str, start: int, end: int) -> str:
    """The words of a place on one line, not too many of them."""
    words = text[start:end].replace("\n", " ")
    return words if len(words) <= 40 else words[:39] + "…"
