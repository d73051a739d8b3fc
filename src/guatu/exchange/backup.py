"""One file that holds a whole installation: the database and the file store, with the hash of every part.

A backup is a gzipped tar: `manifest.json` first, then the database (an SQLite file, or a dump of PostgreSQL in its own
format), then the files of the store. It is made while the system is in use: SQLite's online copy and pg_dump each see
one moment. Files are never changed once they are kept, so those that the database names are all there.
"""

from __future__ import annotations

import hashlib
import io
import json
import os
import re
import shutil
import sqlite3
import subprocess
import tarfile
import tempfile
from collections.abc import Iterator
from contextlib import closing
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import connection, connections
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder

from guatu import __version__
from guatu.domain import clock
from guatu.domain.errors import BadInput, GuatuError
from guatu.domain.words import gettext as _
from guatu.records import statistics

FORMAT = 1
MANIFEST = "manifest.json"
DATABASES = {"sqlite": "guatu.sqlite3", "postgresql": "guatu.dump"}
FILES = "files/"
_FILE = re.compile(r"files/[0-9a-f]{2}/[0-9a-f]{62}(?:\.shown)?")


class BackupFailed(GuatuError):
    """The database's own program could not do it; the sentence says why."""

    status = 500


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a backup holds. `parts`: name in the archive → SHA-256. `migrations`: what had been applied, in order."""

    format: int
    version: str
    engine: str
    made_at: str
    batches: int
    migrations: tuple[str, ...]
    parts: dict[str, str]


def write_backup(path: Path, *, batches: int) -> Manifest:
    """Write a backup to `path`, whole or not at all. `batches` is the sequence of the last batch, for people to see.

    Raises BadInput when `path` exists or its folder does not, BackupFailed when the database's program fails.
    """
    if path.exists():
        raise BadInput(_("“{path}”已存在，不覆盖。请换一个文件名。"), path=path.name)
    if not path.parent.is_dir():
        raise BadInput(_("文件夹“{folder}”不存在。请先建好文件夹，或换一个位置。"), folder=str(path.parent))
    with tempfile.TemporaryDirectory(dir=settings.GUATU_HOME, prefix=".backup-") as folder:
        database = Path(folder) / DATABASES[connection.vendor]
        _copy_out(database)
        parts = {database.name: _sha256(database)}
        kept = list(_kept_files())
        parts |= {name: digest for name, digest, _place in kept}
        manifest = Manifest(
            format=FORMAT,
            version=__version__,
            engine=connection.vendor,
            made_at=clock.real_now().isoformat(timespec="seconds"),
            batches=batches,
            migrations=_applied(),
            parts=parts,
        )
        fresh = path.with_name(f".{path.name}.{os.getpid()}")
        try:
            with tarfile.open(fresh, "w:gz", compresslevel=6) as archive:
                text = json.dumps(asdict(manifest), ensure_ascii=False, indent=1).encode()
                head = tarfile.TarInfo(MANIFEST)
                head.size, head.mode = len(text), 0o600
                archive.addfile(head, io.BytesIO(text))
                archive.add(database, database.name)
                for name, _digest, place in kept:
                    archive.add(place, name)
            fresh.chmod(0o600)
            fresh.replace(path)
        finally:
            fresh.unlink(missing_ok=True)
    return manifest


def read_manifest(path: Path) -> Manifest:
    """What the backup at `path` says of itself. BadInput for what is no backup, or one of another format."""
    try:
        with tarfile.open(path, "r:gz") as archive:
            member = archive.next()
            found = archive.extractfile(member) if member is not None and member.name == MANIFEST else None
            if found is None:
                raise BadInput(_("“{path}”不是备份文件。请选择用 guatu backup 生成的文件。"), path=path.name)
            given: dict[str, Any] = json.loads(found.read(64 << 20))
            manifest = Manifest(**{**given, "migrations": tuple(given["migrations"])})
    except FileNotFoundError:
        raise BadInput(_("没有找到文件“{name}”。请检查路径和文件名。"), name=path.name) from None
    except (tarfile.TarError, OSError, ValueError, TypeError, KeyError, EOFError):
        raise BadInput(
            _("“{path}”不是备份文件，或已损坏。请选择用 guatu backup 生成的文件。"), path=path.name
        ) from None
    if manifest.format != FORMAT:
        raise BadInput(
            _("备份的格式是第 {format} 版，本程序只认第 {ours} 版。请用同版本的程序恢复。"),
            format=manifest.format,
            ours=FORMAT,
        )
    return manifest


def restore_backup(path: Path, *, replace: bool = False) -> Manifest:
    """Put the backup's content in the place of this home's; every part is checked before anything is replaced.

    Without `replace` the home must hold no data. Raises BadInput for a damaged backup, another kind of database, or a
    backup of a newer program; nothing is changed then.
    """
    manifest = read_manifest(path)
    if manifest.engine != connection.vendor:
        raise BadInput(
            _("备份来自 {theirs}，这里用的是 {ours}。请在同一种数据库上恢复。"),
            theirs=manifest.engine,
            ours=connection.vendor,
        )
    unknown = set(manifest.migrations) - set(_known_migrations())
    if unknown:
        raise BadInput(
            _("备份由较新的程序（{version}）生成，本程序读不懂。请先升级程序，再恢复。"),
            version=manifest.version,
        )
    if not replace and _holds_data():
        raise BadInput(
            _("这里已有数据，没有恢复。请另设空目录（GUATU_HOME），或确认后加 --replace 以备份取代现有数据。")
        )
    with tempfile.TemporaryDirectory(dir=settings.GUATU_HOME, prefix=".restore-") as folder:
        place = Path(folder)
        _unpack(path, place, manifest)
        for name in manifest.parts:
            if name.startswith(FILES):
                target = Path(settings.GUATU_HOME) / name
                target.parent.mkdir(parents=True, exist_ok=True)
                (place / name).replace(target)
        _copy_in(place / DATABASES[connection.vendor])
    return manifest


def _unpack(path: Path, place: Path, manifest: Manifest) -> None:
    """Every part into `place`, its hash compared; BadInput names the first part that differs."""
    database = DATABASES[connection.vendor]
    expected = {database, *(name for name in manifest.parts if _FILE.fullmatch(name))}
    found: set[str] = set()
    try:
        with tarfile.open(path, "r:gz") as archive:
            for member in archive:
                if member.name not in expected or not member.isfile():
                    continue
                source = archive.extractfile(member)
                target = place / member.name
                if source is None or place not in target.resolve().parents:
                    continue
                target.parent.mkdir(parents=True, exist_ok=True)
                with target.open("wb") as out:
                    shutil.copyfileobj(source, out)
                if _sha256(target) != manifest.parts[member.name]:
                    raise BadInput(
                        _("备份中的“{part}”与其哈希值不符，没有恢复。请换一份备份。"), part=member.name
                    )
                found.add(member.name)
    except (tarfile.TarError, OSError, EOFError):
        raise BadInput(_("备份“{path}”已损坏，没有恢复。请换一份备份。"), path=path.name) from None
    gone = sorted({database, *manifest.parts} - found)
    if gone:
        raise BadInput(_("备份中缺少“{part}”，没有恢复。请换一份备份。"), part=gone[0])


def _kept_files() -> Iterator[tuple[str, str, Path]]:
    """The files of the store: (name in the archive, SHA-256, where it lies)."""
    root = Path(settings.GUATU_HOME) / "files"
    for place in sorted(root.glob("??/*")):
        if place.is_file() and not place.name.startswith("."):
            yield f"{FILES}{place.parent.name}/{place.name}", _sha256(place), place


def _copy_out(target: Path) -> None:
    if connection.vendor == "sqlite":
        connection.ensure_connection()
        with closing(sqlite3.connect(target)) as copy:
            connection.connection.backup(copy)
        return
    _run("pg_dump", "--format=custom", "--no-owner", "--no-privileges", f"--file={target}")


def _copy_in(source: Path) -> None:
    if connection.vendor == "sqlite":
        connection.ensure_connection()
        with closing(sqlite3.connect(source)) as copy:
            copy.backup(connection.connection)
        connections.close_all()
        return
    connections.close_all()
    _run(
        "pg_restore",
        "--clean",
        "--if-exists",
        "--no-owner",
        "--no-privileges",
        "--single-transaction",
        "--exit-on-error",
        f"--dbname={connection.settings_dict['NAME']}",
        str(source),
        names_database=False,
    )
    statistics.refresh()  # a dump carries none


def _run(program: str, *arguments: str, names_database: bool = True) -> None:
    """One of PostgreSQL's own programs on our database; the password goes by the environment, not the command line."""
    found = shutil.which(program)
    if found is None:
        raise BadInput(
            _("没有找到 {program}。请安装与服务器同版本的 PostgreSQL 客户端程序后再试。"), program=program
        )
    at = connection.settings_dict
    named = [f"--dbname={at['NAME']}"] if names_database else []
    environment = {
        **os.environ,
        "PGHOST": str(at["HOST"]),
        "PGPORT": str(at["PORT"] or 5432),
        "PGUSER": str(at["USER"]),
        "PGPASSWORD": str(at["PASSWORD"]),
    }
    done = subprocess.run(
        [found, *named, *arguments], env=environment, capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise BackupFailed(
            _("{program} 没有做完：{reason}。请按提示处理后再试。"),
            program=program,
            reason=" ".join(done.stderr.split())[:300] or done.returncode,
        )


def _applied() -> tuple[str, ...]:
    rows = MigrationRecorder(connection).applied_migrations()
    return tuple(f"{app}.{name}" for app, name in rows)


def _known_migrations() -> Iterator[str]:
    for app, name in MigrationLoader(None).disk_migrations:
        yield f"{app}.{name}"


def _holds_data() -> bool:
    """Whether a batch was ever written here."""
    if "records_ledgerhead" not in connection.introspection.table_names():
        return False
    with connection.cursor() as cursor:
        cursor.execute("SELECT batch_seq FROM records_ledgerhead WHERE id = 1")
        row = cursor.fetchone()
    return bool(row and row[0])


def _sha256(path: Path) -> str:
    with path.open("rb") as source:
        return hashlib.file_digest(source, "sha256").hexdigest()
