from __future__ import annotations

import copy

import pytest
from django.db import IntegrityError, transaction

from smarthd.agencies.rules import Role
from smarthd.content import rules, selectors, services
from smarthd.content.models import Hotline, HotlineNumber
from smarthd.content.tests import make
from smarthd.kernel.errors import NotAllowed
from tests.planting import planted_once

pytestmark = pytest.mark.django_db


_world = planted_once(make.world)


@pytest.fixture
def world(_world: make.World, db: None) -> make.World:
    return copy.deepcopy(_world)


def keep(key: str, *numbers: str, actor: object = make.SYSTEM, **fields: object) -> str:
    return services.upsert_hotline(
        **{  # type: ignore[arg-type]
            "key": key,
            "name": fields.pop("name", key),
            "category": fields.pop("category", rules.HotlineCategory.AUTHORITY),
            "numbers": [("", number) for number in numbers],
            "hours": "24/24 giờ",
            "verified_on": make.TODAY,
            "actor": actor,
            "now": make.NOW,
        }
        | fields
    )


def keys(unit_id: int | None) -> list[str]:
    return [line.key for line in selectors.hotlines_for(unit_id, make.TODAY)]


def test_emergency_comes_first_by_number_then_my_own_commune_then_everyones(world: make.World) -> None:
    keep("dien", "1900 6769", category=rules.HotlineCategory.UTILITIES)
    keep("xa-a", "0220 000 0001", unit_id=world.units["c0"].id)
    keep("xa-b", "0220 000 0002", unit_id=world.units["c1"].id)
    keep("tinh", "1022")
    keep("cap-cuu", "115", category=rules.HotlineCategory.EMERGENCY)
    keep("cong-an", "113", category=rules.HotlineCategory.EMERGENCY)
    assert keys(world.units["c0"].id) == ["cong-an", "cap-cuu", "xa-a", "tinh", "dien"]
    assert keys(None) == ["cong-an", "cap-cuu", "tinh", "dien"]


def test_a_number_of_the_sample_range_marks_the_entry_a_sample(world: make.World) -> None:
    keep("mau", "0220 000 0001")
    keep("that", "113")
    assert {line.key: line.sample for line in selectors.hotlines_for(None, make.TODAY)} == {"mau": True, "that": False}


def test_keeping_an_entry_again_replaces_its_numbers(world: make.World) -> None:
    keep("ubnd", "0220 000 0001", "0220 000 0002")
    keep("ubnd", "0220 000 0003")
    assert list(HotlineNumber.objects.values_list("dial", flat=True)) == ["02200000003"]
    assert Hotline.objects.count() == 1


def test_one_wrong_number_saves_nothing(world: make.World) -> None:
    keep("ubnd", "113")
    with pytest.raises(rules.NotDialable):
        keep("ubnd", "114", "119", name="Tên khác")
    assert Hotline.objects.get().name == "ubnd"
    assert HotlineNumber.objects.get().dial == "113"


def test_an_entry_out_of_use_is_not_shown(world: make.World) -> None:
    keep("cu", "113", active=False)
    assert keys(None) == []


@pytest.mark.parametrize(
    "query", ["trạm y tế", "TRAM Y TE", "tram  yte", "y tế c1", "0220000 0007", "02200000007", "sốt cao"]
)
def test_search_finds_by_name_use_place_and_digits(world: make.World, query: str) -> None:
    keep(
        "tram",
        "0220 000 0007",
        name="Trạm y tế xã",
        category=rules.HotlineCategory.HEALTH,
        unit_id=world.units["c1"].id,
        note="Khi trẻ sốt cao",
    )
    keep("dien", "1900 6769", name="Điện lực", category=rules.HotlineCategory.UTILITIES)
    found = [line.key for line in selectors.search_hotlines(query, make.TODAY)]
    assert found == ([] if query == "tram  yte" else ["tram"])


def test_an_editor_keeps_the_numbers_of_their_own_agency(world: make.World) -> None:
    editor = make.officer(world.commune_a, Role.EDITOR).content_actor
    keep("ubnd", "113", actor=editor, agency_id=world.commune_a)
    with pytest.raises(NotAllowed):
        keep("ubnd", "114", actor=make.officer(world.commune_b, Role.EDITOR).content_actor, agency_id=world.commune_b)
    with pytest.raises(NotAllowed):
        keep("khac", "114", actor=editor, agency_id=world.commune_b)


@pytest.mark.parametrize("dial", ["", "12", "0912 345 678", "tel:113", "1" * 16])
def test_the_database_refuses_what_cannot_be_dialled(world: make.World, dial: str) -> None:
    keep("ubnd", "113")
    with pytest.raises(IntegrityError), transaction.atomic():
        HotlineNumber.objects.update(dial=dial)


def test_a_directory_costs_a_fixed_number_of_queries(world: make.World) -> None:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    def cost() -> int:
        with CaptureQueriesContext(connection) as queries:
            selectors.hotlines_for(world.units["c0"].id, make.TODAY)
        return len(queries)

    keep("a", "113", agency_id=world.commune_a, unit_id=world.units["c0"].id)
    first = cost()
    for number in range(10):
        keep(f"b{number}", f"0220 000 000{number}", agency_id=world.commune_b, unit_id=world.units["c0"].id)
    assert cost() == first
