"""The streamed way: quick as thorough, all faults of a known register told and none wrongly, a second reading by its lines like a first."""

from __future__ import annotations

import csv
import io
import random
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from hypothesis import given
from hypothesis import strategies as st

from bench import _shops
from smarthd.connectors.adapters import delimited
from smarthd.connectors.errors import LineBroken
from smarthd.connectors.models import Change, DataRow, FaultyLine, ManifestPart, RowWords, Run, Source, Version
from smarthd.connectors.ports import Table
from smarthd.connectors.rules import checking, compiled, fields, mapping
from smarthd.connectors.rules.checking import Faulty, Line
from smarthd.connectors.rules.fields import Kind, Place
from smarthd.connectors.rules.states import RunState
from smarthd.connectors.selectors import public
from smarthd.connectors.selectors import sources as desk
from smarthd.connectors.services import kept, partitions, publishing, reading, staging, understanding, words
from smarthd.connectors.tests import make
from smarthd.kernel import sealing, text

SHOPS = mapping.mapping_of(_shops.mapping())
ODD = mapping.Mapping(
    (
        fields.Field("b", "B", "B", Kind.TEXT, required=True), fields.Field("a%", "A", "A", Kind.NUMBER), fields.Field("xa", "Xã", "Xã", Kind.UNIT),
        fields.Field("y", "Y", "Y", Kind.LATITUDE), fields.Field("x", "X", "X", Kind.LONGITUDE), fields.Field("dt", "DT", "DT", Kind.PHONE),
        fields.Field("web", "Web", "Web", Kind.URL),
    ),
    ("b", "a%"),
)  # fmt: skip
ODD_COLUMNS = ("B", "A", "Xã", "Y", "X", "DT", "Web")


def resolve(name: str) -> Place:
    if "?" in name:
        raise fields.CellFault(f"không có xã {name}")
    return Place(len(name), f"Xã {name}")


def both(told: mapping.Mapping, columns: tuple[str, ...], cells: list[str]) -> tuple[Any, Any]:
    """Return what the quick way writes, and what the thorough way says."""
    quick = compiled.compile_sound(told, columns, resolve, decimal=",", title=told.title.key)
    thorough = checking.compile_row(told, columns, resolve, decimal=",")
    quick(cells)  # what is remembered of a cell must not change what it is
    return quick(cells), thorough(Line(2, cells))


def agree(told: mapping.Mapping, columns: tuple[str, ...], cells: list[str]) -> bool:
    written, row = both(told, columns, cells)
    if isinstance(row, Faulty):
        return written is None
    return written is None or written == compiled.copy_line(row, told.title.key)


def test_the_quick_way_writes_what_the_thorough_one_does_and_takes_every_plain_line():
    for cells in _shops.lines(400):
        assert agree(SHOPS, _shops.HEADS, cells)
    assert all(both(SHOPS, _shops.HEADS, cells)[0] for cells in _shops.lines(100, clean=True))


cell = st.sampled_from(
    ["", "-", "N/A", "0", "0,0", "1,5", "1e5", "20.9", "106.3", "-20.9", "20,9", "200", "٣٣.1", "\\", 'a"b', "a\\tb", "%s", "Xã ?", "0220 3123456",
     "+84 912 345 678", "912345678", "https://a.vn/x", "HTTPS://a.vn", "http://a@b.vn", "x" * 401, "x" * 4001, "Đường Hòa  Bình"]
) | st.text(max_size=12)  # fmt: skip


@given(st.lists(cell, min_size=0, max_size=9))
def test_the_quick_way_declines_or_agrees_whatever_stands_in_the_cells(cells):
    assert agree(ODD, ODD_COLUMNS, [text.nfc(one) for one in cells])


@given(
    st.lists(st.lists(st.text(max_size=10), min_size=3, max_size=3), min_size=1, max_size=8), st.sampled_from(",;\t|")
)
def test_cells_come_out_as_the_csv_reader_and_normalising_give_them(rows, delimiter):
    out = io.StringIO(newline="")
    csv.writer(out, delimiter=delimiter).writerows([["Mã", "Tên", "Chú"], *rows])
    raw = out.getvalue().encode("utf-8", "surrogatepass")
    stream = io.BytesIO(raw)
    if not delimited.survey(stream).readable:
        return
    found = [list(line.cells) for line in delimited.Delimited(stream, delimiter=delimiter, top=1, head=1)]
    wanted = csv.reader(io.StringIO(raw.decode(), newline=""), delimiter=delimiter)
    assert found == [[text.nfc(one) for one in row] for row in wanted][1:]


# --- a register with known faults -------------------------------------------------------------------------------------
COUNT = 1_400


@pytest.fixture
def shops(world: Any, monkeypatch: Any) -> Source:
    monkeypatch.setattr(staging, "MANY", 300)
    monkeypatch.setattr(delimited, "BY_COLUMNS", 0)
    monkeypatch.setattr(delimited, "BLOCK", 40_000)
    monkeypatch.setattr(words, "AT_ONCE", 10_000)
    made = make.source(world.department, title="Cửa hàng")
    made.mapping = _shops.mapping()
    made.save()
    return made


