"""Surveys: who writes, who opens, who answers and how often; what of the answers is published."""

from __future__ import annotations

import copy
from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth import get_user_model

from smarthd.agencies.rules import Role
from smarthd.content import own_data
from smarthd.content import rules as content_rules
from smarthd.content.models.surveys import Survey, SurveyAnswer, SurveyResponse
from smarthd.content.rules import surveys as rules
from smarthd.content.selectors import surveys
from smarthd.content.services import surveys as services
from smarthd.content.tests import make
from smarthd.kernel.errors import NotAllowed
from smarthd.kernel.moves import IllegalMove
from tests.planting import planted_once

pytestmark = pytest.mark.django_db
LATER = make.NOW + make.HOUR
_world = planted_once(make.world)


@pytest.fixture
def world(_world: make.World, db: None) -> make.World:
    return copy.deepcopy(_world)


@pytest.mark.parametrize("state", list(rules.State))
@pytest.mark.parametrize(("seconds_left", "over"), [(1, False), (0, True), (-1, True)])
def test_an_open_survey_is_closed_by_its_last_hour(state: rules.State, seconds_left: int, over: bool) -> None:
    told = rules.state_at(state.value, closes_at=make.NOW + timedelta(seconds=seconds_left), now=make.NOW)
    assert told is (rules.State.CLOSED if over and state is rules.State.OPEN else state)


def draft(world: make.World, writer: Any = None, **changes: Any) -> Survey:
    told: dict[str, Any] = {
        "agency_id": world.commune_a, "title": "Giờ mở cửa", "intro": "Để xếp lịch.", "opens_at": make.NOW,
        "closes_at": make.NOW + timedelta(days=5), "unit_ids": [world.units["c0"].id],
    } | changes  # fmt: skip
    actor = writer.content_actor if writer else make.SYSTEM
    survey = services.draft_survey(services.NewSurvey(**told), actor=actor, now=make.NOW)
    ask = (
        services.NewQuestion(rules.Form.ONE, "Buổi nào?", ("Sáng", "Chiều")),
        services.NewQuestion(rules.Form.MANY, "Việc gì?", ("Khai sinh", "Đất", "Khác"), required=False),
        services.NewQuestion(rules.Form.SCALE, "Hài lòng?", required=False),
        services.NewQuestion(rules.Form.WORDS, "Ý khác?", required=False),
    )
    for question in ask:
        services.add_question(survey.pk, question, actor=actor, now=make.NOW)
    return survey


def opened(world: make.World, **changes: Any) -> Survey:
    survey = draft(world, **changes)
    services.open_survey(survey.pk, actor=make.SYSTEM, now=make.NOW)
    return survey


def person(unit_id: int | None) -> int:
    return int(get_user_model().objects.create(created_at=make.NOW, home_id=unit_id).pk)


def options(survey: Survey, position: int) -> list[int]:
    question = survey.questions.get(position=position)
    return list(question.options.values_list("pk", flat=True))


def answer(survey: Survey, account_id: int, pick: int = 0, **more: Any) -> None:
    given: dict[int, rules.Value] = {1: options(survey, 1)[pick]} | more.pop("given", {})
    services.answer_survey(
        survey.slug, given=given, comments=more.pop("comments", {}), account_id=account_id, now=more.pop("now", LATER)
    )


def test_one_person_answers_once_and_no_account_is_kept_of_an_anonymous_survey(world: make.World) -> None:
    survey = opened(world)
    someone = person(world.units["c0"].id)
    answer(survey, someone)
    with pytest.raises(rules.AnsweredAlready):
        answer(survey, someone, 1)
    response = SurveyResponse.objects.get()
    assert response.account_id is None
    assert len(response.voter) == 32


def test_a_persons_mark_differs_between_surveys(world: make.World) -> None:
    first, second = opened(world), opened(world)
    assert services.voter_of(first, 7) != services.voter_of(second, 7)
    assert services.voter_of(first, 7) != services.voter_of(first, 8)


def test_only_people_of_the_places_asked_answer_old_names_and_merged_units_too(world: make.World) -> None:
    survey = opened(world)
    for stranger in (person(world.units["c1"].id), person(None), 10**9):
        with pytest.raises(rules.NotAsked):
            answer(survey, stranger)
    everybody = opened(world, agency_id=world.province, unit_ids=[])
    answer(everybody, person(world.units["c1"].id))
    answer(everybody, person(None))


