"""A person's own messages on their phones: after the inbox, never in the night, many as one."""

from __future__ import annotations

import json
from datetime import timedelta

import http_ece
import pytest

from smarthd.kernel import events
from smarthd.messaging import rules, selectors, services
from smarthd.messaging.adapters.webpush.fake import FakeTransport
from smarthd.messaging.models import PushNotice, PushSubscription
from smarthd.messaging.rules import NoticeState, Topic
from smarthd.messaging.tests import make
from smarthd.messaging.tests.make import NIGHT, NOW
from smarthd.people import rules as people_rules
from smarthd.people import services as people
from smarthd.people.tests import make as people_make

pytestmark = pytest.mark.django_db
MORNING = NIGHT + timedelta(hours=8)


@pytest.fixture
def person() -> int:
    return people_make.account(now=NOW).pk


@pytest.fixture
def mine(person: int) -> make.Phone:
    made = make.phone(own_key=True)
    make.subscribed(of=made, account_id=person)
    return made


def told(person: int, key: str = "k-1", *, kind: str = "fieldreports.step", now=NOW) -> None:
    services.tell([person], kind=kind, title=f"Việc {key}", body="Một dòng", href="/phan-anh/1/", key=key, now=now)


def pushed(transport: FakeTransport | None = None, *, now=NOW) -> FakeTransport:
    transport = transport or FakeTransport()
    services.push_due_notices(now=now, via=lambda: transport)
    return transport


def read(phone: make.Phone, transport: FakeTransport) -> list[dict]:
    return [
        json.loads(http_ece.decrypt(one.body, private_key=phone.private, auth_secret=phone.auth))["notification"]
        for one in transport.sent
        if one.url == phone.endpoint
    ]


def states() -> list[str]:
    return sorted(PushNotice.objects.values_list("state", flat=True))


def test_what_comes_to_the_inbox_comes_to_the_phone(person: int, mine: make.Phone) -> None:
    told(person)
    [said] = read(mine, pushed())
    assert (said["title"], said["body"]) == ("Việc k-1", "Một dòng")
    assert said["navigate"].endswith("/toi/hop-thu/")
    assert states() == [NoticeState.SENT]
    assert pushed().sent == []


def test_told_twice_the_phone_rings_once(person: int, mine: make.Phone) -> None:
    told(person)
    told(person)
    assert len(pushed().sent) == 1


def test_without_a_phone_or_without_agreement_the_inbox_alone_has_it(person: int) -> None:
    told(person)
    assert selectors.unread_count(person) == 1
    assert states() == []
    make.subscribed(account_id=person)
    people.withdraw_consent(person, purpose=people_rules.Purpose.PUSH, now=NOW)
    told(person, "k-2")
    assert states() == []


def test_the_night_is_quiet_and_the_morning_brings_one_list(person: int, mine: make.Phone) -> None:
    for key in ("k-1", "k-2", "k-3"):
        told(person, key, now=NIGHT)
    assert pushed(now=NIGHT).sent == []
    assert set(PushNotice.objects.values_list("next_try_at", flat=True)) == {MORNING}
    [said] = read(mine, pushed(now=MORNING))
    assert said["title"] == "Có 3 thông báo mới"
    assert said["body"] == "• Việc k-3\n• Việc k-2\n• Việc k-1"
    assert states() == [NoticeState.SENT] * 3


def test_a_phone_without_quiet_hours_is_told_at_night_and_the_other_is_not(person: int, mine: make.Phone) -> None:
    awake = make.subscribed(account_id=person, quiet=())
    told(person, now=NIGHT)
    assert [one.url for one in pushed(now=NIGHT).sent] == [awake.endpoint]


def test_what_was_read_meanwhile_is_not_pushed(person: int, mine: make.Phone) -> None:
    told(person, now=NIGHT)
    services.mark_all_read(person, now=NIGHT)
    assert pushed(now=MORNING).sent == []
    assert states() == [NoticeState.DROPPED]


