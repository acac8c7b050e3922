"""Departments' programs send their rows: by key, or by a signed call (webhook). Everything is checked like a clerk's file."""

from __future__ import annotations

import json
from typing import Annotated, Any, Literal

from django.http import HttpRequest
from ninja import Header, Router, Schema
from pydantic import Field, TypeAdapter, ValidationError

from smarthd.connectors.errors import PushRefused
from smarthd.connectors.services import pushing
from smarthd.kernel import clock

router = Router(tags=["datasets"])
MOST_BYTES = 16 << 20


class Rows(Schema):
    """Rows of a dataset: each an object by the headings of its columns. ``whole``: they are all there are; ``part``: they are added
    or replace those of their key, and ``delete`` names keys (lists of their parts) that go."""

    mode: Literal["whole", "part"] = "part"
    rows: Annotated[list[dict[str, Any]], Field(max_length=pushing.MOST_ROWS)]
    delete: Annotated[list[Annotated[list[str], Field(max_length=10)]], Field(max_length=pushing.MOST_ROWS)] = []


class Taken(Schema):
    """What became of them: published, checked (waits for an official), held (with why), unchanged, unmapped, stopped."""

    state: str
    version: int | None
    lines: int
    faulty: int
    words: str


_ROWS: TypeAdapter[Rows] = TypeAdapter(Rows)


def _taken(run: Any) -> Taken:
    return Taken(
        state=str(run.state),
        version=run.counts.get("version"),
        lines=run.counts.get("lines", 0),
        faulty=run.counts.get("faulty", 0),
        words=run.words,
    )


@router.post("/datasets/{key}/rows", response=Taken, summary="Gửi dữ liệu của một nguồn, bằng khóa")
def send_rows(request: HttpRequest, key: str, body: Rows, authorization: Annotated[str, Header()] = "") -> Taken:
    """Take rows in from a program that has the source's key."""
    now = clock.now()
    source = pushing.source_by_key(key[:60], authorization.removeprefix("Bearer ").strip(), now=now)
    run = pushing.take(source, body.rows, whole=body.mode == "whole", delete=body.delete, now=now)
    return _taken(run)


@router.post("/datasets/{key}/webhook", response=Taken, summary="Gửi dữ liệu của một nguồn, có chữ ký HMAC")
def webhook(
    request: HttpRequest,
    key: str,
    x_smarthd_timestamp: Annotated[str, Header()] = "",
    x_smarthd_signature: Annotated[str, Header()] = "",
) -> Taken:
    """Take rows in from a signed call; the same call counts once."""
    now = clock.now()
    if int(request.headers.get("content-length") or 0) > MOST_BYTES:
        raise PushRefused(fields={"body": "Mỗi lần gửi nhiều nhất 16 MB."})
    source = pushing.source_by_signature(
        key[:60], body=request.body, timestamp=x_smarthd_timestamp, signature=x_smarthd_signature, now=now
    )
    try:
        sent = _ROWS.validate_python(json.loads(request.body))
    except (ValueError, RecursionError, ValidationError):
        raise PushRefused(fields={"body": "Thân không phải JSON đúng mẫu."}) from None
    return _taken(pushing.take(source, sent.rows, whole=sent.mode == "whole", delete=sent.delete, now=now))
