"""Promises about freshness: how a section stands, who sees it, who is reminded and how often."""

from __future__ import annotations

import copy
from datetime import date, timedelta
from typing import Any

import pytest

from smarthd.agencies.rules import Role
from smarthd.content import services
from smarthd.content.rules import freshness, kinds, translations
from smarthd.content.selectors import freshness as reads
from smarthd.content.services import sections
from smarthd.content.tests import make
from smarthd.kernel.errors import NotAllowed
from smarthd.messaging import selectors as messaging
from tests.planting import planted_once

pytestmark = pytest.mark.django_db
TODAY = date(2026, 11, 30)
_world = planted_once(make.world)


@pytest.fixture
def world(_world: make.World, db: None) -> make.World:
    return copy.deepcopy(_world)


@pytest.mark.parametrize(
    ("days", "ago", "stand"),
    [
        (None, 400, "none"), (30, None, "empty"), (30, 0, "fresh"), (30, 22, "fresh"), (30, 23, "soon"), (30, 30, "soon"),
        (30, 31, "stale"), (3, 2, "fresh"), (3, 4, "stale"),
    ],
)  # fmt: skip
def test_a_section_stands_by_its_promise(days: int | None, ago: int | None, stand: str) -> None:
    since = None if ago is None else TODAY - timedelta(days=ago)
    assert freshness.stand(promise_days=days, since=since, on=TODAY) == stand


def promise(agency_id: int, kind: str, days: int | None = 10, **more: Any) -> None:
    asked: dict[str, Any] = {"two_steps": False, "owner_id": None, "actor": make.SYSTEM, "now": make.NOW} | more
    sections.keep_section(agency_id=agency_id, kind=kind, promise_days=days, **asked)


def test_news_go_stale_when_nothing_new_comes_and_procedures_when_nobody_looks(world: make.World) -> None:
    home, later = world.units["c0"].id, make.NOW + timedelta(days=12)
    make.article(world.commune_a, home)
    old = make.article(world.commune_a, home, kind=kinds.Kind.PROCEDURE, title="Lâu", **make.PROCEDURE_FACTS)
    make.article(
        world.commune_a,
        home,
        kind=kinds.Kind.PROCEDURE,
        title="Mới",
        at=make.NOW + timedelta(days=9),
        **make.PROCEDURE_FACTS,
    )
    for kind in ("news", "procedure"):
        promise(world.commune_a, kind)
    editor = make.officer(world.commune_a, Role.EDITOR)
    rows = {row.kind: row for row in reads.board(editor.content_actor, now=later)}
    assert (rows["news"].stand, rows["procedure"].stand, rows["procedure"].late) == ("stale", "stale", 1)
    services.confirm_checked(
        article_id=services.article_id(old), actor=editor.content_actor, now=later, day=later.date()
    )
    make.article(world.commune_a, home, title="Tin mới", at=later)
    rows = {row.kind: row for row in reads.board(editor.content_actor, now=later)}
    assert (rows["news"].stand, rows["procedure"].stand) == ("fresh", "soon")


def test_a_stale_section_is_seen_by_its_owner_and_the_province_and_nobody_beside(world: make.World) -> None:
    promise(world.commune_a, "news")
    make.article(world.commune_a, world.units["c0"].id)
    later = make.NOW + timedelta(days=20)

    def seen(agency_id: int, role: Role) -> list[str]:
        return [row.kind for row in reads.board(make.officer(agency_id, role).content_actor, now=later)]

    assert seen(world.commune_a, Role.EDITOR) == seen(world.province, Role.HEAD) == ["news"]
    assert seen(world.commune_b, Role.HEAD) == seen(world.commune_a, Role.CLERK) == []
    with pytest.raises(reads.SectionUnknown):
        reads.section_for(make.officer(world.commune_b, Role.HEAD).content_actor, world.commune_a, "news", now=later)


@pytest.mark.parametrize("role", [*Role])
def test_heads_and_administrators_set_promises_for_their_own_reach(world: make.World, role: Role) -> None:
    def asks(agency_id: int, *, second_factor: bool = True) -> bool:
        officer = make.officer(agency_id, role, second_factor=second_factor)
        try:
            promise(world.commune_a, "news", actor=officer.content_actor)
        except NotAllowed:
            return False
        return True

    may = role in {Role.HEAD, Role.DELEGATE, Role.ADMINISTRATOR}
    assert asks(world.commune_a) is asks(world.province) is may
    assert not asks(world.commune_b)
    assert not asks(world.commune_a, second_factor=False)


@pytest.mark.parametrize(("kind", "days"), [("news", 0), ("news", 731), ("recipes", 10)])
def test_an_unreasonable_promise_is_refused(world: make.World, kind: str, days: int) -> None:
    with pytest.raises(freshness.PromiseFaulty):
        promise(world.commune_a, kind, days)


