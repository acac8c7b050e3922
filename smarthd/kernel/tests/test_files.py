"""Files from outside are checked before anything opens them."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

import pytest
from pytest_django import Settings

from smarthd.kernel import files


@pytest.fixture(autouse=True)
def _own_folder(settings: Settings, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path


def kept_files(root: Path) -> list[Path]:
    return [path for path in root.rglob("*") if path.is_file()]


def test_the_same_bytes_are_kept_once(tmp_path: Path) -> None:
    first = files.keep(io.BytesIO(b"danh sach"), limit_mb=1)
    second = files.keep(io.BytesIO(b"danh sach"), limit_mb=1)
    assert first == second
    assert kept_files(tmp_path) == [files.kept_path(first.sha256)]


@pytest.mark.parametrize(
    ("content", "refusal"), [(b"", files.EmptyFile), (b"0" * (files.CHUNK + 1), files.FileTooLarge)]
)
def test_a_refused_file_leaves_nothing_behind(content: bytes, refusal: type[Exception], tmp_path: Path) -> None:
    with pytest.raises(refusal):
        files.keep(io.BytesIO(content), limit_mb=1)
    assert kept_files(tmp_path) == []


def test_a_zip_bomb_is_refused_by_its_directory(tmp_path: Path) -> None:
    bomb = tmp_path / "bomb.xlsx"
    with zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/worksheets/sheet1.xml", b"0" * (60 * files.CHUNK))
    assert bomb.stat().st_size < files.CHUNK
    with pytest.raises(files.ZipBomb):
        files.check_archive(bomb, unpacked_limit_mb=400)


def test_an_honest_archive_passes_and_a_broken_one_is_named(tmp_path: Path) -> None:
    honest = tmp_path / "honest.xlsx"
    with zipfile.ZipFile(honest, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/workbook.xml", b"<workbook/>")
    files.check_archive(honest, unpacked_limit_mb=1)
    broken = tmp_path / "broken.xlsx"
    broken.write_bytes(honest.read_bytes()[:40])
    with pytest.raises(files.BrokenArchive):
        files.check_archive(broken, unpacked_limit_mb=1)
