"""A public message begun, replaced, cancelled: whom it reaches and what the ledger says."""

from __future__ import annotations

from datetime import timedelta

import pytest

from smarthd.messaging import rules, selectors, services
from smarthd.messaging.errors import FanoutExpired, FanoutKeyTaken, FanoutUnknown, NothingToReplace
from smarthd.messaging.models import FanoutChunk
from smarthd.messaging.rules import ChunkState, Lane, Topic
from smarthd.messaging.tests import make
from smarthd.messaging.tests.make import NIGHT, NOW
from smarthd.people import services as people
from smarthd.people.tests import make as people_make

pytestmark = pytest.mark.django_db


def test_only_phones_of_the_communes_are_targeted_each_once(c) -> None:
    make.subscribed([c[0]])
    make.subscribed([c[1], c[0]])  # lives in one, follows the other: counted at home
    make.subscribed([c[3], c[1], c[0]])  # lives elsewhere: counted under the first it follows
    make.subscribed([c[3]])
    view = make.begun(c[:2])
    assert (view.targeted, view.waiting, view.state) == (3, 3, "running")
    assert {unit: reach.targeted for unit, reach in view.by_commune.items()} == {c[0]: 2, c[1]: 1}


def test_an_audience_counts_an_account_once_however_many_phones(c) -> None:
    account = people_make.account()
    for _ in range(2):
        make.subscribed([c[0], c[1]], account_id=account.pk, now=people_make.NOW)
    make.subscribed([c[0]])
    make.subscribed([c[0]], muted=frozenset({Topic.ALERTS}))
    found = selectors.audience(c[:2], Topic.ALERTS)
    assert (found.people, found.phones) == (2, 3)
    assert selectors.audience([c[5]], Topic.ALERTS).phones == 0


def test_the_same_key_again_changes_nothing(c) -> None:
    make.subscribed([c[0]])
    first = make.begun(c[:1])
    make.subscribed([c[0]])
    assert make.begun(c[:1]) == first
    with pytest.raises(FanoutKeyTaken):
        make.begun(c[:2])
    with pytest.raises(FanoutKeyTaken):
        make.begun(c[:1], title="Khác")


def test_the_hash_tells_the_audience_apart(c) -> None:
    one, two = make.subscribed([c[0]]), make.subscribed([c[0]])
    assert make.begun(c[:1]).audience_hash == rules.audience_hash([two.pk, one.pk])
    services.unsubscribe(two.endpoint)
    assert make.begun(c[:1], key="k-2").audience_hash == rules.audience_hash([one.pk])


def test_chunks_are_of_one_origin_and_bounded(c, monkeypatch) -> None:
    monkeypatch.setattr(rules, "chunks_of", lambda ids: rules.fanout.chunks_of(ids, 2))
    for _ in range(3):
        make.subscribed([c[0]])
    make.subscribed([c[0]], of=make.phone(origin="https://web.push.apple.com"))
    make.begun(c[:1])
    assert sorted(FanoutChunk.objects.values_list("origin", "size")) == [
        ("https://fcm.googleapis.com", 1),
        ("https://fcm.googleapis.com", 2),
        ("https://web.push.apple.com", 1),
    ]


def test_a_muted_topic_is_left_out_unless_life_is_at_stake(c) -> None:
    make.subscribed([c[0]], muted=frozenset({Topic.ALERTS}))
    assert make.begun(c[:1], lane=Lane.URGENT).targeted == 0
    assert make.begun(c[:1], lane=Lane.LIFE, key="k-2").targeted == 1


def test_who_had_processing_restricted_is_told_what_saves_lives_alone(c) -> None:
    account = people_make.account()
    make.subscribed([c[0]], account_id=account.pk, now=people_make.NOW)
    people.restrict_processing(account.pk, now=people_make.NOW)
    assert make.begun(c[:1], lane=Lane.URGENT).targeted == 0
    assert make.begun(c[:1], lane=Lane.LIFE, key="k-2").targeted == 1


