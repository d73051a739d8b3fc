"""Work in the background: whose it is, how it is stopped, what happens when a worker dies."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.utils.translation import override
from django_tasks_db.models import DBTaskResult

from guatu.actions import job_upkeep, jobs
from guatu.actions.jobs import Job, JobKind, Made, Work, cancel_job, note_export, perform, start_job
from guatu.domain import clock
from guatu.domain.errors import BadInput, NotAllowed, NotFound
from guatu.domain.said import Said
from guatu.domain.words import gettext
from guatu.queries.jobs import my_jobs
from guatu.queries.verify import verify
from guatu.records import files
from guatu.records.models import Batch, Evidence, FillDraft, Item, Person, Post
from tests.people import PAPER, World, small_world

pytestmark = pytest.mark.django_db
DAY = date(2023, 11, 6)

STEPS: list[Callable[[Work], None]] = []
"""What the kind “told” of these tests does at each of its steps."""


def told(work: Work) -> Made:
    """A job in as many steps as the test wants; its file holds what it was asked."""
    for done, step in enumerate(STEPS):
        work.progress.step(done, len(STEPS))
        step(work)
    path = work.folder / "out"
    path.write_text(f"{work.actor.name} {work.day} {work.params}", encoding="utf-8")
    return Made(path, "结果.txt")


KINDS = {
    "told": JobKind(told, "see_items"),
    "once": JobKind(told, "see_items", again=False),
    "office": JobKind(told, "hand_down"),
}


@pytest.fixture(autouse=True)
def house(tmp_path: Path, settings: Any) -> Iterator[None]:
    """Kinds of jobs for the test, a folder for results, no leftover wish to stop."""
    settings.GUATU_JOB_KINDS = f"{__name__}.KINDS"
    settings.GUATU_HOME = tmp_path
    sys.modules.setdefault(__name__, sys.modules[__name__])
    STEPS.clear()
    with clock.fixed(DAY):
        yield
    jobs.STOPPING.clear()


@pytest.fixture
def world() -> World:
    return small_world()


def begin(world: World, who: str = "lu", kind: str = "told", **params: object) -> Job:
    return start_job(
        world.actor(who), kind=kind, title=Said("导出"), params=params, campaign=world.campaign, as_of=DAY
    )


def fresh(job: Job) -> Job:
    return Job.objects.get(pk=job.pk)


def done(job: Job) -> Job:
    perform(str(job.public_id), every=0)
    return fresh(job)


def kept() -> list[str]:
    from django.conf import settings

    return [file.name for file in (Path(settings.GUATU_HOME) / "files").rglob("*") if file.is_file()]


def test_the_result_is_kept_for_the_owner_under_its_name(world: World) -> None:
    job = done(begin(world, a=1))
    assert (job.state, job.file_name, job.message) == (Job.State.DONE, "结果.txt", "")
    with files.opened(job.file) as result:
        text = result.read().decode()
    assert text == "陆文博 2023-11-06 {'a': 1}"
    assert job.size == len(text.encode())


def test_a_job_and_its_place_in_the_queue_are_written_together(world: World) -> None:
    job = begin(world)
    queued = DBTaskResult.objects.get()
    assert fresh(job).result["task"] == str(queued.pk)
    assert queued.args_kwargs["args"] == [str(job.public_id)]
    assert queued.task_path == "guatu.actions.jobs.run_job"


def test_work_in_the_background_leaves_the_ledger_as_it_is(world: World) -> None:
    before = Batch.objects.count()
    done(begin(world))
    assert Batch.objects.count() == before
    assert verify().broken == ""


def test_only_who_may_do_it_can_start_it(world: World) -> None:
    with pytest.raises(NotAllowed):
        begin(world, "lu", "office")
    with pytest.raises(NotAllowed):
        begin(world, "guest")
    with pytest.raises(BadInput, match="没有“nothing”这种任务"):
        begin(world, "lin", "nothing")
    assert not Job.objects.exists()


def test_it_is_done_with_the_rights_of_the_day_it_runs_not_of_the_day_it_was_asked(world: World) -> None:
    job = begin(world, "zhou", "office")
    Post.objects.filter(person__username="zhou").update(to_day=DAY)
    job = done(job)
    assert (job.state, job.file) == (Job.State.FAILED, "")
    assert "请联系" in job.message
    assert kept() == []


def test_a_person_who_has_left_gets_nothing_made(world: World) -> None:
    job = begin(world)
    Person.objects.filter(username="lu").update(is_active=False)
    job = done(job)
    assert job.state == Job.State.FAILED
    assert "停用" in job.message


def test_it_speaks_the_language_of_its_owner(world: World) -> None:
    from django.utils.translation import get_language

    heard = []
    STEPS.append(lambda work: heard.append(get_language()))
    with override("en"):
        job = begin(world)
    assert done(job).state == Job.State.DONE
    assert heard == ["en"]


def test_progress_is_told_step_by_step(world: World) -> None:
    seen = []
    STEPS.extend([lambda work: seen.append(Job.objects.values_list("done", "total").get())] * 3)
    done(begin(world))
    assert seen == [(0, 3), (1, 3), (2, 3)]


def test_a_running_job_stops_at_its_next_step_and_leaves_no_file(world: World) -> None:
    job = begin(world)
    reached = []
    STEPS.append(lambda work: cancel_job(world.actor("lu"), job=job.public_id))
    STEPS.append(lambda work: reached.append("next"))
    job = done(job)
    assert (job.state, job.file, job.message) == (Job.State.CANCELLED, "", "已取消，没有留下文件。")
    assert reached == []
    assert kept() == []


def test_taken_back_during_its_last_step_it_leaves_no_file_either(world: World) -> None:
    job = begin(world)
    STEPS.append(lambda work: cancel_job(world.actor("lu"), job=job.public_id))
    assert done(job).state == Job.State.CANCELLED
    assert kept() == []


def test_nobody_takes_back_the_job_of_another(world: World) -> None:
    job = begin(world)
    with pytest.raises(NotFound):
        cancel_job(world.actor("lin"), job=job.public_id)
    assert not fresh(job).cancel


def test_taking_back_what_is_done_changes_nothing(world: World) -> None:
    job = done(begin(world))
    assert cancel_job(world.actor("lu"), job=job.public_id).state == Job.State.DONE
    assert len(kept()) == 1


def test_a_refusal_is_told_as_it_is_and_a_fault_as_one_clear_sentence(
    world: World, caplog: pytest.LogCaptureFixture
) -> None:
    def refuse(work: Work) -> None:
        raise BadInput("第 3 行没有单位。请补上。")

    def break_down(work: Work) -> None:
        raise RuntimeError("secret detail")

    STEPS.append(refuse)
    assert done(begin(world)).message == "第 3 行没有单位。请补上。"
    assert caplog.records == []
    STEPS[:] = [break_down]
    job = done(begin(world, b=2))
    assert job.state == Job.State.FAILED
    assert "请重新开始" in job.message
    assert "secret" not in job.message
    assert "secret detail" in caplog.text


def test_a_job_is_done_once_however_often_it_is_called(world: World) -> None:
    runs = []
    STEPS.append(lambda work: runs.append(1))
    job = begin(world)
    done(job)
    done(job)
    perform("01890000-0000-7000-8000-000000000000")
    assert runs == [1]


def test_a_worker_that_has_to_end_puts_its_job_back_into_the_queue(world: World) -> None:
    job = begin(world)
    STEPS.append(lambda work: jobs.STOPPING.set())
    STEPS.append(lambda work: None)
    job = done(job)
    assert (job.state, job.started_at) == (Job.State.WAITING, None)
    assert DBTaskResult.objects.count() == 2
    assert job.result["task"] == str(DBTaskResult.objects.latest("enqueued_at").pk)
    jobs.STOPPING.clear()
    STEPS.clear()
    assert done(job).state == Job.State.DONE


def test_a_job_that_may_not_be_begun_again_by_itself_says_that_it_was_interrupted(world: World) -> None:
    job = begin(world, kind="once")
    STEPS.append(lambda work: jobs.STOPPING.set())
    STEPS.append(lambda work: None)
    job = done(job)
    assert (job.state, job.message) == (Job.State.FAILED, "任务中断，请重新开始。")


def dead_process() -> int:
    """The id of a process that has ended."""
    process = subprocess.Popen([sys.executable, "-c", ""])
    process.wait()
    return process.pid


def left_running(job: Job, **sign: object) -> Job:
    """As if a worker had died over it."""
    Job.objects.filter(pk=job.pk).update(state=Job.State.RUNNING, result={**jobs._here(1), **sign})
    DBTaskResult.objects.all().delete()
    return fresh(job)


@pytest.mark.parametrize("sign", ["dead here", "this process", "silent elsewhere"])
def test_what_a_dead_worker_left_is_begun_again(world: World, sign: str) -> None:
    old = (clock.real_now() - timedelta(hours=1)).isoformat()
    signs: dict[str, dict[str, object]] = {
        "dead here": {"pid": dead_process()},
        "this process": {"pid": os.getpid()},  # a container's next worker has the id of the one before
        "silent elsewhere": {"host": "elsewhere", "at": old},
    }
    job = left_running(begin(world), **signs[sign])
    assert job_upkeep.take_up_interrupted() == 1
    assert fresh(job).state == Job.State.WAITING
    assert DBTaskResult.objects.get().args_kwargs["args"] == [str(job.public_id)]
    assert done(job).state == Job.State.DONE


@pytest.mark.parametrize("sign", [{"pid": os.getppid()}, {"host": "elsewhere", "pid": 1}])
def test_what_a_living_worker_does_is_left_to_it(world: World, sign: dict[str, object]) -> None:
    job = left_running(begin(world), **sign)
    assert job_upkeep.take_up_interrupted() == 0
    assert fresh(job).state == Job.State.RUNNING


def test_a_job_that_kills_its_worker_is_not_begun_for_ever(world: World) -> None:
    job = begin(world)
    states = []
    for tries in range(1, 5):
        if fresh(job).state == Job.State.WAITING:
            left_running(job, pid=dead_process(), tries=tries)
        job_upkeep.take_up_interrupted()
        states.append(fresh(job).state)
    assert states == [Job.State.WAITING, Job.State.WAITING, Job.State.FAILED, Job.State.FAILED]
    assert fresh(job).message == "任务中断，请重新开始。"


def test_a_dead_workers_job_that_was_taken_back_stays_taken_back(world: World) -> None:
    job = left_running(begin(world), pid=dead_process())
    Job.objects.update(cancel=True)
    job_upkeep.take_up_interrupted()
    assert fresh(job).state == Job.State.CANCELLED


def test_a_job_that_lost_its_place_in_the_queue_gets_it_back(world: World) -> None:
    job = begin(world)
    assert job_upkeep.take_up_interrupted() == 0
    DBTaskResult.objects.all().delete()
    assert job_upkeep.take_up_interrupted() == 1
    assert DBTaskResult.objects.get().args_kwargs["args"] == [str(job.public_id)]


def aged(job: Job) -> None:
    """Its file as if it had lain there for a day."""
    day_ago = clock.real_now().timestamp() - 86_400
    os.utime(files.path_of(job.file), (day_ago, day_ago))


def test_a_result_is_cleared_away_after_its_days_and_the_row_stays(world: World, settings: Any) -> None:
    job = done(begin(world))
    aged(job)
    with clock.fixed(DAY + timedelta(days=settings.GUATU_RESULT_DAYS)):
        assert job_upkeep.remove_old_results() == 0
    with clock.fixed(DAY + timedelta(days=settings.GUATU_RESULT_DAYS + 2)):
        assert job_upkeep.remove_old_results() == 1
        assert job_upkeep.remove_old_results() == 0
    assert kept() == []
    assert (fresh(job).state, fresh(job).file) == (Job.State.DONE, "")


def test_a_file_that_is_evidence_too_is_not_cleared_away(world: World, settings: Any) -> None:
    job = done(begin(world))
    aged(job)
    problem = world.problem("F1", DAY)
    world.move("lu", "start", [problem], DAY, fields={"owner": "陆文博"})
    world.move(
        "lu", "submit_for_signature", [problem], DAY, fields={"measures_text": "加开窗口"}, evidence=(PAPER,)
    )
    Evidence.objects.update(sha256=job.file)
    with clock.fixed(DAY + timedelta(days=settings.GUATU_RESULT_DAYS + 2)):
        job_upkeep.remove_old_results()
    assert len(kept()) == 1


def test_a_file_that_waits_in_a_draft_is_not_cleared_away(world: World, settings: Any) -> None:
    job = done(begin(world))
    aged(job)
    problem = world.problem("F1", DAY)
    FillDraft.objects.create(item=problem, cells={"papers": {job.file: "协议.pdf"}}, saved_at=clock.now())
    with clock.fixed(DAY + timedelta(days=settings.GUATU_RESULT_DAYS + 2)):
        job_upkeep.remove_old_results()
    assert len(kept()) == 1


def test_a_file_that_a_field_holds_too_is_not_cleared_away(world: World, settings: Any) -> None:
    job = done(begin(world))
    aged(job)
    problem = world.problem("F1", DAY)
    Item.objects.filter(pk=problem.pk).update(data={**problem.data, "attachment": job.file})
    with clock.fixed(DAY + timedelta(days=settings.GUATU_RESULT_DAYS + 2)):
        job_upkeep.remove_old_results()
    assert len(kept()) == 1


def test_a_file_just_kept_by_somebody_is_left_alone(world: World, settings: Any) -> None:
    job = done(begin(world))
    with clock.fixed(DAY + timedelta(days=settings.GUATU_RESULT_DAYS + 2)):
        assert job_upkeep.remove_old_results() == 0
    assert len(kept()) == 1
    assert fresh(job).file


def test_what_came_of_it_is_read_in_the_language_of_the_reader(world: World) -> None:
    lu, job = world.actor("lu"), begin(world)
    with override("en"):
        cancel_job(lu, job=job.public_id)
    assert [row.message for row in my_jobs(lu)] == ["已取消，没有留下文件。"]
    with override("en"):
        assert [row.message for row in my_jobs(lu)] == ["Cancelled; no file was kept."]


def test_a_refusal_in_english_is_read_in_chinese_with_its_values(world: World) -> None:
    def refuse(work: Work) -> None:
        raise BadInput(gettext("没有“{kind}”这种任务。请从页面上的按钮重新开始。"), kind="甲")

    STEPS.append(refuse)
    with override("en"):
        job = begin(world)
    perform(str(job.public_id), every=0)
    assert fresh(job).message.startswith("There is no")
    assert my_jobs(world.actor("lu"))[0].message == "没有“甲”这种任务。请从页面上的按钮重新开始。"


def test_what_was_kept_as_a_finished_sentence_is_shown_as_it_is(world: World) -> None:
    job = done(begin(world))
    Job.objects.filter(pk=job.pk).update(title="导出旧的", message="旧的一句话", params={}, result={})
    [row] = my_jobs(world.actor("lu"))
    assert (row.title, row.message) == ("导出旧的", "旧的一句话")


def test_the_console_starts_no_job(world: World) -> None:
    from guatu.access import operator

    with pytest.raises(NotAllowed, match="请登录"):
        note_export(
            operator(), title=Said("x"), params={}, campaign=world.campaign, as_of=DAY, file_name="x", size=1
        )
