from __future__ import annotations

import copy

import pytest
from django.db import transaction

from smarthd.agencies.rules import Role
from smarthd.content import rules, selectors, services
from smarthd.content.models import ContentVersion, Notice
from smarthd.content.tests import make
from tests.planting import planted_once

pytestmark = pytest.mark.django_db


def value() -> int:
    return ContentVersion.objects.filter(pk=1).values_list("value", flat=True).first() or 0


_world = planted_once(make.world)


@pytest.fixture
def world(_world: make.World, db: None) -> make.World:
    return copy.deepcopy(_world)


def test_publishing_withdrawing_and_the_directory_raise_the_version(world: make.World) -> None:
    seen = [value()]
    slug = make.published(world.province)
    seen.append(value())
    services.withdraw_notice(
        notice_id=Notice.objects.get(slug=slug).pk,
        actor=(head := make.officer(world.province, Role.HEAD)).content_actor,
        user=head,
        now=make.NOW,
    )
    seen.append(value())
    services.upsert_hotline(
        key="cong-an",
        name="Công an",
        category=rules.HotlineCategory.EMERGENCY,
        numbers=[("", "113")],
        hours="24/24 giờ",
        verified_on=make.TODAY,
        actor=make.SYSTEM,
        now=make.NOW,
    )
    seen.append(value())
    assert sorted(set(seen)) == seen


def test_saving_a_new_draft_of_a_shown_notice_changes_nothing_for_readers(world: make.World) -> None:
    slug = make.published(world.province)
    before = value()
    notice = Notice.objects.get(slug=slug)
    notice.title = "Bản nháp mới"
    notice.save_revision(user=make.officer(world.province, Role.EDITOR), clean=False)
    assert value() == before
    assert selectors.notice(slug, now=make.NOW).title == "Lịch cắt điện"


def test_a_change_that_is_rolled_back_leaves_the_version(world: make.World) -> None:
    before = value()
    with transaction.atomic():
        make.published(world.province)
        transaction.set_rollback(True)
    assert value() == before


def test_a_process_asks_the_database_once_in_a_while(
    world: make.World, django_assert_num_queries: pytest.FixtureRequest
) -> None:
    selectors.forget_version()
    with django_assert_num_queries(1):  # type: ignore[operator]
        assert selectors.version() == selectors.version() == value_of_memory()
    selectors.forget_version()


def value_of_memory() -> int:
    return selectors.version()
