"""Việc nền: who keeps the queue running sees it and acts, each act asked for twice; for everybody else there is no such page."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from procrastinate.contrib.django.models import ProcrastinateJob

from smarthd.agencies.rules import Role
from smarthd.backoffice import job_words
from smarthd.backoffice.tests import make
from smarthd.kernel.models import AuditEntry
from smarthd.kernel.tasks import app
from smarthd.kernel.tests.test_job_board import failed
from smarthd.kernel.tests.test_jobs import LONG_AGO, taken, worker

pytestmark = pytest.mark.django_db
PAGES = 10
"""Statements of the page: three say who asks, eight ask the queue; one counts what is unread in the inbox."""


@pytest.fixture
def operator(desk: make.Desk) -> Client:
    return make.signed_in(make.official(desk.world.province, Role.ADMINISTRATOR))


def url(name: str, **parts: Any) -> str:
    return reverse(f"backoffice:{name}", kwargs=parts or None)


def text(client: Client, path: str) -> str:
    answer = client.get(path)
    assert answer.status_code == 200
    return str(answer.content.decode())


def test_every_task_and_lane_is_called_by_words_people_know():
    names = {name.removeprefix("smarthd.") for name in app.tasks if name.startswith("smarthd.")}
    assert names == set(job_words.TASKS)
    assert {task.queue for task in app.tasks.values()} - {"builtin"} - {"connectors.slow"} <= set(job_words.LANES)
    assert {"connectors.slow"} <= set(job_words.LANES)


def test_faults_have_words_refusals_of_ours_their_own(operator):
    assert job_words.fault("OperationalError") != job_words.fault("ZeroDivisionError")
    assert job_words.fault("ZeroDivisionError") == "Lỗi trong phần mềm"
    assert job_words.fault("SourceBusy") == "Nguồn đang được đọc"
    assert job_words.fault("") == "Không ghi lại được vì sao"


def test_the_page_says_what_failed_and_why_what_is_done_and_what_is_stalled(operator):
    page = text(operator, url("jobs"))
    assert "Không có tiến trình nào đang chạy việc nền" in page
    assert "Không có việc nào thất bại" in page
    taken(worker(silent_s=1), task="smarthd.connectors.tasks.read_source")
    taken(worker(silent_s=LONG_AGO))
    pk = failed("TimeoutError", task="smarthd.messaging.tasks.deliver_mail", queue_name="messages")
    page = text(operator, url("jobs"))
    assert "Không có tiến trình nào" not in page
    assert "1 việc bị bỏ dở" in page
    assert "Đọc một nguồn dữ liệu" in page
    assert "Nơi được hỏi không trả lời kịp" in page
    assert url("job", number=pk) in page


def test_a_failed_job_is_begun_again_after_its_page_was_seen(operator):
    pk = failed()
    assert "Làm lại" in text(operator, url("job", number=pk))
    assert operator.get(url("job_act", number=pk, act="lam-lai")).status_code == 405
    assert operator.post(url("job_act", number=pk, act="lam-lai")).status_code == 302
    assert ProcrastinateJob.objects.get(pk=pk).status == "todo"
    for again in (operator.get(url("job", number=pk)), operator.post(url("job_act", number=pk, act="lam-lai"))):
        assert again.status_code == 404
        assert "Không còn việc thất bại này" in again.content.decode()
    assert operator.get(url("job", number=10**30)).status_code == 404
    assert AuditEntry.objects.filter(act="kernel.job_begun_again").count() == 1


def test_giving_up_is_asked_for_twice(operator):
    pk = failed()
    refused = operator.post(url("job_act", number=pk, act="bo"))
    assert refused.status_code == 422
    assert "Xin đánh dấu ô này nếu vẫn bỏ" in refused.content.decode()
    assert ProcrastinateJob.objects.get(pk=pk).status == "failed"
    assert operator.post(url("job_act", number=pk, act="bo"), {"sure": "on"}).status_code == 302
    assert ProcrastinateJob.objects.get(pk=pk).status == "cancelled"
    assert "Không có việc nào thất bại" in text(operator, url("jobs"))


def test_only_who_administers_agencies_below_has_these_pages(desk):
    pk = failed()
    province, school = desk.world.province, desk.world.school
    for role in Role:
        above = make.signed_in(make.official(province, role))
        assert (above.get(url("jobs")).status_code == 200) is (role == Role.ADMINISTRATOR), role
        assert (above.get(url("job", number=pk)).status_code == 200) is (role == Role.ADMINISTRATOR), role
        if role != Role.ADMINISTRATOR:
            _cannot_act(above, pk)
    _cannot_act(make.signed_in(make.official(school, Role.ADMINISTRATOR)), pk)
    _cannot_act(make.signed_in(make.official(province, Role.ADMINISTRATOR), second_factor=False), pk)


def _cannot_act(client: Client, pk: int) -> None:
    assert client.get(url("jobs")).status_code != 200
    client.post(url("job_act", number=pk, act="lam-lai"))
    client.post(url("job_act", number=pk, act="bo"), {"sure": "on"})
    assert ProcrastinateJob.objects.get(pk=pk).status == "failed"


def test_the_desk_leads_there_only_whom_it_lets_in(desk, operator):
    assert url("jobs") in text(operator, url("work"))
    assert url("jobs") not in text(make.signed_in(make.official(desk.world.school, Role.ADMINISTRATOR)), url("work"))


def test_what_failed_and_that_nobody_works_waits_on_the_desk_of_who_can_mend_it(desk, operator):
    failed()
    page = text(operator, url("work"))
    assert "Xem việc nền thất bại" in page
    assert "Khởi động lại tiến trình chạy việc nền" not in page, "a worker is alive"
    with connection.cursor() as cursor:
        cursor.execute("UPDATE procrastinate_workers SET last_heartbeat = now() - interval '5 minutes'")
    assert "Khởi động lại tiến trình chạy việc nền" in text(operator, url("work"))
    head = make.signed_in(make.official(desk.world.province, Role.HEAD))
    assert "việc nền" not in text(head, url("work"))


def test_nothing_a_fault_said_nor_what_a_job_was_about_is_shown(operator):
    pk = failed("ValueError")
    with connection.cursor() as cursor:
        cursor.execute('UPDATE procrastinate_jobs SET args = \'{"phone": "0990000001"}\' WHERE id = %s', [pk])
    for path in (url("jobs"), url("job", number=pk)):
        assert "0990000001" not in text(operator, path)


def test_it_costs_the_same_however_much_failed(operator):
    counts = []
    for _round in range(2):
        for _one in range(10):
            failed()
            taken(worker(silent_s=1))
        with CaptureQueriesContext(connection) as asked:
            text(operator, url("jobs"))
        counts.append(len(asked))
    assert counts[0] == counts[1] <= PAGES + 3, [one["sql"][:90] for one in asked.captured_queries]
