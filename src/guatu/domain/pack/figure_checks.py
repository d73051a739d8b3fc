"""The pack's figures against the rest of the pack: what they may name is handed to the figures' own check."""

from __future__ import annotations

from collections.abc import Iterator

from guatu.domain.figures.vocabulary import FieldWords, RegisterWords, Vocabulary, check
from guatu.domain.loop_tracks import DECIDED_BY
from guatu.domain.pack.mistake import Mistake
from guatu.domain.pack.register import ROLES, Register
from guatu.domain.pack.schema import Pack
from guatu.domain.words import gettext as _

FILE = "figures.yaml"
DECISIONS = ("meeting", "superior")
"""How an item of the root unit may have been recognised; asked for under the loop's own key."""


def vocabulary(pack: Pack) -> Vocabulary:
    """Everything that the figures of this pack may name."""
    return Vocabulary(
        registers={key: _register(pack, register) for key, register in pack.registers.items()},
        levels=tuple(level.key for level in pack.head.levels),
        sectors=tuple(sector.key for sector in pack.head.sectors),
        head_counts=tuple(kind.key for kind in pack.head.head_counts),
        roles=ROLES,
    )


def _register(pack: Pack, register: Register) -> RegisterWords:
    workflow = pack.workflows.get(register.workflow)
    decides = workflow is not None and any(way.decision for way in workflow.transitions)
    return RegisterWords(
        fields={
            **({DECIDED_BY: FieldWords("choice", DECISIONS)} if decides else {}),
            **{
                field.key: FieldWords(
                    field.type, tuple(choice.key for choice in field.choices), field.private
                )
                for field in register.fields
            },
        },
        states={key: state.phase for key, state in workflow.states.items()} if workflow is not None else {},
    )


def figure_mistakes(pack: Pack) -> Iterator[Mistake]:
    """Every figure that names what does not exist, lacks its measure word or its section; every bad relation."""
    for fault in check(tuple(pack.figures.values()), vocabulary(pack), pack.relations):
        path = tuple(int(part) if part.isdecimal() else part for part in fault.path)
        yield Mistake(FILE, path, fault.sentence)
    for key, figure in pack.figures.items():
        at = ("figures", key)
        counted = not figure.is_claim and not figure.internal and figure.agg.kind not in ("ratio", "yoy")
        if counted and not figure.say.measures:
            yield Mistake(FILE, (*at, "say"), _("没有量词。请在 say 的 measures 中至少写一个。"))
        if not figure.section:
            yield Mistake(FILE, at, _("没有写 section。请写明它归入哪一部分。"))
