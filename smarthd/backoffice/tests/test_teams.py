"""Teams at the desk and on the leader's phone: who may do what, and that each page shows what it is for."""

from __future__ import annotations

import copy
import io
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from PIL import Image

from smarthd.agencies import selectors as agencies
from smarthd.agencies.rules import Role
from smarthd.backoffice.tests import make as desk
from smarthd.kernel import clock
from smarthd.people.tests import make as people_make
from smarthd.places import services as place_services
from smarthd.rollout import services as rollout
from smarthd.rollout.models import (
    LessonMaterial,
    Team,
    TeamCode,
    TeamEvent,
    TeamExpense,
    TeamMember,
    TrainingSession,
)
from smarthd.rollout.rules import teams
from smarthd.rollout.rules.airings import Channel
from smarthd.rollout.selectors import scanning, team_results
from smarthd.rollout.services import airings, teams_codes, teams_setup, teams_work
from smarthd.rollout.tests import team_make as make
from tests.planting import planted_once

pytestmark = pytest.mark.django_db

PHONE = (
    "team",
    "team_log",
    "team_disagreements",
    "team_code",
    "team_events",
    "team_results",
    "team_lessons",
    "team_expenses",
)


_world = planted_once(make.world)


@pytest.fixture
def world(_world: make.World, db: None) -> Iterator[make.World]:
    clock.set_now(make.NOW)
    yield copy.deepcopy(_world)
    clock.set_now(None)


def as_role(world: make.World, role: Role) -> Any:
    return desk.signed_in(make.officer(world.agency, role).account_id or 0)


def test_a_commune_sets_a_team_up_from_decision_to_poster(world: make.World) -> None:
    clerk = as_role(world, Role.CLERK)
    uid = agencies.agency_view(world.agency, make.TODAY).uid
    answer = clerk.post(
        reverse("backoffice:team_new", kwargs={"agency": uid}),
        {"name": "Tổ thôn Hạ", "decision_number": "15/QĐ-UBND", "decision_on": "2026-11-20"},
    )
    team = Team.objects.get(name="Tổ thôn Hạ")
    assert answer["location"] == reverse("backoffice:team_detail", kwargs={"uid": team.uid})

    def act(name: str, **body: object) -> int:
        return clerk.post(reverse("backoffice:team_act", kwargs={"uid": team.uid, "act": name}), body).status_code

    assert act("thanh-vien", full_name="Vũ Văn Hạ", phone="0912 999 001", position="Trưởng thôn") == 302
    assert act("thanh-vien", full_name="Trùng số", phone="0912999001") == 422
    assert act("thanh-vien", full_name="Sai số", phone="12") == 422
    assert act("dia-ban", fresh="Thôn Hạ\nThôn Trung") == 302
    assert act("dia-ban", villages=[str(world.villages[0])]) == 422
    member = TeamMember.objects.get(team=team)
    assert act("ma", member=str(member.uid), valid_until="2027-01-31") == 302
    assert act("ma", member="", valid_until="2029-01-31") == 422
    assert act("su-kien", kind="market", place="Chợ Hạ", on="2026-11-29", begins="06:00", ends="10:00") == 302
    assert clerk.post(reverse("backoffice:team_member", kwargs={"uid": member.uid}), {"leader": "1"}).status_code == 302
    page = clerk.get(reverse("backoffice:team_detail", kwargs={"uid": team.uid})).content.decode()
    for words in ("Vũ Văn Hạ", "Thôn Trung", "Chợ Hạ", "tổ trưởng", "15/QĐ-UBND"):
        assert words in page
    poster = clerk.get(reverse("backoffice:team_poster", kwargs={"uid": TeamCode.objects.get(team=team).uid}))
    assert poster.content.startswith(b"%PDF")


