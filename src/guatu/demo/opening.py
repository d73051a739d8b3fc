"""The first day of the story in the ledger: the installation, the tree, the campaign, the people."""

from __future__ import annotations

from datetime import timedelta

from guatu.access import Actor, operator
from guatu.actions.people import Appointment, NewPerson, NewTeam, appoint, enter_people, form_teams
from guatu.actions.setup import create_campaign, create_tree, mark_demo
from guatu.actions.units import Counted, NewUnit, count_people, enter_units
from guatu.demo.plan import Story
from guatu.domain.pack import Pack
from guatu.records.models import Campaign, Tree, Unit

CAMPAIGN_KEY = "demo"


def open_story(story: Story, pack: Pack) -> tuple[Campaign, Tree]:
    """Everything that stands before the first item; the clock must stand on the story's first day."""
    console = operator()
    mark_demo(console, day=story.ends)
    tree = create_tree(console, key=pack.head.trees[0].key, name=pack.head.trees[0].label)
    root = _enter_units(console, tree, story)
    campaign = create_campaign(
        console,
        key=CAMPAIGN_KEY,
        name=pack.head.label,
        short_name=pack.head.label,
        pack=pack,
        tree=tree,
        root=root,
        starts_on=story.starts,
        wave=story.wave,
        synthetic=True,
    )
    enter_people(
        console,
        people=[
            NewPerson(p.username, p.name, p.home, telephone=_telephone(place))
            for place, p in enumerate(story.people)
        ],
    )
    form_teams(console, campaign=campaign, teams=[NewTeam(t.key, t.name, t.units) for t in story.teams])
    appoint(
        console,
        campaign=campaign,
        appointments=[
            Appointment(
                p.username,
                p.role,
                unit=p.unit,
                team=p.team,
                aspect=p.aspect or "",
                last_day=p.until - timedelta(days=1) if p.until is not None else None,
            )
            for p in story.posts
        ],
    )
    return campaign, tree


def _telephone(place: int) -> str:
    """A number that looks like one and is nobody's: no mobile number begins with 100."""
    return f"100{(place + 1) * 7_340_033 % 10**8:08d}"


def _enter_units(console: Actor, tree: Tree, story: Story) -> Unit:
    units = enter_units(
        console,
        tree=tree,
        known_as_of=story.founded,
        rows=[
            NewUnit(
                u.code,
                u.name,
                u.short,
                u.level,
                parent=u.parent,
                sector=u.sector or "",
                aliases=u.aliases,
                order=n,
            )
            for n, u in enumerate(story.units)
        ],
    )
    first = [c for c in story.head_counts if c.recorded == story.set_up]
    count_people(console, rows=[Counted(c.unit, c.kind, c.number, c.day) for c in first])
    return units[0]
