"""Reminders and digests reach people: in words an official would use, once, and whole again after a worker died in the middle."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest

from smarthd.agencies import services as agencies
from smarthd.agencies.rules import Role
from smarthd.agencies.rules.calendar import WorkingCalendar
from smarthd.agencies.tests import make as agencies_make
from smarthd.kernel import clock, events
from smarthd.messaging import services as messaging
from smarthd.messaging.models import InboxItem, MailDelivery
from smarthd.rollout import services
from smarthd.rollout.rules import telling
from smarthd.rollout.services import telling as telling_services
from smarthd.rollout.tests import reporting
from smarthd.rollout.tests.reporting import DUE, SYSTEM, Desk

PLAIN = WorkingCalendar(special={})
THURSDAY_FIVE = clock.at_local(date(2024, 4, 11), 17)
MONDAY_DIGEST = clock.at_local(date(2024, 4, 15), 7, 30)


@pytest.fixture
def desk(db: None) -> Desk:
    made = reporting.desk()
    agencies.set_mailbox(made.world.commune_a, address="hoptien@haiduong.gov.vn", actor=SYSTEM, now=reporting.NOW)
    return made


def remind(now: datetime) -> None:
    services.take_steps(now=now)
    events.deliver_owed()


@pytest.mark.parametrize(
    ("form", "period", "name"),
    [
        ("Báo cáo tuần", "Tuần 15/2024", "Báo cáo tuần 15/2024"),
        ("Báo cáo kết quả", "Tháng 4/2024", "Báo cáo kết quả, tháng 4/2024"),
        ("Báo cáo đợt", "Đợt 2", "Báo cáo đợt 2"),
    ],
)
def test_a_report_is_named_without_saying_a_word_twice(form: str, period: str, name: str) -> None:
    assert telling.report_name(form, period) == name


@pytest.mark.parametrize(
    ("now", "words"),
    [
        (clock.at_local(date(2024, 4, 9), 17), "còn 3 ngày làm việc"),
        (THURSDAY_FIVE, "còn 1 ngày làm việc"),
        (clock.at_local(date(2024, 4, 12), 7), "còn 10 giờ"),
        (clock.at_local(date(2024, 4, 12), 16, 30), "còn chưa đầy 1 giờ"),
        (DUE, "đã đến hạn"),
        (clock.at_local(date(2024, 4, 13), 9), "đã đến hạn"),
        (clock.at_local(date(2024, 4, 17), 17), "quá hạn 3 ngày làm việc"),
    ],
)
def test_what_is_left_is_reckoned_when_it_is_told(now: datetime, words: str) -> None:
    assert telling.time_left(due_at=DUE, now=now, calendar=PLAIN) == words


def test_a_reminder_says_what_is_owed_and_until_when_to_people_and_mailbox(desk: Desk) -> None:
    remind(THURSDAY_FIVE)
    words = "Báo cáo tuần 15/2024: còn 1 ngày làm việc, hạn 17 giờ thứ Sáu 12/4"
    readers = set(InboxItem.objects.filter(title=words).values_list("account_id", flat=True))
    assert {desk.clerk.account_id, desk.head.account_id} <= readers
    mail = MailDelivery.objects.get()
    assert (mail.recipient, mail.subject) == ("hoptien@haiduong.gov.vn", words)
    assert "Ủy ban nhân dân xã Hợp Tiến" in mail.body


def test_a_report_that_came_in_while_the_word_was_on_its_way_is_not_asked_for(desk: Desk) -> None:
    services.take_steps(now=THURSDAY_FIVE)
    reporting.submitted(desk, now=THURSDAY_FIVE + timedelta(seconds=1))
    events.deliver_owed()
    assert not InboxItem.objects.filter(account_id=desk.clerk.account_id).exists()
    assert not MailDelivery.objects.exists()


def test_a_worker_killed_between_inbox_and_mailbox_tells_nothing_twice_and_loses_nothing(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    def die(**_: object) -> bool:
        raise KeyboardInterrupt

    services.take_steps(now=THURSDAY_FIVE)
    with monkeypatch.context() as patch:
        patch.setattr(messaging, "queue_mail", die)
        with pytest.raises(KeyboardInterrupt):
            events.deliver_owed()
    assert not InboxItem.objects.filter(account_id=desk.clerk.account_id).exists()
    for _ in range(2):
        events.deliver_owed()
        services.take_steps(now=THURSDAY_FIVE + timedelta(minutes=5))
    assert InboxItem.objects.filter(account_id=desk.clerk.account_id).count() == 1
    assert MailDelivery.objects.count() == 1


def test_a_worker_killed_while_taking_steps_takes_them_whole_the_next_time(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    from smarthd.rollout.services import reminding

    calls = iter([None, None, KeyboardInterrupt])

    def die_later(event: object) -> None:
        if next(calls, None) is KeyboardInterrupt:
            raise KeyboardInterrupt
        tell(event)

    tell = events.announce
    with monkeypatch.context() as patch:
        patch.setattr(reminding.events, "announce", die_later)
        with pytest.raises(KeyboardInterrupt):
            services.take_steps(now=THURSDAY_FIVE)
    assert events.deliver_owed() == 0
    remind(THURSDAY_FIVE)
    assert InboxItem.objects.filter(account_id=desk.clerk.account_id).count() == 1


def test_superiors_read_once_a_morning_what_waits_and_who_is_late(desk: Desk) -> None:
    reporting.submitted(desk)
    assert services.send_digests(now=MONDAY_DIGEST) == 2
    item = InboxItem.objects.get(account_id=desk.district.account_id)
    assert item.title == "Việc báo cáo 7 giờ 30 ngày 15/4: 1 báo cáo chờ xác nhận, 1 báo cáo quá hạn"
    assert "Ủy ban nhân dân xã Hợp Tiến: Báo cáo tuần 15/2024" in item.body
    assert "Ủy ban nhân dân xã Nam Hưng: Báo cáo tuần 15/2024, quá hạn 1 ngày làm việc" in item.body
    department = InboxItem.objects.get(account_id=desk.department.account_id)
    assert department.title.endswith("2 báo cáo quá hạn")


def test_a_second_run_the_same_morning_tells_nobody_again(desk: Desk) -> None:
    services.send_digests(now=MONDAY_DIGEST)
    before = InboxItem.objects.count()
    assert services.send_digests(now=MONDAY_DIGEST + timedelta(minutes=10)) == 0
    assert InboxItem.objects.count() == before
    assert services.send_digests(now=MONDAY_DIGEST + timedelta(days=1)) == 2


@pytest.mark.parametrize(
    "now",
    [
        MONDAY_DIGEST - timedelta(minutes=1),
        clock.at_local(date(2024, 4, 13), 8),  # Saturday
        clock.at_local(date(2024, 4, 15), 22),
    ],
)
def test_no_digest_comes_before_its_hour_at_night_or_on_a_day_off(desk: Desk, now: datetime) -> None:
    assert services.send_digests(now=now) == 0


def test_a_worker_killed_between_two_superiors_leaves_the_rest_for_the_next_run(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    tell, calls = telling_services.messaging.tell, []

    def die_at_the_third(*args: object, **kwargs: object) -> int:
        calls.append(args)
        if len(calls) == 3:  # the province, the Department, the district
            raise KeyboardInterrupt
        return tell(*args, **kwargs)  # type: ignore[arg-type]

    with monkeypatch.context() as patch:
        patch.setattr(telling_services.messaging, "tell", die_at_the_third)
        with pytest.raises(KeyboardInterrupt):
            services.send_digests(now=MONDAY_DIGEST)
    assert services.send_digests(now=MONDAY_DIGEST + timedelta(minutes=10)) == 1
    keys = InboxItem.objects.values_list("account_id", "key")
    assert len(keys) == len(set(keys)) == 3  # the district's head, the Department's head and administrator


def test_who_holds_two_roles_reads_one_digest(desk: Desk) -> None:
    both = agencies_make.officer(desk.world.district, Role.DELEGATE, Role.ADMINISTRATOR)
    services.send_digests(now=MONDAY_DIGEST)
    assert InboxItem.objects.filter(account_id=both.account_id).count() == 1
