"""Each family of refusal has one answer, for people and for machines."""

from __future__ import annotations

import json

import pytest
from django.test import RequestFactory

from smarthd.kernel import errors
from smarthd.ui import refusals


class CodeExpired(errors.Invalid):
    """A refusal of a context, for these tests."""


FAMILIES = [(errors.NotAllowed, 403), (errors.NotFound, 404), (errors.Conflict, 409), (errors.Invalid, 422)]


def middleware(refusal):
    def view(request):
        raise refusal

    return refusals.RefusalMiddleware(view)


@pytest.mark.parametrize(("family", "status"), FAMILIES)
def test_a_page_answers_each_family_with_its_status_and_words(family, status):
    request = RequestFactory().get("/trang/")
    answer = middleware(family()).process_exception(request, family())
    assert answer.status_code == status
    assert "<h1>" in answer.content.decode()


@pytest.mark.parametrize(("family", "status"), FAMILIES)
def test_machines_get_the_refusals_name_and_fields(family, status):
    request = RequestFactory().get("/api/v1/x")
    answer = refusals.answer(request, family(fields={"phone": "thiếu số"}))
    assert answer.status_code == status
    error = json.loads(answer.content)["error"]
    assert error["name"] == family.__name__
    assert error["fields"] == {"phone": "thiếu số"}


def test_a_refusal_may_have_words_of_its_own_with_its_facts(monkeypatch):
    monkeypatch.setattr(refusals, "_NAMED", {})
    refusals.say("CodeExpired", "Mã đã hết hạn", "Mã dùng được %(minutes)s phút.")
    words = refusals.words_of(CodeExpired(minutes=5))
    assert (words.title, words.body) == ("Mã đã hết hạn", "Mã dùng được 5 phút.")


def test_an_unexpected_error_goes_on_rising():
    assert middleware(None).process_exception(RequestFactory().get("/"), ZeroDivisionError()) is None


@pytest.mark.parametrize(
    ("view", "status"),
    [(refusals.bad_request, 400), (refusals.forbidden, 403), (refusals.not_found, 404), (refusals.server_error, 500)],
)
def test_djangos_own_errors_look_like_ours(view, status):
    answer = view(RequestFactory().get("/khong-co/"))
    assert answer.status_code == status
    assert f"Mã lỗi {status}" in answer.content.decode()


def test_an_unknown_address_is_answered_in_vietnamese(client):
    answer = client.get("/khong-co-trang-nay/")
    assert answer.status_code == 404
    assert "Không có trang này" in answer.content.decode()


def test_a_form_that_grew_old_is_told_so():
    answer = refusals.csrf_failure(RequestFactory().post("/x/"), reason="cookie")
    assert answer.status_code == 403
    assert "Trang này mở đã lâu" in answer.content.decode()
