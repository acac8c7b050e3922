"""Opinions on a draft answered group by group, sheets of paper typed in, questions that hang on an answer."""

from __future__ import annotations

import copy
from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth import get_user_model

from smarthd.agencies.rules import Role
from smarthd.content.models.surveys import Survey, SurveyAnswer, SurveyResponse
from smarthd.content.rules import opinions as rules
from smarthd.content.rules import surveys as survey_rules
from smarthd.content.rules.opinions import Stand
from smarthd.content.selectors import opinions as reads
from smarthd.content.selectors import papers
from smarthd.content.selectors import surveys as survey_reads
from smarthd.content.services import opinions as services
from smarthd.content.services import surveys
from smarthd.content.tests import make
from smarthd.kernel.errors import Conflict, NotAllowed
from tests.planting import planted_once

pytestmark = pytest.mark.django_db
LATER = make.NOW + make.HOUR
DRAFT = "Điều 1. Mở cửa sáng thứ Bảy.\nĐiều 2. Thu phí giữ xe."
_world = planted_once(make.world)


@pytest.fixture
def world(_world: make.World, db: None) -> make.World:
    return copy.deepcopy(_world)


def opened(world: make.World, **changes: Any) -> Survey:
    told: dict[str, Any] = {
        "agency_id": world.commune_a, "title": "Quy ước nhà văn hóa", "intro": "Để góp ý.", "opens_at": make.NOW,
        "closes_at": make.NOW + timedelta(days=5), "unit_ids": [world.units["c0"].id], "draft_text": DRAFT,
    } | changes  # fmt: skip
    survey = surveys.draft_survey(surveys.NewSurvey(**told), actor=make.SYSTEM, now=make.NOW)
    ask(survey, survey_rules.Form.ONE, "Có xe không?", ("Có", "Không"))
    first = survey.questions.get(position=1).options.get(words="Có").pk
    ask(survey, survey_rules.Form.SCALE, "Phí có hợp lý không?", after_id=first)
    surveys.open_survey(survey.pk, actor=make.SYSTEM, now=make.NOW)
    return survey


def ask(survey: Survey, form: survey_rules.Form, words: str, options: tuple[str, ...] = (), **more: Any) -> None:
    new = surveys.NewQuestion(form, words, options, **more)
    surveys.add_question(survey.pk, new, actor=make.SYSTEM, now=make.NOW)


def option(survey: Survey, words: str) -> int:
    return int(survey.questions.get(position=1).options.get(words=words).pk)


def say(
    world: make.World, survey: Survey, *, comments: dict[int, str], yes: bool = True, score: int | None = 3
) -> None:
    person = get_user_model().objects.create(created_at=make.NOW, home_id=world.units["c0"].id)
    given: dict[int, survey_rules.Value] = {1: option(survey, "Có" if yes else "Không")}
    if score is not None:
        given[2] = score
    surveys.answer_survey(survey.slug, given=given, comments=comments, account_id=person.pk, now=LATER)


def group(**changes: Any) -> services.NewGroup:
    told: dict[str, Any] = {
        "paragraph": 2, "summary": "Đề nghị không thu phí người già.", "people": 2, "stand": Stand.TAKEN,
        "answer": "Đã sửa: người từ 60 tuổi không phải trả phí.",
    }  # fmt: skip
    return services.NewGroup(**(told | changes))


@pytest.mark.parametrize(
    ("changes", "fields"),
    [
        ({}, set()),
        ({"paragraph": None, "people": 3}, set()),
        ({"paragraph": 3}, {"paragraph", "people"}),
        ({"paragraph": 0}, {"paragraph", "people"}),
        ({"summary": "x"}, {"summary"}),
        ({"answer": " "}, {"answer"}),
        ({"people": 3}, {"people"}),
        ({"people": 0}, {"people"}),
        ({"paragraph": 1, "people": 2}, {"people"}),
    ],
)
def test_a_group_speaks_of_people_who_wrote_about_that_part_and_is_answered(
    world: make.World, changes: dict[str, Any], fields: set[str]
) -> None:
    survey = opened(world)
    for comments in ({2: "Không thu người già"}, {2: "Miễn phí"}, {1: "Mở cả Chủ nhật"}):
        say(world, survey, comments=comments)
    if not fields:
        services.add_group(survey.pk, group(**changes), actor=make.SYSTEM, now=LATER)
        return
    with pytest.raises(rules.OpinionFaulty) as refusal:
        services.add_group(survey.pk, group(**changes), actor=make.SYSTEM, now=LATER)
    assert set(refusal.value.facts["fields"]) == fields  # type: ignore[call-overload]


def test_the_table_is_published_by_a_leader_once_nobody_is_asked_and_then_stays(world: make.World) -> None:
    survey = opened(world)
    for _number in range(2):
        say(world, survey, comments={2: "Không thu người già"})
    editor, head = (make.officer(world.commune_a, role).content_actor for role in (Role.EDITOR, Role.HEAD))
    with pytest.raises(NotAllowed):
        services.add_group(survey.pk, group(), actor=head, now=LATER)
    held = services.add_group(survey.pk, group(), actor=editor, now=LATER)
    services.drop_group(survey.pk, held.uid, actor=editor, now=LATER)
    after = survey.closes_at
    with pytest.raises(rules.NotExplained):
        services.publish_explanation(survey.pk, actor=head, now=after)
    services.add_group(survey.pk, group(), actor=editor, now=LATER)
    with pytest.raises(rules.NotExplained):
        services.publish_explanation(survey.pk, actor=head, now=LATER)
    for stranger in (editor, make.officer(world.commune_b, Role.HEAD).content_actor):
        with pytest.raises(NotAllowed):
            services.publish_explanation(survey.pk, actor=stranger, now=after)
    services.publish_explanation(survey.pk, actor=head, now=after)
    for again in (
        lambda: services.publish_explanation(survey.pk, actor=head, now=after),
        lambda: services.add_group(survey.pk, group(), actor=editor, now=after),
        lambda: services.drop_group(survey.pk, held.uid, actor=editor, now=after),
    ):
        with pytest.raises(rules.ExplainedAlready):
            again()
    (shown,) = reads.groups_of(survey)
    assert (shown.part, shown.people, shown.said, shown.stand_word) == ("Đoạn 2", 2, 2, "Tiếp thu")
    heads, rows = reads.table(survey)
    assert {len(row) for row in rows} == {len(heads)}


