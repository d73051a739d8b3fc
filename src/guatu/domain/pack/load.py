"""Reading a pack from its folder: one model per file, then the checks across files."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from functools import cache
from pathlib import Path

from guatu.domain.errors import BadInput
from guatu.domain.pack.checks import find_mistakes
from guatu.domain.pack.included import included
from guatu.domain.pack.register import Register
from guatu.domain.pack.schema import FigureFile, Pack, PackHead
from guatu.domain.pack.source import PackError, Source, read_source
from guatu.domain.pack.template import ReportTemplate
from guatu.domain.pack.validation import Model, validate
from guatu.domain.pack.workflow import Workflow
from guatu.domain.words import gettext as _

HEAD, FIGURES = "pack.yaml", "figures.yaml"
_BUILT_IN = Path(__file__).parents[2] / "packs"


def builtin_packs() -> dict[str, Path]:
    """The packs that come with the program: key → folder; the folder's name is the key as Python writes names."""
    return {
        path.name.replace("_", "-"): path for path in sorted(_BUILT_IN.iterdir()) if (path / HEAD).is_file()
    }


@cache
def builtin_pack(key: str) -> Pack:
    """The built-in pack with this key, read once per process: it comes with the program and stays while it runs."""
    return load_pack(builtin_packs()[key])


def load_pack(folder: Path) -> Pack:
    """The pack in `folder`, checked as a whole.

    Raises PackError for the first mistake: which file, line and key, what is written there and what is allowed;
    BadInput when there is no pack in the folder.
    """
    if not (folder / HEAD).is_file():
        raise BadInput(
            _("“{folder}”中没有 {file}，不是专项模板。请指定专项模板所在的文件夹。"),
            folder=folder.name,
            file=HEAD,
        )
    head_source = read_source(folder, HEAD)
    sources: dict[str, Source] = {HEAD: head_source}
    head = validate(PackHead, head_source)
    registers: dict[str, Register] = {}
    for place, key in enumerate(head.registers):
        name = f"registers/{key}.yaml"
        if not (folder / name).is_file():
            raise head_source.error(
                ("registers", place),
                _("列了“{key}”，但没有 {file}。请补上该文件，或从列表中删去。").format(key=key, file=name),
            )
        registers[key] = _part(Register, folder, name, sources, head)
    _no_strays(folder, head)
    workflows = dict(_parts(Workflow, folder, "workflows", sources))
    translations = _translations(folder)
    common = included(head, head_source)
    for place, part in enumerate(common.folders):
        _refuse_taken(head_source, place, part, {"registers": registers, "workflows": workflows})
        registers |= dict(_parts(Register, part, "registers", sources, head))
        workflows |= dict(_parts(Workflow, part, "workflows", sources))
        for language, said in _translations(part).items():
            translations[language] = {**said, **translations.get(language, {})}
    registers = {key: registers[key] for key in (*head.registers, *common.registers)}
    head = head.model_copy(
        update={
            "registers": tuple(registers),
            "loop": head.loop.model_copy(
                update={"collection": common.collection, "documents": common.documents}
            ),
        }
    )
    reports = dict(_parts(ReportTemplate, folder, "reports", sources))
    figures = FigureFile()
    if (folder / FIGURES).is_file():
        sources[FIGURES] = read_source(folder, FIGURES)
        figures = validate(FigureFile, sources[FIGURES])
    pack = Pack(
        head=head,
        registers=registers,
        workflows=workflows,
        figures=figures.figures,
        relation_texts=figures.relations,
        reports=reports,
        translations=translations,
    )
    mistakes = [(sources[found.file], found) for found in find_mistakes(pack) if found.file in sources]
    if mistakes:
        source, found = min(
            mistakes, key=lambda each: (list(sources).index(each[1].file), each[0].line(each[1].path))
        )
        raise source.error(found.path, found.sentence)
    return pack


def _refuse_taken(head: Source, place: int, part: Path, own: Mapping[str, Collection[str]]) -> None:
    """A part that is taken in must not quietly stand in the place of what the pack says itself."""
    for inside, taken in own.items():
        for path in sorted((part / inside).glob("*.yaml")):
            if path.stem in taken:
                raise head.error(
                    ("includes", place),
                    _("“{part}”带来的 {file} 与本模板的同名。请给本模板的另取标识，或删去 includes。").format(
                        part=part.name, file=f"{inside}/{path.name}"
                    ),
                )


def _part(
    model: type[Model], folder: Path, name: str, sources: dict[str, Source], head: PackHead | None = None
) -> Model:
    """One file whose `key` must be its own name. With a head, `choices: aspects` stands for the pack's aspects."""
    source = sources[name] = read_source(folder, name)
    if head is not None:
        _spell_out_aspects(source, head)
        _spell_out_levels(source, head)
    part = validate(model, source)
    stem, key = Path(name).stem, getattr(part, "key", "")
    if key != stem:
        raise source.error(
            ("key",), _("填的是“{key}”，与文件名“{stem}”不一致。请改成一致。").format(key=key, stem=stem)
        )
    return part


def _spell_out_aspects(source: Source, head: PackHead) -> None:
    """The aspects are written once, in the head; a field that says `choices: aspects` offers them."""
    fields = source.content.get("fields")
    for field in fields if isinstance(fields, list) else ():
        if isinstance(field, dict) and field.get("choices") == "aspects":
            field["choices"] = [option.model_dump() for option in head.aspects]


def _spell_out_levels(source: Source, head: PackHead) -> None:
    """`lead_levels: all` stands for the pack's levels, `below` for all but the first."""
    levels = [option.key for option in head.levels]
    spelled = {"all": levels, "below": levels[1:] or levels}
    written = source.content.get("lead_levels")
    if isinstance(written, str) and written in spelled:
        source.content["lead_levels"] = spelled[written]


def _parts(
    model: type[Model], folder: Path, inside: str, sources: dict[str, Source], head: PackHead | None = None
) -> Iterator[tuple[str, Model]]:
    """Every file of a sub-folder, by name."""
    for path in sorted((folder / inside).glob("*.yaml")):
        yield path.stem, _part(model, folder, f"{inside}/{path.name}", sources, head)


def _translations(folder: Path) -> dict[str, dict[str, str]]:
    """`locale/<language>.yaml`: each text of the pack and what it is called in that language."""
    found: dict[str, dict[str, str]] = {}
    for path in sorted((folder / "locale").glob("*.yaml")):
        source = read_source(folder, f"locale/{path.name}")
        for text, said in source.content.items():
            if not isinstance(said, str) or not said:
                raise source.error((text,), _("译文为空或不是文字。请写成“原文: 译文”后重新装入。"))
        found[path.stem] = {text: str(said) for text, said in source.content.items()}
    return found


def _no_strays(folder: Path, head: PackHead) -> None:
    """A register file that the head does not list would be silently left out."""
    for path in sorted((folder / "registers").glob("*.yaml")):
        if path.stem not in head.registers:
            raise PackError(
                _("没有列入 pack.yaml 的 registers。请列入，或删去该文件。"),
                file=f"registers/{path.name}",
                line=0,
            )
