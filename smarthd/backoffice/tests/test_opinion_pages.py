"""Sheets of paper and the table of answers at the desk: their doors by role, and one round through each."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.urls import reverse

from smarthd.agencies.rules import Role
from smarthd.backoffice.tests import make
from smarthd.content.models.surveys import Survey, SurveyResponse
from smarthd.content.rules import surveys as rules
from smarthd.content.selectors import papers
from smarthd.content.services import surveys

pytestmark = pytest.mark.django_db


def opened(desk: make.Desk) -> Survey:
    """Return a consultation of everybody, of the desk's own agency, with one opinion on its only paragraph."""
    new = surveys.NewSurvey(desk.at, "Quy ước", "Góp ý.", make.NOW, make.NOW + timedelta(days=3), (), "Điều 1. Giữ xe.")
    survey = surveys.draft_survey(new, actor=make.SYSTEM, now=make.NOW)
    surveys.open_survey(survey.pk, actor=make.SYSTEM, now=make.NOW)
    home = make.neighbours()[0].id
    account = make.official(desk.at, Role.CLERK)
    get_user_model().objects.filter(pk=account).update(home_id=home)
    surveys.answer_survey(survey.slug, given={}, comments={1: "Giữ xe miễn phí"}, account_id=account, now=make.NOW)
    return survey


def address(view: str, *parts: Any) -> str:
    return reverse(f"backoffice:{view}", args=parts)


GROUP = {
    "paragraph": "1", "summary": "Đề nghị giữ xe miễn phí.", "people": "1", "stand": "explained",
    "answer": "Phí dùng trả người trông xe, nên giữ như dự thảo.",
}  # fmt: skip


@pytest.mark.parametrize("role", [*Role])
def test_doors_open_by_role(desk: make.Desk, role: Role) -> None:
    survey = opened(desk)
    client = make.signed_in(make.official(desk.at, role))
    typist = role in papers.TYPISTS
    assert client.get(address("survey_papers")).status_code == (200 if typist else 404)
    # the desk's agency has no place of its own: there is no sheet of its people to type in
    assert client.get(address("survey_paper", survey.slug)).status_code == 404
    reads = role in {Role.EDITOR, Role.HEAD, Role.DELEGATE, Role.AUDITOR}
    wanted = 302 if role is Role.EDITOR else 403 if reads else 404
    assert client.post(address("survey_group", survey.uid), GROUP).status_code == wanted


def test_from_an_opinion_to_the_published_table(desk: make.Desk) -> None:
    survey = opened(desk)
    editor, head = (make.signed_in(make.official(desk.at, role)) for role in (Role.EDITOR, Role.HEAD))
    page = address("survey", survey.uid)
    wrong = editor.post(address("survey_group", survey.uid), GROUP | {"people": "5"})
    assert wrong.status_code == 422
    assert "Đề nghị giữ xe miễn phí." in wrong.content.decode()
    assert editor.post(address("survey_group", survey.uid), GROUP).status_code == 302
    assert "Đề nghị giữ xe miễn phí." in editor.get(page).content.decode()
    publish = address("survey_act", survey.uid, "cong-bo")
    assert head.post(publish).status_code == 409
    surveys.close_survey(survey.pk, actor=make.SYSTEM, now=make.NOW)
    assert editor.post(publish).status_code == 403
    assert head.post(publish).status_code == 302
    table = head.get(f"{address('survey_export', survey.uid, 'csv')}?tiep-thu").content.decode()
    assert "Giải trình, giữ như dự thảo" in table
    shown = head.get(f"/y-kien/{survey.slug}/").content.decode()
    assert "Phí dùng trả người trông xe" in shown
    assert "1 trên 1 người" not in shown  # too few to be named


def test_a_sheet_is_typed_in_and_the_next_one_follows(desk: make.Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    survey = opened(desk)
    home = make.neighbours()[0].id
    monkeypatch.setattr(papers, "own_places", lambda actor, now: {home: "Ủy ban nhân dân xã"})
    clerk = make.signed_in(make.official(desk.world.commune_a, Role.CLERK))
    assert survey.title in clerk.get(address("survey_papers")).content.decode()
    page = address("survey_paper", survey.slug)
    assert clerk.post(page, {"so-phieu": "", "d1": "Viết tay"}).status_code == 422
    assert clerk.post(page, {"so-phieu": "7", "d1": "Viết tay"}).status_code == 302
    again = clerk.post(page, {"so-phieu": "7", "d1": "Viết tay"})
    assert again.status_code == 422
    assert "Số phiếu này đã nhập rồi." in again.content.decode()
    assert SurveyResponse.objects.filter(road=rules.Road.PAPER).count() == 1


def test_a_survey_asks_the_communes_named_line_by_line(desk: make.Desk) -> None:
    editor = make.signed_in(make.official(desk.at, Role.EDITOR))
    one, two = make.neighbours()[:2]
    sent = {
        "agency": str(desk.at), "title": "Giờ mở cửa", "intro": "Để xếp lịch.",
        "closes_on": (make.TODAY + timedelta(days=3)).isoformat(), "communes": f"{one.full_name}\n\n{two.full_name}",
    }  # fmt: skip
    wrong = editor.post(address("survey_new"), sent | {"communes": "Xã Không Có Ở Đâu"})
    assert wrong.status_code == 422
    assert "Xã Không Có Ở Đâu" in wrong.content.decode()
    assert editor.post(address("survey_new"), sent).status_code == 302
    assert {place.unit_id for place in Survey.objects.get().places.all()} == {one.id, two.id}
