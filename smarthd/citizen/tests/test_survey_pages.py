"""Giving one's opinion as a citizen meets it: read by anyone, answered once by who lives there, results with their base."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.test import Client

from smarthd.citizen.tests.conftest import NOW, SYSTEM, Words, province_with_words
from smarthd.content.models.surveys import Survey, SurveyResponse
from smarthd.content.rules import surveys as rules
from smarthd.content.services import surveys
from smarthd.people import services as people
from smarthd.ui import words as words_of_numbers
from tests.planting import planted_once

_words = planted_once(province_with_words)


@pytest.fixture
def words(_words: Words, db: None) -> Words:
    return _words


@pytest.fixture
def survey(words: Any) -> Survey:
    told = surveys.NewSurvey(
        agency_id=words.ward_office, title="Giờ mở một cửa", intro="Để xếp lịch trực.", opens_at=NOW - timedelta(days=1),
        closes_at=NOW + timedelta(days=3), unit_ids=[words.ward.id], draft_text="Điều 1. Mở cửa sáng thứ Bảy.",
    )  # fmt: skip
    made = surveys.draft_survey(told, actor=SYSTEM, now=NOW)
    ask = surveys.NewQuestion(rules.Form.ONE, "Buổi nào tiện?", ("Sáng", "Chiều"))
    surveys.add_question(made.pk, ask, actor=SYSTEM, now=NOW)
    surveys.add_question(
        made.pk, surveys.NewQuestion(rules.Form.SCALE, "Hài lòng không?", required=False), actor=SYSTEM, now=NOW
    )
    surveys.open_survey(made.pk, actor=SYSTEM, now=NOW)
    return made


def someone(unit: Any) -> Client:
    account = get_user_model().objects.create(created_at=NOW, home_id=unit.id)
    client = Client()
    client.force_login(account)
    return client


def options(survey: Survey) -> list[str]:
    return [str(option.pk) for option in survey.questions.get(position=1).options.all()]


def test_anyone_reads_it_and_is_led_to_sign_in(neighbour, survey):
    assert "Giờ mở một cửa" in neighbour.get("/y-kien/").content.decode()
    page = neighbour.get(f"/y-kien/{survey.slug}/").content.decode()
    assert "Buổi nào tiện?" in page
    assert "Đăng nhập để trả lời" in page
    answer = neighbour.post(f"/y-kien/{survey.slug}/", {"c1": options(survey)[0]})
    assert answer.status_code == 302
    assert "/dang-nhap/" in answer["Location"]
    assert not SurveyResponse.objects.exists()


def test_who_has_named_no_commune_is_asked_for_it_and_not_told_that_nothing_is_asked(client, survey):
    page = client.get("/y-kien/").content.decode()
    assert "Bà con ở xã, phường nào?" in page
    assert "Hiện chưa hỏi việc gì" not in page


def test_a_person_of_the_ward_answers_once(words, survey):
    client = someone(words.ward)
    sent = {"c1": options(survey)[1], "c2": "5", "d1": "Nên mở cả Chủ nhật."}
    assert client.post(f"/y-kien/{survey.slug}/", sent).status_code == 302
    answered = client.get(f"/y-kien/{survey.slug}/")
    assert answered["Cache-Control"] == "private, no-store"
    page = answered.content.decode()
    assert "Bà con đã trả lời rồi" in page
    assert "Gửi câu trả lời" not in page
    assert client.post(f"/y-kien/{survey.slug}/", sent).status_code == 409
    assert SurveyResponse.objects.count() == 1


def test_what_is_missing_is_named_and_what_was_chosen_stays(words, survey):
    client = someone(words.ward)
    answer = client.post(f"/y-kien/{survey.slug}/", {"c1": "", "c2": "4", "d1": "Giữ lại lời này"})
    assert answer.status_code == 422
    page = answer.content.decode()
    assert "Câu này cần trả lời." in page
    assert "Giữ lại lời này" in page
    assert not SurveyResponse.objects.exists()


@pytest.mark.parametrize("value", ["-1", "9" * 30, "x", "\0", "²"])
def test_nonsense_is_refused_in_words(words, survey, value):
    assert someone(words.ward).post(f"/y-kien/{survey.slug}/", {"c1": value, "c2": value}).status_code in {400, 422}


def test_a_person_of_another_ward_is_told_so(words, survey):
    client = someone(words.other)
    assert "dành cho nơi khác" in client.get(f"/y-kien/{survey.slug}/").content.decode()
    assert client.post(f"/y-kien/{survey.slug}/", {"c1": options(survey)[0]}).status_code == 403


@pytest.mark.parametrize(("count", "shown"), [(9, False), (10, True)])
def test_results_come_after_the_end_and_only_of_enough_people(words, neighbour, survey, count, shown):
    for _number in range(count):
        someone(words.ward).post(f"/y-kien/{survey.slug}/", {"c1": options(survey)[0]})
    assert "Kết quả" not in neighbour.get(f"/y-kien/{survey.slug}/").content.decode().replace(
        "Kết quả được công bố", ""
    )
    surveys.close_survey(survey.pk, actor=SYSTEM, now=NOW)
    page = neighbour.get(f"/y-kien/{survey.slug}/").content.decode()
    assert f"{count} người đã trả lời" in page
    assert ("Tỷ lệ tính trên 10 người" in page) is shown
    assert (words_of_numbers.percent(1.0) in page) is shown
    assert "không công bố" in page


def proved(client: Client, survey: Survey, phone: str) -> Client:
    """Return a browser that proved a number without opening an account."""
    address = f"/y-kien/{survey.slug}/so-dien-thoai/"
    assert client.post(address, {"phone": phone}).status_code == 302
    told = client.session["survey_phone"]["shown_code"]
    assert client.post(f"{address}ma/", {"code": "000000" if told != "000000" else "000001"}).status_code == 422
    assert client.post(f"{address}ma/", {"code": told})["Location"] == f"/y-kien/{survey.slug}/"
    return client


def of_phone(phone: str, home_id: int) -> Any:
    """Return the account of a number, living in a unit."""
    ticket = people.request_code(phone, address="127.0.0.1", now=NOW)
    account = people.verify_code(phone, code=ticket.shown_code, install_uid=None, address="127.0.0.1", now=NOW)
    get_user_model().objects.filter(pk=account.pk).update(home_id=home_id)
    return account


def test_who_has_no_account_answers_once_by_a_code(neighbour, words, survey):
    accounts = get_user_model().objects.count()
    assert "không lập tài khoản" in neighbour.get(f"/y-kien/{survey.slug}/").content.decode()
    proved(neighbour, survey, "0912000777")
    sent = {"c1": options(survey)[0]}
    assert "Gửi câu trả lời" in neighbour.get(f"/y-kien/{survey.slug}/").content.decode()
    thanked = neighbour.get(neighbour.post(f"/y-kien/{survey.slug}/", sent)["Location"])
    assert "Bà con đã trả lời rồi" in thanked.content.decode()
    assert "Đăng nhập để trả lời" not in thanked.content.decode()
    assert "no-store" in thanked["Cache-Control"]
    assert "/dang-nhap/" in neighbour.post(f"/y-kien/{survey.slug}/", sent)["Location"]  # the proof is used up
    held = SurveyResponse.objects.get()
    assert (held.road, held.account_id, held.unit_id) == (rules.Road.PHONE, None, words.ward.id)
    assert get_user_model().objects.count() == accounts


def test_a_telephone_answers_once_with_or_without_an_account(words, survey):
    index = people.phone_index("+84912000778")
    given = {1: int(options(survey)[0])}
    who = surveys.ByPhone(index, words.ward.id)
    surveys.answer_by_phone(survey.slug, who, given=given, comments={}, now=NOW)
    account = of_phone("+84912000778", words.ward.id)
    client = Client()
    client.force_login(account)
    assert "Bà con đã trả lời rồi" in client.get(f"/y-kien/{survey.slug}/").content.decode()
    assert client.post(f"/y-kien/{survey.slug}/", {"c1": options(survey)[0]}).status_code == 409
    other = of_phone("+84912000779", words.ward.id)
    surveys.answer_survey(survey.slug, given=given, comments={}, account_id=other.pk, now=NOW)
    again = surveys.ByPhone(people.phone_index("+84912000779"), words.ward.id)
    with pytest.raises(rules.AnsweredAlready):
        surveys.answer_by_phone(survey.slug, again, given=given, comments={}, now=NOW)


def test_without_a_gateway_or_anonymity_there_is_no_answer_by_code(neighbour, words, survey, settings):
    address = f"/y-kien/{survey.slug}/so-dien-thoai/"
    assert neighbour.get(f"{address}ma/").status_code == 302
    Survey.objects.filter(pk=survey.pk).update(anonymous=False)
    assert neighbour.get(address).status_code == 404
    with pytest.raises(rules.NotAsked):
        surveys.answer_by_phone(survey.slug, surveys.ByPhone(b"x", words.ward.id), given={}, comments={}, now=NOW)
    Survey.objects.filter(pk=survey.pk).update(anonymous=True)
    settings.TESTING = settings.DEMO = False
    settings.SMS_GATEWAY_URL = ""
    assert neighbour.get(address).status_code == 404
    assert "không lập tài khoản" not in neighbour.get(f"/y-kien/{survey.slug}/").content.decode()


def test_without_a_commune_chosen_here_the_account_says_whose_surveys_are_listed(words, survey):
    assert "Giờ mở một cửa" not in Client().get("/y-kien/").content.decode()
    page = someone(words.ward).get("/y-kien/")
    assert "Giờ mở một cửa" in page.content.decode()
    assert "Bà con ở xã, phường nào?" not in page.content.decode()
    assert "no-store" in page["Cache-Control"]
