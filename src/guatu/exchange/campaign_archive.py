"""A campaign's archive as one zip file: JSON parts to load from, CSV tables to read, the files themselves, a hash of each.

The reader believes nothing: every part must be named in the manifest with the hash that it has, and none may unpack to
more than it says or than `MOST`.
"""

from __future__ import annotations

import hashlib
import io
import json
import lzma
import os
import re
import shutil
import zipfile
import zlib
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import IO, Any

from guatu import __version__
from guatu.domain.campaign_archive import FORMAT, Archive
from guatu.domain.errors import BadInput
from guatu.domain.words import gettext as _
from guatu.exchange.csv_out import lines
from guatu.exchange.tables import Sheet
from guatu.records.files import hash_of, keep, keep_copy, opened, opened_copy

MANIFEST, PACK = "manifest.json", "pack.json"
ROWS = ("units", "people", "teams", "posts", "items", "links", "comments", "readers", "outside")
LATER = ("packs", "issued", "phrases")
"""What archives have had since there is more to carry; those of before are read as if it were empty."""
MOST = 1 << 30
MOST_MANIFEST = 64 << 20
_FILE = re.compile(r"files/([0-9a-f]{64})(\.shown)?")
_NAME = re.compile(r'[\\/:*?"<>|\s]+')
_TIME = (1980, 1, 1, 0, 0, 0)


def write_archive(path: Path, archive: Archive, sheets: Iterable[Sheet]) -> dict[str, int]:
    """Write the archive to `path`, whole or not at all; how many of each part it holds.

    Raises BadInput when `path` exists, its folder does not, or a file of the store is missing.
    """
    if path.exists():
        raise BadInput(_("“{path}”已存在，不覆盖。请换一个文件名。"), path=path.name)
    if not path.parent.is_dir():
        raise BadInput(_("文件夹“{folder}”不存在。请先建好文件夹，或换一个位置。"), folder=str(path.parent))
    fresh = path.with_name(f".{path.name}.{os.getpid()}")
    parts: dict[str, str] = {}
    counts = {name: len(getattr(archive, name)) for name in (*ROWS, *LATER)} | {"files": len(archive.files)}
    try:
        with zipfile.ZipFile(fresh, "w", zipfile.ZIP_DEFLATED, compresslevel=6) as out:
            parts[PACK] = _put(out, PACK, [archive.pack.encode()])
            for name in (*ROWS, *LATER):
                part = f"{name}.jsonl"
                parts[part] = _put(out, part, _json_lines(getattr(archive, name)))
            for place, sheet in enumerate(sheets, start=1):
                part = f"tables/{place:02d}_{_NAME.sub('_', sheet.name)}.csv"
                parts[part] = _put(out, part, lines(sheet))
            for sha256 in archive.files:
                with opened(sha256) as content:
                    parts[f"files/{sha256}"] = _put(out, f"files/{sha256}", _pieces(content))
                shown = opened_copy(sha256)
                if shown is not None:
                    with shown:
                        parts[f"files/{sha256}.shown"] = _put(out, f"files/{sha256}.shown", _pieces(shown))
            manifest = {**archive.head, "program": __version__, "counts": counts, "parts": parts}
            _put(out, MANIFEST, [json.dumps(manifest, ensure_ascii=False, indent=1).encode()])
        fresh.chmod(0o600)
        fresh.replace(path)
    finally:
        fresh.unlink(missing_ok=True)
    return counts


def _json_lines(rows: Iterable[Mapping[str, Any]]) -> Iterator[bytes]:
    for row in rows:
        yield json.dumps(row, ensure_ascii=False, separators=(",", ":"), sort_keys=True).encode() + b"\n"


def _pieces(content: IO[bytes]) -> Iterator[bytes]:
    return iter(lambda: content.read(1 << 20), b"")


def _put(out: zipfile.ZipFile, name: str, pieces: Iterable[bytes]) -> str:
    """Write one part; its SHA-256."""
    part = zipfile.ZipInfo(name, _TIME)
    part.compress_type = zipfile.ZIP_DEFLATED
    part.external_attr = 0o600 << 16
    digest = hashlib.sha256()
    with out.open(part, "w", force_zip64=True) as into:
        for piece in pieces:
            digest.update(piece)
            into.write(piece)
    return digest.hexdigest()


