"""How a request comes in: what stands beside the roster's numbers – urges, cells sent back, changes of the roster."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from django.db.models import Count, Q

from guatu.access import Actor, visible
from guatu.domain.collection import Form
from guatu.domain.pack import Pack
from guatu.domain.roster import Part, Row, Tally, completeness, parts
from guatu.queries.item_rows import value_shown
from guatu.queries.returns import collection_of, form_of_request, roster, seen
from guatu.queries.unit_tree import unit_tree
from guatu.queries.urge_list import UrgeLine, lines_of
from guatu.records.models import ANCESTORS, Campaign, Comment, Item, Revision, Unit
from guatu.records.packs import pack_of

CELLS = 8
"""Cells sent back that the page names."""


@dataclass(frozen=True, slots=True)
class Company:
    """One company's part of the roster. `urged`: how many times its missing units have been urged in all."""

    code: str
    name: str
    part: Part
    urged: int

    @property
    def tally(self) -> Tally:
        """Its counts."""
        return self.part.tally


@dataclass(frozen=True, slots=True)
class SentBack:
    """A cell or a row that was sent back and has not come again: whose, what it says, why it came back."""

    unit: str
    public_id: str
    label: str
    value: str
    reason: str


@dataclass(frozen=True, slots=True)
class Amendment:
    """A change of the roster: 核增 (`added`) or 核减, when, by whom, why."""

    unit: str
    added: bool
    at: datetime
    by: str
    reason: str


@dataclass(frozen=True, slots=True)
class Watch:
    """A request as of a day in the reader's part. `whole`: the reader's part is the whole roster."""

    request: Item
    form: Form
    tally: Tally
    companies: tuple[Company, ...]
    rows: tuple[Row, ...]
    whole: bool


def watch(actor: Actor, campaign: Campaign, request: Item, day: date) -> Watch:
    """How the request has come in as of `day`, by company, the most missing first. Three statements."""
    every = roster(campaign, request, day)
    rows = seen(actor, campaign, every)
    names = unit_tree(campaign, day).nodes
    urged = _urged(request)
    companies = []
    for part in parts(rows, len(campaign.root.line)):
        node = names.get(part.unit)
        first = part.rows[0]
        companies.append(
            Company(
                code=node.code if node is not None else first.code,
                name=node.short_name if node is not None else first.name,
                part=part,
                urged=sum(urged.get(row.pk, 0) for row in part.rows),
            )
        )
    companies.sort(key=lambda one: (-one.tally.open, -one.tally.sent_back))
    return Watch(
        request=request,
        form=form_of_request(request),
        tally=completeness(rows),
        companies=tuple(companies),
        rows=rows,
        whole=len(rows) == len(every),
    )


def _urged(request: Item) -> dict[int, int]:
    """Return → how often it has been urged. One statement."""
    counted = Comment.objects.filter(item__parent=request, kind=Comment.Kind.URGE).order_by()
    return dict(counted.values_list("item_id").annotate(Count("pk")))


def cells_sent_back(
    actor: Actor, campaign: Campaign, form: Form, rows: Iterable[Row]
) -> tuple[SentBack, ...]:
    """What was sent back and has not come again, with the value that it says now. One statement, none for nothing."""
    pack = pack_of(campaign)
    register = pack.register(form.register)
    marked = [(row, flaw) for row in rows if row.phase == "open" and not row.kept for flaw in row.flaws]
    wanted = {int(flaw["item"]) for _row, flaw in marked if flaw.get("item") is not None}
    shown = visible(actor, Item.objects.filter(campaign=campaign, pk__in=wanted), campaign)
    items = {item.pk: item for item in shown} if wanted else {}
    found = []
    for row, flaw in marked:
        field = register.field(flaw.get("field") or "")
        item = items.get(flaw.get("item") or 0)
        value = (
            value_shown(field, item.data.get(field.key), {}) if field is not None and item is not None else ""
        )
        label = field.label if field is not None else (item.number if item is not None else "")
        found.append(SentBack(row.name, row.public_id, label, value, str(flaw.get("reason") or "")))
    return tuple(found)


def amendments(actor: Actor, campaign: Campaign, request: Item) -> tuple[Amendment, ...]:
    """How the roster was changed after it was sent, the newest first. One statement, two where it was changed."""
    spec = collection_of(pack_of(campaign))
    zone = ZoneInfo(campaign.zone)
    every = Item.objects.filter(campaign=campaign, register=spec.returns, parent=request)
    returns = visible(actor, every, campaign)
    reduced = [f"items.move:{key}" for key in (spec.reduce, spec.absorb) if key]
    revisions = Revision.objects.filter(subject_kind="item", subject_id__in=every.values("pk"))
    rows = list(
        revisions.filter(Q(version=1) | Q(batch__action__in=reduced))
        .order_by("-id")
        .values_list(
            "batch_id",
            "subject_id",
            "version",
            "batch__recorded_on",
            "batch__actor_name",
            "batch__reason",
        )
    )
    sent = min((row[0] for row in rows), default=0)
    changed = [row for row in rows if row[0] > sent]
    if not changed:
        return ()
    names = dict(returns.filter(pk__in={row[1] for row in changed}).values_list("pk", "unit__short_name"))
    return tuple(
        Amendment(names[item], version == 1, at.astimezone(zone), by, reason)
        for _seq, item, version, at, by, reason in changed
        if item in names
    )


def missing_lines(
    actor: Actor, campaign: Campaign, pack: Pack, title: str, rows: Iterable[Row], day: date
) -> tuple[UrgeLine, ...]:
    """Whom the returns of the request of this title that have not come wait for, with telephones as far as the reader may see them. Five statements."""
    open_rows = [row for row in rows if not row.handed and not row.kept]
    register = collection_of(pack).returns
    items = [_item(row, register, title) for row in open_rows]
    since = {row.pk: row.since or day for row in open_rows}
    return lines_of(actor, campaign, pack, items, since, day)


def _item(row: Row, register: str, title: str) -> Item:
    lines = dict(zip(ANCESTORS, row.line, strict=False))
    return Item(
        pk=row.pk,
        public_id=row.public_id,
        number=row.number,
        title=title,
        register=register,
        state=row.state,
        unit=Unit(pk=row.unit, short_name=row.name),
        **lines,
    )
