"""The head says whether earlier versions may be taken away, and takes one back; citizens see it at once; a clerk has no such page."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from smarthd.agencies.rules import Role
from smarthd.backoffice.tests import make
from smarthd.backoffice.tests.test_source_pages import clerk, pharmacies, published, url, workbook
from smarthd.backoffice.tests.test_source_pages import handed_in as sent
from smarthd.connectors.models import Source
from smarthd.connectors.services import publishing
from smarthd.connectors.tests.make import SYSTEM

pytestmark = pytest.mark.django_db
__all__ = ["clerk"]  # a fixture


@pytest.fixture
def dataset(clerk: Client, desk: make.Desk) -> Source:
    """Two versions of pharmacies, as a clerk hands them in."""
    uid = published(clerk, desk, pharmacies(12))
    sent(clerk, uid, workbook(pharmacies(13)))
    clerk.post(url("source_version_act", uid=uid, number=2, act="cong-bo"))
    return Source.objects.get(uid=uid)


@pytest.fixture
def head(desk: make.Desk) -> Client:
    return make.signed_in(make.official(desk.at, Role.HEAD))


def act(client: Client, source: Source, name: str, **typed: str) -> Any:
    return client.post(url("source_earlier_act", uid=source.uid, act=name), typed)


def test_the_head_lets_earlier_versions_go_after_seeing_what_it_means(dataset, head, client):
    page = head.get(url("source_earlier", uid=dataset.uid)).content.decode()
    assert "1 bản trước sẽ tải được" in page
    refused = act(head, dataset, "cho-tai")
    assert refused.status_code == 422
    assert "Xin xem các bản rồi đánh dấu ô này" in refused.content.decode()
    public = f"/du-lieu/mo/{dataset.key}/"
    assert "/versions" not in client.get(public).content.decode()
    assert act(head, dataset, "cho-tai", sure="on").status_code == 302
    assert "ai cũng tải được" in head.get(url("source", uid=dataset.uid)).content.decode()
    shown = client.get(public).content.decode()
    assert f"/api/v1/datasets/{dataset.key}/versions/1/file.csv" in shown
    assert f"/api/v1/datasets/{dataset.key}/versions/2/changes.csv" in shown
    assert client.get(f"/api/v1/datasets/{dataset.key}/versions/1/file.csv").status_code == 200
    assert act(head, dataset, "thoi-cho-tai").status_code == 302
    assert client.get(f"/api/v1/datasets/{dataset.key}/versions/1/file.csv").status_code == 404


def test_a_version_is_taken_back(dataset, head, client):
    act(head, dataset, "cho-tai", sure="on")
    assert act(head, dataset, "thu-hoi", number="1").status_code == 422
    assert act(head, dataset, "thu-hoi", number="2", sure="on").status_code == 422, "it is what everybody sees"
    assert act(head, dataset, "thu-hoi", number="1", sure="on").status_code == 302
    assert "Đã thu hồi" in head.get(url("source_earlier", uid=dataset.uid)).content.decode()
    assert client.get(f"/api/v1/datasets/{dataset.key}/versions/1/file.csv").status_code == 404


def test_going_back_takes_the_versions_between_from_the_list(dataset, head):
    publishing.go_back(uid=dataset.uid, number=1, actor=SYSTEM, now=make.NOW + timedelta(hours=1))
    page = head.get(url("source_earlier", uid=dataset.uid))
    assert [(one.number, one.recalled_at is not None) for one in page.context["versions"]] == [
        (3, False), (2, True), (1, False),
    ]  # fmt: skip


def test_others_have_no_such_page(dataset, clerk, desk):
    delegate = make.signed_in(make.official(desk.at, Role.DELEGATE))
    weak = make.signed_in(make.official(desk.at, Role.HEAD), second_factor=False)
    for other in (clerk, delegate, weak):
        assert other.get(url("source_earlier", uid=dataset.uid)).status_code != 200
        assert act(other, dataset, "cho-tai", sure="on").status_code in {302, 403, 404}
        assert "source_earlier" not in other.get(url("source", uid=dataset.uid)).content.decode()
    assert not Source.objects.get(pk=dataset.pk).earlier_open
