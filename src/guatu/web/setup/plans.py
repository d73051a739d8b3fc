"""What an import would do, as the page shows it: one sentence, then what is wrong, then the differences by kind."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from guatu.domain.imports.people_plan import PeoplePlan
from guatu.domain.imports.problems import SHOWN, Problem
from guatu.domain.imports.unit_plan import KINDS, ImportPlan, UnitChange
from guatu.domain.words import coded, listed, parted

KIND_WORDS = {
    "new": gettext_lazy("新增"),
    "renamed": gettext_lazy("改名"),
    "moved": gettext_lazy("改变隶属"),
    "placed": gettext_lazy("列入本隶属关系"),
    "backdated": gettext_lazy("提前起始日"),
    "changed": gettext_lazy("其他变化"),
}
PERSON_KINDS = {
    "new": gettext_lazy("新增人员"),
    "appointed": gettext_lazy("新增身份"),
    "telephone": gettext_lazy("登记电话"),
}
FEW = 12
"""How many differences of one kind are listed before the rest is only counted."""


@dataclass(frozen=True, slots=True)
class Line:
    """One difference: the sheet's row, what it is about, and what changes, in words."""

    row: int
    name: str
    code: str
    said: str


@dataclass(frozen=True, slots=True)
class Part:
    """Differences of one kind: `count` of all, `lines` the first of them."""

    label: str
    count: int
    lines: tuple[Line, ...]

    @property
    def more(self) -> int:
        """How many are not listed."""
        return self.count - len(self.lines)


@dataclass(frozen=True, slots=True)
class Told:
    """A problem, with the further rows (the first of `count`) of which the very same is to be said."""

    sentence: str
    rows: tuple[int, ...] = ()
    count: int = 0

    @property
    def others(self) -> str:
        """The further rows in words, or nothing."""
        if not self.count:
            return ""
        rows = listed(str(row) for row in self.rows)
        if self.count > len(self.rows):
            return _("第 {rows} 等共 {count} 行也是这样。").format(rows=rows, count=f"{self.count:,}")
        return _("第 {rows} 行也是这样。").format(rows=rows)


@dataclass(frozen=True, slots=True)
class PlanShown:
    """A dry run on a page. `token` goes back with “apply”, so that what is applied is what was shown."""

    file: str
    sheet: str
    sentence: str
    ready: bool
    empty: bool
    token: str
    parts: tuple[Part, ...]
    errors: tuple[Told, ...]
    error_count: int
    warnings: tuple[Told, ...]
    warning_count: int
    notes: tuple[Problem, ...]
    errors_more: bool = False
    left_out: tuple[str, ...] = ()
    left_out_count: int = 0


def shown_units(plan: ImportPlan) -> PlanShown:
    """The dry run of a unit workbook."""
    parts = tuple(
        Part(str(KIND_WORDS[kind]), len(found), tuple(_line(change) for change in found[:FEW]))
        for kind in KINDS
        if (found := plan.of_kind(kind))
    )
    return PlanShown(
        file=plan.file,
        sheet=plan.sheet,
        sentence=_sentence(plan, parts, _("家")),
        ready=plan.ready,
        empty=plan.empty,
        token=plan.token,
        parts=parts,
        errors=gathered(plan.errors)[:SHOWN],
        errors_more=len(gathered(plan.errors)) > SHOWN,
        error_count=len(plan.errors),
        warnings=gathered(plan.warnings)[:SHOWN],
        warning_count=len(plan.warnings),
        notes=plan.notes[:SHOWN],
        left_out=tuple(coded(unit.name, unit.code) for unit in plan.left_out[:FEW]),
        left_out_count=len(plan.left_out),
    )


def shown_people(plan: PeoplePlan) -> PlanShown:
    """The dry run of a liaison list; it never shows a telephone number."""
    parts = []
    for kind, label in PERSON_KINDS.items():
        found = [change for change in plan.changes if kind in change.kinds]
        if found:
            lines = tuple(Line(c.row, c.name, c.username, f"{c.unit} · {c.role}") for c in found[:FEW])
            parts.append(Part(str(label), len(found), lines))
    return PlanShown(
        file=plan.file,
        sheet=plan.sheet,
        sentence=_sentence(plan, tuple(parts), _("条")),
        ready=plan.ready,
        empty=plan.empty,
        token=plan.token,
        parts=tuple(parts),
        errors=gathered(plan.errors)[:SHOWN],
        errors_more=len(gathered(plan.errors)) > SHOWN,
        error_count=len(plan.errors),
        warnings=gathered(plan.warnings)[:SHOWN],
        warning_count=len(plan.warnings),
        notes=plan.notes[:SHOWN],
    )


def gathered(problems: Sequence[Problem]) -> tuple[Told, ...]:
    """The problems in their order; what is said of many rows in the same words is said once."""
    alike: dict[tuple[str, str, str], list[Problem]] = {}
    for problem in problems:
        words = problem.sentence.replace(str(problem.row), "", 1) if problem.row else problem.sentence
        alike.setdefault((problem.column, problem.value, words), []).append(problem)
    return tuple(
        Told(found[0].sentence, tuple(one.row for one in found[1 : FEW + 1]), len(found) - 1)
        for found in alike.values()
    )


def _sentence(plan: ImportPlan | PeoplePlan, parts: tuple[Part, ...], measure: str) -> str:
    """What the dry run found, in one sentence."""
    if plan.errors:
        return ngettext(
            "有 {count} 处需要改正，改好后重新上传；现在一行也不会导入。",
            "有 {count} 处需要改正，改好后重新上传；现在一行也不会导入。",
            len(plan.errors),
        ).format(count=f"{len(plan.errors):,}")
    if plan.empty:
        return _("读到 {read} 行，与现有内容完全一致，没有要导入的变化。").format(read=f"{plan.read:,}")
    told = listed(
        _("{kind} {count} {measure}").format(kind=part.label, count=f"{part.count:,}", measure=measure)
        for part in parts
    )
    return _("读到 {read} 行：{told}；{same} 行与现有内容一致。").format(
        read=f"{plan.read:,}", told=told, same=f"{plan.unchanged:,}"
    )


def _line(change: UnitChange) -> Line:
    told = parted(
        _("{label}：{before} → {after}").format(label=d.label, before=d.before, after=d.after or _("空"))
        if d.before
        else _("{label}：{after}").format(label=d.label, after=d.after)
        for d in change.details
    )
    return Line(change.row, change.name, change.code, told)
