"""Old and new addresses: certain where it is certain, one question where a commune was split."""

from __future__ import annotations

import pytest

from smarthd.kernel import clock
from smarthd.places import selectors as places

pytestmark = pytest.mark.django_db


def old_communes():
    first = next(day for day, _ in places.catalogues())
    return places.units_on(first, "commune")


def changes():
    return [
        (old, places.address_change(old.id, clock.today()))
        for old in old_communes()
        if not places.unit_by_uid(old.uid, clock.today()).standing
    ]


def test_suggestions_come_as_one_types(client, province):
    items = client.get("/dia-chi/goi-y/", {"q": "nam sa"}).json()["items"]
    assert any("Nam Sách" in item["label"] for item in items)
    assert all(item["href"].startswith("/dia-chi/") for item in items)
    assert len({(item["label"], item["note"]) for item in items}) == len(items)


def test_an_empty_question_suggests_nothing(client, province):
    assert client.get("/dia-chi/goi-y/").json() == {"items": []}


def test_a_commune_merged_whole_has_one_new_address(client, province):
    old, change = next((old, change) for old, change in changes() if change.answer is not None)
    page = client.get(f"/dia-chi/{old.uid}/").content.decode()
    assert "Địa chỉ mới" in page
    assert change.answer.full_name in page
    assert "Nghị quyết" in page


def test_a_split_commune_asks_one_question_and_each_answer_is_an_address(client, province):
    old, change = next((old, change) for old, change in changes() if len(change.choices) > 1)
    page = client.get(f"/dia-chi/{old.uid}/").content.decode()
    assert "Nhà bà con ở phần nào" in page
    for choice in change.choices:
        assert f"?phan={choice.unit.uid}" in page
        answer = client.get(f"/dia-chi/{old.uid}/", {"phan": str(choice.unit.uid)}).content.decode()
        assert "Địa chỉ mới" in answer
        assert choice.unit.full_name in answer


def test_an_answer_that_is_no_part_is_asked_again(client, province):
    old, _change = next((old, change) for old, change in changes() if len(change.choices) > 1)
    for nonsense in ("abc", str(old.uid)):
        page = client.get(f"/dia-chi/{old.uid}/", {"phan": nonsense})
        assert page.status_code == 200
        assert "Nhà bà con ở phần nào" in page.content.decode()


def test_a_new_commune_names_those_it_was_made_of(client, province):
    today = clock.today()
    new = next(unit for unit in places.units_on(today, "commune") if len(places.predecessors(unit.id, today)) > 1)
    page = client.get(f"/dia-chi/{new.uid}/").content.decode()
    for part in places.predecessors(new.id, today):
        assert part.unit.full_name in page


def test_a_district_that_ended_sends_the_reader_to_the_communes(client, province):
    first = next(day for day, _ in places.catalogues())
    district = places.units_on(first, "district")[0]
    page = client.get(f"/dia-chi/{district.uid}/")
    assert page.status_code == 200
    assert "Chưa rõ nay thuộc đâu" in page.content.decode() or "Nhà bà con ở phần nào" in page.content.decode()


def test_an_unknown_unit_is_not_found(client, province):
    assert client.get("/dia-chi/00000000-0000-4000-8000-000000000000/").status_code == 404


@pytest.mark.parametrize("query", ["%", "'", "<script>", "a" * 200, "hòa", "ＨＯＡ"])
def test_odd_questions_are_answered(client, province, query):
    answer = client.get("/dia-chi/", {"q": query})
    assert answer.status_code == 200
    assert "<script>" not in answer.content.decode()
