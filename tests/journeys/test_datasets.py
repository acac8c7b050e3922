"""A clerk's Excel of pharmacies is on the map of the app; the next day's broken file stops; an engineer's server is read by itself."""

from __future__ import annotations

import re
import urllib.request
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter
from playwright.sync_api import BrowserContext, Page, expect

from smarthd.connectors.tests import mariadb, servers
from tests.journeys import acts, looks
from tests.journeys.conftest import Site

As = Callable[..., BrowserContext]
DESK = {"viewport": looks.DESK}
HEADS = ("STT", "Mã", "Tên nhà thuốc", "Xã, phường", "Điện thoại", "Giờ mở cửa", "Vĩ độ", "Kinh độ")


def excel(folder: Path, units: list[str], count: int, heads: tuple[str, ...] = HEADS) -> Path:
    place = folder / f"nha-thuoc-{count}-{len(heads[2])}.xlsx"
    with xlsxwriter.Workbook(place) as book:
        page = book.add_worksheet("Danh sách")
        page.write(0, 0, "DANH SÁCH NHÀ THUỐC TRỰC ĐÊM")
        page.write_row(2, 0, heads)
        for n in range(1, count + 1):
            row = (
                n,
                f"NT{n:03}",
                f"Nhà thuốc An Khang {n}",
                units[n % len(units)],
                "0220 3123 456",
                "24/24",
                20.9 + n / 500,
                106.3 + n / 500,
            )
            page.write_row(n + 2, 0, row)
    return place


@pytest.fixture
def units(site: Site) -> list[str]:
    rows = site.sql(
        "SELECT v.kind || ' ' || v.name FROM places_unitversion v JOIN places_unit u ON u.id = v.unit_id "
        "WHERE u.level = 'commune' AND v.valid_to IS NULL GROUP BY 1 HAVING count(*) = 1 ORDER BY 1 LIMIT 3"
    )
    return [str(name) for (name,) in rows]


def new_source(page: Page, site: Site, title: str, kind: str) -> None:
    page.goto(f"{site.url}/can-bo/nguon-du-lieu/lap/")
    page.get_by_label("Tên dữ liệu").fill(title)
    page.get_by_label("Dữ liệu đến bằng cách nào").select_option(kind)
    page.get_by_role("button", name="Tiếp tục").click()


def hand_in(page: Page, file: Path) -> None:
    page.get_by_label("Tệp dữ liệu").set_input_files(file)
    page.get_by_role("button", name="Kiểm tra và xem trước").click()


