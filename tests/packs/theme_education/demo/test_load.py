"""The story in the ledger: loaded through the actions, it gives its totals; a story that breaks leaves nothing."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date
from random import Random

import pytest

from guatu.access import operator
from guatu.demo.load import load_demo
from guatu.demo.plan import Step
from guatu.domain import clock
from guatu.domain.errors import NotAllowed
from guatu.domain.pack import builtin_pack
from guatu.packs.theme_education.demo.days import ENDS
from guatu.packs.theme_education.demo.fit import fit
from guatu.packs.theme_education.demo.story import Story, tell
from guatu.packs.theme_education.demo.targets import TARGET_KEYS, Targets, as_dict
from guatu.queries.figure_drill import drill
from guatu.queries.figures import evaluate
from guatu.records.models import Batch, Campaign, Deployment, Evidence, Item, Seal, Unit
from tests.packs.theme_education.demo.recount import recount

CLAIMS = (
    "contact_cov",
    "resp_cov",
    "superv_cov",
    "yoy_revenue",
    "yoy_profit",
    "indicators_up",
    "plans_on_track",
)
EARLIER = (date(2023, 9, 20), date(2023, 10, 18), date(2023, 11, 8))
SMALL = Targets(
    units_l3=14,
    leaders_l3=50,
    party_orgs=33,
    party_members=700,
    youth=900,
    tasks=9,
    task_aspects=6,
    central_aspects=8,
    survey_focus=9,
    survey_topics=20,
    survey_visits=60,
    survey_units=44,
    survey_solved=21,
    new_contract_units=3,
    issues_total=70,
    issues_closed=31,
    problem_kinds=4,
    plans_total=12,
    plans_closed=5,
    plans_open=7,
)


def values(campaign: Campaign, day: date = ENDS) -> dict[str, object]:
    table = evaluate(campaign, [*TARGET_KEYS, *CLAIMS], days=[day], actor=operator())
    return {key: table.result(key).value for key in (*TARGET_KEYS, *CLAIMS)}


def load(totals: Targets, seed: int = 1) -> tuple[Story, Campaign]:
    story = tell(totals, seed=seed)
    loaded = load_demo(story, fit(builtin_pack("theme-education"), story))
    return story, loaded.campaign


def random_totals(seed: int) -> Targets:
    """Totals of a small group without a contradiction."""
    rng = Random(seed)
    visits, issues, plans = rng.randint(1, 80), rng.randint(1, 60), rng.randint(4, 24)
    closed = rng.randint(0, plans)
    return replace(
        SMALL,
        units_l3=rng.randint(12, 44),
        party_orgs=rng.randint(10, 90),
        leaders_l3=rng.randint(20, 200),
        party_members=rng.randint(100, 30_000),
        youth=rng.randint(100, 50_000),
        tasks=rng.randint(6, 22),
        mtg_push=rng.randint(0, 9),
        mtg_training=rng.randint(0, 9),
        media_reports=rng.randint(0, 30),
        central_aspects=rng.randint(1, 20),
        survey_visits=visits,
        survey_units=rng.randint(1, visits),
        survey_solved=rng.randint(0, 200),
        issues_total=issues,
        issues_closed=rng.randint(0, issues),
        plans_total=plans,
        plans_closed=closed,
        plans_open=plans - closed,
        aid_pupils=rng.randint(0, 500),
    )


def test_the_loaded_demo_gives_every_value_of_the_table(demo: Campaign) -> None:
    found = values(demo)
    assert {key: found[key] for key in TARGET_KEYS} == as_dict(Targets())


def test_the_loaded_demo_keeps_every_claim(demo: Campaign) -> None:
    found = values(demo)
    assert {key: found[key] for key in CLAIMS} == dict.fromkeys(CLAIMS, True)


@pytest.mark.parametrize("day", EARLIER, ids=str)
def test_the_loaded_demo_agrees_with_a_plain_recount_on_earlier_days(demo: Campaign, day: date) -> None:
    found = values(demo, day)
    told = recount(tell(), day)
    assert {key: found[key] for key in told} == told


@pytest.mark.parametrize(
    "key", ["units_l3", "party_orgs", "survey_units", "issues_closed", "plans_open", "aid_villages"]
)
def test_as_many_records_stand_behind_a_count_as_it_says(demo: Campaign, key: str) -> None:
    assert len(drill(demo, key, day=ENDS, actor=operator()).rows) == getattr(Targets(), key)


def test_the_demo_is_marked_and_ends_with_a_seal(demo: Campaign) -> None:
    home = Deployment.objects.get(pk=1)
    assert (home.demo, home.demo_day, demo.synthetic) == (True, ENDS, True)
    assert Seal.objects.count() == 1
    assert Seal.objects.get().last_batch == Batch.objects.latest("seq").seq


def test_batches_are_recorded_in_the_order_of_the_story(demo: Campaign) -> None:
    recorded = list(Batch.objects.order_by("seq").values_list("recorded_on", flat=True))
    assert recorded == sorted(recorded)
    assert recorded[-1].astimezone(clock.DEFAULT_ZONE).date() == ENDS
    assert Batch.objects.count() <= 4000


def test_every_task_in_review_or_done_has_its_evidence(demo: Campaign) -> None:
    proven = set(Evidence.objects.values_list("item_id", flat=True))
    done = Item.objects.filter(register="unit_tasks", state__in=("submitted", "done")).values_list(
        "pk", flat=True
    )
    assert set(done) <= proven


def test_numbers_of_units_can_be_read(demo: Campaign) -> None:
    codes = Unit.objects.values_list("code", flat=True)
    assert all(re.fullmatch(r"HY(-\d{2,3}){0,3}", code) for code in codes)


@pytest.mark.django_db
def test_a_small_story_loads_with_choices_and_a_constant_of_its_own() -> None:
    _story, campaign = load(SMALL)
    with clock.fixed(ENDS):
        found = values(campaign)
    assert {key: found[key] for key in TARGET_KEYS} == as_dict(SMALL)
    assert {key: found[key] for key in CLAIMS} == dict.fromkeys(CLAIMS, True)


@pytest.mark.django_db
@pytest.mark.parametrize("seed", [11, 12, 13])
def test_a_random_story_loads_and_gives_its_totals(seed: int) -> None:
    totals = random_totals(seed)
    story, campaign = load(totals, seed)
    with clock.fixed(ENDS):
        found = values(campaign)
        earlier = values(campaign, EARLIER[1])
    assert {key: found[key] for key in TARGET_KEYS} == as_dict(totals)
    told = recount(story, EARLIER[1])
    assert {key: earlier[key] for key in told} == told


@pytest.mark.django_db
def test_a_story_in_which_somebody_oversteps_leaves_nothing_behind() -> None:
    story = tell(SMALL)
    first = next(i for i, e in enumerate(story.events) if isinstance(e, Step) and e.transition == "accept")
    overstepping = replace(story.events[first], by="mengshuyan")
    broken = replace(story, events=(*story.events[:first], overstepping, *story.events[first + 1 :]))
    with pytest.raises(NotAllowed):
        load_demo(broken, fit(builtin_pack("theme-education"), broken))
    assert (Batch.objects.count(), Item.objects.count(), Unit.objects.count()) == (0, 0, 0)
    assert not Deployment.objects.get(pk=1).demo
