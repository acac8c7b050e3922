"""Pictures by Open311: in the body, or named by an address that is fetched only where the key allows it."""

from __future__ import annotations

from unittest.mock import patch

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from smarthd.fieldreports.adapters.fake import FakeFetcher
from smarthd.fieldreports.adapters.web import WebFetcher
from smarthd.fieldreports.models import Attachment, Report
from smarthd.fieldreports.rules.attachments import State as FileState
from smarthd.fieldreports.services import bringing, handling, photos
from smarthd.fieldreports.tests import make
from smarthd.programs import services as keys
from smarthd.publicapi.tests.open311_make import ROOT, SYSTEM, post, read, refused, sent, wanted

pytestmark = pytest.mark.django_db

URL = "https://anh.example.vn/a.jpg?x=1"


def with_pictures(land, api_key, *raws: bytes, name: str = "media", headers=None, **changes):
    files = [SimpleUploadedFile(f"{number}.jpg", raw, "image/jpeg") for number, raw in enumerate(raws)]
    return Client(headers=headers or {}).post(
        f"{ROOT}/requests.json", {**wanted(land, api_key, **changes), name: files}
    )


# --- in the body -----------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("name", ["media", "media[]"])
def test_pictures_in_the_body_go_the_way_of_every_photo(land, api_key, name, settings):
    answer = with_pictures(land, api_key, make.picture(), make.picture(colour="red"), name=name)
    assert answer.status_code == 201
    report = Report.objects.get()
    assert report.photos == 2
    assert set(Attachment.objects.values_list("report_id", "state")) == {(report.pk, FileState.WAITING)}
    for one in Attachment.objects.all():
        photos.process(one.uid, now=make.NOW)
    assert read(f"requests/{report.code}")[0]["media_url"] is None  # nobody has looked at it yet
    handling.accept(report.code, caller=land.clerk, now=make.NOW)
    first = Attachment.objects.order_by("id").first()
    url = read(f"requests/{report.code}")[0]["media_url"]
    assert url == f"{settings.ORIGIN}/phan-anh/tep/{first.uid}/"
    assert Client().get(url.removeprefix(settings.ORIGIN)).getvalue().startswith(b"\xff\xd8")


def test_a_picture_may_stand_for_words(land, api_key):
    assert with_pictures(land, api_key, make.picture(), description=None).status_code == 201


@pytest.mark.parametrize("raw", [b"<svg xmlns='http://www.w3.org/2000/svg'/>", b"GIF89a", b"%PDF-1.7", b"", b"MZ\x90"])
def test_what_is_no_photo_is_refused_with_the_whole_report(land, api_key, raw):
    assert refused(with_pictures(land, api_key, make.picture(), raw))[0] == 400
    assert (Report.objects.count(), Attachment.objects.count()) == (0, 0)


def test_seven_pictures_are_too_many(land, api_key):
    assert refused(with_pictures(land, api_key, *[make.picture(colour=f"#00000{n}") for n in range(7)]))[0] == 400
    assert Report.objects.count() == 0


def test_a_repeated_sending_with_pictures_is_one_report(land, api_key):
    raw, again = make.picture(), {"Idempotency-Key": "1"}
    codes = [with_pictures(land, api_key, raw, headers=again).json()[0]["service_request_id"] for _ in range(2)]
    assert len(set(codes)) == 1
    assert (Report.objects.count(), Attachment.objects.count()) == (1, 1)


# --- by address ------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    "url",
    [
        "https://khac.example.vn/a.jpg",
        "https://anh.example.vn.evil.test/a.jpg",
        "https://anh.example.vn@evil.test/a.jpg",
        "https://evil.test/anh.example.vn",
        "https://anh.example.vn:8443/a.jpg",
        "http://127.0.0.1/a.jpg",
        "http://[::1]/a.jpg",
        "http://169.254.169.254/latest/meta-data/",
        "http://2130706433/",
        "file:///etc/passwd",
        "ftp://anh.example.vn/a.jpg",
        "//anh.example.vn/a.jpg",
        "javascript:alert(1)",
        "https://anh.example.vn\\@evil.test/",
        "https://anh.example.vn/" + "a" * 2_000,
        "https://[::1",
        "không phải địa chỉ",
    ],
)
def test_an_address_the_key_does_not_allow_is_refused_and_never_asked(land, api_key, url):
    with patch.object(WebFetcher, "fetch") as fetch:
        status, words = refused(post(land, api_key, media_url=url))
    assert (status, fetch.called) == (400, False)
    assert "media_url" in words
    assert Report.objects.count() == 0


def test_a_key_without_hosts_fetches_nothing(land):
    _row, secret = keys.issue("Không ảnh", actor=SYSTEM, now=make.NOW)
    status, words = refused(post(land, secret, media_url=URL))
    assert status == 400
    assert "khóa này không kèm ảnh" in words


def test_an_allowed_address_is_left_to_a_worker(land, api_key):
    from smarthd.fieldreports.tasks import bring_picture

    with patch.object(bring_picture, "defer") as defer, patch.object(WebFetcher, "fetch") as fetch:
        sent(land, api_key, media_url=URL)
    assert not fetch.called
    report = Report.objects.get()
    defer.assert_called_once_with(report_uid=str(report.uid), url=URL, hosts=["anh.example.vn"])
    assert report.photos == 0


def test_a_repeated_sending_asks_for_the_picture_once(land, api_key):
    with patch.object(bringing, "ask_for_picture") as ask:
        for _ in range(2):
            assert post(land, api_key, media_url=URL, headers={"Idempotency-Key": "1"}).status_code == 201
    assert ask.call_count == 1


def test_a_fetched_picture_is_a_photo_like_every_other(land, api_key):
    sent(land, api_key, media_url=URL)
    report = Report.objects.get()
    using = FakeFetcher({URL: make.picture()})
    assert bringing.bring(report.uid, url=URL, hosts=["anh.example.vn"], now=make.NOW, using=using)
    report.refresh_from_db()
    assert (report.photos, report.attachments.count()) == (1, 1)
    assert report.attachments.get().state == FileState.WAITING  # re-encoded, blurred, stripped before anybody sees it
