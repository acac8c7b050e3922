"""Whatever stands in an address, the desk answers in words; it never breaks."""

from __future__ import annotations

import base64
import json
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from smarthd.agencies.rules import Role
from smarthd.backoffice import league, urls
from smarthd.backoffice.tests import make

ACTIONS = {"remind", "exemption_request", "exemption_decide", "roster_confirm", "roster_withdraw", "report_check"}
ACTIONS |= {"report_sign", "role_revoke"}
PAGES = sorted({str(pattern.name) for pattern in urls.urlpatterns} - ACTIONS)
KEYS = (
    "cap",
    "ngay",
    "dia-gioi",
    "chien-dich",
    "xep",
    "loc",
    "cot",
    "q",
    "loai",
    "day-hang",
    "ket-qua",
    "cursor",
    "viec",
)
KEYS += ("doi-tuong", "next", "x\0y", "uid")


def cursor(keys: object) -> str:
    return base64.urlsafe_b64encode(json.dumps(keys).encode()).decode().rstrip("=")


NASTY = (
    "\0",
    "31/02/2024",
    "0001-01-01",
    "9999-12-31",
    "9" * 400,
    "-1",
    "²",
    "<script>alert(1)</script>",
    "%' OR 1=1 --",
    "\u202e\u0000🎉",
    "x" * 10_000,
    "../../etc/passwd",
    "//evil.example/",
    "%(level)s",
    "{{ 7*7 }}",
    base64.urlsafe_b64encode(b"[" * 6000).decode(),
    *(
        cursor(keys)
        for keys in ([], ["a"], ["\0"], [True], [None], [1, 2], [10**30], [-(2**63)], {"a": 1}, [1.5], [[1]])
    ),
)
GOOD = (
    "commune",
    "district",
    "agency",
    "2024-04-15",
    "2025-07-01",
    "2019-11-30",
    "-activated",
    "ten",
    "thu",
    "faulty",
    "school",
)
VALUES = st.one_of(
    st.sampled_from(NASTY),
    st.sampled_from((*GOOD, *(key for key, _words in league.FILTERS))),
    st.text(st.characters(blacklist_categories=("Cs",)), max_size=30),
    st.dates().map(str),
    st.integers().map(str),
)


def opened(client: Client, desk: make.Desk, view: str, address: Any) -> None:
    """Open a page; a fault of ours would rise. What is refused is refused on a page, with words."""
    with make.undone():
        answer = client.get(reverse(f"backoffice:{view}", kwargs=desk.address_parts(view)), address)
        answer.getvalue()
    takes_posts_only = answer.status_code == 405 and view in make.told_elsewhere()
    assert takes_posts_only or answer.status_code in {200, 302, 403, 404, 422}, f"{view}?{address}"
    if answer.status_code == 302:
        assert answer["location"].startswith("/"), "never away from here"
        assert not answer["location"].startswith("//")
    elif answer["content-type"].startswith("text/html") and not answer.streaming and not takes_posts_only:
        page = answer.content.decode()
        assert "<h1" in page
        assert "<script>alert" not in page


@pytest.fixture
def everyone(desk: make.Desk) -> Client:
    """Someone for whom every page opens."""
    return make.signed_in(make.official(desk.at, Role.HEAD, Role.ADMINISTRATOR))


@pytest.mark.slow
@pytest.mark.parametrize("view", PAGES)
def test_no_nasty_value_in_any_key_breaks_a_page(desk, everyone, view):
    for at in range(0, len(NASTY), 5):
        opened(everyone, desk, view, {key: NASTY[(at + place) % len(NASTY)] for place, key in enumerate(KEYS)})


@settings(max_examples=50, deadline=None, suppress_health_check=list(HealthCheck))
@given(view=st.sampled_from(PAGES), address=st.lists(st.tuples(st.sampled_from(KEYS), VALUES), max_size=8))
def test_no_address_at_all_breaks_a_page(desk, everyone, view, address):
    spoken: dict[str, list[str]] = {}
    for key, value in address:
        spoken.setdefault(key, []).append(value)
    opened(everyone, desk, view, spoken)


@pytest.mark.parametrize(
    "path",
    [
        "don-vi/x/",
        "bao-cao/------------------------------------/tep.docx",
        "toan-tinh/bang.exe",
        "don-vi/%00/",
        "bao-cao/1/tep.docx",
    ],
)
def test_an_address_that_is_none_is_not_found(everyone, path):
    assert everyone.get(f"/can-bo/{path}").status_code == 404


def test_a_cursor_that_is_not_ours_is_refused_in_words(desk, everyone):
    ours = cursor([-(2**63) + 1])
    for view in ("audit", "roster"):
        address = reverse(f"backoffice:{view}", kwargs=desk.address_parts(view))
        for broken in NASTY:
            answer = everyone.get(address, {"cursor": broken})
            assert answer.status_code == 422, f"{view}?cursor={broken[:40]}"
            assert "Có chỗ chưa đúng" in answer.content.decode()
        assert everyone.get(address, {"cursor": ours}).status_code == 200