@pytest.mark.parametrize("now", [make.NOW - make.HOUR, make.NOW + timedelta(days=5), make.NOW + timedelta(days=9)])
def test_answers_are_taken_within_the_hours_only(world: make.World, now: Any) -> None:
    with pytest.raises(rules.SurveyNotOpen):
        answer(opened(world), person(world.units["c0"].id), now=now)


def test_a_draft_and_a_closed_survey_take_no_answers(world: make.World) -> None:
    survey = draft(world)
    someone = person(world.units["c0"].id)
    with pytest.raises(rules.SurveyNotOpen):
        answer(survey, someone)
    services.open_survey(survey.pk, actor=make.SYSTEM, now=make.NOW)
    services.close_survey(survey.pk, actor=make.SYSTEM, now=make.NOW)
    with pytest.raises(rules.SurveyNotOpen):
        answer(survey, someone)
    with pytest.raises(IllegalMove):
        services.open_survey(survey.pk, actor=make.SYSTEM, now=make.NOW)


BAD: list[dict[int, Any]] = [{1: -1}, {1: ""}, {2: (-1,)}, {2: "x"}, {3: 6}, {3: 0}, {4: "x" * 1001}, {4: 5}]


@pytest.mark.parametrize("given", BAD)
def test_an_answer_nobody_offered_is_refused_and_nothing_kept(world: make.World, given: dict[int, Any]) -> None:
    survey = opened(world)
    with pytest.raises(rules.SurveyAnswerFaulty) as refusal:
        answer(survey, person(world.units["c0"].id), given=given)
    assert list(refusal.value.facts["fields"]) == [str(next(iter(given)))]  # type: ignore[call-overload]
    assert not SurveyResponse.objects.exists()


def test_an_option_of_another_question_is_foreign(world: make.World) -> None:
    survey = opened(world)
    with pytest.raises(rules.SurveyAnswerFaulty):
        answer(survey, person(world.units["c0"].id), given={1: options(survey, 2)[0]})


def test_who_wrote_a_survey_does_not_open_it(world: make.World) -> None:
    writer = make.officer(world.commune_a, Role.EDITOR)
    survey = draft(world, writer)
    with pytest.raises(rules.OwnSurveyOpening):
        services.open_survey(survey.pk, actor=writer.content_actor, now=make.NOW)
    for stranger in (make.officer(world.commune_b, Role.HEAD), make.officer(world.commune_a, Role.CLERK)):
        with pytest.raises(NotAllowed):
            services.open_survey(survey.pk, actor=stranger.content_actor, now=make.NOW)
    services.open_survey(survey.pk, actor=make.officer(world.commune_a, Role.HEAD).content_actor, now=make.NOW)
    with pytest.raises(rules.SurveyNotOpen):
        services.add_question(
            survey.pk, services.NewQuestion(rules.Form.WORDS, "Thêm?"), actor=writer.content_actor, now=make.NOW
        )


def test_a_survey_is_within_its_agencys_reach_and_has_something_to_ask(world: make.World) -> None:
    with pytest.raises(content_rules.AudienceTooWide):
        draft(world, unit_ids=[])
    with pytest.raises(NotAllowed):
        draft(world, make.officer(world.commune_b, Role.EDITOR))
    told = services.NewSurvey(
        agency_id=world.commune_a,
        title="Trống",
        intro="x",
        opens_at=make.NOW,
        closes_at=LATER,
        unit_ids=[world.units["c0"].id],
    )
    survey = services.draft_survey(told, actor=make.SYSTEM, now=make.NOW)
    with pytest.raises(rules.SurveyFaulty):
        services.open_survey(survey.pk, actor=make.SYSTEM, now=make.NOW)
    with pytest.raises(rules.SurveyFaulty):
        services.add_question(
            survey.pk, services.NewQuestion(rules.Form.ONE, "Một?", ("a",)), actor=make.SYSTEM, now=make.NOW
        )
    for number in range(rules.MAX_QUESTIONS):
        services.add_question(
            survey.pk, services.NewQuestion(rules.Form.WORDS, f"{number}?"), actor=make.SYSTEM, now=make.NOW
        )
    with pytest.raises(rules.SurveyFaulty):
        services.add_question(survey.pk, services.NewQuestion(rules.Form.WORDS, "13?"), actor=make.SYSTEM, now=make.NOW)


