"""The outbox: one row a bulletin and outlet, tried until an end somebody sees, nobody blocked by another."""

from __future__ import annotations

import threading
import time
from datetime import timedelta

import pytest

from smarthd.agencies.rules import Role
from smarthd.agencies.tests import make as agencies_make
from smarthd.channels.errors import BulletinFaulty, BulletinOver, DispatchUnknown
from smarthd.channels.models import Attempt, Bulletin, Dispatch, Outlet
from smarthd.channels.ports import OutletRefused, OutletUnavailable, Taken, Word
from smarthd.channels.rules import dispatches as rules
from smarthd.channels.rules.bulletins import Change, Priority, Source
from smarthd.channels.rules.dispatches import State
from smarthd.channels.rules.outlets import Kind
from smarthd.channels.services import bulletins, dispatching, proving, receipts, retention
from smarthd.channels.tests import make
from smarthd.kernel.errors import NotAllowed
from smarthd.kernel.moves import IllegalMove

pytestmark = pytest.mark.django_db
NOW = make.NOW


def states(bulletin: Bulletin) -> dict[str, str]:
    return {
        row.outlet.name + str(row.outlet.commune_id or ""): row.state
        for row in Dispatch.objects.filter(bulletin=bulletin).select_related("outlet")
    }


def of(bulletin: Bulletin, kind: Kind) -> Dispatch:
    return make.dispatch(bulletin, kind)


def test_a_bulletin_goes_to_every_outlet_it_is_for_and_no_other(land):
    everywhere = make.taken()
    assert Dispatch.objects.filter(bulletin=everywhere).count() == 7
    one_commune = make.taken(communes=[land.units["c0"].id])
    clusters = Dispatch.objects.filter(bulletin=one_commune, outlet__kind=Kind.LOUDSPEAKER)
    assert [row.outlet_id for row in clusters] == [land.outlets["loudspeaker"]]
    assert one_commune.places == [land.units["c0"].full_name]
    press_only = make.taken(kinds=[Kind.PRESS])
    assert [row.outlet.kind for row in Dispatch.objects.filter(bulletin=press_only)] == [Kind.PRESS]


def test_an_outlet_may_stay_out_of_drills_or_be_off(land):
    Outlet.objects.filter(kind=Kind.FACEBOOK).update(drills=False)
    Outlet.objects.filter(kind=Kind.ZALO).update(enabled=False)
    drill, real = make.taken(drill=True), make.taken()
    assert {Kind.FACEBOOK, Kind.ZALO} & set(
        Dispatch.objects.filter(bulletin=drill).values_list("outlet__kind", flat=True)
    ) == set()
    assert Kind.FACEBOOK in Dispatch.objects.filter(bulletin=real).values_list("outlet__kind", flat=True)


def test_the_same_source_and_key_is_one_bulletin_and_one_row_an_outlet(land):
    first, second = make.taken(key="a1"), make.taken(key="a1", title="Khác")
    assert first.pk == second.pk
    assert Dispatch.objects.count() == 7
    roads = make.FakeRoads()
    assert dispatching.send_due(now=NOW, carry=roads) == 7
    assert dispatching.send_due(now=NOW, carry=roads) == 0
    assert len({parcel.key for parcel in roads.carried}) == 7


def test_each_outlet_gets_its_own_words_address_and_secret(land, voice):
    make.taken()
    roads = make.FakeRoads()
    dispatching.send_due(now=NOW, carry=roads)
    by_kind = {parcel.kind: parcel for parcel in roads.carried}
    assert by_kind[Kind.ZALO].secret == "bi-mat-123"
    assert by_kind[Kind.PRESS].secret == ""
    assert by_kind[Kind.LOUDSPEAKER].audio_sha256
    assert not by_kind[Kind.ZALO].audio_sha256
    assert len(voice.spoken) == 1  # one recording for two clusters and a station
    assert "cấp tám đến cấp chín" in voice.spoken[0]


def test_without_a_voice_the_words_go_as_text(land, voice):
    voice.missing = True
    row = make.taken()
    roads = make.FakeRoads()
    dispatching.send_due(now=NOW, carry=roads)
    assert of(row, Kind.LOUDSPEAKER).state == State.SENT
    assert {parcel.audio_sha256 for parcel in roads.carried} == {""}


