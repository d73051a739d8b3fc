"""The version code on a sheet printed for signature: which item, which version, and a check against its revision."""

from __future__ import annotations

import re
from dataclasses import dataclass

from guatu.domain.errors import BadInput
from guatu.domain.words import gettext as _

CHECK_LENGTH = 8
"""Hex digits of the revision's hash that stand on the sheet."""

_CODE = re.compile(r"([A-Z]{1,4}-\d{4,9})[-/ ]+(\d{1,9})[-/ ]+([0-9A-F]{8})", re.ASCII)
_WIDE = str.maketrans("－—–／　", "---/ ")


@dataclass(frozen=True, slots=True)
class VersionCode:
    """`number` of the item, `version` that was printed, `check` = the first digits of that revision's hash."""

    number: str
    version: int
    check: str

    def __str__(self) -> str:
        return f"{self.number}-{self.version}-{self.check}"


def code_of(number: str, version: int, revision_hash: str) -> VersionCode:
    """The code of one version of an item."""
    return VersionCode(number, version, revision_hash[:CHECK_LENGTH].lower())


def read_code(text: str) -> VersionCode:
    """A code as somebody typed it or a scanner read it: blanks, wide dashes and small letters are taken.

    Raises BadInput for what is none.
    """
    found = _CODE.fullmatch(text.strip().translate(_WIDE).upper())
    if found is None:
        raise BadInput(
            _("版本码填的是“{value}”，无法识别。请照签字版右上角填写，例如：WT-0001-3-1a2b3c4d。"),
            value=text.strip()[:40],
        )
    return VersionCode(found[1], int(found[2]), found[3].lower())
