"""What the tables and charts of an issued document show, value by value, so that it can be counted again. Pure values.

Each value is named within its block: a figure by its key, unit and day; a light by its row of the wall and the light, or the row
and the task. What a value is called may change (a unit gets another name); by what it is named does not.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from typing import Final, Literal

from guatu.domain.words import gettext as _

Kind = Literal["figures", "units", "trend", "ranking", "lights", "wall"]
LAMPS: Final[tuple[Kind, ...]] = ("lights", "wall")
"""The charts that show lights instead of figures."""
ROW_MARK: Final = "|"
"""Stands between the row of a light and what it is in it."""
WHOLE: Final = "whole"
"""What a row of lights has in all: its cells, or its share that is done. It is labelled by the row alone."""
NOTE, LEFT_OUT = "note", "left_out"


@dataclass(frozen=True, slots=True)
class ShownValue:
    """One value as it is printed or drawn. `value` is exact, as text; empty where there is none, or where the text is exact."""

    ref: str
    label: str
    text: str
    value: str = ""

    @property
    def row(self) -> str:
        """The row of the wall in which a light stands."""
        return self.ref.split(ROW_MARK)[0]

    @property
    def place(self) -> str:
        """What it is in its row: a light, the number of a task, or `WHOLE`."""
        return self.ref.split(ROW_MARK)[-1]


@dataclass(frozen=True, slots=True)
class ShownBlock:
    """A table, a list of units or a chart with its values in reading order."""

    block: str
    kind: Kind
    caption: str
    values: tuple[ShownValue, ...]

    @property
    def name(self) -> str:
        """By which name a sentence calls it: its caption, or what it is."""
        return self.caption or kind_words()[self.kind]


@dataclass(frozen=True, slots=True)
class Shown:
    """All blocks of a document that are worked out of records; `unit`: whose document it is (code)."""

    unit: str
    blocks: tuple[ShownBlock, ...]

    def of_kind(self, kind: Kind) -> ShownBlock | None:
        """The first of a kind; several of one kind show the same lights."""
        return next((block for block in self.blocks if block.kind == kind), None)


def kind_words() -> dict[Kind, str]:
    """What each kind is called."""
    return {
        "figures": _("统计项表"),
        "units": _("单位名单"),
        "trend": _("折线图"),
        "ranking": _("排名图"),
        "lights": _("亮灯图"),
        "wall": _("作战图"),
    }


def kept(shown: Shown) -> str:
    """As canonical JSON; empty where there is nothing."""
    if not shown.blocks:
        return ""
    told = {
        "unit": shown.unit,
        "blocks": [
            {
                **{key: value for key, value in asdict(block).items() if key != "values"},
                "values": [[one.ref, one.label, one.text, one.value] for one in block.values],
            }
            for block in shown.blocks
        ],
    }
    return json.dumps(told, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def heard(text: str) -> Shown:
    """What `kept` gave."""
    if not text:
        return Shown("", ())
    told = json.loads(text)
    return Shown(
        told["unit"],
        tuple(
            ShownBlock(
                block["block"],
                block["kind"],
                block["caption"],
                tuple(ShownValue(*value) for value in block["values"]),
            )
            for block in told["blocks"]
        ),
    )


def differences(then: ShownBlock, now: ShownBlock | None) -> Iterator[str]:
    """What of a block does not come out again, one sentence for each value, naming what stood there and what is counted now."""
    words = {"chart": then.name}
    values = {one.ref: one for one in now.values} if now is not None else {}
    for one in then.values:
        again = values.pop(one.ref, None)
        if again is None:
            yield _("“{chart}”中“{label}”定稿为 {then}，重新统计时没有这一项。").format(
                label=one.label, then=_said(one), **words
            )
        elif (again.text, again.value) != (one.text, one.value):
            yield _("“{chart}”中“{label}”定稿为 {then}，按原截至日和知悉截至重新统计为 {now}。").format(
                label=one.label,
                then=_said(one, again),
                now=_said(again, one),
                **words,
            )
    for one in values.values():
        yield _("“{chart}”中没有“{label}”，重新统计时有：{now}。").format(
            label=one.label, now=_said(one), **words
        )
    if now is not None and not values and _order(then.values) != _order(now.values):
        yield _("“{chart}”中各项的次序与定稿时不同。").format(**words)


def _said(one: ShownValue, other: ShownValue | None = None) -> str:
    """The words; where both are said alike, with the exact value."""
    if other is not None and one.text == other.text:
        return _("{text}（{value}）").format(text=one.text, value=one.value)
    return one.text or _("（无）")


def _order(values: Sequence[ShownValue]) -> tuple[str, ...]:
    return tuple(one.ref for one in values)
