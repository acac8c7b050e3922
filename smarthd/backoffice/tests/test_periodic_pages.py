"""Who may open which page about reports and campaigns; what each page shows when it is empty, full, late; what it costs."""

from __future__ import annotations

import copy
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.urls import reverse

from smarthd.agencies.rules import Role
from smarthd.backoffice.tests import make, periodic
from smarthd.backoffice.tests.periodic import ANSWERS, SOON, Desks
from smarthd.kernel import clock
from smarthd.rollout import services
from smarthd.rollout.models import Obligation
from smarthd.rollout.tests import reporting
from smarthd.rollout.tests.reporting import DUE, NOW
from tests.planting import planted_once

pytestmark = pytest.mark.django_db


_desks = planted_once(lambda _folder: periodic.desks())


@pytest.fixture
def desks(_desks: Any, db: None) -> Iterator[Any]:
    clock.set_now(SOON)
    yield copy.deepcopy(_desks)
    clock.set_now(None)


WHO = ("clerk", "neighbour", "district", "department", "chief", "auditor")
# page → who finds it; everybody else is told there is none (404) or may not do it (403)
READ = {
    ("periodic", None): {"clerk", "neighbour", "district", "department", "chief"},
    ("periodic_review", None): {"district", "department", "chief"},
    ("periodic_arrivals", None): {"district", "department", "chief"},
    ("periodic_board", None): set(WHO),
    ("periodic_calls", None): {"district", "department", "chief"},
    ("periodic_letters", None): {"district", "department", "chief"},
    ("campaigns", None): {"district", "department", "chief", "auditor"},
    ("periodic_report", "report"): {"clerk", "district", "department", "chief"},
    ("periodic_period", "period"): set(WHO),
    ("periodic_consolidation", "period"): {"district", "department", "chief"},
    ("periodic_sample", "period"): {"department", "chief"},
    ("campaign", "campaign"): {"district", "department", "chief", "auditor"},
    ("campaign_form", "form"): {"department", "chief"},
}


def address(desks: Desks, view: str, of: str | None) -> str:
    match of:
        case "report":
            return desks.at(view)
        case "period":
            return desks.of(view)
        case "campaign":
            return reverse(f"backoffice:{view}", kwargs={"key": "lenh"})
        case "form":
            return reverse(f"backoffice:{view}", kwargs={"key": "lenh", "form_key": "tuan"})
    return reverse(f"backoffice:{view}")


def test_each_part_finds_its_pages_and_no_others(desks: Desks) -> None:
    services.change_campaign_status("lenh", to="running", actor=reporting.SYSTEM, now=NOW)
    wrong = []
    for (view, of), may in READ.items():
        for who in WHO:
            answer = getattr(desks, who).get(address(desks, view, of), follow=True)
            expected = 200 if who in may else 404
            if answer.status_code != expected:
                wrong.append((view, who, answer.status_code))
    assert wrong == []


ACTS = {  # address → who may do it; others are told no
    "periodic_draft": {"clerk"},
    "periodic_submit": {"clerk"},
    "periodic_endorse": {"district"},
    "periodic_return": {"district", "department", "chief"},
    "periodic_exempt": {"department", "chief"},
    "periodic_withdraw": {"clerk"},
    "periodic_accept": {"department", "chief"},
}


@pytest.mark.parametrize("view", sorted(ACTS))
def test_each_act_is_refused_to_who_may_not(desks: Desks, view: str) -> None:
    report = None
    if view in {"periodic_endorse", "periodic_return", "periodic_withdraw"}:
        report = reporting.submitted(desks.desk)
    if view == "periodic_accept":
        report = reporting.endorsed(desks.desk)
    before = desks.desk.report_of(desks.desk.world.commune_a).state
    body = {"typed": reporting.TYPED, "seen_edits": 0}
    for who in WHO:
        if who in ACTS[view]:
            continue
        client = getattr(desks, who)
        if view in {"periodic_draft", "periodic_submit"}:
            answer = client.post(
                desks.at(view), body, content_type="application/json", headers={"accept": "application/json"}
            )
        else:
            form = {
                "seen_hash": report.content_hash if report else "",
                "r-reached": "Xin xem lại số này.",
                "reason": "Bão",
            }
            answer = client.post(desks.at(view), form)
        assert answer.status_code in {403, 404}, (view, who, answer.status_code)
        assert desks.desk.report_of(desks.desk.world.commune_a).state == before
    assert Obligation.objects.filter(exempt_at__isnull=False).count() == 0


