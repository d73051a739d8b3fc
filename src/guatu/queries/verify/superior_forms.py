"""Superiors' forms against their revisions, and their files in the store."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from guatu.domain.words import gettext as _
from guatu.queries.verify.last_said import differing
from guatu.records.files import hash_of
from guatu.records.models import SuperiorForm


def check_forms() -> str:
    """The first form that differs from its last revision, or whose file is gone or changed; empty if none does."""
    return next(_compare(), "")


def _compare() -> Iterator[str]:
    rows = list(SuperiorForm.objects.all())
    stored = {
        row.pk: (row.version, row.batch_seq, form_said(row, ended=row.ended_batch is not None))
        for row in rows
    }
    yield from differing("form", stored, _("上级表样"))
    for row in rows:
        if row.ended_batch not in (None, row.batch_seq):
            yield _("{name}（内部号 {pk}）与其修订记录不符。").format(name=_("上级表样"), pk=row.pk)
        if hash_of(row.file) != row.file:
            yield _("上级表样“{title}”的文件缺失或已被改动。请从备份恢复。").format(title=row.title)


def form_said(row: SuperiorForm, *, ended: bool = False) -> dict[str, Any]:
    """A form as its revision says it."""
    return {
        "campaign": row.campaign_id,
        "public_id": str(row.public_id),
        "title": row.title,
        "register": row.register,
        "file": row.file,
        "file_name": row.file_name,
        "mapping": row.mapping,
        "ended": ended,
    }
