"""Sending by Open311: what must be given, what may be, what is refused by name, and what comes of it."""

from __future__ import annotations

from datetime import timedelta
from urllib.parse import urlencode

import pytest
from django.test import Client

from smarthd.fieldreports.models import Report, Sender
from smarthd.fieldreports.rules import intake
from smarthd.fieldreports.rules.intake import Channel
from smarthd.fieldreports.selectors import ground
from smarthd.fieldreports.services import categories, handling
from smarthd.fieldreports.tests import make
from smarthd.fieldreports.values import mark_of_token
from smarthd.kernel import clock, sealing
from smarthd.programs import services as keys
from smarthd.publicapi.tests.open311_make import ROOT, SYSTEM, post, read, refused, sent, wanted, xml
from smarthd.publicapi.tests.test_open311_services import ask

pytestmark = pytest.mark.django_db


def only() -> Report:
    return Report.objects.select_related("category", "sender").get()


# --- what comes of it ------------------------------------------------------------------------------------------------
def test_a_report_is_routed_and_its_clock_runs(land, api_key):
    told = sent(land, api_key)
    report = only()
    assert told["service_request_id"] == report.code
    assert "token" not in told
    assert told["account_id"] is None
    assert "Ủy ban nhân dân xã c0 xem trước" in told["service_notice"]
    assert (report.channel, report.holder_id, report.lat) == (Channel.OPEN311, land.commune, land.place.lat)
    assert report.intake_due_at > make.NOW


def test_name_and_phone_are_sealed_and_device_account_and_mail_are_not_kept(land, api_key):
    told = sent(
        land,
        api_key,
        first_name="Lan",
        last_name="Nguyễn Thị",
        phone="0912 345 678",
        email="lan@example.vn",
        device_id="may-1",
        account_id="tk-1",
    )
    sender = Sender.objects.get()
    assert sealing.unseal(sender.name_sealed, purpose=intake.NAME) == "Nguyễn Thị Lan"
    assert sealing.unseal(sender.phone_sealed, purpose=intake.PHONE) == "+84912345678"
    assert sender.account_id is None
    assert "thư điện tử không được lưu" in told["service_notice"]


def test_the_program_cannot_act_as_its_sender_afterwards(land, api_key):
    """Nothing that comes back opens the report: neither the answer nor the key is the secret it was sent under."""
    told = sent(land, api_key)
    assert set(told) == {"service_request_id", "service_notice", "account_id"}
    assert bytes(Sender.objects.get().token_hash) not in {
        mark_of_token(one) for one in (api_key, told["service_request_id"])
    }


def test_a_sensitive_report_gives_a_token_that_becomes_its_number_when_an_official_looked(land, api_key):
    told = sent(land, api_key, service_code="thai-do", description="Cán bộ một cửa nói năng cáu gắt với người già")
    assert "service_request_id" not in told
    token, report = told["token"], only()
    assert read(f"tokens/{token}") == [{"service_request_id": None, "token": token}]
    handling.accept(report.code, caller=land.clerk, now=make.NOW)
    assert read(f"tokens/{token}") == [{"service_request_id": report.code, "token": token}]
    assert refused(Client().get(f"{ROOT}/requests/{report.code}.json"))[0] == 404  # sensitive is never public


# --- where it is -----------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    "address", ["xã c0", "Số 5 phố Chợ, Xã c0, Huyện d1", "gần chợ xã c0", "Xã c0, Huyện d1, Tỉnh Nhà"]
)
def test_an_address_in_words_is_enough_where_it_names_one_commune(land, api_key, address):
    sent(land, api_key, lat=None, long=None, address_string=address)
    report = only()
    assert (report.commune_id, report.address, report.lat) == (land.place.id, address, None)


def test_an_address_id_is_an_administrative_code(land, api_key):
    sent(land, api_key, lat=None, long=None, address_id=land.place.code)
    assert only().commune_id == land.place.id


def test_a_point_wins_over_an_address_which_is_kept_as_words(land, api_key):
    sent(land, api_key, address_string="số 9, xã c1")
    assert (only().commune_id, only().address) == (land.place.id, "số 9, xã c1")


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"service_code": None}, "service_code"),
        ({"lat": None}, "lat, long"),
        ({"long": ""}, "lat, long"),
        ({"lat": None, "long": None}, "Thiếu nơi xảy ra"),
        ({"lat": "hai mươi"}, "không phải số độ"),
        ({"lat": "nan"}, "không phải số độ"),
        ({"lat": "10.77", "long": "106.7"}, "ngoài địa bàn"),
        ({"lat": "1e308", "long": "-1e308"}, "ngoài địa bàn"),
        ({"lat": None, "long": None, "address_string": "phố Chợ"}, "không thấy tên xã, phường"),
        ({"lat": None, "long": None, "address_id": "99999"}, "address_id"),
        ({"description": None}, "description"),
        ({"description": "ôi"}, "description"),
        ({"description": "a" * 4_001}, "description"),
        ({"phone": "12"}, "phone"),
        ({"first_name": "L" * 101}, "first_name, last_name"),
        ({"address_string": "a" * 301}, "address_string"),
    ],
)
def test_what_is_wrong_is_said_by_name_and_nothing_is_kept(land, api_key, changes, said):
    status, words = refused(post(land, api_key, **changes))
    assert status == 400
    assert said in words
    assert Report.objects.count() == 0