@pytest.mark.parametrize("role", list(Role))
def test_each_role_at_the_commune_may_do_its_part_and_no_more(world: make.World, role: Role) -> None:
    client = as_role(world, role)
    sees = role in {Role.HEAD, Role.DELEGATE, Role.CLERK, Role.ADMINISTRATOR, Role.AUDITOR}
    sets = role in {Role.HEAD, Role.DELEGATE, Role.CLERK}
    detail = reverse("backoffice:team_detail", kwargs={"uid": world.team.uid})
    assert client.get(detail).status_code == (200 if sees else 404)
    joined = client.post(
        reverse("backoffice:team_act", kwargs={"uid": world.team.uid, "act": "thanh-vien"}),
        {"full_name": "Người mới", "phone": "0912 999 002"},
    )
    assert joined.status_code == (302 if sets else 403 if sees else 404)
    code = make.code(world)
    revoked = client.post(reverse("backoffice:team_code_revoke", kwargs={"uid": code.uid}))
    assert revoked.status_code == (302 if sets else 403 if sees else 404)


@pytest.mark.parametrize("role", list(Role))
def test_teams_lessons_and_expenses_open_for_the_roles_they_are_for(world: make.World, role: Role) -> None:
    from smarthd.agencies import selectors as agencies

    client = as_role(world, role)
    uid = agencies.agency_view(world.agency, make.TODAY).uid
    sees = role in {Role.HEAD, Role.DELEGATE, Role.CLERK, Role.ADMINISTRATOR, Role.AUDITOR}
    sets = role in {Role.HEAD, Role.DELEGATE, Role.CLERK}
    listed = client.get(reverse("backoffice:teams"))
    assert listed.status_code == (200 if sees else 404)
    assert (world.team.name in listed.content.decode()) is sees

    lesson = reverse("backoffice:team_lesson", kwargs={"agency": uid})
    told = {"title": "Cài ứng dụng", "on": "2026-11-20", "begins": "19:00", "minutes": "90", "materials": "Tờ rơi"}
    assert client.get(lesson).status_code == (200 if sets else 404)
    assert client.post(lesson, told).status_code == (302 if sets else 404)
    assert TrainingSession.objects.filter(title="Cài ứng dụng").exists() is sets
    if sets:
        assert client.post(lesson, told | {"minutes": "2"}).status_code == 422

    leader = desk.signed_in(world.leader.account_id or 0)
    leader.post(reverse("backoffice:team_expenses"), {"kind": "travel", "amount": "50.000", "spent_on": "2026-11-24"})
    expense = TeamExpense.objects.get()
    address = reverse("backoffice:team_expense_decide", kwargs={"uid": expense.uid})
    decides = role in {Role.HEAD, Role.DELEGATE}
    assert client.post(address, {"yes": "1"}).status_code == (302 if decides else 403 if sees else 404)
    expense.refresh_from_db()
    assert (expense.decided_at is not None) is decides


def test_an_event_is_called_off_by_the_leader_only(world: make.World) -> None:
    leader = desk.signed_in(world.leader.account_id or 0)
    member = desk.signed_in(world.member.account_id or 0, second_factor=False)
    told = {"kind": "meeting", "place": "Nhà văn hóa", "on": "2026-11-25", "begins": "19:00", "ends": "21:00"}
    leader.post(reverse("backoffice:team_events"), told)
    event = TeamEvent.objects.get()
    address = reverse("backoffice:team_event_cancel", kwargs={"uid": event.uid})
    assert member.post(address).status_code == 403
    assert as_role(world, Role.HEAD).post(address).status_code == 404
    assert leader.post(address).status_code == 302
    event.refresh_from_db()
    assert event.cancelled_at is not None


def test_another_communes_officials_do_not_find_the_team(world: make.World) -> None:
    from smarthd.agencies import services as agencies
    from smarthd.agencies.rules import Kind

    other = agencies.found_agency(
        agencies.NewAgency(kind=Kind.COMMUNE_COMMITTEE, name="Ủy ban nhân dân xã c1", code="ubnd-101"),
        valid_from=make.START,
    ).pk
    client = desk.signed_in(make.officer(other, Role.HEAD).account_id or 0)
    assert client.get(reverse("backoffice:team_detail", kwargs={"uid": world.team.uid})).status_code == 404


