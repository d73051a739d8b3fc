"""The checks across a pack's files: everything that is named must exist."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Sequence

from guatu.domain.figures.references import exists, key_of
from guatu.domain.pack.clock_checks import clock_mistakes
from guatu.domain.pack.desk import Desk
from guatu.domain.pack.document_checks import document_mistakes
from guatu.domain.pack.figure_checks import figure_mistakes
from guatu.domain.pack.held_checks import held_mistakes
from guatu.domain.pack.loop_checks import loop_mistakes
from guatu.domain.pack.mistake import Mistake, unknown
from guatu.domain.pack.register import CHOICE_TYPES, ROLES, STANDARD_ATTRIBUTES, Field, Register
from guatu.domain.pack.schema import Pack, Wall
from guatu.domain.pack.secrecy_checks import secrecy_mistakes
from guatu.domain.pack.step_checks import step_mistakes
from guatu.domain.pack.template import NAMES, ReportTemplate, places
from guatu.domain.pack.workflow import Transition, Workflow
from guatu.domain.words import gettext as _
from guatu.domain.words import listed

HEAD = "pack.yaml"


def find_mistakes(pack: Pack) -> Iterator[Mistake]:
    """Every cross-file mistake of a pack whose files are valid one by one."""
    yield from _head(pack)
    for register in pack.registers.values():
        yield from _register(pack, register)
    for workflow in pack.workflows.values():
        yield from _workflow(pack, workflow)
    yield from loop_mistakes(pack)
    yield from step_mistakes(pack)
    yield from clock_mistakes(pack)
    yield from secrecy_mistakes(pack)
    yield from figure_mistakes(pack)
    yield from held_mistakes(pack)
    yield from document_mistakes(pack)
    for report in pack.reports.values():
        yield from _report(pack, report)


def repeated(keys: Iterable[str]) -> str | None:
    """The first key that occurs twice."""
    return next((key for key, times in Counter(keys).items() if times > 1), None)


def _twice(file: str, path: tuple[str | int, ...], keys: Iterable[str]) -> Iterator[Mistake]:
    key = repeated(keys)
    if key is not None:
        yield Mistake(file, path, _("“{key}”写了两次。请只保留一个。").format(key=key))


def _head(pack: Pack) -> Iterator[Mistake]:
    head = pack.head
    for name in ("levels", "sectors", "head_counts", "trees", "aspects"):
        yield from _twice(HEAD, (name,), (option.key for option in getattr(head, name)))
    yield from _twice(HEAD, ("registers",), head.registers)
    prefixes = [register.prefix for register in pack.registers.values()]
    for register in pack.registers.values():
        if prefixes.count(register.prefix) > 1:
            yield Mistake(
                _file(register),
                ("prefix",),
                _("编号前缀“{prefix}”与其他清单重复。请换一个。").format(prefix=register.prefix),
            )
    for role in ROLES:
        if role not in head.roles:
            yield Mistake(HEAD, ("roles",), _("缺少角色“{role}”的名称。请补上。").format(role=role))
    if head.wall is not None:
        yield from _wall(pack, head.wall)
    yield from _desk(pack, head.desk)


def _desk(pack: Pack, desk: Desk) -> Iterator[Mistake]:
    numbers = [key for key, figure in pack.figures.items() if not figure.internal and not figure.is_claim]
    for name in ("office", "leader"):
        keys: tuple[str, ...] = getattr(desk, name)
        yield from _twice(HEAD, ("desk", name), keys)
        for place, key in enumerate(keys):
            if key not in numbers:
                yield unknown(HEAD, ("desk", name, place), key, numbers)
    logs = [register.key for register in pack.registers.values() if register.flow_day is not None]
    if desk.visits is not None and desk.visits not in logs:
        yield unknown(HEAD, ("desk", "visits"), desk.visits, logs)


def _wall(pack: Pack, wall: Wall) -> Iterator[Mistake]:
    for name, key in (("register", wall.register_key), ("columns", wall.columns)):
        if key not in pack.registers:
            yield unknown(HEAD, ("wall", name), key, pack.registers)
    columns, cells = pack.registers.get(wall.columns), pack.registers.get(wall.register_key)
    if columns is None or cells is None:
        return
    if cells.parent != columns.key:
        yield Mistake(
            HEAD,
            ("wall", "register"),
            _("“{register}”的上级清单不是“{columns}”，排不成作战图。请改 parent 或 columns。").format(
                register=cells.key, columns=columns.key
            ),
        )
    choice = [field.key for field in columns.fields if field.type == "choice"]
    if wall.group not in choice:
        yield unknown(HEAD, ("wall", "group"), wall.group, choice)
    if wall.short not in columns.field_keys:
        yield unknown(HEAD, ("wall", "short"), wall.short, columns.field_keys)
    if wall.order not in (*columns.field_keys, "number"):
        yield unknown(HEAD, ("wall", "order"), wall.order, ("number", *columns.field_keys))


def _file(register: Register) -> str:
    return f"registers/{register.key}.yaml"


def _aspect(pack: Pack, register: Register) -> Iterator[Mistake]:
    aspects = [option.key for option in pack.head.aspects]
    if register.aspect not in aspects:
        yield unknown(_file(register), ("aspect",), str(register.aspect), aspects)
    wall = pack.head.wall
    if wall is not None and register.key in (wall.columns, wall.register_key):
        yield Mistake(
            _file(register),
            ("aspect",),
            _("作战图的事项按各项重点任务分方面，“{register}”不能整体归入一个方面。请删去 aspect。").format(
                register=register.label
            ),
        )


def _register(pack: Pack, register: Register) -> Iterator[Mistake]:
    file = _file(register)
    levels = [level.key for level in pack.head.levels]
    if register.workflow not in pack.workflows:
        yield unknown(file, ("workflow",), register.workflow, pack.workflows)
    if register.parent is not None and register.parent not in pack.registers:
        yield unknown(file, ("parent",), register.parent, pack.registers)
    if register.aspect is not None:
        yield from _aspect(pack, register)
    for place, level in enumerate(register.lead_levels):
        if level not in levels:
            yield unknown(file, ("lead_levels", place), level, levels)
    yield from _twice(file, ("fields",), register.field_keys)
    names = (*STANDARD_ATTRIBUTES, *register.field_keys)
    for name in ("columns", "search"):
        for place, key in enumerate(getattr(register, name)):
            if key not in names:
                yield unknown(file, (name, place), key, names)
    if register.flow_day is not None:
        days = [field.key for field in register.fields if field.type == "date"]
        if register.flow_day not in days:
            yield unknown(file, ("flow_day",), register.flow_day, days)
    if register.light == "task" and not register.start:
        yield Mistake(file, ("light",), _("“task”要有起始日。请写 start: true，或把 light 改为 due、none。"))
    if register.light != "none" and register.due == "none":
        yield Mistake(
            file, ("light",), _("没有时限的清单不能亮灯。请把 due 写成 required 或 optional，或删去 light。")
        )
    if register.light != "none" and register.light not in pack.head.lights:
        yield unknown(file, ("light",), register.light, pack.head.lights)
    yield from _milestones(pack, file, register)
    yield from _due_kinds(file, register)
    workflow = pack.workflows.get(register.workflow)
    for place, field in enumerate(register.fields):
        yield from _field(pack, file, ("fields", place), field, register, workflow)


def _due_kinds(file: str, register: Register) -> Iterator[Mistake]:
    """Kinds of deadline stand where items have one; what a kind asks for are fields of the register."""
    if register.due == "none" and register.due_kinds != ("date",):
        yield Mistake(file, ("due_kinds",), _("没有时限的清单不分时限类型。请删去 due_kinds，或改 due。"))
    for kind, fields in register.due_needs.items():
        if kind not in register.due_kinds:
            yield unknown(file, ("due_needs", kind), kind, register.due_kinds)
        for place, key in enumerate(fields):
            if register.field(key) is None:
                yield unknown(file, ("due_needs", kind, place), key, register.field_keys)


def _milestones(pack: Pack, file: str, register: Register) -> Iterator[Mistake]:
    """Milestones stand below an item and have a due day; an item has them from one register only."""
    if not register.milestones:
        return
    if register.parent is None or register.due != "required":
        yield Mistake(
            file,
            ("milestones",),
            _("节点要有上级事项和时限。请写 parent 和 due: required，或删去 milestones。"),
        )
    others = [
        other.key
        for other in pack.registers.values()
        if other.milestones and other.parent == register.parent and other.key < register.key
    ]
    if others:
        yield Mistake(
            file,
            ("milestones",),
            _("“{parent}”的节点已在清单“{other}”中。请只保留一个。").format(
                parent=register.parent, other=others[0]
            ),
        )


def _field(
    pack: Pack,
    file: str,
    at: tuple[str | int, ...],
    field: Field,
    register: Register,
    workflow: Workflow | None,
) -> Iterator[Mistake]:
    if field.key in STANDARD_ATTRIBUTES:
        yield Mistake(file, (*at, "key"), _("“{key}”是每个事项自带的。请换一个名称。").format(key=field.key))
    if field.type in CHOICE_TYPES and not field.choices:
        yield Mistake(file, (*at, "type"), _("是选项，却没有 choices。请至少列出一个选项。"))
    if field.type not in CHOICE_TYPES and field.choices:
        yield Mistake(file, (*at, "choices"), _("只有 choice、multi_choice 才有选项。请删去，或改 type。"))
    yield from _twice(file, (*at, "choices"), (option.key for option in field.choices))
    yield from _twice(file, (*at, "choices"), (option.label for option in field.choices))
    if field.type == "item" and field.register_key is None:
        yield Mistake(file, (*at, "type"), _("指向事项，却没有写 register。请写明指向哪个清单。"))
    if field.type != "item" and field.register_key is not None:
        yield Mistake(file, (*at, "register"), _("只有 item 字段才写 register。请删去，或改 type。"))
    if field.register_key is not None and field.register_key not in pack.registers:
        yield unknown(file, (*at, "register"), field.register_key, pack.registers)
    if workflow is not None:
        for place, state in enumerate(field.required_in):
            if state not in workflow.states:
                yield unknown(file, (*at, "required_in", place), state, workflow.states)
    yield from _required_when(file, at, field, register)


def _required_when(
    file: str, at: tuple[str | int, ...], field: Field, register: Register
) -> Iterator[Mistake]:
    """The condition names choice fields of the same register and their choices; without a state it says nothing."""
    if field.required_when and not field.required_in:
        yield Mistake(file, (*at, "required_when"), _("没有写 required_in。请写明在哪些状态下必填，或删去。"))
    choosing = {each.key: each for each in register.fields if each.type == "choice" and each is not field}
    for key, values in field.required_when.items():
        if key not in choosing:
            yield unknown(file, (*at, "required_when", key), key, choosing)
            continue
        options = [option.key for option in choosing[key].choices]
        for place, value in enumerate(values):
            if value not in options:
                yield unknown(file, (*at, "required_when", key, place), value, options)


def _sets(
    file: str, at: tuple[str | int, ...], way: Transition, users: Sequence[Register]
) -> Iterator[Mistake]:
    """What a step fills in is a choice field of every register that follows the workflow, and one of its choices."""
    for register in users:
        choosing = {field.key: field for field in register.fields if field.type == "choice"}
        for key, value in way.sets.items():
            if key not in choosing:
                yield unknown(file, (*at, "sets", key), key, choosing)
            elif value not in (options := [option.key for option in choosing[key].choices]):
                yield unknown(file, (*at, "sets", key), value, options)


def _workflow(pack: Pack, workflow: Workflow) -> Iterator[Mistake]:
    file = f"workflows/{workflow.key}.yaml"
    kinds = [option.key for option in workflow.evidence_kinds]
    yield from _twice(file, ("evidence_kinds",), kinds)
    yield from _twice(file, ("evidence_kinds",), (option.label for option in workflow.evidence_kinds))
    for place, state in enumerate(workflow.initial):
        if state not in workflow.states:
            yield unknown(file, ("initial", place), state, workflow.states)
    yield from _twice(file, ("transitions",), (way.key for way in workflow.transitions))
    users = [register for register in pack.registers.values() if register.workflow == workflow.key]
    for number, way in enumerate(workflow.transitions):
        at: tuple[str | int, ...] = ("transitions", number)
        for place, state in enumerate(way.origins):
            if state not in workflow.states:
                yield unknown(file, (*at, "from", place), state, workflow.states)
        if way.to not in workflow.states:
            yield unknown(file, (*at, "to"), way.to, workflow.states)
        yield from _twice(file, (*at, "evidence_kinds"), way.evidence_kinds)
        for place, kind in enumerate(way.evidence_kinds):
            if kind not in kinds:
                yield unknown(file, (*at, "evidence_kinds", place), kind, kinds)
        yield from _sets(file, at, way, users)
        for place, key in enumerate(way.needs):
            without = [register.key for register in users if key not in register.field_keys]
            if without:
                yield Mistake(
                    file,
                    (*at, "needs", place),
                    _("填的是“{key}”，清单“{register}”没有这个字段。请补上字段，或删去。").format(
                        key=key, register=without[0]
                    ),
                )
    reached = set(workflow.initial) | {way.to for way in workflow.transitions}
    if not reached <= set(workflow.states):
        return  # a wrong name above may be all that is wrong
    for state in workflow.states:
        if state not in reached:
            yield Mistake(file, ("states", state), _("没有任何流转能到达。请补上流转，或删去该状态。"))


def _report(pack: Pack, report: ReportTemplate) -> Iterator[Mistake]:
    file = f"reports/{report.key}.yaml"
    documents = pack.loop.documents
    if report.kind is not None and (documents is None or report.kind not in documents.kinds):
        kinds = listed(documents.kinds) if documents is not None else ""
        told = _("“{kind}”不是文种。请填写其中一种：{known}。").format(
            kind=report.kind, known=kinds or _("（无）")
        )
        yield Mistake(file, ("kind",), told)
    for path, text in report.texts():
        in_paragraph = "paragraph" in path
        allowed: Collection[str] = (*pack.figures, *NAMES) if in_paragraph else NAMES
        for place in places(text):
            if place.key not in allowed and not (in_paragraph and exists(pack.figures, place.key)):
                yield unknown(file, path, place.key, allowed)
            elif place.wording is not None and not _is_claim(pack, place.key):
                yield Mistake(
                    file,
                    path,
                    _("“{key}”不是论断，不能另写说法。请写成 {{{key}}}。").format(key=place.key),
                )
    for path, condition in report.conditions():
        for key in condition.keys:
            if not exists(pack.figures, key):
                yield unknown(file, path, key, pack.figures)
        for key in (*condition.holds, *condition.fails):
            if exists(pack.figures, key) and not _is_claim(pack, key):
                yield Mistake(file, path, _("“{key}”不是论断。请改用 positive 或 zero。").format(key=key))


def _is_claim(pack: Pack, key: str) -> bool:
    """Whether the figure asked for, in whichever variant, is a claim."""
    figure = pack.figures.get(key_of(key))
    return figure is not None and figure.is_claim
