"""Lists: any register, any day, filtered, sorted and paged by the database.

At most seven statements a page, however many items there are: the tree and its sectors, the counts by light, how many
lie outside, the rows of the page, the items that their fields name. A filter by a cell of the wall lists exactly the items that the cell counts.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from django.db.models import Case, Count, Q, QuerySet, Value, When, Window
from django.db.models.functions import Length, RowNumber

from guatu.access import Actor, countable, covering, visible
from guatu.access.aspects import aspects_of
from guatu.access.policy import restricted_rows
from guatu.domain.capabilities import roles_with
from guatu.domain.clock import today
from guatu.domain.errors import BadInput, NotFound
from guatu.domain.lights import Distribution, Light
from guatu.domain.pack import Pack
from guatu.domain.pack.register import Register
from guatu.domain.words import gettext as _
from guatu.domain.words import listed
from guatu.queries.item_rows import ROW_FIELDS, list_row
from guatu.queries.list_checks import check_filters
from guatu.queries.list_columns import column_options, columns_of
from guatu.queries.list_filters import chips_of, groups_of
from guatu.queries.list_met import met
from guatu.queries.list_order import chosen_sort, order_of, sorts_of
from guatu.queries.named_items import item_names
from guatu.queries.pages import Column, FilterGroup, ItemFilters, ListPage, ListRow, Option, RegisterEntry
from guatu.queries.standing import COUNTED, light_rule
from guatu.queries.unit_tree import UnitTree, as_known, reach, unit_tree
from guatu.records.models import Campaign, Link, Spell
from guatu.records.packs import pack_of

PAGE = 50


@dataclass(frozen=True, slots=True)
class Listing:
    """A register's items as the filters say and the reader may see them, in order, before any is read.

    `listed` are all that meet the filters, `mine` those in the reader's sight. `names`: short names of units by code.
    """

    pack: Pack
    spec: Register
    tree: UnitTree
    seen: frozenset[int]
    listed: QuerySet[Spell]
    mine: QuerySet[Spell]
    columns: tuple[Column, ...]
    sort: str
    names: dict[str, str]

    def naming(self, actor: Actor, campaign: Campaign, rows: Sequence[Mapping[str, Any]]) -> dict[str, str]:
        """The names that the rows need: units by code, and by public id the items that they point at."""
        keys = (column.key for column in self.columns)
        return {**self.names, **item_names(actor, campaign, self.spec, keys, rows)}

    @property
    def ordered(self) -> QuerySet[Spell, Any]:
        """The rows in sight in their order, with the columns that `list_row` reads."""
        values: QuerySet[Spell, Any] = self._in_order.values(*ROW_FIELDS)
        return values

    @property
    def _in_order(self) -> QuerySet[Spell, Any]:
        return self.mine.order_by(*order_of(self.pack, self.spec, self.sort))

    def page(self, number: int) -> list[dict[str, Any]]:
        """The rows of one page: found by what the order reads alone, then read in full. Two statements."""
        pks = list(self._in_order.values_list("pk", flat=True)[(number - 1) * PAGE : number * PAGE])
        rows = {row["pk"]: row for row in Spell.objects.filter(pk__in=pks).values("pk", *ROW_FIELDS)}
        return [rows[pk] for pk in pks if pk in rows]


def listing(
    actor: Actor,
    campaign: Campaign,
    register: str,
    filters: ItemFilters,
    *,
    day: date,
    known_at: int | None = None,
    sort: str = "",
    columns: Sequence[str] = (),
) -> Listing:
    """What a list page, its Excel and its bulk actions agree on. Two statements.

    Drafts and void items are listed only when the filters ask for their phase. Raises NotFound for an unknown
    register or unit, BadInput for an unknown state, phase, light, field, choice, sector, column or sort.
    """
    pack = pack_of(campaign)
    spec = register_of(pack, register)
    shown = columns_of(spec, columns)
    sort = chosen_sort(spec, sort)
    check_filters(pack, spec, filters)
    tree = unit_tree(campaign, day, known_at)
    seen = reach(actor, campaign, tree)
    listed = met(actor, campaign, filters, register=spec.key, day=day, known_at=known_at, tree=tree)
    return Listing(
        pack=pack,
        spec=spec,
        tree=tree,
        seen=seen,
        listed=listed,
        mine=visible(actor, listed, campaign),
        columns=shown,
        sort=sort,
        names={node.code: node.short_name for node in tree.nodes.values()},
    )


def filters_offered(
    actor: Actor, campaign: Campaign, register: str, filters: ItemFilters, *, day: date
) -> tuple[FilterGroup, ...]:
    """The filters that the list of a register offers, for pages that hand out a part of it. Up to two statements."""
    pack = pack_of(campaign)
    tree = unit_tree(campaign, day)
    return groups_of(pack, register_of(pack, register), filters, tree, reach(actor, campaign, tree))


def list_page(
    actor: Actor,
    campaign: Campaign,
    register: str,
    filters: ItemFilters,
    *,
    day: date,
    known_at: int | None = None,
    sort: str = "",
    page: int = 1,
    columns: Sequence[str] = (),
) -> ListPage:
    """One page of a register's items as of (`day`, batch `known_at`), as far as `actor` may see them.

    Raises what `listing` raises, and BadInput for an unknown page.
    """
    found = listing(
        actor, campaign, register, filters, day=day, known_at=known_at, sort=sort, columns=columns
    )
    pack, spec, tree, seen = found.pack, found.spec, found.tree, found.seen
    lights, outside, restricted = _counted(actor, campaign, found, filters)
    count = lights.total
    refuse_out_of_reach(found, filters, count)
    pages = max(1, -(-count // PAGE))
    if page > pages:
        raise BadInput(_("没有第 {page} 页，共 {pages} 页。请从第 1 页查看。"), page=page, pages=pages)
    standing = found.page(page)
    names = found.naming(actor, campaign, standing)
    rows = tuple(list_row(pack, spec, row, found.columns, day, names) for row in standing)
    return ListPage(
        register=spec.key,
        label=spec.label,
        noun=spec.noun,
        measure=spec.measure,
        help=spec.help,
        day=day,
        filters=filters,
        sort=found.sort,
        columns=found.columns,
        rows=rows,
        count=count,
        outside=outside,
        restricted=restricted,
        page=page,
        pages=pages,
        first=(page - 1) * PAGE + 1 if rows else 0,
        last=(page - 1) * PAGE + len(rows),
        lights=lights,
        has_lights=light_rule(pack, spec.key) is not None,
        reviewed=any(state.phase == "review" for state in pack.workflow_of(spec.key).states.values()),
        groups=groups_of(pack, spec, filters, tree, seen),
        chips=chips_of(pack, spec, filters, tree),
        sorts=tuple(Option(key, label, key == found.sort) for key, label in sorts_of(spec).items()),
        may_create=any(
            map(covering(actor, spec.fills, campaign), (node.line for node in tree.nodes.values()))
        ),
        empty=_empty(spec, filters, past=day < today()),
        column_options=column_options(spec, found.columns),
    )


def register_entries(
    actor: Actor, campaign: Campaign, *, day: date, known_at: int | None = None
) -> tuple[RegisterEntry, ...]:
    """All registers in the pack's order, each with its items as of the day inside the reader's scope. One statement.

    Whoever looks after some aspects only has the registers that belong to them or hold something of theirs: a nought
    beside the others would say that there is nothing.
    """
    pack = pack_of(campaign)
    rows = Spell.objects.filter(campaign=campaign, phase__in=COUNTED, valid_from__lte=day, valid_to__gt=day)
    counted = countable(actor, as_known(rows, known_at), campaign).order_by().values("register")
    counts = dict(counted.annotate(n=Count("id")).values_list("register", "n"))
    limit = aspects_of(actor, campaign, roles_with("see_items"))
    near = {key for aspect in limit or () for key in pack.registers_of_aspect(aspect)}
    return tuple(
        RegisterEntry(spec.key, spec.label, spec.section, spec.measure, counts.get(spec.key, 0))
        for spec in pack.registers.values()
        if limit is None or spec.key in near or counts.get(spec.key)
    )


@dataclass(frozen=True, slots=True)
class Found:
    """The hits of a search in one register: how many, and the first of them."""

    entry: RegisterEntry
    rows: tuple[ListRow, ...]


def find_items(
    actor: Actor, campaign: Campaign, q: str, *, day: date, known_at: int | None = None, limit: int = 5
) -> tuple[Found, ...]:
    """Items whose number or title holds `q`, by register, the first `limit` of each. Two statements, three at most.

    A number that was merged or annulled is found as well: numbers stay, and the row says where the item lives on.
    """
    text = q.strip()
    if not text:
        return ()
    pack = pack_of(campaign)
    rows = Spell.objects.filter(
        Q(item__number__icontains=text) | Q(item__title__icontains=text, phase__in=COUNTED),
        campaign=campaign,
        phase__in=(*COUNTED, "void"),
        valid_from__lte=day,
        valid_to__gt=day,
    )
    hits = visible(actor, as_known(rows, known_at), campaign).order_by()
    counted = Count("id", filter=~Q(phase="void"))
    counts = dict(hits.values("register").annotate(n=counted).values_list("register", "n"))
    if not counts:
        return ()
    last = Case(When(phase="void", then=Value(1)), default=Value(0))
    order: list[Any] = [last, Length("item__number"), "item__number"]
    ranked = hits.annotate(rank=Window(RowNumber(), partition_by="register", order_by=order))
    first: dict[str, list[ListRow]] = {}
    shown = list(ranked.filter(rank__lte=limit).order_by("register", "rank").values("register", *ROW_FIELDS))
    lives_on = _lives_on([row["item_id"] for row in shown if row["phase"] == "void"])
    for row in shown:
        spec = pack.register(row["register"])
        told = list_row(pack, spec, row, (), day, {})
        into = lives_on.get(row["item_id"], "")
        first.setdefault(spec.key, []).append(replace(told, due_words=into) if into else told)
    return tuple(
        Found(
            RegisterEntry(spec.key, spec.label, spec.section, spec.measure, counts[spec.key]),
            tuple(first.get(spec.key, ())),
        )
        for spec in pack.registers.values()
        if spec.key in counts
    )


def _lives_on(gone: Sequence[int]) -> dict[int, str]:
    """Into which number each of these items was merged, in words. No statement without any."""
    if not gone:
        return {}
    links = Link.objects.filter(kind=Link.Kind.MERGED_INTO, source__in=gone, ended_batch=None)
    return {
        item: _("并入 {number}").format(number=number)
        for item, number in links.values_list("source", "target__number")
    }


def register_of(pack: Pack, key: str) -> Register:
    """The register with this key; NotFound with those that there are."""
    spec = pack.registers.get(key)
    if spec is None:
        raise NotFound(
            _("没有“{key}”这个清单。请改用其中之一：{known}。"),
            key=key,
            known=listed(register.label for register in pack.registers.values()),
        )
    return spec


def refuse_out_of_reach(found: Listing, filters: ItemFilters, count: int) -> None:
    """Raise NotFound for a unit that is neither in the reader's reach nor above it: not even its name is told.

    `count` items of it are in sight; with any, its name is no secret.
    """
    if not filters.unit or count:
        return
    unit = found.tree.by_code(filters.unit).id
    if unit not in found.seen and not any(unit in found.tree.nodes[one].line for one in found.seen):
        raise found.tree.unknown(filters.unit)


def _place_only(filters: ItemFilters) -> bool:
    """Whether the filters say only where and for which task, as a cell of the wall does.

    How many items lie outside is told for these alone: a count of hidden items by their words, fields, states or days
    would give away, question by question, what is in them.
    """
    return filters == ItemFilters(
        unit=filters.unit, own=filters.own, sector=filters.sector, task=filters.task
    )


def _counted(
    actor: Actor, campaign: Campaign, found: Listing, filters: ItemFilters
) -> tuple[Distribution, int, int]:
    """The rows in sight by light, how many that meet the filters lie outside the reader's reach, how many are restricted.

    One statement; two where everything is in reach. The last two are told only for places (`_place_only`).
    """
    if not _place_only(filters):
        return _lights(found.mine), 0, 0
    kept = restricted_rows(actor, found.listed, campaign)
    if found.tree.root in found.seen:
        return _lights(found.mine), 0, kept.count()
    rows: QuerySet[Any] = found.listed.order_by()
    told = list(
        rows.values("light").annotate(
            every=Count("pk"),
            seen=Count("pk", filter=Q(pk__in=found.mine.values("pk"))),
            kept=Count("pk", filter=Q(pk__in=kept.values("pk"))),
        )
    )
    lights = _by_light({row["light"]: row["seen"] for row in told})
    restricted = sum(row["kept"] for row in told)
    return lights, sum(row["every"] for row in told) - lights.total - restricted, restricted


def _lights(rows: QuerySet[Spell]) -> Distribution:
    """The rows by light. One statement."""
    shown: QuerySet[Any] = rows.order_by()
    return _by_light(dict(shown.values("light").annotate(n=Count("id")).values_list("light", "n")))


def _by_light(counts: dict[str, int]) -> Distribution:
    """Without lights all stand under grey, so that the total is still the count."""
    return Distribution(**{light.value: counts.get(light.value, 0) for light in Light} | _unlit(counts))


def _unlit(counts: dict[str, int]) -> dict[str, int]:
    return {Light.GREY.value: counts[""]} if "" in counts else {}


def _empty(spec: Register, filters: ItemFilters, *, past: bool) -> str:
    """What an empty list says: why, and what to do."""
    if filters == ItemFilters() and not past:
        return _("还没有{noun}。").format(noun=spec.noun)
    if filters == ItemFilters():
        return _("截至该日没有{noun}。请选较晚的日期查看。").format(noun=spec.noun)
    return _("没有符合筛选条件的{noun}。请减少筛选条件。").format(noun=spec.noun)
