"""From a filled form to a declaration, and back: what clicks can say of a figure.

A declaration is a mapping as a pack writes it (`domain.figures.grammar`); `values_of` fills the form from a figure that
stands. Nothing here judges: what does not fit is told by the pack's own checks.
"""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal, InvalidOperation
from typing import Any

from django.http import QueryDict
from django.utils.translation import gettext as _

from guatu.domain.errors import BadInput
from guatu.domain.figures.aggregates import Count, Distinct, Ratio, Sum, Yoy
from guatu.domain.figures.conditions import IN_TIME, Test
from guatu.domain.figures.grammar import PRINTS, Figure
from guatu.domain.figures.vocabulary import MANY, NUMERIC
from guatu.domain.pack import Pack
from guatu.domain.pack.figure_growing import declared
from guatu.domain.pack.figure_words import definition
from guatu.domain.pack.register import Field

SHARE, GROWTH = "share", "growth"
"""What is made of figures that stand, instead of counted over a register."""
STATES_AND_PHASES = ("phase", "state")
MEASURED = (*NUMERIC, "percent")
LONGEST = 18  # characters of a number in a condition
DRILL = 6
"""Columns of a new figure's records, taken from the front of its register's list."""


def asked_fields(pack: Pack, of: str) -> tuple[Field, ...]:
    """The fields of a register of which a condition can be asked: nothing private, nothing with several values."""
    register = pack.registers.get(of)
    if register is None:
        return ()
    return tuple(field for field in register.fields if not field.private and field.type not in MANY)


def declaration(pack: Pack, given: QueryDict) -> dict[str, Any]:
    """The declaration that a filled form makes, with an empty key. Raises BadInput for what is not filled in."""
    of, label = given.get("of", ""), given.get("label", "").strip()
    if not label:
        raise BadInput(_("请填写统计项的名称。"))
    said: dict[str, Any] = {"key": "made_0", "label": label, "definition": "–", **_counted(pack, of, given)}
    said["section"] = given.get("section", "").strip() or _("自建")
    if of not in (SHARE, GROWTH):
        if where := dict(_where(pack, of, given)):
            said["where"] = where
        said |= _standing(pack, of, given)
    say: dict[str, Any] = {}
    for name, key in (("measure", "measures"), ("noun", "nouns"), ("verb", "verbs")):
        if words := _words(given.get(name, "")):
            say[key] = words
    if "measures" not in say and of not in (SHARE, GROWTH):
        raise BadInput(_("请填写量词，例如“个”。"))
    say.setdefault("nouns", (label,))
    said["say"] = say
    show = PRINTS.get(given.get("print", "exact"), {})
    if of in (SHARE, GROWTH):
        show = {"places": int(given.get("places", "1"))} if given.get("places") in ("0", "2") else {}
    if show:
        said["show"] = show
    return said


def figure_of(pack: Pack, given: QueryDict) -> Figure:
    """The figure that a filled form declares; without a sentence of its own it is defined by the generated one."""
    figure = declared(declaration(pack, given))
    meant = given.get("meaning", "").strip()
    return figure.model_copy(update={"definition": meant or definition(pack, figure)})


def _words(text: str) -> tuple[str, ...]:
    for mark in "，,；; ":
        text = text.replace(mark, "、")
    return tuple(dict.fromkeys(word for word in text.split("、") if word))


def _counted(pack: Pack, of: str, given: QueryDict) -> dict[str, Any]:
    if of == SHARE:
        part, whole = given.get("part", ""), given.get("whole", "")
        if not part or not whole:
            raise BadInput(_("请选定分子和分母。"))
        agg: dict[str, Any] = {"ratio": [part, whole]}
        least = _number(given.get("least", ""), _("分母最小值"))
        if least is not None and least > 1:
            agg["least"] = int(least)
        of_part = pack.figures[part].of if part in pack.figures else ""
        return {"of": of_part, "agg": agg, **_same_basis(pack, part)}
    if of == GROWTH:
        year = given.get("year", "")
        if year not in pack.figures:
            raise BadInput(_("请选定要比较的统计项。"))
        return {"of": pack.figures[year].of, "agg": {"yoy": year}, **_same_basis(pack, year)}
    if of == "headcounts" or given.get("agg") == "sum":
        field = given.get("sum", "")
        if not field:
            raise BadInput(_("请选定求和的内容。"))
        return {"of": of, "agg": {"sum": field}}
    if given.get("agg") == "distinct":
        fields = given.getlist("distinct")
        if not fields:
            raise BadInput(_("请至少勾选一项，按它去重计数。"))
        if len(fields) > 4:
            raise BadInput(_("去重最多按四项组合。请去掉几项。"))
        return {"of": of, "agg": {"distinct": fields}}
    return {"of": of, "agg": "count"}


def _number(text: str, what: str) -> int | Decimal | None:
    """The number that was typed; None for nothing. Raises BadInput for what is none."""
    text = text.strip()
    if not text:
        return None
    try:
        number = Decimal(text)
    except InvalidOperation:
        number = Decimal("NaN")
    if not number.is_finite() or len(text) > LONGEST:
        raise BadInput(_("{what}“{value}”不是数字。请填数字，例如 10。"), what=what, value=text[:20])
    return int(number) if number == number.to_integral_value() else number


def _same_basis(pack: Pack, key: str) -> dict[str, Any]:
    """A figure made of others is recognised as far as they are."""
    basis = pack.figures[key].basis if key in pack.figures else "office"
    return {} if basis == "office" else {"basis": basis}


