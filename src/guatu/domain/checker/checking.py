"""`check`: every figure, claim and time of a text with its verdict, and what contradicts itself inside the text."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from datetime import date

from guatu.domain.checker import flaws, sums
from guatu.domain.checker.balances import balance_findings
from guatu.domain.checker.binding import Bound, bind
from guatu.domain.checker.changes import change_findings
from guatu.domain.checker.claims import find_claims
from guatu.domain.checker.compared import compared_findings
from guatu.domain.checker.decided import Decided, Decisions, bind_decided
from guatu.domain.checker.means import mean_findings
from guatu.domain.checker.naming import Names
from guatu.domain.checker.normal import normalise
from guatu.domain.checker.numerals import Reading, readings
from guatu.domain.checker.otherwise import in_ways, split_ways
from guatu.domain.checker.readings import Checked, Finding, TimeExpression
from guatu.domain.checker.shares import share_findings
from guatu.domain.checker.surroundings import sentence_end, sentence_start, surroundings
from guatu.domain.checker.table_sums import table_findings
from guatu.domain.checker.times import times
from guatu.domain.statements import Relation, Statement
from guatu.domain.words import gettext as _

# Texts from the web end their clauses with half-width signs.
_FULL_STOPS = str.maketrans(",;:?!", "，；：？！")
_CLAUSE_BEFORE = "，。；：！？\n、（( \u3000"


def _day_of(statements: Sequence[Statement], as_of: date | None) -> date | None:
    if as_of is not None or not statements:
        return as_of
    return date.fromisoformat(statements[0].as_of)


def _speaks_of_another_day(
    text: str, found: Reading, spoken: Sequence[TimeExpression], day: date | None
) -> bool:
    """Whether the last time that opens a clause of the sentence, before the numeral, leaves out the day checked."""
    if day is None:
        return False
    begin = sentence_start(text, found.numeral.start)
    behind = bisect_left(spoken, found.numeral.start, key=lambda time: time.start)
    for place in range(behind - 1, -1, -1):
        time = spoken[place]
        if time.start < begin:
            break
        if time.start and text[time.start - 1] not in _CLAUSE_BEFORE:
            continue
        if any(word in text[time.end : time.end + 12] for word in ("以来", "至今", "起")):
            return False
        if time.first is None or time.last is None:
            return False
        return not time.first <= day <= time.last
    return False


def _sentence(text: str, found: Reading) -> str:
    """The sentence that the numeral stands in."""
    return text[sentence_start(text, found.start) : sentence_end(text, found.start)]


def _drift(bound: Bound) -> Finding | None:
    """Bound by its context while the noun beside it is another figure's (17个问题 among plans)."""
    statement, numeral = bound.statement, bound.figure.numeral
    if statement is None or not bound.drift:
        return None
    message = _(
        "“{text}{noun}”按上下文是“{label}”，名词变成了“{noun}”。请改用“{right}”，或说明两者的关系。"
    ).format(text=numeral.text, noun=numeral.noun, label=statement.label, right=statement.say.nouns[0])
    return Finding("noun_drift", numeral.start, numeral.end, message)


def _times_left_out(bound: Bound) -> Finding | None:
    """We print 家次 and the text says 家: the count of visits reads as a count of units."""
    statement, numeral = bound.statement, bound.figure.numeral
    if statement is None or not statement.say.measures:
        return None
    printed = statement.say.measures[0]
    if printed != numeral.measure + "次" or numeral.measure == "":
        return None
    message = _("“{text}”的口径是“{printed}”：{definition}请写成“{right}”。").format(
        text=numeral.text,
        printed=printed,
        definition=statement.definition.rstrip("。") + "。" if statement.definition else "",
        right=numeral.text + "次",
    )
    return Finding("scope", numeral.start, numeral.end, message)


def _without_doubles(findings: Sequence[Finding]) -> tuple[Finding, ...]:
    kept: dict[tuple[str, int], Finding] = {}
    for finding in findings:
        kept.setdefault((finding.kind, finding.start), finding)
    return tuple(sorted(kept.values(), key=lambda f: (f.start, f.end, f.kind)))


def check(
    text: str,
    statements: Sequence[Statement] = (),
    relations: Sequence[Relation] = (),
    as_of: date | None = None,
    own_names: Sequence[str] = (),
    campaign_names: Sequence[str] = (),
    decided: Sequence[Decided] = (),
) -> Checked:
    """Check `text` against `statements`; without any, figures are unbacked and the findings inside the text remain.

    `as_of` is the day that the statements speak of (their own when None); it also lends its year to days without one.
    A statement whose key is a reference (`key@variant`) is another way to count that figure: see `otherwise`.
    `own_names` are the names of the organisation that the statements are about; it is no foreigner in the text.
    `campaign_names` are how texts call the campaign: words that say nothing else about a number beside them.
    `decided` is what people have decided of phrases; it goes before what the words alone tell.
    """
    day = _day_of(statements, as_of)
    norm = normalise(text)
    found = readings(text, norm)
    spoken = times(text, day)
    stated = [s for s in statements if s.kind == "figure"]
    figures, ways = split_ways(stated)
    known_nouns = frozenset(noun for s in figures for noun in s.say.nouns if len(noun) >= 2)
    names = Names(figures, own_names, campaign_names)
    decisions = Decisions(decided)
    bound = []
    for index, reading in enumerate(found):
        around = surroundings(norm.text, found, index, own_names, campaign_names)
        elsewhen = _speaks_of_another_day(text, reading, spoken, day)
        by_decision = bind_decided(reading, around, stated, decisions.of(text, reading.numeral), elsewhen)
        by_words = by_decision or bind(reading, around, figures, known_nouns, names, elsewhen)
        bound.append(in_ways(by_words, ways, _sentence(norm.text, reading)))
    claims = find_claims(text, norm, statements)
    ours = {r.start: b.statement for r, b in zip(found, bound, strict=True) if b.statement is not None}
    right = {r.start for r, b in zip(found, bound, strict=True) if b.figure.verdict == "agrees"}
    by_key: dict[str, list[Reading]] = {}
    for reading, one in zip(found, bound, strict=True):
        if one.statement is not None:
            by_key.setdefault(one.statement.key, []).append(reading)
    stops = norm.text.translate(_FULL_STOPS)
    split = sums.splits(stops, found)
    findings: list[Finding] = [
        *sums.sum_findings(split, ours, right),
        *sums.relation_findings(relations, by_key, {s.key: s for s in figures}, split),
        *share_findings(stops, found, ours, split),
        *change_findings(stops, found),
        *mean_findings(stops, found),
        *table_findings(stops, found),
        *compared_findings(stops, found),
        *balance_findings(stops, found),
        *sums.drift_findings(norm.text, split),
        *(f for b in bound if (f := _drift(b)) is not None),
        *flaws.doubtful_scope(norm, found),
        *(f for b in bound if (f := _times_left_out(b)) is not None),
    ]
    return Checked(
        figures=tuple(b.figure for b in bound),
        claims=tuple(claims),
        times=tuple(spoken),
        findings=_without_doubles(findings),
    )
