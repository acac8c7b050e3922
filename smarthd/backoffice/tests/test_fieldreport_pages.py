"""The pages of citizens' reports: the queue, one case and its acts, files."""

from __future__ import annotations

import io
from datetime import timedelta

import pytest
from django.urls import reverse
from openpyxl import load_workbook

from smarthd.backoffice.tests.fieldreports import SAID, act, browser, url
from smarthd.backoffice.views.fieldreports import acts
from smarthd.fieldreports.models import Report
from smarthd.fieldreports.rules import states
from smarthd.fieldreports.rules.states import State
from smarthd.fieldreports.services import photos
from smarthd.fieldreports.tests import make
from smarthd.kernel import audit, clock

pytestmark = pytest.mark.django_db


def page_of(client, report):
    return client.get(url("fieldreport", code=report.code))


# --- the queue -------------------------------------------------------------------------------------------------------
def test_the_queue_shows_what_an_official_may_see_and_nothing_else(land):
    report = make.sent(land)
    assert report.code in browser(land.clerk).get(url("fieldreports")).content.decode()
    assert report.code in browser(land.leader).get(url("fieldreports")).content.decode()
    assert report.code not in browser(land.other_clerk).get(url("fieldreports")).content.decode()


@pytest.mark.parametrize(
    ("address", "found"),
    [
        ("xem=moi", True),
        ("xem=dang-xu-ly", False),
        ("xem=khong-co", True),
        ("xem=tat-ca&q=den duong cho", True),
        ("xem=tat-ca&q=nuoc sach", False),
        ("linh-vuc=den-duong", True),
        ("linh-vuc=rac-chua-thu-gom", False),
        ("tu=2024-04-08&den=2024-04-08", True),
        ("tu=2024-04-09", False),
        ("tu=31/02/2024", True),
        ("loc=khan", False),
        ("noi=khong-phai-uuid&co-quan=%00&loc=la", True),
    ],
)
def test_the_address_is_what_is_asked(land, address, found):
    report = make.sent(land)
    page = browser(land.dispatcher).get(f"{url('fieldreports')}?{address}")
    assert page.status_code == 200
    assert (report.code in page.content.decode()) is found


def test_a_code_typed_whole_is_found_wherever_it_stands(land):
    report, _who = make.brought_to(land, State.CLOSED)
    page = browser(land.clerk).get(url("fieldreports"), {"xem": "moi", "q": report.code.lower()})
    assert report.code in page.content.decode()


@pytest.mark.parametrize("suffix", ["csv", "xlsx"])
def test_what_is_seen_can_be_taken_along_without_a_sender_and_it_is_recorded(land, suffix):
    report = make.sent(land, name="Nguyễn Văn Kín", phone="0912345678")
    answer = browser(land.clerk).get(url("fieldreports_export", suffix=suffix))
    if suffix == "csv":
        told = answer.content.decode("utf-8-sig")
    else:
        sheet = load_workbook(io.BytesIO(answer.content)).active
        told = str([[cell.value for cell in line] for line in sheet.iter_rows()])
    assert report.code in told
    assert "Nguyễn Văn Kín" not in told
    assert "345678" not in told
    assert audit.trail(act="backoffice.fieldreports_exported")


# --- one case --------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("state", list(State))
def test_a_case_opens_in_every_state_and_offers_what_its_reader_may_do(land, state):
    report, _who = make.brought_to(land, state)
    clock.set_now(max(make.NOW + timedelta(hours=6), report.ended_at or make.NOW))
    for who in (land.dispatcher, land.clerk, land.chief, land.leader, land.auditor):
        page = page_of(browser(who), report)
        assert page.status_code == 200
        offered = {one.name for one, _form in page.context["acts"]}
        assert offered == page.context["page"].may & set(acts.BY_NAME)


EVERY_TIME = {State.IN_PROGRESS, State.ANSWERED}


@pytest.mark.parametrize(
    "state", [pytest.param(state, marks=() if state in EVERY_TIME else pytest.mark.slow) for state in State]
)
def test_by_the_page_too_nobody_makes_a_move_the_rules_do_not_give_them(land, state):
    """Every act of the desk, from every state, by everybody: what is not theirs is refused and leaves everything as it was."""
    report, _who = make.brought_to(land, state)
    clock.set_now(max(make.NOW + timedelta(hours=6), report.ended_at or make.NOW))
    typed = {"to": land.department, "agency": land.department, "reason": "untrue", "until": "2024-06-03", "account": ""}
    wrong = []
    for who in (land.clerk, land.leader, land.auditor, land.other_clerk):
        client = browser(who)
        seen = page_of(client, report)
        may = seen.context["page"].may if seen.status_code == 200 else frozenset()
        for one in acts.ACTS:
            if one.name in may:
                continue
            before = Report.objects.values().get(pk=report.pk)
            answer = act(client, report, one.name, **typed)
            if answer.status_code not in {403, 404, 409, 422} or Report.objects.values().get(pk=report.pk) != before:
                wrong.append((one.name, answer.status_code))
    assert wrong == []


def test_every_move_an_official_may_make_has_its_place_on_the_desk():
    officials = {name for name, parts in states.MAY.items() if parts & (states.HANDLERS | {states.Part.SUPERIOR})}
    elsewhere = {"answer", "merge"}  # pages of their own
    assert officials - elsewhere <= set(acts.BY_NAME)