def test_a_failing_outlet_is_tried_again_and_blocks_nobody(land):
    row = make.taken()
    roads = make.FakeRoads(faults={Kind.FACEBOOK: OutletUnavailable("HTTP 503")})
    dispatching.send_due(now=NOW, carry=roads)
    assert [state for name, state in states(row).items() if "facebook" in name] == [State.WAITING]
    assert list(states(row).values()).count(State.SENT) == 6
    facebook = of(row, Kind.FACEBOOK)
    assert facebook.fault == "HTTP 503"
    assert facebook.next_try_at == NOW + timedelta(seconds=5)
    roads.faults.clear()
    assert dispatching.send_due(now=NOW + timedelta(seconds=4), carry=roads) == 0
    assert dispatching.send_due(now=NOW + timedelta(seconds=5), carry=roads) == 1
    facebook.refresh_from_db()
    assert (facebook.state, facebook.fault, facebook.tries) == (State.SENT, "", 2)
    assert list(Attempt.objects.filter(dispatch=facebook).values_list("outcome", flat=True)) == ["unavailable", "sent"]


def test_an_outlet_that_hangs_holds_nobody_else(land):
    make.taken()
    hung, others = threading.Event(), []

    def hook(parcel):
        if parcel.kind is Kind.ZALO:
            hung.wait(2)
            raise OutletUnavailable("hung")
        others.append(time.monotonic())
        if len(others) == 6:
            hung.set()  # the hanging one is let go only when all the others have gone

    started = time.monotonic()
    dispatching.send_due(now=NOW, carry=make.FakeRoads(hook=hook))
    assert len(others) == 6
    assert time.monotonic() - started < 1.5


def test_an_outlet_that_hangs_holds_up_no_later_batch(land, monkeypatch):
    monkeypatch.setattr(dispatching, "BATCH", 2)
    make.taken()
    hung, others = threading.Event(), []

    def hook(parcel):
        if parcel.kind is Kind.PRESS:  # among the first to be taken
            assert hung.wait(5), "the others waited for the one that hangs"
            return
        others.append(parcel.key)
        if len(others) == 6:
            hung.set()

    assert dispatching.send_due(now=NOW, carry=make.FakeRoads(hook=hook)) == 7


def test_an_outlets_own_bulletins_go_one_after_another(land):
    for number in range(5):
        make.taken(key=str(number), kinds=[Kind.PRESS])
    inside, most = [], []

    def hook(parcel):
        inside.append(parcel)
        most.append(len(inside))
        time.sleep(0.01)
        inside.pop()

    roads = make.FakeRoads(hook=hook)
    assert dispatching.send_due(now=NOW, carry=roads) == 5
    assert max(most) == 1
    assert len({parcel.key for parcel in roads.carried}) == 5


def test_tries_end_in_a_state_somebody_sees(land):
    row = make.taken(priority=Priority.NORMAL, valid_until=NOW + timedelta(days=3), kinds=[Kind.PRESS])
    roads = make.FakeRoads(faults={Kind.PRESS: OutletUnavailable("hết giờ chờ")})
    at, tried = NOW, 0
    while (dispatch := of(row, Kind.PRESS)).state == State.WAITING:
        at = max(at, dispatch.next_try_at)
        tried += dispatching.send_due(now=at, carry=roads) or 0
        at += timedelta(minutes=11)  # past any rest
        assert tried < 20
    assert (dispatch.state, tried, dispatch.fault) == (State.FAILED, 6, "hết giờ chờ")


def test_a_refusal_ends_at_once(land):
    row = make.taken(kinds=[Kind.ZALO])
    dispatching.send_due(now=NOW, carry=make.FakeRoads(faults={Kind.ZALO: OutletRefused("error -216")}))
    assert (of(row, Kind.ZALO).state, of(row, Kind.ZALO).fault) == (State.FAILED, "error -216")


