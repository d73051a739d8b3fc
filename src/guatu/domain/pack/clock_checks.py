"""What a pack says of time must fit together: public notice, periodic checks, who waits for whom."""

from __future__ import annotations

from collections.abc import Iterator

from guatu.domain.pack.mistake import Mistake, unknown
from guatu.domain.pack.register import CHOICE_TYPES, Field
from guatu.domain.pack.schema import Pack
from guatu.domain.pack.workflow import Workflow
from guatu.domain.words import gettext as _


def clock_mistakes(pack: Pack) -> Iterator[Mistake]:
    """Every mistake in what the workflows say of notice and of periodic checks."""
    for workflow in pack.workflows.values():
        file = f"workflows/{workflow.key}.yaml"
        yield from _notice(pack, workflow, file)
        for key, state in workflow.states.items():
            if state.check_every is not None and not state.long_term:
                yield Mistake(
                    file,
                    ("states", key, "check_every"),
                    _("只有长期坚持的状态才有定期检查。请写 long_term: true，或删去 check_every。"),
                )
        for place, way in enumerate(workflow.transitions):
            states = [workflow.states[key] for key in way.origins if key in workflow.states]
            if way.auto == "check_due" and not all(state.check_every for state in states):
                yield Mistake(
                    file,
                    ("transitions", place, "auto"),
                    _("“check_due”只从写了 check_every 的状态出发。请改 from，或补上 check_every。"),
                )
            if way.auto == "notice_over" and not all(state.on_notice for state in states):
                yield Mistake(
                    file,
                    ("transitions", place, "auto"),
                    _("“notice_over”只从公示中的状态出发。请改 from，或写 on_notice: true。"),
                )


def _notice(pack: Pack, workflow: Workflow, file: str) -> Iterator[Mistake]:
    on_notice = [key for key, state in workflow.states.items() if state.on_notice]
    notice = workflow.notice
    if notice is None:
        for key in on_notice:
            yield Mistake(
                file,
                ("states", key, "on_notice"),
                _("写了公示的状态，却没有说明怎样公示。请补上 notice，或删去 on_notice。"),
            )
        return
    fields = _fields(pack, workflow)
    if notice.field is not None:
        field = fields.get(notice.field)
        if field is None or field.type not in CHOICE_TYPES:
            choices = [key for key, one in fields.items() if one.type in CHOICE_TYPES]
            yield unknown(file, ("notice", "field"), notice.field, choices)
        else:
            allowed = [option.key for option in field.choices]
            for value in notice.kinds:
                if value not in allowed:
                    yield unknown(file, ("notice", "kinds", value), value, allowed)
    shown = [
        key for key, one in fields.items() if not one.private and one.type not in ("person", "file", "item")
    ]
    for place, key in enumerate(notice.shows):
        if key not in shown:
            yield unknown(file, ("notice", "shows", place), key, shown)


def _fields(pack: Pack, workflow: Workflow) -> dict[str, Field]:
    """The fields of the registers that follow the workflow; the first register that has one says what it is."""
    found: dict[str, Field] = {}
    for register in pack.registers.values():
        if register.workflow == workflow.key:
            for field in register.fields:
                found.setdefault(field.key, field)
    return found
