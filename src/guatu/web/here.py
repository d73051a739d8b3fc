"""Where a request stands: who asks, in which campaign, on which day. Made once per request by the policy."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from django.http import HttpRequest, QueryDict
from django.urls import reverse
from django.utils.translation import gettext as _

from guatu.access.actor import Actor, Grant, resolve
from guatu.domain import clock
from guatu.domain.clock import EARLIEST
from guatu.domain.errors import BadInput, NotFound
from guatu.queries.installation import Installation, installation_and_campaigns
from guatu.records.packs import pack_of

if TYPE_CHECKING:
    from guatu.domain.pack import Pack
    from guatu.records.models import Campaign

AS_OF = "as_of"
CAMPAIGN = "campaign"
POSTS = "posts"
"""In the session: campaign (its primary key as text) → the one post under which the person acts there (切换身份)."""
OF_THE_FRAME = frozenset({AS_OF, CAMPAIGN})
LONGEST = 500  # characters of one value in an address; a database compares no longer patterns


@dataclass(frozen=True, slots=True)
class Here:
    """What every page knows. `as_of` is the day that is shown, `today` the day it is.

    `actor` is the person with the posts that hold in `campaign`, `person` the same with those of every campaign; both
    without those that were laid aside by choosing one. `whole` is the person with all their posts.
    `path` and `params` are the page's own address without day and campaign, so that both can be changed in place.
    Where there are several `campaigns`, every address names its own: a link that is sent opens the same page.
    """

    actor: Actor
    person: Actor
    campaign: Campaign
    campaigns: tuple[Campaign, ...]
    pack: Pack
    installation: Installation
    as_of: date
    today: date
    path: str
    params: tuple[tuple[str, str], ...]
    whole: Actor

    @property
    def posts(self) -> tuple[Grant, ...]:
        """All posts that hold in the campaign, whether chosen or not."""
        return self.whole.within(self.campaign).grants

    @property
    def past(self) -> bool:
        """Whether another day than today is shown: pages are read-only then."""
        return self.as_of != self.today

    def address(self, path: str, **query: object) -> str:
        """`path` with the query (None and empty left out) and the day that is shown, unless it is today."""
        pairs = QueryDict(mutable=True)
        for name, value in query.items():
            if value not in (None, ""):
                pairs[name] = str(value)
        return self.framed(path, pairs)

    def framed(self, path: str, pairs: QueryDict, *, safe: str = "") -> str:
        """`path` with the query, the campaign where there are several, and the day unless it is today.

        `safe`: characters that stay readable in the address.
        """
        if len(self.campaigns) > 1:
            pairs.setdefault(CAMPAIGN, self.campaign.key)
        if self.past:
            pairs[AS_OF] = self.as_of.isoformat()
        return f"{path}?{pairs.urlencode(safe=safe)}" if pairs else path

    def to(self, name: str, *args: object, **query: object) -> str:
        """The address of the page `name`, on the day that is shown."""
        return self.address(reverse(name, args=args), **query)

    def on(self, day: date) -> str:
        """This page on another day."""
        pairs = QueryDict(mutable=True)
        for name, value in self.params:
            pairs.appendlist(name, value)
        return replace(self, as_of=day).framed(self.path, pairs)

    @property
    def kept(self) -> tuple[tuple[str, str], ...]:
        """What a form of this page must carry along so that its answer stays in the same frame: (name, value)."""
        return tuple(QueryDict(urlsplit(self.framed("", QueryDict(mutable=True))).query).items())

    @property
    def other_days(self) -> tuple[tuple[str, date, str], ...]:
        """Days that are often wanted: (words, day, address)."""
        month = self.today.replace(day=1) - timedelta(days=1)
        days = (
            (_("今天"), self.today),
            (_("上周今天"), self.today - timedelta(days=7)),
            (_("上月末"), month),
            (_("再上月末"), month.replace(day=1) - timedelta(days=1)),
        )
        return tuple((words, day, self.on(day)) for words, day in days if day >= self.campaign.starts_on)


def find(request: HttpRequest) -> Here:
    """Resolve person, campaign and day. The person must be known; BadInput for a day that is none or to come."""
    refuse_unreadable(request)
    house, rows = installation_and_campaigns(request.user.pk)
    today = clock.today()
    whole = resolve(request.user)
    row = _campaign_in(request.GET.get(CAMPAIGN, ""), rows, whole)
    held = {grant.campaign for grant in whole.grants}
    return Here(
        actor=whole.within(row).only(chosen_posts(request).get(row.pk)),
        person=as_chosen(request, whole),
        campaign=row,
        campaigns=tuple(one for one in rows if one == row or held & {None, one.pk}),
        pack=pack_of(row),
        installation=house,
        as_of=day_in(request.GET.get(AS_OF, ""), today),
        today=today,
        path=request.path,
        params=tuple(
            (name, value)
            for name, values in request.GET.lists()
            for value in values
            if name not in OF_THE_FRAME
        ),
        whole=whole,
    )


def chosen_posts(request: HttpRequest) -> dict[int, int]:
    """Campaign → the post that the person has chosen there, as the session says; it may have ended since."""
    return {int(campaign): int(post) for campaign, post in request.session.get(POSTS, {}).items()}


def as_chosen(request: HttpRequest, whole: Actor) -> Actor:
    """The person without the posts laid aside in any campaign."""
    for campaign, post in chosen_posts(request).items():
        whole = whole.only(post, campaign)
    return whole


def _campaign_in(key: str, rows: tuple[Campaign, ...], person: Actor) -> Campaign:
    """The campaign that the address names, else the first in which the person has a post.

    A campaign in which somebody has no post does not exist for them; administrators of the whole house have none.
    """
    held = {grant.campaign for grant in person.grants}
    known = [row for row in rows if held & {None, row.pk}] or [rows[0]]
    if not key:
        return known[0]
    found = next((row for row in known if row.key == key), None)
    if found is None:
        raise NotFound(_("没有标识为“{key}”的专项工作，或您在其中没有身份。请在页面上方选择。"), key=key[:40])
    return found


def refuse_unreadable(request: HttpRequest) -> None:
    """Raise BadInput for what no database can hold or compare: the character NUL, an endless value in the address."""
    for name, values in request.GET.lists():
        for value in (name, *values):
            if len(value) > LONGEST:
                raise BadInput(
                    _("网址中的“{value}…”太长，最多 {most} 个字。请缩短后再试。"),
                    value=value[:20],
                    most=LONGEST,
                )
    for given in (request.GET, request.POST):
        for name, values in given.lists():
            if any("\0" in value for value in (name, *values)):
                raise BadInput(
                    _("“{name}”中有不可见的控制字符。请删去后重新输入。"), name=name.replace("\0", "")[:20]
                )


def day_in(text: str, today: date) -> date:
    """The day written in `text`, today without one."""
    if not text.strip():
        return today
    try:
        day = date.fromisoformat(text.strip())
    except ValueError:
        raise BadInput(_("截至日“{value}”不是日期。请填成 2023-11-30 的样子。"), value=text[:40]) from None
    if day < EARLIEST:
        raise BadInput(
            _("截至日 {value} 过早，没有这么早的记录。请选 {earliest} 以后的日期。"),
            value=day,
            earliest=EARLIEST,
        )
    if day > today:
        raise BadInput(
            _("截至日 {value} 晚于今天（{today}），还没有数据。请选今天或以前的日期。"),
            value=day,
            today=today,
        )
    return day
