from __future__ import annotations

import copy
from typing import Any

import pytest

from smarthd.agencies.rules import Role
from smarthd.content import policies, rules, selectors, services, tasks
from smarthd.content.models import Notice
from smarthd.content.tests import make
from smarthd.kernel import clock
from smarthd.kernel.errors import NotAllowed
from smarthd.kernel.models import AuditEntry
from tests.planting import planted_once

pytestmark = pytest.mark.django_db


_world = planted_once(make.world)


@pytest.fixture
def world(_world: make.World, db: None) -> make.World:
    return copy.deepcopy(_world)


@pytest.fixture
def author(world: make.World) -> Any:
    return make.officer(world.commune_a, Role.EDITOR, name="Nguyễn Thị Viết")


@pytest.fixture
def waiting(world: make.World, author: Any) -> Notice:
    return make.submitted(author, world.commune_a, world.units["c0"].id)


def acts(notice: Notice) -> list[str]:
    return list(AuditEntry.objects.filter(subject_id=str(notice.uid)).order_by("id").values_list("act", flat=True))


ROLES = [*Role]
MAY = {
    "see": {Role.EDITOR, Role.HEAD, Role.DELEGATE, Role.AUDITOR},
    "write": {Role.EDITOR},
    "approve": {Role.EDITOR, Role.HEAD, Role.DELEGATE},
    "withdraw": {Role.EDITOR, Role.HEAD, Role.DELEGATE},
}
ASK = {
    "see": policies.can_see,
    "write": policies.can_write,
    "approve": lambda actor, notice: policies.can_approve(actor, notice, author_ids=frozenset()),
    "withdraw": policies.can_withdraw,
}


@pytest.mark.parametrize("act", ASK)
@pytest.mark.parametrize("role", ROLES)
def test_a_role_gives_what_the_matrix_says_at_its_agency_with_a_second_factor_and_nothing_else(
    world: make.World, role: Role, act: str
) -> None:
    notice = Notice(agency_id=world.commune_a)
    here = make.officer(world.commune_a, role).content_actor
    above = make.officer(world.province, role).content_actor
    beside = make.officer(world.commune_b, role).content_actor
    without = make.officer(world.commune_a, role, second_factor=False).content_actor
    expected = role in MAY[act]
    assert ASK[act](here, notice) is expected
    assert ASK[act](above, notice) is expected
    assert ASK[act](beside, notice) is False
    assert ASK[act](without, notice) is False


def test_another_editor_approves_and_citizens_read_it(world: make.World, waiting: Notice) -> None:
    assert selectors.notices_for(world.units["c0"].id, clock.today()) == []
    make.decide(waiting, make.officer(world.commune_a, Role.HEAD))
    waiting.refresh_from_db()
    assert waiting.live
    assert len(selectors.notices_for(world.units["c0"].id, clock.today())) == 1
    assert acts(waiting) == ["content.notice_published", "content.notice_approved"]


def test_the_author_does_not_approve(waiting: Notice, author: Any) -> None:
    with pytest.raises(rules.OwnNoticeApproval):
        make.decide(waiting, author)
    waiting.refresh_from_db()
    assert not waiting.live


def test_who_had_a_hand_in_the_words_does_not_approve_even_if_another_submits(world: make.World, author: Any) -> None:
    helper = make.officer(world.commune_a, Role.EDITOR)
    notice = make.draft(author, world.commune_a, world.units["c0"].id)
    notice.save_revision(user=helper, clean=False)
    submitter = make.officer(world.commune_a, Role.EDITOR)
    notice.get_workflow().start(notice, submitter)
    for hand in (author, helper, submitter):
        with pytest.raises(rules.OwnNoticeApproval):
            make.decide(notice, hand)


def test_who_wrote_an_earlier_version_may_approve_the_next(world: make.World, waiting: Notice, author: Any) -> None:
    second = make.officer(world.commune_a, Role.EDITOR)
    make.decide(waiting, second)
    notice = Notice.objects.get(pk=waiting.pk)
    notice.title = "Tiêm phòng dại, đổi giờ"
    notice.save_revision(user=second, clean=False)
    notice.get_workflow().start(notice, second)
    make.decide(notice, author)
    assert Notice.objects.get(pk=waiting.pk).title == "Tiêm phòng dại, đổi giờ"


@pytest.mark.parametrize("role", [Role.CLERK, Role.AUDITOR, Role.ADMINISTRATOR, Role.ALERT_APPROVER])
def test_another_role_does_not_approve(world: make.World, waiting: Notice, role: Role) -> None:
    with pytest.raises(NotAllowed):
        make.decide(waiting, make.officer(world.commune_a, role))


def test_another_agency_does_not_approve(world: make.World, waiting: Notice) -> None:
    with pytest.raises(NotAllowed):
        make.decide(waiting, make.officer(world.commune_b, Role.HEAD))


def test_sending_back_needs_a_reason_and_unlocks_the_words(world: make.World, waiting: Notice, author: Any) -> None:
    head = make.officer(world.commune_a, Role.HEAD)
    with pytest.raises(rules.NoticeIncomplete):
        make.decide(waiting, head, "reject", "  ")
    assert waiting.get_lock().for_user(author)
    make.decide(waiting, head, "reject", "Thiếu giờ")
    notice = Notice.objects.get(pk=waiting.pk)
    assert notice.get_lock() is None
    assert notice.current_workflow_state.current_task_state.comment == "Thiếu giờ"
    assert acts(notice) == ["content.notice_sent_back"]


