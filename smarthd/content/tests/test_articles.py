"""Pages of the kinds: what is published, who finds it, how it reads in lists and on its page."""

from __future__ import annotations

import copy
from datetime import date, timedelta
from typing import Any

import pytest

from smarthd.content import rules, selectors, services
from smarthd.content.models import Article
from smarthd.content.rules import kinds
from smarthd.content.selectors import articles
from smarthd.content.selectors.articles import Wanted
from smarthd.content.tests import make
from smarthd.kernel import actor as actors
from smarthd.kernel import paging
from smarthd.kernel.errors import NotAllowed
from tests.planting import planted_once

pytestmark = pytest.mark.django_db
NEWS, EVENT, DOCUMENT, PROCEDURE = kinds.Kind.NEWS, kinds.Kind.EVENT, kinds.Kind.DOCUMENT, kinds.Kind.PROCEDURE
_world = planted_once(make.world)


@pytest.fixture
def world(_world: make.World, db: None) -> make.World:
    return copy.deepcopy(_world)


def titles(wanted: Wanted, **more: Any) -> list[str]:
    return [card.title for card in articles.page(wanted, now=make.NOW + make.HOUR, **more).items]


def test_a_commune_finds_its_own_pages_and_everyones_but_not_anothers(world: make.World) -> None:
    make.article(world.province, title="Của tất cả")
    make.article(world.commune_a, world.units["c0"].id, title="Của A")
    make.article(world.commune_b, world.units["c1"].id, title="Của B")
    home = world.units["c0"].id
    assert titles(Wanted(NEWS)) == ["Của tất cả"]
    assert titles(Wanted(NEWS, unit_id=home)) == ["Của A", "Của tất cả"]
    assert titles(Wanted(NEWS, unit_id=home, only_mine=True)) == ["Của A"]
    assert titles(Wanted(NEWS, unit_id=home, agency_id=world.province)) == ["Của tất cả"]


def test_words_are_found_without_marks_in_all_that_is_told(world: make.World) -> None:
    make.article(world.province, kind=PROCEDURE, title="Đăng ký khai sinh", **make.PROCEDURE_FACTS)
    assert titles(Wanted(PROCEDURE, words="giay chung SINH")) == ["Đăng ký khai sinh"]
    assert titles(Wanted(PROCEDURE, words="kết hôn")) == []
    assert titles(Wanted(PROCEDURE, topic=kinds.Topic.LAND)) == []


def test_events_come_by_their_hour_and_past_ones_apart(world: make.World) -> None:
    for days, title in ((9, "Sau"), (2, "Trước"), (-3, "Đã qua"), (0, "Hôm nay")):
        at = make.NOW + timedelta(days=days)
        facts = {"starts_at": at, "ends_at": at + make.HOUR, "place": "Nhà văn hóa"}
        make.article(world.province, kind=EVENT, title=title, **facts)
    assert titles(Wanted(EVENT)) == ["Hôm nay", "Trước", "Sau"]
    assert titles(Wanted(EVENT, past=True)) == ["Đã qua"]


