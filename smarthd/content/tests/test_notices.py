from __future__ import annotations

import copy
from datetime import date, datetime, timedelta

import pytest
from django.db import IntegrityError, transaction
from django.test.utils import CaptureQueriesContext

from smarthd.agencies.rules import Role
from smarthd.content import rules, selectors, services
from smarthd.content.models import Notice
from smarthd.content.tests import make
from smarthd.kernel.errors import NotAllowed
from smarthd.kernel.paging import BadCursor
from tests.planting import planted_once

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


_world = planted_once(make.world)


@pytest.fixture
def world(_world: make.World, db: None) -> make.World:
    return copy.deepcopy(_world)


def titles(unit_id: int | None, on: date = make.TODAY) -> list[str]:
    return [card.title for card in selectors.notices_for(unit_id, on)]


def test_a_notice_reaches_its_commune_and_nobody_elses(world: make.World) -> None:
    make.published(world.commune_a, world.units["c0"].id)
    assert titles(world.units["c0"].id) == ["Lịch cắt điện"]
    assert titles(world.units["c1"].id) == []
    assert titles(None) == []


def test_a_notice_for_a_district_reaches_each_of_its_communes(world: make.World) -> None:
    make.published(world.province, world.units["d1"].id, title="Cho cả huyện")
    assert titles(world.units["c0"].id) == titles(world.units["c2"].id) == ["Cho cả huyện"]
    assert titles(world.units["c1"].id) == []


def test_urgent_comes_first_then_mine_then_everyones_newest_first(world: make.World) -> None:
    mine = world.units["c0"].id
    make.published(world.province, title="Chung cũ", at=make.NOW - DAY)
    make.published(world.province, title="Chung mới")
    make.published(world.commune_a, mine, title="Xã tôi cũ", at=make.NOW - 2 * DAY)
    make.published(world.commune_a, mine, title="Xã tôi mới", at=make.NOW - DAY)
    make.published(world.province, title="Khẩn", at=make.NOW - 3 * DAY, urgency=rules.Urgency.URGENT)
    assert titles(mine) == ["Khẩn", "Xã tôi mới", "Xã tôi cũ", "Chung mới", "Chung cũ"]
    assert [card.mine for card in selectors.notices_for(mine, make.TODAY)] == [False, True, True, False, False]


def test_a_notice_is_not_read_before_it_is_published_nor_after_its_last_day(world: make.World) -> None:
    make.published(world.province, expire_at=make.NOW + 2 * DAY)
    assert titles(None, make.TODAY - DAY) == []
    assert titles(None, make.TODAY + 2 * DAY) == ["Lịch cắt điện"]
    assert titles(None, make.TODAY + 3 * DAY) == []


def test_the_page_of_a_notice_tells_how_it_stands(world: make.World) -> None:
    slug = make.published(world.commune_a, world.units["c0"].id, expire_at=make.NOW + make.HOUR)
    shown = selectors.notice(slug, now=make.NOW)
    assert shown.standing == rules.Standing.SHOWN
    assert shown.agency_name == "Ủy ban nhân dân xã A"
    assert shown.place_names == (world.units["c0"].full_name,)
    gone = selectors.notice(slug, now=make.NOW + make.HOUR)
    assert (gone.standing, gone.body, gone.summary) == (rules.Standing.EXPIRED, "", "")
    assert gone.title == "Lịch cắt điện"


def test_a_draft_has_no_page(world: make.World) -> None:
    author = make.officer(world.commune_a, Role.EDITOR)
    draft = make.draft(author, world.commune_a, world.units["c0"].id)
    with pytest.raises(selectors.NoticeUnknown):
        selectors.notice(draft.slug, now=make.NOW)