def test_a_fault_of_our_own_adapter_is_kept_on_its_row_and_stops_no_other(land, caplog):
    row = make.taken()
    dispatching.send_due(now=NOW, carry=make.FakeRoads(faults={Kind.PORTAL: KeyError("x")}))
    assert (of(row, Kind.PORTAL).state, of(row, Kind.PORTAL).fault) == (State.WAITING, "KeyError")
    assert list(states(row).values()).count(State.SENT) == 6
    assert "an adapter of portal failed" in caplog.text


def test_what_is_past_its_time_is_not_sent_and_says_so(land):
    row = make.taken(valid_until=NOW + timedelta(minutes=1))
    roads = make.FakeRoads()
    dispatching.send_due(now=NOW + timedelta(minutes=2), carry=roads)
    assert roads.carried == []
    assert set(states(row).values()) == {State.EXPIRED}


def test_a_bulletin_of_later_waits_for_its_hour_but_loudspeakers_have_it_ahead(land):
    make.taken(valid_from=NOW + timedelta(hours=2))
    roads = make.FakeRoads()
    dispatching.send_due(now=NOW, carry=roads)
    assert {parcel.kind for parcel in roads.carried} == {Kind.LOUDSPEAKER}
    dispatching.send_due(now=NOW + timedelta(hours=2), carry=roads)
    assert len(roads.carried) == 7


def test_the_urgent_goes_before_what_waited_longer(land):
    make.taken(priority=Priority.NORMAL, kinds=[Kind.PRESS], key="thuong")
    make.taken(now=NOW + timedelta(seconds=1), priority=Priority.URGENT, kinds=[Kind.PRESS], key="khan")
    roads = make.FakeRoads()
    dispatching.send_due(now=NOW + timedelta(seconds=2), carry=roads)
    assert [parcel.words.priority for parcel in roads.carried] == [Priority.URGENT, Priority.NORMAL]


def test_an_outlet_that_keeps_failing_rests_from_all_but_the_urgent(land):
    Outlet.objects.filter(kind=Kind.PRESS).update(failing=5, rests_until=NOW + timedelta(minutes=5))
    make.taken(priority=Priority.PRIORITY, kinds=[Kind.PRESS], key="a")
    roads = make.FakeRoads()
    assert dispatching.send_due(now=NOW, carry=roads) == 0
    make.taken(priority=Priority.URGENT, kinds=[Kind.PRESS], key="b")
    assert dispatching.send_due(now=NOW, carry=roads) == 2  # it answered the urgent one: its rest is over
    assert [parcel.words.priority for parcel in roads.carried] == [Priority.URGENT, Priority.PRIORITY]
    assert Outlet.objects.get(kind=Kind.PRESS).rests_until is None


def test_a_worker_that_died_leaves_its_row_to_the_next(land):
    row = make.taken(kinds=[Kind.PRESS])
    dispatching._take_due(now=NOW)  # taken, and never written down
    roads = make.FakeRoads()
    assert dispatching.send_due(now=NOW + timedelta(seconds=30), carry=roads) == 0
    assert dispatching.send_due(now=NOW + rules.LEASE, carry=roads) == 1
    assert of(row, Kind.PRESS).state == State.SENT


def test_an_update_ends_what_it_replaces_and_goes_everywhere(land):
    first = make.taken(key="1", source=Source.ALERT)
    roads = make.FakeRoads(faults={Kind.ZALO: OutletUnavailable("x")})
    dispatching.send_due(now=NOW, carry=roads)
    second = make.taken(key="2", source=Source.ALERT, replaces="1", change=Change.UPDATE)
    assert of(first, Kind.ZALO).state == State.DROPPED
    assert of(first, Kind.PRESS).state == State.SENT
    roads = make.FakeRoads()
    assert dispatching.send_due(now=NOW, carry=roads) == 7
    clusters = [parcel for parcel in roads.carried if parcel.kind is Kind.LOUDSPEAKER]
    assert {parcel.replaces for parcel in clusters} == set(
        map(str, Dispatch.objects.filter(bulletin=first, outlet__kind=Kind.LOUDSPEAKER).values_list("uid", flat=True))
    )
    assert second.replaces_id == first.pk


