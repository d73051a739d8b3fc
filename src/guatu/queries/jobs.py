"""A person's jobs, and the log of exports for those who may read it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db.models import Count, F, OuterRef, Q, QuerySet, Subquery

from guatu.access import Actor, covers, require, scope
from guatu.domain.capabilities import roles_with
from guatu.domain.clock import now
from guatu.domain.errors import BadInput, NotAllowed, NotFound
from guatu.domain.said import TITLED, TOLD, read
from guatu.domain.words import gettext as _
from guatu.records.models import Campaign, Job, Person, Unit

UNFINISHED = (Job.State.WAITING, Job.State.RUNNING)
MOST = 50
PAGE = 50
STUCK = timedelta(minutes=1)
"""A job that has waited this long while nothing else runs has no worker to do it."""


@dataclass(frozen=True, slots=True)
class JobRow:
    """A job as its owner sees it. `total` 0: not known how much there is to do. `ahead`: jobs of others before it.

    `kept_until` is the last day of the result; `has_file` whether it is still there. `stuck`: waits, and
    no worker seems to be at work. `direct`: handed out at once, nothing was ever kept. `register`: whose list shows
    what it wrote, in the campaign with the key `campaign_key`.
    """

    public_id: UUID
    title: str
    campaign: str
    as_of: date | None
    state: str
    done: int
    total: int
    cancelling: bool
    message: str
    file_name: str
    size: int
    has_file: bool
    file: str
    made_at: datetime
    ended_at: datetime | None
    kept_until: date | None
    ahead: int
    stuck: bool
    direct: bool
    register: str = ""
    campaign_key: str = ""

    @property
    def unfinished(self) -> bool:
        """Whether it waits or runs."""
        return self.state in UNFINISHED

    @property
    def percent(self) -> int | None:
        """How far it is, None where that is not known."""
        return min(self.done * 100 // self.total, 100) if self.total else None


@dataclass(frozen=True, slots=True)
class ExportRow:
    """One line of the log of exports: who had what made, when, in which form."""

    person: str
    unit: str
    title: str
    as_of: date | None
    file_name: str
    size: int
    state: str
    made_at: datetime


@dataclass(frozen=True, slots=True)
class ExportLog:
    """A page of the log, the newest first."""

    rows: tuple[ExportRow, ...]
    count: int
    page: int
    pages: int


def unfinished_of(person: int) -> Subquery:
    """How many jobs of a person wait or run, as a column for a query that is asked anyway."""
    mine = Job.objects.filter(owner=person, state__in=UNFINISHED).order_by()
    return Subquery(mine.values("owner").annotate(n=Count("pk")).values("n")[:1])


def my_jobs(actor: Actor) -> tuple[JobRow, ...]:
    """The actor's last jobs in every campaign, the newest first, without what was handed out at once. One statement."""
    found = _of(actor).exclude(state=Job.State.DONE, started_at=F("ended_at"))
    return tuple(_row(job) for job in found[:MOST])


def my_job(actor: Actor, public_id: UUID) -> JobRow:
    """One of the actor's own jobs; NotFound for anybody else's. One statement."""
    return _row(_mine(actor, public_id))


def job_result(person: Actor, public_id: UUID) -> JobRow:
    """One of the person's own jobs, whose file they may still read. One statement.

    NotAllowed once a post has ended under which it was made: the file reaches as far as the rights of that day.
    """
    job = _mine(person, public_id)
    held = {grant.post for grant in person.grants}
    if not held.issuperset(job.result.get("posts", ())):
        raise NotAllowed(_("生成这份文件以后，您的身份有变动，不能再下载。请重新导出。"))
    return _row(job)


def _mine(actor: Actor, public_id: UUID) -> Any:
    job = _of(actor).filter(public_id=public_id).first()
    if job is None:
        raise NotFound(_("没有找到这项任务，或不是您发起的。请从“我的任务”中打开。"))
    return job


def _of(actor: Actor) -> QuerySet[Any]:
    mine = Job.objects.filter(owner=actor.person) if actor.person else Job.objects.none()
    running = Job.objects.filter(state=Job.State.RUNNING).order_by().values("state").annotate(n=Count("pk"))
    before = (
        Job.objects.filter(state=Job.State.WAITING, pk__lt=OuterRef("pk"))
        .order_by()
        .values("state")
        .annotate(n=Count("pk"))
    )
    return (
        mine.select_related("campaign")
        .defer("campaign__pack", "params")
        .annotate(titled=F(f"params__{TITLED}"))
        .annotate(running=Subquery(running.values("n")[:1]), before=Subquery(before.values("n")[:1]))
        .order_by("-pk")
    )


def _row(job: Any) -> JobRow:
    waiting = job.state == Job.State.WAITING
    running, before = job.running or 0, job.before or 0
    return JobRow(
        public_id=job.public_id,
        title=read(job.titled, job.title),
        campaign=job.campaign.short_name if job.campaign else "",
        as_of=job.as_of,
        state=job.state,
        done=job.done,
        total=job.total,
        cancelling=job.cancel,
        message=read(job.result.get(TOLD), job.message),
        file_name=job.file_name,
        size=job.size,
        has_file=bool(job.file),
        file=job.file,
        made_at=job.made_at,
        ended_at=job.ended_at,
        kept_until=_kept_until(job),
        ahead=running + before if waiting else 0,
        stuck=waiting and not running and now() - job.made_at > STUCK,
        direct=job.state == Job.State.DONE and job.started_at == job.ended_at,
        register=str(job.result.get("register", "")),
        campaign_key=job.campaign.key if job.campaign else "",
    )


def _kept_until(job: Job) -> date | None:
    if not job.ended_at or not job.file_name or job.started_at == job.ended_at:
        return None
    return (job.ended_at + timedelta(days=settings.GUATU_RESULT_DAYS)).date()


def exports(actor: Actor, campaign: Campaign, *, page: int = 1, q: str = "") -> ExportLog:
    """The log of exports of a campaign, for those who may read the ledger. Two statements.

    Who audits a part of the tree reads of the people at home there only. `q` is looked for in names and titles. Raises
    NotAllowed without the right, BadInput for a page that is not there.
    """
    require(actor, "see_ledger", campaign=campaign)
    rows = Job.objects.filter(campaign=campaign, kind="export")
    if not covers(actor, roles_with("see_ledger"), campaign.root.line, campaign):
        homes = Unit.objects.filter(scope(actor, "see_ledger", campaign))
        rows = rows.filter(owner__home_unit__in=homes)
    if q.strip():
        people = Person.objects.filter(name__icontains=q.strip())
        rows = rows.filter(Q(title__icontains=q.strip()) | Q(owner__in=people))
    count = rows.count()
    pages = max(1, -(-count // PAGE))
    if page > pages:
        raise BadInput(_("没有第 {page} 页，共 {pages} 页。请从第 1 页查看。"), page=page, pages=pages)
    found = rows.select_related("owner__home_unit").order_by("-pk")[(page - 1) * PAGE : page * PAGE]
    return ExportLog(
        rows=tuple(
            ExportRow(
                person=job.owner.name if job.owner else "",
                unit=job.owner.home_unit.short_name if job.owner and job.owner.home_unit else "",
                title=read(job.params.get(TITLED), job.title),
                as_of=job.as_of,
                file_name=job.file_name,
                size=job.size,
                state=job.state,
                made_at=job.made_at,
            )
            for job in found
        ),
        count=count,
        page=page,
        pages=pages,
    )
