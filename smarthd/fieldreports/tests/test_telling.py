"""Who hears what; what a person may see, take away, and have erased; what is destroyed when its time is over."""

from __future__ import annotations

import io
from datetime import timedelta

import pytest
from PIL import Image

from smarthd.fieldreports.models import Attachment, Follow, Report, ReportStep, Sender, Upload, Verdict
from smarthd.fieldreports.rules import refusals, states, telling
from smarthd.fieldreports.rules.attachments import Kind
from smarthd.fieldreports.rules.states import State
from smarthd.fieldreports.rules.telling import Facts
from smarthd.fieldreports.selectors import lists, open_data, statistics
from smarthd.fieldreports.services import (
    answering,
    following,
    handling,
    joining,
    photos,
    retention,
    speaking,
    uploads,
    weekly,
)
from smarthd.fieldreports.services import telling as services
from smarthd.fieldreports.tests import make
from smarthd.fieldreports.tests.make import NOW, TODAY, hours
from smarthd.fieldreports.values import Caller
from smarthd.kernel import audit, errors, events, files
from smarthd.messaging import selectors as messaging
from smarthd.people import exports
from smarthd.people import services as people


def inbox(caller):
    events.deliver_owed()
    return [item.title for item in messaging.inbox_for(caller.actor.account_id, limit=100).items]


def test_a_new_report_is_told_to_who_handles_it_and_to_nobody_else(land):
    report = make.sent(land, urgent=True)
    assert any(report.code in title and title.startswith("KHẨN") for title in inbox(land.clerk))
    assert any(report.code in title for title in inbox(land.dispatcher))
    assert inbox(land.other_clerk) == inbox(land.leader) == []


def test_senders_and_followers_hear_of_each_public_change(land):
    who, neighbour = make.citizen(), make.citizen()
    report = make.sent(land, who)
    following.follow_report(report.code, caller=neighbour, now=NOW)
    handling.accept(report.code, caller=land.clerk, now=NOW)
    handling.start(report.code, caller=land.clerk, now=NOW)
    handling.note(report.code, words="Gọi thợ Nam.", caller=land.clerk, now=NOW)
    make.answered(land, report)
    for one in (who, neighbour):
        told = inbox(one)
        assert len(told) == 3
        assert any("đã tiếp nhận, trả lời trước" in title for title in told)
        assert any("đã trả lời: đã khắc phục" in title for title in told)


def test_what_is_told_again_reaches_nobody_twice(land):
    who = make.citizen()
    report = make.sent(land, who)
    handling.accept(report.code, caller=land.clerk, now=NOW)
    before = inbox(who)
    assert services.tell_step(report.uid, 2, now=NOW) == 0
    assert inbox(who) == before


def test_everybody_whose_report_was_merged_is_told_and_hears_on(land):
    first, second = make.citizen(), make.citizen()
    one, head = make.sent(land, first), make.sent(land, second)
    joining.merge([one.code], into=head.code, words="", caller=land.dispatcher, now=NOW)
    handling.accept(head.code, caller=land.clerk, now=NOW)
    assert any(f"được gộp vào {head.code}" in title for title in inbox(first))
    assert any(title.startswith(head.code) and "đã tiếp nhận" in title for title in inbox(first))


def test_a_contested_refusal_is_told_to_who_decides(land):
    make.brought_to(land, State.CONTESTED)
    assert any("xem lại việc từ chối" in title for title in inbox(land.leader))


def test_every_public_act_that_concerns_a_sender_has_words_and_every_act_a_name():
    facts = Facts(
        "PA-1234567", "Đèn đường", "Ủy ban nhân dân xã", NOW, "Vì thế.", {"reason": "untrue", "outcome": "fixed"}
    )
    for act in states.ACT_WORDS:
        told = telling.to_sender(act, facts)
        if told is not None:
            assert told.title.startswith("PA-1234567: ")
            assert "!" not in told.title + told.body
            assert "  " not in told.body
    quiet = set(states.ACT_WORDS) - {act for act in states.ACT_WORDS if telling.to_sender(act, facts)}
    assert quiet == {
        "received", "replied", "added", "judged", "received_merged", "withdrawn", "support_asked", "support_done", "corrected", "noted",
        "given", "text_redacted", "photo_hidden", "photo_shown", "photo_blurred", "warned", "rated",
    }  # fmt: skip


def test_every_refusal_of_this_context_has_words():
    from smarthd.fieldreports import errors as own
    from smarthd.fieldreports.selectors.maps import BadWindow

    named = {
        name
        for name, kind in vars(own).items()
        if isinstance(kind, type) and issubclass(kind, errors.Refusal) and kind.__module__ == own.__name__
    }
    assert set(refusals.WORDS) == named | {BadWindow.__name__}