@pytest.mark.parametrize("lane", list(Lane))
def test_the_audience_shown_before_is_the_one_targeted(c, lane: Lane) -> None:
    make.subscribed([c[0]])
    make.subscribed([c[1], c[0]], muted=frozenset({Topic.ALERTS}))
    make.subscribed([c[2]])
    assert selectors.audience(c[:2], Topic.ALERTS, lane).phones == make.begun(c[:2], lane=lane).targeted


def test_at_night_only_life_goes_at_once(c) -> None:
    make.subscribed([c[0]])
    make.subscribed([c[0]], quiet=())
    make.begun(c[:1], lane=Lane.NOTICE, now=NIGHT, expires_in=timedelta(days=1))
    waits = sorted(FanoutChunk.objects.values_list("not_before", flat=True))
    assert waits == [NIGHT, NIGHT + timedelta(hours=8)]  # 7:00
    make.begun(c[:1], lane=Lane.LIFE, key="k-2", now=NIGHT)
    assert set(FanoutChunk.objects.filter(rank=0).values_list("not_before", flat=True)) == {NIGHT}


def test_a_test_reaches_named_accounts_alone(c) -> None:
    tester = people_make.account()
    make.subscribed([c[4]], account_id=tester.pk, now=people_make.NOW)
    make.subscribed([c[0]])
    view = make.begun(c[:1], test_accounts=[tester.pk])
    assert (view.targeted, list(view.by_commune)) == (1, [c[4]])


def test_what_is_over_is_not_sent_and_says_so(c) -> None:
    make.subscribed([c[0]])
    with pytest.raises(FanoutExpired):
        make.begun(c[:1], expires_in=timedelta(0))
    with pytest.raises(FanoutUnknown):
        selectors.fanout("k-1")


def test_nobody_there_is_finished_at_once(c) -> None:
    assert make.begun(c[:1]).state == "finished"


def test_cancelling_drops_what_is_not_sent_and_again_nothing(c) -> None:
    make.subscribed([c[0]])
    make.begun(c[:1])
    assert services.cancel_fanout("k-1", NOW) == 1
    assert services.cancel_fanout("k-1", NOW) == 0
    view = selectors.fanout("k-1")
    assert (view.state, view.waiting, view.dropped) == ("cancelled", 0, 1)
    with pytest.raises(FanoutUnknown):
        services.cancel_fanout("k-9", NOW)


def test_an_update_drops_what_the_earlier_had_not_sent_to_its_own_phones(c) -> None:
    for commune in (c[0], c[0], c[1]):
        make.subscribed([commune])
    make.begun(c[:2])
    make.begun(c[:1], key="k-2", replaces="k-1")
    earlier = selectors.fanout("k-1")
    assert (earlier.waiting, earlier.dropped, earlier.targeted) == (1, 2, 3)
    assert earlier.by_commune[c[1]].waiting == 1
    assert FanoutChunk.objects.filter(fanout__key="k-1", state=ChunkState.DROPPED).count() == 1
    with pytest.raises(NothingToReplace):
        make.begun(c[:1], key="k-3", replaces="k-0")


def test_an_update_of_the_whole_ends_the_earlier(c) -> None:
    make.subscribed([c[0]])
    make.begun(c[:1])
    make.begun(c[:1], key="k-2", replaces="k-1")
    assert selectors.fanout("k-1").state == "finished"


def test_ledgers_of_old_messages_are_forgotten(c) -> None:
    make.subscribed([c[0]])
    make.begun(c[:1])
    services.cancel_fanout("k-1", NOW)
    assert services.forget_fanouts(before=NOW) == 0
    assert services.forget_fanouts(before=NOW + timedelta(seconds=1)) == 1


@pytest.mark.parametrize("state", list(ChunkState))
@pytest.mark.parametrize("move", rules.CHUNK_MOVES, ids=lambda move: move.name)
def test_a_chunk_that_is_over_stays_so(move, state: ChunkState) -> None:
    if state in {ChunkState.DONE, ChunkState.DROPPED}:
        assert not move.may_start(state)