def test_a_muted_topic_is_not_pushed(person: int) -> None:
    make.subscribed(account_id=person, muted=frozenset({Topic.REPORTS}))
    told(person)
    assert (pushed().sent, states()) == ([], [NoticeState.DROPPED])
    told(person, "k-2", kind="rollout.reminder")
    assert len(pushed().sent) == 1


def test_passing_faults_are_tried_again_until_tries_run_out(person: int, mine: make.Phone) -> None:
    told(person)
    busy, now = FakeTransport(lambda request: 503), NOW
    for _ in range(len(rules.NOTICE_WAITS) + 1):
        pushed(busy, now=now)
        now = max(now, PushNotice.objects.get().next_try_at)
    assert (len(busy.sent), states()) == (len(rules.NOTICE_WAITS) + 1, [NoticeState.FAILED])


def test_a_phone_that_is_no_more_is_forgotten_and_the_inbox_keeps_the_word(person: int, mine: make.Phone) -> None:
    told(person)
    pushed(FakeTransport(lambda request: 410))
    assert (PushSubscription.objects.count(), states(), selectors.unread_count(person)) == (0, [NoticeState.DROPPED], 1)


def test_one_phone_reached_is_enough(person: int, mine: make.Phone) -> None:
    make.subscribed(account_id=person)
    told(person)
    pushed(FakeTransport(lambda request: 201 if request.url == mine.endpoint else 0))
    assert states() == [NoticeState.SENT]


def test_a_worker_killed_while_pushing_leaves_it_to_the_next_sweep(person: int, mine: make.Phone) -> None:
    told(person)

    class Dying(FakeTransport):
        def start(self, request) -> None:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        pushed(Dying())
    assert pushed().sent == []
    assert len(pushed(now=NOW + timedelta(minutes=2)).sent) == 1


def test_a_refusing_service_raises_the_alarm(person: int, mine: make.Phone) -> None:
    told(person)
    pushed(FakeTransport(lambda request: 403))
    assert [alarm.fault for alarm in selectors.push_alarms()] == ["HTTP 403"]
    assert states() == [NoticeState.WAITING]


def test_taking_the_agreement_back_lets_go_of_every_phone(person: int, mine: make.Phone) -> None:
    other = make.subscribed()
    people.withdraw_consent(person, purpose=people_rules.Purpose.PUSH, now=NOW)
    events.deliver_owed()
    assert list(PushSubscription.objects.all()) == [other]


def test_a_persons_own_page_tells_of_their_phones(person: int, mine: make.Phone) -> None:
    sections = {section.key: section for section in selectors.kept_about(person)}
    assert [row["Máy chủ thông báo"] for row in sections["phones"].rows] == ["https://fcm.googleapis.com"]


@pytest.mark.parametrize("many", [2, 4, 5, 40])
def test_a_digest_counts_all_and_shows_a_few(many: int) -> None:
    said = rules.digest([(f"Việc {n}", "", "", str(n)) for n in range(many)])
    assert str(many) in said["vi"]["title"]
    assert str(many) in said["en"]["title"]
    assert said["vi"]["body"].count("•") == min(many, rules.SHOWN)


@pytest.mark.parametrize("kind", sorted(rules.WAKING))
def test_what_the_duty_must_hear_at_once_wakes_and_the_rest_waits_for_morning(
    person: int, mine: make.Phone, kind: str
) -> None:
    told(person, "thuong", now=NIGHT)
    told(person, "gap", kind=kind, now=NIGHT)
    transport = pushed(now=NIGHT)
    assert [said["title"] for said in read(mine, transport)] == ["Việc gap"]
    assert "Urgency: high" in transport.sent[0].headers
    assert pushed(now=NIGHT + timedelta(minutes=1)).sent == []
    assert [said["title"] for said in read(mine, pushed(now=MORNING))] == ["Việc thuong"]


@pytest.mark.parametrize("kind", ["alerts.returned", "alerts.warning", "fieldreports.step", "duties.late"])
def test_nothing_else_of_a_persons_own_wakes(kind: str) -> None:
    assert not rules.wakes(kind)
