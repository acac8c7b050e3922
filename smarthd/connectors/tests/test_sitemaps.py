"""News of websites without a feed: what their sitemaps and pages say, what robots.txt forbids, and what others try."""

from __future__ import annotations

import gzip
import threading
import unicodedata
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest

from smarthd.connectors.adapters import pages
from smarthd.connectors.adapters.sitemap_entries import MOST_ADDRESSES, entries
from smarthd.connectors.adapters.sitemaps import Sitemap
from smarthd.connectors.adapters.web import Web
from smarthd.connectors.ports import Offer, SourceRefused, SourceUnavailable
from smarthd.connectors.rules.places import problems
from smarthd.connectors.rules.sources import SourceKind
from smarthd.kernel import clock

SPACE = "http://www.sitemaps.org/schemas/sitemap/0.9"
NEWS = "http://www.google.com/schemas/sitemap-news/0.9"
PARAGRAPHS = [
    "Sáng 23/11, đoàn kiểm tra đã có mặt tại các trạm bơm dọc tuyến đê hữu sông Thái Bình để xem việc chuẩn bị trước mùa mưa bão.",
    "Theo báo cáo, mười hai trạm bơm đã được bảo dưỡng, ba trạm còn chờ thay động cơ, dự kiến xong trước ngày 15 tháng sau.",
    "Bà con sống ven đê được nhắc không để vật liệu xây dựng trên mặt đê, và gọi ban chỉ huy khi thấy sạt lở, thẩm lậu.",
]
MENU = "<nav><ul><li><a href='/'>Trang chủ</a></li><li><a href='/lien-he'>Liên hệ</a></li></ul></nav>"


def page(title: str, *, head: str = "", paragraphs: list[str] = PARAGRAPHS) -> str:
    body = "".join(f"<p>{one}</p>" for one in paragraphs)
    return (
        f"<!doctype html><html lang=vi><head><meta charset=utf-8><title>{title} - Sở</title>{head}</head><body>{MENU}"
        f"<article><h1>{title}</h1>{body}</article><footer><p>Bản quyền thuộc về Sở. Ghi rõ nguồn.</p></footer></body></html>"
    )


class Site:
    """A website on loopback: ``pages`` by path as (body, status, headers); ``@`` in a body stands for its address."""

    def __init__(self) -> None:
        self.pages: dict[str, tuple[bytes, int, dict[str, str]]] = {}
        self.asked: list[str] = []
        self.agents: set[str] = set()
        self.root = ""

    def put(self, path: str, body: str | bytes, status: int = 200, **headers: str) -> None:
        raw = body.replace("@", self.root).encode() if isinstance(body, str) else body
        self.pages[path] = (
            raw,
            status,
            {"Content-Type": "text/html"} | {name.replace("_", "-"): value for name, value in headers.items()},
        )

    def map(self, *urls: tuple[str, str], path: str = "/sitemap.xml", pack: Callable[[bytes], bytes] = bytes) -> None:
        told = "".join(f"<url><loc>{self.root}{url}</loc><lastmod>{day}</lastmod></url>" for url, day in urls)
        self.put(path, pack(f'<?xml version="1.0"?><urlset xmlns="{SPACE}">{told}</urlset>'.encode()))


@pytest.fixture
def site() -> Iterator[Site]:
    told = Site()

    class Handler(BaseHTTPRequestHandler):
        def log_message(self, *_args: object) -> None:
            return

        def do_GET(self) -> None:
            told.asked.append(self.path)
            told.agents.add(self.headers.get("User-Agent", ""))
            body, status, headers = told.pages.get(self.path, (b"khong co", 404, {}))
            self.send_response(status)
            for name, value in headers.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(body)

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
    told.root = f"http://127.0.0.1:{server.server_address[1]}"
    clock.set_now(datetime(2026, 11, 24, 2, tzinfo=UTC))
    yield told
    clock.set_now(None)
    server.shutdown()
    server.server_close()


def reader(site: Site, url: str = "", **place: Any) -> Sitemap:
    waited: list[float] = []
    told = Sitemap(
        {"url": url or f"{site.root}/sitemap.xml", **place},
        secret={},
        web=Web(inside=("127.0.0.1",), wait=waited.append),
    )
    told.waited = waited  # type: ignore[attr-defined]
    return told