def test_the_leader_and_the_members_open_every_page_of_the_phone(world: make.World) -> None:
    make.send(world, make.visit(world, household="Số 7"))
    make.send(world, make.visit(world, household="Số 7"), device=make.DEVICES[1], actor=world.member_actor)
    make.code(world)
    leader = desk.signed_in(world.leader.account_id or 0)
    member = desk.signed_in(world.member.account_id or 0, second_factor=False)
    for page in PHONE:
        address = reverse(f"backoffice:{page}")
        answer = leader.get(address)
        assert answer.status_code == 200, page
        assert "no-store" in answer["cache-control"]
        assert member.get(address).status_code == 200, page
        without = desk.signed_in(world.leader.account_id or 0, second_factor=False).get(address)
        assert without["location"].startswith(reverse("backoffice:second_factor")), page
        assert as_role(world, Role.CLERK).get(address).status_code == 404, page
    assert "Chỉ giữ lần này" in leader.get(reverse("backoffice:team_disagreements")).content.decode()
    assert "Chỉ giữ lần này" not in member.get(reverse("backoffice:team_disagreements")).content.decode()


def test_the_kept_shell_holds_nothing_of_the_reader_or_the_team(world: make.World) -> None:
    pages = {
        desk.signed_in(account or 0).get(reverse("backoffice:team_log")).content
        for account in (world.leader.account_id, world.member.account_id)
    }
    assert len(pages) == 1
    page = pages.pop().decode()
    for secret in ("Phạm Văn Tổ", "An Xá", world.team.code, "csrf"):
        assert secret not in page


def test_a_leader_declares_an_event_and_takes_a_code_and_notes_an_expense(world: make.World) -> None:
    leader = desk.signed_in(world.leader.account_id or 0)
    assert leader.post(reverse("backoffice:team_code")).status_code == 302
    assert "Tải áp phích" in leader.get(reverse("backoffice:team_code")).content.decode()
    told = {"kind": "meeting", "place": "Nhà văn hóa", "on": "2026-11-25", "begins": "19:00", "ends": "21:00"}
    assert leader.post(reverse("backoffice:team_events"), told).status_code == 302
    assert leader.post(reverse("backoffice:team_events"), told | {"on": "2026-11-20"}).status_code == 422
    spent = {"kind": "travel", "amount": "50.000", "spent_on": "2026-11-24"}
    assert leader.post(reverse("backoffice:team_expenses"), spent).status_code == 302
    assert "50.000" in leader.get(reverse("backoffice:team_expenses")).content.decode()


# --- what a commune keeps of its teams' work -------------------------------------------------------------------------
def sent(name: str, content: bytes) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content)


def picture() -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (40, 30), (12, 79, 91)).save(out, "PNG")
    return out.getvalue()


def held(world: make.World, *files: SimpleUploadedFile, role: Role = Role.CLERK) -> Any:
    uid = agencies.agency_view(world.agency, make.TODAY).uid
    told = {
        "title": "Cài ứng dụng cho người cao tuổi", "on": "2026-11-20", "begins": "14:00", "minutes": "90",
        "attendees": [str(world.leader.uid)], "handed_out": list(files),
    }  # fmt: skip
    return as_role(world, role).post(reverse("backoffice:team_lesson", kwargs={"agency": uid}), told)


def test_a_lessons_files_reach_the_members_and_nobody_elsewhere(
    world: make.World, settings: Any, tmp_path: Path
) -> None:
    settings.MEDIA_ROOT = tmp_path
    assert held(world, sent("Tờ rơi.pdf", b"%PDF-1.7 " + bytes(40)), sent("anh.png", picture())).status_code == 302
    files = {row.name: row for row in LessonMaterial.objects.all()}
    assert set(files) == {"Tờ rơi.pdf", "anh.png"}
    member = desk.signed_in(world.member.account_id or 0, second_factor=False)
    assert "Tờ rơi.pdf" in member.get(reverse("backoffice:team_lessons")).content.decode()
    address = reverse("backoffice:team_material", kwargs={"uid": files["Tờ rơi.pdf"].uid})
    answer = member.get(address)
    assert (answer.status_code, answer["content-type"]) == (200, "application/pdf")
    assert answer["content-disposition"].startswith("attachment")
    assert answer.getvalue().startswith(b"%PDF")
    assert as_role(world, Role.AUDITOR).get(address).getvalue().startswith(b"%PDF")
    stranger = desk.signed_in(people_make.account().pk, second_factor=False)
    assert stranger.get(address).status_code == 404


