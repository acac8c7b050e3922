"""The province's page and its files: what is seen is what is taken away; hidden stays hidden; nothing becomes a formula."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from dataclasses import replace
from datetime import date

import pytest
from django.test import Client
from django.urls import reverse
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from lxml import html
from openpyxl import load_workbook

from smarthd.agencies.rules import Role
from smarthd.backoffice import exports, league
from smarthd.backoffice.tests import make
from smarthd.kernel import audit
from smarthd.rollout.selectors import Figure, Row
from smarthd.ui import words

PER_COLUMN = 7
TABLE = "//table[contains(@class, 'table-pin')]/tbody/tr"
AS_SEEN = (
    "",
    "?cap=district",
    "?cap=agency",
    "?cap=agency&loai=commune_committee&xep=ten",
    "?loc=vuot-100",
    "?loc=thieu-mau&q=hoa",
    "?xep=ten",
    "?xep=-ten",
    "?xep=-used_owners&cot=used_owners&cot=d30",
    "?q=NAM%20SACH&ngay=2024-04-15",
    "?dia-gioi=2025-07-01&ngay=2024-04-18",
    "?cot=nothing&xep=nothing&loc=nothing&cap=nothing&loai=nothing",
    "?q=khong-co-don-vi-nao-nhu-vay",
)


@pytest.fixture
def auditor(desk: make.Desk) -> Client:
    """Someone who sees figures and is inside no unit."""
    return make.signed_in(make.official(desk.world.school, Role.AUDITOR))


def page_of(client: Client, address: str) -> html.HtmlElement:
    answer = client.get(reverse("backoffice:province") + address)
    assert answer.status_code == 200
    return html.fromstring(answer.content.decode())


def seen_on(page: html.HtmlElement) -> list[tuple[str, list[str]]]:
    """Return the name and the figures as "numerator/base" of every row of the table, its order kept."""
    rows = []
    for row in page.xpath(f"{TABLE}[not(@class='group-row')]"):
        head = row.find("th")
        (own,) = head.xpath("./a/text() | ./text()[normalize-space()]")
        rows.append((own.strip(), [_cell(cell) for cell in row.findall("td")]))
    return [row for row in rows if row[0] != "Chưa rõ địa bàn"]


def _cell(cell: html.HtmlElement) -> str:
    if "ẩn" in cell.text_content():
        return "ẩn"
    base = cell.xpath("string(.//*[@class='cell-base'])").partition(" ·")[0]
    return base if "/" in base else cell.xpath("string(.//*[@class='num'])") or cell.text_content().strip()


def table_of(client: Client, suffix: str, address: str) -> list[list[object]]:
    """Return the lines of an export from its header on, as values."""
    raw = client.get(reverse("backoffice:province_export", kwargs={"suffix": suffix}) + address).content
    if suffix == "csv":
        lines: Iterator[list[object]] = iter(csv.reader(io.StringIO(raw.decode("utf-8-sig"))))
    else:
        lines = (list(row) for row in load_workbook(io.BytesIO(raw)).active.iter_rows(values_only=True))
    every = [[None if value == "" else value for value in line] for line in lines]
    top = next(at for at, line in enumerate(every) if line[:2] == ["Nhóm", "Đơn vị"])
    return every[top:]


def taken(lines: list[list[object]]) -> list[tuple[str, list[str]]]:
    """Return name and figures of the lines of an export, written as the page writes them."""
    width = (len(lines[0]) - 4) // PER_COLUMN
    return [
        (str(line[1]), [_written(line[4 + at * PER_COLUMN :][:PER_COLUMN]) for at in range(width)])
        for line in lines[1:]
    ]


def _written(cells: list[object]) -> str:
    numerator, denominator, ratio, _source, _on, _estimated, notes = cells
    if numerator is None:
        return "ẩn" if notes and "ẩn" in str(notes) else "–"
    if ratio is None:
        return words.number(float(str(numerator)))
    return f"{words.number(float(str(numerator)))}/{words.number(float(str(denominator)))}"


@pytest.mark.parametrize("address", AS_SEEN)
def test_files_hold_exactly_what_is_seen(auditor, address):
    page = page_of(auditor, address)
    seen = seen_on(page)
    if not seen:
        assert "Không có đơn vị nào khớp" in page.text_content()
        assert len(taken(table_of(auditor, "csv", address))) == 1, "only the total of the whole table"
        return
    seen[0] = (taken(table_of(auditor, "csv", address))[0][0], seen[0][1])  # the total has another name on the page
    for suffix in ("csv", "xlsx"):
        assert taken(table_of(auditor, suffix, address)) == seen, suffix


def test_the_addresses_above_show_different_things(auditor):
    assert len({str(table_of(auditor, "csv", address)) for address in AS_SEEN[:-2]}) == len(AS_SEEN) - 2


def test_an_export_says_what_it_is_in_its_first_lines_and_in_its_name_and_is_recorded(auditor):
    answer = auditor.get(reverse("backoffice:province_export", kwargs={"suffix": "csv"}) + "?cap=district")
    assert 'filename="so-lieu_district_2024-04-19_2024-04-19.csv"' in answer["content-disposition"]
    assert "Số liệu đến hết ngày 19/4/2024, theo địa giới ngày 19/4/2024" in answer.content.decode()
    (entry,) = audit.trail(act="backoffice.figures_exported")
    assert entry.facts == {"level": "district", "rows": 12, "form": "csv"}


def test_small_cells_are_hidden_on_the_page_and_in_the_files_and_shown_inside(desk, auditor):
    small = [unit.full_name.split(" ", 1)[1] for unit in make.neighbours()[1:]]
    for seen in (
        seen_on(page_of(auditor, "")),
        taken(table_of(auditor, "csv", "")),
        taken(table_of(auditor, "xlsx", "")),
    ):
        cells = {name: figures for name, figures in seen if any(name.endswith(end) for end in small)}
        assert len(cells) == 2
        assert all(set(figures[:2]) == {"ẩn"} for figures in cells.values())
    for line in table_of(auditor, "csv", ""):
        if any(str(line[1]).endswith(end) for end in small):
            assert not {"3", "4", "0.15", "0.2"} & {value for value in line[4:] if value is not None}


@pytest.mark.parametrize("address", ["", "?loc=vuot-100"])
def test_more_than_a_hundred_percent_is_shown_as_measured_and_marked(auditor, address):
    page = page_of(auditor, address)
    flagged = [row for row in page.xpath(TABLE) if "vượt 100%" in row.text_content()]
    assert flagged
    assert "12/10" in flagged[-1].text_content()
    assert "120%" in flagged[-1].text_content().replace("120,0%", "120%")
    lines = [line for line in table_of(auditor, "csv", address)[1:] if "100%" in str(line[10])]
    assert lines
    assert float(str(lines[-1][6])) > 1


# --- days nobody can answer for -------------------------------------------------------------------------------------
EARLY = (
    ("?dia-gioi=2019-11-30", "Chưa có địa giới của ngày này"),
    ("?dia-gioi=0001-01-01", "Chưa có địa giới của ngày này"),
    ("?ngay=0001-01-01", "Chưa có số liệu cho ngày này"),
    ("?ngay=2019-01-01&cap=agency", "Chưa có số liệu cho ngày này"),
)


@pytest.mark.parametrize(("address", "says"), EARLY)
def test_a_day_before_everything_is_answered_in_words_on_page_and_in_place_of_files(desk, auditor, address, says):
    assert says in page_of(auditor, address).text_content()
    for suffix in ("csv", "xlsx"):
        answer = auditor.get(reverse("backoffice:province_export", kwargs={"suffix": suffix}) + address)
        assert answer.status_code == 404
        assert says in answer.content.decode()
    if "cap=" not in address:
        answer = auditor.get(reverse("backoffice:province_unit", kwargs={"uid": desk.unit}) + address)
        assert answer.status_code == 404
        assert says in answer.content.decode()


@pytest.mark.parametrize("day", ["2024-04-21", "2999-01-01", "9999-12-31"])
def test_a_day_to_come_shows_today_and_says_which_day_that_is(auditor, day):
    page = page_of(auditor, f"?ngay={day}").text_content()
    assert "số liệu đến hết 20/04/2024, theo địa giới ngày 20/04/2024" in page


@pytest.mark.parametrize("day", ["31/02/2024", "2024-02-31", "hôm qua", "\0", "9" * 5000, "2024-13-01", ""])
def test_a_day_that_is_none_falls_back_to_the_usual_one(auditor, day):
    assert "số liệu đến hết 19/04/2024" in page_of(auditor, f"?{_query(ngay=day)}").text_content()


def _query(**fields: str) -> str:
    from urllib.parse import urlencode

    return urlencode(fields)


# --- formulas ---------------------------------------------------------------------------------------------------------
FORMULA = ("=", "+", "-", "@", "\t", "\r")
FIGURE = Figure("activated", 12.0, 10.0, 1.2, "nguồn", date(2024, 1, 1), "", 0.0, frozenset({"over_100"}))


def written(name: str, source: str) -> league.Seen:
    row = Row(1, None, name, name, name, name, {"activated": replace(FIGURE, source=source)})
    return league.Seen((league.Group(name, (row,)),), row, ("activated",), 1, 1, "activated", falling=False)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    start=st.sampled_from(FORMULA),
    rest=st.text(st.characters(blacklist_categories=("Cs", "Cc"), blacklist_characters="\ufffe\uffff"), max_size=20),
)
def test_no_text_becomes_a_formula_in_a_file(start, rest):
    evil = start + rest
    for line in csv.reader(io.StringIO(exports.as_csv(written(evil, evil), {}, [evil]).decode("utf-8-sig"))):
        assert not [cell for cell in line if cell.startswith(FORMULA)]
    book = load_workbook(io.BytesIO(exports.as_xlsx(written(evil, evil), {"activated": evil}, [evil])))
    kinds = {cell.data_type for row in book.active.iter_rows() for cell in row}
    assert kinds <= {"s", "n"}, "text and numbers only"


@pytest.mark.parametrize("start", FORMULA)
def test_what_begins_like_a_formula_is_kept_readable(start):
    text = f"{start}HYPERLINK(0)"
    assert exports.safe(text) == f"'{text}"
    assert exports.safe(f"Xã {text}") == f"Xã {text}"


@pytest.mark.parametrize("number", [-3.5, 0, 12])
def test_numbers_stay_numbers(number):
    assert exports.safe(number) == number