def test_a_decision_is_taken_once(world: make.World, waiting: Notice) -> None:
    step = waiting.current_workflow_task_state
    head = make.officer(world.commune_a, Role.HEAD)
    make.decide(waiting, head)
    with pytest.raises(rules.NoticeMovedOn):
        services.decide_on_notice(
            task_state=step, user=head, actor=head.content_actor, action="approve", comment="", now=make.NOW
        )


def test_words_changed_after_submission_are_not_approved_unseen(
    world: make.World, waiting: Notice, author: Any
) -> None:
    waiting.title = "Lời khác"
    waiting.save_revision(user=author, clean=False)
    with pytest.raises(rules.NoticeMovedOn):
        make.decide(waiting, make.officer(world.commune_a, Role.HEAD))


def test_an_incomplete_notice_is_not_published(world: make.World, author: Any) -> None:
    notice = make.submitted(author, world.commune_a, world.units["c0"].id, summary="")
    with pytest.raises(rules.NoticeIncomplete) as refusal:
        make.decide(notice, make.officer(world.commune_a, Role.HEAD))
    assert refusal.value.facts["fields"] == {"summary": "missing"}
    assert Notice.objects.get(pk=notice.pk).workflow_in_progress


def test_a_notice_beyond_the_agencys_territory_is_not_published(world: make.World, author: Any) -> None:
    notice = make.submitted(author, world.commune_a, world.units["c1"].id)
    with pytest.raises(rules.AudienceTooWide):
        make.decide(notice, make.officer(world.commune_a, Role.HEAD))


def test_an_approved_notice_waits_for_its_hour_and_leaves_at_its_end(world: make.World, author: Any) -> None:
    now = clock.now()
    begins, ends = now + make.HOUR, now + 2 * make.HOUR
    notice = make.submitted(author, world.commune_a, world.units["c0"].id, go_live_at=begins, expire_at=ends)
    make.decide(notice, make.officer(world.commune_a, Role.HEAD), now=now)
    assert not Notice.objects.get(pk=notice.pk).live
    assert services.publish_due(now=begins - make.HOUR / 2) == (0, 0)
    # Wagtail compares with the machine's clock, so the hour is let come by moving the hour, not the clock
    Notice.objects.filter(pk=notice.pk).update(go_live_at=now - make.HOUR)
    revision = notice.revisions.get()
    revision.content["go_live_at"] = (now - make.HOUR).isoformat()
    revision.approved_go_live_at = now - make.HOUR
    revision.save()
    assert services.publish_due(now=now) == (0, 1)
    assert Notice.objects.get(pk=notice.pk).live
    assert services.publish_due(now=now) == (0, 0)
    assert services.publish_due(now=ends) == (1, 0)
    gone = Notice.objects.get(pk=notice.pk)
    assert (gone.live, gone.expired) == (False, True)
    assert selectors.notice(gone.slug, now=ends).standing == rules.Standing.EXPIRED
    assert acts(gone) == [
        "content.notice_scheduled",
        "content.notice_approved",
        "content.notice_published",
        "content.notice_withdrawn",
    ]


def test_the_periodic_task_does_what_is_due(world: make.World) -> None:
    slug = make.published(world.province, expire_at=make.NOW + make.HOUR)
    tasks.publish_due(timestamp=0)
    assert Notice.objects.get(slug=slug).expired


@pytest.mark.parametrize("role", [Role.EDITOR, Role.HEAD, Role.DELEGATE])
def test_one_person_takes_a_notice_down(world: make.World, role: Role) -> None:
    slug = make.published(world.commune_a, world.units["c0"].id)
    officer = make.officer(world.commune_a, role)
    notice = Notice.objects.get(slug=slug)
    services.withdraw_notice(notice_id=notice.pk, actor=officer.content_actor, user=officer, now=make.NOW)
    assert selectors.notice(slug, now=make.NOW).standing == rules.Standing.WITHDRAWN
    last = AuditEntry.objects.filter(act="content.notice_withdrawn").get()
    assert (last.account_id, last.at) == (officer.pk, make.NOW)
    with pytest.raises(rules.NoticeMovedOn):
        services.withdraw_notice(notice_id=notice.pk, actor=officer.content_actor, user=officer, now=make.NOW)


def test_a_stranger_takes_nothing_down(world: make.World) -> None:
    slug = make.published(world.commune_a, world.units["c0"].id)
    stranger = make.officer(world.commune_b, Role.EDITOR)
    with pytest.raises(NotAllowed):
        services.withdraw_notice(
            notice_id=Notice.objects.get(slug=slug).pk, actor=stranger.content_actor, user=stranger, now=make.NOW
        )


def test_each_sees_the_submissions_they_may_decide(world: make.World, waiting: Notice, author: Any) -> None:
    step = waiting.current_workflow_task_state.pk
    assert selectors.submissions_waiting_for(author) == []
    assert selectors.submissions_waiting_for(make.officer(world.commune_a, Role.EDITOR)) == [step]
    assert selectors.submissions_waiting_for(make.officer(world.province, Role.HEAD)) == [step]
    assert selectors.submissions_waiting_for(make.officer(world.commune_b, Role.EDITOR)) == []
    assert selectors.submissions_waiting_for(make.officer(world.commune_a, Role.CLERK)) == []
