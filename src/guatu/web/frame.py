"""The frame around every page: menus, campaign, day, person. `show` renders a page inside it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import get_language, gettext_lazy, pgettext_lazy
from django.utils.translation import gettext as _

from guatu.access import may
from guatu.domain import clock
from guatu.web.here import Here


@dataclass(frozen=True, slots=True)
class Menu:
    """One entry of the rail; on a phone a tab at the bottom (`tab`), or else a line of the person's menu."""

    key: str
    label: str
    icon: str
    href: str
    current: bool
    tab: bool


@dataclass(frozen=True, slots=True)
class Frame:
    """What the frame shows. `stamp` is the watermark: person, post and minute.

    `campaigns` is the choice of campaigns (name, wave, address, chosen), empty where there is only one; `languages`
    (code, name, chosen); `here` the address of this very page. `working` jobs of the reader wait or run, `jobs` leads there.
    `burden` leads to the form of a burden report about this page.
    `unread` messages wait in the `inbox`. `accounts` leads to the accounts that the reader keeps, empty for none.
    `post` says under which post the reader acts, `posts` (id, label, chosen) offers the choice where there are several.
    """

    menus: tuple[Menu, ...]
    campaign: str
    campaigns: tuple[tuple[str, str, str, bool], ...]
    languages: tuple[tuple[str, str, bool], ...]
    here: str
    root: str
    week: int
    as_of: date
    today: date
    past: bool
    starts_on: date
    days: tuple[tuple[str, date, str], ...]
    back: str
    path: str
    params: tuple[tuple[str, str], ...]
    person: str
    post: str
    posts: tuple[tuple[str, str, bool], ...]
    demo_day: date | None
    stamp: str
    find: str
    q: str
    jobs: str
    working: int
    burden: str
    inbox: str
    unread: int
    accounts: str


# Only menus that exist. The documents menu holds the report and the check.
MENUS = (
    ("todo", gettext_lazy("待办"), "todo", "todo"),
    ("wall", gettext_lazy("作战图"), "wall", "wall"),
    ("registers", pgettext_lazy("menu", "清单"), "list", "registers"),
    ("collection", pgettext_lazy("menu", "填报"), "form", "collection"),
    ("supervision", gettext_lazy("督导"), "calendar", "supervision"),
    ("documents", gettext_lazy("文稿"), "document", "documents"),
    ("figures", gettext_lazy("数据"), "chart", "figures"),
    ("units", pgettext_lazy("menu", "单位"), "unit", "units"),
)
SUPERVISION = "supervision"
COLLECTION = "collection"
# At the bottom of a phone, beside 我的; who lacks one of these sees the next menu in its place.
TABS = ("todo", "wall", COLLECTION, SUPERVISION)
# For those who set up and keep the house; on a phone it stands in the person's menu.
MANAGE = ("manage", gettext_lazy("系统管理"), "gear", "setup")


def frame(at: Here, current: str = "") -> Frame:
    """The frame for a page under the menu `current`."""
    now: datetime = clock.now()
    offered = _offered(at)
    tabs = _tabs([key for key, *_rest in offered])
    return Frame(
        menus=tuple(
            Menu(key, str(label), icon, href=at.to(name), current=key == current, tab=key in tabs)
            for key, label, icon, name in offered
        ),
        campaign=at.campaign.short_name,
        campaigns=_campaigns(at, current),
        languages=tuple((code, name, code == get_language()) for code, name in settings.LANGUAGES),
        here=at.on(at.as_of),
        root=at.campaign.root.short_name,
        week=max((at.as_of - at.campaign.starts_on).days // 7 + 1, 1),
        as_of=at.as_of,
        today=at.today,
        past=at.past,
        starts_on=at.campaign.starts_on,
        days=at.other_days,
        back=at.on(at.today),
        path=at.path,
        params=at.params,
        person=at.actor.name,
        post=_acting(at),
        posts=_posts(at),
        demo_day=at.installation.demo_day if at.installation.demo else None,
        stamp=f"{at.actor.name} · {at.actor.post_label} · {now:%Y-%m-%d %H:%M}",
        find=reverse("find"),
        q=dict(at.params).get("q", ""),
        jobs=at.to("jobs"),
        working=at.installation.working,
        burden=at.to("burden", about=at.path) if may(at.actor, "report_burden", campaign=at.campaign) else "",
        inbox=at.to("inbox"),
        unread=at.installation.unread,
        accounts=at.to("accounts") if may(at.actor, "keep_accounts", campaign=at.campaign) else "",
    )


def _offered(at: Here) -> Sequence[tuple[str, object, str, str]]:
    """The menus of this person."""
    menus = [
        menu
        for menu in MENUS
        if (menu[0] != SUPERVISION or _supervised(at))
        and (menu[0] != COLLECTION or at.pack.loop.collection is not None)
    ]
    return (*menus, MANAGE) if may(at.actor, "open_campaign", campaign=at.campaign) else menus


def _tabs(offered: Sequence[str]) -> Sequence[str]:
    """The menus that a phone shows at the bottom."""
    first = [key for key in offered if key in TABS]
    return (first + [key for key in offered if key not in (*TABS, MANAGE[0])])[: len(TABS)]


def _supervised(at: Here) -> bool:
    """Whether the campaign has findings of teams, and the person anything to do with them."""
    return at.pack.loop.findings is not None and may(at.actor, "see_supervision", campaign=at.campaign)


def _acting(at: Here) -> str:
    """Under which post the reader acts: the only or the chosen one by name, several together by their number."""
    if len(at.actor.grants) > 1:
        return _("全部身份（{n} 个）").format(n=len(at.actor.grants))
    return at.actor.grants[0].named if at.actor.grants else ""


def _posts(at: Here) -> tuple[tuple[str, str, bool], ...]:
    """All posts together, then each; one post is no choice."""
    if len(at.posts) < 2:
        return ()
    chosen = at.actor.chosen
    every = ("", _("全部身份"), chosen is None)
    return (every, *((str(one.post), one.named, one.post == chosen) for one in at.posts))


def _campaigns(at: Here, current: str) -> tuple[tuple[str, str, str, bool], ...]:
    """The same menu in each campaign of the person; one campaign is no choice."""
    if len(at.campaigns) < 2:
        return ()
    page = next((name for key, _label, _icon, name in MENUS if key == current), "home")
    return tuple(
        (one.short_name, one.wave, replace(at, campaign=one).to(page), one == at.campaign)
        for one in at.campaigns
    )


def show(
    request: HttpRequest, at: Here, template: str, page: object, *, menu: str = "", status: int = 200
) -> HttpResponse:
    """The page object in its template, inside the frame."""
    told = {"page": page, "frame": frame(at, menu), "messages": messages.get_messages(request)}
    return render(request, template, told, status=status)