def test_pages_follow_one_another_without_gap_or_repeat(world: make.World) -> None:
    for number in range(7):
        make.published(world.province, title=f"Thông báo {number}", at=make.NOW - number // 2 * make.HOUR)
    seen: list[str] = []
    cursor = ""
    while True:
        page = selectors.notices_page(None, make.TODAY, cursor=cursor, size=2)
        seen += [card.title for card in page.items]
        cursor = page.next_cursor
        if not cursor:
            break
    assert sorted(seen) == [f"Thông báo {number}" for number in range(7)]
    assert len(seen) == 7


@pytest.mark.parametrize(
    "cursor",
    ["x", "W10", "WyJhIiwiYiJd", "WzEsMiwzXQ", "W251bGwsMV0", "WzFlMzAwLDFd", "WzEwMDAwMDAwMDAwMDAwMDAwMDAwMDAwLDFd"],
)
def test_a_made_up_cursor_is_refused(world: make.World, cursor: str) -> None:
    with pytest.raises(BadCursor):
        selectors.notices_page(None, make.TODAY, cursor=cursor)


def test_a_list_costs_two_queries_however_long_it_is(world: make.World, django_assert_max_num_queries: object) -> None:
    for number in range(12):
        make.published(world.commune_a, world.units["c0"].id, title=f"Thông báo {number}")
    selectors.notices_for(world.units["c0"].id, make.TODAY)
    from django.db import connection

    with CaptureQueriesContext(connection) as few:
        selectors.notices_for(world.units["c0"].id, make.TODAY, limit=1)
    with CaptureQueriesContext(connection) as many:
        selectors.notices_for(world.units["c0"].id, make.TODAY, limit=12)
    mine = [query for query in many if "content_" in query["sql"] or "agencies_" in query["sql"]]
    assert len(many) == len(few)
    assert len(mine) == 2


def test_words_are_cleaned_when_they_come_in_and_again_when_they_go_out(world: make.World) -> None:
    slug = make.published(world.province, title="Cúp\u202e điện", body='<p onclick="x">a</p><script>alert(1)</script>')
    row = Notice.objects.get(slug=slug)
    assert (row.title, row.body) == ("Cúp điện", "<p>a</p>")
    Notice.objects.filter(pk=row.pk).update(body='<p>b</p><img src=x onerror="alert(1)">')
    assert selectors.notice(slug, now=make.NOW).body == "<p>b</p>"


def test_the_same_address_publishes_once(world: make.World) -> None:
    for _ in range(2):
        make.published(world.province, slug="lich-cat-dien-mau")
    assert Notice.objects.count() == 1


def test_only_the_system_publishes_without_moderation(world: make.World) -> None:
    editor = make.officer(world.commune_a, Role.EDITOR)
    with pytest.raises(NotAllowed):
        services.publish_notice(
            title="a",
            summary="b",
            body="<p>c</p>",
            agency_id=world.commune_a,
            unit_ids=[world.units["c0"].id],
            actor=editor.content_actor,
            now=make.NOW,
        )


@pytest.mark.parametrize(
    ("agency", "units", "reaches"),
    [
        ("commune_a", ("c0",), True),
        ("commune_a", ("c1",), False),
        ("commune_a", ("c0", "c1"), False),
        ("commune_a", ("d1",), False),
        ("commune_a", (), False),
        ("province", (), True),
        ("province", ("c3", "d1"), True),
    ],
)
def test_an_agency_speaks_to_its_own_territory(
    world: make.World, agency: str, units: tuple[str, ...], reaches: bool
) -> None:
    ids = [world.units[key].id for key in units]
    if reaches:
        assert make.published(getattr(world, agency), *ids)
        return
    with pytest.raises(rules.AudienceTooWide):
        make.published(getattr(world, agency), *ids)
    assert not Notice.objects.exists()


@pytest.mark.parametrize(
    "changes",
    [
        {"title": "", "live": True},
        {"body": "", "live": True},
        {"audience": "moi-nguoi"},
        {"urgency": "rat-khan"},
        {"language": "fr"},
        {"go_live_at": make.NOW, "expire_at": make.NOW},
    ],
)
def test_the_database_refuses_what_no_notice_may_be(world: make.World, changes: dict[str, object]) -> None:
    slug = make.published(world.province)
    with pytest.raises(IntegrityError), transaction.atomic():
        Notice.objects.filter(slug=slug).update(**changes)


def test_a_picture_without_words_is_refused_by_the_database(world: make.World) -> None:
    slug = make.published(world.province)
    with pytest.raises(IntegrityError), transaction.atomic():
        Notice.objects.filter(slug=slug).update(image=make.picture())


def test_search_finds_what_can_be_read_and_nothing_else(world: make.World) -> None:
    make.published(world.commune_a, world.units["c0"].id, title="Tiêm phòng dại")
    make.published(world.province, title="Đã qua", expire_at=make.NOW + make.HOUR)
    make.draft(make.officer(world.commune_a, Role.EDITOR), world.commune_a, world.units["c0"].id)
    found = list(selectors.search_documents(now=make.NOW + 2 * make.HOUR))
    assert [one.title for one in found] == ["Tiêm phòng dại"]
    assert "tiem phong dai" in found[0].folded
    assert found[0].unit_ids == (world.units["c0"].id,)
    assert isinstance(found[0].published_at, datetime)
