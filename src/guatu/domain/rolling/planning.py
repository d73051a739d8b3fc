"""What changes in a text when it is told for another day, what is left and why, and what no longer holds afterwards.

A figure is bound on the old day: the words name it and the value that stands in the text is the value of that day.
Whatever is not sure in this way is left untouched and listed. Every new number is read back before it is offered.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Literal

from guatu.domain.checker import Checked, CheckedFigure, Decided, Finding, Numeral, check, extract
from guatu.domain.checker.binding import fits_measure, meets, ours_of
from guatu.domain.checker.surroundings import sentence_start
from guatu.domain.rolling.alike import alike, thousands_mark
from guatu.domain.rolling.days import DayChange, moved_days
from guatu.domain.rolling.own import Own, Printed
from guatu.domain.rolling.printing import reprinted
from guatu.domain.statements import Relation, Statement
from guatu.domain.words import gettext as _

LeftKind = Literal["ambiguous", "differs", "unbacked", "missing", "unsayable", "day"]
_MOST_OFFERED = 5


@dataclass(frozen=True, slots=True)
class Asked:
    """A text, the day it speaks of and the day it shall speak of, with what our records say on both.

    `called`: figure → the name that texts are written with, where the reader knows it by another. `own`: which text of ours it is.
    """

    text: str
    old: date
    new: date
    then: Sequence[Statement]
    now: Sequence[Statement]
    relations: Sequence[Relation] = ()
    own_names: Sequence[str] = ()
    campaign_names: Sequence[str] = ()
    decided: Sequence[Decided] = ()
    called: Mapping[str, str] = field(default_factory=dict)
    own: Own | None = None

    def aside(self, place: int) -> bool:
        """Whether the place lies in an annex of ours that is made anew."""
        return self.own is not None and self.own.aside(place)

    def checked(self, text: str, *, then: bool) -> Checked:
        """The text against the records of the old or of the new day."""
        said = self.then if then else self.now
        return check(
            text,
            [replace(one, label=self.called.get(one.key, one.label)) for one in said],
            self.relations,
            self.old if then else self.new,
            self.own_names,
            self.campaign_names,
            self.decided,
        )


@dataclass(frozen=True, slots=True)
class Swap:
    """The characters from `start` to `end` become `new`. `mark` names the place: where the whole number begins.

    `sure`: ticked unless somebody unticks it; `key` is empty for days; `chosen` by a person among candidates.
    """

    mark: int
    start: int
    end: int
    old: str
    new: str
    why: str
    key: str = ""
    label: str = ""
    sure: bool = True
    chosen: bool = False


@dataclass(frozen=True, slots=True)
class Choice:
    """A figure that a number may state: our text then and now, and whether the text says its value of then."""

    key: str
    label: str
    then: str
    now: str
    agrees: bool


@dataclass(frozen=True, slots=True)
class Left:
    """A number or day that stays as it is, and why. With `choices` a person can say what it is."""

    mark: int
    start: int
    end: int
    text: str
    kind: LeftKind
    why: str
    choices: tuple[Choice, ...] = ()


@dataclass(frozen=True, slots=True)
class Broken:
    """A claim of the new text that does not hold on the new day; `held` on the old one. Offsets in the new text."""

    start: int
    end: int
    text: str
    label: str
    ours: str
    held: bool


@dataclass(frozen=True, slots=True)
class Recheck:
    """What contradicts itself inside the new text; `arisen` by the change."""

    finding: Finding
    arisen: bool


@dataclass(frozen=True, slots=True)
class Plan:
    """`swaps` in the order of the text, those in `taken` are carried out and give `after`; `same`: bound numbers whose
    words stay as they are."""

    text: str
    swaps: tuple[Swap, ...]
    taken: tuple[Swap, ...]
    left: tuple[Left, ...]
    same: int
    after: str
    broken: tuple[Broken, ...]
    rechecks: tuple[Recheck, ...]

    def moved(self, offset: int) -> int:
        """Where a place of the old text stands in the new one; within a change, where the change begins."""
        return _moved(self.taken, offset)


def plan(
    asked: Asked,
    *,
    chosen: Mapping[int, str] | None = None,
    taken: Collection[int] | None = None,
    unwritable: Collection[int] = (),
) -> Plan:
    """What becomes of the text. `chosen`: place → figure, as a person said; `taken`: the places that are ticked, None
    for all that are sure; `unwritable`: places that the file cannot change."""
    before = asked.checked(asked.text, then=True)
    swaps, left, same = _figures(asked, before, chosen or {})
    moved = moved_days(asked.text, asked.old, asked.new)
    days = [_day(asked, one) for one in moved if not asked.aside(one.start)]
    swaps = _tied([one for one in days if isinstance(one, Swap)], swaps, asked.text)
    left += [one for one in days if isinstance(one, Left)]
    swaps, unread = _read_back(asked, _apart(swaps))
    left += unread
    barred = [one for one in swaps if one.mark in unwritable]
    left += [_left(one, "unsayable", _("这处文字跨了段落，不能写成修订。请人工修改。")) for one in barred]
    swaps = [one for one in swaps if one not in barred]
    carried = [one for one in swaps if (one.sure if taken is None else one.mark in taken)]
    after = _applied(asked.text, carried)
    again = asked.checked(after, then=False)
    return Plan(
        text=asked.text,
        swaps=tuple(swaps),
        taken=tuple(carried),
        left=tuple(sorted(left, key=lambda one: one.start)),
        same=same,
        after=after,
        broken=_broken(asked, before, again),
        rechecks=tuple(one for one in _rechecks(before, again, carried) if not _remade(asked, carried, one)),
    )


def _figures(asked: Asked, before: Checked, chosen: Mapping[int, str]) -> tuple[list[Swap], list[Left], int]:
    then, now = ({one.key: one for one in side} for side in (asked.then, asked.now))
    separator = thousands_mark([one.numeral for one in before.figures])
    swaps: list[Swap] = []
    left: list[Left] = []
    same = 0
    for figure in before.figures:
        numeral = figure.numeral
        if asked.aside(numeral.start):
            continue
        key = chosen.get(numeral.start, "")
        by_person = key in now and key in then and fits_measure(numeral, then[key])
        issued = asked.own.of(numeral) if asked.own is not None and not by_person else None
        if issued is not None and issued.key in then and issued.key in now:
            key = issued.key
        elif not by_person:
            if figure.verdict != "agrees" or figure.key is None:
                left.append(_not_bound(asked, figure, then, now))
                continue
            key = figure.key
        if key not in now or now[key].value is None:
            left.append(_of(numeral, "missing", _("这一统计项 {day} 没有数。").format(day=asked.new)))
            continue
        words = reprinted(numeral, now[key], separator)
        if words is None:
            why = _("{label} {day} 是 {ours}，按原来的写法说不出来。请改写这句话。")
            why = why.format(label=now[key].label, day=asked.new, ours=ours_of(now[key]))
            left.append(_of(numeral, "unsayable", why))
            continue
        start, end = numeral.start + words.start, numeral.start + words.end
        if asked.text[start:end] == words.new:
            same += 1
            continue
        why = _why(asked, then[key], now[key], issued)
        swaps.append(
            Swap(
                numeral.start,
                start,
                end,
                asked.text[start:end],
                words.new,
                why,
                key,
                now[key].label,
                chosen=by_person,
            )
        )
    return swaps, left, same


def _why(asked: Asked, then: Statement, now: Statement, issued: Printed | None) -> str:
    """Both values; of a text of ours that of the issue, and what is said of its day today where that differs."""
    before, after = ours_of(then), ours_of(now)
    if issued is None or asked.own is None or issued.said == then.text:
        told = _("{label}：{old} {then}，{new} {now}。")
        return told.format(label=now.label, old=asked.old, then=before, new=asked.new, now=after)
    told = _("{label}：{issue}印的是 {said}（现在统计 {old} 为 {then}），{new} {now}。")
    return told.format(
        label=now.label,
        issue=asked.own.name,
        said=issued.said,
        old=asked.old,
        then=before,
        new=asked.new,
        now=after,
    )


def _not_bound(
    asked: Asked, figure: CheckedFigure, then: Mapping[str, Statement], now: Mapping[str, Statement]
) -> Left:
    numeral = figure.numeral
    keys = figure.candidates if figure.verdict == "ambiguous" else ((figure.key,) if figure.key else ())
    if figure.verdict == "unbacked" and not keys and figure.decided is None:
        keys = _of_this_value(numeral, asked.then)
    choices = tuple(
        Choice(key, then[key].label, ours_of(then[key]), ours_of(now[key]), meets(numeral, then[key]))
        for key in keys
        if key in then and key in now and fits_measure(numeral, then[key])
    )
    if figure.verdict == "disagrees":
        why = _("{label} {day} 我们的数是 {ours}，与文中不同。").format(
            label=then[figure.key or ""].label, day=asked.old, ours=figure.ours
        )
        return _of(numeral, "differs", why, choices)
    if figure.verdict == "ambiguous":
        why = (
            _("可能指几个统计项，无法断定是哪一个。")
            if len(figure.candidates) > 1
            else _("文字不足以断定指哪一项统计。")
        )
        return _of(numeral, "ambiguous", why, choices)
    if figure.decided is not None:
        return _of(numeral, "unbacked", figure.decided.told)
    if figure.key is not None:
        return _of(numeral, "missing", _("这一统计项 {day} 没有数。").format(day=asked.old))
    if asked.own is not None and asked.own.worked_out(numeral.start):
        why = _(
            "这张表由系统按单位或日期统计，换一天各行会变。请用这份文稿新建下一期，表随之重算；或手工修改。"
        )
        return _of(numeral, "unbacked", why, choices)
    return _of(numeral, "unbacked", _("未能识别为哪一项统计。"), choices)


def _of_this_value(numeral: Numeral, then: Sequence[Statement]) -> tuple[str, ...]:
    """A few figures that had exactly this value, offered to a person; never taken by themselves."""
    found = [one for one in then if one.kind == "figure" and numeral.low == one.value == numeral.high]
    return tuple(one.key for one in found if fits_measure(numeral, one))[:_MOST_OFFERED]


def _of(numeral: Numeral, kind: LeftKind, why: str, choices: tuple[Choice, ...] = ()) -> Left:
    return Left(numeral.start, numeral.start, numeral.end, numeral.text, kind, why, choices)


def _left(swap: Swap, kind: LeftKind, why: str) -> Left:
    return Left(swap.mark, swap.start, swap.end, swap.old, kind, why)


def _day(asked: Asked, change: DayChange) -> Swap | Left:
    if change.new is None:
        why = _("按原来的写法说不出 {day}。请人工修改。").format(day=asked.new)
        return Left(change.start, change.start, change.end, change.old, "day", why)
    why = (
        _("截至日由 {old} 改为 {new}。").format(old=asked.old, new=asked.new)
        if change.sure
        else _("可能说的是当天、当月发生的事；确是截至日的再勾选。")
    )
    first, last = alike(change.old, change.new)
    old, new = change.old[first : len(change.old) - last], change.new[first : len(change.new) - last]
    return Swap(change.start, change.start + first, change.end - last, old, new, why, sure=change.sure)


def _tied(days: Sequence[Swap], figures: Sequence[Swap], text: str) -> list[Swap]:
    """All of them; a number whose sentence begins with what happened on a day is no surer than that day."""
    out = list(days)
    for figure in figures:
        begin = max(sentence_start(text, figure.start), text.rfind("；", 0, figure.start))
        ahead = [one for one in days if begin <= one.start < figure.start]
        if ahead and not ahead[-1].sure and not figure.chosen:
            why = _("{why}这句话可能说的是当天、当月的事；确是截至日的，连同日期一起勾选。").format(
                why=figure.why
            )
            figure = replace(figure, sure=False, why=why)
        out.append(figure)
    return out


def _apart(swaps: Iterable[Swap]) -> list[Swap]:
    """In the order of the text; of two that overlap the first stays."""
    out: list[Swap] = []
    for swap in sorted(swaps, key=lambda one: one.start):
        if not out or swap.start >= out[-1].end:
            out.append(swap)
    return out


def _read_back(asked: Asked, swaps: Sequence[Swap]) -> tuple[list[Swap], list[Left]]:
    """Only new numbers that are read as holding the new value; the others are left."""
    now = {one.key: one for one in asked.now}
    read = extract(_applied(asked.text, swaps))
    good: list[Swap] = []
    left: list[Left] = []
    for swap in swaps:
        start = _moved(swaps, swap.start)
        end = start + len(swap.new)
        numeral = next((one for one in read if one.start < end and start < one.end), None)
        if not swap.key or (numeral is not None and meets(numeral, now[swap.key])):
            good.append(swap)
            continue
        why = _("{label} {day} 是 {ours}，按原来的写法说不出来。请改写这句话。")
        why = why.format(label=swap.label, day=asked.new, ours=ours_of(now[swap.key]))
        left.append(_left(swap, "unsayable", why))
    return good, left


def _applied(text: str, swaps: Iterable[Swap]) -> str:
    for swap in sorted(swaps, key=lambda one: one.start, reverse=True):
        text = text[: swap.start] + swap.new + text[swap.end :]
    return text


def _moved(swaps: Sequence[Swap], offset: int) -> int:
    shift = 0
    for swap in swaps[: bisect_right(swaps, offset, key=lambda one: one.start)]:
        if offset < swap.end:
            return swap.start + shift
        shift += len(swap.new) - (swap.end - swap.start)
    return offset + shift


def _broken(asked: Asked, before: Checked, again: Checked) -> tuple[Broken, ...]:
    labels = {one.key: one.label for one in asked.now}
    held = {one.key for one in before.claims if one.verdict == "claim true"}
    return tuple(
        Broken(
            one.start, one.end, one.text, labels.get(one.key or "", one.text), one.ours or "", one.key in held
        )
        for one in again.claims
        if one.verdict == "claim false"
    )


def _remade(asked: Asked, carried: Sequence[Swap], one: Recheck) -> bool:
    """Whether it lies in an annex that is made anew: nothing before such a place is moved but by what was carried out."""
    spans = asked.own.apart if asked.own is not None else ()
    return any(
        _moved(carried, start) <= one.finding.start < _moved(carried, end - 1) + 1 for start, end in spans
    )


def _rechecks(before: Checked, again: Checked, carried: Sequence[Swap]) -> tuple[Recheck, ...]:
    known = {(one.kind, _moved(carried, one.start)) for one in before.findings}
    return tuple(Recheck(one, (one.kind, one.start) not in known) for one in again.findings)
