"""My jobs, their results, the log of exports; exports of the wall and of all registers."""

from __future__ import annotations

from urllib.parse import quote
from uuid import UUID

from django.http import FileResponse, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from guatu.actions.jobs import cancel_job
from guatu.domain.errors import NotFound
from guatu.queries.jobs import job_result
from guatu.records import files
from guatu.web.frame import show
from guatu.web.handed_out import hand_out
from guatu.web.here import Here
from guatu.web.jobs.pages import job_page, jobs_page, log_page
from guatu.web.policy import policy
from guatu.web.registers.forms import page_number
from guatu.web.setup.door import show_beside

HERE = ("wall", "registers")
"""What is exported from here. Lists have addresses of their own."""


@policy("see_items")
def jobs(request: HttpRequest, at: Here) -> HttpResponse:
    """The reader's jobs, the newest first."""
    return show(request, at, "pages/jobs.html", jobs_page(at))


@policy("see_items")
def job(request: HttpRequest, at: Here, job: UUID) -> HttpResponse:
    """One job. For htmx, which asks every two seconds while it is not done, its card alone."""
    page = job_page(at, job)
    if request.htmx and not request.htmx.boosted:  # type: ignore[attr-defined]
        answer = render(request, "fragments/job.html", {"shown": page.shown})
        if not page.shown.job.unfinished:
            answer["HX-Refresh"] = "true"  # the frame's count and the head of the page change too
        return answer
    return show(request, at, "pages/job.html", page)


@policy("see_items")
def job_file(request: HttpRequest, at: Here, job: UUID) -> HttpResponseBase:
    """The result as a file to save. It is gone after its time."""
    row = job_result(at.whole, job)  # of any of their posts, whichever is chosen now
    if not row.has_file:
        raise NotFound(_("文件已过期清除，或任务没有产生文件。请重新导出。"))
    answer = FileResponse(files.opened(row.file), content_type="application/octet-stream")
    answer["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(row.file_name)}"
    return answer


@policy("see_items", "POST", writes=False)
def cancel(request: HttpRequest, at: Here, job: UUID) -> HttpResponse:
    """Take a job back."""
    cancel_job(at.actor, job=job)
    return redirect(at.to("job", job))


@policy("see_ledger")
def log(request: HttpRequest, at: Here) -> HttpResponse:
    """Who exported what and when, for the office, the auditors and the audit administrator."""
    page = log_page(at, page_number(request.GET.get("page", "")), request.GET.get("q", "").strip())
    return show_beside(request, at, "pages/exports.html", page)


@policy("see_items")
def export(request: HttpRequest, at: Here, kind: str, form: str) -> HttpResponse:
    """The wall chart as the address shows it, or every register: at once, or as a job."""
    if kind not in HERE:
        raise NotFound(_("没有“{kind}”这种导出。请从页面上的“导出”菜单选择。"), kind=kind)
    asked = dict(at.params)
    params: dict[str, object] = {}
    if kind == "wall":
        params = {name: asked[name] for name in ("zoom", "sector", "aspect", "light") if asked.get(name)}
        params["opened"] = list(dict.fromkeys(value for name, value in at.params if name == "open" and value))
    return hand_out(at, kind=kind, form=form, params=params)
