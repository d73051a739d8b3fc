"""What differs between a document and the one issued before it in its series, figure by figure, and why. Pure values.

A figure goes from its last value to the present one in three steps, each with what made it: `definition` (counted by another
declaration), `known` (the same day with what has become known since: late entries, corrections, moves, edits) and `day`
(what has come about by the later day). So every difference is accounted for, and of counts and sums to the last unit.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass
from decimal import Decimal
from typing import Any, Final, Literal

from guatu.domain.figures.phrasing import plain
from guatu.domain.figures.sent import why_labels
from guatu.domain.words import gettext as _
from guatu.domain.words import parted

Link = Literal["definition", "known", "day"]
LINKS: Final[tuple[Link, ...]] = ("definition", "known", "day")
EFFECTS: Final = ("in", "out", "met", "unmet", "group", "amount", "times", "part", "light", "handled", "time")


@dataclass(frozen=True, slots=True)
class Effect:
    """What became of a record or a unit: one of `EFFECTS`; `then` and `now` of an amount or of how often it counts."""

    code: str
    then: str = ""
    now: str = ""

    def __str__(self) -> str:
        """In words."""
        match self.code:
            case "in":
                return _("现在计入")
            case "out":
                return _("不再计入")
            case "met":
                return _("现在符合条件")
            case "unmet":
                return _("不再符合条件")
            case "group":
                return _("统计的对象改变")
            case "amount":
                return _("数值由 {then} 改为 {now}").format(then=self.then, now=self.now)
            case "times":
                return _("次数由 {then} 改为 {now}").format(then=self.then, now=self.now)
            case "light":
                return _("灯由“{then}”变为“{now}”").format(then=self.then, now=self.now)
            case "handled":
                return _("办理情况或期限改变")
            case "time":
                return _("没有改变，应有的进度随日期增加")
        return _("计入的部分改变")


@dataclass(frozen=True, slots=True)
class RecordChanged:
    """A record that a step counts otherwise. `why` is one of `cause_labels`, `batch` what wrote it (None: nothing of its own).

    `gain`: how much of the figure's difference it makes, where that can be told record by record.
    """

    link: Link
    item: int
    effect: Effect
    why: str
    batch: int | None
    gain: str


@dataclass(frozen=True, slots=True)
class UnitChanged:
    """A unit that a step counts otherwise."""

    link: Link
    unit: int
    effect: Effect
    gain: str


@dataclass(frozen=True, slots=True)
class OutsideChanged:
    """What comes from outside the system, before and after a step."""

    link: Link
    then: str
    now: str


@dataclass(frozen=True, slots=True)
class Step:
    """Where the figure stands after a step."""

    link: Link
    value: str
    text: str


@dataclass(frozen=True, slots=True)
class FigureChanged:
    """One figure of a document against the one before. `then` and `now` are as said, `value_then` and `value_now` exact.

    `added`: the document before did not print it; `dropped`: this one does not. `adds_up`: the gains make up the difference.
    """

    ref: str
    key: str
    label: str
    then: str
    now: str
    value_then: str
    value_now: str
    added: bool
    dropped: bool
    adds_up: bool
    steps: tuple[Step, ...] = ()
    records: tuple[RecordChanged, ...] = ()
    units: tuple[UnitChanged, ...] = ()
    outside: tuple[OutsideChanged, ...] = ()
    definition_then: str = ""

    @property
    def differs(self) -> bool:
        """Whether it is another value, or said otherwise."""
        return (self.value_then, self.then) != (self.value_now, self.now)

    @property
    def explained(self) -> bool:
        """Whether every step that changed the value names what made it."""
        before = self.value_then
        for step in self.steps:
            if step.value != before and not self._made(step.link):
                return False
            before = step.value
        return before == self.value_now

    def _made(self, link: Link) -> bool:
        several: Iterable[Any] = (*self.records, *self.units, *self.outside)
        return any(one.link == link for one in several) or (
            link == "definition" and bool(self.definition_then)
        )

    def causes(self) -> Iterator[tuple[Link, str, int, str]]:
        """Each cause with its step, how many records or units it is, and what it makes of the difference (empty: unknown)."""
        found: dict[tuple[Link, str], tuple[int, Decimal]] = {}
        for one in self.records:
            number, gain = found.get((one.link, one.why), (0, Decimal(0)))
            found[one.link, one.why] = number + 1, gain + Decimal(one.gain or 0)
        told: set[tuple[Link, int]] = set()  # a unit may stand on both sides of a share
        for unit in self.units:
            number, gain = found.get((unit.link, "unit"), (0, Decimal(0)))
            fresh = (unit.link, unit.unit) not in told
            told.add((unit.link, unit.unit))
            found[unit.link, "unit"] = number + fresh, gain + Decimal(unit.gain or 0)
        for row in self.outside:
            gain = Decimal(row.now or 0) - Decimal(row.then or 0)
            found[row.link, "outside"] = 0, gain
        for (link, why), (number, gain) in sorted(found.items(), key=lambda one: LINKS.index(one[0][0])):
            yield link, why, number, _signed(gain) if self.adds_up else ""

    def reasons(self) -> str:
        """补录 3 条（+3）；本期新增 9 条（+9）. Empty where nothing differs."""
        parts = []
        if self.definition_then:
            parts.append(_("口径有调整，原为：{definition}").format(definition=self.definition_then))
        return parted(
            (*parts, *(_cause(link, why, number, gain) for link, why, number, gain in self.causes()))
        )

    def said(self) -> tuple[str, str]:
        """Then and now in words; where both are said alike, with their exact values."""
        then, now = self.then or _("（无）"), self.now or _("（无）")
        if then == now and self.value_then and self.value_now and self.value_then != self.value_now:
            with_value = _("{text}（{value}）")
            return (
                with_value.format(text=then, value=self.value_then),
                with_value.format(text=now, value=self.value_now),
            )
        return then, now

    def sentence(self) -> str:
        """上期 258个。补录 3 条（+3）；本期新增 9 条（+9）。现为 270个。"""
        causes = self.reasons()
        then, now = self.said()
        if self.added:
            told = _("上期没有写这个数，当时为 {then}。{causes}。现为 {now}。")
            short = _("上期没有写这个数，当时为 {then}，现为 {now}。")
        elif self.dropped:
            told = _("本期没有写这个数。上期 {then}。{causes}。现为 {now}。")
            short = _("本期没有写这个数。上期 {then}，现为 {now}。")
        else:
            told = _("上期 {then}。{causes}。现为 {now}。")
            short = _("上期 {then}，现为 {now}。")
        return (told if causes else short).format(then=then, now=now, causes=causes)

    def why(self) -> str:
        """What made it differ, beside a table that says then and now."""
        causes = self.reasons()
        note = _("上期没有写") if self.added else _("本期没有写") if self.dropped else ""
        return parted(part for part in (note, causes) if part)


def _cause(link: Link, why: str, number: int, gain: str) -> str:
    label = cause_labels()[f"{link}:{why}" if why in ("unit", "outside") else why]
    if why == "outside":
        return _("{cause}（{gain}）").format(cause=label, gain=gain) if gain else label
    if why == "unit":
        told = _("{cause} {n} 家（{gain}）") if gain else _("{cause} {n} 家")
        return told.format(cause=label, n=number, gain=gain)
    if gain:
        return _("{cause} {n} 条（{gain}）").format(cause=label, n=number, gain=gain)
    return _("{cause} {n} 条").format(cause=label, n=number)


def cause_labels() -> Mapping[str, str]:
    """Each cause in words: those of what is known now of the same day, and those of what came about since."""
    return {
        **why_labels(),
        "declared": _("口径调整"),
        "new": _("本期新增"),
        "later_step": _("本期流转"),
        "later_transfer": _("本期移交"),
        "later_edit": _("本期修改"),
        "later_placement": _("本期单位隶属调整"),
        "later_day": _("日期推移"),
        "definition:unit": _("口径调整涉及的单位"),
        "known:unit": _("单位情况补录或更正"),
        "day:unit": _("单位情况本期变动"),
        "definition:outside": _("口径调整涉及的系统外数据"),
        "known:outside": _("系统外数据补录或更正"),
        "day:outside": _("系统外数据本期变动"),
    }


def _signed(number: Decimal) -> str:
    text = plain(abs(number))
    return f"+{text}" if number > 0 else f"−{text}" if number < 0 else "0"


def kept(changes: Iterable[FigureChanged]) -> list[dict[str, Any]]:
    """As JSON; a record is a list of its values in their order, since there may be thousands."""
    return [
        {
            **{key: value for key, value in asdict(one).items() if key not in _LISTS},
            "steps": [[step.link, step.value, step.text] for step in one.steps],
            "records": [
                [r.link, r.item, r.effect.code, r.effect.then, r.effect.now, r.why, r.batch, r.gain]
                for r in one.records
            ],
            "units": [
                [u.link, u.unit, u.effect.code, u.effect.then, u.effect.now, u.gain] for u in one.units
            ],
            "outside": [[o.link, o.then, o.now] for o in one.outside],
        }
        for one in changes
    ]


_LISTS = frozenset({"steps", "records", "units", "outside"})


def heard(told: Iterable[Mapping[str, Any]]) -> tuple[FigureChanged, ...]:
    """What `kept` gave."""
    return tuple(
        FigureChanged(
            **{key: value for key, value in one.items() if key not in _LISTS},
            steps=tuple(Step(*step) for step in one["steps"]),
            records=tuple(
                RecordChanged(link, item, Effect(code, then, now), why, batch, gain)
                for link, item, code, then, now, why, batch, gain in one["records"]
            ),
            units=tuple(
                UnitChanged(link, unit, Effect(code, then, now), gain)
                for link, unit, code, then, now, gain in one["units"]
            ),
            outside=tuple(OutsideChanged(*row) for row in one["outside"]),
        )
        for one in told
    )
