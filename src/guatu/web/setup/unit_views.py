"""Step 2 of the set-up: units."""

from __future__ import annotations

from urllib.parse import quote

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from guatu.access.house_language import house_language
from guatu.actions.unit_import import apply_import, undo_import
from guatu.domain.errors import BadInput, Conflict
from guatu.exchange.unit_workbook import unit_workbook
from guatu.queries.unit_import import current_rows, plan_import
from guatu.web.setup import units as unit_pages
from guatu.web.setup.door import Desk, for_set_up, show_set_up
from guatu.web.setup.kept import book_of, drop_kept, kept_in, read_with, take_upload
from guatu.web.setup.plans import shown_units

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@for_set_up("GET", "POST", capability="manage_units")
def units(request: HttpRequest, desk: Desk) -> HttpResponse:
    """Step 2: upload a workbook and see what it would change; “apply” is another address."""
    sentence, status = "", 200
    if request.method == "POST":
        try:
            take_upload(request, unit_pages.SLOT, words=request.POST.get("pack", ""))
            return redirect(reverse("setup-units") + "#plan")
        except BadInput as failure:
            sentence, status = str(failure), 422
    elif "pack" in request.GET:  # the sheet that waits is read anew
        read_with(request, unit_pages.SLOT, request.GET["pack"])
    page = unit_pages.units_page(
        desk.actor,
        desk.house,
        kept=kept_in(request, unit_pages.SLOT),
        wanted=request.GET.get("pack", ""),
        sentence=sentence,
    )
    return show_set_up(request, desk, "setup/units.html", page, step="setup-units", status=status)


@for_set_up("POST", capability="manage_units")
def apply_units(request: HttpRequest, desk: Desk) -> HttpResponse:
    """Write what was shown, or forget it."""
    kept = kept_in(request, unit_pages.SLOT)
    if kept is None or "forget" in request.POST:
        drop_kept(request, unit_pages.SLOT)
        return redirect("setup-units")
    tree = desk.house.main
    _key, words = unit_pages.words_for(tree, desk.house, kept.words)
    try:
        plan = plan_import(desk.actor, tree=tree, book=book_of(kept), words=words)
        done = apply_import(
            desk.actor, tree=tree, plan=plan, seen=request.POST.get("token", ""), reason=kept.name
        )
    except (BadInput, Conflict) as failure:
        page = unit_pages.units_page(desk.actor, desk.house, kept=kept, sentence=str(failure))
        return show_set_up(request, desk, "setup/units.html", page, step="setup-units", status=failure.status)
    drop_kept(request, unit_pages.SLOT)
    messages.success(
        request, _("已导入 {count} 家单位（{file}）。").format(count=f"{done.units:,}", file=kept.name)
    )
    return redirect("setup-units")


@for_set_up("POST", capability="manage_units")
def type_units(request: HttpRequest, desk: Desk) -> HttpResponse:
    """A few units typed by hand: written at once when nothing is wrong with them."""
    typed: list[tuple[str, ...]] = []
    shown, sentence = None, ""
    tree = desk.house.main
    _key, words = unit_pages.words_for(tree, desk.house, request.POST.get("pack", ""))
    try:
        typed = unit_pages.read_typed(request.POST)
        plan = plan_import(desk.actor, tree=tree, book=unit_pages.typed_book(typed), words=words)
        if plan.ready:
            with house_language():
                reason = _("手工填写")
            done = apply_import(desk.actor, tree=tree, plan=plan, reason=reason)
            messages.success(request, _("已写入 {count} 家单位。").format(count=done.units))
            return redirect("setup-units")
        shown = shown_units(plan)
    except (BadInput, Conflict) as failure:
        sentence = str(failure)
    page = unit_pages.units_page(
        desk.actor,
        desk.house,
        wanted=request.POST.get("pack", ""),
        typed=typed,
        typed_plan=shown,
        typed_sentence=sentence,
    )
    return show_set_up(request, desk, "setup/units.html", page, step="setup-units", status=422)


@for_set_up("POST", capability="manage_units")
def undo_units(request: HttpRequest, desk: Desk) -> HttpResponse:
    """Take the last import back."""
    try:
        batch = int(request.POST.get("batch", ""))
    except ValueError:
        raise BadInput(_("没有写明撤回哪一次导入。请刷新页面后重试。")) from None
    with house_language():
        reason = _("在页面上撤回导入")
    try:
        undo_import(desk.actor, tree=desk.house.main, batch=batch, reason=reason)
    except (BadInput, Conflict) as failure:
        page = unit_pages.units_page(desk.actor, desk.house, sentence=str(failure))
        return show_set_up(request, desk, "setup/units.html", page, step="setup-units", status=failure.status)
    messages.success(request, _("已撤回第 {batch} 批导入，单位恢复到导入前的样子。").format(batch=batch))
    return redirect("setup-units")


@for_set_up("GET", capability="manage_units")
def units_workbook(request: HttpRequest, desk: Desk, filled: str) -> HttpResponse:
    """The workbook to fill in: empty, or with what stands today."""
    tree = desk.house.main
    _key, words = unit_pages.words_for(tree, desk.house, request.GET.get("pack", ""))
    rows = current_rows(desk.actor, tree=tree) if filled == "now" else ()
    name = _("单位现状.xlsx") if rows else _("单位模板.xlsx")
    return workbook_answer(unit_workbook(words, rows), name)


def workbook_answer(content: bytes, name: str) -> HttpResponse:
    """A workbook to save."""
    response = HttpResponse(content, content_type=XLSX)
    response["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(name)}"
    return response
