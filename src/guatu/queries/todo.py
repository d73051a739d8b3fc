"""What waits for a person: items that one of their posts can bring a step further, over all their campaigns.

Two kinds. *Own*: the transition is made by the responsible side (level own or any) — by due day, overdue first. *Desk*:
it is made from above or outside (review, verification, claims) — by kind, the longest waiting first. One statement a
kind, however many items and campaigns there are; each group is cut to its first rows and carries its whole count.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, timedelta
from typing import Any

from django.db.models import Case, Count, Exists, F, IntegerField, OuterRef, Q, Value, When, Window
from django.db.models.functions import RowNumber

from guatu.access import Actor
from guatu.access.policy import NOTHING
from guatu.access.secrecy import shown
from guatu.access.transitions import rows_to_move
from guatu.domain.lights import returned_states, running_states, waiting_states
from guatu.domain.loop_tracks import CHAIN
from guatu.domain.pack import Pack
from guatu.domain.pack.workflow import Transition
from guatu.domain.words import gettext as _
from guatu.domain.words import listed
from guatu.queries.document_judges import is_judged, rows_to_judge
from guatu.queries.field_text import notice_over
from guatu.queries.item_moves import next_move
from guatu.queries.item_rows import ROW_FIELDS, due_said, light_shown, state_shown
from guatu.queries.pages import UnitRef
from guatu.queries.referrals import asked_rows, claim_step
from guatu.queries.standing import light_rule
from guatu.queries.todo_back import told_back, why_back
from guatu.queries.todo_returns import form_above, told_return
from guatu.queries.todo_sections import sections_given, titles_given, told_sections
from guatu.queries.todo_ways import Side, forward, ways_of
from guatu.queries.todo_work import LATER, OPEN_ENDED, OVERDUE, TODAY, WEEK, Bucket, Kind, Work
from guatu.records.models import ANCESTORS, Campaign, Evidence, Item, Objection, Spell, Unit
from guatu.records.models.units import STILL_KNOWN
from guatu.records.packs import pack_of

EACH = 20  # rows shown of one bucket of own work
WHOLE = 500  # rows shown of a bucket that is asked for as a whole
KIND = 8  # rows shown of one kind on the desk
SOON = 7  # days: what falls due later than this is not on the desk yet


def own_work(
    person: Actor, campaigns: Sequence[Campaign], day: date, *, past: bool, all_of: int | None = None
) -> tuple[Bucket, ...]:
    """What the person's own side has to do as of `day`, bucket by bucket. At most one statement.

    What waits on the person's desk stands there and is not told a second time.
    `all_of`: a bucket of which more than the first rows are wanted, up to WHOLE.
    """
    wanted = _condition(person, campaigns, "own", day)
    if wanted == NOTHING:
        return ()
    desk = _condition(person, campaigns, "desk", day)
    if desk != NOTHING:
        wanted &= ~desk
    when = _bucket(campaigns, day)
    rows = list(
        _spells(day)
        .filter(wanted)
        .annotate(bucket=when, back=why_back(campaigns), form=form_above())
        .annotate(
            total=Window(Count("id"), partition_by="bucket"),
            place=Window(
                RowNumber(), partition_by="bucket", order_by=[F("due").asc(nulls_last=True), "item__number"]
            ),
        )
        .filter(Q(place__lte=EACH) | Q(bucket=all_of, place__lte=WHOLE))
        .order_by("bucket", "place")
        .values(*_FIELDS, "bucket", "back", "form", "total", proven=_PROVEN)
    )
    found: dict[int, list[Work]] = {}
    totals: dict[int, int] = {}
    for row, work in _works(rows, person, campaigns, day, "own", past=past):
        found.setdefault(row["bucket"], []).append(work)
        totals[row["bucket"]] = row["total"]
    return tuple(Bucket(key, totals[key], tuple(found[key])) for key in sorted(found))


def desk_work(person: Actor, campaigns: Sequence[Campaign], day: date, *, past: bool) -> tuple[Kind, ...]:
    """What waits for the person's review as of `day`, kind by kind, in the pack's order. At most one statement."""
    wanted = _condition(person, campaigns, "desk", day)
    if wanted == NOTHING:
        return ()
    group = ["campaign_id", "register", "state"]
    rows = list(
        _spells(day)
        .filter(wanted)
        .annotate(
            total=Window(Count("id"), partition_by=group),
            place=Window(RowNumber(), partition_by=group, order_by=["state_since", "item__number"]),
        )
        .filter(place__lte=KIND)
        .order_by("campaign_id", "register", "state", "place")
        .values(*_FIELDS, "total", proven=_PROVEN, objected=OBJECTED)
    )
    found: dict[tuple[int, str, str], list[Work]] = {}
    totals: dict[tuple[int, str, str], int] = {}
    for row, work in _works(rows, person, campaigns, day, "desk", past=past):
        key = row["campaign_id"], row["register"], row["state"]
        found.setdefault(key, []).append(work)
        totals[key] = row["total"]
    kinds = []
    for campaign in campaigns:
        pack = pack_of(campaign)
        for register in pack.registers.values():
            for state in pack.workflow_of(register.key).states:
                key = campaign.pk, register.key, state
                if key in found:
                    kinds.append(_kind(person, campaign, pack, register.key, state, totals[key], found[key]))
    return tuple(sorted(kinds, key=lambda kind: (not kind.rows[0].waits, kind.rows[0].since)))


_FIELDS = (*ROW_FIELDS, "campaign_id", "register", "item__version", *ANCESTORS)
OBJECTED = Exists(
    Objection.objects.filter(item=OuterRef("item_id"), round=OuterRef("round"), upheld=None).order_by()
)
_PROVEN = Exists(Evidence.objects.filter(item=OuterRef("item_id"), withdrawn_batch=None))


def _spells(day: date) -> Any:
    return Spell.objects.filter(valid_from__lte=day, valid_to__gt=day, rec_to=STILL_KNOWN)


def waiting(person: Actor, campaigns: Sequence[Campaign], day: date) -> Any:
    """The spells of everything that waits for the person, own work and desk alike, whole and in no order."""
    wanted = _condition(person, campaigns, "own", day) | _condition(person, campaigns, "desk", day)
    return _spells(day).filter(wanted)


def _condition(person: Actor, campaigns: Sequence[Campaign], side: Side, day: date) -> Q:
    """The rows in a state that one of the person's posts can leave by a step forward, on this side."""
    found = told = NOTHING
    registers_met: set[str] = set()
    states_met: set[str] = set()
    for campaign in campaigns:
        pack = pack_of(campaign)
        told |= Q(campaign=campaign) & shown(person, campaign, Spell)
        users: dict[str, list[str]] = {}
        for register in pack.registers.values():
            users.setdefault(register.workflow, []).append(register.key)
        for key, registers in users.items():
            flow = pack.workflow(key)
            for way in forward(flow, side):
                reach = _reach(person, campaign, pack, key, way)
                if reach == NOTHING:
                    continue
                states = [state for state in way.origins if flow.phase_of(state) not in ("closed", "void")]
                here = Q(campaign=campaign, register__in=registers, state__in=states)
                if side == "desk":
                    stopped = [state for state in states if flow.states[state].clock == "stops"]
                    waits = Q(phase="review") | Q(state__in=stopped) | Q(due__lte=day + timedelta(days=SOON))
                    here &= waits if way.level == "root" else waits | Q(due=None)
                judge = flow.states[way.to].judge
                if judge and any(flow.phase_of(state) == "open" for state in states):
                    here &= Q(
                        **{f"data__{CHAIN}__0": judge}
                    )  # a return goes to the first of its review chain
                if way.auto == "notice_over":  # until then there is nothing to do but to answer who objects
                    here &= OBJECTED | notice_over(day)
                found |= here & reach
                registers_met.update(registers)
                states_met.update(states)
        if side == "own" and (given := sections_given(person, campaign)) is not None:
            found |= given.rows
            registers_met.add(given.register)
            states_met.update(given.states)
    if found == NOTHING:
        return found
    # What all parts have in common comes first, so that an index is used and the rest looks at few rows.
    common = Q(campaign__in=campaigns, register__in=sorted(registers_met), state__in=sorted(states_met))
    return common & told & found