def rows(read: Any) -> list[dict[str, str]]:
    return [dict(zip(read.columns, line.cells, strict=True)) for line in read.lines]


def news(site: Site, *names: str) -> None:
    for name in names:
        site.put(f"/tin/{name}", page(f"Tin {name}"))


# --- what is read ------------------------------------------------------------------------------------------------------
def test_pages_become_rows_with_their_words_and_nothing_that_stands_around_them(site: Site) -> None:
    site.map(("/tin/1", "2026-11-20"), ("/tin/2", "2026-11-23T08:00:00+07:00"))
    site.put(
        "/tin/1",
        page("Kiểm tra trạm bơm", head='<meta property="article:published_time" content="2026-11-19T09:30:00+07:00">'),
    )
    site.put("/tin/2", page("Lịch tiêm", head='<meta name=description content="Tiêm vào thứ Bảy.">'))
    second, first = rows(reader(site).read())
    assert first["Tiêu đề"] == "Kiểm tra trạm bơm"
    assert first["Nội dung"] == pages.PARAGRAPH.join(PARAGRAPHS)
    assert first["Tóm tắt"] == PARAGRAPHS[0]
    assert (first["Ngày đăng"], first["Ngày trong sơ đồ trang"]) == (
        "2026-11-19T09:30+07:00",
        "2026-11-20T00:00+07:00",
    )
    assert first["Liên kết"] == first["Mã"] == f"{site.root}/tin/1"
    assert (second["Tóm tắt"], second["Ngày đăng"]) == ("Tiêm vào thứ Bảy.", "2026-11-23T08:00+07:00")
    assert site.agents == {"SmartHaiDuong"}


def test_an_index_gzip_and_the_news_extension_are_followed(site: Site) -> None:
    site.put(
        "/sitemap.xml",
        f'<sitemapindex xmlns="{SPACE}"><sitemap><loc>@/a.xml.gz</loc></sitemap><sitemap><loc>@/n.xml</loc></sitemap>'
        "<sitemap><loc>http://noi-khac.vn/x.xml</loc></sitemap></sitemapindex>",
    )
    site.map(("/tin/1", "2026-11-20"), path="/a.xml.gz", pack=gzip.compress)
    site.put(
        "/n.xml",
        f'<urlset xmlns="{SPACE}" xmlns:news="{NEWS}"><url><loc>@/tin/2#dau</loc><news:news><news:publication_date>'
        "2026-11-23</news:publication_date></news:news></url><url><loc>http://noi-khac.vn/3</loc></url></urlset>",
    )
    news(site, "1", "2")
    read = reader(site).read()
    assert [row["Liên kết"].rpartition("/")[2] for row in rows(read)] == ["2", "1"]
    assert read.notes == ("Bỏ qua 1 địa chỉ của trang web khác.",)


def test_a_website_without_the_address_of_its_sitemap_is_asked_for_it(site: Site) -> None:
    site.put("/robots.txt", "User-agent: *\nAllow: /\nSitemap: @/so-do.xml")
    site.map(("/tin/1", "2026-11-20"), ("/tin/2", "2026-11-21"), ("/a", "2026-11-21"), path="/so-do.xml")
    news(site, "1", "2")
    assert reader(site, site.root).offers() == [Offer("/tin/", "/tin/", "2 trang")]
    assert len(rows(reader(site, site.root, path="/tin/").read())) == 2
    assert len(rows(reader(site, site.root, path="/tin/").sample(1))) == 1


def test_only_what_changed_is_asked_for_again(site: Site) -> None:
    site.map(("/tin/1", "2026-11-20"), ("/tin/2", "2026-11-21"))
    news(site, "1", "2", "3")
    whole = reader(site).read()
    assert whole.whole
    site.map(("/tin/1", "2026-11-20"), ("/tin/2", "2026-11-21"), ("/tin/3", "2026-11-23"))
    site.asked.clear()
    part = reader(site).read(whole.state)
    assert (part.whole, [row["Tiêu đề"] for row in rows(part)]) == (False, ["Tin 3", "Tin 2"])
    assert "/tin/1" not in site.asked