def handed_in(made: Source, path: Path, *, days: int = 0) -> Run:
    with path.open("rb") as stream:
        return reading.hand_in(
            uid=made.uid, raw=stream, file_name="a.csv", encoding="", actor=make.SYSTEM, now=make.NOW + timedelta(days=days)
        )  # fmt: skip


def published(made: Source, run: Run) -> None:
    number = int(run.counts["version"])
    publishing.publish(uid=made.uid, number=number, actor=make.SYSTEM, now=make.NOW, reason="Đã xem từng dòng")
    made.refresh_from_db()


def test_every_fault_of_thirteen_kinds_is_told_with_its_line_and_none_wrongly(shops, tmp_path):
    run = handed_in(shops, _shops.write(tmp_path / "a.csv", COUNT))
    assert set(FaultyLine.objects.values_list("number", flat=True)) == _shops.faulty_numbers(COUNT)
    assert run.counts["lines"] == COUNT
    version = Version.objects.get(source=shops)
    assert version.staged
    assert [row["ma"] for row in desk.preview_rows(version, 2)] == ["CH0000001", "CH0000002"]
    assert DataRow.objects.filter(source=shops).count() == 0
    published(shops, run)
    assert (
        shops.row_count
        == DataRow.objects.filter(source=shops, until=None).count()
        == COUNT - len(_shops.faulty_numbers(COUNT))
    )
    assert public.rows_page(
        public.dataset(shops.key, now=make.NOW), public.Query(words="cua hang so 1399"), now=make.NOW
    ).items


def test_a_large_version_that_is_dropped_leaves_no_table(shops, tmp_path):
    run = handed_in(shops, _shops.write(tmp_path / "a.csv", 500))
    publishing.drop(uid=shops.uid, number=int(run.counts["version"]), actor=make.SYSTEM, now=make.NOW)
    with connection.cursor() as cursor:
        cursor.execute("SELECT to_regclass(%s)", [partitions.own_table(shops.pk)])
        assert cursor.fetchone() == (None,)
    published(shops, handed_in(shops, _shops.write(tmp_path / "b.csv", 600)))
    assert DataRow.objects.filter(source=shops, since=2, until=None).count() == 600 - 12


def state_of(made: Source) -> tuple[object, ...]:
    """Return what is public, what is faulty in the newest version, and its counts."""
    version = Version.objects.filter(source=made).order_by("-number")[0]
    rows = {row.key: (bytes(row.digest), row.values) for row in DataRow.objects.filter(source=made, until=None)}
    faulty = sorted((one.number, one.cells, str(one.problems)) for one in FaultyLine.objects.filter(version=version))
    return (
        rows,
        faulty,
        (version.added, version.changed, version.removed, version.rows, version.faulty, version.held_for),
    )


def edited(rows: list[list[str]], chance: random.Random) -> list[list[str]]:
    """Change, drop, add, move, double and spoil some lines, and mend some."""
    rows = [list(row) for row in rows if chance.random() > 0.01]
    for _ in range(12):
        row = rows[chance.randrange(len(rows))]
        row[chance.choice((0, 1, 4, 6, 9))] = chance.choice(
            ("", "CH0000003", "abc", "1.000", "2/2/2024", "20.91234", row[1] + " x")
        )
    rows.insert(chance.randrange(len(rows)), list(chance.choice(rows)))
    rows += [_shops.line(10_000 + chance.randrange(50), chance)]
    if chance.random() < 0.5:
        chance.shuffle(rows)
    return rows


@pytest.mark.parametrize("seed", range(6))
def test_a_reading_by_its_lines_comes_to_what_reading_all_comes_to(shops, seed):
    chance = random.Random(seed)
    rows = list(_shops.lines(150, seed=seed))
    for again in range(4):
        found = []
        for by_lines in (False, True):
            saved = transaction_savepoint()
            if not by_lines:
                ManifestPart.objects.all().delete()
            run = read(shops, rows)
            if run.state in {RunState.CHECKED, RunState.HELD}:
                published(shops, run)
            found.append(state_of(shops))
            if not by_lines:
                saved()
        assert found[0] == found[1], again
        rows = edited(rows, chance)


def transaction_savepoint() -> Any:
    from django.db import transaction

    point = transaction.savepoint()
    return lambda: transaction.savepoint_rollback(point)


def read(made: Source, rows: list[list[str]]) -> Run:
    made.refresh_from_db()
    run = reading.begin(made, actor=make.SYSTEM, now=make.NOW)
    table = Table(_shops.HEADS, [Line(number, row) for number, row in enumerate(rows, start=2)], decimal=",")
    reading.finish(made, run, table, now=make.NOW)
    return run


