"""From an uploaded workbook to a register: the one way for the page, the worker and the command."""

from __future__ import annotations

import csv
import hashlib
import io
import json
from collections.abc import Sequence
from dataclasses import dataclass, replace

from guatu.access import Actor
from guatu.access.house_language import house_language
from guatu.actions.jobs import Made, Work
from guatu.actions.workbook_register import MadeRegister, import_rows, made_with, make_register
from guatu.domain.errors import BadInput, NotFound
from guatu.domain.imports.grid import Workbook
from guatu.domain.imports.understanding.answers import as_answers, as_kept
from guatu.domain.imports.understanding.matching import Matched, match, rows_into, told
from guatu.domain.imports.understanding.proposal import Answers, Proposal
from guatu.domain.imports.understanding.proposing import propose
from guatu.domain.imports.understanding.registering import Dropped, register_of, rows_of
from guatu.domain.imports.understanding.tables import find_tables
from guatu.domain.said import Said
from guatu.domain.words import gettext as _
from guatu.domain.words import gettext_noop, listed
from guatu.exchange.csv_out import cell
from guatu.exchange.kept_uploads import kept_upload
from guatu.exchange.tables_in import read_tables
from guatu.queries.known_names import unit_lookups
from guatu.records.models import Campaign
from guatu.records.packs import written_pack

JOB = "workbook"
AT_ONCE = 500
"""So many rows are imported while the person waits; more of them in the background."""


@dataclass(frozen=True, slots=True)
class Understood:
    """What one table of a workbook is understood as. `tables`: how many there are; `unread` what was not read."""

    proposal: Proposal
    tables: tuple[str, ...]
    unread: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Outcome:
    """What confirming has written: the register's key and name, how many items, the rows that were left out, and
    whether the register is new."""

    register: str
    label: str
    items: int
    dropped: tuple[Dropped, ...]
    new: bool = True


def understand(
    actor: Actor, campaign: Campaign, book: Workbook, place: int = 0, answers: Answers | None = None
) -> Understood:
    """The table at `place` (from 0) of the workbook. Raises BadInput where the workbook has no table at all."""
    found = find_tables(book)
    if not found.tables:
        why = listed(found.unread) if found.unread else _("工作表都是空的。")
        raise BadInput(_("“{name}”中没有找到表格。{why}"), name=book.name, why=why)
    if place >= len(found.tables):
        raise NotFound(_("“{name}”中没有这张表。请从“看懂了什么”页重新选择。"), name=book.name)
    proposal = propose(found.tables[place], unit_lookups(actor, campaign), answers)
    return Understood(proposal, tuple(f"{one.sheet} {one.area}" for one in found.tables), found.unread)


def questions_of(campaign: Campaign, proposal: Proposal) -> tuple[str, ...]:
    """What has to be answered before the register can be made."""
    labels = {register.label for register in written_pack(campaign).registers.values()}
    if proposal.label[:60] in labels:
        return (
            _("已有名称为“{label}”的清单。请换一个名称。").format(label=proposal.label[:60]),
            *proposal.questions,
        )
    return proposal.questions


def refuse_open(campaign: Campaign, proposal: Proposal) -> None:
    """Raise BadInput with the first question that is still open."""
    questions = questions_of(campaign, proposal)
    if questions:
        raise BadInput("{said}", said=questions[0])


def make_from(
    actor: Actor, *, campaign: Campaign, book: Workbook, proposal: Proposal, key: str | None = None
) -> Outcome:
    """Make the register and import its rows. Raises BadInput with the first open question; writes all or nothing."""
    lookups = unit_lookups(actor, campaign)
    done = made_with(campaign, key)
    if done is not None:
        return _outcome(done, ())
    refuse_open(campaign, proposal)
    with house_language():
        ready = rows_of(proposal, lookups)
        register = register_of(
            proposal,
            ready,
            written_pack(campaign),
            section=_("由表格新建"),
            noun=_("记录"),
            measure=_("条"),
            done=_("登记"),
        )
    if not ready.rows:
        raise BadInput(_("没有一行可以导入。请核对单位和不合的行怎样处理。"))
    made = make_register(
        actor,
        campaign=campaign,
        register=register,
        rows=ready.rows,
        reason=book.name[:200],
        idempotency_key=key,
    )
    return _outcome(made, ready.dropped)


