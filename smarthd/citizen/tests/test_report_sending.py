"""Sending a report by the page: with and without a script, once, with photos bare of where they were taken, nothing typed ever lost."""

from __future__ import annotations

import re
from uuid import uuid4

import pytest
from django.test import Client

from smarthd.citizen import phone
from smarthd.citizen.tests import report_make as make
from smarthd.citizen.tests.account_make import account_of, sign_in
from smarthd.citizen.tests.conftest import NOW, SYSTEM
from smarthd.fieldreports.models import Attachment, Report, Sender
from smarthd.fieldreports.rules import intake as rules
from smarthd.fieldreports.rules.categories import FALLBACK
from smarthd.fieldreports.services import categories
from smarthd.kernel import clock
from smarthd.kernel.tests.make import kept

pytestmark = pytest.mark.django_db
JSON = {"accept": "application/json"}
BIDI = "\u202e\u2066"


@pytest.fixture(autouse=True)
def _categories(words):
    categories.seed_categories(actor=SYSTEM, now=NOW)


def again(answer) -> str:
    """Return the page that came back with what is wrong."""
    assert answer.status_code == 422, answer.status_code
    page = answer.content.decode()
    assert "data-error-summary" in page
    return page


def test_a_report_is_sent_without_an_account_and_its_phone_may_follow_it(client, words):
    report = make.sent(client, words)
    assert (report.text, report.commune_id, report.channel) == (make.SAID, words.ward.id, "web")
    page = client.get(f"/phan-anh/{report.code}/?moi").content.decode()
    assert report.code in page
    assert make.SAID in page
    assert make.SAID not in Client().get(f"/phan-anh/{report.code}/").content.decode()


def test_the_phones_secret_is_out_of_reach_of_scripts_and_other_sites(client, words):
    answer = client.post(make.SEND, make.typed(words))
    cookie = answer.cookies[phone.COOKIE]
    assert cookie["httponly"]
    assert cookie["samesite"] == "Lax"
    assert Sender.objects.get().token_hash is not None


def test_the_same_report_sent_twice_is_one(client, words):
    told = make.typed(words)
    first, second = client.post(make.SEND, told), client.post(make.SEND, told)
    assert first["Location"] == second["Location"]
    assert Report.objects.count() == 1


def test_the_same_id_with_other_words_is_refused_and_the_words_stay(client, words):
    told = make.typed(words)
    client.post(make.SEND, told)
    answer = client.post(make.SEND, {**told, "words": "Cây đổ chắn ngang đường vào thôn"})
    assert answer.status_code == 409
    page = answer.content.decode()
    assert "Cây đổ chắn ngang đường vào thôn" in page
    [new_id] = re.findall(r'name="client_id" value="([^"]+)"', page)
    assert new_id != told["client_id"]
    assert client.post(make.SEND, {**told, "words": "Cây đổ chắn ngang đường", "client_id": new_id}).status_code == 302


def test_a_script_is_told_where_the_report_is(client, words):
    answer = client.post(make.SEND, make.typed(words), headers=JSON)
    assert answer.status_code == 201
    told = answer.json()
    assert told["href"] == f"/phan-anh/{told['code']}/?moi"


def test_where_a_photo_was_taken_never_leaves(client, words):
    raw = make.picture(size=(1200, 900))
    assert b"MayChupCuaToi" in raw
    report = make.sent(client, words, photos=[make.photo_file(raw=raw)])
    make.process_photos()
    [row] = Attachment.objects.filter(report=report)
    for address in (f"/phan-anh/tep/{row.uid}/", f"/phan-anh/tep/{row.uid}/?nho"):
        shown = b"".join(client.get(address).streaming_content)
        assert shown.startswith(b"\xff\xd8")
        assert b"MayChupCuaToi" not in shown
        assert b"Exif" not in shown
    assert Client().get(f"/phan-anh/tep/{row.uid}/").status_code == 404, "nobody has read it yet"


def test_everything_stays_when_one_photo_is_too_large(client, words):
    files = [make.photo_file(), make.photo_file("to.jpg", make.picture() + b"\0" * (30 << 20))]
    page = again(client.post(make.SEND, make.typed(words, photos=files)))
    assert "20 MB" in page
    assert make.SAID in page
    [uid] = re.findall(r'name="attachments" value="([^"]+)"', page)
    report = make.sent(client, words, attachments=[uid])
    assert report.photos == 1


