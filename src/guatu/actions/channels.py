"""What people decide about being told: how, by which channel; and what the system administrator does for the channels.

All of it is desk data (docs/decisions/0160-outbox.md), but for the mail address: a personal value of the person, whose
salted hash alone stands in the history.
"""

from __future__ import annotations

import re
from datetime import time

from django.db import transaction

from guatu.access import Actor, require
from guatu.actions.accounts import last_said, write_person
from guatu.actions.outbox import TEST, WAITING
from guatu.domain.clock import now
from guatu.domain.errors import BadInput, NotFound
from guatu.domain.private import EMAIL, seal
from guatu.domain.reminding.channels import INBOX, MAIL
from guatu.domain.reminding.timing import Quiet
from guatu.domain.words import gettext as _
from guatu.queries.channels import addressee_of, channels, mail_addresses
from guatu.queries.installation import installation
from guatu.records.models import Batch, Delivery, NoticeChoice, Person, PersonalValue

LONGEST = 200
_ADDRESS = re.compile(
    r"[^@\s<>\",;:()\[\]\\]{1,64}@(?:[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?\.)+[A-Za-z]{2,24}"
)
LONGEST_QUIET = 16
"""Hours: somebody who is told nothing all day would not be reminded at all."""


def choose_notices(
    actor: Actor, *, email: bool, at_once: bool, quiet_from: time | None, quiet_to: time | None
) -> NoticeChoice:
    """Choose for oneself whether mail is sent too, whether what cannot wait goes at once, and one's own quiet hours.

    Raises BadInput for half a stretch of quiet hours, or one that leaves less than eight hours of the day.
    """
    if actor.person is None:
        raise BadInput(_("只有登录的人能选通知方式。请先登录。"))
    if (quiet_from is None) != (quiet_to is None):
        raise BadInput(_("免打扰时段要填起止两个时间，或者都不填。请补全。"))
    if quiet_from is not None and quiet_to is not None:
        quiet = Quiet(quiet_from, quiet_to)
        if sum(quiet.covers(time(minute // 60, minute % 60)) for minute in range(1440)) > LONGEST_QUIET * 60:
            raise BadInput(
                _("免打扰时段 {first} 至 {last} 太长，最多 {most} 小时。请缩短。"),
                first=f"{quiet_from:%H:%M}",
                last=f"{quiet_to:%H:%M}",
                most=LONGEST_QUIET,
            )
    row, _made = NoticeChoice.objects.update_or_create(
        person_id=actor.person,
        defaults={"email": email, "at_once": at_once, "quiet_from": quiet_from, "quiet_to": quiet_to},
    )
    return row


def note_mail_address(actor: Actor, *, address: str) -> Batch | None:
    """Note one's own mail address, or erase it with an empty one; None where nothing changes.

    Raises BadInput for what is no address, or for one outside the domains that the house writes to.
    """
    address = address.strip()
    if address:
        _refuse_bad_address(address)
    with transaction.atomic():
        person: Person | None = Person.objects.select_for_update().filter(pk=actor.person).first()
        if person is None:
            raise BadInput(_("只有登录的人能填写自己的邮箱。请先登录。"))
        if mail_addresses([person.pk]).get(person.pk, "") == address:
            return None
        head, plain = last_said(person)
        sealed = seal(address) if address else None
        body = {key: value for key, value in plain.items() if key != EMAIL}
        if sealed is not None:
            body[EMAIL] = sealed.stand_in
        batch = write_person(actor, person, head, body, action="people.email")
        person.save(update_fields=["version"])
        PersonalValue.objects.filter(person=person, field=EMAIL).delete()
        if sealed is not None:
            PersonalValue.objects.create(
                person=person, field=EMAIL, version=person.version, salt=sealed.salt, value=sealed.text
            )
    return batch


def _refuse_bad_address(address: str) -> None:
    if len(address) > LONGEST or _ADDRESS.fullmatch(address) is None:
        raise BadInput(
            _("邮箱“{address}”不是一个邮箱地址。请填成 name@example.com 的样子。"), address=address[:60]
        )
    mail = channels().mail
    if mail is not None and not mail.takes(address):
        raise BadInput(
            _("邮箱“{address}”不在可用的域名之内（{domains}）。请填单位邮箱。"),
            address=address[:60],
            domains="、".join(mail.domains),
        )


def send_test(actor: Actor, *, channel: str) -> Delivery:
    """Put a test message into the outbox: to the group, or by mail to the administrator; it ignores quiet hours.

    Raises NotFound for a channel that is not configured, BadInput without an address of one's own, or in a demonstration.
    """
    require(actor, "keep_channels")
    if channel not in channels().keys:
        raise NotFound(_("没有配置名为“{channel}”的通道。请核对配置文件。"), channel=channel[:60])
    if installation().demo:
        raise BadInput(_("演示不向外发送消息。正式安装后再试。"))
    if channel == MAIL and (actor.person is None or not mail_addresses([actor.person])):
        raise BadInput(_("测试邮件发给您本人，您还没有填写邮箱。请先在“我的账号 → 通知方式”填写。"))
    moment = now()
    return Delivery.objects.create(
        channel=channel,
        addressee=addressee_of(actor.person)
        if channel == MAIL and actor.person
        else f"g:{channel.partition(':')[2]}",
        fact=f"{TEST}:{moment.isoformat()}",
        person_id=actor.person if channel == MAIL else None,
        payload={"kind": TEST, "by": actor.name},
        urgent=True,
        state=WAITING,
        next_at=moment,
        made_at=moment,
    )


def retry_deliveries(actor: Actor, *, delivery: int | None = None, channel: str = "") -> int:
    """Send again what failed or is held: one, or everything of a channel; how many. It begins with fresh attempts.

    Raises NotFound where there is nothing of the kind, BadInput in a demonstration.
    """
    require(actor, "keep_channels")
    if installation().demo:
        raise BadInput(_("演示不向外发送消息。正式安装后再试。"))
    rows = Delivery.objects.filter(state__in=("failed", "held")).exclude(channel=INBOX)
    rows = rows.filter(pk=delivery) if delivery is not None else rows.filter(channel=channel)
    count = rows.update(state=WAITING, attempts=0, next_at=now(), error="", claim="", sent_at=None)
    if not count:
        raise NotFound(_("没有需要重发的消息，可能已经发出。请刷新后再看。"))
    return count
