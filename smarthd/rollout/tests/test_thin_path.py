"""From an event to the league table."""

from __future__ import annotations

import json
from datetime import date, timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner

from smarthd.places.tests import make as land
from smarthd.rollout import commands, rules, selectors, services
from smarthd.rollout.models import ActivityDay
from smarthd.rollout.tests import make

pytestmark = pytest.mark.django_db


def test_a_person_who_reads_a_notice_moves_their_commune_in_the_table(tmp_path: Path) -> None:
    units = land.small_land(tmp_path)
    services.set_denominators([make.base(units["c0"].id, 10)], actor=make.SYSTEM, now=make.NOW)
    someone = make.person(units["c0"].id, make.TODAY - timedelta(days=2))
    make.use(someone, make.TODAY)
    services.rebuild_rollups(now=make.NOW)
    found = selectors.table("commune", make.TODAY, make.TODAY, actor=make.SYSTEM)
    row = next(row for row in found.rows if row.unit_id == units["c0"].id)
    used = row.values["used_owners"]
    assert (used.numerator, used.denominator, used.ratio) == (1, 10, 0.1)
    assert (used.source, used.source_on) == ("Cục Thống kê", date(2024, 1, 1))
    assert found.total.values["used_owners"].numerator == 1


def test_the_same_batch_twice_in_any_order_makes_the_same_rows(tmp_path: Path) -> None:
    units = land.small_land(tmp_path)
    someone = make.person(units["c1"].id, make.TODAY - timedelta(days=2))
    batch = [
        rules.Activity(make.NOW, rules.ValueAction.READ_NOTICE),
        rules.Activity(make.NOW, rules.ValueAction.DIRECTORY_USED),
        rules.Activity(make.NOW - timedelta(days=1)),
    ]
    services.record_activity(batch, now=make.NOW, account_id=someone)
    once = list(ActivityDay.objects.order_by("day").values_list("day", "atom_id", "launched", "actions"))
    services.record_activity(batch[::-1], now=make.NOW, account_id=someone)
    assert list(ActivityDay.objects.order_by("day").values_list("day", "atom_id", "launched", "actions")) == once
    assert [row[3] for row in once] == [0, 65]


def test_the_command_answers_every_indicator_with_its_parts(tmp_path: Path) -> None:
    units = land.small_land(tmp_path)
    services.set_denominators([make.base(units["c0"].id, 10)], actor=make.SYSTEM, now=make.NOW)
    make.person(units["c0"].id, make.TODAY - timedelta(days=2))
    services.rebuild_rollups(now=make.NOW)
    day = make.TODAY.isoformat()
    for level in ("province", "district", "commune"):
        asked = ["table", "--level", level, "--as-of", day, "--boundaries", day, "--json"]
        done = CliRunner().invoke(commands.group, asked)
        assert done.exit_code == 0, done.output
        answer = json.loads(done.output)
        for row in [*answer["rows"], answer["total"]]:
            for figure in row["values"].values():
                assert {"numerator", "denominator", "source", "date"} <= figure.keys()
        assert answer["total"]["values"]["activated"]["numerator"] == 1
