"""Composing a report: from a template and the statements of a day to a document, sentence by sentence.

Pure: no records, no clock. Every figure in the document keeps its statement, so that a page can link it to its
records and a test can compare it. A sentence that cannot be said truly is left out, a heading without text below it
too, and the numbers of headings close up.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

from guatu.domain.pack.template import Case, Joined, Place, ReportTemplate, SentenceCases, Token, Words, parse
from guatu.domain.statements import Statement


@dataclass(frozen=True, slots=True)
class Text:
    """Words as they stand."""

    text: str


@dataclass(frozen=True, slots=True)
class FigureSpan:
    """A printed figure or claim, with what it was printed from."""

    key: str
    text: str
    statement: Statement


Span = Text | FigureSpan


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading with its number (一、 or （一）) already in the text."""

    level: Literal[1, 2]
    text: str


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph of running text."""

    spans: tuple[Span, ...]

    @property
    def text(self) -> str:
        """The paragraph without its marks."""
        return "".join(span.text for span in self.spans)


@dataclass(frozen=True, slots=True)
class Document:
    """A composed report. `date` is the day as printed under the signature; `notes` stand below, in small print."""

    title: str
    salutation: str
    blocks: tuple[Heading | Paragraph, ...]
    signature: str
    date: str
    notes: tuple[str, ...] = ()

    @property
    def figures(self) -> tuple[FigureSpan, ...]:
        """Every printed figure and claim in reading order."""
        return tuple(
            span
            for block in self.blocks
            if isinstance(block, Paragraph)
            for span in block.spans
            if isinstance(span, FigureSpan)
        )


def compose(
    template: ReportTemplate,
    statements: Iterable[Statement],
    *,
    names: Mapping[str, str],
    as_of: date,
    notes: Sequence[str] = (),
) -> Document:
    """The report of `template` as of a day.

    `names` fills the names a template may use (organisation, campaign, office, leading_group, team); the day and
    the months of the year up to it are added here.
    """
    said = _Sayable({one.key: one for one in statements}, {**names, **times(as_of)})
    return Document(
        title=said.line(template.title),
        salutation=said.line(template.salutation),
        blocks=_numbered(_blocks(template, said)),
        signature=said.line(template.signature),
        date=chinese_day(as_of),
        notes=tuple(notes),
    )


@dataclass(frozen=True, slots=True)
class TakenText:
    """One block of a template as it would be said on a day, its figures still places. `level` 0 is running text.

    `place`: which block of the template it is; `text` is empty for a paragraph none of whose sentences can be said.
    """

    place: int
    level: Literal[0, 1, 2]
    text: str


def taken_texts(
    template: ReportTemplate, statements: Iterable[Statement], *, names: Mapping[str, str], as_of: date
) -> tuple[TakenText, ...]:
    """The blocks of a template with each sentence decided as of a day: for whoever goes on writing by hand."""
    said = _Sayable({one.key: one for one in statements}, {**names, **times(as_of)})
    taken: list[TakenText] = []
    for place, block in enumerate(template.blocks):
        if block.heading is not None:
            taken.append(TakenText(place, 1, block.heading))
        elif block.subheading is not None:
            taken.append(TakenText(place, 2, block.subheading))
        else:
            cases = [said.case(sentence) for sentence in block.paragraph or ()]
            taken.append(TakenText(place, 0, "".join(found[0].text for found in cases if found is not None)))
    return tuple(taken)


def chinese_day(day: date) -> str:
    """2023年11月30日, without leading zeros (GB/T 9704)."""
    return f"{day.year}年{day.month}月{day.day}日"


def whole_months(day: date) -> str | None:
    """The whole months of the year up to and including `day`: 2023年1—11月; None before the first month is over."""
    last = day.month if (day + timedelta(days=1)).day == 1 else day.month - 1
    if last == 0:
        return None
    return f"{day.year}年1月" if last == 1 else f"{day.year}年1—{last}月"


def times(as_of: date) -> dict[str, str]:
    """The names that a day gives: as_of, and months from the first whole month of the year on."""
    months = whole_months(as_of)
    return {"as_of": chinese_day(as_of)} | ({"months": months} if months else {})


@dataclass(frozen=True)
class _Sayable:
    """What can be said on this day: statements by key, and names."""

    statements: Mapping[str, Statement]
    names: Mapping[str, str]

    def line(self, text: str) -> str:
        """A text without figures, such as the title; what cannot be said in it is left out."""
        return "".join(
            token.text if isinstance(token, Words) else self.names.get(token.key, "")
            for token in parse(text)
            if not isinstance(token, Joined)
        )

    def sentence(self, sentence: SentenceCases) -> tuple[Span, ...] | None:
        """The first case that can be said, or None."""
        found = self.case(sentence)
        return found[1] if found is not None else None

    def case(self, sentence: SentenceCases) -> tuple[Case, tuple[Span, ...]] | None:
        """The first case that can be said, with what it says."""
        for case in sentence.cases:
            if self._holds(case):
                spans = self._spans(parse(case.text), frozenset(case.when.zero))
                if spans is not None:
                    return case, spans
        return None

    def _holds(self, case: Case) -> bool:
        when = case.when
        return (
            all(self._number(key) not in (None, 0) for key in when.positive)
            and all(self._number(key) == 0 for key in when.zero)
            and all(self._verdict(key) is True for key in when.holds)
            and all(self._verdict(key) is False for key in when.fails)
        )

    def _number(self, key: str) -> object:
        found = self.statements.get(key)
        return found.value if found is not None and found.kind == "figure" else None

    def _verdict(self, key: str) -> object:
        found = self.statements.get(key)
        return found.value if found is not None and found.kind == "claim" else None

    def _spans(self, tokens: Sequence[Token], zeros: frozenset[str]) -> tuple[Span, ...] | None:
        spans: list[Span] = []
        for token in tokens:
            if isinstance(token, Words):
                spans.append(Text(token.text))
                continue
            said = self._place(token, zeros) if isinstance(token, Place) else self._joined(token, zeros)
            if said is None:
                return None
            spans += said
        return tuple(spans)

    def _joined(self, joined: Joined, zeros: frozenset[str]) -> tuple[Span, ...] | None:
        parts = [said for part in joined.parts if (said := self._spans(part, zeros)) is not None]
        spans: list[Span] = []
        for place, part in enumerate(parts):
            spans += (Text(joined.joiner), *part) if place else part
        return tuple(spans) or None

    def _place(self, place: Place, zeros: frozenset[str]) -> tuple[Span, ...] | None:
        """The span of a figure above zero, of a claim that holds, or of a name; None when it cannot be said."""
        if place.key in self.names:
            return (Text(self.names[place.key]),)
        found = self.statements.get(place.key)
        if found is None or found.value is None or found.value is False:
            return None
        if found.value == 0 and place.key not in zeros:
            return None
        return (FigureSpan(place.key, place.wording or found.text, found),)


def _blocks(template: ReportTemplate, said: _Sayable) -> list[Heading | Paragraph]:
    blocks: list[Heading | Paragraph] = []
    for block in template.blocks:
        if block.heading is not None:
            blocks.append(Heading(1, said.line(block.heading)))
        elif block.subheading is not None:
            blocks.append(Heading(2, said.line(block.subheading)))
        else:
            sentences = [said.sentence(sentence) for sentence in block.paragraph or ()]
            spans = _joined_text(span for sentence in sentences for span in sentence or ())
            if spans:
                blocks.append(Paragraph(spans))
    return blocks


def _joined_text(spans: Iterable[Span]) -> tuple[Span, ...]:
    """Neighbouring words as one span."""
    joined: list[Span] = []
    for span in spans:
        before = joined[-1] if joined else None
        if isinstance(span, Text) and isinstance(before, Text):
            joined[-1] = Text(before.text + span.text)
        else:
            joined.append(span)
    return tuple(joined)


def _numbered(blocks: Sequence[Heading | Paragraph]) -> tuple[Heading | Paragraph, ...]:
    """The blocks with headings numbered, without those that have no text below."""
    kept: list[Heading | Paragraph] = []
    for block in reversed(blocks):
        below = kept[-1] if kept else None
        if isinstance(block, Heading) and (below is None or block.level >= _level(below)):
            continue
        kept.append(block)
    numbered: list[Heading | Paragraph] = []
    first = second = 0
    for block in reversed(kept):
        if isinstance(block, Paragraph):
            numbered.append(block)
        elif block.level == 1:
            first, second = first + 1, 0
            numbered.append(Heading(1, f"{chinese_number(first)}、{block.text}"))
        else:
            second += 1
            numbered.append(Heading(2, f"（{chinese_number(second)}）{block.text}"))
    return tuple(numbered)


def _level(block: Heading | Paragraph) -> int:
    return block.level if isinstance(block, Heading) else 3


def chinese_number(number: int) -> str:
    """1 to 99 as they stand before headings: 一, 十, 十二, 二十一."""
    digits = "零一二三四五六七八九"
    tens, ones = divmod(number, 10)
    ten = "" if tens == 0 else "十" if tens == 1 else f"{digits[tens]}十"
    return ten + (digits[ones] if ones or not tens else "")
