"""What a worker does beside its jobs: take up what another left lying, throw away results that nobody needs any more."""

from __future__ import annotations

import os
import socket
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db.models import TextField
from django.db.models.functions import Cast
from django.utils.translation import override
from django_tasks_db.models import DBTaskResult

from guatu.actions.jobs import CANCELLED, RUNNING, TAKEN_BACK, WAITING, begin_again, queue
from guatu.domain.clock import now, real_now
from guatu.domain.said import TOLD, Said
from guatu.records import files
from guatu.records.models import Evidence, FillDraft, IssuedDocument, Item, Job, SuperiorForm

SILENT = timedelta(minutes=15)
"""After this long without a sign, a job whose worker cannot be looked at (another machine) counts as interrupted."""
FRESH = timedelta(hours=1)
"""A file younger than this is left alone: somebody may be about to keep the same content."""


def anything_waits() -> bool:
    """Whether the queue holds anything to be done now. One statement, no lock."""
    return DBTaskResult.objects.ready().exists()


def take_up_interrupted() -> int:
    """Begin again what a dead worker was doing, and queue what waits without a place in the queue; how many jobs."""
    found = 0
    for job in Job.objects.filter(state=RUNNING):
        if _at_work(job.result):
            continue
        found += 1
        with override(job.language):
            if job.cancel:
                said = Said(TAKEN_BACK)
                Job.objects.filter(pk=job.pk).update(
                    state=CANCELLED, ended_at=now(), message=str(said), result={TOLD: said.kept()}
                )
            else:
                begin_again(job, int(job.result.get("tries", 1)))
    queued = {str(one) for one in DBTaskResult.objects.ready().values_list("pk", flat=True)}
    for job in Job.objects.filter(state=WAITING):
        if job.result.get("task") not in queued:
            found += 1
            queue(job)
    return found


def _at_work(sign: dict[str, Any]) -> bool:
    """Whether the worker that left this sign still lives: by its process on this machine, by its last sign elsewhere."""
    if not sign.get("at") or real_now() - datetime.fromisoformat(sign["at"]) > SILENT:
        return False
    if sign.get("host") != socket.gethostname():
        return True
    return sign["pid"] != os.getpid() and _alive(int(sign["pid"]))


def _alive(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


def remove_old_results() -> int:
    """Take the files of jobs that ended long ago off the disk; the rows stay, as the log of exports. How many jobs."""
    limit = timedelta(days=settings.GUATU_RESULT_DAYS + 1)  # the last day is a whole one
    old = Job.objects.filter(ended_at__lt=now() - limit).exclude(file="")
    gone = 0
    for job in old:
        others = Job.objects.filter(file=job.file).exclude(pk=job.pk).exists()
        used = others or _is_record(job.file)
        if used or files.discard(job.file, older_than=FRESH):
            Job.objects.filter(pk=job.pk).update(file="")
            gone += 1
    DBTaskResult.objects.finished().filter(finished_at__lt=real_now() - limit).delete()
    return gone


def _is_record(sha256: str) -> bool:
    """Whether a record has the same content: evidence, a superior's form, an issued document, an item's field, a draft."""
    if Evidence.objects.filter(sha256=sha256).exists() or SuperiorForm.objects.filter(file=sha256).exists():
        return True
    issued = IssuedDocument.objects.annotate(said=Cast("files", TextField()))
    if issued.filter(said__contains=sha256).exists():
        return True
    drafts = FillDraft.objects.annotate(said=Cast("cells", TextField()))
    if drafts.filter(said__contains=sha256).exists():
        return True
    return Item.objects.annotate(said=Cast("data", TextField())).filter(said__contains=sha256).exists()
