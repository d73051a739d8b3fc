"""From a parsed file to a model, and from a validation error to one sentence that names what is allowed."""

from __future__ import annotations

import json
import types
from collections.abc import Sequence
from typing import Annotated, Any, TypeVar, Union, get_args, get_origin

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from guatu.domain.pack.source import KeyPath, PackError, Source
from guatu.domain.words import gettext as _
from guatu.domain.words import listed

Model = TypeVar("Model", bound=BaseModel)

_KINDS = {
    "string_type": _("文字"),
    "int_type": _("整数"),
    "int_parsing": _("整数"),
    "int_from_float": _("整数"),
    "bool_type": _("true 或 false"),
    "bool_parsing": _("true 或 false"),
    "tuple_type": _("列表"),
    "list_type": _("列表"),
    "dict_type": _("“键: 值”"),
    "model_type": _("“键: 值”"),
    "model_attributes_type": _("“键: 值”"),
    "dataclass_type": _("“键: 值”"),
    "is_instance_of": _("“键: 值”"),
}


def validate(model: type[Model], source: Source) -> Model:
    """The model of a file's content; PackError for the first mistake, in the order of lines.

    What is missing comes last: a key with a slip in it is both unknown and missing, and the slip says more.
    """
    try:
        return model.model_validate_json(json.dumps(source.content, ensure_ascii=False))
    except ValidationError as failure:
        mistakes = [
            (error["type"] == "missing", source.line(_path(error["loc"], source)), place, error)
            for place, error in enumerate(failure.errors(include_url=False))
        ]
        first = min(mistakes, key=lambda mistake: mistake[:3])[3]
        raise _sentence(model, source, first) from None


def _path(loc: Sequence[str | int], source: Source) -> KeyPath:
    """The parts of `loc` that stand in the file: union tags and `[key]` marks of pydantic do not."""
    path: KeyPath = ()
    for place, part in enumerate(loc):
        last = place == len(loc) - 1
        if (*path, part) in source.lines or (last and not _is_mark(part)):
            path = (*path, part)
    return path


def _is_mark(part: str | int) -> bool:
    return isinstance(part, str) and (part.startswith("[") or "[" in part or "-" in part)


def _sentence(model: type[BaseModel], source: Source, error: ErrorDetails) -> PackError:
    path = _path(error["loc"], source)
    kind, context, value = error["type"], error.get("ctx", {}), error["input"]
    if kind == "missing":
        return source.error(path, _("没有填写。请补上后重新装入。"))
    if kind == "extra_forbidden":
        allowed = listed(_keys_at(model, path[:-1]))
        if allowed:
            return source.error(
                path, _("不认识。可用：{allowed}。请改正后重新装入。").format(allowed=allowed)
            )
        return source.error(path, _("不认识。请改正后重新装入。"))
    if kind in ("literal_error", "enum", "union_tag_invalid"):
        allowed = _listed(str(context.get("expected") or context.get("expected_tags", "")))
        value = context.get("tag", value)
        return source.error(
            path,
            _("填的是“{value}”。可用：{allowed}。请改正后重新装入。").format(
                value=_short(value), allowed=allowed
            ),
        )
    if kind in ("value_error", "assertion_error"):
        return source.error(path, str(context["error"]))
    if kind in _KINDS:
        return source.error(
            path,
            _("填的是“{value}”，应为{kind}。请改正后重新装入。").format(
                value=_short(value), kind=_(_KINDS[kind])
            ),
        )
    if kind == "string_pattern_mismatch":
        return source.error(
            path,
            _("填的是“{value}”，不合写法 {pattern}。请改正后重新装入。").format(
                value=_short(value), pattern=context["pattern"]
            ),
        )
    if kind in ("too_short", "string_too_short"):
        return source.error(path, _("为空。请至少填写一个后重新装入。"))
    return source.error(
        path, _("填的是“{value}”，不在允许的范围内。请改正后重新装入。").format(value=_short(value))
    )


def _listed(expected: str) -> str:
    """pydantic's “'a', 'b' or 'c'” as a、b、c."""
    return listed(part.strip().strip("'") for part in expected.replace(" or ", ", ").split(","))


def _short(value: Any) -> str:
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, default=str)
    return text if len(text) <= 40 else text[:39] + "…"


def _keys_at(model: Any, path: Sequence[str | int]) -> list[str]:
    """The keys that a file may write at `path` below `model`; empty when the grammar is not a plain model there."""
    kinds = _models(model)
    for part in path:
        inside: list[Any] = []
        for kind in kinds:
            if isinstance(kind, type) and issubclass(kind, BaseModel):
                inside += [
                    field.annotation
                    for name, field in kind.model_fields.items()
                    if part in (name, field.alias)
                ]
            else:
                arguments = [one for one in get_args(kind) if one is not Ellipsis]
                inside += arguments[-1:]
        kinds = [each for annotation in inside for each in _models(annotation)]
    keys: list[str] = []
    for kind in kinds:
        if isinstance(kind, type) and issubclass(kind, BaseModel):
            keys += [field.alias or name for name, field in kind.model_fields.items()]
    return list(dict.fromkeys(keys))


def _models(annotation: Any) -> list[Any]:
    """The kinds an annotation may be: without Annotated, None and unions."""
    origin = get_origin(annotation)
    if origin is Annotated:
        return _models(get_args(annotation)[0])
    if origin in (Union, types.UnionType):
        return [each for one in get_args(annotation) for each in _models(one)]
    return [] if annotation is type(None) else [annotation]
