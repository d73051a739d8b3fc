"""The draw for re-inspection: repeatable, and the rule holds whatever is drawn from."""

from __future__ import annotations

from collections import Counter
from math import ceil

from hypothesis import given
from hypothesis import strategies as st

from guatu.domain.sampling import Candidate, Rule, draw

POPULATIONS = st.lists(st.tuples(st.integers(1, 8), st.booleans()), max_size=60).map(
    lambda rows: [
        Candidate(place, f"WT-{place:04d}", unit, always) for place, (unit, always) in enumerate(rows)
    ]
)
RULES = st.builds(Rule, st.integers(0, 3), st.integers(0, 100), st.none() | st.integers(0, 40))
SEEDS = st.text(min_size=1, max_size=12)


@given(POPULATIONS, RULES, SEEDS, st.randoms())
def test_the_same_seed_draws_the_same_items_in_whatever_order_they_come(population, rule, seed, random):
    shuffled = list(population)
    random.shuffle(shuffled)
    assert draw(shuffled, rule, seed) == draw(population, rule, seed)


@given(POPULATIONS, RULES, SEEDS)
def test_everything_of_livelihood_or_reported_by_people_is_drawn(population, rule, seed):
    drawn = {one.item for one in draw(population, rule, seed).drawn}
    assert {one.item for one in population if one.always} <= drawn


@given(POPULATIONS, RULES, SEEDS)
def test_every_unit_with_closures_shows_as_many_as_the_rule_asks(population, rule, seed):
    drawn = {one.item for one in draw(population, rule, seed).drawn}
    held = Counter(one.unit for one in population)
    shown = Counter(one.unit for one in population if one.item in drawn)
    assert all(shown[unit] >= min(rule.per_unit, held[unit]) for unit in held)


@given(POPULATIONS, RULES, SEEDS)
def test_the_share_of_the_rest_is_met_unless_the_cap_says_otherwise(population, rule, seed):
    sample = draw(population, rule, seed)
    drawn = {one.item for one in sample.drawn}
    rest = [one for one in population if not one.always]
    of_rest = sum(one.item in drawn for one in rest)
    assert of_rest + sample.left_out >= ceil(len(rest) * rule.share / 100)
    if rule.cap is None:
        assert sample.left_out == sample.beyond == 0
    else:
        assert len(sample.drawn) == max(min(sample.wanted, rule.cap), sample.wanted - sample.left_out)
        assert len(sample.drawn) <= rule.cap or sample.counted()["share"] == 0


def test_a_worked_draw_of_twenty_items():
    """Two of livelihood, three units, 30 % of the remaining 18 (rounded up: 6), of which one unit's one counts."""
    population = [Candidate(place, f"WT-{place:04d}", 1 + place % 3, place in (0, 1)) for place in range(20)]
    sample = draw(population, Rule(per_unit=1, share=30), "2023-11-30")
    assert sample.counted() == {"always": 2, "unit": 1, "share": 5}
    assert (sample.population, sample.wanted, sample.left_out, sample.beyond) == (20, 8, 0, 0)
    capped = draw(population, Rule(per_unit=1, share=30, cap=4), "2023-11-30")
    assert capped.counted() == {"always": 2, "unit": 1, "share": 1}
    assert capped.left_out == 4
    tight = draw(population, Rule(per_unit=1, share=30, cap=2), "2023-11-30")
    assert (len(tight.drawn), tight.beyond) == (3, 1)


def test_another_seed_draws_other_items():
    population = [Candidate(place, f"WT-{place:04d}", 1, False) for place in range(100)]
    one, two = (draw(population, Rule(0, 30), seed).drawn for seed in ("甲", "乙"))
    assert {each.item for each in one} != {each.item for each in two}