def _outcome(made: MadeRegister, dropped: Sequence[Dropped]) -> Outcome:
    label = written_pack(made.campaign).register(made.register).label
    return Outcome(made.register, label, made.items, tuple(dropped))


def matched(
    actor: Actor, campaign: Campaign, book: Workbook, place: int, answers: Answers, register: str
) -> tuple[Understood, Matched, tuple[str, ...]]:
    """The table beside a register that stands already. Raises BadInput where there is no such register."""
    spec = written_pack(campaign).registers.get(register)
    if spec is None:
        raise BadInput(_("没有“{register}”这个清单。请核对后再提交。"), register=register)
    found = understand(actor, campaign, book, place, answers)
    beside = match(found.proposal.table, spec, unit_lookups(actor, campaign), answers)
    return replace(found, proposal=beside.proposal), beside, told(beside)


def import_into(
    actor: Actor,
    *,
    campaign: Campaign,
    book: Workbook,
    place: int,
    answers: Answers,
    register: str,
) -> Outcome:
    """Import the rows of a table into a register that stands already: one batch, the same file only once.

    Raises BadInput with the first open question, and where rows do not fit and nothing was said of them.
    """
    _found, beside, _told = matched(actor, campaign, book, place, answers, register)
    if beside.proposal.questions:
        raise BadInput("{said}", said=beside.proposal.questions[0])
    spec = written_pack(campaign).register(register)
    ready = rows_into(beside, spec, unit_lookups(actor, campaign))
    if ready.dropped and not answers.unfit and not answers.units:
        raise BadInput("{said}", said=ready.dropped[0].sentence)
    items = import_rows(
        actor,
        campaign=campaign,
        register=spec,
        rows=ready.rows,
        reason=book.name[:200],
        idempotency_key=making_key(f"{register}/{book.sha256}", place, answers),
    )
    return Outcome(register, spec.label, items, ready.dropped, new=False)


def making_key(token: str, place: int, answers: Answers) -> str:
    """The same upload, table and answers make the same register once, however often the button is pressed."""
    said = json.dumps(as_kept(answers), ensure_ascii=False, sort_keys=True)
    return hashlib.sha256(f"{token}/{place}/{said}".encode()).hexdigest()


def run_making(work: Work) -> Made:
    """The worker's part: a long table, as the person confirmed it."""
    if work.campaign is None:
        raise NotFound()
    token, place = str(work.params["token"]), int(work.params["table"])
    book = read_tables(kept_upload(token), str(work.params["name"]))
    answers = as_answers(work.params["answers"])
    work.progress.step(1, 3)
    found = understand(work.actor, work.campaign, book, place, answers)
    work.progress.step(2, 3)
    outcome = make_from(
        work.actor, campaign=work.campaign, book=book, proposal=found.proposal, key=work.key or None
    )
    said = said_of(outcome)
    if not outcome.dropped:
        return Made(said=said, register=outcome.register)
    path = work.folder / "dropped.csv"
    path.write_bytes(dropped_csv(outcome.dropped))
    return Made(path, _("未导入的行.csv"), said, outcome.register)


def said_of(outcome: Outcome) -> Said:
    """What was done, in a sentence."""
    items, dropped = f"{outcome.items:,}", f"{len(outcome.dropped):,}"
    if outcome.new and outcome.dropped:
        said = gettext_noop("已新建清单“{label}”，导入 {items} 行；另有 {dropped} 行没有导入。")
    elif outcome.new:
        said = gettext_noop("已新建清单“{label}”，导入 {items} 行。")
    elif outcome.dropped:
        said = gettext_noop("已导入清单“{label}” {items} 行；另有 {dropped} 行没有导入。")
    else:
        said = gettext_noop("已导入清单“{label}” {items} 行。")
    return Said(said, {"label": outcome.label, "items": items, "dropped": dropped})


def dropped_csv(dropped: Sequence[Dropped]) -> bytes:
    """The rows that were left out, for whoever has to see to them."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow([_("行"), _("原因")])
    writer.writerows([str(one.row), cell(one.sentence)] for one in dropped)
    return f"\ufeff{out.getvalue()}".encode()
