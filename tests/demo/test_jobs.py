"""Jobs: what one person does in one go, as one batch."""

from __future__ import annotations

from guatu.demo.jobs import jobs
from guatu.demo.plan import Correction, Edit, Extension, NewItem, Step
from guatu.packs.theme_education.demo.story import tell
from guatu.packs.theme_education.demo.targets import Targets

SMALL = Targets(
    units_l3=14,
    party_orgs=30,
    issues_total=200,
    issues_closed=60,
    survey_topics=40,
    survey_visits=90,
    survey_units=70,
)


def test_jobs_hold_all_events_in_their_order() -> None:
    story = tell(SMALL)
    assert [event for job in jobs(story.events) for event in job.events] == list(story.events)


def test_a_job_is_one_persons_work_of_one_day() -> None:
    for job in jobs(tell(SMALL).events):
        assert {(event.by, event.recorded, type(event)) for event in job.events} == {
            (job.by, job.recorded, type(job.events[0]))
        }


def test_nothing_in_a_job_needs_another_thing_of_the_same_job() -> None:
    there: set[str] = set()
    for job in jobs(tell(SMALL).events):
        named: set[str] = set()
        for event in job.events:
            if isinstance(event, NewItem):
                named.update(key for key in (event.parent, event.task) if key)
            elif isinstance(event, Step | Edit | Extension | Correction):
                assert event.item not in named
                named.add(event.item)
        assert named <= there
        there.update(event.key for event in job.events if isinstance(event, NewItem))