@pytest.mark.parametrize(
    ("files", "said"),
    [
        ([("virus.pdf", b"MZ" + bytes(50))], "không phải tệp PDF hay ảnh"),
        ([(f"{number}.pdf", b"%PDF-" + bytes([number])) for number in range(6)], "nhiều nhất 5 tệp"),
    ],
)
def test_a_lesson_with_a_wrong_file_is_not_half_kept(
    world: make.World, settings: Any, tmp_path: Path, files: list[tuple[str, bytes]], said: str
) -> None:
    settings.MEDIA_ROOT = tmp_path
    answer = held(world, *(sent(name, content) for name, content in files))
    assert answer.status_code == 422
    page = answer.content.decode()
    assert said in page
    assert "Cài ứng dụng cho người cao tuổi" in page
    assert not TrainingSession.objects.exists()


def test_reach_is_measured_against_the_households_the_commune_counted(world: make.World) -> None:
    make.send(world, make.visit(world, household="Số 7"))
    clerk = as_role(world, Role.CLERK)
    address = reverse("backoffice:team_act", kwargs={"uid": world.team.uid, "act": "so-ho"})
    told = {f"ho-{world.villages[0]}": "80", "source": "danh sách hộ của trưởng thôn", "as_of": "2026-11-20"}
    assert clerk.post(address, told).status_code == 302
    assert (
        team_results.results_of([world.team.pk], make.START, make.TODAY).reach is None
    )  # the other village is uncounted
    assert clerk.post(address, told | {f"ho-{world.villages[1]}": "120"}).status_code == 302
    found = team_results.results_of([world.team.pk], make.START, make.TODAY)
    assert (found.households_base, found.reach) == (200, 1 / 200)
    assert (
        clerk.post(address, told | {f"ho-{world.villages[0]}": "90"}).status_code == 302
    )  # counted anew: superseded, not added
    assert team_results.results_of([world.team.pk], make.START, make.TODAY).households_base == 210
    page = desk.signed_in(world.leader.account_id or 0).get(reverse("backoffice:team")).content.decode()
    assert "1/210" in page
    for wrong in ({"as_of": "2026-12-24"}, {"source": ""}, {f"ho-{world.villages[0]}": "0"}):
        assert clerk.post(address, told | wrong).status_code == 422
    assert as_role(world, Role.AUDITOR).post(address, told).status_code == 403


def test_the_list_of_teams_names_villages_nobody_covers(world: make.World) -> None:
    bare = place_services.add_village(world.commune, "Thôn Vắng", make.TODAY, actor=make.SYSTEM, now=make.NOW)
    page = as_role(world, Role.CLERK).get(reverse("backoffice:teams")).content.decode()
    assert "Thôn Vắng" in page
    assert world.team.name in page
    teams_setup.cover_villages(world.team.uid, [*world.villages, bare], on=make.TODAY, actor=make.SYSTEM, now=make.NOW)
    assert "chưa có tổ phụ trách" not in as_role(world, Role.CLERK).get(reverse("backoffice:teams")).content.decode()


@pytest.mark.parametrize(
    ("role", "status"), [(Role.HEAD, 302), (Role.DELEGATE, 302), (Role.CLERK, 403), (Role.AUDITOR, 403)]
)
def test_an_expense_is_approved_by_the_head_or_delegate(world: make.World, role: Role, status: int) -> None:
    expense = teams_work.note_expense(
        kind=teams.ExpenseKind.PRINT,
        spent_on=make.TODAY,
        amount=85_000,
        note="",
        actor=world.leader_actor,
        now=make.NOW,
    )
    answer = as_role(world, role).post(
        reverse("backoffice:team_expense_decide", kwargs={"uid": expense.uid}), {"yes": "1"}
    )
    assert answer.status_code == status
    expense.refresh_from_db()
    assert (expense.state == teams.ExpenseState.APPROVED) is (status == 302)


