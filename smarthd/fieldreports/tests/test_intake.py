"""Taking reports in: once, placed, checked, limited."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from smarthd.fieldreports.errors import (
    FieldReportFaulty,
    NoPlace,
    OutsideProvince,
    SameIdOtherContent,
    TooManyReports,
)
from smarthd.fieldreports.models import Report, Sender
from smarthd.fieldreports.rules import intake as rules
from smarthd.fieldreports.rules.intake import Channel, PlaceSource
from smarthd.fieldreports.rules.states import State, Visibility
from smarthd.fieldreports.selectors import gate, lists
from smarthd.fieldreports.services import intake
from smarthd.fieldreports.tests import make
from smarthd.fieldreports.tests.make import NOW
from smarthd.fieldreports.values import Caller
from smarthd.kernel.errors import NotAllowed
from smarthd.kernel.models import AuditEntry


def send(land, caller, *, network="", now=NOW, **changes):
    return intake.send_report(make.new(land, **changes), caller=caller, address=network, now=now)


def test_a_report_needs_no_account_and_its_token_finds_it_again(land):
    done = send(land, Caller())
    assert done.token
    assert done.code.startswith("PA-")
    assert done.holder_name == "Ủy ban nhân dân xã c0"
    mine = lists.own_reports(Caller(token=done.token), now=NOW)
    assert [row.code for row in mine] == [done.code]
    assert lists.own_reports(Caller(token="another"), now=NOW) == []


def test_the_secret_of_a_phone_is_never_stored(land):
    done = send(land, Caller())
    stored = bytes(Sender.objects.get(report__uid=done.uid).token_hash)
    assert done.token.encode() not in stored
    assert len(stored) == 32


def test_the_same_client_id_is_one_report(land):
    phone, client_id = make.phone(), uuid4()
    first = send(land, phone, client_id=client_id)
    again = send(land, phone, client_id=client_id, now=NOW + timedelta(hours=5))
    assert (again.code, again.again, first.again) == (first.code, True, False)
    assert Report.objects.count() == 1


def test_the_same_client_id_with_other_words_is_refused_by_name(land):
    phone, client_id = make.phone(), uuid4()
    first = send(land, phone, client_id=client_id)
    with pytest.raises(SameIdOtherContent) as refused:
        send(land, phone, client_id=client_id, words="Ổ gà lớn ở đầu cầu, xe máy ngã")
    assert refused.value.facts["code"] == first.code


def test_a_stranger_who_replays_a_client_id_learns_nothing(land):
    client_id = uuid4()
    send(land, make.phone(), client_id=client_id)
    with pytest.raises(SameIdOtherContent) as refused:
        send(land, make.phone(), client_id=client_id)
    assert refused.value.facts["code"] == ""


def test_a_point_far_outside_is_refused(land):
    with pytest.raises(OutsideProvince):
        send(land, make.phone(), lat=10.77, lon=106.7)


@pytest.mark.parametrize(("lat", "lon"), [(float("nan"), 106.3), (95.0, 106.3), (20.9, 400.0), (float("inf"), 0.0)])
def test_what_is_no_point_is_refused(land, lat, lon):
    with pytest.raises(OutsideProvince):
        send(land, make.phone(), lat=lat, lon=lon)


def test_a_point_in_the_river_goes_to_the_nearest_commune_and_is_flagged(land, monkeypatch):
    from smarthd.fieldreports.selectors import ground

    monkeypatch.setattr(ground.places, "locate", lambda *_where: None)
    report = make.sent(land)
    assert report.snapped_m is not None
    assert report.snapped_m <= rules.NEAR_M
    assert gate.report_for(land.clerk, report.code, now=NOW).snapped_m == report.snapped_m


def test_a_commune_alone_says_where(land):
    report = make.sent(land, lat=None, lon=None, commune_id=land.units["c1"].id)
    assert report.lat is None
    assert report.holder_id == land.other
    assert report.place_source == PlaceSource.COMMUNE


def test_no_place_at_all_is_refused(land):
    with pytest.raises(NoPlace):
        send(land, make.phone(), lat=None, lon=None)


def test_a_district_is_no_commune(land):
    with pytest.raises(NoPlace):
        send(land, make.phone(), lat=None, lon=None, commune_id=land.units["d1"].id)


def test_direction_and_control_characters_do_not_come_in(land):
    report = make.sent(land, words="Đèn\u202e tắt\x00 ở\u200b cổng\r\n\r\n\r\nchợ <script>alert(1)</script>")
    assert report.text == "Đèn tắt ở cổng\n\nchợ <script>alert(1)</script>"


def test_four_thousand_letters_come_in_and_one_more_does_not(land):
    assert len(make.sent(land, words="a" * 4000).text) == 4000
    with pytest.raises(FieldReportFaulty) as refused:
        send(land, make.phone(), words="a" * 4001)
    assert "4001" in refused.value.facts["fields"]["words"]
    assert Report.objects.count() == 1


def test_everything_wrong_is_said_at_once(land):
    with pytest.raises(FieldReportFaulty) as refused:
        send(land, make.phone(), words="a", phone="12", category_key="khong-co", address="x" * 301)
    assert set(refused.value.facts["fields"]) == {"words", "phone", "category", "address"}


def test_a_photo_may_stand_for_words(land):
    phone = make.phone()
    uid = make.upload(make.picture(), phone)
    report = make.sent(land, phone, words="", category_key="", attachment_uids=[uid])
    assert (report.photos, report.category.key) == (1, "viec-khac")


def test_another_phones_photo_is_not_found(land):
    uid = make.upload(make.picture(), make.phone())
    with pytest.raises(FieldReportFaulty):
        send(land, make.phone(), attachment_uids=[uid])


def test_one_phone_is_stopped_after_six_reports_an_hour(land):
    phone = make.phone()
    for number in range(6):
        send(land, phone, words=f"Phản ánh thứ {number} về đèn đường")
    with pytest.raises(TooManyReports) as refused:
        send(land, phone, words="Phản ánh thứ bảy về đèn đường")
    assert refused.value.facts["who"] == "device"
    assert refused.value.facts["retry_at"] > NOW
    assert send(land, phone, words="Sau một giờ thì được", now=NOW + timedelta(hours=1)).code


def test_one_network_address_is_stopped_too(land):
    for number in range(60):
        send(land, Caller(), words=f"Phản ánh {number} từ chợ", network="203.0.113.9")
    with pytest.raises(TooManyReports) as refused:
        send(land, Caller(), words="Một cái nữa", network="203.0.113.9")
    assert refused.value.facts["who"] == "address"


def test_an_official_writes_down_what_somebody_says_on_the_telephone(land):
    report = make.sent(
        land, land.clerk, channel=Channel.PHONE, agency_id=land.commune, name="Bà Hòa", phone="0912 345 678"
    )
    sender = Sender.objects.get(report=report)
    assert sender.taken_by == land.clerk.actor.account_id
    assert sender.account_id is None
    assert b"912345678" not in bytes(sender.phone_sealed)
    seen = gate.sender_for(land.clerk, report.code, now=NOW)
    assert (seen.name, seen.phone) == ("Bà Hòa", "+84912345678")
    assert AuditEntry.objects.filter(act="fieldreports.sender_seen").count() == 1


def test_nobody_writes_for_others_at_an_agency_not_their_own(land):
    for who in (make.citizen(), land.other_clerk, land.auditor):
        with pytest.raises(NotAllowed):
            send(land, who, channel=Channel.COUNTER, agency_id=land.commune)


def test_who_wishes_to_stay_unnamed_stays_unnamed_to_handlers(land):
    report = make.sent(land, anonymous=True, name="Bà Hòa", phone="0912345678")
    seen = gate.sender_for(land.clerk, report.code, now=NOW)
    assert (seen.name, seen.phone, seen.anonymous) == ("", "", True)


def test_a_sensitive_category_is_never_public(land):
    report = make.sent(land, category_key="thai-do")
    assert report.visibility == Visibility.PRIVATE


def test_an_urgent_report_is_looked_at_sooner(land):
    plain, urgent = make.sent(land), make.sent(land, urgent=True)
    assert urgent.intake_due_at < plain.intake_due_at
    assert urgent.due_at < plain.due_at


def test_what_comes_in_at_night_counts_from_the_morning(land):
    night = make.sent(land, now=NOW + timedelta(hours=13))  # 23:00
    assert night.intake_due_at == NOW.replace(day=9, hour=10)  # Tuesday 17:00: eight working hours


def test_a_report_begins_received_with_its_first_step(land):
    report = make.sent(land)
    assert report.state == State.RECEIVED
    assert [step.act for step in report.steps.all()] == ["received"]


def test_taking_a_report_in_takes_few_statements(land):
    caller = make.citizen()
    send(land, caller)  # the first reads the map
    with CaptureQueriesContext(
        connection,
    ) as asked:
        send(land, caller, words="Đèn ngõ chợ cũng tắt", network="203.0.113.9")
    assert len(asked) <= 40, [query["sql"][:90] for query in asked]


def test_two_requests_with_one_client_id_at_once_are_one_report(land, monkeypatch):
    phone, client_id = make.phone(), uuid4()
    first = send(land, phone, client_id=client_id)
    real, asked = intake._sent_before, []

    def blind_at_first(*args):
        asked.append(1)
        return None if len(asked) == 1 else real(*args)

    monkeypatch.setattr(intake, "_sent_before", blind_at_first)
    again = send(land, phone, client_id=client_id)
    assert (again.code, again.again) == (first.code, True)
