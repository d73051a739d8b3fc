"""Report templates: a closed little language for sentences that stay true whatever the figures are.

A sentence is a list of cases; the first one that can be said is printed, and none is no sentence. In a text

    {plans_total}                   prints a figure, or a claim's phrase
    {yoy_revenue:营业收入}          prints a claim in other words
    {plans_total@upward}            prints a figure's variant, or the figure at another basis (`figures.references`)
    {as_of} {organisation} …        prints one of `NAMES`
    <、专题推进会{a}|业务培训会{b}>  joins, with the first character, those parts that can be said

A place can be said when its figure is known and not zero, or its claim is true; a text when all its places can; a
joined list when one part can. So no report prints 共0次 or claims what the records do not bear out, unless the
template names the zero (`zero:`) and finds words for it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Annotated, Any

from pydantic import AfterValidator, BeforeValidator, ConfigDict, StringConstraints, model_validator
from pydantic import Field as Rule

from guatu.domain.figures.references import REFERENCE, Reference
from guatu.domain.pack.base import Key, Label, PackModel
from guatu.domain.words import gettext as _

NAMES: tuple[str, ...] = (
    "organisation",
    "campaign",
    "office",
    "leading_group",
    "team",
    "as_of",
    "months",
)
"""What a text may name beside figures; `months` is the whole months of the year up to the day (2023年1—11月)."""

JOINERS = "、，；"
_TOKEN = re.compile(r"\{(" + REFERENCE + r")(?::([^{}<>|]+))?\}|<([^<>]*)>|([{}<>|])")


@dataclass(frozen=True, slots=True)
class Words:
    """Words printed as they stand."""

    text: str


@dataclass(frozen=True, slots=True)
class Place:
    """A figure, a claim or a name; `wording` replaces a claim's own phrase."""

    key: str
    wording: str | None = None


@dataclass(frozen=True, slots=True)
class Joined:
    """Parts of which those that can be said are printed, with `joiner` between."""

    joiner: str
    parts: tuple[tuple[Words | Place, ...], ...]


Token = Words | Place | Joined


@lru_cache(maxsize=1024)
def parse(text: str) -> tuple[Token, ...]:
    """The tokens of a template text; ValueError with the sentence why when it is malformed."""
    tokens: list[Token] = []
    end = 0
    for found in _TOKEN.finditer(text):
        if found.start() > end:
            tokens.append(Words(text[end : found.start()]))
        end = found.end()
        key, wording, joined, stray = found.groups()
        if stray:
            raise ValueError(
                _("文本“{text}”中的“{stray}”没有成对。请写成 {{统计项}} 或 <、甲|乙>。").format(
                    text=text, stray=stray
                )
            )
        tokens.append(Place(key, wording) if key else _joined(joined, text))
    if end < len(text):
        tokens.append(Words(text[end:]))
    return tuple(tokens)


def _joined(inside: str, text: str) -> Joined:
    if not inside or inside[0] not in JOINERS:
        raise ValueError(
            _("文本“{text}”中的并列部分没有写明连接符。请在“<”后写 、，；之一。").format(text=text)
        )
    parts: list[tuple[Words | Place, ...]] = []
    for part in inside[1:].split("|"):
        tokens = tuple(token for token in parse(part) if not isinstance(token, Joined))
        if not any(isinstance(token, Place) for token in tokens):
            raise ValueError(
                _("文本“{text}”中的并列部分“{part}”没有统计项。请补上，或移到“<>”之外。").format(
                    text=text, part=part
                )
            )
        parts.append(tokens)
    return Joined(inside[0], tuple(parts))


def places(text: str) -> Iterator[Place]:
    """Every place of a text, those in joined lists included."""
    for token in parse(text):
        if isinstance(token, Place):
            yield token
        elif isinstance(token, Joined):
            for part in token.parts:
                yield from (piece for piece in part if isinstance(piece, Place))


def _well_formed(text: str) -> str:
    parse(text)
    return text


