"""From drafts to rows: each row's own values, the unit above by code or name, and the rules that bind rows together."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from guatu.domain.fields.base import narrow
from guatu.domain.imports.known_units import Known
from guatu.domain.imports.near_names import candidates, core
from guatu.domain.imports.problems import SHOWN, Problem
from guatu.domain.imports.sheet import Draft, Reading, short
from guatu.domain.imports.unit_plan import UnitRow
from guatu.domain.tree import FAR, MAX_DEPTH
from guatu.domain.words import coded, listed
from guatu.domain.words import gettext as _

Names = Mapping[str, frozenset[str]]
"""name → codes of the units that are or were called so."""


def rows_of(reading: Reading, known: Known, day: date) -> tuple[list[UnitRow], list[Problem]]:
    """The rows whose code, name and place can be understood, and everything that is wrong with single rows.

    `day`: for rows that name none.
    """
    problems = list(_missing(reading)) + list(_same_code(reading.drafts))
    codes = {draft.values["code"] for draft in reading.drafts if draft.values.get("code")}
    names = {code: unit.name for code, unit in known.units.items()}
    names |= {d.values["code"]: d.values["name"] for d in reading.drafts if _whole(d)}
    parents = _Parents(reading, codes, _called(reading.drafts, known), names, known)
    highest = max((unit.order for unit in known.units.values() if unit.stood), default=0)
    rows, seen = [], set()
    for place, draft in enumerate(reading.drafts, 1):
        if not _whole(draft):
            continue
        above = parents.above(draft)
        if isinstance(above, Problem):
            problems.append(above)
            continue
        values, code = draft.values, draft.values["code"]
        if code in seen or draft.bad & {"parent_code", "parent_name"}:
            continue
        seen.add(code)
        standing = code in known.units and known.units[code].stood
        order = values.get("order")
        rows.append(
            UnitRow(
                row=draft.row,
                code=code,
                name=values["name"],
                short_name=values.get("short_name"),
                parent=above or None,
                root=not above,
                level=values.get("level"),
                sector=values.get("sector"),
                aliases=values.get("aliases"),
                former_names=values.get("former_names"),
                head_counts=values.get("head_counts", {}),
                order=highest + place if order is None and not standing else order,
                day=values.get("day") or day,
            )
        )
    levels_named = {draft.row for draft in reading.drafts if "level" in draft.bad}
    problems += _new_rows_whole(rows, reading, known, levels_named)
    return rows, problems


def _whole(draft: Draft) -> bool:
    return bool(draft.values.get("code") and draft.values.get("name"))


def _missing(reading: Reading) -> Iterator[Problem]:
    for draft in reading.drafts:
        for column, label in (("code", _("代码")), ("name", _("名称"))):
            if not draft.values.get(column) and column not in draft.bad:
                heading = reading.heading(column, label)
                yield Problem(
                    draft.row,
                    _("第 {row} 行没有填“{column}”。请补填，或删去这一行。").format(
                        row=draft.row, column=heading
                    ),
                    heading,
                )


def _same_code(drafts: Sequence[Draft]) -> Iterator[Problem]:
    """Both rows are named: which one is right is not ours to guess."""
    by_code: dict[str, list[int]] = defaultdict(list)
    for draft in drafts:
        if draft.values.get("code"):
            by_code[draft.values["code"]].append(draft.row)
    for code, rows in by_code.items():
        for row in rows if len(rows) > 1 else ():
            others = listed(str(other) for other in rows if other != row)
            yield Problem(
                row,
                _("第 {row} 行的代码“{code}”与第 {others} 行重复。请更改其中一个。").format(
                    row=row, code=code, others=others
                ),
                _("代码"),
                code,
            )


def _called(drafts: Sequence[Draft], known: Known) -> Names:
    """Who is called what: those that stand, and the rows themselves."""
    found: dict[str, set[str]] = defaultdict(set)
    for code, unit in known.units.items():
        if unit.stood:
            for name in unit.names:
                found[name].add(code)
    for draft in drafts:
        if _whole(draft):
            values = draft.values
            more = (*(values.get("aliases") or ()), *(values.get("former_names") or ()))
            for name in (values["name"], values.get("short_name"), *more):
                if name:
                    found[name].add(values["code"])
    return {name: frozenset(codes) for name, codes in found.items()}


@dataclass(slots=True)
class _Parents:
    """Finds the unit above by what a row says. Candidates are looked for as often as problems are shown."""

    reading: Reading
    codes: set[str]
    called: Names
    names: Mapping[str, str]
    known: Known
    missed: dict[str, tuple[str, ...]] = field(default_factory=dict)

    def above(self, draft: Draft) -> str | Problem:
        """The code of the unit above, '' for the top. An empty cell leaves a unit that stands where it stands."""
        given = [
            (self.reading.heading(column, label), draft.values.get(column))
            for column, label in (("parent_code", _("上级代码")), ("parent_name", _("上级单位")))
        ]
        found: list[str] = []
        for heading, text in given:
            if text is None:
                continue
            answer = self._found(draft.row, text, heading)
            if isinstance(answer, Problem):
                return answer
            found.append(answer)
        if len(set(found)) > 1:
            return Problem(
                draft.row,
                _(
                    "第 {row} 行的上级代码是“{code}”，上级单位却是“{name}”，两者不是同一家。请改成一致。"
                ).format(row=draft.row, code=given[0][1], name=given[1][1]),
                given[1][0],
            )
        if found:
            return found[0]
        unit = self.known.units.get(draft.values["code"])
        stands = self.known.parent_on(unit.id, draft.values.get("day") or FAR) if unit is not None else None
        return stands or ""

    def _found(self, row: int, text: str, heading: str) -> str | Problem:
        if not text:
            return ""
        code = narrow(text).replace(" ", "")
        if code in self.codes or (code in self.known.units and self.known.units[code].stood):
            return code
        fitting = sorted(self.called.get(text, frozenset()))
        if len(fitting) == 1:
            return fitting[0]
        if fitting:
            these = tuple(coded(self.names[code], code) for code in fitting)
            rule = _("第 {row} 行“{column}”填的“{value}”对应多家单位：{these}。请改填上级代码。")
        else:
            these = self._near(text)
            if these:
                rule = _("第 {row} 行“{column}”：“{value}”可能是：{these}。请选定一家。")
            else:
                rule = _(
                    "第 {row} 行“{column}”填的是“{value}”，表中和系统中都没有这家单位。请核对，或先补上这家单位。"
                )
        sentence = rule.format(row=row, column=heading, value=short(text), these=listed(these))
        return Problem(row, sentence, heading, text, these)

    def _near(self, text: str) -> tuple[str, ...]:
        if text not in self.missed and len(self.missed) < SHOWN:
            self.missed[text] = candidates(text, self.called)
        return self.missed.get(text, ())


def _new_rows_whole(
    rows: Iterable[UnitRow], reading: Reading, known: Known, levels_named: set[int]
) -> Iterator[Problem]:
    """What a unit that is new must bring along."""
    heading = reading.heading("level", _("层级"))
    for row in rows:
        unit = known.units.get(row.code)
        new = unit is None or not unit.stood
        if new and row.level is None and row.row not in levels_named:
            yield Problem(
                row.row,
                _("第 {row} 行没有填“{column}”。新单位必须有层级，请补填。").format(
                    row=row.row, column=heading
                ),
                heading,
            )
        if new and row.short_name is None and len(row.name) > 40:
            yield Problem(
                row.row,
                _("第 {row} 行“{name}”超过 40 字而没有简称。请补填简称。").format(
                    row=row.row, name=short(row.name)
                ),
                _("简称"),
            )


def tree_problems(rows: Sequence[UnitRow], known: Known, *, complete: bool) -> list[Problem]:
    """Rings, roots and depth of the tree as it will stand in the end.

    `complete`: every row of the sheet is among `rows`; otherwise the top may be one that could not be understood.
    """
    names = {code: unit.name for code, unit in known.units.items()} | {row.code: row.name for row in rows}
    above: dict[str, str | None] = {}
    for code, unit in known.units.items():
        if known.line_on(unit.id, FAR):
            above[code] = known.parent_on(unit.id, FAR)
    before = {code for code, parent in above.items() if parent is None}
    above |= {row.code: row.parent for row in rows}
    numbers = {row.code: row.row for row in rows}
    problems = list(_roots(rows, above, before, names, complete))
    rings = _rings(above)
    for ring in rings:
        own = [code for code in ring if code in numbers]
        row = min((numbers[code] for code in own), default=0)
        chain = "→".join(names[code] for code in (*ring, ring[0]))
        lines = listed(str(numbers[code]) for code in sorted(own, key=numbers.__getitem__))
        problems.append(
            Problem(
                row,
                _("第 {rows} 行的上下级成环：{ring}。请改正其中一家的上级。").format(rows=lines, ring=chain),
                _("上级代码"),
            )
        )
    problems += _too_deep(rows, above, {code for ring in rings for code in ring})
    return problems


def _roots(
    rows: Sequence[UnitRow],
    above: Mapping[str, str | None],
    before: set[str],
    names: Mapping[str, str],
    complete: bool,
) -> Iterator[Problem]:
    tops = [row for row in rows if row.parent is None and row.code not in before]
    others = sorted(code for code in before if above[code] is None)
    if complete and rows and None not in above.values():
        yield Problem(
            0, _("没有一家最上级单位：每一行都填了上级。请把最上级单位的上级代码留空。"), _("上级代码")
        )
    if len(tops) + len(others) > 1:
        for row in tops:
            rivals = listed(
                _("第 {row} 行“{name}”").format(row=top.row, name=top.name) for top in tops if top is not row
            )
            rivals = rivals or listed(_("“{name}”").format(name=names[code]) for code in others)
            yield Problem(
                row.row,
                _(
                    "第 {row} 行“{name}”没有填上级，而最上级单位还有{others}。最上级单位只能有一家，请补填上级代码。"
                ).format(row=row.row, name=row.name, others=rivals),
                _("上级代码"),
            )


def _rings(above: Mapping[str, str | None]) -> list[tuple[str, ...]]:
    done: set[str] = set()
    rings = []
    for start in above:
        path: list[str] = []
        at: str | None = start
        while at is not None and at not in done and at not in path:
            path.append(at)
            at = above.get(at)
        if at is not None and at in path:
            rings.append(tuple(path[path.index(at) :]))
        done.update(path)
    return rings


def _too_deep(
    rows: Sequence[UnitRow], above: Mapping[str, str | None], ringed: set[str]
) -> Iterator[Problem]:
    depths: dict[str, int] = {}

    def depth(code: str) -> int:
        """0 for whatever hangs on a ring."""
        path = []
        at: str | None = code
        while at is not None and at not in depths:
            path.append(at)
            if at in ringed:
                depths[at] = 0
                break
            at = above.get(at)
        base = depths[at] if at is not None else None
        for each in reversed(path):
            if each in ringed or base == 0:
                depths[each] = base = 0
            else:
                base = depths[each] = (base or 0) + 1
        return depths[code]

    for row in rows:
        if depth(row.code) > MAX_DEPTH:
            yield Problem(
                row.row,
                _("第 {row} 行“{name}”位于第 {depth} 层，最多 {most} 层。请调整上级单位。").format(
                    row=row.row, name=row.name, depth=depth(row.code), most=MAX_DEPTH
                ),
                _("上级代码"),
            )


def name_warnings(rows: Sequence[UnitRow], known: Known) -> list[Problem]:
    """Names that somebody else has: under the same parent exactly, anywhere nearly. Nothing is held up by them."""
    inside = {row.code for row in rows}
    same: dict[tuple[str | None, str], set[tuple[str, str]]] = defaultdict(set)
    near: dict[str, set[tuple[str, str]]] = defaultdict(set)
    for code, unit in known.units.items():
        if code not in inside and known.line_on(unit.id, FAR):
            parent = known.parent_on(unit.id, FAR)
            for name in (unit.name, unit.short_name, *unit.aliases):
                same[parent, name].add((code, unit.name))
            near[core(unit.name)].add((code, unit.name))
    for row in rows:
        for name in filter(None, (row.name, row.short_name, *(row.aliases or ()))):
            same[row.parent, name].add((row.code, row.name))
        near[core(row.name)].add((row.code, row.name))
    found = []
    for row in rows:
        rivals = same[row.parent, row.name] | (same[row.parent, row.short_name] if row.short_name else set())
        others = sorted(coded(name, code) for code, name in rivals if code != row.code)
        alike = sorted(
            coded(name, code) for code, name in near[core(row.name)] if code != row.code and name != row.name
        )
        if others:
            text = _("第 {row} 行“{name}”与同一上级下的 {others} 同名。请核对是否为同一家。")
        elif alike:
            text = _("第 {row} 行“{name}”与 {others} 名称相近。请核对是否为同一家。")
        else:
            continue
        these = tuple(others or alike)
        found.append(
            Problem(
                row.row,
                text.format(row=row.row, name=row.name, others=listed(these[:5])),
                _("名称"),
                row.name,
                these[:5],
            )
        )
    return found