def test_the_newest_are_read_and_the_rest_is_told(site: Site) -> None:
    site.map(*((f"/tin/{n}", f"2026-11-{n:02}") for n in range(1, 10)))
    news(site, *map(str, range(1, 10)))
    read = reader(site, pages="2").read()
    assert [row["Tiêu đề"] for row in rows(read)] == ["Tin 9", "Tin 8"]
    assert read.notes == ("Có 9 trang, đọc 2 trang mới nhất.",)


# --- what the site allows ----------------------------------------------------------------------------------------------
def test_robots_txt_is_honoured_with_its_pace(site: Site) -> None:
    site.put("/robots.txt", "User-agent: *\nCrawl-delay: 7\nDisallow: /*?in=\nDisallow: /noi-bo/")
    site.map(("/tin/1", "2026-11-20"), ("/tin/1?in=1", "2026-11-20"), ("/noi-bo/2", "2026-11-20"))
    news(site, "1")
    read = reader(site)
    table = read.read()
    assert len(rows(table)) == 1
    assert table.notes == ("2 trang không cho máy lấy (robots.txt).",)
    assert read.waited == [7.0, 7.0]  # type: ignore[attr-defined]
    site.put("/robots.txt", "User-agent: SmartHaiDuong\nDisallow: /")
    with pytest.raises(SourceRefused, match=r"robots\.txt"):
        reader(site).read()


def test_a_site_whose_rules_cannot_be_asked_now_is_left_alone(site: Site) -> None:
    site.map(("/tin/1", "2026-11-20"))
    site.put("/robots.txt", "", 503)
    with pytest.raises(SourceUnavailable):
        reader(site).read()
    site.put("/robots.txt", "", 403)
    news(site, "1")
    assert len(rows(reader(site).read())) == 1


# --- what others send and try ------------------------------------------------------------------------------------------
BOMB = (
    '<?xml version="1.0"?><!DOCTYPE u [<!ENTITY a "ha"><!ENTITY b "&a;&a;">]><urlset><url><loc>&b;</loc></url></urlset>'
)
XXE = '<?xml version="1.0"?><!DOCTYPE u [<!ENTITY x SYSTEM "file:///etc/passwd">]><urlset><url><loc>&x;</loc></url></urlset>'


@pytest.mark.parametrize(
    ("body", "said"),
    [
        (b"<!doctype html><html><body>404</body></html>", "trang web"),
        (b"<html xmlns='x'><body/></html>", "trang web"),
        (b"", "XML"),
        (b"{}", "XML"),
        (BOMB.encode(), "XML"),
        (XXE.encode(), "XML"),
        (b"<urlset><url><loc>http://x.vn/1</loc></url>", "XML"),
        (b"<rss><channel/></rss>", "RSS"),
        (b"<kml/>", "không phải sơ đồ trang"),
        (b"<urlset/>", "không nêu trang nào"),
        (b"<urlset><url><loc>javascript:alert(1)</loc></url></urlset>", "không nêu trang nào"),
        (gzip.compress(b"<urlset/>" * 50, mtime=0)[:-9], "một nửa"),
        (b"\x1f\x8bhong", "hỏng"),
        (gzip.compress(b"<urlset>" + b" " * (51 << 20), compresslevel=1, mtime=0), "50 MB"),
    ],
)
def test_what_is_no_sitemap_is_refused_in_words(site: Site, body: bytes, said: str) -> None:
    site.put("/sitemap.xml", body)
    with pytest.raises(SourceRefused, match=said):
        reader(site).read()


def test_fifty_thousand_addresses_are_taken_and_no_more() -> None:
    told = "".join(f"<url><loc>https://so.vn/{n}</loc></url>" for n in range(50_050))
    named = entries(f"<urlset>{told}</urlset>".encode())
    assert (len(named.inner), len(named.pages)) == (0, MOST_ADDRESSES)


def test_a_redirect_inward_is_not_followed(site: Site) -> None:
    site.map(("/tin/1", "2026-11-20"), ("/tin/2", "2026-11-20"))
    news(site, "1")
    site.put("/tin/2", "", 302, Location="http://169.254.169.254/latest/meta-data")
    read = reader(site).read()
    assert len(rows(read)) == 1
    assert "mạng nội bộ" in read.notes[0]
    site.put("/sitemap.xml", "", 302, Location="http://10.0.0.1/sitemap.xml")
    with pytest.raises(SourceRefused, match="mạng nội bộ"):
        reader(site).read()


