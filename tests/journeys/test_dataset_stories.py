"""What people do with departments' data: ask after a dossier, wait for a bus, read a month by keyboard, print a page."""

from __future__ import annotations

import re
import subprocess
import sys
import threading
from collections.abc import Iterator
from datetime import datetime, timedelta
from http.server import ThreadingHTTPServer

import pytest
from playwright.sync_api import Page, expect

from smarthd.connectors.adapters import play
from smarthd.kernel import clock
from tests.environment import ROOT
from tests.journeys import acts, looks
from tests.journeys.conftest import Site

ASK = "smarthd.connectors.tasks.ask_about_dossiers"
BUSES = """
import django; django.setup()
from datetime import datetime, timedelta
from config.seeding.departments import files
from smarthd.agencies import selectors as agencies
from smarthd.connectors.rules.sources import SourceKind
from smarthd.connectors.services import planting
from smarthd.connectors.services.sources import NewSource
from smarthd.kernel import actor, clock
today, now = clock.today(), clock.now()
week = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
not_today = {name: int(number != today.weekday()) for number, name in enumerate(week)}
span = {"start_date": f"{today - timedelta(days=9):%Y%m%d}", "end_date": f"{today + timedelta(days=9):%Y%m%d}"}
services = {"NGHI": ("Tuyến nghỉ", not_today), "BO": ("Tuyến bỏ", dict.fromkeys(week, 1)), "THEM": ("Tuyến thêm", not_today)}
trips = [(service, minute) for service in services for minute in (*range(0, 24 * 60, 15), 24 * 60 - 1)]
file = files.gtfs("xe", {
    "agency": [{"agency_id": "A", "agency_name": "Bến xe", "agency_url": "https://a.example.vn", "agency_timezone": "Asia/Ho_Chi_Minh"}],
    "routes": [{"route_id": one, "agency_id": "A", "route_short_name": "", "route_long_name": name, "route_type": 3} for one, (name, _days) in services.items()],
    "stops": [{"stop_id": f"S{n}", "stop_name": name, "stop_lat": 20.94 + n / 100, "stop_lon": 106.33} for n, name in enumerate(("Bến Đông", "Bến Tây"))],
    "trips": [{"route_id": one, "service_id": one, "trip_id": f"{one}{m}", "trip_headsign": "Đi Bến Tây"} for one, m in trips],
    "stop_times": [{"trip_id": f"{one}{m}", "arrival_time": at, "departure_time": at, "stop_id": f"S{n}", "stop_sequence": n + 1}
        for one, m in trips for n in (0, 1) for at in [f"{(m + 5 * n) // 60:02}:{(m + 5 * n) % 60:02}:00"]],
    "calendar": [{"service_id": one, **days, **span} for one, (_name, days) in services.items()],
    "calendar_dates": [{"service_id": one, "date": f"{today:%Y%m%d}", "exception_type": kind} for one, kind in (("BO", 2), ("THEM", 1))],
})
new = NewSource(title="Xe của một ngày lễ", agency_id=agencies.agencies_on(today)[0].id, kind=SourceKind.GTFS, template="tuyen-xe-buyt")
print(planting.publish_file(new, file.raw, file_name=file.name, actor=actor.system("test"), now=now))
"""


CHARGERS = """
import django; django.setup()
from dataclasses import replace
from smarthd.agencies import selectors as agencies
from smarthd.connectors.ports import Table
from smarthd.connectors.rules.checking import Line
from smarthd.connectors.rules.sources import SourceKind
from smarthd.connectors.rules.templates import TEMPLATES
from smarthd.connectors.services import publishing, reading, sources
from smarthd.kernel import actor, clock
now, told = clock.now(), TEMPLATES["tram-sac-bai-do"]
new = sources.NewSource(title="Chỗ sạc xe của cả vùng", agency_id=agencies.agencies_on(clock.today())[0].id, kind=SourceKind.UPLOAD)
source = sources.make_source(new, actor=actor.system("test"), now=now)
fields = tuple(replace(one, required=False) for one in told.mapping.fields)
source.mapping = replace(told.mapping, fields=fields, rules=()).as_json()
source.publication = told.publication.as_json()
source.save()
rows = [(f"S{n}", f"Chỗ sạc {n}", ("Nhanh", "Chậm")[n % 2], "", "4", "", "24/24", f"{20.7 + n % 52 / 100:.4f}", f"{106.2 + n // 52 / 100:.4f}") for n in range(2_600)]
table = Table(tuple(one.header for one in fields), [Line(n, row) for n, row in enumerate(rows, start=2)], decimal=".")
_run, version = reading.take_lines(source, table, actor=actor.system("test"), now=now)
publishing.publish(uid=source.uid, number=version.number, actor=actor.system("test"), now=now)
"""


