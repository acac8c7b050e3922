"""The board of ideas as a citizen meets it: read by anyone, written by who signed in, supported once, public once somebody read it."""

from __future__ import annotations

import csv
import io
from typing import Any

import pytest
from defusedxml import ElementTree
from django.contrib.auth import get_user_model
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from PIL import Image

from smarthd.citizen.tests.conftest import NOW, SYSTEM, Words, province_with_words
from smarthd.content.models.ideas import Idea, IdeaPicture, IdeaSupport
from smarthd.content.rules import ideas as rules
from smarthd.content.services import idea_desk, ideas
from smarthd.kernel.actor import Actor
from smarthd.places.values import UnitView
from tests.planting import planted_once

WHAT = "Rác chợ để lẫn nên bốc mùi, phân loại thì ủ được phân."


_words = planted_once(province_with_words)


@pytest.fixture
def words(_words: Words, db: None) -> Words:
    return _words


def someone(unit: UnitView, name: str = "") -> Client:
    account = get_user_model()(created_at=NOW, home_id=unit.id)
    account.full_name = name
    account.save()
    client = Client()
    client.force_login(account)
    return client


def typed(home: UnitView, **more: str) -> dict[str, str]:
    return {"unit": str(home.uid), "title": "Đặt thùng phân loại rác ở chợ", "words": WHAT} | more


def published(words: Any, **more: Any) -> Idea:
    author = get_user_model().objects.create(created_at=NOW, home_id=words.ward.id)
    said: dict[str, Any] = {"unit_id": words.ward.id, "title": "Đặt thùng phân loại rác ở chợ", "words": WHAT}
    idea = ideas.propose_idea(ideas.NewIdea(**(said | more)), actor=Actor(account_id=author.pk), now=NOW)
    idea_desk.publish_idea(idea.code, looked=True, actor=SYSTEM, now=NOW)
    return idea


def picture() -> io.BytesIO:
    made = io.BytesIO()
    Image.new("RGB", (320, 240), (40, 90, 60)).save(made, "JPEG")
    made.seek(0)
    made.name = "anh.jpg"
    return made


def test_who_has_not_signed_in_reads_and_is_led_to_sign_in_to_write(neighbour, words):
    idea = published(words)
    assert idea.title in neighbour.get("/hien-ke/").content.decode()
    page = neighbour.get(f"/hien-ke/{idea.code}/").content.decode()
    assert "Đăng nhập để ủng hộ" in page
    assert "1 người ủng hộ" in page
    for address in ("/hien-ke/gui/", "/hien-ke/cua-toi/"):
        assert "/dang-nhap/" in neighbour.get(address)["Location"]
    assert "/dang-nhap/" in neighbour.post(f"/hien-ke/{idea.code}/ung-ho/")["Location"]
    assert IdeaSupport.objects.count() == 1


def test_an_idea_waits_unseen_until_somebody_read_it(words, neighbour):
    author = someone(words.ward, "Trần Thị Mẫu")
    answer = author.post("/hien-ke/gui/", typed(words.ward))
    assert answer.status_code == 302
    idea = Idea.objects.get()
    assert "Chờ cơ quan đọc" in author.get(answer["Location"]).content.decode()
    assert idea.title in author.get("/hien-ke/cua-toi/").content.decode()
    assert neighbour.get(answer["Location"]).status_code == 404
    assert idea.title not in neighbour.get("/hien-ke/").content.decode()
    idea_desk.publish_idea(idea.code, looked=False, actor=SYSTEM, now=NOW)
    page = neighbour.get(answer["Location"]).content.decode()
    assert WHAT in page
    assert "Trần Thị Mẫu" not in page


def test_what_is_alike_is_shown_before_it_is_sent_and_may_be_sent_all_the_same(words):
    held = published(words)
    author = someone(words.ward)
    sent = typed(words.ward, title="Thùng phân loại rác ở chợ quê")
    page = author.post("/hien-ke/gui/", sent).content.decode()
    assert held.code in page
    assert "Thùng phân loại rác ở chợ quê" in page
    assert Idea.objects.count() == 1
    assert author.post("/hien-ke/gui/", sent | {"gui": "1"}).status_code == 302
    assert Idea.objects.count() == 2