@pytest.mark.parametrize("raw", [b"<svg xmlns='http://www.w3.org/2000/svg'/>", b"%PDF-1.4", b"GIF89a", b"PK\x03\x04"])
def test_what_is_no_photo_is_refused_by_its_name(client, words, raw):
    page = again(client.post(make.SEND, make.typed(words, photos=[make.photo_file("la.jpg", raw)])))
    assert "la.jpg" in page
    assert not Report.objects.exists()


def test_seven_photos_are_too_many_and_none_is_lost(client, words):
    files = [make.photo_file(f"{number}.jpg") for number in range(7)]
    answer = client.post(make.SEND, make.typed(words, photos=files))
    assert answer.status_code == 409
    assert len(re.findall(r'name="attachments" value=', answer.content.decode())) == 7


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"lat": "10.5", "lon": "107.1"}, "Vị trí nằm ngoài địa bàn"),
        ({"lat": "abc", "lon": "107.1"}, "Vị trí chưa đọc được"),
        ({"lat": "nan", "lon": "inf"}, "Vị trí chưa đọc được"),
        ({"lat": "", "lon": ""}, "Chưa biết việc xảy ra ở đâu"),
        ({"lat": "", "lon": "", "commune_name": "Xứ Không Có"}, "Chưa tìm thấy xã, phường nào"),
        ({"words": "x" * 4001}, "nhiều nhất 4000 chữ"),
        ({"words": ""}, "Xin viết một câu"),
        ({"address": "x" * 301}, "Địa chỉ dài quá"),
        ({"category": "khong-co"}, "Xin chọn một lĩnh vực"),
        ({"client_id": "abc"}, "Mã này chưa đúng"),
        ({"words": "a\0b thế này"}, "Có ký tự không đọc được"),
    ],
)
def test_what_is_wrong_is_said_and_what_was_typed_stays(client, words, changes, said):
    before = kept()
    page = again(client.post(make.SEND, make.typed(words, **changes)))
    assert said in page.replace("\xa0", " ")
    if "words" not in changes:
        assert make.SAID in page
    assert kept() == before


def test_all_that_is_missing_is_said_at_once(client, words):
    empty = make.typed(words, words="", lat="", lon="", category="")
    page = again(client.post(make.SEND, empty))
    assert "Xin viết một câu" in page
    assert "Chưa biết việc xảy ra ở đâu" in page
    told = client.post(make.SEND, empty, headers=JSON).json()["error"]
    assert {"words", "commune_name"} <= set(told["fields"])


@pytest.mark.parametrize("field", ["words", "address", "commune_name"])
def test_markup_and_turned_letters_are_words_like_others(client, words, field):
    hostile = f"<script>alert(1)</script>{BIDI} {{{{ x }}}} %(x)s"
    answer = client.post(make.SEND, make.typed(words, **{field: f"{hostile} đèn đường tắt"}))
    assert answer.status_code == 302
    page = client.get(answer["Location"]).content.decode()
    assert "<script>alert" not in page
    assert BIDI not in page


def test_what_was_written_without_a_network_is_not_sent_back_for_its_category(client, words):
    unsure = {"words": "Bà con xem giúp việc này với", "category": ""}
    again(client.post(make.SEND, make.typed(words, **unsure)))
    report = make.sent(client, words, **unsure, late="1")
    assert report.category.key == FALLBACK


def test_a_phone_that_floods_is_told_when_it_may_go_on(client, words):
    limit, _window = rules.PER_DEVICE[0]
    client.cookies[phone.COOKIE] = "m" * 27
    for number in range(limit):
        make.sent(client, words, words=f"Đèn đường số {number} tắt", client_id=str(uuid4()))
    answer = client.post(make.SEND, make.typed(words))
    assert answer.status_code == 429
    page = answer.content.decode()
    assert "Gửi lại được từ" in page
    assert make.SAID in page
    assert Report.objects.count() == limit


def test_a_commune_typed_by_its_old_name_is_found(client, words):
    report = make.sent(client, words, lat="", lon="", commune_name="nam sach")
    assert report.commune_id == words.other.id
    assert report.lat is None


def test_a_name_of_several_communes_is_asked_about_and_the_answer_counts(client, words):
    page = again(client.post(make.SEND, make.typed(words, lat="", lon="", commune_name="Hồng Phong")))
    choices = re.findall(r'type="radio" name="commune" value="([^"]+)"', page)
    assert len(choices) > 1
    told = make.typed(words, lat="", lon="", commune_name="Hồng Phong", commune=choices[1])
    assert client.post(make.SEND, told).status_code == 302


