"""Sitemaps as real sites write them: shapes seen in public code and in reports of other readers' faults, each of which must be read."""

from __future__ import annotations

import gzip
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest

from smarthd.connectors.adapters.sitemap_entries import entries, moment
from smarthd.connectors.adapters.sitemaps import _Walk
from smarthd.connectors.ports import SourceRefused
from smarthd.connectors.tests.test_sitemaps import SPACE, Site, news, reader, rows, site
from smarthd.kernel import clock

__all__ = ["site"]
BASE = "https://so.vn/sitemap.xml"
DECLARED = '<?xml version="1.0" encoding="UTF-8"?>'
PAGE = "<url><loc>https://so.vn/tin/1</loc></url>"


@pytest.fixture(autouse=True)
def _today() -> Iterator[None]:
    clock.set_now(datetime(2026, 11, 24, 2, tzinfo=UTC))
    yield
    clock.set_now(None)


def one_page(inner: str, *, head: str = "", declared: str = DECLARED) -> bytes:
    return f'{declared}<urlset xmlns="{SPACE}"{head}><url>{inner}</url></urlset>'.encode()


WHOLE = f'{DECLARED}<urlset xmlns="{SPACE}">{PAGE}</urlset>'
SHAPES = {
    "a blank line before the declaration": f"\n  {WHOLE}".encode(),
    "a byte order mark": WHOLE.encode("utf-8-sig"),
    "two byte order marks": b"\xef\xbb\xbf" + WHOLE.encode("utf-8-sig"),
    "a PHP warning before it": f"Warning: mysql_connect()\n{WHOLE}".encode(),
    "UTF-16": WHOLE.replace("UTF-8", "UTF-16").encode("utf-16"),
    "UTF-8 that says it is UTF-16": WHOLE.replace("UTF-8", "UTF-16").encode(),
    "an encoding nobody knows": WHOLE.replace("UTF-8", "utf8mb4").encode(),
    "gzip": gzip.compress(WHOLE.encode()),
    "spaces and lines around the address": one_page("<loc>\n    https://so.vn/tin/1\n  </loc>"),
    "CDATA": one_page("<loc><![CDATA[https://so.vn/tin/1]]></loc><lastmod><![CDATA[2026-11-20]]></lastmod>"),
    "an address without its host": one_page("<loc>/tin/1</loc>"),
    "an address without its scheme": one_page("<loc>//so.vn/tin/1</loc>"),
    "a fragment": one_page("<loc>https://so.vn/tin/1#binh-luan</loc>"),
    "pictures of the page": one_page(
        "<loc>https://so.vn/tin/1</loc><image:image><image:loc>https://so.vn/a.jpg</image:loc></image:image>",
        head=' xmlns:image="http://www.google.com/schemas/sitemap-image/1.1"',
    ),
    "a prefix nobody declared": one_page(
        "<loc>https://so.vn/tin/1</loc><image:image><image:loc>https://so.vn/a.jpg</image:loc></image:image>"
    ),
    "an attribute whose prefix nobody declared": one_page(
        "<loc>https://so.vn/tin/1</loc>", head=' xsi:schemaLocation="a b"'
    ),
    "a prefix of its own": f'<sm:urlset xmlns:sm="{SPACE}">{PAGE.replace("<", "<sm:").replace("<sm:/", "</sm:")}</sm:urlset>'.encode(),
    "the namespace of 2005": WHOLE.replace(SPACE, "http://www.google.com/schemas/sitemap/0.84").encode(),
    "no namespace, a set in a set": f"<urlset><urlset>{PAGE}</urlset></urlset>".encode(),
    "a stylesheet and comments": WHOLE.replace(DECLARED, f'{DECLARED}<?xml-stylesheet href="/a.xsl"?><!-- Yoast -->').encode(),
    "an entity of HTML": one_page("<loc>https://so.vn/tin/1</loc><title>M&ugrave;a m&#432;a &nbsp;</title>"),
    "a letter XML forbids": one_page("<loc>https://so.vn/tin/1</loc><title>\x0bA</title>"),
    "lines of text": b"\xef\xbb\xbfhttps://so.vn/tin/1\r\n\r\n",
}  # fmt: skip


@pytest.mark.parametrize("raw", SHAPES.values(), ids=SHAPES.keys())
def test_every_shape_names_its_page(raw: bytes) -> None:
    assert [one.url for one in entries(raw, BASE).pages] == ["https://so.vn/tin/1"]


