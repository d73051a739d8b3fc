"""The one table of services that lead out of the house."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from guatu.domain.reminding.channels import MAIL, Channels, Group
from guatu.domain.words import gettext as _
from guatu.domain.words import gettext_noop
from guatu.exchange.notifiers.base import Notifier
from guatu.exchange.notifiers.dingtalk import DingTalk
from guatu.exchange.notifiers.email import Email
from guatu.exchange.notifiers.feishu import Feishu
from guatu.exchange.notifiers.wecom import WeCom


@dataclass(frozen=True, slots=True)
class Service:
    """A service: what it is called, and how a channel of it is opened."""

    label: str
    open: Callable[[Channels, Group | None], Notifier]


def _email(channels: Channels, _group: Group | None) -> Notifier:
    assert channels.mail is not None  # only what is configured is opened
    return Email(channels.mail)


def _of_a_group(kind: Callable[[Channels, Group], Notifier]) -> Callable[[Channels, Group | None], Notifier]:
    def opened(channels: Channels, group: Group | None) -> Notifier:
        assert group is not None  # only what is configured is opened
        return kind(channels, group)

    return opened


NOTIFIERS: Mapping[str, Service] = {
    MAIL: Service(gettext_noop("电子邮件"), _email),
    "wecom": Service(gettext_noop("企业微信"), _of_a_group(WeCom)),
    "dingtalk": Service(gettext_noop("钉钉"), _of_a_group(DingTalk)),
    "feishu": Service(gettext_noop("飞书"), _of_a_group(Feishu)),
}


def opened(channels: Channels, key: str) -> Notifier:
    """The notifier of a configured channel. KeyError for a service that is not in the table."""
    return NOTIFIERS[key.partition(":")[0]].open(channels, channels.named(key))


def label_of(key: str) -> str:
    """How a channel is called: the service, and the group's name behind it."""
    service, _colon, name = key.partition(":")
    known = NOTIFIERS.get(service)
    label = _(known.label) if known is not None else service
    return _("{service}：{name}").format(service=label, name=name) if name else label
