"""A campaign run from its pages: opened, its document kept, a form drawn up by buttons alone, periods frozen, copied, closed."""

from __future__ import annotations

from datetime import date

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from smarthd.backoffice.forms import campaigns as drawing
from smarthd.backoffice.tests import periodic
from smarthd.backoffice.tests.periodic import SOON, Desks
from smarthd.kernel import clock
from smarthd.rollout import selectors
from smarthd.rollout.models import Campaign, Form, Period
from smarthd.rollout.rules import forms

pytestmark = pytest.mark.django_db


@pytest.fixture
def desks(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    clock.set_now(SOON)
    yield periodic.desks()
    clock.set_now(None)


def at(view: str, **more: str) -> str:
    return reverse(f"backoffice:{view}", kwargs={"key": "lenh", **more})


def test_a_campaign_is_opened_run_copied_and_closed_by_its_name(desks: Desks) -> None:
    new = {"title": "Phổ cập chữ ký số", "opens_on": "2024-05-02", "deadline_on": "2024-06-28"}
    desks.department.post(reverse("backoffice:campaigns"), new)
    made = Campaign.objects.get(title="Phổ cập chữ ký số")
    assert (made.key, made.coordinator_id, made.status) == (
        "pho-cap-chu-ky-so-2024",
        desks.desk.world.department,
        "draft",
    )
    assert desks.department.post(reverse("backoffice:campaigns"), new).status_code == 422
    backwards = {**new, "title": "Khác", "deadline_on": "2024-05-01"}
    assert desks.department.post(reverse("backoffice:campaigns"), backwards).status_code == 422

    desks.department.post(at("campaign_status"), {"sang": "running"})
    assert desks.department.post(at("campaign_status"), {"sang": "closed", "ten": "sai tên"}).status_code == 422
    desks.department.post(at("campaign_status"), {"sang": "closed", "ten": "cài đặt và sử dụng"})
    assert Campaign.objects.get(key="lenh").status == "closed"
    desks.department.post(
        at("campaign_clone"), {"title": "Lệnh sau", "opens_on": "2024-06-01", "deadline_on": "2024-06-28"}
    )
    assert Form.objects.filter(campaign__key="lenh-sau-2024").count() == 1


def test_the_orders_document_goes_in_and_comes_out(desks: Desks) -> None:
    file = SimpleUploadedFile("CV 1038.pdf", b"%PDF-1.7 van ban", content_type="application/pdf")
    words = {
        "document_number": "1038/UBND-VX",
        "document_on": "2024-03-26",
        "document_title": "v/v",
        "issued_by": "UBND tỉnh",
    }
    assert desks.department.post(at("campaign_document"), {**words, "file": file}).status_code == 302
    out = desks.auditor.get(at("campaign_document"))
    assert out.status_code == 200, out.content
    assert b"".join(out.streaming_content) == b"%PDF-1.7 van ban"
    assert "attachment" in out["content-disposition"]
    bad = SimpleUploadedFile("x.exe", b"MZ", content_type="application/pdf")
    refused = desks.department.post(at("campaign_document"), {**words, "file": bad})
    assert refused.status_code == 422
    assert "Chỉ nhận tệp PDF hoặc Word" in refused.content.decode()


def test_targets_are_set_for_all_or_for_one_and_taken_away(desks: Desks) -> None:
    desks.department.post(at("campaign_target"), {"indicator": "staff_used", "percent": "100", "whom": ""})
    desks.department.post(
        at("campaign_target"), {"indicator": "staff_used", "percent": "87,5", "whom": "Ủy ban nhân dân xã Hợp Tiến"}
    )
    targets = selectors.campaign("lenh").targets
    assert {(one.value, one.agency_id) for one in targets} == {(1.0, None), (0.875, desks.desk.world.commune_a)}
    unknown = desks.department.post(
        at("campaign_target"), {"indicator": "staff_used", "percent": "90", "whom": "Không có nơi này"}
    )
    assert unknown.status_code == 422
    desks.department.post(at("campaign_target"), {"bo": str(targets[0].id)})
    assert len(selectors.campaign("lenh").targets) == 1


def posted(plan: forms.FormPlan, title: str = "Biểu thử", **more: str) -> dict[str, str]:
    data = {"title": title, **more}
    for number, one in enumerate(plan.fields):
        data |= {
            f"f{number}-key": one.key,
            f"f{number}-label": one.label,
            f"f{number}-kind": one.kind.value,
            f"f{number}-choices": "\n".join(one.choices),
        }
        if one.required:
            data[f"f{number}-required"] = "1"
    return data


def test_a_form_is_drawn_up_by_buttons_alone_and_published_by_its_name(desks: Desks) -> None:
    desks.department.post(at("campaign_form_new"), {"title": "Biểu thử"})
    place = at("campaign_form", form_key="bieu-thu")

    def plan() -> forms.FormPlan:
        return selectors.form_of("lenh", "bieu-thu").plan

    data = posted(plan()) | {"f0-label": "Số hộ đã đến"}
    desks.department.post(place, {**data, "viec": "them"})
    data = posted(plan()) | {
        "f1-label": "Số hộ có điện thoại thông minh",
        "f1-hint": "Đếm cả máy cũ",
        "f1-most": "5.000",
    }
    desks.department.post(place, {**data, "viec": "len-1"})
    assert [one.label for one in plan().fields] == ["Số hộ có điện thoại thông minh", "Số hộ đã đến"]
    first, second = plan().fields
    assert first.most == 5000
    check = {"k0-left": first.key, "k0-relation": "at_most", "k0-right0": second.key, "viec": "luu"}
    desks.department.post(place, {**posted(plan()), **check})
    [kept] = plan().checks
    assert kept.words == "“Số hộ có điện thoại thông minh” phải không lớn hơn “Số hộ đã đến”."
    preview = desks.department.post(at("campaign_form_preview", form_key="bieu-thu"), posted(plan())).content.decode()
    assert "Số hộ đã đến" in preview
    publish = at("campaign_form_publish", form_key="bieu-thu")
    assert desks.department.post(publish, {"ten": "khác"}).status_code == 422
    desks.department.post(publish, {"ten": "Biểu thử"})
    assert selectors.form_of("lenh", "bieu-thu").in_use == 1


def test_a_form_with_a_fault_is_kept_and_not_published(desks: Desks) -> None:
    desks.department.post(at("campaign_form_new"), {"title": "Biểu thử"})
    page = desks.department.get(at("campaign_form", form_key="bieu-thu")).content.decode()
    assert "Mục chưa có tên." in page
    refused = desks.department.post(at("campaign_form_publish", form_key="bieu-thu"), {"ten": "Biểu thử"})
    assert refused.status_code == 422
    assert Form.objects.get(key="bieu-thu").published_at is None


@pytest.mark.parametrize("act", ["them", "bo-0", "bo-99", "len-0", "xuong-99", "len-x", "lạ"])
def test_no_button_breaks_a_form_of_any_length(act: str) -> None:
    plan = forms.FormPlan(())
    for _ in range(14):
        plan = drawing.moved(plan, "them")
    assert len(plan.fields) == forms.MOST_FIELDS
    assert len({one.key for one in plan.fields}) == forms.MOST_FIELDS
    drawing.moved(plan, act)
    drawing.moved(forms.FormPlan(()), act)


def test_periods_come_singly_or_weekly_and_are_frozen_by_name_after_a_preview(desks: Desks) -> None:
    desks.department.post(at("campaign_series"), {"first_due_on": "2024-04-12", "title": "Tuần {so}"})
    assert Period.objects.filter(campaign__key="lenh", title__startswith="Tuần ").count() == 3  # one stood before
    one = {"title": "Kỳ cuối", "opens_on": "2024-04-15", "cut_off": "2024-04-18", "due_on": "2024-04-19"}
    desks.department.post(at("campaign_period"), one)
    assert desks.department.post(at("campaign_period"), {**one, "due_on": "2024-04-01"}).status_code == 422
    period = Period.objects.get(title="Kỳ cuối")
    place = reverse("backoffice:campaign_freeze", kwargs={"key": "lenh", "uid": period.uid})
    page = desks.department.get(place, {"loai": ["commune_committee"]})
    assert "2 cơ quan × 1 biểu = 2 báo cáo phải nộp." in page.content.decode()
    assert desks.department.post(place, {"loai": ["commune_committee"], "ten": "khác"}).status_code == 422
    desks.department.post(place, {"loai": ["commune_committee"], "ten": "kỳ cuối"})
    assert period.obligations.count() == 2
    assert Period.objects.get(pk=period.pk).cut_off == date(2024, 4, 18)
