"""Many filled workbooks in one drop: each judged by itself, the broken named, the rest applied (docs/workbook-round-trip.md).

Each file is a batch of its own under its own key, so a broken one hinders no other, and a job that is begun again finds
what it has applied. What needs somebody to decide (a conflict, a lost mark) is not decided here: the result says to
upload that file alone.
"""

from __future__ import annotations

import lzma
import zipfile
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePath

from guatu.access import Actor
from guatu.actions.jobs import Made, Work
from guatu.domain.errors import BadInput, GuatuError, NotFound
from guatu.domain.said import Said
from guatu.domain.words import gettext as _
from guatu.domain.words import gettext_noop, in_turn
from guatu.exchange.kept_uploads import drop_upload, kept_path
from guatu.exchange.tables import Head, Sheet
from guatu.exchange.workbook_return import Plan, apply, plan, read
from guatu.exchange.workbooks_in import MAX_FILE_BYTES, Reader
from guatu.exchange.xlsx_out import write_xlsx
from guatu.queries.item_sheet import Sheets
from guatu.records.models import Campaign

JOB = "returned_drop"
MOST_FILES = 5_000
MOST_BYTES = 300 * 1024 * 1024
"""Of the whole drop, as it is uploaded."""
_NO_FILES = ("__MACOSX/", ".DS_Store", "Thumbs.db", "desktop.ini")


@dataclass(frozen=True, slots=True)
class Judged:
    """One file of the drop. `verdict`: applied, unchanged, before (applied by an earlier upload) or broken; `why` and
    `then` are sentences: what hindered it, and what to do next."""

    file: str
    verdict: str
    unit: str = ""
    rows: int = 0
    new: int = 0
    changed: int = 0
    why: str = ""
    then: str = ""


def verdict_label(verdict: str) -> str:
    """The verdict in words."""
    return {
        "applied": _("已导入"),
        "unchanged": _("没有变化"),
        "before": _("此前已导入"),
        "broken": _("没有导入"),
    }[verdict]


DONE_ALL = gettext_noop(
    "共 {files} 份：已导入 {done} 份，没有变化或此前已导入 {rest} 份，没有导入 {broken} 份。"
)


def run_drop(work: Work) -> Made:
    """The job: judge and apply every file, and write the result as a workbook."""
    if work.campaign is None:
        raise NotFound()
    token, register = str(work.params["token"]), str(work.params.get("register", ""))
    judging = judge_one if "name" in work.params else judge_all
    judged = list(judging(work, work.campaign, kept_path(token), register))
    path = work.folder / "result.xlsx"
    with path.open("wb") as out:
        write_xlsx(out, [result_sheet(judged)])
    drop_upload(token)
    broken = sum(one.verdict == "broken" for one in judged)
    done = sum(one.verdict == "applied" for one in judged)
    rest = len(judged) - broken - done
    return Made(
        path,
        _("填报表导入结果") + ".xlsx",
        Said(DONE_ALL, {"files": len(judged), "done": done, "rest": rest, "broken": broken}),
        register,
    )


def judge_all(work: Work, campaign: Campaign, path: Path, register: str = "") -> Iterator[Judged]:
    """Judge and apply the files of a zip one after the other. Raises BadInput for what is no zip, or too much of it."""
    with _opened(path) as folder, Reader() as reader:
        members = _members(folder)
        desk = _Desk(work.actor, campaign, register, reader)
        for place, member in enumerate(members):
            work.progress.step(place, len(members))
            yield desk.judge(_name_of(member), folder, member)
        work.progress.step(len(members), len(members))


def judge_one(work: Work, campaign: Campaign, path: Path, register: str) -> Iterator[Judged]:
    """A single workbook that is too long to be applied while somebody waits."""
    name = str(work.params["name"])
    with Reader() as reader:
        yield _Desk(work.actor, campaign, register, reader).judge_bytes(name, path.read_bytes())


class _Desk:
    """Whoever brings the drop, with what is read once for all files."""

    def __init__(self, actor: Actor, campaign: Campaign, register: str, reader: Reader) -> None:
        self._actor, self._campaign, self._register, self._reader = actor, campaign, register, reader
        self._sheets: dict[str, Sheets] = {}

    def judge(self, name: str, folder: zipfile.ZipFile, member: zipfile.ZipInfo) -> Judged:
        """Apply the file, or say why not. Never raises for what is wrong with it."""
        try:
            return self.judge_bytes(name, _content(folder, member, name))
        except GuatuError as refused:
            return _broken(name, refused)

    def judge_bytes(self, name: str, data: bytes) -> Judged:
        """The same for what has been unpacked."""
        try:
            return self._judge(name, data)
        except GuatuError as refused:
            return _broken(name, refused)

    def _judge(self, name: str, data: bytes) -> Judged:
        found = read(data, PurePath(name).name, self._reader)
        register = self._register or (found.mark.register if found.mark else "")
        if not register:
            return Judged(
                name,
                "broken",
                why=_("本表缺少下发标识，无法判断属于哪个清单。"),
                then=_("请到对应的清单页单独上传，核对对应关系后导入。"),
            )
        judged = plan(self._actor, self._campaign, found, register, self._of(register))
        unit = found.mark.unit if found.mark else ""
        difference = judged.difference
        if judged.before is not None:
            return Judged(name, "before", unit, difference.read)
        reason = _hindrance(judged)
        if reason is not None:
            return Judged(name, "broken", unit, difference.read, why=reason[0], then=reason[1])
        if difference.empty:
            return Judged(name, "unchanged", unit, difference.read, why=_told(judged))
        done = apply(self._actor, self._campaign, judged)
        return Judged(name, "applied", unit, difference.read, done.created, done.edited, why=_told(judged))

    def _of(self, register: str) -> Sheets | None:
        """Units, and items that cells point at, are read once for all files of a register."""
        if register not in self._sheets:
            try:
                self._sheets[register] = Sheets.of(self._actor, self._campaign, register)
            except KeyError:
                return None
        return self._sheets[register]


