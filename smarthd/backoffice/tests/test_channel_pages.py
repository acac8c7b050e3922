"""The pages of Kênh phát: who may open which, a bulletin from writing to proof by pages alone, outlets, secrets never shown."""

from __future__ import annotations

import copy
import io
from datetime import timedelta
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from PIL import Image

from smarthd.agencies.rules import Role
from smarthd.agencies.tests import make as agencies_make
from smarthd.backoffice.tests import make
from smarthd.channels.adapters.fake import FakeSpeaker
from smarthd.channels.models import Bulletin, Dispatch, Outlet
from smarthd.channels.ports import OutletRefused, OutletUnavailable
from smarthd.channels.rules.dispatches import State
from smarthd.channels.rules.outlets import Kind
from smarthd.channels.selectors import desk
from smarthd.channels.services import dispatching, speaking
from smarthd.channels.tests import make as channels
from smarthd.content.models import Notice
from smarthd.content.tests import make as content_make
from smarthd.kernel import audit, clock
from tests.planting import planted_once

pytestmark = pytest.mark.django_db
SEES = {
    Role.HEAD,
    Role.DELEGATE,
    Role.CLERK,
    Role.EDITOR,
    Role.ALERT_AUTHOR,
    Role.ALERT_APPROVER,
    Role.ADMINISTRATOR,
    Role.AUDITOR,
}
SENDS = {Role.HEAD, Role.DELEGATE, Role.EDITOR}
WORDS = {
    "once": str(uuid4()),
    "title": "Lịch cắt điện ngày mai", "body": "Cắt điện từ 7h đến 11h để sửa lưới.", "instruction": "Sạc điện thoại tối nay.", "contact": "",
    "priority": "priority", "kinds": ["press", "loudspeaker"], "communes": [], "day": "2024-04-09", "hour": "21:00",
}  # fmt: skip

_here = planted_once(channels.land)


