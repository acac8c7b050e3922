"""News taken from an agency's own feed: once, named, followed when it changes, withdrawn when the source withdraws it."""

from __future__ import annotations

import copy
from datetime import timedelta
from typing import Any

import pytest

from smarthd.agencies.rules import Role
from smarthd.content import rules
from smarthd.content.models import Article
from smarthd.content.rules import kinds
from smarthd.content.rules.feeds import Item, Policy, address_mark, gone, readable
from smarthd.content.selectors import articles
from smarthd.content.selectors import feeds as feed_reads
from smarthd.content.services import feeds
from smarthd.content.services.feeds import Taken
from smarthd.content.tests import make
from smarthd.kernel.errors import NotAllowed
from tests.planting import planted_once

pytestmark = pytest.mark.django_db
_world = planted_once(make.world)


@pytest.fixture
def world(_world: make.World, db: None) -> make.World:
    return copy.deepcopy(_world)


def item(key: str, days_ago: int = 0, **more: Any) -> Item:
    told: dict[str, Any] = {"title": f"Tin {key}", "summary": "Tóm &amp; tắt.", "link": f"https://xa.vn/{key}"} | more
    return Item(key=key, at=make.NOW - timedelta(days=days_ago), **told)


def keep(world: make.World, policy: Policy = Policy.AUTO) -> None:
    feeds.keep_feed(
        agency_id=world.province,
        dataset_key="tin-so",
        name="Trang của Sở",
        policy=policy,
        actor=make.SYSTEM,
        now=make.NOW,
    )


def take(*items: Item) -> Taken:
    return feeds.take_feed(dataset_key="tin-so", items=items, actor=make.SYSTEM, now=make.NOW)


def shown() -> list[str]:
    page = articles.page(articles.Wanted(kinds.Kind.NEWS), now=make.NOW + make.HOUR)
    return [card.title for card in page.items]


def test_items_become_news_once_with_their_source(world: make.World) -> None:
    keep(world)
    assert take(item("a"), item("b", 2)) == Taken(added=2)
    assert take(item("a"), item("b", 2)) == Taken()
    assert shown() == ["Tin a", "Tin b"]
    page = articles.article(kinds.Kind.NEWS, Article.objects.get(title="Tin a").slug, now=make.NOW + make.HOUR)
    assert (page.source, page.source_url, page.summary) == ("Trang của Sở", "https://xa.vn/a", "Tóm & tắt.")


def test_a_changed_item_is_followed_and_one_taken_out_is_withdrawn(world: make.World) -> None:
    keep(world)
    take(item("a"), item("b", 2), item("c", 4))
    assert take(item("a", title="Tin a, sửa"), item("c", 4)) == Taken(changed=1, withdrawn=1)
    assert shown() == ["Tin a, sửa", "Tin c"]
    gone_page = articles.article(kinds.Kind.NEWS, Article.objects.get(title="Tin b").slug, now=make.NOW + make.HOUR)
    assert gone_page.standing == rules.Standing.WITHDRAWN
    assert take(item("a", title="Tin a, sửa"), item("b", 2), item("c", 4)) == Taken(changed=1)
    assert "Tin b" in shown()


def test_what_has_rolled_off_and_an_empty_feed_withdraw_nothing(world: make.World) -> None:
    keep(world)
    take(item("a"), item("b", 9))
    assert take(item("c"), item("a")) == Taken(added=1)
    assert take() == Taken()
    assert sorted(shown()) == ["Tin a", "Tin b", "Tin c"]


def test_drafts_wait_for_persons_and_what_a_person_edited_is_left_alone(world: make.World) -> None:
    keep(world, Policy.DRAFT)
    take(item("a"))
    assert shown() == []
    draft = Article.objects.get()
    editor = make.officer(world.province, Role.EDITOR)
    draft.title = "Lời của người"
    draft.save_revision(user=editor, clean=False)
    assert take(item("a", title="Nguồn sửa")) == Taken()
    assert Article.objects.get().get_latest_revision_as_object().title == "Lời của người"


def test_what_the_agency_has_from_another_feed_is_not_taken_twice(world: make.World) -> None:
    keep(world)
    feeds.keep_feed(
        agency_id=world.province,
        dataset_key="trang-so",
        name="Trang web",
        policy=Policy.AUTO,
        actor=make.SYSTEM,
        now=make.NOW,
    )
    take(item("a"), item("b", 2))
    told: dict[str, Any] = {"dataset_key": "trang-so", "actor": make.SYSTEM, "now": make.NOW}
    twins = (
        item("x", link="https://www.xa.vn/a/?utm_source=zalo#dau"),
        item("y", title="TIN B", summary="Tóm  &amp;amp; tắt."),
        item("z"),
        item("z2", title="Tin z"),
    )
    assert feeds.take_feed(items=twins, **told) == Taken(added=2, same=2)
    assert feeds.take_feed(items=twins, **told) == Taken(same=2)
    assert take(item("b", 2)).withdrawn == 1
    assert feeds.take_feed(items=twins, **told) == Taken(added=1, same=1), (
        "what one source took out, the other still shows"
    )