LEFT: list[tuple[str, Any, str]] = [
    ("not a page", (b"%PDF-1.7", 200, {"Content-Type": "application/pdf"}), "không phải trang web"),
    ("gone", (b"", 404, {}), "404"),
    ("wrong encoding", (b"<meta charset=utf-8><p>Ch\xee Ph\xf3 Y\xaan</p>", 200, {}), "bảng mã"),
    ("nothing on it", (b"<html><title>Ch</title><body></body></html>", 200, {}), "không thấy nội dung"),
    ("empty", (b"", 200, {}), "trống"),
    ("asks not to be taken", ("<meta name=ROBOTS content='NOINDEX'>" + page("A")).encode(), "noindex"),
]


@pytest.mark.parametrize(("answer", "said"), [row[1:] for row in LEFT], ids=[row[0] for row in LEFT])
def test_a_page_that_cannot_be_read_is_left_and_told(site: Site, answer: Any, said: str) -> None:
    site.map(("/tin/1", "2026-11-20"), ("/tin/2", "2026-11-20"))
    news(site, "1")
    site.pages["/tin/2"] = answer if isinstance(answer, tuple) else (answer, 200, {"Content-Type": "text/html"})
    read = reader(site).read()
    assert [row["Tiêu đề"] for row in rows(read)] == ["Tin 1"]
    assert said in read.notes[0]


def test_a_page_that_does_not_answer_now_stops_the_reading_so_that_it_is_not_taken_for_deleted(site: Site) -> None:
    site.map(("/tin/1", "2026-11-20"), ("/tin/2", "2026-11-20"))
    news(site, "1")
    site.put("/tin/2", "", 500)
    with pytest.raises(SourceUnavailable, match="/tin/2"):
        reader(site).read()


def test_old_encodings_are_read_as_declared_and_hostile_markup_is_only_words(site: Site) -> None:
    old = page("Chợ", paragraphs=["Chợ họp ngày rằm, bà con mang hàng đến từ sáng sớm để kịp phiên chợ."]).replace("utf-8", "windows-1258")  # fmt: skip
    site.map(("/tin/1", "2026-11-20"), ("/tin/2", "2026-11-21"))
    site.put("/tin/1", _cp1258(old))
    site.put("/tin/2", page("B", paragraphs=[*PARAGRAPHS, "<script>alert(1)</script><b onclick=x>Đậm</b> &lt;img&gt;"]))
    hostile, read = rows(reader(site).read())
    assert read["Nội dung"].startswith("Chợ họp ngày rằm")
    assert hostile["Nội dung"].endswith("Đậm <img>")
    assert "alert" not in hostile["Nội dung"]


def _cp1258(words: str) -> bytes:
    """Return words as Windows wrote Vietnamese: the letter with its hat or horn, the tone behind it."""
    tones = "\u0300\u0301\u0303\u0309\u0323"
    out = []
    for letter in unicodedata.normalize("NFC", words):
        marks = unicodedata.normalize("NFD", letter)
        out.append(unicodedata.normalize("NFC", "".join(mark for mark in marks if mark not in tones)))
        out.extend(mark for mark in marks if mark in tones)
    return "".join(out).encode("cp1258")


def test_long_articles_are_cut_to_what_a_cell_holds(site: Site) -> None:
    site.map(("/tin/1", "2026-11-20"))
    site.put("/tin/1", page("Dài", paragraphs=[f"{n} {PARAGRAPHS[0]}" for n in range(80)]))
    words = rows(reader(site).read())[0]["Nội dung"]
    assert len(words) <= 4_000
    assert words.endswith("…")


def test_the_form_says_what_is_wrong_with_a_place() -> None:
    assert problems(SourceKind.SITEMAP, {"url": "https://so.vn", "path": "/tin/", "pages": "20"}, {}) == {}
    assert set(problems(SourceKind.SITEMAP, {"url": "ftp://so.vn", "pages": "500"}, {})) == {"url", "pages"}