def test_a_name_or_a_number_is_pointed_out_to_who_wrote_it(words):
    sent = typed(words.ward, words="Nhà ông Nguyễn Văn Nam, số 0912 345 678, đổ rác ra đường.")
    page = someone(words.ward).post("/hien-ke/gui/", sent).content.decode()
    assert "0912 345 678" in page
    assert "Xin xem lại lời viết" in page
    assert not Idea.objects.exists()


@pytest.mark.parametrize(
    "more",
    [
        {"title": "x"},
        {"words": ""},
        {"unit": ""},
        {"unit": "x"},
        {"lat": "10.5", "lon": "106.7"},
        {"lat": "x"},
        {"title": "\0" * 20},
    ],
)
def test_what_is_missing_is_said_and_kept(words, more):
    answer = someone(words.ward).post("/hien-ke/gui/", typed(words.ward, **more))
    assert answer.status_code == 422
    assert not Idea.objects.exists()


def test_a_person_is_counted_once_on_two_devices_and_may_take_it_back(words):
    idea = published(words)
    account = get_user_model().objects.create(created_at=NOW, home_id=words.ward.id)
    phone, tablet = Client(), Client()
    for device in (phone, tablet):
        device.force_login(account)
        assert device.post(f"/hien-ke/{idea.code}/ung-ho/").status_code == 302
    page = tablet.get(f"/hien-ke/{idea.code}/").content.decode()
    assert "2 người ủng hộ" in page
    assert "Thôi ủng hộ" in page
    phone.post(f"/hien-ke/{idea.code}/thoi-ung-ho/")
    assert "1 người ủng hộ" in tablet.get(f"/hien-ke/{idea.code}/").content.decode()


def test_a_returned_idea_is_mended_by_its_author_alone(words, neighbour):
    author = someone(words.ward)
    author.post("/hien-ke/gui/", typed(words.ward))
    idea = Idea.objects.get()
    idea_desk.return_idea(idea.code, words="Xin ghi rõ chợ nào, ở thôn nào.", actor=SYSTEM, now=NOW)
    assert "Xin ghi rõ chợ nào" in author.get(f"/hien-ke/{idea.code}/").content.decode()
    assert someone(words.ward).get(f"/hien-ke/{idea.code}/sua/").status_code == 404
    assert WHAT in author.get(f"/hien-ke/{idea.code}/sua/").content.decode()
    assert author.post(f"/hien-ke/{idea.code}/sua/", typed(words.ward, spot="Chợ Mẫu")).status_code == 302
    idea.refresh_from_db()
    assert (idea.state, idea.spot) == (rules.State.WAITING, "Chợ Mẫu")
    assert author.post(f"/hien-ke/{idea.code}/rut/").status_code == 302
    assert author.post(f"/hien-ke/{idea.code}/rut/").status_code == 409


def test_pictures_go_through_the_house_and_are_seen_once_published(words, neighbour):
    author = someone(words.ward)
    author.post("/hien-ke/gui/", typed(words.ward))
    idea = Idea.objects.get()
    broken = io.BytesIO(b"<html>")
    broken.name = "anh.jpg"
    author.post(f"/hien-ke/{idea.code}/them-anh/", {"anh": [picture(), broken]})
    kept = IdeaPicture.objects.get()
    address = reverse("citizen:idea_picture", args=[kept.uid])
    seen = author.get(address)
    assert seen["Content-Type"] == "image/jpeg"
    assert seen.getvalue()[:2] == b"\xff\xd8"
    assert neighbour.get(address).status_code == 404
    assert someone(words.ward).post(f"/hien-ke/{idea.code}/them-anh/", {"anh": picture()}).status_code == 404
    idea_desk.publish_idea(idea.code, looked=True, actor=SYSTEM, now=NOW)
    assert neighbour.get(address).getvalue()[:2] == b"\xff\xd8"
    assert author.post(f"/hien-ke/{idea.code}/them-anh/", {"anh": picture()}).status_code == 409


def test_a_joined_idea_leads_to_the_one_it_was_joined_to(words, neighbour):
    first, second = published(words), published(words)
    idea_desk.merge_idea(second.code, into=first.code, actor=SYSTEM, now=NOW)
    assert neighbour.get(f"/hien-ke/{second.code}/")["Location"] == f"/hien-ke/{first.code}/"
    assert "2 người ủng hộ" in neighbour.get(f"/hien-ke/{first.code}/").content.decode()


