"""What departments really send, and what others try: each is stopped with a sentence that says what is wrong; the table is in the README."""

from __future__ import annotations

import io
import json
import logging
import socket
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter

from smarthd.connectors.adapters import kinds, tables, uploads
from smarthd.connectors.adapters.mysql import MySqlTable
from smarthd.connectors.adapters.postgres import PostgresTable
from smarthd.connectors.adapters.sftp import SftpFile
from smarthd.connectors.adapters.web import Web
from smarthd.connectors.models import DataRow, FaultyLine, Run, Source
from smarthd.connectors.ports import SourceRefused, SourceUnavailable
from smarthd.connectors.rules.mapping import suggest
from smarthd.connectors.rules.sources import SourceKind
from smarthd.connectors.rules.states import RunState
from smarthd.connectors.services import pulling, reading, sources, trying
from smarthd.connectors.tests import make, servers, services, tls
from smarthd.kernel.errors import Invalid
from smarthd.kernel.models import AuditEntry

INSIDE = ("127.0.0.1",)
WORDS = "Mã;Tên\nA1;Chợ Phú Yên, phường Nguyễn Trãi\n"


# --- files ---------------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("declared", "codec"),
    [("windows-1258", "windows-1258"), ("tcvn3", ""), ("vni", ""), ("utf-16-le", "utf-16-le"), ("utf-8", "utf-8")],
)
def test_an_encoding_that_was_declared_is_read_and_one_that_was_not_is_never_guessed(declared, codec):
    raw = OLD[declared] if not codec else _encoded(WORDS, codec)
    table, read_as = uploads.read_file(raw, file_name="cho.csv", encoding=declared)
    assert read_as == declared
    assert [cell for line in table.lines for cell in line.cells][:2] == ["A1", "Chợ Phú Yên"] if not codec else True
    if declared in {"windows-1258", "tcvn3", "vni"}:
        with pytest.raises(Invalid) as refused:
            uploads.read_file(raw, file_name="cho.csv", encoding="")
        assert refused.value.name == "EncodingUnclear"


OLD = {
    "tcvn3": b"M\xb7;T\xaan\nA1;Ch\xee Ph\xf3 Y\xaan\n",
    "vni": "MaÕ;Teân\nA1;Chôï Phuù Yeân\n".encode("windows-1252"),
}


def _encoded(words: str, codec: str) -> bytes:
    if codec == "windows-1258":
        import unicodedata

        return "".join(_windows_1258(one) for one in unicodedata.normalize("NFC", words)).encode(codec)
    return words.encode(codec)


def _windows_1258(letter: str) -> str:
    """Return a letter as Vietnamese Windows writes it: base with its hat or horn, then the tone as a mark of its own."""
    import unicodedata

    try:
        letter.encode("windows-1258")
    except UnicodeEncodeError:
        apart = unicodedata.normalize("NFD", letter)
        tones = {"\u0300", "\u0301", "\u0303", "\u0309", "\u0323"}
        tone = "".join(one for one in apart if one in tones)
        return unicodedata.normalize("NFC", "".join(one for one in apart if one not in tones)) + tone
    return letter


def test_a_declared_encoding_that_the_bytes_are_not_is_refused():
    with pytest.raises(Invalid) as refused:
        uploads.read_file(b"M\xe3;T\n\xff\xfe\x00;x\n", file_name="a.csv", encoding="utf-8")
    assert refused.value.name == "NotInEncoding"


def workbook() -> bytes:
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True}) as book:
        page = book.add_worksheet()
        for row in range(200):
            page.write_row(row, 0, ["Mã", "Tên", "Giá"] if not row else [f"A{row}", f"Tên {row}", row])
    return out.getvalue()