def read_archive(path: Path) -> Archive:
    """What the archive at `path` holds, every part checked. The files stay in it until `keep_files`.

    Raises BadInput with a sentence for what is no archive, one of another format, or one that was changed.
    """
    with _open(path) as archive:
        manifest = _manifest(archive, path)
        _refuse_changed(archive, manifest["parts"], path)
        try:
            there = [name for name in LATER if f"{name}.jsonl" in manifest["parts"]]
            rows = {name: tuple(_rows(archive, f"{name}.jsonl")) for name in (*ROWS, *there)}
            pack = archive.read(PACK).decode()
        except (ValueError, RecursionError):
            raise _no_archive(path) from None
        files = sorted({found[1] for name in manifest["parts"] if (found := _FILE.fullmatch(name))})
        head = {key: value for key, value in manifest.items() if key not in ("parts", "counts", "program")}
        return Archive(head=head, pack=pack, files=tuple(files), **rows)


def keep_files(path: Path) -> int:
    """Take the archive's files into the store; how many. What is there already is kept as it is, its shown copy too.

    Only what the manifest names is looked at: `read_archive` has checked that, and nothing else.
    """
    with _open(path) as archive:
        named = [found for name in _manifest(archive, path)["parts"] if (found := _FILE.fullmatch(name))]
        fresh = {found[1] for found in named if hash_of(found[1]) != found[1]}
        for found in named:
            if found[1] in fresh and not found[2]:
                with archive.open(found[0]) as content:
                    keep(_pieces(content))
        for found in named:
            if found[1] in fresh and found[2]:
                keep_copy(found[1], archive.read(found[0]))
    return len(fresh)


def _open(path: Path) -> zipfile.ZipFile:
    try:
        return zipfile.ZipFile(path)
    except FileNotFoundError:
        raise BadInput(_("没有找到文件“{name}”。请检查路径和文件名。"), name=path.name) from None
    except (zipfile.BadZipFile, OSError):
        raise _no_archive(path) from None


def _no_archive(path: Path) -> BadInput:
    return BadInput(
        _("“{path}”不是专项工作的整包，或已损坏。请选择用 guatu export 生成的文件。"), path=path.name
    )


def _manifest(archive: zipfile.ZipFile, path: Path) -> dict[str, Any]:
    try:
        with archive.open(
            MANIFEST
        ) as told:  # no more is unpacked than this, whatever the archive says of itself
            content = told.read(MOST_MANIFEST + 1)
        if len(content) > MOST_MANIFEST:
            raise _no_archive(path)
        manifest: dict[str, Any] = json.loads(content)
        parts, version = manifest["parts"], manifest["format"]
    except (KeyError, TypeError, ValueError, RuntimeError, EOFError, OSError, zipfile.BadZipFile, zlib.error):
        raise _no_archive(path) from None
    if version != FORMAT:
        raise BadInput(
            _("整包的格式是第 {format} 版，本程序只认第 {ours} 版。请用同版本的程序装入。"),
            format=version,
            ours=FORMAT,
        )
    if not isinstance(parts, dict) or not {PACK, *(f"{name}.jsonl" for name in ROWS)} <= parts.keys():
        raise _no_archive(path)
    return manifest


def _refuse_changed(archive: zipfile.ZipFile, parts: Mapping[str, str], path: Path) -> None:
    """Every part is there, no larger than it says, with the hash that the manifest names."""
    sizes = {info.filename: info.file_size for info in archive.infolist()}
    for name, wanted in parts.items():
        if name not in sizes or sizes[name] > MOST:
            raise _no_archive(path)
        digest = hashlib.sha256()
        try:
            with archive.open(name) as content:
                for piece in _pieces(content):
                    digest.update(piece)
        except (zipfile.BadZipFile, RuntimeError, OSError, EOFError, ValueError, zlib.error, lzma.LZMAError):
            raise _no_archive(path) from None
        told = _FILE.fullmatch(name)
        if digest.hexdigest() != wanted or (told and not told[2] and wanted != told[1]):
            raise BadInput(_("整包中的“{part}”与清单所记不符，可能已被改动。请重新导出后再装入。"), part=name)


def _rows(archive: zipfile.ZipFile, name: str) -> Iterator[dict[str, Any]]:
    with io.TextIOWrapper(archive.open(name), encoding="utf-8") as lines_in:
        for line in lines_in:
            yield json.loads(line)


def free_space_for(path: Path, home: Path) -> None:
    """Refuse an archive whose files would not fit on the disk of the home."""
    with _open(path) as archive:
        needed = sum(info.file_size for info in archive.infolist() if _FILE.fullmatch(info.filename))
    free = shutil.disk_usage(home).free
    if needed > free:
        raise BadInput(
            _("整包内的文件共 {needed} MB，磁盘只剩 {free} MB。请腾出空间后再装入。"),
            needed=needed >> 20,
            free=free >> 20,
        )
