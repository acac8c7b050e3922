"""Programs that send their rows: by key and by signature; what is not theirs, old, said twice or broken is refused."""

from __future__ import annotations

import hashlib
import hmac
import json
from typing import Any

import pytest
from django.test import Client

from smarthd.agencies.tests import make as agencies_make
from smarthd.connectors.models import Source
from smarthd.connectors.rules.sources import SourceKind
from smarthd.connectors.services import sources
from smarthd.connectors.tests import make
from smarthd.kernel import clock
from tests.planting import planted_once

_world = planted_once(lambda _tmp: agencies_make.world())
PAGE = "/api/v1/datasets/tram-do-mua/"


@pytest.fixture
def sent(_world: Any, db: None, tmp_path: Any, settings: Any) -> Any:
    """A dataset of rows that a program sends, public with twelve of them, and its key."""
    settings.MEDIA_ROOT = tmp_path
    clock.set_now(make.NOW)
    made = make.mapped(make.source(_world.department, SourceKind.PUSH, title="Trạm đo mưa"))
    make.published(made, make.table(make.rows(12)))
    yield made, sources.renew_push_key(uid=made.uid, actor=make.SYSTEM, now=make.NOW)
    clock.set_now(None)


def objects(*rows: tuple[str, ...]) -> list[dict[str, str]]:
    return [dict(zip(make.COLUMNS, row, strict=True)) for row in rows]


def post(client: Client, body: object, key: str = "", page: str = "rows", **headers: str) -> Any:
    raw = body if isinstance(body, (bytes, str)) else json.dumps(body)
    told = {"authorization": f"Bearer {key}"} if key else {}
    return client.post(PAGE + page, raw, content_type="application/json", headers={**told, **headers})


def signed(key: str, body: bytes, at: int) -> dict[str, str]:
    mark = hmac.new(key.encode(), f"{at}.".encode() + body, hashlib.sha256).hexdigest()
    return {"X-Smarthd-Timestamp": str(at), "X-Smarthd-Signature": f"sha256={mark}"}


def test_a_part_is_added_and_replaced_by_key_and_what_is_named_goes(client, sent):
    made, key = sent
    body = {"rows": objects(("NT1", "Nhà thuốc 1", "24/24"), ("NT99", "Mới", "")), "delete": [["NT2"], ["KHONG-CO"]]}
    told = post(client, body, key).json()
    assert (told["state"], told["version"], told["faulty"]) == ("published", 2, 0)
    assert make.keys_of(made) == {f"NT{n}" for n in range(1, 13)} - {"NT2"} | {"NT99"}
    again = post(client, body, key).json()
    assert again["state"] == "unchanged"


def test_the_whole_is_held_when_most_of_it_is_missing(client, sent):
    made, key = sent
    told = post(client, {"mode": "whole", "rows": objects(*make.rows(3))}, key).json()
    assert told["state"] == "held"
    assert "Chỉ còn 3 dòng, lần trước 12" in told["words"]
    assert len(make.keys_of(made)) == 12


@pytest.mark.parametrize("key", ["", "shp_sai", "x" * 5000])
def test_a_wrong_key_is_told_so_and_changes_nothing(client, sent, key):
    answer = post(client, {"rows": objects(*make.rows(1, start=50))}, key)
    assert answer.status_code == 401
    assert len(make.keys_of(sent[0])) == 12


def test_a_renewed_key_ends_the_old_one_and_is_stored_nowhere_in_clear(client, sent):
    made, old = sent
    new = sources.renew_push_key(uid=made.uid, actor=make.SYSTEM, now=make.NOW)
    assert post(client, {"rows": []}, old).status_code == 401
    assert post(client, {"rows": objects(*make.rows(12))}, new).status_code == 200
    assert new not in str(Source.objects.filter(pk=made.pk).values().get())


def test_a_signed_call_counts_once_for_five_minutes_and_for_its_very_body(client, sent):
    made, key = sent
    at = int(make.NOW.timestamp())
    body = json.dumps({"rows": objects(("NT77", "Mới", ""))}).encode()
    good = signed(key, body, at)
    assert post(client, body + b" ", page="webhook", **good).status_code == 401
    assert post(client, body, page="webhook", **signed(key, body, at - 301)).status_code == 401
    assert post(client, body, page="webhook", **signed("khoa-khac", body, at)).status_code == 401
    assert post(client, body, page="webhook").status_code == 401
    assert post(client, body, page="webhook", **good).json()["state"] == "published"
    assert post(client, body, page="webhook", **good).status_code == 401, "the same call again"
    assert "NT77" in make.keys_of(made)


@pytest.mark.parametrize(
    "body", [b"{", b"[]", b'{"rows": 1}', b'{"rows": [1]}', b"[" * 5000, b'{"rows": [{"a": "\\u0000"}]}']
)
def test_a_body_that_is_no_rows_is_refused(client, sent, body):
    _made, key = sent
    assert post(client, body, key).status_code in {400, 422, 200}
    at = int(make.NOW.timestamp())
    answer = post(client, body, page="webhook", **signed(key, body, at))
    assert answer.status_code in {422, 200}
    assert len(make.keys_of(sent[0])) == 12
