"""Asking the staff of agencies: from who writes over who opens to who answers, and who sees what of it on the way."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.test import Client
from django.urls import reverse

from smarthd.agencies import services as agencies
from smarthd.agencies.rules import Role
from smarthd.agencies.tests import make as agencies_make
from smarthd.backoffice.tests import make
from smarthd.content.models.surveys import Survey, SurveyResponse
from smarthd.content.rules import surveys as rules
from smarthd.content.services import surveys
from smarthd.kernel import clock

pytestmark = pytest.mark.django_db
STAFF_PAGE = "/y-kien/can-bo/"


@pytest.fixture(autouse=True)
def _hour() -> Iterator[None]:
    clock.set_now(make.NOW)
    yield
    clock.set_now(None)


def rostered(agency_id: int, account_id: int, name: str = "Cán bộ") -> int:
    """Put an account on an agency's roster."""
    person = agencies.NewStaff(agency_id=agency_id, full_name=name, position="Công chức", account_id=account_id)
    agencies.add_staff([person], valid_from=agencies_make.FOUNDED)
    return account_id


def citizen() -> int:
    return int(get_user_model().objects.create(full_name="Lê Thị Bình", created_at=make.NOW).pk)


def sent(desk: make.Desk, **changes: str) -> dict[str, str]:
    return {
        "agency": str(desk.at), "title": "Phòng làm việc", "intro": "Để sửa phòng.", "asked": "can-bo", "anonymous": "on",
        "closes_on": f"{clock.today() + timedelta(days=9):%Y-%m-%d}",
    } | changes  # fmt: skip


def drafted(desk: make.Desk, client: Client) -> tuple[Survey, str]:
    assert client.post(reverse("backoffice:survey_new"), sent(desk)).status_code == 302
    survey = Survey.objects.get()
    page = reverse("backoffice:survey", args=[survey.uid])
    question = {"form": "one", "words": "Đủ chỗ?", "options": "Đủ\nThiếu", "required": "on"}
    assert client.post(page, question).status_code == 302
    return survey, page


def signed(account_id: int) -> Client:
    return make.signed_in(account_id, second_factor=False)


def test_a_survey_of_staff_goes_from_the_desk_to_those_on_the_roster_and_back(desk: make.Desk) -> None:
    survey, page = drafted(desk, make.signed_in(make.official(desk.at, Role.EDITOR)))
    head_id = rostered(desk.at, make.official(desk.at, Role.HEAD), "Chủ tịch")
    head = make.signed_in(head_id)
    assert "Cán bộ sẽ thấy" in head.get(page).content.decode()
    assert head.post(reverse("backoffice:survey_act", args=[survey.uid, "mo"])).status_code == 302
    assert "Trả lời cơ quan hỏi" in head.get(reverse("backoffice:work")).content.decode()
    persons = [rostered(desk.at, citizen(), f"Người {number}") for number in range(10)]
    place = f"{STAFF_PAGE}{survey.slug}/"
    option = str(survey.questions.get().options.get(words="Đủ").pk)
    for one in persons:
        client = signed(one)
        assert "Phòng làm việc" in client.get(STAFF_PAGE).content.decode()
        assert "1 việc chờ trả lời" in client.get("/toi/").content.decode()
        assert client.post(place, {}).status_code == 422
        assert client.post(place, {"c1": option}).status_code == 302
        assert "Anh, chị đã trả lời rồi" in client.get(place).content.decode()
        assert client.post(place, {"c1": option}).status_code == 409
    shown = head.get(page).content.decode()
    assert "10 người trên" in shown
    assert "Kết quả hiện sau khi kết thúc" in shown
    files = [reverse("backoffice:survey_export", args=[survey.uid, suffix]) for suffix in ("csv", "xlsx")]
    assert [head.get(one).status_code for one in files] == [404, 404]
    assert head.post(reverse("backoffice:survey_act", args=[survey.uid, "dong"])).status_code == 302
    assert [head.get(one).status_code for one in files] == [200, 200]
    assert "100,0%" in head.get(page).content.decode()
    over = signed(persons[0]).get(place).content.decode()
    assert "100,0%" in over
    assert "danh sách cán bộ các cơ quan" in over


@pytest.mark.parametrize("who", ["nobody", "citizen", "other roster", "role only", "roster"])
def test_who_may_open_the_page(desk: make.Desk, who: str) -> None:
    at = desk.world.commune_a
    new = surveys.NewSurvey(at, "Phòng", "Để sửa.", make.NOW, make.NOW + timedelta(days=3), staff_of=(at,))
    survey = surveys.draft_survey(new, actor=make.SYSTEM, now=make.NOW)
    surveys.add_question(survey.pk, surveys.NewQuestion(rules.Form.SCALE, "Vui?"), actor=make.SYSTEM, now=make.NOW)
    surveys.open_survey(survey.pk, actor=make.SYSTEM, now=make.NOW)
    accounts: dict[str, Any] = {
        "citizen": citizen,
        "other roster": lambda: rostered(desk.world.commune_b, citizen()),
        "role only": lambda: make.official(at, Role.HEAD),
        "roster": lambda: rostered(at, citizen()),
    }
    client = Client() if who == "nobody" else signed(accounts[who]())
    wanted = {"nobody": 302, "roster": 200}.get(who, 404)
    place = f"{STAFF_PAGE}{survey.slug}/"
    assert client.get(place).status_code == wanted
    assert client.post(place, {"c1": "9"}).status_code == {200: 422}.get(wanted, wanted)
    assert ("Phòng" in client.get(STAFF_PAGE).content.decode()) is (who == "roster")
    assert client.get(f"/y-kien/{survey.slug}/").status_code == 404
    assert "Phòng" not in client.get("/y-kien/").content.decode()
    assert not SurveyResponse.objects.exists()


def test_an_agency_that_is_not_below_is_said_by_its_line_and_a_draft_is_for_citizens(desk: make.Desk) -> None:
    editor = make.signed_in(make.official(desk.at, Role.EDITOR))
    new = reverse("backoffice:survey_new")
    wrong = editor.post(new, sent(desk, offices="Sở Không Có"))
    assert wrong.status_code == 422
    assert "Sở Không Có" in wrong.content.decode()
    assert editor.post(new, sent(desk, draft_text="Điều 1.")).status_code == 422
    assert not Survey.objects.exists()