def _reach(person: Actor, campaign: Campaign, pack: Pack, flow: str, way: Transition) -> Q:
    """What lies on the person's own desk; a claim waits for the unit that is asked, wherever the others stand.

    Nobody is asked to check or sign what they drafted.
    """
    claim, problems = claim_step(pack), pack.loop.problems
    if way is claim and problems is not None and pack.register(problems).workflow == flow:
        return rows_to_move(person, way, campaign) & asked_rows(person, campaign, way)
    documents = pack.loop.documents.register_key if pack.loop.documents is not None else ""
    if documents and pack.register(documents).workflow == flow and is_judged(pack, documents, way):
        return rows_to_judge(person, way, campaign, pack)
    return rows_to_move(person, way, campaign, desk=True)


def _bucket(campaigns: Sequence[Campaign], day: date) -> Case:
    """When a row falls due; what was sent back, waits for a signature or is not acknowledged is for today.

    A task that nobody acknowledges turns white within days, however far off its due day is.
    While the unit's clock stands still nothing is overdue.
    """
    now = stopped = NOTHING
    for campaign in campaigns:
        pack = pack_of(campaign)
        for register in pack.registers.values():
            flow = pack.workflow_of(register.key)
            at_once = sorted(returned_states(flow) | waiting_states(flow))
            if at_once:
                now |= Q(campaign=campaign, register=register.key, state__in=at_once)
            still = sorted(set(flow.states) - running_states(flow))
            stopped |= Q(campaign=campaign, register=register.key, state__in=still)
    sunday = day + timedelta(days=6 - day.weekday())
    return Case(
        When(Q(due__lt=day) & ~stopped, then=Value(OVERDUE)),
        When(Q(due=day) | Q(phase="review") | now, then=Value(TODAY)),
        When(due__lte=sunday, then=Value(WEEK)),
        When(due__isnull=False, then=Value(LATER)),
        default=Value(OPEN_ENDED),
        output_field=IntegerField(),
    )


