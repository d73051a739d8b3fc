"""Saying a text of a document with the statements of a day: what can be said, and what cannot and why.

Other than a template's sentence, a writer's words stand whatever the figures are: what cannot be said leaves a gap that
names the figure, and is listed; it is never printed as a number.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from guatu.domain.pack.template import Joined, Place, Token, Words, parse
from guatu.domain.report import FigureSpan, Text
from guatu.domain.statements import Statement
from guatu.domain.words import gettext as _


@dataclass(frozen=True, slots=True)
class Gap:
    """A place that cannot be said. `text` is what stands there instead, `why` one sentence for the writer."""

    key: str
    text: str
    why: str


Said = Text | FigureSpan | Gap


@dataclass(frozen=True, slots=True)
class Unsaid:
    """A gap and the block where it stands ("" = in the salutation, the signature or the head)."""

    block: str
    key: str
    label: str
    why: str


@dataclass(frozen=True, slots=True)
class Sayable:
    """What there is to say: statements by key, names, and what figures are called (for gaps)."""

    statements: Mapping[str, Statement]
    names: Mapping[str, str]
    labels: Mapping[str, str]

    def label(self, key: str) -> str:
        """What the figure or the name behind a place is called; its key where nobody knows it."""
        found = self.statements.get(key)
        return found.label if found is not None else self.labels.get(key, key)

    def spans(self, text: str) -> tuple[Said, ...]:
        """The text, said; neighbouring words as one span."""
        return joined_words(span for token in parse(text) for span in self._token(token))

    def words(self, text: str) -> str:
        """The text as plain words, gaps included."""
        return plain_words(self.spans(text))

    def _token(self, token: Token) -> Iterable[Said]:
        if isinstance(token, Words):
            return (Text(token.text),)
        if isinstance(token, Place):
            return (self._place(token),)
        return self._joined(token)

    def _place(self, place: Place) -> Said:
        if place.key in self.names:
            return Text(self.names[place.key])
        found = self.statements.get(place.key)
        label = self.label(place.key)
        if found is None:
            why = (
                _("“{label}”在这一天还没有内容。请换截至日，或改写这一处。")
                if place.key in self.labels
                else _("没有标识为“{label}”的统计项，可能已从专项模板中删去。请改用别的统计项，或写成文字。")
            )
        elif found.value is None or (found.kind == "figure" and not found.text):
            why = _("“{label}”截至这一天没有数。请换截至日，或改写这一处。")
        elif found.value is False:
            why = _("“{label}”截至这一天不成立，不能这样写。请改写这一处。")
        else:
            return FigureSpan(place.key, place.wording or found.text, found)
        return Gap(place.key, _gap(label), why.format(label=label))

    def _joined(self, joined: Joined) -> Iterable[Said]:
        """The parts that can be said with something to say: not zero, as in a template."""
        said: list[Said] = []
        for part in joined.parts:
            spans = [span for token in part for span in self._token(token)]
            if any(isinstance(span, Gap) for span in spans) or any(
                isinstance(span, FigureSpan) and span.statement.value == 0 for span in spans
            ):
                continue
            said += [Text(joined.joiner), *spans] if said else spans
        if said:
            return said
        first = next(
            token.key for part in joined.parts for token in part if isinstance(token, Place)
        )  # a joined part without a place is refused when it is parsed
        label = "、".join(
            self.label(token.key) for part in joined.parts for token in part if isinstance(token, Place)
        )
        why = _("并列的“{label}”截至这一天都没有数，或都是零。请改写这一处。").format(label=label)
        return (Gap(first, _gap(label), why),)


def joined_words(spans: Iterable[Said]) -> tuple[Said, ...]:
    """Neighbouring words as one span."""
    joined: list[Said] = []
    for span in spans:
        before = joined[-1] if joined else None
        if isinstance(span, Text) and isinstance(before, Text):
            joined[-1] = Text(before.text + span.text)
        else:
            joined.append(span)
    return tuple(joined)


def plain_words(spans: Sequence[Said]) -> str:
    """Spans as they are read."""
    return "".join(span.text for span in spans)


def gaps(block: str, spans: Iterable[Said], said: Sayable) -> tuple[Unsaid, ...]:
    """The gaps of a block's spans, each with what it is called."""
    return tuple(
        Unsaid(block, span.key, said.label(span.key), span.why) for span in spans if isinstance(span, Gap)
    )


def _gap(label: str) -> str:
    return f"〔待定：{label}〕"
