"""Phones taken in, changed, let go of."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import override_settings

from smarthd.messaging import rules, services
from smarthd.messaging.models import PushPlace, PushSubscription, VapidKey
from smarthd.messaging.rules import BadSubscription, NotAgreed, Topic
from smarthd.messaging.services import vapid
from smarthd.messaging.tests import make
from smarthd.messaging.tests.make import NOW
from smarthd.people import rules as people_rules
from smarthd.people import selectors as people
from smarthd.people.tests import make as people_make

pytestmark = pytest.mark.django_db


def test_a_phone_is_taken_in_with_its_places_and_the_usual_quiet(c) -> None:
    row = make.subscribed([c[0], c[2]])
    assert list(row.places.order_by("-home").values_list("commune_id", "home")) == [(c[0], True), (c[2], False)]
    assert (row.origin, row.quiet_from, row.quiet_to) == ("https://fcm.googleapis.com", 1260, 420)
    assert row.vapid_key == vapid.current(now=NOW).key_id


def test_coming_again_changes_nothing_but_when_it_was_seen(c) -> None:
    mine = make.phone()
    first = make.subscribed([c[0]], of=mine, muted=frozenset({Topic.NEWS}))
    later = NOW + timedelta(days=1)
    state = services.subscribe(
        mine.told(wording_version=None), account_id=None, now=later, resolver=make.FakeResolver()
    )
    again = PushSubscription.objects.get()
    assert (again.pk, again.last_seen_at, again.agreed_at) == (first.pk, later, first.agreed_at)
    assert (state.communes, state.muted) == ((c[0],), frozenset({Topic.NEWS}))


def test_a_phone_whose_owner_did_not_agree_is_not_taken_in() -> None:
    with pytest.raises(NotAgreed):
        services.subscribe(
            make.phone().told(wording_version=None), account_id=None, now=NOW, resolver=make.FakeResolver()
        )
    with pytest.raises(people_rules.UnknownWording):
        services.subscribe(
            make.phone().told(wording_version=99), account_id=None, now=NOW, resolver=make.FakeResolver()
        )
    assert not PushSubscription.objects.exists()


def test_new_keys_are_a_new_row_with_the_old_wishes(c) -> None:
    mine = make.phone()
    first = make.subscribed([c[1]], of=mine, muted=frozenset({Topic.NEWS}), quiet=())
    renewed = make.phone(mine.endpoint, own_key=True)
    services.subscribe(renewed.told(wording_version=None), account_id=None, now=NOW, resolver=make.FakeResolver())
    [row] = PushSubscription.objects.all()
    assert row.pk != first.pk
    assert (bytes(row.p256dh), row.muted, row.quiet_from) == (renewed.public, Topic.NEWS.bit, None)
    assert list(row.places.values_list("commune_id", flat=True)) == [c[1]]


def test_a_changed_endpoint_keeps_the_wishes_of_the_one_it_replaces(c) -> None:
    mine, renewed = make.phone(), make.phone()
    make.subscribed([c[1], c[3]], of=mine, muted=frozenset({Topic.NEWS}))
    state = services.subscribe(
        renewed.told(wording_version=None, replaces=mine.endpoint),
        account_id=None,
        now=NOW,
        resolver=make.FakeResolver(),
    )
    assert list(PushSubscription.objects.values_list("endpoint", flat=True)) == [renewed.endpoint]
    assert (state.communes, state.muted) == ((c[1], c[3]), frozenset({Topic.NEWS}))


def test_the_account_is_whoever_is_signed_in_now_and_agrees_by_it(c) -> None:
    account = people_make.account()
    mine = make.phone()
    make.subscribed([c[0]], of=mine, account_id=account.pk, now=people_make.NOW)
    assert people.has_consent(account.pk, people_rules.Purpose.PUSH)
    assert set(PushPlace.objects.values_list("account_id", flat=True)) == {account.pk}
    services.subscribe(mine.told(wording_version=None), account_id=None, now=NOW, resolver=make.FakeResolver())
    assert PushSubscription.objects.get().account_id is None
    assert set(PushPlace.objects.values_list("account_id", flat=True)) == {None}


def test_six_communes_are_enough_and_seven_too_many(c) -> None:
    make.subscribed(c)
    with pytest.raises(rules.TooManyCommunes):
        services.subscribe(
            make.phone().told(communes=(*c, 10**9)), account_id=None, now=NOW, resolver=make.FakeResolver()
        )


def test_a_known_host_that_resolves_inside_our_network_is_refused() -> None:
    with pytest.raises(BadSubscription):
        services.subscribe(make.phone().told(), account_id=None, now=NOW, resolver=make.FakeResolver("10.0.0.5"))


def test_loopback_is_taken_by_the_setting_alone() -> None:
    mine = make.phone(origin="https://127.0.0.1:9443")
    with pytest.raises(BadSubscription):
        services.subscribe(mine.told(), account_id=None, now=NOW)
    with override_settings(PUSH_LOOPBACK=True):
        services.subscribe(mine.told(), account_id=None, now=NOW)
    assert PushSubscription.objects.get().origin == "https://127.0.0.1:9443"


def test_a_phone_is_let_go_of_once(c) -> None:
    row = make.subscribed([c[0]])
    assert services.unsubscribe(row.endpoint)
    assert not services.unsubscribe(row.endpoint)
    assert not PushPlace.objects.exists()


def test_phones_silent_for_long_are_forgotten(c) -> None:
    make.subscribed([c[0]])
    make.subscribed([c[0]], now=NOW + timedelta(days=2))
    assert services.forget_silent_phones(before=NOW + timedelta(days=1)) == 1


def test_the_provinces_key_is_made_once_and_lies_sealed() -> None:
    key = vapid.current(now=NOW)
    assert vapid.current(now=NOW + timedelta(days=1)) == key
    [row] = VapidKey.objects.all()
    secret = key.private.private_numbers().private_value.to_bytes(32, "big")
    assert secret not in bytes(row.private_sealed)
    assert (bytes(row.public), len(key.public), key.public[0]) == (key.public, 65, 4)
