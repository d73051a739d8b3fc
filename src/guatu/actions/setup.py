"""Setting up: what this installation is, trees, campaigns."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from typing import Any

from django.db import transaction

from guatu.access import Actor, may, require
from guatu.actions.history import NO_HEAD, Change, body_text, heads, record
from guatu.domain.clock import LATEST, fixed, today
from guatu.domain.errors import BadInput, NotAllowed
from guatu.domain.pack.schema import Pack
from guatu.domain.words import gettext as _
from guatu.records.models import Batch, Campaign, Deployment, PackVersion, Tree, Unit

CAMPAIGN_KEY = re.compile(r"[a-z][a-z0-9-]{0,39}")


def create_tree(actor: Actor, *, key: str, name: str) -> Tree:
    """A new tree of units."""
    require(actor, "set_up")
    if Tree.objects.filter(key=key).exists():
        raise BadInput(_("已有代码为“{key}”的树。请换一个代码。"), key=key)
    with transaction.atomic():
        tree = Tree.objects.create(key=key, name=name)
        body = body_text({}, {"key": key, "name": name})
        record(actor, action="setup.tree", changes=[Change("tree", tree.pk, 0, "", today(), body)])
    return tree


def mark_demo(actor: Actor, *, day: date) -> None:
    """Say that this home holds a demonstration whose day is `day`; refused where a campaign is at work already."""
    require(actor, "set_up")
    if Campaign.objects.filter(synthetic=False).exists():
        raise BadInput(_("这里已有正式数据，不能改作演示。请另设数据目录（GUATU_HOME）。"))
    with transaction.atomic():
        Deployment.objects.filter(pk=1).update(demo=True, demo_day=day)
        body = body_text({}, {"demo": True, "demo_day": day.isoformat()})
        previous = Batch.objects.filter(action="setup.demo").count()
        if previous:
            raise BadInput(_("演示数据已经装好。请直接启动，或另设数据目录（GUATU_HOME）。"))
        record(actor, action="setup.demo", changes=[Change("deployment", 1, 0, "", today(), body)])


def move_demo_day(actor: Actor, *, day: date) -> None:
    """Let a demonstration's clock stand on a later day, as if the days between had gone by; it never goes back.

    What has come due by then is not done here: the worker does it, or `guatu tick`. Raises BadInput elsewhere than in a
    demonstration, for a day before the one it stands on, and for one that no calendar reaches.
    """
    require(actor, "set_up")
    here = Deployment.objects.get(pk=1)
    if not here.demo or here.demo_day is None:
        raise BadInput(_("这里不是演示数据，日期不能改。请在演示的数据目录中使用。"))
    if day < here.demo_day:
        raise BadInput(_("数据日已是 {now}，不能退回 {day}。请填以后的日期。"), now=here.demo_day, day=day)
    if day > LATEST:
        raise BadInput(_("{day} 太晚，数据日最晚为 {last}。请核对。"), day=day, last=LATEST)
    if day == here.demo_day:
        return
    head = heads("deployment", [1]).get(1, NO_HEAD)
    body = body_text({}, {"demo": True, "demo_day": day.isoformat()})
    with fixed(day), transaction.atomic():
        Deployment.objects.filter(pk=1).update(demo_day=day)
        change = Change("deployment", 1, head.version, head.hash, day, body)
        record(actor, action="setup.demo_day", changes=[change])


def create_campaign(
    actor: Actor,
    *,
    key: str,
    name: str,
    short_name: str,
    pack: Pack,
    tree: Tree,
    root: Unit,
    starts_on: date,
    ends_on: date | None = None,
    wave: str = "",
    zone: str = "Asia/Shanghai",
    overlay: Mapping[str, Any] | None = None,
    synthetic: bool = False,
) -> Campaign:
    """Start a campaign that holds `pack` as it is now; later changes of the folder do not touch it.

    The root must stand in the tree today, at a level that the pack knows, within the actor's reach.
    Whoever starts one holds a post in every campaign: one that does not would not reach what it has started.
    """
    require(actor, "open_campaign", root)
    if not may(actor.everywhere(), "open_campaign", root):
        raise NotAllowed(
            _("您的身份（{post}）只在一项专项工作中有效，不能另建专项工作。请联系系统管理员。"),
            post=actor.post_label,
        )
    if not CAMPAIGN_KEY.fullmatch(key):
        raise BadInput(
            _("专项工作的代码“{key}”不能用。请用小写字母开头，只含小写字母、数字和连字符，最多 40 个字符。"),
            key=key[:60],
        )
    if root.level not in {level.key for level in pack.head.levels}:
        raise BadInput(
            _("{unit} 的层级“{level}”不在专项模板“{pack}”的层级中。请另选根单位，或先改好单位的层级。"),
            unit=root.short_name,
            level=root.level,
            pack=pack.name,
        )
    if Campaign.objects.filter(key=key).exists():
        raise BadInput(_("已有代码为“{key}”的专项工作。请换一个代码。"), key=key)
    if ends_on is not None and ends_on < starts_on:
        raise BadInput(_("结束日 {end} 早于开始日 {start}。请核对。"), end=ends_on, start=starts_on)
    with transaction.atomic():
        version, _created = PackVersion.objects.get_or_create(
            sha256=pack.sha256,
            defaults={"key": pack.key, "version": pack.version, "body": pack.canonical},
        )
        campaign = Campaign.objects.create(
            key=key,
            name=name,
            short_name=short_name,
            pack=version,
            overlay=dict(overlay or {}),
            tree=tree,
            root=root,
            wave=wave,
            starts_on=starts_on,
            ends_on=ends_on,
            zone=zone,
            synthetic=synthetic,
        )
        body = body_text({}, campaign_plain(campaign), pack=pack.sha256)
        change = Change("campaign", campaign.pk, 0, "", starts_on, body)
        record(actor, action="setup.campaign", campaign=campaign, changes=[change])
    return campaign


def campaign_plain(campaign: Campaign) -> dict[str, Any]:
    """What a revision of a campaign says of it."""
    return {
        "key": campaign.key,
        "name": campaign.name,
        "short_name": campaign.short_name,
        "pack": campaign.pack.sha256,
        "overlay": dict(campaign.overlay),
        "tree": campaign.tree.key,
        "root": campaign.root_id,
        "wave": campaign.wave,
        "starts_on": campaign.starts_on.isoformat(),
        "ends_on": campaign.ends_on.isoformat() if campaign.ends_on else None,
        "zone": campaign.zone,
        "synthetic": campaign.synthetic,
    }
