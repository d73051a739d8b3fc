"""An archive that somebody has put together: nothing of the house is overwritten, and every refusal is a sentence."""

from __future__ import annotations

import hashlib
import json
import zipfile
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from guatu.access import operator
from guatu.actions.campaign_intake import take_in
from guatu.domain import clock
from guatu.domain.errors import BadInput
from guatu.exchange.campaign_archive import MANIFEST, keep_files, read_archive, write_archive
from guatu.queries.campaign_archive import read_campaign
from guatu.records.files import hash_of, keep, keep_copy, opened_copy
from guatu.records.models import Campaign, Post
from tests.archives import elsewhere
from tests.people import World, small_world

pytestmark = pytest.mark.django_db
LATER = date(2023, 12, 1)
PICTURE, SHOWN, FORGED = b"picture", b"picture without its place", b"another picture"
SHA = hashlib.sha256(PICTURE).hexdigest()


@pytest.fixture
def world() -> World:
    return small_world()


def forged(world: World, folder: Path, more: Mapping[str, bytes], *, named: bool) -> Path:
    """The world's archive with parts of somebody's own, named in the manifest or not."""
    write_archive(folder / "a.zip", read_campaign(world.campaign), ())
    with zipfile.ZipFile(folder / "a.zip") as old, zipfile.ZipFile(folder / "b.zip", "w") as new:
        manifest = json.loads(old.read(MANIFEST))
        if named:
            manifest["parts"] |= {name: hashlib.sha256(told).hexdigest() for name, told in more.items()}
        for name in old.namelist():
            if name != MANIFEST and name not in more:
                new.writestr(name, old.read(name))
        for name, content in more.items():
            new.writestr(name, content)
        new.writestr(MANIFEST, json.dumps(manifest))
    return folder / "b.zip"


def shown(sha256: str) -> bytes:
    """The copy that is shown in a file's stead."""
    copy = opened_copy(sha256)
    assert copy is not None
    with copy:
        return copy.read()


@pytest.mark.parametrize("named", [True, False])
def test_what_is_shown_of_a_file_of_the_house_is_not_overwritten(
    world: World, tmp_path: Path, named: bool
) -> None:
    keep([PICTURE])
    keep_copy(SHA, SHOWN)
    place = forged(world, tmp_path, {f"files/{SHA}": PICTURE, f"files/{SHA}.shown": FORGED}, named=named)
    read_archive(place)
    keep_files(place)
    assert shown(SHA) == SHOWN


def test_a_file_that_the_manifest_does_not_name_is_not_taken(world: World, tmp_path: Path) -> None:
    stranger = b"not in the manifest"
    sha = hashlib.sha256(stranger).hexdigest()
    place = forged(world, tmp_path, {f"files/{sha}": stranger}, named=False)
    assert read_archive(place).files == ()
    assert keep_files(place) == 0
    assert hash_of(sha) is None


def test_a_file_under_the_hash_of_another_is_named(world: World, tmp_path: Path) -> None:
    place = forged(world, tmp_path, {f"files/{'0' * 64}": FORGED}, named=True)
    with pytest.raises(BadInput, match="与清单所记不符"):
        read_archive(place)


@pytest.mark.parametrize("content", [b"{", b"[" * 100_000, b"\xff\xfe{}"], ids=["cut", "deep", "bytes"])
def test_a_part_that_is_no_json_is_said_in_a_sentence(world: World, tmp_path: Path, content: bytes) -> None:
    place = forged(world, tmp_path, {"links.jsonl": content}, named=True)
    with pytest.raises(BadInput, match="不是专项工作的整包，或已损坏"):
        read_archive(place)


def test_a_stream_that_breaks_is_said_in_a_sentence(world: World, tmp_path: Path) -> None:
    write_archive(tmp_path / "a.zip", read_campaign(world.campaign), ())
    with zipfile.ZipFile(tmp_path / "a.zip") as archive:
        part = archive.getinfo("units.jsonl")
    data = bytearray((tmp_path / "a.zip").read_bytes())
    begin = part.header_offset + 30 + len(part.filename) + 24
    data[begin : begin + 40] = b"\xff" * 40
    (tmp_path / "a.zip").write_bytes(data)
    with pytest.raises(BadInput, match="不是专项工作的整包，或已损坏"):
        read_archive(tmp_path / "a.zip")


@pytest.mark.parametrize(
    "change",
    [
        lambda told: {**told, "posts": ({"person": "x.zhou"},)},
        lambda told: {**told, "items": tuple({**row, "revisions": []} for row in told["items"])},
        lambda told: {**told, "head": {**told["head"], "starts_on": "soon"}},
        lambda told: {**told, "pack": "{}"},
    ],
    ids=["post", "revisions", "day", "pack"],
)
def test_records_that_contradict_themselves_change_nothing(
    world: World, change: Callable[[dict[str, Any]], dict[str, Any]]
) -> None:
    world.problem("F1", date(2023, 10, 5))
    archive = elsewhere(read_campaign(world.campaign))
    names = ("head", "pack", "posts", "items")
    told = change({name: getattr(archive, name) for name in names})
    before = Campaign.objects.count()
    with clock.fixed(LATER), pytest.raises(BadInput, match="请重新导出后再装入"):
        take_in(operator(), archive=replace(archive, **told), key="copy")
    assert Campaign.objects.count() == before


def test_an_archive_makes_nobody_an_administrator(world: World) -> None:
    archive = elsewhere(read_campaign(world.campaign))
    post = {**archive.posts[0], "role": "system_admin", "unit": "XHY", "team": None, "aspect": ""}
    with clock.fixed(LATER):
        take_in(operator(), archive=replace(archive, posts=(*archive.posts, post)), key="copy")
    assert not Post.objects.filter(campaign__key="copy", role="system_admin").exists()


def test_evidence_is_a_file_that_the_archive_brings(world: World) -> None:
    """A file of another campaign is not opened by an item that names its hash."""
    world.problem("F1", date(2023, 10, 5))
    archive = elsewhere(read_campaign(world.campaign))
    first = archive.items[0]
    evidence = [{"title": "别处的文件.pdf", "sha256": SHA, "size": 7}]
    row = {**first, "revisions": [{**first["revisions"][0], "evidence": evidence}, *first["revisions"][1:]]}
    with clock.fixed(LATER), pytest.raises(BadInput, match=f"文件“{SHA}”没有对应的记录"):
        take_in(operator(), archive=replace(archive, items=(row, *archive.items[1:])), key="copy")
