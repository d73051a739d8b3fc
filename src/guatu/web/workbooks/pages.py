"""What was understood of a workbook, as its page shows it."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext as _

from guatu.domain.fields import TYPES
from guatu.domain.imports.item_cells import Lookups
from guatu.domain.imports.problems import SHOWN
from guatu.domain.imports.understanding.proposal import LEAVE, Column, Misfit, NamedUnit, Proposal
from guatu.domain.imports.understanding.readings import OFFERED
from guatu.domain.imports.understanding.registering import rows_of
from guatu.domain.imports.understanding.spellings import alike
from guatu.exchange.workbook_making import Understood, questions_of
from guatu.queries.known_names import unit_lookups
from guatu.web.here import Here
from guatu.web.workbooks.kept import Waiting

LISTED = 200
"""So many rows that were left out are listed."""


@dataclass(frozen=True, slots=True)
class UploadPage:
    """Where a workbook is handed in; `waiting`: (name, address, token, how many of its tables were made)."""

    waiting: tuple[tuple[str, str, str, int], ...]
    sentence: str
    most: int


@dataclass(frozen=True, slots=True)
class ColumnShown:
    """One column with what may be chosen for it. `pairs`: choices that may be one: (number, one, other, joined)."""

    column: Column
    types: tuple[tuple[str, str, bool], ...]
    part: str
    pairs: tuple[tuple[int, str, str, bool], ...]


@dataclass(frozen=True, slots=True)
class TablePage:
    """What was understood of one table, and everything that can be changed in it.

    `tables`: (words, address, chosen, made). `ready`: how many rows would be imported, None while something is open.
    `misfits` are the first of `odd`. `names`: (number, the name, the unit chosen besides the candidates).
    """

    proposal: Proposal
    name: str
    place: int
    tables: tuple[tuple[str, str, bool, bool], ...]
    unread: tuple[str, ...]
    columns: tuple[ColumnShown, ...]
    parts: tuple[tuple[str, str, str, tuple[tuple[int, str, bool], ...]], ...]
    questions: tuple[str, ...]
    names: tuple[tuple[int, NamedUnit, str], ...]
    misfits: tuple[Misfit, ...]
    odd: int
    one_unit: str
    hidden_rows: int
    ready: int | None
    sentence: str
    new: str
    leave: str = LEAVE

    @property
    def answers(self) -> object:
        """What has been said of the table so far."""
        return self.proposal.answers

    @property
    def left_out(self) -> tuple[object, ...]:
        """The rows that hold no records, the first of them."""
        return self.proposal.left_out[:LISTED]


@dataclass(frozen=True, slots=True)
class MadePage:
    """What came of a table. `blank`: rows with cells that did not fit and stand empty."""

    said: str
    label: str
    items: int
    blank: int
    dropped: tuple[str, ...]
    more: int
    list: str
    new: str
    others: tuple[tuple[str, str], ...]


def table_page(
    at: Here,
    waiting: Waiting,
    found: Understood,
    place: int,
    *,
    sentence: str = "",
    unknown: tuple[str, ...] = (),
) -> TablePage:
    """The page of one table."""
    proposal = found.proposal
    questions = questions_of(at.campaign, proposal)
    lookups = unit_lookups(at.actor, at.campaign)
    ready = None if questions else len(rows_of(proposal, lookups).rows)
    if unknown:
        sentence = _("没有名称或代码为“{names}”的单位。请核对后重新填写。").format(names="”“".join(unknown))
    return TablePage(
        proposal=proposal,
        name=waiting.name,
        place=place,
        tables=tuple(
            (
                words,
                at.to("workbook-table", waiting.token, number),
                number == place,
                str(number) in waiting.made,
            )
            for number, words in enumerate(found.tables)
        ),
        unread=found.unread,
        columns=_columns(proposal),
        parts=_parts(proposal),
        questions=questions,
        names=tuple(
            (number, one, _chosen_besides(one, lookups)) for number, one in enumerate(proposal.units_open)
        ),
        misfits=proposal.misfits[:SHOWN],
        odd=len(proposal.misfits),
        one_unit=lookups.unit_written(proposal.one_unit) if proposal.one_unit else "",
        hidden_rows=sum(record.hidden for record in proposal.table.records),
        ready=ready,
        sentence=sentence,
        new=at.to("workbook-new"),
    )


def _chosen_besides(one: NamedUnit, lookups: Lookups) -> str:
    """The unit that was chosen for a name and is none of its candidates, as it is written."""
    offered = {LEAVE, "", *(near.code for near in one.candidates)}
    return "" if one.chosen in offered else lookups.unit_written(one.chosen)


def _columns(proposal: Proposal) -> tuple[ColumnShown, ...]:
    parts = {"unit": _("牵头单位"), "title": _("标题"), "day": _("发生日期"), "": ""}
    number = 0
    shown = []
    for column in proposal.columns:
        pairs: list[tuple[int, str, str, bool]] = []
        if column.type == "choice" and column.taken:
            labels = (*column.kind.shape.choices, *proposal.answers.same)
            for one, other in alike(labels):
                joined = proposal.answers.same.get(other) == one or proposal.answers.same.get(one) == other
                pairs.append((number, one, other, joined))
                number += 1
        types = tuple((key, _(TYPES[key].label), key == column.type) for key in OFFERED)
        shown.append(ColumnShown(column, types, parts[column.role], tuple(pairs)))
    return tuple(shown)


def _parts(proposal: Proposal) -> tuple[tuple[str, str, str, tuple[tuple[int, str, bool], ...]], ...]:
    """The parts that columns play: (name of the input, words, words for none, the columns to choose from)."""
    wanted = (
        (
            "unit_column",
            "unit",
            _("哪一列写着单位"),
            _("没有这一列，全部行属于同一家单位"),
            ("unit", "text", "choice", "person"),
        ),
        (
            "title_column",
            "title",
            _("哪一列作标题"),
            _("没有，用清单名称加单位"),
            ("text", "long_text", "person", "choice"),
        ),
        ("day_column", "day", _("哪一列是发生日期"), _("没有"), ("date",)),
    )
    return tuple(
        (
            name,
            words,
            none,
            tuple(
                (column.at, f"{column.letter} {column.label}", column.role == role)
                for column in proposal.columns
                if column.taken and (column.type in types or column.role == role) and not column.serial
            ),
        )
        for name, role, words, none, types in wanted
    )
