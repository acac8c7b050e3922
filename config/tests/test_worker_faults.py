"""The worker keeps why a job failed: its kind and its place."""

from __future__ import annotations

import json
from types import SimpleNamespace
from typing import Any

import pytest

from config.worker import leaving_nothing_open
from smarthd.kernel import events
from smarthd.kernel.models import JobFault

pytestmark = pytest.mark.django_db


def test_the_worker_keeps_what_kind_of_fault_it_was_and_where_never_what_it_said():
    context = SimpleNamespace(job=SimpleNamespace(id=77))
    secret = "mật khẩu 0990 000 001"

    def act() -> None:
        events.deliver(10**9)

    def odd() -> None:
        raise ValueError(secret)

    for fails in (act, odd):
        with pytest.raises(Exception):  # noqa: B017, PT011 - whatever the task raised rises on
            _without_closing(fails, context)
        assert JobFault.objects.filter(job_id=77).count() == 1
        place = JobFault.objects.get(job_id=77).place
        assert place.startswith("smarthd/kernel/events.py:") if fails is act else place == ""
    kept = JobFault.objects.get(job_id=77)
    assert kept.error == "ValueError"
    assert secret not in json.dumps([kept.error, kept.place], ensure_ascii=False)


def _without_closing(fails: Any, context: Any) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("django.db.connections.close_all", lambda: None)  # the test's own connection stays
        leaving_nothing_open(fails, context, None)
