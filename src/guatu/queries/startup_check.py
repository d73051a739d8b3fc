"""The start-up check: which units nobody fills, reviews or signs for, which accounts sleep. Nothing here blocks anything.

A unit is filled by a filler of its own, or by one further up below the root who fills on behalf; the same for its head.
It is reviewed by a liaison of a unit above it, or, where it stands directly below the root, by the root's office.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Exists, Q

from guatu.access import Actor, require
from guatu.domain.clock import now, today
from guatu.domain.said import TITLED, read
from guatu.domain.words import gettext as _
from guatu.queries.unit_tree import Node, UnitTree, unit_tree
from guatu.records.models import Campaign, Job, Person, Post, Team
from guatu.records.packs import pack_of

PATIENCE = timedelta(minutes=5)
"""How long a job may wait before the worker is asked after."""


@dataclass(frozen=True, slots=True)
class Named:
    """A unit or a person that a finding names: `place` says where it stands."""

    key: str
    name: str
    place: str = ""


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that is not as it should be: a sentence, what will not work, what to do, and all names.

    `key` is stable for programs; `serious`: without it something will not work, otherwise it is worth knowing.
    """

    key: str
    sentence: str
    effect: str
    advice: str
    names: tuple[Named, ...]
    serious: bool = True

    @property
    def count(self) -> int:
        """How many are named."""
        return len(self.names)


@dataclass(frozen=True, slots=True)
class LevelLine:
    """One level: so many units, filled by themselves, filled from above, and what is missing."""

    key: str
    label: str
    units: int
    own_filler: int
    no_filler: int
    no_reviewer: int
    no_head: int

    @property
    def filled_above(self) -> int:
        """Units for which somebody further up fills on behalf."""
        return self.units - self.own_filler - self.no_filler


@dataclass(frozen=True, slots=True)
class StartupCheck:
    """The whole check. `sentence` is its one line: 216 家单位，9 家无填报员，3 家无审核人。"""

    campaign: str
    units: int
    sentence: str
    levels: tuple[LevelLine, ...]
    findings: tuple[Finding, ...]

    @property
    def serious(self) -> int:
        """How many findings stand for something that will not work."""
        return sum(finding.serious for finding in self.findings)


@dataclass(frozen=True, slots=True)
class _Held:
    """Which units have whom: unit → roles of posts on it; teams and their units; people with any post at all,
    and those whose posts are all in other campaigns."""

    roles: dict[int, set[str]]
    teams: dict[int, str]
    assigned: dict[int, set[int]]
    placed: frozenset[int]
    elsewhere: frozenset[int]

    def has(self, unit: int, *roles: str) -> bool:
        return not self.roles.get(unit, set()).isdisjoint(roles)


def startup_check(actor: Actor, campaign: Campaign) -> StartupCheck:
    """What is missing before the campaign can begin, as it stands today. Six statements for any number of units."""
    require(actor, "open_campaign", campaign=campaign)
    require(actor, "open_campaign", campaign.root, campaign)  # it names units of the whole campaign
    day = today()
    tree = unit_tree(campaign, day)
    holds = Q(from_day__lte=day) & (Q(to_day=None) | Q(to_day__gt=day))
    held = _held(campaign, holds, day)
    lacks = {
        "no_filler": _units(tree, lambda node: not _served(tree, held, node, "filler")),
        "no_reviewer": _units(tree, lambda node: not _reviewed(tree, held, node)),
        "no_head": _units(tree, lambda node: not _served(tree, held, node, "head")),
    }
    findings = [
        *_of_units(tree, lacks),
        *_of_levels(campaign, tree),
        *_of_teams(tree, held),
        *_of_people(held, frozenset() if actor.everywhere().grants else held.elsewhere),
    ]
    told = _("{units} 家单位，{fillers} 家无填报员，{reviewers} 家无审核人。").format(
        units=f"{len(tree.nodes):,}",
        fillers=f"{len(lacks['no_filler']):,}",
        reviewers=f"{len(lacks['no_reviewer']):,}",
    )
    return StartupCheck(
        campaign.name,
        len(tree.nodes),
        told,
        _levels(campaign, tree, held, lacks),
        tuple(finding for finding in findings if finding.names),
    )


