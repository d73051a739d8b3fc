"""The `where` of a figure: which items or units count.

In a pack a condition is a mapping of names to what is wanted:

    where: {phase: closed}                      one value
    where: {phase: [open, review]}              any of several
    where: {kind: {not: push}}                  none of these
    where: {solved: {least: 1, most: 9}}        a number (both ends included)
    where: {brand: {filled: true}}              given at all
    where: {late: true}                         open, the unit's clock not stopped, and due before the day
    where: {fallen_due: true}                   due on or before the day, whatever became of it, the clock not stopped
    where: {on_time: true}                      closed, and applied for in the closing round by the base due day
    where: {review_overdue: true}               under review for longer than the reviewer has
    where: {level: third, has_team: true}       units: level, sector, and what stands behind a unit
    where: {has_posts: {own: [filler, head], above: [liaison]}}
    where: {has_items: {register: supervision, where: {kind: visit}, team: team}}

All entries must hold. Names are the register's fields and the standard attributes of `STANDARD`.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from decimal import Decimal
from typing import Annotated, Any, Self

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    SerializerFunctionWrapHandler,
    model_serializer,
    model_validator,
)

from guatu.domain.words import gettext as _

Scalar = bool | int | Decimal | str

IN_TIME = ("late", "fallen_due", "on_time", "review_overdue")
"""Attributes that are true or false of an item on a day (docs/clocks.md)."""

STANDARD = ("state", "phase", "unit", "task", "parent", "start", "due", "round", *IN_TIME)
"""Attributes that every item has; all other names are the fields of the register."""

OF_UNITS = ("level", "sector")
"""Attributes of a unit that may be asked for in `where`."""

PHASES = ("draft", "open", "review", "closed", "void")


def tuples(given: object) -> object:
    """`given` with its lists as tuples, so that what a before-validator hands on also passes strict validation."""
    return tuple(given) if isinstance(given, list) else given


def _exact(given: object) -> object:
    """A number of a pack without binary rounding: YAML's 0.5 and the stored "0.5" are the same decimal."""
    if isinstance(given, float) or (isinstance(given, str) and _NUMBER.fullmatch(given)):
        return Decimal(str(given))
    return given


_NUMBER = re.compile(r"-?\d+(\.\d+)?")
Exact = Annotated[int | Decimal, BeforeValidator(_exact)]


class Closed(BaseModel):
    """A frozen model that takes no key but its own."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Test(Closed):
    """What is asked of one attribute. Exactly one kind of demand is made (see the module's examples)."""

    __test__ = False  # not a test case, whatever its name makes pytest think

    name: str
    any_of: tuple[Scalar, ...] = ()
    none_of: tuple[Scalar, ...] = ()
    least: Exact | None = None
    most: Exact | None = None
    filled: bool | None = None

    @model_validator(mode="after")
    def _asks_something(self) -> Self:
        numeric = self.least is not None or self.most is not None
        if sum((bool(self.any_of), bool(self.none_of), numeric, self.filled is not None)) != 1:
            raise ValueError(
                _(
                    "条件“{name}”应写一个值、一组值，或 not、least/most、filled 之一。请只保留一种写法。"
                ).format(name=self.name)
            )
        return self

    def plain(self) -> object:
        """The demand as a pack writes it."""
        if self.any_of:
            return self.any_of[0] if len(self.any_of) == 1 else list(self.any_of)
        if self.none_of:
            return {"not": list(self.none_of)}
        if self.filled is not None:
            return {"filled": self.filled}
        return {k: v for k, v in (("least", self.least), ("most", self.most)) if v is not None}


class HasPosts(Closed):
    """Roles that must be filled by somebody: on the unit itself, or on a unit above it."""

    own: tuple[str, ...] = ()
    above: tuple[str, ...] = ()

    @model_validator(mode="before")
    @classmethod
    def _own_is_meant(cls, given: Any) -> Any:
        if isinstance(given, list | tuple):
            return {"own": tuples(given)}
        return {key: tuples(roles) for key, roles in given.items()} if isinstance(given, Mapping) else given


class HasItems(Closed):
    """The unit leads at least one item of `register` that meets `where`.

    `team` names the field that holds a team: then only items of a team to which the unit is assigned count.
    """

    register_key: str
    where: Where | None = None
    team: str | None = None

    @model_validator(mode="before")
    @classmethod
    def _register(cls, given: Any) -> Any:
        if isinstance(given, Mapping) and "register" in given:
            return {**{k: v for k, v in given.items() if k != "register"}, "register_key": given["register"]}
        return given

    @model_serializer(mode="plain")
    def _plain(self) -> dict[str, object]:
        plain: dict[str, object] = {"register": self.register_key}
        if self.where is not None:
            plain["where"] = self.where.model_dump(mode="json")
        if self.team is not None:
            plain["team"] = self.team
        return plain


class Where(Closed):
    """A conjunction of demands; written and stored as the mapping shown in the module's examples."""

    tests: tuple[Test, ...] = ()
    has_team: bool | None = None
    has_posts: HasPosts | None = None
    has_items: HasItems | None = None

    @model_validator(mode="before")
    @classmethod
    def _from_mapping(cls, given: Any) -> Any:
        if not isinstance(given, Mapping):
            return given
        special = {k: given[k] for k in ("has_team", "has_posts", "has_items") if k in given}
        tests = tuple({"name": k, **_demand(k, value)} for k, value in given.items() if k not in special)
        return {"tests": tests, **special}

    @model_serializer(mode="wrap")
    def _plain(self, _handler: SerializerFunctionWrapHandler) -> dict[str, object]:
        plain: dict[str, object] = {test.name: _jsonable(test.plain()) for test in self.tests}
        if self.has_team is not None:
            plain["has_team"] = self.has_team
        if self.has_posts is not None:
            plain["has_posts"] = self.has_posts.model_dump(mode="json")
        if self.has_items is not None:
            plain["has_items"] = self.has_items.model_dump(mode="json")
        return plain

    def asks(self) -> frozenset[str]:
        """Each demand as a comparable string: a set that contains another one's asks for at least as much."""
        return frozenset(f"{name}={value!r}" for name, value in self.model_dump(mode="json").items())

    @property
    def of_units(self) -> bool:
        """Whether something is asked that only a unit can have."""
        return self.has_team is not None or self.has_posts is not None or self.has_items is not None


def _demand(name: str, value: Any) -> dict[str, Any]:
    if isinstance(value, Mapping):
        given = dict(value)
        if "not" in given:
            none_of = given.pop("not")
            given["none_of"] = tuples(none_of if isinstance(none_of, list | tuple) else [none_of])
        return given
    if value is None or value == [] or value == ():
        raise ValueError(_("条件“{name}”没有写值。请写一个值，或写 filled: false。").format(name=name))
    return {"any_of": tuples(value if isinstance(value, list | tuple) else [value])}


def _jsonable(value: object) -> object:
    if isinstance(value, Decimal):
        return str(value)
    if isinstance(value, list):
        return [_jsonable(one) for one in value]
    if isinstance(value, dict):
        return {key: _jsonable(one) for key, one in value.items()}
    return value


HasItems.model_rebuild()
