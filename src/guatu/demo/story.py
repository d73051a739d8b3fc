"""A whole demo story from its targets and a seed: pure, the same for the same input."""

from __future__ import annotations

from guatu.demo.aftermath import tell_aftermath
from guatu.demo.cases import tell_cases
from guatu.demo.days import ENDS, SET_UP, STARTS
from guatu.demo.lexicon.plans import PLAN_KINDS
from guatu.demo.months import tell_months
from guatu.demo.people import hire
from guatu.demo.plan import Story
from guatu.demo.problems import tell_plans, tell_problems
from guatu.demo.records import tell_records
from guatu.demo.spread import dice
from guatu.demo.survey import tell_survey
from guatu.demo.targets import Targets
from guatu.demo.tasks import aspects_used, tell_tasks
from guatu.demo.teller import Teller
from guatu.demo.tree import grow

SEED = 20231130


def tell(targets: Targets | None = None, seed: int = SEED) -> Story:
    """The story that gives exactly `targets` as of its last day, and a believable past on every day before it.

    Each chapter has dice of its own, so that another total in one chapter leaves the others as they were.
    """
    targets = targets or Targets()
    org = grow(dice(seed, "tree"), targets)
    staff = hire(dice(seed, "people"), org)
    teller = Teller(dice(seed, "tasks"), targets, org, staff)
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
    tell_cases(teller)
    teller.rng = dice(seed, "records")
    tell_records(teller)
    teller.rng = dice(seed, "months")
    tell_months(teller)
    return Story(
        targets=targets,
        seed=seed,
        set_up=SET_UP,
        starts=STARTS,
        ends=ENDS,
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