@pytest.fixture
def here(_here, db, monkeypatch, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    monkeypatch.setattr(speaking, "voice", FakeSpeaker)
    clock.set_now(channels.NOW)
    yield copy.deepcopy(_here)
    clock.set_now(None)


def browser(actor):
    return make.signed_in(actor.account_id)


def url(name: str, **kwargs) -> str:
    return reverse(f"backoffice:{name}", kwargs=kwargs or None)


def read(answer) -> bytes:
    """Return what a file answer holds, and close its file (closing the answer would close the test's connection)."""
    held = answer.getvalue()
    for close in answer._resource_closers:
        close()
    return held


def sent(**more) -> Bulletin:
    row = channels.taken(**more)
    dispatching.send_due(
        now=channels.NOW, carry=channels.FakeRoads(faults={Kind.FACEBOOK: OutletUnavailable("HTTP 503")})
    )
    return row


@pytest.mark.parametrize("role", list(Role))
def test_each_role_opens_its_pages_and_no_others(here, role):
    row = sent()
    client = browser(agencies_make.officer(here.province, role))
    expected = 200 if role in SEES else 404
    outlet = Outlet.objects.get(kind=Kind.ZALO).uid
    for page in (
        url("channels"), url("channel_outlets"), url("channel_bulletin", uid=row.uid), url("channel_outlet", uid=outlet),
        url("channel_file", uid=row.uid, suffix="docx"),
    ):  # fmt: skip
        assert client.get(page).status_code == expected, page
    assert client.get(url("channel_compose")).status_code == (200 if role in SENDS else 404)
    assert client.get(url("channel_outlet_add", kind="press")).status_code == (
        200 if role is Role.ADMINISTRATOR else 404
    )


def test_the_files_of_a_bulletin_are_handed_out(here):
    row, client = sent(), browser(here.editor)
    for suffix, head in (("docx", b"PK"), ("mp3", b"\xff\xfb"), ("pdf", b"%PDF")):
        assert client.get(url("channel_file", uid=row.uid, suffix=suffix)).content.startswith(head)


def test_a_commune_sees_its_own_cluster_and_not_the_others(here):
    row = sent(communes=[here.units["c0"].id])
    page = browser(here.clerk).get(url("channel_bulletin", uid=row.uid))
    assert [one.kind for one in page.context["seen"].dispatches] == [Kind.LOUDSPEAKER]
    assert browser(here.other_clerk).get(url("channel_bulletin", uid=row.uid)).status_code == 404
    assert len(browser(here.other_clerk).get(url("channel_outlets")).context["groups"]) == 1
    other = Outlet.objects.get(pk=here.outlets["loudspeaker"]).uid
    assert browser(here.other_clerk).get(url("channel_outlet", uid=other)).status_code == 404


@pytest.mark.parametrize("name", ["channel_bulletin", "channel_outlet", "channel_proof"])
def test_what_is_not_there_is_not_found(here, name):
    assert browser(here.editor).get(url(name, uid=uuid4())).status_code == 404
    assert browser(here.editor).post(url("channel_resend", uid=uuid4())).status_code == 404


def test_an_editor_writes_a_bulletin_and_sees_where_it_stands(here):
    client = browser(here.editor)
    assert 'name="once"' in client.get(url("channel_compose")).content.decode()
    answers = [client.post(url("channel_compose"), {**WORDS, "agency": here.province}) for _ in range(2)]
    row = Bulletin.objects.get()  # pressed twice, sent once
    assert {answer["location"] for answer in answers} == {url("channel_bulletin", uid=row.uid)}
    assert set(Dispatch.objects.values_list("outlet__kind", flat=True)) == {"press", "loudspeaker"}
    dispatching.send_due(
        now=clock.now(), carry=channels.FakeRoads(faults={Kind.PRESS: OutletUnavailable("máy chủ thư không trả lời")})
    )
    page = client.get(url("channel_bulletin", uid=row.uid)).content.decode()
    assert "máy chủ thư không trả lời" in page
    assert "2/3" in page
    assert client.get(url("channels") + "?xem=dang-gui").context["found"].waiting == 1


@pytest.mark.parametrize(
    "wrong",
    [
        {"title": ""},
        {"body": ""},
        {"day": "2024-04-01"},
        {"kinds": []},
        {"agency": "999"},
        {"communes": ["999999"]},
        {"priority": "x"},
        {"once": "x"},
        {"priority": "urgent"},
        {"hour": "25:00"},
    ],
)
def test_a_faulty_bulletin_is_told_beside_its_field_and_keeps_what_was_typed(here, wrong):
    answer = browser(here.editor).post(url("channel_compose"), {**WORDS, "agency": here.province, **wrong})
    assert answer.status_code == 422
    assert not Bulletin.objects.exists()
    if "body" not in wrong:
        assert "Cắt điện từ 7h" in answer.content.decode()


def test_nobody_sends_in_the_name_of_another_agency(here):
    assert browser(here.editor).post(url("channel_compose"), {**WORDS, "agency": here.commune}).status_code == 422
    assert browser(here.clerk).post(url("channel_compose"), {**WORDS, "agency": here.commune}).status_code == 404


def test_a_drill_is_marked_on_every_page(here):
    row, client = sent(drill=True), browser(here.editor)
    assert "DIỄN TẬP:</strong>" in client.get(url("channels")).content.decode()
    page = client.get(url("channel_bulletin", uid=row.uid)).content.decode()
    assert "<h1" in page
    assert page.count("DIỄN TẬP") >= 6


def test_an_operator_sends_again_and_proves(here):
    row, client = sent(), browser(here.editor)
    press, facebook = channels.dispatch(row, Kind.PRESS), channels.dispatch(row, Kind.FACEBOOK)
    assert client.post(url("channel_resend", uid=facebook.uid)).status_code == 409  # it is being tried anyway
    assert client.post(url("channel_resend", uid=press.uid)).status_code == 302
    press.refresh_from_db()
    assert (press.state, press.round) == (State.WAITING, 2)
    zalo = channels.dispatch(row, Kind.ZALO)
    assert (
        client.post(
            url("channel_prove", uid=row.uid), {"dispatch": zalo.uid, "url": "https://zalo.example.vn/bai"}
        ).status_code
        == 302
    )
    zalo.refresh_from_db()
    assert zalo.state == State.PROVEN
    out = io.BytesIO()
    Image.new("RGB", (40, 30)).save(out, "JPEG")
    photo = SimpleUploadedFile("a.jpg", out.getvalue(), content_type="image/jpeg")
    assert client.post(url("channel_prove", uid=row.uid), {"dispatch": zalo.uid, "file": photo}).status_code == 302
    proof = zalo.proofs.get(kind="photo")
    assert read(client.get(url("channel_proof", uid=proof.uid))).startswith(b"\xff\xd8")
    assert browser(here.other_clerk).get(url("channel_proof", uid=proof.uid)).status_code == 404


@pytest.mark.parametrize(
    "typed",
    [
        {},
        {"url": "javascript:alert(1)"},
        {"url": "bao.vn"},
        {"file": SimpleUploadedFile("a.jpg", b"<svg onload=alert(1)>")},
        {"dispatch": str(uuid4()), "url": "https://bao.vn"},
    ],
)
def test_what_proves_nothing_is_refused(here, typed):
    row = sent()
    given = {"dispatch": str(channels.dispatch(row, Kind.ZALO).uid), **typed}
    answer = browser(here.editor).post(url("channel_prove", uid=row.uid), given)
    assert answer.status_code == 422
    assert channels.dispatch(row, Kind.ZALO).state == State.SENT


def test_an_administrator_keeps_outlets_and_a_secret_is_never_shown_again(here):
    client = browser(here.administrator)
    typed = {
        "agency": here.province,
        "name": "Trang Zalo huyện",
        "address": "123456789",
        "commune": "",
        "secret": "mat-khau-rat-dai",
        "drills": "on",
        "enabled": "on",
    }
    assert client.post(url("channel_outlet_add", kind="zalo"), {**typed, "secret": ""}).status_code == 422
    answer = client.post(url("channel_outlet_add", kind="zalo"), typed)
    assert answer.status_code == 302
    page = client.get(answer["location"])
    assert "mat-khau-rat-dai" not in page.content.decode()
    assert "được niêm phong" in page.content.decode()
    row = Outlet.objects.get(address="123456789")
    assert b"mat-khau" not in bytes(row.secret_sealed)
    sealed = bytes(row.secret_sealed)
    assert client.post(answer["location"], {**typed, "secret": "", "name": "Zalo", "enabled": ""}).status_code == 302
    row.refresh_from_db()
    assert (row.name, row.enabled, bytes(row.secret_sealed)) == ("Zalo", False, sealed)
    assert "mat-khau" not in str([entry.facts for entry in audit.trail(act="channels.")])
    assert client.post(url("channel_outlet_add", kind="zalo"), typed).status_code == 422  # the same account twice


@pytest.mark.parametrize(
    ("kind", "address"),
    [
        ("press", "khong-phai-thu"), ("press", "a@b.vn, c@d.vn"), ("portal", "http://portal.vn"), ("portal", "https://portal.vn/trang?x=1"),
        ("portal", "https://a.vn; script-src *"), ("zalo", "abc"), ("facebook", "12 34"), ("loudspeaker", "http://10.0.0.1/x"),
        ("loudspeaker", "https://user:pw@loa.vn/x"), ("loudspeaker", "mqtts://loa.vn:8883/a/#"), ("loudspeaker", "mqtts://loa.vn:8883/"),
        ("loudspeaker", "file:///etc/passwd"), ("loudspeaker", "https://loa.vn:99999/x"), ("portal", "https://[::1"),
    ],
)  # fmt: skip
def test_a_wrong_address_is_refused_in_words(here, kind, address):
    typed = {
        "agency": here.province,
        "name": "X",
        "address": address,
        "commune": here.units["c2"].id,
        "secret": "x",
        "enabled": "on",
    }
    answer = browser(here.administrator).post(url("channel_outlet_add", kind=kind), typed)
    assert answer.status_code == 422
    assert "Địa chỉ chưa đúng" in answer.content.decode()


def test_others_read_an_outlet_and_change_nothing(here):
    row = Outlet.objects.get(kind=Kind.ZALO)
    for who in (here.editor, here.auditor):
        assert (
            '<form method="post" class="stack narrow"'
            not in browser(who).get(url("channel_outlet", uid=row.uid)).content.decode()
        )
        typed = {"name": "Y", "address": row.address, "commune": "", "enabled": "on"}
        assert browser(who).post(url("channel_outlet", uid=row.uid), typed).status_code == 403
    row.refresh_from_db()
    assert row.name != "Y"


def test_pages_cost_no_more_queries_however_much_there_is(here, django_assert_max_num_queries):
    client, row = browser(here.editor), sent()
    for _ in range(15):
        sent()
    for page, most in ((url("channels"), 12), (url("channel_bulletin", uid=row.uid), 12), (url("channel_outlets"), 10)):
        client.get(page)
        with django_assert_max_num_queries(most):
            assert client.get(page).status_code == 200


# --- what waits for who answers for it --------------------------------------------------------------------------------
def test_what_did_not_arrive_waits_for_who_answers_for_it_while_it_is_in_force(here):
    row = channels.taken(valid_until=channels.NOW + timedelta(hours=2))
    dispatching.send_due(now=channels.NOW, carry=channels.FakeRoads(faults={Kind.ZALO: OutletRefused("Zalo -201")}))
    waits = "Bản tin không tới nơi nhận"
    assert waits in browser(here.editor).get(url("work")).content.decode()
    for who in (here.other_clerk, here.auditor):
        assert waits not in browser(who).get(url("work")).content.decode()
    assert desk.failed_count(here.editor, now=channels.NOW) == 1
    assert desk.failed_count(here.editor, now=row.valid_until) == 0


# --- notices ----------------------------------------------------------------------------------------------------------
def notice(here, **more) -> str:
    slug = content_make.published(here.province, here.units["c0"].id, at=channels.NOW, **more)
    return str(Notice.objects.get(slug=slug).uid)


def test_a_published_notice_becomes_one_bulletin_by_one_press(here):
    uid, client = (
        notice(here, title="Lịch tiêm phòng", body="<p>Sáng <b>thứ Hai</b>.</p><p>Mang sổ.</p>"),
        browser(here.editor),
    )
    assert "Lịch tiêm phòng" in client.get(url("channel_notices")).content.decode()
    for _press in range(2):
        assert client.post(url("channel_notice", uid=uid)).status_code == 302
    row = Bulletin.objects.get()
    assert (row.title, row.communes, row.agency_id, row.priority) == (
        "Lịch tiêm phòng",
        [here.units["c0"].id],
        here.province,
        "normal",
    )
    assert "Sáng thứ Hai" in row.body
    assert "<" not in row.body
    assert "Xem đã tới đâu" in client.get(url("channel_notices")).content.decode()


@pytest.mark.parametrize("urgency", ["priority", "urgent"])
def test_an_urgent_notice_goes_before_others_and_wakes_nobody(here, urgency):
    browser(here.editor).post(url("channel_notice", uid=notice(here, urgency=urgency)))
    assert Bulletin.objects.get().priority == "priority"


@pytest.mark.parametrize("role", list(Role))
def test_only_who_sends_in_the_agencys_name_carries_its_notices(here, role):
    uid, client = notice(here), browser(agencies_make.officer(here.province, role))
    assert client.get(url("channel_notices")).status_code == (200 if role in SENDS else 404)
    assert client.post(url("channel_notice", uid=uid)).status_code == (302 if role in SENDS else 404)
    assert Bulletin.objects.count() == (role in SENDS)


def test_a_notice_of_another_agency_or_withdrawn_or_over_is_not_carried(here):
    editor = browser(here.editor)
    other = content_make.published(here.commune, here.units["c0"].id, at=channels.NOW)
    over = notice(here, title="Đã hết", expire_at=channels.NOW + timedelta(minutes=1))
    clock.set_now(channels.NOW + timedelta(minutes=2))
    for uid in (Notice.objects.get(slug=other).uid, over):
        assert editor.post(url("channel_notice", uid=uid)).status_code == 404
    assert not Bulletin.objects.exists()
