"""Files too large to wait for: kept, checked by the worker, told how far it is, stopped; workbooks and old encodings from disk."""

from __future__ import annotations

import codecs
import io
import zipfile
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter
from django.db import connection

from smarthd.agencies.rules.encodings import Encoding
from smarthd.connectors.adapters import spooled, uploads
from smarthd.connectors.adapters.stopping import Stopped
from smarthd.connectors.models import Run, Source, Version
from smarthd.connectors.ports import SourceRefused, Table
from smarthd.connectors.rules import mapping
from smarthd.connectors.rules.checking import Line
from smarthd.connectors.rules.states import RunState
from smarthd.connectors.services import pulling, reading
from smarthd.connectors.tests import make
from smarthd.kernel.errors import Invalid

DATA = Path(__file__).parent / "data" / "workbooks"


@pytest.fixture
def source(world: Any, monkeypatch: Any) -> Source:
    monkeypatch.setattr(reading, "AT_ONCE", 1_000)
    return make.mapped(make.source(world.department))


def csv_of(rows: list[tuple[str, ...]]) -> bytes:
    return "\n".join(";".join(row) for row in [make.COLUMNS, *rows]).encode() + b"\n"


def handed(source: Source, raw: bytes, name: str = "nha-thuoc.csv", encoding: str = "") -> Run:
    return reading.hand_over(
        uid=source.uid, stream=io.BytesIO(raw), file_name=name, encoding=encoding, actor=make.SYSTEM, now=make.NOW
    )


def test_a_large_file_is_taken_and_checked_by_the_worker(source):
    from procrastinate.contrib.django.models import ProcrastinateJob

    run = handed(source, csv_of(make.rows(100)))
    assert (run.state, run.counts) == (RunState.RUNNING, {})
    [job] = ProcrastinateJob.objects.filter(task_name__endswith="check_file")
    reading.check_kept(job.args["run_id"], now=make.NOW)
    run.refresh_from_db()
    assert (run.state, run.counts["lines"], run.encoding) == (RunState.CHECKED, 100, "utf-8")
    assert run.ended_at > Version.objects.get(run=run).made_at, "the run lasts until the check is done"
    reading.check_kept(run.pk, now=make.NOW)  # a job that comes twice does nothing twice
    assert Run.objects.count() == 1


def test_a_large_file_whose_columns_are_named_is_checked_by_the_worker_too(world, monkeypatch):
    monkeypatch.setattr(reading, "AT_ONCE", 1_000)
    source = make.source(world.department)
    run = handed(source, csv_of(make.rows(100)))
    reading.check_kept(run.pk, now=make.NOW)
    run.refresh_from_db()
    assert run.state == RunState.UNMAPPED
    mapped = mapping.suggest(make.COLUMNS, make.rows(5))
    run = reading.map_columns(uid=source.uid, mapped=mapped, actor=make.SYSTEM, now=make.NOW)
    assert run.state == RunState.RUNNING
    reading.check_kept(run.pk, now=make.NOW)
    run.refresh_from_db()
    assert (run.state, run.counts["lines"]) == (RunState.CHECKED, 100)


def test_a_small_file_is_checked_while_its_clerk_waits(source):
    assert handed(source, csv_of(make.rows(5))).state == RunState.CHECKED


@pytest.mark.parametrize(
    ("raw", "name", "encoding"),
    [
        (b"\x89PNG" + b"0" * 2_000, "anh.png", ""),
        (b"<html>" + b"khong phai bang " * 200, "trang.csv", ""),
        ("Mã;Tên\n".encode("cp1258", "ignore") + b"A1;Ch\xee\n" * 500, "tcvn3.csv", ""),
        (b"", "trong.csv", ""),
    ],
    ids=["a picture", "a page", "an encoding nobody named", "nothing"],
)
def test_what_cannot_be_a_table_is_refused_at_once_and_leaves_nothing(source, raw, name, encoding):
    with pytest.raises(Invalid):
        handed(source, raw, name, encoding)
    assert Run.objects.count() == 0


def test_a_large_file_that_breaks_in_its_midst_ends_in_words_and_is_not_the_one_to_be_mapped(source):
    run = handed(source, csv_of(make.rows(100)) + b'"mot o khong dong;x;y\n' * 3)
    reading.check_kept(run.pk, now=make.NOW)
    run.refresh_from_db()
    assert (run.state, run.kept_sha256) == (RunState.FAILED, "")
    assert "dấu ngoặc kép" in run.words


def test_a_large_file_can_be_stopped(source):
    run = handed(source, csv_of(make.rows(100)))
    pulling.cancel(uid=source.uid, actor=make.SYSTEM, now=make.NOW)
    reading.check_kept(run.pk, now=make.NOW)
    run.refresh_from_db()
    assert (run.state, source.versions.count()) == (RunState.CANCELLED, 0)