def test_a_clerks_excel_is_on_the_map_and_the_next_days_broken_file_stops(
    site: Site, as_role: As, new_context: Any, units: list[str], tmp_path: Path
) -> None:
    page = as_role("clerk", **DESK).new_page()
    new_source(page, site, "Nhà thuốc trực đêm", "upload")
    hand_in(page, excel(tmp_path, units, 30))
    expect(page.get_by_role("heading", level=1)).to_have_text("Khai các cột")
    expect(page.get_by_label("Là: Xã, phường", exact=True)).to_have_value("unit")
    looks.must_be_fit(page)
    page.get_by_role("button", name="Kiểm tra và xem trước").click()
    expect(page.get_by_role("heading", name="Người dân sẽ thấy")).to_be_visible()
    looks.must_be_fit(page)
    page.get_by_role("button", name="Công bố").click()
    expect(page.get_by_text("Đã công bố. Người dân thấy ngay.")).to_be_visible()
    looks.must_be_fit(page)
    page.get_by_role("link", name="Cách hiện").click()
    page.get_by_label("Người dân thấy").select_option("map")
    with page.context.expect_page() as opened:
        page.get_by_role("button", name="Xem trước như người dân").click()
    expect(opened.value.get_by_text("Bản xem trước")).to_be_visible()
    expect(opened.value.locator("[data-map-dataset][data-drawn]")).to_be_visible()
    opened.value.close()
    page.get_by_role("button", name="Ghi").click()
    expect(page.get_by_text("Đã ghi. Người dân thấy ngay.")).to_be_visible()

    phone = new_context().new_page()
    phone.goto(f"{site.url}/du-lieu/nha-thuoc-truc-dem/")
    expect(phone.locator("[data-map-dataset][data-drawn]")).to_be_visible()
    expect(phone.locator("[data-map-dataset]")).to_have_attribute("data-shown", "30")
    looks.must_be_fit(phone)
    phone.get_by_label("Tìm trong dữ liệu này").fill("an khang 7")
    phone.get_by_role("button", name="Tìm", exact=True).click()
    phone.get_by_role("link", name=re.compile("^Nhà thuốc An Khang 7")).click()
    expect(phone.get_by_role("link", name="Gọi 0220 3123 456")).to_have_attribute("href", re.compile("^tel:0220"))
    looks.must_be_fit(phone)

    page.get_by_role("link", name="Nộp tệp mới").click()
    hand_in(page, excel(tmp_path, units, 8))
    expect(page.get_by_text("Bản này bị giữ lại")).to_be_visible()
    expect(page.get_by_text("Chỉ còn 8 dòng, lần trước 30")).to_be_visible()
    expect(page.get_by_role("button", name="Công bố")).to_have_count(0)
    looks.must_be_fit(page)
    renamed = tuple("Tên hiệu thuốc" if head == "Tên nhà thuốc" else head for head in HEADS)
    page.goto(f"{site.url}/can-bo/nguon-du-lieu/")
    page.get_by_role("link", name="Nhà thuốc trực đêm").click()
    page.get_by_role("link", name="Nộp tệp mới").click()
    hand_in(page, excel(tmp_path, units, 31, renamed))
    expect(page.get_by_text("“Tên nhà thuốc” có thể nay là “Tên hiệu thuốc”")).to_be_visible()
    phone.goto(f"{site.url}/du-lieu/nha-thuoc-truc-dem/")
    expect(phone.locator("[data-map-dataset]")).to_have_attribute("data-shown", "30")


def a_departments_table(owner: Any, units: list[str]) -> None:
    """Thirty pharmacies in a department's own database, and an account that may only read them."""
    with owner.cursor() as cursor:
        cursor.execute(
            "CREATE TABLE so_y_te.diem_ban (ma VARCHAR(9) PRIMARY KEY, ten VARCHAR(80), xa VARCHAR(80), dien_thoai VARCHAR(20), "
            "vi_do DECIMAL(9,6), kinh_do DECIMAL(9,6), cap_nhat_luc DATETIME NOT NULL)"
        )
        cursor.executemany(
            "INSERT INTO so_y_te.diem_ban VALUES (%s, %s, %s, '0220 3123 456', %s, %s, '2026-11-20 08:00:00')",
            [
                (f"DB{n:03}", f"Quầy thuốc Hồng Phúc {n}", units[n % len(units)], 20.9 + n / 500, 106.3 + n / 500)
                for n in range(30)
            ],
        )
        cursor.execute("GRANT SELECT ON so_y_te.diem_ban TO chi_doc@'%'")