ADDRESSES = {
    "https://so.vn/?a=1&b=2": "https://so.vn/?a=1&b=2",
    "https://so.vn/?a=1&amp;b=2": "https://so.vn/?a=1&b=2",
    "https://so.vn/?a=1&copy=2": "https://so.vn/?a=1&copy=2",
    "https://so.vn/A&Acirc;B&ordm;": "https://so.vn/AÂBº",
    "<![CDATA[https://so.vn/?a=1&b=2]]>": "https://so.vn/?a=1&b=2",
    "https://so.vn/tin-tức": "https://so.vn/tin-tức",
}


@pytest.mark.parametrize(("written", "url"), ADDRESSES.items())
def test_ampersands_and_letters_of_addresses_are_kept(written: str, url: str) -> None:
    assert [one.url for one in entries(one_page(f"<loc>{written}</loc>\n<x>&</x>"), BASE).pages] == [url]


DAYS = {
    "2026-11-20": "2026-11-20T00:00:00+07:00",
    "2026-11": "2026-11-01T00:00:00+07:00",
    "2026": "2026-01-01T00:00:00+07:00",
    "2026-11-20T08:00Z": "2026-11-20T08:00:00+00:00",
    "2026-11-20T08:00:00.123Z": "2026-11-20T08:00:00.123000+00:00",
    "2026-11-20T08:00:00+0700": "2026-11-20T08:00:00+07:00",
    "2026-11-20 08:00:00": "2026-11-20T08:00:00+07:00",
    "2026-11-20 08:53:11 AM": "2026-11-20T00:00:00+07:00",
    "2026-11-20T15::42:18+09:00": "2026-11-20T00:00:00+07:00",
    "2026-11-20T08:00:00.1Z 2026-10-15T15:33:55Z": "2026-11-20T00:00:00+07:00",
    "2026-1-3": "2026-01-03T00:00:00+07:00",
    "2026/11/20": "2026-11-20T00:00:00+07:00",
    "20/11/2026": "2026-11-20T00:00:00+07:00",
    "11/20/2026": "2026-11-20T00:00:00+07:00",
    "Fri, 20 Nov 2026 08:00:00 GMT": "2026-11-20T08:00:00+00:00",
    "Fri Nov 20 2026 08:00:00 GMT+0700 (Indochina Time)": "2026-11-20T08:00:00+07:00",
    "": None,
    "not-a-date": None,
    "0000-00-00": None,
    "0001-01-01T00:00:00": None,
    "1970-01-01": None,
    "2926-11-20": None,
    "31/02/2026": None,
    "12345678901234567890": None,
}


@pytest.mark.parametrize(("written", "day"), DAYS.items())
def test_days_are_read_as_sites_write_them(written: str, day: str | None) -> None:
    found = moment(written)
    assert (found.isoformat() if found else None) == day


def test_a_day_of_the_news_goes_before_one_of_a_film_or_the_page() -> None:
    raw = one_page(
        "<loc>https://so.vn/tin/1</loc><lastmod>2026-11-22</lastmod>"
        "<v:video><v:publication_date>2020-01-01</v:publication_date></v:video>"
        "<n:news><n:publication_date>2026-11-20</n:publication_date></n:news>",
        head=' xmlns:v="http://www.google.com/schemas/sitemap-video/1.1" xmlns:n="http://www.google.com/schemas/sitemap-news/0.9"',
    )
    found = entries(raw, BASE).pages[0].at
    assert found is not None
    assert found.day == 20


@pytest.mark.parametrize(
    "raw",
    [
        f"<urlset xmlns='{SPACE}'>{PAGE}".encode(),
        f'<!DOCTYPE u [<!ENTITY a "b">]>\n<urlset xmlns="{SPACE}">{PAGE}<x>&</x></urlset>'.encode(),
        f'\n<?xml version="1.0"?><!DOCTYPE urlset SYSTEM "file:///etc/passwd"><urlset xmlns="{SPACE}">{PAGE}</urlset>'.encode(),
        b"https",
        b"&" * 5_000,
        b"<" * 5_000,
    ],
)
def test_half_a_file_and_document_types_are_refused_however_faulty(raw: bytes) -> None:
    with pytest.raises(SourceRefused, match="XML"):
        entries(raw, BASE)


def test_a_list_of_pages_may_name_sitemaps(site: Site) -> None:
    site.map(("/so-do/tin.xml", "2025-08-20"), ("/gioi-thieu", "2025-08-20"), ("/so-do/rss.xml", "2025-08-20"))
    site.map(("/tin/1", "2026-11-20"), path="/so-do/tin.xml")
    site.put("/so-do/rss.xml", "<rss><channel/></rss>")
    site.put("/gioi-thieu", "<p>ngắn</p>")
    news(site, "1")
    read = reader(site).read()
    assert [row["Tiêu đề"] for row in rows(read)] == ["Tin 1"]
    assert any("/so-do/rss.xml" in note for note in read.notes)
    assert (read.whole, read.state) == (False, {})


