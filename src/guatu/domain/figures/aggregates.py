"""What a figure does with the items or units it counts: one class for each way, listed in `Agg`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field, model_serializer

from guatu.domain.figures.conditions import Closed, Where, tuples
from guatu.domain.words import gettext as _
from guatu.domain.words import listed


class Count(Closed):
    """How many items or units there are."""

    kind: Literal["count"] = "count"

    @model_serializer(mode="plain")
    def _plain(self) -> str:
        return "count"


class Distinct(Closed):
    """How many different combinations of these attributes occur; an empty one counts for nothing."""

    kind: Literal["distinct"] = "distinct"
    fields: tuple[str, ...] = Field(min_length=1, max_length=4)

    @model_serializer(mode="plain")
    def _plain(self) -> dict[str, object]:
        return {"distinct": list(self.fields)}


class Sum(Closed):
    """The sum of a field, or of a kind of head-count. Missing is not zero: it adds nothing and is not reported."""

    kind: Literal["sum"] = "sum"
    field: str

    @model_serializer(mode="plain")
    def _plain(self) -> dict[str, object]:
        return {"sum": self.field}


class Union(Closed):
    """Items that belong to one of several counted sets of the same register, each once."""

    kind: Literal["union"] = "union"
    keys: tuple[str, ...] = Field(min_length=2, max_length=8)

    @model_serializer(mode="plain")
    def _plain(self) -> dict[str, object]:
        return {"union": list(self.keys)}


class Ratio(Closed):
    """`part` ÷ `whole`, both counted on one roster; null when the whole is 0 or less than `least`."""

    kind: Literal["ratio"] = "ratio"
    part: str
    whole: str
    least: int = Field(default=1, ge=1)

    @model_serializer(mode="plain")
    def _plain(self) -> dict[str, object]:
        told: dict[str, object] = {"ratio": [self.part, self.whole]}
        return told if self.least == 1 else {**told, "least": self.least}


class Yoy(Closed):
    """This year's sum against last year's: same months, same units (同比)."""

    kind: Literal["yoy"] = "yoy"
    key: str

    @model_serializer(mode="plain")
    def _plain(self) -> dict[str, object]:
        return {"yoy": self.key}


class Every(Closed):
    """Each of these figures meets the claim."""

    kind: Literal["every"] = "every"
    keys: tuple[str, ...] = Field(min_length=1, max_length=20)

    @model_serializer(mode="plain")
    def _plain(self) -> dict[str, object]:
        return {"every": list(self.keys)}


class All(Closed):
    """Every item of the set meets `where`: true, false, or null when the set is empty."""

    kind: Literal["all"] = "all"
    where: Where

    @model_serializer(mode="plain")
    def _plain(self) -> dict[str, object]:
        return {"all": self.where.model_dump(mode="json")}


class Const(Closed):
    """A number that somebody else fixed, with the document that says so."""

    kind: Literal["const"] = "const"
    value: int = Field(ge=0)
    document: str = Field(min_length=1)

    @model_serializer(mode="plain")
    def _plain(self) -> dict[str, object]:
        return {"const": {"value": self.value, "document": self.document}}


_AGGREGATES = frozenset({"distinct", "sum", "union", "ratio", "yoy", "every", "all", "const"})


def _read_agg(given: Any) -> Any:
    """`count` or a mapping with one key, as the tagged form pydantic discriminates on."""
    if given == "count":
        return {"kind": "count"}
    if isinstance(given, Closed) or (isinstance(given, Mapping) and "kind" in given):
        return given
    if isinstance(given, Mapping) and set(given) == {"ratio", "least"}:
        return {**_read_agg({"ratio": given["ratio"]}), "least": given["least"]}
    if not isinstance(given, Mapping) or len(given) != 1 or set(given) - _AGGREGATES:
        raise ValueError(
            _(
                "agg 不能写“{value}”。请写 count，或 {allowed} 之一（只写一种），例如 {{sum: solved}}。"
            ).format(value=given, allowed=listed(sorted(_AGGREGATES)))
        )
    ((kind, inside),) = given.items()
    match kind:
        case "distinct":
            return {"kind": kind, "fields": tuples(inside if isinstance(inside, list | tuple) else [inside])}
        case "sum":
            return {"kind": kind, "field": inside}
        case "union" | "every":
            return {"kind": kind, "keys": tuples(inside)}
        case "ratio":
            if not isinstance(inside, list | tuple) or len(inside) != 2:
                raise ValueError(_("ratio 应写成 [分子, 分母] 两个统计项。请补齐。"))
            return {"kind": kind, "part": inside[0], "whole": inside[1]}
        case "yoy":
            return {"kind": kind, "key": inside}
        case "all":
            return {"kind": kind, "where": inside}
        case "const" if isinstance(inside, Mapping):
            return {"kind": kind, **inside}
    raise ValueError(_("const 应写成 {value: 数值, document: 出处}。请补齐。"))


Agg = Annotated[
    Annotated[
        Count | Distinct | Sum | Union | Ratio | Yoy | Every | All | Const, Field(discriminator="kind")
    ],
    BeforeValidator(_read_agg),
]