@pytest.mark.parametrize(
    ("view", "of"),
    [
        ("campaign_document", "campaign"),
        ("campaign_target", "campaign"),
        ("campaign_status", "campaign"),
        ("campaign_clone", "campaign"),
        ("campaign_period", "campaign"),
        ("campaign_series", "campaign"),
        ("campaign_form_new", "campaign"),
        ("campaign_form", "form"),
        ("campaign_form_preview", "form"),
        ("campaign_form_publish", "form"),
        ("periodic_extend", "period"),
        ("periodic_outage", "period"),
        ("periodic_sample", "period"),
    ],
)
def test_who_does_not_run_the_campaign_changes_nothing_of_it(desks: Desks, view: str, of: str) -> None:
    form = {
        "don-vi": [str(desks.desk.owed_by(desks.desk.world.commune_a))], "due_on": "2024-04-16", "reason": "Bão",
        "began_at": "2024-04-08T06:00", "ended_at": "2024-04-08T07:00", "note": "Mất điện", "seed": "7",
    }  # fmt: skip
    for who in ("clerk", "neighbour", "district", "auditor"):
        answer = getattr(desks, who).post(address(desks, view, of), form)
        assert answer.status_code in {403, 404, 405}, (view, who, answer.status_code)
    assert Obligation.objects.exclude(due_at=DUE).count() == 0


def test_nobody_signed_in_is_led_to_the_sign_in(desks: Desks, client) -> None:
    for view, of in READ:
        answer = client.get(address(desks, view, of))
        assert answer.status_code == 302
        assert answer["location"].startswith("/dang-nhap/")


# --- the clerk ------------------------------------------------------------------------------------------------------------
def test_an_empty_desk_says_so_and_names_the_next_period(desks: Desks) -> None:
    reporting.submitted(desks.desk)
    reporting.open_period(due_at=DUE + timedelta(days=14), title="Tuần 17/2024")
    page = desks.clerk.get(reverse("backoffice:periodic")).content.decode()
    assert "Không còn báo cáo nào phải nộp" in page
    assert "Kỳ tới: Báo cáo tuần · Tuần 17/2024" in page


def test_a_late_report_is_told_late_and_an_extended_one_extended(desks: Desks) -> None:
    services.extend(
        [desks.desk.owed_by(desks.desk.world.commune_b)], due_at=DUE + timedelta(days=3), reason="Bão", actor=desks.desk.department, now=NOW,
    )  # fmt: skip
    clock.set_now(DUE + timedelta(days=4))
    assert "quá hạn 2 ngày làm việc" in desks.clerk.get(reverse("backoffice:periodic")).content.decode()
    clock.set_now(SOON)
    assert "đã gia hạn" in desks.neighbour.get(reverse("backoffice:periodic")).content.decode()


def test_last_weeks_value_and_the_difference_stand_beside_each_field(desks: Desks) -> None:
    reporting.submitted(desks.desk)
    later = reporting.open_period(due_at=DUE + timedelta(days=7), title="Tuần 16/2024")
    uid = Obligation.objects.get(period=later, agency_id=desks.desk.world.commune_a).uid
    page = desks.clerk.get(reverse("backoffice:periodic_fill", kwargs={"uid": uid})).content.decode()
    assert "Kỳ trước: 1.250" in page
    assert 'data-previous="1250"' in page
    assert 'inputmode="numeric"' in page