def test_a_report_goes_its_way_by_the_page_alone(land):
    report = make.sent(land)
    client = browser(land.dispatcher)
    assert act(client, report, "accept").status_code == 302
    assert act(client, report, "assign", to=land.department, words="").status_code == 302
    department = browser(land.department_clerk)
    assert act(department, report, "start").status_code == 302
    assert act(department, report, "ask").status_code == 302
    report.refresh_from_db()
    assert report.state == State.WAITING
    assert "đồng hồ đang dừng" in page_of(department, report).content.decode()
    assert act(department, report, "go_on").status_code == 302
    assert act(department, report, "hand_back").status_code == 302
    report.refresh_from_db()
    assert (report.state, report.holder_id, report.hand_backs) == (State.ACCEPTED, land.commune, 1)


def test_an_answer_typed_while_a_colleague_asked_the_sender_is_refused_beside_its_words(land):
    report, _who = make.brought_to(land, State.IN_PROGRESS)
    mine = browser(land.clerk)
    assert mine.get(url("fieldreport_answer", code=report.code)).status_code == 200
    act(browser(land.dispatcher), report, "ask", words="Xin cho biết cột đèn số mấy.")  # a colleague, meanwhile
    typed = {"outcome": "explained", "words": "Đã kiểm tra ngày 8/4, đèn do thôn quản lý, thôn sửa trước ngày 12/4."}
    late = mine.post(url("fieldreport_answer", code=report.code), typed)
    assert late.status_code == 409
    assert typed["words"] in late.content.decode()
    aside = mine.get(url("fieldreport_answer", code=report.code), follow=True)
    assert aside.redirect_chain == [(url("fieldreport", code=report.code), 302)]
    assert "Bước này lúc này không làm được" in aside.content.decode()


def test_a_refusal_without_a_competent_body_keeps_what_was_typed(land):
    report = make.sent(land)
    client = browser(land.dispatcher)
    answer = act(client, report, "decline", reason="not_competent")
    told = answer.content.decode()
    assert answer.status_code == 422
    assert SAID in told
    assert "phải nêu cơ quan nào có thẩm quyền" in told
    assert act(client, report, "decline", reason="not_competent", competent=land.department).status_code == 302
    report.refresh_from_db()
    assert (report.state, report.competent_id) == (State.DECLINED, land.department)


def test_both_deadlines_stay_in_sight_after_an_extension(land):
    report, _who = make.brought_to(land, State.IN_PROGRESS)
    client = browser(land.chief)
    refused = act(client, report, "extend", until="2024-06-02")
    assert refused.status_code == 422
    assert "ngày nghỉ" in refused.content.decode()
    assert act(client, report, "extend", until="2024-06-03").status_code == 302
    told = page_of(client, report).content.decode()
    assert "Hạn gốc" in told
    assert "Hạn đang áp dụng" in told
    assert "gia hạn 1 lần" in told


def test_who_sent_it_is_shown_to_handlers_only_and_each_look_is_written_down(land):
    report = make.sent(land, name="Phạm Thị Người Gửi", phone="0912345678")
    assert "Phạm Thị Người Gửi" not in page_of(browser(land.clerk), report).content.decode()
    answer = browser(land.clerk).post(url("fieldreport_sender", code=report.code))
    assert "Phạm Thị Người Gửi" in answer.content.decode()
    assert len(audit.trail(act="fieldreports.sender_seen")) == 1
    assert browser(land.auditor).post(url("fieldreport_sender", code=report.code)).status_code == 403


def test_who_wished_to_stay_unnamed_stays_so(land):
    report = make.sent(land, name="Phạm Thị Ẩn Danh", phone="0912345678", anonymous=True)
    told = browser(land.clerk).post(url("fieldreport_sender", code=report.code)).content.decode()
    assert "Phạm Thị Ẩn Danh" not in told
    assert "không nêu tên" in told


# --- files -----------------------------------------------------------------------------------------------------------
def photographed(land):
    who = make.citizen()
    uid = make.upload(make.picture(), who)
    photos.process(uid, now=make.NOW)
    return make.sent(land, who, attachment_uids=[uid]), uid


def test_a_photo_is_shown_to_who_handles_it_and_not_found_by_others(land):
    report, uid = photographed(land)
    assert (
        reverse("backoffice:fieldreport_thumb", kwargs={"uid": uid})
        in page_of(browser(land.clerk), report).content.decode()
    )
    for name in ("fieldreport_file", "fieldreport_thumb"):
        shown = browser(land.clerk).get(url(name, uid=uid))
        assert shown.status_code == 200
        assert shown["content-type"] == "image/jpeg"
        assert b"".join(shown.streaming_content)[:2] == b"\xff\xd8"
        assert browser(land.other_clerk).get(url(name, uid=uid)).status_code == 404


def test_the_original_needs_a_reason_and_leaves_a_line_in_the_trail(land):
    _report, uid = photographed(land)
    address = url("fieldreport_original", uid=uid)
    assert browser(land.clerk).post(address, {"reason": "xem"}).status_code == 422
    assert audit.trail(act="fieldreports.original_opened") == []
    assert browser(land.auditor).post(address, {"reason": SAID}).status_code == 403
    assert browser(land.other_clerk).post(address, {"reason": SAID}).status_code == 404
    opened = browser(land.clerk).post(address, {"reason": SAID})
    assert opened.status_code == 200
    assert "attachment" in opened["content-disposition"]
    [line] = audit.trail(act="fieldreports.original_opened")
    assert line.facts["reason"] == SAID