def test_what_the_source_took_out_is_told_and_a_draft_of_it_stays(world: make.World) -> None:
    keep(world, Policy.DRAFT)
    take(item("a"), item("b", 2), item("c", 4))
    assert take(item("a"), item("c", 4)) == Taken(gone=1)
    (told,) = feed_reads.feeds_of(world.province)
    assert [(page.title, page.live, page.at) for page in told.gone] == [("Tin b", False, make.NOW)]
    assert (told.taken, told.waiting) == (3, 2)
    assert feed_reads.gone_at_source(told.gone[0].article_id) == make.NOW
    take(item("a"), item("b", 2), item("c", 4))
    assert feed_reads.feeds_of(world.province)[0].gone == ()
    assert feed_reads.gone_at_source(told.gone[0].article_id) is None


def test_items_with_their_words_become_pages_with_paragraphs_and_their_place_is_the_sources(world: make.World) -> None:
    keep(world)
    long = ("Đoạn một &amp; lời.", "<b>Đoạn</b> hai.")
    listed = make.NOW - timedelta(days=1)
    take(item("a", 300, paragraphs=long, listed_at=listed), item("b", 2))
    page = articles.article(kinds.Kind.NEWS, Article.objects.get(title="Tin a").slug, now=make.NOW + make.HOUR)
    assert page.body == "<p>Đoạn một &amp; lời.</p><p>&lt;b&gt;Đoạn&lt;/b&gt; hai.</p>"
    assert page.published_at == make.NOW - timedelta(days=300)
    assert take(item("c", 200, listed_at=listed)) == Taken(added=1, withdrawn=1)
    assert sorted(shown()) == ["Tin b", "Tin c"], "b only rolled off the source's list; a is missing within it"


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("https://www.so.vn/a/", "http://so.vn/a", True),
        ("https://so.vn/a?utm_source=x&id=2", "https://so.vn/a?id=2#x", True),
        ("https://so.vn/a?id=2", "https://so.vn/a?id=3", False),
        ("https://so.vn/A", "https://so.vn/a", False),
    ],
)
def test_addresses_are_the_same_where_they_lead_to_the_same_page(one: str, other: str, same: bool) -> None:
    assert (address_mark(one) == address_mark(other)) is same


def test_hostile_items_are_cleaned_or_left(world: make.World) -> None:
    keep(world)
    take(
        item("a", title="<script>alert(1)</script>", summary="&lt;img src=x onerror=alert(1)&gt;"),
        item("b", link="javascript:alert(1)"),
        item("", title="Không tên"),
        item("c", title=" "),
    )
    page = articles.article(kinds.Kind.NEWS, Article.objects.get().slug, now=make.NOW + make.HOUR)
    assert "<img" not in page.body
    assert "&lt;img" in page.body


def test_persons_keep_feeds_of_their_own_agencies_only(world: make.World) -> None:
    asked: dict[str, Any] = {"dataset_key": "tin-a", "name": "A", "policy": Policy.AUTO, "now": make.NOW}
    feeds.keep_feed(agency_id=world.commune_a, actor=make.officer(world.commune_a, Role.HEAD).content_actor, **asked)
    for officer in (make.officer(world.commune_b, Role.HEAD), make.officer(world.commune_a, Role.EDITOR)):
        with pytest.raises(NotAllowed):
            feeds.keep_feed(agency_id=world.commune_a, actor=officer.content_actor, **asked)
    with pytest.raises(NotAllowed):
        feeds.keep_feed(
            agency_id=world.commune_b, actor=make.officer(world.commune_b, Role.HEAD).content_actor, **asked
        )
    with pytest.raises(NotAllowed):
        feeds.take_feed(
            dataset_key="tin-a", items=[], actor=make.officer(world.commune_a, Role.HEAD).content_actor, now=make.NOW
        )


def test_gone_is_what_is_missing_within_the_span_shown() -> None:
    held = {"old": make.NOW - timedelta(days=9), "mid": make.NOW - timedelta(days=2), "dayless": None}
    assert gone(held, [item("a"), item("b", 4)]) == {"mid"}
    assert gone(held, []) == set()
    assert [one.key for one in readable([item("b", 3), item("a"), item("a", title="lại")])] == ["a", "b"]