def test_a_survey_without_a_draft_has_nothing_to_explain(world: make.World) -> None:
    survey = opened(world, draft_text="")
    with pytest.raises(rules.NotExplained):
        services.add_group(survey.pk, group(), actor=make.SYSTEM, now=LATER)


def test_a_question_that_hangs_on_an_answer_is_asked_of_who_gave_it(world: make.World) -> None:
    survey = opened(world)
    say(world, survey, comments={}, yes=True, score=4)
    with pytest.raises(survey_rules.SurveyAnswerFaulty):
        say(world, survey, comments={}, yes=True, score=None)
    say(world, survey, comments={}, yes=False, score=None)
    say(world, survey, comments={}, yes=False, score=5)  # answered beside the way: not kept
    assert list(SurveyAnswer.objects.exclude(score=None).values_list("score", flat=True)) == [4]
    base = {one.position: one.base for one in survey_reads.results(survey, on_desk=True).questions}
    assert base == {1: 3, 2: 1}


def test_a_question_others_hang_on_stays_and_none_hangs_on_another_survey(world: make.World) -> None:
    other = opened(world)
    draft = surveys.draft_survey(
        surveys.NewSurvey(world.commune_a, "Khác", "Khác", make.NOW, LATER, [world.units["c0"].id]),
        actor=make.SYSTEM, now=make.NOW,
    )  # fmt: skip
    with pytest.raises(survey_rules.SurveyFaulty):
        ask(draft, survey_rules.Form.WORDS, "Lạc?", after_id=option(other, "Có"))
    ask(draft, survey_rules.Form.ONE, "Một?", ("Có", "Không"))
    ask(draft, survey_rules.Form.WORDS, "Hai?", after_id=option(draft, "Có"))
    with pytest.raises(survey_rules.QuestionLeadsOn):
        surveys.drop_question(draft.pk, 1, actor=make.SYSTEM, now=make.NOW)
    surveys.drop_question(draft.pk, 2, actor=make.SYSTEM, now=make.NOW)
    surveys.drop_question(draft.pk, 1, actor=make.SYSTEM, now=make.NOW)


def sheet(world: make.World, survey: Survey, number: str = "012", unit: str = "c0") -> surveys.Sheet:
    return surveys.Sheet(number, world.units[unit].id, {1: option(survey, "Không")}, {2: "Viết tay"})


@pytest.mark.parametrize("role", list(Role))
def test_sheets_are_typed_in_at_an_office_of_a_place_that_is_asked(world: make.World, role: Role) -> None:
    survey, everybody = opened(world), opened(world, agency_id=world.province, unit_ids=[])
    mine, theirs = (make.officer(at, role).content_actor for at in (world.commune_a, world.commune_b))
    weak = make.officer(world.commune_a, role, second_factor=False).content_actor
    if role not in papers.TYPISTS:
        assert papers.open_surveys(mine, now=LATER) == []
        with pytest.raises(NotAllowed):
            surveys.enter_paper(survey.slug, sheet(world, survey), actor=mine, now=LATER)
        return
    assert {one.pk for one in papers.open_surveys(mine, now=LATER)} == {survey.pk, everybody.pk}
    assert [one.pk for one in papers.open_surveys(theirs, now=LATER)] == [everybody.pk]
    surveys.enter_paper(survey.slug, sheet(world, survey), actor=mine, now=LATER)
    surveys.enter_paper(everybody.slug, sheet(world, everybody), actor=mine, now=LATER)
    surveys.enter_paper(everybody.slug, sheet(world, everybody, unit="c1"), actor=theirs, now=LATER)
    for actor, unit in ((theirs, "c0"), (theirs, "c1"), (mine, "c1"), (weak, "c0")):
        with pytest.raises(NotAllowed):
            surveys.enter_paper(survey.slug, sheet(world, survey, "99", unit), actor=actor, now=LATER)


def test_a_sheet_of_a_number_counts_once_and_apart(world: make.World) -> None:
    survey = opened(world)
    clerk = make.officer(world.commune_a, Role.CLERK)
    surveys.enter_paper(survey.slug, sheet(world, survey), actor=clerk.content_actor, now=LATER)
    for number, refusal in ((" 012 ", survey_rules.PaperTaken), ("", survey_rules.SurveyAnswerFaulty)):
        with pytest.raises(refusal):
            surveys.enter_paper(survey.slug, sheet(world, survey, number), actor=clerk.content_actor, now=LATER)
    say(world, survey, comments={})
    results = survey_reads.results(survey, on_desk=True)
    assert (results.base, results.papers) == (2, 1)
    assert reads.said_of(survey, 2) == 1
    surveys.forget_person(clerk.pk)
    assert not SurveyResponse.objects.filter(entered_by=clerk.pk).exists()
    with pytest.raises(Conflict):
        surveys.enter_paper(survey.slug, sheet(world, survey, "13"), actor=clerk.content_actor, now=survey.closes_at)
