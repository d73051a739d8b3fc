"""The checks of `loop.documents`: register, fields, kinds, states and steps that exist."""

from __future__ import annotations

from collections.abc import Iterator

from guatu.domain.pack.documents import Documents
from guatu.domain.pack.mistake import Mistake, unknown
from guatu.domain.pack.schema import Pack

HEAD = "pack.yaml"
TEXTS = ("text", "long_text")


def document_mistakes(pack: Pack) -> Iterator[Mistake]:
    """What is wrong in `loop.documents`."""
    spec = pack.loop.documents
    if spec is None:
        return
    at: tuple[str | int, ...] = ("loop", "documents")
    if spec.register_key not in pack.registers:
        yield unknown(HEAD, (*at, "register"), spec.register_key, pack.registers)
        return
    yield from _materials(pack, spec, (*at, "materials"))
    register = pack.register(spec.register_key)
    for key in spec.fields:
        if register.field(key) is None:
            yield unknown(HEAD, at, key, register.field_keys)
    declared = register.field(spec.kind)
    choices = [choice.key for choice in declared.choices] if declared is not None else []
    for key in spec.kinds:
        if key not in choices:
            yield unknown(HEAD, (*at, "kinds"), key, choices)
    flow = pack.workflow_of(register.key)
    for key in (*spec.written_in, *spec.stages):
        if key not in flow.states:
            yield unknown(HEAD, at, key, flow.states)
    known = [way.key for way in flow.transitions]
    for key in spec.steps:
        if key not in known:
            yield unknown(HEAD, at, key, known)


def _materials(pack: Pack, spec: Documents, at: tuple[str | int, ...]) -> Iterator[Mistake]:
    """The pool's register, and its fields with their types."""
    pool = spec.materials
    if pool is None:
        return
    register = pack.registers.get(pool.register_key)
    if register is None:
        yield unknown(HEAD, (*at, "register"), pool.register_key, pack.registers)
        return
    wanted = {
        "aspect": (pool.aspect, ("choice",)),
        "text": (pool.text, TEXTS),
        "source": (pool.source, TEXTS),
    }
    for name, (key, types) in wanted.items():
        fitting = [field.key for field in register.fields if field.type in types]
        if key not in fitting:
            yield unknown(HEAD, (*at, name), key, fitting)
