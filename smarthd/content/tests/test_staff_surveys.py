"""Surveys that ask the staff of named agencies: who is asked, who sees them, what of the answers is ever shown."""

from __future__ import annotations

import copy
from collections import Counter
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth import get_user_model

from smarthd.agencies import services as agencies
from smarthd.agencies.models import Staff
from smarthd.agencies.rules import Kind, Role
from smarthd.content import own_data
from smarthd.content import rules as content_rules
from smarthd.content import selectors as content
from smarthd.content.models.surveys import Survey, SurveyResponse
from smarthd.content.rules import surveys as rules
from smarthd.content.selectors import papers, staff_surveys, surveys
from smarthd.content.services import surveys as services
from smarthd.content.tests import make
from smarthd.kernel import clock
from smarthd.kernel.errors import NotAllowed
from tests.planting import planted_once

pytestmark = pytest.mark.django_db
LATER = make.NOW + make.HOUR
CLOSES = make.NOW + timedelta(days=5)
_world = planted_once(make.world)


@pytest.fixture
def world(_world: make.World, db: None) -> make.World:
    return copy.deepcopy(_world)


@pytest.fixture(autouse=True)
def _hour() -> Iterator[None]:
    clock.set_now(LATER)
    yield
    clock.set_now(None)


def room(world: make.World) -> int:
    """Return a new office below commune A's."""
    new = agencies.NewAgency(
        kind=Kind.SUB_UNIT, name="Văn phòng xã A", code="vp-a", parent_id=world.commune_a, place_id=None
    )
    return agencies.found_agency(new, valid_from=make.FOUNDED).pk


def officials(agency_id: int, count: int = 1) -> list[int]:
    """Put new accounts on an agency's roster."""
    found = [int(get_user_model().objects.create(created_at=make.NOW).pk) for _ in range(count)]
    persons = [
        agencies.NewStaff(agency_id=agency_id, full_name=f"Cán bộ {one}", position="Công chức", account_id=one)
        for one in found
    ]
    agencies.add_staff(persons, valid_from=make.FOUNDED)
    return found


def opened(world: make.World, *staff_of: int, **changes: Any) -> Survey:
    told: dict[str, Any] = {
        "agency_id": world.commune_a, "title": "Phòng làm việc", "intro": "Để sửa.", "opens_at": make.NOW, "closes_at": CLOSES,
        "staff_of": staff_of or (world.commune_a,),
    } | changes  # fmt: skip
    survey = services.draft_survey(services.NewSurvey(**told), actor=make.SYSTEM, now=make.NOW)
    ask = (
        services.NewQuestion(rules.Form.ONE, "Đủ chỗ?", ("Đủ", "Thiếu")),
        services.NewQuestion(rules.Form.WORDS, "Ý khác?", required=False),
    )
    for question in ask:
        services.add_question(survey.pk, question, actor=make.SYSTEM, now=make.NOW)
    services.open_survey(survey.pk, actor=make.SYSTEM, now=make.NOW)
    survey.refresh_from_db()
    return survey


def answer(survey: Survey, account_id: int, words: str = "", pick: int = 0) -> None:
    option = survey.questions.get(position=1).options.all()[pick].pk
    given: dict[int, rules.Value] = {1: option} | ({2: words} if words else {})
    services.answer_survey(survey.slug, given=given, comments={}, account_id=account_id, now=LATER)


def end(survey: Survey) -> Survey:
    services.close_survey(survey.pk, actor=make.SYSTEM, now=LATER)
    survey.refresh_from_db()
    return survey