@pytest.mark.parametrize("kind", [NEWS, EVENT])
def test_pages_of_a_list_hold_everything_once(world: make.World, kind: kinds.Kind) -> None:
    for number in range(7):
        facts = {"starts_at": make.NOW + timedelta(hours=number // 2), "place": "x"} if kind is EVENT else {}
        make.article(world.province, kind=kind, title=f"Bài {number}", **facts)
    seen: list[str] = []
    cursor = ""
    for _turn in range(4):
        page = articles.page(Wanted(kind), now=make.NOW + make.HOUR, cursor=cursor, size=2)
        seen += [card.title for card in page.items]
        cursor = page.next_cursor
    assert (len(seen), len(set(seen)), cursor) == (7, 7, "")
    with pytest.raises(paging.BadCursor):
        articles.page(Wanted(kind), now=make.NOW, cursor="hỏng")


@pytest.mark.parametrize(
    ("effective", "ended", "state"),
    [
        (date(2024, 4, 2), None, "coming"),
        (date(2024, 4, 1), None, "in_force"),
        (None, None, "in_force"),
        (date(2020, 1, 1), date(2024, 4, 1), "ended"),
        (date(2020, 1, 1), date(2024, 4, 2), "in_force"),
    ],
)
def test_a_documents_standing_follows_its_days(effective: date | None, ended: date | None, state: str) -> None:
    assert kinds.legal_state(effective_on=effective, ended_on=ended, on=date(2024, 4, 1)) == state


def test_a_document_names_what_it_replaces_and_is_named_by_it(world: make.World) -> None:
    facts = {"number": "1/QĐ", "issued_on": date(2020, 1, 1)}
    old = make.article(world.province, kind=DOCUMENT, title="Cũ", **facts)
    new = make.article(world.province, kind=DOCUMENT, title="Mới", **facts | {"replaces_id": services.article_id(old)})
    later = make.NOW + make.HOUR
    assert [link.title for link in articles.article(DOCUMENT, old, now=later).replaced_by] == ["Mới"]
    replaced = articles.article(DOCUMENT, new, now=later).replaces
    assert replaced is not None
    assert replaced.title == "Cũ"
    make.article(
        world.province, kind=DOCUMENT, title="Mới nhất", **facts | {"replaces_id": services.article_id(new)}, at=later
    )
    make.article(world.province, kind=DOCUMENT, title="The old one", language="en", original_slug=old, **facts)
    for slug in (old, services_slug("The old one")):
        shown = articles.article(DOCUMENT, slug, now=later)
        assert [link.title for link in shown.replaced_by] == ["Mới", "Mới nhất"]


def services_slug(title: str) -> str:
    return Article.objects.get(title=title).slug


LACKING = [
    (NEWS, {"body": ""}, "body"),
    (PROCEDURE, {"steps": ""}, "steps"),
    (PROCEDURE, {"service_level": "full", "link": ""}, "link"),
    (PROCEDURE, {"place": " "}, "place"),
    (DOCUMENT, {"number": ""}, "number"),
    (DOCUMENT, {"issued_on": None}, "issued_on"),
    (DOCUMENT, {"effective_on": date(2019, 1, 1)}, "effective_on"),
    (EVENT, {"starts_at": None}, "starts_at"),
    (EVENT, {"ends_at": make.NOW - timedelta(days=2)}, "ends_at"),
]
WHOLE: dict[kinds.Kind, dict[str, Any]] = {
    NEWS: {},
    PROCEDURE: make.PROCEDURE_FACTS,
    DOCUMENT: {"number": "1/QĐ", "issued_on": date(2020, 1, 1)},
    EVENT: {"starts_at": make.NOW, "place": "Sân đình"},
}


@pytest.mark.parametrize(("kind", "change", "field"), LACKING)
def test_a_page_that_lacks_what_its_kind_needs_is_not_published(
    world: make.World, kind: kinds.Kind, change: dict[str, Any], field: str
) -> None:
    with pytest.raises(rules.NoticeIncomplete) as refusal:
        make.article(world.province, kind=kind, **WHOLE[kind] | change)
    assert field in refusal.value.facts["fields"]  # type: ignore[operator]
    make.article(world.province, kind=kind, **WHOLE[kind])


def test_an_agency_of_a_commune_does_not_speak_beyond_it(world: make.World) -> None:
    with pytest.raises(rules.AudienceTooWide):
        make.article(world.commune_a)
    with pytest.raises(rules.AudienceTooWide):
        make.article(world.commune_a, world.units["c1"].id)


def test_a_person_does_not_publish_past_moderation(world: make.World) -> None:
    new = services.NewArticle(kind=NEWS, title="t", summary="s", body="<p>b</p>", agency_id=world.province)
    with pytest.raises(NotAllowed):
        services.publish_article(new, actor=actors.ANONYMOUS, now=make.NOW)


def test_english_readers_get_the_translation_where_there_is_one_and_each_page_once(world: make.World) -> None:
    slug = make.article(world.province, title="Một")
    make.article(world.province, title="Hai")
    make.article(world.province, title="One", language=rules.Language.EN, original_slug=slug)
    assert titles(Wanted(NEWS)) == ["Hai", "Một"]
    assert titles(Wanted(NEWS, language="en")) == ["One", "Hai"]
    shown = articles.article(NEWS, slug, now=make.NOW + make.HOUR)
    assert [(link.title, link.language) for link in shown.other_languages] == [("One", "en")]


def test_a_translation_says_when_its_original_has_moved_on(world: make.World) -> None:
    slug = make.article(world.province, title="Một")
    english = make.article(world.province, title="One", language=rules.Language.EN, original_slug=slug)
    later = make.NOW + make.HOUR
    assert not articles.article(NEWS, english, now=later).older_than_original
    original = Article.objects.get(slug=slug)
    original.title = "Một, đã sửa"
    original.save_revision(clean=False).publish(skip_permission_checks=True)
    assert articles.article(NEWS, english, now=later).older_than_original


def test_a_translation_is_begun_once_with_facts_and_without_words(world: make.World) -> None:
    editor = make.officer(world.province, make.Role.EDITOR)
    slug = make.article(world.province, kind=PROCEDURE, title="Khai sinh", **make.PROCEDURE_FACTS)
    ask: dict[str, Any] = {"article_id": services.article_id(slug), "language": rules.Language.EN, "now": make.NOW}
    first = services.begin_translation(**ask, actor=editor.content_actor, user=editor)
    again = services.begin_translation(**ask, actor=editor.content_actor, user=editor)
    assert first.pk == again.pk
    assert (first.title, first.steps, first.service_level) == ("", "", "office")
    stranger = make.officer(world.commune_b, make.Role.EDITOR)
    with pytest.raises(NotAllowed):
        services.begin_translation(**ask, actor=stranger.content_actor, user=stranger)
    with pytest.raises(rules.NoticeMovedOn):
        services.begin_translation(
            **ask | {"article_id": first.pk, "language": rules.Language.VI}, actor=editor.content_actor, user=editor
        )


def test_what_is_withdrawn_or_over_is_no_longer_found_and_says_so(world: make.World) -> None:
    officer = make.officer(world.province, make.Role.HEAD)
    slug = make.article(world.province, title="Gỡ")
    services.withdraw_article(
        article_id=services.article_id(slug), actor=officer.content_actor, user=officer, now=make.NOW
    )
    assert titles(Wanted(NEWS)) == []
    shown = articles.article(NEWS, slug, now=make.NOW + make.HOUR)
    assert (shown.standing, shown.body, shown.summary) == (rules.Standing.WITHDRAWN, "", "")
    over = make.article(world.province, title="Hết hạn", expire_at=make.NOW + make.HOUR)
    assert services.publish_due(now=make.NOW + make.HOUR) == (1, 0)
    assert articles.article(NEWS, over, now=make.NOW + make.HOUR).standing == rules.Standing.EXPIRED


def test_search_and_the_version_hear_of_pages(world: make.World) -> None:
    selectors.forget_version()
    before = selectors.version()
    slug = make.article(world.province, title="Tìm được tôi")
    selectors.forget_version()
    assert selectors.version() > before
    found = [one for one in selectors.search_documents(now=make.NOW + make.HOUR) if one.key == slug]
    assert [(one.kind, one.path) for one in found] == [("news", f"/tin-tuc/{slug}/")]