def _held(campaign: Campaign, holds: Q, day: date) -> _Held:
    """Two statements: every post that holds today, and the teams with what they are assigned."""
    roles: dict[int, set[str]] = defaultdict(set)
    placed: set[int] = set()
    here: set[int] = set()
    posts = Post.objects.filter(holds, person__is_active=True)
    for person, of, unit, role in posts.values_list("person_id", "campaign_id", "unit_id", "role"):
        placed.add(person)
        if of in (None, campaign.pk):
            here.add(person)
            if unit is not None:
                roles[unit].add(role)
    teams: dict[int, str] = {}
    assigned: dict[int, set[int]] = defaultdict(set)
    rows = Team.objects.filter(campaign=campaign).order_by("key")
    columns = ("pk", "name", "assigned__unit_id", "assigned__from_day", "assigned__to_day")
    for team, name, unit, begins, ends in rows.values_list(*columns):
        teams[team] = name
        if unit is not None and begins <= day and (ends is None or ends > day):
            assigned[team].add(unit)
    return _Held(dict(roles), teams, dict(assigned), frozenset(placed), frozenset(placed - here))


def _units(tree: UnitTree, lacking: Callable[[Node], bool]) -> tuple[Node, ...]:
    return tuple(node for node in tree.nodes.values() if lacking(node))


def _above(tree: UnitTree, node: Node) -> tuple[int, ...]:
    """The line from the campaign's root down to the unit itself, without the root (the root alone for the root)."""
    if node.id == tree.root:
        return (tree.root,)
    return node.line[node.line.index(tree.root) + 1 :]


def _served(tree: UnitTree, held: _Held, node: Node, role: str) -> bool:
    """Whether somebody with this role stands on the unit or above it, below the root."""
    return any(held.has(unit, role) for unit in _above(tree, node))


def _reviewed(tree: UnitTree, held: _Held, node: Node) -> bool:
    """Whether a liaison stands above the unit; directly below the root its office or liaison; the root needs none."""
    above = _above(tree, node)
    if node.id == tree.root:
        return True
    if len(above) == 1:
        return held.has(tree.root, "office", "liaison")
    return any(held.has(unit, "liaison") for unit in above[:-1])


def _named(tree: UnitTree, nodes: Iterable[Node]) -> tuple[Named, ...]:
    """The units with the name of the one above them."""
    return tuple(
        Named(
            node.code,
            node.short_name,
            tree.nodes[node.parent].short_name if node.parent in tree.nodes else "",
        )
        for node in nodes
    )


def _of_units(tree: UnitTree, lacks: dict[str, tuple[Node, ...]]) -> list[Finding]:
    return [
        Finding(
            "units_without_filler",
            _("{count} 家单位无填报员，上级也没有人代填。").format(count=f"{len(lacks['no_filler']):,}"),
            _("分解给这些单位的任务没有人签收和填报，作战图上会显示“未报送”。"),
            _("请在第4步补上填报员，或在其上级单位设一名填报员代填。"),
            _named(tree, lacks["no_filler"]),
        ),
        Finding(
            "units_without_reviewer",
            _("{count} 家单位无审核人（上级单位没有联络员）。").format(
                count=f"{len(lacks['no_reviewer']):,}"
            ),
            _("这些单位报审后没有人接收或退回，只能由办公室办理。"),
            _("请在第4步为其上级单位补上联络员。"),
            _named(tree, lacks["no_reviewer"]),
        ),
        Finding(
            "units_without_head",
            _("{count} 家单位没有单位负责人。").format(count=f"{len(lacks['no_head']):,}"),
            _("需要单位负责人审签的事项，在这些单位走不到下一步。"),
            _("请在第4步补上单位负责人。"),
            _named(tree, lacks["no_head"]),
        ),
    ]


def _of_levels(campaign: Campaign, tree: UnitTree) -> list[Finding]:
    known = {level.key for level in pack_of(campaign).head.levels}
    strange = [node for node in tree.nodes.values() if node.level not in known]
    return [
        Finding(
            "units_of_unknown_level",
            _("{count} 家单位的层级不在本专项工作的模板中。").format(count=f"{len(strange):,}"),
            _("这些单位不能牵头任何事项，按层级汇总时不计入。"),
            _("请在第2步改好层级后重新导入。"),
            _named(tree, strange),
        )
    ]