def _broken(name: str, refused: GuatuError) -> Judged:
    return Judged(name, "broken", why=str(refused), then=_("请按提示改好后重新上传这一份。"))


def _hindrance(found: Plan) -> tuple[str, str] | None:
    """(what hinders, what next) of a file that somebody has to look at; None if it can be applied as it is."""
    difference = found.difference
    if difference.problems:
        first = difference.problems[0].sentence
        said = _("有 {count} 处需要改正。第一处：{first}").format(count=len(difference.problems), first=first)
        return said, _("请填表单位改好后重新上传。")
    if found.to_confirm and not difference.empty:
        return found.notes[0], _("请到清单页单独上传这一份，核对对应关系后导入。")
    if difference.conflicts:
        said = _("有 {count} 处已被他人修改，与表中内容不一致。").format(count=difference.conflicts)
        return said, _("请到清单页单独上传这一份，逐处选择保留哪一项。")
    if found.redates:
        return _("表中改了时限，须写明原因或文件号。"), _("请到清单页单独上传这一份，写明后导入。")
    return None


def _told(found: Plan) -> str:
    """What is worth knowing of a file that was taken: cells that may not be changed, rows that did not come back."""
    difference = found.difference
    said = []
    if difference.locked:
        said.append(_("有 {count} 个锁定的单元格被改过，没有采用。").format(count=difference.locked))
    if difference.missing:
        said.append(
            _("下发的 {count} 行不在表中，系统中的事项没有删除。").format(count=len(difference.missing))
        )
    return in_turn(said)


def result_sheet(judged: Sequence[Judged]) -> Sheet:
    """The result as a table: what was not applied first."""
    order = ("broken", "applied", "unchanged", "before")
    rows = sorted(judged, key=lambda one: order.index(one.verdict))
    return Sheet(
        name=_("导入结果"),
        title=_("填报表导入结果"),
        notes=(),
        heads=(
            Head("file", _("文件"), "text", 24),
            Head("verdict", _("结果"), "text", 8),
            Head("unit", _("单位代码"), "text", 10),
            Head("rows", _("行数"), "integer", 6),
            Head("new", _("新增"), "integer", 6),
            Head("changed", _("修改"), "integer", 6),
            Head("why", _("说明"), "text", 40),
            Head("then", _("下一步"), "text", 30),
        ),
        rows=(
            (
                one.file,
                verdict_label(one.verdict),
                one.unit,
                one.rows,
                one.new,
                one.changed,
                one.why,
                one.then,
            )
            for one in rows
        ),
        count=len(rows),
    )


# The zip ──────────────────────────────────────────────────────────────────────


def _opened(path: Path) -> zipfile.ZipFile:
    try:
        return zipfile.ZipFile(path)
    except (zipfile.BadZipFile, OSError, ValueError):
        raise BadInput(_("压缩包已损坏，或不是 zip 文件。请重新打包成 zip 后上传。")) from None


def _members(folder: zipfile.ZipFile) -> list[zipfile.ZipInfo]:
    found = [
        one
        for one in folder.infolist()
        if not one.is_dir() and not any(part in one.filename for part in _NO_FILES)
    ]
    if not found:
        raise BadInput(_("压缩包里没有文件。请把填好的表放进压缩包后上传。"))
    if len(found) > MOST_FILES:
        raise BadInput(
            _("压缩包里有 {count} 份文件，一次最多 {most} 份。请分几次上传。"),
            count=len(found),
            most=MOST_FILES,
        )
    return found


def _content(folder: zipfile.ZipFile, member: zipfile.ZipInfo, name: str) -> bytes:
    """The bytes of one file. No more is unpacked than a workbook may have, whatever the zip says of itself."""
    if member.flag_bits & 0x1:
        raise BadInput(_("文件设有打开密码，无法读取。请去除密码后重新上传。"))
    try:
        with folder.open(member) as file:
            data = file.read(MAX_FILE_BYTES + 1)
    except (zipfile.BadZipFile, OSError, ValueError, RuntimeError, EOFError, zlib.error, lzma.LZMAError):
        raise BadInput(_("“{name}”在压缩包里已损坏。请重新打包后上传。"), name=name) from None
    return data


def _name_of(member: zipfile.ZipInfo) -> str:
    """The file's name; a zip made on an older Chinese Windows does not say that its names are GBK."""
    if member.flag_bits & 0x800:
        return member.filename
    try:
        return member.filename.encode("cp437").decode("gbk")
    except (UnicodeEncodeError, UnicodeDecodeError):
        return member.filename