def within(site: Site, script: str) -> None:
    """Do what no page does, in the site's own process environment."""
    done = subprocess.run(
        [sys.executable, "-c", script], env={**site.environ, "DJANGO_SETTINGS_MODULE": "config.settings"},
        cwd=ROOT, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr[-2000:]


def at_eight(minute: int) -> datetime:
    return (clock.start_of(clock.today()) + timedelta(hours=8, minutes=minute)).astimezone(play.HERE)


def key_of(site: Site, template: str) -> str:
    [(key,)] = site.sql("SELECT key FROM connectors_source WHERE template = %s AND illustrative", template)
    return str(key)


@pytest.fixture
def one_stop(site: Site, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A one-stop system on a port of its own; its dossier number one is at its third step of five."""
    monkeypatch.setattr(play, "now", lambda: at_eight(40))
    server = ThreadingHTTPServer(("127.0.0.1", 0), play.Play)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    site.sql_write(
        "UPDATE connectors_dossierdesk SET failed_at = NULL, place = place || jsonb_build_object('url', %s::text)",
        f"http://localhost:{server.server_address[1]}/ho-so/{{code}}",
    )
    yield
    server.shutdown()
    server.server_close()


def test_a_dossier_is_found_by_its_code_and_its_holder_is_told_when_it_moves(
    site: Site, page: Page, one_stop: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    page.set_viewport_size(looks.PHONE)
    acts.sign_in(page, site, acts.new_number())
    page.goto(f"{site.url}/tra-cuu-ho-so/")
    page.get_by_label("Mã hồ sơ").fill("H31-12")
    page.get_by_role("button", name="Tra cứu").click()
    expect(page.get_by_role("alert")).to_contain_text("Mã hồ sơ chưa đúng mẫu")
    expect(page.get_by_label("Mã hồ sơ")).to_have_value("H31-12")
    looks.must_be_fit(page)

    code = f"000.00.12.H31-{clock.today():%y%m%d}-0001"
    page.get_by_label("Mã hồ sơ").fill(code.lower())
    page.get_by_role("button", name="Tra cứu").click()
    expect(page.get_by_role("heading", name="Thẩm định")).to_be_visible()
    expect(page.locator(".timeline-step")).to_have_count(3)
    expect(page.locator(".timeline-step").first).to_contain_text("Thẩm định")
    assert code not in page.url
    looks.must_be_fit(page)
    page.get_by_role("checkbox").check()
    page.get_by_role("button", name="Báo tôi khi hồ sơ chuyển bước").click()
    expect(page.get_by_text("Hồ sơ …0001")).to_be_visible()
    looks.must_be_fit(page)

    monkeypatch.setattr(play, "now", lambda: at_eight(50))
    site.sql_write("UPDATE connectors_dossierfollow SET next_ask_at = now()")
    site.sql_write(
        "INSERT INTO procrastinate_jobs (queue_name, task_name, args) VALUES ('connectors', %s, '{\"timestamp\": 0}')",
        ASK,
    )
    acts.until(lambda: site.sql("SELECT 1 FROM messaging_inboxitem WHERE title LIKE 'Hồ sơ …0001%%'") != [])
    page.goto(f"{site.url}/toi/hop-thu/")
    expect(page.get_by_text("Hồ sơ …0001: có tin mới").first).to_be_visible()
    expect(page.get_by_text("Trình lãnh đạo ký").first).to_be_visible()

    page.goto(f"{site.url}/tra-cuu-ho-so/")
    page.get_by_role("button", name="Thôi …0001").click()
    expect(page.get_by_text("Không còn lưu gì về hồ sơ.")).to_be_visible()
    assert site.sql("SELECT 1 FROM connectors_dossierfollow") == []


def test_the_next_bus_is_one_that_runs_today_by_the_calendars_exceptions(site: Site, page: Page) -> None:
    within(site, BUSES)
    page.set_viewport_size(looks.PHONE)
    page.goto(f"{site.url}/du-lieu/xe-cua-mot-ngay-le/")
    page.get_by_label("Điểm dừng", exact=True).select_option("Bến Đông")
    page.get_by_role("button", name="Xem", exact=True).click()
    expect(page.get_by_role("heading", name="Chuyến sắp tới tại Bến Đông")).to_be_visible()
    today = page.locator(".departures > li").filter(has_text=re.compile(r"còn \d+ phút|bây giờ|hôm nay"))
    expect(today.first).to_contain_text("Tuyến thêm")
    expect(today.filter(has_text=re.compile("Tuyến nghỉ hôm nay|Tuyến bỏ hôm nay"))).to_have_count(0)
    looks.must_be_fit(page)
    site.sql_write("UPDATE connectors_source SET ended_at = now() WHERE key = 'xe-cua-mot-ngay-le'")


def test_a_month_and_a_chart_are_read_by_keyboard(site: Site, page: Page) -> None:
    page.set_viewport_size(looks.PHONE)
    page.goto(f"{site.url}/du-lieu/{key_of(site, 'lich-su-kien')}/")
    page.get_by_role("link", name="Tháng sau").focus()
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile(r"thang="))
    day = page.locator(".month-sheet a").first
    day.focus()
    expect(day).to_be_focused()
    name = str(day.get_attribute("href")).removeprefix("#")
    page.keyboard.press("Enter")
    expect(page.locator(f"#{name}")).to_be_in_viewport()
    page.keyboard.press("Tab")
    looks.must_be_fit(page)

    page.set_viewport_size(looks.PHONE)
    page.goto(f"{site.url}/du-lieu/{key_of(site, 'muc-nuoc-mua')}/")
    drawing = page.get_by_role("img", name=re.compile("^Mới nhất: .*Trạm minh họa A: .* m"))
    expect(drawing).to_be_visible()
    table = page.get_by_role("region", name="Mực nước sông")
    table.focus()
    page.keyboard.press("End")
    expect(table.get_by_role("row").last).to_be_in_viewport()


def test_a_page_of_data_is_printed_with_its_rows_its_source_and_nothing_to_press(site: Site, page: Page) -> None:
    page.set_viewport_size({"width": 640, "height": 900})  # a sheet of A4 within its margins
    page.emulate_media(media="print")
    for template, row in (("bang-gia-dat", "Đường liên thôn"), ("nha-thuoc-truc", "Nhà thuốc minh họa 2")):
        page.goto(f"{site.url}/du-lieu/{key_of(site, template)}/")
        expect(page.get_by_text(row).locator("visible=true").first).to_be_visible()
        expect(page.get_by_text("Nguồn:").first).to_be_visible()
        expect(page.get_by_text(re.compile("Cập nhật"))).to_be_visible()
        expect(page.locator("main :is(button, .button, .search, .chips, .row-call, details.filters)").locator("visible=true")).to_have_count(0)  # fmt: skip
        assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")


@pytest.mark.slow
def test_every_template_says_one_row_whole_and_can_be_read_by_everybody(site: Site, page: Page) -> None:
    rows = site.sql(
        "SELECT DISTINCT ON (s.id) s.key, r.code FROM connectors_source s JOIN connectors_datarow r ON r.source_id = s.id "
        "WHERE s.illustrative AND s.publication->>'shape' <> 'lookup' AND r.until IS NULL ORDER BY s.id, r.id"
    )
    assert len(rows) == 22
    for key, code in rows:
        page.goto(f"{site.url}/du-lieu/{key}/muc/{code}/")
        expect(page.get_by_text("Dữ liệu minh họa cho bản dùng thử")).to_be_visible()
        looks.must_be_fit(page)


def test_a_map_of_thousands_counts_what_is_seen_and_shows_pins_from_near(site: Site, page: Page) -> None:
    within(site, CHARGERS)
    page.set_viewport_size(looks.PHONE)
    page.goto(f"{site.url}/du-lieu/cho-sac-xe-cua-ca-vung/")
    drawn = page.locator("[data-map-dataset][data-drawn]")
    expect(drawn).to_be_visible()
    expect(drawn.locator(".cluster").first).to_be_visible()
    said = page.locator("[data-map-said]")
    expect(said).to_have_text(re.compile(r"^[\d.]+ mục trong khung bản đồ$"))
    before = int(drawn.get_attribute("data-shown") or "0")
    assert 200 < before <= 2_600
    looks.must_be_fit(page)
    while int(shown := drawn.get_attribute("data-shown") or "0") > 200:
        drawn.locator(".cluster").first.click()
        expect(drawn).not_to_have_attribute("data-shown", shown)
    expect(drawn.locator(".map-pin").first).to_be_visible()
    drawn.locator(".map-pin").first.click()
    expect(page.get_by_role("heading", level=1)).to_have_text(re.compile(r"^Chỗ sạc \d+$"))

    page.goto(f"{site.url}/du-lieu/cho-sac-xe-cua-ca-vung/?loai=Nhanh")
    expect(drawn).to_be_visible()
    expect(said).to_have_text(re.compile(r"^[\d.]+ mục trong khung bản đồ$"))
    assert int(drawn.get_attribute("data-shown") or "0") <= 1_300
    site.sql_write("UPDATE connectors_source SET ended_at = now() WHERE key = 'cho-sac-xe-cua-ca-vung'")
