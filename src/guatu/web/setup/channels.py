"""The channels as their page shows them: what is configured, how it fares, what did not go out."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.utils.translation import gettext as _

from guatu.domain.errors import GuatuError
from guatu.domain.reminding.channels import MAIL, NONE, Channels, masked
from guatu.exchange.notifiers.table import label_of
from guatu.queries.channels import Fares, channels, house_quiet, how_they_fare, readable_by_others, troubles
from guatu.queries.installation import installation
from guatu.queries.reminded import state_said

STEP = "setup-channels"
CAPABILITY = "keep_channels"


@dataclass(frozen=True, slots=True)
class ChannelShown:
    """One channel. `about` says where it leads, secrets masked; `configured` False: it was taken out of the file."""

    key: str
    label: str
    about: str
    configured: bool
    fares: Fares

    @property
    def stuck(self) -> int:
        """What the administrator may send again."""
        return self.fares.failed + self.fares.held


@dataclass(frozen=True, slots=True)
class TroubleShown:
    """Something that did not go out."""

    pk: int
    channel: str
    to: str
    state: str
    said: str
    attempts: int
    next_at: datetime | None
    made_at: datetime
    again: bool


@dataclass(frozen=True, slots=True)
class ChannelsPage:
    """`said`: what is wrong with the file; `address`: under which name links lead here, empty for none.
    `open_file`: others on the machine can read the file."""

    channels: tuple[ChannelShown, ...]
    troubles: tuple[TroubleShown, ...]
    quiet: tuple[str, str]
    address: str
    named: bool
    open_file: bool
    demo: bool
    said: str


def channels_page() -> ChannelsPage:
    """Everything that is configured and how it fares. Four statements."""
    said, known = "", NONE
    try:
        known = channels()
    except GuatuError as refused:
        said = str(refused)
    fares, quiet = how_they_fare(known.keys), house_quiet()
    return ChannelsPage(
        channels=tuple(
            ChannelShown(key, label_of(key), _about(known, key), key in known.keys, fares[key])
            for key in fares
        ),
        troubles=tuple(
            TroubleShown(
                pk=one.pk,
                channel=label_of(one.channel),
                to=one.to,
                state=state_said(one.state),
                said=one.said,
                attempts=one.attempts,
                next_at=one.next_at,
                made_at=one.made_at,
                again=one.state in ("failed", "held"),
            )
            for one in troubles()
        ),
        quiet=(f"{quiet.begins:%H:%M}", f"{quiet.ends:%H:%M}"),
        address=settings.GUATU_ADDRESS,
        named=bool(settings.GUATU_CHANNELS),
        open_file=readable_by_others(),
        demo=installation().demo,
        said=said,
    )


def _about(known: Channels, key: str) -> str:
    if key == MAIL and known.mail is not None:
        return _("{host}:{port}，发件人 {sender}").format(
            host=known.mail.host, port=known.mail.port, sender=known.mail.sender
        )
    group = known.named(key)
    if group is None:
        return _("配置文件中已没有这个通道，排队的消息不会发出。")
    return _("{host}，令牌 {token}，单位代码 {unit} 及以下").format(
        host=known.host(group.service), token=masked(group.token.get_secret_value()), unit=group.unit
    )
