"""The columns of a unit workbook."""

from __future__ import annotations

import re
from datetime import date
from typing import Any

from guatu.domain.imports.columns import (
    Column,
    code_of,
    day_of,
    heading,
    labels,
    names_of,
    option_of,
    text_of,
    whole_number,
)
from guatu.domain.imports.grid import Cell
from guatu.domain.imports.unit_plan import Vocabulary
from guatu.domain.pack.base import Option
from guatu.domain.pack.schema import HeadCountKind
from guatu.domain.words import gettext as _

NONE_ABOVE = frozenset({"无", "-", "—", "——", "/", "none"})
_COUNTS = re.compile(r"[（(](?:人|名|家|个)[）)]$|人数$|数$|人$")


class Code(Column):
    """代码: never used again once a unit has had it."""

    identifier = "code"
    hint = _("必填。每家单位一个，不重复；设为文本格式，可带前导零。")
    title = _("代码")
    also = ("单位代码", "单位编码", "编码", "机构代码", "组织代码", "单位编号", "code", "unit code")

    def clean(self, cell: Cell) -> str:
        """The code as text."""
        return code_of(cell)


class Name(Column):
    """名称: the full name."""

    identifier = "name"
    wide = 30
    hint = _("必填。单位全称；改名时直接填新名称，原名称自动记入曾用名。")
    title = _("名称")
    also = ("单位名称", "单位全称", "全称", "机构名称", "单位", "name", "unit name", "unit")

    def clean(self, cell: Cell) -> str:
        """The name, at most 120 characters."""
        return text_of(cell, 120)


class ShortName(Column):
    """简称: what charts and lists say."""

    identifier = "short_name"
    hint = _("作战图和清单上显示的名称，最多 40 字；不填时与名称相同。")
    title = _("简称")
    also = ("单位简称", "短名", "short name", "short")

    def clean(self, cell: Cell) -> str:
        """The short name, at most 40 characters."""
        return text_of(cell, 40)


class ParentCode(Column):
    """上级代码: empty for the top of the tree."""

    identifier = "parent_code"
    hint = _("上级单位的代码；最上级单位留空。")
    title = _("上级代码")
    also = (
        "上级单位代码",
        "上级编码",
        "上级单位编码",
        "父级代码",
        "上级机构代码",
        "parent code",
        "parent",
    )

    def clean(self, cell: Cell) -> str:
        """The code or, where somebody wrote it here, the name of the unit above; '' for none."""
        text = text_of(cell, 120)
        if text.lower() in NONE_ABOVE:
            return ""
        return code_of(cell) if not isinstance(cell, str) else text


class ParentName(Column):
    """上级单位: by name, short name, alias or former name, matched exactly."""

    identifier = "parent_name"
    in_template = False
    wide = 24
    title = _("上级单位")
    also = ("上级单位名称", "上级名称", "上级", "主管单位", "隶属单位", "parent name", "parent unit")

    def clean(self, cell: Cell) -> str:
        """The name; '' for none."""
        text = text_of(cell, 120)
        return "" if text.lower() in NONE_ABOVE else text


class Level(Column):
    """层级, as the pack declares them."""

    identifier = "level"

    def __init__(self, options: tuple[Option, ...]) -> None:
        self._options = options
        self.choices = labels(options)

    hint = _("从下拉列表中选。")
    title = _("层级")
    also = ("单位层级", "级次", "管理层级", "level")

    def clean(self, cell: Cell) -> str:
        """The level's key."""
        return option_of(cell, self._options)


class Sector(Column):
    """板块, as the pack declares them; inherited below."""

    identifier = "sector"
    wide = 20

    def __init__(self, options: tuple[Option, ...]) -> None:
        self._options = options
        self.choices = labels(options)

    hint = _("从下拉列表中选；与上级相同的可不填。")
    title = _("板块")
    also = ("所属板块", "业务板块", "产业板块", "sector")

    def clean(self, cell: Cell) -> str:
        """The sector's key."""
        return option_of(cell, self._options)


class Aliases(Column):
    """别名: other names under which texts speak of the unit; they replace those known."""

    identifier = "aliases"
    wide = 20
    hint = _("其他叫法，多个用“、”隔开。")
    title = _("别名")
    also = ("又名", "其他名称", "aliases", "alias")

    def clean(self, cell: Cell) -> tuple[str, ...]:
        """The names, each once."""
        return names_of(cell)


class FormerNames(Column):
    """曾用名: added to those known, never taken away."""

    identifier = "former_names"
    wide = 20
    hint = _("改名前的名称，多个用“、”隔开；只增不减。")
    title = _("曾用名")
    also = ("曾用名称", "原名称", "原名", "former names", "former name")

    def clean(self, cell: Cell) -> tuple[str, ...]:
        """The names, each once."""
        return names_of(cell)


class HeadCount(Column):
    """人数 of one kind that the pack declares, 本级 only."""

    identifier = "head_counts"
    hint = _("本级人数，不含下级单位；0 或正整数，不清楚的留空。")

    def __init__(self, kind: HeadCountKind) -> None:
        self.kind = kind

    @property
    def label(self) -> str:
        """领导干部人数."""
        return _("{kind}人数").format(kind=self.kind.label)

    def recognises(self, cell: Cell) -> bool:
        """领导干部, 领导干部人数, 领导干部（人）, 领导干部数, 本级领导干部人数 or the key."""
        found = heading(cell)
        bare = _COUNTS.sub("", _COUNTS.sub("", found)).removeprefix("本级")
        return bare == heading(self.kind.label) or found == self.kind.key

    def clean(self, cell: Cell) -> int:
        """A whole number from 0."""
        return whole_number(cell)

    def assign(self, value: Any, draft: dict[str, Any]) -> None:
        """Under its kind; an empty cell is not zero."""
        if value is not None:
            draft.setdefault("head_counts", {})[self.kind.key] = value


class ValidFrom(Column):
    """生效日期: from when on what the row says holds."""

    identifier = "day"
    hint = _("从哪一天起如此，如 2026-01-01；不填时为导入时选定的日期。")
    title = _("生效日期")
    also = (
        "生效日",
        "起始日期",
        "启用日期",
        "生效时间",
        "开始日期",
        "valid from",
        "from",
        "effective date",
    )

    def clean(self, cell: Cell) -> date:
        """The day."""
        return day_of(cell)


class Order(Column):
    """排序: the place among those of the same parent."""

    identifier = "order"
    hint = _("同级单位的先后；不填时按表中顺序。")
    title = _("排序")
    also = ("排序号", "顺序", "顺序号", "order")

    def clean(self, cell: Cell) -> int:
        """A whole number from 0."""
        return whole_number(cell, 1_000_000)


def unit_columns(words: Vocabulary) -> tuple[Column, ...]:
    """The columns in the template's order; `上级单位` is recognised and not in the template."""
    return (
        Code(),
        Name(),
        ShortName(),
        ParentCode(),
        ParentName(),
        Level(words.levels),
        Sector(words.sectors),
        Aliases(),
        FormerNames(),
        *(HeadCount(kind) for kind in words.head_counts),
        ValidFrom(),
        Order(),
    )
