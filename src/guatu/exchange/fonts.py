"""Fonts for what is typeset here: which family stands for each face of an official document, and where its file lies.

Typst quietly takes another font for a family that it does not know. So families are chosen here, from the folders that
it is given, and what falls back is said: once at the start of a server or worker, and on the document itself.

Searched: the folder `fonts` of the home (what a house has a licence for goes there), the fonts of the wheel
`pylopdf-fonts-zh-cn` (Noto Sans SC and Noto Serif SC, SIL Open Font License), and free families of the system.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

import pylopdf_fonts_zh_cn
import typst
from django.conf import settings

from guatu.domain.errors import BadInput
from guatu.domain.words import gettext as _
from guatu.domain.words import gettext_noop, listed

SANS, SERIF = "Noto Sans SC", "Noto Serif SC"


@dataclass(frozen=True, slots=True)
class Face:
    """A face that a document asks for: its official name, families that are it, and the one that stands in for it.

    `own`: families taken from the home's folder only; `free`: free families, taken from the system too.
    """

    name: str
    own: tuple[str, ...]
    free: tuple[str, ...]
    instead: str


FACES: Mapping[str, Face] = {
    "title": Face(
        gettext_noop("小标宋"),
        ("FZXiaoBiaoSong-B05S", "FZXiaoBiaoSong-B05", "方正小标宋简体", "方正小标宋_GBK"),
        (),
        SERIF,
    ),
    "fang": Face(
        gettext_noop("仿宋"),
        ("FangSong_GB2312", "仿宋_GB2312", "FangSong", "STFangsong"),
        ("FandolFang R", "FandolFang", "Zhuque Fangsong (technical preview)", "朱雀仿宋"),
        SERIF,
    ),
    "kai": Face(
        gettext_noop("楷体"),
        ("KaiTi_GB2312", "楷体_GB2312", "KaiTi", "STKaiti"),
        ("LXGW WenKai GB", "LXGW WenKai", "FandolKai", "AR PL KaitiM GB", "AR PL UKai CN"),
        SERIF,
    ),
    "hei": Face(gettext_noop("黑体"), ("SimHei",), (), SANS),
    "song": Face(gettext_noop("宋体"), ("SimSun", "NSimSun"), (), SERIF),
}
"""Where no font of a face is found, `instead` stands in. 黑体 and 宋体 are matched by Noto Sans and Noto Serif."""

EQUAL = frozenset({"hei", "song"})


@dataclass(frozen=True, slots=True)
class FaceState:
    """One face: its official name, the family that sets it, whether that is it (or its equal) or stands in for it, and the
    name of the file it comes from (empty for a family that was not found).
    """

    name: str
    family: str
    stands_in: bool
    file: str


@dataclass(frozen=True, slots=True)
class Fonts:
    """What is set with what: `families` by face (and `sans`, `serif`), the folders in which Typst looks, and the `files` in
    which families were found (family → file).
    """

    families: Mapping[str, str]
    folders: tuple[str, ...]
    missing: tuple[str, ...]
    files: Mapping[str, str] = field(default_factory=dict)

    @property
    def faces(self) -> tuple[FaceState, ...]:
        """Every face of official documents and what sets it."""
        return tuple(
            FaceState(
                face.name,
                self.families[key],
                key not in EQUAL and self.families[key] == face.instead,
                self.files.get(self.families[key], ""),
            )
            for key, face in FACES.items()
        )

    @property
    def substitutes(self) -> tuple[tuple[str, str], ...]:
        """Faces that another family stands in for: (official name, family)."""
        return tuple(
            (face.name, self.families[key])
            for key, face in FACES.items()
            if key not in EQUAL and self.families[key] == face.instead
        )


@cache
def fonts() -> Fonts:
    """The fonts of this machine, looked up once per process (about 0.1 s)."""
    return find_fonts(own_folder(), Path(pylopdf_fonts_zh_cn.sans_path()).parent)


def own_folder() -> Path:
    """Where a house puts the fonts that it has a licence for."""
    return Path(settings.GUATU_HOME) / "fonts"


def find_fonts(own: Path, shipped: Path, *, system: bool = True) -> Fonts:
    """Choose a family for every face. Families under `own` come first, whatever they are."""
    given = [str(folder) for folder in (own, shipped) if folder.is_dir()]
    known = typst.Fonts(include_system_fonts=system, include_embedded_fonts=False, font_paths=given)
    places: dict[str, Path] = {}
    mine: set[str] = set()
    for font in known.fonts():
        if font.path is None:
            continue
        place = Path(font.path)
        if place.is_relative_to(own):
            mine.add(font.family)
            places[font.family] = place
        else:
            places.setdefault(font.family, place)
    families = {"sans": SANS, "serif": SERIF}
    for key, face in FACES.items():
        chosen = [family for family in (*face.own, *face.free) if family in mine]
        chosen += [family for family in face.free if family in places]
        families[key] = chosen[0] if chosen else face.instead
    wanted = dict.fromkeys(families.values())
    folders = dict.fromkeys([*given, *(str(places[family].parent) for family in wanted if family in places)])
    return Fonts(
        families,
        tuple(folders),
        tuple(family for family in wanted if family not in places),
        {family: places[family].name for family in wanted if family in places},
    )


def require_fonts() -> Fonts:
    """The fonts, or BadInput when the ones that every document needs are not there."""
    found = fonts()
    if found.missing:
        raise BadInput(
            _(
                "缺少字体 {families}，不能生成 PDF。请重新安装程序所附的字体，或把字体文件放入数据目录的 fonts 文件夹。"
            ),
            families=listed(found.missing),
        )
    return found


def check_fonts() -> str:
    """One line on what documents are set with, if something is missing or stands in for an official face; else empty."""
    found = fonts()
    if found.missing:
        return _(
            "注意：缺少字体 {families}，不能生成 PDF。请重新安装程序，或把字体文件（ttf、otf、ttc）放入 {folder}，再重新启动服务。"
        ).format(families=listed(found.missing), folder=own_folder())
    if found.substitutes:
        pairs = listed(_("{face}用 {family}").format(face=_(f), family=s) for f, s in found.substitutes)
        return _(
            "字体：公文 PDF 中{pairs} 代替。有正式字体的，请把字体文件（ttf、otf、ttc）放入 {folder}，再重新启动服务。Word 稿不受影响。"
        ).format(pairs=pairs, folder=own_folder())
    return ""
