"""Work in the background: a person asks for it, a worker does it under that person's rights, the result waits for them.

Jobs belong to the desk, not to the ledger (docs/decisions/0050-desk.md): nothing here writes a batch. What a job writes
to records goes through the ordinary actions. How a job is done is in the table that `settings.GUATU_JOB_KINDS` names,
because the makers of files stand above the actions (docs/decisions/0075-a-worker-beside-the-server.md).
"""

from __future__ import annotations

import json
import logging
import os
import socket
import threading
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.utils.module_loading import import_string
from django.utils.translation import get_language, override
from django_tasks import task
from uuid6 import uuid7

from guatu.access import Actor, require, resolve
from guatu.domain.clock import now, real_now
from guatu.domain.errors import BadInput, GuatuError, NotAllowed, NotFound
from guatu.domain.said import TITLED, TOLD, Said, of_failure, overheard
from guatu.domain.words import gettext as _
from guatu.domain.words import gettext_noop
from guatu.records import files
from guatu.records.models import Campaign, Job

log = logging.getLogger("guatu.jobs")
STOPPING = threading.Event()
"""Set by the worker that has to end: a running job stops at its next step and is begun again by the next worker."""

EVERY = 0.5
"""Seconds between two writes of a job's progress."""
MOST_TRIES = 3
UNDER = "under_post"
"""Among the parameters: the one post under which the owner had chosen to act."""
LONGEST_TITLE = 200
LONGEST_NAME = 120
WAITING, RUNNING = Job.State.WAITING, Job.State.RUNNING
DONE, FAILED, CANCELLED = Job.State.DONE, Job.State.FAILED, Job.State.CANCELLED
UNFINISHED = (WAITING, RUNNING)


TAKEN_BACK = gettext_noop("已取消，没有留下文件。")
BROKEN = gettext_noop("系统出错，没有做成。请重新开始；再次出现的，请联系系统管理员。")
INTERRUPTED = gettext_noop("任务中断，请重新开始。")


class Cancelled(Exception):
    """The owner has asked the job to stop."""


class Stopped(Exception):
    """The worker has to end; the job is to be begun again."""


@dataclass(slots=True)
class Progress:
    """How far a job is, told to its owner at most twice a second. `job` None: nobody watches (a direct answer)."""

    job: int | None = None
    every: float = EVERY
    tries: int = 1
    _last: float = field(default=float("-inf"))

    def step(self, done: int, total: int) -> None:
        """`done` of `total` steps are made (total 0: not known). Raises Cancelled or Stopped when it is time to stop."""
        if self.job is None:
            return
        moment = time.monotonic()
        if moment - self._last < self.every and done != total:
            return
        self._last = moment
        if STOPPING.is_set():
            raise Stopped
        told = Job.objects.filter(pk=self.job, state=RUNNING, cancel=False)
        if not told.update(done=done, total=total, result=_here(self.tries)):
            raise Cancelled


@dataclass(frozen=True, slots=True)
class Work:
    """What a job's function gets: who asks (with today's rights), where, as of which day, with which parameters.

    `folder` is where it may write; it is gone afterwards. `key` serves as idempotency key for what it writes to records.
    """

    actor: Actor
    campaign: Campaign | None
    day: date
    params: Mapping[str, Any]
    folder: Path
    progress: Progress = field(default_factory=Progress)
    key: str = ""


@dataclass(frozen=True, slots=True)
class Made:
    """What came of it: a file in the work's folder under the name it is saved by, or a sentence alone.

    `register`: whose list shows what was written, empty for none.
    """

    path: Path | None = None
    name: str = ""
    said: Said | None = None
    register: str = ""


@dataclass(frozen=True, slots=True)
class JobKind:
    """A kind of job: its function, what its owner must be allowed, and whether it may be begun again by itself."""

    run: Callable[[Work], Made]
    capability: str
    again: bool = True


