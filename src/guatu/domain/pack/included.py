"""Parts that several packs share, kept once in `packs/common` and taken in by `includes`.

A part is a folder with `include.yaml`, `registers/`, `workflows/` and `locale/`, written as a pack's own files are. What it
brings stands in the stored pack like everything else: nothing is looked up in the folder again.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from guatu.domain.pack.base import Key, PackModel
from guatu.domain.pack.collection import Collection
from guatu.domain.pack.documents import Documents
from guatu.domain.pack.mistake import unknown
from guatu.domain.pack.schema import PackHead
from guatu.domain.pack.source import Source, read_source
from guatu.domain.pack.validation import validate

COMMON = Path(__file__).parents[2] / "packs" / "common"
INCLUDE = "include.yaml"


class Part(PackModel):
    """What `include.yaml` says: the registers in their order, and what they are for."""

    registers: tuple[Key, ...] = ()
    collection: Collection | None = None
    documents: Documents | None = None


@dataclass(frozen=True, slots=True)
class Included:
    """The folders that a pack takes in, and what their heads say."""

    folders: tuple[Path, ...] = ()
    registers: tuple[str, ...] = ()
    collection: Collection | None = None
    documents: Documents | None = None


def included(head: PackHead, source: Source) -> Included:
    """The parts that a head names. Raises PackError with the line when there is no such part."""
    known = sorted(path.name for path in COMMON.iterdir() if (path / INCLUDE).is_file())
    folders: list[Path] = []
    registers: list[str] = []
    collection, documents = None, None
    for place, name in enumerate(head.includes):
        if name not in known:
            mistake = unknown(source.file, ("includes", place), name, known)
            raise source.error(mistake.path, mistake.sentence)
        part = validate(Part, read_source(COMMON / name, INCLUDE))
        folders.append(COMMON / name)
        registers += part.registers
        collection = part.collection or collection
        documents = part.documents or documents
    return Included(tuple(folders), tuple(registers), collection, documents)