def _of_teams(tree: UnitTree, held: _Held) -> list[Finding]:
    """Teams are a choice: without any there is nothing to find."""
    if not held.teams:
        return []
    seen = {unit for units in held.assigned.values() for unit in units if unit in tree.nodes}
    idle = [name for team, name in held.teams.items() if not held.assigned.get(team)]
    reached = set(seen)
    for unit in seen:
        reached.update(tree.nodes[unit].line)  # a company whose units are visited counts as visited
    alone = [
        node
        for node in tree.nodes.values()
        if node.id != tree.root and node.id not in reached and seen.isdisjoint(node.line)
    ]
    return [
        Finding(
            "teams_without_units",
            _("{count} 个督导组没有定点联络单位。").format(count=len(idle)),
            _("这些组看不到任何单位的事项。"),
            _("请在第4步为督导组填上单位代码。"),
            tuple(Named(name, name) for name in idle),
        ),
        Finding(
            "units_in_no_team",
            _("{count} 家单位不在任何督导组。").format(count=f"{len(alone):,}"),
            _("这些单位的销号由办公室核验。"),
            _("需要督导组核验的，请在第4步把它们列入一个组。"),
            _named(tree, alone),
            serious=False,
        ),
    ]


def _of_people(held: _Held, unknown: frozenset[int]) -> list[Finding]:
    """Accounts of the whole house, whatever the campaign, without those that the reader does not know."""
    people = Person.objects.filter(is_active=True).select_related("home_unit").order_by("username")
    waiting = Job.objects.filter(state=Job.State.WAITING, made_at__lt=now() - PATIENCE)
    people = people.annotate(waits=Exists(waiting))
    rows = [
        (person, Named(person.username, person.name, person.home_unit.short_name if person.home_unit else ""))
        for person in people
        if person.pk not in unknown
    ]
    idle = tuple(named for person, named in rows if person.pk not in held.placed)
    shut = tuple(named for person, named in rows if not person.has_usable_password())
    jobs = (
        tuple(Named(str(job.public_id), read(job.params.get(TITLED), job.title)) for job in waiting)
        if any(p.waits for p, _n in rows)
        else ()
    )
    asleep = tuple(
        named for person, named in rows if person.has_usable_password() and person.last_login is None
    )
    return [
        Finding(
            "accounts_without_password",
            _("{count} 个账号还没有密码。").format(count=f"{len(shut):,}"),
            _("这些人登录不了。"),
            _("请由办公室或安全管理员生成初始密码，再逐人告知。"),
            shut,
        ),
        Finding(
            "people_without_post",
            _("{count} 人没有身份。").format(count=f"{len(idle):,}"),
            _("登录后什么也看不到。"),
            _("请在第4步为其指定单位和身份。"),
            idle,
            serious=False,
        ),
        Finding(
            "never_logged_in",
            _("{count} 个账号从未登录。").format(count=f"{len(asleep):,}"),
            _("任务下达后可能无人知晓。"),
            _("请按联络员名单电话通知。"),
            asleep,
            serious=False,
        ),
        Finding(
            "background_waiting",
            _("{count} 项后台任务排队超过 5 分钟。").format(count=f"{len(jobs):,}"),
            _("后台任务进程可能没有启动，较大的导出做不出来。"),
            _("请运行 guatu worker，或重新启动 guatu serve。"),
            jobs,
        ),
    ]


def _levels(
    campaign: Campaign, tree: UnitTree, held: _Held, lacks: dict[str, tuple[Node, ...]]
) -> tuple[LevelLine, ...]:
    labels = {level.key: level.label for level in pack_of(campaign).head.levels}
    by_level: dict[str, list[Node]] = defaultdict(list)
    for node in tree.nodes.values():
        by_level[node.level].append(node)
    missing = {what: {node.id for node in nodes} for what, nodes in lacks.items()}
    return tuple(
        LevelLine(
            key,
            labels.get(key, key),
            len(nodes),
            sum(held.has(node.id, "filler") for node in nodes),
            *(
                sum(node.id in missing[what] for node in nodes)
                for what in ("no_filler", "no_reviewer", "no_head")
            ),
        )
        for key in [*labels, *sorted(by_level.keys() - labels.keys())]
        if (nodes := by_level.get(key))
    )
