"""The page behind a letter's link (``fieldreport_by_mail``, ``fieldreport_by_mail_photo``): no account, one report, one answer."""

from __future__ import annotations

import re
from datetime import date, timedelta
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from smarthd.agencies import services as agency_services
from smarthd.agencies.rules import Kind
from smarthd.backoffice.tests.fieldreports import url
from smarthd.fieldreports.models import MailLink, Report
from smarthd.fieldreports.rules.states import State
from smarthd.fieldreports.services import handling, mail_links, photos
from smarthd.fieldreports.tests import make
from smarthd.kernel import clock
from smarthd.messaging.models import MailDelivery

pytestmark = pytest.mark.django_db

SAID = "Đã thay bóng và dây chì của cột số 12, tối 9/4 đèn sáng trở lại."


@pytest.fixture
def report(land) -> Report:
    """A report with a photo in the hands of an enterprise without accounts, of which it was written to."""
    system = make.SYSTEM.actor
    new = agency_services.NewAgency(kind=Kind.ENTERPRISE, name="Điện lực Nhà", code="dl-1", parent_id=land.province)
    company = agency_services.found_agency(new, valid_from=date(2024, 1, 1)).pk
    agency_services.set_mailbox(company, address="dien-luc@haiduong.example", actor=system, now=make.NOW)
    who = make.citizen()
    photo = make.upload(make.picture(), who)
    photos.process(photo, now=make.NOW)
    made = make.sent(land, who, attachment_uids=[photo], words=f"{make.WORDS}, xem http://evil.example/x nhé")
    handling.accept(made.code, caller=land.clerk, now=make.NOW)
    handling.assign(made.code, to_id=company, words="Đề nghị thay bóng", caller=land.dispatcher, now=make.NOW)
    mail_links.write(made.uid, step=3, now=make.NOW)
    return made


def in_the_letter() -> str:
    """Return the address that stands in the letter, as the agency opens it."""
    [body] = MailDelivery.objects.values_list("body", flat=True)
    [address] = re.findall(r"https?://\S+", body)
    return "/" + address.split("/", 3)[3]


def typed(**changes: object) -> dict[str, object]:
    photo = SimpleUploadedFile("sau.jpg", make.picture(colour="green"), "image/jpeg")
    plain = {"outcome": "fixed", "words": SAID, "promised_on": "", "after": photo}
    return {name: value for name, value in (plain | changes).items() if value is not None}


def test_the_letters_address_opens_the_report_and_takes_the_answer_once(report):
    address, client = in_the_letter(), Client()
    page = client.get(address)
    assert page.status_code == 200
    shown = page.content.decode()
    assert "Điện lực Nhà" in shown
    assert report.code in shown
    assert 'href="http://evil' not in shown
    done = client.post(address, typed())
    assert done.status_code == 200
    assert "Đã ghi câu trả lời" in done.content.decode()
    report.refresh_from_db()
    assert report.state == State.ANSWERED
    assert report.answers.get().proofs.count() == 1
    public = Client().get(f"/phan-anh/{report.code}/").content.decode()
    assert "Trả lời qua liên kết trong thư" in public
    again = client.post(address, typed())
    assert again.status_code == 410
    assert "Liên kết này đã dùng" in again.content.decode()
    assert report.answers.count() == 1


def test_nobody_is_signed_in_and_the_address_is_kept_from_others(report):
    page = Client().get(in_the_letter())
    assert "smarthd_session" not in page.cookies
    assert page["Referrer-Policy"] == "same-origin"
    assert page["X-Robots-Tag"] == "noindex, nofollow"
    assert "no-store" in page["Cache-Control"]


def test_the_senders_photo_is_seen_through_the_link_and_no_other(land, report):
    token = mail_links.token_of(MailLink.objects.get())
    own = report.attachments.get().uid
    assert Client().get(url("fieldreport_by_mail_photo", token=token, uid=own)).getvalue().startswith(b"\xff\xd8")
    who = make.citizen()
    other = make.upload(make.picture(colour="red"), who)
    photos.process(other, now=make.NOW)
    make.sent(land, who, attachment_uids=[other])
    for uid in (other, uuid4()):
        assert Client().get(url("fieldreport_by_mail_photo", token=token, uid=uid)).status_code == 404
    assert Client().get(url("fieldreport_by_mail_photo", token="a:b:c", uid=own)).status_code == 404


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"after": None}, "cần ảnh sau khi xử lý hoặc văn bản"),
        ({"words": "Đã xong rồi"}, "ít nhất một câu"),
        ({"words": ""}, "Mục này còn trống"),
        ({"outcome": None}, "Mục này còn trống"),
        ({"outcome": "planned", "promised_on": ""}, "Ghi ngày dự kiến"),
        ({"outcome": "planned", "promised_on": "rác"}, "ngày"),
        ({"after": SimpleUploadedFile("a.jpg", b"<svg/>", "image/jpeg")}, "Chỉ nhận ảnh JPEG"),
        ({"document": SimpleUploadedFile("a.pdf", b"MZ", "application/pdf")}, "PDF"),
        ({"words": SAID + " [điền vào đây]"}, "ngoặc vuông"),
    ],
)
def test_what_is_wrong_is_said_and_the_words_and_the_link_remain(report, changes, said):
    address = in_the_letter()
    answer = Client().post(address, typed(**changes))
    assert answer.status_code == 422
    shown = answer.content.decode()
    assert said in shown
    assert "Ảnh và văn bản xin chọn lại" in shown
    if changes.get("words", SAID) == SAID:
        assert SAID in shown
    report.refresh_from_db()
    assert (report.state, MailLink.objects.get().used_at) == (State.ASSIGNED, None)
    assert Client().post(address, typed()).status_code == 200


def test_a_forged_an_expired_and_an_outlived_link_each_say_so(land, report):
    address = in_the_letter()
    forged = Client().get(address.replace("/tra-loi/", "/tra-loi/x"))
    assert (forged.status_code, "Liên kết này không đúng" in forged.content.decode()) == (404, True)
    clock.set_now(make.NOW + timedelta(days=31))
    expired = Client().get(address)
    assert (expired.status_code, "Liên kết này đã hết hạn" in expired.content.decode()) == (410, True)
    clock.set_now(make.NOW)
    handling.hand_back(report.code, words="Không phải lưới điện của công ty", caller=make.SYSTEM, now=make.NOW)
    over = Client().get(address)
    assert (over.status_code, "không còn ở quý cơ quan" in over.content.decode()) == (410, True)


def test_the_page_costs_few_statements(report, django_assert_max_num_queries):
    address = in_the_letter()
    with django_assert_max_num_queries(20):
        assert Client().get(address).status_code == 200


def test_a_form_from_another_site_is_refused(report):
    client = Client(enforce_csrf_checks=True)
    assert client.post(in_the_letter(), typed()).status_code == 403
    assert MailLink.objects.get().used_at is None
