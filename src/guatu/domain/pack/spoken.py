"""A pack in another language: the same pack with the names that people read replaced.

A pack is written in one language; `locale/<language>.yaml` in its folder maps each of its texts to another. What is
counted, checked and printed in reports stays as it was written: keys, phrases of figures, report templates. A text
without an entry is shown as it was written.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from pydantic import BaseModel

from guatu.domain.figures.grammar import Figure, Variant
from guatu.domain.pack.register import Field
from guatu.domain.pack.schema import Pack, PackHead, Words

# The parts of a pack whose texts are for the screen, and which of their values those are.
NAMES = frozenset({"label", "title_label", "noun", "measure", "section", "done_word", "help", "definition"})
MORE: Mapping[type[BaseModel], frozenset[str]] = {
    Field: frozenset({"unit"}),
    Variant: frozenset({"note"}),
    Words: frozenset({"campaign", "office", "leading_group", "team"}),
    PackHead: frozenset({"name"}),
}
INSIDE = frozenset({"noun", "measure", "done_word", "unit"})
"""What stands inside a sentence and so begins with a small letter."""
WRITTEN = frozenset({"relation_texts", "translations", "say", "key"})
"""Left as they were written: what is not for the screen. Of a report template only its label is."""


def texts(pack: Pack) -> tuple[str, ...]:
    """Every text of the pack that a person reads on a page, once, in order."""
    return tuple(dict.fromkeys(_texts(pack)))


def spoken(pack: Pack, language: str) -> Pack:
    """The pack with its texts in `language`; the pack itself where it has no translation.

    The answer is the same pack to everything but a reader: its `sha256` is that of the content as written.
    """
    catalogue = pack.translations.get(language)
    if not catalogue:
        return pack
    said: Pack = _said(pack, catalogue)
    # The identity is that of the stored text; a hash of the translated one would name content nobody has stored.
    said.__dict__.update(canonical=pack.canonical, sha256=pack.sha256)
    return said


def _said(node: Any, catalogue: Mapping[str, str]) -> Any:
    if isinstance(node, BaseModel):
        changed: dict[str, Any] = {}
        for name in type(node).model_fields:
            value = getattr(node, name)
            if name in WRITTEN:
                continue
            if _is_name(node, name, value):
                said = catalogue.get(value, value)
                changed[name] = said[:1].lower() + said[1:] if name in INSIDE else said
            elif name == "reports":
                changed[name] = {
                    key: report.model_copy(update={"label": catalogue.get(report.label, report.label)})
                    for key, report in value.items()
                }
            elif name == "roles" and isinstance(value, dict):
                changed[name] = {role: catalogue.get(label, label) for role, label in value.items()}
            elif isinstance(value, BaseModel | dict | tuple):
                changed[name] = _said(value, catalogue)
        if isinstance(node, Figure):
            return node.model_copy(update=changed).abroad(catalogue.get(node.measure, ""))
        return node.model_copy(update=changed)
    if isinstance(node, dict):
        return {key: _said(value, catalogue) for key, value in node.items()}
    if isinstance(node, tuple):
        return tuple(_said(value, catalogue) for value in node)
    return node


def _texts(node: Any) -> Iterator[str]:
    if isinstance(node, BaseModel):
        for name in type(node).model_fields:
            value = getattr(node, name)
            if name in WRITTEN:
                continue
            if _is_name(node, name, value):
                yield value
            elif name == "reports":
                yield from (report.label for report in value.values())
            elif name == "roles" and isinstance(value, dict):
                yield from value.values()
            elif isinstance(value, BaseModel | dict | tuple):
                yield from _texts(value)
    elif isinstance(node, dict):
        for value in node.values():
            yield from _texts(value)
    elif isinstance(node, tuple):
        for value in node:
            yield from _texts(value)


def _is_name(node: BaseModel, name: str, value: Any) -> bool:
    if not isinstance(value, str) or not value:
        return False
    return name in NAMES or name in MORE.get(type(node), frozenset())
