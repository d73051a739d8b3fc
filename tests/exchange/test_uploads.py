"""Files handed in: told by their content, refused with a sentence, pictures shown without where they were taken."""

from __future__ import annotations

import hashlib
import io
import zipfile
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image
from pytest_django import Settings

from guatu.domain.errors import BadInput, NotFound
from guatu.exchange.uploads import handed_out, take_in
from guatu.records.files import path_of

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600


@pytest.fixture(autouse=True)
def home(settings: Settings, tmp_path: Path) -> Path:
    settings.GUATU_HOME = tmp_path
    return tmp_path


def photo(kind: str = "JPEG", turned: int = 6) -> bytes:
    """A picture of 40 × 20 taken on its side, with its place."""
    picture, out = Image.new("RGB", (40, 20), "red"), io.BytesIO()
    exif = Image.Exif()
    exif[0x0112] = turned
    exif[0x010F] = "MAKER-OF-THE-CAMERA"
    exif.get_ifd(0x8825)[2] = (31.0, 14.0, 3.0)
    picture.save(out, kind, exif=exif)
    return out.getvalue()


def zipped(*names: str) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name in names:
            archive.writestr(name, "x")
    return out.getvalue()


def kept(name: str, content: bytes) -> str:
    [evidence] = take_in([SimpleUploadedFile(name, content)])
    assert evidence.sha256 == hashlib.sha256(content).hexdigest()
    assert evidence.size == len(content)
    assert path_of(evidence.sha256).read_bytes() == content
    return evidence.title


@pytest.mark.parametrize(
    ("name", "content", "title"),
    [
        ("通知.pdf", b"%PDF-1.7\n", "通知.pdf"),
        ("照片.JPEG", photo(), "照片.JPEG"),
        ("截图.png", photo("PNG", 1), "截图.png"),
        ("手机.heic", b"\0\0\0\x18ftypheic\0\0\0\0", "手机.heic"),
        ("制度.docx", zipped("word/document.xml"), "制度.docx"),
        ("台账.xlsx", zipped("xl/workbook.xml"), "台账.xlsx"),
        ("旧表.xls", OLE, "旧表.xls"),
        ("旧文.doc", OLE, "旧文.doc"),
        ("打包.zip", zipped("甲.txt"), "打包.zip"),
        ("说明.txt", "整改说明".encode(), "说明.txt"),
        ("国标.txt", "整改说明".encode("gb18030"), "国标.txt"),
        ("长文.txt", ("啊" * 3000).encode(), "长文.txt"),
        ("没有后缀", b"%PDF-1.4\n", "没有后缀.pdf"),
        ("照片.exe", photo(), "照片.exe.jpg"),
        ("C:\\资料\\照片.jpg", photo(), "照片.jpg"),
        ("../../etc/通知.pdf", b"%PDF-1.7\n", "通知.pdf"),
    ],
)
def test_a_file_is_kept_under_its_hash_and_named_by_what_it_is(name: str, content: bytes, title: str) -> None:
    assert kept(name, content) == title


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("照片.jpg", b"MZ\x90\0", "可以运行的程序"),
        ("照片.jpg", b"\x7fELF\x02", "可以运行的程序"),
        ("说明.txt", b"#!/bin/sh\n", "可以运行的程序"),
        ("包.zip", zipped("META-INF/MANIFEST.MF"), "可以运行的程序"),
        ("照片.jpg", b"<!DOCTYPE html><p>", "网页"),
        ("图.png", b"\xef\xbb\xbf  <svg onload=alert(1)>", "网页"),
        ("说明.txt", b"see <script>alert(1)</script>", "类型不能识别"),
        ("台账.xlsm", zipped("xl/workbook.xml", "xl/vbaProject.bin"), "带有宏"),
        ("密码.xlsx", OLE, "设有打开密码"),
        ("安装.msi", OLE, "类型不能识别"),
        ("空.pdf", b"", "是空的"),
        ("坏.zip", b"PK\x03\x04 and nothing more", "已损坏"),
        ("坏.jpg", b"\xff\xd8\xff\xe0 and nothing more", "打不开"),
        ("声音.mp3", b"ID3\x04\0\0\0", "类型不能识别"),
    ],
)
def test_what_is_no_document_and_no_picture_is_refused_with_its_name(
    name: str, content: bytes, said: str, home: Path
) -> None:
    with pytest.raises(BadInput, match=said) as failure:
        take_in([SimpleUploadedFile("好.pdf", b"%PDF-1.7\n"), SimpleUploadedFile(name, content)])
    assert name in str(failure.value)
    assert not (home / "files").exists()


def test_a_file_beyond_the_limit_is_refused_with_its_size(settings: Settings) -> None:
    settings.GUATU_FILE_MOST_BYTES = 2 << 20
    with pytest.raises(BadInput, match=r"“大\.pdf”有 3 MB，最大 2 MB"):
        take_in([SimpleUploadedFile("大.pdf", b"%PDF-" + b"0" * (2 << 20))])


def test_more_files_than_one_act_takes_are_refused(settings: Settings) -> None:
    settings.GUATU_FILES_PER_ACT = 2
    files = [SimpleUploadedFile(f"{n}.pdf", b"%PDF-1.7\n") for n in range(2)]
    assert len(take_in(files)) == 2
    with pytest.raises(BadInput, match="最多上传 2 个文件，现在选了 3 个"):
        take_in(files, already=1)


@pytest.mark.parametrize("kind", ["JPEG", "PNG"])
def test_the_shown_copy_stands_upright_and_does_not_say_where_it_was_taken(kind: str) -> None:
    content = photo(kind)
    [evidence] = take_in([SimpleUploadedFile(f"照片.{'jpg' if kind == 'JPEG' else 'png'}", content)])
    shown = handed_out(evidence.sha256, evidence.title)
    copy = shown.content.read()
    with Image.open(io.BytesIO(copy)) as picture:
        assert picture.size == (20, 40)
        assert dict(picture.getexif()) == {}
    assert b"MAKER-OF-THE-CAMERA" in content
    assert b"MAKER-OF-THE-CAMERA" not in copy
    assert path_of(evidence.sha256).read_bytes() == content


def test_a_lost_copy_is_made_anew_and_a_lost_original_is_told(home: Path) -> None:
    [evidence] = take_in([SimpleUploadedFile("照片.jpg", photo())])
    for copy in (home / "files").rglob("*.shown"):
        copy.unlink()
    assert handed_out(evidence.sha256, evidence.title).content.read(3) == b"\xff\xd8\xff"
    for kept_file in (home / "files").rglob("*"):
        if kept_file.is_file():
            kept_file.unlink()
    with pytest.raises(NotFound, match="文件已不在系统中"):
        handed_out(evidence.sha256, evidence.title)
