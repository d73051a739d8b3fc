"""Random consistent figures of a pack, the report that its template makes of them, and the same with one number changed."""

from __future__ import annotations

import random
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from guatu.domain.checker import Checked, check
from guatu.domain.figures.aggregates import Ratio
from guatu.domain.figures.grammar import Figure
from guatu.domain.figures.references import Reference, looked_at
from guatu.domain.figures.results import Gathered, Result, settle, statement
from guatu.domain.pack import Pack
from guatu.domain.report import Document, FigureSpan, Paragraph, compose
from guatu.domain.statements import Statement
from guatu.exchange import report_text

DAY = date(2023, 11, 30)
NAMES = {
    "organisation": "华岳集团",
    "office": "活动办公室",
    "leading_group": "领导小组",
    "team": "督导组",
}
BELOW = {"theme-education": (("new_contract_units", "units_l3"),), "safety-drive": ()}
"""What no relation declares and no records could break: units with new contracts are units."""
SCALES = (3, 12, 40, 99, 300, 990, 4_000, 30_000, 400_000)


@dataclass(frozen=True)
class Story:
    """Values that a pack's relations allow, said and printed."""

    pack: Pack
    statements: tuple[Statement, ...]
    document: Document

    @property
    def text(self) -> str:
        """The report as it is read."""
        return report_text.render(self.document).decode()

    @property
    def printed(self) -> list[FigureSpan]:
        """The numbers of the report in reading order."""
        return [span for span in self.document.figures if span.statement.kind == "figure"]


def story(pack: Pack, seed: int, template: str) -> Story:
    """The report of random values, always the same for a seed."""
    dice = random.Random(seed)
    results = _results(pack, dice)
    said = [statement(pack.figures[key], result, DAY) for key, result in results.items()]
    names = {**NAMES, "campaign": pack.words.campaign_names[0]}
    document = compose(pack.report(template), said, names=names, as_of=DAY)
    return Story(pack, (*said, *_ways(pack, results, dice)), document)


def judged(one: Story, text: str) -> Checked:
    """The report, or a changed one, against the values that it was made of."""
    return check(text, one.statements, one.pack.relations, DAY, (), one.pack.words.campaign_names)


def _results(pack: Pack, dice: random.Random) -> dict[str, Result]:
    """Whole numbers that keep every declared relation; shares are those of their parts; claims are true or not."""
    plain = [
        k for k, f in pack.figures.items() if not f.is_claim and f.agg.kind in ("count", "sum", "distinct")
    ]
    scale = dice.choice(SCALES)
    numbers = {key: _number(dice, scale) for key in plain}
    settled: set[str] = set()
    for relation in pack.relations:
        if relation.op == "==":
            (whole,) = relation.right
            if whole not in settled:
                numbers[whole] = sum(numbers[k] for k in relation.left)
            else:
                left = numbers[whole]
                for key in relation.left[:-1]:
                    numbers[key] = dice.randint(0, left)
                    left -= numbers[key]
                numbers[relation.left[-1]] = left
            settled.update((*relation.left, whole))
    for relation in pack.relations:
        if relation.op == "<=" and all(k in numbers for k in (*relation.left, *relation.right)):
            room = sum(numbers[k] for k in relation.right)
            for key in relation.left:
                if key not in settled and numbers[key] > room:
                    numbers[key] = dice.randint(0, room)
                room -= numbers[key]
    for less, more in BELOW[pack.key]:
        numbers[less] = min(numbers[less], numbers[more])
    for figure in pack.figures.values():
        match figure.agg:  # both sides of a ratio share one roster
            case Ratio(part=part, whole=whole) if {part, whole} <= set(numbers) and part not in settled:
                numbers[part] = min(numbers[part], numbers[whole])
    results: dict[str, Result] = {k: Result(v, v) for k, v in numbers.items()}
    for key, figure in pack.figures.items():
        if figure.agg.kind == "const":
            results[key] = settle(figure, Gathered(), DAY, {})
        elif figure.is_claim:
            results[key] = Result(dice.choice((True, True, False, None)))
    for key, figure in pack.figures.items():
        if figure.agg.kind == "ratio" and not figure.is_claim and set(figure.parts) <= set(results):
            results[key] = settle(figure, Gathered(), DAY, results)
    return {k: results[k] for k, f in pack.figures.items() if k in results and not f.internal}