# --- who is asked ------------------------------------------------------------------------------------------------------
def test_the_staff_of_an_agency_and_of_all_below_it_is_asked_and_nobody_else(world: make.World) -> None:
    below = room(world)
    survey = opened(world)
    here, under = officials(world.commune_a)[0], officials(below)[0]
    left = officials(world.commune_a)[0]
    Staff.objects.filter(account_id=left).update(valid_to=make.TODAY)
    strangers = {
        "of the agency above": officials(world.province)[0],
        "of another commune": officials(world.commune_b)[0],
        "who left": left,
        "a citizen of the commune": int(
            get_user_model().objects.create(created_at=make.NOW, home_id=world.units["c0"].id).pk
        ),
        "a role without a place on the roster": make.officer(world.commune_a, Role.HEAD).pk,
    }
    for who, account_id in strangers.items():
        assert staff_surveys.asking(account_id, now=LATER) == [], who
        with pytest.raises(surveys.SurveyUnknown):
            staff_surveys.for_staff(account_id, survey.slug, now=LATER)
        with pytest.raises(rules.NotAsked):
            answer(survey, account_id)
    for account_id in (here, under):
        assert [one.slug for one in staff_surveys.waiting(account_id, now=LATER)] == [survey.slug]
        answer(survey, account_id)
        assert staff_surveys.waiting(account_id, now=LATER) == []
        with pytest.raises(rules.AnsweredAlready):
            answer(survey, account_id)
    assert set(SurveyResponse.objects.values_list("agency_id", "unit_id", "account_id")) == {
        (world.commune_a, None, None),
        (below, None, None),
    }


def test_an_agency_asks_its_own_staff_and_that_of_those_below_only(world: make.World) -> None:
    for asked in (world.province, world.commune_b):
        with pytest.raises(content_rules.AudienceTooWide) as refusal:
            opened(world, world.commune_a, asked)
        assert len(refusal.value.facts["places"]) == 1  # type: ignore[arg-type]
    survey = opened(world, world.commune_b, agency_id=world.province)
    assert staff_surveys.asked_names(survey, on=make.TODAY) == ["Ủy ban nhân dân xã B"]
    answer(survey, officials(world.commune_b)[0])
    with pytest.raises(rules.NotAsked):
        answer(survey, officials(world.commune_a)[0])


@pytest.mark.parametrize("more", [{"draft_text": "Điều 1."}, {"unit_ids": [1]}])
def test_officials_are_asked_questions_and_not_by_place(world: make.World, more: dict[str, Any]) -> None:
    with pytest.raises(rules.SurveyFaulty):
        opened(world, **more)


def test_who_writes_for_the_agency_drafts_and_another_opens(world: make.World) -> None:
    told = services.NewSurvey(world.commune_a, "Hỏi", "Vì sao.", make.NOW, CLOSES, staff_of=(world.commune_a,))
    for stranger in (make.officer(world.commune_a, Role.HEAD), make.officer(world.commune_b, Role.EDITOR)):
        with pytest.raises(NotAllowed):
            services.draft_survey(told, actor=stranger.content_actor, now=make.NOW)
    writer = make.officer(world.commune_a, Role.EDITOR)
    survey = services.draft_survey(told, actor=writer.content_actor, now=make.NOW)
    services.add_question(
        survey.pk, services.NewQuestion(rules.Form.SCALE, "Vui?"), actor=writer.content_actor, now=make.NOW
    )
    with pytest.raises(rules.OwnSurveyOpening):
        services.open_survey(survey.pk, actor=writer.content_actor, now=make.NOW)
    services.open_survey(survey.pk, actor=make.officer(world.commune_a, Role.HEAD).content_actor, now=make.NOW)


# --- citizens see none of it -------------------------------------------------------------------------------------------
def test_no_list_search_sheet_or_telephone_of_citizens_leads_to_it(world: make.World) -> None:
    survey = opened(world)
    home = world.units["c0"].id
    assert surveys.public_list(home, now=LATER) == []
    with pytest.raises(surveys.SurveyUnknown):
        surveys.public(survey.slug, now=LATER)
    assert [one.key for one in content.search_documents(now=LATER) if one.kind == "survey"] == []
    clerk = make.officer(world.commune_a, Role.CLERK).content_actor
    assert papers.open_surveys(clerk, now=LATER) == []
    assert papers.places_of(clerk, survey, now=LATER) == []
    option = survey.questions.get(position=1).options.all()[0].pk
    with pytest.raises(NotAllowed):
        services.enter_paper(survey.slug, services.Sheet("1", home, {1: option}, {}), actor=clerk, now=LATER)
    who = services.ByPhone(b"x" * 32, home)
    with pytest.raises(rules.NotAsked):
        services.answer_by_phone(survey.slug, who, given={1: option}, comments={}, now=LATER)


