"""Pages, tiles and people to ask of the demonstration (words: article_words.py); a second planting adds nothing."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import numpy as np

from config.seeding import accounts, content_demo, names
from config.seeding import article_words as words
from config.seeding.article_words import Written
from smarthd.agencies import selectors as agencies
from smarthd.agencies.rules import Kind as AgencyKind
from smarthd.connectors.selectors import public as datasets
from smarthd.content import rules, services
from smarthd.content.selectors import surveys as surveys_read
from smarthd.content.services import NewArticle, NewFile, NewTable, sections, surveys
from smarthd.kernel import actor, clock, text
from smarthd.people import selectors as people
from smarthd.people.services import phone_index
from smarthd.places.values import UnitView

FILES = Path(__file__).with_name("files")
"""The demonstration's own video, captions and PDF (tools/make_sample_media.py)."""
SEEDER = actor.system("seeding")
FIRST_SAMPLE = 5000  # numbers 0220 000 5000 and after: of the same range as the directory's, further on


def plant(*, today: date, now: datetime) -> str:
    """Publish pages for everyone and for some communes, lay out the home page, name people to ask. Returns what to say."""
    committee = next(iter(agencies.agencies_on(today, kinds=[AgencyKind.PROVINCE_COMMITTEE.value])))
    shown = content_demo.communes_with_committees(today)
    pages = sum(_publish(one, committee.id, None, today, now) for one in words.PAGES)
    for unit, agency_id in shown:
        pages += sum(_publish(one, agency_id, unit, today, now) for one in words.OF_A_COMMUNE)
    tiles = _lay_tiles(committee.id, shown, now)
    people = _name_people(shown, today, now)
    asked = _ask(shown, today, now)
    _promise(committee.id, shown, now)
    return f"{pages} bài, {tiles} ô trang chủ, {people} người phụ trách, {asked} người trả lời ý kiến"


def _promise(committee_id: int, shown: list[tuple[UnitView, int]], now: datetime) -> None:
    """Promise what is usual; some of it is overdue in the demonstration, as it is in life."""
    for agency_id, kind, days in (
        (committee_id, "news", 7),
        (committee_id, "procedure", 30),
        (committee_id, "guide", 365),
        *((agency_id, "notice", 30) for _unit, agency_id in shown),
    ):
        sections.keep_section(
            agency_id=agency_id, kind=kind, promise_days=days, two_steps=False, owner_id=None, actor=SEEDER, now=now
        )


def _ask(shown: list[tuple[UnitView, int]], today: date, now: datetime) -> int:
    """Ask the people of the demonstration's own commune: one survey over and answered, one open that its citizen has not answered yet."""
    found = next((pair for pair in shown if pair[0].name == accounts.HOME), None)
    if found is None or surveys_read.public_list(found[0].id, now=now):
        return 0
    unit, agency_id = found
    over = surveys.NewSurvey(
        agency_id=agency_id,
        title="Bộ phận một cửa nên mở thêm giờ nào",
        intro="Ý kiến của bà con giúp Ủy ban xếp lịch trực cho hợp lý.",
        draft_text="",
        opens_at=clock.at_local(today - timedelta(days=20), 8),
        closes_at=clock.at_local(today - timedelta(days=2), 17),
        unit_ids=[unit.id],
        sample=True,
    )
    running = replace(
        over,
        title="Góp ý quy ước sử dụng nhà văn hóa",
        intro="Dự thảo quy ước để bà con góp ý trước khi Ủy ban ban hành.",
        draft_text=words.DRAFT,
        opens_at=clock.at_local(today - timedelta(days=3), 8),
        closes_at=clock.at_local(today + timedelta(days=9), 17),
    )
    survey, answered = _opened(over, words.HOURS, unit)
    surveys.close_survey(survey.pk, actor=SEEDER, now=over.closes_at)
    return answered + _opened(running, words.HALL, unit)[1]


def _opened(new: surveys.NewSurvey, questions: tuple[Any, ...], unit: UnitView) -> tuple[Any, int]:
    survey = surveys.draft_survey(new, actor=SEEDER, now=new.opens_at)
    for question in questions:
        surveys.add_question(survey.pk, surveys.NewQuestion(*question), actor=SEEDER, now=new.opens_at)
    surveys.open_survey(survey.pk, actor=SEEDER, now=new.opens_at)
    return survey, _answer(survey, unit, new.opens_at + timedelta(days=1))


