"""Asking and being answered: drafting a survey, opening it by a second person, one answer a person."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import IntegrityError, transaction

from smarthd.content import policies, rules
from smarthd.content.events import SurveyClosed, SurveyOpened
from smarthd.content.models.surveys import (
    Survey,
    SurveyAgency,
    SurveyAnswer,
    SurveyOption,
    SurveyPlace,
    SurveyQuestion,
    SurveyResponse,
)
from smarthd.content.rules import kinds, surveys
from smarthd.content.selectors import papers, staff_surveys
from smarthd.content.selectors import surveys as reads
from smarthd.content.services import publishable
from smarthd.kernel import audit, clock, events, ids, sealing, text
from smarthd.kernel.actor import Actor
from smarthd.kernel.policies import require
from smarthd.people import selectors as people


@dataclass(frozen=True, slots=True)
class NewQuestion:
    """A question with its options in order."""

    form: surveys.Form
    words: str
    options: tuple[str, ...] = ()
    required: bool = True
    after_id: int | None = None
    """An option of an earlier question of the same survey: only who chose it is asked this one."""


@dataclass(frozen=True, slots=True)
class NewSurvey:
    """A survey to draft; without units it asks everybody. With ``staff_of`` it asks the officials of those agencies and of all below."""

    agency_id: int
    title: str
    intro: str
    opens_at: datetime
    closes_at: datetime
    unit_ids: Sequence[int] = ()
    draft_text: str = ""
    anonymous: bool = True
    sample: bool = False
    staff_of: Sequence[int] = ()


@transaction.atomic
def draft_survey(new: NewSurvey, *, actor: Actor, now: datetime) -> Survey:
    """Begin a survey. Raises NotAllowed, AudienceTooWide, SurveyFaulty where it would end before it begins."""
    require(bool(actor.system) or new.agency_id in policies.agencies_written(actor))
    if new.closes_at <= max(new.opens_at, now):
        raise surveys.SurveyFaulty(fields={"closes_at": "too_early"})
    _check_reach(new, now)
    survey = Survey.objects.create(
        slug=rules.notice_slug(new.title, ids.spoken_code(5)),
        agency_id=new.agency_id,
        title=text.nfc(new.title),
        intro=kinds.tidy(new.intro),
        draft_text=kinds.tidy(new.draft_text),
        anonymous=new.anonymous,
        opens_at=new.opens_at,
        closes_at=new.closes_at,
        written_by_id=actor.account_id,
        of_staff=bool(new.staff_of),
        sample=new.sample,
    )
    SurveyPlace.objects.bulk_create(SurveyPlace(survey=survey, unit_id=unit) for unit in dict.fromkeys(new.unit_ids))
    SurveyAgency.objects.bulk_create(SurveyAgency(survey=survey, agency_id=one) for one in dict.fromkeys(new.staff_of))
    audit.record(actor, "content.survey_drafted", survey, at=now)
    return survey


def _check_reach(new: NewSurvey, now: datetime) -> None:
    """Refuse people outside the agency's territory, and staff of agencies that are not the agency or below it (AudienceTooWide)."""
    if not new.staff_of:
        audience = rules.Audience.UNITS if new.unit_ids else rules.Audience.PROVINCE
        publishable.check_audience(agency_id=new.agency_id, audience=audience, unit_ids=new.unit_ids, now=now)
        return
    if new.draft_text.strip() or new.unit_ids:
        raise surveys.SurveyFaulty(fields={"draft_text" if new.draft_text.strip() else "communes": "not_for_staff"})
    outside = staff_surveys.outside(new.agency_id, new.staff_of, now=now)
    if outside:
        raise rules.AudienceTooWide(places=outside)