def test_a_sitemap_that_is_gone_is_told_and_the_others_are_read(site: Site) -> None:
    site.put(
        "/sitemap.xml",
        f'<sitemapindex xmlns="{SPACE}"><sitemap><loc>/cu.xml</loc></sitemap><sitemap><loc>moi.xml</loc></sitemap>'
        "<sitemap><loc>/sitemap.xml</loc></sitemap></sitemapindex>",
    )
    site.map(("/tin/1", "2026-11-20"), path="/moi.xml")
    news(site, "1")
    read = reader(site).read()
    assert read.notes == ("Không đọc được sơ đồ trang /cu.xml: máy chủ trả lời 404.",)
    assert (read.whole, len(rows(read)), site.asked.count("/sitemap.xml")) == (True, 1, 1)


def test_what_lists_pages_by_category_is_left_where_others_name_them(site: Site) -> None:
    site.put(
        "/sitemap.xml",
        f'<sitemapindex xmlns="{SPACE}">'
        + "".join(f"<sitemap><loc>/{name}.xml</loc></sitemap>" for name in ("category-sitemap", "post-sitemap", "wp-sitemap-users-1"))
        + "</sitemapindex>",
    )  # fmt: skip
    site.map(("/tin/1", "2026-11-20"), path="/post-sitemap.xml")
    site.map(("/chuyen-muc/a", "2026-11-23"), path="/category-sitemap.xml")
    news(site, "1")
    read = reader(site).read()
    assert [row["Tiêu đề"] for row in rows(read)] == ["Tin 1"]
    assert read.notes == ("Bỏ qua 2 sơ đồ trang của chuyên mục, thẻ, tác giả.",)
    assert "/category-sitemap.xml" not in site.asked


def test_categories_are_read_where_nothing_else_names_a_page(site: Site) -> None:
    site.put("/sitemap.xml", f'<sitemapindex xmlns="{SPACE}"><sitemap><loc>/tags.xml</loc></sitemap></sitemapindex>')
    site.map(("/tin/1", "2026-11-20"), path="/tags.xml")
    news(site, "1")
    assert len(rows(reader(site).read())) == 1


def test_sitemaps_without_a_day_are_taken_newest_first_by_their_names() -> None:
    names = ["news-2026-9", "2026/10/article", "sitemaps-2026-11-01-10", "sitemaps-2026-11-21-25", "google-news"]
    index = "".join(f"<sitemap><loc>/{name}.xml</loc></sitemap>" for name in names)
    walk = _Walk(waiting=[])
    walk.take(entries(f"<sitemapindex>{index}</sitemapindex>".encode(), BASE), here=lambda url: True)
    assert [one.removeprefix("https://so.vn/").removesuffix(".xml") for one in walk.waiting] == [
        names[4],
        *names[3:0:-1],
        names[0],
    ]


def test_a_website_whose_robots_name_none_is_asked_where_others_keep_theirs(site: Site) -> None:
    site.put("/robots.txt", "User-agent: *\nAllow: /\n")
    site.map(("/tin/1", "2026-11-20"), path="/wp-sitemap.xml")
    news(site, "1")
    assert len(rows(reader(site, site.root).read())) == 1
    assert site.asked.count("/wp-sitemap.xml") == 1


def test_a_robots_file_may_name_its_sitemap_without_the_host(site: Site) -> None:
    site.put("/robots.txt", "User-agent: *\nSitemap: /so-do.xml")
    site.map(("/tin/1", "2026-11-20"), path="/so-do.xml")
    news(site, "1")
    assert len(rows(reader(site, site.root).read())) == 1


def test_a_list_whose_days_are_all_the_same_says_that_it_tells_no_newest(site: Site) -> None:
    site.map(*((f"/tin/{n}", "2025-08-20") for n in range(1, 6)))
    news(site, *map(str, range(1, 6)))
    assert reader(site, pages="2").read().notes == (
        "Có 5 trang, đọc 2 trang đầu danh sách (sơ đồ trang không cho biết trang nào mới).",
    )


def test_fifty_thousand_pages_with_pictures_are_read_without_keeping_the_tree() -> None:
    day = (clock.now() - timedelta(days=3)).date().isoformat()
    inner = "".join(
        f"<url><loc>/tin/{n}</loc><lastmod>{day}</lastmod><image:image><image:loc>/a/{n}.jpg</image:loc></image:image></url>"
        for n in range(50_000)
    )
    found = entries(f'<urlset xmlns="{SPACE}" xmlns:image="x">{inner}</urlset>'.encode(), BASE).pages
    assert (len(found), found[-1].url) == (50_000, "https://so.vn/tin/49999")