def test_a_worker_told_to_leave_hands_the_check_on(source, monkeypatch):
    from procrastinate.contrib.django.models import ProcrastinateJob

    run = handed(source, csv_of(make.rows(100)))
    with monkeypatch.context() as leaving:
        leaving.setattr(reading.lanes, "place_to_check", _told_to_leave)
        reading.check_kept(run.pk, now=make.NOW)
    assert ProcrastinateJob.objects.filter(task_name__endswith="check_file").count() == 2
    reading.check_kept(run.pk, now=make.NOW)
    run.refresh_from_db()
    assert run.state == RunState.CHECKED


def test_a_large_file_outlives_the_worker_that_checked_it(source):
    """Its run is not ended while the queue holds the check; when the queue gives that up, it is."""
    run = handed(source, csv_of(make.rows(100)))
    late = make.NOW + reading.LEASE + timedelta(seconds=1)
    assert pulling.end_lost(now=late) == 0
    with connection.cursor() as cursor:
        cursor.execute("UPDATE procrastinate_jobs SET status = 'doing'")
    assert pulling.end_lost(now=late) == 0
    with connection.cursor() as cursor:
        cursor.execute("UPDATE procrastinate_jobs SET status = 'failed'")
    assert pulling.end_lost(now=late) == 1
    run.refresh_from_db()
    assert run.state == RunState.FAILED


def _told_to_leave(_table: Table) -> Any:
    raise Stopped


def test_who_stops_while_it_is_checked_need_not_wait_and_nothing_of_it_stays(source, monkeypatch):
    run = handed(source, csv_of(make.rows(100)))
    finish = reading.finish

    def stopped_meanwhile(*told: Any, **more: Any) -> Any:
        pulling.cancel(uid=source.uid, actor=make.SYSTEM, now=make.NOW)
        return finish(*told, **more)

    monkeypatch.setattr(reading, "finish", stopped_meanwhile)
    reading.check_kept(run.pk, now=make.NOW)
    assert source.versions.count() == 0


def test_how_far_a_reading_is_can_be_asked_at_any_time(source):
    from smarthd.connectors.services import kept

    stream = kept.opened(kept.keep(b"x" * (3 << 20))[1])
    told = uploads.progress_of(stream)
    assert told() == 0
    stream.read(1 << 20)
    assert 0 < told() < 1
    stream.read()
    assert told() == 1


# --- workbooks ---------------------------------------------------------------------------------------------------------
def ods(rows: str) -> bytes:
    """Return an OpenDocument spreadsheet of one table."""
    spaces = " ".join(
        f'xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"' for name in ("office", "table", "text")
    )
    content = (
        f'<?xml version="1.0" encoding="UTF-8"?><office:document-content {spaces} office:version="1.2"><office:body><office:spreadsheet>'
        f'<table:table table:name="Chợ">{rows}</table:table></office:spreadsheet></office:body></office:document-content>'
    )
    kind = "application/vnd.oasis.opendocument.spreadsheet"
    manifest = (
        '<?xml version="1.0"?><manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0">'
        f'<manifest:file-entry manifest:full-path="/" manifest:media-type="{kind}"/></manifest:manifest>'
    )
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("mimetype", kind, zipfile.ZIP_STORED)
        archive.writestr("META-INF/manifest.xml", manifest)
        archive.writestr("content.xml", content)
    return out.getvalue()


def words(*cells: str) -> str:
    return "".join(
        f'<table:table-cell office:value-type="string"><text:p>{one}</text:p></table:table-cell>' for one in cells
    )


EMPTY_TAIL = '<table:table-row table:number-rows-repeated="1048000"><table:table-cell table:number-columns-repeated="1024"/></table:table-row>'
NUMBER = '<table:table-cell office:value-type="float" office:value="12.5"><text:p>12,5</text:p></table:table-cell>'
DAY = '<table:table-cell office:value-type="date" office:date-value="2026-11-24"><text:p>24/11/2026</text:p></table:table-cell>'
ROW = "<table:table-row>{}</table:table-row>"
OF_LIBREOFFICE = (
    ROW.format(words("Mã", "Tên chợ", "Số quầy", "Ngày họp"))
    + '<table:table-row table:number-rows-repeated="3"><table:table-cell/></table:table-row>'
    + ROW.format(words("A1", "Chợ Phú Yên") + NUMBER + DAY)
    + EMPTY_TAIL
)


def test_an_old_xls_is_read(world):
    table, read_as = uploads.read_file((DATA / "cho.xls").read_bytes(), file_name="cho.xls")
    assert (table.columns, read_as) == (("Mã", "Tên chợ", "Số quầy", "Ngày họp"), "xlsx")
    assert [(line.number, list(line.cells)) for line in table.lines] == [
        (3, ["A1", "Chợ Phú Yên", "12,5", "24/11/2026"]),
        (4, ["A2", "Chợ Con", "40", "24/11/2026"]),
    ]