def test_an_unchanged_line_is_not_read_again(shops, tmp_path, monkeypatch):
    path = _shops.write(tmp_path / "a.csv", 400)
    published(shops, handed_in(shops, path))
    seen = []
    understand = understanding.Reader.understand
    monkeypatch.setattr(
        understanding.Reader,
        "understand",
        lambda self, number, cells: seen.append(number) or understand(self, number, cells),
    )
    run = handed_in(shops, _shops.write(tmp_path / "b.csv", 400, changed=True), days=1)
    assert len(seen) == 8  # those that changed
    version = Version.objects.get(source=shops, number=run.counts["version"])
    assert (version.added, version.changed, version.removed, version.rows) == (0, 8, 0, 392)
    assert Change.objects.filter(version=version).count() == 8
    told = FaultyLine.objects.order_by("number").values_list("number", "cells", "problems")
    assert list(told.filter(version=version)) == list(told.exclude(version=version))
    assert version.faulty == 8


def test_faulty_lines_that_are_told_nowhere_any_more_are_read_again(shops, tmp_path):
    published(shops, handed_in(shops, _shops.write(tmp_path / "a.csv", 400)))
    FaultyLine.objects.all().delete()
    run = handed_in(shops, _shops.write(tmp_path / "b.csv", 400, changed=True), days=1)
    version = Version.objects.get(source=shops, number=run.counts["version"])
    assert (version.changed, version.faulty, FaultyLine.objects.filter(version=version).count()) == (8, 8, 8)


def test_the_same_bytes_are_not_read_at_all(shops, tmp_path):
    path = _shops.write(tmp_path / "a.csv", 400)
    published(shops, handed_in(shops, path))
    run = handed_in(shops, path, days=1)
    assert run.state == RunState.UNCHANGED
    shops.refresh_from_db()
    assert shops.confirmed_at == make.NOW + timedelta(days=1)


def test_a_quotation_mark_left_open_is_refused_with_its_line_and_leaves_nothing(shops, tmp_path):
    path = _shops.write(tmp_path / "a.csv", 600)
    with path.open("a", encoding="utf-8") as out:
        out.write('CH9,"mở mà không đóng\n' + "x\n" * 300)
    with pytest.raises(LineBroken) as refusal:
        handed_in(shops, path)
    assert refusal.value.facts["line"] == 602
    assert not Run.objects.filter(source=shops).exists()
    assert not Version.objects.filter(source=shops).exists()


# --- what is kept, what is found --------------------------------------------------------------------------------------
def test_a_kept_file_comes_back_from_its_start_as_often_as_wanted_and_only_in_its_order(world, settings):
    raw = random.Random(1).randbytes((2 << 20) + 5)
    name = kept.keep_stream(io.BytesIO(raw))
    stream = kept.opened(name)
    assert stream.read() == raw
    stream.seek(0)
    assert stream.read(7) == raw[:7]
    path = Path(settings.MEDIA_ROOT) / "kept" / name[:2] / name
    sealed = path.read_bytes()
    size = 4 + int.from_bytes(sealed[4:8], "big")
    path.write_bytes(sealed[:4] + sealed[4 + size : 4 + 2 * size] + sealed[4 : 4 + size] + sealed[4 + 2 * size :])
    with pytest.raises(sealing.Unsealable):
        kept.read(name)


def test_what_is_kept_beside_the_reading_is_the_file_and_nothing_where_it_cannot_be_read(shops, tmp_path, settings):
    path = _shops.write(tmp_path / "a.csv", 400)
    run = handed_in(shops, path)
    assert kept.read(run.kept_sha256) == path.read_bytes()
    before = sorted(Path(settings.MEDIA_ROOT).rglob("*"))
    with path.open("a", encoding="utf-8") as out:
        out.write('CH9,"mở mà không đóng\n' + "x\n" * 300)
    with pytest.raises(LineBroken):
        handed_in(shops, path, days=1)
    assert sorted(one for one in Path(settings.MEDIA_ROOT).rglob("*") if one.is_file()) == [
        one for one in before if one.is_file()
    ]
    assert Run.objects.get() == run


def test_a_disk_that_is_full_leaves_neither_run_nor_version(shops, tmp_path, monkeypatch):
    def full(_stream: object) -> str:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(kept, "keep_stream", full)
    with pytest.raises(OSError, match="No space left"):
        handed_in(shops, _shops.write(tmp_path / "a.csv", 400))
    assert not Run.objects.exists()
    assert not Version.objects.exists()


def test_words_follow_what_is_public_and_can_be_made_anew(shops, tmp_path, monkeypatch):
    monkeypatch.setattr(words, "AT_ONCE", 0)
    published(shops, handed_in(shops, _shops.write(tmp_path / "a.csv", 400)))
    assert words.behind() == [shops.pk]
    assert words.bring_up(shops.pk) == 392
    monkeypatch.setattr(words, "AT_ONCE", 100)
    published(shops, handed_in(shops, _shops.write(tmp_path / "b.csv", 400, changed=True), days=1))
    shown = public.dataset(shops.key, now=make.NOW)
    assert len(public.rows_page(shown, public.Query(words="moi"), now=make.NOW).items) == 8
    assert words.behind() == []
    assert words.differences() == {"missing": 0, "spare": 0}
    RowWords.objects.filter(source=shops).order_by("row_id")[0].delete()
    assert words.differences() == {"missing": 1, "spare": 0}
    assert words.rebuild(shops.pk) == 392
    assert words.differences() == {"missing": 0, "spare": 0}
