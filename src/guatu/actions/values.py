"""Field values on their way in: parsed by type, checked against what a state requires."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from guatu.domain.errors import BadInput
from guatu.domain.fields import parse
from guatu.domain.pack.register import Register
from guatu.domain.pack.workflow import Workflow
from guatu.domain.words import gettext as _
from guatu.domain.words import listed

EMPTY: tuple[Any, ...] = (None, "", [], ())


def clean_fields(register: Register, fields: Mapping[str, Any]) -> dict[str, Any]:
    """The values in their stored form, only those named; an unknown field or a wrong value is refused."""
    cleaned: dict[str, Any] = {}
    known = {field.key: field for field in register.fields}
    for key, raw in fields.items():
        declared = known.get(key)
        if declared is None:
            raise BadInput(
                _("“{register}”没有“{key}”这个字段。可用：{known}。"),
                register=register.label,
                key=key,
                known=listed(register.field_keys),
            )
        cleaned[key] = parse(declared, raw)
    return cleaned


def refuse_verdicts(
    register: Register, workflow: Workflow, fields: Mapping[str, Any], before: Mapping[str, Any]
) -> None:
    """Refuse a new value of a field that only the verifier writes, in the step of the verification."""
    for key in sorted(workflow.verdicts & fields.keys()):
        declared = register.field(key)
        if declared is not None and (fields[key] or "") != (before.get(key) or ""):
            raise BadInput(
                _("“{field}”由核验人在核验时填写，不能事先填写或改写。请去掉后再提交。"), field=declared.label
            )


def require_filled(
    register: Register, state: str, data: Mapping[str, Any], title: str, due: date | None
) -> None:
    """Refuse a title left empty, a due day left out where the register needs one, and empty required fields."""
    if not title.strip():
        raise BadInput(_("“{register}”的标题没有填写。请填写后再提交。"), register=register.label)
    if len(title) > 300:
        raise BadInput(_("标题有 {length} 个字，最多 300 个字。请缩短后再提交。"), length=len(title))
    if register.due == "required" and due is None:
        raise BadInput(_("“{title}”没有填写时限。请填写日期，例如 2026-12-31。"), title=title)
    missing = [
        field.label
        for field in register.fields
        if field.is_required(state, data) and data.get(field.key) in EMPTY
    ]
    if missing:
        raise BadInput(_("“{title}”还缺：{fields}。请补充后再提交。"), title=title, fields=listed(missing))
