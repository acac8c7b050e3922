"""From a clerk's file to the roster: previewed, confirmed once, repeatable, nothing half-saved."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase as HypothesisTestCase

from smarthd.agencies import errors, phones, selectors, services
from smarthd.agencies.events import RosterConfirmed, StaffLeft
from smarthd.agencies.models import RosterImport, RosterImportRow, Staff
from smarthd.agencies.rules import Role
from smarthd.agencies.tests import make
from smarthd.kernel.errors import NotAllowed
from smarthd.kernel.models import AuditEntry

pytestmark = pytest.mark.django_db

AN = (1, "NGUYỄN VĂN AN", "Chủ tịch", "0912.000.001", "", "")
BINH = (2, "Trần Thị Bình", "Phó Chủ tịch", 912000002, "UBND xã Hợp Tiến", "")
CUC = (3, "Lê Thị Cúc", "Công chức", "", "", "")
DUNG = (4, "Phạm Văn Dũng", "Giáo viên", 912000004.0, "Trường Tiểu học Hợp Tiến", "")
LATER = make.NOW + timedelta(days=7)


def outcomes(upload: RosterImport) -> dict[str, int]:
    return {name: count for name, count in upload.counts.items() if count}


def roster(agency_id: int, day: date = make.TODAY) -> list[str]:
    return [person.full_name for person in selectors.roster_on([agency_id], day)]


def test_a_roster_goes_through_preview_and_confirmation() -> None:
    world = make.world()
    clerk = make.officer(world.commune_a, Role.CLERK)
    upload = make.preview(make.workbook([make.HEADINGS, AN, BINH, CUC, DUNG]), world.commune_a, actor=clerk)
    assert outcomes(upload) == {"new": 4}
    assert not Staff.objects.exists(), "a preview changes no roster"
    services.confirm_roster(import_uid=upload.uid, actor=clerk, now=make.NOW)
    assert sorted(roster(world.commune_a)) == ["Lê Thị Cúc", "Nguyễn Văn An", "Trần Thị Bình"]
    assert roster(world.school) == ["Phạm Văn Dũng"]
    assert {
        bytes(index) for index in Staff.objects.exclude(phone_index=None).values_list("phone_index", flat=True)
    } == {phones.index_of(number) for number in ("+84912000001", "+84912000002", "+84912000004")}
    assert AuditEntry.objects.filter(act="agencies.roster_confirmed", account_id=clerk.account_id).count() == 1


def test_telephone_numbers_are_sealed_and_never_kept_in_the_clear() -> None:
    world = make.world()
    make.imported(make.workbook([make.HEADINGS, AN]), world.commune_a)
    person = Staff.objects.get()
    assert person.phone_sealed is not None
    assert phones.unsealed(person.phone_sealed) == "+84912000001"
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM agencies_staff s, agencies_rosterimportrow r "
            "WHERE (s::text || r::text) LIKE '%912000001%'"
        )
        assert cursor.fetchone()[0] == 0


def test_the_same_file_again_changes_nothing() -> None:
    world = make.world()
    raw = make.workbook([make.HEADINGS, AN, BINH, CUC, DUNG])
    make.imported(raw, world.commune_a, complete=True)
    before = list(Staff.objects.order_by("id").values())
    again = make.imported(raw, world.commune_a, complete=True, now=LATER)
    assert outcomes(again) == {"unchanged": 4}
    assert list(Staff.objects.order_by("id").values()) == before


def test_confirming_twice_saves_once() -> None:
    world = make.world()
    upload = make.preview(make.workbook([make.HEADINGS, AN]), world.commune_a)
    for _ in range(2):
        services.confirm_roster(import_uid=upload.uid, actor=make.SYSTEM, now=make.NOW)
    assert Staff.objects.count() == 1
    assert AuditEntry.objects.filter(act="agencies.roster_confirmed").count() == 1


def test_who_is_missing_leaves_only_when_the_list_is_declared_complete(heard: list[object]) -> None:
    world = make.world()
    make.imported(make.workbook([make.HEADINGS, AN, BINH, DUNG]), world.commune_a)
    part = make.imported(make.workbook([make.HEADINGS, AN]), world.commune_a, now=LATER)
    assert outcomes(part) == {"unchanged": 1}
    full = make.imported(make.workbook([make.HEADINGS, AN]), world.commune_a, complete=True, now=LATER)
    assert outcomes(full) == {"unchanged": 1, "left": 1}, "the school is not named in the file: its people stay"
    day = make.TODAY + timedelta(days=7)
    assert roster(world.commune_a, day) == ["Nguyễn Văn An"]
    assert sorted(roster(world.commune_a, day - timedelta(days=1))) == ["Nguyễn Văn An", "Trần Thị Bình"]
    assert roster(world.school, day) == ["Phạm Văn Dũng"]
    gone = Staff.objects.get(full_name="Trần Thị Bình")
    assert (gone.valid_to, gone.left_reason) == (day, "left")
    (left,) = [event for event in heard if isinstance(event, StaffLeft)]
    assert left == StaffLeft(staff_ids=(gone.pk,), agency_id=world.commune_a, left_on=day, at=LATER)


def test_a_person_in_another_agencys_roster_moves_with_history(heard: list[object]) -> None:
    world = make.world()
    make.imported(make.workbook([make.HEADINGS, AN]), world.commune_a)
    moved = make.imported(make.workbook([make.HEADINGS, AN]), world.commune_b, now=LATER)
    assert outcomes(moved) == {"moved": 1}
    old, new = Staff.objects.order_by("id")
    day = make.TODAY + timedelta(days=7)
    assert (old.agency_id, old.valid_to, old.left_reason) == (world.commune_a, day, "moved")
    assert (new.agency_id, new.valid_from, new.previous_id) == (world.commune_b, day, old.pk)
    confirmed = [event for event in heard if isinstance(event, RosterConfirmed)][-1]
    assert set(confirmed.agency_ids) == {world.commune_a, world.commune_b}
    assert outcomes(make.preview(make.workbook([make.HEADINGS, AN]), world.commune_b, now=LATER)) == {"unchanged": 1}


def test_moving_on_the_very_day_of_entry_leaves_an_empty_period() -> None:
    world = make.world()
    make.imported(make.workbook([make.HEADINGS, AN]), world.commune_a)
    make.imported(make.workbook([make.HEADINGS, AN]), world.commune_b)
    assert roster(world.commune_a) == []
    assert roster(world.commune_b) == ["Nguyễn Văn An"]


def test_a_new_number_or_position_of_the_same_person_is_a_change_not_a_new_person() -> None:
    world = make.world()
    make.imported(make.workbook([make.HEADINGS, AN, BINH]), world.commune_a)
    changed = make.workbook(
        [
            make.HEADINGS,
            (1, "Nguyễn Văn An", "Bí thư", "0912000001"),
            (2, "Trần Thị Bình", "Phó Chủ tịch", "0987654321"),
        ]
    )
    upload = make.imported(changed, world.commune_a, complete=True, now=LATER)
    assert outcomes(upload) == {"changed": 2}
    said = {row.full_name: row.messages[0]["text"] for row in RosterImportRow.objects.filter(roster_import=upload)}
    assert said == {"Nguyễn Văn An": "Trước đây ghi “Chủ tịch”", "Trần Thị Bình": "Khác số trong sổ"}
    assert Staff.objects.count() == 2
    assert {phones.unsealed(row.phone_sealed) for row in Staff.objects.all() if row.phone_sealed} == {
        "+84912000001", "+84987654321",
    }  # fmt: skip


def test_a_missing_person_whose_name_stands_in_a_faulty_line_is_kept() -> None:
    world = make.world()
    make.imported(make.workbook([make.HEADINGS, AN, BINH]), world.commune_a)
    mistyped = make.workbook([make.HEADINGS, AN, (2, "Trần Thị Bình", "Phó Chủ tịch", "0912")])
    upload = make.imported(mistyped, world.commune_a, complete=True, now=LATER)
    assert outcomes(upload) == {"unchanged": 1, "faulty": 1}
    assert any("trùng tên với dòng có lỗi" in note for note in upload.notes)


def test_a_preview_is_void_once_a_roster_it_leans_on_changed() -> None:
    world = make.world()
    raw = make.workbook([make.HEADINGS, AN])
    stale = make.preview(raw, world.commune_a)
    make.imported(make.workbook([make.HEADINGS, BINH]), world.commune_a)
    with pytest.raises(errors.RosterChangedSince):
        services.confirm_roster(import_uid=stale.uid, actor=make.SYSTEM, now=make.NOW)
    assert RosterImport.objects.get(uid=stale.uid).status == "previewed"
    assert roster(world.commune_a) == ["Trần Thị Bình"]


def test_two_agencies_entering_one_number_at_once_end_in_a_conflict_not_in_two_rows() -> None:
    world = make.world()
    raw = make.workbook([make.HEADINGS, AN])
    one, other = make.preview(raw, world.commune_a), make.preview(raw, world.commune_b)
    services.confirm_roster(import_uid=one.uid, actor=make.SYSTEM, now=make.NOW)
    with pytest.raises(errors.RosterChangedSince):
        services.confirm_roster(import_uid=other.uid, actor=make.SYSTEM, now=make.NOW)
    assert Staff.objects.count() == 1


@pytest.mark.parametrize("end", ["withdrawn", "expired"])
def test_a_closed_preview_saves_nothing(end: str) -> None:
    world = make.world()
    upload = make.preview(make.workbook([make.HEADINGS, AN]), world.commune_a)
    if end == "withdrawn":
        services.withdraw_roster(import_uid=upload.uid, actor=make.SYSTEM, now=make.NOW)
    else:
        assert services.clear_old_uploads(now=make.NOW + timedelta(days=8)) == 1
    for act in (services.confirm_roster, services.withdraw_roster):
        with pytest.raises(errors.ImportClosed):
            act(import_uid=upload.uid, actor=make.SYSTEM, now=LATER)
    assert not Staff.objects.exists()


def test_files_and_row_copies_are_cleared_after_a_month(django_capture_on_commit_callbacks: object) -> None:
    world = make.world()
    upload = make.imported(make.workbook([make.HEADINGS, AN, (2, "x", "y", "z")]), world.commune_a)
    assert services.faulty_rows_workbook(import_uid=upload.uid, actor=make.SYSTEM)
    with django_capture_on_commit_callbacks(execute=True):  # type: ignore[operator]
        services.clear_old_uploads(now=make.NOW + timedelta(days=31))
    assert not RosterImportRow.objects.exists()
    assert Staff.objects.count() == 1
    with pytest.raises(services.RosterFileCleared):
        services.faulty_rows_workbook(import_uid=upload.uid, actor=make.SYSTEM)


def test_a_roster_of_an_earlier_day_cannot_overtake_a_later_one() -> None:
    world = make.world()
    make.imported(make.workbook([make.HEADINGS, AN]), world.commune_a, now=LATER)
    with pytest.raises(errors.RosterIsNewer):
        make.preview(make.workbook([make.HEADINGS, BINH]), world.commune_a, now=LATER, as_of=make.TODAY)
    with pytest.raises(errors.AsOfOutOfReach):
        make.preview(make.workbook([make.HEADINGS, BINH]), world.commune_a, as_of=make.TODAY + timedelta(days=1))


def test_a_start_day_to_come_enters_and_moves_the_person_on_that_day() -> None:
    world = make.world()
    make.imported(make.workbook([make.HEADINGS, AN]), world.commune_a)
    raw = make.workbook([("Họ tên", "SĐT", "Từ ngày"), ("Nguyễn Văn An", "0912000001", "15/04/2024")])
    make.imported(raw, world.commune_b)
    assert (roster(world.commune_a), roster(world.commune_b)) == (["Nguyễn Văn An"], [])
    day = date(2024, 4, 15)
    assert (roster(world.commune_a, day), roster(world.commune_b, day)) == ([], ["Nguyễn Văn An"])
    assert outcomes(make.preview(raw, world.commune_b)) == {"unchanged": 1}


@pytest.mark.parametrize("role", list(Role))
@pytest.mark.parametrize("where", ["superior", "same", "sibling"])
def test_who_may_import_a_roster(role: Role, where: str) -> None:
    world = make.world()
    at = {"superior": world.district, "same": world.commune_a, "sibling": world.commune_b}[where]
    actor = make.officer(at, role)
    raw = make.workbook([make.HEADINGS, AN])
    if role in {Role.HEAD, Role.DELEGATE, Role.CLERK, Role.ADMINISTRATOR} and where != "sibling":
        assert make.imported(raw, world.commune_a, actor=actor).status == "confirmed"
        return
    with pytest.raises(NotAllowed):
        make.preview(raw, world.commune_a, actor=actor)
    upload = make.preview(raw, world.commune_a)
    for act in (services.confirm_roster, services.withdraw_roster):
        with pytest.raises(NotAllowed):
            act(import_uid=upload.uid, actor=actor, now=make.NOW)
    with pytest.raises(NotAllowed):
        services.faulty_rows_workbook(import_uid=upload.uid, actor=actor)
    assert not Staff.objects.exists()


def test_the_number_of_queries_does_not_grow_with_the_file() -> None:
    world = make.world()

    def queries(size: int, first: int) -> tuple[int, int]:
        rows = [(index, f"Nguyễn Văn {'ABCDEĐGH'[index % 8]}n", "", make.phone(first + index)) for index in range(size)]
        with CaptureQueriesContext(connection) as previewing:
            upload = make.preview(make.workbook([make.HEADINGS, *rows]), world.commune_a)
        with CaptureQueriesContext(connection) as saving:
            services.confirm_roster(import_uid=upload.uid, actor=make.SYSTEM, now=make.NOW)
        assert outcomes(upload) == {"new": size}
        return len(previewing), len(saving)

    assert queries(3, 0) == queries(300, 1000)


SURNAMES = st.sampled_from(["Nguyễn", "TRẦN", "lê"])
PEOPLE = st.lists(
    st.tuples(
        st.just(""),
        st.builds(
            lambda surname, given: f"{surname} {given}", SURNAMES, st.sampled_from(["An", "BÌNH", "Cúc", "Văn Đạt"])
        ),
        st.sampled_from(["", "Chủ tịch", "Công chức"]),
        st.sampled_from(["", "0912", *(make.phone(number) for number in range(6))]),
        st.sampled_from(["", "Trường Tiểu học Hợp Tiến", "xã Hợp Tiến", "UBND xã lạ"]),
    ),
    min_size=1,
    max_size=12,
)


def test_namesakes_without_a_number_are_not_added_to_at_every_import() -> None:
    commune = make.world().commune_a
    make.imported(make.workbook([make.HEADINGS, ("", "Nguyễn An", "", "", "")]), commune)
    raw = make.workbook([make.HEADINGS, ("", "Nguyễn An", "", "", ""), ("", "Nguyễn An", "", "0912000000", "")])
    assert outcomes(make.imported(raw, commune)) == {"unchanged": 1, "new": 1}  # with a number it is somebody else
    assert outcomes(make.imported(raw, commune)) == {"unchanged": 2}
    assert roster(commune) == ["Nguyễn An", "Nguyễn An"]


class TestReimport(HypothesisTestCase):
    """Whatever came before, a file imported twice changes nothing the second time."""

    @settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
    @given(before=PEOPLE, rows=PEOPLE, complete=st.booleans(), days=st.integers(0, 3))
    def test_importing_again_changes_nothing(self, before, rows, complete, days) -> None:  # type: ignore[no-untyped-def]
        world = make.world()
        later = make.NOW + timedelta(days=days)
        make.imported(make.workbook([make.HEADINGS, *before]), world.commune_a)
        raw = make.workbook([make.HEADINGS, *rows])
        make.imported(raw, world.commune_a, complete=complete, now=later)
        saved = list(Staff.objects.order_by("id").values())
        again = make.imported(raw, world.commune_a, complete=complete, now=later)
        assert set(outcomes(again)) <= {"unchanged", "faulty"}
        assert list(Staff.objects.order_by("id").values()) == saved