def test_four_thousand_letters_are_taken(land, api_key):
    sent(land, api_key, description="đ" * 4_000)
    assert len(only().text) == 4_000


@pytest.mark.parametrize("code", ["khong-co", "duong-xa"])
def test_an_unknown_service_is_not_found(land, api_key, code):
    assert refused(post(land, api_key, service_code=code))[0] == 404


def test_an_ended_service_is_not_found(land, api_key):
    categories.end_category("den-duong", actor=SYSTEM, now=make.NOW)
    assert refused(post(land, api_key))[0] == 404


def test_another_jurisdiction_takes_nothing(land, api_key):
    assert refused(post(land, api_key, jurisdiction_id="hanoi.gov.vn"))[0] == 404
    assert Report.objects.count() == 0


# --- attributes ------------------------------------------------------------------------------------------------------
def test_answers_of_every_datatype_are_kept(land, api_key):
    ask()
    sent(
        land,
        api_key,
        **{
            "attribute[so-cot]": "C12",
            "attribute[bao-nhieu]": "3",
            "attribute[tu-luc]": "2024-04-01T19:00:00+07:00",
            "attribute[ke-them]": "Tắt\ncả dãy",
            "attribute[loai]": "led",
            "attribute[buoi][]": ["toi", "dem"],
            "attribute[khong-hoi]": "bỏ qua",
        },
    )
    assert only().answers_given == {
        "so-cot": "C12",
        "bao-nhieu": 3.0,
        "tu-luc": "2024-04-01T19:00:00+07:00",
        "ke-them": "Tắt\ncả dãy",
        "loai": "led",
        "buoi": ["toi", "dem"],
    }


@pytest.mark.parametrize("name", ["attribute[buoi][]", "attribute[buoi]", "attribute[buoi][0]"])
def test_one_of_several_choices_comes_in_any_spelling(land, api_key, name):
    ask()
    sent(land, api_key, **{"attribute[so-cot]": "C12", name: ["dem"]})
    assert only().answers_given["buoi"] == ["dem"]


def test_several_choices_may_come_without_brackets(land, api_key):
    ask()
    sent(land, api_key, **{"attribute[so-cot]": "C12", "attribute[buoi]": ["dem", "sang"]})
    assert only().answers_given["buoi"] == ["dem", "sang"]


@pytest.mark.parametrize(
    ("answers", "said"),
    [
        ({}, "attribute[so-cot]"),
        ({"attribute[so-cot]": "C1", "attribute[bao-nhieu]": "vài"}, "attribute[bao-nhieu]"),
        ({"attribute[so-cot]": "C1", "attribute[tu-luc]": "hôm qua"}, "attribute[tu-luc]"),
        ({"attribute[so-cot]": "C1", "attribute[loai]": "nến"}, "attribute[loai]"),
        ({"attribute[so-cot]": "C1", "attribute[loai]": ["led", "cao-ap"]}, "attribute[loai]"),
        ({"attribute[so-cot]": "C1", "attribute[buoi][]": ["toi", "trưa"]}, "attribute[buoi]"),
        ({"attribute[so-cot]": "C" * 301}, "attribute[so-cot]"),
    ],
)
def test_a_wrong_answer_names_its_question(land, api_key, answers, said):
    ask()
    status, words = refused(post(land, api_key, **answers))
    assert status == 400
    assert said in words
    assert Report.objects.count() == 0


def test_every_wrong_thing_is_said_at_once(land, api_key):
    ask()
    _status, words = refused(post(land, api_key, description="", phone="1"))
    assert all(name in words for name in ("description", "phone", "attribute[so-cot]"))


# --- how it is sent --------------------------------------------------------------------------------------------------
def test_the_key_may_stand_in_the_address(land, api_key):
    body = wanted(land, api_key)
    del body["api_key"]
    answer = Client().post(
        f"{ROOT}/requests.json?api_key={api_key}", urlencode(body), content_type="application/x-www-form-urlencoded"
    )
    assert answer.status_code == 201


@pytest.mark.parametrize("content_type", ["application/json", "text/plain", "application/xml", ""])
def test_other_content_types_are_refused(land, api_key, content_type):
    answer = Client().generic("POST", f"{ROOT}/requests.json", b"{}", content_type=content_type)
    status, words = refused(answer)
    assert status == 400
    assert "application/x-www-form-urlencoded" in words