def test_results_tell_shares_of_those_who_answered_each_question_and_hide_a_handful(world: make.World) -> None:
    survey = opened(world)
    chosen = options(survey, 2)
    for number in range(12):
        extra: dict[int, rules.Value] = {2: tuple(chosen[:2]), 3: 4} if number < 3 else {}
        answer(survey, person(world.units["c0"].id), int(number >= 9), given=extra)
        public = surveys.results(survey)
        assert public.shown is (number + 1 >= rules.FEWEST)
        assert bool(public.questions) is public.shown
    first, second, third, _words = surveys.results(survey).questions
    assert (first.base, [(bar.count, round(bar.share, 2)) for bar in first.bars]) == (12, [(9, 0.75), (3, 0.25)])
    assert (second.base, second.shown, second.bars, third.mean) == (3, False, (), None)
    desk = surveys.results(survey, on_desk=True).questions
    assert [bar.count for bar in desk[1].bars] == [3, 3, 0]
    assert desk[2].mean == 4


@pytest.mark.parametrize(
    ("counts", "shown"),
    [
        ({1: 30, 2: 12}, {1, 2}),
        ({1: 30, 2: 12, 3: 4}, {1}),
        ({1: 30, 2: 4, 3: 4}, {1}),
        ({1: 30, 2: 4}, set()),
        ({1: 4}, set()),
        ({}, set()),
    ],
)
def test_a_part_that_could_be_told_from_the_rest_is_hidden_too(counts: dict[int, int], shown: set[int]) -> None:
    assert set(rules.shown_parts(counts)) == shown


def test_paragraphs_of_a_draft_are_commented_and_counted(world: make.World) -> None:
    survey = opened(world, draft_text="Điều 1. Một.\n\nĐiều 2. Hai.\n")
    for number in range(10):
        answer(survey, person(world.units["c0"].id), comments={2: f"Nên thêm {number}", 9: "ngoài"})
    assert [(number, count) for number, _words, count in surveys.results(survey).comments] == [(1, None), (2, 10)]
    assert ("Đoạn 2", "Nên thêm 0") in surveys.words_said(survey)


def test_files_of_an_anonymous_survey_hold_neither_day_nor_place(world: make.World) -> None:
    for anonymous in (True, False):
        survey = opened(world, anonymous=anonymous)
        answer(survey, person(world.units["c0"].id), given={2: tuple(options(survey, 2)[:2])})
        heads, lines = surveys.table(survey)
        line = next(lines)
        assert len(line) == len(heads)
        assert ("Ngày" in heads) is not anonymous
        assert "Khai sinh; Đất" in line


def test_erasing_a_person_cuts_the_tie_and_destroys_their_words(world: make.World) -> None:
    survey = opened(world, anonymous=False)
    someone = person(world.units["c0"].id)
    answer(survey, someone, given={4: "Tôi ở nhà số 5"})
    (told,) = own_data.sections(someone)
    assert "Tôi ở nhà số 5" in str(told.rows)
    services.forget_person(someone)
    assert list(own_data.sections(someone)) == []
    assert SurveyResponse.objects.get().account_id is None
    assert not SurveyAnswer.objects.filter(words__contains="số 5").exists()
    assert surveys.results(survey, on_desk=True).base == 1


def test_a_reader_finds_what_asks_their_place_open_ones_first(world: make.World) -> None:
    opened(world, title="Của A", closes_at=make.NOW + timedelta(days=9))
    ended = opened(world, title="Đã xong")
    services.close_survey(ended.pk, actor=make.SYSTEM, now=make.NOW)
    draft(world, title="Nháp")
    opened(world, agency_id=world.province, unit_ids=[], title="Của tỉnh")
    home = [card.title for card in surveys.public_list(world.units["c0"].id, now=LATER)]
    assert home == ["Của tỉnh", "Của A", "Đã xong"]
    assert [card.title for card in surveys.public_list(world.units["c1"].id, now=LATER)] == ["Của tỉnh"]
    with pytest.raises(surveys.SurveyUnknown):
        surveys.for_desk(make.officer(world.commune_b, Role.HEAD).content_actor, ended.uid)
