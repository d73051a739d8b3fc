"""Jobs as their templates see them: words for states and sizes, addresses."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from django.http import QueryDict
from django.urls import reverse
from django.utils.translation import gettext as _

from guatu.access import may
from guatu.domain.clock import DEFAULT_ZONE
from guatu.exchange.exporters import EXPORTERS, format_label
from guatu.queries.jobs import ExportLog, ExportRow, JobRow, exports, my_job, my_jobs
from guatu.records.models import Job
from guatu.web.here import Here


@dataclass(frozen=True, slots=True)
class JobShown:
    """A job with its words and addresses. `tone` is the mark it gets; `file` and `cancel` are empty when they end.

    `list` leads to the register that it wrote to, empty for none and in another campaign.
    """

    job: JobRow
    state: str
    tone: str
    told: str
    size: str
    made: datetime
    href: str
    file: str
    cancel: str
    list: str = ""


@dataclass(frozen=True, slots=True)
class JobsPage:
    """My jobs. `log` leads to the log of exports, for those who may read it; `all` exports every register."""

    rows: tuple[JobShown, ...]
    unfinished: bool
    refresh: str
    log: str
    all: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class JobPage:
    """One job by itself."""

    shown: JobShown
    jobs: str
    refresh: str


@dataclass(frozen=True, slots=True)
class LogPage:
    """The log of exports, with words."""

    log: ExportLog
    rows: tuple[tuple[ExportRow, str, datetime, str], ...]
    q: str
    previous: str
    next: str


def files_of(at: Here, kind: str, query: Iterable[tuple[str, str]] = ()) -> tuple[tuple[str, str], ...]:
    """The formats in which `kind` is exported, for a menu: (words, address). `query` says what of it."""

    def address(form: str) -> str:
        pairs = QueryDict(mutable=True)
        for name, value in query:
            pairs.appendlist(name, value)
        return at.framed(reverse("export", args=(kind, form)), pairs)

    return tuple((format_label(form), address(form)) for form in EXPORTERS[kind].forms)


def jobs_page(at: Here) -> JobsPage:
    """The reader's own jobs."""
    rows = tuple(shown(at, row) for row in my_jobs(at.actor))
    return JobsPage(
        rows=rows,
        unfinished=any(one.job.unfinished for one in rows),
        refresh=at.to("jobs"),
        log=at.to("exports") if may(at.actor, "see_ledger", campaign=at.campaign) else "",
        all=files_of(at, "registers"),
    )


def job_page(at: Here, public_id: UUID) -> JobPage:
    """One of the reader's own jobs. Raises NotFound for another's."""
    row = my_job(at.actor, public_id)
    return JobPage(shown(at, row), at.to("jobs"), at.to("job", row.public_id))


def shown(at: Here, row: JobRow) -> JobShown:
    """The job with words and addresses."""
    state, tone = _state(row)
    return JobShown(
        job=row,
        state=state,
        tone=tone,
        told=_told(row),
        size=size_words(row.size),
        made=_local(row.made_at),
        href=at.to("job", row.public_id),
        file=at.to("job_file", row.public_id) if row.has_file else "",
        cancel=at.to("job_cancel", row.public_id) if row.unfinished and not row.cancelling else "",
        list=at.to("list", row.register)
        if row.register in at.pack.registers and row.campaign_key == at.campaign.key
        else "",
    )


def _state(row: JobRow) -> tuple[str, str]:
    if row.unfinished and row.cancelling:
        return _("正在取消"), "plain"
    if row.state == Job.State.WAITING:
        return _("排队中"), "plain"
    if row.state == Job.State.RUNNING:
        return _("正在办理"), "now"
    if row.state == Job.State.DONE:
        return _("已完成"), "done"
    if row.state == Job.State.CANCELLED:
        return _("已取消"), "void"
    return _("没有完成"), "back"


def _told(row: JobRow) -> str:
    """The one sentence under a job."""
    if row.stuck:
        return _("已排队较久，后台任务进程可能没有启动。请联系系统管理员运行 guatu worker。")
    if row.state == Job.State.WAITING:
        if row.ahead:
            return _("前面还有 {n} 项任务。可以离开本页，做好后在这里下载。").format(n=row.ahead)
        return _("马上开始。可以离开本页，做好后在这里下载。")
    if row.state == Job.State.RUNNING:
        if not row.total:
            return _("正在准备。可以离开本页，做好后在这里下载。")
        return _("已完成 {done} / {total}。可以离开本页，做好后在这里下载。").format(
            done=f"{row.done:,}", total=f"{row.total:,}"
        )
    if row.message:
        return row.message
    if row.direct:
        return _("已当场下载，系统不另存。")
    if row.state == Job.State.DONE and row.file_name:
        if row.has_file and row.kept_until:
            return _("保留到 {day}，过期自动清除。").format(day=row.kept_until.isoformat())
        return _("文件已过期清除。需要的话请重新导出。")
    return ""


def log_page(at: Here, page: int, q: str) -> LogPage:
    """The log of exports. Raises NotAllowed without the right."""
    log = exports(at.actor, at.campaign, page=page, q=q)
    return LogPage(
        log=log,
        rows=tuple((row, size_words(row.size), _local(row.made_at), _outcome(row)) for row in log.rows),
        q=q,
        previous=at.to("exports", q=q, page=log.page - 1) if log.page > 1 else "",
        next=at.to("exports", q=q, page=log.page + 1) if log.page < log.pages else "",
    )


def _outcome(row: ExportRow) -> str:
    words = {
        Job.State.WAITING: _("排队中"),
        Job.State.RUNNING: _("正在办理"),
        Job.State.DONE: _("已完成"),
        Job.State.FAILED: _("没有完成"),
        Job.State.CANCELLED: _("已取消"),
    }
    return words[Job.State(row.state)]


def size_words(size: int) -> str:
    """A file's size: 12 KB, 3.4 MB; nothing for none."""
    if not size:
        return ""
    if size < 1 << 20:
        return _("{n} KB").format(n=max(1, round(size / 1024)))
    return _("{n} MB").format(n=f"{size / (1 << 20):.1f}")


def _local(moment: datetime, zone: ZoneInfo = DEFAULT_ZONE) -> datetime:
    return moment.astimezone(zone)