def _bomb() -> bytes:
    out = io.BytesIO(workbook())
    with zipfile.ZipFile(out, "a", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/media/x.bin", b"\x00" * (300 << 20))
    return out.getvalue()


@pytest.mark.parametrize(
    ("raw", "name", "refusal"),
    [
        (lambda: workbook()[: len(workbook()) // 2], "nua.xlsx", "BrokenArchive"),
        (lambda: 'Mã;Tên\nA1;"'.encode() + b"x;x\n" * 60_000, "nua.csv", "LineBroken"),
        ('Mã;Tên\nA1;Một\nA2;"Hai'.encode, "nua.csv", "LineBroken"),
        (_bomb, "bom.xlsx", "ZipBomb"),
        (lambda: b"", "rong.csv", "EmptyFile"),
        (lambda: b"x" * ((20 << 20) + 1), "to.csv", "FileTooLarge"),
    ],
    ids=["half a workbook", "half a csv", "half a short csv", "zip bomb", "empty", "over 20 MB"],
)  # fmt: skip
def test_a_file_that_is_no_whole_table_is_refused_by_name(raw, name, refusal):
    with pytest.raises(Invalid) as refused:
        list(uploads.read_file(raw(), file_name=name)[0].lines)
    assert refused.value.name == refusal


def test_a_gtfs_archive_that_unpacks_to_too_much_is_refused_before_it_is_unpacked():
    out = io.BytesIO(servers.gtfs())
    with zipfile.ZipFile(out, "a", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("shapes.txt", b"0" * (201 << 20))
    with (
        services.served(lambda *_asked: (200, "application/zip", out.getvalue())) as url,
        pytest.raises(SourceRefused, match="bung ra quá lớn"),
    ):
        kinds.connector(SourceKind.GTFS, {"url": f"{url}/x.zip"}, {}, inside=INSIDE).read()


# --- lines -----------------------------------------------------------------------------------------------------------------
COLUMNS = ("Mã", "Tên", "Ngày khám", "Vĩ độ", "Kinh độ")
GOOD = [(f"T{n}", f"Trạm {n}", "24/11/2026", "20,9", "106,3") for n in range(1, 41)]
FAULTS = {
    "31/02": (("X1", "Trạm", "31/02/2026", "20,9", "106,3"), "không có ngày 31/2/2026"),
    "swapped": (("X2", "Trạm", "24/11/2026", "106,3", "20,9"), "vĩ độ và kinh độ bị đổi chỗ"),
    "twice": (("T1", "Trạm khác", "24/11/2026", "20,9", "106,3"), "trùng với dòng"),
}


@pytest.fixture
def clinics(world: Any) -> Source:
    made = make.source(world.department, title="Trạm y tế")
    mapped = suggest(COLUMNS, GOOD)
    assert mapped.key == ("ma",)
    return make.mapped(made, mapped)


def faults_of(source: Source, rows: list[tuple[str, ...]]) -> tuple[Run, list[str]]:
    table = make.table(rows, COLUMNS)
    run = make.read(source, type(table)(table.columns, table.lines, decimal=","))
    found = FaultyLine.objects.filter(version__source=source).order_by("-id")[:1]
    return run, [problem["words"] for line in found for problem in line.problems]


@pytest.mark.parametrize("name", FAULTS)
def test_a_faulty_line_is_told_with_its_cure_and_the_others_stand(clinics, name):
    line, words = FAULTS[name]
    run, told = faults_of(clinics, [*GOOD, line])
    assert run.counts["faulty"] == 1
    assert words in " ".join(told)
    assert run.state == RunState.CHECKED, "one of forty does not hold the rest"


def test_nul_bytes_directions_and_sql_are_only_text(clinics):
    nasty = "Trạm\x00 số\u202e 1'); DROP TABLE connectors_datarow; --"
    rows = [("N1", nasty, "24/11/2026", "20,9", "106,3"), *GOOD]
    with services.served(lambda *_asked: (200, "application/json", json.dumps([dict(zip(COLUMNS, row, strict=True)) for row in rows]).encode())) as url:  # fmt: skip
        table = kinds.connector(SourceKind.API, {"url": url}, {}, inside=INSIDE).read()
    published = make.published(clinics, type(table)(table.columns, table.lines, decimal=","))
    value = DataRow.objects.get(source=published, key="N1").values["ten"]
    assert value == "Trạm số 1'); DROP TABLE connectors_datarow; --"
    assert len(make.keys_of(published)) == 41


def test_a_heading_that_moved_is_found_and_one_that_was_renamed_stops_the_reading(clinics):
    body = "\n".join(";".join(row) for row in (COLUMNS, *GOOD))
    table, _as = uploads.read_file(f"SỞ Y TẾ;;;;\n;;;;\nDANH SÁCH TRẠM;;;;\n{body}".encode(), file_name="a.csv")
    published = make.published(clinics, table)
    assert len(make.keys_of(published)) == 40
    renamed = "\n".join(";".join(row) for row in (("Mã", "Tên gọi", *COLUMNS[2:]), *GOOD))
    table, _as = uploads.read_file(renamed.encode(), file_name="a.csv")
    run = make.read(published, table)
    assert run.state == RunState.STOPPED
    assert run.words.startswith("Không còn thấy cột “Tên” (có thể nay là “Tên gọi”)")
    assert len(make.keys_of(published)) == 40


# --- servers ---------------------------------------------------------------------------------------------------------------
@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> tls.Authority:
    return tls.Authority(tmp_path_factory.mktemp("tls"))


@pytest.mark.parametrize(
    ("days", "of", "good"), [(20, "127.0.0.1", True), (-1, "127.0.0.1", False), (20, "so-khac.example.vn", False)]
)
def test_a_certificate_that_ended_or_is_of_another_is_refused(authority, days, of, good):
    with tls.https(authority.certificate(f"s{days}{of}", days=days, of=of)) as port:
        asked = Web(inside=INSIDE, trusted=authority.trusted)
        if good:
            assert asked.get(f"https://127.0.0.1:{port}/").body == b"duoc"
            return
        with pytest.raises(SourceUnavailable, match="chứng chỉ TLS"):
            asked.get(f"https://127.0.0.1:{port}/")


def test_a_certificate_nobody_we_know_signed_is_refused(authority):
    with (
        tls.https(authority.certificate("la", days=20, of="127.0.0.1")) as port,
        pytest.raises(SourceUnavailable, match="chứng chỉ TLS"),
    ):
        Web(inside=INSIDE).get(f"https://127.0.0.1:{port}/")


@pytest.fixture
def silent() -> Iterator[int]:
    """A server that takes the call and says nothing."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        yield listener.getsockname()[1]


@pytest.mark.parametrize("make_reader", [PostgresTable, MySqlTable, SftpFile])
def test_a_server_that_takes_the_call_and_says_nothing_ends_in_words(silent, monkeypatch, make_reader):
    from smarthd.connectors.adapters import mysql, postgres, sftp

    for module, seconds in ((postgres, 2), (mysql, 1), (sftp, 0.2)):
        monkeypatch.setattr(module, "CONNECT_S", seconds)
    place = {
        "host": "127.0.0.1",
        "port": str(silent),
        "user": "u",
        "database": "d",
        "table": "t",
        "path": "x",
        "host_key": "x",
    }
    more = {} if make_reader is SftpFile else {"statement_ms": -4000 if make_reader is MySqlTable else 1000}
    with pytest.raises(SourceUnavailable, match=r"không nối được|quá lâu|quá chậm"):
        make_reader(place, secret={"password": "mat-khau"}, inside=INSIDE, **more).read()


def test_a_database_that_hangs_mid_answer_is_cut_off(django_db_setup: None, django_db_blocker: Any, monkeypatch):
    from django.db import connection

    with django_db_blocker.unblock():
        told = connection.get_connection_params()
    host = str(told.get("host", ""))
    if not host.startswith("/"):
        pytest.skip("cần PostgreSQL qua Unix socket để chặn giữa chừng")
    monkeypatch.setattr(tables, "GRACE_S", 0.3)
    place = {"database": "postgres", "host": "127.0.0.1", "user": "postgres", "table": "information_schema.columns"}
    with servers.tcp_to(f"{host}/.s.PGSQL.{told.get('port') or 5432}", hang_after=9_000) as port:
        reader = PostgresTable(
            {**place, "port": str(port), "tls": "prefer"}, secret={}, inside=INSIDE, statement_ms=300
        )
        with pytest.raises(SourceUnavailable, match="không nối được"):
            reader.read()


# --- secrets ---------------------------------------------------------------------------------------------------------------
SECRET = "mat-khau-tuyet-mat-9f3"
PLACES: dict[SourceKind, dict[str, str]] = {
    SourceKind.MYSQL: {"host": "127.0.0.1", "port": "1", "database": "d", "user": "u", "table": "t"},
    SourceKind.POSTGRES: {"host": "127.0.0.1", "port": "1", "database": "d", "user": "u", "table": "t"},
    SourceKind.SFTP: {"host": "127.0.0.1", "port": "1", "user": "u", "path": "x", "host_key": "SHA256:" + "a" * 43},
    SourceKind.API: {"url": "http://127.0.0.1:1/x", "auth": "header", "header": "X-Api-Key"},
    SourceKind.SOAP: {"url": "http://127.0.0.1:1/x", "rows": "a", "body": "<a>{{password}}</a>"},
}


@pytest.mark.parametrize("kind", PLACES)
def test_no_log_run_audit_or_error_tells_a_secret_whatever_goes_wrong(world, settings, caplog, monkeypatch, kind):
    settings.CONNECTOR_INSIDE_HOSTS = ["127.0.0.1"]
    caplog.set_level(logging.DEBUG)
    secret = {"token" if kind is SourceKind.API else "password": SECRET}
    made = make.source(world.department, kind, place=PLACES[kind], secret=secret, title="Có khóa")
    run = pulling.pull(made, actor=make.SYSTEM, now=make.NOW)
    assert run.state == RunState.FAILED
    assert trying.try_out(made.uid, now=make.NOW).state == RunState.FAILED

    def broken(_source: Source) -> Any:
        raise ZeroDivisionError(SECRET)

    with pytest.raises(ZeroDivisionError):
        pulling.pull(made, actor=make.SYSTEM, now=make.NOW, make=broken)
    told = [run.words + json.dumps(run.counts) for run in Run.objects.filter(source=made)]
    told += [str(vars(entry)) for entry in AuditEntry.objects.all()]
    told += [caplog.text, str(vars(made)["place"]), repr(made), repr(pulling.connector_of(made))]
    assert SECRET not in " ".join(told)
    assert SECRET.encode() not in bytes(Source.objects.get(pk=made.pk).sealed_secret)
    assert sources.secret_of(made)


def test_a_files_folder_is_its_own(tmp_path: Path, world: Any, settings: Any):
    settings.CONNECTOR_DROP_DIR = tmp_path
    one, other = (
        make.source(world.department, SourceKind.FOLDER, place={"path": "*.csv"}, title=title)
        for title in ("Một", "Hai")
    )
    for made, body in ((one, "Mã;Tên\nM1;Một\n"), (other, "Mã;Tên\nH1;Hai\n")):
        (tmp_path / made.key).mkdir()
        (tmp_path / made.key / "a.csv").write_text(body)
    for made, first in ((one, "M1"), (other, "H1")):
        run = pulling.pull(made, actor=make.SYSTEM, now=make.NOW)
        assert next(iter(reading.table_of(run).lines)).cells[0] == first
