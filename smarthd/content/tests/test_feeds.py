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
from smarthd.content.rules.feeds import Item, Policy, gone, readable
from smarthd.content.selectors import articles
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
