"""What the entry shows: the cast of the demo, or the log-in, or how to set up."""

from __future__ import annotations

import ipaddress
from dataclasses import dataclass
from datetime import date

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _

from guatu.access import may
from guatu.access.sign_in import is_anybody_here
from guatu.demo.demos import Demo, demo_of
from guatu.domain.capabilities import ADMINISTRATORS
from guatu.domain.errors import NotAllowed
from guatu.queries.installation import campaign, installation
from guatu.queries.people import first_posts
from guatu.web.entry.forms import LogIn
from guatu.web.here import Here


@dataclass(frozen=True, slots=True)
class Card:
    """One person of the cast: one button."""

    username: str
    name: str
    role: str
    place: str
    line: str


@dataclass(frozen=True, slots=True)
class Group:
    """People who stand at the same place of the house."""

    label: str
    cards: tuple[Card, ...]


@dataclass(frozen=True, slots=True)
class EntryPage:
    """`kind`: demo (choose a person), password (log in), empty (nobody here yet)."""

    kind: str
    next: str
    day: date | None = None
    groups: tuple[Group, ...] = ()
    form: LogIn | None = None


@dataclass(frozen=True, slots=True)
class NoBusinessPage:
    """For somebody known who sees no business data. `sentence` says why and what next."""

    person: str
    post: str
    sentence: str
    demo: bool
    set_up: str
    may_call: bool
    may_audit: bool
    may_keep: bool
    may_appoint: bool = False


def no_business_page(at: Here) -> NoBusinessPage:
    """One sentence for an administrator, another for somebody without a post."""
    post = at.actor.post_label
    if at.actor.has_role(*ADMINISTRATORS):
        sentence = _("您是{role}，看不到业务数据。").format(role=at.pack.role_label(at.actor.grants[0].role))
    else:
        sentence = _("您在本专项工作中还没有身份，看不到业务数据。请联系{office}指定身份。").format(
            office=at.pack.words.office
        )
    return NoBusinessPage(
        at.actor.name,
        post,
        sentence,
        at.installation.demo,
        set_up=_set_up(at),
        may_call=may(at.actor, "see_contacts", campaign=at.campaign),
        may_audit=may(at.actor, "see_ledger", campaign=at.campaign),
        may_appoint=may(at.actor, "manage_people", campaign=at.campaign),
        may_keep=may(at.actor, "keep_accounts", campaign=at.campaign),
    )


def _set_up(at: Here) -> str:
    """Where this administrator keeps the house: the whole set-up, or accounts only; empty for neither."""
    if may(at.actor, "open_campaign", campaign=at.campaign):
        return reverse("setup")
    return reverse("setup-house") if may(at.actor, "manage_people", campaign=at.campaign) else ""


def entry_page(request: HttpRequest, form: LogIn | None = None) -> EntryPage:
    """What to show at the door. Raises NotAllowed when a demo is reached from another machine."""
    wanted = request.GET.get("next", "") or request.POST.get("next", "")
    here = installation()
    if here.demo:
        require_loopback(request)
        return EntryPage("demo", wanted, here.demo_day, _groups())
    if not is_anybody_here():
        return EntryPage("empty", wanted)
    return EntryPage("password", wanted, form=form or LogIn())


def require_loopback(request: HttpRequest) -> None:
    """The demo's door opens without a password: only for this machine itself, and not through a proxy."""
    address = request.META.get("REMOTE_ADDR", "")
    try:
        near = ipaddress.ip_address(address).is_loopback
    except ValueError:
        near = False
    if not near or "HTTP_X_FORWARDED_FOR" in request.META or "HTTP_FORWARDED" in request.META:
        raise NotAllowed(
            _("演示模式不需要密码，只能在本机打开。请在运行它的电脑上访问，或改用 guatu serve。")
        )


def demo_here() -> Demo:
    """The demo that was loaded here."""
    return demo_of(campaign().pack.key)


def _groups() -> tuple[Group, ...]:
    demo = demo_here()
    known = first_posts([player.username for player in demo.cast])
    cards: dict[str, list[Card]] = {heading: [] for heading in demo.places.values()}
    for player in demo.cast:
        row = known.get(player.username)
        if row is not None:
            card = Card(player.username, player.name, row.role_label, row.place, _(player.line))
            cards[demo.places[player.place]].append(card)
    return tuple(Group(_(heading), tuple(found)) for heading, found in cards.items() if found)