def test_contradictions_stand_in_the_summary_and_what_was_typed_stays(desks: Desks) -> None:
    answer = desks.clerk.post(
        desks.at("periodic_fill"), {**ANSWERS, "v-attended": "9.999", "seen_edits": "0", "viec": "xem"}
    )
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "error-summary" in page
    assert 'href="#id_v-attended"' in page
    assert 'value="9.999"' in page
    assert desks.desk.report_of(desks.desk.world.commune_a).values["attended"] == 9999  # the draft is kept all the same


def test_a_colleagues_edit_is_shown_beside_mine_and_nothing_is_lost(desks: Desks) -> None:
    services.save_draft(
        desks.desk.owed_by(desks.desk.world.commune_a),
        typed={"gatherings": "5", "reached": "80"}, disputes={}, seen_edits=0, minutes=1, actor=desks.desk.head, now=NOW,
    )  # fmt: skip
    answer = desks.clerk.post(desks.at("periodic_fill"), {**ANSWERS, "seen_edits": "0", "viec": "luu"})
    page = answer.content.decode()
    assert answer.status_code == 409
    assert "Đồng nghiệp vừa sửa" in page
    assert "<td>1.250</td><td>80</td>" in page
    assert 'name="seen_edits" value="1"' in page
    saved = desks.clerk.post(desks.at("periodic_fill"), {**ANSWERS, "seen_edits": "1", "viec": "luu"})
    assert saved.status_code == 302
    assert desks.desk.report_of(desks.desk.world.commune_a).values["reached"] == 1250


def test_the_pages_script_keeps_drafts_and_hears_of_a_colleague(desks: Desks) -> None:
    def post(**body: object):
        return desks.clerk.post(
            desks.at("periodic_draft"), body, content_type="application/json", headers={"accept": "application/json"}
        )

    kept = post(typed={"gatherings": "2"}, disputes={}, seen_edits=0, minutes=2)
    assert (kept.status_code, kept.json()["edits"]) == (200, 1)
    assert desks.desk.report_of(desks.desk.world.commune_a).minutes == 2
    stale = post(typed={"gatherings": "3"}, disputes={}, seen_edits=0, minutes=0)
    assert (stale.status_code, stale.json()["there"]["typed"]["gatherings"]) == (409, "2")
    wrong = post(typed={"gatherings": "hai"}, disputes={}, seen_edits=1, minutes=0)
    assert (wrong.status_code, "gatherings" in wrong.json()["error"]["fields"]) == (422, True)
    assert post(nothing=1).status_code == 422


def test_a_report_sealed_in_time_and_sent_twice_counts_once_and_in_time(desks: Desks) -> None:
    clock.set_now(DUE + timedelta(hours=3))
    body = {
        "typed": reporting.TYPED,
        "disputes": {},
        "minutes": 3,
        "sealed_at": (DUE - timedelta(minutes=5)).isoformat(),
    }
    for _ in range(2):
        answer = desks.clerk.post(
            desks.at("periodic_submit"), body, content_type="application/json", headers={"accept": "application/json"}
        )
        assert (answer.status_code, answer.json()["in_time"]) == (200, True)
    report = desks.desk.report_of(desks.desk.world.commune_a)
    assert (report.round, report.minutes) == (1, 3)


def test_a_returned_report_shows_the_reason_at_its_field(desks: Desks) -> None:
    reporting.submitted(desks.desk)
    desks.district.post(desks.at("periodic_return"), {"r-reached": "Cao gấp đôi tuần trước."})
    page = desks.clerk.get(desks.at("periodic_fill")).content.decode()
    assert "Trả lại vì:" in page
    assert "Cao gấp đôi tuần trước." in page


def test_a_return_without_a_reason_is_not_done(desks: Desks) -> None:
    reporting.submitted(desks.desk)
    answer = desks.district.post(desks.at("periodic_return"), {"r-reached": "  "})
    assert answer.status_code == 422
    assert "Chưa trả lại được" in answer.content.decode()


