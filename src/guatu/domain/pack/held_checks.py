"""The checks of what collecting reads in a pack: dependent choices, where values are already held, the steps of a return."""

from __future__ import annotations

from collections.abc import Iterator

from guatu.domain.pack.mistake import Mistake, unknown
from guatu.domain.pack.register import CHOICE_TYPES, Field, Register
from guatu.domain.pack.schema import Pack
from guatu.domain.words import gettext as _

HEAD = "pack.yaml"
Path = tuple[str | int, ...]


def held_mistakes(pack: Pack) -> Iterator[Mistake]:
    """What is wrong in `within` and `held` of fields, in `period` of registers, and in `loop.collection`."""
    for register in pack.registers.values():
        file = f"registers/{register.key}.yaml"
        if register.period and (register.flow_day is None or register.rows != "one"):
            yield Mistake(
                file,
                ("period",),
                _("按期填报的清单要有 flow_day，并写 rows: one。请补上，或删去 period。"),
            )
        for place, field in enumerate(register.fields):
            yield from _within(file, ("fields", place, "within"), field, register)
            yield from _held(pack, file, ("fields", place, "held"), field, register)
    yield from _collection(pack)


def _within(file: str, at: Path, field: Field, register: Register) -> Iterator[Mistake]:
    """Dependent choices hang on another choice field and name its values only."""
    if field.within is None:
        if any(choice.within for choice in field.choices):
            yield Mistake(file, at, _("选项写了 within，字段没有写随哪个字段而变。请补上 within。"))
        return
    others = {one.key: one for one in register.fields if one.type == "choice" and one.key != field.key}
    if field.type not in CHOICE_TYPES or field.within not in others:
        yield unknown(file, at, field.within, others)
        return
    known = [choice.key for choice in others[field.within].choices]
    for choice in field.choices:
        for value in choice.within:
            if value not in known:
                yield unknown(file, at, value, known)


def _held(pack: Pack, file: str, at: Path, field: Field, register: Register) -> Iterator[Mistake]:
    """Exactly one source, and one that exists."""
    held = field.held
    if held is None:
        return
    if held.ways != 1 or (held.register_key is None) != (held.key is None):
        yield Mistake(file, at, _("held 只能写 figure、register 加 key、previous 中的一种。请改成其中一种。"))
    elif held.figure is not None and held.figure not in pack.figures:
        yield unknown(file, (*at, "figure"), held.figure, pack.figures)
    elif held.register_key is not None:
        source = pack.registers.get(held.register_key)
        if source is None:
            yield unknown(file, (*at, "register"), held.register_key, pack.registers)
        elif held.key is not None and source.field(held.key) is None:
            yield unknown(file, (*at, "key"), held.key, source.field_keys)
    elif held.previous and not register.period:
        yield Mistake(file, at, _("取上期的数，清单要按期填报。请写 period，或改 held。"))


def _collection(pack: Pack) -> Iterator[Mistake]:
    """Registers, fields and steps that exist."""
    spec = pack.loop.collection
    if spec is None:
        return
    at: Path = ("loop", "collection")
    for name in ("requests", "returns"):
        if getattr(spec, name) not in pack.registers:
            yield unknown(HEAD, (*at, name), getattr(spec, name), pack.registers)
            return
    fields = pack.register(spec.returns).field_keys
    for name in ("answer", "explanation", "minutes"):
        if getattr(spec, name) not in fields:
            yield unknown(HEAD, (*at, name), getattr(spec, name), fields)
    asked = pack.register(spec.requests).field_keys
    for name in ("instructions", "document"):
        if (given := getattr(spec, name)) is not None and given not in asked:
            yield unknown(HEAD, (*at, name), given, asked)
    own: dict[str, tuple[str, ...]] = {
        spec.requests: (spec.send, spec.finish, *([spec.resume] if spec.resume else []))
    }
    own[spec.returns] = (*spec.hand_in, *spec.sign, *spec.review, spec.accept, spec.send_back)
    own[spec.returns] += (spec.reopen, spec.amend, spec.reduce, *([spec.absorb] if spec.absorb else []))
    for register, steps in own.items():
        known = [way.key for way in pack.workflow_of(register).transitions]
        for step in steps:
            if step not in known:
                yield unknown(HEAD, at, step, known)
    if spec.collected not in pack.workflows:
        yield unknown(HEAD, (*at, "collected"), spec.collected, pack.workflows)