def kind_of(key: str) -> JobKind:
    """The kind of job with this key. Raises BadInput for one that is not there."""
    table: Mapping[str, JobKind] = import_string(settings.GUATU_JOB_KINDS)
    if key not in table:
        raise BadInput(_("没有“{kind}”这种任务。请从页面上的按钮重新开始。"), kind=key)
    return table[key]


def start_job(
    actor: Actor,
    *,
    kind: str,
    title: Said,
    params: Mapping[str, Any],
    campaign: Campaign | None = None,
    as_of: date | None = None,
) -> Job:
    """Queue a job of `kind` for the actor; a worker sees it once the transaction is committed.

    Who asks for the same again while it waits or runs gets the job that is there. The row of the job and that of the
    queue are written together: neither stands without the other. Raises NotAllowed for somebody without the kind's
    capability, BadInput for an unknown kind.
    """
    require(actor, kind_of(kind).capability, campaign=campaign)
    params = dict(json.loads(json.dumps({**params, TITLED: title.kept()})))  # as the row will give it back
    if actor.chosen is not None:
        params[UNDER] = actor.chosen
    under_way = Job.objects.filter(
        owner=actor.person, kind=kind, campaign=campaign, as_of=as_of, state__in=UNFINISHED, cancel=False
    )
    for job in under_way:
        if job.params == params:
            return job
    with transaction.atomic():
        job = _entered(actor, kind=kind, title=str(title), params=params, campaign=campaign, as_of=as_of)
        queue(job)
    return job


def note_export(
    actor: Actor,
    *,
    title: Said,
    params: Mapping[str, Any],
    campaign: Campaign | None,
    as_of: date | None,
    file_name: str,
    size: int,
) -> Job:
    """Keep in the log of exports what was handed out at once, without a job: who, what, when. No file is kept."""
    moment = now()
    return _entered(
        actor,
        kind="export",
        title=str(title),
        params={**params, TITLED: title.kept()},
        campaign=campaign,
        as_of=as_of,
        state=DONE,
        file_name=file_name[:LONGEST_NAME],
        size=size,
        started_at=moment,
        ended_at=moment,
    )


def _entered(actor: Actor, *, title: str, **columns: Any) -> Job:
    if actor.person is None:
        raise NotAllowed(_("后台任务只能由登录的人员发起。请登录后再试。"))
    return Job.objects.create(
        public_id=uuid7(),
        owner_id=actor.person,
        title=title[:LONGEST_TITLE],
        language=get_language() or settings.LANGUAGE_CODE,
        made_at=now(),
        **{**columns, "params": dict(columns["params"])},
    )


def cancel_job(actor: Actor, *, job: UUID) -> Job:
    """Take one's own job back: one that waits ends at once, a running one at its next step; an ended one stays as it is.

    Raises NotFound for a job of somebody else.
    """
    mine = Job.objects.filter(public_id=job, owner=actor.person) if actor.person else Job.objects.none()
    said = Said(TAKEN_BACK)
    mine.filter(state=WAITING).update(
        state=CANCELLED, cancel=True, ended_at=now(), message=str(said), result={TOLD: said.kept()}
    )
    mine.filter(state=RUNNING).update(cancel=True)
    found = mine.first()
    if found is None:
        raise NotFound(_("没有找到这项任务，或不是您发起的。请从“我的任务”中打开。"))
    return found


def queue(job: Job) -> None:
    """Give the job a place in the queue of the workers."""
    queued = run_job.enqueue(str(job.public_id))
    Job.objects.filter(pk=job.pk).update(result={**job.result, "task": str(queued.id)})


@task()
def run_job(public_id: str) -> None:
    """What the worker calls."""
    perform(public_id)


