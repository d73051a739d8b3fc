"""A pack whose figures change while its campaign runs: one more, one declared anew, one no longer offered.

Each change is the next version of the pack (`growing.next_version`), checked as a pack is checked when it is loaded. The
figures of the delivered pack stay as they are: they can be copied under another name, never changed.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from itertools import count
from typing import Any

from pydantic import ValidationError

from guatu.domain.errors import BadInput
from guatu.domain.figures.grammar import Figure
from guatu.domain.pack.checks import find_mistakes
from guatu.domain.pack.growing import next_version
from guatu.domain.pack.schema import Pack
from guatu.domain.words import gettext as _

KEY = "made_{number}"
"""Keys of figures made by clicks: nobody types them, so they carry no meaning."""
MOST = 200
"""Figures made by clicks in one campaign: every page of figures lists them."""


def free_figure_key(taken: Collection[str]) -> str:
    """The first key of a figure made by clicks that is not taken."""
    return next(key for number in count(1) if (key := KEY.format(number=number)) not in taken)


def declared(said: Mapping[str, Any]) -> Figure:
    """The figure that a mapping declares, as a pack would write it. Raises BadInput with the sentence of the first mistake."""
    try:
        return Figure.model_validate(dict(said))
    except ValidationError as failure:
        error = failure.errors(include_url=False)[0]
        told = error.get("ctx", {}).get("error")
        if told is not None:
            raise BadInput(_("统计项不能这样写：{what}"), what=str(told)) from None
        raise BadInput(
            _("统计项的“{place}”没有填写，或填得不对。请改正后再保存。"),
            place=".".join(str(part) for part in error["loc"]) or "–",
        ) from None


def with_figure(pack: Pack, figure: Figure) -> Pack:
    """`pack` with one figure more, as its next version. Raises BadInput for a name or key taken, or a mistake it makes."""
    if figure.key in pack.figures:
        raise BadInput(_("已有标识为“{key}”的统计项。请换一个标识。"), key=figure.key)
    if sum(one.made and not one.retired for one in pack.figures.values()) >= MOST:
        raise BadInput(_("本专项工作新建的统计项已有 {count} 个，不能再增加。请先停用不用的。"), count=MOST)
    _refuse_label(pack, figure)
    return _grown(pack, figure)


def with_changed_figure(pack: Pack, figure: Figure) -> Pack:
    """`pack` with the figure of this key declared anew. Raises BadInput as `with_figure`, and for one not made by clicks."""
    stands = _made(pack, figure.key)
    if stands.retired:
        raise BadInput(_("“{label}”已停用，不能修改。请复制它，另建一项。"), label=stands.label)
    if stands == figure:
        raise BadInput(_("“{label}”没有改动。请改动后再保存。"), label=figure.label)
    _refuse_label(pack, figure)
    return _grown(pack, figure)


def without_figure(pack: Pack, key: str) -> Pack:
    """`pack` with a figure made by clicks retired: no longer offered, still computed where it was written."""
    stands = _made(pack, key)
    if stands.retired:
        raise BadInput(_("“{label}”已停用，不必再停用。"), label=stands.label)
    return _grown(pack, stands.model_copy(update={"retired": True, "internal": True}))


def figure_labelled(pack: Pack, label: str) -> Figure:
    """The figure in use that is called so. KeyError for none."""
    return {one.label: one for one in pack.figures.values() if not one.retired}[label]


def _made(pack: Pack, key: str) -> Figure:
    found = pack.figures.get(key)
    if found is None:
        raise BadInput(_("没有标识为“{key}”的统计项。请从统计项目录中选一项。"), key=key)
    if not found.made:
        raise BadInput(
            _("“{label}”是专项模板自带的，不能修改或停用。请复制它，另建一项。"), label=found.label
        )
    return found


def _refuse_label(pack: Pack, figure: Figure) -> None:
    for other in pack.figures.values():
        if other.key != figure.key and other.label == figure.label and not other.retired:
            raise BadInput(_("已有名称为“{label}”的统计项。请换一个名称。"), label=figure.label)


def _grown(pack: Pack, figure: Figure) -> Pack:
    head = pack.head.model_copy(update={"version": next_version(pack.version)})
    grown = pack.model_copy(update={"head": head, "figures": {**pack.figures, figure.key: figure}})
    mistake = next(find_mistakes(grown), None)
    if mistake is not None:
        raise BadInput(_("统计项“{label}”：{what}"), label=figure.label, what=mistake.sentence)
    return grown