@transaction.atomic
def add_question(survey_id: int, new: NewQuestion, *, actor: Actor, now: datetime) -> None:
    """Add a question to a draft. Raises NotAllowed, SurveyNotOpen where it is no draft any more, SurveyFaulty."""
    survey = _draft(survey_id, actor)
    offered = tuple(dict.fromkeys(text.nfc(words)[:160] for words in new.options if words.strip()))
    needs_options = new.form in {surveys.Form.ONE, surveys.Form.MANY}
    if not new.words.strip() or (needs_options and not 2 <= len(offered) <= surveys.MAX_OPTIONS):
        raise surveys.SurveyFaulty(fields={"options" if new.words.strip() else "words": "missing"})
    if new.after_id is not None and not SurveyOption.objects.filter(pk=new.after_id, question__survey=survey).exists():
        raise surveys.SurveyFaulty(fields={"after": "foreign"})
    held = list(survey.questions.values_list("position", flat=True))
    if len(held) >= surveys.MAX_QUESTIONS:
        raise surveys.SurveyFaulty(fields={"words": "too_many"})
    question = SurveyQuestion.objects.create(
        survey=survey,
        position=max(held, default=0) + 1,
        form=new.form,
        words=text.nfc(new.words),
        required=new.required,
        after_id=new.after_id,
    )
    if needs_options:
        SurveyOption.objects.bulk_create(
            SurveyOption(question=question, position=place, words=words) for place, words in enumerate(offered, start=1)
        )
    audit.record(actor, "content.survey_question_added", survey, at=now, position=question.position)


@transaction.atomic
def drop_question(survey_id: int, position: int, *, actor: Actor, now: datetime) -> None:
    """Take a question out of a draft; one that is not there is no fault. Raises QuestionLeadsOn where another hangs on it."""
    survey = _draft(survey_id, actor)
    if survey.questions.filter(after__question__position=position).exists():
        raise surveys.QuestionLeadsOn(position=position)
    survey.questions.filter(position=position).delete()
    audit.record(actor, "content.survey_question_dropped", survey, at=now, position=position)


def _draft(survey_id: int, actor: Actor) -> Survey:
    survey = Survey.objects.select_for_update().get(pk=survey_id)
    require(bool(actor.system) or policies.can_write(actor, survey))
    if survey.state != surveys.State.DRAFT:
        raise surveys.SurveyNotOpen(state=survey.state)
    return survey


@transaction.atomic
def open_survey(survey_id: int, *, actor: Actor, now: datetime) -> None:
    """Ask: by another person than who wrote it. Raises NotAllowed, OwnSurveyOpening, SurveyFaulty, IllegalMove."""
    survey = Survey.objects.select_for_update().get(pk=survey_id)
    if not actor.system:
        if actor.account_id == survey.written_by_id and policies.can_withdraw(actor, survey):
            raise surveys.OwnSurveyOpening(slug=survey.slug)
        require(policies.can_approve(actor, survey, author_ids=frozenset({survey.written_by_id or 0})))
    found = surveys.faults(
        title=survey.title,
        intro=survey.intro,
        opens_at=survey.opens_at,
        closes_at=survey.closes_at,
        questions=survey.questions.count(),
        paragraphs=len(survey.paragraphs),
        now=now,
    )
    if found:
        raise surveys.SurveyFaulty(fields=found)
    survey.state = surveys.OPEN.apply(surveys.State(survey.state))
    survey.save(update_fields=["state"])
    audit.record(actor, "content.survey_opened", survey, at=now)
    events.announce(SurveyOpened(survey_uid=survey.uid, slug=survey.slug, at=now))


@transaction.atomic
def close_survey(survey_id: int, *, actor: Actor, now: datetime) -> None:
    """End a survey before its hour, or at it; one person is enough. Raises NotAllowed, IllegalMove."""
    survey = Survey.objects.select_for_update().get(pk=survey_id)
    require(bool(actor.system) or policies.can_withdraw(actor, survey))
    survey.state = surveys.CLOSE.apply(surveys.State(survey.state))
    survey.save(update_fields=["state"])
    audit.record(actor, "content.survey_closed", survey, at=now)
    events.announce(SurveyClosed(survey_uid=survey.uid, slug=survey.slug, at=now))


