"""From a clerk's page to the Department's board: filed, endorsed, taken in."""

from __future__ import annotations

import pytest
from django.urls import reverse

from smarthd.backoffice.tests import periodic
from smarthd.backoffice.tests.periodic import ANSWERS, SOON, Desks
from smarthd.kernel import clock
from smarthd.rollout.models import PeriodicReport

pytestmark = pytest.mark.django_db


@pytest.fixture
def desks():
    clock.set_now(SOON)
    yield periodic.desks()
    clock.set_now(None)


def state(desks: Desks) -> PeriodicReport:
    return desks.desk.report_of(desks.desk.world.commune_a)


def test_a_report_goes_from_the_clerk_to_the_board(desks: Desks) -> None:
    listed = desks.clerk.get(reverse("backoffice:periodic")).content.decode()
    assert "Báo cáo tuần" in listed
    assert "còn 4 ngày làm việc" in listed

    seen = desks.clerk.post(desks.at("periodic_fill"), {**ANSWERS, "seen_edits": "0", "viec": "xem"})
    assert seen.status_code == 200
    assert "Xem lại trước khi gửi" in seen.content.decode()
    assert state(desks).state == "draft"

    sent = desks.clerk.post(desks.at("periodic_fill"), {**ANSWERS, "viec": "gui"}, follow=True)
    assert "Đã gửi lúc" in sent.content.decode()
    assert state(desks).state == "submitted"

    queue = desks.district.get(reverse("backoffice:periodic_review"))
    assert "Ủy ban nhân dân xã Hợp Tiến" in queue.content.decode()
    row = queue.context["rows"][0]
    together = desks.district.post(reverse("backoffice:periodic_endorse_many"), {"looked_at": [row["looked_at"]]})
    assert "Ủy ban nhân dân xã Hợp Tiến" in together.content.decode()
    assert state(desks).state == "endorsed"

    assert desks.clerk.post(reverse("backoffice:periodic_accept_many"), {"looked_at": []}).status_code == 404
    arrived = desks.department.get(reverse("backoffice:periodic_arrivals")).context["rows"][0]
    desks.department.post(reverse("backoffice:periodic_accept_many"), {"looked_at": [arrived["looked_at"]]})
    assert state(desks).state == "accepted"
    board = desks.department.get(desks.of("periodic_period"))
    assert "1 / 3" in board.content.decode()
    assert {key: count for key, _w, count, *_ in board.context["chips"] if count} == {"open": 2, "accepted": 1}