def perform(public_id: str, *, every: float = EVERY) -> None:
    """Do the job that waits under this id, in its owner's name and language; one that does not wait is left alone.

    Never raises for what goes wrong with the job: its owner is told one sentence, the log gets the traceback.
    """
    tries = _claim(public_id)
    if tries is None:
        return
    job = Job.objects.select_related(
        "owner__home_unit", "campaign__pack", "campaign__tree", "campaign__root"
    ).get(public_id=public_id)
    with override(job.language), overheard() as noted:
        try:
            _do(job, Progress(job.pk, every, tries))
        except Cancelled:
            _end(job, CANCELLED, Said(TAKEN_BACK))
        except Stopped:
            begin_again(job, tries)
        except GuatuError as refused:
            _end(job, FAILED, of_failure(refused, noted))
        except Exception:
            log.exception("job %s (%s)", job.public_id, job.kind)
            _end(job, FAILED, Said(BROKEN))


def _claim(public_id: str) -> int | None:
    """Take the job out of the queue; how often it has been begun, None if it does not wait (any more)."""
    with transaction.atomic():
        job = Job.objects.select_for_update().filter(public_id=public_id, state=WAITING, cancel=False).first()
        if job is None:
            return None
        tries = int(job.result.get("tries", 0)) + 1
        Job.objects.filter(pk=job.pk).update(
            state=RUNNING, started_at=now(), done=0, total=0, message="", result=_here(tries)
        )
    return tries


def _do(job: Job, progress: Progress) -> None:
    kind = kind_of(job.kind)
    actor = _owner(job)
    require(actor, kind.capability, campaign=job.campaign)
    with TemporaryDirectory(prefix="guatu-") as folder:
        made = kind.run(
            Work(
                actor=actor,
                campaign=job.campaign,
                day=job.as_of or actor.day,
                params={key: value for key, value in job.params.items() if key != TITLED},
                folder=Path(folder),
                progress=progress,
                key=str(job.public_id),
            )
        )
        with transaction.atomic():  # from here on it can no longer be taken back
            if not Job.objects.select_for_update().filter(pk=job.pk, state=RUNNING, cancel=False).exists():
                raise Cancelled
            kept, size = files.keep_file(made.path) if made.path else ("", 0)
            Job.objects.filter(pk=job.pk).update(
                state=DONE,
                file=kept,
                file_name=made.name[:LONGEST_NAME],
                size=size,
                message=str(made.said) if made.said is not None else "",
                ended_at=now(),
                result={
                    "posts": [grant.post for grant in actor.grants],  # whose reach the file has
                    **({"register": made.register} if made.register else {}),
                    **({TOLD: made.said.kept()} if made.said is not None else {}),
                },
            )


def _owner(job: Job) -> Actor:
    person = job.owner
    if person is None or not person.is_active:
        raise NotAllowed(_("发起人的账号已停用，任务没有办理。请由在任人员重新开始。"))
    actor, under = resolve(person, job.campaign), job.params.get(UNDER)
    if under is not None and under not in {grant.post for grant in actor.grants}:
        raise NotAllowed(_("发起时选定的身份已经结束，任务没有办理。请切换身份后重新开始。"))
    return actor.only(under)


def _end(job: Job, state: str, said: Said) -> None:
    Job.objects.filter(pk=job.pk).update(
        state=state, message=str(said), ended_at=now(), result={TOLD: said.kept()}
    )


def begin_again(job: Job, tries: int) -> None:
    """Back into the queue, unless it cannot be begun again by itself or has been begun too often."""
    again = False
    with suppress(GuatuError):  # a kind that a later version no longer has
        again = kind_of(job.kind).again
    if not again or tries >= MOST_TRIES:
        _end(job, FAILED, Said(INTERRUPTED))
        return
    with transaction.atomic():
        job.result = {"tries": tries}
        Job.objects.filter(pk=job.pk).update(state=WAITING, started_at=None, done=0, total=0)
        queue(job)


def _here(tries: int) -> dict[str, Any]:
    """The sign of life that a running job leaves in its row."""
    return {"host": socket.gethostname(), "pid": os.getpid(), "at": real_now().isoformat(), "tries": tries}
