"""Airings through the services: planned, aired, proven, counted by the code people came with."""

from __future__ import annotations

import copy
import io
from datetime import timedelta
from typing import Any

import pytest
from PIL import Image

from smarthd.agencies.rules import Role
from smarthd.agencies.tests import make as agencies_make
from smarthd.kernel import events, files
from smarthd.kernel.errors import NotAllowed, NotFound
from smarthd.kernel.moves import IllegalMove
from smarthd.kernel.pictures import NotAPicture
from smarthd.people import services as people
from smarthd.people.tests import make as people_make
from smarthd.rollout import errors
from smarthd.rollout import services as rollout
from smarthd.rollout.models import Airing, AiringProof, ChannelCode, CitizenDay, Participant, Team, TeamCredit
from smarthd.rollout.rules.airings import Channel, State
from smarthd.rollout.selectors import airings as reading
from smarthd.rollout.selectors import channel_codes, yields
from smarthd.rollout.services import airings
from smarthd.rollout.services.airings import NewAiring
from smarthd.rollout.tests import make, troubles
from tests.planting import planted_once

pytestmark = pytest.mark.django_db
TOMORROW = troubles.later(days=1)


_here = planted_once(lambda _folder: troubles.province())


@pytest.fixture
def here(_here: troubles.Province, db: None) -> troubles.Province:
    return copy.deepcopy(_here)


