"""The pages of communication: who may open which, an airing from plan to proof by pages alone."""

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
from smarthd.channels.models import Dispatch
from smarthd.channels.rules.outlets import Kind
from smarthd.channels.services import outlets
from smarthd.channels.services.outlets import OutletWishes
from smarthd.kernel import audit, clock
from smarthd.rollout.models import Airing, AiringProof
from smarthd.rollout.rules.airings import Channel, State
from smarthd.rollout.services import airings
from smarthd.rollout.services.airings import NewAiring
from smarthd.rollout.tests import make as rollout_make
from smarthd.rollout.tests import troubles
from tests.planting import planted_once

pytestmark = pytest.mark.django_db
ROLES = {Role.HEAD, Role.DELEGATE, Role.CLERK, Role.EDITOR, Role.ADMINISTRATOR, Role.AUDITOR}


@pytest.fixture(autouse=True)
def _on_a_monday(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    clock.set_now(troubles.NOW)
    yield
    clock.set_now(None)


_here = planted_once(lambda _folder: troubles.province())


@pytest.fixture
def here(_here, db):
    return copy.deepcopy(_here)


def browser(actor):
    return make.signed_in(actor.account_id)


def url(name: str, **kwargs) -> str:
    return reverse(f"backoffice:{name}", kwargs=kwargs or None)


def planned(here, *, hours: float = -1) -> Airing:
    wanted = NewAiring(
        here.world.commune_a,
        Channel.COMMUNE_RADIO,
        "Hướng dẫn cài đặt",
        troubles.later(hours=hours),
        "Kính thưa bà con",
    )
    [made] = airings.plan_airings(troubles.CAMPAIGN, [wanted], actor=here.clerk_a, now=troubles.later(days=-1))
    return made


def read(answer) -> bytes:
    """Return what a file answer holds, and close its file (closing the answer would close the test's connection)."""
    held = answer.getvalue()
    for close in answer._resource_closers:
        close()
    return held


def picture() -> SimpleUploadedFile:
    out = io.BytesIO()
    Image.new("RGB", (40, 30), (1, 2, 3)).save(out, "JPEG")
    return SimpleUploadedFile("IMG_0001.jpg", out.getvalue(), content_type="image/jpeg")


@pytest.mark.parametrize("role", list(Role))
def test_each_role_opens_its_pages_and_no_others(here, role):
    client = browser(agencies_make.officer(here.world.commune_a, role))
    expected = 200 if role in ROLES else 404
    for page in (
        url("airings"),
        url("airing_yields"),
        *(
            url(name, suffix=suffix)
            for name in ("airings_export", "airing_yields_export")
            for suffix in ("csv", "xlsx")
        ),
    ):
        assert client.get(page).status_code == expected, page
    plans = role in {Role.HEAD, Role.DELEGATE, Role.CLERK, Role.EDITOR, Role.ADMINISTRATOR}
    assert client.get(url("airing_plan")).status_code == (200 if plans else 404)


@pytest.mark.parametrize("who", ["clerk_a", "clerk_b", "district", "department", "leader", "auditor"])
def test_one_airing_opens_to_its_unit_and_those_above(here, who):
    row = planned(here)
    client = browser(getattr(here, who))
    expected = 404 if who in {"clerk_b", "department"} else 200
    for name in ("airing", "airing_code"):
        assert client.get(url(name, uid=row.uid)).status_code == expected
    marked = client.post(url("airing_mark", uid=row.uid), {"viec": "khong", "reason": "Mất điện"}).status_code
    assert marked == {"clerk_a": 302, "clerk_b": 404, "department": 404}.get(who, 403)


@pytest.mark.parametrize("name", ["airing", "airing_code", "airing_proof"])
def test_what_is_not_there_is_not_found(here, name):
    assert browser(here.leader).get(url(name, uid=uuid4())).status_code == 404


def test_a_clerk_plans_once_or_every_week(here):
    client = browser(here.clerk_a)
    typed = {
        "agency": here.world.commune_a, "channel": "commune_radio", "title": "Hướng dẫn", "day": "2024-04-16", "hour": "17:30",
        "every": "weekly", "until": "2024-05-07", "cost": "1.250.000",
    }  # fmt: skip
    assert client.post(url("airing_plan"), typed).status_code == 302
    assert [clock.day_of(row.planned_at).day for row in Airing.objects.order_by("planned_at")] == [16, 23, 30, 7]
    assert set(Airing.objects.values_list("cost", flat=True)) == {1_250_000}
    for wrong in ({"until": ""}, {"until": "2024-12-31"}, {"hour": "25:00"}, {"cost": "nhiều"}, {"day": "31/02/2024"}):
        assert client.post(url("airing_plan"), {**typed, **wrong}).status_code == 422, wrong


def test_who_commands_plans_for_all_communes_at_once(here):
    client = browser(here.leader)
    typed = {
        "agency": "all",
        "channel": "sms",
        "title": "Tin nhắn",
        "day": "2024-04-16",
        "hour": "09:00",
        "every": "once",
    }
    assert client.post(url("airing_plan"), typed).status_code == 302
    assert set(Airing.objects.values_list("agency_id", flat=True)) == {here.world.commune_a, here.world.commune_b}


def test_an_airing_is_marked_and_proven_and_only_then_counts(here):
    row, client = planned(here), browser(here.clerk_a)
    assert "Ghi lượt phát đã qua giờ" in client.get(url("work")).content.decode()
    aired = {"viec": "phat", "day": "2024-04-15", "hour": "09:00", "reach": "300", "cost": ""}
    assert client.post(url("airing_mark", uid=row.uid), aired).status_code == 302
    assert "chưa được tính" in client.get(url("airing", uid=row.uid)).content.decode()
    assert "Bổ sung minh chứng lượt phát" in client.get(url("work")).content.decode()
    assert client.post(url("airing_prove", uid=row.uid), {"file": picture(), "note": "Loa"}).status_code == 302
    row.refresh_from_db()
    assert row.state == State.PROVEN
    proof = AiringProof.objects.get()
    answer = client.get(url("airing_proof", uid=proof.uid))
    assert answer["content-type"] == "image/jpeg"
    assert answer["x-content-type-options"] == "nosniff"
    assert read(answer)[:2] == b"\xff\xd8"
    assert browser(here.clerk_b).get(url("airing_proof", uid=proof.uid)).status_code == 404


@pytest.mark.parametrize(
    ("sent", "said"),
    [
        ({}, "Chọn một tệp"),
        ({"url": "javascript:alert(1)"}, "bắt đầu bằng https://"),
        ({"file": SimpleUploadedFile("a.jpg", b"MZ", content_type="image/jpeg")}, "JPEG, PNG"),
        ({"file": SimpleUploadedFile("a.mp3", b"<html>", content_type="audio/mpeg")}, "bản ghi âm"),
    ],
)
def test_what_is_no_proof_is_said_beside_the_field(here, sent, said):
    row, client = planned(here), browser(here.clerk_a)
    airings.mark_aired(row.uid, aired_at=troubles.later(hours=-1), actor=troubles.SYSTEM, now=troubles.NOW)
    answer = client.post(url("airing_prove", uid=row.uid), sent)
    assert answer.status_code == 422
    assert said in answer.content.decode()
    assert not AiringProof.objects.exists()


def test_an_airing_not_yet_due_offers_to_cancel_and_nothing_else(here):
    row, client = planned(here, hours=5), browser(here.clerk_a)
    page = client.get(url("airing", uid=row.uid)).content.decode()
    assert 'value="huy"' in page
    assert 'value="phat"' not in page
    assert client.post(url("airing_mark", uid=row.uid), {"viec": "huy", "reason": ""}).status_code == 422
    assert client.post(url("airing_mark", uid=row.uid), {"viec": "huy", "reason": "Trùng lịch họp"}).status_code == 302
    row.refresh_from_db()
    assert row.state == State.CANCELLED


def test_the_plan_shows_two_weeks_and_the_whole_campaign_when_asked(here):
    planned(here)
    far = planned(here, hours=24 * 30)
    client = browser(here.clerk_a)
    assert client.get(url("airings")).context["found"].count == 1
    assert client.get(url("airings") + "?tuan=tat-ca").context["found"].count == 2
    week = clock.day_of(far.planned_at).isoformat()
    assert client.get(url("airings") + f"?tuan={week}").context["found"].count == 1
    for address in ("?tuan=x&kenh=y&xem=z&loc=q&chien-dich=0", "?xem=sap-toi&kenh=sms"):
        assert client.get(url("airings") + address).status_code == 200


def test_few_persons_are_hidden_from_others_on_pages_and_in_exports(here):
    row = planned(here)
    for _ in range(3):
        rollout_make.person(None, troubles.NOW.date(), team_code=row.code_row.code)
    own, other = browser(here.clerk_a), browser(here.district)
    assert "3 người" in own.get(url("airing", uid=row.uid)).content.decode()
    assert "ẩn, dưới 10 người" in other.get(url("airing", uid=row.uid)).content.decode()
    text = other.get(url("airings_export", suffix="csv") + "?tuan=tat-ca").content.decode("utf-8-sig")
    assert "ẩn, dưới 10 người" in text
    assert audit.trail(act="backoffice.airings_exported")


def test_the_code_is_a_picture_to_print_that_leads_to_the_first_page(here):
    row = planned(here)
    answer = browser(here.clerk_a).get(url("airing_code", uid=row.uid))
    assert answer["content-type"] == "image/svg+xml"
    assert answer.content.startswith(b"<?xml") or answer.content.startswith(b"<svg")
    assert f"/m/{row.code_row.code}/" in browser(here.clerk_a).get(url("airing", uid=row.uid)).content.decode()


def test_pages_cost_no_more_queries_however_much_there_is(here, django_assert_max_num_queries):
    for number in range(20):
        wanted = NewAiring(
            here.world.commune_a, Channel.SOCIAL, f"Bài {number}", troubles.NOW + timedelta(hours=number)
        )
        airings.plan_airings(troubles.CAMPAIGN, [wanted], actor=here.clerk_a, now=troubles.NOW)
    client = browser(here.district)
    for page, most in ((url("airings"), 16), (url("airing_yields"), 16)):
        client.get(page)  # the map is read once a process
        with django_assert_max_num_queries(most):
            assert client.get(page).status_code == 200


def test_a_planned_airing_goes_by_its_agencys_own_outlets(here):
    wanted = NewAiring(
        here.world.commune_a, Channel.SOCIAL, "Hướng dẫn cài đặt", troubles.later(hours=3), "Kính thưa bà con"
    )
    [row] = airings.plan_airings(troubles.CAMPAIGN, [wanted], actor=here.clerk_a, now=troubles.NOW)
    client = browser(here.clerk_a)
    page = url("airing", uid=row.uid)
    assert "Gửi qua kênh" not in client.get(page).content.decode()
    assert client.post(url("airing_send", uid=row.uid)).status_code == 422
    for agency, address in ((here.world.commune_a, "console:zalo-a"), (here.world.commune_b, "console:zalo-b")):
        wishes = OutletWishes(kind=Kind.ZALO, name="Zalo", address=address, agency_id=agency)
        outlets.add_outlet(wishes, actor=make.SYSTEM, now=troubles.NOW)
    assert "Gửi qua kênh" in client.get(page).content.decode()
    sent = [client.post(url("airing_send", uid=row.uid)) for _ in range(2)]
    [dispatch] = Dispatch.objects.select_related("bulletin", "outlet")
    assert {answer["location"] for answer in sent} == {url("channel_bulletin", uid=dispatch.bulletin.uid)}
    assert dispatch.outlet.address == "console:zalo-a"
    assert row.code_row.code in dispatch.bulletin.instruction
    assert browser(here.clerk_b).post(url("airing_send", uid=row.uid)).status_code == 404
    assert browser(here.auditor).post(url("airing_send", uid=row.uid)).status_code == 403