TemplateText = Annotated[str, StringConstraints(min_length=1), AfterValidator(_well_formed)]


class Lenient(PackModel):
    """Below a converted value pydantic no longer sees JSON, where a list may stand for a tuple: not strict."""

    model_config = ConfigDict(strict=False)


def _asked(raw: Any) -> Any:
    """`{figure: plans_total, variant: upward}` as the reference plans_total@upward."""
    if isinstance(raw, Mapping) and set(raw) <= {"figure", "variant", "basis"} and "figure" in raw:
        return str(Reference(str(raw["figure"]), str(raw.get("variant", "")), str(raw.get("basis", ""))))
    return raw


Asked = Annotated[str, StringConstraints(pattern=f"^{REFERENCE}$"), BeforeValidator(_asked)]
"""A figure in a condition: its key, or with the variant or basis that it is looked at with."""


class Condition(Lenient):
    """What must hold beside the places: figures above zero or zero, claims that hold or fail."""

    positive: tuple[Asked, ...] = ()
    zero: tuple[Asked, ...] = ()
    holds: tuple[Asked, ...] = ()
    fails: tuple[Asked, ...] = ()

    @property
    def keys(self) -> tuple[str, ...]:
        """Every figure or claim the condition asks about."""
        return self.positive + self.zero + self.holds + self.fails


class Case(Lenient):
    """One wording and what must hold for it."""

    text: TemplateText
    when: Condition = Condition()


def _from_text(raw: Any) -> Any:
    return {"cases": [{"text": raw}]} if isinstance(raw, str) else raw


class SentenceCases(Lenient):
    """A sentence: the first case that can be said. A bare text is one case."""

    cases: tuple[Case, ...] = Rule(min_length=1)


Sentence = Annotated[SentenceCases, BeforeValidator(_from_text)]


class Block(PackModel):
    """One block: a heading (一、), a subheading （一） or a paragraph of sentences. Numbers are given when composed."""

    heading: TemplateText | None = None
    subheading: TemplateText | None = None
    paragraph: tuple[Sentence, ...] | None = Rule(default=None, min_length=1)

    @model_validator(mode="after")
    def _exactly_one(self) -> Block:
        if sum(part is not None for part in (self.heading, self.subheading, self.paragraph)) != 1:
            raise ValueError(
                _("每一段只能写 heading、subheading、paragraph 中的一种。请拆成几段，或删去多余的。")
            )
        return self


class ReportTemplate(PackModel):
    """A report: title, salutation, blocks, and who signs it. `kind`: what kind of document is begun from it, where it says so."""

    key: Key
    label: Label
    kind: Key | None = None
    title: TemplateText
    salutation: TemplateText
    blocks: tuple[Block, ...] = Rule(min_length=1)
    signature: TemplateText

    @property
    def keys(self) -> frozenset[str]:
        """Everything the report asks about: the places of its texts and the figures of its conditions."""
        asked = {place.key for _path, text in self.texts() for place in places(text)}
        return frozenset(asked.union(*(condition.keys for _path, condition in self.conditions())))

    def texts(self) -> Iterator[tuple[tuple[str | int, ...], str]]:
        """Every template text with the path it stands at."""
        yield ("title",), self.title
        yield ("salutation",), self.salutation
        for place, block in enumerate(self.blocks):
            at = ("blocks", place)
            if block.heading is not None:
                yield (*at, "heading"), block.heading
            if block.subheading is not None:
                yield (*at, "subheading"), block.subheading
            for number, sentence in enumerate(block.paragraph or ()):
                for way, case in enumerate(sentence.cases):
                    yield (*at, "paragraph", number, "cases", way, "text"), case.text

    def conditions(self) -> Iterator[tuple[tuple[str | int, ...], Condition]]:
        """Every condition with the path it stands at."""
        for place, block in enumerate(self.blocks):
            for number, sentence in enumerate(block.paragraph or ()):
                for way, case in enumerate(sentence.cases):
                    yield ("blocks", place, "paragraph", number, "cases", way, "when"), case.when
