"""Step 1: the uppermost unit, the three administrators and the first person of the office."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from guatu.access import Actor
from guatu.access.password_rules import refuse_weak_password
from guatu.actions.accounts import rename_person, set_password
from guatu.actions.founding import FIRST_ROLES, FirstPerson, found_house, house_as
from guatu.domain.errors import BadInput
from guatu.domain.pack import builtin_pack, builtin_packs
from guatu.queries.house import HouseState, KeyHolder, key_holders, role_word
from guatu.queries.sleeping import sleeping_people
from guatu.records.models import Unit

ACCOUNT = r"^[\w.@-]{2,60}$"
TASKS = {
    "system_admin": gettext_lazy("装入单位和人员，维护系统；看不到业务数据。"),
    "security_admin": gettext_lazy("管理账号和密码；看不到业务数据。"),
    "audit_admin": gettext_lazy("查看留痕和审计；看不到业务数据。"),
    "office": gettext_lazy("专项工作办公室的第一位人员：导入、分解、调度、写总结。"),
}


def text_in(label: object, missing: object, most: int, **attrs: str) -> forms.CharField:
    """One required line of text with its own sentence for an empty one."""
    return forms.CharField(
        label=label,
        max_length=most,
        error_messages={"required": missing},
        widget=forms.TextInput(attrs={"class": "in", **attrs}),
    )


class HouseForm(forms.Form):
    """The uppermost unit."""

    name = text_in(gettext_lazy("集团名称"), gettext_lazy("请填写集团名称。"), 120)
    short_name = forms.CharField(
        label=gettext_lazy("简称"),
        max_length=40,
        required=False,
        help_text=gettext_lazy("表格和图上用的名称，不填则与名称相同"),
        widget=forms.TextInput(attrs={"class": "in"}),
    )
    code = text_in(gettext_lazy("单位代码"), gettext_lazy("请填写单位代码，例如 HQ。"), 40)


class PersonForm(forms.Form):
    """One of the first four people."""

    name = text_in(gettext_lazy("姓名"), gettext_lazy("请填写姓名。"), 60)
    username = forms.RegexField(
        regex=ACCOUNT,
        label=gettext_lazy("账号"),
        error_messages={
            "required": gettext_lazy("请填写账号。"),
            "invalid": gettext_lazy("账号用 2 至 60 个字母、数字、汉字或 . _ - @，中间不留空格。"),
        },
        widget=forms.TextInput(attrs={"class": "in", "autocomplete": "off"}),
    )
    password = forms.CharField(
        label=gettext_lazy("密码"),
        strip=False,
        error_messages={"required": gettext_lazy("请填写密码。")},
        widget=forms.PasswordInput(attrs={"class": "in", "autocomplete": "new-password"}),
    )
    again = forms.CharField(
        label=gettext_lazy("再输入一次"),
        strip=False,
        error_messages={"required": gettext_lazy("请再输入一次密码。")},
        widget=forms.PasswordInput(attrs={"class": "in", "autocomplete": "new-password"}),
    )

    def clean(self) -> dict[str, Any]:
        """The two passwords are one, and it is none that anybody would guess."""
        given = super().clean() or {}
        first, second = given.get("password"), given.get("again")
        if first and second and first != second:
            self.add_error("again", _("两次输入的密码不一样。请重新输入。"))
        if first:
            try:
                refuse_weak_password(first, given.get("username", ""), given.get("name", ""))
            except BadInput as failure:
                self.add_error("password", str(failure))
        return given


@dataclass(frozen=True, slots=True)
class PersonPart:
    """The form of one person with what the role is for."""

    role: str
    label: str
    task: str
    form: PersonForm


@dataclass(frozen=True, slots=True)
class Account:
    """What was typed to correct an account; the passwords are not shown again."""

    username: str
    name: str


@dataclass(frozen=True, slots=True)
class HousePage:
    """`form` and `parts` while the house is empty; afterwards who holds its keys."""

    house: HouseState
    least: int
    form: HouseForm | None = None
    parts: tuple[PersonPart, ...] = ()
    keepers: tuple[KeyHolder, ...] = ()
    sentence: str = ""
    account: Account | None = None
    account_sentence: str = ""
    asleep: int = 0


def house_page(actor: Actor, house: HouseState, *, empty: bool) -> HousePage:
    """The forms of an empty house, or what stands."""
    if empty:
        return HousePage(house, settings.GUATU_PASSWORD_LEAST, HouseForm(), _parts())
    return HousePage(
        house, settings.GUATU_PASSWORD_LEAST, keepers=key_holders(actor), asleep=len(sleeping_people(actor))
    )


def read_house(data: Any, house: HouseState, actor: Actor) -> tuple[Unit | None, HousePage]:
    """Found the house with what was typed; without a unit the page says beside each field what is wrong."""
    form, parts = HouseForm(data), _parts(data)
    checked = [form.is_valid(), *(part.form.is_valid() for part in parts)]
    page = HousePage(house, settings.GUATU_PASSWORD_LEAST, form, parts)
    if not all(checked):
        return None, page
    pack = builtin_pack(next(iter(builtin_packs())))
    people = [
        FirstPerson(
            part.role,
            part.form.cleaned_data["username"],
            part.form.cleaned_data["name"],
            part.form.cleaned_data["password"],
        )
        for part in parts
    ]
    try:
        return found_house(actor, house=house_as(pack, **form.cleaned_data), people=people), page
    except BadInput as failure:
        return None, HousePage(house, settings.GUATU_PASSWORD_LEAST, form, parts, sentence=str(failure))


def correct_account(data: Any, actor: Actor) -> str:
    """Write a new name or password for an account; the sentence that says what was done. BadInput beside the form."""
    username, name = data.get("username", "").strip(), data.get("name", "").strip()
    password = data.get("password", "")
    if not name and not password:
        raise BadInput(_("没有填写新的姓名或密码，未作修改。请填写后再保存。"))
    if password != data.get("again", ""):
        raise BadInput(_("两次输入的密码不一样。请重新输入。"))
    if name:
        rename_person(actor, username=username, name=name)
    if password:
        set_password(actor, username=username, password=password)
    return _("“{account}”已更新。").format(account=username)


def first_office(parts: Sequence[PersonPart]) -> str:
    """The account of the office's first person, who goes on."""
    return next(str(part.form.cleaned_data["username"]) for part in parts if part.role == "office")


def _parts(data: Any = None) -> tuple[PersonPart, ...]:
    return tuple(
        PersonPart(role, role_word(role), str(TASKS[role]), PersonForm(data, prefix=role))
        for role in FIRST_ROLES
    )
