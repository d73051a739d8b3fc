"""Step 2: units from a workbook, or a few typed by hand; what came in can be taken back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from guatu.access import Actor
from guatu.domain.errors import BadInput, GuatuError
from guatu.domain.imports.grid import Grid, Workbook
from guatu.domain.imports.unit_plan import ImportPlan, Vocabulary
from guatu.domain.pack import Pack
from guatu.domain.pack.base import Option
from guatu.queries.house import HouseState, LevelCount, level_counts
from guatu.queries.unit_import import ImportBatch, import_batches, plan_import
from guatu.records.models import Tree
from guatu.web.setup.campaign import fitting_pack, offered_packs
from guatu.web.setup.kept import Kept, book_of
from guatu.web.setup.plans import PlanShown, shown_units

SLOT = "units-upload"
TYPED_ROWS = 5
COLUMNS = 5


@dataclass(frozen=True, slots=True)
class TypedRow:
    """One row typed by hand; `number` is its row as the sentences name it (the headings stand in row 1)."""

    number: int
    values: tuple[str, ...]
    level: str


@dataclass(frozen=True, slots=True)
class UnitsPage:
    """What stands, the dry run that waits, the imports that can be taken back, the rows typed by hand."""

    house: HouseState
    levels: tuple[LevelCount, ...]
    options: tuple[Option, ...]
    packs: tuple[tuple[str, str, bool], ...]
    words: str
    imports: tuple[ImportBatch, ...]
    plan: PlanShown | None = None
    sentence: str = ""
    typed: tuple[TypedRow, ...] = ()
    typed_plan: PlanShown | None = None
    typed_sentence: str = ""
    hint: str = ""

    @property
    def last(self) -> ImportBatch | None:
        """The import that can be taken back: the latest one that stands."""
        return next((one for one in self.imports if one.undone_by is None), None)


def words_for(tree: Tree, house: HouseState, wanted: str = "") -> tuple[str, Vocabulary]:
    """The key of the pack whose levels and sectors the sheet uses, and the words themselves.

    The pack of a campaign that stands on the tree, else the one that was chosen, else the one that knows the levels of
    most units.
    """
    packs: Mapping[str, Pack] = offered_packs()
    used = [campaign.pack.partition(" ")[0] for campaign in house.campaigns]
    key = next((key for key in (*used, wanted) if key in packs), "") or fitting_pack(tree, packs)
    return key, Vocabulary.of(packs[key])


def units_page(
    actor: Actor,
    house: HouseState,
    *,
    kept: Kept | None = None,
    wanted: str = "",
    sentence: str = "",
    typed: Sequence[Sequence[str]] = (),
    typed_plan: PlanShown | None = None,
    typed_sentence: str = "",
) -> UnitsPage:
    """The page; a kept upload is read and planned anew."""
    tree = house.main
    key, words = words_for(tree, house, kept.words if kept else wanted)
    plan, hint = None, ""
    if kept is not None and not sentence:
        try:
            found = plan_import(actor, tree=tree, book=book_of(kept), words=words)
            plan, hint = shown_units(found), "" if house.campaigns else _better_words(found, key)
        except GuatuError as failure:
            sentence = str(failure)
    packs = offered_packs()
    return UnitsPage(
        house=house,
        levels=level_counts(tree, {option.key: option.label for option in words.levels}),
        options=words.levels,
        packs=tuple((each, pack.name, each == key) for each, pack in packs.items())
        if not house.campaigns and len(packs) > 1
        else (),
        words=key,
        imports=import_batches(actor, tree=tree),
        plan=plan,
        sentence=sentence,
        typed=_rows(typed),
        typed_plan=typed_plan,
        typed_sentence=typed_sentence,
        hint=hint,
    )


def _better_words(plan: ImportPlan, key: str) -> str:
    """Where to turn when what the sheet's levels or sectors say are the words of another pack."""
    unknown = {problem.value for problem in plan.errors if problem.value}
    for other, pack in offered_packs().items():
        words = Vocabulary.of(pack)
        if other != key and not unknown.isdisjoint(
            option.label for option in (*words.levels, *words.sectors)
        ):
            return _(
                "表中的层级或板块是“{pack}”的叫法。请在“层级和板块的叫法取自”处选“{pack}”，再按“改用”。"
            ).format(pack=pack.name)
    return ""


def read_typed(data: Any) -> list[tuple[str, ...]]:
    """The rows typed by hand, those without any text left out of the end."""
    rows = [
        tuple(
            data.get(f"{name}-{number}", "").strip()[:120]
            for name in ("code", "name", "short", "parent", "level")
        )
        for number in range(TYPED_ROWS)
    ]
    while rows and not any(rows[-1][:4]):
        rows.pop()
    if not rows:
        raise BadInput(_("没有填写单位。请至少填一行的代码、名称和上级代码。"))
    return rows


def typed_book(rows: Sequence[Sequence[str]]) -> Workbook:
    """The typed rows as if they stood in a sheet, so that the same rules read them."""
    headings = (_("代码"), _("名称"), _("简称"), _("上级代码"), _("层级"))
    cells = tuple(tuple(row) if any(row[:4]) else ("",) * COLUMNS for row in rows)
    return Workbook(_("手工填写"), "", (Grid(_("手工填写"), (headings, *cells)),))


def _rows(typed: Sequence[Sequence[str]]) -> tuple[TypedRow, ...]:
    blank = ("",) * COLUMNS
    return tuple(
        TypedRow(number + 2, tuple(row[:4]), row[4])
        for number, row in enumerate([*typed, *[blank] * (TYPED_ROWS - len(typed))])
    )
