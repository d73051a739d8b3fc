"""Print the sheet, upload it signed, or go back to the version that was signed."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from guatu.actions.sign_off import SignedOther, restore_version
from guatu.domain.errors import BadInput, Conflict
from guatu.exchange.uploads import Download
from guatu.web.frame import show
from guatu.web.here import Here
from guatu.web.numbers import typed_number
from guatu.web.policy import policy
from guatu.web.sign_off.pages import Paper, paper_of_item, read_signed, sheet_of, shown, sign

TEMPLATE, MENU = "pages/sign_off.html", "registers"


@policy("see_items")
def sheet(request: HttpRequest, at: Here, public_id: UUID) -> FileResponse:
    """打印签字版: the item as it stands, with its version code."""
    made: Download = sheet_of(at, public_id)
    return FileResponse(made.content, filename=made.name, content_type=made.media)


@policy("see_items", "GET", "POST")
def sign_off(request: HttpRequest, at: Here, public_id: UUID) -> HttpResponse:
    """上传签章件: the scan and the code that stands on it. A sheet of another content is told with both ways out."""
    paper: Paper = paper_of_item(at, public_id)
    if request.method != "POST":
        return show(request, at, TEMPLATE, shown(at, paper), menu=MENU)
    typed = read_signed(at, paper, request.POST, request.FILES)
    try:
        said = sign(at, paper, typed)
    except SignedOther as failure:
        page = shown(at, paper, typed, sentence=str(failure), other=failure)
        return show(request, at, TEMPLATE, page, menu=MENU, status=failure.status)
    except (BadInput, Conflict) as failure:
        page = shown(at, paper, typed, sentence=str(failure))
        return show(request, at, TEMPLATE, page, menu=MENU, status=failure.status)
    messages.success(request, said)
    return redirect(at.to("item", public_id))


@policy("see_items", "GET", "POST")
def restore(request: HttpRequest, at: Here, public_id: UUID) -> HttpResponse:
    """恢复第 n 版: the fields as they were signed. Its address, opened anew, is the page of the scan."""
    if request.method != "POST":
        return redirect(at.to("sign-off", public_id))
    paper = paper_of_item(at, public_id)
    version = typed_number(request.POST.get("version", ""), 9)
    seen = typed_number(request.POST.get("seen", ""), 9)
    try:
        if version is None or seen is None:
            raise BadInput(_("没有收到要恢复的是第几版。请返回上传签章件的页面，再点一次。"))
        restore_version(
            at.actor,
            campaign=at.campaign,
            item=paper.item.pk,
            version=version,
            seen=seen,
        )
    except (BadInput, Conflict) as failure:
        page = shown(at, paper, sentence=str(failure))
        return show(request, at, TEMPLATE, page, menu=MENU, status=failure.status)
    messages.success(
        request, _("{number} 已恢复第 {version} 版的内容。").format(number=paper.item.number, version=version)
    )
    return redirect(at.to("sign-off", public_id))