def test_a_cancellation_does_not_reach_who_never_heard(land):
    make.taken(key="1", source=Source.ALERT, kinds=[Kind.PRESS, Kind.RADIO])
    Dispatch.objects.filter(outlet__kind=Kind.RADIO).update(next_try_at=NOW + timedelta(hours=1))
    dispatching.send_due(now=NOW, carry=make.FakeRoads())
    over = make.taken(key="2", source=Source.ALERT, replaces="1", change=Change.CANCEL, kinds=[Kind.PRESS, Kind.RADIO])
    assert list(Dispatch.objects.filter(bulletin=over).values_list("outlet__kind", flat=True)) == [Kind.PRESS]


def test_a_try_under_way_while_its_bulletin_is_cancelled_says_that_it_went_out(land):
    first = make.taken(key="1", source=Source.ALERT, kinds=[Kind.PRESS])
    [parcel] = dispatching._take_due(now=NOW)
    cancel = make.taken(key="2", source=Source.ALERT, replaces="1", change=Change.CANCEL, kinds=[Kind.PRESS])
    assert of(first, Kind.PRESS).state == State.DROPPED
    assert dispatching.record(parcel.dispatch_id, Taken("x"), now=NOW) is State.SENT
    assert Dispatch.objects.filter(bulletin=cancel).count() == 1  # and who got it hears that it is off


def test_an_operator_sends_again_what_failed_or_went(land):
    row = make.taken(kinds=[Kind.ZALO])
    dispatching.send_due(now=NOW, carry=make.FakeRoads(faults={Kind.ZALO: OutletRefused("x")}))
    dispatching.resend(of(row, Kind.ZALO).uid, actor=land.editor, now=NOW)
    roads = make.FakeRoads()
    dispatching.send_due(now=NOW, carry=roads)
    assert [parcel.round for parcel in roads.carried] == [2]
    assert of(row, Kind.ZALO).state == State.SENT
    bulletins.end_source(Source.NOTICE, row.key, now=NOW)
    with pytest.raises(BulletinOver):
        dispatching.resend(of(row, Kind.ZALO).uid, actor=land.editor, now=NOW)


def test_who_may_send_again_and_prove(land):
    row = make.taken(communes=[land.units["c0"].id])
    dispatching.send_due(now=NOW, carry=make.FakeRoads())
    cluster, press = of(row, Kind.LOUDSPEAKER).uid, of(row, Kind.PRESS).uid
    expected = {
        "editor": (None, None), "clerk": (None, DispatchUnknown), "other_clerk": (DispatchUnknown, DispatchUnknown),
        "auditor": (NotAllowed, NotAllowed), "administrator": (NotAllowed, NotAllowed),
    }  # fmt: skip
    for who, outcomes in expected.items():
        for uid, refusal in zip((cluster, press), outcomes, strict=True):
            for act in (
                lambda uid=uid, who=who: dispatching.resend(uid, actor=getattr(land, who), now=NOW),
                lambda uid=uid, who=who: proving.prove_by_link(
                    uid, url="https://bao.vn/1", note="", actor=getattr(land, who), now=NOW
                ),
            ):
                if refusal is None:
                    act()
                    Dispatch.objects.update(state=State.SENT)
                else:
                    with pytest.raises(refusal):
                        act()


def test_whose_bulletin_it_is_may_send_it_again_wherever_it_went(land):
    row = make.taken(agency_id=land.commune, kinds=[Kind.PRESS])
    dispatching.send_due(now=NOW, carry=make.FakeRoads())
    dispatching.resend(of(row, Kind.PRESS).uid, actor=land.clerk, now=NOW)
    with pytest.raises(DispatchUnknown):
        dispatching.resend(of(row, Kind.PRESS).uid, actor=land.other_clerk, now=NOW)


def test_who_sends_reaches_own_outlets_and_those_below(land):
    head = agencies_make.officer(land.commune, Role.HEAD)
    row = bulletins.take_bulletin(make.new(agency_id=land.commune, priority=Priority.NORMAL), actor=head, now=NOW)
    assert list(Dispatch.objects.filter(bulletin=row).values_list("outlet_id", flat=True)) == [
        land.outlets["loudspeaker"]
    ]
    row = bulletins.take_bulletin(
        make.new(agency_id=land.province, priority=Priority.NORMAL), actor=land.editor, now=NOW
    )
    assert Dispatch.objects.filter(bulletin=row).count() == 7