# --- what is shown -----------------------------------------------------------------------------------------------------
def test_nobody_sees_results_of_fewer_than_ten_or_before_the_end(world: make.World) -> None:
    survey = opened(world)
    persons = officials(world.commune_a, 11)
    for number, one in enumerate(persons[:9]):
        answer(survey, one, words=f"Ý {number}")
    assert staff_surveys.turnout(survey, now=LATER).answered is None
    ended = end(opened(world))
    for on_desk in (True, False):
        assert not surveys.results(ended, on_desk=on_desk).shown
    assert (surveys.exportable(ended), surveys.words_said(ended)) == (False, [])
    for one in persons[9:]:
        answer(survey, one, pick=1)
    assert not surveys.results(survey, on_desk=True).shown
    assert not surveys.exportable(survey)
    told = surveys.results(end(survey))
    assert (told.base, told.shown, [bar.count for bar in told.questions[0].bars]) == (11, True, [9, 2])
    assert not told.questions[1].shown
    assert surveys.words_said(survey) == []
    heads, lines = surveys.table(survey)
    assert heads == ["Cách trả lời", "1. Đủ chỗ?"]
    assert Counter(map(tuple, lines)) == {("Tài khoản", "Đủ"): 9, ("Tài khoản", "Thiếu"): 2}


def test_turnout_is_by_roster_with_its_size_and_never_tells_fewer_than_ten(world: make.World) -> None:
    below = room(world)
    survey = opened(world)
    many, few = officials(world.commune_a, 14), officials(below, 6)
    for one in [*many[:12], *few[:4]]:
        answer(survey, one)
    told = staff_surveys.turnout(survey, now=LATER)
    assert (told.answered, told.staff, told.on) == (16, 20, make.TODAY)
    assert [(part.answered, part.staff) for part in told.parts] == [(None, 14), (None, 6)]  # 12 would tell the 4
    third = agencies.found_agency(
        agencies.NewAgency(kind=Kind.SUB_UNIT, name="Trạm", code="tr-a", parent_id=world.commune_a, place_id=None),
        valid_from=make.FOUNDED,
    ).pk
    for one in officials(third, 3)[:2]:
        answer(survey, one)
    parts = {part.name: (part.answered, part.staff) for part in staff_surveys.turnout(survey, now=LATER).parts}
    assert parts == {"Ủy ban nhân dân xã A": (12, 14), "Văn phòng xã A": (None, 6), "Trạm": (None, 3)}


def test_a_named_survey_tells_day_and_agency_and_is_in_the_answerers_own_data(world: make.World) -> None:
    survey = opened(world, anonymous=False)
    persons = officials(world.commune_a, 10)
    for one in persons:
        answer(survey, one)
    heads, lines = surveys.table(end(survey))
    assert heads[:3] == ["Cách trả lời", "Ngày", "Cơ quan"]
    assert next(lines)[1:3] == ["01/04/2024", "Ủy ban nhân dân xã A"]
    assert [section.key for section in own_data.sections(persons[0])] == ["surveys"]


def test_what_one_is_asked_costs_a_fixed_number_of_statements(
    world: make.World, django_assert_max_num_queries: Any
) -> None:
    someone = officials(world.commune_a)[0]
    for _number in range(6):
        opened(world)
    with django_assert_max_num_queries(8):
        assert len(staff_surveys.waiting(someone, now=LATER)) == 6
    stranger = make.officer(world.commune_a, Role.HEAD).pk
    with django_assert_max_num_queries(2):
        assert staff_surveys.waiting(stranger, now=LATER) == []
