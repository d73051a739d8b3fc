"""上级表样: the forms that are kept, one form with what goes where in it, the form with our rows in it."""

from __future__ import annotations

from pathlib import PurePath
from urllib.parse import quote
from uuid import UUID

from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.http import FileResponse, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from guatu.access import require
from guatu.actions.superior_forms import keep_form, map_form, withdraw_form
from guatu.domain.errors import BadInput, Conflict
from guatu.exchange.exporters import FORMATS
from guatu.exchange.kept_filters import filters_kept
from guatu.exchange.superior_form import kept_form, looked_at, require_fits
from guatu.exchange.workbooks_in import MAX_FILE_BYTES
from guatu.queries.pages import ItemFilters
from guatu.queries.superior_forms import CAPABILITY, form_of
from guatu.queries.unit_tree import unit_tree
from guatu.records import files
from guatu.records.models import SuperiorForm
from guatu.web.frame import show
from guatu.web.handed_out import hand_out
from guatu.web.here import Here
from guatu.web.numbers import typed_number
from guatu.web.policy import policy
from guatu.web.registers.forms import read_query
from guatu.web.superior_forms.pages import form_page, forms_page
from guatu.web.superior_forms.typed import read_mapping

MENU = "collection"


@policy("see_items", "GET", "POST")
def forms(request: HttpRequest, at: Here) -> HttpResponse:
    """GET: every form. POST: take one in and go on to say what goes where in it."""
    template = "pages/superior_forms.html"
    if request.method != "POST":
        return show(request, at, template, forms_page(at), menu=MENU)
    require(at.actor, CAPABILITY, campaign=at.campaign)
    title = request.POST.get("title", "")
    try:
        content, name = _uploaded(request)
        looked_at(content, name)
        sha256, _size = files.keep([content])
        made = keep_form(
            at.actor,
            campaign=at.campaign,
            title=title.strip() or PurePath(name).stem,
            file=sha256,
            file_name=name,
        )
    except (BadInput, Conflict) as failure:
        page = forms_page(at, str(failure), title)
        return show(request, at, template, page, menu=MENU, status=failure.status)
    messages.success(request, _("已收下表样“{title}”。请核对各列填什么，再保存。").format(title=made.title))
    return redirect(at.to("superior-form", made.public_id))


@policy("see_items", "GET", "POST")
def form(request: HttpRequest, at: Here, form: UUID) -> HttpResponse:
    """GET: the form in miniature with its mapping. POST: look at it as typed, save it, or put it out of use."""
    row = form_of(at.actor, at.campaign, form)
    if request.method != "POST":
        page = form_page(at, row, kept_form(row), unit_tree(at.campaign, at.as_of))
        return show(request, at, "pages/superior_form.html", page, menu=MENU)
    require(at.actor, CAPABILITY, campaign=at.campaign)
    if request.POST.get("do") == "withdraw":
        return _withdraw(request, at, row)
    return _mapped(request, at, row)


def _mapped(request: HttpRequest, at: Here, row: SuperiorForm) -> HttpResponse:
    seen, tree = kept_form(row), unit_tree(at.campaign, at.as_of)
    mapping, told = read_mapping(at, request.POST.dict(), seen, tree)
    status = 200
    if request.POST.get("do") == "save":
        status = 422
        try:
            if not told:
                require_fits(mapping, seen)
                map_form(
                    at.actor,
                    campaign=at.campaign,
                    form=row.public_id,
                    mapping=mapping,
                    version=typed_number(request.POST.get("version", "")),
                )
                messages.success(request, _("已保存“{title}”的对应关系。").format(title=row.title))
                return redirect(at.to("superior-form", row.public_id))
        except (BadInput, Conflict) as failure:
            told, status = [str(failure)], failure.status
    given = {name: str(value) for name, value in request.POST.items()}
    page = form_page(at, row, seen, tree, typed=mapping, sentences=tuple(told), given=given)
    return show(request, at, "pages/superior_form.html", page, menu=MENU, status=status)


def _withdraw(request: HttpRequest, at: Here, row: SuperiorForm) -> HttpResponse:
    try:
        reason = request.POST.get("reason", "")
        withdraw_form(at.actor, campaign=at.campaign, form=row.public_id, reason=reason)
    except (BadInput, Conflict) as failure:
        page = form_page(at, row, kept_form(row), unit_tree(at.campaign, at.as_of), sentences=(str(failure),))
        return show(request, at, "pages/superior_form.html", page, menu=MENU, status=failure.status)
    messages.success(request, _("已停用表样“{title}”。").format(title=row.title))
    return redirect(at.to("superior-forms"))


@policy("see_items")
def file(request: HttpRequest, at: Here, form: UUID) -> HttpResponse:
    """按上级表样导出, as of the day shown; with the filters of the list from which it was asked for."""
    asked = read_query(request.GET)
    params: dict[str, object] = {"superior_form": str(form)}
    if asked.filters != ItemFilters():
        params |= {"filters": filters_kept(asked.filters), "sort": asked.sort}
    return hand_out(at, kind="superior_form", form="xlsx", params=params)


@policy("see_items")
def original(request: HttpRequest, at: Here, form: UUID) -> HttpResponseBase:
    """The form as the superior gave it."""
    row = form_of(at.actor, at.campaign, form)
    answer = FileResponse(files.opened(row.file), content_type=FORMATS["xlsx"].content_type)
    answer["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(row.file_name)}"
    return answer


def _uploaded(request: HttpRequest) -> tuple[bytes, str]:
    given = request.FILES.get("file")
    if not isinstance(given, UploadedFile) or not given.name:
        raise BadInput(_("没有选择文件。请选择上级下发的 .xlsx 表样。"))
    if (given.size or 0) > MAX_FILE_BYTES:
        raise BadInput(
            _("“{name}”有 {size} MB，表样最大 {limit} MB。请删去图片或多余的内容后重新上传。"),
            name=given.name,
            size=-(-(given.size or 0) // (1 << 20)),
            limit=MAX_FILE_BYTES >> 20,
        )
    return given.read(), PurePath(given.name.replace("\\", "/")).name