def _number(dice: random.Random, scale: int) -> int:
    return 0 if dice.random() < 0.1 else dice.randint(1, dice.choice((scale, scale, 12, 99)))


def _ways(pack: Pack, results: Mapping[str, Result], dice: random.Random) -> Iterator[Statement]:
    """The declared variants of what was counted, smaller than the figure itself."""
    for key in results:
        for variant in pack.figures[key].ways:
            reference = str(Reference(key, variant))
            value = results[key].value
            number = dice.randint(0, value) if isinstance(value, int) else None
            yield statement(_looked(pack, reference), Result(number, number), DAY)


def _looked(pack: Pack, reference: str) -> Figure:
    key, variant = reference.split("@")
    return looked_at(pack.figures, Reference(key, variant))


NUMBER = re.compile(r"\d+(?:\.\d+)?")
KINDS = ("one more", "one less", "digits swapped", "ten times", "another's")


def changed(number: str, kind: str, others: list[str], dice: random.Random) -> str:
    """The printed number with one slip of the pen; the number itself where the slip is not possible."""
    places = len(number.partition(".")[2])
    whole = int(number.replace(".", ""))
    if kind in ("one more", "one less"):
        moved = str(whole + (1 if kind == "one more" else -1)).zfill(places + 1)
        return f"{moved[:-places]}.{moved[-places:]}" if places else moved
    if kind == "ten times":
        return number.replace(".", "").lstrip("0") if places == 1 else f"{number}0" if not places else number
    if kind == "digits swapped":
        pairs = [
            i
            for i in range(len(number) - 1)
            if number[i].isdigit() and number[i + 1].isdigit() and number[i] != number[i + 1]
        ]
        pairs = [i for i in pairs if not (i == 0 and number[1] == "0")]
        if not pairs:
            return number
        i = dice.choice(pairs)
        return number[:i] + number[i + 1] + number[i] + number[i + 2 :]
    return dice.choice(others) if others else number


def with_one_changed(one: Story, place: int, kind: str, dice: random.Random) -> Story | None:
    """The story with its printed figure number `place` changed; None where that changes nothing."""
    target = one.printed[place]
    found = NUMBER.search(target.text)
    if found is None:
        return None
    ways = {str(s.value) for s in one.statements if s.key.startswith(f"{target.key}@")}
    others = [m.group() for s in one.printed if (m := NUMBER.search(s.text)) and m.group() != found.group()]
    number = changed(found.group(), kind, others, dice)
    if number == found.group() or float(number) == 0 or _still_rounded(target.statement, number):
        return None
    if number in ways:  # what another definition (口径) gives is no slip
        return None
    text = target.text[: found.start()] + number + target.text[found.end() :]
    seen = -1
    blocks = []
    for block in one.document.blocks:
        if isinstance(block, Paragraph):
            spans = []
            for span in block.spans:
                if isinstance(span, FigureSpan) and span.statement.kind == "figure":
                    seen += 1
                    span = replace(span, text=text) if seen == place else span
                spans.append(span)
            block = Paragraph(tuple(spans))
        blocks.append(block)
    return replace(one, document=replace(one.document, blocks=tuple(blocks)))


def _still_rounded(said: Statement, number: str) -> bool:
    """Whether a share may be printed so as well: 131.25 lies between 131.2 and 131.3."""
    if not isinstance(said.value, Decimal):
        return False
    half = Decimal(1).scaleb(-len(number.partition(".")[2])) / 2
    return abs(Decimal(number) - said.value) <= half


def family(pack: Pack, key: str) -> set[str]:
    """The figures that a declared relation or a ratio joins with this one, directly or through a ratio."""
    near = {key}
    groups = [{*r.left, *r.right} for r in pack.relations]
    groups += [set(pair) for pair in BELOW[pack.key]]
    groups += [{k, *f.parts} for k, f in pack.figures.items() if f.parts]
    for group in groups:
        if key in group:
            near |= group
    return near