def test_what_was_endorsed_is_what_was_seen(desks: Desks) -> None:
    report = reporting.submitted(desks.desk)
    services.withdraw_report(report.obligation.uid, actor=desks.desk.clerk, now=NOW)
    reporting.submitted(desks.desk, reached="9.999")
    answer = desks.district.post(desks.at("periodic_endorse"), {"seen_hash": report.content_hash})
    assert answer.status_code == 409
    assert "Nội dung vừa thay đổi" in answer.content.decode()


def test_a_correction_needs_its_reason(desks: Desks) -> None:
    reporting.endorsed(desks.desk)
    without = desks.clerk.post(desks.at("periodic_amend"), {**ANSWERS, "reason": ""})
    assert without.status_code == 422
    assert "Ghi rõ lý do đính chính." in without.content.decode()
    done = desks.clerk.post(
        desks.at("periodic_amend"), {**ANSWERS, "v-reached": "1.200", "reason": "Cộng nhầm hai thôn."}
    )
    assert done.status_code == 302
    assert desks.desk.report_of(desks.desk.world.commune_a).state == "submitted"


# --- the Department -------------------------------------------------------------------------------------------------------
def test_the_board_filters_counts_and_hands_out_what_is_seen(desks: Desks) -> None:
    reporting.submitted(desks.desk)
    page = desks.department.get(desks.of("periodic_period"), {"tinh-trang": "open", "q": "nam hung"})
    assert [line.owed.agency_id for line in page.context["lines"]] == [desks.desk.world.commune_b]
    csv = desks.department.get(
        reverse("backoffice:periodic_export", kwargs={"uid": desks.desk.period.uid, "suffix": "csv"}), {"tinh-trang": "submitted"}
    ).content.decode("utf-8-sig")  # fmt: skip
    assert "Ủy ban nhân dân xã Hợp Tiến" in csv
    assert "Nam Hưng" not in csv
    xlsx = desks.department.get(
        reverse("backoffice:periodic_export", kwargs={"uid": desks.desk.period.uid, "suffix": "xlsx"})
    )
    assert xlsx.content[:2] == b"PK"


def test_a_unit_sees_only_its_own_line_of_the_board(desks: Desks) -> None:
    page = desks.clerk.get(desks.of("periodic_period"))
    assert [line.owed.agency_id for line in page.context["lines"]] == [desks.desk.world.commune_a]
    assert page.context["figures"] == []


def test_extension_exemption_and_outage_from_the_board(desks: Desks) -> None:
    uid = desks.desk.owed_by(desks.desk.world.commune_b)
    nothing = desks.department.post(desks.of("periodic_extend"), {"due_on": "2024-04-16", "reason": "Bão"})
    assert nothing.status_code == 422
    desks.department.post(desks.of("periodic_extend"), {"don-vi": [str(uid)], "due_on": "2024-04-16", "reason": "Bão"})
    assert Obligation.objects.get(uid=uid).due_at > DUE
    desks.department.post(desks.at("periodic_exempt", desks.desk.world.commune_b), {"reason": "Đang giải thể"})
    assert Obligation.objects.get(uid=uid).exempt_reason == "Đang giải thể"
    clock.set_now(DUE + timedelta(hours=2))
    told = desks.department.post(
        desks.of("periodic_outage"), {"began_at": "2024-04-12T16:00", "ended_at": "2024-04-12T17:30", "note": "Mất điện"}, follow=True,
    )  # fmt: skip
    assert "Đã ghi sự cố" in told.content.decode()