def test_an_event_is_called_off_by_the_leader_and_not_by_a_member(world: make.World) -> None:
    event = teams_work.declare_event(
        world.team.uid, kind=teams.EventKind.MARKET, place="Chợ Mát", starts_at=make.NOW + timedelta(days=1),
        ends_at=make.NOW + timedelta(days=1, hours=3), actor=world.leader_actor, now=make.NOW,
    )  # fmt: skip
    address = reverse("backoffice:team_event_cancel", kwargs={"uid": event.uid})
    assert desk.signed_in(world.member.account_id or 0, second_factor=False).post(address).status_code == 403
    assert desk.signed_in(world.leader.account_id or 0).post(address).status_code == 302
    event.refresh_from_db()
    assert event.cancelled_at is not None


@pytest.mark.parametrize(
    ("kind", "words", "carries"),
    [
        ("good", "được ghi nhận đã giúp một người", True),
        ("typed", "được ghi nhận đã giúp một người", True),
        ("expired", "Mã này đã hết hạn", False),
        ("revoked", "Mã này không còn dùng nữa", False),
        ("forged", "không phải của tổ công nghệ số", False),
    ],
)
def test_a_scanned_code_is_greeted_in_one_sentence_and_never_bars_the_way(
    world: make.World, client: Any, kind: str, words: str, carries: bool
) -> None:
    code = make.code(world)
    text = scanning.written(code)
    if kind == "typed":
        text = world.team.code
    elif kind == "expired":
        clock.set_now(make.NOW + timedelta(days=200))
    elif kind == "revoked":
        teams_codes.revoke_code(code.uid, actor=make.SYSTEM, now=make.NOW)
    elif kind == "forged":
        text = text[:-1] + ("2" if text[-1] != "2" else "3")
    page = client.get(f"/m/{text}/").content.decode()
    assert words in page
    assert (f"/cai-dat-ung-dung/?to={text}" in page) is carries
    assert "/cai-dat-ung-dung/" in page


def test_a_code_heard_on_the_loudspeaker_is_typed_and_greeted_by_its_channel(world: make.World, client: Any) -> None:
    rollout.open_campaign(
        "order-1", title="Cài đặt và sử dụng", opens_on=make.START, deadline_at=make.NOW + timedelta(days=30), cut_offs=[], actor=make.SYSTEM,
        now=make.NOW,
    )  # fmt: skip
    given = airings.give_general_code(
        "order-1", agency_id=world.agency, channel=Channel.COMMUNE_RADIO, actor=make.SYSTEM, now=make.NOW
    )
    assert "Nhập mã" in client.get("/m/").content.decode()
    answer = client.get("/m/", {"ma": given.lower().replace("-", " ")})
    assert answer["Location"] == f"/m/{given}/"
    page = client.get(answer["Location"]).content.decode()
    assert "đài truyền thanh cấp xã" in page
    assert f"/cai-dat-ung-dung/?to={given}" in page
    invented = client.get("/m/K-TT-ZZZZZZ/").content.decode()
    assert "không phải của tổ công nghệ số" in invented
    assert "?to=" not in invented


@pytest.mark.parametrize("typed", ["", "mã của tổ", "<b>"])
def test_what_cannot_be_a_code_is_said_beside_the_field(world: make.World, client: Any, typed: str) -> None:
    answer = client.get("/m/", {"ma": typed})
    assert answer.status_code == 422
    assert "field-error" in answer.content.decode()


def test_the_code_goes_along_into_the_installed_app(world: make.World, client: Any) -> None:
    text = scanning.written(make.code(world))
    assert f"/manifest.webmanifest?to={text}" in client.get(f"/cai-dat-ung-dung/?to={text}").content.decode()
    assert client.get(f"/manifest.webmanifest?to={text}").json()["start_url"].endswith(f"&to={text}")
    assert "to=" not in client.get('/manifest.webmanifest?to="><script>').json()["start_url"]


def test_a_member_helps_under_a_signed_code_of_their_own(world: make.World) -> None:
    code = make.code(world, member=world.member)
    page = desk.signed_in(world.member.account_id or 0).get(reverse("citizen:assist")).content.decode()
    from smarthd.rollout.rules import team_codes

    assert team_codes.printed(scanning.written(code)) in page