@pytest.fixture(autouse=True)
def _files(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


def planned(here, *, actor=None, now=troubles.NOW, **other: Any) -> Airing:
    given: dict[str, Any] = {
        "agency_id": here.world.commune_a,
        "channel": Channel.COMMUNE_RADIO,
        "title": "Hướng dẫn cài ứng dụng",
        "planned_at": TOMORROW,
    }
    [made] = airings.plan_airings(
        troubles.CAMPAIGN, [NewAiring(**{**given, **other})], actor=actor or here.clerk_a, now=now
    )
    return made


def aired(here, **other: Any) -> Airing:
    made = planned(here, **other)
    return airings.mark_aired(made.uid, aired_at=TOMORROW, actor=troubles.SYSTEM, now=TOMORROW + timedelta(hours=1))


def photo(*, exif: bool = False) -> io.BytesIO:
    out, picture = io.BytesIO(), Image.new("RGB", (64, 48), (10, 90, 120))
    tags = Image.Exif()
    if exif:
        tags[0x0110] = "Điện thoại của bà Hòa"
        tags[0x8825] = {1: "N", 2: (20.0, 56.0, 0.0)}
    picture.save(out, "JPEG", exif=tags)
    out.seek(0)
    return out


ACTS = {
    "aired": lambda row, actor: airings.mark_aired(row.uid, aired_at=TOMORROW, actor=actor, now=TOMORROW),
    "missed": lambda row, actor: airings.mark_missed(row.uid, reason="Mất điện", actor=actor, now=TOMORROW),
    "cancelled": lambda row, actor: airings.cancel_airing(row.uid, reason="Trùng lịch", actor=actor, now=troubles.NOW),
    "moved": lambda row, actor: airings.reschedule_airing(
        row.uid, planned_at=TOMORROW + timedelta(hours=3), actor=actor, now=troubles.NOW
    ),
}
MAY = {
    "aired": {"clerk_a", "head_a"},
    "missed": {"clerk_a", "head_a"},
    "cancelled": {"clerk_a", "head_a", "district", "leader"},
    "moved": {"clerk_a", "head_a", "district", "leader"},
}


@pytest.mark.parametrize("who", ["clerk_a", "head_a", "clerk_b", "district", "department", "leader", "auditor"])
@pytest.mark.parametrize("act", list(ACTS))
def test_each_act_is_open_to_its_people_and_no_others(here, act, who):
    row, actor = planned(here), getattr(here, who)
    if who in MAY[act]:
        assert ACTS[act](row, actor)
        return
    with pytest.raises((NotFound, NotAllowed)) as refused:
        ACTS[act](row, actor)
    assert isinstance(refused.value, NotFound) is (who in {"clerk_b", "department"})


def test_an_editor_airs_for_their_own_agency(here):
    editor = agencies_make.officer(here.world.commune_a, Role.EDITOR)
    assert ACTS["aired"](planned(here, actor=editor), editor).state == State.AIRED


def test_nobody_plans_for_a_neighbour(here):
    with pytest.raises(NotAllowed):
        planned(here, actor=here.clerk_b)


def test_planned_twice_is_one_with_one_code_of_its_own(here):
    first, again = planned(here), planned(here)
    assert first.pk == again.pk
    assert [row.code[:5] for row in ChannelCode.objects.all()] == ["K-TT-"]


def test_a_board_has_one_code_for_the_campaign(here):
    asked = {
        "agency_id": here.world.commune_a,
        "channel": Channel.PUBLIC_BOARD,
        "actor": here.clerk_a,
        "now": troubles.NOW,
    }
    code = airings.give_general_code(troubles.CAMPAIGN, **asked)
    assert code == airings.give_general_code(troubles.CAMPAIGN, **asked)
    assert code.startswith("K-BT-")


def test_nothing_is_aired_or_missed_before_its_time_nor_cancelled_after_it(here):
    row = planned(here)
    with pytest.raises(errors.NotYetTime):
        airings.mark_aired(row.uid, aired_at=TOMORROW, actor=here.clerk_a, now=troubles.NOW)
    with pytest.raises(errors.NotYetTime):
        airings.mark_missed(row.uid, reason="Mất điện", actor=here.clerk_a, now=troubles.NOW)
    with pytest.raises(errors.TimeOver):
        airings.cancel_airing(row.uid, reason="Không kịp", actor=here.clerk_a, now=TOMORROW)
    with pytest.raises(errors.TimeOver):
        airings.reschedule_airing(row.uid, planned_at=troubles.NOW, actor=here.clerk_a, now=troubles.NOW)


def test_proof_is_taken_of_what_was_aired_only(here):
    with pytest.raises(IllegalMove):
        airings.attach_link(planned(here).uid, url="https://a.example/1", note="", actor=here.clerk_a, now=TOMORROW)


def test_a_photo_keeps_its_pixels_and_nothing_of_the_telephone(here):
    row = aired(here)
    proof = airings.attach_photo(row.uid, photo=photo(exif=True), note="Loa", actor=here.clerk_a, now=TOMORROW)
    kept = files.kept_path(proof.sha256).read_bytes()
    assert "Hòa".encode() not in kept
    assert not Image.open(io.BytesIO(kept)).getexif()
    row.refresh_from_db()
    assert row.state == State.PROVEN


def test_the_same_photo_twice_is_one_proof_and_seven_are_too_many(here):
    row = aired(here)
    for _ in range(2):
        airings.attach_photo(row.uid, photo=photo(), note="", actor=here.clerk_a, now=TOMORROW)
    assert AiringProof.objects.count() == 1
    for number in range(5):
        airings.attach_link(row.uid, url=f"https://a.example/{number}", note="", actor=here.clerk_a, now=TOMORROW)
    with pytest.raises(errors.EnoughProof):
        airings.attach_link(row.uid, url="https://a.example/more", note="", actor=here.clerk_a, now=TOMORROW)


@pytest.mark.parametrize("raw", [b"MZ executable", b"<html>", b"%PDF-1.4"])
def test_other_files_are_no_proof(here, raw):
    row = aired(here)
    with pytest.raises(errors.NotASound):
        airings.attach_audio(row.uid, audio=io.BytesIO(raw), note="", actor=here.clerk_a, now=TOMORROW)
    with pytest.raises(NotAPicture):
        airings.attach_photo(row.uid, photo=io.BytesIO(raw), note="", actor=here.clerk_a, now=TOMORROW)
    assert not AiringProof.objects.exists()


@pytest.mark.parametrize(
    "url", ["javascript:alert(1)", "ftp://a.example", "a.example/1", "https://", "https://x" + "y" * 500]
)
def test_only_a_full_address_is_a_link(here, url):
    with pytest.raises(errors.AiringFaulty):
        airings.attach_link(aired(here).uid, url=url, note="", actor=here.clerk_a, now=TOMORROW)


def test_a_recording_is_handed_out_as_what_we_found_it_to_be(here):
    row = aired(here)
    proof = airings.attach_audio(
        row.uid, audio=io.BytesIO(b"OggS" + bytes(100)), note="", actor=here.clerk_a, now=TOMORROW
    )
    path, kind, name = reading.proof_for(here.district, proof.uid)
    assert (path.read_bytes()[:4], kind, name.rpartition(".")[2]) == (b"OggS", "audio/ogg", "ogg")
    with pytest.raises(errors.AiringUnknown):
        reading.proof_for(here.clerk_b, proof.uid)


def bring(code: str, count: int) -> None:
    for _ in range(count):
        make.person(None, troubles.NOW.date(), team_code=code)


def test_persons_who_came_with_a_code_are_counted_once_and_few_are_hidden_from_others(here):
    row = aired(here)
    code = row.code_row.code
    bring(code, 4)
    assert reading.airing_for(here.clerk_a, row.uid, now=TOMORROW).row.activations == 4
    seen = reading.airing_for(here.district, row.uid, now=TOMORROW).row
    assert (seen.activations, seen.hidden) == (None, True)
    bring(code, 8)
    assert reading.airing_for(here.district, row.uid, now=TOMORROW).row.activations == 12


def test_a_channels_code_is_no_help_of_a_team(here):
    bring(aired(here).code_row.code, 3)
    team = Team.objects.create(  # this test's communes have no ground, and a team is set up on one
        code="7Q2M4X", agency_id=here.world.commune_a, name="Tổ một", decision_number="1/QĐ-UBND", decision_on=troubles.NOW.date(),
        valid_from=troubles.NOW.date(), made_at=troubles.NOW,
    )  # fmt: skip
    bring(team.code, 2)
    rollout.rebuild_rollups(now=troubles.later(days=2))
    last = CitizenDay.objects.order_by("-day").first()
    assert last is not None
    assert (last.activated, last.assisted) == (5, 2)


@pytest.mark.parametrize("typed", ["{code}", " {code} ", "{loose}"])
def test_a_code_heard_or_scanned_is_kept_at_the_first_opening_and_an_invented_one_is_not(here, typed):
    code = aired(here).code_row.code
    made = [carried(typed.format(code=code, loose=code.lower().replace("-", " "))), carried("K-TT-ZZZZZZ")]
    kept = dict(Participant.objects.filter(pk__in=made).values_list("account_id", "team_code"))
    assert kept == {made[0]: code, made[1]: ""}
    assert channel_codes.activations([code]) == {code: 1}
    assert not TeamCredit.objects.exists()


def carried(text: str) -> int:
    """A new person opens the installed app carrying a code, and signs in on it."""
    install = people_make.install(team_code=text, now=TOMORROW)
    account = people_make.account(now=TOMORROW)
    people.bind_install(account.pk, install_uid=install, now=TOMORROW)
    events.deliver_owed()
    return account.pk


def test_yields_add_up_by_channel_and_hide_small_units_from_others(here):
    one, other = (
        aired(here, cost=1_200_000),
        aired(here, agency_id=here.world.commune_b, actor=here.clerk_b, channel=Channel.LEAFLET),
    )
    bring(one.code_row.code, 12)
    bring(other.code_row.code, 3)
    airings.attach_link(one.uid, url="https://a.example/1", note="", actor=here.clerk_a, now=TOMORROW)
    found = yields.yields(here.district, now=TOMORROW, campaign=troubles.CAMPAIGN)
    by_channel = {line.key: line for line in found.channels}
    assert (by_channel["commune_radio"].activations, by_channel["leaflet"].activations) == (12, 3)
    assert by_channel["commune_radio"].unit_cost.each == 100_000
    assert by_channel["commune_radio"].coverage.ratio == 1.0
    assert all(line.hidden for line in found.units)  # the small one, and the other that would betray it
    own = yields.yields(here.clerk_b, now=TOMORROW, campaign=troubles.CAMPAIGN)
    assert [(line.activations, line.hidden) for line in own.units] == [(3, False)]
    assert (found.with_code, found.activated) == (15, 15)


def test_the_plan_is_filtered_counted_and_costs_the_same_queries(here, django_assert_max_num_queries):
    for number in range(15):
        planned(here, planned_at=TOMORROW + timedelta(days=number))
    reading.plan(here.district, reading.Query(), now=TOMORROW)
    with django_assert_max_num_queries(6):
        found = reading.plan(
            here.district, reading.Query(campaign=troubles.CAMPAIGN), now=TOMORROW + timedelta(days=3, hours=1)
        )
    assert (found.count, found.unmarked, found.coverage.waiting, found.coverage.ratio) == (15, 4, 11, 0.0)
    week = reading.Query(first=TOMORROW.date(), last=TOMORROW.date() + timedelta(days=6))
    assert reading.plan(here.district, week, now=TOMORROW).count == 7
    assert reading.plan(here.clerk_b, reading.Query(), now=TOMORROW).count == 0
    assert reading.plan(here.district, reading.Query(words="hop tien"), now=TOMORROW).count == 15


def test_a_code_told_apart_by_the_database_too(here):
    from django.db import IntegrityError, transaction

    row = planned(here)
    with pytest.raises(IntegrityError), transaction.atomic():
        ChannelCode.objects.filter(airing=row).update(code="TO10615")