def _where(pack: Pack, of: str, given: QueryDict) -> Iterator[tuple[str, Any]]:
    names = [*STATES_AND_PHASES, "level", "sector", *(field.key for field in asked_fields(pack, of))]
    types = {field.key: field.type for field in asked_fields(pack, of)}
    for name in names:
        values: list[Any] = given.getlist(f"w-{name}")
        if types.get(name) == "yes_no":
            values = [value == "true" for value in values if value in ("true", "false")]
        if values:
            yield name, {"not": values} if given.get(f"not-{name}") else values
        elif types.get(name) in MEASURED and (bounds := dict(_bounds(pack, of, name, given))):
            yield name, bounds
        elif given.get(f"filled-{name}") in ("yes", "no"):
            yield name, {"filled": given[f"filled-{name}"] == "yes"}
    for name in IN_TIME:
        if given.get(f"when-{name}") in ("true", "false"):
            yield name, given[f"when-{name}"] == "true"
    rounds = _number(given.get("least-round", ""), _("轮次"))
    if rounds is not None:
        yield "round", {"least": int(rounds)}
    if of == "units" and given.get("team") in ("true", "false"):
        yield "has_team", given["team"] == "true"


def _bounds(pack: Pack, of: str, name: str, given: QueryDict) -> Iterator[tuple[str, Any]]:
    field = pack.registers[of].field(name)
    label = field.label if field is not None else name
    for end in ("least", "most"):
        number = _number(given.get(f"{end}-{name}", ""), label)
        if number is not None:
            yield end, number if isinstance(number, int) else str(number)


def _standing(pack: Pack, of: str, given: QueryDict) -> dict[str, Any]:
    """Time, scope, role and basis, each left out where it is what a figure has anyway."""
    said: dict[str, Any] = {}
    time, since = given.get("time", "stock"), given.get("since", "campaign")
    if of in pack.registers:
        if time == "flow":
            if not given.get("day"):
                raise BadInput(_("按日期累计，要选定按哪个日期。请选定，或改为“截至当日的存量”。"))
            said["time"] = {"flow": given["day"], "since": since}
        elif time in ("review", "closed", "open"):
            said["time"] = {
                "entered": time,
                "since": since,
                "count": "items" if given.get("each") == "items" else "entries",
            }
        if given.get("role") == "involved":
            said["role"] = "involved"
        if given.get("basis", "office") != "office":
            said["basis"] = given["basis"]
        said["drill"] = list(pack.registers[of].columns[:DRILL])
    scope = given.get("scope", "subtree")
    if scope == "self":
        said["scope"] = "self"
    elif scope.startswith("level:"):
        said["scope"] = {"level": scope.removeprefix("level:")}
    return said


def values_of(pack: Pack, figure: Figure) -> QueryDict:
    """The form filled so that it declares this figure. Raises BadInput for one that clicks cannot say."""
    given = QueryDict(mutable=True)
    given["label"], given["section"], given["meaning"] = figure.label, figure.section, figure.definition
    given["of"] = figure.of
    match figure.agg:
        case Count():
            given["agg"] = "count"
        case Sum(field=field):
            given["agg"], given["sum"] = "sum", field
        case Distinct(fields=fields):
            given["agg"] = "distinct"
            given.setlist("distinct", list(fields))
        case Ratio(part=part, whole=whole, least=least):
            given["of"], given["part"], given["whole"] = SHARE, part, whole
            given["least"] = str(least) if least > 1 else ""
        case Yoy(key=key):
            given["of"], given["year"] = GROWTH, key
    for test in figure.where.tests:
        _fill_test(given, test)
    if figure.where.has_team is not None:
        given["team"] = "true" if figure.where.has_team else "false"
    time = figure.time
    given["time"] = time.phase or "closed" if time.kind == "entered" else time.kind
    given["day"], given["since"], given["each"] = time.field or "", time.since, time.count
    scope = figure.scope
    given["scope"] = f"level:{scope.level}" if scope.kind == "level" else scope.kind
    given["role"], given["basis"] = figure.role, figure.basis
    given["measure"], given["noun"] = "、".join(figure.say.measures), "、".join(figure.say.nouns)
    given["verb"] = "、".join(figure.say.verbs)
    given["places"] = str(figure.show.places)
    shown = figure.show.model_dump(exclude_defaults=True)
    given["print"] = next((name for name, show in PRINTS.items() if show == shown), "exact")
    if not _says(pack, figure, given):
        raise BadInput(_("“{label}”的写法不能用点选表示，不能复制或修改。请新建一项。"), label=figure.label)
    return given


def _says(pack: Pack, figure: Figure, given: QueryDict) -> bool:
    """Whether the form, filled so, counts what the figure counts."""
    try:
        made = figure_of(pack, given)
    except BadInput:
        return False
    same = ("of", "agg", "where", "time", "scope", "role", "basis", "show", "claim", "variants", "outside")
    return all(getattr(made, name) == getattr(figure, name) for name in same)


def _fill_test(given: QueryDict, test: Test) -> None:
    name = test.name
    if name in IN_TIME:
        given[f"when-{name}"] = "true" if test.any_of == (True,) else "false"
        return
    values = [_written(value) for value in test.any_of or test.none_of]
    if values:
        given.setlist(f"w-{name}", values)
        if test.none_of:
            given[f"not-{name}"] = "1"
    if test.filled is not None:
        given[f"filled-{name}"] = "yes" if test.filled else "no"
    for end, number in (("least", test.least), ("most", test.most)):
        if number is not None:
            given[f"{end}-{name}"] = str(number)


def _written(value: object) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value)
