"""Who acts: a person with the posts that hold today, resolved once per request."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date

from django.db.models import Q

from guatu.access.house_language import house_language
from guatu.access.post_names import NAMED_WITH, UNREAD, post_label
from guatu.domain.capabilities import OPERATOR
from guatu.domain.clock import today
from guatu.domain.words import gettext as _
from guatu.records.models import Campaign, Delegation, Person, Post, TeamUnit


@dataclass(frozen=True, slots=True)
class Grant:
    """One post that holds: a role on a unit and its subtree, or on a team and the subtrees of its assigned units.

    `line`: the unit's line (root … unit), empty for a team. `team_depths`: the depths (1 = root) at which the team's
    assigned units stand. `campaign` None = every campaign. `label` names the post in the reader's language, `written`
    in the language of the house, in which history is kept. `giver` is who holds the post, if the person only stands in
    for them (代办), with their name in `giver_name` and their home in `giver_home`.
    """

    post: int | None
    role: str
    label: str
    unit: int | None = None
    line: tuple[int, ...] = ()
    team: int | None = None
    team_depths: tuple[int, ...] = ()
    assigned: frozenset[int] = frozenset()
    campaign: int | None = None
    aspect: str = ""
    everywhere: bool = False
    written: str = ""
    giver: int | None = None
    giver_name: str = ""
    giver_home: tuple[int, ...] = ()

    @property
    def named(self) -> str:
        """The post in words; one held for somebody else says so (甲公司联络员，代周启明)."""
        if self.giver is None:
            return self.label
        return _("{post}，代{giver}").format(post=self.label, giver=self.giver_name)

    def covers(self, line: tuple[int, ...]) -> bool:
        """Whether a unit with this line lies in the grant's reach."""
        if self.everywhere:
            return True
        if self.team is not None:
            return not self.assigned.isdisjoint(line)
        return self.unit is not None and self.unit in line


@dataclass(frozen=True, slots=True)
class Actor:
    """A person and the grants that hold on `day` in `campaign` (or everywhere).

    `chosen`: the one post under which the person has chosen to act (切换身份); None = all of them together.
    """

    person: int | None
    name: str
    username: str
    home_line: tuple[int, ...]
    grants: tuple[Grant, ...]
    day: date
    chosen: int | None = None

    @property
    def post(self) -> Grant | None:
        """The post under which the person appears in history: the first that holds."""
        return self.grants[0] if self.grants else None

    @property
    def post_label(self) -> str:
        """Role and place in words, as history keeps it."""
        return self.grants[0].label if self.grants else ""

    @property
    def post_written(self) -> str:
        """The same as history writes it, whatever language its reader speaks."""
        return (self.grants[0].written or self.grants[0].label) if self.grants else ""

    @property
    def signed(self) -> str:
        """The name that history keeps: 张某, or 张某（代李某） when acting under somebody else's post."""
        post = self.post
        if post is None or post.giver is None:
            return self.name
        with house_language():
            return _("{taker}（代{giver}）").format(taker=self.name, giver=post.giver_name)

    def under(self, grant: Grant) -> Actor:
        """The same person acting under this of their posts: it is the one that history names."""
        return replace(self, grants=(grant, *(other for other in self.grants if other is not grant)))

    def only(self, post: int | None, campaign: int | None = None) -> Actor:
        """The same person acting under this one of their posts; unchanged without one, or if it does not hold.

        With `campaign` the other posts there are laid aside, those of other campaigns stay. It never adds anything.
        """
        if post is None or not any(grant.post == post for grant in self.grants):
            return self
        here = {None, campaign}
        kept = tuple(g for g in self.grants if g.post == post or (campaign and g.campaign not in here))
        return replace(self, grants=kept, chosen=post)

    def has_role(self, *roles: str) -> bool:
        """Whether any grant has one of the roles, wherever."""
        return any(grant.role in roles for grant in self.grants)

    def within(self, campaign: Campaign) -> Actor:
        """The same person with only those posts that hold in `campaign`."""
        return replace(self, grants=tuple(g for g in self.grants if g.campaign in (None, campaign.pk)))

    def everywhere(self) -> Actor:
        """The same person with only those posts that hold in every campaign."""
        return replace(self, grants=tuple(grant for grant in self.grants if grant.campaign is None))


def resolve(person: Person, campaign: Campaign | None = None, day: date | None = None) -> Actor:
    """The person as an actor today: at most three statements. No post: no grant, and so nothing."""
    day = day or today()
    holds = Q(to_day=None) | Q(to_day__gt=day)
    stands_in = Delegation.objects.filter(holds, taker=person, from_day__lte=day)
    posts = (
        Post.objects.filter(holds, Q(person=person) | Q(pk__in=stands_in.values("post")), from_day__lte=day)
        .select_related(*NAMED_WITH, "person", "person__home_unit")
        .defer(UNREAD)
        .order_by("id")
    )
    if campaign is not None:
        posts = posts.filter(Q(campaign=campaign) | Q(campaign=None))
    rows = sorted(posts, key=lambda post: post.person_id != person.pk)  # one's own posts first
    teams = {post.team_id for post in rows if post.team_id}
    assigned: dict[int, dict[int, int]] = {}
    if teams:
        holding = TeamUnit.objects.filter(
            Q(to_day=None) | Q(to_day__gt=day), team__in=teams, from_day__lte=day
        ).select_related("unit")
        for row in holding:
            assigned.setdefault(row.team_id, {})[row.unit_id] = len(row.unit.line)
    grants = []
    for post in rows:
        place = post.unit.short_name if post.unit else post.team.name if post.team else ""
        label = post_label(post, place)
        with house_language():
            written = post_label(post, place)
        units = assigned.get(post.team_id or 0, {})
        own = post.person_id == person.pk
        grants.append(
            Grant(
                post=post.id,
                role=post.role,
                label=label,
                written=written,
                unit=post.unit_id,
                line=post.unit.line if post.unit else (),
                team=post.team_id,
                team_depths=tuple(sorted(set(units.values()))),
                assigned=frozenset(units),
                campaign=post.campaign_id,
                aspect=post.aspect,
                giver=None if own else post.person_id,
                giver_name="" if own else post.person.name,
                giver_home=() if own else _home(post.person),
            )
        )
    return Actor(person.id, person.name, person.username, _home(person), tuple(grants), day)


def _home(person: Person) -> tuple[int, ...]:
    """The line of a person's home unit (原单位); one that has ended is still one's home."""
    if person.home_unit is None:
        return ()
    return person.home_unit.line or (person.home_unit.pk,)


def operator() -> Actor:
    """The console of the installation: reads and sets up, and appears in history as such."""
    with house_language():
        name, written = _("系统初始化"), _("安装人员")
    grant = Grant(post=None, role=OPERATOR, label=_("安装人员"), everywhere=True, written=written)
    return Actor(None, name, "", (), (grant,), today())


def nobody() -> Actor:
    """Somebody without a post: sees nothing."""
    return Actor(None, "", "", (), (), today())
