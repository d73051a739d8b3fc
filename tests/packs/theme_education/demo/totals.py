"""Random targets that do not contradict themselves, from nothing at all to a large group."""

from __future__ import annotations

from hypothesis import strategies as st

from guatu.packs.theme_education.demo.targets import Targets


@st.composite
def targets(draw: st.DrawFn, *, units: int = 60, items: int = 120) -> Targets:
    """Totals with at most `units` third-tier units and `items` problems, topics or visits."""
    units_l3 = draw(st.integers(1, units))
    tasks = draw(st.integers(0, 30))
    visits = draw(st.integers(0, items))
    issues = draw(st.integers(0, items))
    plans = draw(st.integers(0, items // 2))
    plans_closed = draw(st.integers(0, plans))
    few, people = st.integers(0, 12), st.integers(0, 60_000)
    return Targets(
        units_l3=units_l3,
        leaders_l3=draw(st.integers(0, units_l3 * 9)),
        party_orgs=draw(st.integers(0, units_l3 * 9)),
        party_members=draw(people),
        youth=draw(people),
        task_aspects=draw(st.integers(1, min(9, tasks))) if tasks else 0,
        tasks=tasks,
        mtg_push=draw(few),
        mtg_office=draw(few),
        mtg_training=draw(few),
        media_reports=draw(st.integers(0, 40)),
        central_aspects=draw(st.integers(0, 30)),
        survey_focus=draw(st.integers(0, 60)),
        survey_topics=draw(st.integers(0, items)),
        survey_visits=visits,
        survey_units=draw(st.integers(1, visits)) if visits else 0,
        survey_solved=draw(st.integers(0, items * 3)) if visits else 0,
        new_contract_units=draw(st.integers(0, units_l3)),
        aid_counties=draw(few),
        aid_villages=draw(few),
        aid_schools=draw(few),
        aid_villagers=draw(st.integers(0, 3000)),
        aid_pupils=draw(st.integers(0, 3000)),
        issues_total=issues,
        issues_closed=draw(st.integers(0, issues)),
        problem_kinds=draw(st.integers(1, min(9, plans))) if plans else 0,
        plans_total=plans,
        plans_closed=plans_closed,
        plans_open=plans - plans_closed,
    )
