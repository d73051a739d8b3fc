"""A pack that grows while its campaign runs: one register more, as the next version of the same pack.

The version tells where it came from and how often it has grown: “1.0” → “1.0+1” → “1.0+2”. What the pack said before
stays as it was, so that every revision still names the content under which it was written.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from itertools import count, product
from string import ascii_uppercase

from guatu.domain.errors import BadInput
from guatu.domain.pack.checks import find_mistakes
from guatu.domain.pack.register import Register
from guatu.domain.pack.schema import Pack
from guatu.domain.pack.source import spell
from guatu.domain.words import gettext as _

KEY = "sheet_{number}"
"""Keys of registers made by clicks: nobody types them, so they carry no meaning."""
PREFIX = "B"
"""The first letter of their numbers (表)."""
MOST = 100
"""Registers of a campaign: a page lists them all."""


def next_version(version: str) -> str:
    """The version after this one: the part behind “+” counts how often the pack has grown."""
    base, _plus, grown = version.partition("+")
    return f"{base}+{int(grown or 0) + 1}"


def free_key(taken: Collection[str]) -> str:
    """The first key of a register made by clicks that is not taken."""
    return next(key for number in count(1) if (key := KEY.format(number=number)) not in taken)


def free_prefix(taken: Collection[str]) -> str:
    """The first number prefix (BA, BB … BZZZ) that is not taken."""
    return next(prefix for prefix in _prefixes() if prefix not in taken)


def _prefixes() -> Iterator[str]:
    for length in (1, 2, 3):
        for letters in product(ascii_uppercase, repeat=length):
            yield PREFIX + "".join(letters)


def refitted(pack: Pack, register: Register) -> Register:
    """`register` with a free key and a free prefix where the pack has one with either by now."""
    taken = [one.prefix for one in pack.registers.values()]
    if register.key not in pack.registers and register.prefix not in taken:
        return register
    return register.model_copy(update={"key": free_key(pack.registers), "prefix": free_prefix(taken)})


def labelled(pack: Pack, label: str) -> Register:
    """The register that is called so: no two of a pack have one label. KeyError for none."""
    found = {one.label: one for one in pack.registers.values()}
    return found[label]


def with_register(pack: Pack, register: Register) -> Pack:
    """`pack` with one register more, as its next version.

    Raises BadInput where a register with this key or label stands already, where there are too many, and for the
    first mistake that the new register makes in the pack.
    """
    if register.key in pack.registers:
        raise BadInput(_("已有标识为“{key}”的清单。请换一个标识。"), key=register.key)
    if any(one.label == register.label for one in pack.registers.values()):
        raise BadInput(_("已有名称为“{label}”的清单。请换一个名称。"), label=register.label)
    if len(pack.registers) >= MOST:
        raise BadInput(_("本专项工作已有 {count} 个清单，不能再增加。请用已有的清单。"), count=MOST)
    head = pack.head.model_copy(
        update={
            "version": next_version(pack.version),
            "registers": (*pack.head.registers, register.key),
        }
    )
    grown = pack.model_copy(update={"head": head, "registers": {**pack.registers, register.key: register}})
    if register.workflow not in grown.workflows:
        raise BadInput(
            _("清单“{label}”的流转“{workflow}”不在专项模板中。请另选一种流转。"),
            label=register.label,
            workflow=register.workflow,
        )
    mistake = next(find_mistakes(grown), None)
    if mistake is not None:
        raise BadInput(
            _("清单“{label}”的 {place} {what}"),
            label=register.label,
            place=spell(mistake.path),
            what=mistake.sentence,
        )
    return grown
