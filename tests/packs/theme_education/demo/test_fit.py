"""The campaign's pack is the built-in one unless a target asks for more than it has."""

from __future__ import annotations

from functools import cache

from guatu.domain.pack import Pack, builtin_pack
from guatu.packs.theme_education.demo.fit import fit
from guatu.packs.theme_education.demo.story import tell
from guatu.packs.theme_education.demo.targets import Targets

SMALL = {
    "units_l3": 3,
    "party_orgs": 3,
    "survey_visits": 5,
    "survey_units": 5,
    "survey_topics": 1,
    "new_contract_units": 1,
}


@cache
def pack() -> Pack:
    return builtin_pack("theme-education")


def test_the_default_story_needs_no_change_of_the_pack() -> None:
    assert fit(pack(), tell(Targets())) is pack()


def test_more_aspects_and_kinds_become_choices_of_the_campaigns_pack() -> None:
    totals = Targets(**SMALL, tasks=12, task_aspects=9, problem_kinds=6)
    fitted = fit(pack(), tell(totals))
    aspect, kind = fitted.register("key_tasks").field("aspect"), fitted.register("plans").field("kind")
    assert aspect is not None
    assert kind is not None
    assert len(aspect.choices) == 9
    assert len(kind.choices) == 6
    assert fitted.sha256 != pack().sha256


def test_another_number_of_contents_comes_with_a_document_of_its_own() -> None:
    fitted = fit(pack(), tell(Targets(**SMALL, central_aspects=8)))
    constant = fitted.figure("central_aspects").agg
    assert (constant.value, "虚构" in constant.document) == (8, True)
