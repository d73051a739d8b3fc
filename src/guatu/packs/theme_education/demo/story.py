"""A whole demo story from its targets and a seed: pure, the same for the same input."""

from __future__ import annotations

from dataclasses import dataclass

from guatu.demo.plan import Story as PlainStory
from guatu.demo.spread import dice
from guatu.packs.theme_education.demo.aftermath import tell_aftermath
from guatu.packs.theme_education.demo.cases import tell_cases
from guatu.packs.theme_education.demo.days import ENDS, FOUNDED, SET_UP, STARTS
from guatu.packs.theme_education.demo.lexicon.plans import PLAN_KINDS
from guatu.packs.theme_education.demo.months import tell_months
from guatu.packs.theme_education.demo.people import hire
from guatu.packs.theme_education.demo.problems import tell_plans, tell_problems
from guatu.packs.theme_education.demo.records import tell_records
from guatu.packs.theme_education.demo.survey import tell_survey
from guatu.packs.theme_education.demo.targets import Targets
from guatu.packs.theme_education.demo.tasks import aspects_used, tell_tasks
from guatu.packs.theme_education.demo.teller import STAGES, Teller
from guatu.packs.theme_education.demo.tree import grow

SEED = 20231130


@dataclass(frozen=True, slots=True)
class Story(PlainStory):
    """A story with the totals it was told for.

    `aspects` and `plan_kinds` are the choices (key, name) that it uses: those that the pack does not have are added
    to it when the campaign is created.
    """

    targets: Targets
    aspects: tuple[tuple[str, str], ...]
    plan_kinds: tuple[tuple[str, str], ...]


def tell(targets: Targets | None = None, seed: int = SEED) -> Story:
    """The story that gives exactly `targets` as of its last day, and a believable past on every day before it.

    Each chapter has dice of its own, so that another total in one chapter leaves the others as they were.
    """
    targets = targets or Targets()
    org = grow(dice(seed, "tree"), targets)
    staff = hire(dice(seed, "people"), org)
    teller = Teller(dice(seed, "tasks"), ENDS, STAGES, targets, org, staff)
    tell_tasks(teller)
    teller.rng = dice(seed, "survey")
    tell_survey(teller)
    teller.rng = dice(seed, "problems")
    problems = tell_problems(teller)
    teller.rng = dice(seed, "plans")
    tell_plans(teller)
    teller.rng = dice(seed, "aftermath")
    tell_aftermath(teller, problems)
    teller.rng = dice(seed, "cases")
    tell_cases(teller, problems)
    teller.rng = dice(seed, "records")
    tell_records(teller)
    teller.rng = dice(seed, "months")
    tell_months(teller)
    return Story(
        targets=targets,
        seed=seed,
        founded=FOUNDED,
        set_up=SET_UP,
        starts=STARTS,
        ends=ENDS,
        wave="第二批",
        office="linxiaolan",
        units=org.units,
        head_counts=org.head_counts,
        moves=org.moves,
        mergers=org.mergers,
        people=staff.people,
        teams=staff.teams,
        posts=staff.posts,
        aspects=aspects_used(targets),
        plan_kinds=PLAN_KINDS[: targets.problem_kinds],
        events=teller.told(),
    )