@pytest.mark.slow
def test_an_engineers_table_in_mariadb_is_a_layer_on_the_map_and_open_data_by_schedule(
    site: Site, as_role: As, new_context: Any, units: list[str], tmp_path: Path
) -> None:
    with mariadb.mariadb_server(tmp_path) as (port, owner):
        a_departments_table(owner, units)
        page = as_role("administrator", **DESK).new_page()
        page.goto(f"{site.url}/can-bo/nguon-du-lieu/lap/")
        page.get_by_label("Tên dữ liệu").fill("Quầy thuốc của sở")
        page.get_by_label("Dữ liệu đến bằng cách nào").select_option("mysql")
        page.get_by_label("Đọc theo lịch").select_option("15")
        page.get_by_role("button", name="Tiếp tục").click()
        typed = {
            "Máy chủ": "localhost",
            "Cổng": str(port),
            "Tên cơ sở dữ liệu": "so_y_te",
            "Tài khoản chỉ đọc": "chi_doc",
        }
        for label, value in typed.items():
            page.get_by_label(re.compile(f"^{label}")).fill(value)
        page.get_by_label("Mật khẩu", exact=True).fill("doc-thoi")
        page.get_by_label("Bảng hoặc khung nhìn").fill("chua_nho_ten")
        looks.must_be_fit(page)
        page.get_by_role("button", name="Ghi").click()

        expect(page.get_by_text("Thử kết nối: không có bảng này").first).to_be_visible(timeout=30_000)
        looks.must_be_fit(page)
        page.get_by_role("button", name="Đọc diem_ban").click()
        expect(page.get_by_role("heading", name="Kết quả thử kết nối")).to_be_visible(timeout=30_000)
        expect(page.get_by_role("cell", name="Quầy thuốc Hồng Phúc 3", exact=True)).to_be_visible(timeout=30_000)
        looks.must_be_fit(page)
        page.get_by_role("link", name="Nơi lấy dữ liệu").click()
        page.get_by_label("Cột ghi lúc sửa cuối").fill("cap_nhat_luc")
        page.get_by_role("button", name="Ghi").click()
        page.get_by_role("button", name="Đọc ngay").click()
        expect(page.get_by_role("cell", name=re.compile("Chờ khai các cột")).first).to_be_visible(timeout=60_000)

        page.get_by_role("link", name="Khai các cột").click()
        expect(page.get_by_label("Là: vi_do", exact=True)).to_have_value("latitude")
        expect(page.get_by_label("Là: kinh_do", exact=True)).to_have_value("longitude")
        expect(page.get_by_label("Là: xa", exact=True)).to_have_value("unit")
        page.get_by_role("button", name="Kiểm tra và xem trước").click()
        page.get_by_role("button", name="Công bố").click()
        expect(page.get_by_text("Đã công bố. Người dân thấy ngay.")).to_be_visible()
        page.get_by_role("link", name="Cách hiện").click()
        page.get_by_label("Người dân thấy").select_option("map")
        page.get_by_role("button", name="Ghi").click()
        expect(page.get_by_text("Bản đồ và danh sách").first).to_be_visible()

        phone = new_context().new_page()
        phone.goto(f"{site.url}/du-lieu/quay-thuoc-cua-so/")
        expect(phone.locator("[data-map-dataset]")).to_have_attribute("data-shown", "30")
        looks.must_be_fit(phone)

        page.get_by_role("button", name="Đọc ngay").click()
        expect(page.get_by_role("cell", name=re.compile("Không có gì mới")).first).to_be_visible(timeout=60_000)
        with owner.cursor() as cursor:
            cursor.execute(
                "UPDATE so_y_te.diem_ban SET ten = 'Quầy mới đổi tên', cap_nhat_luc = NOW() WHERE ma = 'DB007'"
            )
        site.sql_write("UPDATE connectors_source SET next_run_at = now() WHERE key = 'quay-thuoc-cua-so'")
        expect(page.get_by_role("cell", name=re.compile("Đã công bố.*Chỉ phần mới đổi")).first).to_be_visible(
            timeout=180_000
        )
        looks.must_be_fit(page)
        phone.reload()
        phone.get_by_label("Tìm trong dữ liệu này").fill("moi doi ten")
        phone.get_by_role("button", name="Tìm", exact=True).click()
        expect(phone.get_by_role("link", name=re.compile("^Quầy mới đổi tên"))).to_be_visible()
        with urllib.request.urlopen(f"{site.url}/du-lieu/quay-thuoc-cua-so/tai-ve.csv") as answer:
            told = answer.read().decode("utf-8-sig")
        assert "Quầy mới đổi tên" in told
        assert "doc-thoi" not in page.content()