def test_nobody_sends_an_urgent_bulletin_alone(land):
    with pytest.raises(BulletinFaulty) as refusal:
        bulletins.take_bulletin(make.new(agency_id=land.province, priority=Priority.URGENT), actor=land.editor, now=NOW)
    assert set(refusal.value.facts["fields"]) == {"priority"}


def test_who_may_send_a_bulletin(land):
    for who, agency, allowed in (
        ("editor", land.province, True),
        ("editor", land.commune, False),
        ("clerk", land.commune, False),
        ("auditor", land.province, False),
    ):
        wanted = make.new(agency_id=agency, priority=Priority.PRIORITY)
        if allowed:
            assert bulletins.take_bulletin(wanted, actor=getattr(land, who), now=NOW).agency_id == agency
        else:
            with pytest.raises(NotAllowed):
                bulletins.take_bulletin(wanted, actor=getattr(land, who), now=NOW)


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"title": ""}, "title"), ({"title": "a" * 201}, "title"), ({"title": " \n "}, "title"), ({"body": " "}, "body"),
        ({"body": "a" * 5001}, "body"), ({"valid_until": NOW}, "valid_until"), ({"communes": [10**9]}, "communes"),
        ({"valid_from": NOW + timedelta(days=2)}, "valid_until"),
    ],
)  # fmt: skip
def test_a_faulty_bulletin_is_refused_and_leaves_nothing(land, wrong, field):
    with pytest.raises(BulletinFaulty) as refusal:
        make.taken(**wrong)
    assert set(refusal.value.facts["fields"]) == {field}
    assert not Bulletin.objects.exists()


def test_a_cluster_says_what_it_played(land):
    row = make.taken(communes=[land.units["c0"].id], kinds=[Kind.LOUDSPEAKER])
    dispatching.send_due(now=NOW, carry=make.FakeRoads())
    key = str(of(row, Kind.LOUDSPEAKER).uid)
    assert receipts.hear(Word(key, played=True, said="phát 3 lần"), now=NOW)
    assert not receipts.hear(Word(key, played=False, said="muộn"), now=NOW)
    dispatch = of(row, Kind.LOUDSPEAKER)
    assert (dispatch.state, dispatch.receipt) == (State.RECEIVED, "phát 3 lần")


def test_a_cluster_that_is_silent_stops_no_other(land):
    row = make.taken(kinds=[Kind.LOUDSPEAKER])
    dispatching.send_due(now=NOW, carry=make.FakeRoads())

    class Cluster:
        def __init__(self, outlet):
            self.outlet = outlet

        def words(self, keys):
            if self.outlet.pk == land.outlets["loudspeaker"]:
                raise OutletUnavailable("x")
            return [Word(key, played=False, said="mất điện") for key in keys]

    assert receipts.collect_words(now=NOW, reach=Cluster) == 1
    assert sorted(states(row).values()) == [State.FAILED, State.SENT]
    failed = Dispatch.objects.get(state=State.FAILED)
    assert failed.fault == "mất điện"
    dispatching.resend(failed.uid, actor=land.other_clerk, now=NOW)


def test_who_confirmed_is_forgotten_after_a_year_that_it_was_aired_is_not(land):
    row = make.taken(kinds=[Kind.PRESS])
    dispatching.send_due(now=NOW, carry=make.FakeRoads())
    receipts.confirm(of(row, Kind.PRESS).token, what="phat", name="Chị Hoa", now=NOW)
    assert retention.forget_old(before=NOW) == (0, 0)
    assert retention.forget_old(before=NOW + timedelta(seconds=1)) == (2, 1)
    assert (of(row, Kind.PRESS).state, of(row, Kind.PRESS).receipt) == (State.RECEIVED, "đã phát, đã đăng")


@pytest.mark.parametrize("state", list(State))
def test_no_move_starts_where_it_may_not(state):
    for move in rules.MOVES:
        if state in move.sources:
            assert move.apply(state) is move.target
        else:
            with pytest.raises(IllegalMove):
                move.apply(state)