def test_the_weekly_summary_tells_of_followed_places_once_a_week(land):
    who, idle = make.citizen(), make.citizen()
    following.follow_place(land.place.id, caller=who, now=NOW)
    following.follow_place(land.place.id, street="Đường Chợ Mới", caller=who, now=NOW)
    following.follow_place(land.units["c3"].id, caller=idle, now=NOW)
    make.sent(land, address="12 đường Chợ Mới")
    make.sent(land)
    make.sent(land, private=True)
    monday = NOW + timedelta(days=7)
    assert weekly.send_summaries(now=monday) == 1
    assert weekly.send_summaries(now=monday + hours(1)) == 0
    [item] = messaging.inbox_for(who.actor.account_id, limit=5).items
    assert "Xã c0: 2 phản ánh mới" in item.body
    assert "Đường Chợ Mới: 1 phản ánh mới" in item.body
    assert lists.followed_places(who) == [(land.place.id, ""), (land.place.id, "Đường Chợ Mới")]


def test_a_person_sees_what_is_kept_about_them(land):
    who = make.citizen()
    report = make.sent(land, who)
    following.follow_place(land.place.id, caller=who, now=NOW)
    sections = {one.key: one for one in exports.gather(who.actor.account_id)}
    assert sections["fieldreports_sent"].rows[0]["Mã"] == report.code
    assert len(sections["fieldreports_followed"].rows) == 1
    assert exports.as_json(sections.values(), at=NOW)


def test_what_a_phone_left_without_an_account_comes_into_the_account_that_asks(land):
    token, who = make.phone().token, make.citizen()
    phone, both = Caller(token=token), Caller(who.actor, token)
    first, followed = make.sent(land, phone), make.sent(land)
    following.follow_report(followed.code, caller=phone, now=NOW)
    following.follow_place(land.place.id, caller=phone, now=NOW)
    assert lists.unclaimed(both) == lists.Unclaimed(reports=1, follows=2)
    assert following.adopt(caller=both, now=NOW) == following.Adopted(reports=1, follows=2)
    assert lists.unclaimed(both) == lists.Unclaimed()
    assert following.adopt(caller=both, now=NOW) == following.Adopted(reports=0, follows=0)
    assert [row.code for row in lists.own_reports(who, now=NOW)] == [first.code]
    assert [row.code for row in lists.followed_reports(who, now=NOW)] == [followed.code]
    assert lists.followed_places(who) == [(land.place.id, "")]
    assert [row.code for row in lists.own_reports(phone, now=NOW)] == [first.code], "the phone knows it still"
    [line] = audit.trail(act="fieldreports.adopted")
    assert (line.account_id, line.subject_id) == (who.actor.account_id, str(first.uid))
    handling.accept(first.code, caller=land.clerk, now=NOW)
    assert any("đã tiếp nhận" in title for title in inbox(who))


def test_adopting_takes_nothing_from_another_account_and_counts_nobody_twice(land):
    token, owner, who = make.phone().token, make.citizen(), make.citizen()
    theirs = make.sent(land, Caller(owner.actor, token))
    other = make.sent(land)
    for one in (Caller(token=token), who):
        following.follow_report(other.code, caller=one, now=NOW)
    assert following.adopt(caller=Caller(who.actor, token), now=NOW).reports == 0
    assert Sender.objects.get(report=theirs).account_id == owner.actor.account_id
    assert [follow.account_id for follow in Follow.objects.filter(report=other)] == [who.actor.account_id]
    other.refresh_from_db()
    assert other.followers == 1


@pytest.mark.parametrize("signed_in", [False, True])
def test_adopting_needs_an_account_and_a_phone(land, signed_in):
    with pytest.raises(errors.NotAllowed):
        following.adopt(caller=make.citizen() if signed_in else make.phone(), now=NOW)


def test_an_erased_account_takes_what_it_adopted_with_it(land, django_capture_on_commit_callbacks):
    token, who = make.phone().token, make.citizen()
    phone = Caller(token=token)
    report, private = make.sent(land, phone), make.sent(land, phone, private=True)
    following.follow_place(land.place.id, caller=phone, now=NOW)
    following.adopt(caller=Caller(who.actor, token), now=NOW)
    erased(who, django_capture_on_commit_callbacks)
    for one in (report, private):
        sender = Sender.objects.get(report=one)
        assert (sender.account_id, sender.token_hash) == (None, None)
    private.refresh_from_db()
    assert make.WORDS not in private.text
    assert not Follow.objects.exists()
    assert lists.own_reports(phone, now=NOW) == []


def erased(caller, on_commit):
    with on_commit(execute=True):
        people.erase_account(caller.actor.account_id, now=NOW + timedelta(days=1))
        events.deliver_owed()


def retained(days, on_commit):
    with on_commit(execute=True):
        return retention.apply_retention(now=NOW + timedelta(days=days))


