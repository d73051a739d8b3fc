"""The channels of an installation, as the file says that the environment names: one mail server, any number of groups.

Secrets stand in this file only. They are kept as `SecretStr`, which shows no value when it is printed.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from typing import Annotated, Any, Literal
from urllib.parse import urlsplit

from pydantic import BaseModel, ConfigDict, SecretStr, ValidationError, field_validator
from pydantic import Field as Rule

from guatu.domain.errors import BadInput
from guatu.domain.words import gettext as _

MAIL = "email"
INBOX = "inbox"
Service = Literal["wecom", "dingtalk", "feishu"]
HOSTS: Mapping[str, str] = {
    "wecom": "https://qyapi.weixin.qq.com",
    "dingtalk": "https://oapi.dingtalk.com",
    "feishu": "https://open.feishu.cn",
}


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, hide_input_in_errors=True)


class Mail(_Part):
    """The mail server. `domains`: only addresses below these are written to (none: all)."""

    host: Annotated[str, Rule(min_length=1)]
    port: Annotated[int, Rule(ge=1, le=65535)] = 465
    security: Literal["tls", "starttls", "none"] = "tls"
    user: str = ""
    password: SecretStr = SecretStr("")
    sender: Annotated[str, Rule(pattern=r"^[^@\s]+@[^@\s]+$")]
    domains: tuple[str, ...] = ()
    per_minute: Annotated[int, Rule(ge=1, le=1000)] = 60

    def takes(self, address: str) -> bool:
        """Whether the house writes to this address."""
        return not self.domains or address.rpartition("@")[2].lower() in {one.lower() for one in self.domains}


class Group(_Part):
    """One group chat: its bot's token and secret, and below which unit it is told of what is due.

    `campaign`: only this one. `at_mobiles`: the people in question are called upon by their telephones.
    """

    name: Annotated[str, Rule(min_length=1, max_length=40)]
    service: Service
    token: Annotated[SecretStr, Rule(min_length=8)]
    secret: SecretStr = SecretStr("")
    unit: Annotated[str, Rule(min_length=1)]
    campaign: str = ""
    at_mobiles: bool = False

    @property
    def key(self) -> str:
        """What names the channel in the tables."""
        return f"{self.service}:{self.name}"


class Channels(_Part):
    """Everything that is configured."""

    mail: Mail | None = None
    hosts: Mapping[Service, str] = {}
    group: tuple[Group, ...] = ()

    @field_validator("hosts")
    @classmethod
    def _web_address(cls, hosts: Mapping[str, str]) -> Mapping[str, str]:
        for host in hosts.values():
            parts = urlsplit(host)
            if parts.scheme not in ("http", "https") or not parts.netloc or parts.path.strip("/"):
                raise ValueError("https://…")
        return hosts

    def host(self, service: str) -> str:
        """Where the service is asked, without a slash at the end."""
        named = {str(one): host for one, host in self.hosts.items()}
        return named.get(service, HOSTS[service]).rstrip("/")

    def named(self, key: str) -> Group | None:
        """The group with this key."""
        return next((group for group in self.group if group.key == key), None)

    @property
    def keys(self) -> tuple[str, ...]:
        """The channels that lead out of the house, mail first."""
        return ((MAIL,) if self.mail is not None else ()) + tuple(group.key for group in self.group)


NONE = Channels()


def read_channels(text: str, name: str) -> Channels:
    """The channels in this text of the file `name`. Raises BadInput that names the place, never a value."""
    try:
        given: dict[str, Any] = tomllib.loads(text)
    except tomllib.TOMLDecodeError as failure:
        raise BadInput(
            _("通知通道的配置文件“{file}”无法识别：{why}。请按 TOML 格式改正。"), file=name, why=str(failure)
        ) from None
    try:
        channels = Channels.model_validate(given)
    except ValidationError as failure:
        first = failure.errors(include_input=False, include_url=False)[0]
        place = ".".join(str(part) for part in first["loc"])
        raise BadInput(
            _("通知通道的配置文件“{file}”中的 {place} 不对（{why}）。请对照说明改正。"),
            file=name,
            place=place,
            why=first["msg"],
        ) from None
    for what, values in (
        (_("群名称"), [group.key for group in channels.group]),
        (_("机器人令牌"), [group.token.get_secret_value() for group in channels.group]),
    ):
        if len(set(values)) < len(values):
            raise BadInput(
                _("通知通道的配置文件“{file}”中有两个群的{what}相同。请各用各的。"), file=name, what=what
            )
    return channels


def masked(secret: str) -> str:
    """The last four characters of a long secret, so that two can be told apart; of a short one nothing."""
    return f"····{secret[-4:]}" if len(secret) >= 16 else "····"