# --- answering -------------------------------------------------------------------------------------------------------
def voter_of(survey: Survey, account_id: int) -> bytes:
    """Return the mark by which a person answers a survey once: keyed, of this survey only."""
    return reads.voter_of(survey.uid, account_id)


def marks_of(survey: Survey, *, account_id: int | None, index: bytes | None) -> list[bytes]:
    """Return every mark by which a person may have answered: of the account, and of its telephone (by its blind index)."""
    found = [voter_of(survey, account_id)] if account_id is not None else []
    if index is not None:
        found.append(sealing.blind_index(f"{survey.uid}:phone:{index.hex()}", purpose="content.survey"))
    return found


def has_answered(survey: Survey, account_id: int) -> bool:
    """Say whether a person has answered, signed in or by their telephone before they had an account."""
    index = people.phone_indexes([account_id]).get(account_id)
    return survey.responses.filter(voter__in=marks_of(survey, account_id=account_id, index=index)).exists()


def is_asked(survey: Survey, home_id: int | None, *, now: datetime) -> bool:
    """Say whether a person of a unit is among those asked; without units everybody is."""
    return papers.asks(survey, home_id, now=now)


def answer_survey(
    slug: str, *, given: Mapping[int, surveys.Value], comments: Mapping[int, str], account_id: int, now: datetime
) -> None:
    """Take one person's answers, once.

    Raises SurveyNotOpen, NotAsked, AnsweredAlready, SurveyAnswerFaulty. Of an anonymous survey no account is kept.
    """
    try:
        with transaction.atomic():
            _answer(slug, given=given, comments=comments, account_id=account_id, now=now)
    except IntegrityError as fault:
        if "survey_answered_once" in str(fault):
            raise surveys.AnsweredAlready(slug=slug) from None
        raise


def _answer(
    slug: str, *, given: Mapping[int, surveys.Value], comments: Mapping[int, str], account_id: int, now: datetime
) -> None:
    survey = Survey.objects.select_for_update(of=("self",), no_key=True).get(slug=slug)
    _require_open(survey, now)
    facts = people.account_facts([account_id]).get(account_id)
    agency_id = staff_surveys.agency_asked(survey, account_id, now=now) if survey.of_staff else None
    asked = facts is not None and (
        agency_id is not None if survey.of_staff else is_asked(survey, facts.home_id, now=now)
    )
    if facts is None or facts.erased or not asked:
        raise surveys.NotAsked(slug=slug)
    if has_answered(survey, account_id):
        raise surveys.AnsweredAlready(slug=slug)
    _keep(
        survey,
        SurveyResponse(
            survey=survey,
            voter=voter_of(survey, account_id),
            account_id=None if survey.anonymous else account_id,
            unit_id=None if survey.of_staff else facts.home_id,
            agency_id=agency_id,
            answered_on=clock.day_of(now),
        ),
        given,
        comments,
    )


@dataclass(frozen=True, slots=True)
class ByPhone:
    """A person without an account, who proved a telephone (its blind index) and says where they live."""

    index: bytes
    unit_id: int | None


def answer_by_phone(
    slug: str,
    who: ByPhone,
    *,
    given: Mapping[int, surveys.Value],
    comments: Mapping[int, str],
    now: datetime,
) -> None:
    """Take the answers of who proved a telephone and opened no account; one telephone, one answer, with or without an account.

    Raises SurveyNotOpen, NotAsked (of a survey that keeps who answered, too), AnsweredAlready, SurveyAnswerFaulty.
    """
    with transaction.atomic():
        survey = Survey.objects.select_for_update(of=("self",), no_key=True).get(slug=slug)
        _require_open(survey, now)
        if not survey.anonymous or survey.of_staff or not is_asked(survey, who.unit_id, now=now):
            raise surveys.NotAsked(slug=slug)
        marks = marks_of(survey, account_id=people.account_id_by_phone_index(who.index), index=who.index)
        if survey.responses.filter(voter__in=marks).exists():
            raise surveys.AnsweredAlready(slug=slug)
        response = SurveyResponse(
            survey=survey,
            voter=marks[-1],
            unit_id=who.unit_id,
            answered_on=clock.day_of(now),
            road=surveys.Road.PHONE,
        )
        _keep(survey, response, given, comments)


