"""The checks of a pack's `loop`: every register, field and step that it names must exist and fit its part."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from guatu.domain.pack.loop import Findings, Referral, SelfCheck
from guatu.domain.pack.mistake import Mistake, unknown
from guatu.domain.pack.register import Register
from guatu.domain.pack.schema import Pack
from guatu.domain.words import gettext as _

HEAD = "pack.yaml"
TEXTS = ("text", "long_text")
Path = tuple[str | int, ...]


def loop_mistakes(pack: Pack) -> Iterator[Mistake]:
    """What is wrong in `loop`, part by part."""
    loop = pack.loop
    if loop.problems is not None and loop.problems not in pack.registers:
        yield unknown(HEAD, ("loop", "problems"), loop.problems, pack.registers)
        return
    if loop.referral is not None:
        yield from _referral(pack, loop.problems, loop.referral)
    if loop.self_check is not None:
        yield from _self_check(pack, loop.self_check)
    if loop.findings is not None:
        yield from _findings(pack, loop.findings)


def _referral(pack: Pack, problems: str | None, spec: Referral) -> Iterator[Mistake]:
    at: Path = ("loop", "referral")
    if problems is None:
        yield Mistake(
            HEAD, at, _("没有写 problems，不知道哪个清单的事项可以提请上级。请补上，或删去 referral。")
        )
        return
    steps = [way.key for way in pack.workflow_of(problems).transitions]
    for name in ("ask", "claim", "decline", "assign", "answer"):
        if getattr(spec, name) not in steps:
            yield unknown(HEAD, (*at, name), getattr(spec, name), steps)
    register = pack.registers.get(spec.register_key)
    if register is None:
        yield unknown(HEAD, (*at, "register"), spec.register_key, pack.registers)
    else:
        yield from _field(register, (*at, "asked"), spec.asked, TEXTS)


def _self_check(pack: Pack, spec: SelfCheck) -> Iterator[Mistake]:
    at: Path = ("loop", "self_check")
    for place, key in enumerate(spec.cases):
        if key not in pack.registers:
            yield unknown(HEAD, (*at, "cases", place), key, pack.registers)
    register, opens = pack.registers.get(spec.register_key), pack.registers.get(spec.opens)
    if register is None:
        yield unknown(HEAD, (*at, "register"), spec.register_key, pack.registers)
    else:
        yield from _field(register, (*at, "item"), spec.item, ("item",))
        yield from _field(register, (*at, "question"), spec.question, TEXTS)
        yield from _field(register, (*at, "answer"), spec.answer, ("yes_no",))
        yield from _field(register, (*at, "explanation"), spec.explanation, TEXTS)
        steps = [way.key for way in pack.workflow_of(register.key).transitions]
        if spec.answers not in steps:
            yield unknown(HEAD, (*at, "answers"), spec.answers, steps)
    if opens is None:
        yield unknown(HEAD, (*at, "opens"), spec.opens, pack.registers)
        return
    choosing = {field.key: field for field in opens.fields if field.type == "choice"}
    for key, value in spec.sets.items():
        if key not in choosing:
            yield unknown(HEAD, (*at, "sets", key), key, choosing)
        elif value not in (options := [option.key for option in choosing[key].choices]):
            yield unknown(HEAD, (*at, "sets", key), value, options)


def _findings(pack: Pack, spec: Findings) -> Iterator[Mistake]:
    at: Path = ("loop", "findings")
    keys = {"register": spec.register_key, "visits": spec.visits, "opens": spec.opens}
    for name, key in keys.items():
        if key not in pack.registers:
            yield unknown(HEAD, (*at, name), key, pack.registers)
    if not set(keys.values()) <= pack.registers.keys():
        return
    register, visits = pack.register(spec.register_key), pack.register(spec.visits)
    yield from _field(register, (*at, "visit"), spec.visit, ("item",))
    yield from _field(visits, (*at, "planned_on"), spec.planned_on, ("date",))
    if visits.flow_day is None:
        logs = [each.key for each in pack.registers.values() if each.flow_day is not None]
        yield unknown(HEAD, (*at, "visits"), spec.visits, logs)
    for name, step, owner in (
        ("record", spec.record, spec.visits),
        ("files", spec.files, spec.register_key),
        ("at_once", spec.at_once, spec.opens),
    ):
        steps = [way.key for way in pack.workflow_of(owner).transitions]
        if step is not None and step not in steps:
            yield unknown(HEAD, (*at, name), step, steps)
    opens = pack.register(spec.opens)
    choosing = {field.key: field for field in opens.fields if field.type == "choice"}
    for key, value in spec.sets.items():
        if key not in choosing:
            yield unknown(HEAD, (*at, "sets", key), key, choosing)
        elif value not in (options := [option.key for option in choosing[key].choices]):
            yield unknown(HEAD, (*at, "sets", key), value, options)


def _field(register: Register, at: Path, key: str, types: Collection[str]) -> Iterator[Mistake]:
    """A field of the register that has one of `types`."""
    fitting = [field.key for field in register.fields if field.type in types]
    if key not in fitting:
        yield unknown(HEAD, at, key, fitting)
