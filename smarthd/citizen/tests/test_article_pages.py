"""Pages agencies keep, as read: kinds, filters, what is gone, parts of a video, an event in one's calendar, home in order."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from icalendar import Calendar

from smarthd.citizen import ranges
from smarthd.citizen.tests.conftest import NOW, SYSTEM, Words
from smarthd.content import selectors as content
from smarthd.content import services
from smarthd.content.models import ArticleFile
from smarthd.content.rules import kinds
from smarthd.kernel import clock, files
from smarthd.places import selectors as places


def publish(words: Words, kind: kinds.Kind, title: str, *, ward: bool = False, **facts: Any) -> str:
    new = services.NewArticle(
        kind=kind, title=title, summary="Một câu.", body="<p>Nội dung.</p>", facts=facts,
        agency_id=words.ward_office if ward else words.office, unit_ids=[words.ward.id] if ward else [],
    )  # fmt: skip
    slug = services.publish_article(new, actor=SYSTEM, now=NOW - timedelta(hours=1))
    content.forget_version()
    return slug


def event(words: Words, title: str, **more: Any) -> str:
    starts = NOW + timedelta(days=2)
    return publish(
        words,
        kinds.Kind.EVENT,
        title,
        starts_at=starts,
        ends_at=starts + timedelta(hours=2),
        place="Nhà văn hóa",
        **more,
    )


def test_a_procedure_tells_papers_steps_time_and_where(neighbour, words):
    slug = publish(
        words, kinds.Kind.PROCEDURE, "Đăng ký khai sinh", papers="- Giấy chứng sinh\n", steps="Nộp\nNhận", place="Một cửa",
        service_level="full", link="https://dichvucong.gov.vn/", fee="Không thu", duration="Trong ngày", legal_ground="Luật Hộ tịch",
    )  # fmt: skip
    page = neighbour.get(f"/thu-tuc/{slug}/").content.decode()
    for told in (
        "<li>Giấy chứng sinh</li>",
        "<li>Nhận</li>",
        "Không thu",
        "Trong ngày",
        "Trực tuyến toàn trình",
        "https://dichvucong.gov.vn/",
    ):
        assert told in page
    assert "data-read-aloud" in page


def test_lists_are_filtered_by_commune_agency_topic_and_words(neighbour, words):
    publish(words, kinds.Kind.NEWS, "Tin của phường", ward=True)
    publish(words, kinds.Kind.NEWS, "Tin của tỉnh")
    assert "Tin của tỉnh" in neighbour.get("/tin-tuc/").content.decode()
    mine = neighbour.get("/tin-tuc/?loc=noi-toi").content.decode()
    assert "Tin của phường" in mine
    assert "Tin của tỉnh" not in mine
    other = neighbour.get(f"/tin-tuc/?xa={words.other.uid}").content.decode()
    assert "Tin của phường" not in other
    assert "Không có bài nào như vậy" in neighbour.get("/tin-tuc/?q=khong+co+dau").content.decode()
    assert "Không có bài nào như vậy" in neighbour.get("/tin-tuc/?chu-de=farm").content.decode()


@pytest.mark.parametrize("question", ["?xa=x%00", "?co-quan=zzz", "?chu-de=zzz", "?luc=zzz", "?q=%00", "?loc=%27"])
def test_nonsense_in_a_filter_is_answered(neighbour, words, question):
    assert neighbour.get(f"/su-kien/{question}").status_code in {200, 400}


def test_what_was_withdrawn_says_so(neighbour, words):
    slug = publish(words, kinds.Kind.NEWS, "Sắp gỡ", expire_at=NOW)
    answer = neighbour.get(f"/tin-tuc/{slug}/")
    assert answer.status_code == 410
    assert "Bài này đã hết hạn" in answer.content.decode()
    assert neighbour.get("/tin-tuc/khong-co/").status_code == 404
    assert neighbour.get(f"/cam-nang/{slug}/").status_code == 404


def test_an_event_goes_into_ones_own_calendar(neighbour, words):
    slug = event(words, "Họp thôn, bàn đường điện; dự toán")
    answer = neighbour.get(f"/su-kien/{slug}/lich.ics")
    assert answer["Content-Type"].startswith("text/calendar")
    held = Calendar.from_ical(answer.content).walk("VEVENT")[0]
    assert str(held["SUMMARY"]) == "Họp thôn, bàn đường điện; dự toán"
    assert held["DTSTART"].dt == NOW + timedelta(days=2)
    assert str(held["LOCATION"]) == "Nhà văn hóa"
    assert max(len(line) for line in answer.content.splitlines()) <= 75


def test_home_begins_with_my_commune_and_goes_on_with_what_is_everyones(neighbour, words):
    for title, unit, target in (
        ("Ô của phường", words.ward.id, "/su-kien/"),
        ("Ô chung", None, "/thu-tuc/"),
        ("Ô nơi khác", words.other.id, "/"),
    ):
        services.keep_tile(
            agency_id=words.office, title=title, icon="calendar", target=target, unit_id=unit, actor=SYSTEM, now=NOW
        )
    publish(words, kinds.Kind.NEWS, "Tin của tỉnh")
    event(words, "Họp của phường", ward=True)
    page = neighbour.get("/").content.decode()
    order = [page.index(title) for title in ("Ô của phường", "Ô chung", "Họp của phường", "Tin của tỉnh")]
    assert order == sorted(order)
    assert "Ô nơi khác" not in page


@pytest.mark.parametrize(
    ("header", "expected"),
    [
        ("", None), ("bytes=0-", (0, 99)), ("bytes=10-19", (10, 19)), ("bytes=-5", (95, 99)), ("bytes=90-500", (90, 99)),
        ("bytes=0-0,5-6", None), ("lines=1-2", None), ("bytes=-", None),
    ],
)  # fmt: skip
def test_a_range_is_what_was_asked_for(header, expected):
    assert ranges.span(header, 100) == expected


@pytest.mark.parametrize("header", ["bytes=100-", "bytes=9-3", "bytes=-0"])
def test_a_range_outside_the_file_is_refused(header):
    with pytest.raises(ValueError, match="bytes"):
        ranges.span(header, 100)


def test_a_player_gets_the_part_of_a_video_it_asks_for(neighbour, words, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    slug = publish(words, kinds.Kind.GUIDE, "Có video")
    source = tmp_path / "x"
    source.write_bytes(bytes(range(200)))
    with source.open("rb") as stream:
        kept = files.keep(stream, limit_mb=1)
    ArticleFile.objects.create(
        article_id=services.article_id(slug),
        title="Video",
        sha256=kept.sha256,
        size=200,
        form="video",
        transcript="Lời nói",
    )
    page = neighbour.get(f"/cam-nang/{slug}/").content.decode()
    assert "Lời nói" in page
    address = page.split("<video", 1)[1].split('src="', 1)[1].split('"', 1)[0]
    part = neighbour.get(address, headers={"range": "bytes=10-19"})
    assert (part.status_code, b"".join(part.streaming_content)) == (206, bytes(range(10, 20)))
    assert part["Content-Range"] == "bytes 10-19/200"
    assert "sandbox" in part["Content-Security-Policy"]
    assert neighbour.get(address, headers={"range": "bytes=200-"}).status_code == 416


def test_captions_and_tables_stand_beside_the_words(neighbour, words, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    video = services.NewFile("Chuẩn bị", b"\x00\x00\x00\x18ftypmp42" + bytes(60), b"00:01.000 --> 00:02.000\nA < B")
    table = services.NewTable("Mức phí", "Xe | Phí\nXe máy | 2.000")
    new = services.NewArticle(
        kind=kinds.Kind.GUIDE, title="Có bảng", summary="Một câu.", body="<p>Lời.</p>", agency_id=words.office,
        files=[video], tables=[table],
    )  # fmt: skip
    slug = services.publish_article(new, actor=SYSTEM, now=NOW - timedelta(hours=1))
    page = neighbour.get(f"/cam-nang/{slug}/").content.decode()
    assert "<caption>Mức phí</caption>" in page
    assert '<th scope="col">Phí</th>' in page
    assert '<th scope="row">Xe máy</th>' in page
    address = page.split("<track", 1)[1].split('src="', 1)[1].split('"', 1)[0]
    told = neighbour.get(address)
    assert told["Content-Type"] == "text/vtt; charset=utf-8"
    assert told.content.decode().endswith("A &lt; B\n")
    assert neighbour.get(address.replace(".vtt", "0.vtt")).status_code == 404
    assert neighbour.get(address.replace(address[-20:-4], "0" * 16)).status_code == 404


def test_an_english_reader_is_told_where_there_is_no_english(neighbour, words):
    slug = publish(words, kinds.Kind.NEWS, "Chỉ tiếng Việt")
    note = "has no English version yet"
    neighbour.cookies["smarthd_lang"] = "en"
    assert note in neighbour.get(f"/tin-tuc/{slug}/").content.decode()
    services.publish_article(
        services.NewArticle(
            kind=kinds.Kind.NEWS, title="In English", summary="One.", body="<p>Words.</p>", agency_id=words.office,
            language="en", original_slug=slug,
        ),
        actor=SYSTEM, now=NOW - timedelta(hours=1),
    )  # fmt: skip
    page = neighbour.get(f"/tin-tuc/{slug}/").content.decode()
    assert note not in page
    assert "Read in English" in page


def test_a_communes_page_tells_its_news_under_its_old_and_new_names(neighbour, words):
    old = places.predecessors(words.ward.id, clock.today())[0].unit
    publish(words, kinds.Kind.NEWS, "Tin của phường", ward=True)
    before = services.NewArticle(
        kind=kinds.Kind.NEWS, title="Tin hồi còn tên cũ", summary="Một câu.", body="<p>Lời.</p>", agency_id=words.office,
        unit_ids=[old.id],
    )  # fmt: skip
    services.publish_article(before, actor=SYSTEM, now=NOW - timedelta(hours=2))
    publish(words, kinds.Kind.NEWS, "Tin của tỉnh")
    for unit in (words.ward, old):
        page = neighbour.get(f"/dia-chi/{unit.uid}/").content.decode()
        assert "Tin của phường" in page, unit
        assert "Tin hồi còn tên cũ" in page, unit
        assert "Lịch cắt điện khu 1" in page, unit
        assert "Tin của tỉnh" not in page
    assert "Tin của phường" not in neighbour.get(f"/dia-chi/{words.other.uid}/").content.decode()