def _keep(
    survey: Survey, response: SurveyResponse, given: Mapping[int, surveys.Value], comments: Mapping[int, str]
) -> None:
    """Check what was answered and keep it; raises SurveyAnswerFaulty."""
    found = surveys.checked(reads.asked_of(survey), given)
    said = {
        number: text.nfc(words)[: surveys.MAX_WORDS]
        for number, words in comments.items()
        if words.strip() and 1 <= number <= len(survey.paragraphs)
    }
    if not found and not said:
        raise surveys.SurveyAnswerFaulty(fields={})
    response.save(force_insert=True)
    ids_of = dict(survey.questions.values_list("position", "pk"))
    rows = [row for position, value in found.items() for row in _rows(response, ids_of[position], value, survey)]
    rows += [SurveyAnswer(response=response, paragraph=number, words=words) for number, words in said.items()]
    SurveyAnswer.objects.bulk_create(rows)


@dataclass(frozen=True, slots=True)
class Sheet:
    """A sheet of paper: the office's own number on it, whose people it was asked of."""

    number: str
    unit_id: int
    given: Mapping[int, surveys.Value]
    comments: Mapping[int, str]


def enter_paper(slug: str, sheet: Sheet, *, actor: Actor, now: datetime) -> None:
    """Type in one sheet for somebody who answered on paper; it is counted apart, and a number of an office once.

    Raises NotAllowed (who works at an office of a place that is asked may), SurveyNotOpen, PaperTaken, SurveyAnswerFaulty.
    """
    number = text.nfc(sheet.number).upper()[:20]
    if not number:
        raise surveys.SurveyAnswerFaulty(fields={"number": "missing"})
    try:
        with transaction.atomic():
            survey = Survey.objects.select_for_update(of=("self",), no_key=True).get(slug=slug)
            require(sheet.unit_id in dict(papers.places_of(actor, survey, now=now)))
            _require_open(survey, now)
            response = SurveyResponse(
                survey=survey,
                voter=sealing.blind_index(f"{survey.uid}:paper:{sheet.unit_id}:{number}", purpose="content.survey"),
                unit_id=sheet.unit_id,
                answered_on=clock.day_of(now),
                road=surveys.Road.PAPER,
                entered_by_id=actor.account_id,
            )
            _keep(survey, response, sheet.given, sheet.comments)
            audit.record(actor, "content.survey_paper_entered", survey, at=now)
    except IntegrityError as fault:
        if "survey_answered_once" in str(fault):
            raise surveys.PaperTaken(slug=slug) from None
        raise


def _require_open(survey: Survey, now: datetime) -> None:
    if not surveys.takes_answers(state=survey.state, opens_at=survey.opens_at, closes_at=survey.closes_at, now=now):
        raise surveys.SurveyNotOpen(slug=survey.slug)


def _rows(response: SurveyResponse, question_id: int, value: surveys.Value, survey: Survey) -> list[SurveyAnswer]:
    form = survey.questions.get(pk=question_id).form
    if form == surveys.Form.SCALE:
        return [SurveyAnswer(response=response, question_id=question_id, score=int(str(value)))]
    if isinstance(value, str):
        return [SurveyAnswer(response=response, question_id=question_id, words=text.nfc(value))]
    chosen = value if isinstance(value, tuple) else (value,)
    return [SurveyAnswer(response=response, question_id=question_id, option_id=option) for option in chosen]


@transaction.atomic
def forget_person(account_id: int) -> None:
    """Cut the tie between an erased account and its answers, and destroy its words; counts stay."""
    mine = SurveyResponse.objects.filter(account_id=account_id)
    SurveyAnswer.objects.filter(response__in=mine).exclude(words="").update(words="(đã xóa)")
    mine.update(account=None)
    SurveyResponse.objects.filter(entered_by_id=account_id).update(entered_by=None)
