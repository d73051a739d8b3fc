"""An official document as JSON and back: one text for one document, so that what is kept of it has one hash."""

from __future__ import annotations

import base64
import json
from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from typing import Any

from guatu.domain.document import model
from guatu.domain.document.model import Official

_PARTS: Mapping[str, type[Any]] = {
    name: made for name, made in vars(model).items() if isinstance(made, type) and is_dataclass(made)
}
_IS, _BYTES = "is", "bytes"


def written(document: Official) -> str:
    """The document as canonical JSON text: keys in order, nothing left out, pictures in base64."""
    return json.dumps(_plain(document), ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def read(text: str) -> Official:
    """The document that `written` wrote. ValueError for anything else."""
    found = _made(json.loads(text))
    if not isinstance(found, Official):
        raise ValueError(text[:40])
    return found


def _plain(value: Any) -> Any:
    if is_dataclass(value) and not isinstance(value, type):
        told = {field.name: _plain(getattr(value, field.name)) for field in fields(value)}
        return {_IS: type(value).__name__, **told}
    if isinstance(value, tuple | list):
        return [_plain(one) for one in value]
    if isinstance(value, bytes):
        return {_IS: _BYTES, "base64": base64.b64encode(value).decode()}
    return value


def _made(value: Any) -> Any:
    if isinstance(value, list):
        return tuple(_made(one) for one in value)
    if not isinstance(value, dict):
        return value
    kind = str(value.get(_IS))
    if kind == _BYTES:
        return base64.b64decode(value["base64"])
    if kind not in _PARTS:
        raise ValueError(kind)
    # A part that a later program gave more places keeps their defaults.
    known = {field.name for field in fields(_PARTS[kind])}
    return _PARTS[kind](**{key: _made(one) for key, one in value.items() if key in known})