def test_an_owner_works_there(world: make.World) -> None:
    with pytest.raises(freshness.PromiseFaulty):
        promise(world.commune_a, "news", owner_id=make.officer(world.commune_b, Role.EDITOR).pk)
    promise(world.commune_a, "news", owner_id=make.officer(world.commune_a, Role.EDITOR).pk)


def test_the_owner_is_reminded_once_a_week_while_it_is_overdue(world: make.World) -> None:
    owner, other = make.officer(world.commune_a, Role.EDITOR), make.officer(world.commune_a, Role.EDITOR)
    make.article(world.commune_a, world.units["c0"].id)
    promise(world.commune_a, "news", owner_id=owner.pk)
    told = [sections.remind_owners(now=make.NOW + timedelta(days=days)) for days in (10, 11, 12, 17, 18, 25)]
    assert told == [0, 1, 0, 0, 1, 1]
    titles = [item.title for item in messaging.inbox_for(owner.pk).items]
    assert len(titles) == 3
    assert "đã quá hẹn" in titles[0]
    assert messaging.inbox_for(other.pk).items == []


def test_without_an_owner_everyone_who_edits_is_reminded(world: make.World) -> None:
    people = [make.officer(world.commune_a, role) for role in (Role.EDITOR, Role.HEAD, Role.CLERK)]
    make.article(world.commune_a, world.units["c0"].id)
    promise(world.commune_a, "news")
    assert sections.remind_owners(now=make.NOW + timedelta(days=30)) == 1
    assert [len(messaging.inbox_for(one.pk).items) for one in people] == [1, 1, 0]


# --- the directory, and the other language -----------------------------------------------------------------------------
def test_numbers_and_people_are_verified_again_in_time_by_their_own_agency(world: make.World) -> None:
    later = make.NOW + timedelta(days=40)
    services.keep_contact(
        agency_id=world.commune_a, full_name="Trần Thị B", position="Công chức", number="0220 000 0001", work="", reception="",
        verified_on=make.TODAY, actor=make.SYSTEM, now=make.NOW,
    )  # fmt: skip
    promise(world.commune_a, kinds.DIRECTORY, days=30)
    editor = make.officer(world.commune_a, Role.EDITOR)
    row = reads.section_for(editor.content_actor, world.commune_a, kinds.DIRECTORY, now=later)
    assert (row.stand, row.late, row.pages) == ("stale", 1, 1)
    (entry,) = reads.pages_of(row, now=later)
    assert (entry.title, entry.late) == ("Trần Thị B, Công chức", True)
    told = {"agency_id": world.commune_a, "now": later, "day": later.date()}
    with pytest.raises(NotAllowed):
        services.confirm_entries(
            marks=[entry.mark], actor=make.officer(world.commune_b, Role.EDITOR, Role.HEAD).content_actor, **told
        )
    assert services.confirm_entries(marks=["c999999", "x", "c", "h1"], actor=editor.content_actor, **told) == 0
    assert services.confirm_entries(marks=[entry.mark], actor=editor.content_actor, **told) == 1
    row = reads.section_for(editor.content_actor, world.commune_a, kinds.DIRECTORY, now=later)
    assert row.stand == "fresh"


@pytest.mark.parametrize(
    ("begun", "live", "follows", "said"),
    [
        (False, False, None, "missing"),
        (True, False, 7, "begun"),
        (True, True, 6, "outdated"),
        (True, True, 7, "current"),
    ],
)
def test_a_translation_stands_by_what_it_was_made_from(begun: bool, live: bool, follows: int | None, said: str) -> None:
    assert translations.state(begun=begun, live=live, follows=follows, original=7) == said


def test_the_desk_sees_how_each_pages_english_side_stands(world: make.World) -> None:
    slug = make.article(world.commune_a, world.units["c0"].id, kind=kinds.Kind.GUIDE, title="Bài gốc")
    make.article(
        world.commune_a,
        world.units["c0"].id,
        kind=kinds.Kind.GUIDE,
        title="The page",
        language="en",
        original_slug=slug,
    )
    make.article(world.commune_a, world.units["c0"].id, kind=kinds.Kind.GUIDE, title="Chưa dịch")
    head = make.officer(world.commune_a, Role.HEAD)
    row = reads.section_for(head.content_actor, world.commune_a, "guide", now=make.NOW + make.HOUR)
    told = {page.title: page.english for page in reads.pages_of(row, now=make.NOW + make.HOUR)}
    assert told == {"Bài gốc": "current", "The page": None, "Chưa dịch": "missing"}