@pytest.mark.parametrize("query", ["?q=phan loai rac", "?loc=noi-toi", "?xep=ung-ho", "?tra-loi=chua"])
def test_the_board_is_narrowed(words, neighbour, query):
    idea = published(words)
    assert idea.title in neighbour.get(f"/hien-ke/{query}").content.decode()


@pytest.mark.parametrize("query", ["?q=boi loi", "?tra-loi=roi", "?trang=9", "?trang=²", "?trang=" + "9" * 40, "?q=\0"])
def test_a_board_without_such_an_idea_says_so(words, neighbour, query):
    idea = published(words)
    answer = neighbour.get(f"/hien-ke/{query}")
    assert answer.status_code in {200, 400}
    assert idea.title not in answer.content.decode() or query in {"?trang=²", "?q=\0"}


def test_the_board_asks_no_more_for_more_ideas(words, neighbour):
    def cost() -> int:
        with CaptureQueriesContext(connection) as asked:
            assert neighbour.get("/hien-ke/").status_code == 200
        return len(asked)

    published(words)
    cost()
    first = cost()
    for _number in range(4):
        published(words)
    assert cost() == first <= 8


ATOM = "{http://www.w3.org/2005/Atom}"


def test_the_feed_tells_published_ideas_and_names_who_let_it(words, neighbour):
    published(words)
    named = get_user_model()(created_at=NOW, home_id=words.ward.id)
    named.full_name = "Trần Thị Mẫu"
    named.save()
    new = ideas.NewIdea(unit_id=words.ward.id, title="Mở lớp dạy bơi mùa hè", words=WHAT, named=True)
    told = ideas.propose_idea(new, actor=Actor(account_id=named.pk), now=NOW)
    waiting = ElementTree.fromstring(neighbour.get("/hien-ke/nguon-tin.atom").content)
    assert len(waiting.findall(f"{ATOM}entry")) == 1
    idea_desk.publish_idea(told.code, looked=True, actor=SYSTEM, now=NOW)
    idea_desk.answer_idea(told.code, state=rules.State.DONE, words="Đã mở ba lớp.", until=None, actor=SYSTEM, now=NOW)
    feed = ElementTree.fromstring(neighbour.get("/hien-ke/nguon-tin.atom").content)
    authors = [one.findtext(f"{ATOM}author/{ATOM}name") for one in feed.findall(f"{ATOM}entry")]
    assert authors == ["Trần Thị Mẫu", f"Người dân {words.ward.full_name}"]
    assert "Đã mở ba lớp." in str(feed.findtext(f"{ATOM}entry/{ATOM}summary"))
    here, there = (neighbour.get(f"/hien-ke/nguon-tin/{unit.uid}.atom") for unit in (words.ward, words.other))
    assert told.code in here.content.decode()
    assert told.code not in there.content.decode()


def test_open_data_holds_every_published_idea_once_by_pages_and_as_a_file(words, neighbour):
    codes = [
        published(words, title=title).code
        for title in ("=1+1 thùng rác ở chợ", "Hai hàng cây bóng mát", "Ba ghế đá ở bờ hồ")
    ]
    hidden, waiting = published(words), ideas.propose_idea(
        ideas.NewIdea(unit_id=words.ward.id, title="Chưa ai đọc ý này", words=WHAT),
        actor=Actor(account_id=get_user_model().objects.create(created_at=NOW, home_id=words.ward.id).pk),
        now=NOW,
    )  # fmt: skip
    idea_desk.hide_idea(hidden.code, words="Trái quy định.", actor=SYSTEM, now=NOW)
    found, address = [], "/api/v1/ideas?limit=2"
    while address:
        page = neighbour.get(address).json()
        found += [one["code"] for one in page["ideas"]]
        address = page["next"]
    assert found == codes[::-1]
    answer = neighbour.get("/api/v1/ideas.csv")
    rows = list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"))))
    assert [(one["code"], one["supporters"], one["author_name"]) for one in rows] == [(code, "1", "") for code in found]
    assert rows[-1]["title"].startswith("'=")
    assert waiting.code not in answer.content.decode()
    assert neighbour.get("/api/v1/ideas.csv", headers={"if-none-match": answer["ETag"]}).status_code == 304


@pytest.mark.parametrize("query", ["cursor=x", "cursor=WyJ4IiwxXQ", "limit=0", "limit=9999", "limit=x"])
def test_a_page_of_open_data_nobody_gave_is_refused(neighbour, query):
    assert neighbour.get(f"/api/v1/ideas?{query}").status_code in {400, 422}