def test_consolidation_letter_and_sample_from_their_pages(desks: Desks) -> None:
    reporting.submitted(desks.desk)
    made = desks.department.post(desks.of("periodic_consolidation"), {"bieu": "tuan"}, follow=True).content.decode()
    assert "Bản số 1" in made
    assert "Ủy ban nhân dân xã Nam Hưng" in made
    version = desks.department.get(desks.of("periodic_consolidation")).context["shown"]
    again = desks.department.post(reverse("backoffice:periodic_reproduce", kwargs={"uid": version.uid}), follow=True)
    assert "giống hệt từng chữ" in again.content.decode()
    drawn = desks.department.post(desks.of("periodic_sample"), {"bieu": "tuan", "seed": "48115"}, follow=True)
    sample = drawn.context["sample"]
    place = reverse("backoffice:periodic_finding", kwargs={"uid": sample.uid, "unit": sample.units[0].obligation_uid})
    assert desks.department.post(place, {"found": "sai", "note": ""}).status_code == 422
    told = desks.department.post(place, {"found": "sai", "note": "Sổ chỉ có 2 buổi"}, follow=True)
    assert "Chưa tin được" in told.content.decode()

    clock.set_now(DUE + timedelta(days=5))
    letter = services.draft_letter(desks.desk.period, now=clock.now())
    assert letter is not None
    waiting = desks.chief.get(reverse("backoffice:work")).content.decode()
    assert "Ký công văn đôn đốc" in waiting
    assert "Gọi điện cho đơn vị chậm báo cáo" in waiting
    sign = reverse("backoffice:periodic_sign", kwargs={"uid": letter.uid})
    assert desks.department.post(sign, {"number": "57"}).status_code == 403
    assert desks.chief.post(sign, {"number": "năm bảy"}).status_code == 422
    assert "Đã ký công văn số 57" in desks.chief.post(sign, {"number": "57"}, follow=True).content.decode()


def test_my_work_names_what_is_due_returned_and_to_be_looked_at(desks: Desks) -> None:
    assert "Nộp báo cáo định kỳ" in desks.clerk.get(reverse("backoffice:work")).content.decode()
    reporting.submitted(desks.desk)
    assert "Xác nhận báo cáo của cấp dưới" in desks.district.get(reverse("backoffice:work")).content.decode()
    desks.district.post(desks.at("periodic_return"), {"r-reached": "Cao gấp đôi tuần trước."})
    assert "Sửa báo cáo bị trả lại" in desks.clerk.get(reverse("backoffice:work")).content.decode()
    reporting.submitted(desks.desk)
    desks.district.post(desks.at("periodic_endorse"), {"seen_hash": desks.desk.report_of(desks.desk.world.commune_a).content_hash})  # fmt: skip
    assert "Tiếp nhận báo cáo đã xác nhận" in desks.department.get(reverse("backoffice:work")).content.decode()


def test_the_navigation_shows_a_superiors_parts_to_superiors_only(desks: Desks) -> None:
    assert reverse("backoffice:periodic_review") in desks.district.get(reverse("backoffice:work")).content.decode()
    lone = make.signed_in(make.official(desks.desk.world.commune_b, Role.HEAD))
    page = lone.get(reverse("backoffice:work")).content.decode()
    assert reverse("backoffice:periodic") in page
    assert reverse("backoffice:periodic_review") not in page


COSTS = [
    ("clerk", "periodic", None, 12),
    ("clerk", "periodic_fill", "report", 20),
    ("district", "periodic_review", None, 20),
    ("department", "periodic_period", "period", 22),
    ("department", "campaign", "campaign", 20),
]


@pytest.mark.parametrize("cost", COSTS, ids=lambda cost: cost[1])
def test_a_page_costs_the_same_however_many_reports_there_are(
    desks: Desks, django_assert_max_num_queries, cost: tuple[str, str, str | None, int]
) -> None:
    who, view, of, most = cost
    if view != "periodic_fill":
        reporting.submitted(desks.desk)
    for week in range(1, 4):
        period = reporting.open_period(due_at=DUE + timedelta(days=7 * week), title=f"Tuần {15 + week}")
        uid = Obligation.objects.get(period=period, agency_id=desks.desk.world.commune_a).uid
        services.submit_report(uid, typed=reporting.TYPED, disputes={}, actor=desks.desk.clerk, now=NOW)
    with django_assert_max_num_queries(most):
        assert getattr(desks, who).get(address(desks, view, of)).status_code == 200
