"""What differs in the charts of an issued document and the next of its series: lights by row, points of a trend.

Lights go the same three steps as figures (`domain.issued_changes`), a row of the wall at a time; what made a row differ are
the items below it that have another light, or another state or term. Points are figures of another day: those that are
no longer what was drawn are handed to the comparison of figures.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from django.utils.translation import override

from guatu.access import operator
from guatu.domain.figures.phrasing import plain
from guatu.domain.figures.references import exists
from guatu.domain.issued_changes import Effect, FigureChanged, Link, RecordChanged, Step
from guatu.domain.issued_shown import LAMPS, WHOLE, Kind, Shown, ShownBlock, ShownValue, kind_words
from guatu.domain.lights import STACK_ORDER, Light, word
from guatu.domain.words import gettext as _
from guatu.domain.words import listed
from guatu.domain.writing.body import Body
from guatu.domain.writing.figure_blocks import NO_VALUE
from guatu.queries.figures import evaluate, row_of
from guatu.queries.issued_changes import Slot, causes_of
from guatu.queries.issued_shown import recounted
from guatu.queries.moved_records import later_revisions
from guatu.queries.reports import WRITTEN
from guatu.queries.standing import COUNTED, light_case, light_rule, spells_on
from guatu.queries.unit_tree import Node, UnitTree, unit_tree
from guatu.records.bulk import in_chunks
from guatu.records.models import Campaign, Item, Revision, Unit
from guatu.records.packs import pack_of


@dataclass(frozen=True, slots=True)
class Charts:
    """The charts of a document as they are compared: what they show, of whose document, as of when."""

    campaign: Campaign
    unit: Unit
    body: Body
    shown: Shown
    day: date
    known_at: int


@dataclass(frozen=True, slots=True)
class _Moment:
    """The campaign as of a day, as known at a batch."""

    campaign: Campaign
    day: date
    known_at: int


@dataclass(frozen=True, slots=True)
class _Lit:
    """An item under a light: which light, in which state, from when to when; of which unit, below which task (number)."""

    light: str
    state: str
    start: date | None
    due: date | None
    unit: int
    task: str


def points_changed(before: Charts, after: Charts) -> tuple[tuple[Slot, ...], tuple[Slot, ...]]:
    """The points that were drawn before and are something else now: (all of them, those that are drawn now too).

    Of the last day of the trend before, the comparison of figures says what has become of it; here only where it is drawn again.
    """
    again = {one.ref for block in after.shown.blocks if block.kind == "trend" for one in block.values}
    drawn = {
        one.ref: one
        for block in before.shown.blocks
        if block.kind == "trend"
        for one in block.values
        if one.ref in again or not one.ref.endswith(before.day.isoformat())
    }
    if not drawn:
        return (), ()
    figures = pack_of(after.campaign).figures
    places = {ref: ref.split("~") for ref in drawn}
    keys = sorted({key for key, _unit, _day in places.values() if exists(figures, key)})
    days = sorted({date.fromisoformat(day) for _key, _unit, day in places.values()})
    with override(WRITTEN):
        table = evaluate(
            after.campaign,
            keys,
            rows=[row_of(before.unit)],
            days=days,
            known_at=after.known_at,
            actor=operator(),
        )
        own = before.unit.code if before.unit.pk != before.campaign.root_id else ""
        found: list[tuple[str, Slot]] = []
        for ref, one in drawn.items():
            key, unit, on = places[ref]
            text, exact = "", ""
            if key in keys:
                day = date.fromisoformat(on)
                number = table.result(key, unit, day).number
                exact = plain(number) if number is not None else ""
                text = table.statement(key, unit, day).text if exact else NO_VALUE
            if (text, exact) != (one.text, one.value):
                found.append((ref, Slot(key, own, on)))
    return tuple(slot for _ref, slot in found), tuple(slot for ref, slot in found if ref in again)


def lamps_changed(before: Charts, after: Charts) -> tuple[FigureChanged, ...]:
    """The rows of lights that are other than they were, in the order of the later document, each with what made it so."""
    with override(WRITTEN):
        return tuple(_lamps(before, after))


def _lamps(before: Charts, after: Charts) -> Iterator[FigureChanged]:
    both: list[Kind] = [
        kind
        for kind in LAMPS
        if before.shown.of_kind(kind) is not None and after.shown.of_kind(kind) is not None
    ]
    if not both or all(_same(before.shown.of_kind(kind), after.shown.of_kind(kind)) for kind in both):
        return
    moments = [_Moment(before.campaign, before.day, before.known_at)]
    links: list[Link] = []
    if before.campaign.pack_id != after.campaign.pack_id:
        moments.append(_Moment(after.campaign, before.day, before.known_at))
        links.append("definition")
    moments.append(_Moment(after.campaign, before.day, after.known_at))
    links.append("known")
    if before.day != after.day:
        moments.append(_Moment(after.campaign, after.day, after.known_at))
        links.append("day")
    between = [
        recounted(one.campaign, after.unit, after.body, one.day, one.known_at, both) for one in moments[1:-1]
    ]
    stood = [before.shown, *between, after.shown]
    seen = _Seen(moments, links)
    for kind in both:
        blocks = [one.of_kind(kind) or ShownBlock("", kind, "", ()) for one in stood]
        rows = [_rows(block) for block in blocks]
        for row in dict.fromkeys((*rows[-1], *rows[0])):
            values = [one.get(row, {}) for one in rows]
            if _texts(values[0]) != _texts(values[-1]):
                yield _changed(kind, row, values, links, seen)


def _same(one: ShownBlock | None, two: ShownBlock | None) -> bool:
    return one is not None and two is not None and one.values == two.values


Values = Mapping[str, ShownValue]
"""What stands in a row: light or task → value."""


def _rows(block: ShownBlock) -> dict[str, dict[str, ShownValue]]:
    found: dict[str, dict[str, ShownValue]] = {}
    for one in block.values:
        found.setdefault(one.row, {})[one.place] = one
    return found


def _texts(values: Values) -> dict[str, str]:
    return {place: one.text for place, one in values.items()}


def _changed(
    kind: Kind, row: str, values: list[dict[str, ShownValue]], links: list[Link], seen: _Seen
) -> FigureChanged:
    """One row through its steps."""
    label = next(one[WHOLE].label for one in (values[-1], values[0]) if WHOLE in one)
    places = _differing(values[0], values[-1])
    texts = [_said(kind, label, one, places) for one in values]
    exact = [_exact(one) for one in values]
    records: list[RecordChanged] = []
    for step, link in enumerate(links):
        moved = _differing(values[step], values[step + 1])
        if moved:
            tasks = moved - {WHOLE} if kind == "wall" else frozenset()
            records += seen.records(step, link, row, tasks)
    return FigureChanged(
        ref=f"{kind}~{row}",
        key=kind,
        label=_("{chart}（{row}）").format(chart=kind_words()[kind], row=label),
        then=texts[0],
        now=texts[-1],
        value_then=exact[0],
        value_now=exact[-1],
        added=not values[0],
        dropped=not values[-1],
        adds_up=False,
        steps=tuple(Step(link, exact[at + 1], texts[at + 1]) for at, link in enumerate(links)),
        records=tuple(records),
    )


def _differing(then: Values, now: Values) -> frozenset[str]:
    one, two = _texts(then), _texts(now)
    return frozenset(place for place in one.keys() | two.keys() if one.get(place) != two.get(place))


def _said(kind: Kind, row: str, values: Values, places: frozenset[str]) -> str:
    """A row in words: of lights all of them, of the wall the cells that differ."""
    if kind == "lights":
        counts = {light: values[light.value].text for light in STACK_ORDER if light.value in values}
        return listed(
            _("{word} {n}").format(word=word(light), n=count)
            for light, count in counts.items()
            if count != "0"
        )
    told = []
    for place, one in values.items():
        if place in places:
            name = _("完成率") if place == WHOLE else one.label.removeprefix(f"{row} ")
            told.append(_("{word} {n}").format(word=name, n=one.text))
    return listed(told)


def _exact(values: Values) -> str:
    return ";".join(f"{place}={one.text}" for place, one in values.items())


class _Seen:
    """What stands behind the lights at each moment, read when it is first asked for, and once."""

    def __init__(self, moments: list[_Moment], links: list[Link]) -> None:
        self._moments, self._links = moments, links
        self._lit: dict[int, dict[int, list[tuple[int, _Lit]]]] = {}
        self._causes: dict[tuple[int, int, bool], tuple[str, int | None]] = {}

    def records(self, step: int, link: Link, row: str, tasks: frozenset[str]) -> Iterator[RecordChanged]:
        """The items of a row that a step shows otherwise, each with why; only those below `tasks` where there are any.

        Where no item is another, their milestones may be; and where nothing at all is, time has passed: what is under way
        should have come further.
        """
        then, now = self._items(step, row, tasks), self._items(step + 1, row, tasks)
        effects = {
            item: effect
            for item in sorted(then.keys() | now.keys())
            if (effect := _effect(then.get(item), now.get(item)))
        }
        if effects:
            moved = {item: _moved(then.get(item), now.get(item)) for item in effects}
        else:
            effects = dict.fromkeys(self._milestones(step, link, now), Effect("handled"))
            if not effects and link == "day":
                running = (item for item, one in now.items() if one.light != Light.BLUE.value)
                effects = dict.fromkeys(sorted(running), Effect("time"))
            moved = dict.fromkeys(effects, False)
        # An item stands below its unit, its sector and the whole: why it is another is asked once.
        asked = {item: far for item, far in moved.items() if (step, item, far) not in self._causes}
        causes = causes_of(link, asked, self._moments[step], self._moments[step + 1])
        self._causes |= {(step, item, asked[item]): cause for item, cause in causes.items()}
        for item, effect in effects.items():
            why, batch = self._causes[step, item, moved[item]]
            yield RecordChanged(link, item, effect, why, batch, "")

    def _milestones(self, step: int, link: Link, items: Iterable[int]) -> list[int]:
        """What stands below the items (their milestones) and was written on within the step."""
        before, after = self._moments[step], self._moments[step + 1]
        below: list[int] = []
        for chunk in in_chunks(sorted(items)):
            below += Item.objects.filter(parent__in=chunk).values_list("pk", flat=True)
        if link != "day":
            return sorted(later_revisions(below, before.known_at, after.known_at))
        found: set[int] = set()
        for chunk in in_chunks(sorted(below)):
            rows = Revision.objects.filter(subject_kind="item", subject_id__in=chunk)
            rows = rows.filter(
                batch_id__lte=after.known_at, effective_on__gt=before.day, effective_on__lte=after.day
            )
            found.update(rows.values_list("subject_id", flat=True))
        return sorted(found)

    def _items(self, step: int, row: str, tasks: frozenset[str]) -> dict[int, _Lit]:
        moment = self._moments[step]
        if step not in self._lit:
            self._lit[step] = _lit_on(moment)
        lit = self._lit[step]
        return {
            item: one
            for unit in _units_of(row, moment) & lit.keys()
            for item, one in lit[unit]
            if not tasks or one.task in tasks
        }


def _lit_on(moment: _Moment) -> dict[int, list[tuple[int, _Lit]]]:
    """Every item that the wall counts, by its unit. One statement."""
    pack = pack_of(moment.campaign)
    spec = pack.wall
    rule = light_rule(pack, spec.register_key) if spec else None
    if spec is None or rule is None:
        return {}
    workflow = pack.workflow_of(spec.register_key)
    rows = spells_on(moment.campaign, spec.register_key, moment.day, moment.known_at)
    rows = rows.filter(phase__in=COUNTED, task__isnull=False)
    rows = rows.annotate(light=light_case(workflow, moment.day, rule)).order_by()
    told = rows.values_list("item_id", "light", "state", "start", "due", "unit_id", "task__number")
    found: dict[int, list[tuple[int, _Lit]]] = {}
    for item, *rest in told:
        one = _Lit(*rest)
        found.setdefault(one.unit, []).append((item, one))
    return found


def _units_of(row: str, moment: _Moment) -> frozenset[int]:
    """The units that a row of the wall counts, by its name there (`WallRow.key`)."""
    tree = unit_tree(moment.campaign, moment.day, moment.known_at)
    if row == "*":
        return frozenset(tree.nodes)
    if row.startswith("@"):
        return frozenset(unit for unit, node in tree.nodes.items() if (node.sector or "-") == row[1:])
    code, _mark, own = row.partition("~")
    if code not in tree.codes:
        return frozenset()
    top = tree.by_code(code)
    below = tree.below(top.id)
    if not own:
        return frozenset(below)
    ranks = {option.key: rank for rank, option in enumerate(pack_of(moment.campaign).head.levels)}
    return frozenset(unit for unit in below if not _has_row(tree.nodes[unit], top, tree, ranks, own))


def _has_row(node: Node, top: Node, tree: UnitTree, ranks: Mapping[str, int], own: str) -> bool:
    """Whether a unit stands in a row of its own under `top`, or below one that does."""
    inside = node.line[len(top.line) :]
    return any(ranks.get(tree.nodes[unit].level, len(ranks)) <= ranks.get(own, 0) for unit in inside)


def _effect(then: _Lit | None, now: _Lit | None) -> Effect | None:
    if then == now:
        return None
    if then is None or now is None:
        return Effect("in" if then is None else "out")
    if then.light != now.light:
        return Effect("light", word(Light(then.light)), word(Light(now.light)))
    return Effect("handled")


def _moved(then: _Lit | None, now: _Lit | None) -> bool:
    """Whether its unit stands elsewhere, or only one of the two moments counts it."""
    return then is None or now is None or then.unit != now.unit
