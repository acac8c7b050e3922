"""Doubts through the desk and through the person's own page: seen in words, decided with a reason, objected to."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.urls import reverse

from smarthd.agencies.rules import Role
from smarthd.backoffice.tests import make
from smarthd.kernel import clock
from smarthd.kernel.ids import uuid7
from smarthd.rollout import services
from smarthd.rollout.models import Participant, Suspicion
from smarthd.rollout.rules.integrity import State
from smarthd.rollout.tests import make as rollout_make

pytestmark = pytest.mark.django_db
WHY = "Đã gọi điện, là một gia đình dùng chung máy."


@pytest.fixture(autouse=True)
def _at_ten_on_a_saturday():
    clock.set_now(make.NOW)
    yield
    clock.set_now(None)


@pytest.fixture
def world():
    return make.world()


@pytest.fixture
def case() -> Suspicion:
    device = uuid7()
    for index in range(6):
        account, at = rollout_make.account(), make.NOW - timedelta(hours=3) + timedelta(minutes=20 * index)
        services.activate_participant(account, install_uid=device, home_id=None, team_code="", at=at)
        services.trace_binding(device, account_id=account, at=at)
    services.sweep(now=make.NOW)
    return Suspicion.objects.order_by("id")[0]


def decide(client, case: Suspicion, reason: str, keep: str = "0"):
    return client.post(
        reverse("backoffice:integrity_decide", kwargs={"uid": case.uid}), {"reason": reason, "keep": keep}
    )


def test_the_list_says_why_and_filters_by_signal(world, case):
    client = make.signed_in(make.official(world.department, Role.ADMINISTRATOR))
    page = client.get("/can-bo/trung-thuc/").content.decode()
    assert "6 tài khoản đăng nhập trên cùng một máy trong 24 giờ" in page
    assert "Nhiều tài khoản trên một máy (6)" in page
    assert "Không có dấu hiệu nào" in client.get("/can-bo/trung-thuc/?dau-hieu=hasty").content.decode()
    assert "Không có dấu hiệu nào" in client.get("/can-bo/trung-thuc/?tinh-trang=kept").content.decode()


def test_an_administrator_decides_with_a_reason(world, case):
    client = make.signed_in(make.official(world.department, Role.ADMINISTRATOR))
    short = decide(client, case, "ngắn")
    assert short.status_code == 422
    assert "ít nhất một câu" in short.content.decode()
    assert ">ngắn</textarea>" in short.content.decode()
    assert Suspicion.objects.get(pk=case.pk).state == State.QUARANTINED
    decide(client, case, WHY)
    assert Suspicion.objects.get(pk=case.pk).state == State.RELEASED
    assert not Participant.objects.get(pk=case.subject_id).quarantined


def test_an_auditor_looks_and_cannot_decide(world, case):
    client = make.signed_in(make.official(world.department, Role.AUDITOR))
    page = client.get("/can-bo/trung-thuc/").content.decode()
    assert "6 tài khoản đăng nhập" in page
    assert 'name="reason"' not in page
    assert decide(client, case, WHY).status_code == 404


def test_the_person_reads_why_and_objects_and_the_desk_sees_it(world, case):
    own = make.signed_in(case.subject_id)
    assert "6 tài khoản đăng nhập trên cùng một máy" in own.get("/toi/giai-trinh/").content.decode()
    assert own.post("/toi/giai-trinh/", {"words": "sai"}).status_code == 422
    page = own.post(
        "/toi/giai-trinh/", {"words": "Cả nhà tôi dùng chung <b>một</b> máy."}, follow=True
    ).content.decode()
    assert "Đã nhận giải trình" in page
    desk = (
        make.signed_in(make.official(world.department, Role.ADMINISTRATOR)).get("/can-bo/trung-thuc/").content.decode()
    )
    assert "Cả nhà tôi dùng chung &lt;b&gt;một&lt;/b&gt; máy." in desk


def test_nobody_else_has_anything_to_object_to(world):
    client = make.signed_in(make.official(world.department, Role.HEAD))
    assert "Không có gì cần giải trình" in client.get("/toi/giai-trinh/").content.decode()
    assert client.post("/toi/giai-trinh/", {"words": "Tôi là người thật."}).status_code == 404
