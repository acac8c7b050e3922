"""Files on SFTP servers and in folders: the newest finished one, from the very server that was meant, and nothing beside it."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from smarthd.connectors.adapters import dropped, kinds
from smarthd.connectors.adapters.landing import Landing
from smarthd.connectors.adapters.sftp import SftpFile
from smarthd.connectors.ports import SourceRefused, SourceUnavailable
from smarthd.connectors.rules.places import problems
from smarthd.connectors.rules.sources import SourceKind
from smarthd.connectors.tests import servers, sftp

SECRET = {"password": sftp.PASSWORD}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Yesterday's file, today's, one half written by its name, one by its bytes, and other formats."""
    out = tmp_path_factory.mktemp("sftp") / "xuat"
    out.mkdir()
    files = {
        "cho-1.csv": "Mã;Tên\nA1;Cũ\n".encode(), "cho-2.csv": servers.CSV.encode(), "cho-3.csv.part": "Mã;T".encode(),
        ".an.csv": b"x", "diem.geojson": servers.DOCUMENTS["/diem.geojson"], "to.bin": b"x" * 3_000_000,
    }  # fmt: skip
    for age, (name, raw) in enumerate(files.items()):
        (out / name).write_bytes(raw)
        os.utime(out / name, (1_700_000_000 + age, 1_700_000_000 + age))
    (out / "noi-khac.csv").symlink_to("/etc/passwd")
    return out


@pytest.fixture(scope="module")
def server(folder: Path) -> Iterator[sftp.Sftp]:
    with sftp.sftp_server(folder.parent) as running:
        yield running


def reader(server: sftp.Sftp, **told: Any) -> SftpFile:
    more = {key: told.pop(key) for key in ("most",) if key in told}
    secret, inside = told.pop("secret", SECRET), told.pop("inside", ["127.0.0.1"])
    place = {"host": "127.0.0.1", "port": str(server.port), "user": sftp.USER, "host_key": server.print}
    return SftpFile({**place, "path": "xuat/cho-2.csv"} | told, secret=secret, inside=inside, **more)


def test_a_file_is_read_twice_the_same_with_the_time_it_was_changed(server):
    first, again = reader(server).read(), reader(server).read()
    assert first.columns == ("Mã", "Tên", "Ngày")
    assert len(list(first.lines)) == 2
    assert first.digest == again.digest != ""
    assert first.moved_at is not None
    assert first.moved_at.timestamp() == 1_700_000_001


def test_of_a_pattern_the_newest_finished_file_is_read_and_other_formats_by_their_ending(server):
    assert len(list(reader(server, path="xuat/cho-*").read().lines)) == 2, "cho-3 is half written, cho-1 is older"
    assert "Vĩ độ" in reader(server, path="xuat/diem.geojson").read().columns
    offers = [one.name for one in reader(server, path="xuat/").offers()]
    assert offers[0] == "xuat/to.bin", "the newest first"
    assert {"xuat/cho-1.csv", "xuat/diem.geojson"} <= set(offers)
    assert not any(".part" in name or ".an" in name or "noi-khac" in name for name in offers)


def test_a_key_lets_in_as_a_password_does(server):
    assert reader(server, secret={"private_key": server.key}).read().columns


@pytest.mark.parametrize(
    ("told", "error", "words"),
    [
        ({"host_key": "SHA256:" + "A" * 43}, SourceRefused, "không phải dấu đã ghi: máy chủ đưa ra SHA256:"),
        ({"secret": {"password": "mat-khau-sai"}}, SourceRefused, "không cho tài khoản này vào"),
        ({"secret": {"private_key": "khong phai khoa"}}, SourceRefused, "khóa riêng không đọc được"),
        ({"path": "xuat/khong-co.csv"}, SourceRefused, "không có tệp"),
        ({"path": "xuat/*.xlsx"}, SourceRefused, "không có tệp nào như"),
        ({"path": "../../etc/passwd"}, SourceRefused, "không có tệp"),
        ({"path": "xuat/to.bin", "most": 1 << 20}, SourceRefused, "lớn hơn 1 MB"),
        ({"port": "1"}, SourceUnavailable, "không nối được"),
        ({"inside": []}, SourceRefused, "mạng nội bộ"),
    ],
)
def test_what_cannot_be_read_is_told_in_words_without_secrets(server, told, error, words):
    with pytest.raises(error, match=words) as refused:
        reader(server, **told).read()
    assert "mat-khau-sai" not in str(refused.value)
    assert sftp.USER not in str(refused.value)


def test_no_secret_leaves_for_a_server_with_another_key(server, monkeypatch):
    seen: list[str] = []
    monkeypatch.setattr(
        SftpFile, "knows", lambda self, found: seen.append(found) or False
    )  # the print is compared before anything else is sent
    with pytest.raises(SourceRefused, match="dấu vân khóa"):
        reader(server).read()
    assert seen == [server.print]


def test_what_is_typed_is_judged():
    good = {"host": "sftp.so.vn", "user": "doc", "host_key": "SHA256:" + "a" * 43, "path": "xuat/*.csv"}
    assert problems(SourceKind.SFTP, good, SECRET) == {}
    assert set(problems(SourceKind.SFTP, good, {})) == {"password"}
    assert set(problems(SourceKind.SFTP, {**good, "host_key": "ssh-ed25519 AAAA"}, SECRET)) == {"host_key"}
    assert problems(SourceKind.FOLDER, {"path": "*.csv"}, {}) == {}
    for path in ("../khac/*.csv", "/etc/passwd", "a\\b"):
        assert set(problems(SourceKind.FOLDER, {"path": path}, {})) == {"path"}


# --- a folder of our own -----------------------------------------------------------------------------------------------
def dropped_in(folder: Path | None, path: str = "*") -> Any:
    return kinds.connector(SourceKind.FOLDER, {"path": path}, {}, inside=(), folder=folder)


def test_of_a_folder_the_newest_finished_file_is_read_and_nothing_that_leads_elsewhere(folder):
    first = dropped_in(folder, "cho-*").read()
    assert len(list(first.lines)) == 2
    assert first.digest == dropped_in(folder, "cho-2.csv").read().digest
    names = {one.name for one in dropped_in(folder).offers()}
    assert names == {"cho-1.csv", "cho-2.csv", "diem.geojson", "to.bin"}
    for path, words in (("noi-khac.csv", "chưa có tệp nào"), ("*.xlsx", "chưa có tệp nào")):
        with pytest.raises(SourceRefused, match=words):
            dropped_in(folder, path).read()
    with pytest.raises(SourceRefused, match="chưa có thư mục"):
        dropped_in(folder / "khong-co").read()
    with pytest.raises(SourceRefused, match="CONNECTOR_DROP_DIR"):
        dropped_in(None).read()
    with pytest.raises(SourceRefused, match="lớn hơn"):
        dropped.FolderFile({"path": "to.bin"}, folder=folder, most=1 << 20).read()


def test_a_file_that_grows_while_it_is_read_is_left_for_later(folder, monkeypatch):
    write = Landing.write

    def growing(landing: Landing, piece: bytes) -> None:
        write(landing, piece)
        (folder / "dang-ghi.csv").write_bytes(piece + b"A3;Moi\n")

    (folder / "dang-ghi.csv").write_bytes(servers.CSV.encode())
    monkeypatch.setattr(Landing, "write", growing)
    with pytest.raises(SourceUnavailable, match="đang được ghi dở"):
        dropped_in(folder, "dang-ghi.csv").read()
    (folder / "dang-ghi.csv").unlink()