def _answer(survey: Any, unit: UnitView, at: datetime) -> int:
    rng = np.random.default_rng(20261125)
    roles = {people.account_id_by_phone_index(phone_index(account.phone)) for account in accounts.ACCOUNTS}
    living = [one for one in people.accounts_living_in([unit.id]) if one not in roles][:40]
    asked = surveys_read.asked_of(survey)
    for account_id in living:
        given: dict[int, int | tuple[int, ...] | str] = {}
        for one in asked:
            offered = sorted(one.options)
            if one.form == "one":
                given[one.position] = offered[int(rng.choice(len(offered), p=words.LEANING[: len(offered)]))]
            elif one.form == "scale":
                given[one.position] = int(rng.integers(2, 6))
        surveys.answer_survey(survey.slug, given=given, comments={}, account_id=account_id, now=at)
    return len(living)


def _publish(one: Written, agency_id: int, unit: UnitView | None, today: date, now: datetime) -> int:
    slug = (f"{one.key}-{text.slug(unit.full_name)}" if unit else one.key)[:70] + "-mau"
    facts = _facts(one, today)
    at = min(clock.at_local(today - timedelta(days=one.days_ago), 9), now)
    new = NewArticle(
        kind=one.kind,
        title=one.title,
        summary=one.summary,
        body=one.body,
        topic=one.topic,
        agency_id=agency_id,
        unit_ids=[unit.id] if unit else [],
        source=content_demo.SOURCE,
        slug=slug,
        sample=True,
        facts=facts,
        files=[NewFile(title, _held(name), _held(captions)) for title, name, captions in one.files],
        tables=[NewTable(*table) for table in one.tables],
    )
    services.publish_article(new, actor=SEEDER, now=at)
    if one.english is None:
        return 1
    title, summary, told = one.english
    translation = NewArticle(
        kind=one.kind,
        title=title,
        summary=summary,
        body=told.get("body", ""),
        topic=one.topic,
        agency_id=agency_id,
        language=rules.Language.EN,
        source=content_demo.SOURCE,
        slug=f"{slug}-en",
        sample=True,
        original_slug=slug,
        facts=facts | {key: value for key, value in told.items() if key != "body"},
    )
    services.publish_article(translation, actor=SEEDER, now=at)
    return 2


def _held(name: str) -> bytes:
    return (FILES / name).read_bytes() if name else b""


def _facts(one: Written, today: date) -> dict[str, Any]:
    facts = dict(one.facts)
    if "checked_on" in facts:
        facts["checked_on"] = today + timedelta(days=facts["checked_on"])
    if "replaces" in facts:
        facts["replaces_id"] = services.article_id(f"{facts.pop('replaces')}-mau")
    if one.day:
        day = today + timedelta(days=one.day)
        facts["starts_at"], facts["ends_at"] = (clock.at_local(day, hour) for hour in one.hours)
    return facts


def _lay_tiles(committee_id: int, shown: list[tuple[UnitView, int]], now: datetime) -> int:
    """Lay tiles that lead somewhere: those of departments' data only where the data is there."""
    keys = {one.template: one.key for one in datasets.datasets(now=now)}
    laid = 0
    for position, (title, english, topic, icon, target) in enumerate(words.TILES, start=1):
        address = target
        if target.startswith("/du-lieu/"):
            key = keys.get(target.split("/")[2])
            if key is None:
                continue
            address = f"/du-lieu/{key}/"
        services.keep_tile(
            agency_id=committee_id,
            title=title,
            title_en=english,
            topic=topic,
            icon=icon,
            target=address,
            position=position,
            actor=SEEDER,
            now=now,
        )
        laid += 1
    for unit, agency_id in shown:
        for title, english, icon, target in (
            ("Cán bộ của xã, phường", "Whom to ask", "people", "/danh-ba/can-bo/"),
            ("Việc trong thôn", "In our village", "calendar", "/su-kien/?loc=noi-toi"),
        ):
            services.keep_tile(
                agency_id=agency_id,
                unit_id=unit.id,
                title=title,
                title_en=english,
                icon=icon,
                target=target,
                actor=SEEDER,
                now=now,
            )
            laid += 1
    return laid


def _name_people(shown: list[tuple[UnitView, int]], today: date, now: datetime) -> int:
    """Name people to ask: names drawn from word lists, numbers nobody can have."""
    rng = np.random.default_rng(20261124)
    drawn = iter(names.full_names(rng, len(shown) * len(words.PEOPLE)))
    number = FIRST_SAMPLE
    for _unit, agency_id in shown:
        for rank, (position, work, reception) in enumerate(words.PEOPLE, start=1):
            number += 1
            services.keep_contact(
                agency_id=agency_id,
                full_name=next(drawn),
                position=position,
                number=f"0220 000 {number}",
                work=work,
                reception=reception,
                verified_on=today,
                rank=rank,
                actor=SEEDER,
                now=now,
            )
    return number - FIRST_SAMPLE