def test_an_erased_person_leaves_numbers_and_what_was_public_by_nobody(land, django_capture_on_commit_callbacks):
    who = make.citizen()
    uid, voice = make.upload(make.picture(), who), make.upload(b"OggS" + bytes(80), who, kind=Kind.VOICE)
    for one in (uid, voice):
        photos.process(one, now=NOW)
    public = make.sent(land, who, attachment_uids=[uid, voice], name="Bà Hòa", phone="0912345678")
    handling.accept(public.code, caller=land.clerk, now=NOW)
    private = make.sent(land, who, private=True, words="Nhà tôi số 5, việc riêng")
    speaking.add_words(private.code, words="Gọi tôi số 0912345678", caller=who, now=NOW)
    before = statistics.of_everybody(TODAY, TODAY, now=NOW)
    original = Attachment.objects.get(uid=uid).original_sha256
    erased(who, django_capture_on_commit_callbacks)
    assert statistics.of_everybody(TODAY, TODAY, now=NOW) == before
    for sender in Sender.objects.all():
        assert (sender.account_id, sender.name_sealed, sender.phone_sealed, sender.phone_index) == (None,) * 4
    public.refresh_from_db()
    private.refresh_from_db()
    assert public.text == make.WORDS
    assert "việc riêng" not in private.text
    assert (private.lat, private.folded) == (None, "")
    assert not ReportStep.objects.filter(text__contains="0912345678").exists()
    assert not files.kept_path(original).exists()
    assert Attachment.objects.get(uid=uid).sha256
    assert Attachment.objects.get(uid=voice).sha256 == ""
    assert not Follow.objects.exists()
    assert [row["text"] for row in open_data.rows_between(TODAY, TODAY, now=NOW)] == [make.WORDS]


def test_an_erased_neighbours_word_still_counts(land, django_capture_on_commit_callbacks):
    report, _who = make.brought_to(land, State.ANSWERED)
    neighbour = make.citizen()
    following.follow_report(report.code, caller=neighbour, now=NOW)
    answering.confirm(report.code, caller=neighbour, now=NOW + hours(4))
    mark = neighbour.mark
    erased(neighbour, django_capture_on_commit_callbacks)
    [verdict] = Verdict.objects.all()
    assert bytes(verdict.who) != mark
    report.refresh_from_db()
    assert report.followers == 0


def test_originals_and_contacts_are_destroyed_a_year_after_the_end(land, django_capture_on_commit_callbacks):
    who = make.citizen()
    uid = make.upload(make.picture(), who)
    photos.process(uid, now=NOW)
    report = make.sent(land, who, attachment_uids=[uid], name="Bà Hòa", phone="0912345678")
    Report.objects.filter(pk=report.pk).update(state="closed", ending="silence", ended_at=NOW)
    assert retained(364, django_capture_on_commit_callbacks).originals == 0
    original = Attachment.objects.get(uid=uid).original_sha256
    gone = retained(366, django_capture_on_commit_callbacks)
    assert (gone.originals, gone.contacts) == (1, 1)
    assert not files.kept_path(original).exists()
    row = Attachment.objects.get(uid=uid)
    assert files.kept_path(row.sha256).exists()
    assert retained(366, django_capture_on_commit_callbacks).originals == 0


def test_unfinished_uploads_and_loose_files_do_not_stay(land, django_capture_on_commit_callbacks):
    phone = make.phone()
    uploads.begin_upload(kind=Kind.PHOTO, size=10, caller=phone, now=NOW)
    uid = make.upload(make.picture(), phone)
    photos.process(uid, now=NOW)
    row = Attachment.objects.get(uid=uid)
    gone = retained(3, django_capture_on_commit_callbacks)
    assert (gone.uploads, gone.loose) == (1, 1)
    assert not Upload.objects.exists()
    assert not files.kept_path(row.sha256).exists()


def test_one_file_of_two_reports_stays_until_the_last_is_gone(land, django_capture_on_commit_callbacks):
    raw = io.BytesIO()
    Image.new("RGB", (50, 50), "teal").save(raw, "PNG")
    first, second = make.phone(), make.phone()
    uids = [make.upload(raw.getvalue(), one) for one in (first, second)]
    for one in uids:
        photos.process(one, now=NOW)
    make.sent(land, second, attachment_uids=[uids[1]])
    assert retained(3, django_capture_on_commit_callbacks).loose == 1
    assert files.kept_path(Attachment.objects.get(uid=uids[1]).sha256).exists()


@pytest.mark.parametrize("name", ["SameIdOtherContent", "OutsideProvince", "TooManyReports"])
def test_refusals_say_what_to_do(name):
    title, body, _status = refusals.WORDS[name]
    assert "Xin" in body or "xin" in body
    assert title