def test_an_ods_is_read_and_its_lines_keep_their_numbers(world):
    table, _read_as = uploads.read_file(ods(OF_LIBREOFFICE), file_name="cho.ods")
    told = [(line.number, list(line.cells)) for line in table.lines if any(line.cells)]
    assert told == [(5, ["A1", "Chợ Phú Yên", "12,5", "24/11/2026"])]


@pytest.mark.parametrize(
    "rows",
    [
        '<table:table-row table:number-rows-repeated="1000000"><table:table-cell table:number-columns-repeated="1000" office:value-type="string"><text:p>x</text:p></table:table-cell></table:table-row>',
        ROW.format(words("Mã"))
        + EMPTY_TAIL
        + ROW.format(f'<table:table-cell table:number-columns-repeated="900"/>{words("x")}'),
    ],
    ids=["one cell a thousand million times", "two cells far from each other"],
)
def test_an_ods_that_unfolds_without_measure_is_refused(world, rows):
    with pytest.raises(Invalid) as refused:
        uploads.read_file(ods(rows), file_name="bom.ods")
    assert refused.value.name == "SheetTooWide"


def test_a_workbook_is_read_again_when_its_columns_are_mapped_anew(source):
    out = io.BytesIO()
    with xlsxwriter.Workbook(out) as book:
        page = book.add_worksheet()
        for index, row in enumerate([("Danh sách nhà thuốc",), make.COLUMNS, *make.rows(40)]):
            page.write_row(index, 0, row)
    run = handed(source, out.getvalue(), "nha-thuoc.xlsx")
    reading.check_kept(run.pk, now=make.NOW)
    run.refresh_from_db()
    assert run.state == RunState.CHECKED, run.words
    lines = list(reading.table_of(run).lines)
    assert [(lines[0].number, lines[0].cells[0]), (lines[-1].number, lines[-1].cells[0])] == [(3, "NT1"), (42, "NT40")]


# --- encodings -----------------------------------------------------------------------------------------------------------
TEXT = "Mã;Tên chợ\r\nA1;Chợ Phú Yên\r\nA2;Quán “Đậu”\r\n"


@pytest.mark.parametrize(
    ("raw", "encoding"),
    [
        (codecs.BOM_UTF16_LE + TEXT.encode("utf-16-le"), ""),
        (codecs.BOM_UTF16_BE + TEXT.encode("utf-16-be"), ""),
        (TEXT.encode("utf-16-le"), Encoding.UTF_16_LE),
        (codecs.BOM_UTF8 + TEXT.encode(), ""),
    ],
)
def test_text_in_other_encodings_is_read_by_lines(world, raw, encoding):
    table, _read_as = uploads.read_file(raw, file_name="cho.csv", encoding=encoding)
    assert type(table.lines) is uploads.delimited.Delimited, "read line by line, not whole"
    assert [(line.number, *line.cells) for line in table.lines] == [(2, "A1", "Chợ Phú Yên"), (3, "A2", "Quán “Đậu”")]


# --- lines on disk -------------------------------------------------------------------------------------------------------
ODD = [
    ["a\u00a0b", 'nói "vậy"', ""],
    ["", "", ""],
    ["\ufeffx", "; , |", "'="],
    ["Ế", "e\u0302\u0301".encode().decode(), "0"],
]


@pytest.mark.parametrize("first", [1, 2, 7])
def test_lines_come_back_from_disk_as_they_went(first):
    from smarthd.kernel import text

    cells = [[text.nfc(cell) for cell in row] for row in ODD]
    lines = [Line(number, row) for number, row in zip((first, first + 1, first + 5, first + 6), cells, strict=True)]
    on_disk = spooled.spooled(Table(("a", "b", "c"), lines))
    assert [(one.number, list(one.cells)) for one in on_disk.lines if any(one.cells)] == [
        (one.number, list(one.cells)) for one in lines if any(one.cells)
    ]
    kept = io.BytesIO()
    stored = spooled.Kept(on_disk)
    while piece := stored.read(8):
        kept.write(piece)
    kept.seek(0)
    again = spooled.opened(kept)
    assert again.columns == on_disk.columns
    assert [(one.number, list(one.cells)) for one in again.lines] == [
        (one.number, list(one.cells)) for one in on_disk.lines
    ]


def test_two_readings_of_the_same_lines_have_the_same_digest_and_a_part_has_none():
    told = Table(("a",), [Line(1, ["x"])])
    assert spooled.spooled(told).digest == spooled.spooled(told).digest != ""
    assert spooled.spooled(Table(("a",), [Line(1, ["x"])], whole=False)).digest == ""


def test_more_lines_than_are_ever_read_are_refused():
    with pytest.raises(SourceRefused, match=r"nhiều hơn 3 dòng"):
        spooled.spooled(Table(("a",), (Line(number, ["x"]) for number in range(1, 5))), most=3)