def _works(
    rows: Iterable[Mapping[str, Any]],
    person: Actor,
    campaigns: Sequence[Campaign],
    day: date,
    side: Side,
    *,
    past: bool,
) -> Iterator[tuple[Mapping[str, Any], Work]]:
    by_id = {campaign.pk: campaign for campaign in campaigns}
    for row in rows:
        campaign = by_id[row["campaign_id"]]
        pack = pack_of(campaign)
        register, flow = pack.register(row["register"]), pack.workflow_of(row["register"])
        line = tuple(row[name] for name in ANCESTORS if row[name] is not None)
        ways = ways_of(person, campaign, flow, row["state"], row["data"], line, side)
        writes = titles_given(person, campaign, row) if side == "own" else ()
        if not ways and not writes:
            continue
        item = Item(
            id=row["item_id"],
            number=row["item__number"],
            state=row["state"],
            unit=Unit(id=row["unit_id"], short_name=row["unit__short_name"]),
        )
        moves = tuple(
            next_move(pack, register, way, item, row["data"], row["proven"], "", place == 0)
            for place, way in enumerate(ways)
        )
        rule = light_rule(pack, register.key)
        said, tone = due_said(register, flow, row, day, rule.due_soon_days if rule else SOON)
        yield (
            row,
            Work(
                campaign=campaign.key,
                campaign_label=campaign.short_name,
                register=register.key,
                register_label=register.label,
                public_id=str(row["item__public_id"]),
                item=row["item_id"],
                number=row["item__number"],
                title=row["item__title"],
                version=row["item__version"],
                unit=UnitRef(row["unit__code"], row["unit__name"], row["unit__short_name"]),
                state=state_shown(flow, row["state"]),
                light=light_shown(pack, register.key, row, day),
                since=row["state_since"],
                waiting=max((day - row["state_since"]).days, 0),
                waits=row["state"] not in running_states(flow) or register.due == "none",
                overdue=tone == "r",
                due=row["due"],
                due_words=said,
                due_tone=tone,
                bucket=row.get("bucket", OPEN_ENDED),
                returned=row["state"] in returned_states(flow),
                step=ways[0].label if ways else _("写分给您的部分"),
                moves=() if past else moves,
                four_eyes=any(way.four_eyes for way in ways),
                data=row["data"],
                objected=row.get("objected", False),
                back=told_back(row.get("back")),
                note=told_return(row, day) or told_sections(writes),
                writes=() if past else writes,
            ),
        )


def _kind(
    person: Actor, campaign: Campaign, pack: Pack, register: str, state: str, count: int, rows: list[Work]
) -> Kind:
    flow = pack.workflow_of(register)
    step = next(way for way in forward(flow, "desk") if way.label == rows[0].step and state in way.origins)
    mine = {grant.role for grant in person.grants}
    others = [pack.role_label(role) for role in step.roles if role not in mine]
    return Kind(
        campaign=campaign.key,
        campaign_label=campaign.short_name,
        register=register,
        register_label=pack.register(register).label,
        state=state,
        state_label=flow.states[state].label,
        step=step.label,
        others=_("也可由{roles}办理").format(roles=listed(others)) if others else "",
        count=count,
        rows=tuple(rows),
    )