def test_a_neighbours_report_is_shown_first_and_followed_with_one_tap(client, words):
    first = make.sent(Client(), words)
    answer = client.post(make.SEND, make.typed(words, seen=""))
    page = answer.content.decode()
    assert answer.status_code == 200
    assert "Người khác đã phản ánh gần đây" in page
    assert f"/phan-anh/{first.code}/theo-doi/" in page
    client.post(f"/phan-anh/{first.code}/theo-doi/")
    first.refresh_from_db()
    assert first.followers == 1
    assert Report.objects.count() == 1
    assert first.code in client.get("/phan-anh/cua-toi/").content.decode()


def test_the_page_says_the_commune_the_category_and_the_neighbours_while_one_writes(client, words):
    make.sent(Client(), words)
    told = client.post("/phan-anh/gui/goi-y/", make.typed(words, category="")).json()
    assert words.ward.full_name in told["place"]
    assert "Theo dõi cùng" in told["nearby"]
    assert make.SAID not in told["nearby"], "nobody has read those words yet"
    assert told["category"]


@pytest.mark.parametrize("hostile", ["", "<script>alert(1)</script>", "\0", "9" * 5000, BIDI])
def test_hints_bear_anything(client, words, hostile):
    names = ("words", "lat", "lon", "commune_name", "commune", "category", "client_id", "accuracy_m")
    answer = client.post("/phan-anh/gui/goi-y/", dict.fromkeys(names, hostile))
    assert answer.status_code == 200
    assert "<script>alert" not in answer.content.decode()


def test_a_signed_in_senders_report_is_an_act_of_value(client, words):
    from smarthd.people import rules as people_rules
    from smarthd.people import services as people
    from smarthd.rollout.models import ActivityDay

    sign_in(client, "0912 345 678")
    account = account_of("0912 345 678")
    version = people_rules.wording_in_force(people_rules.Purpose.USAGE, clock.today()).version
    people.give_consent(account.pk, purpose=people_rules.Purpose.USAGE, wording_version=version, now=NOW)
    make.sent(client, words)
    assert [day.actions for day in ActivityDay.objects.filter(account_id=account.pk)] == [2]


# --- piece by piece --------------------------------------------------------------------------------------------------
def test_a_file_goes_on_from_where_it_broke_off(client, words):
    raw = make.picture(size=(1600, 1200))
    begun = client.post("/phan-anh/gui/tep/", {"kind": "photo", "size": str(len(raw))}).json()
    place = f"/phan-anh/gui/tep/{begun['uid']}/"

    def put(offset: int, piece: bytes):
        return client.post(f"{place}?tu={offset}", piece, content_type="application/octet-stream")

    assert put(0, raw[:1000]).json()["offset"] == 1000
    assert put(0, raw[:1000]).json()["offset"] == 1000, "a piece sent twice is one"
    wrong = put(5000, raw[5000:])
    assert (wrong.status_code, wrong.json()["offset"]) == (409, 1000)
    assert client.get(place).json()["offset"] == 1000
    assert client.post(f"{place}xong/").status_code == 409
    put(1000, raw[1000:])
    attachment = client.post(f"{place}xong/").json()["attachment"]
    assert make.sent(client, words, attachments=[attachment]).photos == 1


def test_another_phones_upload_is_not_there(client, words):
    begun = client.post("/phan-anh/gui/tep/", {"kind": "photo", "size": "10"}).json()
    assert Client().get(f"/phan-anh/gui/tep/{begun['uid']}/").status_code == 404


@pytest.mark.parametrize("size", ["", "0", "-1", "abc", "9" * 30, str(30 << 20)])
def test_an_upload_of_no_or_too_many_bytes_is_refused_before_the_first(client, words, size):
    answer = client.post("/phan-anh/gui/tep/", {"kind": "photo", "size": size}, headers=JSON)
    assert answer.status_code == 422
    assert "20 MB" in answer.json()["error"]["detail"]


def test_a_kept_page_gets_a_fresh_ticket_and_its_frame_holds_nothing_of_anybody(client, words):
    assert client.get("/phan-anh/gui/ve.json").json()["csrf"]
    frame = Client().get("/phan-anh/gui/khung/")
    assert "csrfmiddlewaretoken" not in frame.content.decode()
    assert not frame.cookies
