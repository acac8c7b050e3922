"""What the desk does beside a case's acts: proof, joining, moderation, intake for others, acts on many, routing, figures, what waits."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from smarthd.agencies import selectors as agencies
from smarthd.agencies.rules import Role
from smarthd.backoffice import weekchart
from smarthd.backoffice.tests.fieldreports import SAID, browser, url
from smarthd.backoffice.waiting import telling
from smarthd.fieldreports.models import Answer, Attachment, Report, Sender
from smarthd.fieldreports.rules.states import State, Visibility
from smarthd.fieldreports.selectors import lists, routing
from smarthd.fieldreports.services import categories, handling, templates
from smarthd.fieldreports.tests import make
from smarthd.kernel import audit, clock

pytestmark = pytest.mark.django_db


def photo(name: str = "sau.jpg") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, make.picture(colour=f"#{uuid4().hex[:6]}"), content_type="image/jpeg")


# --- answers ---------------------------------------------------------------------------------------------------------
def answer(client, report, **typed):
    form = {"outcome": "fixed", "words": make.ANSWER, **typed}
    return client.post(url("fieldreport_answer", code=report.code), form)


def test_fixed_needs_a_photo_and_what_was_sent_stays_when_something_is_wrong(land):
    report, _who = make.brought_to(land, State.IN_PROGRESS)
    client = browser(land.clerk)
    bare = answer(client, report)
    assert bare.status_code == 422
    assert "cần ảnh sau khi xử lý hoặc văn bản" in bare.content.decode()
    gap = answer(client, report, words="Ngày [ngày], đơn vị đã thay bóng đèn ở đầu ngõ.", after=[photo()])
    assert gap.status_code == 422
    [(uid, part, name)] = gap.context["kept"]
    assert (part, name) == ("after", "sau.jpg")
    assert answer(client, report, tep=f"{uid}|{part}|{name}").status_code == 302
    report.refresh_from_db()
    assert report.state == State.ANSWERED
    assert Attachment.objects.get(uid=uid).answer_id == Answer.objects.get(report=report).pk


def test_the_preview_sends_nothing(land):
    report, _who = make.brought_to(land, State.IN_PROGRESS)
    seen = answer(browser(land.clerk), report, xem="1", after=[photo()])
    assert "Người dân sẽ thấy" in seen.content.decode()
    report.refresh_from_db()
    assert report.state == State.IN_PROGRESS


def test_a_file_that_is_no_picture_is_named_and_the_others_stay(land):
    report, _who = make.brought_to(land, State.IN_PROGRESS)
    bad = SimpleUploadedFile("virus.jpg", b"MZ" + b"\0" * 100)
    told = answer(browser(land.clerk), report, after=[photo("tot.jpg"), bad])
    assert told.status_code == 422
    assert "virus.jpg" in told.content.decode()
    assert [name for _uid, _part, name in told.context["kept"]] == ["tot.jpg"]


def test_a_frame_fills_the_box_and_is_refused_as_it_stands(land):
    report, _who = make.brought_to(land, State.IN_PROGRESS)
    frame = templates.add_template(
        agency_id=land.commune, title="Đã xong", body="Ngày [ngày], đơn vị đã làm xong việc ở [địa điểm].",
        actor=make.SYSTEM.actor, now=make.NOW,
    )  # fmt: skip
    client = browser(land.clerk)
    page = client.get(url("fieldreport_answer", code=report.code), {"mau": str(frame.uid)})
    assert frame.body in page.content.decode()
    told = answer(client, report, words=frame.body, template=str(frame.uid), outcome="explained")
    assert told.status_code == 422
    assert "ngoặc vuông" in told.content.decode()


def test_where_and_when_a_photo_was_taken_is_kept_only_as_the_official_says(land):
    report, _who = make.brought_to(land, State.IN_PROGRESS)
    assert answer(browser(land.clerk), report, after=[photo()], here="on", taken_on="2024-04-08").status_code == 302
    row = Attachment.objects.get(answer__report=report)
    assert (row.lat, row.lon) == (report.lat, report.lon)
    assert clock.day_of(row.taken_at) == make.TODAY


# --- joining ---------------------------------------------------------------------------------------------------------
def test_likely_ones_are_offered_with_reasons_and_handled_as_one(land):
    head, other, strange = make.sent(land), make.sent(land), make.sent(land, words="Chó thả rông cắn người", category_key="cay-do")  # fmt: skip
    client = browser(land.dispatcher)
    page = client.get(url("fieldreport_merge", code=head.code)).content.decode()
    assert other.code in page
    assert "cùng lĩnh vực" in page
    assert client.post(url("fieldreport_merge", code=head.code), {"pa": [], "ma": ""}).status_code == 409
    assert client.post(url("fieldreport_merge", code=head.code), {"ma": "PA-0000000"}).status_code == 422
    done = client.post(url("fieldreport_merge", code=head.code), {"pa": other.code, "ma": strange.code.lower()})
    assert done.status_code == 302
    other.refresh_from_db()
    assert (other.state, other.merged_into_id) == (State.MERGED, head.pk)
    assert "2 phản ánh gộp vào đây" in client.get(url("fieldreport", code=head.code)).content.decode()


def test_a_report_of_two_things_becomes_two(land):
    report, _who = make.brought_to(land, State.ACCEPTED)
    client = browser(land.dispatcher)
    one_only = {"words": ["Đèn tắt trước chợ"], "category": ["den-duong"], "agency": [""]}
    told = client.post(url("fieldreport_split", code=report.code), one_only)
    assert told.status_code == 422
    assert "Đèn tắt trước chợ" in told.content.decode()
    both = {"words": ["Đèn tắt", "Cây đổ chắn đường"], "category": ["den-duong", "cay-do"], "agency": ["", str(land.department)]}  # fmt: skip
    assert client.post(url("fieldreport_split", code=report.code), both).status_code == 302
    children = Report.objects.filter(parent=report).order_by("id")
    assert [child.holder_id for child in children] == [land.commune, land.department]


# --- moderation ------------------------------------------------------------------------------------------------------
def moderate(client, report, act, **typed):
    return client.post(url("fieldreport_moderate", code=report.code), {"viec": act, "words": SAID, **typed})


def test_words_are_redacted_for_the_public_and_stay_whole_for_handlers(land):
    report, _who = make.brought_to(land, State.ACCEPTED)
    client = browser(land.dispatcher)
    assert moderate(client, report, "redact", public_text="Đèn đường tắt", words="").status_code == 422
    assert moderate(client, report, "redact", public_text="Đèn đường tắt").status_code == 302
    report.refresh_from_db()
    assert (report.public_text, report.text) == ("Đèn đường tắt", make.WORDS)
    assert make.WORDS in client.get(url("fieldreport", code=report.code)).content.decode()


def test_a_report_is_hidden_with_a_reason_and_shown_again(land):
    report, _who = make.brought_to(land, State.ACCEPTED)
    client = browser(land.chief)
    assert moderate(client, report, "hide", words="ngắn").status_code == 422
    assert moderate(client, report, "hide").status_code == 302
    report.refresh_from_db()
    assert report.visibility == Visibility.HIDDEN
    assert moderate(client, report, "hide").status_code == 409
    assert moderate(client, report, "show").status_code == 302


def test_a_correction_keeps_what_stood_before(land):
    report, _who = make.brought_to(land, State.ACCEPTED)
    client = browser(land.dispatcher)
    same = {"category": "den-duong", "address": "", "commune": str(land.place.uid)}
    assert moderate(client, report, "correct", **same).status_code == 422
    assert moderate(client, report, "correct", **{**same, "lat": "abc", "lon": "106"}).status_code == 422
    assert moderate(client, report, "correct", **{**same, "address": "Số 12 phố Chợ", "urgent": "1"}).status_code == 302
    report.refresh_from_db()
    assert (report.address, report.urgent) == ("Số 12 phố Chợ", True)
    step = report.steps.get(act="corrected")
    assert step.note["before"] == {"urgent": False, "address": ""}
    shown = client.get(url("fieldreport", code=report.code)).content.decode()
    assert "Khẩn: không → có" in shown
    assert "Địa chỉ: chưa có → Số 12 phố Chợ" in shown
    other = land.units["c1"]
    assert (
        moderate(
            client, report, "correct", category="nap-cong", address="Số 12 phố Chợ", urgent="1", commune=str(other.uid)
        ).status_code
        == 302
    )
    moved = client.get(url("fieldreport", code=report.code)).content.decode()
    assert "Lĩnh vực: Đèn" in moved
    assert f"→ {other.full_name}" in moved


def test_another_reports_photo_is_not_reached_through_this_one(land):
    report, _who = make.brought_to(land, State.ACCEPTED)
    answer_ = moderate(browser(land.dispatcher), report, "hide_photo", tep=str(uuid4()))
    assert answer_.status_code == 404


# --- intake for others -----------------------------------------------------------------------------------------------
def taken(land, **typed):
    return {
        "channel": "counter", "words": "Cống trước nhà văn hóa tắc, nước tràn ra đường", "commune": str(land.place.uid),
        "category": "den-duong", "client_id": str(uuid4()), "name": "Bà Lê Thị Tư", "phone": "0912 345 678", **typed,
    }  # fmt: skip


def test_what_is_said_at_the_counter_comes_in_once_in_the_name_of_the_agency(land):
    client, form = browser(land.clerk), taken(land)
    assert client.post(url("fieldreport_take"), {**form, "photos": [photo()]}).status_code == 302
    report = Report.objects.get()
    sender = Sender.objects.get(report=report)
    assert (report.channel, report.photos, sender.taken_at_agency_id) == ("counter", 1, land.commune)
    assert sender.taken_by == land.clerk.actor.account_id
    assert b"L\xc3\xaa" not in bytes(sender.name_sealed)


def test_faults_are_said_beside_their_fields_and_nothing_is_lost(land):
    told = browser(land.clerk).post(url("fieldreport_take"), taken(land, phone="123", commune="")).content.decode()
    assert "nước tràn ra đường" in told
    assert "Bà Lê Thị Tư" in told
    assert Report.objects.count() == 0


def test_what_may_be_the_same_is_shown_while_typing(land):
    report = make.sent(land)
    asked = {"words": make.WORDS, "commune": str(land.place.uid), "category": "den-duong"}
    client = browser(land.clerk)
    assert report.code in client.get(url("fieldreport_alike"), asked).content.decode()
    assert report.code not in client.get(url("fieldreport_alike"), {**asked, "commune": "x\0"}).content.decode()
    without_scripts = client.post(url("fieldreport_take"), taken(land, xem="1", words=make.WORDS))
    assert report.code in without_scripts.content.decode()
    assert Report.objects.count() == 1


# --- many at once ----------------------------------------------------------------------------------------------------
def test_many_are_accepted_after_a_second_look_and_what_cannot_be_is_named(land):
    fresh, also = make.sent(land), make.sent(land)
    done, _who = make.brought_to(land, State.CONFIRMED)
    far = make.sent(land, commune_id=land.units["c1"].id, lat=land.units["c1"].lat, lon=land.units["c1"].lon)
    client, codes = browser(land.dispatcher), [fresh.code, also.code, done.code, far.code, "PA-XXXXXXX"]
    seen = client.post(url("fieldreports_many"), {"viec": "tiep-nhan", "pa": codes})
    assert {row.code for row in seen.context["clean"]} == {fresh.code, also.code}
    assert {row.code for row in seen.context["others"]} == {done.code}
    assert Report.objects.filter(state=State.ACCEPTED).count() == 0
    client.post(url("fieldreports_many"), {"viec": "tiep-nhan", "pa": codes, "xac-nhan": "1", "ve": "xem=moi"})
    assert Report.objects.filter(state=State.ACCEPTED).count() == 2
    far.refresh_from_db()
    assert far.state == State.RECEIVED


def test_many_are_given_to_an_agency_and_put_into_another_category(land):
    report, _who = make.brought_to(land, State.ACCEPTED)
    client = browser(land.chief)
    form = {"viec": "chuyen", "pa": report.code, "xac-nhan": "1"}
    assert client.post(url("fieldreports_many"), form).status_code == 422
    form = {"viec": "linh-vuc", "pa": report.code, "xac-nhan": "1", "category": "nap-cong", "words": SAID}
    assert client.post(url("fieldreports_many"), form).status_code == 302
    form = {"viec": "chuyen", "pa": report.code, "xac-nhan": "1", "to": str(land.department)}
    assert client.post(url("fieldreports_many"), form).status_code == 302
    report = Report.objects.select_related("category").get(pk=report.pk)
    assert (report.category.key, report.holder_id) == ("nap-cong", land.department)
    assert client.post(url("fieldreports_many"), {"viec": "tu-choi"}).status_code == 404


# --- rules, categories ----------------------------------------------------------------------------------------------
def test_a_rule_added_on_screen_is_what_the_bench_and_the_next_report_go_by(land):
    admin = browser(land.administrator)
    bench = {"linh_vuc": "den-duong", "noi": str(land.place.uid), "ngay": "2024-04-09", "gio": "9"}
    assert "Ủy ban nhân dân xã c0" in admin.get(url("fieldreport_bench"), bench).content.decode()
    rule = {
        "name": "Đèn về Sở", "category": "den-duong", "hours": "always", "target": "agency",
        "agency": str(land.department), "valid_from": "2024-04-08",
    }  # fmt: skip
    assert admin.post(url("fieldreport_rules"), rule).status_code == 302
    assert admin.post(url("fieldreport_rules"), rule).status_code == 422
    told = browser(land.clerk).get(url("fieldreport_bench"), bench).content.decode()
    assert "Sở Xây dựng" in told
    assert "Đèn về Sở" in told
    assert make.sent(land).holder_id == land.department
    [view] = routing.rules_for(land.administrator.actor, on=make.TODAY)
    assert admin.post(url("fieldreport_rule_end", uid=view.rule.uid), {"valid_to": "2024-04-01"}).status_code == 422
    assert admin.post(url("fieldreport_rule_end", uid=view.rule.uid), {"valid_to": "hôm qua"}).status_code == 422
    assert admin.post(url("fieldreport_rule_end", uid=view.rule.uid), {"valid_to": "2024-05-01"}).status_code == 302
    assert "Kết thúc quy tắc phân việc" in admin.get(url("fieldreport_rules")).content.decode()


@pytest.mark.parametrize(
    "asked",
    [{"linh_vuc": "khong-co"}, {"linh_vuc": "den-duong"}, {"linh_vuc": "den-duong", "lat": "nan", "lon": "1e400"}, {"linh_vuc": "den-duong", "lat": "0", "lon": "0"}],
)  # fmt: skip
def test_the_bench_says_in_words_what_it_cannot_answer(land, asked):
    page = browser(land.clerk).get(url("fieldreport_bench"), asked)
    assert page.status_code == 200
    assert page.context["found"] is None
    assert page.context["form"].errors


def test_hours_changed_on_screen_do_not_move_a_promise(land):
    report, _who = make.brought_to(land, State.ACCEPTED)
    promised = report.original_due_at
    admin = browser(land.administrator)
    form = {"name": "Đèn đường", "intake_hours": 1, "working_hours": 2, "urgent_intake_hours": 1, "urgent_hours": 1, "radius_m": 60}  # fmt: skip
    assert admin.post(url("fieldreport_category", key="den-duong"), {**form, "working_hours": 0}).status_code == 422
    assert admin.post(url("fieldreport_category", key="den-duong"), form).status_code == 302
    report.refresh_from_db()
    assert report.original_due_at == promised
    assert "Giờ trả lời" in admin.get(url("fieldreport_categories")).content.decode()
    assert admin.post(url("fieldreport_category", key="den-duong"), {"thoi-dung": "1"}).status_code == 422
    assert categories.end_category("nap-cong", actor=land.administrator.actor, now=make.NOW).ended_at is not None
    assert admin.get(url("fieldreport_category", key="nap-cong")).status_code == 404


# --- figures, what waits ---------------------------------------------------------------------------------------------
def test_an_agency_is_told_with_the_base_of_every_share(land):
    make.brought_to(land, State.CONFIRMED)
    make.sent(land)
    agency = agencies.agency_view(land.commune, make.TODAY)
    page = browser(land.leader).get(url("fieldreport_agency", uid=agency.uid)).content.decode()
    assert "1/1 phản ánh đã đến hạn" in page
    assert "0 lượt đánh giá" in page
    sheet = browser(land.leader).get(url("fieldreport_figures", suffix="csv")).content.decode("utf-8-sig")
    assert "Ủy ban nhân dân xã c0" in sheet
    assert audit.trail(act="backoffice.fieldreport_figures_exported")
    far = agencies.agency_view(land.other, make.TODAY)
    assert browser(land.chief).get(url("fieldreport_agency", uid=far.uid)).status_code == 404


@pytest.mark.parametrize("asked", [{"tu": "2024-04-09", "den": "2024-04-01"}, {"tu": "0001-01-01"}, {"den": "x"}])
def test_any_period_is_answered(land, asked):
    make.sent(land)
    assert browser(land.leader).get(url("fieldreport_agencies"), asked).status_code == 200


def test_weeks_add_up_to_their_days():
    days = [(make.TODAY + timedelta(days=number), number, 1) for number in range(15)]
    weeks = weekchart.weeks_of(days)
    assert [week.monday.weekday() for week in weeks] == [0, 0, 0]
    assert sum(week.received for week in weeks) == sum(range(15))
    assert "trả lời 15" in weekchart.drawn(weeks)
    assert weekchart.drawn(weeks[:1]) == ""


def test_the_oldest_open_stands_first(land):
    young, old = make.sent(land), make.sent(land, now=make.NOW - timedelta(days=3))
    found = lists.oldest_open(land.clerk.actor, land.commune, now=make.NOW)
    assert [row.code for row in found] == [old.code, young.code]
    assert lists.oldest_open(land.other_clerk.actor, land.commune, now=make.NOW) == []


def told(caller):
    return {one.title: one.count for one in telling.of_field_reports(caller.actor)}


def test_what_waits_is_told_to_who_has_to_do_it(land):
    make.brought_to(land, State.RECEIVED)
    work, _who = make.brought_to(land, State.IN_PROGRESS)
    make.brought_to(land, State.CONTESTED)
    handling.give_to(work.code, account_id=land.clerk.actor.account_id, caller=land.clerk, now=make.NOW)
    handling.ask_support(work.code, agency_id=land.department, words=SAID, caller=land.chief, now=make.NOW)
    assert told(land.clerk) == {
        "Xem phản ánh mới": 1, "Xử lý phản ánh tôi phụ trách": 1, "Xử lý phản ánh cơ quan đang giữ": 1,
    }  # fmt: skip
    assert told(land.leader) == {"Xem lại việc từ chối phản ánh": 1}
    assert told(land.department_clerk) == {"Báo xong phần phối hợp": 1}
    assert told(land.auditor) == {}
    assert told(make.officer(land.other, Role.EDITOR)) == {}


def test_the_handover_names_who_works_on_what(land):
    make.sent(land)
    page = browser(land.dispatcher).get(url("fieldreport_handover")).content.decode()
    assert "Chưa giao ai (1)" in page
    sheet = browser(land.dispatcher).get(url("fieldreport_sheet", code=Report.objects.get().code)).content.decode()
    assert "Phiếu xử lý phản ánh" in sheet