def test_what_is_near_is_reckoned_on_the_phone_and_its_position_goes_nowhere(site: Site, new_context: Any) -> None:
    [(key, lat, lon, title)] = site.sql(
        "SELECT s.key, r.lat, r.lon, r.values->>'ten' FROM connectors_datarow r JOIN connectors_source s ON s.id = r.source_id "
        "WHERE s.template = 'noi-tranh-tru' AND r.until IS NULL ORDER BY r.id LIMIT 1"
    )
    phone = new_context(geolocation={"latitude": lat, "longitude": lon}, permissions=["geolocation"]).new_page()
    asked: list[str] = []
    phone.on("request", lambda request: asked.append(request.url))
    phone.goto(f"{site.url}/du-lieu/{key}/")
    phone.get_by_role("button", name="Gần tôi").click()
    found = phone.locator("[data-near-found]")
    expect(found.get_by_role("link").first).to_contain_text(str(title))
    expect(found.get_by_role("link").first).to_contain_text("0,0 km")
    expect(found.get_by_role("link", name=f"Gọi {title} 0").first).to_have_attribute("href", re.compile("^tel:0"))
    looks.must_be_fit(phone)
    assert not [url for url in asked if "lat=" in url]


def test_a_small_dataset_is_read_whole_without_a_network(site: Site, new_context: Any) -> None:
    [(key,)] = site.sql("SELECT key FROM connectors_source WHERE template = 'phi-le-phi'")
    context = new_context()
    phone = context.new_page()
    phone.goto(f"{site.url}/du-lieu/{key}/")
    phone.evaluate("navigator.serviceWorker.ready")
    phone.reload()
    whole = phone.get_by_role("link", name="Xem cả bản này khi mất mạng")
    kept = "async (href) => !!(await (await caches.open('pages-1')).match(new URL(href, location.origin).href))"
    address = whole.get_attribute("href")
    phone.wait_for_function(f"async (href) => await ({kept})(href)", arg=address)
    context.set_offline(True)
    phone.goto(f"{site.url}{address}")
    expect(phone.get_by_role("heading", level=1)).to_have_text("Tra cứu phí, lệ phí")
    phone.get_by_label("Tìm trong trang này").fill("ho kinh doanh")
    expect(phone.get_by_text("Đăng ký hộ kinh doanh")).to_be_visible()
    expect(phone.get_by_text("Đăng ký khai sinh quá hạn")).to_be_hidden()


def test_an_address_inside_is_refused_in_words_and_nothing_is_asked_of_it(site: Site, as_role: As) -> None:
    with servers.web_server() as (address, asked):
        page = as_role("administrator", **DESK).new_page()
        new_source(page, site, "Danh mục của sở", "file")
        page.get_by_label("Địa chỉ", exact=True).fill(f"{address}/bang.csv")
        page.get_by_text("Thêm: bảng mã").click()
        page.get_by_label("Cách vào").select_option("bearer")
        page.get_by_label("Khóa", exact=False).last.fill("khoa-rat-bi-mat")
        looks.must_be_fit(page)
        page.get_by_role("button", name="Ghi").click()
        page.wait_for_url("**/nguon-du-lieu/*/")

        def told() -> bool:
            page.reload()
            return "nằm trong mạng nội bộ" in page.content()

        acts.until(told)
        assert asked == []
        assert "khoa-rat-bi-mat" not in page.content()


@pytest.mark.slow
def test_every_dataset_of_the_demonstration_is_fit_to_be_read(site: Site, new_context: Any) -> None:
    phone = new_context().new_page()
    phone.goto(f"{site.url}/du-lieu/")
    looks.must_be_fit(phone)
    keys = [str(key) for (key,) in site.sql("SELECT key FROM connectors_source WHERE illustrative ORDER BY key")]
    assert len(keys) == 23
    for key in keys:
        phone.goto(f"{site.url}/du-lieu/{key}/")
        expect(phone.get_by_text("Dữ liệu minh họa cho bản dùng thử")).to_be_visible()
        looks.must_be_fit(phone)