@pytest.mark.parametrize("charset", ["utf-8", "iso-8859-1", "windows-1258"])
def test_text_is_utf8_whatever_the_header_says(land, api_key, charset):
    body = urlencode(wanted(land, api_key))
    content_type = f"application/x-www-form-urlencoded; charset={charset}"
    assert Client().generic("POST", f"{ROOT}/requests.json", body, content_type=content_type).status_code == 201
    assert only().text == make.WORDS


def test_what_is_not_utf8_is_refused_and_not_half_kept(land, api_key):
    body = f"api_key={api_key}&service_code=den-duong&lat={land.place.lat}&long={land.place.lon}&description=%C4%90%E8n+t%3Ft+t%F4i"
    answer = Client().generic("POST", f"{ROOT}/requests.json", body, content_type="application/x-www-form-urlencoded")
    status, words = refused(answer)
    assert (status, "UTF-8" in words) == (400, True)
    assert Report.objects.count() == 0


def test_markup_and_direction_marks_are_words_and_nothing_else(land, api_key):
    number = sent(land, api_key, description="<script>alert(1)</script> đèn \u202etắt\x00 ]]>")["service_request_id"]
    handling.accept(number, caller=land.clerk, now=make.NOW)
    assert only().text == "<script>alert(1)</script> đèn tắt ]]>"
    assert xml(f"requests/{number}").findtext("request/description") == "<script>alert(1)</script> đèn tắt ]]>"


# --- once, and not too often -----------------------------------------------------------------------------------------
def test_a_sending_with_the_same_idempotency_key_is_one_report(land, api_key):
    again = {"Idempotency-Key": "don-77"}
    first = post(land, api_key, headers=again).json()
    assert post(land, api_key, headers=again).json()[0]["service_request_id"] == first[0]["service_request_id"]
    assert Report.objects.count() == 1


def test_the_same_idempotency_key_with_other_words_is_refused(land, api_key):
    again = {"Idempotency-Key": "don-77"}
    post(land, api_key, headers=again)
    status, words = refused(post(land, api_key, headers=again, description="Chuyện khác hẳn, ở chỗ khác"))
    assert status == 400
    assert "nội dung khác" in words
    assert Report.objects.count() == 1


def test_idempotency_keys_of_two_programs_are_apart(land, api_key):
    _row, other = keys.issue("Phần mềm khác", actor=SYSTEM, now=make.NOW)
    for secret in (api_key, other):
        assert post(land, secret, headers={"Idempotency-Key": "1"}).status_code == 201
    assert Report.objects.count() == 2


def test_a_program_that_calls_too_often_waits(land):
    _row, secret = keys.issue("Phần mềm nhỏ", actor=SYSTEM, now=make.NOW, per_hour=2)
    assert [post(land, secret).status_code for _ in range(2)] == [201, 201]
    answer = post(land, secret)
    assert refused(answer)[0] == 429
    assert 0 < int(answer["Retry-After"]) <= 3_600
    clock.set_now(make.NOW + timedelta(hours=1))
    assert post(land, secret).status_code == 201


def test_one_device_cannot_use_up_its_programs_hour(land, api_key):
    statuses = [post(land, api_key, device_id="may-1").status_code for _ in range(intake.PER_DEVICE[0][0] + 1)]
    assert statuses == [*[201] * intake.PER_DEVICE[0][0], 429]
    assert post(land, api_key, device_id="may-2").status_code == 201
    assert post(land, api_key).status_code == 201


def test_one_telephone_number_is_limited_as_everywhere(land, api_key):
    statuses = [post(land, api_key, phone="0912345678").status_code for _ in range(intake.PER_PHONE[0][0] + 1)]
    assert statuses[-2:] == [201, 429]


def test_a_key_that_was_ended_is_refused(land, api_key):
    keys.end(api_key[:8], actor=SYSTEM, now=make.NOW)
    status, words = refused(post(land, api_key))
    assert status == 403
    assert "thu" in words
    assert Report.objects.count() == 0


def test_a_parameter_said_twice_counts_as_it_was_said_last(land, api_key):
    sent(land, api_key, description=["Lời thứ nhất, không tính", make.WORDS])
    assert only().text == make.WORDS


def test_an_address_of_several_places_is_asked_back_with_all_of_them(land, api_key, monkeypatch):
    """The small land has no two communes of one name; the real catalogues have (test_ground.py)."""
    two = [land.units["c0"], land.units["c1"]]
    monkeypatch.setattr(ground, "named", lambda _address, _at: two)
    status, words = refused(post(land, api_key, lat=None, long=None, address_string="Xã c"))
    assert status == 400
    assert all(unit.full_name in words for unit in two)
    assert Report.objects.count() == 0


def test_a_point_just_outside_is_given_to_the_nearest_commune_and_it_is_said(land, api_key, monkeypatch):
    near = ground.Ground(land.place, (land.place,), 100)
    monkeypatch.setattr(ground, "stand", lambda _lat, _lon, _at: near)
    assert f"chừng 100 m, tính cho {land.place.full_name}" in sent(land, api_key)["service_notice"]
