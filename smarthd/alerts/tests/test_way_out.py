"""From a draft to every phone: two pairs of eyes, what is bound, what goes out once, what no longer goes out."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from django.db import IntegrityError, connection, transaction

from smarthd.alerts import errors
from smarthd.alerts.models import Alert, AlertStep
from smarthd.alerts.rules.messages import Kind, Severity, Status, Urgency
from smarthd.alerts.rules.states import State
from smarthd.alerts.selectors import public
from smarthd.alerts.services import approving, broadcasting, composing, content, issuing
from smarthd.alerts.tests import make
from smarthd.alerts.tests.make import NOW, Land
from smarthd.kernel import events
from smarthd.kernel.errors import NotAllowed
from smarthd.kernel.moves import IllegalMove


def approve(alert: Alert, land: Land, **changes: object) -> Alert:
    asked = {"content_hash": alert.content_hash, "actor": make.proving(land.approver), "now": NOW} | changes
    return approving.approve_alert(alert.uid, **asked)  # type: ignore[arg-type]


def test_a_warning_goes_from_draft_to_every_phone(land, phones):
    alert = make.issued(land)
    events.deliver_owed()
    assert alert.state == State.ISSUED
    [sent] = phones.started.values()
    assert sent.communes == tuple(sorted(land.at("c0", "c1")))
    assert sent.lane == "life"
    assert sent.payloads["vi"]["title"] == alert.headline_vi
    assert sent.payloads["en"]["href"] == f"/canh-bao/{alert.code}/"
    assert [step.act for step in AlertStep.objects.filter(alert=alert).order_by("id")] == [
        "composed",
        "submitted",
        "approved",
        "issued",
    ]
    assert [one.code for one in public.active_for(land.units["c0"].id, NOW)] == [alert.code]
    assert public.active_for(land.units["c2"].id, NOW) == ()


def test_who_wrote_it_does_not_approve_it_even_with_the_role(land):
    alert = make.pending(land)
    both = make.proving(replace(land.author, grants=(*land.author.grants, *land.approver.grants)))
    with pytest.raises(errors.OwnAlertApproval):
        approve(alert, land, actor=both)


def test_a_colleague_who_changed_a_word_does_not_approve_it_either(land):
    alert = make.composed(land)
    colleague = make.officer(land.province, make.Role.ALERT_AUTHOR)
    alert = composing.edit(alert.uid, make.draft(land, contact="0220 1"), version=1, actor=colleague, now=NOW)
    alert = composing.submit(alert.uid, version=2, actor=land.author, now=NOW)
    with pytest.raises(errors.OwnAlertApproval):
        approve(alert, land, actor=make.proving(replace(colleague, grants=land.approver.grants)))


def test_the_database_itself_refuses_an_author_as_approver(land):
    alert = make.pending(land)
    with pytest.raises(IntegrityError, match="alert_four_eyes"), transaction.atomic():
        Alert.objects.filter(pk=alert.pk).update(approver=land.author.account_id)


@pytest.mark.parametrize("change", [{"headline_vi": "Khác"}, {"communes": [1]}, {"channels": ["app"]}, {"level": 5}])
def test_the_database_itself_refuses_another_content_after_handing_in(land, change):
    alert = make.pending(land)
    with pytest.raises(IntegrityError, match="content does not change"), transaction.atomic():
        Alert.objects.filter(pk=alert.pk).update(**change)


def test_the_database_itself_refuses_an_approval_of_other_content(land):
    alert = make.pending(land)
    with pytest.raises(IntegrityError, match="alert_approval_binds_content"), transaction.atomic():
        Alert.objects.filter(pk=alert.pk).update(
            state="approved", approver=land.approver.account_id, approved_at=NOW, approved_hash="0" * 64
        )


def test_what_went_out_is_neither_changed_nor_deleted(land, phones):
    alert = make.issued(land)
    with pytest.raises(IntegrityError), transaction.atomic():
        Alert.objects.filter(pk=alert.pk).update(cap=b"<x/>")
    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("DELETE FROM alerts_alert WHERE id = %s", [alert.pk])


def test_an_approval_of_what_was_read_before_an_edit_is_void(land):
    alert = make.pending(land)
    read = alert.content_hash
    composing.recall(alert.uid, actor=land.author, now=NOW)
    changed = composing.edit(alert.uid, make.draft(land, contact="0220 1"), version=2, actor=land.author, now=NOW)
    composing.submit(alert.uid, version=changed.version, actor=land.author, now=NOW)
    with pytest.raises(errors.ContentMoved):
        approve(alert, land, content_hash=read)


@pytest.mark.parametrize(
    "changes",
    [
        {"headline_vi": "Khác"},
        {"communes": (1,)},
        {"channels": ()},
        {"level": 4},
        {"status": Status.EXERCISE},
        {"expires_at": NOW + timedelta(hours=9)},
        {"ring": ((106.0, 20.0), (106.1, 20.0), (106.1, 20.1))},
        {"testers": (4,)},
    ],
    ids=lambda changes: next(iter(changes)),
)
def test_the_hash_binds_all_that_people_are_told(land, changes):
    alert = make.composed(land)
    before = content.hash_of(alert)
    content.put(alert, make.draft(land, **changes))
    assert content.hash_of(alert) != before


def test_lives_hang_on_it_so_a_code_given_now_is_needed(land):
    alert = make.pending(land)
    with pytest.raises(errors.FreshFactorNeeded):
        approve(alert, land, actor=land.approver)
    assert Alert.objects.get(pk=alert.pk).state == State.PENDING


def test_a_warning_on_which_no_life_hangs_takes_the_sessions_own_factor(land, phones):
    alert = make.pending(land, severity=Severity.MINOR, urgency=Urgency.FUTURE, level=1)
    assert approve(alert, land, actor=land.approver).approved_by_factor == "session"


def test_approved_twice_it_goes_out_once(land, phones):
    alert = make.pending(land)
    first, second = approve(alert, land), approve(alert, land)
    events.deliver_owed()
    assert first.identifier == second.identifier
    assert len(phones.started) == 1
    assert AlertStep.objects.filter(alert=alert, act="issued").count() == 1


def test_another_approver_who_is_late_hears_that_it_was_done(land, phones):
    alert = make.issued(land)
    with pytest.raises(IllegalMove):
        approve(alert, land, actor=make.proving(land.second))


def test_approved_past_its_time_it_is_not_sent_and_says_so(land, phones):
    alert = make.pending(land)
    late = approve(alert, land, now=NOW + timedelta(hours=9))
    events.deliver_owed()
    assert late.state == State.LAPSED
    assert (late.cap, late.approver) == (None, None)
    assert phones.started == {}


def test_an_approval_is_not_lost_when_going_out_fails(land, phones, monkeypatch):
    alert = make.pending(land)
    monkeypatch.setattr(issuing.signing, "sign", lambda *_args, **_named: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        approve(alert, land)
    monkeypatch.undo()
    assert Alert.objects.get(pk=alert.pk).state == State.APPROVED
    assert issuing.issue_owed(now=NOW + timedelta(minutes=1)) == 1
    assert Alert.objects.get(pk=alert.pk).state == State.ISSUED


def test_sent_back_with_reasons_it_is_mended_and_handed_in_again(land, phones):
    alert = make.pending(land)
    with pytest.raises(errors.ReturnReasonMissing):
        approving.return_alert(alert.uid, reasons={"all": " "}, actor=land.approver, now=NOW)
    back = approving.return_alert(alert.uid, reasons={"headline_vi": "Ghi rõ tên sông."}, actor=land.approver, now=NOW)
    assert (back.state, back.returned_fields) == (State.RETURNED, {"headline_vi": "Ghi rõ tên sông."})
    mended = composing.edit(back.uid, make.draft(land), version=back.version, actor=land.author, now=NOW)
    again = composing.submit(back.uid, version=mended.version, actor=land.author, now=NOW)
    assert approve(again, land).state == State.ISSUED


def test_two_writers_do_not_overwrite_each_other(land):
    alert = make.composed(land)
    composing.edit(alert.uid, make.draft(land), version=1, actor=land.author, now=NOW)
    with pytest.raises(errors.StaleAlert):
        composing.edit(alert.uid, make.draft(land), version=1, actor=land.author, now=NOW)


def test_a_commune_warns_its_own_ground_only(land):
    own = composing.compose(make.draft(land, communes=land.at("c0")), agency_id=land.commune, actor=land.commune_author, now=NOW)  # fmt: skip
    assert own.sender_name == "Ủy ban nhân dân xã c0"
    with pytest.raises(errors.BeyondArea, match="BeyondArea"):
        composing.compose(make.draft(land), agency_id=land.commune, actor=land.commune_author, now=NOW)


def test_a_superior_approver_approves_for_a_commune_and_never_the_other_way(land, phones):
    alert = composing.compose(make.draft(land, communes=land.at("c0")), agency_id=land.commune, actor=land.commune_author, now=NOW)  # fmt: skip
    alert = composing.submit(alert.uid, version=1, actor=land.commune_author, now=NOW)
    assert approve(alert, land).state == State.ISSUED
    with pytest.raises(NotAllowed):
        approve(make.pending(land), land, actor=make.proving(land.commune_approver))


def test_break_glass_takes_a_second_officials_code_and_owes_a_review(land, phones):
    alert = make.composed(land)
    asked = {"content_hash": alert.content_hash, "reason": "Không gọi được người duyệt", "actor": land.author, "now": NOW}  # fmt: skip
    for nobody in (
        land.second,
        make.proving(land.author),
        make.proving(land.commune_approver),
        make.proving(land.head),
    ):
        with pytest.raises(errors.SecondPersonNeeded):
            approving.break_glass(alert.uid, second=nobody, **asked)
    out = approving.break_glass(alert.uid, second=make.proving(land.second), **asked)
    assert (out.state, out.break_glass, out.approver) == (State.ISSUED, True, land.second.account_id)
    for one_of_the_two in (land.author, land.second):
        with pytest.raises(errors.ReviewNotOwed):
            approving.review(alert.uid, words="Phát đúng, cần gọi sớm hơn.", actor=one_of_the_two, now=NOW)
    assert approving.review(alert.uid, words="Phát đúng, cần gọi sớm hơn.", actor=land.approver, now=NOW).reviewed_at
    with pytest.raises(errors.ReviewNotOwed):
        approving.review(alert.uid, words="Phát đúng, cần gọi sớm hơn.", actor=land.head, now=NOW)


def test_an_update_takes_the_place_of_what_it_updates(land, phones):
    first = make.issued(land)
    events.deliver_owed()
    later = NOW + timedelta(hours=1)
    update = composing.draft_change(first.uid, kind=Kind.UPDATE, actor=land.author, now=later)
    again = composing.draft_change(first.uid, kind=Kind.UPDATE, actor=land.author, now=later)
    assert again.uid == update.uid
    update = composing.submit(update.uid, version=1, actor=land.author, now=later)
    update = approve(update, land, now=later)
    events.deliver_owed()
    assert Alert.objects.get(pk=first.pk).state == State.UPDATED
    assert [one.code for one in public.active(later)] == [update.code]
    sent = phones.started[broadcasting.key_of(update.uid)]
    assert sent.replaces == broadcasting.key_of(first.uid)
    assert sent.payloads["vi"]["tag"] == phones.started[broadcasting.key_of(first.uid)].payloads["vi"]["tag"]
    assert broadcasting.key_of(first.uid) in phones.cancelled
    with pytest.raises(errors.AlertMovedOn):
        composing.draft_change(first.uid, kind=Kind.CANCEL, actor=land.author, now=later)


def test_an_update_reaches_further_but_never_leaves_out_who_was_told(land, phones):
    first = make.issued(land)
    update = composing.draft_change(first.uid, kind=Kind.UPDATE, actor=land.author, now=NOW)
    update = composing.edit(update.uid, make.draft(land, communes=land.at("c2"), status=Status.EXERCISE), version=1, actor=land.author, now=NOW)  # fmt: skip
    assert update.communes == sorted(land.at("c0", "c1", "c2"))
    assert update.status == Status.ACTUAL


def test_a_cancellation_names_all_that_is_unexpired_and_stops_what_was_not_sent(land, phones):
    first = make.issued(land)
    update = composing.draft_change(first.uid, kind=Kind.UPDATE, actor=land.author, now=NOW)
    update = approve(composing.submit(update.uid, version=1, actor=land.author, now=NOW), land)
    end = composing.draft_change(update.uid, kind=Kind.CANCEL, actor=land.author, now=NOW)
    with pytest.raises(errors.AlertFaulty) as wrong:
        composing.submit(end.uid, version=1, actor=land.author, now=NOW)
    assert "headline_vi" in wrong.value.facts["fields"]
    end = composing.edit(end.uid, make.draft(land, headline_vi="Đã an toàn: lũ đã rút", communes=()), version=1, actor=land.author, now=NOW)  # fmt: skip
    assert end.communes == update.communes
    end = approve(composing.submit(end.uid, version=2, actor=land.author, now=NOW), land)
    events.deliver_owed()
    text = bytes(end.cap).decode()
    assert first.identifier in text
    assert update.identifier in text
    assert Alert.objects.get(pk=update.pk).state == State.CANCELLED
    assert broadcasting.key_of(update.uid) in phones.cancelled


def test_it_ends_by_itself_and_is_gone_from_sight_at_that_instant(land, phones):
    alert = make.issued(land)
    end = alert.expires_at
    assert public.active(end - timedelta(seconds=1))
    assert public.active(end) == ()
    assert issuing.expire_due(now=end) == 1
    assert issuing.expire_due(now=end) == 0
    assert Alert.objects.get(pk=alert.pk).state == State.EXPIRED


def test_a_drill_is_marked_on_every_road_and_a_test_reaches_its_testers_only(land, phones):
    drill = make.issued(land, status=Status.EXERCISE)
    tester = make.account()
    test = make.issued(land, status=Status.TEST, testers=(tester,))
    events.deliver_owed()
    for language, mark in (("vi", "DIỄN TẬP"), ("en", "DRILL")):
        assert phones.started[broadcasting.key_of(drill.uid)].payloads[language]["title"].startswith(mark)
    assert phones.started[broadcasting.key_of(test.uid)].test_accounts == (tester,)
    assert phones.started[broadcasting.key_of(drill.uid)].test_accounts == ()
    assert [one.code for one in public.active(NOW)] == [drill.code]
    assert public.alert_page(test.code, account_id=tester).code == test.code
    with pytest.raises(errors.AlertUnknown):
        public.alert_page(test.code, account_id=None)
    with pytest.raises(errors.AlertUnknown):
        public.cap_of(test.code)
