"""Written and then checked by ourselves, whatever the values: no flag of any kind. One number changed: that one is
flagged, and the sums and relations that it belongs to; nothing else.
"""

from __future__ import annotations

import random

import pytest

from guatu.domain.pack import Pack, builtin_pack
from guatu.domain.style import lint
from tests.domain.stories import KINDS, Story, family, judged, story, with_one_changed

REPORTS = (("theme-education", "summary"), ("safety-drive", "brief"))
pytestmark = pytest.mark.sqlite


@pytest.fixture(scope="module", params=REPORTS, ids=[pack for pack, _report in REPORTS])
def report(request: pytest.FixtureRequest) -> tuple[Pack, str]:
    key, template = request.param
    return builtin_pack(key), template


def assert_nothing_flagged(one: Story) -> None:
    text = one.text
    checked = judged(one, text)
    assert [(f.key, f.verdict) for f in checked.figures] == [(s.key, "agrees") for s in one.printed]
    assert {claim.verdict for claim in checked.claims} <= {"claim true"}
    assert checked.findings == ()
    assert lint(text, checked.findings) == ()


def assert_one_slip_is_told(one: Story, seed: int, kinds: tuple[str, ...]) -> int:
    """How many slips were made; each must be flagged, and no other number."""
    dice, made = random.Random(seed), 0
    for place, span in enumerate(one.printed):
        for kind in kinds:
            spoiled = with_one_changed(one, place, kind, dice)
            if spoiled is None:
                continue
            made += 1
            checked = judged(spoiled, spoiled.text)
            told = f"{span.key}: {span.text} → {spoiled.printed[place].text}"
            assert [(f.key, f.verdict) for f in checked.figures] == [
                (s.key, "disagrees" if at == place else "agrees") for at, s in enumerate(one.printed)
            ], told
            keys = {f.numeral.start: f.key for f in checked.figures}
            near = family(one.pack, span.key)
            assert {keys.get(finding.start) for finding in checked.findings} <= near, told
    return made


def test_our_own_reports_are_never_flagged(report: tuple[Pack, str]) -> None:
    for seed in range(25):
        assert_nothing_flagged(story(report[0], seed, report[1]))


def test_one_number_changed_is_flagged_and_nothing_else(report: tuple[Pack, str]) -> None:
    made = [
        assert_one_slip_is_told(story(report[0], seed, report[1]), seed, (KINDS[seed],)) for seed in range(5)
    ]
    assert sum(made) > 40


@pytest.mark.soak
def test_a_thousand_reports_are_never_flagged(report: tuple[Pack, str]) -> None:
    for seed in range(1_000, 1_500):
        assert_nothing_flagged(story(report[0], seed, report[1]))


@pytest.mark.soak
def test_every_number_changed_in_every_way_is_flagged(report: tuple[Pack, str]) -> None:
    for seed in range(100, 160):
        assert_one_slip_is_told(story(report[0], seed, report[1]), seed, KINDS)
