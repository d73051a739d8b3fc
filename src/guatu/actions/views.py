"""Saved views: a person's names for addresses of a list. They belong to the desk, no batch is written (decision 0050)."""

from __future__ import annotations

from collections.abc import Iterable

from django.db import transaction

from guatu.access import Actor, require
from guatu.domain.clock import now
from guatu.domain.errors import BadInput, NotAllowed, NotFound
from guatu.domain.words import gettext as _
from guatu.records.models import Campaign, SavedView
from guatu.records.packs import pack_of

LONGEST_NAME = 40
LONGEST_QUERY = 4000
MOST = 50
"""Of one person in one register."""


@transaction.atomic
def save_view(
    actor: Actor,
    *,
    campaign: Campaign,
    register: str,
    name: str,
    query: str,
    shared: bool = False,
    usual: bool = False,
) -> SavedView:
    """Keep the query part of a list's address under a name; `usual` makes it what the bare list opens with.

    Raises BadInput for an empty, too long or taken name, NotFound for an unknown register.
    """
    require(actor, "see_items", campaign=campaign)
    if register not in pack_of(campaign).registers:
        raise NotFound(_("没有“{key}”这个清单。请从清单首页选择。"), key=register)
    if actor.person is None:
        raise NotAllowed(_("视图只能由登录的人员保存。请登录后再试。"))
    mine = SavedView.objects.filter(person=actor.person, campaign=campaign, register=register)
    if mine.count() >= MOST:
        raise BadInput(_("一个清单最多保存 {most} 个视图。请先删去不用的。"), most=MOST)
    if len(query) > LONGEST_QUERY:
        raise BadInput(_("筛选条件太多，视图存不下。请减少条件后再保存。"))
    view = SavedView(
        person_id=actor.person,
        campaign=campaign,
        register=register,
        name=_free_name(name, mine.values_list("name", flat=True)),
        query=query,
        shared=shared,
        usual=usual,
        made_at=now(),
    )
    if usual:
        mine.update(usual=False)
    view.save(force_insert=True)
    return view


@transaction.atomic
def change_view(
    actor: Actor,
    *,
    campaign: Campaign,
    view: int,
    name: str | None = None,
    shared: bool | None = None,
    usual: bool | None = None,
) -> SavedView:
    """Rename one's own view, share it or keep it to oneself, make it the usual one or not; None leaves as it is.

    Raises NotFound for somebody else's view, BadInput for a name that is empty, too long or taken.
    """
    found = _own(actor, campaign, view)
    others = SavedView.objects.filter(
        person=actor.person, campaign=campaign, register=found.register
    ).exclude(pk=found.pk)
    if name is not None:
        found.name = _free_name(name, others.values_list("name", flat=True))
    if shared is not None:
        found.shared = shared
    if usual is not None:
        found.usual = usual
        if usual:
            others.update(usual=False)
    found.save(update_fields=["name", "shared", "usual"])
    return found


def delete_view(actor: Actor, *, campaign: Campaign, view: int) -> SavedView:
    """Take one's own view away. Raises NotFound for somebody else's."""
    found = _own(actor, campaign, view)
    found.delete()
    return found


def _own(actor: Actor, campaign: Campaign, view: int) -> SavedView:
    require(actor, "see_items", campaign=campaign)
    found = SavedView.objects.filter(pk=view, person=actor.person, campaign=campaign).first()
    if found is None:
        raise NotFound(_("这个视图不存在，或不是您保存的。请从清单上方选择。"))
    return found


def _free_name(name: str, taken: Iterable[str]) -> str:
    name = " ".join(name.split())
    if not name:
        raise BadInput(_("视图没有名称。请填写名称后再保存。"))
    if len(name) > LONGEST_NAME:
        raise BadInput(
            _("视图名称“{name}…”太长，最多 {most} 个字。请缩短。"), name=name[:12], most=LONGEST_NAME
        )
    if name in set(taken):
        raise BadInput(_("您在这个清单已有名为“{name}”的视图。请换一个名称。"), name=name)
    return name
